"""``history``, ``undo``, ``redo``, ``milestone``: who did what and when, and back again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import terminal
from qualcode.cli.request import Request

if TYPE_CHECKING:
    from qualcode.report import Report
    from qualcode.store.history import Entry
    from qualcode.workflow.teamwork import Turned

NAMES = 3  # that a line of the history gives
Act = Annotated[str | None, typer.Argument(metavar="ACT", help="An act from `history` (else the last of yours)")]


def history(
    request: Request,
    limit: Annotated[int | None, typer.Option(metavar="N", help="Only the newest N")] = None,
) -> None:
    """List every act: when, who, what, from which suggestion, and whether it was undone."""
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        found = project.history(limit)
    terminal.answer(request, lambda: [shape(entry) for entry in found], lambda: _page(found))


def undo(request: Request, act: Act = None) -> None:
    """Take back your last command on this machine – a merge included –, or the act you name; `redo` brings it back.

    Refused when work of others stands on it. It survives a restart, and the history keeps both. The import of a folder
    is one command; its acts can also be named one by one.
    """
    from qualcode.cli import pages
    from qualcode.store import Project
    from qualcode.workflow import teamwork

    with Project.open(request.folder()) as project:
        done = teamwork.undo(project, request.coder_or_none(), act)
    if done.merge:
        line = f"the merge was taken back: {pages.counted(done.merge, 'act')}; `qualcode redo merge` brings it again"
        terminal.answer(request, lambda: {"merge_taken_back": done.merge}, lambda: pages.said(line))
        return
    terminal.answer(request, lambda: _turned(done), lambda: _turned_page(done, "undone"))


def redo(request: Request, act: Act = None) -> None:
    """Bring back what the last undo took, or the undone act you name; `redo merge` brings back a merge."""
    from qualcode.cli import pages
    from qualcode.store import Project
    from qualcode.workflow import teamwork

    with Project.open(request.folder()) as project:
        done = teamwork.redo(project, request.coder_or_none(), act)
    if done.merge:
        line = f"the merge is here again: {pages.counted(done.merge, 'act')}"
        terminal.answer(request, lambda: {"merge_brought_back": done.merge}, lambda: pages.said(line))
        return
    terminal.answer(request, lambda: _turned(done), lambda: _turned_page(done, "done again"))


def milestone(
    request: Request,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="What to call the present state (else list)")
    ] = None,
) -> None:
    """Name the present state, so that reports can be rebuilt `--as-of` it; without a name, list the milestones."""
    from qualcode.cli import pages
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        if name is not None:
            project.milestone(name, request.coder_or_none())
        known = project.milestones()
    rows = [{"name": key, "at": at} for key, at in known.items()]
    terminal.answer(
        request,
        lambda: rows,
        lambda: pages.page(
            "Milestones", pages.table(("milestone", "set at (UTC)"), [(r["name"], r["at"]) for r in rows])
        ),
    )


def shape(entry: Entry) -> dict[str, object]:
    """An act as JSON."""
    return {
        "id": entry.id,
        "at": entry.at,
        "coder": entry.coder,
        "command": entry.command,
        "changes": [{"what": what, "n": n} for what, n in entry.changes],
        "about": list(entry.about),
        "suggestions": list(entry.suggestions),
        "undone": entry.undone,
        "replica": entry.replica,
    }


def _turned(done: Turned) -> list[dict[str, object]]:
    """The acts as JSON; each says what the whole command put out of sight (negative: back in sight)."""
    return [{**shape(entry), "out_of_sight": dict(done.sight)} for entry in done.acts]


def _turned_page(done: Turned, verb: str) -> Report:
    from qualcode.report import Note
    from qualcode.workflow import teamwork

    report = _page(done.acts, verb)
    notes = [*teamwork.told(done.sight), *(f"{notice.where} {notice.message}" for notice in done.notices)]
    return replace(report, blocks=(*report.blocks, *(Note(said) for said in notes)))


def _what(entry: Entry) -> str:
    """What an act did, and to what: the first few names."""
    counts = ", ".join(f"{n} {words}" for words, n in entry.changes)
    more = f" and {len(entry.about) - NAMES} more" if len(entry.about) > NAMES else ""
    return f"{counts}: {', '.join(entry.about[:NAMES])}{more}" if entry.about else counts


def _page(found: tuple[Entry, ...], done: str = "") -> Report:
    from qualcode.cli import pages

    rows = [
        (
            entry.id[:8],
            entry.at[:19].replace("T", " "),
            entry.coder or "",
            entry.command,
            _what(entry),
            "undone" if entry.undone and not done else "",
        )
        for entry in found
    ]
    columns = ("act", "at (UTC)", "coder", "command", "what", "state")
    return pages.page(f"{pages.counted(len(rows), 'act')} {done}".rstrip(), pages.table(columns, rows))
