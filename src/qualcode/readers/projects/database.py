"""Other programs' SQLite files, read from a copy in memory as if they were hostile.

Only plain tables are read, row by row: no view, trigger, virtual table or function of the file is ever run, nothing is
written, and a reading that takes longer than `SECONDS` is broken off.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, LimitExceeded

if TYPE_CHECKING:
    import sqlite3

MAGIC = b"SQLite format 3\0"
ROWS = 1_000_000
SECONDS = 30.0
_STEPS = 20_000

Record = Mapping[str, Any]


class Database:
    """The plain tables of one file. Use `opened`."""

    def __init__(self, conn: sqlite3.Connection, name: str) -> None:
        self._conn = conn
        self.name = name
        listed = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        self.tables = {
            str(table) for table, sql in listed if isinstance(sql, str) and not sql[:20].upper().startswith("CREATE V")
        }

    def records(self, table: str, columns: Sequence[str]) -> Iterator[Record]:
        """The rows of a table in stored order, with these columns; one the file has not is None throughout.

        A table that is not there has no rows. Raises LimitExceeded above a million rows.
        """
        if table not in self.tables:
            return
        cursor = self._conn.execute(f'SELECT * FROM "{table}" LIMIT 0')
        there = {str(found[0]).casefold() for found in cursor.description}
        asked = [f'"{column}"' if column.casefold() in there else "NULL" for column in columns]
        for n, row in enumerate(self._conn.execute(f'SELECT {", ".join(asked)} FROM "{table}"')):
            if n >= ROWS:
                raise LimitExceeded(f"{self.name} has more than {ROWS:,} rows in a table", "split the project")
            yield dict(zip(columns, row, strict=True))


@contextmanager
def opened(raw: bytes, name: str) -> Iterator[Database]:
    """The database in `raw`. Raises InputError when it is damaged, or wants more than plain tables to be read."""
    import sqlite3

    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        _load(conn, raw)
        yield Database(conn, name)
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError, ValueError) as error:
        raise InputError(
            f"{name} is damaged or no project of the kind its tables say",
            "open it in the program it comes from, and save a copy",
        ) from error
    finally:
        conn.set_authorizer(None)
        conn.set_progress_handler(None, 0)
        conn.close()


def _load(conn: sqlite3.Connection, raw: bytes) -> None:
    """Put the bytes into memory and forbid everything but reading columns.

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
    ends = time.monotonic() + SECONDS
    conn.set_progress_handler(lambda: int(time.monotonic() > ends), _STEPS)
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}

    def authorise(action: int, *_: object) -> int:
        return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY

    conn.set_authorizer(authorise)


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
