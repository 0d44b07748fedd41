"""``docs/database.md``: the tables as the code makes them. ``python -m tests.database_page`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from qualcode.store import projection, schema

PAGE = Path(__file__).parents[1] / "docs" / "database.md"
USE = """
## Look into it

```sql
SELECT code, count(*) FROM coded_segment WHERE coder = 'ann' GROUP BY code;
SELECT source, quote FROM coded_segment WHERE code LIKE 'role/pastoral%';
```

Open it read-only from other programs: rows outside the log are rebuilt from it, and `qualcode doctor` reports what was
changed by hand.
"""


def page() -> str:
    """Docstring, view, tables by group, and the kinds of events."""
    parts = ["# The database\n\nGenerated from `store/schema.py` and `store/projection.py`.\n"]
    parts.append(f"\n{_words(schema.__doc__)}\n{USE}")
    for title, script in (
        ("The public view", schema.VIEWS),
        ("Log", schema.LOG),
        ("Projection", schema.PROJECTION),
        ("Derived", schema.DERIVED),
        ("Local", schema.LOCAL),
    ):
        parts.append(f"\n## {title}\n\n```sql\n{script.strip()}\n```\n")
    parts.append(f"\n## Events\n\n```text\n{_words(projection.__doc__)}\n```\n")
    return "".join(parts)


def _words(docstring: str | None) -> str:
    return (docstring or "").strip().replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
