"""Codebook files edited while somebody codes: taken in as by `codebook apply`, or refused with nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.session.acting import Session
from qualcode.session.sitting import Sitting
from qualcode.session.watching import Watch
from qualcode.store import Project
from qualcode.workflow import codebook_life, codebooks
from qualcode.workflow.codebook_edits import Edit
from tests.session.study import start

FILE = """qualcode: 1
name: role
version: "1.1"
# written by hand
codes:
  - code: managerial
    label: Managerial
    definition: Organising.
    key: m
  - code: pastoral
    label: Pastoral
    key: p
"""


@pytest.fixture
def sitting(tmp_path: Path) -> Sitting:
    project = start(tmp_path / "study")
    path = tmp_path / "study" / "codebooks" / "role.yaml"
    path.write_text(FILE)
    codebooks.apply(project, str(path), coder="ann", retire=["listening"])
    sitting = Sitting(Session(project, "ann"))
    sitting.open("first")
    return sitting


def edited(sitting: Sitting, text: str, name: str = "role.yaml") -> None:
    (sitting.project.folder / "codebooks" / name).write_text(text)


def looked(watch: Watch) -> list[Edit | None]:
    return [watch.look() for _ in range(3)]


def test_an_edit_is_taken_in_when_the_file_rests_and_undone_like_any_act(sitting: Sitting) -> None:
    watch = Watch(sitting)
    assert looked(watch) == [None, None, None]
    edited(sitting, FILE.replace("Organising.", "Organising the work."))
    assert watch.look() is None
    edited(sitting, FILE.replace("Organising.", "Organising the work.") + "  - code: evaluative\n    key: e\n")
    first, second, third = looked(watch)
    assert (first, third) == (None, None)
    assert second == Edit("saved  role.yaml taken in: 1 code added, 1 code changed")
    assert sitting.code_of("role/managerial").definition == "Organising the work."  # type: ignore[union-attr]
    assert "evaluative" in sitting.code("evaluative")
    sitting.undo()
    assert sitting.undo() == "saved  undone: 2 codes written, 1 codebook applied"
    assert [code.path for code in sitting.codes] == ["role/managerial", "role/pastoral"]
    assert looked(watch) == [None, None, None]


def test_a_bad_file_is_one_line_with_its_place_and_nothing_changes(sitting: Sitting) -> None:
    watch, before = Watch(sitting), sitting.project.history()
    edited(sitting, FILE.replace("definition:", "definiton:"))
    edit = looked(watch)[1]
    assert edit is not None
    assert edit.said.startswith("not taken in: role.yaml:8:5: ")
    assert "as they were" in edit.way_out
    assert sitting.project.history() == before
    edited(sitting, "codes: [")
    assert "not taken in" in looked(watch)[1].said  # type: ignore[union-attr]
    edited(sitting, FILE)
    assert looked(watch) == [None, Edit("role.yaml is as the project has it again"), None]
    edited(sitting, FILE + "\n")
    edited(sitting, FILE)
    assert looked(watch) == [None, None, None]


def test_a_change_that_would_orphan_codings_is_refused_with_the_way_out(sitting: Sitting) -> None:
    sitting.code("pastoral")
    watch, before = Watch(sitting), sitting.project.history()
    edited(sitting, FILE.replace("code: pastoral", "code: caring"))
    edit = looked(watch)[1]
    assert edit is not None
    assert edit.said == "not taken in: role.yaml no longer has role/pastoral (1 coding)"
    assert "--rename OLD=NEW" in edit.way_out
    assert sitting.project.history() == before
    assert len(sitting.reading.codings) == 1


def test_a_code_without_codings_may_go(sitting: Sitting) -> None:
    watch = Watch(sitting)
    edited(sitting, FILE.partition("  - code: pastoral")[0])
    assert looked(watch)[1] == Edit("saved  role.yaml taken in: 1 code retired")


def test_a_file_of_another_codebook_is_only_named(sitting: Sitting) -> None:
    watch, before = Watch(sitting), sitting.project.history()
    edited(sitting, FILE.replace("name: role", "name: mine"), "mine.yaml")
    edit = looked(watch)[1]
    assert edit == Edit("mine.yaml is no codebook of this project yet", "qualcode codebook apply codebooks/mine.yaml")
    assert sitting.project.history() == before


def test_what_the_program_itself_writes_is_no_edit(sitting: Sitting) -> None:
    watch = Watch(sitting)
    sitting.new_code("a new thing")
    with Project.open(sitting.project.folder) as other:
        codebook_life.rename(other, "pastoral", "caring", coder="ben")
    assert "caring" in (sitting.project.folder / "codebooks" / "role.yaml").read_text()
    before = sitting.project.history()
    assert looked(watch) == [None, None, None]
    assert sitting.project.history() == before


def test_only_comments_are_kept_in_step_too(sitting: Sitting) -> None:
    watch = Watch(sitting)
    edited(sitting, FILE.replace("# written by hand", "# written by hand, twice"))
    assert looked(watch)[1] == Edit("saved  role.yaml taken in: the same codes")
    codebook_life.rename(sitting.project, "pastoral", "caring", coder="ann")
    assert "twice" in (sitting.project.folder / "codebooks" / "role.yaml").read_text()


def test_a_file_that_goes_or_is_no_file_is_passed_over(sitting: Sitting) -> None:
    watch = Watch(sitting)
    path = sitting.project.folder / "codebooks" / "role.yaml"
    path.unlink()
    assert looked(watch) == [None, None, None]
    path.mkdir()
    assert looked(watch) == [None, None, None]
