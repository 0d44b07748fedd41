"""A hand-out: one file for a co-coder: the chosen texts, the codebooks and frozen units, nobody's codings, memos or
suggestions.

It is a project database that holds a part of the log: whole acts, because an act stands or falls with its hash, but of
the contents only those of the chosen sources and of the codes. What the co-coder adds comes back by `merging`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path

from qualcode.errors import ProjectError
from qualcode.store import connection, files, log, projection, schema

GIVEN = {
    *("source.add", "source.roles", "source.speakers", "source.cases", "source.prompts"),
    *("source.revise", "source.settle"),
    *("case.add", "case.set", "case.link", "survey.put"),
    *("codebook.put", "code.put", "code.retire", "run", "part", "units"),
}


def write(
    conn: sqlite3.Connection, target: Path, sources: Collection[str], drawn: Sequence[tuple[str, int | None]] = ()
) -> None:
    """Write the hand-out with these source ids to `target`, whole or not at all, mode 0600. Raises ProjectError.

    `drawn` are the source ids and turns (None for all of them) that a draw gave to whoever gets it.
    """
    try:
        with files.passing(target.parent, ".db") as temporary:
            part = connection.connect(temporary)
            with connection.explained(temporary), connection.transaction(part):
                schema.migrate(part, 0)
                with connection.snapshot(conn):
                    _fill(conn, part, set(sources))
                projection.rebuild(part)
                _drop_the_rest(part, set(sources))
                if drawn:
                    log.set_drawn(part, drawn)
            part.close()
            temporary.replace(target)
    except OSError as error:
        raise files.unwritten(target, error) from error


def _fill(conn: sqlite3.Connection, part: sqlite3.Connection, sources: set[str]) -> None:
    acts = _given_acts(conn)
    wanted: set[str] = set()
    last = None
    for act in acts:
        header = conn.execute("SELECT * FROM act WHERE id = ?", (act,)).fetchone()
        events = conn.execute("SELECT * FROM event WHERE act = ? ORDER BY k", (act,)).fetchall()
        part.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", header)
        part.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", events)
        for _, _, _, target, body in events:
            wanted |= _contents(target, json.loads(body), sources)
        last = act
    rows = (conn.execute("SELECT * FROM content WHERE id = ?", (key,)).fetchone() for key in sorted(wanted))
    part.executemany("INSERT INTO content VALUES (?, ?, ?)", [row for row in rows if row is not None])
    log.set_meta(part, "handout", "yes")
    if last is not None:
        log.set_meta(part, "head", last)


def _given_acts(conn: sqlite3.Connection) -> list[str]:
    """The live acts that hold nothing but texts, cases and codebooks.

    What was undone stays here with its undoing: that may take back others' codings too, and could not go without them.
    """
    acts = conn.execute("SELECT id FROM act WHERE id NOT IN (SELECT act FROM undone) ORDER BY lamport, id").fetchall()
    given: list[str] = []
    for (act,) in acts:
        kinds = conn.execute("SELECT kind FROM event WHERE act = ?", (act,)).fetchall()
        if all(kind in GIVEN for (kind,) in kinds):
            given.append(act)
    return given


def _contents(target: str, body: dict[str, object], sources: set[str]) -> set[str]:
    noun, _, key = target.partition(":")
    if noun == "code" or (noun == "source" and key in sources):
        return {str(body[name]) for name in ("text", "about", "roles", "names", "prompts", "details") if body.get(name)}
    return set()


def _drop_the_rest(part: sqlite3.Connection, sources: set[str]) -> None:
    """Without their contents, other sources and all cases project to nothing; make sure of it, and of the others."""
    left = {row[0] for row in part.execute("SELECT id FROM source")}
    if not sources <= left:
        raise ProjectError(
            f"{len(sources - left)} of the sources came in together with codings, so they cannot go without them",
            "hand the others out: name them with --source",
        )
    if not left <= sources or part.execute('SELECT count(*) FROM "case"').fetchone()[0]:
        raise ProjectError("the hand-out would hold more than it should; nothing was written", "report this")


def settle_in(conn: sqlite3.Connection) -> None:
    """Let a project made from a hand-out go on from its last act, and remember that its log is a part."""
    (last,) = conn.execute("SELECT id FROM act ORDER BY lamport DESC, id DESC LIMIT 1").fetchone()
    log.set_meta(conn, "head", last)
    log.set_meta(conn, "handout", "yes")
    conn.execute("DELETE FROM receipt")


def is_handout(conn: sqlite3.Connection) -> bool:
    """Whether the database began as a hand-out: its log is a part, on purpose."""
    return log.meta(conn, "handout") is not None
