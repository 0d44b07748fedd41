"""The log: acts of events, chained by hash, with every personal string kept apart as content.

``act.id`` is the SHA-256 of parent, header and events, so acts unite by id when projects merge and tampering shows. A
content's id is the SHA-256 of its random salt and its text: an event that names it proves the text without revealing
it, and erasing the row leaves the chain intact. The order of acts is (lamport, act.id): no clock decides anything.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from qualcode.store.rows import insert

_quoted = json.encoder.encode_basestring
Body = dict[str, Any]
_DRAWN = "kept:drawn"  # beside the log: a draw in it would tell a co-coder of others' cases and turns


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces, the form that is hashed."""
    return _CANONICAL.encode(value)


def now() -> str:
    """The present in UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Event(NamedTuple):
    """One change to one target; `body` is JSON text in canonical form."""

    kind: str
    target: str
    body: str


@dataclass(frozen=True, slots=True)
class Header:
    """Everything of an act but its id and events."""

    replica: str
    parent: str | None
    lamport: int
    coder: str | None
    at: str
    command: str


def act_id(header: Header, events: Iterable[tuple[str, str, str]]) -> str:
    """The act's id: SHA-256 over the canonical header and the digest of each event (kind, target, body) in order."""
    parts = [header.parent, header.replica, header.lamport, header.coder, header.at, header.command]
    lines = [  # canonical, in half the time
        f"[{k},{_quoted(kind)},{_quoted(target)},{_quoted(body)}]".encode("utf-8", "surrogatepass")
        for k, (kind, target, body) in enumerate(events)
    ]
    digests = [sha256(line).digest() for line in lines]
    return sha256(canonical(parts).encode() + b"".join(digests)).hexdigest()


def content_id(salt: bytes, data: str) -> str:
    """The id of a content: SHA-256 of salt and UTF-8 text."""
    return sha256(salt + data.encode()).hexdigest()


@dataclass(slots=True)
class Draft:
    """An act being written: events and contents gathered until `append` stores them."""

    command: str
    coder: str | None
    events: list[Event] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)  # of the events, before they were text
    contents: list[tuple[str, bytes, str]] = field(default_factory=list)

    def event(self, kind: str, target: str, body: Body) -> None:
        """Add one event; an act holds at most one event of a kind for a target."""
        self.events.append(Event(kind, target, canonical(body)))
        self.bodies.append(body)

    def content(self, data: str) -> str:
        """Keep a personal string and return the id that events hold."""
        salt = os.urandom(16)
        key = content_id(salt, data)
        self.contents.append((key, salt, data))
        return key


def _stamp(path: Path) -> str:
    """Where a database stands: machine, real path and inode. A copy has another stamp."""
    machine = Path("/etc/machine-id")
    name = machine.read_text().strip() if machine.is_file() else f"{socket.gethostname()}-{uuid.getnode():x}"
    real = path.resolve()
    inode = real.stat().st_ino if real.exists() else 0
    return sha256(f"{name}|{real}|{inode}".encode("utf-8", "surrogatepass")).hexdigest()


def meta(conn: sqlite3.Connection, key: str) -> str | None:
    """A local value, or None."""
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(conn: sqlite3.Connection, key: str, value: str) -> None:
    """Store a local value."""
    conn.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


def drawn(conn: sqlite3.Connection) -> list[tuple[str, int | None]]:
    """Source ids and turns (None for all) that a hand-out says were drawn; none where the note is not one of ours."""
    try:
        said = json.loads(meta(conn, _DRAWN) or "[]")
        return [(source, turn) for source, turn in said if isinstance(source, str) and type(turn) in (int, type(None))]
    except (ValueError, TypeError):
        return []


def set_drawn(conn: sqlite3.Connection, units: Iterable[tuple[str, int | None]]) -> None:
    """Note what was drawn for the coder whose copy this is."""
    set_meta(conn, _DRAWN, json.dumps(list(dict.fromkeys(units))))


def _replica(conn: sqlite3.Connection, path: Path) -> str:
    """This copy's replica; a database found at another place becomes a new replica whose parent is the old head."""
    stamp = _stamp(path)
    replica = meta(conn, "replica")
    if replica is None or meta(conn, "stamp") != stamp:
        replica = uuid.uuid4().hex
        set_meta(conn, "replica", replica)
        set_meta(conn, "stamp", stamp)
    return replica


def spoken_of(conn: sqlite3.Connection, targets: Iterable[str]) -> set[str]:
    """Those of the targets that the log says something of, undone or not."""
    look = "SELECT 1 FROM event WHERE target = ? LIMIT 1"
    return {target for target in set(targets) if conn.execute(look, (target,)).fetchone()}


def append(conn: sqlite3.Connection, path: Path, draft: Draft) -> tuple[str, Header] | None:
    """Store the draft as one act inside the caller's transaction; its id and header, or None without events."""
    if not draft.events:
        return None
    replica = _replica(conn, path)
    last = conn.execute("SELECT max(lamport) FROM act").fetchone()[0] or 0
    header = Header(replica, meta(conn, "head"), last + 1, draft.coder, now(), draft.command)
    key = act_id(header, draft.events)
    conn.execute(
        "INSERT INTO act (id, replica, parent, lamport, coder, at, command) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, header.replica, header.parent, header.lamport, header.coder, header.at, header.command),
    )
    insert(conn, "event", [(key, k, *event) for k, event in enumerate(draft.events)])
    insert(conn, "content", draft.contents)
    set_meta(conn, "head", key)
    return key, header
