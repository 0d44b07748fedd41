"""``code``: the terminal interface for reading and coding."""

from __future__ import annotations

import os
import sys
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
) -> None:
    """Read and code at the keyboard: read, select, code, memo, review, undo. `?` shows every key.

    Opens where you stopped, or the source you name. Every act is saved at once.
    """
    _need_a_screen()
    os.environ.setdefault("TEXTUAL_FPS", FPS)
    from qualcode.cli.coding import session
    from qualcode.session.sitting import Sitting
    from qualcode.store import Project
    from qualcode.tui.app import run

    settings, coder = request.settings(), request.acting_coder()
    with Project.open(request.folder()) as project:
        sitting = Sitting(session(request, project, round), blind=settings.blind, suggestions=settings.suggest_when)
        assert sitting.coder == coder
        sitting.begin(source)
        run(sitting)


def _need_a_screen() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError(
            "`qualcode code` needs a terminal with a screen", "use `qualcode show` and `qualcode coding add` here"
        )
