"""Versions of one thing: those that nothing replaces, and the sides of a conflict between them.

An event names the ones it replaces (``replaces``: ``ACT:K``), so what nobody has replaced is a head.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from qualcode.store import retrieval

_VERSIONS = """
SELECT event.act || ':' || event.k, event.kind, event.body, act.coder, act.at,
  act.id NOT IN (SELECT act FROM undone)
FROM event JOIN act ON act.id = event.act
WHERE event.target = ? ORDER BY act.lamport, act.id, event.k
"""


class Head(NamedTuple):
    """A version that nothing replaces."""

    ref: str
    kind: str
    body: dict[str, Any]
    coder: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Side:
    """One version: who wrote it, when, and what it says."""

    ref: str
    coder: str | None
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more versions of one thing.

    `kind` is memo, code, code path, code circle, case, case link, revision, speaker, speaker case or milestone; `what`
    names the thing.
    """

    id: str
    kind: str
    target: str
    what: str
    sides: tuple[Side, ...]


def live_and_gone(conn: sqlite3.Connection, target: str) -> tuple[list[Head], set[str]]:
    """The live events on a target in log order, and the refs that they replace.

    What an undone event replaced is replaced by the live one that replaces it: undoing the second of three versions
    brings the first not back.
    """
    live: list[Head] = []
    before: dict[str, list[str]] = {}
    for ref, kind, body, coder, at, holds in conn.execute(_VERSIONS, (target,)):
        head = Head(ref, kind, json.loads(body), coder, at)
        before[ref] = head.body.get("replaces", [])
        if holds:
            live.append(head)
    gone: set[str] = set()
    waiting = [old for head in live for old in before[head.ref]]
    while waiting:
        ref = waiting.pop()
        if ref not in gone:
            gone.add(ref)
            waiting += before.get(ref, [])
    return live, gone


def heads(conn: sqlite3.Connection, target: str, kinds: Collection[str]) -> list[Head]:
    """The live events of these kinds on a target that no live event replaces."""
    live, gone = live_and_gone(conn, target)
    return [head for head in live if head.kind in kinds and head.ref not in gone]


def conflict_id(target: str, refs: Iterable[str]) -> str:
    """The same in every copy: made of the target and of what stands against each other."""
    return hashlib.sha256(json.dumps([target, sorted(refs)]).encode()).hexdigest()[:12]


def name_of(conn: sqlite3.Connection, target: str) -> str:
    """What people call a target: a path, a name, else the beginning of its id."""
    noun, _, key = target.partition(":")
    if noun == "code":
        return retrieval.code_paths(conn).get(key, key[:8])
    if noun == "memo":
        return f"memo {key[:8]}"
    row = conn.execute(f'SELECT name FROM "{noun}" WHERE id = ?', (key,)).fetchone()
    return str(row[0]) if row else key[:8]
