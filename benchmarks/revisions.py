"""Edits of a transcript that remember where every character came from: the ground truth of `anchors.py`.

A `Revision` holds the old text, the new one, and for each code point of the new text the range of old ones that it
stands for: itself (kept), the run it was written in place of, or an empty range (added). Edits compose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

import numpy as np
from numpy.typing import NDArray

from qualcode.decoding import decode

# A stretch of the text before an edit, and what is written for it: None keeps it, "" deletes it.
Piece = tuple[int, int, str | None]
Ints = NDArray[np.int64]
Edit = Callable[["Revision", Random], "Revision"]

_LABEL = re.compile(r"^([^\W\d_][^:\n]{0,30}?)(?: ?:[ \t]*|[ ]{2}\d\d:\d\d(?::\d\d)?\n)", re.MULTILINE)
_WORD = re.compile(r"\S+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b")
_NEW_NAMES = ("Bo", "Wilhelmina", "Ines", "Maximiliane-Luise", "Ty", "Konstantinos", "Eve", "Participant A")
_SHORT_TURNS = ("Yeah.", "Right.", "Okay.", "Mm-hmm.", "Yes.", "I see.")
_TYPOGRAPHY = {"'": "’", "--": "—", " - ": " – ", "...": "…", "…": "...", "’": "'", "“": '"', "”": '"', "  ": " "}


@dataclass(frozen=True)
class Revision:
    """`new[j]` stands for ``old[low[j]:high[j]]``; ``low[j] == high[j]`` for what was added."""

    old: str
    new: str
    low: Ints = field(repr=False)
    high: Ints = field(repr=False)

    @classmethod
    def none(cls, text: str) -> Revision:
        """The text as it was."""
        places = np.arange(len(text))
        return cls(text, text, places, places + 1)

    def edit(self, pieces: Iterable[Piece]) -> Revision:
        """The new text put together from `pieces` of the present one, in their order."""
        texts: list[str] = []
        lows: list[Ints] = []
        highs: list[Ints] = []
        for start, end, text in pieces:
            texts.append(self.new[start:end] if text is None else text)
            low, high = (self.low[start:end], self.high[start:end]) if text is None else self._written(start, end, text)
            lows.append(low)
            highs.append(high)
        return Revision(self.old, "".join(texts), np.concatenate(lows), np.concatenate(highs))

    def replace(self, edits: Iterable[tuple[int, int, str]]) -> Revision:
        """The new text with sorted, disjoint stretches written anew and everything else kept."""
        return self.edit(_with_rest(edits, len(self.new)))

    def _written(self, start: int, end: int, text: str) -> tuple[Ints, Ints]:
        old = self.low[start:end] < self.high[start:end]
        low, high = (0, 0) if not old.any() else (self.low[start:end][old].min(), self.high[start:end][old].max())
        return np.full(len(text), low), np.full(len(text), high)

    @cached_property
    def _by_place(self) -> tuple[Ints, Ints]:
        """Places of the new text that stand for something, in the order of what they stand for, and that."""
        places = np.flatnonzero(self.low < self.high)
        places = places[np.argsort(self.low[places], kind="stable")]
        return places, self.low[places]

    def truth(self, start: int, end: int) -> Ints:
        """The sorted places of the new text that stand for nothing but what was in ``old[start:end]``."""
        places, lows = self._by_place
        found = places[np.searchsorted(lows, start) : np.searchsorted(lows, end)]
        return np.sort(found[self.high[found] <= end])

    @cached_property
    def verbatim(self) -> Ints:
        """For each place of the new text the old place of the character that is kept there, or -1."""
        single = np.flatnonzero(self.high == self.low + 1)
        single = single[[self.old[low] == self.new[at] for low, at in zip(self.low[single], single, strict=True)]]
        found = np.full(len(self.new), -1)
        found[single] = self.low[single]
        return found

    @cached_property
    def simplicity(self) -> tuple[int, int]:
        """How many characters are kept, and minus the number of pieces they are kept in."""
        kept = self.verbatim >= 0
        runs_on = (self.verbatim[1:] == self.verbatim[:-1] + 1) & kept[1:] & kept[:-1]
        return int(np.count_nonzero(kept)), int(np.count_nonzero(runs_on)) - int(np.count_nonzero(kept))

    def survivors(self, start: int, end: int) -> int:
        """How many characters of ``old[start:end]`` are kept as they were (written anew does not count)."""
        return int(np.count_nonzero(self.verbatim[self.truth(start, end)] >= 0))


def _with_rest(edits: Iterable[tuple[int, int, str]], length: int) -> Iterator[Piece]:
    at = 0
    for start, end, text in edits:
        yield at, start, None
        yield start, end, text
        at = end
    yield at, length, None


@dataclass(frozen=True)
class Turn:
    """A turn with its label, ``text[start:end]``, and its words, ``text[body:end]`` (line end included)."""

    start: int
    body: int
    end: int


def turns_of(text: str) -> list[Turn]:
    """Labelled turns; without labels that return, every line that is not blank."""
    labels = list(_LABEL.finditer(text))
    often = Counter(match.group(1) for match in labels)
    heads = [(match.start(), match.end()) for match in labels if often[match.group(1)] > 2]
    if len(heads) < 5:
        heads = [(match.start(), match.start()) for match in re.finditer(r"^.*\S.*$", text, re.MULTILINE)]
    ends = [start for start, _ in heads[1:]] + [len(text)]
    found = [Turn(start, body, end) for (start, body), end in zip(heads, ends, strict=True)]
    return [turn for turn in found if text[turn.body : turn.end].strip()]


def _chosen(items: Sequence[Turn], share: float, rng: Random) -> list[Turn]:
    return sorted(rng.sample(items, max(1, round(share * len(items)))), key=lambda turn: turn.start)


def nothing(revision: Revision, _: Random) -> Revision:
    """No edit."""
    return revision


def line_ends(revision: Revision, _: Random) -> Revision:
    """The file saved with CRLF and a byte order mark, and read again: the text must come out as it was."""
    raw = b"\xef\xbb\xbf" + revision.new.replace("\n", "\r\n").encode()
    if decode(raw, "a transcript").text != revision.new:
        raise AssertionError("reading the same text with other line ends changed it")
    return revision


def characters(share: float) -> Edit:
    """That share of the characters deleted, replaced, or followed by another, at random."""

    def edit(revision: Revision, rng: Random) -> Revision:
        text = revision.new
        found = []
        for at in range(len(text)):
            if rng.random() < share:
                letter = rng.choice(text)
                found.append(rng.choice([(at, at + 1, ""), (at, at + 1, letter), (at + 1, at + 1, letter)]))
        return revision.replace(found)

    return edit


def words(share: float) -> Edit:
    """That share of the words deleted, replaced by another word of the text, said twice, or followed by another."""

    def edit(revision: Revision, rng: Random) -> Revision:
        found = []
        known = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(revision.new)]
        for start, end, word in known:
            if rng.random() < share:
                other = rng.choice(known)[2]
                after = end + 1 if revision.new[end : end + 1] == " " else end
                choices = [(start, after, ""), (start, end, other), (end, end, " " + word), (end, end, " " + other)]
                found.append(rng.choice(choices))
        return revision.replace(found)

    return edit


def speakers(revision: Revision, rng: Random) -> Revision:
    """Every label that returns gets another name."""
    labels = list(_LABEL.finditer(revision.new))
    often = Counter(match.group(1) for match in labels)
    new = {label: f"{rng.choice(_NEW_NAMES)} {n}" for n, label in enumerate(often) if often[label] > 2}
    return revision.replace((m.start(1), m.end(1), new[m.group(1)]) for m in labels if m.group(1) in new)


def pseudonyms(revision: Revision, rng: Random) -> Revision:
    """The sixteen commonest names (never seen in small letters) get others of another length."""
    text = revision.new
    often = Counter(_NAME.findall(text)) + Counter(re.findall(r"^[A-Z][a-z]+(?= ?:)", text, re.MULTILINE))
    names = [name for name, _ in often.most_common() if not re.search(rf"\b{name.lower()}\b", text)][:16]
    new = {name: rng.choice([other for other in _NEW_NAMES if len(other) != len(name)]) for name in names}
    if not new:
        return revision
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, new)) + r")\b")
    return revision.replace((m.start(), m.end(), new[m.group()]) for m in pattern.finditer(revision.new))


def rewrapped(revision: Revision, _: Random) -> Revision:
    """Long lines wrapped hard: a newline for the last space within 72 characters."""
    found = []
    for line in re.finditer(r"[^\n]{73,}", revision.new):
        at = line.start()
        while (at := revision.new.rfind(" ", at + 1, min(at + 72, line.end() - 1))) > 0:
            found.append((at, at + 1, "\n"))
    return revision.replace(found)


def unwrapped(revision: Revision, rng: Random) -> Revision:
    """A third of the line ends, blank lines and runs of spaces become one space."""
    found = []
    for match in re.finditer(r"\n+| {2,}", revision.new):
        if rng.random() < 1 / 3:
            found.append((match.start(), match.end(), " "))
    return revision.replace(found)


def typography(revision: Revision, _: Random) -> Revision:
    """Straight marks become curved, curved ones straight; dashes, dots and double spaces likewise."""
    pattern = re.compile("|".join(map(re.escape, sorted(_TYPOGRAPHY, key=len, reverse=True))))
    return revision.replace((m.start(), m.end(), _TYPOGRAPHY[m.group()]) for m in pattern.finditer(revision.new))


def _paragraph(text: str, rng: Random) -> str:
    """A new paragraph in the words of the text, in another order: nothing that was said."""
    vocabulary = text.split()
    return " ".join(rng.choice(vocabulary) for _ in range(rng.randint(5, 120))) + "\n"


def on_top(revision: Revision, rng: Random) -> Revision:
    """One to five paragraphs above everything."""
    top = "".join(_paragraph(revision.new, rng) for _ in range(rng.randint(1, 5)))
    return revision.replace([(0, 0, top)])


def between(share: float) -> Edit:
    """New paragraphs before that share of the turns, one in three opening like the turn it precedes."""

    def edit(revision: Revision, rng: Random) -> Revision:
        text = revision.new
        found = []
        for turn in _chosen(turns_of(text), share, rng):
            opening = text[turn.start : turn.body + rng.choice([0, 0, 12])]
            found.append((turn.start, turn.start, opening + _paragraph(text, rng)))
        return revision.replace(found)

    return edit


def deleted(share: float) -> Edit:
    """That share of the turns deleted, label and all."""

    def edit(revision: Revision, rng: Random) -> Revision:
        return revision.replace((t.start, t.end, "") for t in _chosen(turns_of(revision.new), share, rng))

    return edit


def sentences_deleted(share: float) -> Edit:
    """That share of the sentences deleted."""

    def edit(revision: Revision, rng: Random) -> Revision:
        found = re.finditer(r"[^.?!\n]+[.?!]+ ?", revision.new)
        return revision.replace((m.start(), m.end(), "") for m in found if rng.random() < share)

    return edit


def moved(share: float, run: int = 1) -> Edit:
    """That share of the turns, in runs of up to `run` neighbours, taken out and put in before other turns."""

    def edit(revision: Revision, rng: Random) -> Revision:
        all_turns = turns_of(revision.new)
        groups = _runs(all_turns, run, rng)
        chosen = set(rng.sample(range(len(groups)), max(1, round(share * len(groups)))))
        order = [k for k in range(len(groups)) if k not in chosen]
        for k in sorted(chosen):
            order.insert(rng.randrange(len(order) + 1), k)
        head = all_turns[0].start
        return revision.edit([(0, head, None), *((groups[k][0], groups[k][1], None) for k in order)])

    return edit


def _runs(all_turns: Sequence[Turn], run: int, rng: Random) -> list[tuple[int, int]]:
    """Neighbouring turns in groups of one to `run`: (start, end) with nothing between."""
    groups = []
    at, start = 0, all_turns[0].start
    while at < len(all_turns):
        at = min(len(all_turns), at + rng.randint(1, run))
        end = all_turns[at].start if at < len(all_turns) else all_turns[-1].end
        groups.append((start, end))
        start = end
    return groups


def copied(share: float) -> Edit:
    """That share of the turns stands a second time elsewhere.

    Not next to itself: of two neighbours that are the same nobody could say which is the copy.
    """

    def edit(revision: Revision, rng: Random) -> Revision:
        text, all_turns = revision.new, turns_of(revision.new)
        copies = []
        for turn in _chosen(all_turns, share, rng):
            places = [other.start for other in all_turns if other.start not in (turn.start, turn.end)]
            copies.append((rng.choice(places), text[turn.start : turn.end]))
        return revision.replace((at, at, copy) for at, copy in sorted(copies))

    return edit


def short_turns(share: float) -> Edit:
    """Short turns ("Yeah.") put in before that share of the turns, and that share of those already there taken out."""

    def edit(revision: Revision, rng: Random) -> Revision:
        text, found = revision.new, []
        for turn in turns_of(text):
            if rng.random() >= share:
                continue
            label = text[turn.start : turn.body]
            if turn.end - turn.body < 20:
                found.append((turn.start, turn.end, ""))
            else:
                found.append((turn.start, turn.start, f"{label}{rng.choice(_SHORT_TURNS)}\n"))
        return revision.replace(found)

    return edit


def merged(share: float) -> Edit:
    """The labels of that share of the turns go, so that each joins the turn before it."""

    def edit(revision: Revision, rng: Random) -> Revision:
        text, found = revision.new, []
        for turn in _chosen(turns_of(text)[1:], share, rng):
            start = len(text[: turn.start].rstrip())
            found.append((start, turn.body, " "))
        return revision.replace(found)

    return edit


def split(share: float) -> Edit:
    """That share of the turns cut in two at a space; the second half gets the label of another turn."""

    def edit(revision: Revision, rng: Random) -> Revision:
        text, found = revision.new, []
        all_turns = turns_of(text)
        for turn in _chosen(all_turns, share, rng):
            spaces = [m.start() for m in re.finditer(r"(?<=\S) (?=\S)", text[turn.body : turn.end])]
            if spaces:
                at, other = turn.body + rng.choice(spaces), rng.choice(all_turns)
                found.append((at, at + 1, "\n" + text[other.start : other.body]))
        return revision.replace(found)

    return edit


def all_of(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(revision: Revision, rng: Random) -> Revision:
        for one in edits:
            revision = one(revision, rng)
        return revision

    return edit
