"""Undo and redo as people meet them: what goes out of sight with it is said, and the files follow."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import NotUndoable
from qualcode.model import MemoTarget
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import codebook_life, importing, projects, teamwork
from tests.readers import foreign

TALK = "I: How?\n\nR: I plan the timetable. I talk a lot.\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        yield project


def take(project: Project, path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    importing.import_paths(project, importing.Request((path,)), coder="ann")


def act_of(project: Project, command: str) -> str:
    return next(entry.id for entry in project.history() if entry.command == command)


@pytest.fixture
def coded(project: Project, tmp_path: Path) -> Project:
    """A talk, imported, with all that can stand on it."""
    take(project, tmp_path / "talk.txt", TALK.encode())
    codebook_life.add(project, "planning", coder="ann")
    session = Session(project, "ann")
    coding = session.add("talk", Place(quote="I plan"), "planning")
    source = project.source("talk")
    session.set_done([source.id], "open", "done")
    abouts = (
        *(MemoTarget("source", source.id), MemoTarget("segment", source.id, span=source.turns[1].span)),
        *(MemoTarget("coding", coding.id), MemoTarget("code", code=project.codes()[0].id), MemoTarget("project")),
    )
    for about in abouts:
        with project.act("memo add", "ann") as act:
            act.put_memo(about, "a thought")
    return project


def test_undoing_an_import_says_what_goes_out_of_sight_and_redo_that_it_is_back(coded: Project) -> None:
    act = act_of(coded, "import")
    gone = teamwork.undo(coded, "ann", act)
    assert dict(gone.sight) == {"coding": 1, "memo": 3, "status": 1}
    assert coded.codings() == ()
    assert teamwork.told(gone.sight) == ("out of sight until that is done again: 1 coding, 3 memos, 1 status",)
    back = teamwork.redo(coded, "ann", act)
    assert dict(back.sight) == {"coding": -1, "memo": -3, "status": -1}
    assert teamwork.told(back.sight) == ("in sight again: 1 coding, 3 memos, 1 status",)
    assert len(coded.codings()) == 1


def test_undoing_a_code_says_what_goes_out_of_sight(coded: Project) -> None:
    gone = teamwork.undo(coded, "ann", act_of(coded, "codebook add"))
    assert dict(gone.sight) == {"coding": 1, "memo": 2}


def test_undoing_a_coding_hides_nothing_else(coded: Project) -> None:
    assert dict(teamwork.undo(coded, "ann", act_of(coded, "coding add")).sight) == {"memo": 1}
    assert dict(teamwork.undo(coded, "ann").sight) == {}


@pytest.mark.parametrize("what", ["memo", "status"])
def test_an_import_on_which_somebody_else_wrote_is_not_undone(project: Project, tmp_path: Path, what: str) -> None:
    take(project, tmp_path / "talk.txt", TALK.encode())
    source = project.source("talk")
    if what == "memo":
        with project.act("memo add", "ben") as act:
            act.put_memo(MemoTarget("source", source.id), "mine")
    else:
        Session(project, "ben").set_done([source.id], "open", "done")
    with pytest.raises(NotUndoable, match="ben's"):
        teamwork.undo(project, "ann")


def codebook_files(project: Project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project.folder / "codebooks").iterdir()}


@pytest.fixture
def foreigner(project: Project, tmp_path: Path) -> Project:
    take(project, tmp_path / "study.qda", foreign.qualcoder())
    assert len(codebook_files(project)) == 1
    return project


def test_the_codebook_s_file_goes_with_another_program_s_project_and_comes_back(foreigner: Project) -> None:
    before = codebook_files(foreigner)
    (name,) = before
    done = teamwork.undo(foreigner, "ann")
    assert foreigner.codings() == ()
    assert codebook_files(foreigner) == {}
    assert [str(notice.where) for notice in done.notices] == [f"codebooks/{name}"]
    assert teamwork.redo(foreigner, "ann").notices == ()
    assert codebook_files(foreigner) == before


def test_a_codebook_s_file_that_was_edited_since_stays_and_that_is_said(foreigner: Project) -> None:
    ((name, raw),) = codebook_files(foreigner).items()
    (foreigner.folder / "codebooks" / name).write_bytes(raw + b"# mine\n")
    done = teamwork.undo(foreigner, "ann")
    assert codebook_files(foreigner) == {name: raw + b"# mine\n"}
    (notice,) = done.notices
    assert (notice.severity, "stays" in notice.message) == ("warning", True)
    teamwork.redo(foreigner, "ann")
    assert codebook_files(foreigner) == {name: raw + b"# mine\n"}


def test_undoing_something_else_leaves_codebook_files_alone(foreigner: Project, tmp_path: Path) -> None:
    before = codebook_files(foreigner)
    (foreigner.folder / "codebooks" / "other.yaml").write_text("name: nobody\n")
    with foreigner.act("memo add", "ann") as act:
        act.put_memo(MemoTarget("project"), "a thought")
    assert teamwork.undo(foreigner, "ann").notices == ()
    assert codebook_files(foreigner) == {**before, "other.yaml": b"name: nobody\n"}


@pytest.fixture
def merged(coded: Project, tmp_path: Path) -> Project:
    """The study with what ben coded on a copy of it."""
    shutil.copytree(coded.folder, tmp_path / "copy")
    with Project.open(tmp_path / "copy") as copy:
        Session(copy, "ben").add("talk", Place(quote="I talk a lot"), "planning")
        assert teamwork.merge(coded, copy.folder).merged.codings == 1
    return coded


def coders(project: Project) -> list[str]:
    return sorted(coding.coder for coding in project.codings())


def test_undo_and_redo_take_a_merge_in_its_turn(merged: Project) -> None:
    assert teamwork.undo(merged, "ann").merge == 1
    (gone,) = teamwork.undo(merged, "ann").acts
    assert gone.command == "memo add"
    assert [act.id for act in teamwork.redo(merged, "ann").acts] == [gone.id]
    assert coders(merged) == ["ann"]
    assert teamwork.redo(merged, "ann").merge == 1
    assert coders(merged) == ["ann", "ben"]
    with pytest.raises(NotUndoable, match="nothing to redo"):
        teamwork.redo(merged, "ann")
    assert teamwork.undo(merged, "ann").merge == 1
    assert coders(merged) == ["ann"]


def test_new_work_ends_that_a_merge_can_be_redone(merged: Project) -> None:
    teamwork.undo(merged, "ann")
    Session(merged, "ann").add("talk", Place(quote="How"), "planning")
    with pytest.raises(NotUndoable, match="nothing to redo"):
        teamwork.redo(merged, "ann")


def test_a_merge_says_which_codebook_files_are_behind_it(coded: Project, tmp_path: Path) -> None:
    shutil.copytree(coded.folder, tmp_path / "copy")
    with Project.open(tmp_path / "copy") as copy:
        Session(copy, "ben").add("talk", Place(quote="I talk a lot"), "planning")
        assert teamwork.merge(coded, copy.folder).notices == ()
        codebook_life.add(copy, "waiting", coder="ben")
        assert "waiting" in (copy.folder / "codebooks" / "open.yaml").read_text()
        done = teamwork.merge(coded, copy.folder)
    assert "waiting" not in (coded.folder / "codebooks" / "open.yaml").read_text()
    (notice,) = done.notices
    assert str(notice).startswith("codebooks/open.yaml: is behind the codebook that came in")
    assert teamwork.merge(coded, tmp_path / "copy").notices == ()
