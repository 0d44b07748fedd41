"""Align two versions of a text by characters: the matching blocks that a revision stores. Offsets are code points.

Levenshtein's alignment (rapidfuzz) is the base: 30,000 characters take about 0.04 s. Comparing lines first mapped only
15 % of spans correctly at 5 % edits. Alone it has three faults, each mended here in time proportional to the text:

- it writes one word over another where keeping both would be as plain (`_realigned`);
- in text that was taken out or moved it matches stray letters by chance, which drag spans along: of 4,000 segments with
  a fifth of the turns moved, 44 got an edge in the wrong place, 14 without the stray letters (`_islands`);
- of equally short edits it takes any, such as "h[ave h]ave" for "[have ]have": 23 wrong edges against 14 (`_slid`).

Plain alignment is quadratic (5 s at 300,000 characters), so long texts are cut where both share a unique run (`_cut`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

LONG = 50_000  # code points aligned in one piece, in about 0.1 s; longer texts are cut
SHINGLES = (40, 24, 14)  # code points of the runs at which long texts are cut, tried in this order
STEADY = 4  # runs on either side of a cut that have moved by as much, give or take `DRIFT`
DRIFT = 64  # code points
HOPELESS = 40_000_000_000  # old × new code points that share no run: about 3 s to align, for texts that are strangers
FIRM = 10  # code points of a match that is not called in question
FAR = 600  # code points between firm matches up to which the stretch is realigned
PIECE = 2  # matched code points that one piece less is worth
ISLAND = 8  # how far matches must outweigh edits for a stretch to be the same text
DROP = 40  # how far edits may outweigh matches before a stretch ends
SLIDE = 400  # code points by which a gap may slide


# Size of the runs, and how many neighbours must agree; at the last any cut is better than none.
_TRIES = (*((size, STEADY) for size in SHINGLES), *((size, 0) for size in SHINGLES))


class Block(NamedTuple):
    """`length` code points that are the same from `old` in the old text and from `new` in the new one."""

    old: int
    new: int
    length: int

    @property
    def old_end(self) -> int:
        """Where the block ends in the old text."""
        return self.old + self.length

    @property
    def new_end(self) -> int:
        """Where the block ends in the new text."""
        return self.new + self.length


class Gap(NamedTuple):
    """What lies between two blocks: ``old[old:old_end]`` became ``new[new:new_end]``; either may be empty."""

    old: int
    old_end: int
    new: int
    new_end: int

    @classmethod
    def between(cls, first: Block, second: Block) -> Gap:
        """The gap after `first` and before `second`."""
        return cls(first.old_end, second.old, first.new_end, second.new)

    @property
    def cost(self) -> int:
        """How many characters were edited: a replaced one counts once."""
        return max(self.old_end - self.old, self.new_end - self.new)


def align(old: str, new: str) -> tuple[Block, ...]:
    """Matching blocks in order: disjoint, never crossing, the same characters in both texts."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    blocks: list[Block] = []
    _join(blocks, Block(0, 0, head))
    for piece in _cut(old, new, Gap(head, len(old) - tail, head, len(new) - tail)):
        for block in _levenshtein(old, new, piece):
            _join(blocks, block)
    _join(blocks, Block(len(old) - tail, len(new) - tail, tail))
    least = min(ISLAND, (min(len(old), len(new)) + 1) // 2)
    blocks = _grown(_islands(_realigned(blocks, old, new), least), old, new)
    # Twice: a slide that closes up a block lets the joined gap slide on.
    return tuple(_slid(_slid(blocks, old, new), old, new))


def gaps(blocks: Sequence[Block], old: str, new: str) -> Iterator[Gap]:
    """The gap before each block, and the one after the last."""
    before = Block(0, 0, 0)
    for block in (*blocks, Block(len(old), len(new), 0)):
        yield Gap.between(before, block)
        before = block


def _join(blocks: list[Block], block: Block) -> None:
    """Append a block unless it is empty, or lengthen the last one when they touch in both texts."""
    if not block.length:
        return
    if blocks and blocks[-1].old_end == block.old and blocks[-1].new_end == block.new:
        block = Block(blocks[-1].old, blocks[-1].new, blocks.pop().length + block.length)
    blocks.append(block)


def _common(one: str, other: str) -> int:
    """The length of the common beginning, by halving: slices compare at memory speed."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


# Cutting long texts


def _cut(old: str, new: str, whole: Gap, tries: Sequence[tuple[int, int]] = _TRIES) -> Iterator[Gap]:
    """Both texts cut at the same places into pieces that are small enough to align; strangers are left out."""
    if max(whole.old_end - whole.old, whole.new_end - whole.new) <= LONG:
        yield whole
    elif tries:
        size, steady = tries[0]
        for piece in _cut_at(whole, _steady(_shared(old, new, whole, size), steady)):
            yield from _cut(old, new, piece, tries[1:])
    elif (whole.old_end - whole.old) * (whole.new_end - whole.new) <= HOPELESS:
        yield whole


def _cut_at(whole: Gap, places: Sequence[tuple[int, int]]) -> Iterator[Gap]:
    """The pieces between `places`, none much smaller than it need be."""
    old_at, new_at = whole.old, whole.new
    for old_cut, new_cut in places:
        if max(old_cut - old_at, new_cut - new_at) >= LONG // 4:
            yield Gap(old_at, old_cut, new_at, new_cut)
            old_at, new_at = old_cut, new_cut
    yield Gap(old_at, whole.old_end, new_at, whole.new_end)


def _steady(places: Sequence[tuple[int, int]], neighbours: int) -> list[tuple[int, int]]:
    """Those places whose neighbours have moved as far.

    A single run may stand once in the new text because its place was edited while a copy of it elsewhere was not.
    """
    shifts = [new - old for old, new in places]
    found = []
    for k in range(neighbours, len(places) - neighbours):
        around = shifts[k - neighbours : k + neighbours + 1]
        if max(around) - min(around) <= DRIFT:
            found.append(places[k])
    return found


def _shared(old: str, new: str, whole: Gap, size: int) -> list[tuple[int, int]]:
    """Places of runs of `size` that stand once in each text, the most of them that do not cross."""
    wanted = {old[at : at + size] for at in range(whole.old, whole.old_end - size + 1, size)}
    there = _once(new, whole.new, whole.new_end, size, wanted)
    here = _once(old, whole.old, whole.old_end, size, there.keys())
    return _increasing(sorted((at, there[run]) for run, at in here.items()))


def _once(text: str, start: int, end: int, size: int, wanted: Container[str]) -> dict[str, int]:
    """Where those runs of `size` stand that are wanted and stand in ``text[start:end]`` just once."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for at in range(start, end - size + 1):
        run = text[at : at + size]
        if run in wanted:
            if run in found:
                twice.add(run)
            found[run] = at
    return {run: at for run, at in found.items() if run not in twice}


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second members increase (patience sorting)."""
    tails: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        k = bisect_left(tails, place)
        before.append(tops[k - 1] if k else -1)
        tails[k : k + 1] = [place]
        tops[k : k + 1] = [at]
    chain = []
    at = tops[-1] if tops else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


# Aligning


def _levenshtein(old: str, new: str, piece: Gap) -> Iterator[Block]:
    """Blocks of the shortest edit from one piece to the other."""
    from rapidfuzz.distance import Levenshtein

    for op in Levenshtein.opcodes(old[piece.old : piece.old_end], new[piece.new : piece.new_end]):
        if op.tag == "equal":
            yield Block(piece.old + op.src_start, piece.new + op.dest_start, op.src_end - op.src_start)


def _longest(old: str, new: str, piece: Gap) -> list[Block]:
    """Blocks of the longest common subsequence of two short pieces (its memory is quadratic)."""
    from rapidfuzz.distance import LCSseq

    found: list[Block] = []
    for op in LCSseq.opcodes(old[piece.old : piece.old_end], new[piece.new : piece.new_end]):
        if op.tag == "equal":
            found.append(Block(piece.old + op.src_start, piece.new + op.dest_start, op.src_end - op.src_start))
    return found


def _realigned(blocks: Sequence[Block], old: str, new: str) -> list[Block]:
    """Poorly matched stretches between firm blocks get the alignment that keeps the most, if in few pieces.

    A replaced character costs Levenshtein as little as a deleted one, so it lays words over foreign words.
    """
    result: list[Block] = []
    crumbs: list[Block] = []
    last = Block(0, 0, 0)
    for block in (*blocks, Block(len(old), len(new), 0)):
        if block.length and block.length < FIRM:
            crumbs.append(block)
            continue
        stretch = Gap.between(last, block)
        kept = sum(crumb.length for crumb in crumbs)
        if crumbs and 5 * kept < 3 * stretch.cost <= 3 * FAR:
            crumbs = max(crumbs, _longest(old, new, stretch), key=_worth)
        for found in (*crumbs, block):
            _join(result, found)
        crumbs, last = [], block
    return result


def _worth(blocks: Sequence[Block]) -> int:
    return sum(block.length - PIECE for block in blocks)


def _islands(blocks: Sequence[Block], least: int) -> list[Block]:
    """The blocks of stretches in which matches outweigh edits by `least`; what matches elsewhere does so by chance."""
    kept: list[Block] = []
    at = 0
    while at < len(blocks):
        height, end = _island(blocks, at)
        if height >= least:
            kept += blocks[at:end]
        at = end if height >= least else at + 1
    return kept


def _island(blocks: Sequence[Block], at: int) -> tuple[int, int]:
    """The best balance of matches against edits of a run of blocks from `at` on, and where that run ends."""
    old_at, new_at, score = blocks[at]
    old_at, new_at, peak, end = old_at + score, new_at + score, score, at + 1
    for k in range(at + 1, len(blocks)):
        old, new, length = blocks[k]
        score -= max(old - old_at, new - new_at)
        if score <= 0 or score < peak - DROP:
            break
        score += length
        if score > peak:
            peak, end = score, k + 1
        old_at, new_at = old + length, new + length
    return peak, end


def _grown(blocks: Sequence[Block], old: str, new: str) -> list[Block]:
    """Blocks lengthened into the gaps around them as far as both texts agree, backwards first."""
    grown: list[Block] = []
    for gap, block in zip(gaps(blocks, old, new), (*blocks, Block(len(old), len(new), 0)), strict=True):
        if gap.old == gap.old_end or gap.new == gap.new_end:
            _join(grown, block)
            continue
        back = _common(old[gap.old : gap.old_end][::-1], new[gap.new : gap.new_end][::-1])
        on = _common(old[gap.old : gap.old_end - back], new[gap.new : gap.new_end - back])
        _join(grown, Block(gap.old, gap.new, on))
        _join(grown, Block(block.old - back, block.new - back, block.length + back))
    return grown


def _slid(blocks: Sequence[Block], old: str, new: str) -> list[Block]:
    """Gaps of only one text moved, where that makes no difference, to where a line or a word begins."""
    slid: list[Block] = []
    last = Block(0, 0, 0)
    for block in blocks:
        old_at, new_at = last.old + last.length, last.new + last.length
        by = 0
        if old_at == block.old:
            by = _best_slide(new, new_at, block.new, last.length, block.length)
        elif new_at == block.new:
            by = _best_slide(old, old_at, block.old, last.length, block.length)
        _join(slid, Block(last.old, last.new, last.length + by))
        last = Block(block.old + by, block.new + by, block.length - by) if by else block
    _join(slid, last)
    return slid


def _best_slide(text: str, start: int, end: int, before: int, after: int) -> int:
    """By how much to move ``text[start:end]`` between matches of `before` and `after` code points.

    Closing up a match is best, then good edges; of equals the last, as what is said again follows what was said.
    """
    low = high = 0
    if start == end or not before or not after:
        return 0
    while -low < min(before, SLIDE) and text[start - 1 + low] == text[end - 1 + low]:
        low -= 1
    while high < min(after, SLIDE) and text[start + high] == text[end + high]:
        high += 1
    if not low and not high:
        return 0
    edges = {by: _edge(text, start + by) + _edge(text, end + by) for by in range(low, high + 1)}
    return max(edges, key=lambda by: (by in (-before, after), edges[by], by))


def _edge(text: str, at: int) -> int:
    """How good a place for an edit's edge this is: 4 where a line begins … 0 inside a word."""
    if at in (0, len(text)) or text[at - 1] == "\n":
        return 4
    if text[at] == "\n":
        return 3
    if text[at - 1].isspace() and not text[at].isspace():
        return 2
    return int(text[at - 1].isalnum() != text[at].isalnum())
