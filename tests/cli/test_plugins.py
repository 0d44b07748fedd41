"""``plugins`` names what every registry holds, without loading it."""

from __future__ import annotations

import json

import pytest

from qualcode.cli import run
from qualcode.cli.plugins import REGISTRIES


def test_every_kind_and_its_bundled_names_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plugins", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["kind"] for row in rows} == set(REGISTRIES)
    assert {("reader", "docx"), ("writer", "jsonl"), ("renderer", "html"), ("suggester", "cues")} <= {
        (row["kind"], row["name"]) for row in rows
    }
    assert {row["from"] for row in rows if row["name"] == "docx"} == {"qualcode"}


def test_off_a_terminal_it_is_a_table_of_three_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plugins"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("#")]
    assert lines[0] == "kind\tname\tfrom"
    assert len(lines) > 10
    assert {line.count("\t") for line in lines} == {2}
