"""``agreement`` in a project as it is typed: figures drawn, other programs' figures, readings, what fails under."""

from __future__ import annotations

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


def asked(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    assert run(["agreement", *words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_figures_are_drawn_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agreement", "--figure", "a.png", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["measures"]
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert "written: a.png" in said.err
    assert run(["agreement", "--out", "b.svg"]) == 0
    assert Path("b.svg").read_bytes().startswith(b"<?xml")
    assert "alpha" in capsys.readouterr().out
    assert run(["agreement", "--figure", "a.gif"]) == 2


def test_confused_codes_are_drawn_where_there_are_any(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--unit", "turn", "--scope", "all", "--figure", "a.svg")
    assert found["pairs"]
    assert Path("a-confusions.svg").exists()


@pytest.mark.parametrize("format", ["md", "html", "docx", "csv"])
def test_the_report_is_written_in_every_format(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agreement", "--out", f"report.{format}"]) == 0
    raw = Path(f"report.{format}").read_bytes()
    assert len(raw) > 200
    if format in ("md", "html"):
        assert "For the methods section" in raw.decode()
        assert "Two coders coded all 2 sources" in raw.decode()


def test_other_programs_figures_have_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    for peer, names in (
        ("nvivo", {"kappa", "kappa_mean", "percent", "percent_mean"}),
        ("maxqda", {"kappa", "percent", "occurrence", "frequency"}),
        ("atlasti", {"percent", "holsti", "alpha_binary", "cu_alpha", "cu_alpha_domains"}),
    ):
        found = asked(capsys, "--as", peer)
        assert {m["measure"] for m in found["measures"]} == {f"{peer}_{name}" for name in names}
        assert any("not held against" in note for note in found["notes"])
        assert all(("why_null" in m) == (m["value"] is None) for m in found["measures"])


def test_maxqda_counts_codings_that_find_a_partner(capsys: pytest.CaptureFixture[str]) -> None:
    found = {(m["code"], m["measure"]): m for m in asked(capsys, "--as", "maxqda")["measures"]}
    forms = found["b/forms", "maxqda_percent"]
    assert (forms["value"], forms["n"]) == (1.0, 4)
    assert (found[None, "maxqda_percent"]["value"], found[None, "maxqda_percent"]["n"]) == (0.4, 10)
    assert found[None, "maxqda_kappa"]["value"] == pytest.approx((0.4 - 1 / 3) / (1 - 1 / 3))


def test_a_floor_ends_with_findings(capsys: pytest.CaptureFixture[str]) -> None:
    value = next(
        m["value"] for m in asked(capsys)["measures"] if m["measure"] == "alpha_set" and m["distance"] == "masi"
    )
    asked(capsys, "--fail-under", str(value - 0.01))
    asked(capsys, "--fail-under", str(value + 0.01), status=1)
    asked(capsys, "--fail-under", str(value + 0.01), "--measure", "gwet_ac1", status=1)


def test_a_reflexive_project_compares_readings_without_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    Path("qualcode.yaml").write_text("study:\n  approach: reflexive\n")
    found = asked(capsys)
    assert found["measures"] == []
    assert len(found["readings"]) == 7
    assert all(row["effect"] is None for row in found["readings"])
    assert run(["agreement"]) == 0
    said = capsys.readouterr().out
    assert "Readings side by side" in said
    assert "ann: b/care" in said
    assert "alpha" not in said
    assert asked(capsys, "--measure", "alpha_set")["measures"]


def test_rows_of_measures_are_unique_whatever_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        [],
        ["--all"],
        ["--pool", "--all"],
        ["--level", "1"],
        ["--bootstrap", "50"],
        ["--unit", "case", "--all"],
    ):
        found = asked(capsys, *words)
        keys = [(m["code"], m["codebook"], m["measure"], m["distance"]) for m in found["measures"]]
        assert keys
        assert len(keys) == len(set(keys)), words
        assert all(("why_null" in m) == (m["value"] is None) for m in found["measures"])
        assert all(
            m["ci"] is None or m["ci"][0] <= m["value"] <= m["ci"][1] for m in found["measures"]
        ) or "bootstrap" in str(words)
