"""The revision protocol: do codings still denote what their coders chose after a transcript is corrected?

    python benchmarks/anchors.py [--segments 20000] [--seed 1] [--only WORD]

Segments of real interviews (those of ``../shared/data`` that are there) are carried over edits whose truth is known
character by character (`revisions.py`). A result *exact* or *edited* is **wrong** (silently) when less than half of the
text it denotes is the segment's, or less than half of the segment's surviving text is in it, or when it claims *exact*
though the characters differ. It is **undecidable** instead when the texts allow no better answer: another edit, which
keeps as many characters in no more pieces, leads to the same new text and makes it right. **Ragged** is the right text
with an edge more than two characters and a tenth of the length off. **Gone** are segments of which less than half
survives the edit: they cannot be held, and `of alive` leaves them out.

Three rivals run on the same segments (their share of wrong in per cent): the first match of the old quotation, the old
offsets, the old line and column. Status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from random import Random

import numpy as np
import revisions as r
from interviews import interviews, long_texts, segments
from revisions import Edit, Ints, Revision

from qualcode import alignment
from qualcode.anchors import Block, Carried, Carrier
from qualcode.model import Span

Rival = Callable[[Span], Span | None]

SCENARIOS: dict[str, Edit] = {
    "nothing": r.nothing,
    "line ends CRLF": r.line_ends,
    **{f"characters {share:g}%": r.characters(share / 100) for share in (0.1, 1, 2, 5, 10, 20)},
    **{f"words {share}%": r.words(share / 100) for share in (2, 5, 10, 20)},
    "speakers renamed": r.speakers,
    "pseudonyms": r.pseudonyms,
    "lines wrapped at 72": r.rewrapped,
    "lines joined": r.unwrapped,
    "typography": r.typography,
    "paragraphs on top": r.on_top,
    "paragraphs between 5%": r.between(0.05),
    "turns deleted 5%": r.deleted(0.05),
    "turns deleted 20%": r.deleted(0.2),
    "sentences deleted 10%": r.sentences_deleted(0.1),
    "turns moved 5%": r.moved(0.05),
    "turns moved 20%": r.moved(0.2),
    "passages moved 10%": r.moved(0.1, run=6),
    "turns copied 10%": r.copied(0.1),
    "short turns in, out 10%": r.short_turns(0.1),
    "turns merged 10%": r.merged(0.1),
    "turns split 10%": r.split(0.1),
    "names, top, chars 2%": r.all_of(r.speakers, r.pseudonyms, r.on_top, r.characters(0.02)),
    "typography, wrap, words 5%": r.all_of(r.typography, r.rewrapped, r.words(0.05)),
    "deleted 5%, chars 5%": r.all_of(r.deleted(0.05), r.characters(0.05)),
    "moved 5%, words 5%": r.all_of(r.moved(0.05), r.words(0.05)),
    "copied, deleted, short, 2%": r.all_of(r.copied(0.05), r.deleted(0.05), r.short_turns(0.1), r.characters(0.02)),
    "all at once, chars 5%": r.all_of(
        r.speakers, r.moved(0.05, 3), r.deleted(0.05), r.copied(0.05), r.split(0.05), r.characters(0.05)
    ),
}
# Per cent that may be silently wrong, and per cent that must be held; other scenarios may be wrong as often as `MOVES`.
PLACE = ("nothing", "line", "char", "words", "speakers", "pseudonyms", "typography", "paragraphs on top")
MOVES = 0.1
HELD = {"characters 2%": 99.5, "characters 5%": 99.0, "characters 10%": 97.0, "characters 20%": 90.0}


@dataclass(frozen=True)
class Fit:
    """How a place fits the truth, in code points: what it denotes, what survives, what both share.

    `off` counts the characters by which its edges miss: other text at its ends, surviving text just beyond them.
    """

    denoted: int
    surviving: int
    shared: int
    off: int

    @property
    def wrong(self) -> bool:
        """Whether it denotes other text."""
        return 2 * self.shared < max(self.denoted, self.surviving) or not self.shared

    @property
    def ragged(self) -> bool:
        """Whether it is the right text with edges more than two characters and a tenth of the length off."""
        return not self.wrong and self.off > max(2, 0.1 * self.surviving)


def fit(revision: Revision, span: Span, place: Span) -> Fit:
    """Neither way count: additions inside the truth, what is newly written at an edge whose old characters went (it may
    stand for them), and rewritten runs that reach over an edge of the segment.
    """
    truth = revision.truth(span.start, span.end)
    here = np.arange(place.start, place.end)
    low, high = revision.low[here], revision.high[here]
    mine = (low < high) & (low >= span.start) & (high <= span.end)
    if not mine.any():
        return Fit(len(place), len(truth), 0, len(place))
    first, last = _written_edges(revision, span, truth)
    neutral = (low == high) & (here > truth[0]) & (here < truth[-1])
    neutral |= ~mine & (revision.verbatim[here] < 0) & (here >= first) & (here <= last)
    neutral |= (low < high) & ~mine & (low < span.end) & (high > span.start)
    shared = np.flatnonzero(mine)
    other = np.flatnonzero(~mine & ~neutral)
    off = np.count_nonzero((other < shared[0]) | (other > shared[-1]))
    off += _run(truth[truth >= place.end] - place.end) + _run((place.start - 1 - truth[truth < place.start])[::-1])
    return Fit(len(here) - int(np.count_nonzero(neutral)), len(truth), len(shared), int(off))


def _written_edges(revision: Revision, span: Span, truth: Ints) -> tuple[int, int]:
    """First and last place of the truth and of what is newly written where an end of the segment went.

    The space between the two may be the one before what was written or the one after it.
    """
    first, last = int(truth[0]), int(truth[-1])
    if revision.low[first] > span.start:
        first -= _newly_written(revision, range(first - 1, -1, -1))
    if revision.high[last] < span.end:
        last += _newly_written(revision, range(last + 1, len(revision.new)))
    return first, last


def _newly_written(revision: Revision, places: Sequence[int]) -> int:
    """How many places, from the first on, are new text."""
    spaced = bool(places and revision.new[places[0]] == " " and revision.verbatim[places[0]] >= 0)
    count = sum(1 for _ in takewhile(lambda at: revision.verbatim[at] < 0, places[spaced:]))
    return count + 1 if spaced and count else count


def _run(distances: Ints) -> int:
    """How many of the sorted distances run on from 0."""
    return int(np.count_nonzero(distances == np.arange(len(distances))))


def undecidable(revision: Revision, blocks: Sequence[Block], span: Span, place: Span) -> bool:
    """Whether an edit that is as simple as the true one leads to the same text and makes `place` right.

    The other edit is the true one, but for the stretch from the place to the truth, or on to where the alignment agrees
    with the truth again: there it is the alignment's, or takes the place for the segment character by character. No
    other edit is needed where the same words were written anew between the segment's neighbours.
    """
    if _rewritten_alike(revision, span, place):
        return True
    aligned = np.full(len(revision.new), -1)
    for block in blocks:
        aligned[block.new : block.new + block.length] = np.arange(block.old, block.old + block.length)
    truth = revision.truth(span.start, span.end)
    start, end = int(min([place.start, *truth[:1]])), int(max([place.end, *(truth[-1:] + 1)]))
    agreed = (aligned == revision.verbatim) & (aligned >= 0)
    first = int(np.flatnonzero(agreed[:start])[-1:].sum()) + 1 if agreed[:start].any() else 0
    last = end + int(np.argmax(agreed[end:])) if agreed[end:].any() else len(agreed)
    stretches = {(start, end), (first, end), (start, last), (first, last)}
    if any(_as_simple(revision, aligned, stretch, span, place) for stretch in stretches):
        return True
    if revision.old[span.start : span.end] != revision.new[place.start : place.end]:
        return False
    renamed = np.where(np.isin(revision.verbatim, np.arange(span.start, span.end)), -1, revision.verbatim)
    renamed[place.start : place.end] = np.arange(span.start, span.end)
    return _as_simple(revision, renamed, (start, end), span, place)


def _rewritten_alike(revision: Revision, span: Span, place: Span) -> bool:
    """Whether the segment went and the same words are written anew between what stood before and after it."""
    same = revision.old[span.start : span.end] == revision.new[place.start : place.end]
    if not same or (revision.verbatim[place.start : place.end] >= 0).any():
        return False
    before = revision.verbatim[: place.start]
    after = revision.verbatim[place.end :]
    left = int(before[before >= 0][-1]) if (before >= 0).any() else -1
    right = int(after[after >= 0][0]) if (after >= 0).any() else len(revision.old)
    return left < span.start and span.end <= right


def _as_simple(revision: Revision, aligned: Ints, stretch: tuple[int, int], span: Span, place: Span) -> bool:
    start, end = stretch
    low, high = revision.low.copy(), revision.high.copy()
    taken = np.isin(revision.verbatim, aligned[start:end]) & (revision.verbatim >= 0)
    low[taken] = high[taken] = 0
    low[start:end] = np.maximum(aligned[start:end], 0)
    high[start:end] = aligned[start:end] + 1
    other = Revision(revision.old, revision.new, low, high)
    as_simple = all(one >= true for one, true in zip(other.simplicity, revision.simplicity, strict=True))
    return as_simple and not fit(other, span, place).wrong


def judged(revision: Revision, blocks: Sequence[Block], span: Span, carried: Carried) -> Iterator[str]:
    """The outcome, and what is wrong with it."""
    yield carried.anchor
    if 2 * revision.survivors(span.start, span.end) < len(span):
        yield "gone"
    elif carried.anchor in ("exact", "edited"):
        yield "alive"
    if carried.anchor not in ("exact", "edited") or carried.span is None:
        return
    place = carried.span
    same = revision.old[span.start : span.end] == revision.new[place.start : place.end]
    found = fit(revision, span, place)
    if found.wrong or same != (carried.anchor == "exact"):
        yield "undecidable" if undecidable(revision, blocks, span, place) else "wrong"
    elif found.ragged:
        yield "ragged"


def first_match(revision: Revision) -> Rival:
    """Find the quotation again; the first match wins, and no match drops the coding."""

    def carry(span: Span) -> Span | None:
        at = revision.new.find(revision.old[span.start : span.end])
        return Span(at, at + len(span)) if at >= 0 else None

    return carry


def old_offsets(revision: Revision) -> Rival:
    """Keep start and end."""

    def carry(span: Span) -> Span | None:
        return Span(span.start, min(span.end, len(revision.new))) if span.start < len(revision.new) else None

    return carry


def old_lines(revision: Revision) -> Rival:
    """Keep the numbers of line and column."""
    old = [0] + [m.end() for m in re.finditer("\n", revision.old)]
    new = [0] + [m.end() for m in re.finditer("\n", revision.new)]

    def moved(offset: int) -> int:
        line = bisect_right(old, offset) - 1
        at = new[line] + offset - old[line] if line < len(new) else len(revision.new)
        return min(at, len(revision.new))

    def carry(span: Span) -> Span | None:
        start, end = moved(span.start), moved(span.end)
        return Span(start, end) if start < end else None

    return carry


RIVALS = {"first match": first_match, "old offsets": old_offsets, "old lines": old_lines}
COLUMNS = ("exact", "edited", "review", "orphan", "wrong", "undecidable", "ragged", "gone")


def measure(texts: dict[str, str], edit: Edit, count: int, seed: int) -> Counter[str]:
    """Counts of outcomes of `count` segments spread over `texts`, and of each rival's wrong ones under its name."""
    counts: Counter[str] = Counter()
    for number, text in enumerate(texts.values()):
        rng = Random(seed * 1000 + number)
        share = count * (number + 1) // len(texts) - count * number // len(texts)
        spans = segments(text, share, rng)
        counts["n"] += len(spans)
        revision = edit(Revision.none(text), rng)
        carrier = Carrier(text, revision.new)
        for span in spans:
            counts.update(judged(revision, carrier.blocks, span, carrier.carry(span)))
        for name, rival in RIVALS.items():
            carry = rival(revision)
            places = ((span, carry(span)) for span in spans)
            counts[name] += sum(place is not None and fit(revision, span, place).wrong for span, place in places)
    return counts


def row(name: str, counts: Counter[str]) -> Iterator[str]:
    """The cells of one line of the table."""
    n = counts["n"]
    yield name
    yield str(n)
    yield from (str(counts[column]) for column in COLUMNS)
    yield f"{held(counts):.2f}"
    yield f"{100 * counts['alive'] / max(1, n - counts['gone']):.2f}"
    yield from (f"{100 * counts[rival] / n:.1f}" for rival in RIVALS)


def held(counts: Counter[str]) -> float:
    """Per cent that are exact or edited."""
    return 100 * (counts["exact"] + counts["edited"]) / counts["n"]


def missed(name: str, counts: Counter[str]) -> str | None:
    """The goal that the scenario misses."""
    allowed = 0.0 if name.startswith(PLACE) else MOVES
    if 100 * counts["wrong"] / counts["n"] > allowed:
        return f"{name}: {counts['wrong']} of {counts['n']} silently wrong, {allowed} % allowed"
    if held(counts) < HELD.get(name, 0):
        return f"{name}: {held(counts):.2f} % held, {HELD[name]} % wanted"
    return None


def table(texts: dict[str, str], count: int, seed: int, only: str) -> list[str]:
    """Print a line for every scenario with `only` in its name, and return the goals missed."""
    width = max(map(len, SCENARIOS))
    titles = ("scenario", "n", *COLUMNS, "held %", "of alive", *RIVALS)
    print(titles[0].ljust(width), *(title.rjust(max(6, len(title))) for title in titles[1:]))
    failures = []
    for name, edit in SCENARIOS.items():
        if only in name:
            counts = measure(texts, edit, count, seed)
            cells = list(row(name, counts))
            aligned = (cell.rjust(max(6, len(title))) for cell, title in zip(cells[1:], titles[1:], strict=True))
            print(cells[0].ljust(width), *aligned, flush=True)
            failures.append(missed(name, counts))
    return [failure for failure in failures if failure]


def speed(text: str, edit: Edit, count: int) -> tuple[float, float]:
    """Seconds of processor time to align and to carry `count` segments: the best of three."""
    rng = Random(1)
    spans, revision = segments(text, count, rng), edit(Revision.none(text), rng)
    times = []
    for _ in range(3):
        began = time.process_time()
        carrier = Carrier(text, revision.new)
        ready = time.process_time()
        for span in spans:
            carrier.carry(span)
        times.append((ready - began, time.process_time() - ready))
    return min(times, key=sum)


def speeds(texts: dict[str, str]) -> None:
    """Print how long 30,000 characters take, and 1.5 million where the long text is at hand."""
    samples = [("".join(texts.values())[:30_000], 500)]
    samples += [(text, 3000) for text in long_texts()]
    for text, count in samples:
        for share in (0.1, 2, 5, 10, 20):
            aligning, carrying = speed(text, r.characters(share / 100), count)
            print(f"{len(text):,} characters, {share:g} % edited: aligned in {aligning:.3f} s, ", end="")
            print(f"{count} segments carried in {carrying:.3f} s", flush=True)


def agreement_of_cuts(texts: dict[str, str], count: int) -> None:
    """Print how many segments come out the same when the texts are cut ten times as finely, and not at all."""
    usual = alignment.LONG
    for name in ("characters 2%", "characters 20%", "turns moved 20%", "all at once, chars 5%"):
        same = n = 0
        for number, text in enumerate(texts.values()):
            rng = Random(number)
            spans, revision = segments(text, count // len(texts), rng), SCENARIOS[name](Revision.none(text), rng)
            results = []
            for alignment.LONG in (usual // 10, len(text) + len(revision.new)):
                carrier = Carrier(text, revision.new)
                results.append([carrier.carry(span) for span in spans])
            n += len(spans)
            same += sum(one == other for one, other in zip(*results, strict=True))
        print(f"{name}: aligned in pieces of {usual // 10:,} or whole, {same} of {n} come out the same", flush=True)
    alignment.LONG = usual


def main() -> int:
    """Print the table, the speed, and the goals missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="WORD", help="scenarios with this in their name; no speed")
    asked = parser.parse_args()
    texts = interviews()
    if not texts:
        print("skipped: no interviews found", file=sys.stderr)
        return 0
    print(f"{len(texts)} interviews, {sum(map(len, texts.values())):,} characters")
    failures = table(texts, asked.segments, asked.seed, asked.only)
    if not asked.only:
        speeds(texts)
        agreement_of_cuts(texts, asked.segments // 4)
    print("\n".join(f"missed: {failure}" for failure in failures) or "all goals are met")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
