"""The cells of an .xlsx workbook as strings, read by python-calamine behind the archive caps."""

from __future__ import annotations

import datetime
import io
import re
from typing import Any

from qualcode import guards
from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Notice

# calamine allots the whole rectangle between the outermost cells: A1 and XFD1048576 alone would be 17 thousand
# million cells, and the process dies.
TEXT_CHARACTERS = 64 * 1024 * 1024
# Quoted values are stepped over whole, or a ">" inside one would hide the reference behind it. No pattern crosses a
# "<", so that scanning stays linear on hostile sheets.
_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\b(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*?\sr\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_SHARED_ITEM = re.compile(rb"<(?:\w+:)?si\b")
_SHARED_CELL = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>\s*(\d+)\s*<")


def read_sheet(raw: bytes, name: str) -> tuple[list[list[str]], list[int], list[Notice]]:
    """Rows of the first sheet with cells, their row numbers from 1, and notices about the sheets left unread.

    Raises InputError for a damaged workbook, LimitExceeded at the caps of `guards` or above five million cells.
    """
    _check(raw, name)
    titles, tables = _tables(raw, name)
    filled = [(title, table) for title, table in zip(titles, tables, strict=True) if table]
    if not filled:
        raise InputError(f"{name} holds no cells", "check that it was saved whole")
    title, (first, table) = filled[0]
    others = ", ".join(other for other, _ in filled[1:])
    unread = f'read the sheet "{title}"; left unread: {others}'
    notices = [Notice(name, "warning", unread)] if others else []
    rows = [[said(cell) for cell in row] for row in table]
    return rows, list(range(first, first + len(rows))), notices


def _tables(raw: bytes, name: str) -> tuple[list[str], list[Any]]:
    """Titles and, for each sheet, (number of its first row, rows), or None for an empty one."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        titles = list(book.sheet_names)
        sheets = [book.get_sheet_by_index(at) for at in range(len(titles))]
        tables = [(sheet.start[0] + 1, sheet.to_python()) if sheet.start else None for sheet in sheets]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside the Rust library is no Exception
        raise InputError(f"{name} is no workbook that can be read", "save it as .xlsx or .csv again") from error
    return titles, tables


def said(cell: Any) -> str:
    """A cell as its reader sees it: whole floats without ``.0``, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return str(cell)


def _check(raw: bytes, name: str) -> None:
    archive = guards.Archive(raw, name)
    members = [member for member in archive.names() if not member.startswith("xl/media/")]
    other_kind = any(member == "content.xml" or member.endswith("sheet1.bin") for member in members)
    if other_kind or not any(member.lower().endswith("workbook.xml") for member in members):
        raise InputError(f"{name} is no .xlsx workbook", "save it as .xlsx or .csv")
    shared: list[int] = []
    texts = 0
    for member in sorted(members, key=lambda member: "sharedStrings" not in member):
        content = archive.read(member)
        if b"<!DOCTYPE" in content:
            raise LimitExceeded(f"{name} declares a DOCTYPE, which is not read", "save it again without one")
        if "sharedStrings" in member:
            shared = [len(item) for item in _SHARED_ITEM.split(content)[1:]]
        else:
            _check_extent(content, name)
            texts += _shared_characters(content, shared)
    if texts > TEXT_CHARACTERS:
        raise LimitExceeded(f"{name} unpacks to more than its cap", "it is no ordinary workbook")


def _check_extent(sheet: bytes, name: str) -> None:
    rows, columns = 1, 1
    for reference in set(_PLACE.findall(sheet)):
        reference = reference[1:-1]
        letters = reference.strip(b"$0123456789").upper()
        digits = reference.strip(b"$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        columns = max(columns, _column(letters))
        rows = max(rows, int(digits) if digits.isdigit() and len(digits) < 9 else guards.TABLE_CELLS * bool(digits))
    if rows * columns > guards.TABLE_CELLS:
        raise LimitExceeded(
            f"{name} spans more than {guards.TABLE_CELLS:,} cells", "delete what lies far outside the table"
        )


def _column(letters: bytes) -> int:
    """``A`` is 1, ``XFD`` 16,384; anything longer counts as too far."""
    if len(letters) > 3 or not letters.isalpha():
        return guards.TABLE_CELLS * bool(letters)
    count = 0
    for letter in letters:
        count = count * 26 + letter - 64
    return count


def _shared_characters(sheet: bytes, shared: list[int]) -> int:
    """How many bytes of text the cells of a sheet repeat from the shared strings; 0 when it cannot be much."""
    if not shared or max(shared) * sheet.count(b"<c") < TEXT_CHARACTERS:
        return 0
    return sum(shared[int(at)] for at in _SHARED_CELL.findall(sheet) if len(at) < 9 and int(at) < len(shared))
