"""A merge that was taken back, and bringing it back: its acts lie in `withheld`, and a local note says which are one.

The note is a value of `meta`, so neither travels: to withhold is a decision of this copy.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from qualcode.store import log, projection

_KEY = "merges taken back"
_DONE = "SELECT 1 FROM act WHERE lamport > ? AND command NOT IN ('seen', 'undo', 'redo') LIMIT 1"
_UNDONE = """
SELECT 1 FROM act JOIN event ON event.act = act.id
WHERE act.lamport > ? AND act.command = 'undo' AND event.target IN (SELECT 'act:' || act FROM undone) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One merge that was taken back: the acts that are still withheld, and the last lamport number of the log then."""

    acts: tuple[str, ...]
    lamport: int


def note(conn: sqlite3.Connection, acts: tuple[str, ...]) -> None:
    """Remember that these acts, which were just withheld, are one merge."""
    noted = [*taken_back(conn), TakenBack(acts, _newest(conn))]
    log.set_meta(conn, _KEY, json.dumps([[one.lamport, one.acts] for one in noted]))


def taken_back(conn: sqlite3.Connection) -> tuple[TakenBack, ...]:
    """The merges that can be brought back, the last one last; what came again by another merge is not among them."""
    here = {row[0] for row in conn.execute("SELECT id FROM withheld")}
    noted = json.loads(log.meta(conn, _KEY) or "[]")
    merges = (TakenBack(tuple(act for act in acts if act in here), lamport) for lamport, acts in noted)
    return tuple(merge for merge in merges if merge.acts)


def is_last(conn: sqlite3.Connection) -> bool:
    """Whether the last merge taken back is what a redo brings back now.

    So it is when nothing was done here since but to look at others' layers, and to undo what was done again.
    """
    merges = taken_back(conn)
    if not merges:
        return False
    return not any(conn.execute(query, (merges[-1].lamport,)).fetchone() for query in (_DONE, _UNDONE))


def bring_back(conn: sqlite3.Connection, merge: TakenBack) -> None:
    """Put the acts of a merge into the log again, with its receipt, inside the caller's transaction."""
    for act in merge.acts:
        body = json.loads(conn.execute("SELECT act FROM withheld WHERE id = ?", (act,)).fetchone()[0])
        conn.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", body["act"])
        conn.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", body["events"])
        conn.execute("DELETE FROM withheld WHERE id = ?", (act,))
    kept = {"merged": merge.acts, "lamport": _newest(conn)}
    conn.execute("INSERT INTO receipt (at, body) VALUES (?, ?)", (log.now(), json.dumps(kept)))
    rest = [[one.lamport, one.acts] for one in taken_back(conn)]
    log.set_meta(conn, _KEY, json.dumps(rest))
    projection.rebuild(conn)


def _newest(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT coalesce(max(lamport), 0) FROM act").fetchone()[0])
