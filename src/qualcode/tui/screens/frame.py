"""What every working screen has: keys from the table, a status line that says what was saved, and the way out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.screen import Screen

from qualcode.errors import QualcodeError
from qualcode.session.sitting import Sitting, refused
from qualcode.tui import keys
from qualcode.tui.colours import Palette
from qualcode.tui.widgets.bars import Bar, keys_line
from qualcode.tui.wrapping import cells

if TYPE_CHECKING:
    from qualcode.tui.app import CodingApp


WAITING = [("key", "code with it"), ("Enter", "pick by name"), ("1…9", "recent"), ("Esc", "no code")]
AROUND = 2.0  # seconds between two looks at what others have written


def bindings(scope: str) -> list[BindingType]:
    """Textual's bindings for a screen, made of the table."""
    return [Binding(",".join(a.keys), a.name, a.does, show=False) for a in keys.of(scope)]


class Frame(Screen[None]):
    """A working screen. `SCOPE` says which rows of the table are its keys."""

    SCOPE = "all"
    AUTO_FOCUS = None
    BLANK = True  # nothing of the screen itself is ever seen

    def __init__(self, sitting: Sitting, palette: Palette) -> None:
        super().__init__()
        self.sitting = sitting
        self.palette = palette
        self._said = ("", False)
        self._lent = False

    def bars(self) -> tuple[Bar, Bar]:
        """Status line and keys, for the bottom of the screen."""
        return Bar(self.palette, id="status"), Bar(self.palette, id="keys", bar=True)

    @property
    def coding_app(self) -> CodingApp:
        """The application."""
        return cast("CodingApp", self.app)

    def say(self, line: str, *, bad: bool = False) -> None:
        """Show a line in the status bar; what is saved stands out.

        A refusal too long for it lends the line of keys for its way out, until something else is said.
        """
        self._said = (line, bad)
        what, _, way_out = line.partition(" — ")
        if bad and way_out and cells(line) >= self.app.size.width:
            self.query_one("#keys", Bar).say([(f" {way_out}", self.palette.bar)])
            self._lent, line = True, what
        elif self._lent:
            self._lent = False
            self.show_keys()
        style = self.palette.refused if bad else self.palette.text
        pieces = [(" ", self.palette.text)]
        if line.startswith("saved"):
            pieces += [("saved", self.palette.saved), (line.removeprefix("saved"), self.palette.text)]
        else:
            pieces += [(line, style)]
        self.query_one("#status", Bar).say(pieces)
        tour = self.coding_app.tour
        if tour is not None and tour.said(line):
            self.coding_app.show_lesson()

    def keys_now(self) -> list[tuple[str, str]]:
        """Keys and words for the footer: this screen's, or those of what is going on."""
        return keys.footer(self.SCOPE)

    def show_keys(self) -> None:
        """Show the footer."""
        self.query_one("#keys", Bar).say(keys_line(self.keys_now(), self.palette, self.app.size.width))

    def attempt(self, act: Callable[[], str]) -> bool:
        """Do something and say what came of it; a refusal is said too, and changes nothing."""
        try:
            line = act()
        except QualcodeError as error:
            self.say(refused(error), bad=True)
            return False
        self.say(line)
        self.after()
        return True

    def quietly(self, act: Callable[[], object]) -> None:
        """Do what no key asked for; what goes wrong is said, and the screen stays."""
        try:
            act()
        except QualcodeError as error:
            self.say(refused(error), bad=True)

    def after(self) -> None:
        """Draw what an act has changed."""

    # -- what others do meanwhile ---------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Look around from time to time."""
        self.set_interval(AROUND, self.look_around)

    @property
    def busy(self) -> bool:
        """Whether something is going on that must not be disturbed."""
        return False

    def renewed(self) -> None:
        """Draw what was written elsewhere."""
        self.after()

    def look_around(self) -> None:
        """Take in what another command has written meanwhile, and codebook files that were edited."""
        self.coding_app.fit()
        if self.is_current and not self.busy:
            self.quietly(self._look)

    def _look(self) -> None:
        before = self.sitting.sight
        if self.sitting.changed_elsewhere():
            self.renewed()
            if self.sitting.sight != before:  # another window that only opens or looks is no news
                self.say("another command changed the project; this is how it stands now")
        edit = self.coding_app.shelf.look()
        if edit is not None:
            self.renewed()
            self.say(f"{edit.said} — {edit.way_out}" if edit.way_out else edit.said, bad=bool(edit.way_out))

    def redraw(self) -> None:
        """Draw everything in the colours as they are now."""
        self.show_keys()
        self.after()
        self.say(self._said[0], bad=self._said[1])

    def on_resize(self) -> None:
        """The footer shows as many keys as fit."""
        self.show_keys()

    # -- keys that work everywhere --------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Undo."""
        self.attempt(self.sitting.undo)

    def action_redo(self) -> None:
        """Redo."""
        self.attempt(self.sitting.redo)

    def action_help(self) -> None:
        """Show the list of keys."""
        from qualcode.tui.screens.help import Help

        self.app.push_screen(Help(self.SCOPE, self.palette))

    def action_suspend(self) -> None:
        """To the shell, which brings it back with `fg`."""
        self.app.action_suspend_process()

    def action_theme(self) -> None:
        """Dark or light."""
        self.coding_app.turn_light()

    def action_leave(self) -> Awaitable[None] | None:
        """Back to where this screen was opened."""
        self.app.pop_screen()
        return None

    def action_journal(self) -> None:
        """Write in the project's journal."""
        from qualcode.tui.screens.asking import Writing

        about, held, title = self.sitting.journal()

        def store(text: str) -> str:
            nonlocal held
            held = self.sitting.write_memo(about, held, text)
            return "saved  journal"

        self.app.push_screen(Writing(title, held.text if held else "", store, self.palette))


def plain(style: Style) -> Style:
    """A style without its ground, to stand on another."""
    return Style(color=style.color, bold=style.bold, dim=style.dim)


def action_word(name: str) -> str:
    """``move`` of ``move('sentence', 1)``."""
    match = re.match(r"\w+", name)
    return match.group() if match else ""
