"""What an act was about, by the names that people know: sources, cases, codes, codebooks, milestones, undone acts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

_NOW = {
    "source": "SELECT id, name FROM source",
    "case": 'SELECT id, name FROM "case"',
    "code": "SELECT id, path FROM code",
}
_NAMED = (*_NOW, "codebook", "milestone", "act")
_WRITTEN = "SELECT json_extract(body, '$.path') FROM event WHERE target = ? AND kind = 'code.put' LIMIT 1"
_ADDED = """
SELECT content.data FROM event JOIN content ON content.id = json_extract(event.body, '$.about')
WHERE event.target = ? AND event.kind IN ('source.add', 'case.add') LIMIT 1
"""


class Subjects:
    """The names of targets: as they are now, else, of what is not there now, as they were when it came in."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._known: Mapping[str, Mapping[str, str]] | None = None
        self._gone: dict[str, str | None] = {}

    def of(self, targets: Iterable[str]) -> tuple[str, ...]:
        """The names of these targets, each once, in order; what has no name (codings, memos) is left out."""
        names: dict[str, None] = {}
        for target in targets:
            noun, _, key = target.partition(":")
            if noun in _NAMED and (name := self._name(noun, key)):
                names[name] = None
        return tuple(names)

    def undone(self, noun: str, key: str) -> str:
        """A case or code that is not there now, as it came in, and that this was undone; its id where nothing says."""
        return f"{self._as_it_came(f'{noun}:{key}') or key} (undone)" if key else ""

    def _name(self, noun: str, key: str) -> str | None:
        if noun in ("codebook", "milestone"):
            return key
        if noun == "act":
            return key[:8]
        known = self._names().get(noun, {})
        return known[key] if key in known else self._as_it_came(f"{noun}:{key}")

    def _names(self) -> Mapping[str, Mapping[str, str]]:
        if self._known is None:
            self._known = {noun: dict(self._conn.execute(query).fetchall()) for noun, query in _NOW.items()}
        return self._known

    def _as_it_came(self, target: str) -> str | None:
        if target not in self._gone:
            code = target.startswith("code:")
            row = self._conn.execute(_WRITTEN if code else _ADDED, (target,)).fetchone()
            self._gone[target] = None if row is None else str(row[0]) if code else json.loads(row[0]).get("name")
        return self._gone[target]
