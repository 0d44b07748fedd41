"""``docs/database.md`` says what the schema is."""

from __future__ import annotations

import re

from tests.store.schema_page import GROUPS, PAGE, TABLE, laid_out, renewed, tables


def test_the_page_is_not_stale() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "<!-- schema -->" in text
    assert renewed(text) == text, "run python -m tests.store.schema_page"


def test_every_table_stands_in_a_group() -> None:
    grouped = {name for script in GROUPS.values() for name in TABLE.findall(script)}
    assert len(grouped) > 10
    assert grouped == tables(laid_out())


def test_the_page_names_every_column_of_the_public_view_in_its_order() -> None:
    real = [column[0] for column in laid_out().execute("SELECT * FROM coded_segment").description]
    before = PAGE.read_text(encoding="utf-8").partition("```")[0]
    told = [
        name for line in re.findall(r"^\| (`.*?) \|", before, re.MULTILINE) for name in re.findall(r"`(\w+)`", line)
    ]
    assert len(real) > 10
    assert told == real
