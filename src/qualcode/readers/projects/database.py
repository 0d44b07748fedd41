"""Other programs' SQLite files, read from a copy in memory as if they were hostile.

Only plain tables are read, row by row: no view, trigger, virtual table or function of the file is ever run, nothing is
written, and a reading that takes longer than `SECONDS` is broken off.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, LimitExceeded

if TYPE_CHECKING:
    import sqlite3

MAGIC = b"SQLite format 3\0"
ROWS = 1_000_000
SECONDS = 30.0
_STEPS = 20_000
_HEADER = 512

Record = Mapping[str, Any]


class Database:
    """The plain tables of one file. Use `opened`."""

    def __init__(self, conn: sqlite3.Connection, name: str, tables: Mapping[str, Collection[str]]) -> None:
        self._conn = conn
        self.name = name
        self.tables = tables

    def records(self, table: str, columns: Sequence[str]) -> Iterator[Record]:
        """The rows of a table in stored order, with these columns; one the file has not is None throughout.

        A table that is not there has no rows. Raises LimitExceeded above a million rows.
        """
        if table not in self.tables:
            return
        there = {column.casefold() for column in self.tables[table]}
        asked = [f'"{column}"' if column.casefold() in there else "NULL" for column in columns]
        for n, row in enumerate(self._conn.execute(f'SELECT {", ".join(asked)} FROM "{table}"')):
            if n >= ROWS:
                raise LimitExceeded(f"{self.name} has more than {ROWS:,} rows in a table", "split the project")
            yield dict(zip(columns, row, strict=True))


@contextmanager
def opened(raw: bytes, name: str) -> Iterator[Database]:
    """The database in `raw`. Raises InputError when it is damaged, or wants more than plain tables to be read."""
    import sqlite3

    if not raw.startswith(MAGIC) or len(raw) < _HEADER:
        raise InputError(f"{name} is no database", "give the project's file as its program keeps it")
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        yield Database(conn, name, _load(conn, raw))
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError, ValueError) as error:
        raise InputError(
            f"{name} is damaged or no project of the kind its tables say",
            "open it in the program it comes from, and save a copy",
        ) from error
    finally:
        conn.set_authorizer(None)
        conn.set_progress_handler(None, 0)
        conn.close()


def _load(conn: sqlite3.Connection, raw: bytes) -> Mapping[str, Collection[str]]:
    """Put the bytes into memory and forbid everything but reading columns; the plain tables with their stored columns.

    Generated columns are left out, since they are computed by the file's own expressions.

    A file in WAL mode (2 in bytes 18 and 19) cannot be opened in memory; its pages are the same in the other mode.
    """
    import sqlite3

    copy = bytearray(raw)
    if copy[18:20] == b"\x02\x02":
        copy[18:20] = b"\x01\x01"
    conn.deserialize(bytes(copy))
    conn.execute("PRAGMA trusted_schema = OFF")
    conn.execute("PRAGMA query_only = ON")
    conn.execute("PRAGMA cell_size_check = ON")
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(raw), 1_000_000))
    conn.text_factory = lambda stored: stored.decode("utf-8", "replace")
    plain = {
        str(table): [
            str(column)
            for column, hidden in conn.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (table,))
            if hidden == 0
        ]
        for table, sql in conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        if isinstance(sql, str) and not sql[:20].upper().startswith("CREATE V")
    }
    ends = time.monotonic() + SECONDS
    conn.set_progress_handler(lambda: int(time.monotonic() > ends), _STEPS)
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}

    def authorise(action: int, *_: object) -> int:
        return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY

    conn.set_authorizer(authorise)
    return plain


def text(value: object) -> str:
    """A cell as text; nothing for NULL and for what is no text or number."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else ""


def number(value: object) -> int | None:
    """A cell as a whole number; None for anything else."""
    if isinstance(value, float):
        return int(value) if value == value and abs(value) < 2**53 and value.is_integer() else None
    return value if isinstance(value, int) else None
