"""What a merge brought together and neither copy knew of the other: codings with a code that was given up meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from qualcode.store import retrieval

# CROSS JOIN keeps SQLite from walking through all codings for the few codes that were given up.
_GIVEN_UP = """
SELECT code.id, coding.id, up.id, made.id, up.lamport <= made.lamport
FROM code CROSS JOIN coding ON coding.code = code.id
JOIN event AS gave ON gave.target = 'code:' || code.id AND gave.kind = 'code.retire'
JOIN event AS coded ON coded.target = 'coding:' || coding.id
  AND (coded.kind = 'coding.add' OR (coded.kind = 'coding.set' AND json_extract(coded.body, '$.code') IS NOT NULL))
JOIN act AS up ON up.id = gave.act JOIN act AS made ON made.id = coded.act
WHERE code.retired = 1 AND up.id NOT IN (SELECT act FROM undone) AND made.id NOT IN (SELECT act FROM undone)
"""


@dataclass(frozen=True, slots=True)
class Crossing:
    """`codings` were made or changed in one copy while the other gave up their code `path`, or merged it `into` one."""

    path: str
    into: str | None
    codings: int


def found(conn: sqlite3.Connection, came: Collection[str], there: Collection[str]) -> tuple[Crossing, ...]:
    """The codes, by path, that one side gave up and the other coded with.

    `came` are the acts that the merge brought, `there` all that the other log has. Nobody codes with a code that they
    know to be given up; whoever gave one up knew of no coding that comes later in the log, nor of one not `there`.
    """
    paths = retrieval.code_paths(conn)
    own = dict(conn.execute("SELECT id, path FROM code WHERE retired = 1").fetchall())
    crossed: dict[str, set[str]] = {}
    for code, coding, gave, made, before in conn.execute(_GIVEN_UP):
        unknown = made in came if gave not in came else made not in came and (before or made not in there)
        if unknown:
            crossed.setdefault(code, set()).add(coding)
    listed = [
        Crossing(own[code], paths[code] if paths[code] != own[code] else None, len(codings))
        for code, codings in crossed.items()
    ]
    return tuple(sorted(listed, key=lambda each: each.path))
