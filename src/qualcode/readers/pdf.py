"""PDF files: printed lines become paragraphs and turns again; what the pages add is told in notices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median_low

from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers.margins import Margins, without_margins
from qualcode.readers.options import ReadOptions
from qualcode.readers.pages import Pages, bound
from qualcode.readers.pdfprocess import printed_apart
from qualcode.readers.pdfstreams import is_harmless
from qualcode.readers.printed import Printed, printed
from qualcode.readers.speaker_tables import names_follow_words
from qualcode.readers.wrapping import unwrapped

# A row of a table or list of contents: nobody speaks in figures, though "Researcher bias<tab>12" looks like a label.
_TOP = 10
_BEHIND = (
    "a table in which the speakers stand behind their words: printed, it does not tell whose they are, so no speakers "
    "were looked for; import the Word or text file it was printed from"
)
_FIGURES = re.compile(r"\t[\d.,%–-]+$")


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source: paragraphs joined with LF, with a blank line where the print leaves space.

    Running heads, page and line numbers are left out, words broken by hyphens mended, both said in notices; comments
    and form fields are in notices too. Raises InputError for bytes that are no PDF, for one that needs a password
    and for one without text.
    """
    found = printed(raw, name) if is_harmless(raw, name) else printed_apart(raw, name)
    if not found.lines:
        raise InputError(f"{name} holds no text, only images of pages", "let a program recognise its text (OCR) first")
    margins = without_margins(found.lines, found.pages)
    paragraphs = unwrapped(margins.lines, name)
    pages, usual = Pages(), median_low(line.weight for line in margins.lines)
    for paragraph in paragraphs.paragraphs:
        if paragraph.apart:
            pages.add("")
        looks = ["in bold"] if paragraph.is_heavier_than(usual) else []
        place = pages.add(paragraph.text, paragraph.bold, looks=looks)
        if _FIGURES.search(paragraph.text):
            pages.settled.append(place)
    pages.comments = found.comments
    notices = list(_notices(name, found, margins, paragraphs.mended))
    if any(names_follow_words(paragraph.text.split("\t")) for paragraph in paragraphs.paragraphs[:_TOP]):
        pages.settled = [(0, pages.here)]
        notices.append(Notice(name, "warning", _BEHIND))
    return bound(raw, name, pages, notices, options.speakers)


def _notices(name: str, found: Printed, margins: Margins, mended: int) -> Iterator[Notice]:
    if found.silent:
        said = f"pages without text, perhaps scanned: {_ranges(found.silent)}"
        yield Notice(name, "warning", said)
    if found.columns:
        yield Notice(name, "info", f"two columns, read one after the other, on pages {_ranges(found.columns)}")
    for first, last, many in margins.heads:
        first, last = " ".join(first.split()), " ".join(last.split())
        said = f'"{first}"' if first == last else f'"{first}" to "{last}"'
        yield Notice(name, "info", f"at the edge of {many} pages, not in the text: {said}")
    if margins.pages:
        yield Notice(name, "info", f"page numbers, not in the text: {_ranges(sorted(set(margins.pages)))}")
    if margins.numbers:
        yield Notice(name, "info", f"line numbers, not in the text: {_ranges(sorted(set(margins.numbers)))}")
    if mended:
        yield Notice(name, "info", f"words that a hyphen broke at the end of a line, mended: {mended}")
    if found.unknown:
        yield Notice(name, "warning", f"{found.unknown} characters that the file does not name (now U+FFFD)")
    for said in found.fields:
        yield Notice(name, "info", f"form field, not in the text: {said}")


def _ranges(numbers: Sequence[int]) -> str:
    """ "1 to 4, 7" for ascending numbers."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join(" to ".join(map(str, run)) for run in runs)
