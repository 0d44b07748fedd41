"""Writes the generated pieces of ``docs/`` anew: ``python -m tests.codebook.renew``."""

from __future__ import annotations

import re
from pathlib import Path

from qualcode.codebook.fields import CODE_FIELDS, CODEBOOK_FIELDS
from qualcode.codebook.schema import key_table, schema_text

DOCS = Path(__file__).parents[2] / "docs"


def renew() -> None:
    """Writes the schema and the two tables of keys."""
    (DOCS / "codebook.schema.json").write_text(schema_text(), encoding="utf-8")
    page = DOCS / "codebook-format.md"
    text = page.read_text(encoding="utf-8")
    for name, fields in (("codebook keys", CODEBOOK_FIELDS), ("code keys", CODE_FIELDS)):
        table = f"<!-- {name} -->\n{key_table(fields)}<!-- end -->"
        text = re.sub(rf"<!-- {name} -->\n.*?<!-- end -->", lambda _, table=table: table, text, flags=re.DOTALL)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    renew()
