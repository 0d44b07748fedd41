from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from qualcode.graphemes import snap
from qualcode.model import Anchor, Span

LONG = 300_000
SHINGLE = 40
CONTEXT = 24
ISLAND = 8
DROP = 40
REACH = 64
NEAR = 8
NEARBY = 24
SURE = 12
GRAM = 12
STEP = 4
SLIDE = 400
FIRM = 10
FAR = 600

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
    found = _refined(found, old, new)
    found = _islands(found)
    found = _slid(_grown(found, old, new), old, new)
    return tuple(_slid(found, old, new))


def _join(blocks, block):
    if blocks:
        last = blocks[-1]
        if last.old + last.length == block.old and last.new + last.length == block.new:
            blocks[-1] = Block(last.old, last.new, last.length + block.length)
            return
    blocks.append(block)


def _refined(blocks, old, new):
    """Stretches where Levenshtein wrote one word over another, aligned anew for the most characters kept."""
    firm = [k for k, block in enumerate(blocks) if block.length >= FIRM]
    ends = [Block(0, 0, 0), *(blocks[k] for k in firm), Block(len(old), len(new), 0)]
    parts = [blocks[a + 1 : b] for a, b in zip([-1, *firm], [*firm, len(blocks)])]
    result = []
    for part, a, b in zip(parts, ends, ends[1:]):
        place = (a.old + a.length, b.old, a.new + a.length, b.new)
        if part and max(place[1] - place[0], place[3] - place[2]) <= FAR and _clumsy(part, *place):
            part = max(part, _kept_most(old, new, *place), key=_worth)
        for block in part: _join(result, block)
        if b.length: _join(result, b)
    return result


def _clumsy(blocks, old_at, old_end, new_at, new_end):
    return 5 * sum(b.length for b in blocks) < 3 * max(old_end - old_at, new_end - new_at)


def _kept_most(old, new, old_at, old_end, new_at, new_end):
    from rapidfuzz.distance import LCSseq
    found = []
    for op in LCSseq.opcodes(old[old_at:old_end], new[new_at:new_end]):
        if op.tag == "equal":
            found.append(Block(op.src_start + old_at, op.dest_start + new_at, op.src_end - op.src_start))
    return found


def _worth(blocks):
    return sum(block.length - 2 for block in blocks)


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
    return max(range(-left, right + 1), key=lambda by: (by in (-room_left, room_right), _niceness(text, start + by) + _niceness(text, end + by), by))

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



class _Side:
    """One direction of reading."""

    def __init__(self, old: str, new: str, blocks: Sequence[Block], costs) -> None:
        self.old, self.new = old, new
        self.costs = costs
        self.blocks = (*blocks, Block(len(old), len(new), REACH))
        self.starts = [block.old for block in self.blocks]

    @classmethod
    def backwards(cls, old, new, blocks, costs):
        mirrored = [_mirrored(b, len(old), len(new)) for b in reversed(blocks)]
        return cls(old[::-1], new[::-1], mirrored, costs[::-1])

    def edge(self, end: int, last: Block) -> int:
        old_at, new_at = last.old + last.length, last.new + last.length
        following = self.blocks[bisect_left(self.starts, end)]
        k = bisect_right(self.starts, last.old) - 1
        if self.blocks[k].old + self.blocks[k].length > old_at:
            return new_at
        lost, gap, width = end - old_at, following.old - old_at, following.new - new_at
        at = new_at + _stretch(lost, gap, width)
        if _at_word(self.old, end):
            while at < min(following.new, new_at + CONTEXT + lost) and not _at_word(self.new, at):
                at += 1
        return at

    def support(self, old_at: int, new_at: int, reach: int, drop: int) -> int:
        k = bisect_right(self.starts, old_at) - 1
        if k < 0 or self.blocks[k].old + self.blocks[k].length <= old_at:
            k += 1
        score = peak = matched = 0
        for k in range(k, min(k + 200, len(self.blocks))):
            block = self.blocks[k]
            skip = max(0, old_at - block.old)
            start_old, start_new, length = block.old + skip, block.new + skip, block.length - skip
            score -= min(self.costs[k], max(start_old - old_at, start_new - new_at, 0))
            if score < peak - drop or matched >= reach:
                break
            old_at, new_at = start_old + length, start_new + length
            length = min(length, reach - matched)
            matched += length
            score += length
            peak = max(peak, score)
        return peak


def _mirrored(b, o, n):
    return Block(o - b.old - b.length, n - b.new - b.length, b.length)


def _stretch(lost, gap, width):
    if not lost or (lost > CONTEXT and gap > lost):
        return 0
    if width > 2 * gap + NEAR:
        return min(lost, width)
    return round(width * lost / gap)


def _costs(old, new, blocks):
    """What the gap before each block, and the one after the last, says against its neighbourhood."""
    ends = (Block(0, 0, 0), *blocks, Block(len(old), len(new), 0))
    gaps = []
    for a, b in zip(ends, ends[1:]):
        gaps.append((a.old + a.length, b.old, a.new + a.length, b.new))
    short = [(old[a:b], new[c:d]) if max(b-a, d-c) <= REACH else None for a,b,c,d in gaps]
    often = Counter(short)
    return [1 if text is not None and often[text] > 2 else max(b-a, d-c) for text, (a,b,c,d) in zip(short, gaps)]


class Carrier:
    def __init__(self, old: str, new: str, blocks: Sequence[Block] | None = None) -> None:
        self.old = old
        self.new = new
        self.blocks = tuple(blocks) if blocks is not None else align(old, new)
        costs = _costs(old, new, self.blocks)
        self._on = _Side(old, new, self.blocks, costs)
        self._back = _Side.backwards(old, new, self.blocks, costs)

    def carry(self, span: Span) -> Carried:
        pieces = self._surviving(span)
        survivors = sum(piece.length for piece in pieces)
        if 2 * survivors < len(span):
            moved = self._elsewhere(span)
            if moved is None and pieces:
                moved = snap(self.new, self._place(span, pieces))
                if min(self._support(span, moved)) < NEAR: moved = None
            return Carried(moved, "review" if moved else "orphan", survivors)
        pieces = self._anchored(span, pieces)
        place = snap(self.new, self._place(span, pieces)) if pieces else None
        if place is None: return Carried(None, "orphan", survivors)
        exact = self.new[place.start : place.end] == self.old[span.start : span.end]
        if not self._trusted(span, place, pieces, exact):
            return Carried(place, "review", survivors)
        return Carried(place, "exact" if exact else "edited", survivors)

    def _anchored(self, span, pieces):
        place = self._place(span, pieces)
        if self._similar(span, place, pieces): return pieces
        first, last = 0, len(pieces)
        whole = self._whole
        while first < last and pieces[first] in whole and not self._solid(pieces[first]): first += 1
        while last > first and pieces[last - 1] in whole and not self._solid(pieces[last-1]): last -= 1
        return pieces[first:last] or pieces

    def _place(self, span, pieces):
        n_old, n_new = len(self.old), len(self.new)
        start = n_new - self._back.edge(n_old - span.start, _mirrored(pieces[0], n_old, n_new))
        return Span(start, self._on.edge(span.end, pieces[-1]))

    def _surviving(self, span: Span) -> list[Block]:
        at = max(bisect_right(self._on.starts, span.start) - 1, 0)
        found = []
        while at < len(self.blocks) and self.blocks[at].old < span.end:
            block = self.blocks[at]
            start, end = max(block.old, span.start), min(block.old + block.length, span.end)
            if start < end:
                found.append(Block(start, block.new + start - block.old, end - start))
            at += 1
        return found

    def _trusted(self, span, place, pieces, exact):
        if 2 * len(place) > 3 * len(span) + CONTEXT:
            self.why = "swollen"; return False
        if exact and self._intact(span, place):
            return True
        before, after = self._support(span, place)
        lost = [edge for edge, support in ((span.start, before), (span.end, after)) if support < NEAR]
        if not exact and not self._similar(span, place, pieces):
            solid = sum(p.length for p in pieces if self._solid(p))
            if lost or 2 * solid < max(len(span), len(place)):
                self.why = "unlike"; return False
        if len(lost) == 2 and not (len(span) >= SURE and self._once(span)):
            self.why = "both"; return False
        if lost and not exact and sum(p.length for p in pieces) < SURE:
            self.why = "short"; return False
        if lost and len(span) < REACH:
            if not self._once(span) and not self._same_neighbours(span, place, lost):
                self.why = "neighbour"; return False
            if max(before, after) < NEARBY - 4 and not self._once(span):
                self.why = "weak"; return False
        if lost and len(span) < REACH:
            quote, a, b = self.old[span.start:span.end], place.start, place.end
            if (before < NEAR and quote in self.new[max(0, a - REACH):a]) or (after < NEAR and quote in self.new[b:b+REACH]):
                self.why = "twin"; return False
        for edge, support in ((span.start, before), (span.end, after)):
            if len(span) < 2 * REACH and self._rival(span, edge, place, support):
                self.why = "rival"; return False
        return True

    def _intact(self, span, place):
        if min(span.start, place.start) < CONTEXT or span.end + CONTEXT > len(self.old) or place.end + CONTEXT > len(self.new):
            return False
        return self.old[span.start-CONTEXT:span.end+CONTEXT] == self.new[place.start-CONTEXT:place.end+CONTEXT]

    def _same_neighbours(self, span, place, lost):
        if span.start in lost and self.old[:span.start][-1:] != self.new[:place.start][-1:]:
            return False
        return not (span.end in lost and self.old[span.end:span.end+1] != self.new[place.end:place.end+1])

    def _support(self, span, place):
        n_old, n_new = len(self.old), len(self.new)
        return (self._back.support(n_old - span.start, n_new - place.start, NEARBY, NEAR),
            self._on.support(span.end, place.end, NEARBY, NEAR))

    def _once(self, span):
        text = self.old[span.start:span.end]
        return self.old.count(text) == 1 and self.new.count(text) <= 1

    def _similar(self, span, place, pieces):
        matched = sum(p.length for p in pieces)
        ends = (Block(span.start, place.start, 0), *pieces, Block(span.end, place.end, 0))
        gaps = sum(max(b.old - a.old - a.length, b.new - a.new - a.length) for a, b in zip(ends, ends[1:]))
        if len(pieces) > 1 or gaps:
            gaps = 0
            for a, b in zip(ends, ends[1:]):
                raw = max(b.old - a.old - a.length, b.new - a.new - a.length)
                k = bisect_left(self._on.starts, b.old) if b.length else bisect_right(self._on.starts, a.old)
                gaps += min(raw, self._on.costs[min(k, len(self._on.costs)-1)]) if raw else 0
        return 5 * (matched - gaps) >= len(span)

    def _solid(self, p):
        return _at_word(self.old, p.old) and _at_word(self.new, p.new) and _at_word(self.old, p.old + p.length) and _at_word(self.new, p.new + p.length)

    @cached_property
    def _whole(self): return set(self.blocks)

    @cached_property
    def _grams(self):
        index = {}
        for at in range(0, len(self.new) - GRAM + 1, STEP):
            index.setdefault(self.new[at:at+GRAM], []).append(at)
        return index

    def _votes(self, start, end):
        """Shifts at which the 12-grams from start to end stand in the new text."""
        votes = Counter()
        for at in range(max(0, start), min(end, len(self.old) - GRAM + 1)):
            for there in self._grams.get(self.old[at:at+GRAM], ())[:50]:
                votes[there - at] += 1
        return votes

    def _rival(self, span, edge, place, support):
        from rapidfuzz.distance import Levenshtein
        own_outer = NEARBY - support
        if own_outer < NEAR: return False
        at = place.start if edge == span.start else place.end
        start, end = max(0, edge - NEARBY), min(len(self.old), edge + NEARBY)
        sign = 1 if edge == span.start else -1
        inner = (edge, min(span.end, end)) if sign > 0 else (max(start, span.start), edge)
        outer = (start, edge) if sign > 0 else (edge, end)
        def distance(part, shift):
            return Levenshtein.distance(self.old[part[0]:part[1]], self.new[max(0, part[0]+shift):max(0, part[1]+shift)])
        own_inner = distance(inner, at - edge)
        votes = self._votes(start, end - GRAM + 1)
        for shift, n in votes.most_common(8):
            if not (at - NEARBY <= edge + shift <= at + NEARBY):
                if distance(inner, shift) <= own_inner + (inner[1] - inner[0]) // 8 and distance(outer, shift) <= own_outer - NEAR // 2:
                    return True
        return False

    def _elsewhere(self, span: Span) -> Span | None:
        first, last = sorted((span.start, span.end - GRAM))
        for shift, n in self._votes(first, last + 1).most_common(20):
            if n * STEP * 2 < last - first:
                break
            start, end = max(0, span.start + shift), min(len(self.new), span.end + shift)
            if start < end and 2 * self._taken(start, end) < end - start:
                return snap(self.new, Span(start, end))
        return None

    @cached_property
    def _news(self):
        return [b.new for b in self.blocks]

    def _taken(self, start, end):
        at = max(bisect_right(self._news, start) - 1, 0)
        total = 0
        while at < len(self.blocks) and self.blocks[at].new < end:
            b = self.blocks[at]
            total += max(0, min(end, b.new + b.length) - max(start, b.new))
            at += 1
        return total

def _at_word(text, at):
    return at == 0 or at == len(text) or not (text[at-1].isalnum() and text[at].isalnum())
