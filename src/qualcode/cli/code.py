"""``code``: the terminal interface for reading and coding."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from qualcode.cli import completion
from qualcode.cli.request import Request
from qualcode.errors import UsageError

FPS = "1000"  # screens a second at most: Textual waits for the next of 60 otherwise, up to 16 ms after a key


def code(
    request: Request,
    source: Annotated[
        str | None,
        typer.Argument(metavar="SOURCE", help="Id, name or unique beginning", autocompletion=completion.sources),
    ] = None,
    round: Annotated[int | None, typer.Option(metavar="N", help="Round of coding (else the setting)")] = None,
    tour: Annotated[
        bool, typer.Option("--tour", help="A lesson of five minutes on a copy of the example study, thrown away after")
    ] = False,
) -> None:
    """Read and code at the keyboard: read, select, code, memo, review, undo. `?` shows every key.

    Opens where you stopped, or the source you name. Every act is saved at once.
    """
    _need_a_screen()
    os.environ.setdefault("TEXTUAL_FPS", FPS)
    if tour:
        _give_tour()
        return
    from qualcode.cli.coding import session
    from qualcode.session.sitting import Sitting
    from qualcode.store import Project
    from qualcode.tui.app import run

    settings = request.settings()
    with Project.open(request.folder()) as project:
        sitting = Sitting(session(request, project, round), blind=settings.blind, suggestions=settings.suggest_when)
        sitting.begin(source)
        run(sitting)


def _give_tour() -> None:
    """The lesson, on the interview of the example study that nobody has coded."""
    from qualcode.session import Session
    from qualcode.session.sitting import Sitting
    from qualcode.session.tour import Tour
    from qualcode.store import Project
    from qualcode.tui.app import run
    from qualcode.workflow import projects

    with tempfile.TemporaryDirectory(prefix="qualcode-tour-") as place:
        folder = Path(place) / "study"
        projects.start(folder, example=True)
        with Project.open(folder) as project:
            sitting = Sitting(Session(project, "you"))
            sitting.begin("interview-6")
            run(sitting, Tour())


def _need_a_screen() -> None:
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on the last
    if not all(stream.isatty() for stream in streams) or os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError(
            "`qualcode code` needs a terminal with a screen", "use `qualcode show` and `qualcode coding add` here"
        )
