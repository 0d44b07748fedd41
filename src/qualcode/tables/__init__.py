"""Cell tables from csv, tsv, xlsx and SPSS bytes, for surveys, case sheets and ratings: every cell a string.

Nothing is dropped in silence: ragged rows, doubled and empty headers, unread sheets and a quotation mark that is
never closed are noticed with their line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError, LimitExceeded, nearest
from qualcode.escaping import from_csv_cell
from qualcode.model import Notice
from qualcode.slugs import spoken
from qualcode.tables import headers, sav

Row = tuple[str, ...]
DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024


@dataclass(frozen=True)
class CellTable:
    """A table of strings, every row as wide as the header.

    `header` holds one unique name a column, `questions` what a respondent was asked there (the same, unless the
    file has several header rows), `header_rows` the rows as they stand. `lines` gives, for each row, the line of the
    file (csv) or row of the sheet (xlsx) it begins at, counted from 1. `delimiter` and `encoding` are None for xlsx.
    """

    name: str
    header: Row
    questions: Row
    header_rows: tuple[Row, ...]
    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    layout: headers.Layout = "plain"
    notices: tuple[Notice, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None

    def column(self, word: str, asked: str = "column") -> int:
        """The index of the column of this header text, question or 1-based number.

        Raises InputError, naming the nearest header, when there is none. `asked` names the option for the message.
        """
        wanted = spoken(" ".join(word.split()))
        for names in (self.header, self.questions):
            for at, name in enumerate(names):
                if spoken(" ".join(name.split())) == wanted:
                    return at
        if word.strip().isdecimal() and 1 <= int(word) <= len(self.header):
            return int(word) - 1
        near = nearest(word, [*self.header, *self.questions])
        way_out = f'did you mean "{near}"?' if near else f"it has {len(self.header)}; name one by its header or number"
        raise InputError(f'{self.name} has no {asked} "{word}"', way_out)


@dataclass(frozen=True)
class _Grid:
    """Rows as they stand in the file, with the line each begins at."""

    rows: list[list[str]]
    lines: list[int]
    notices: list[Notice]
    delimiter: str | None = None
    encoding: str | None = None


def read_table(
    raw: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int | None = None,
    unguard: bool = False,
    cells: int = guards.TABLE_CELLS,
) -> CellTable:
    """The table in the bytes of a csv, tsv or xlsx file called `name`.

    The delimiter is sniffed among comma, semicolon, tab and bar; one to three header rows are recognised unless
    `header_rows` says how many. `unguard` takes the apostrophe off cells that `escaping.csv_cell` guarded. A csv or tsv
    file may have so many `cells`.
    An SPSS file's header is its variables, and the labels are the questions. Raises InputError when the file is
    empty, damaged or has no header, MissingExtra for an SPSS file without its reader.
    """
    if raw.startswith(sav.MAGIC) or name.lower().endswith(sav.ENDINGS):
        return _labelled(sav.read_sav(raw, name, encoding), name)
    if raw.startswith(b"PK\x03\x04") or name.lower().endswith((".xlsx", ".xlsm")):
        from qualcode.tables.sheets import read_sheet

        rows, lines, notices = read_sheet(raw, name)
        grid = _Grid(rows, lines, notices)
    else:
        grid = _delimited(raw, name, encoding, delimiter, cells)
    if unguard:
        grid = replace(grid, rows=[[from_csv_cell(cell) for cell in row] for row in grid.rows])
    return _table(_without_preamble(_without_blank_rows(grid, name), name), name, header_rows)


def _labelled(held: sav.Labelled, name: str) -> CellTable:
    """An SPSS file's table; rows are counted from 1."""
    unique, renamed = headers.unique(held.names)
    said = [Notice(name, "warning", f'variable {at + 1} is now "{new}"') for at, new, _ in renamed]
    rows = tuple(map(tuple, held.rows))
    top = (tuple(held.names), tuple(held.questions))
    lines = tuple(range(1, len(rows) + 1))
    return CellTable(name, unique, tuple(held.questions), top, rows, lines, "spss", (*held.notices, *said))


def _delimited(raw: bytes, name: str, encoding: str | None, delimiter: str | None, cells: int) -> _Grid:
    decoded = decode(raw, name, encoding)
    text, notices = decoded.text, list(decoded.notices)
    skipped = 0
    if text[:4].lower() == "sep=" and text[5:6] == "\n":
        delimiter, text, skipped = delimiter or text[4], text[6:], 1
    delimiter = delimiter or sniff(text)
    rows, lines, torn = _parsed(text, delimiter, name, cells)
    if torn is not None:
        said = "a quotation mark is not closed or not doubled; read as it stands, so check the cells from here on"
        notices.append(Notice(f"{name}:{torn + skipped}", "warning", said))
    return _Grid(rows, [line + skipped for line in lines], notices, delimiter, decoded.encoding)


def _parsed(text: str, delimiter: str, name: str, cells: int) -> tuple[list[list[str]], list[int], int | None]:
    """Rows, the lines they begin at, and the line of the first faulty quotation mark."""
    csv.field_size_limit(guards.TEXT_BYTES)
    try:
        rows, lines = _rows(text, delimiter, name, cells, strict=True)
    except _Torn as torn:
        rows, lines = _rows(text, delimiter, name, cells, strict=False)
        return rows, lines, torn.line
    return rows, lines, None


class _Torn(Exception):
    """The csv reader stopped; `line` is where the row begins, counted from 1."""

    def __init__(self, line: int) -> None:
        self.line = line


def _rows(text: str, delimiter: str, name: str, most: int, *, strict: bool) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=strict)
    rows, lines, begins, cells = [], [], 1, 0
    try:
        for row in reader:
            cells += len(row) + 1
            if cells > most:
                raise LimitExceeded(f"{name} has more than {most:,} cells", "split it, or leave out columns")
            if len(row) > guards.TABLE_COLUMNS:
                raise LimitExceeded(
                    f"{name} has a row of more than {guards.TABLE_COLUMNS:,} cells", "check what separates its cells"
                )
            rows.append(row)
            lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _Torn(begins) from error
    return rows, lines


def sniff(text: str) -> str:
    """The delimiter under which most rows of the beginning are as wide as the first; comma when none divides."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample

    def score(delimiter: str) -> tuple[float, int]:
        rows = [row for row in csv.reader(io.StringIO(sample, newline="\n"), delimiter=delimiter) if any(row)][:200]
        width = len(rows[0]) if rows else 1
        if width < 2:  # a single column: the delimiter that tears the fewest of its cells
            return (0.0, -max(map(len, rows), default=1))
        same = sum(len(row) == width for row in rows) / len(rows)
        return (round(same, 1), width)

    csv.field_size_limit(guards.TEXT_BYTES)
    return max(DELIMITERS, key=score)


def _without_blank_rows(grid: _Grid, name: str) -> _Grid:
    kept = [at for at, row in enumerate(grid.rows) if any(cell.strip() for cell in row)]
    if not kept:
        raise InputError(f"{name} holds no cells", "check that it was saved whole")
    blank = sum(1 for at in range(kept[0], kept[-1]) if at not in set(kept)) if len(kept) < len(grid.rows) else 0
    notices = (
        [*grid.notices, Notice(name, "info", f"{blank} blank row{'s' * (blank > 1)} left out")]
        if blank
        else grid.notices
    )
    return replace(grid, rows=[grid.rows[at] for at in kept], lines=[grid.lines[at] for at in kept], notices=notices)


def _without_preamble(grid: _Grid, name: str) -> _Grid:
    """Leave out title lines: a single filled cell above rows of at least three."""

    def filled(row: Sequence[str]) -> int:
        return sum(bool(cell.strip()) for cell in row)

    above = 0
    while above + 1 < len(grid.rows) and above < 5 and filled(grid.rows[above]) == 1:
        above += 1
    if not above or filled(grid.rows[above]) < 3:
        return grid
    said = f"{above} title line{'s' * (above > 1)} above the header left out: {_quoted(grid.rows[:above])}"
    return replace(
        grid,
        rows=grid.rows[above:],
        lines=grid.lines[above:],
        notices=[*grid.notices, Notice(f"{name}:{grid.lines[0]}", "warning", said)],
    )


def _quoted(rows: Iterable[Sequence[str]]) -> str:
    return "; ".join(cell.strip() for row in rows for cell in row if cell.strip())


def _table(grid: _Grid, name: str, header_rows: int | None) -> CellTable:
    layout, count = headers.layout(grid.rows) if header_rows is None else ("plain", header_rows)
    if count > len(grid.rows):
        raise InputError(f"{name} has fewer than {count} rows", "check that it was saved whole")
    width = _width(grid.rows[:count], grid.rows[count:])
    top = tuple(_padded(row, width) for row in grid.rows[:count])
    names, questions = headers.names(top, layout)
    unique, renamed = headers.unique(names)
    notices = [*grid.notices, *_header_notices(name, grid, renamed), *_ragged(name, grid, count)]
    return CellTable(
        name=name,
        header=unique,
        questions=tuple(asked or own for asked, own in zip(questions, unique, strict=True)),
        header_rows=top,
        rows=tuple(_padded(row, width) for row in grid.rows[count:]),
        lines=tuple(grid.lines[count:]),
        layout=layout,
        notices=tuple(notices),
        delimiter=grid.delimiter,
        encoding=grid.encoding,
    )


def _width(header: Sequence[Sequence[str]], rows: Iterable[Sequence[str]]) -> int:
    """As wide as the last filled header cell, or as a row that has a filled cell beyond it."""

    def filled(row: Sequence[str]) -> int:
        return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)

    named = max(filled(row) for row in header)
    beyond: Iterator[int] = (filled(row) for row in rows if len(row) > named)
    return max([named, *beyond])


def _padded(row: Sequence[str], width: int) -> Row:
    return tuple(row[:width]) + ("",) * (width - len(row))


def _header_notices(
    name: str, grid: _Grid, renamed: Sequence[tuple[int, str, Literal["empty", "doubled"]]]
) -> list[Notice]:
    where = f"{name}:{grid.lines[0]}"
    return [
        Notice(
            where,
            "warning",
            f'column {at + 1} has {"no header" if why == "empty" else "a doubled header"}: now "{new}"',
        )
        for at, new, why in renamed
    ]


def _ragged(name: str, grid: _Grid, count: int) -> list[Notice]:
    """One notice for rows shorter or longer than the header, with the first lines."""
    if grid.delimiter is None:
        return []
    width = max(len(row) for row in grid.rows[:count])
    odd = [line for row, line in zip(grid.rows[count:], grid.lines[count:], strict=True) if len(row) != width]
    if not odd:
        return []
    said = ", ".join(map(str, odd[:5])) + (" …" if len(odd) > 5 else "")
    plural = "rows have" if len(odd) > 1 else "row has"
    return [Notice(f"{name}:{odd[0]}", "warning", f"{len(odd)} {plural} not the header's {width} cells (line {said})")]
