"""Which project and which coder a command means: flag, then environment, then setting."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from qualcode.cli import completion
from qualcode.cli.request import DATABASE, Request
from qualcode.errors import NoCoder, NoProject, ProjectError, UsageError


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like a project, and a working folder below it."""
    folder = tmp_path / "study"
    (folder / "transcripts" / "more").mkdir(parents=True)
    (folder / DATABASE).touch()
    for name in ("QUALCODE_PROJECT", "QUALCODE_CODER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(folder / "transcripts" / "more")
    return folder


def test_the_database_has_the_name_the_store_gives_it() -> None:
    from qualcode.settings import DATABASE as STORED

    assert DATABASE == STORED


def test_a_project_is_found_upwards(study: Path) -> None:
    assert Request().folder() == study


def test_the_flag_beats_the_environment_which_beats_the_place(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("by-env", "by-flag"):
        (tmp_path / name).mkdir()
        (tmp_path / name / DATABASE).touch()
    assert Request().folder() == study
    monkeypatch.setenv("QUALCODE_PROJECT", str(tmp_path / "by-env"))
    assert Request().folder() == tmp_path / "by-env"
    assert Request(project=str(tmp_path / "by-flag")).folder() == tmp_path / "by-flag"
    assert Request(project=str(tmp_path / "by-flag" / DATABASE)).folder() == tmp_path / "by-flag"


def test_a_mistyped_folder_never_ends_in_the_project_above_it(study: Path) -> None:
    assert Request().folder() == study
    with pytest.raises(ProjectError, match="no folder"):
        Request(project=str(study / "transcripts" / "mroe")).folder()
    with pytest.raises(ProjectError, match="no project in"):
        Request(project=str(study / "transcripts")).folder()
    with pytest.raises(UsageError, match="--project is empty"):
        Request(project="").folder()


def test_outside_every_project_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoProject, match="qualcode init"):
        Request().folder()


def test_the_coder_is_the_flag_then_the_environment_then_the_setting(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoCoder):
        Request().acting_coder()
    (study / "qualcode.yaml").write_text("coder: dana\n", encoding="utf-8")
    assert Request().acting_coder() == "dana"
    monkeypatch.setenv("QUALCODE_CODER", "ben")
    assert Request().acting_coder() == "ben"
    assert Request(coder="ann").acting_coder() == "ann"


def test_an_empty_coder_is_refused_and_not_replaced_by_the_setting(study: Path) -> None:
    (study / "qualcode.yaml").write_text("coder: dana\n", encoding="utf-8")
    assert Request().acting_coder() == "dana"
    with pytest.raises(UsageError, match="--coder is empty"):
        Request(coder=" ").acting_coder()


def test_completion_offers_only_names_that_no_shell_would_run(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [
        "int-1.txt",
        "int 2.docx",
        "int-$(x)",
        "int`x`",
        "int-\\$(x)",
        "int;x",
        'int"x',
        "int'x",
        "int\nx",
        "other",
    ]
    assert completion._offer(names, "int") == ["int-1.txt", "int 2.docx"]
    monkeypatch.setenv("_QUALCODE_COMPLETE", "complete_bash")
    assert completion._offer(names, "int") == ["int-1.txt", "int\\ 2.docx"]


def test_completion_without_a_project_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = SimpleNamespace(obj={"project": str(tmp_path / "nowhere")})
    monkeypatch.chdir(tmp_path)
    assert completion.sources(context, "") == []  # type: ignore[arg-type]
