"""`codebook rename`, `move`, `merge`, `split`, `retire`, `diff` and `test` as they are typed: JSON, words, statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from qualcode.cli import run
from qualcode.store import Project
from tests.workflow.conftest import WRITTEN, coded, file
from tests.workflow.conftest import project as project

NEWER = WRITTEN.replace('"1.0"', '"1.1"').replace("Forms and folders.", "Forms.")


@pytest.fixture(autouse=True)
def _here(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("QUALCODE_CODER", "ann")
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)


def answered(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    assert run(["codebook", *words, "--json"]) == status
    said = capsys.readouterr()
    assert said.err == ""
    return json.loads(said.out)


def lines(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> list[str]:
    assert run(["codebook", *words]) == status
    return capsys.readouterr().out.splitlines()


def complaint(capsys: pytest.CaptureFixture[str], *words: str, status: int = 2) -> str:
    assert run(["codebook", *words]) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("qualcode: ")
    assert said.err.count("\n") == 1
    return said.err


CHANGES: dict[str, tuple[Sequence[str], set[str]]] = {
    "renamed": (["rename", "help", "support"], {"staffroom/support"}),
    "moved": (["move", "paper", "--under", "visitors"], {"staffroom/visitors/paper"}),
    "merged": (["merge", "paper", "visitors"], {"staffroom/visitors"}),
    "split": (
        ["split", "paper", "--into", "forms,folders"],
        {"staffroom/forms", "staffroom/folders", "staffroom/paper"},
    ),
    "retired": (["retire", "paper"], {"staffroom/paper"}),
}


@pytest.mark.parametrize("did", CHANGES)
def test_a_change_answers_in_one_shape_and_undo_brings_everything_back(
    capsys: pytest.CaptureFixture[str], project: Project, did: str
) -> None:
    words, paths = CHANGES[did]
    before = coded(project), project.codebooks()
    assert len(before[0]) == 4
    said = answered(capsys, *words)
    assert {"did", "codes", "renamed", "codings", "files", "notices"} <= said.keys()
    assert (said["did"], {code["path"] for code in said["codes"]}) == (did, paths)
    assert said["codings"] == (2 if did == "renamed" else 1)
    assert said["files"] == ["codebooks/room.yaml"]
    assert (coded(project), project.codebooks()) != before
    assert run(["undo", "--quiet"]) == 0
    assert (coded(project), project.codebooks()) == before
    assert run(["redo", "--quiet"]) == 0
    assert (coded(project), project.codebooks()) != before


def test_a_change_says_in_words_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, "rename", "help", "support")[:2] == [
        "staffroom/help → staffroom/support, with 1 code below it; 2 codings with it",
        "codebooks/room.yaml follows",
    ]
    labelled = lines(capsys, "rename", "paper", "paper", "--label", "Paper")
    assert labelled[0] == "staffroom/paper: label is now Paper; 1 coding with it"
    assert lines(capsys, "split", "paper", "--into", "forms", "--into", "folders")[2] == (
        "1 coding of staffroom/paper to code again, nobody's moved: `qualcode coding list --code staffroom/paper`"
    )
    assert lines(capsys, "merge", "forms", "folders")[0] == "merged into staffroom/folders, with 0 codings"
    assert lines(capsys, "retire", "paper")[:2] == ["staffroom/paper retired", "1 coding stays as it is"]


def test_the_queue_of_a_split_is_listed_by_the_command_it_names(capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "split", "paper", "--into", "forms,folders")
    assert said["queued"] == 1
    assert run([*said["queue"].split()[1:], "--json"]) == 0
    (coding,) = json.loads(capsys.readouterr().out)
    assert (coding["code"], coding["coder"], coding["quote"]) == ("staffroom/paper", "ben", "the form")


def test_a_file_that_is_not_followed_is_noticed_in_words_and_in_json(
    capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    (project.folder / "codebooks" / "room.yaml").write_text(WRITTEN + "# mine\n", encoding="utf-8")
    said = answered(capsys, "rename", "help", "support")
    assert said["files"] == []
    assert [n["where"] for n in said["notices"] if n["severity"] == "warning"] == ["codebooks/room.yaml"]
    assert any("qualcode export codebook staffroom" in line for line in lines(capsys, "rename", "paper", "forms"))
    assert answered(capsys, "add", "noise", "--under", "staffroom")["notices"]
    assert file(project) == WRITTEN + "# mine\n"


def test_diff_answers_with_every_kind_of_change_and_the_queue(
    capsys: pytest.CaptureFixture[str], project: Project, tmp_path: Path
) -> None:
    text = NEWER.replace("code: planning", "code: plans").replace("# The end.", "  - code: noise\n# The end.")
    path = tmp_path / "new.yaml"
    path.write_text(text, encoding="utf-8")
    said = answered(capsys, "diff", "staffroom", str(path))
    assert said["a"] == {"word": "staffroom", "name": "staffroom", "version": "1.0"}
    assert said["b"]["version"] == "1.1"
    assert said["same"] is False
    assert said["added"] == ["staffroom/help/plans", "staffroom/noise"]
    assert said["removed"] == ["staffroom/help/planning"]
    (renamed,) = said["renamed"]
    assert (renamed["old"], renamed["new"], renamed["proposed"]) == (
        "staffroom/help/planning",
        "staffroom/help/plans",
        True,
    )
    assert said["changed"] == [
        {"code": "staffroom/paper", "field": "definition", "old": "Forms and folders.", "new": "Forms."}
    ]
    assert said["header"] == [{"field": "version", "old": "1.0", "new": "1.1"}]
    (queued,) = said["queue"]
    assert {"id", "source", "source_name", "quote", "code", "coder"} <= queued.keys()
    assert (queued["quote"], queued["made_under"]["definition"]) == ("the form", "Forms and folders.")
    shown = "\n".join(lines(capsys, "diff", "staffroom", str(path)))
    assert "renamed staffroom/help/planning → staffroom/help/plans? a proposal: same definition" in shown
    assert "staffroom/paper\tdefinition\tForms and folders.\tForms." in shown
    assert "1 coding to read again" in shown


def test_diff_by_version_after_apply_and_the_queue_is_settled_by_recoding(
    capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    (project.folder / "codebooks" / "room.yaml").write_text(NEWER, encoding="utf-8")
    said = answered(capsys, "apply", "codebooks/room.yaml")
    assert "`qualcode codebook diff staffroom@1.0 staffroom`" in said["notices"][-1]["message"]
    (queued,) = answered(capsys, "diff", "staffroom@1.0", "staffroom")["queue"]
    assert run(["coding", "recode", queued["id"], "--code", "paper", "--coder", "ben", "--quiet"]) == 0
    capsys.readouterr()
    assert answered(capsys, "diff", "staffroom@1.0", "staffroom")["queue"] == []


def test_in_a_blind_project_only_ones_own_codings_are_queued(
    capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    (project.folder / "codebooks" / "room.yaml").write_text(NEWER, encoding="utf-8")
    answered(capsys, "apply", "codebooks/room.yaml")
    assert len(answered(capsys, "diff", "staffroom@1.0", "staffroom")["queue"]) == 1
    (project.folder / "qualcode.yaml").write_text("blind: yes\n", encoding="utf-8")
    assert answered(capsys, "diff", "staffroom@1.0", "staffroom")["queue"] == []
    assert len(answered(capsys, "diff", "staffroom@1.0", "staffroom", "--coder", "ben")["queue"]) == 1


def test_nothing_changed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, "diff", "staffroom", "codebooks/room.yaml")["same"] is True
    assert "no difference" in lines(capsys, "diff", "staffroom", "codebooks/room.yaml")[1]


@pytest.mark.parametrize("word", ["test", "review"])
def test_warnings_are_findings_and_a_sound_codebook_is_none(capsys: pytest.CaptureFixture[str], word: str) -> None:
    said = answered(capsys, word, "staffroom")
    assert said
    assert {notice["severity"] for notice in said} == {"info"}
    answered(capsys, "add", "noise", "--under", "staffroom")
    said = answered(capsys, word, status=1)
    assert [n["where"] for n in said if n["severity"] == "warning"] == ["staffroom/noise"]
    assert lines(capsys, word, status=1)[-1].startswith("staffroom: 1 warning, ")


def test_what_cannot_be_is_one_line_with_a_way_out(capsys: pytest.CaptureFixture[str], project: Project) -> None:
    before = project.codebooks()
    assert 'did you mean "staffroom/visitors"?' in complaint(capsys, "rename", "vistors", "x")
    assert "merge the two" in complaint(capsys, "rename", "paper", "visitors")
    assert "name another parent" in complaint(capsys, "move", "help", "--under", "planning")
    assert "codebook merge" in complaint(capsys, "move", "paper", "--under", "open")
    assert "move or retire these first" in complaint(capsys, "retire", "help")
    assert "its versions: 1.0" in complaint(capsys, "diff", "staffroom@0.9", "staffroom")
    assert 'did you mean "staffroom"?' in complaint(capsys, "diff", "stafroom", "role", status=4)
    assert project.codebooks() == before


def test_away_from_a_project_files_can_be_compared_and_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "elsewhere"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "a.yaml").write_text(WRITTEN, encoding="utf-8")
    (place / "b.yaml").write_text(NEWER, encoding="utf-8")
    assert len(answered(capsys, "diff", "a.yaml", "b.yaml")["changed"]) == 1
    assert answered(capsys, "test", "a.yaml")
    assert "no codebook is named" in complaint(capsys, "test")
    assert "no project" in complaint(capsys, "diff", "role@1.0", "role", status=5)


def test_a_rename_in_a_process_of_its_own_is_there_for_the_next_one(project: Project) -> None:
    def called(*words: str) -> subprocess.CompletedProcess[str]:
        given = {**os.environ, "QUALCODE_CODER": "ann"}
        return subprocess.run(
            [sys.executable, "-m", "qualcode", *words], cwd=project.folder, env=given, capture_output=True, text=True
        )

    assert called("codebook", "rename", "help", "support").returncode == 0
    assert file(project) == WRITTEN.replace("code: help ", "code: support ")
    shown = called("codebook", "show", "staffroom", "--json")
    assert "staffroom/support/planning" in [code["path"] for code in json.loads(shown.stdout)["codes"]]
    assert called("undo").returncode == 0
    assert called("codebook", "rename", "paper", "forms").returncode == 0
    assert file(project) == WRITTEN.replace("code: paper", "code: forms")
