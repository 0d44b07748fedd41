"""What is in the project and cannot be seen, because the source, code or case that it stands on was undone."""

from __future__ import annotations

import sqlite3

_HIDDEN = {
    "coding": "SELECT count(*) FROM coding WHERE source NOT IN (SELECT id FROM source) "
    "OR code NOT IN (SELECT id FROM code)",
    "memo": "SELECT count(*) FROM memo WHERE (code != '' AND code NOT IN (SELECT id FROM code)) "
    "OR (kind IN ('source', 'segment') AND name NOT IN (SELECT id FROM source)) "
    "OR (kind IN ('case', 'case x code') AND name NOT IN (SELECT id FROM \"case\")) "
    "OR (kind = 'coding' AND name NOT IN (SELECT coding.id FROM coding "
    "JOIN source ON source.id = coding.source JOIN code ON code.id = coding.code))",
    "status": "SELECT count(*) FROM status WHERE source NOT IN (SELECT id FROM source) "
    "OR codebook NOT IN (SELECT name FROM codebook)",
    "decision": "SELECT count(*) FROM decision WHERE source NOT IN (SELECT id FROM source) "
    "OR code NOT IN (SELECT id FROM code)",
}


def out_of_sight(conn: sqlite3.Connection) -> dict[str, int]:
    """How many codings, memos, statuses and decisions on suggestions stand on what is not there; in this order."""
    return {noun: int(conn.execute(query).fetchone()[0]) for noun, query in _HIDDEN.items()}
