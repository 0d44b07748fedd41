"""Writes the generated part of ``docs/database.md`` anew: ``python -m tests.store.schema_page``."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from qualcode.store import schema

PAGE = Path(__file__).parents[2] / "docs" / "database.md"
GROUPS = {"The log": schema.LOG, "The projection": schema.PROJECTION, "Derived": schema.DERIVED, "Local": schema.LOCAL}
TABLE = re.compile(r'^CREATE TABLE "?(\w+)"?', re.MULTILINE)


def laid_out() -> sqlite3.Connection:
    """A database with all tables and nothing in them."""
    conn = sqlite3.connect(":memory:")
    schema.lay_out(conn)
    return conn


def tables(conn: sqlite3.Connection) -> set[str]:
    """The names of all tables but SQLite's own."""
    rows = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return {str(name) for (name,) in rows}


def generated() -> str:
    """The part of the page between the two marks: what the schema's docstring says, then every table."""
    conn = laid_out()
    parts = [_plain(schema.__doc__ or "")]
    for title, script in GROUPS.items():
        parts.append(f"### {title}")
        parts += [_table(conn, name) for name in TABLE.findall(script)]
    return "\n\n".join(parts) + "\n"


def _plain(docstring: str) -> str:
    """The docstring as Markdown."""
    return docstring.strip().replace("``", "`")


def _table(conn: sqlite3.Connection, name: str) -> str:
    lines = [f"**`{name}`**", "", "| column | type | |", "|---|---|---|"]
    lines += [f"| `{column}` | {kind} | {about} |" for column, kind, about in _columns(conn, name)]
    return "\n".join(lines)


def _columns(conn: sqlite3.Connection, name: str) -> Iterator[tuple[str, str, str]]:
    """Name, type, and what else holds: part of the key, may be empty, where it points to."""
    points = {row[3]: f"→ `{row[2]}.{row[4]}`" for row in conn.execute(f'PRAGMA foreign_key_list("{name}")')}
    for _, column, kind, required, _, key in conn.execute(f'PRAGMA table_info("{name}")'):
        about = ["key"] if key else [] if required else ["may be empty"]
        yield column, kind, ", ".join([*about, *([points[column]] if column in points else [])])


def renewed(text: str) -> str:
    """The page's text with the generated part as it should be."""
    part = f"<!-- schema -->\n{generated()}<!-- end -->"
    return re.sub(r"<!-- schema -->\n.*?<!-- end -->", lambda _: part, text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
