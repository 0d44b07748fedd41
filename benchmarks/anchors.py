"""The revision protocol: do codings still denote what their coders chose after a transcript is corrected?

    python benchmarks/anchors.py [--segments 20000] [--seed 1] [--only WORD]

Segments of real interviews (those of ``../shared/data`` that are there) are carried over edits whose truth is known
character by character (`revisions.py`). A result *exact* or *edited* is **silently wrong** when less than half of the
text it denotes is the segment's, or it has less than half of the segment's surviving text, or when it claims *exact*
though the characters differ. It is **undecidable** instead when the texts allow no better answer: the edit that would make
it right leads to the same new text, keeps as many characters and takes no more pieces. Two rivals run on the same
segments: the first match of the old quotation, and the old offsets (or line and column).
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import revisions as r
from revisions import Edit, Ints, Revision

from qualcode.anchors import Block, Carried, Carrier
from qualcode.model import Span

DATA = Path(__file__).parents[2] / "shared" / "data"
Rival = Callable[[Span], Span | None]

SCENARIOS: dict[str, Edit] = {
    "nothing changed": lambda revision, rng: revision,
    **{f"characters {share:.0%}": r.characters(share) for share in (0.001, 0.01, 0.02, 0.05, 0.1, 0.2)},
    **{f"words {share:.0%}": r.words(share) for share in (0.02, 0.05, 0.1, 0.2)},
    "speakers renamed": r.speakers,
    "pseudonyms": r.pseudonyms,
    "wrapped at 72": r.rewrapped,
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
    "short turns in and out 10%": r.short_turns(0.1),
    "turns merged 10%": r.merged(0.1),
    "turns split 10%": r.split(0.1),
    "names, top, characters 2%": r.all_of(r.speakers, r.pseudonyms, r.on_top, r.characters(0.02)),
    "typography, wrapped, words 5%": r.all_of(r.typography, r.rewrapped, r.words(0.05)),
    "deleted 5%, characters 5%": r.all_of(r.deleted(0.05), r.characters(0.05)),
    "moved 5%, words 5%": r.all_of(r.moved(0.05), r.words(0.05)),
    "copied, deleted, short turns, 2%": r.all_of(
        r.copied(0.05), r.deleted(0.05), r.short_turns(0.1), r.characters(0.02)
    ),
    "everything": r.all_of(
        r.speakers, r.moved(0.05, 3), r.deleted(0.05), r.copied(0.05), r.split(0.05), r.characters(0.05)
    ),
}


def interviews() -> dict[str, str]:
    """Name → text of the real interviews at hand, each once; says on stderr which sets are absent."""
    found: dict[str, str] = {}
    for pattern in ("13_*/*.txt", "04_*/fulltext/*.txt", "03_*/*.txt", "09_*/*.csv", "10_*/*.csv"):
        paths = sorted(DATA.glob(pattern))
        if not paths:
            print(f"skipped: no {pattern} in the folder of data", file=sys.stderr)
        for path in paths:
            text = _read(path)
            if len(text) > 2000 and text not in found.values():
                found[path.stem] = text
    return found


def _read(path: Path) -> str:
    """A transcript's text with LF line ends; rows of a sheet become ``speaker: words`` or excerpts, each once."""
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    if path.suffix != ".csv":
        return text
    rows = list(csv.DictReader(io.StringIO(text)))
    if rows and "words" in rows[0]:
        return "".join(
            f"{row['speaker'].strip().rstrip(':')}: {row['words'] or ''}\n" for row in rows if row["speaker"]
        )
    return "".join(dict.fromkeys(f"{row['Coded']}\n" for row in rows if row.get("Coded")))


def segments(text: str, count: int, rng: Random) -> list[Span]:
    """`count` spans of every size: words, clauses, sentences, turns, several turns, from one turn into the next."""
    turns = r.turns(text)
    makers = (_some_words, _some_words, _clause, _sentence, _turn, _short_turn, _several_turns, _across)
    found: list[Span] = []
    while len(found) < count:
        span = makers[len(found) % len(makers)](text, turns, rng)
        if text[span.start : span.end].strip():
            found.append(span)
    return found


def _words(text: str, turn: r.Turn) -> list[tuple[int, int]]:
    return [(turn.body + m.start(), turn.body + m.end()) for m in re.finditer(r"\S+", text[turn.body : turn.end])]


def _some_words(text: str, turns: list[r.Turn], rng: Random) -> Span:
    words = _words(text, rng.choice(turns))
    first = rng.randrange(len(words))
    last = min(len(words) - 1, first + rng.choice([0, 0, 1, 2, 4]))
    return Span(words[first][0], words[last][1])


def _part(text: str, turns: list[r.Turn], rng: Random, pattern: str) -> Span:
    turn = rng.choice(turns)
    parts = list(re.finditer(pattern, text[turn.body : turn.end]))
    if not parts:
        return _turn(text, turns, rng)
    part = rng.choice(parts)
    return Span(turn.body + part.start(), turn.body + part.end())


def _clause(text: str, turns: list[r.Turn], rng: Random) -> Span:
    return _part(text, turns, rng, r"[^\s.,;:?!…][^.,;:?!…\n]*")


def _sentence(text: str, turns: list[r.Turn], rng: Random) -> Span:
    return _part(text, turns, rng, r"[^\s.?!…][^.?!…\n]*[.?!…]*")


def _turn(text: str, turns: list[r.Turn], rng: Random) -> Span:
    turn = rng.choice(turns)
    words = _words(text, turn)
    return Span(words[0][0], words[-1][1])


def _short_turn(text: str, turns: list[r.Turn], rng: Random) -> Span:
    short = [turn for turn in turns if turn.end - turn.body < 40]
    return _turn(text, short or turns, rng)


def _several_turns(text: str, turns: list[r.Turn], rng: Random) -> Span:
    first = rng.randrange(len(turns))
    last = min(len(turns) - 1, first + rng.randint(1, 4))
    return Span(_words(text, turns[first])[0][0], _words(text, turns[last])[-1][1])


def _across(text: str, turns: list[r.Turn], rng: Random) -> Span:
    first = rng.randrange(len(turns) - 1)
    one, other = _words(text, turns[first]), _words(text, turns[first + 1])
    return Span(rng.choice(one)[0], rng.choice(other)[1])


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
    """Neither way count: additions inside the truth, or at an edge whose old characters went (they may stand for them),
    and rewritten runs that reach over an edge of the segment.
    """
    truth = revision.truth(span.start, span.end)
    here = np.arange(place.start, place.end)
    low, high = revision.low[here], revision.high[here]
    mine = (low < high) & (low >= span.start) & (high <= span.end)
    if not mine.any():
        return Fit(len(place), len(truth), 0, len(place))
    first, last = _written_edges(revision, span, truth)
    neutral = (low == high) & (here >= first) & (here <= last)
    neutral |= (low < high) & ~mine & (low < span.end) & (high > span.start)
    shared = np.flatnonzero(mine)
    other = np.flatnonzero(~mine & ~neutral)
    off = np.count_nonzero((other < shared[0]) | (other > shared[-1]))
    off += _run(truth[truth >= place.end] - place.end) + _run((place.start - 1 - truth[truth < place.start])[::-1])
    return Fit(len(here) - int(np.count_nonzero(neutral)), len(truth), len(shared), int(off))


def _written_edges(revision: Revision, span: Span, truth: Ints) -> tuple[int, int]:
    """First and last place of the truth and of what is written where an end of the segment was deleted."""
    first, last = int(truth[0]), int(truth[-1])
    added = revision.low == revision.high
    if revision.low[first] > span.start:
        while first and added[first - 1]:
            first -= 1
    if revision.high[last] < span.end:
        while last + 1 < len(added) and added[last + 1]:
            last += 1
    return first, last


def _run(distances: Ints) -> int:
    """How many of the sorted distances run on from 0."""
    return int(np.count_nonzero(distances == np.arange(len(distances))))


def undecidable(revision: Revision, blocks: Sequence[Block], span: Span, place: Span) -> bool:
    """Whether an edit that is no longer than the true one leads to the same text and makes `place` right.

    The other edit is the alignment's, from the place to the truth and on to where both agree, and the true one elsewhere.
    """
    low = np.full(len(revision.new), -1)
    for block in blocks:
        low[block.new : block.new + block.length] = np.arange(block.old, block.old + block.length)
    start, end = _disagreement(revision, low, span, place)
    inside = low[start:end]
    low, high = revision.low.copy(), revision.high.copy()
    high[(low < high) & np.isin(low, inside)] = 0
    low[low > high] = 0
    low[start:end] = np.maximum(inside, 0)
    high[start:end] = np.maximum(inside + 1, 0)
    other = Revision(revision.old, revision.new, low, high)
    as_simple = all(one >= true for one, true in zip(other.simplicity, revision.simplicity, strict=True))
    return as_simple and not fit(other, span, place).wrong


def _disagreement(revision: Revision, low: Ints, span: Span, place: Span) -> tuple[int, int]:
    """The stretch that holds the place and the truth and at whose ends alignment and truth agree."""
    truth = revision.truth(span.start, span.end)
    agreed = (low == revision.low) & (revision.low < revision.high)
    start = int(min([place.start, *truth[:1]]))
    end = int(max([place.end, *(truth[-1:] + 1)]))
    while start and not agreed[start - 1]:
        start -= 1
    while end < len(agreed) and not agreed[end]:
        end += 1
    return start, end


def judged(revision: Revision, blocks: Sequence[Block], span: Span, carried: Carried) -> Iterator[str]:
    """The outcome, and what is wrong with it."""
    yield carried.anchor
    if 2 * revision.survivors(span.start, span.end) < len(span):
        yield "gone"
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


def measure(texts: dict[str, str], edit: Edit, count: int, seed: int) -> tuple[Counter[str], Counter[str], float]:
    """Counts of outcomes, counts of silently wrong by rival, and seconds spent carrying."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    seconds = 0.0
    for number, text in enumerate(texts.values()):
        rng = Random(seed * 1000 + number)
        share = count * (number + 1) // len(texts) - count * number // len(texts)
        spans = segments(text, share, rng)
        revision = edit(Revision.none(text), rng)
        began = time.perf_counter()
        carrier = Carrier(text, revision.new)
        results = [carrier.carry(span) for span in spans]
        seconds += time.perf_counter() - began
        for span, carried in zip(spans, results, strict=True):
            ours.update(judged(revision, carrier.blocks, span, carried))
        for name, rival in RIVALS.items():
            carry = rival(revision)
            theirs[name] += sum(
                place is not None and fit(revision, s, place).wrong for s in spans for place in [carry(s)]
            )
    return ours, theirs, seconds


COLUMNS = ("exact", "edited", "review", "orphan", "wrong", "undecidable", "ragged", "gone")


def main() -> int:
    """Print the table; status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    texts = interviews()
    if not texts:
        print("skipped: no interviews found", file=sys.stderr)
        return 0
    print(f"{len(texts)} interviews, {sum(map(len, texts.values())):,} characters")
    print("scenario", "n", *COLUMNS, "held %", "of alive", *RIVALS, "s", sep="\t")
    for name, edit in SCENARIOS.items():
        if asked.only in name:
            ours, theirs, seconds = measure(texts, edit, asked.segments, asked.seed)
            held = 100 * (ours["exact"] + ours["edited"]) / asked.segments
            alive = 100 * (ours["exact"] + ours["edited"]) / (asked.segments - ours["gone"])
            rivals = [f"{100 * theirs[rival] / asked.segments:.1f}%" for rival in RIVALS]
            print(
                name,
                asked.segments,
                *(ours[c] for c in COLUMNS),
                f"{held:.2f}",
                f"{alive:.2f}",
                *rivals,
                f"{seconds:.1f}",
                sep="\t",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
