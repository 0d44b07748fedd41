"""``revise``: take in a corrected transcript, and see what becomes of every coding."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from qualcode.report import Report
    from qualcode.workflow.revising import Outcome, Revised


def revise(
    request: Request,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The source", autocompletion=completion.sources)],
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The corrected transcript")] = None,
    turn: Annotated[int | None, typer.Option(metavar="N", help="Or: the turn to correct …")] = None,
    text: Annotated[str | None, typer.Option(metavar="T", help="… and its whole new text")] = None,
    format: Annotated[str | None, typer.Option(metavar="F", help="Read FILE as this format")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="E", help="Encoding of FILE")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would become of the codings")] = False,
) -> None:
    """Take in a corrected transcript, or one corrected turn.

    Every coding is carried along and said to be exact, edited, to review (probably moved) or orphaned; none is
    deleted. Work off what is to review with `coding resize` and `coding remove`. `undo` restores text and codings.
    """
    from qualcode.readers import ReadOptions
    from qualcode.store import Project
    from qualcode.workflow import revising

    by_turn = turn is not None and text is not None
    if by_turn == (file is not None) or (turn is None) != (text is None):
        raise UsageError("give the corrected file, or --turn with --text", "see `qualcode revise --help`")
    with Project.open(request.folder()) as project:
        coder = request.coder_or_none()
        if file is not None:
            options = ReadOptions(format=format, encoding=encoding)
            done = revising.revise_from_file(project, source, file, coder=coder, options=options, dry_run=dry_run)
        else:
            assert turn is not None
            assert text is not None
            done = revising.revise_turn(project, source, turn, text, coder=coder, dry_run=dry_run)
    terminal.answer(request, lambda: _shape(done), lambda: _page(done))


def _shape(done: Revised) -> dict[str, object]:
    return {
        "source": done.old.id,
        "source_name": done.old.name,
        "applied": done.applied,
        "chars": len(done.new.text),
        "turns": len(done.new.turns),
        **done.counts,
        "strangers": list(done.strangers),
        "codings": [_outcome(each) for each in done.outcomes],
    }


def _outcome(each: Outcome) -> dict[str, object]:
    span = each.carried.span
    return {
        "id": each.coding.id,
        "code": each.coding.code,
        "coder": each.coding.coder,
        "anchor": each.carried.anchor,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "before": each.before,
        "quote": each.after,
    }


def _page(done: Revised) -> Report:
    from qualcode.cli import pages
    from qualcode.report import Note

    counts = done.counts
    verb = "revised" if done.applied else "would be revised"
    said = ", ".join(f"{n} {anchor}" for anchor, n in counts.items())
    rows = [
        (
            o.coding.id[:8],
            o.carried.anchor,
            o.coding.code,
            o.coding.coder,
            pages.short(o.before, 44),
            pages.short(o.after or "", 44),
        )
        for o in done.outcomes
        if o.carried.anchor != "exact"
    ]
    columns = ("id", "anchor", "code", "coder", "before", "now")
    blocks = (pages.table(columns, rows),) if rows else ()
    told = f"no case: {', '.join(done.strangers)}; if participants, `qualcode speakers {done.old.name} case NAME CASE`"
    notes = (Note(told),) if done.strangers else ()
    return pages.page(f"{done.old.name} {verb}; codings: {said}", *blocks, *notes)
