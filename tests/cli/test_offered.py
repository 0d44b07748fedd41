"""What help offers depends on the project's approach."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.cli import run

FIGURES = ("agree", "alpha", "bootstrap", "--fail-under")


@pytest.fixture(params=["reflexive", "codebook"])
def approach(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)
    assert run(["init", str(tmp_path), "--approach", request.param]) == 0
    monkeypatch.chdir(tmp_path)
    return str(request.param)


def test_a_reflexive_project_is_offered_readings_and_no_figures(
    approach: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["--help"]) == 0
    line = next(row for row in capsys.readouterr().out.splitlines() if row.split()[:1] == ["agreement"])
    assert run(["agreement", "--help"]) == 0
    page = capsys.readouterr().out
    assert "--coders" in page
    assert "--project" in page
    if approach == "reflexive":
        assert "Compare readings" in line
        assert "side by side" in page
        assert not [word for word in FIGURES if word in page.replace("qualcode agreement", "")]
    else:
        assert "Measure how far coders agree" in line
        assert "--fail-under" in page


def test_help_without_a_project_or_with_broken_settings_is_the_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert run(["--help"]) == 0
    assert "Measure how far coders agree" in capsys.readouterr().out
    assert run(["init", str(tmp_path)]) == 0
    Path("qualcode.yaml").write_text("reflexive: [")
    assert run(["--help"]) == 0
    assert "Measure how far coders agree" in capsys.readouterr().out
