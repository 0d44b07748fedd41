"""Connections to ``qualcode.db``: pragmas, waiting for the lock, one transaction at a time.

`journal_mode=DELETE` with `synchronous=EXTRA` costs about 27 ms a commit and loses nothing on power loss; WAL would
lose acknowledged work when only the main file is copied. `BEGIN IMMEDIATE` takes the write lock up front: a deferred
BEGIN fails at once with SQLITE_BUSY when it upgrades beside another writer, whatever the timeout.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qualcode.errors import ProjectBusy, ProjectError, SchemaTooNew
from qualcode.store import schema

WAIT_SECONDS = 60.0


def connect(path: Path | str, *, wait: float = WAIT_SECONDS) -> sqlite3.Connection:
    """A connection in autocommit mode with the house pragmas; `path` may be ``:memory:``. Creates no file.

    Raises ProjectError when the file cannot be opened or is no database.
    """
    uri = "file::memory:" if str(path) == ":memory:" else f"{Path(path).absolute().as_uri()}?mode=rw"
    try:
        conn = sqlite3.connect(uri, timeout=wait, isolation_level=None, uri=True)
        for pragma in (
            "trusted_schema = OFF",
            "foreign_keys = ON",
            "cell_size_check = ON",
            "journal_mode = DELETE",
            "synchronous = EXTRA",
            "temp_store = MEMORY",  # else 60,000 writes to temporary files in a merge of 100,000 codings
            "cache_size = -65536",  # KiB at most; 2 MB made 100,000 answers spill again and again
        ):
            conn.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.OperationalError as error:
        raise _explained(error, path) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # a message of SQLite's may quote what is damaged
        raise ProjectError(f"{Path(path).name} is not a qualcode project", "restore it from a backup") from error
    return conn


def _explained(error: sqlite3.Error, path: Path | str) -> ProjectError:
    said = str(error)
    name = Path(path).name
    if "locked" in said or "busy" in said:
        return ProjectBusy(f"another process has kept {name} locked", "wait for it to end and try again")
    if "readonly" in said or "read-only" in said:
        return ProjectError(f"{name} or its folder is read-only", "make the project folder writable")
    if "disk is full" in said or "full" in said:
        return ProjectError("the disk is full; nothing was written", "free some space and try again")
    if "disk I/O" in said:
        return ProjectError(
            "the disk reported an error; the last change may be missing", "check the disk, then `qualcode doctor`"
        )
    if "decode" in said:  # the message goes on with the text that could not be read
        return ProjectError(f"a text in {name} is damaged", "find it with `qualcode doctor`, or restore a backup")
    if "unable to open" in said:
        return ProjectError(f"{name} cannot be opened", "check that the folder exists and is readable and writable")
    return ProjectError(f"{name}: {said}", "run `qualcode doctor`")


def _damaged(path: Path | str) -> ProjectError:
    return ProjectError(f"{Path(path).name} is damaged", "run `qualcode doctor`, or restore a backup")


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn SQLite's errors into ProjectErrors with a way out."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _explained(error, path) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError):
            raise
        raise _damaged(path) from error
    except UnicodeDecodeError as error:
        raise _damaged(path) from error


@contextmanager
def readable(path: Path | str) -> Iterator[None]:
    """As `explained`, for turning stored rows into values: a row that is none was damaged on the disk."""
    with explained(path):
        try:
            yield
        except (ValueError, KeyError, TypeError) as error:
            raise ProjectError(
                f"{Path(path).name} holds something that is not as it was written", "see `qualcode doctor`"
            ) from error


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """``BEGIN IMMEDIATE`` … COMMIT, with ROLLBACK on any exception, KeyboardInterrupt included."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(conn: sqlite3.Connection) -> Iterator[None]:
    """One consistent read; inside a transaction it is that transaction's own view."""
    if conn.in_transaction:
        yield
        return
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.execute("ROLLBACK")


def create(path: Path) -> sqlite3.Connection:
    """A new database file with mode 0600 and the current schema. Raises ProjectError when it exists already."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise ProjectError(f"there is a project already: {path.name}", "work in it, or name another folder") from error
    except OSError as error:
        raise ProjectError(f"cannot create {path.name}: {error.strerror}", "name a writable folder") from error
    conn = connect(path)
    with explained(path), transaction(conn):
        schema.migrate(conn, 0)
    return conn


def check_version(conn: sqlite3.Connection) -> int:
    """The schema version found; raises SchemaTooNew for a newer one and ProjectError for no project at all."""
    found = int(conn.execute("PRAGMA user_version").fetchone()[0])
    if found > schema.VERSION:
        raise SchemaTooNew(found, schema.VERSION)
    if found == 0:
        name = Path(conn.execute("PRAGMA database_list").fetchone()[2]).name
        raise ProjectError(f"{name} holds no qualcode project", "restore a backup, or run `qualcode init`")
    return found
