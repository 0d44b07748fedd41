"""From printed lines to paragraphs: which line ends are the printer's, and words that hyphens break."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from qualcode.readers.gutters import Line
from qualcode.readers.habits import candidates, lines_of
from qualcode.readers.voices import cast

_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad\x02]$")
_SOFT = "\u00ad"
_COMPOUND = re.compile(r"(?:self|non|ex|co|well|mid|half|cross|all|post|pre|semi|multi|anti)", re.IGNORECASE)
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BULLET = re.compile(r"[•▪◦●○■□➢➤►✓·\uf0b7\uf0a7]")
_ITEM = re.compile(r"(?:[-–—*]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_CLAUSE_END = re.compile(r"[.!?:;…]['\"’”)]*$")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uff60]")
# A line that a table or a list of contents fills to the edge: its last cell, a page after dots.
_TO_EDGE = re.compile(r"(?:\t[^\t]{0,12}|\.{4,}\s*\d{1,4}|(?:\. ){4,}\s*\d{1,4})$")
_EARLY = 0.25
_ACROSS = 0.7
_FAR = 1.25
_OTHER_SIZE = 1.15
_HEAVIER = 1.25
_INDENT = 4.0


@dataclass
class Joined:
    """A paragraph: its text, the length of its bold beginning, its lines, and whether space stands before it."""

    text: str
    bold: int
    lines: list[Line]
    apart: bool = False

    def is_heavier_than(self, weight: int) -> bool:
        """Whether all its lines are bold from beginning to end, where text has usually the `weight`."""
        return all(min(line.weight, line.last_weight) > _HEAVIER * weight for line in self.lines)


@dataclass
class Unwrapped:
    """The paragraphs, and how many words were broken by hyphens."""

    paragraphs: list[Joined] = field(default_factory=list)
    mended: int = 0


@dataclass(frozen=True)
class _Measure:
    """What is usual in a document: where lines end, how far apart they are, which labels begin a turn."""

    rights: Mapping[tuple[int, int], float]
    pitch: float
    labels: frozenset[int]
    alone: frozenset[int]
    words: Mapping[str, int]

    def right(self, line: Line) -> float:
        """Where lines that begin where this one does end; of a column, where few begin there."""
        return self.rights.get((line.column, round(line.left / 4)), self.rights[line.column, -1])


def unwrapped(lines: Sequence[Line], name: str) -> Unwrapped:
    """The paragraphs of printed lines in their order; `name` is the file's, for the search for labels."""
    found = Unwrapped()
    if not lines:
        return found
    usual = _measure(lines, name)
    for at, line in enumerate(lines):
        last = found.paragraphs[-1] if found.paragraphs else None
        if last and _same_row(last.lines[-1], line):
            last.text += "\t" + line.text
            last.lines.append(line)
        elif last and _goes_on(usual, last, line, at):
            _append(found, last, line, usual.words)
        else:
            apart = bool(last) and _opens(lines[at - 1], line, usual.pitch)
            found.paragraphs.append(Joined(line.text, line.bold, [line], apart))
    for paragraph in found.paragraphs:
        paragraph.text = paragraph.text.replace("\x02", "-")
    return found


def _append(found: Unwrapped, last: Joined, line: Line, words: Mapping[str, int]) -> None:
    hyphen = _HYPHEN.search(last.text)
    if hyphen and _FIRST_WORD.match(line.text):
        broken = last.text[: hyphen.start()]
        soft = hyphen[0] in _SOFT
        if line.text[0].islower() and not _is_compound(broken, line.text, words, soft=soft):
            last.text = broken + line.text
            found.mended += 1
        else:
            last.text = f"{broken}-{line.text}"
    else:
        apart = "" if _UNSPACED.match(last.text[-1]) and _UNSPACED.match(line.text) else " "
        last.text += apart + line.text
    last.lines.append(line)


def _is_compound(before: str, after: str, words: Mapping[str, int], *, soft: bool) -> bool:
    """Whether a hyphen at a line's end belongs to the word: as it is written elsewhere, else by its prefix."""
    last, first = _LAST_WORD.search(before), _FIRST_WORD.match(after)
    if last is None or first is None:
        return True
    plain, joined = f"{last[0]}{first[0]}".casefold(), f"{last[0]}-{first[0]}".casefold()
    if words.get(plain, 0) != words.get(joined, 0):
        return words.get(joined, 0) > words.get(plain, 0)
    return not soft and bool(_COMPOUND.fullmatch(last[0]))


def _goes_on(usual: _Measure, last: Joined, line: Line, at: int) -> bool:
    """Whether a line belongs to the paragraph before it."""
    above = last.lines[-1]
    if at in usual.labels or at - 1 in usual.alone or _other_print(above, line) or _begins_item(above, line):
        return False
    next_to = above.page == line.page and above.column == line.column and above.bottom > line.bottom
    if next_to and above.bottom - line.bottom > _FAR * usual.pitch:
        return False
    if _HYPHEN.search(above.text) and line.text[0].islower():
        return True
    if not _fits_indent(last.lines, line, next_to=next_to) or _TO_EDGE.search(above.text):
        return False
    return _is_full(usual, above, line) or _is_nearly_full(usual, above, line)


def _is_full(usual: _Measure, above: Line, line: Line) -> bool:
    """Whether the first word of the line below would not have found room."""
    first = len(line.text.split(None, 1)[0])
    letter = (line.right - line.left) / max(1, len(line.text))
    return above.right + (first + 0.5) * letter > usual.right(above) - 1


def _is_nearly_full(usual: _Measure, above: Line, line: Line) -> bool:
    """Whether a line that ends early goes on all the same: in mid-sentence, with a small letter."""
    short = usual.right(above) - above.right
    return short < _EARLY * (above.right - above.left) and line.text[0].islower() and not _CLAUSE_END.search(above.text)


def _same_row(above: Line, line: Line) -> bool:
    """Whether a line goes on to the right at the same height, as the next cell of a table does."""
    if above.page != line.page or above.column != line.column or line.left < above.right - 1:
        return False
    return abs(above.bottom - line.bottom) < 0.4 * min(above.height, line.height)


def _other_print(above: Line, line: Line) -> bool:
    """Whether size or weight changes where a line begins, as after a heading or at a name in bold."""
    if max(above.height, line.height) > _OTHER_SIZE * min(above.height, line.height):
        return True
    if line.weight > _HEAVIER * above.last_weight:
        return True
    return min(above.weight, above.last_weight) > _HEAVIER * line.weight


def _begins_item(above: Line, line: Line) -> bool:
    if _BULLET.match(line.text):
        return True
    return bool(_ITEM.match(line.text)) and bool(_CLAUSE_END.search(above.text) or _ITEM.match(above.text))


def _fits_indent(lines: Sequence[Line], line: Line, *, next_to: bool) -> bool:
    """Whether a line begins where a paragraph's second or further line does; on a new page that cannot be told."""
    if not next_to:
        return True
    if len(lines) > 1 and lines[-1].page == line.page == lines[-2].page and lines[-1].column == lines[-2].column:
        return abs(lines[-1].left - line.left) < _INDENT
    first = lines[-1]
    if line.left <= first.left + _INDENT:
        return True
    hanging = _BULLET.match(first.text) or _ITEM.match(first.text) or "\t" in first.text or ":" in first.text[:40]
    return bool(hanging)


def _measure(lines: Sequence[Line], name: str) -> _Measure:
    rights = _rights(lines)
    usual = _Measure(rights, 0.0, frozenset(), frozenset(), {})
    near = [
        (one, two)
        for one, two in pairwise(lines)
        if one.page == two.page and 0 < one.bottom - two.bottom < 4 * one.height
    ]
    full = [one.bottom - two.bottom for one, two in near if _is_full(usual, one, two)]
    pitch = median(full) if full else 1.5 * median(line.height for line in lines)
    labels, alone = _labels(lines, pitch, name)
    words = Counter(word.casefold() for line in lines for word in _WORDS.findall(line.text))
    return _Measure(rights, pitch, labels, alone, words)


def _rights(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    """Where full lines end: by column, and by column and indent where at least five lines begin there."""
    ends = defaultdict(list)
    for line in lines:
        ends[line.column, -1].append(line.right)
        ends[line.column, round(line.left / 4)].append(line.right)
    found = {}
    for (column, indent), rights in ends.items():
        rights.sort(reverse=True)
        if indent == -1 or len(rights) >= 5:
            found[column, indent] = rights[min(2, len(rights) // 10)]
    if not any(line.column for line in lines) and not _is_wrapped(lines, found[0, -1]):
        return {(0, -1): float("inf")}
    # Short lines in a row (a list, an address) have no margin of their own.
    return {key: end if end > 0.75 * found[key[0], -1] else found[key[0], -1] for key, end in found.items()}


def _is_wrapped(lines: Sequence[Line], right: float) -> bool:
    """Whether lines are cut at the right margin: they reach far over the page, or end in mid-sentence."""
    if right > _ACROSS * median(line.page_width for line in lines):
        return True
    long = [line for line in lines if line.right > right - 0.15 * (right - line.left)]
    return len(long) >= 5 and sum(not _CLAUSE_END.search(line.text) for line in long) > 0.5 * len(long)


def _opens(above: Line, line: Line, pitch: float) -> bool:
    """Whether space or a page's end stands before a line."""
    return above.page != line.page or not 0 < above.bottom - line.bottom <= _FAR * pitch


def _labels(lines: Sequence[Line], pitch: float, name: str) -> tuple[frozenset[int], frozenset[int]]:
    """Which lines begin with a speaker's label, and which are nothing but one, told as in a text file."""
    starts, bold = {}, {}
    pieces: list[str] = []
    here = 0
    for at, line in enumerate(lines):
        above = lines[at - 1] if at else None
        if above and _opens(above, line, pitch):
            pieces.append("")
            here += 1
        starts[here] = at
        if line.bold:
            bold[here] = here + line.bold
        pieces.append(line.text)
        here += len(line.text) + 1
    text = "\n".join(pieces)
    printed = lines_of(text)
    heard = cast(text, printed, list(candidates(text, printed, bold)), name)
    marks = [one for one in heard.marks if one.start in starts] if heard else []
    alone = {
        starts[one.start] for one in marks if not text[one.speech : text.find("\n", one.start) + 1 or None].strip()
    }
    return frozenset(starts[one.start] for one in marks), frozenset(alone)
