"""The application: one sitting, its screens, and an end that quotes no transcript."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, ClassVar

from textual import events
from textual.dom import DOMNode
from textual.geometry import Size

from qualcode.errors import QualcodeError
from qualcode.session.sitting import Sitting, refused
from qualcode.session.tour import Tour
from qualcode.session.watching import Watch
from qualcode.tui.ahead import TypedAhead
from qualcode.tui.colours import Depth, Palette
from qualcode.tui.screens.frame import Frame
from qualcode.tui.screens.reading import Reading


class CodingApp(TypedAhead):
    """`qualcode code`. Everything runs in one thread: the database's connection belongs to it."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    CSS_PATH = "look.tcss"
    TITLE = "qualcode"
    BINDINGS: ClassVar[list[Any]] = []

    def __init__(
        self, sitting: Sitting, *, depth: Depth | None = None, dark: bool | None = None, tour: Tour | None = None
    ) -> None:
        found = depth or depth_here()
        self.palette = Palette(found, dark_here() if dark is None else dark)
        super().__init__(ansi_color=found != "full")
        self.sitting = sitting
        self.shelf = Watch(sitting)
        self.tour = tour
        self.broken: Exception | None = None

    def on_mount(self) -> None:
        """Begin to read."""
        self._dress()
        self.push_screen(Reading(self.sitting, self.palette))

    def show_lesson(self) -> None:
        """Show what to try now, where somebody reads."""
        for screen in self.screen_stack:
            if isinstance(screen, Reading):
                screen.show_lesson()

    def _dress(self) -> None:
        ours = self.palette.depth == "full"
        dark = "dark" if self.palette.dark else "light"
        self.theme = f"textual-{dark}" if ours else f"ansi-{dark}"

    def turn_light(self) -> None:
        """From dark to light, or back; every screen draws itself anew."""
        self.palette.become(self.palette.depth, not self.palette.dark)
        self._dress()
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()
            if isinstance(screen, Frame):
                screen.redraw()

    def fit(self) -> None:
        """Take the terminal's size where word of it was lost: a signal that came while a screen was closing was."""
        found = self.terminal_size()
        if found is not None and found != (self.screen.size.width, self.screen.size.height):
            self.post_message(events.Resize(Size(*found), Size(*found)))

    def terminal_size(self) -> tuple[int, int] | None:
        """Columns and lines of the terminal, or None where there is none."""
        try:
            return None if self.is_headless else tuple(os.get_terminal_size(sys.__stdout__.fileno()))  # type: ignore
        except (OSError, ValueError, AttributeError):
            return None

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        """As Textual does; a refusal of ours is said in the status line, whatever key it came from."""
        try:
            if self.tour is not None and self.tour.did(action_name):
                self.show_lesson()
            return await super()._dispatch_action(namespace, action_name, params)
        except QualcodeError as error:
            if isinstance(self.screen, Frame):
                self.screen.say(refused(error), bad=True)
            return True

    async def action_quit(self) -> None:
        """Ctrl-Q leaves like `q`, from anywhere."""
        with suppress(QualcodeError):
            self.sitting.leave()
        self.exit(0)

    def _handle_exception(self, error: Exception) -> None:
        """End without Textual's traceback: its frames show local values, and these are somebody's interview."""
        self._return_code = 70
        if self._exception is None:
            self._exception = self.broken = error
            self._exception_event.set()
        self._close_messages_no_wait()


def depth_here() -> Depth:
    """How many colours there are. Textual reads and removes ``NO_COLOR``, so this is asked first."""
    from rich.console import Console

    if "NO_COLOR" in os.environ:
        return "none"
    return "full" if Console().color_system in ("256", "truecolor") else "sixteen"


def dark_here() -> bool:
    """Whether the terminal's ground is dark, as far as it says so (``COLORFGBG``)."""
    ground = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return ground not in ("7", "15")


def run(sitting: Sitting, tour: Tour | None = None) -> int:
    """Show the sitting until the coder leaves; an unforeseen error is raised after the screen is given back."""
    app = CodingApp(sitting, tour=tour)
    app.run()
    if app.broken is not None:
        raise app.broken
    return app.return_value or 0
