"""Disagreements, one a row: the coders side by side, the passage below; one key says what holds there."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from textual.app import ComposeResult

from qualcode.escaping import one_line
from qualcode.model import Disagreement, Source, Span
from qualcode.session.desk import leaf
from qualcode.session.settling import TITLE, Differences, Side
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Ask, Drawing, Picked, Rows
from qualcode.tui.screens.frame import bindings
from qualcode.tui.screens.rows import RowScreen
from qualcode.tui.widgets.bars import filled
from qualcode.tui.widgets.passage import Block, around
from qualcode.tui.wrapping import cells

NARROW = 20  # cells below which coders stand one after the other instead of side by side
READINGS = 3  # lines under the coders' names
REMARKS = 2  # lines above them: the kind; the reason, a deferral or the coders' memos


class Settling(RowScreen):
    """What coders read differently."""

    SCOPE = "settle"
    BINDINGS = bindings("settle")
    ABOUT = REMARKS + 1 + READINGS
    QUIET = REMARKS

    def __init__(self, sitting: Sitting, palette: Palette) -> None:
        super().__init__(sitting, palette)
        self.found = Differences(sitting)
        self._away = False
        self._warned = 0

    @property
    def item(self) -> Disagreement | None:
        """The chosen row."""
        return self.found.items[self.at] if self.at < len(self.found.items) else None

    def compose(self) -> ComposeResult:
        """As every screen of rows; and its rows are on the screen now."""
        yield from super().compose()
        self.found.opened()

    def rows(self) -> Rows:
        """Place and words left, codes right; the sign says that it was left for later."""
        items = self.found.items

        def row(at: int) -> tuple[str, str]:
            place = items[at]
            words = one_line(place.source.text[place.span.start : min(place.span.end, place.span.start + 160)])
            later = "later · " if self.found.deferred(place) else ""
            return f"{place.source.name}  {words}", later + " | ".join(map(leaf, place.codes))

        return Drawing(len(items), row)

    def headline(self) -> str:
        """Which queue."""
        return TITLE

    def below(self) -> tuple[list[str], list[Block]]:
        """The kind, what was said about it, the coders side by side; the passage with question and next turn."""
        place = self.item
        if place is None:
            return [], []
        width = max(self.app.size.width - 2, 20)
        lines = [*filled(self.found.kind(place), width, 1), *filled(self.found.remarks(place), width, 1)]
        lines += beside(self.found.sides(place), width, self.ABOUT - len(lines))
        return lines, around(place.source, place.span, self.palette)

    def nothing(self) -> str:
        """What brings rows here."""
        return "Where two coders who both worked on a source read a place differently, it waits here."

    def place(self) -> tuple[Source, Span] | None:
        """Where the row is."""
        return (self.item.source, self.item.span) if self.item else None

    def renew(self) -> None:
        """Codings may have changed in the transcript; back from a question nothing has."""
        if self._away:
            self._away = False
            self._read_again()

    def _read_again(self) -> None:
        chosen = self.item.id if self.item else ""
        reasons = self.found.reasons
        self.found = Differences(self.sitting)
        self.found.reasons.update(reasons)
        self.at = next((n for n, place in enumerate(self.found.items) if place.id == chosen), self.at)
        self.found.opened()

    def _decide(self, verb: Callable[[Disagreement], str]) -> None:
        place = self.item
        if place is not None:
            self.attempt(lambda: verb(place))

    # -- keys -----------------------------------------------------------------------------------------------------

    def action_side(self, number: int) -> None:
        """What the n-th coder has holds."""
        self._decide(lambda place: self.found.take(place, number))

    def action_both(self) -> None:
        """Everyone's codes hold."""
        self._decide(self.found.both)

    def action_neither(self) -> None:
        """No code holds."""
        self._decide(self.found.neither)

    def action_skip(self) -> None:
        """Later."""
        self._decide(self.found.defer)

    def action_correct(self) -> None:
        """Another code holds."""
        place = self.item
        if place is None:
            return

        def then(picked: Picked) -> None:
            self.attempt(lambda: self.found.other(place, picked.path))

        self.pick("what holds here", then)

    def action_reason(self) -> None:
        """Write why, before deciding."""
        place = self.item
        if place is None:
            return

        def answered(why: str | None) -> None:
            if why is not None:
                self.attempt(lambda: self.found.explain(place, why))

        self.app.push_screen(Ask("why", self.palette, self.found.reasons.get(place.id, "")), answered)

    def action_visit(self) -> None:
        """The transcript there."""
        self._away = True
        super().action_visit()

    def action_undo(self) -> None:
        """Undo; what was settled is back in the list."""
        super().action_undo()
        self._after_turning()

    def action_redo(self) -> None:
        """Redo; what is settled again is off the list."""
        super().action_redo()
        self._after_turning()

    def _after_turning(self) -> None:
        self.quietly(self._read_again)
        self.draw()

    def _held_back(self) -> bool:
        """Whether a reason would be lost; said once, and the next time it goes."""
        if not self.found.reasons:
            return False
        n = len(self.found.reasons)
        if self._warned == n:
            return False
        self._warned = n
        self.say(f"{n} reason{'s' * (n > 1)} without a decision would not be kept; the same key again leaves", bad=True)
        return True

    def action_queue(self) -> None:
        """The first queue."""
        from qualcode.session.queues import NAMES
        from qualcode.tui.screens.review import Review

        if not self._held_back():
            self.app.switch_screen(Review(self.sitting, self.palette, NAMES[0]))

    def action_leave(self) -> None:
        """Back."""
        if not self._held_back():
            super().action_leave()


def beside(sides: tuple[Side, ...], width: int, height: int) -> list[str]:
    """The coders' readings in columns, numbered as the keys are; one after the other where columns are too narrow."""
    column = width // max(len(sides), 1)
    if column < NARROW:
        said = (f"{n} {side.coder}: {', '.join(side.codings) or 'nothing'}" for n, side in enumerate(sides, 1))
        return filled(" · ".join(said), width, height)
    heads = [f"{n} {side.coder}" for n, side in enumerate(sides, 1)]
    bodies = [filled("; ".join(side.codings) or "nothing", column - 2, height - 1) for side in sides]
    lines = itertools.zip_longest(*bodies, fillvalue="")
    return ["".join(_padded(cell, column) for cell in line).rstrip() for line in [heads, *lines]]


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cells(text), 1)
