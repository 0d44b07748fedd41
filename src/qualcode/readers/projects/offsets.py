"""What another program's offsets count: code points, UTF-16 units or bytes; line ends as one or two; a mark or not.

Standards leave it open and programs differ, so the convention is found out: in the right one selections begin and end
where words do, and hold the words the program stored with them. One convention holds for a whole project.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Unit = Literal["code points", "UTF-16 units", "UTF-8 bytes"]
LineEnds = Literal["as they stand", "as one", "as two"]

# Below this share of edges on word boundaries the offsets may be shifted: chance gives 0.3 to 0.4 in English talk.
DOUBTFUL = 0.6
TOO_FEW = 8  # edges; on fewer a low share says nothing


@dataclass(frozen=True)
class RawText:
    """A text as stored here, and what was made alike in it.

    `text` has LF line ends, no byte order mark, NUL or lone surrogate; `pairs` are the indexes of its line feeds that
    were CR LF, `marks` how many byte order marks stood before it.
    """

    text: str
    pairs: frozenset[int] = frozenset()
    marks: int = 0


@dataclass(frozen=True, slots=True)
class Convention:
    """One way of counting."""

    unit: Unit = "code points"
    line_ends: LineEnds = "as they stand"
    mark: bool = False

    def __str__(self) -> str:
        said: str = self.unit
        if self.line_ends != "as they stand":
            said += f", a line end {self.line_ends}"
        return said + (", a byte order mark too" if self.mark else "")


PLAIN = Convention()


@dataclass(frozen=True, slots=True)
class Selection:
    """A passage in another program's offsets; `quote` is what that program stored as its words, where it did."""

    source: str
    start: int
    end: int
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The convention of a project: how many of `edges` fall between words, how many of `quotes` agree.

    `tight` counts edges with no white space on their inner side, which tells a shift by one apart.
    """

    convention: Convention
    on_words: int
    tight: int
    edges: int
    same: int
    quotes: int
    tried: int

    @property
    def doubtful(self) -> bool:
        """Whether the selections may be shifted."""
        few = self.edges >= TOO_FEW and self.on_words < DOUBTFUL * self.edges
        return self.same * 2 < self.quotes or (few and not self.quotes)

    def __str__(self) -> str:
        said = f"offsets count {self.convention}: {self.on_words} of {self.edges} edges of passages stand between words"
        if self.quotes:
            said += f", {self.same} of {self.quotes} hold the words stored with them"
        return said + (f"; the best of {self.tried} ways of counting" if self.tried > 1 else "")


def cleaned(text: str) -> RawText:
    """A text as another program holds it, made fit to be stored; code points are only joined at CR LF."""
    body = text.lstrip("\ufeff")
    marks = len(text) - len(body)
    body = re.sub("[\0\ud800-\udfff]", "\ufffd", body)
    if "\r" not in body:
        return RawText(body, marks=marks)
    joined = [match.start() - n for n, match in enumerate(re.finditer("\r\n", body))]
    return RawText(body.replace("\r\n", "\n").replace("\r", "\n"), frozenset(joined), marks)


class Ruler:
    """Another program's offsets in one text, both ways of that text's code points."""

    def __init__(self, raw: RawText, convention: Convention) -> None:
        self.length = len(raw.text)
        self._lead = raw.marks if convention.mark else 0
        if convention.unit == "UTF-8 bytes":
            self._lead *= 3
        self._at: list[int] = []
        self._ends: list[int] = []
        self._extra: list[int] = [0]
        for at, extra in _wide(raw, convention):
            self._extra.append(self._extra[-1] + extra)
            self._at.append(at)
            self._ends.append(at + 1 + self._extra[-1])

    def index(self, offset: int) -> int | None:
        """The code-point offset; inside a wide character the one before it; None outside the text."""
        offset -= self._lead
        k = bisect_right(self._ends, offset)
        found = offset - self._extra[k]
        if k < len(self._at):
            found = min(found, self._at[k]) if found > self._at[k] else found
        return found if 0 <= found <= self.length else None


def _wide(raw: RawText, convention: Convention) -> Iterator[tuple[int, int]]:
    """Index and surplus of every character that counts more (or, a joined line end, less) than one."""
    pattern = {"code points": "\n", "UTF-16 units": "[\n\U00010000-\U0010ffff]", "UTF-8 bytes": "[\n\x80-\U0010ffff]"}
    if convention.unit == "code points" and convention.line_ends == "as they stand" and not raw.pairs:
        return
    for match in re.finditer(pattern[convention.unit], raw.text):
        at, char = match.start(), match.group()
        if char == "\n":
            two = convention.line_ends == "as two" or (convention.line_ends == "as they stand" and at in raw.pairs)
            if two:
                yield at, 1
        elif convention.unit == "UTF-16 units":
            yield at, 1
        else:
            yield at, len(char.encode()) - 1


def detect(texts: Mapping[str, RawText], selections: Sequence[Selection], first: Convention | None = None) -> Found:
    """The convention under which most stored words agree, then most edges stand between words.

    Of equals it is `first`, else the plainest.

    Selections of unknown sources and those outside their text count as wrong.
    """
    best: Found | None = None
    ways = _conventions({key: texts[key] for key in {one.source for one in selections} & texts.keys()})
    if first is not None:
        ways = [first, *(way for way in ways if way != first)]
    for convention in ways:
        found = _weighed(texts, selections, convention, len(ways))
        if best is None or _rank(found) > _rank(best):
            best = found
    return best or Found(PLAIN, 0, 0, 0, 0, 0, 1)


def _rank(found: Found) -> tuple[int, int]:
    return found.same, found.on_words + found.tight


def _conventions(texts: Mapping[str, RawText]) -> list[Convention]:
    """The conventions that differ on these texts, plainest first."""
    units: list[Unit] = ["code points"]
    if any(re.search("[\U00010000-\U0010ffff]", raw.text) for raw in texts.values()):
        units.append("UTF-16 units")
    if any(not raw.text.isascii() for raw in texts.values()):
        units.append("UTF-8 bytes")
    ends: list[LineEnds] = ["as they stand"]
    if any(raw.pairs for raw in texts.values()):
        ends.append("as one")
    if any("\n" in raw.text for raw in texts.values()):
        ends.append("as two")
    marks = [False, True] if any(raw.marks for raw in texts.values()) else [False]
    return [Convention(unit, end, mark) for mark in marks for end in ends for unit in units]


def _weighed(
    texts: Mapping[str, RawText], selections: Sequence[Selection], convention: Convention, tried: int
) -> Found:
    rulers = {key: Ruler(texts[key], convention) for key in {one.source for one in selections} & texts.keys()}
    on_words = tight = same = quotes = 0
    for one in selections:
        if one.source not in rulers:
            continue
        text = texts[one.source].text
        start, end = rulers[one.source].index(one.start), rulers[one.source].index(one.end)
        on_words += sum(at is not None and _between_words(text, at) for at in (start, end))
        tight += start is not None and not text[start : start + 1].isspace()
        tight += end is not None and not text[max(end - 1, 0) : end].isspace()
        if one.quote is not None:
            quotes += 1
            same += start is not None and end is not None and agrees(one.quote, text[start:end])
    edges = 2 * sum(one.source in rulers for one in selections)
    return Found(convention, on_words, tight, edges, same, quotes, tried)


def _between_words(text: str, at: int) -> bool:
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())


def agrees(stored: str, found: str) -> bool:
    """Whether two texts are the same but for white space and half characters, which programs write differently."""
    return _squeezed(stored) == _squeezed(found)


@lru_cache(maxsize=20_000)
def _squeezed(text: str) -> str:
    return re.sub("[\\s\ufeff\ufffd\ud800-\udfff\0]+", "", text)
