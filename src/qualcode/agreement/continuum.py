"""Sources laid end to end and cut to units, and where spans fall among them.

A position is a code point of the sources' texts laid one after the other with one point between. A place counts
units from 0 through all sources; for the unit `character` every code point in scope is a unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qualcode.agreement.sums import Bools, Ints
from qualcode.agreement.words import holds_whole_word, token_spans, word_spans
from qualcode.model import Segment, Source

Cut = Callable[[Source, str], Sequence[Segment]]


@dataclass(frozen=True, slots=True)
class Continuum:
    """`units` (n, 2) are sorted, disjoint ranges of positions; `bounds` (sources + 1) the first place of each source.

    With `by_character` a range of `units` is a region in scope and holds as many places as code points.
    `offsets` gives each source id's first position; `words` (w, 2) and `regions` in scope (n, 2) are ranges of
    positions.
    """

    units: Ints
    bounds: Ints
    by_character: bool
    offsets: Mapping[str, int]
    words: Ints
    regions: Ints

    @property
    def size(self) -> int:
        """How many units there are."""
        return int(self.bounds[-1])

    def place(self, start: Ints, end: Ints, rule: str, key: Ints) -> tuple[Ints, Ints, Ints]:
        """Spans of positions as ranges of places: first, behind the last, and the key each belongs to.

        Spans of one key must be disjoint (see `united`). Under `any` a span that covers no whole word of any unit
        still marks the unit that holds most of it, so that no coding is lost; out of scope it marks nothing.
        """
        if not len(self.units) or not len(start):
            nothing = np.zeros(0, np.intp)
            return nothing, nothing, nothing
        if self.by_character:
            first, last = self._point(start), self._point(end)
            kept = first < last
            return first[kept], last[kept], key[kept]
        first = np.searchsorted(self.units[:, 1], start, side="right")
        last = np.searchsorted(self.units[:, 0], end, side="left")
        kept = first < last
        start, end, first, last, key = start[kept], end[kept], first[kept], last[kept], key[kept]
        if rule == "any":
            return self._by_word(start, end, first, last, key)
        return self._by_cover(start, end, first, last, key, rule)

    def touched(self, start: Ints, end: Ints) -> Bools:
        """Whether each span of positions meets both the scope and a unit."""
        return _meets(self.regions, start, end) & _meets(self.units, start, end)

    def _point(self, position: Ints) -> Ints:
        """The place of a position by characters: how many code points in scope lie before it."""
        lengths = self.units[:, 1] - self.units[:, 0]
        before = np.concatenate([[0], np.cumsum(lengths)])
        region = np.searchsorted(self.units[:, 0], position, side="right") - 1
        inside = np.clip(position - self.units[np.maximum(region, 0), 0], 0, lengths[np.maximum(region, 0)])
        return np.where(region < 0, 0, before[np.maximum(region, 0)] + inside)

    def _by_word(self, start: Ints, end: Ints, first: Ints, last: Ints, key: Ints) -> tuple[Ints, Ints, Ints]:
        """Boundary units fall away unless a whole word of them is covered."""
        units = self.units
        head, tail = units[first], units[last - 1]
        head_kept = self._carries(start, end, head)
        tail_kept = self._carries(start, end, tail)
        low, high = first + ~head_kept, last - ~tail_kept
        lost = low >= high
        widest = np.where(_cover(start, end, head) >= _cover(start, end, tail), first, last - 1)
        return np.where(lost, widest, low), np.where(lost, widest + 1, high), key

    def _carries(self, start: Ints, end: Ints, unit: Ints) -> Bools:
        whole = (start <= unit[:, 0]) & (end >= unit[:, 1])
        low, high = np.maximum(start, unit[:, 0]), np.minimum(end, unit[:, 1])
        return np.asarray(whole | holds_whole_word(self.words, low, high))

    def _by_cover(
        self, start: Ints, end: Ints, first: Ints, last: Ints, key: Ints, rule: str
    ) -> tuple[Ints, Ints, Ints]:
        """Inner units are covered wholly; a boundary unit needs half, or more than half, from all spans of its key."""
        single = last - first == 1
        unit = np.concatenate([first, last[~single] - 1])
        owner = np.concatenate([key, key[~single]])
        cover = _cover(np.concatenate([start, start[~single]]), np.concatenate([end, end[~single]]), self.units[unit])
        joint, at = np.unique(owner * (len(self.units) + 1) + unit, return_inverse=True)
        covered = 2 * np.bincount(at, weights=cover, minlength=len(joint))
        owner, unit = joint // (len(self.units) + 1), joint % (len(self.units) + 1)
        length = self.units[unit, 1] - self.units[unit, 0]
        kept = covered >= length if rule == "half" else covered > length
        inner = last - first > 2
        return (
            np.concatenate([unit[kept], first[inner] + 1]),
            np.concatenate([unit[kept] + 1, last[inner] - 1]),
            np.concatenate([owner[kept], key[inner]]),
        )


def _meets(ranges: Ints, start: Ints, end: Ints) -> Bools:
    """Whether each span meets one of the sorted, disjoint `ranges` (n, 2)."""
    first = np.searchsorted(ranges[:, 1], start, side="right")
    return np.asarray(first < np.searchsorted(ranges[:, 0], end, side="left"))


def _cover(start: Ints, end: Ints, unit: Ints) -> Ints:
    """How many code points of each unit (n, 2) the span covers."""
    return np.asarray(np.maximum(np.minimum(end, unit[:, 1]) - np.maximum(start, unit[:, 0]), 0))


def united(key: Ints, start: Ints, end: Ints, *, touching: bool = True) -> tuple[Ints, Ints, Ints]:
    """Ranges of one key joined where they overlap: a coder's own overlapping codings count once.

    With `touching`, ranges that meet end to start are joined too.
    """
    if not len(key):
        return key, start, end
    order = np.lexsort((start, key))
    key, start, end = key[order], start[order], end[order]
    stride = int(end.max()) + 2
    reach = np.maximum.accumulate(end + key * stride)
    opens = np.ones(len(key), bool)
    opens[1:] = start[1:] + key[1:] * stride + (not touching) > reach[:-1]
    first = np.flatnonzero(opens)
    behind = np.concatenate([first[1:], [len(key)]]) - 1
    return key[first], start[first], reach[behind] - key[first] * stride


def lay_out(sources: Sequence[Source], unit_of: Callable[[Source], str], scope: str, cut: Cut, rule: str) -> Continuum:
    """The continuum of `sources` in their order, each cut to `unit_of` it, within `scope`.

    All sources are by character or none is; raises ValueError otherwise.
    """
    kinds = {unit_of(source) == "character" for source in sources}
    if len(kinds) > 1:
        raise ValueError("characters and other units do not mix")
    by_character = kinds == {True}
    offsets: dict[str, int] = {}
    units: list[Ints] = []
    regions: list[Ints] = []
    at = 0
    for source in sources:
        offsets[source.id] = at
        units.append(unit_spans(source, unit_of(source), scope, cut) + at)
        regions.append(in_scope(source, scope) + at)
        at += len(source.text) + 1
    nothing, by_word = np.zeros((0, 2), np.intp), rule == "any" and not by_character
    sizes = [int((u[:, 1] - u[:, 0]).sum()) if by_character else len(u) for u in units]
    return Continuum(
        units=np.concatenate([nothing, *units]),
        bounds=np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)]).astype(np.intp),
        by_character=by_character,
        offsets=offsets,
        words=word_spans("\n".join(source.text for source in sources)) if by_word else nothing,
        regions=np.concatenate([nothing, *regions]),
    )


def unit_spans(source: Source, unit: str, scope: str, cut: Cut) -> Ints:
    """The units of one source as sorted code-point ranges (n, 2); for `character` the regions in scope.

    With scope ``all``, characters and words are those of the whole text, speaker labels included.
    """
    if unit == "character":
        return in_scope(source, scope)
    if unit == "word":
        return _inside(token_spans(source.text), in_scope(source, scope))
    if unit in ("source", "case"):
        return np.array([[0, len(source.text)]], np.intp) if source.text else np.zeros((0, 2), np.intp)
    spans = sorted((segment.span.start, segment.span.end) for segment in cut(source, unit))
    found = np.array(spans, np.intp).reshape(-1, 2)
    return found if scope == "all" else _inside(found, in_scope(source, scope))


def in_scope(source: Source, scope: str) -> Ints:
    """The code-point ranges of a source that count: its whole text, or all turns but an interviewer's."""
    if scope == "all" or not source.turns:
        return np.array([[0, len(source.text)]], np.intp) if source.text else np.zeros((0, 2), np.intp)
    spans = [(turn.span.start, turn.span.end) for turn in source.turns if turn.role != "interviewer"]
    return np.array(spans, np.intp).reshape(-1, 2)


def _inside(spans: Ints, regions: Ints) -> Ints:
    """The spans that begin inside one of the sorted `regions`."""
    if not len(spans) or not len(regions):
        return spans[:0]
    region = np.searchsorted(regions[:, 0], spans[:, 0], side="right") - 1
    return np.asarray(spans[(region >= 0) & (spans[:, 0] < regions[np.maximum(region, 0), 1])])


def blocks(size: int, count: int = 10) -> Ints:
    """Bounds (blocks + 1) of about `count` contiguous blocks of `size` units."""
    return np.unique(np.linspace(0, size, min(count, size) + 1).round().astype(np.intp))


def char_share(sources: Sequence[Source], among: Sequence[Source], scope: str) -> float:
    """The share of the text in scope of `among` that lies in `sources`; 0 when there is none."""

    def length(chosen: Sequence[Source]) -> int:
        return sum(int((r[:, 1] - r[:, 0]).sum()) for r in (in_scope(s, scope) for s in chosen))

    whole = length(among)
    return length(sources) / whole if whole else 0.0
