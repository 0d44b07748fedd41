"""A merge is a set union: idempotent, commutative, checked before it is believed, and taken back whole."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qualcode.errors import NotUndoable, ProjectError
from qualcode.model import Bundle, MemoTarget, Segment, Span
from qualcode.store import Project, rows, schema
from qualcode.workflow import teamwork
from tests.store.conftest import source


def code(project: Project, coder: str, end: int = 61) -> str:
    with project.act("coding add", coder) as act:
        return act.add_coding(Segment(project.source("vale"), Span(41, end)), project.codes()[0])


def state(folder: Path) -> str:
    conn = sqlite3.connect(folder / "qualcode.db")
    tables = [*schema.PROJECTED, "act", "event", "content"]
    held = {t: sorted(conn.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in tables}
    conn.close()
    return repr(held)


@pytest.fixture
def laptop(project: Project) -> Project:
    """A copy of the project on another machine, where ben works."""
    folder = project.folder.with_name("laptop")
    shutil.copytree(project.folder, folder)
    return Project.open(folder)


def test_both_coders_work_is_there_after_a_merge_in_either_direction(project: Project, laptop: Project) -> None:
    code(project, "ann")
    code(laptop, "ben")
    code(laptop, "ben", 70)
    merged = project.merge(laptop.folder)
    assert (merged.new_acts, merged.codings, merged.sources) == (2, 2, 0)
    assert sorted(c.coder for c in project.codings()) == ["ann", "ben", "ben"]
    assert laptop.merge(project.folder).new_acts == 1
    assert state(project.folder) == state(laptop.folder)


def test_merging_twice_and_merging_oneself_changes_nothing(project: Project, laptop: Project) -> None:
    code(laptop, "ben")
    project.merge(laptop.folder)
    before = state(project.folder)
    assert project.merge(laptop.folder).new_acts == 0
    assert project.merge(project.folder).new_acts == 0
    assert state(project.folder) == before


def test_another_study_is_told_from_one_that_was_begun_apart(project: Project, tmp_path: Path) -> None:
    apart, other = Project.start(tmp_path / "apart"), Project.start(tmp_path / "other")
    apart.add(Bundle(sources=(source(), source("more"))), coder="ben")
    other.add(Bundle(sources=(source("else"),)), coder="eve")
    assert not project.merge(apart.folder).unrelated
    told = project.merge(other.folder, dry_run=True)
    assert (told.unrelated, told.sources) == (True, 1)
    assert project.merge(other.folder).unrelated
    assert not project.merge(other.folder).unrelated


def test_a_deletion_stays_deleted(project: Project, laptop: Project) -> None:
    code(project, "ann")
    laptop.merge(project.folder)
    assert len(laptop.codings()) == 1
    with project.act("coding remove", "ann") as act:
        act.remove_coding(project.codings()[0])
    project.merge(laptop.folder)
    assert project.codings() == ()
    laptop.merge(project.folder)
    assert laptop.codings() == ()


def test_an_undo_travels(project: Project, laptop: Project) -> None:
    code(project, "ann")
    laptop.merge(project.folder)
    project.undo("ann")
    laptop.merge(project.folder)
    assert laptop.codings() == ()


def test_a_dry_run_says_what_would_come_and_changes_nothing(project: Project, laptop: Project) -> None:
    code(laptop, "ben")
    before = state(project.folder)
    assert project.merge(laptop.folder, dry_run=True).codings == 1
    assert state(project.folder) == before


def test_a_merge_is_taken_back_whole_and_can_come_again(project: Project, laptop: Project) -> None:
    code(project, "ann")
    before = state(project.folder)
    code(laptop, "ben")
    project.merge(laptop.folder)
    assert len(project.codings()) == 2
    assert project.merged_last()
    assert project.undo_merge() == 1
    assert state(project.folder).count("'ben'") == 0
    assert [c.coder for c in project.codings()] == ["ann"]
    with pytest.raises(NotUndoable):
        project.undo_merge()
    assert project.merge(laptop.folder).codings == 1
    assert before != state(project.folder)


def test_a_merge_that_was_taken_back_comes_again_without_the_other_project(project: Project, laptop: Project) -> None:
    code(project, "ann")
    code(laptop, "ben")
    project.merge(laptop.folder)
    merged = state(project.folder)
    assert merged.count("'ben'") > 0
    assert not project.merge_taken_back()
    project.undo_merge()
    assert project.merge_taken_back(last=True)
    assert project.redo_merge() == 1
    assert state(project.folder) == merged
    assert not project.merge_taken_back()
    with pytest.raises(NotUndoable):
        project.redo_merge()
    assert project.undo_merge() == 1
    assert project.redo_merge() == 1
    assert state(project.folder) == merged
    assert all(check.ok for check in project.examine() if check.severity == "error")


def test_what_was_undone_before_and_after_a_merge_comes_back_in_turn(project: Project, laptop: Project) -> None:
    code(project, "ann")
    code(laptop, "ben")
    project.merge(laptop.folder)
    done = project.codings()
    assert len(done) == 2
    assert teamwork.undo(project, "ann").merge == 1
    assert [act.command for act in teamwork.undo(project, "ann").acts] == ["coding add"]
    assert project.codings() == ()
    assert [act.command for act in teamwork.redo(project, "ann").acts] == ["coding add"]
    assert teamwork.redo(project, "ann").merge == 1
    assert project.codings() == done


def test_merges_are_brought_back_in_turn_and_one_that_came_by_itself_is_not_among_them(
    project: Project, laptop: Project
) -> None:
    code(laptop, "ben")
    project.merge(laptop.folder)
    code(laptop, "cat")
    project.merge(laptop.folder)
    both = state(project.folder)
    assert [project.undo_merge(), project.undo_merge()] == [1, 1]
    assert [project.redo_merge(), project.redo_merge()] == [1, 1]
    assert state(project.folder) == both
    assert [project.undo_merge(), project.undo_merge()] == [1, 1]
    code(project, "ann")
    assert project.merge_taken_back()
    assert not project.merge_taken_back(last=True)
    assert project.merge(laptop.folder).new_acts == 2
    assert not project.merge_taken_back()


def test_a_merge_under_later_work_is_not_taken_back(project: Project, laptop: Project) -> None:
    code(laptop, "ben")
    project.merge(laptop.folder)
    code(project, "ann")
    with pytest.raises(NotUndoable, match="since"):
        project.undo_merge()


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE event SET body = replace(body, '41', '42') WHERE kind = 'coding.add'",
        "UPDATE act SET coder = 'eve' WHERE command = 'memo add'",
        "UPDATE content SET data = 'other' WHERE data = 'said'",
        "DELETE FROM content WHERE data = 'said'",
        "DELETE FROM event WHERE kind = 'memo.put'",
        "CREATE TRIGGER t AFTER INSERT ON act BEGIN DELETE FROM coding; END",
    ],
)
def test_an_altered_log_is_refused_and_nothing_changes(project: Project, laptop: Project, tamper: str) -> None:
    code(laptop, "ben")
    with laptop.act("memo add", "ben") as act:
        act.put_memo(MemoTarget("project"), "said")
    laptop.close()
    conn = sqlite3.connect(laptop.path)
    assert conn.execute("SELECT count(*) FROM content WHERE data = 'said'").fetchone() == (1,)
    conn.execute(tamper)
    conn.commit()
    conn.close()
    before = state(project.folder)
    with pytest.raises(ProjectError):
        project.merge(laptop.folder)
    assert state(project.folder) == before


def test_a_well_hashed_act_with_a_span_outside_its_text_is_refused(project: Project, laptop: Project) -> None:
    conn = sqlite3.connect(laptop.path)
    (text,) = conn.execute("SELECT text FROM source").fetchone()
    conn.close()
    body = {
        "text": text,
        "source": laptop.source("vale").id,
        "start": 5,
        "end": 10_000,
        "code": laptop.codes()[0].id,
        "round": 1,
        "origin": "hand",
        "certainty": None,
        "memo": None,
    }
    with laptop.act("coding add", "eve") as act:
        act._draft.event("coding.add", "coding:" + "e" * 32, body)
    before = state(project.folder)
    with pytest.raises(ProjectError, match="outside"):
        project.merge(laptop.folder)
    assert state(project.folder) == before
    assert json.dumps(body)


def test_what_is_no_project_is_refused(project: Project, tmp_path: Path) -> None:
    (tmp_path / "qualcode.db").write_bytes(b"not a database" * 1000)
    for other in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(ProjectError):
            project.merge(other)


# -- large merges, whose indexes are made after the rows ---------------------------------------------------------

MANY = 600
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes are made after fewer rows than in life."""
    monkeypatch.setattr(rows, "_MANY", MANY)


def code_much(project: Project, coder: str, codings: int) -> None:
    """So many different codings, in acts of 250."""
    where, codes = project.source("vale"), project.codes()
    for first in range(0, codings, 250):
        with project.act("coding batch", coder) as act:
            for n in range(first, min(first + 250, codings)):
                start, length = n % 20, n // 20 % 20 + 1
                act.add_coding(Segment(where, Span(start, start + length)), codes[n % 2], round=n // 400 + 1)


def schema_of(folder: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / "qualcode.db")) as conn:
        return conn.execute(SCHEMA).fetchall()


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(("here", "come"), [(0, MANY), (MANY, MANY + 50), (MANY + 50, MANY)])
def test_a_large_merge_leaves_the_tables_that_the_log_tells_of(
    project: Project, laptop: Project, here: int, come: int
) -> None:
    before = schema_of(project.folder)
    code_much(project, "ann", here)
    code_much(laptop, "ben", come)
    foretold = project.merge(laptop.folder, dry_run=True)
    assert schema_of(project.folder) == before
    assert project.merge(laptop.folder) == foretold
    assert foretold.codings == come
    assert len(project.codings()) == here + come
    assert [check for check in project.examine() if not check.ok and check.severity == "error"] == []
    assert schema_of(project.folder) == before
    laptop.merge(project.folder)
    assert state(project.folder) == state(laptop.folder)


@pytest.mark.usefixtures("soon")
def test_a_large_merge_is_taken_back_whole(project: Project, laptop: Project) -> None:
    before, tables = schema_of(project.folder), state(project.folder)
    code_much(laptop, "ben", MANY)
    assert project.merge(laptop.folder).codings == MANY
    assert project.undo_merge() == 3
    assert state(project.folder) == tables
    assert schema_of(project.folder) == before
    assert project.merge(laptop.folder).codings == MANY


@pytest.mark.usefixtures("soon")
def test_a_large_merge_that_is_refused_at_the_end_leaves_every_byte(project: Project, laptop: Project) -> None:
    code_much(laptop, "ben", MANY)
    span = {"text": source_text(laptop), "source": laptop.source("vale").id, "start": 5, "end": 10_000}
    rest = {"code": laptop.codes()[0].id, "round": 1, "origin": "hand", "certainty": None, "memo": None}
    with laptop.act("coding add", "eve") as act:
        act._draft.event("coding.add", "coding:" + "e" * 32, {**span, **rest})
    before = project.path.read_bytes()
    with pytest.raises(ProjectError, match="outside"):
        project.merge(laptop.folder)
    assert project.path.read_bytes() == before


def source_text(project: Project) -> str:
    """The content that the text of the source is."""
    with closing(sqlite3.connect(project.path)) as conn:
        return str(conn.execute("SELECT text FROM source").fetchone()[0])
