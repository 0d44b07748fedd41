"""``docs/other-programs.md`` describes the public view."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from qualcode.store import schema

PAGE = Path(__file__).parents[2] / "docs" / "other-programs.md"


def test_the_page_names_every_column_of_the_public_view_in_its_order() -> None:
    conn = sqlite3.connect(":memory:")
    schema.lay_out(conn)
    real = [column[0] for column in conn.execute("SELECT * FROM coded_segment").description]
    cells = re.findall(r"^\| (`.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert len(real) > 10
    assert told == real
