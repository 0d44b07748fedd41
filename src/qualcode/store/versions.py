"""What the log knows of codebooks: earlier versions, files that were applied, the wording a coding was made under.

Everything is compared in the order of the log, (lamport, act.id, k); no clock is asked. Undone acts do not count.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from qualcode.model import Codebook
from qualcode.store import connection, projection, retrieval, schema

Place: TypeAlias = tuple[int, str, int]
"""Where an event stands in the log: lamport, the act's id, its number in the act."""

APPLY = "codebook apply"
_LIVE = "NOT EXISTS (SELECT 1 FROM undone WHERE undone.act = act.id)"
_PUTS = f"""
SELECT act.lamport, act.id, event.k, act.command, json_extract(event.body, '$.version')
FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND event.kind = 'codebook.put' AND {_LIVE}
ORDER BY act.lamport, act.id, event.k
"""
_MADE = f"""
SELECT coding.id, act.lamport, act.id, event.k
FROM coding JOIN event ON event.target = 'coding:' || coding.id JOIN act ON act.id = event.act
WHERE coding.code = ? AND act.coder = coding.coder AND {_LIVE}
  AND (event.kind = 'coding.add' OR (event.kind = 'coding.set'
       AND (json_extract(event.body, '$.code') IS NOT NULL OR json_extract(event.body, '$.start') IS NOT NULL)))
ORDER BY act.lamport, act.id, event.k
"""
_WORDED = f"""
SELECT act.lamport, act.id, event.k, content.data
FROM event JOIN act ON act.id = event.act
JOIN content ON content.id = json_extract(event.body, '$.details')
WHERE event.target = 'code:' || ? AND event.kind = 'code.put' AND {_LIVE}
ORDER BY act.lamport, act.id, event.k
"""
_EVERY_WORDING = """
SELECT content.data FROM event JOIN content ON content.id = json_extract(event.body, '$.details')
WHERE event.target GLOB 'code:*' AND event.kind = 'code.put'
"""
_OF_CODES = """
FROM act JOIN event ON event.act = act.id
WHERE event.target GLOB 'act:*'
   OR ((event.target GLOB 'code:*' OR event.target GLOB 'codebook:*') AND (act.lamport, act.id) <= (?, ?))
"""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a code meant: the texts that a coder decides by."""

    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """When a coding got its present code and span, and the code's wording at that moment."""

    place: Place
    wording: Wording


class Versions:
    """The past of a project's codebooks. Use it in the project's thread."""

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self._conn = conn
        self._path = path

    def known(self, name: str) -> tuple[str, ...]:
        """The versions that codebook `name` has had, oldest first."""
        with connection.explained(self._path):
            rows = self._conn.execute(_PUTS, (f"codebook:{name}",)).fetchall()
        return tuple(dict.fromkeys(row[4] for row in rows if row[4]))

    def at(self, name: str, version: str) -> tuple[Codebook, Place] | None:
        """Codebook `name` as its file of that version was last applied, and where in the log; None when it never was.

        A version that came in another way (with another tool's project) is taken as it first was.
        """
        with connection.explained(self._path):
            rows = [row for row in self._conn.execute(_PUTS, (f"codebook:{name}",)) if row[4] == version]
            if not rows:
                return None
            lamport, act, k, *_ = next((row for row in reversed(rows) if row[3] == APPLY), rows[0])
            with closing(self._past(lamport, act)) as past:
                book = next((book for book in retrieval.codebooks(past) if book.name == name), None)
        return None if book is None else (book, (lamport, act, k))

    def _past(self, lamport: int, act: str) -> sqlite3.Connection:
        """A database in memory with all codebooks as they were after an act, and nothing else."""
        past = connection.connect(":memory:")
        with connection.transaction(past):
            schema.migrate(past, 0)
            header = "act.id, act.replica, act.parent, act.lamport, act.coder, act.at, act.command"
            acts = self._conn.execute(f"SELECT DISTINCT {header} {_OF_CODES}", (lamport, act))
            past.executemany("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", acts)
            fields = "event.act, event.k, event.kind, event.target, event.body"
            events = self._conn.execute(f"SELECT {fields} {_OF_CODES}", (lamport, act)).fetchall()
            past.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", events)
            named = [(json.loads(row[4])["details"],) for row in events if row[2] == "code.put"]
            for key in named:
                row = self._conn.execute("SELECT id, salt, data FROM content WHERE id = ?", key).fetchone()
                if row is not None:
                    past.execute("INSERT INTO content VALUES (?, ?, ?)", row)
            projection.rebuild(past)
        return past

    def hashes(self, name: str) -> frozenset[str]:
        """The SHA-256 of every text that was ever the file of codebook `name`, undone acts included."""
        find = "SELECT json_extract(body, '$.sha256') FROM event WHERE target = ? AND kind = 'codebook.put'"
        with connection.explained(self._path):
            return frozenset(row[0] for row in self._conn.execute(find, (f"codebook:{name}",)) if row[0])

    def names(self) -> tuple[str, ...]:
        """The names of all codebooks that ever were, undone ones included."""
        find = "SELECT DISTINCT substr(target, 10) FROM event WHERE kind = 'codebook.put' ORDER BY 1"
        with connection.explained(self._path):
            return tuple(row[0] for row in self._conn.execute(find))

    def retired(self) -> dict[str, int]:
        """The paths of codes that were retired or merged, with how many codings were made with them."""
        find = (
            "SELECT code.path, count(coding.id) FROM code LEFT JOIN coding ON coding.code = code.id "
            "WHERE code.retired = 1 GROUP BY code.path"
        )
        with connection.explained(self._path):
            return dict(self._conn.execute(find).fetchall())

    def made(self, paths: Collection[str]) -> dict[str, Made]:
        """Coding id → when and under which wording it was made, for the codings that show under `paths`.

        Giving a coding its code anew, or another span, makes it anew. A code merged into another had its own wording.
        """
        with connection.explained(self._path):
            codes = sorted(key for key, path in retrieval.code_paths(self._conn).items() if path in paths)
            return {key: made for code in codes for key, made in self._made_with(code).items()}

    def _made_with(self, code: str) -> dict[str, Made]:
        worded = [(tuple(place), _wording(data)) for *place, data in self._conn.execute(_WORDED, (code,))]
        if not worded:
            return {}
        places = [place for place, _ in worded]
        found = {}
        for key, *place in self._conn.execute(_MADE, (code,)):
            at: Place = (place[0], place[1], place[2])
            found[key] = Made(at, worded[max(bisect_right(places, at) - 1, 0)][1])
        return found


def check(conn: sqlite3.Connection) -> None:
    """Make values of every wording that a code ever had; what they raise says that one cannot be read."""
    for (data,) in conn.execute(_EVERY_WORDING):
        _wording(data)


def _wording(data: str) -> Wording:
    said = json.loads(data)
    return Wording(said["definition"], tuple(said["include"]), tuple(said["exclude"]))
