"""``merge``, ``resolve``, ``handout``: work together without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import UsageError
from qualcode.escaping import typed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.report import Report, Table
    from qualcode.store import Conflict
    from qualcode.store.crossings import Crossing
    from qualcode.workflow.teamwork import Received


def merge(
    request: Request,
    other: Annotated[
        Path | None, typer.Argument(metavar="OTHER", help="A project folder, its qualcode.db, or a hand-out")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come, and change nothing")] = False,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="List what two people changed apart")] = False,
) -> None:
    """Take in a team-mate's work. Nothing is lost, nothing comes twice, and the order of merges does not matter.

    What both changed is listed with both versions, and settled by `resolve`. `undo` takes a merge back whole.
    """
    from qualcode.store import Project
    from qualcode.workflow import teamwork

    if (other is None) != conflicts:
        raise UsageError("name the other project, or --conflicts", "see `qualcode merge --help`")
    with Project.open(request.folder()) as project:
        if other is None:
            found = project.conflicts()
            terminal.answer(request, lambda: [conflict(each) for each in found], lambda: _conflict_page(found))
            return
        done = teamwork.merge(project, other, dry_run=dry_run)
    terminal.answer(request, lambda: _shape(done, dry_run), lambda: _page(done, dry_run))


def _shape(done: Received, dry_run: bool) -> dict[str, object]:
    merged = done.merged
    return {
        "new_acts": merged.new_acts,
        "sources": merged.sources,
        "codings": merged.codings,
        "memos": merged.memos,
        "conflicts": [conflict(each) for each in done.conflicts],
        "cases": merged.cases,
        "forks": list(merged.forks),
        "given_up": [{"code": each.path, "into": each.into, "codings": each.codings} for each in merged.crossings],
        "unrelated": merged.unrelated,
        "notices": [str(notice) for notice in done.notices],
        "dry_run": dry_run,
    }


def _page(done: Received, dry_run: bool) -> Report:
    from qualcode.cli import pages
    from qualcode.report import Note, Paragraph

    merged = done.merged
    verb = "would come in" if dry_run else "came in"
    counts = ((merged.sources, "source"), (merged.cases, "case"), (merged.codings, "coding"), (merged.memos, "memo"))
    told = ", ".join(pages.counted(n, noun) for n, noun in counts)
    said = f"{pages.counted(merged.new_acts, 'new act')} {verb}: {told} more"
    notes = (
        [Note("an old copy of one of the projects was restored and both went on; both sides are kept")]
        if merged.forks
        else []
    )
    notes += [Note(_given_up(each)) for each in merged.crossings]
    if merged.unrelated:
        way = "leave it" if dry_run else "`qualcode undo` takes it out again"
        notes.append(
            Note(f"the two projects have nothing in common, no source and no act; if that is another study, {way}")
        )
    notes += [Note(f"{notice.where} {notice.message}") for notice in done.notices]
    tables = [_conflict_table(done.conflicts)] if done.conflicts else []
    return pages.page("", Paragraph(said), *tables, *notes)


def _given_up(crossed: Crossing) -> str:
    """A code that one retired or merged while the other coded with it."""
    from qualcode.cli import pages

    told = f"{crossed.path} was {'merged into ' + crossed.into if crossed.into else 'retired'} in one copy"
    told += f" while the other made or changed {pages.counted(crossed.codings, 'coding')} with it"
    way = "they show there now" if crossed.into else f"they stay: `qualcode coding list --where code:{crossed.path}`"
    return f"{told}; {way}"


def conflict(value: Conflict) -> dict[str, object]:
    """A conflict as JSON."""
    return {
        "id": value.id,
        "kind": value.kind,
        "what": value.what,
        "sides": [
            {"side": n, "coder": side.coder, "at": side.at, "text": side.text} for n, side in enumerate(value.sides, 1)
        ],
    }


def _conflict_table(found: Iterable[Conflict]) -> Table:
    from qualcode.cli import pages

    rows = [
        (each.id, each.kind, each.what, n, side.coder or "", pages.short(side.text))
        for each in found
        for n, side in enumerate(each.sides, 1)
    ]
    return pages.table(("conflict", "about", "name", "side", "coder", "version"), rows, right=("side",))


def _conflict_page(found: tuple[Conflict, ...]) -> Report:
    from qualcode.cli import pages

    return pages.page(pages.counted(len(found), "conflict"), _conflict_table(found))


def resolve(
    request: Request,
    conflict_id: Annotated[str, typer.Argument(metavar="CONFLICT", help="A conflict from `merge --conflicts`")],
    side: Annotated[int, typer.Option(metavar="N", help="Which version holds, counted from 1")],
) -> None:
    """Settle a conflict: one version holds, the others stay in the history."""
    from qualcode.cli import pages
    from qualcode.store import Project
    from qualcode.workflow import teamwork

    with Project.open(request.folder()) as project:
        done = teamwork.resolve(project, conflict_id, side, coder=request.coder_or_none())
    shape = {**conflict(done), "holds": side}
    terminal.answer(request, lambda: shape, lambda: pages.said(f"settled: {done.kind} {done.what}, side {side} holds"))


def handout(
    request: Request,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="The co-coder")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The package, such as ben.qualcode")],
    source: Annotated[
        list[str] | None, typer.Option(metavar="S", help="Only this source", autocompletion=completion.sources)
    ] = None,
    sampled: Annotated[bool, typer.Option("--sampled", help="Only what `qualcode sample` drew for them")] = False,
) -> None:
    """Write a blind package for a co-coder in one file: texts and codebooks, nobody's codings, memos or suggestions.

    The co-coder starts with `qualcode init DIR --handout FILE`; you take the work in with `qualcode merge DIR`.
    """
    from qualcode.cli import pages
    from qualcode.store import Project
    from qualcode.workflow import teamwork

    if sampled and source:
        raise UsageError("--sampled and --source exclude each other", "give one of them")
    with Project.open(request.folder()) as project:
        done = teamwork.hand_out(project, to, out, source or (), sampled=sampled)
    shape = {"written": str(out), "to": to, "sources": list(done.sources), "notes": list(done.notes)}
    lines = [
        f"written: {out}, {pages.counted(len(done.sources), 'source')} for {to}",
        f"{to} starts with: qualcode init DIR --handout {typed(out.name)} --coder {typed(to)}",
        *done.notes,
    ]
    terminal.answer(request, lambda: shape, lambda: pages.said(*lines))
