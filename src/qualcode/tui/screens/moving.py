"""Moving and selecting while reading, and going somewhere: nothing here is stored."""

from __future__ import annotations

from typing import cast

from qualcode.session.numbering import Step
from qualcode.session.reading import Kind
from qualcode.tui.screens.asking import Ask, Choose
from qualcode.tui.screens.reader import Reader
from qualcode.tui.widgets.transcript import Transcript


class Moving(Reader):
    """The keys that only move."""

    def action_move(self, step: str, by: int) -> None:
        """By word, sentence or turn."""
        self.reading.move(cast(Step, step), by)
        self.moved()

    def action_page(self, by: int) -> None:
        """A screen up or down."""
        pane = self.pane
        row = pane.wrapped.row(self.reading.selection.start) + by * max(pane.size.height - 4, 1)
        row = min(max(row, 0), len(pane.wrapped.lines) - 1)
        while 0 < row < len(pane.wrapped.lines) and pane.wrapped.lines[row].turn < 0:
            row += by
        if pane.wrapped.lines:
            line = pane.wrapped.lines[min(max(row, 0), len(pane.wrapped.lines) - 1)]
            found = self.reading.text.around("sentence", max(line.start, 0))
            if found:
                self.reading.select(found)
        self.moved()

    def action_edge(self, by: int) -> None:
        """The beginning or the end of the source."""
        text = self.reading.text
        found = text.around("sentence", 0) if by < 0 else text.before("sentence", len(self.reading.source.text))
        if found:
            self.reading.select(found)
        self.moved()

    def action_go_on(self) -> None:
        """The sentence after the selection; while resizing, keep the new size."""
        if self.resizing is not None:
            coding, self.resizing = self.resizing, None
            self.show_keys()
            self.attempt(lambda: self.sitting.resize(coding))
            return
        if not self.reading.move("sentence", 1):
            self.say("the end of the source: D says that you are done, . opens the next")
        self.moved()

    def action_extend(self, step: str) -> None:
        """Extend the selection."""
        self.reading.extend(cast(Step, step))
        self.moved()

    def action_shrink(self, step: str) -> None:
        """Shrink the selection."""
        if not self.reading.shrink(cast(Step, step)):
            self.say(f"a selection keeps at least a {step}")
        self.moved()

    def action_turn_round(self) -> None:
        """Let the other edge move."""
        self.reading.turn_round()
        self.moved()

    def action_back(self) -> None:
        """Leave what is going on; else back to the sentence, or to the row this was opened from."""
        if self.resizing is not None:
            coding, self.resizing = self.resizing, None
            self.reading.select(coding.span)
            self.show_keys()
            self.say("left as it was")
        elif self.back_to_row:
            self.action_leave()
            return
        else:
            self.reading.reselect()
        self.moved()

    def on_transcript_dragged(self, event: Transcript.Dragged) -> None:
        """The mouse selects: a click a sentence, a drag words."""
        if abs(event.one - event.other) < 2:
            found = self.reading.text.around("sentence", event.one)
            if found:
                self.reading.select(found)
        else:
            self.reading.drag(event.one, event.other)
        self.moved()

    def on_mouse_scroll_down(self) -> None:
        """Read on without moving the selection."""
        self.pane.scroll_relative(y=3, animate=False)

    def on_mouse_scroll_up(self) -> None:
        """Read back without moving the selection."""
        self.pane.scroll_relative(y=-3, animate=False)

    def action_seek(self, kind: str, by: int) -> None:
        """The next coding, mark, suggestion or hit."""
        if kind == "suggestion" and not self.reading.layers.suggestions:
            self.say("suggestions are not shown; S shows them")
            return
        found = self.reading.seek(cast(Kind, kind), by)
        what = self.reading.share.noun if kind == "place" else kind
        self.say(f"no {what} here" if found is None else f"{what} {found[0]} of {found[1]}")
        self.moved()

    def action_search(self) -> None:
        """Look for words."""
        self.app.push_screen(Ask("search in this source", self.palette, self.reading.search), self._searched)

    def _searched(self, words: str | None) -> None:
        if words is None:
            return
        found = self.reading.find(words)
        self.pane.refresh()
        if found and self.reading.selection not in self.reading.hits:
            self.reading.seek("hit", 1)
        self.moved()
        self.say(
            f"{found} hit{'s' * (found != 1)}; n and N go from one to the next, a or c codes them"
            if found
            else "not found"
        )

    def action_go_to(self) -> None:
        """Ask for a place."""
        self.app.push_screen(Ask("go to turn, or turn.sentence", self.palette), self._went)

    def _went(self, word: str | None) -> None:
        if word is not None and word.strip():

            def go() -> str:
                self.reading.select(self.reading.text.at_number(word))
                return self.reading.number

            self.attempt(go)

    def action_uncoded(self) -> None:
        """The next turn, or place that was given, without a coding of one's own."""
        before = self.reading

        def go() -> None:
            if not self.sitting.next_left():
                every = "all that was given to you" if before.share else "every turn"
                self.say(f"{every} is coded; D says that you are done with this source")
            elif self.reading is not before:
                self.opened()
                self.say(f"on to {self.reading.source.name}")

        self.quietly(go)
        self.moved()

    def action_neighbour(self, by: int) -> None:
        """Another source."""
        if self.attempt(lambda: self.sitting.neighbour(by)):
            self.opened()

    def action_sources(self) -> None:
        """Choose a source."""
        listed = self.sitting.standings()
        drawn = {s.id: "to code  " for s in listed if self.sitting.share.holds(s.id)}
        rows = [
            (f"{'✓' if s.done else ' '} {s.name}", f"{drawn.get(s.id, '')}{s.case}  {s.codings or '–':>3}")
            for s in listed
        ]
        ids = [s.id for s in listed]
        at = ids.index(self.reading.source.id) if self.reading.source.id in ids else 0

        def chosen(number: int | None) -> None:
            if number is not None and self.attempt(lambda: self.sitting.open(ids[number]).source.name):
                self.opened()

        self.app.push_screen(Choose("source · case · your codings", rows, self.palette, at), chosen)
