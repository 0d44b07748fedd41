from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from qualcode.graphemes import snap
from qualcode.model import Anchor, Span

LONG = 300_000
SHINGLE = 40
CONTEXT = 24
ISLAND = 8
DROP = 32
REACH = 64
SURE = 12
GRAM = 12
STEP = 4
SLIDE = 400

class Block(NamedTuple):
    old: int
    new: int
    length: int


@dataclass(frozen=True, slots=True)
class Carried:
    span: Span | None
    anchor: Anchor
    survivors: int


def align(old: str, new: str) -> tuple[Block, ...]:
    found: list[Block] = []
    for old_at, old_end, new_at, new_end in _pieces(old, new):
        for block in _aligned(old[old_at:old_end], new[new_at:new_end]):
            _join(found, Block(block.old + old_at, block.new + new_at, block.length))
    found = _islands(found)
    found = _grown(found, old, new)
    return tuple(_slid(found, old, new))


def _join(blocks, block):
    if blocks:
        last = blocks[-1]
        if last.old + last.length == block.old and last.new + last.length == block.new:
            blocks[-1] = Block(last.old, last.new, last.length + block.length)
            return
    blocks.append(block)


def _islands(blocks):
    """Blocks of stretches where matches outweigh edits; X-drop."""
    kept: list[Block] = []
    at = 0
    while at < len(blocks):
        peak, end = _island(blocks, at)
        if peak >= ISLAND:
            kept += blocks[at:end]
            at = end
        else:
            at += 1
    return kept


def _island(blocks, at):
    """Best score of a run of blocks from `at`, and its end index."""
    score = peak = blocks[at].length
    end = at + 1
    for k in range(at + 1, len(blocks)):
        before, block = blocks[k - 1], blocks[k]
        score -= max(block.old - before.old - before.length, block.new - before.new - before.length)
        if score <= 0 or score < peak - DROP:
            break
        score += block.length
        if score > peak:
            peak, end = score, k + 1
    return peak, end


def _grown(blocks, old, new):
    """Blocks lengthened into the gaps as far as both texts agree."""
    grown: list[Block] = []
    for k, block in enumerate(blocks):
        old_at, new_at = (grown[-1].old + grown[-1].length, grown[-1].new + grown[-1].length) if grown else (0, 0)
        back = _common_end(old[old_at:block.old], new[new_at:block.new])
        start_old, start_new = block.old - back, block.new - back
        end_old, end_new = block.old + block.length, block.new + block.length
        next_old, next_new = (blocks[k+1].old, blocks[k+1].new) if k + 1 < len(blocks) else (len(old), len(new))
        on = _common(old[end_old:next_old], new[end_new:next_new])
        _join(grown, Block(start_old, start_new, end_old + on - start_old))
    return grown

def _common_end(one, other):
    n = 0
    limit = min(len(one), len(other))
    while n < limit and one[-1-n] == other[-1-n]:
        n += 1
    return n

def _slid(blocks, old, new):
    """Gaps of one text only, slid to where a line, a sentence or a word begins."""
    blocks = list(blocks)
    for k in range(len(blocks) - 1):
        first, second = blocks[k], blocks[k + 1]
        if not first.length or not second.length: continue
        g0, g1 = first.old + first.length, second.old
        h0, h1 = first.new + first.length, second.new
        if (g1 - g0 == 0) == (h1 - h0 == 0):
            continue
        text, start, end = (old, g0, g1) if g1 > g0 else (new, h0, h1)
        by = _best_slide(text, start, end, first.length, second.length)
        if by:
            blocks[k] = Block(first.old, first.new, first.length + by)
            blocks[k + 1] = Block(second.old + by, second.new + by, second.length - by)
    result = []
    for block in blocks:
        if block.length: _join(result, block)
    return result

def _best_slide(text, start, end, room_left, room_right):
    left = 0
    while left < min(room_left, SLIDE) and text[start - 1 - left] == text[end - 1 - left]:
        left += 1
    right = 0
    while right < min(room_right, SLIDE) and text[start + right] == text[end + right]:
        right += 1
    if not left and not right: return 0
    return max(range(-left, right + 1), key=lambda by: (_niceness(text, start + by) + _niceness(text, end + by), -abs(by)))

def _niceness(text, at):
    if at == 0 or at == len(text) or text[at - 1] == "\n":
        return 4
    before, after = text[at - 1], text[at]
    if after == "\n": return 3
    if before.isspace() and not after.isspace():
        return 2
    if before.isalnum() != after.isalnum(): return 1
    return 0


def _aligned(old, new):
    from rapidfuzz.distance import Levenshtein

    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield Block(0, 0, head)
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if middle_old and middle_new:
        for op in Levenshtein.opcodes(middle_old, middle_new):
            if op.tag == "equal":
                yield Block(op.src_start + head, op.dest_start + head, op.src_end - op.src_start)
    if tail:
        yield Block(len(old) - tail, len(new) - tail, tail)


def _common(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _pieces(old: str, new: str):
    yield 0, len(old), 0, len(new)


class Carrier:
    def __init__(self, old: str, new: str, blocks: Sequence[Block] | None = None) -> None:
        self.old = old
        self.new = new
        self.blocks = tuple(blocks) if blocks is not None else align(old, new)
        self._starts = [block.old for block in self.blocks]
        self._news = [block.new for block in self.blocks]

    def carry(self, span: Span) -> Carried:
        pieces = self._surviving(span)
        survivors = sum(piece.length for piece in pieces)
        if 2 * survivors < len(span):
            return self._elsewhere(span, survivors)
        place = Span(self._start(span, pieces[0]), self._end(span, pieces[-1]))
        place = snap(self.new, place)
        exact = self.new[place.start : place.end] == self.old[span.start : span.end]
        if not self._trusted(span, place, pieces, exact):
            return Carried(place, "review", survivors)
        return Carried(place, "exact" if exact else "edited", survivors)

    def _surviving(self, span: Span) -> list[Block]:
        at = max(bisect_right(self._starts, span.start) - 1, 0)
        found = []
        for block in self.blocks[at:] if at else self.blocks:
            if block.old >= span.end:
                break
            start, end = max(block.old, span.start), min(block.old + block.length, span.end)
            if start < end:
                found.append(Block(start, block.new + start - block.old, end - start))
        return found

    def _start(self, span, first):
        k = bisect_right(self._starts, first.old) - 1
        if self._starts[k] < first.old:
            return first.new
        g0, h0 = (self.blocks[k-1].old + self.blocks[k-1].length, self.blocks[k-1].new + self.blocks[k-1].length) if k else (0, 0)
        lost, width = first.old - span.start, first.new - h0
        taken = self._share(lost, first.old - g0, width)
        at = first.new - taken
        if _at_word(self.old, span.start):
            while at > h0 and not _at_word(self.new, at):
                at -= 1
        return at

    def _end(self, span, last):
        end_old, end_new = last.old + last.length, last.new + last.length
        k = bisect_right(self._starts, last.old) - 1
        if self.blocks[k].old + self.blocks[k].length > end_old:
            return end_new
        g1, h1 = (self.blocks[k+1].old, self.blocks[k+1].new) if k + 1 < len(self.blocks) else (len(self.old), len(self.new))
        lost, width = span.end - end_old, h1 - end_new
        taken = self._share(lost, g1 - end_old, width)
        at = end_new + taken
        if _at_word(self.old, span.end):
            while at < h1 and not _at_word(self.new, at):
                at += 1
        return at

    def _share(self, lost, gap, width):
        if not lost:
            return 0
        if width > 3 * gap + CONTEXT:
            return min(lost, width)
        return round(width * lost / gap)

    def _trusted(self, span, place, pieces, exact):
        before = self._before(span.start, place.start)
        after = self._after(span.end, place.end)
        if len(place) > 2 * len(span) + CONTEXT:
            return False
        if before >= SURE and after >= SURE:
            return True
        own = self._own(pieces)
        if before + own + after < 2 * SURE:
            return False
        return self._unique(span)

    def _own(self, pieces):
        return sum(p.length for p in pieces) - sum(max(b.old - a.old - a.length, b.new - a.new - a.length) for a, b in zip(pieces, pieces[1:]))

    def _unique(self, span):
        """Whether a stretch of a block at the span stands once in both texts."""
        for piece in self._surviving(Span(max(0, span.start - CONTEXT), min(len(self.old), span.end + CONTEXT))):
            if piece.length >= SURE:
                text = self.old[piece.old: piece.old + piece.length]
                if self.old.count(text) == 1 and self.new.count(text) == 1:
                    return True
        return False

    def _before(self, o, n):
        k = bisect_left(self._starts, o) - 1
        score = peak = matched = 0
        while matched < REACH:
            if k >= 0:
                block = self.blocks[k]
                take = min(block.old + block.length, o) - block.old
                start_old, start_new = block.old, block.new
            else:
                take, start_old, start_new = REACH, -REACH, -REACH
            score -= max(o - start_old - take, n - start_new - take, 0)
            if score < peak - DROP:
                break
            o, n = start_old, start_new
            take = min(take, REACH - matched)
            matched += take
            score += take
            peak = max(peak, score)
            if k < 0: break
            k -= 1
        return peak

    def _after(self, o, n):
        k = bisect_right(self._starts, o) - 1
        if k < 0 or self.blocks[k].old + self.blocks[k].length <= o:
            k += 1
        score = peak = matched = 0
        while matched < REACH:
            if k < len(self.blocks):
                block = self.blocks[k]
                start_old, start_new = max(block.old, o), block.new + max(0, o - block.old)
                take = block.old + block.length - start_old
            else:
                start_old, start_new, take = len(self.old), len(self.new), REACH
            score -= max(start_old - o, start_new - n, 0)
            if score < peak - DROP:
                break
            o, n = start_old + take, start_new + take
            take = min(take, REACH - matched)
            matched += take
            score += take
            peak = max(peak, score)
            if k >= len(self.blocks): break
            k += 1
        return peak

    def _elsewhere(self, span: Span, survivors: int) -> Carried:
        text = self.old[span.start : span.end]
        at = self.new.find(text)
        if at >= 0:
            return Carried(Span(at, at + len(text)), "review", survivors)
        return Carried(None, "orphan", survivors)

def _at_word(text, at):
    return at == 0 or at == len(text) or not (text[at-1].isalnum() and text[at].isalnum())
