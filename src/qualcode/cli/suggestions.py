"""``suggest`` and ``suggestions …``: the machine proposes with a score and a reason; a person decides."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from qualcode.cli import choice, completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import UsageError

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Suggestions: ids, or their first characters")]
Unit = Literal["turn", "answer", "sentence", "paragraph"]
Shown = Literal["pending", "accepted", "rejected", "corrected", "skipped", "all"]


def suggest(
    request: Request,
    with_: Annotated[str, typer.Option("--with", metavar="NAME", help="Suggester: see `qualcode plugins`")] = "cues",
    codes: choice.Codes = None,
    source: choice.Sources = None,
    unit: Annotated[Unit | None, typer.Option(help="How sources are cut (else turns and answers)")] = None,
    top: Annotated[int | None, typer.Option(metavar="K", help="At most K a unit, over all codes")] = None,
) -> None:
    """Propose codes for what is not coded yet. Nothing is a coding until a person accepts it.

    Replaces what is pending and keeps what was decided. Unit: turns of interviews, answers of questionnaires.
    """
    from qualcode.cli import pages
    from qualcode.store import Project
    from qualcode.workflow import suggesting

    asked = suggesting.Request(with_, choice.words(codes), tuple(source or ()), unit, top)
    with Project.open(request.folder()) as project:
        done = suggesting.suggest(project, asked)
    shape = {
        "pending": done.pending,
        "units": done.units,
        "suggester": done.suggester,
        "codes": [{"code": path, "pending": n} for path, n in done.by_code],
        "notices": list(done.notices),
    }
    rows = [(path, n) for path, n in done.by_code if n]
    title = f"{pages.counted(done.pending, 'suggestion')} by {done.suggester} over {done.units} units"
    terminal.answer(
        request, lambda: shape, lambda: pages.page(title, pages.table(("code", "pending"), rows, right=("pending",)))
    )
    for notice in done.notices:
        terminal.tell(request, notice)


def list_(
    request: Request,
    source: choice.Sources = None,
    code: choice.Codes = None,
    decision: Annotated[Shown, typer.Option(help="Which ones")] = "pending",
) -> None:
    """List suggestions with score and reason; by default those that wait for a decision."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project
    from qualcode.workflow import suggesting

    with Project.open(request.folder()) as project:
        found = suggesting.listed(
            project,
            sources=tuple(source or ()),
            codes=choice.words(code),
            decision=None if decision == "all" else decision,
        )
    terminal.answer(request, lambda: [shapes.suggestion(s) for s in found], lambda: pages.suggestions(found))


def accept(
    request: Request,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID…", help="Suggestions: ids, or their first characters")
    ] = None,
    code: Annotated[
        str | None, typer.Option(metavar="C", help="All of this code …", autocompletion=completion.codes)
    ] = None,
    min_score: Annotated[float | None, typer.Option(metavar="P", help="… with at least this score")] = None,
    round: Annotated[int | None, typer.Option(metavar="N", help="Round of coding (else the setting)")] = None,
) -> None:
    """Make suggestions your codings: by id, or all of one code above a score that you name."""
    from qualcode.cli import pages, shapes
    from qualcode.cli.coding import session
    from qualcode.store import Project
    from qualcode.workflow import suggesting

    if bool(ids) == bool(code or min_score is not None):
        raise UsageError("accept by id, or by --code with --min-score", "see `qualcode suggestions accept --help`")
    if not ids and (code is None or min_score is None):
        raise UsageError("accepting many needs a code and a score", "give both --code and --min-score")
    with Project.open(request.folder()) as project:
        if ids:
            chosen = suggesting.pending(project, ids)
        else:
            found = suggesting.listed(project, codes=choice.words(code))
            chosen = tuple(s for s in found if min_score is not None and s.score >= min_score)
        made = session(request, project, round).accept(chosen) if chosen else ()
    terminal.answer(request, lambda: [shapes.coding(c) for c in made], lambda: pages.codings(made, "accepted"))


def correct(
    request: Request,
    ids: Ids,
    code: Annotated[str, typer.Option(metavar="C", help="The code it should be", autocompletion=completion.codes)],
    round: Annotated[int | None, typer.Option(metavar="N", help="Round of coding (else the setting)")] = None,
) -> None:
    """Accept the place of suggestions, but under another code."""
    from qualcode.cli import pages, shapes
    from qualcode.cli.coding import session
    from qualcode.store import Project
    from qualcode.workflow import suggesting

    with Project.open(request.folder()) as project:
        made = session(request, project, round).accept(suggesting.pending(project, ids), code=code)
    terminal.answer(request, lambda: [shapes.coding(c) for c in made], lambda: pages.codings(made, "corrected"))


def reject(request: Request, ids: Ids) -> None:
    """Reject suggestions; they are kept as rejected and not proposed again."""
    from qualcode.cli import pages, shapes
    from qualcode.cli.coding import session
    from qualcode.store import Project
    from qualcode.workflow import suggesting

    with Project.open(request.folder()) as project:
        chosen = suggesting.pending(project, ids)
        session(request, project).reject(chosen)
        gone = {s.id for s in chosen}
        done = [s for s in suggesting.listed(project, decision=None) if s.id in gone]
    terminal.answer(request, lambda: [shapes.suggestion(s) for s in done], lambda: pages.suggestions(done))
