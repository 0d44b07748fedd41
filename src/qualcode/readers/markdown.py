"""Markdown: like plain text; headings and front matter are turns of nobody, and markup stays in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qualcode.decoding import decode
from qualcode.model import Bundle
from qualcode.readers import labels, stamps
from qualcode.readers.habits import Candidate
from qualcode.readers.options import ReadOptions
from qualcode.readers.questions import Stress
from qualcode.readers.sources import source_of
from qualcode.readers.speaker_tables import Columns, speaker_columns
from qualcode.readers.turns import Layout, talk, titles

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?=\n|$)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+[^\n]+$", re.MULTILINE)
_TABLE = re.compile(r"(?:^[ \t]*\|[^\n]*\|[ \t]*(?:\n|$)){3,}", re.MULTILINE)
_ROW = re.compile(r"[^\n]+")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE)


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source, whose text is the decoded file with LF line ends; raises InputError for bytes that are no text."""
    decoded = decode(raw, name, options.encoding)
    marks, settled = _tables(decoded.text)
    headings = tuple(Stress(*found.span(), "as headings") for found in _HEADING.finditer(decoded.text))
    layout = Layout(breaks=tuple(_breaks(decoded.text)), marks=tuple(marks), settled=tuple(settled), stressed=headings)
    return source_of(raw, name, decoded.text, talk(decoded.text, name, layout, options.speakers), decoded.notices)


def _breaks(text: str) -> Iterator[tuple[int, int]]:
    """Front matter, headings and rules."""
    front = _FRONT_MATTER.match(text)
    start = front.end() if front else 0
    if front:
        yield front.span()
    yield from titles(text, [found.span() for found in _HEADING.finditer(text, start)])
    yield from (rule.span() for rule in _RULE.finditer(text, start))


def _tables(text: str) -> tuple[list[Candidate], list[tuple[int, int]]]:
    """The speakers of tables whose rows are turns, and the ranges of these tables."""
    marks: list[Candidate] = []
    settled: list[tuple[int, int]] = []
    for table in _TABLE.finditer(text):
        places = [_cells(text, row.start(), row.end()) for row in _ROW.finditer(text, table.start(), table.end())]
        rows = [[text[start:end].strip() for start, end in row] for row in places]
        columns = speaker_columns(rows)
        if columns is None:
            continue
        line = text.count("\n", 0, table.start()) + 1
        for n, (row, place) in enumerate(zip(rows, places, strict=True)):
            marks += _row(row, place, line + n, columns) if _speaks(row, n, columns) else _nobody(place, line + n)
        marks.append(Candidate(line, table.end(), table.end(), "", "given"))
        settled.append(table.span())
    return marks, settled


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges between the bars of a row."""
    bars = [bar.start() for bar in _BAR.finditer(text, start, end)]
    return [(begin + 1, stop) for begin, stop in pairwise(bars)]


def _speaks(row: Sequence[str], n: int, columns: Columns) -> bool:
    return not (n == 0 and columns.header) and len(row) > max(columns.speaker, columns.text) and not _is_rule(row)


def _is_rule(row: Sequence[str]) -> bool:
    return all(re.fullmatch(r":?-+:?", cell) for cell in row)


def _nobody(place: Sequence[tuple[int, int]], line: int) -> list[Candidate]:
    return [Candidate(line, place[0][0] - 1, place[0][0] - 1, "", "given")] if place else []


def _row(row: Sequence[str], place: Sequence[tuple[int, int]], line: int, columns: Columns) -> list[Candidate]:
    """A mark for the row's speaker, and one of nobody for the bar and the cells after the words."""
    time = stamps.seconds(row[columns.time]) if columns.time is not None and columns.time < len(row) else None
    begins, ends = place[columns.text]
    name = labels.tidy(row[columns.speaker].rstrip(": "))
    after = place[-1][1] + 1 if columns.text == len(place) - 1 else ends + 1
    return [
        Candidate(line, place[0][0] - 1, begins, name, "given", time),
        Candidate(line, ends, after, "", "given"),
    ]
