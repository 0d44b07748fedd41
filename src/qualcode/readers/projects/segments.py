"""Tables of coded segments (.csv, .tsv, .xlsx): a row holds the words of a passage, its codes, often whose they are.

MAXQDA's "Overview of coded segments", ATLAS.ti's quotation report, Dedoose's excerpts, Taguette's highlights,
QualCoder's reports and tables of one's own. The place in a text is not in them: the journey looks for the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qualcode.errors import InputError
from qualcode.model import Bundle, Excerpt, Notice
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects.terms import line, moment, prose
from qualcode.tables import CellTable, Row, read_table

_TEXT = re.compile(
    r"(?:coded )?(?:segments?|text|passage|excerpt|quotation|quote)s?|content|quotation (?:content|text)|"
    r"excerpt (?:copy|text|content)|highlight(?:ed text)?s?|(?:reference|segment|code[d]?)[ _]?text|seltext|snippet|"
    r"codiertes segment|segmento|zitatinhalt|coded"
)
_CODE = re.compile(
    r"codes?|code ?names?|tags?|nodes?|themes?|codes? applied(?: combined)?|applied codes|kodes?|c[oó]digos?"
)
_APPLIED = re.compile(r"code: (?P<code>.+?) applied", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"documents?(?: ?name)?|documento|dokument(?:name)?|sources?(?: ?name)?|file(?: ?name)?s?|media title|"
    r"resource(?: name)?|transcript|interview|doc"
)
_CODER = re.compile(
    r"coders?(?: ?name)?|created by|coded by(?: (?:initials|name))?|creator|excerpt creator|owner|user|author|autor|"
    r"erstellt von|applied by"
)
_MEMO = re.compile(r"comments?|(?:coded[ _])?memos?|notes?|kommentar|comentario")
_AT = re.compile(r"created|creation date|date created|excerpt date|date|erstellt(?: am)?")
_SPEAKER = re.compile(r"speakers?(?: ?name)?")
_LINES_SAID = 20
_TRUE = {"true", "yes", "1", "x"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Indexes of the columns of a coded table; `applied` are Dedoose's columns of one code each."""

    text: int
    codes: int | None
    applied: tuple[tuple[int, str], ...]
    document: int | None
    coder: int | None
    memo: int | None
    at: int | None


def coded_columns(table: CellTable) -> Columns | None:
    """The columns of a table of coded segments, told by their headers alone; None for other tables.

    A table with speakers is a transcript in rows.
    """
    names = [" ".join(name.split()).casefold() for name in table.header]

    def at(pattern: re.Pattern[str], *without: int | None) -> int | None:
        return next((i for i, name in enumerate(names) if pattern.fullmatch(name) and i not in without), None)

    matches = [(i, _APPLIED.fullmatch(" ".join(name.split()))) for i, name in enumerate(table.header)]
    applied = tuple((i, match["code"]) for i, match in matches if match)
    text, codes = at(_TEXT), at(_CODE)
    if text is None or (codes is None and not applied) or at(_SPEAKER) is not None:
        return None
    return Columns(text, codes, applied, at(_DOCUMENT, text), at(_CODER), at(_MEMO), at(_AT))


def is_coded(table: CellTable) -> bool:
    """Whether a table is one of coded segments without having been called so: it names documents or coders too."""
    found = coded_columns(table)
    return found is not None and (found.document is not None or found.coder is not None)


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One excerpt for each row with words and a code. Raises InputError for a table without these columns."""
    table = read_table(raw, name, encoding=options.encoding)
    columns = coded_columns(table)
    if columns is None:
        raise InputError(f"{name} has no columns of coded text and of codes", "call them `text` and `code`")
    excerpts: list[Excerpt] = []
    blank: list[int] = []
    for row, at in zip(table.rows, table.lines, strict=True):
        found = _excerpt(row, f"{name}:{at}", columns)
        if found is None:
            blank.append(at)
        else:
            excerpts.append(found)
    if not excerpts:
        raise InputError(f"{name} has no row with coded words", "check that the export is whole")
    notices = [*table.notices, Notice(name, "info", _said(table, columns, len(excerpts)))]
    if left := _left(table, columns):
        notices.append(Notice(name, "info", f"columns left out: {', '.join(left)}"))
    if blank:
        lines = ", ".join(map(str, blank[:_LINES_SAID])) + (" …" if len(blank) > _LINES_SAID else "")
        said = f"{len(blank)} rows without words or without a code were left out: line {lines}"
        notices.append(Notice(name, "warning", said))
    return Bundle(notices=tuple(notices), excerpts=tuple(excerpts))


def _excerpt(row: Row, where: str, columns: Columns) -> Excerpt | None:
    def cell(at: int | None) -> str:
        return row[at] if at is not None else ""

    quote = row[columns.text].replace("\r\n", "\n").replace("\r", "\n")
    codes = [line(part) for part in re.split(r"[\n;|]", cell(columns.codes))]
    codes += [line(name) for at, name in columns.applied if row[at].strip().casefold() in _TRUE]
    named = tuple(dict.fromkeys(code for code in codes if code))
    if not quote.strip() or not named:
        return None
    memo = prose(cell(columns.memo)) or None
    at = moment(cell(columns.at)) if cell(columns.at) else None
    return Excerpt(where, quote, named, line(cell(columns.document)), line(cell(columns.coder)), memo, at)


def _left(table: CellTable, columns: Columns) -> list[str]:
    """The headers of columns with content that no excerpt has."""
    used = {columns.text, columns.codes, columns.document, columns.coder, columns.memo, columns.at}
    used |= {at for at, _ in columns.applied}
    return [
        name for at, name in enumerate(table.header) if at not in used and any(row[at].strip() for row in table.rows)
    ]


def _said(table: CellTable, columns: Columns, n: int) -> str:
    parts = [f'words in "{table.header[columns.text]}"']
    if columns.codes is not None:
        parts.append(f'codes in "{table.header[columns.codes]}"')
    if columns.applied:
        parts.append(f"{len(columns.applied)} columns of one code each")
    for what, at in (("documents", columns.document), ("coders", columns.coder), ("comments", columns.memo)):
        if at is not None:
            parts.append(f'{what} in "{table.header[at]}"')
    return f"{n} row{'s' * (n != 1)} of coded segments: {', '.join(parts)}"
