"""Taking a merge back, and bringing it in again: its acts move between the log and `withheld`; nothing is lost.

A merge is no act, and neither is this: the local receipt says which acts came in by it, and whether they are withheld.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from qualcode.store import projection

_NEWER = """
SELECT 1 FROM act WHERE lamport > ? AND command NOT IN ('undo', 'redo', 'seen')
AND id NOT IN (SELECT act FROM undone) LIMIT 1
"""
_UNDONE_SINCE = """
SELECT 1 FROM act JOIN event ON event.act = act.id JOIN undone ON 'act:' || undone.act = event.target
WHERE act.lamport > ? AND event.kind = 'undo' LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """The receipt of a merge: the acts it brought, and the lamport number of the last act when it came or went.

    `withheld` is 0 while its acts are in the log, else it counts up with every merge that is taken back.
    """

    number: int
    acts: tuple[str, ...]
    lamport: int
    withheld: int


def last_merge(conn: sqlite3.Connection) -> Kept | None:
    """The newest receipt of a merge that was not taken back."""
    return next((kept for kept in _receipts(conn) if not kept.withheld), None)


def last_withheld(conn: sqlite3.Connection) -> Kept | None:
    """The receipt of the merge that was taken back last, unless some of its acts have come again since."""
    kept = max(_receipts(conn), key=lambda kept: kept.withheld, default=None)
    if kept is None or not kept.withheld:
        return None
    there = {row[0] for row in conn.execute("SELECT id FROM withheld")}
    return kept if there.issuperset(kept.acts) else None


def _receipts(conn: sqlite3.Connection) -> list[Kept]:
    rows = conn.execute("SELECT id, body FROM receipt ORDER BY id DESC").fetchall()
    said = [(number, json.loads(body)) for number, body in rows]
    return [Kept(n, tuple(each["merged"]), each["lamport"], each.get("withheld", 0)) for n, each in said]


def built_upon(conn: sqlite3.Connection, kept: Kept) -> bool:
    """Whether an act newer than the merge, or than its taking back, is live: it may stand on the state of then."""
    return conn.execute(_NEWER, (kept.lamport,)).fetchone() is not None


def undone_since(conn: sqlite3.Connection, kept: Kept) -> bool:
    """Whether an act was undone after the merge was taken back: that is brought back first."""
    return conn.execute(_UNDONE_SINCE, (kept.lamport,)).fetchone() is not None


def withhold(conn: sqlite3.Connection, kept: Kept) -> None:
    """Take the acts of a merge out of the log into `withheld`, inside the caller's transaction."""
    for act in kept.acts:
        header = conn.execute("SELECT * FROM act WHERE id = ?", (act,)).fetchone()
        events = conn.execute("SELECT * FROM event WHERE act = ? ORDER BY k", (act,)).fetchall()
        body = json.dumps({"act": header, "events": events})
        conn.execute("INSERT OR REPLACE INTO withheld VALUES (?, ?)", (act, body))
        conn.execute("DELETE FROM event WHERE act = ?", (act,))
        conn.execute("DELETE FROM act WHERE id = ?", (act,))
    _turn(conn, kept, 1 + max(each.withheld for each in _receipts(conn)))


def bring_back(conn: sqlite3.Connection, kept: Kept) -> None:
    """Put the acts of a merge that was taken back into the log again, inside the caller's transaction."""
    for act in kept.acts:
        (body,) = conn.execute("SELECT act FROM withheld WHERE id = ?", (act,)).fetchone()
        said = json.loads(body)
        conn.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", said["act"])
        conn.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", said["events"])
        conn.execute("DELETE FROM withheld WHERE id = ?", (act,))
    _turn(conn, kept, 0)


def _turn(conn: sqlite3.Connection, kept: Kept, withheld: int) -> None:
    last = conn.execute("SELECT max(lamport) FROM act").fetchone()[0] or 0
    body = json.dumps({"merged": kept.acts, "lamport": last, "withheld": withheld})
    conn.execute("UPDATE receipt SET body = ? WHERE id = ?", (body, kept.number))
    projection.rebuild(conn)
