"""Carry spans from one version of a text to the next: aligned by characters, then verified.

Outcomes: *exact* – the same characters in their place; *edited* – at least half of them survive in place; *review* –
they stand elsewhere, or the place cannot be told from a look-alike; *orphan* – gone. Nothing is guessed in silence: a
place is believed when what stands there is like the span, its neighbours still stand beside it, and no other place
claims it. Of 4,000 segments with a fifth of the turns moved, alignment alone got 43 silently wrong, these checks leave
one. Offsets are code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from qualcode.alignment import Block, Gap, align, gaps
from qualcode.graphemes import snap
from qualcode.model import Anchor, Span

__all__ = ["Block", "Carried", "Carrier", "align"]

NEARBY = 24  # code points on either side that are a span's neighbourhood
NEAR = 8  # how far matches must outweigh edits there; on the way edits may outweigh them as far
SHORT = 12  # code points of a quotation that says little by itself
# How far matches must outweigh edits on both sides to hold what is between them by half of its words. Without this
# 0.8 % of what survives is doubtful when a twentieth of the words changes, with it 0.5 %.
BESIDE = 17
TELLING = 64  # code points of a quotation that its likeness alone keeps in its place
CRUMB = 3  # code points of a match at a span's end that may be stray letters
# From so many edits a character on, letters of other short words agree by chance: 4 of 60,000 segments at a fifth of
# the words, none of 120,000 at a tenth and less.
REWRITTEN = 0.15
HABIT = 3  # times a replacement is made to be a habit, such as a renamed speaker, which counts as one edit: 100 % of
# segments are held when speakers are renamed, 96 % when every replaced letter counts
GRAM = 12  # code points of the runs by which text is found elsewhere
STEP = 4  # every fourth run of the new text is indexed: 2 ms for 40,000 characters
CROWD = 50  # places at most that one run stands for
CLAIMS = 8  # places that are looked at


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a span is in the new text (None for an orphan), how sure that is, and how many code points survive."""

    span: Span | None
    anchor: Anchor
    survivors: int


class _Match(NamedTuple):
    """A span of the old text, its place in the new one, and the matching pieces between them."""

    span: Span
    place: Span
    pieces: Sequence[Block]
    survivors: int
    exact: bool  # the same characters
    like: bool  # matches outweigh edits by a quarter of it: unrelated text does not get there


class Carrier:
    """Carries many spans from `old` to `new`; built once per revision.

    `blocks` are those of `align`, stored with the revision, so that a span comes out the same whenever it is carried.
    Raises ValueError for blocks that overlap, cross or do not fit the texts.
    """

    def __init__(self, old: str, new: str, blocks: Sequence[Block] | None = None) -> None:
        self.old = old
        self.new = new
        self.blocks = align(old, new) if blocks is None else _checked(blocks, old, new)
        self._onwards = _Direction(old, new, self.blocks, _habits(self.blocks, old, new))
        self._backwards = self._onwards.reversed()
        self._elsewhere = _Elsewhere(old, new, self.blocks)
        self._rewritten = bool(old) and self._onwards.toll[-1] > REWRITTEN * len(old)

    def carry(self, span: Span) -> Carried:
        """Where the span's text is now: a pure function of the two texts, the blocks and the span.

        Raises ValueError when the span leaves the old text.
        """
        if span.end > len(self.old):
            raise ValueError(f"span {span.start}:{span.end} leaves a text of {len(self.old)} code points")
        match = self._match(span, list(self._surviving(span)))
        if match and not match.exact and not match.like:
            match = self._match(span, self._without_crumbs(match.pieces))
        if match is None:
            moved = self._elsewhere.find(span) or self._replaced(span)
            return Carried(moved, "review" if moved else "orphan", 0)
        if self._doubtful(match):
            return Carried(match.place, "review", match.survivors)
        return Carried(match.place, "exact" if match.exact else "edited", match.survivors)

    # Finding the place

    def _surviving(self, span: Span) -> Iterator[Block]:
        """The parts of blocks that lie inside the span."""
        for k in range(self._onwards.at(span.start), len(self.blocks)):
            block = self.blocks[k]
            if block.old >= span.end:
                break
            start, end = max(block.old, span.start), min(block.old_end, span.end)
            yield Block(start, block.new + start - block.old, end - start)

    def _match(self, span: Span, pieces: Sequence[Block]) -> _Match | None:
        """The span's place by its surviving pieces; None when less than half of it survives."""
        survivors = sum(piece.length for piece in pieces)
        if 2 * survivors < len(span):
            return None
        first = _mirrored(pieces[0], self.old, self.new)
        start = len(self.new) - self._backwards.edge(len(self.old) - span.start, first)
        place = snap(self.new, Span(start, self._onwards.edge(span.end, pieces[-1])))
        exact = self.old[span.start : span.end] == self.new[place.start : place.end]
        like = 4 * (survivors - self._edits(span, place, pieces)) >= max(len(span), len(place))
        return _Match(span, place, pieces, survivors, exact, like)

    def _edits(self, span: Span, place: Span, pieces: Sequence[Block]) -> int:
        """What was edited at the start of the span, between its pieces and at its end."""
        start = Gap(span.start, pieces[0].old, place.start, pieces[0].new)
        end = Gap(pieces[-1].old_end, span.end, pieces[-1].new_end, place.end)
        inside = self._onwards.edits(pieces[0].old, pieces[-1].old)
        return self._onwards.cost(start) + inside + self._onwards.cost(end)

    def _without_crumbs(self, pieces: Sequence[Block]) -> Sequence[Block]:
        """The pieces without stray letters at either end, where nothing holds them."""
        start, end = 0, len(pieces)
        while start < end and self._is_crumb(pieces[start]):
            start += 1
        while start < end and self._is_crumb(pieces[end - 1]):
            end -= 1
        return pieces[start:end]

    def _is_crumb(self, piece: Block) -> bool:
        return piece.length <= CRUMB and not self._solid(piece) and piece == self.blocks[self._onwards.at(piece.old)]

    def _replaced(self, span: Span) -> Span | None:
        """What was written in place of a span that did not survive, when its neighbours did; None when nothing was."""
        start = len(self.new) - self._backwards.following(len(self.old) - span.start)
        end = self._onwards.following(span.end)
        if start >= end:
            return None
        place = snap(self.new, Span(start, end))
        return None if _swollen(span, place) or min(self._support(span, place)) < NEAR else place

    # Verifying it

    def _doubtful(self, match: _Match) -> bool:
        """Whether the place is to be looked at by a person."""
        if _swollen(match.span, match.place):
            return True
        if match.exact and self._intact(match):
            return False
        support = self._support(match.span, match.place)
        return not self._kept(match, support) or not self._settled(match, support) or self._claimed(match, support)

    def _intact(self, match: _Match) -> bool:
        """Whether the whole neighbourhood on both sides is as it was."""
        (start, end), (new_start, new_end) = _ends(match.span), _ends(match.place)
        if min(start, new_start) < NEARBY:
            return False
        after = self.old[end : end + NEARBY]
        before = self.old[start - NEARBY : start] == self.new[new_start - NEARBY : new_start]
        return before and len(after) == NEARBY and after == self.new[new_end : new_end + NEARBY]

    def _support(self, span: Span, place: Span) -> tuple[int, int]:
        """How far matches outweigh edits just before the place and just after it, from 0 to `NEARBY`."""
        before = self._backwards.support(len(self.old) - span.start, len(self.new) - place.start)
        return before, self._onwards.support(span.end, place.end)

    def _solid(self, piece: Block) -> bool:
        """Whether whole words survive in the piece."""
        ends = ((self.old, piece.old), (self.old, piece.old_end), (self.new, piece.new), (self.new, piece.new_end))
        return all(_at_word(text, at) for text, at in ends)

    def _kept(self, match: _Match, support: tuple[int, int]) -> bool:
        """Whether enough of the span survives to be called the same text."""
        if match.exact:
            return True
        if match.like:
            few = 3 * match.survivors <= 2 * max(len(match.span), len(match.place))
            if few and len(match.span) < 2 * SHORT and self._rewritten:
                return False
            return match.survivors >= SHORT or min(support) >= SHORT
        solid = sum(piece.length for piece in match.pieces if self._solid(piece))
        if min(support) >= BESIDE and not self._rewritten and 2 * solid >= max(len(match.span), len(match.place)):
            return True
        mostly = 2 * solid >= max(len(match.span), 2 * SHORT) and 3 * solid >= 2 * len(match.place)
        return mostly and min(support) >= NEAR

    def _settled(self, match: _Match, support: tuple[int, int]) -> bool:
        """Whether the neighbours still stand beside the place, or it needs none because nothing else is like it."""
        lost = [side for side in (0, 1) if support[side] < NEAR]
        if not lost:
            return True
        unique = self._unique(match)
        if len(lost) == 2:
            return unique and len(match.span) >= SHORT
        if unique or len(match.span) >= TELLING:
            return True
        return max(support) > NEARBY - NEAR // 2 - 1 and not self._has_twin(match, before=lost == [0])

    def _unique(self, match: _Match) -> bool:
        quote = self.old[match.span.start : match.span.end]
        return self.old.count(quote) == 1 and self.new.count(quote) <= 1

    def _has_twin(self, match: _Match, *, before: bool) -> bool:
        """Whether the side that lost its neighbours begins otherwise now, or the same words stand close by."""
        quote = self.old[match.span.start : match.span.end]
        (start, end), (new_start, new_end) = _ends(match.span), _ends(match.place)
        if before:
            near = self.new[max(0, new_start - TELLING) : new_start]
            return (self.old[max(0, start - 1) : start] or "\n") != (near[-1:] or "\n") or quote in near
        near = self.new[new_end : new_end + TELLING]
        return (self.old[end : end + 1] or "\n") != (near[:1] or "\n") or quote in near

    def _claimed(self, match: _Match, support: tuple[int, int]) -> bool:
        """Whether another place has a claim: the same words, close by or among what used to be the neighbours."""
        if len(match.span) >= 2 * TELLING:
            return False
        (start, end), (new_start, new_end) = _ends(match.span), _ends(match.place)
        if not match.exact and self._elsewhere.is_free(self.old[start:end], match.place, TELLING):
            return True
        if not match.exact and self._stood_beside(match):
            return True
        before = _Side((start, min(end, start + NEARBY)), (max(0, start - NEARBY), start), new_start - start)
        after = _Side((max(start, end - NEARBY), end), (end, min(len(self.old), end + NEARBY)), new_end - end)
        return self._elsewhere.claims(before, support[0]) or self._elsewhere.claims(after, support[1])

    def _stood_beside(self, match: _Match) -> bool:
        """Whether the words of the place stood close by the span before, and are gone from there: then it is them."""
        span, words = match.span, self.new[match.place.start : match.place.end]
        at = self.old.find(words, max(0, span.start - TELLING), span.end + TELLING)
        while at >= 0:
            there = Span(at, at + len(words))
            apart = there.end <= span.start or there.start >= span.end
            if apart and 2 * sum(piece.length for piece in self._surviving(there)) < len(words):
                return True
            at = self.old.find(words, at + 1, span.end + TELLING)
        return False


class _Direction:
    """The two texts and their blocks read in one direction."""

    def __init__(self, old: str, new: str, blocks: Sequence[Block], habits: frozenset[tuple[str, str]]) -> None:
        self.old, self.new, self.habits = old, new, habits
        self.blocks = (*blocks, Block(len(old), len(new), NEARBY))  # beyond their ends the texts agree
        self.starts = [block.old for block in self.blocks]
        self.toll = list(accumulate(self.cost(gap) for gap in gaps(blocks, old, new)))

    def reversed(self) -> _Direction:
        """The same, read from the end."""
        blocks = [_mirrored(block, self.old, self.new) for block in self.blocks[-2::-1]]
        habits = frozenset((old[::-1], new[::-1]) for old, new in self.habits)
        return _Direction(self.old[::-1], self.new[::-1], blocks, habits)

    def at(self, offset: int) -> int:
        """The number of the first block that ends after an offset of the old text."""
        k = bisect_right(self.starts, offset) - 1
        return k if k >= 0 and self.blocks[k].old_end > offset else k + 1

    def following(self, offset: int) -> int:
        """Where the first old character at or after `offset` that survives is now."""
        block = self.blocks[self.at(offset)]
        return block.new + max(0, offset - block.old)

    def cost(self, gap: Gap) -> int:
        """How many edits the gap counts for."""
        cost = gap.cost
        if 1 < cost <= TELLING and (self.old[gap.old : gap.old_end], self.new[gap.new : gap.new_end]) in self.habits:
            return 1
        return cost

    def edits(self, start: int, end: int) -> int:
        """How many edits lie between the blocks that hold two old offsets."""
        return self.toll[self.at(end)] - self.toll[self.at(start)]

    def edge(self, end: int, last: Block) -> int:
        """Where the span that ends at `end` ends now, `last` being its last surviving piece.

        Characters lost at the end have become those that are written after the piece, up to a word's end.
        """
        if self.blocks[self.at(last.old)].old_end > last.old_end:
            return last.new_end
        gap = Gap.between(last, self.blocks[bisect_left(self.starts, end)])
        lost = end - last.old_end
        at = gap.new + _stretch(lost, gap)
        if _at_word(self.old, end):
            limit = min(gap.new_end, gap.new + lost + NEARBY)
            at = next((to for to in range(at, limit) if _at_word(self.new, to)), max(at, limit))
        return at

    def support(self, old_at: int, new_at: int) -> int:
        """How far matches outweigh edits in the next `NEARBY` matching code points, at best."""
        score = peak = seen = 0
        for k in range(self.at(old_at), len(self.blocks)):
            block = self.blocks[k]
            skipped = max(0, old_at - block.old)
            here = Block(block.old + skipped, block.new + skipped, block.length - skipped)
            score -= self.cost(Gap(old_at, here.old, min(new_at, here.new), here.new))
            if score < peak - NEAR or seen >= NEARBY:
                break
            score += min(here.length, NEARBY - seen)
            seen += here.length
            peak = max(peak, score)
            old_at, new_at = here.old_end, here.new_end
        return peak


class _Side(NamedTuple):
    """Old code points inside a span's end and just outside it, and by how much they stand further on now."""

    inner: tuple[int, int]
    outer: tuple[int, int]
    shift: int


class _Elsewhere:
    """Finds old text in the new one by runs of `GRAM` code points, in place or not."""

    def __init__(self, old: str, new: str, blocks: Sequence[Block]) -> None:
        self.old, self.new, self.blocks = old, new, blocks
        self.starts = [block.new for block in blocks]

    def find(self, span: Span) -> Span | None:
        """Where a span that is not in its place stands in text that is new; None when it stands nowhere."""
        first, last = sorted((span.start, span.end - GRAM))
        for shift, votes in self._votes(first, last + 1).most_common(CLAIMS):
            start, end = max(0, span.start + shift), min(len(self.new), span.end + shift)
            if 2 * votes * STEP >= last - first and start < end and 2 * self._matched(start, end) < end - start:
                return snap(self.new, Span(start, end))
        return None

    def is_free(self, quote: str, place: Span, near: int) -> bool:
        """Whether the quotation stands beside the place, at most `near` away, in text that is new."""
        end = place.end + near
        at = self.new.find(quote, max(0, place.start - near), end)
        while at >= 0:
            inside = place.start <= at and at + len(quote) <= place.end
            if not inside and 2 * self._matched(at, at + len(quote)) < len(quote):
                return True
            at = self.new.find(quote, at + 1, end)
        return False

    def claims(self, side: _Side, support: int) -> bool:
        """Whether there is another place whose inside is as like and whose outside is clearly liker."""
        unlike = side.outer[1] - side.outer[0] - support
        if unlike < NEAR:
            return False
        enough = self._distance(side.inner, side.shift) + (side.inner[1] - side.inner[0]) // 8
        for shift in self._claimants(side):
            liker = abs(shift - side.shift) > NEARBY and self._distance(side.outer, shift) <= unlike - NEAR // 2
            if liker and self._distance(side.inner, shift) <= enough:
                return True
        return False

    def _claimants(self, side: _Side) -> Iterator[int]:
        """Shifts of the places that have most of the side in common, and of those that have its middle."""
        start, end = min(side.inner[0], side.outer[0]), max(side.inner[1], side.outer[1])
        for shift, _ in self._votes(start, end - GRAM + 1).most_common(CLAIMS):
            yield shift
        middle = max(side.inner[0] - NEAR, start), min(side.inner[1] + NEAR, end)
        at = self.new.find(self.old[slice(*middle)])
        for _ in range(CLAIMS):
            if at < 0:
                break
            yield at - middle[0]
            at = self.new.find(self.old[slice(*middle)], at + 1)

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for at in range(0, len(self.new) - GRAM + 1, STEP):
            index.setdefault(self.new[at : at + GRAM], []).append(at)
        return index

    def _votes(self, start: int, end: int) -> Counter[int]:
        """Shift → how many of the runs that begin in ``old[start:end]`` stand that much further on in the new text."""
        votes: Counter[int] = Counter()
        for at in range(max(0, start), min(end, len(self.old) - GRAM + 1)):
            for there in self._index.get(self.old[at : at + GRAM], ())[:CROWD]:
                votes[there - at] += 1
        return votes

    def _distance(self, part: tuple[int, int], shift: int) -> int:
        """Edits between a stretch of the old text and the one that stands `shift` further on in the new text."""
        from rapidfuzz.distance import Levenshtein

        there = self.new[max(0, part[0] + shift) : max(0, part[1] + shift)]
        return int(Levenshtein.distance(self.old[part[0] : part[1]], there))

    def _matched(self, start: int, end: int) -> int:
        """How many code points of ``new[start:end]`` are already matched."""
        matched = 0
        for k in range(max(bisect_right(self.starts, start) - 1, 0), len(self.blocks)):
            if self.blocks[k].new >= end:
                break
            matched += max(0, min(end, self.blocks[k].new_end) - max(start, self.blocks[k].new))
        return matched


def _checked(blocks: Sequence[Block], old: str, new: str) -> tuple[Block, ...]:
    old_at = new_at = 0
    for block in (found := tuple(Block(*block) for block in blocks)):
        fits = block.old >= old_at and block.new >= new_at and block.length > 0
        if not fits or old[block.old : block.old_end] != new[block.new : block.new_end] or block.old_end > len(old):
            raise ValueError(f"matching block {tuple(block)} does not fit the texts")
        old_at, new_at = block.old_end, block.new_end
    return found


def _habits(blocks: Sequence[Block], old: str, new: str) -> frozenset[tuple[str, str]]:
    """Replacements that are made again and again, as (old, new)."""
    short = (gap for gap in gaps(blocks, old, new) if 1 < gap.cost <= TELLING)
    often = Counter((old[gap.old : gap.old_end], new[gap.new : gap.new_end]) for gap in short)
    return frozenset(pair for pair, times in often.items() if times >= HABIT)


def _mirrored(block: Block, old: str, new: str) -> Block:
    """The block as it lies when both texts are read from the end."""
    return Block(len(old) - block.old_end, len(new) - block.new_end, block.length)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _swollen(span: Span, place: Span) -> bool:
    """Whether the place is half as long again as the span: much was put in."""
    return 2 * len(place) > 3 * len(span) + NEARBY


def _stretch(lost: int, gap: Gap) -> int:
    """How many characters of a gap's new text stand for the first `lost` of its old ones."""
    width, length = gap.new_end - gap.new, gap.old_end - gap.old
    if not lost or lost > NEARBY:
        return 0
    return min(lost, width) if width > 2 * length + NEAR else round(width * lost / length)


def _at_word(text: str, at: int) -> bool:
    """Whether a word may begin or end here."""
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())
