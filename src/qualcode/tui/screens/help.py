"""The list of keys, made of the table."""

from __future__ import annotations

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


class HelpList(ScrollView, can_focus=True):
    """Headings, keys, and what they do."""

    def __init__(self, scope: str, palette: Palette) -> None:
        super().__init__(id="help")
        self.palette = palette
        self.rows: list[tuple[str, str]] = []
        for wanted in (scope, "all"):
            self.rows += [(f" {keys.SCOPES[wanted]}", ""), ("", "")]
            for group, pairs in keys.listing(wanted):
                self.rows += [(f"  {group}", ""), *((f"    {key}", does) for key, does in pairs), ("", "")]
        self.rows += [("  Esc closes this list", "")]

    def on_resize(self) -> None:
        """So many rows."""
        self.virtual_size = Size(self.size.width, len(self.rows))

    def render_line(self, y: int) -> Strip:
        """One row."""
        row, width = self.scroll_offset.y + y, self.size.width
        if row >= len(self.rows):
            return Strip.blank(width, self.palette.text)
        key, does = self.rows[row]
        if not does:
            return Strip([Segment(key, self.palette.label)]).adjust_cell_length(width, self.palette.text)
        parts = [Segment(f"{key:<20} ", self.palette.text + Style(bold=True)), Segment(does, self.palette.text)]
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
