"""Undo and redo of anything, across restarts, never under others' work; the project as it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qualcode.errors import NotUndoable, UsageError
from qualcode.model import Bundle, Code, Codebook, MemoTarget, Segment, Span
from qualcode.store import Project, history, projection, schema
from tests.store.conftest import source


def code(project: Project, coder: str = "ann", end: int = 61) -> str:
    with project.act("coding add", coder) as act:
        return act.add_coding(Segment(project.source("vale"), Span(41, end)), project.codes()[0])


def dump(folder: Path) -> list[list[tuple[object, ...]]]:
    conn = sqlite3.connect(folder / "qualcode.db")
    kept = [table for table in schema.PROJECTED if table != "undone"]
    rows = [sorted(conn.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr) for table in kept]
    conn.close()
    return rows


def test_the_last_command_is_undone_and_redone_across_a_restart(project: Project) -> None:
    code(project)
    before = dump(project.folder)
    assert len(project.codings()) == 1
    project.close()
    with Project.open(project.folder) as again:
        (undone,) = again.undo("ann")
        assert undone.command == "coding add"
        assert undone.undone
        assert again.codings() == ()
    with Project.open(project.folder) as again:
        (redone,) = again.redo("ann")
        assert redone.id == undone.id
        assert not redone.undone
        assert len(again.codings()) == 1
    assert dump(project.folder) == before


def test_undo_goes_back_step_by_step_to_empty_and_forth_again(project: Project) -> None:
    code(project)
    code(project, end=70)
    states = []
    for _ in range(4):
        states.append(dump(project.folder))
        project.undo("ann")
    assert project.sources() == ()
    with pytest.raises(NotUndoable, match="nothing"):
        project.undo("ann")
    for state in reversed(states):
        project.redo("ann")
        assert dump(project.folder) == state
    with pytest.raises(NotUndoable, match="nothing to redo"):
        project.redo("ann")


def test_a_new_act_ends_what_redo_finds_by_itself(project: Project) -> None:
    code(project)
    (undone,) = project.undo("ann")
    code(project, end=70)
    with pytest.raises(NotUndoable):
        project.redo("ann")
    project.redo("ann", undone.id)
    assert len(project.codings()) == 2


def test_only_ones_own_last_command_is_undone(project: Project) -> None:
    code(project, "ann")
    code(project, "ben")
    project.undo("ann")
    assert [coding.coder for coding in project.codings()] == ["ben"]


def test_an_act_on_which_others_stand_is_not_undone(project: Project) -> None:
    code(project, "ben")
    import_act = project.history()[0]
    assert import_act.command == "import"
    with pytest.raises(NotUndoable, match="ben's coding add"):
        project.undo("ann", import_act.id)
    with pytest.raises(NotUndoable, match="ben's coding add"):
        project.undo("ann")  # the codebook that ben coded with
    project.undo("ben")
    assert [entry.command for entry in project.undo("ann")] == ["codebook apply"]


def test_the_acts_of_one_run_are_undone_together(project: Project) -> None:
    with project.run():
        project.add(Bundle(sources=(source("b"),)), coder="ann")
        project.add(Bundle(sources=(source("c"),)), coder="ann")
    assert len(project.sources()) == 3
    assert len(project.undo("ann")) == 2
    assert [s.name for s in project.sources()] == ["vale"]
    assert len(project.redo("ann")) == 2
    assert len(project.sources()) == 3


def test_a_codebook_change_is_undone_with_its_renames(project: Project) -> None:
    code(project)
    with project.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("role", "2", (Code("role/admin"),)), {"role/managerial": "role/admin"})
    assert [c.code for c in project.codings()] == ["role/admin"]
    project.undo("ann")
    assert [c.code for c in project.codings()] == ["role/managerial"]
    assert project.codebooks()[0].version == "1.0"


def test_the_past_is_rebuilt_as_of_a_milestone_and_a_time(project: Project) -> None:
    code(project)
    project.milestone("submitted", "ann")
    at = project.history()[-1].at
    code(project, end=70)
    code(project, "ben")
    assert len(project.codings()) == 3
    for moment in ("submitted", at):
        with project.as_of(moment) as past:
            assert len(past.codings()) == 1
            assert past.source("vale").text == project.source("vale").text
    with project.as_of("2020-01-01") as past:
        assert past.sources() == ()
    assert len(project.codings()) == 3


def test_an_unknown_moment_and_a_milestone_in_use_are_refused(project: Project) -> None:
    project.milestone("submitted", "ann")
    with pytest.raises(UsageError, match='mean "submitted"'):
        project.as_of("submited")
    with pytest.raises(UsageError, match="already"):
        project.milestone("submitted", "ann")


def test_history_says_what_each_act_did(project: Project) -> None:
    code(project)
    with project.act("memo add", "ben") as act:
        act.put_memo(MemoTarget("project"), "x")
    project.undo("ben")
    said = [(entry.coder, entry.command, entry.changes, entry.undone) for entry in project.history()]
    assert said == [
        ("ann", "import", (("source added", 1), ("case added", 1)), False),
        ("ann", "codebook apply", (("codes written", 2), ("codebook applied", 1)), False),
        ("ann", "coding add", (("coding added", 1),), False),
        ("ben", "memo add", (("memo written", 1),), True),
        ("ben", "undo", (("act undone", 1),), False),
    ]


def test_few_acts_and_many_are_told_alike(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    code(project)
    project.undo("ann")
    few = project.history()
    monkeypatch.setattr(history, "FEW", 0)
    assert project.history() == few
    assert project.history(2) == few[-2:]
    assert [entry.command for entry in few][-2:] == ["coding add", "undo"]
    assert few[-2].undone


def test_the_projection_after_undo_is_that_of_a_rebuild(project: Project) -> None:
    code(project)
    project.undo("ann")
    project.redo("ann")
    project.undo("ann")
    before = dump(project.folder)
    project.close()
    conn = sqlite3.connect(project.folder / "qualcode.db", isolation_level=None)
    projection.rebuild(conn)
    conn.close()
    assert dump(project.folder) == before


def test_the_history_names_what_an_act_was_about_also_when_it_is_undone(project: Project) -> None:
    project.milestone("submitted", "ann")
    project.undo("ann")
    applied, undone = [entry for entry in project.history() if entry.command in ("codebook apply", "undo")]
    assert applied.undone
    assert applied.about == ("role/managerial", "role/pastoral", "role")
    assert undone.about == (applied.id[:8],)
    imported = next(entry for entry in project.history() if entry.changes[0][0].startswith("source"))
    assert imported.about == ("vale",)
    project.undo("ann", imported.id[:12])
    assert project.sources() == ()
    assert next(entry for entry in project.history() if entry.id == imported.id).about == ("vale",)
    assert next(entry for entry in project.history() if entry.command == "milestone").about == ("submitted",)


@pytest.mark.parametrize("moment", ["20200101", "2020-W01-1", "2020-W01", "2020-01"])
def test_what_is_no_plain_date_or_time_is_not_guessed_at(project: Project, moment: str) -> None:
    with pytest.raises(UsageError, match="neither"):
        project.as_of(moment)


def test_a_milestone_is_known_however_its_accents_are_encoded(project: Project) -> None:
    project.milestone("Pr\u00fcfung", "ann")
    with pytest.raises(UsageError, match="already"):
        project.milestone("Pru\u0308fung", "ann")
    with project.as_of("Pru\u0308fung") as past:
        assert past.sources() == project.sources()


def test_a_memo_on_a_case_or_code_that_was_undone_goes_by_the_name_it_had(project: Project) -> None:
    case, pastoral = project.case("vale").id, project.codes()[1].id
    with project.act("memo add", "ann") as act:
        act.put_memo(MemoTarget("case", case), "who")
        act.put_memo(MemoTarget("case x code", case, pastoral), "cell")
    assert [memo.about.name for memo in project.memos()] == ["vale", "vale"]
    for entry in project.history()[1::-1]:
        project.undo("ann", entry.id)
    named = sorted((memo.about.kind, memo.about.name, memo.about.code) for memo in project.memos())
    assert named == [("case", "vale (undone)", ""), ("case x code", "vale (undone)", "role/pastoral (undone)")]
