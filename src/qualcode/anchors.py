"""Carry spans from one version of a text to the next: aligned by characters, then verified.

Outcomes: *exact* – the same characters in their place; *edited* – at least half of them survive in place; *review* – they
stand elsewhere, or the place cannot be told from a look-alike; *orphan* – gone. Nothing is guessed in silence: a place is
believed when the span is like what stands there, its neighbours are still beside it, and no other place claims it.
Offsets are code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qualcode.alignment import Block, Gap, align, gaps
from qualcode.graphemes import snap
from qualcode.model import Anchor, Span

__all__ = ["Block", "Carried", "Carrier", "align"]

NEARBY = 24  # code points on each side of a span that count as its neighbourhood
NEAR = 8  # how far matches must outweigh edits there; also by how much edits may outweigh them on the way
SHORT = 12  # code points of a quotation that says little by itself
TELLING = 64  # code points of one that cannot be mistaken for a look-alike in its place
GRAM = 12  # code points of the runs by which text is found elsewhere
STEP = 4  # every which run of the new text is indexed
HABIT = 3  # times the same replacement must be made to count as a habit, such as a renamed speaker


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a span is in the new text (None for an orphan), how sure that is, and how many code points survive there."""

    span: Span | None
    anchor: Anchor
    survivors: int


class Carrier:
    """Carries many spans from `old` to `new`; built once per revision.

    `blocks` are those of `align`, stored with the revision, so that a span comes out the same whenever it is carried.
    Raises ValueError for blocks that cross or do not fit the texts.
    """

    def __init__(self, old: str, new: str, blocks: Sequence[Block] | None = None) -> None:
        self.old = old
        self.new = new
        self.blocks = align(old, new) if blocks is None else _checked(old, new, blocks)
        habits = _habits(old, new, self.blocks)
        self._onwards = _Direction(old, new, self.blocks, habits)
        self._backwards = self._onwards.reversed()
        self._rest = _Rest(old, new, self.blocks)

    def carry(self, span: Span) -> Carried:
        """Where the span's text is now: a pure function of the two texts, the blocks and the span.

        Raises ValueError when the span leaves the old text.
        """
        if span.end > len(self.old):
            raise ValueError(f"span {span.start}:{span.end} leaves a text of {len(self.old)} code points")
        found = self._find(span, list(self._surviving(span)))
        if found is not None and not found.like:
            found = self._find(span, self._without_crumbs(found.pieces))
        if found is None:
            place = self._rest.elsewhere(span) or self._replaced(span)
            return Carried(place, "review" if place else "orphan", 0)
        anchor: Anchor = "review" if self._doubtful(found) else "exact" if found.exact else "edited"
        return Carried(found.place, anchor, found.survivors)

    def _find(self, span: Span, pieces: Sequence[Block]) -> _Found | None:
        """The span's place by its surviving `pieces`; None when less than half of it survives."""
        if 2 * sum(piece.length for piece in pieces) < len(span):
            return None
        start = self._backwards.edge_of_start(span.start, pieces[0])
        place = snap(self.new, Span(start, self._onwards.edge(span.end, pieces[-1])))
        return _Found(self._onwards, self._backwards, span, place, pieces)

    def _surviving(self, span: Span) -> Iterator[Block]:
        """The parts of blocks that lie inside the span."""
        for block in self.blocks[self._onwards.at(span.start) :]:
            if block.old >= span.end:
                break
            start, end = max(block.old, span.start), min(block.old_end, span.end)
            yield Block(start, block.new + start - block.old, end - start)

    def _without_crumbs(self, pieces: Sequence[Block]) -> list[Block]:
        """Pieces without the one to three stray letters at either end: at the end of a span nothing holds them."""
        first, last = 0, len(pieces)
        while first < last and self._is_crumb(pieces[first]):
            first += 1
        while last > first and self._is_crumb(pieces[last - 1]):
            last -= 1
        return list(pieces[first:last])
