"""Writing while reading: memos, a slip corrected, a quotation copied, being done."""

from __future__ import annotations

from qualcode.escaping import safe_text
from qualcode.model import Memo, MemoTarget
from qualcode.tui.screens.asking import Writing, edited
from qualcode.tui.screens.reader import Reader
from qualcode.tui.widgets.memo import MemoPanel

WRITING = [("Esc", "close, it is saved"), ("Ctrl-E", "write on in your editor")]


class Noting(Reader):
    """The keys that write."""

    _memo: tuple[MemoTarget, Memo | None, str] | None = None

    def action_memo(self) -> None:
        """Write about the chosen coding or the passage, with the passage in sight."""
        self._memo = self.sitting.memo_here()
        _, held, title = self._memo
        self.query_one(MemoPanel).open(title, safe_text(held.text) if held else "")
        self.show_keys()
        self.say("what you write is saved when you pause")
        self.call_after_refresh(self.pane.reveal)

    def _write(self, text: str) -> bool:
        if self._memo is None or (self._memo[1] is not None and text == safe_text(self._memo[1].text)):
            return True
        about, held, title = self._memo

        def store() -> str:
            kept = self.sitting.write_memo(about, held, text)
            self._memo = (about, kept, title)
            return f"saved  {title}" if text.strip() else "nothing written"

        return self.attempt(store)

    def on_memo_panel_written(self, event: MemoPanel.Written) -> None:
        """Keep what is written so far."""
        self._write(event.text)

    def on_memo_panel_closed(self, event: MemoPanel.Closed) -> None:
        """Keep it, and go on reading."""
        if self._write(event.text):
            self._memo = None
            self.query_one(MemoPanel).display = False
            self.show_keys()
            self.coding_app.show_lesson()
            self.pane.focus()

    def on_memo_panel_elsewhere(self, event: MemoPanel.Elsewhere) -> None:
        """Write on in $EDITOR."""
        text = edited(self.app, event.text)
        if text is None:
            self.say("no editor: set EDITOR, or write here", bad=True)
            return
        self.query_one(MemoPanel).area.load_text(text)
        self._write(text)

    def action_correct(self) -> None:
        """Correct a slip in this turn."""
        turn = self.reading.turn
        if turn is None:
            return
        words = safe_text(self.reading.source.quote(turn.span))
        self.app.push_screen(
            Writing(f"correct turn {turn.n}; codings follow", words, lambda text: text, self.palette, once=True),
            lambda text: self._corrected(words, text),
        )

    def _corrected(self, before: str, text: str | None) -> None:
        if text is None or text == before:
            self.say("the transcript stays as it was")
        elif self.attempt(lambda: self.sitting.correct(text)):
            self.opened()

    def action_done(self) -> None:
        """Done with this source."""
        self.attempt(self.sitting.done)

    def action_copy(self) -> None:
        """Copy the quotation to the clipboard, as far as the terminal has one, and into a file."""

        def copy() -> str:
            quotation = safe_text(self.sitting.quotation())
            self.app.copy_to_clipboard(quotation)
            place = self.sitting.keep_quotation(quotation)
            return f"copied with its attribution · {self.reading.number}" + (f" · also in {place}" if place else "")

        self.attempt(copy)
