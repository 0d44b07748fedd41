"""A source in lines of a width: each line knows its code points, so that everything else can be drawn by offset."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from typing import NamedTuple

from qualcode.escaping import safe_text
from qualcode.session.numbering import Numbered

# What takes another number of cells than of code points, or is shown as something else; plain text is cut by counting.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1100-\u1dff\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u20d0-\u20ff\u231a-\u27bf\u2b00-\u2bff\u2e80-\uabff\uac00-\ufaff\ufe00-\uffff\U00010000-\U0010ffff]"
)


class Line(NamedTuple):
    """One line of the pane: ``start:end`` of the source's text; `turn` is an index into the turns.

    `first` marks a turn's first line. A blank line between turns has ``start == end`` and turn -1.
    """

    start: int
    end: int
    turn: int
    first: bool


BLANK = Line(-1, -1, -1, False)


def cells(text: str) -> int:
    """How many cells a text takes on the screen, once unsafe characters are made visible."""
    if not _ODD.search(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(safe_text(text))


def clipped(text: str, room: int) -> str:
    """As much of the beginning of a text as `room` cells hold; … stands for the rest."""
    if cells(text) <= room:
        return text
    return text[: _fitting(text, room - 1)] + "…" if room > 0 else ""


def column(text: str, room: int) -> str:
    """A text in exactly `room` cells, cut or filled up."""
    cut = clipped(text, room)
    return cut + " " * (room - cells(cut))


def _fitting(text: str, room: int) -> int:
    """How many code points from the beginning fit into `room` cells; no character is cut in two."""
    if not _ODD.search(text):
        return min(room, len(text))
    from qualcode.graphemes import boundaries
    from qualcode.model import Span

    used = 0
    for one, two in itertools.pairwise(boundaries(text, Span(0, len(text)))):
        used += cells(text[one:two])
        if used > room:
            return one
    return len(text)


def ending(text: str, room: int) -> str:
    """The end of a text from a word on, as much as `room` cells hold; … stands for what comes before."""
    if cells(text) <= room:
        return text
    over = cells(text) - max(room - 2, 1)
    start = _fitting(text, over)
    start += cells(text[:start]) < over  # a wide character lay across
    kept = text[start:]
    return "… " + (kept.partition(" ")[2] or kept)


class Wrapped:
    """All lines of a source at one width. 200,000 words in plain text take about 0.1 s, most of it finding turns."""

    def __init__(self, text: Numbered, width: int) -> None:
        self.text = text
        self.width = max(width, 10)
        self.lines: list[Line] = []
        self._wrap()
        self._starts = [line.start for line in self.lines if line.turn >= 0]
        self._rows = [row for row, line in enumerate(self.lines) if line.turn >= 0]

    def _wrap(self) -> None:
        plain = self.text.source.text.replace("\n", " ").replace("\t", " ")
        odd = _ODD.search(plain) is not None
        for index in range(len(self.text.turns)):
            paragraphs = self.text.paragraphs(index)
            if not paragraphs:
                continue
            if self.lines:
                self.lines.append(BLANK)
            first = True
            for paragraph in paragraphs:
                strange = odd and _ODD.search(plain, paragraph.start, paragraph.end) is not None
                cut = _cut_odd if strange else _cut
                for start, end in cut(plain, paragraph.start, paragraph.end, self.width):
                    self.lines.append(Line(start, end, index, first))
                    first = False

    def row(self, offset: int) -> int:
        """The line that holds `offset`, or the last one that begins before it."""
        at = bisect_right(self._starts, offset) - 1
        return self._rows[max(at, 0)] if self._rows else 0

    def rows(self, start: int, end: int) -> range:
        """The lines that ``start:end`` touches."""
        return range(self.row(start), self.row(max(end - 1, start)) + 1) if self._rows else range(0)

    def offset(self, row: int, cell: int) -> int | None:
        """The code point drawn at a cell of a line's text; None on a blank line or outside."""
        if not 0 <= row < len(self.lines) or self.lines[row].turn < 0:
            return None
        line, at = self.lines[row], 0
        from qualcode.graphemes import boundaries
        from qualcode.model import Span

        marks = boundaries(self.text.source.text, Span(line.start, line.end))
        for one, two in itertools.pairwise(marks):
            at += cells(self.text.source.text[one:two])
            if at > cell:
                return one
        return max(line.end - 1, line.start)


def cut_lines(text: str, width: int) -> list[tuple[int, int]]:
    """The lines of a text without line ends, as offsets; one empty line for white space."""
    cut = _cut_odd if _ODD.search(text) else _cut
    return cut(text, 0, len(text), width) or [(0, 0)]


def _cut(text: str, start: int, end: int, width: int) -> list[tuple[int, int]]:
    """Lines of at most `width` code points, broken at blanks where there are any."""
    found = []
    while end - start > width:
        at = text.rfind(" ", start + 1, start + width + 1)
        if at < 0:
            found.append((start, start + width))
            start += width
        else:
            found.append((start, at))
            start = at
        while start < end and text[start] == " ":
            start += 1
    if start < end:
        found.append((start, end))
    return found


def _cut_odd(text: str, start: int, end: int, width: int) -> list[tuple[int, int]]:
    """The same by cells: wide, combining and unsafe characters are measured as they are shown."""
    from qualcode.graphemes import boundaries
    from qualcode.model import Span

    found: list[tuple[int, int]] = []
    marks = boundaries(text, Span(start, end))
    used, begin, blank = 0, start, -1
    for one, two in itertools.pairwise(marks):
        size = cells(text[one:two])
        if used + size > width and one > begin:
            if text[one:two] == " ":
                found.append((begin, one))
                begin, used, blank = two, 0, -1
                continue
            stop = blank if blank > begin else one
            found.append((begin, stop))
            begin = stop + 1 if stop == blank else stop
            used, blank = cells(text[begin:one]), -1
            if used + size > width and one > begin:  # too wide even after the blank
                found.append((begin, one))
                begin, used = one, 0
        if text[one:two] == " ":  # a joiner after it stays on its line
            blank = one
        used += size
    if begin < end:
        found.append((begin, end))
    return [(one, two) for one, two in found if text[one:two].strip()]
