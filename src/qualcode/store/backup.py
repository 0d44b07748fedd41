"""Backups: copied while the project is in use, opened and checked before they count, thinned out like a ladder."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from qualcode.errors import ProjectError, UsageError
from qualcode.escaping import file_slug
from qualcode.store import connection, files, schema

FOLDER, ASIDE = "backups", "-set-aside"
NEWEST, DAYS, WEEKS, MONTHS = 10, 7, 5, 12
_NAME = re.compile(r"(\d{8}T\d{6}\d{6}Z)(-[a-z0-9-]+)?\.db")


def make(conn: sqlite3.Connection, folder: Path, reason: str = "") -> Path:
    """Copy the database into ``backups/`` by SQLite's online backup, check the copy, give it its name, thin the rest.

    `reason` becomes part of the file's name. Raises ProjectError when the copy cannot be written or is not sound.
    """
    home = folder / FOLDER
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        with files.passing(home, ".db") as temporary:
            with closing(sqlite3.connect(temporary)) as copy:
                conn.backup(copy)
            verify(temporary)
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            slug = file_slug(reason, 30)
            target = home / (f"{stamp}-{slug}.db" if slug else f"{stamp}.db")
            temporary.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise ProjectError("the backup could not be written", "free some space, or check the folder") from error
    thin(home, spared=target)
    return target


def verify(path: Path) -> None:
    """Raise ProjectError unless the file is a sound project of a schema we know."""
    with connection.explained(path):
        conn = connection.connect(path)
        try:
            connection.check_version(conn)
            said = conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
        finally:
            conn.close()
    if said != "ok":
        raise ProjectError(f"{path.name} is damaged", "take another backup: `qualcode backup --list`")


def listed(folder: Path) -> tuple[Path, ...]:
    """The backups, newest first."""
    home = folder / FOLDER
    found = [path for path in home.glob("*.db") if _NAME.fullmatch(path.name)] if home.is_dir() else []
    return tuple(sorted(found, reverse=True))


def made_at(path: Path) -> datetime:
    """When a backup was made, by its name (UTC)."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise ProjectError(f"{path.name} is not named like a backup", "see `qualcode backup --list`")
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def thin(home: Path, spared: Path | None = None) -> None:
    """Keep the newest ten, and the newest of each of the last 7 days, 5 weeks and 12 months.

    What `restore` set aside may be nowhere else, so it stays; so does `spared`, the one just made, which backups
    dated by a clock that ran ahead would push out.
    """
    found = [path for path in listed(home.parent) if not path.stem.endswith(ASIDE)]
    kept = {*found[:NEWEST], spared}
    for form, count in (("%Y-%m-%d", DAYS), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        kept.update(_newest_of_each(found, form, count))
    for path in found:
        if path not in kept:
            path.unlink(missing_ok=True)


def _newest_of_each(found: Iterable[Path], form: str, count: int) -> list[Path]:
    newest: dict[str, Path] = {}
    for path in found:
        newest.setdefault(made_at(path).strftime(form), path)
    return list(newest.values())[:count]


def is_due(conn: sqlite3.Connection, folder: Path) -> bool:
    """Whether no backup, or without any not even the first act, is of today (UTC)."""
    found, today = listed(folder), datetime.now(UTC).date()
    if found:  # any, as one that a clock ran ahead in is the newest for years
        return all(made_at(path).date() != today for path in found)
    first = conn.execute("SELECT at FROM act ORDER BY lamport, id LIMIT 1").fetchone()
    return first is not None and str(first[0])[:10] != today.isoformat()


def restore(folder: Path, word: str) -> tuple[Path, Path | None]:
    """Put a backup in the place of the database. What it replaces is set aside in ``backups/``, never overwritten.

    `word` is a file, or the beginning of a backup's name. Returns the backup and where the old database went.
    """
    chosen = _named(folder, word)
    verify(chosen)
    target = folder / "qualcode.db"
    home = folder / FOLDER
    read_only = f"{chosen.absolute().as_uri()}?mode=ro"
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        with files.passing(folder, ".db") as temporary:
            with closing(sqlite3.connect(read_only, uri=True)) as source, closing(sqlite3.connect(temporary)) as copy:
                source.backup(copy)
            verify(temporary)
            aside = _set_aside(target, home)
            temporary.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise ProjectError("the backup could not be put in place", "check the folder and the disk") from error
    return chosen, aside


def _named(folder: Path, word: str) -> Path:
    if Path(word).is_file():
        return Path(word)
    found = [path for path in listed(folder) if path.name.startswith(word)]
    if len(found) != 1:
        said = f'{len(found)} backups begin with "{word}"' if found else f'no backup is called "{word}"'
        raise UsageError(said, "see `qualcode backup --list`")
    return found[0]


def _set_aside(target: Path, home: Path) -> Path | None:
    """Put the database, with its journal, out of the way.

    It keeps its name too, where the disk has links, until the backup takes that: a kill in between leaves a project.
    """
    if not target.exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = home / f"{stamp}{ASIDE}.db"
    journal = target.with_name(target.name + "-journal")
    linked = False
    with suppress(OSError):
        aside.hardlink_to(target)
        linked = True
    if journal.exists():
        journal.replace(aside.with_name(aside.name + "-journal"))
    if not linked:
        target.replace(aside)
    return aside


def before_migration(conn: sqlite3.Connection, folder: Path, found: int) -> None:
    """A backup before an older schema is brought up to date."""
    if found < schema.VERSION:
        make(conn, folder, f"before-schema-{schema.VERSION}")
