"""Many rows come in less time than one after the other, and the tables are the same afterwards."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.store import connection, rows

MANY = 6_000
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = connection.create(tmp_path / "qualcode.db")
    yield opened
    opened.close()


def sources(first: int, last: int) -> list[rows.Row]:
    """Rows of the table of sources, not in the order of their ids, with a name for each."""
    ids = sorted(range(first, last), key=lambda n: hashlib.sha256(b"%d" % n).digest())
    return [(f"{n:032x}", f"talk {n}", "interview", None, "x.txt", "ab", 0, None, 5, n) for n in ids]


def stored(conn: sqlite3.Connection) -> set[rows.Row]:
    return set(conn.execute("SELECT * FROM source").fetchall())


def definitions(conn: sqlite3.Connection) -> int:
    """A number that changes with every change of a table's definition."""
    return int(conn.execute("PRAGMA schema_version").fetchone()[0])


@pytest.mark.parametrize("number", [0, 1, 49, 50, 51, MANY, MANY + 7])
def test_every_row_is_stored_and_the_schema_is_the_same_afterwards(conn: sqlite3.Connection, number: int) -> None:
    before = conn.execute(SCHEMA).fetchall()
    with connection.transaction(conn):
        rows.insert(conn, "source", sources(0, number))
    assert stored(conn) == set(sources(0, number))
    assert conn.execute(SCHEMA).fetchall() == before
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_indexes_are_made_afterwards_only_where_more_comes_than_there_is(conn: sqlite3.Connection) -> None:
    seen = [definitions(conn)]
    for first, last in ((0, 100), (100, 100 + MANY), (10_000, 10_000 + MANY)):
        with connection.transaction(conn):
            rows.insert(conn, "source", sources(first, last))
        seen.append(definitions(conn))
    assert seen[0] == seen[1] < seen[2] == seen[3]
    plan = str(conn.execute("EXPLAIN QUERY PLAN SELECT * FROM source WHERE name = 'talk 7'").fetchall())
    assert "source_name" in plan
    assert conn.execute("SELECT id FROM source WHERE name = 'talk 7'").fetchall() == [(f"{7:032x}",)]


@pytest.mark.parametrize("wrong", [("0" * 32, "twice"), ("f" * 32, None)])
def test_rows_that_are_refused_leave_every_byte_as_it_was(
    conn: sqlite3.Connection, tmp_path: Path, wrong: tuple[str, str | None]
) -> None:
    with connection.transaction(conn):
        rows.insert(conn, "source", sources(0, 10))
    before = (tmp_path / "qualcode.db").read_bytes()
    coming = [*sources(10, MANY), (*wrong, *sources(0, 1)[0][2:])]
    with pytest.raises(sqlite3.IntegrityError), connection.transaction(conn):
        rows.insert(conn, "source", coming)
    assert (tmp_path / "qualcode.db").read_bytes() == before
    assert stored(conn) == set(sources(0, 10))
