"""The list of keys, made of the table."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qualcode.tui import keys
from qualcode.tui.colours import Palette
from qualcode.tui.widgets.bars import filled

KEYS = 18  # cells of the column of keys


class HelpList(ScrollView, can_focus=True):
    """Headings, keys, and what they do; what is too long for a line goes on below."""

    def __init__(self, scope: str, palette: Palette) -> None:
        super().__init__(id="help")
        self.scope, self.palette = scope, palette
        self.rows: list[tuple[str, str]] = []

    def _written(self, width: int) -> Iterator[tuple[str, str]]:
        for wanted in (self.scope, "all"):
            yield f" {keys.SCOPES[wanted]}", ""
            yield "", ""
            for group, pairs in keys.listing(wanted):
                yield f"  {group}", ""
                for key, does in pairs:
                    for n, line in enumerate(filled(does, max(width - KEYS - 2, 10), 4)):
                        yield "" if n else f"    {key}", line
                yield "", ""
        yield "  Esc closes this list", ""

    def on_resize(self) -> None:
        """So many rows."""
        self.rows = list(self._written(self.size.width))
        self.virtual_size = Size(self.size.width, len(self.rows))

    def render_line(self, y: int) -> Strip:
        """One row."""
        row, width = self.scroll_offset.y + y, self.size.width
        if row >= len(self.rows):
            return Strip.blank(width, self.palette.text)
        key, does = self.rows[row]
        if not does:
            return Strip([Segment(key, self.palette.label)]).adjust_cell_length(width, self.palette.text)
        parts = [Segment(f"{key:<{KEYS}} ", self.palette.text + Style(bold=True)), Segment(does, self.palette.text)]
        return Strip(parts).adjust_cell_length(width, self.palette.text)


class Help(ModalScreen[None]):
    """The keys of a screen."""

    def __init__(self, scope: str, palette: Palette) -> None:
        super().__init__()
        self.scope, self.palette = scope, palette

    def compose(self) -> ComposeResult:
        """The list."""
        yield HelpList(self.scope, self.palette)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(HelpList).focus()

    def on_key(self, event: events.Key) -> None:
        """Esc, q and ? close."""
        if event.key in ("escape", "q", "question_mark", "f1", "enter"):
            event.stop()
            self.dismiss()
        elif event.key in ("j", "k"):
            self.query_one(HelpList).scroll_relative(y=1 if event.key == "j" else -1, animate=False)
