"""A screen of rows above and the passage of the chosen one below; Enter opens the transcript there and comes back."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from qualcode.model import Source, Span
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Menu, Pick, Picked, Rows
from qualcode.tui.screens.frame import Frame
from qualcode.tui.widgets.bars import Bar, filled
from qualcode.tui.widgets.passage import Block, Passage


class RowScreen(Frame):
    """What review, reading by code and answers have in common.

    `ABOUT`: lines between the rows and the passage, of which the first `QUIET` are set back.
    """

    ABOUT = QUIET = 3

    def __init__(self, sitting: Sitting, palette: Palette) -> None:
        super().__init__(sitting, palette)
        self.at = 0

    def compose(self) -> ComposeResult:
        """Title, rows, why, passage, status, keys."""
        yield Bar(self.palette, id="title", bar=True)
        yield Menu(self.palette)
        yield Bar(self.palette, id="why", height=self.ABOUT)
        yield Passage(self.palette)
        yield from self.bars()

    def on_mount(self) -> None:
        """Show the first row."""
        self.show_keys()
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        """Draw at the new size."""
        if self.is_mounted:
            self.draw()

    def after(self) -> None:
        """Draw what an act has changed."""
        self.draw()

    def renewed(self) -> None:
        """Read the rows again, as they were changed elsewhere."""
        self.renew()
        self.draw()

    # -- to be said by each screen --------------------------------------------------------------------------------

    def rows(self) -> Rows:
        """What stands left and right in each row."""
        return ()

    def headline(self) -> str:
        """What this screen shows."""
        return ""

    def below(self) -> tuple[list[str], list[Block]]:
        """Up to `ABOUT` lines about the chosen row, and its passage."""
        return [], []

    def nothing(self) -> str:
        """What is said where there is no row: what would stand here, and what brings it."""
        return ""

    def place(self) -> tuple[Source, Span] | None:
        """Where the chosen row is."""
        return None

    def looked(self) -> None:
        """The chosen row is on the screen."""

    def action_undo(self) -> None:
        """Undo; the rows are read again, so what was decided is back among them."""
        super().action_undo()
        self.renew()
        self.draw()

    def action_redo(self) -> None:
        """Redo; the rows are read again."""
        super().action_redo()
        self.renew()
        self.draw()

    # -- drawing and moving ---------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw everything."""
        rows = self.rows()
        self.at = min(max(self.at, 0), max(len(rows) - 1, 0))
        count = f"{self.at + 1} of {len(rows)}" if rows else "nothing here"
        self.query_one("#title", Bar).say([(f" {self.headline()} · {count}", self.palette.bar)])
        self.query_one(Menu).show(rows, self.at)
        width = max(self.app.size.width - 2, 20)
        why, blocks = self.below() if rows else (filled(self.nothing(), width, self.ABOUT), [])
        styles = [self.palette.quiet if n < self.QUIET else self.palette.text for n in range(self.ABOUT)]
        self.query_one("#why", Bar).say(*[[(" " + line, style)] for line, style in zip(why, styles, strict=False)])
        self.query_one(Passage).show(blocks)
        if rows:
            self.quietly(self.looked)

    def action_step(self, by: int) -> None:
        """Another row."""
        self.at += by
        self.draw()

    def on_menu_clicked(self, event: Menu.Clicked) -> None:
        """A click chooses a row, a second one opens it."""
        if event.again:
            self.action_visit()
        else:
            self.action_step(event.at - self.at)

    def on_mouse_scroll_down(self) -> None:
        """The wheel goes through the rows."""
        self.action_step(1)

    def on_mouse_scroll_up(self) -> None:
        """And back."""
        self.action_step(-1)

    def action_visit(self) -> None:
        """Open the transcript at the row; Esc there comes back to it."""
        from qualcode.tui.screens.reading import Reading

        found = self.place()
        if found is None:
            return
        source, span = found
        inside = span.end <= len(self.sitting.session.source(source.id).text)
        self.sitting.open(source.id, span if inside else None)
        self.app.push_screen(Reading(self.sitting, self.palette, back=True))

    def on_screen_resume(self) -> None:
        """Back from the transcript: what was done there shows."""
        if self.is_mounted:
            self.quietly(self.renew)
            self.draw()

    def renew(self) -> None:
        """Read again what may have changed."""

    def pick(self, title: str, then: Callable[[Picked], None], *, making: bool = False, sets: bool = False) -> None:
        """Ask for a code, or for one or a set."""

        def picked(found: Picked | None) -> None:
            if found is not None:
                then(found)

        codes, recent = (*self.sitting.codes, *(self.sitting.gathered if sets else ())), self.sitting.recent
        self.app.push_screen(Pick(title, codes, self.palette, recent=recent, making=making), picked)
