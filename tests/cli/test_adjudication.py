"""``disagreements`` and ``adjudicate`` as they are typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from qualcode.cli import run
from tests.workflow.test_adjudicating import project as project


@pytest.fixture(autouse=True)
def _here(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("QUALCODE_CODER", "ann")
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert run([*words]) == status
    return capsys.readouterr().out


def asked(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    return json.loads(said(capsys, *words, "--json", status=status))


def test_the_promised_fields_stand_in_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    rows = asked(capsys, "disagreements")
    assert len(rows) == 5
    for row in rows:
        assert list(row)[:8] == ["id", "source", "start", "end", "quote", "by_coder", "kind", "effect"]
        assert set(row["by_coder"]) == {"ann", "ben"}
        assert row["kind"] in ("missed", "code", "boundary", "split/merge")
    other = next(row for row in rows if row["kind"] == "code")
    assert other["by_coder"] == {"ann": ["b/care"], "ben": ["b/talk"]}
    assert other["quote"] == "They cry at times"


def test_the_list_is_narrowed_and_sorted(capsys: pytest.CaptureFixture[str]) -> None:
    assert {row["kind"] for row in asked(capsys, "disagreements", "--kind", "code")} == {"code"}
    assert all("b/talk" in row["codes"] for row in asked(capsys, "disagreements", "--code", "talk"))
    assert {row["source_name"] for row in asked(capsys, "disagreements", "--source", "two")} == {"two"}
    effects = [row["effect"] or 0 for row in asked(capsys, "disagreements", "--sort", "effect")]
    assert effects == sorted(effects, reverse=True)
    assert run(["disagreements", "--kind", "mised"]) == 2
    assert 'did you mean "missed"?' in capsys.readouterr().err


def test_what_is_settled_leaves_the_list_and_is_shown_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    first, *_ = asked(capsys, "disagreements", "--kind", "code")
    done = asked(capsys, "adjudicate", first["id"], "--choose", "ben", "--because", "It is talk.")
    assert done["settled"] == [first["id"]]
    assert done["open"] == 4
    assert done["milestone"] == "before adjudication"
    assert [c["code"] for c in done["codings"]] == ["b/talk"]
    assert [c["coder"] for c in done["codings"]] == ["consensus"]
    assert first["id"] not in [row["id"] for row in asked(capsys, "disagreements")]
    row = next(row for row in asked(capsys, "disagreements", "--settled") if row["id"] == first["id"])
    assert (row["decision"]["choice"], row["decision"]["because"]) == ("ben", "It is talk.")


def test_the_consensus_can_be_counted_listed_and_exported(capsys: pytest.CaptureFixture[str]) -> None:
    ids = [row["id"] for row in asked(capsys, "disagreements")]
    asked(capsys, "adjudicate", *ids, "--choose", "both")
    counted = asked(capsys, "report", "frequencies", "--layer", "consensus", "--count", "segments")
    assert counted["layer"] == "consensus"
    assert counted["rows"]
    listed = asked(capsys, "coding", "list", "--coders", "consensus")
    assert {row["coder"] for row in listed} == {"consensus"}
    assert len(listed) == 8
    exported = said(capsys, "export", "codings", "--coders", "consensus", "--out", "-")
    assert exported.count("consensus") == 8
    assert "They cry at times" in said(capsys, "export", "quotations", "--layer", "consensus", "--out", "-")


@pytest.mark.parametrize("format", ["md", "docx", "html", "csv"])
def test_the_sheet_is_written_in_every_format(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "disagreements", "--out", f"sheet.{format}")
    raw = Path(f"sheet.{format}").read_bytes()
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
        assert len(rows) == 5
        assert {"id", "source", "quote", "ann", "ben", "effect", "decision", "because"} <= set(rows[0])
    elif format == "md":
        assert "Decision: ____" in raw.decode()
        assert "b/care: About care." in raw.decode()
    else:
        assert len(raw) > 1000


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "what holds?"),
        (["--choose", "ann", "--code", "talk"], "what holds?"),
        (["--choose", "cleo"], "did not read"),
        (["--choose", "ann", "--quote", "x"], "go with --code"),
        (["--code", "talk", "--span", "a:b"], "is no span"),
        (["--code", "nothing"], "no code"),
        (["--code", "talk", "--quote", "not there"], ""),
    ],
)
def test_a_broken_decision_is_one_line(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = asked(capsys, "disagreements")[0]["id"]
    assert run(["adjudicate", first, *words]) == 2
    heard = capsys.readouterr()
    assert told in heard.err
    assert heard.err.count("\n") == 1
    assert asked(capsys, "coding", "list", "--coder", "ann") != []
    assert all(row["decision"] is None for row in asked(capsys, "disagreements"))


def test_undo_brings_a_place_back(capsys: pytest.CaptureFixture[str]) -> None:
    first = asked(capsys, "disagreements")[0]["id"]
    said(capsys, "adjudicate", first, "--choose", "neither")
    assert len(asked(capsys, "disagreements")) == 4
    said(capsys, "undo")
    assert len(asked(capsys, "disagreements")) == 5
