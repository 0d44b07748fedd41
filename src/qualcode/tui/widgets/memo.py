"""The memo panel: the passage stays in sight above it, and what is typed is saved by itself."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from qualcode.tui.colours import Palette
from qualcode.tui.widgets.bars import Bar

PAUSE = 1.5  # seconds without a key after which a memo is saved


class MemoPanel(Vertical):
    """A text to write. It posts `Written` when somebody pauses, and `Closed` on Esc."""

    class Written(Message):
        """The text as it stands."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Closed(Written):
        """The text as it stands at the end."""

    class Elsewhere(Written):
        """The text, to be written on in $EDITOR."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="memo")
        self.palette = palette
        self._timer: Timer | None = None
        self._quiet = ""

    def compose(self) -> ComposeResult:
        """A line that says what it is about, and the text."""
        yield Bar(self.palette, id="memo-title", bar=True)
        area = TextArea(id="memo-text", soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
        area.highlight_cursor_line = False
        yield area

    @property
    def area(self) -> TextArea:
        """Where is typed."""
        return self.query_one(TextArea)

    def open(self, title: str, text: str) -> None:
        """Show a text to write on."""
        self._quiet = text
        self.area.load_text(text)
        self.area.move_cursor(self.area.document.end)
        self.say(title)
        self.display = True
        self.area.focus()

    def say(self, title: str, note: str = "Esc closes · Ctrl-E editor · saved by itself") -> None:
        """What it is about."""
        ground = self.palette.bar
        self.query_one(Bar).say([(f" {title}   ", ground), (note, ground)])

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Wait for a pause, then have it saved."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        if self.display and self.area.text != self._quiet:
            self._timer = self.set_timer(PAUSE, self._paused)

    def _paused(self) -> None:
        if self.display:
            self._quiet = self.area.text
            self.post_message(self.Written(self.area.text))

    def on_key(self, event: events.Key) -> None:
        """Esc closes; Ctrl-E goes to the editor."""
        if event.key in ("escape", "ctrl+e"):
            event.stop()
            event.prevent_default()
            if self._timer is not None:
                self._timer.stop()
            kind = self.Closed if event.key == "escape" else self.Elsewhere
            self.post_message(kind(self.area.text))
