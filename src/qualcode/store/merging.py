"""Merge: the set union of two logs. Acts unite by id, so merging twice changes nothing and the order does not matter.

What comes from outside is checked before it is believed, here and in `incoming`: hashes, shapes, every span inside its
text. Merging is no act; a local receipt remembers it, and undoing it moves the acts that came into `withheld`.
"""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from qualcode.errors import ProjectError
from qualcode.store import (
    conflicts,
    connection,
    crossings,
    incoming,
    log,
    projection,
    records,
    relations,
    retrieval,
    versions,
)
from qualcode.store.incoming import Incoming
from qualcode.store.rows import insert

# What a forged entry can raise on its way into the tables.
_SENSELESS = (
    *(sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError),
    *(LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: new acts, and how many more sources, cases, codings and memos there are.

    `crossings` are the codes that were given up in one copy while the other coded with them. `unrelated`: both had
    sources, and the logs had no act and no source in common.
    """

    new_acts: int
    sources: int
    cases: int
    codings: int
    memos: int
    forks: tuple[str, ...] = ()
    crossings: tuple[crossings.Crossing, ...] = ()
    unrelated: bool = False


def take_in(conn: sqlite3.Connection, other: Path, *, dry_run: bool = False, partial: bool = False) -> Merged:
    """Bring in the log at `other` (a project folder or its database) in one transaction.

    `partial` takes a log whose contents are not all there, as a hand-out's. Raises ProjectError when it is no project,
    is newer than this qualcode, or does not stand up to its own hashes; then nothing is changed.
    """
    try:
        with _uncollected():
            return _taken_in(conn, other, dry_run=dry_run, partial=partial)
    except _DryRunError as done:
        return done.merged
    except _SENSELESS as error:
        raise ProjectError(
            "that project holds entries that make no sense here; nothing was merged", "run `qualcode doctor` on it"
        ) from error


def _taken_in(conn: sqlite3.Connection, other: Path, *, dry_run: bool, partial: bool) -> Merged:
    known = dict(conn.execute("SELECT id, lamport FROM act").fetchall())
    part = log.meta(conn, "handout") is not None
    lacking = incoming.lacking(conn) if part else {}
    came = incoming.read(incoming.database(other), known, lacking, partial=partial, gaps=part)
    with connection.transaction(conn):
        merged = _unite(conn, came)
        if came.drawn and (part or partial):
            log.set_drawn(conn, [*log.drawn(conn), *came.drawn])
        if dry_run:
            raise _DryRunError(merged)
    return merged


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the collector of cycles: the events of a merge all stay, and looking through them took a third of it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _DryRunError(Exception):
    def __init__(self, merged: Merged) -> None:
        self.merged = merged
        super().__init__()


def _unite(conn: sqlite3.Connection, came: Incoming) -> Merged:
    before = _counts(conn)
    was_undone = {row[0] for row in conn.execute("SELECT act FROM undone")}
    here = {row[0] for row in conn.execute("SELECT DISTINCT target FROM event")}
    _insert(conn, came)
    projection.refresh_undone(conn)
    undone = {row[0] for row in conn.execute("SELECT act FROM undone")}
    told = {target: events for target, events in came.told.items() if projection.at_hand(target, events, here)}
    targets = came.completed | {target for target in came.told if target not in told}
    for act in undone ^ was_undone:
        targets |= {row[0] for row in conn.execute("SELECT target FROM event WHERE act = ?", (act,))}
    targets -= told.keys()
    erased = {row[0] for row in conn.execute("SELECT content FROM erased")}
    contents = {key: data for key, _, data in came.contents if key not in erased}
    projection.project(conn, targets, contents, _live(told, undone))
    _refuse_bad_spans(conn)
    _read_through(conn, chain(came.told, targets))
    after = _counts(conn)
    if came.acts:
        _keep_receipt(conn, came)
    sources, cases, codings, memos = (max(0, now - then) for then, now in zip(before, after, strict=True))
    crossed = crossings.found(conn, {row[0] for row in came.acts}, came.there)
    both = before[0] > 0 and sources > 0
    unrelated = both and len(came.acts) == len(came.there) and not _in_common(came, here)
    return Merged(len(came.acts), sources, cases, codings, memos, forks(conn), crossed, unrelated)


def _in_common(came: Incoming, here: Collection[str]) -> bool:
    """Whether a source that comes was known here before."""
    return any(target in here for target in came.told if target.startswith("source:"))


def _live(told: Mapping[str, list[projection.Happening]], undone: Collection[str]) -> Iterable[projection.Story]:
    """The events that count, by target."""
    if not undone:
        return told.items()
    return ((target, [event for event in events if event.act not in undone]) for target, events in told.items())


def _insert(conn: sqlite3.Connection, came: Incoming) -> None:
    tombs = {row[0] for row in conn.execute("SELECT content FROM erased")}
    insert(conn, "act", came.acts)
    insert(conn, "event", came.events)
    came.events.clear()  # room for the rows of the projection: 0.05 s of 100,000
    conn.executemany(
        "INSERT OR IGNORE INTO content VALUES (?, ?, ?)", [row for row in came.contents if row[0] not in tombs]
    )
    conn.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", came.erased)
    conn.execute("DELETE FROM content WHERE id IN (SELECT content FROM erased)")
    conn.executemany("DELETE FROM withheld WHERE id = ?", [(row[0],) for row in came.acts])


def _counts(conn: sqlite3.Connection) -> list[int]:
    return [
        int(conn.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])
        for table in ("source", "case", "coding", "memo")
    ]


def _refuse_bad_spans(conn: sqlite3.Connection) -> None:
    """Raise when a text is not as long as it says, or a turn or coding leaves its text."""
    queries = (
        "SELECT 1 FROM source JOIN content ON content.id = source.text WHERE length(content.data) != source.chars",
        'SELECT 1 FROM turn JOIN source ON source.id = turn.source WHERE turn."end" > source.chars',
        # source by source over the index of places: 100,000 codings take 0.01 s instead of 0.04
        'SELECT 1 FROM source CROSS JOIN coding ON coding.source = source.id WHERE coding."end" > source.chars '
        "AND coding.anchor != 'orphan'",
    )
    for query in queries:
        if conn.execute(f"{query} LIMIT 1").fetchone():
            raise ProjectError("that project holds spans outside their texts; nothing was merged", "take a fresh copy")


def _read_through(conn: sqlite3.Connection, targets: Iterable[str]) -> None:
    """Make values of what came, as every list will: what cannot be read must not be stored."""
    sources = {target.partition(":")[2] for target in targets if target.startswith("source:")}
    retrieval.sources(conn, sources)
    for read in (retrieval.codebooks, retrieval.cases, retrieval.suggestions, retrieval.memos, retrieval.surveys):
        read(conn)
    relations.code_sets(conn)
    relations.code_links(conn)
    conflicts.found(conn)
    records.check(conn)
    versions.check(conn)
    for (heads,) in conn.execute("SELECT heads FROM milestone"):
        if not all(isinstance(lamport, int) for lamport in json.loads(heads).values()):
            raise ValueError("a milestone that marks nothing")


def _keep_receipt(conn: sqlite3.Connection, came: Incoming) -> None:
    last = conn.execute("SELECT max(lamport) FROM act").fetchone()[0]
    body = {"merged": [row[0] for row in came.acts], "lamport": last}
    conn.execute("INSERT INTO receipt (at, body) VALUES (?, ?)", (log.now(), json.dumps(body)))


def forks(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Replicas whose chain has two continuations: an old copy was restored and both went on. Both sides are kept."""
    rows = conn.execute(
        "SELECT replica FROM act WHERE parent IS NOT NULL GROUP BY replica, parent HAVING count(*) > 1 ORDER BY replica"
    )
    return tuple(dict.fromkeys(row[0] for row in rows))


# -- taking a merge back --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """The receipt of a merge: the acts it brought, and the lamport number of the last act then."""

    number: int
    acts: tuple[str, ...]
    lamport: int


def last_merge(conn: sqlite3.Connection) -> Kept | None:
    """The newest receipt of a merge that was not taken back."""
    row = conn.execute("SELECT id, body FROM receipt ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return None
    said = json.loads(row[1])
    return Kept(row[0], tuple(said["merged"]), said["lamport"])


def built_upon(conn: sqlite3.Connection, kept: Kept) -> bool:
    """Whether an act newer than the merge is live: it may stand on what came."""
    row = conn.execute(
        "SELECT 1 FROM act WHERE lamport > ? AND command NOT IN ('undo', 'redo', 'seen') "
        "AND id NOT IN (SELECT act FROM undone) LIMIT 1",
        (kept.lamport,),
    ).fetchone()
    return row is not None


def withhold(conn: sqlite3.Connection, kept: Kept) -> None:
    """Take the acts of a merge out of the log into `withheld`, inside the caller's transaction; nothing is lost."""
    for act in kept.acts:
        header = conn.execute("SELECT * FROM act WHERE id = ?", (act,)).fetchone()
        events = conn.execute("SELECT * FROM event WHERE act = ? ORDER BY k", (act,)).fetchall()
        body = json.dumps({"act": header, "events": events})
        conn.execute("INSERT OR REPLACE INTO withheld VALUES (?, ?)", (act, body))
        conn.execute("DELETE FROM event WHERE act = ?", (act,))
        conn.execute("DELETE FROM act WHERE id = ?", (act,))
    conn.execute("DELETE FROM receipt WHERE id = ?", (kept.number,))
    projection.rebuild(conn)
