"""``doctor``, ``backup``, ``restore``: is all as it should be, and copies for the day it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import terminal
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus

if TYPE_CHECKING:
    from qualcode.report import Report
    from qualcode.store import Check


def doctor(request: Request) -> ExitStatus | None:
    """Check the project: database, log, texts, spans, files, place and backups. Warnings keep it ok.

    Exit status 1 when an error is found.
    """
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        found = project.examine()
    healthy = all(check.ok for check in found if check.severity == "error")
    shape = {
        "ok": healthy,
        "checks": [{"name": c.name, "ok": c.ok, "severity": c.severity, "detail": c.detail} for c in found],
    }
    terminal.answer(request, lambda: shape, lambda: _page(found, healthy))
    return None if healthy else ExitStatus.FINDINGS


def _page(found: tuple[Check, ...], healthy: bool) -> Report:
    from qualcode.cli import pages

    rows = [(check.name, "ok" if check.ok else check.severity, check.detail) for check in found]
    title = "all is well" if healthy else "something is wrong: restore a backup, or ask for help with this list"
    return pages.page(title, pages.table(("check", "", "what was found"), rows))


def backup(
    request: Request,
    list_: Annotated[bool, typer.Option("--list", help="List the backups, newest first")] = False,
) -> None:
    """Copy the database into `backups/`, checked; old ones are thinned out by days, weeks and months."""
    from qualcode.cli import pages
    from qualcode.store import Project
    from qualcode.workflow import safekeeping

    folder = request.folder(lost=list_)
    if not list_:
        with Project.open(folder) as project:
            made = project.backup()
        terminal.answer(request, lambda: {"written": str(made)}, lambda: pages.said(f"backup: {made}"))
        return
    found = safekeeping.listed(folder)
    rows = [(path.name, size) for path, size in found]
    shape = [{"name": name, "bytes": size} for name, size in rows]
    terminal.answer(
        request,
        lambda: shape,
        lambda: pages.page(
            pages.counted(len(rows), "backup"), pages.table(("backup", "bytes"), rows, right=("bytes",))
        ),
    )


def restore(
    request: Request,
    name: Annotated[str, typer.Argument(metavar="BACKUP", help="A backup's name, its beginning, or a file")],
) -> None:
    """Put a backup in the place of the database. What it replaces is set aside, never overwritten."""
    from qualcode.cli import pages
    from qualcode.workflow import safekeeping

    chosen, aside = safekeeping.restore(request.folder(lost=True), name)
    shape = {"restored": str(chosen), "set_aside": str(aside) if aside else None}
    lines = [f"restored: {chosen.name}", *([f"set aside: {aside}"] if aside else [])]
    terminal.answer(request, lambda: shape, lambda: pages.said(*lines))
