"""Reading one source: what is selected, what is shown of it, and where the next thing is.

The sentence under the cursor *is* the selection. The selection has an open edge, its end unless it was turned round:
extending and shrinking move that edge by word, sentence or turn. Nothing here is stored.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal

from qualcode.graphemes import snap
from qualcode.model import Coding, Memo, Source, Span, Suggestion, Turn
from qualcode.session.layers import Layers
from qualcode.session.numbering import Numbered, Step
from qualcode.session.share import Share

Kind = Literal["coding", "mark", "suggestion", "hit", "place"]
_QUOTES = {"'": "['’‘]", "’": "['’‘]", "‘": "['’‘]", '"': '["“”]', "“": '["“”]', "”": '["“”]', "-": "[-‐‑]"}


class Spans:
    """Values by place, so that those that touch a stretch are found without looking at all of them."""

    def __init__(self, pairs: Iterable[tuple[Span, int]]) -> None:
        self._sorted = sorted(pairs)
        self._starts = [span.start for span, _ in self._sorted]
        self._reach: list[int] = []  # the furthest end of this one and all before it
        for span, _ in self._sorted:
            self._reach.append(max(span.end, self._reach[-1] if self._reach else 0))

    def touching(self, start: int, end: int) -> list[int]:
        """The numbers of what shares a code point with ``start:end``, in order of place."""
        at = bisect_left(self._starts, end)
        found = []
        while at and self._reach[at - 1] > start:
            at -= 1
            span, number = self._sorted[at]
            if span.end > start:
                found.append(number)
        return found[::-1]


class Reading:
    """One source being read by one coder. `share` says which places of it they were given to code, if any."""

    def __init__(self, source: Source, coder: str, layers: Layers | None = None, share: Share | None = None) -> None:
        self.source = source
        self.coder = coder
        self.text = Numbered(source)
        self.layers = layers or Layers()
        self.share = share or Share()
        self.given = self.share.places(source) if self.share else None
        self.edge: Literal["start", "end"] = "end"
        self.search = ""
        self.hits: tuple[Span, ...] = ()
        self._all: tuple[Coding, ...] = ()
        self._memos: tuple[Memo, ...] = ()
        self._suggestions: tuple[Suggestion, ...] = ()
        self._chosen = 0
        self.picked = False  # whether a coding was chosen, and is not only the nearest one
        first = self.text.around("sentence", 0)
        self.selection = first or Span(0, max(len(source.text), 1))
        self.show((), (), ())

    # -- what is shown --------------------------------------------------------------------------------------------

    def show(
        self,
        codings: Iterable[Coding],
        marks: Iterable[Memo] | None = None,
        pending: Iterable[Suggestion] | None = None,
    ) -> None:
        """Take what is stored; the layers say how much is shown. None leaves marks or suggestions as they are."""
        self._all = tuple(codings)
        self._progress: tuple[int, int] | None = None
        self._memos = tuple(marks) if marks is not None else self._memos
        self._suggestions = tuple(pending) if pending is not None else self._suggestions
        self._look()

    def set_layers(self, layers: Layers) -> None:
        """Show other layers; the selection stays where it is."""
        self.layers = layers
        self._look()

    def _look(self) -> None:
        self.codings = self.layers.shown(self._all)
        hidden = self.layers.hidden
        self.marks = () if hidden else tuple(memo for memo in self._memos if memo.about.span)
        self.suggestions = self._suggestions if self.layers.suggestions and not hidden else ()
        self._by_place = Spans((coding.span, number) for number, coding in enumerate(self.codings))

    @property
    def every(self) -> tuple[Coding, ...]:
        """All codings of the source, shown or not."""
        return self._all

    def touching(self, start: int, end: int) -> list[Coding]:
        """The codings shown that share a code point with ``start:end``, by place."""
        return [self.codings[number] for number in self._by_place.touching(start, end)]

    @property
    def here(self) -> list[Coding]:
        """The codings shown at the selection: those of exactly this span first, one's own before others'."""
        found = self.touching(self.selection.start, self.selection.end)
        return sorted(found, key=lambda c: (c.span != self.selection, c.coder != self.coder, len(c.span)))

    @property
    def chosen(self) -> Coding | None:
        """The coding that recode, resize, memo and delete are about."""
        here = self.here
        return here[self._chosen % len(here)] if here else None

    def choose_next(self) -> Coding | None:
        """Choose the next of the codings at the selection, the first one to begin with."""
        self._chosen += self.picked
        self.picked = True
        return self.chosen

    def choose(self, coding_id: str) -> None:
        """Choose a coding at the selection by its id."""
        ids = [coding.id for coding in self.here]
        self._chosen = ids.index(coding_id) if coding_id in ids else 0

    @property
    def words(self) -> str:
        """The selected words; empty for an empty source."""
        return self.source.text[self.selection.start : self.selection.end]

    @property
    def turn(self) -> Turn | None:
        """The turn in which the selection begins."""
        return self.text.turns[self.text.turn_at(self.selection.start)] if self.text.turns else None

    @property
    def question(self) -> str:
        """The question on the table: an answer's own, else what the interviewer said last; empty when none."""
        if not self.text.turns:
            return ""
        index = self.text.turn_at(self.selection.start)
        turn = self.text.turns[index]
        if turn.prompt:
            return turn.prompt
        while index >= 0 and self.text.turns[index].role != "interviewer":
            index -= 1
        return self.source.quote(self.text.turns[index].span) if index >= 0 else ""

    @property
    def number(self) -> str:
        """The number of the selection: ``14.3``, or ``14.3–15.1``."""
        one, two = self.text.number(self.selection.start), self.text.number(self.selection.end - 1)
        return one if one == two else f"{one}–{two}"

    # -- selecting ------------------------------------------------------------------------------------------------

    def select(self, span: Span) -> None:
        """Select a span; its edges move outwards so that no character made of several code points is cut."""
        inside = Span(max(span.start, 0), min(max(span.end, span.start + 1), max(len(self.source.text), 1)))
        self.selection = snap(self.source.text, inside) if self.source.text else inside
        self.edge, self._chosen, self.picked = "end", 0, False

    def reselect(self) -> None:
        """Back to the sentence under the cursor."""
        self._to(self.text.around("sentence", self.selection.start))

    def turn_round(self) -> None:
        """Let extending and shrinking move the other edge."""
        self.edge = "start" if self.edge == "end" else "end"

    def move(self, step: Step, by: int) -> bool:
        """Select the next (`by` > 0) or previous piece; whether there is one."""
        if step == "turn":
            return self._move_turn(by)
        start, end = self.selection.start, self.selection.end
        found = self.text.after(step, end) if by > 0 else self.text.before(step, start)
        return self._to(found)

    def _move_turn(self, by: int) -> bool:
        """To the first sentence of a turn: going up, first to the beginning of this one."""
        index = self.text.turn_at(self.selection.start)
        first = self.text.pieces("sentence", index)[:1]
        if by < 0 and first and self.selection.start > first[0].start:
            return self._to(first[0])
        index += by
        while 0 <= index < len(self.text.turns):
            pieces = self.text.pieces("sentence", index)
            if pieces:
                return self._to(pieces[0])
            index += by
        return False

    def _to(self, span: Span | None) -> bool:
        if span is None:
            return False
        self.select(span)
        return True

    def extend(self, step: Step) -> bool:
        """Move the open edge outwards by a piece."""
        start, end = self.selection.start, self.selection.end
        found = self.text.after(step, end) if self.edge == "end" else self.text.before(step, start)
        if found is None:
            return False
        return self._reshape(start, found.end) if self.edge == "end" else self._reshape(found.start, end)

    def shrink(self, step: Step) -> bool:
        """Move the open edge inwards by a piece; a selection keeps at least one."""
        start, end = self.selection.start, self.selection.end
        if self.edge == "end":
            last = self.text.before(step, end)
            kept = self.text.before(step, last.start) if last else None
            return bool(kept and kept.end > start) and self._reshape(start, kept.end if kept else end)
        first = self.text.after(step, start)
        kept = self.text.after(step, first.end) if first else None
        return bool(kept and kept.start < end) and self._reshape(kept.start if kept else start, end)

    def _reshape(self, start: int, end: int) -> bool:
        edge = self.edge
        self.select(Span(start, end))
        self.edge = edge
        return True

    def drag(self, one: int, other: int) -> None:
        """Select from one offset to another as a mouse does, widened to whole words."""
        low, high = min(one, other), max(one, other)
        first, last = self.text.around("word", low), self.text.before("word", high + 1)
        if first and last:
            self.select(Span(min(first.start, last.start), max(first.end, last.end)))

    # -- going somewhere ------------------------------------------------------------------------------------------

    def places(self, kind: Kind) -> list[Span]:
        """Where things of a kind are, each span once, in order."""
        spans: Iterable[Span]
        if kind == "coding":
            spans = (coding.span for coding in self.codings)
        elif kind == "mark":
            spans = (memo.about.span for memo in self.marks if memo.about.span)
        elif kind == "suggestion":
            spans = (suggestion.segment.span for suggestion in self.suggestions)
        elif kind == "place":
            spans = self.given or ()
        else:
            spans = self.hits
        return sorted(set(spans))

    def seek(self, kind: Kind, by: int) -> tuple[int, int] | None:
        """Select the next or previous thing of a kind, going round at the ends: (its number from 1, how many)."""
        places = self.places(kind)
        if not places:
            return None
        at = bisect_right(places, self.selection) if by > 0 else bisect_left(places, self.selection) - 1
        if kind == "place":  # of a drawn turn only a sentence is selected
            edge = self.selection.start
            at = bisect_right(places, edge, key=_start) if by > 0 else bisect_left(places, edge, key=_start) - 1
        at %= len(places)
        self._enter(places[at], kind)
        return at + 1, len(places)

    def _enter(self, span: Span, kind: Kind) -> None:
        """Select a span; of a turn that was drawn its first sentence, to be read and coded like any turn."""
        first = self.text.around("sentence", span.start) if kind == "place" and not self.share.units else None
        self.select(first or span)

    @property
    def place(self) -> int | None:
        """Which of the places that were given the selection begins in, from 1; None outside of them."""
        at = bisect_right(self.given or (), self.selection.start, key=_start)
        inside = at > 0 and self.given is not None and self.selection.start < self.given[at - 1].end
        return at if inside else None

    def is_given(self, start: int, end: int) -> bool:
        """Whether a stretch touches a place that was given."""
        places = self.given or ()
        at = bisect_right(places, start, key=lambda span: span.end)
        return at < len(places) and places[at].start < end

    def find(self, words: str) -> int:
        """Look for words, whatever their case, apostrophes and line ends; returns how often they are there."""
        self.search = words
        self.hits = tuple(hits(self.source.text, words, self.text.turns)) if words.strip() else ()
        return len(self.hits)

    def uncoded(self, *, afresh: bool = False, around: bool = True) -> bool:
        """Go to the next turn, not an interviewer's, that this coder has not coded yet; whether there is one.

        Where places were given to them, to the next of those. `afresh` looks from the beginning of the source; without
        `around` the search ends at its end.
        """
        own = self._own()
        if self.given is not None:
            at = 0 if afresh else bisect_right(self.given, self.selection.start, key=_start)
            places = [*self.given[at:], *(self.given[:at] if around else ())]
            left = [place for place in places if not own.touching(place.start, place.end)]
            if left:
                self._enter(left[0], "place")
            return bool(left)
        here = -1 if afresh else self.text.turn_at(self.selection.start)
        count = len(self.text.turns)
        for index in [*range(here + 1, count), *range(min(here + 1, count) if around else 0)]:
            turn, pieces = self.text.turns[index], self.text.pieces("sentence", index)
            if turn.role != "interviewer" and pieces and not own.touching(turn.span.start, turn.span.end):
                return self._to(pieces[0])
        return False

    @property
    def progress(self) -> tuple[int, int]:
        """How many turns in scope, or places given, this coder has coded in, and how many there are."""
        if self._progress is None:
            self._progress = self._count_turns()
        return self._progress

    def _count_turns(self) -> tuple[int, int]:
        own = self._own()
        turns = [turn.span for turn in self.text.turns if turn.role != "interviewer"]
        scope = turns if self.given is None else self.given
        return sum(bool(own.touching(span.start, span.end)) for span in scope), len(scope)

    def _own(self) -> Spans:
        return Spans((c.span, n) for n, c in enumerate(self._all) if c.coder == self.coder and c.anchor != "orphan")


def _start(span: Span) -> int:
    return span.start


def hits(text: str, words: str, turns: Sequence[Turn]) -> list[Span]:
    """Where the words stand inside turns: any case, apostrophe, quotation mark, hyphen and white space will do."""
    parts = ["".join(_QUOTES.get(char, re.escape(char)) for char in word) for word in words.split()]
    starts = [turn.span.start for turn in turns]
    found = []
    for match in re.finditer(r"\s+".join(parts), text, re.IGNORECASE):
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and match.start() < turns[at].span.end:
            found.append(Span(match.start(), match.end()))
    return found
