"""The lines of a PDF as they are printed: text with its place on the page. Only pdfium is asked, and only here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from qualcode import guards
from qualcode.errors import InputError, LimitExceeded
from qualcode.readers.gutters import Box, Half, Line, gutter, in_columns

MOST_PAGES = 5_000
_NUMBERED = re.compile(r"(\d{1,5})\s+(?=\S)")
_CONTROL = re.compile("[\x00-\x01\x03-\x08\x0b-\x1f\x7f\ufeff\ud800-\udfff]")
# pdfium puts U+FFFE or U+0002 for a hyphen at the end of a line, and no line end after it.
_LINE = re.compile("[^\n\ufffe\x02]*[\n\ufffe\x02]|[^\n\ufffe\x02]+")
_HEAVIER = 1.25
_BOLD = 700
_REGULAR = 400
_LONGEST_BOLD = 60
# In heights of a line: parts nearer than this are one, and a cell begins further away than that.
_APART, _CELL = 0.8, 1.2
_COMMENT_KINDS = {1, 3, 4, 8, 9, 10, 11, 12, 13, 14}  # text, free text, line, highlight … caret, as pdfium numbers them
_WIDGET = 20


@dataclass
class Printed:
    """The lines of all pages in the order of the file, and what stands beside them."""

    pages: int = 0
    lines: list[Line] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    unknown: int = 0


def printed(raw: bytes, name: str) -> Printed:
    """The lines of the PDF in `raw`, called `name` in messages.

    Raises InputError when it is none or needs a password, LimitExceeded at the caps for pages and text. Bytes that may
    exhaust the memory are for `pdfprocess`: pdfium ends the process then.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == 4 or "password" in str(error).lower():
            raise InputError(f"{name} is protected by a password", "save it without one") from error
        raise InputError(f"{name} is no PDF file that can be read", "print it as PDF again") from error
    with closing(document):
        return _pages(document, name)


def _pages(document: Any, name: str) -> Printed:
    from pypdfium2 import PdfiumError

    found = Printed(len(document))
    if found.pages > MOST_PAGES:
        raise LimitExceeded(f"{name} has more than {MOST_PAGES:,} pages", "split it")
    size = 0
    for n in range(found.pages):
        try:
            page = document[n]
        except PdfiumError:
            found.silent.append(n + 1)
            continue
        with closing(page), closing(page.get_textpage()) as text:
            here = _PageText(page, text, n + 1)
            lines = here.lines()
            size += sum(len(line.text) for line in lines)
            guards.check_size(size, name)
            found.lines += lines
            found.unknown += here.unknown
            found.silent += [] if lines else [n + 1]
            found.columns += [n + 1] if any(line.column for line in lines) else []
            _take_notes(page, found)
    return found


class _PageText:
    """One page: its text by lines, with the boxes of the characters at their ends."""

    def __init__(self, page: Any, text: Any, n: int) -> None:
        import ctypes

        import pypdfium2.raw as pdfium

        self.pdfium, self.text, self.n = pdfium, text, n
        self.turned = page.get_rotation()
        left, bottom, right, top = page.get_mediabox()
        self.width, self.height = right - left, top - bottom
        self.foot, self.seen = (bottom, self.height) if self.turned in (0, 180) else (left, self.width)
        self.unknown = 0
        self.count = text.count_chars()
        self.rect = pdfium.FS_RECTF()
        self.edges = [ctypes.c_double() for _ in range(4)]
        self.font = ctypes.create_string_buffer(128)

    def lines(self) -> list[Line]:
        """The lines in the order of the file, of a page in columns in the order of reading."""
        said = self.text.get_text_range() if self.count else ""
        starts, at = [], 0
        for line in _LINE.findall(said):
            if self.clean(line):
                starts.append((at, line, self.runs(at, line)))
            at += len(line)
        between = gutter([run for _, _, runs in starts for run in runs])
        if between is None:
            return [self.line(start, line, self.tabbed(start, line, runs)) for start, line, runs in starts]
        halves = [self.halves(start, line, runs, between) for start, line, runs in starts]
        return in_columns(halves, between)

    def line(self, start: int, said: str, text: str) -> Line:
        """The line whose characters begin at `start` of the page's text; `text` is what it says."""
        first = self.index(start + len(said) - len(said.lstrip()))
        last = self.index(start + len(said.rstrip()) - 1)
        left, bottom, right, top = self.box(first)
        left2, bottom2, right2, top2 = self.box(last)
        weight, last_weight = self.weight(first), self.weight(last)
        number = _NUMBERED.match(text)
        self.unknown += text.count("\ufffd")
        return Line(
            page=self.n,
            text=text,
            left=min(left, left2),
            right=max(right, right2),
            bottom=min(bottom, bottom2),
            top=max(top, top2),
            weight=weight,
            last_weight=last_weight,
            bold=self.bold(first, weight) if weight > _HEAVIER * last_weight else 0,
            page_width=self.width if self.turned in (0, 180) else self.height,
            depth=(min(bottom, bottom2) - self.foot) / max(1.0, self.seen),
            rest=self.box(first + number.end())[0] if number else left,
        )

    def clean(self, said: str) -> str:
        """Without what is no character; pdfium's hyphen at the end of a line is U+0002."""
        return _CONTROL.sub("", said.replace("\ufffe", "\x02")).strip()

    def runs(self, start: int, said: str) -> list[Box]:
        """The boxes of a line's parts that stand apart."""
        first = self.index(start)
        found: list[Box] = []
        for n in range(self.text.count_rects(first, self.index(start + len(said.rstrip()) - 1) - first + 1)):
            left, top, right, bottom = self.edges
            self.pdfium.FPDFText_GetRect(self.text, n, left, top, right, bottom)
            box = self.place(left.value, bottom.value, right.value, top.value)
            near = _APART * max(6.0, box[3] - box[1])
            if found and -near < box[0] - found[-1][2] < near:
                last = found[-1]
                found[-1] = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
            else:
                found.append(box)
        return found

    def tabbed(self, start: int, said: str, runs: Sequence[Box]) -> str:
        """What a line says, with a tab where a part begins as far away as the next cell of a table."""
        text, done = "", 0
        for last, run in pairwise(runs):
            wide = run[0] - last[2] > _CELL * (run[3] - run[1])
            at = self.offset(start, said, run[0], done) if wide else None
            if at:
                text += said[done:at].rstrip() + "\t"
                done = at
        return self.clean(text + said[done:])

    def offset(self, start: int, said: str, left: float, after: int) -> int | None:
        """Where in a line the first letter stands that reaches further right than `left`."""
        for n in range(after, len(said)):
            if not said[n].isspace() and self.box(self.index(start + n))[2] > left + 0.5:
                return n
        return None

    def halves(self, start: int, said: str, runs: Sequence[Box], between: tuple[float, float]) -> Half:
        """A line, and the two that it is when it stands in both columns with nothing between them."""
        whole = self.line(start, said, self.clean(said))
        middle = sum(between) / 2
        if any(run[0] < middle < run[2] for run in runs) or not whole.left < middle < whole.right:
            return whole, None
        at = self.offset(start, said, middle, 1)
        if at is None or not self.clean(said[:at]):
            return whole, None
        before, after = said[:at], said[at:]
        return whole, (self.line(start, before, self.clean(before)), self.line(start + at, after, self.clean(after)))

    def index(self, at: int) -> int:
        return int(self.pdfium.FPDFText_GetCharIndexFromTextIndex(self.text, at))

    def box(self, index: int) -> Box:
        if not 0 <= index < self.count:
            return 0.0, 0.0, 0.0, 0.0
        self.pdfium.FPDFText_GetLooseCharBox(self.text, index, self.rect)
        return self.place(self.rect.left, self.rect.bottom, self.rect.right, self.rect.top)

    def place(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box as it is seen on a page that is shown turned."""
        if self.turned == 90:
            return bottom, self.width - right, top, self.width - left
        if self.turned == 180:
            return self.width - right, self.height - top, self.width - left, self.height - bottom
        if self.turned == 270:
            return self.height - top, left, self.height - bottom, right
        return left, bottom, right, top

    def weight(self, index: int) -> int:
        """How heavy a character's font is, 0 where nothing says so.

        Many files give every font 400 or nothing, as for the fonts that every reader has, and only its name tells.
        """
        told = int(self.pdfium.FPDFText_GetFontWeight(self.text, index)) if index >= 0 else 0
        if index < 0 or told >= _BOLD:
            return told
        name = self.font_name(index)
        return _BOLD if b"bold" in name else told or (_REGULAR if name else 0)

    def font_name(self, index: int) -> bytes:
        """The name of a character's font in lower case; empty for what is no letter of the file."""
        import ctypes

        size = self.pdfium.FPDFText_GetFontInfo(self.text, index, self.font, len(self.font), ctypes.c_int())
        return self.font.raw[: min(size, len(self.font))].rstrip(b"\0").lower()

    def bold(self, first: int, weight: int) -> int:
        """How many characters from `first` on are as heavy as it is."""
        for n in range(1, _LONGEST_BOLD):
            lighter = self.weight(first + n)
            if 0 < lighter * _HEAVIER < weight:
                return n
        return 0


def _take_notes(page: Any, found: Printed) -> None:
    """Comments and filled form fields, which pdfium does not count as text of the page."""
    import pypdfium2.raw as pdfium

    for n in range(min(pdfium.FPDFPage_GetAnnotCount(page), 10_000)):
        note = pdfium.FPDFPage_GetAnnot(page, n)
        if not note:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        if kind in _COMMENT_KINDS:
            said = " ".join(_value(pdfium, note, b"Contents").split())
            found.comments += [(" ".join(_value(pdfium, note, b"T").split()), said)] if said else []
        elif kind == _WIDGET:
            said = " ".join(_value(pdfium, note, b"V").split())
            found.fields += [said] if said else []
        pdfium.FPDFPage_CloseAnnot(note)


def _value(pdfium: Any, note: Any, key: bytes) -> str:
    import ctypes

    size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    if not 2 < size < guards.MEGABYTE:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return _CONTROL.sub(" ", buffer.raw[: size - 2].decode("utf-16-le", "replace"))
