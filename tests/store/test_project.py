"""Sources, cases and codebooks go in and come out equal; what is known is passed over; nothing is half done."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from qualcode.errors import NoProject, ProjectError, SchemaTooNew, UnknownCase, UnknownSource, UsageError
from qualcode.model import Bundle, Case, Code, Codebook, Cue, MemoTarget, Segment, Span
from qualcode.store import Project, backup
from tests.store.conftest import TEXT, source


def test_the_first_write_of_a_day_is_preceded_by_a_backup(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def backups() -> list[str]:
        return sorted(path.name for path in (project.folder / "backups").glob("*.db"))

    before = len(project.history())
    with project.act("memo add", "ann") as act:
        act.put_memo(MemoTarget("project"), "begun today")
    assert backups() == []
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(backup, "datetime", SimpleNamespace(now=lambda _: tomorrow, strptime=datetime.strptime))
    for text in ("the next day", "again"):
        with project.act("memo add", "ann") as act:
            act.put_memo(MemoTarget("project"), text)
    (made,) = backups()
    assert made.endswith("-daily.db")
    (project.folder / "old").mkdir()
    (project.folder / "backups" / made).rename(project.folder / "old" / "qualcode.db")
    with Project.open(project.folder / "old") as old:
        assert len(old.history()) == before + 1


def test_backups_of_a_clock_that_ran_ahead_neither_push_out_the_new_ones_nor_make_one_of_every_write(
    project: Project,
) -> None:
    begun = datetime.now(UTC) + timedelta(days=300)
    home = project.folder / "backups"
    home.mkdir()
    for day in range(40):
        ahead = begun + timedelta(days=day)
        (home / f"{ahead:%Y%m%dT%H%M%S%fZ}-daily.db").write_bytes(project.path.read_bytes())
    made = project.backup()
    assert made.is_file()
    kept = sorted(home.iterdir())
    for text in ("a thought", "and another"):
        with project.act("memo add", "ann") as act:
            act.put_memo(MemoTarget("project"), text)
    assert sorted(home.iterdir()) == kept


def test_what_a_restore_set_aside_is_never_thinned_out(project: Project) -> None:
    first = project.backup()
    _, aside = backup.restore(project.folder, first.name)
    assert aside is not None
    for _ in range(backup.NEWEST + 2):
        backup.make(project._conn, project.folder)
    assert aside.is_file()
    assert len(backup.listed(project.folder)) == backup.NEWEST + 1


def test_a_restore_that_ends_midway_leaves_the_project_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project.backup()
    with project.act("memo add", "ann") as act:
        act.put_memo(MemoTarget("project"), "written since")
    project.close()
    replaced = Path.replace

    def cut_short(path: Path, target: Path) -> Path:
        if target == project.path:
            raise KeyboardInterrupt
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", cut_short)
    with pytest.raises(KeyboardInterrupt):
        backup.restore(project.folder, made.name)
    monkeypatch.undo()
    with Project.open(project.folder) as again:
        assert [memo.text for memo in again.memos()] == ["written since"]


def test_a_source_comes_out_as_it_went_in(project: Project) -> None:
    assert project.sources() == (source(),)
    assert project.source("vale").quote(Span(41, 61)) == "I plan the timetable"


def test_the_same_source_again_is_passed_over(project: Project) -> None:
    receipt = project.add(Bundle(sources=(source(),)), coder="ann")
    assert receipt.sources == ()
    assert [notice.message for notice in receipt.skipped] == ['source "vale" is here already']
    assert len(project.sources()) == 1


def test_the_same_id_with_another_text_is_left_and_said(project: Project) -> None:
    receipt = project.add(Bundle(sources=(source(text=TEXT + " More."),)), coder="ann")
    assert [notice.severity for notice in receipt.skipped] == ["warning"]
    assert project.source("vale").text == TEXT


def test_twin_names_are_kept_apart(project: Project) -> None:
    receipt = project.add(Bundle(sources=(source(id="b" * 32, file="vale.docx"),)), coder="ann")
    assert [s.name for s in receipt.sources] == ["vale.docx"]
    again = project.add(Bundle(sources=(source(id="c" * 32, file="vale.docx"),)), coder="ann")
    assert [s.name for s in again.sources] == ["vale~2"]


@pytest.mark.parametrize("word", ["vale", "VALE", "vale.txt", "va", source().id, source().id[:8]])
def test_a_source_is_found_by_every_name_it_has(project: Project, word: str) -> None:
    assert project.source_id(word) == source().id


def test_an_unknown_source_names_the_nearest(project: Project) -> None:
    with pytest.raises(UnknownSource, match="vale"):
        project.source("vael")


def test_a_prefix_of_two_sources_is_refused(project: Project) -> None:
    project.add(Bundle(sources=(source("valerie"),)), coder="ann")
    assert project.source("vale").name == "vale"
    with pytest.raises(UsageError, match="2 sources"):
        project.source("val")


def test_a_known_case_gets_what_it_lacks_and_keeps_what_differs(project: Project) -> None:
    case = Case("vale", {"phase": "primary", "years": 7}, "quote")
    receipt = project.add(Bundle(cases=(case,)), coder="ann")
    assert "phase" in receipt.skipped[0].message
    assert project.case("vale").attributes == {"phase": "secondary", "years": 7}
    assert project.case("vale").consent == "quote"


def test_linked_cases_are_one_person_with_the_narrower_consent(project: Project) -> None:
    project.add(Bundle(cases=(Case("Q14", {"years": 7, "phase": "primary"}, "analyse"),)), coder="ann")
    assert len(project.cases()) == 2
    with project.act("cases link", "ann") as act:
        act.link_case(project.case("Q14").id, project.case("vale").id)
    (person,) = project.cases()
    assert person.name == "vale"
    assert person.attributes == {"years": 7, "phase": "secondary", "phase (Q14)": "primary"}
    assert person.consent == "analyse"
    assert project.case("Q14") == person


def test_an_unknown_case_is_refused(project: Project) -> None:
    with pytest.raises(UnknownCase):
        project.case("nobody")


def test_a_codebook_comes_out_as_it_went_in(project: Project) -> None:
    code = Code(
        "open/a", "A", "d", ("i",), ("e",), ("x",), ("y",), (Cue("lemma", "be"),), ("respondent",), "#000000", "a"
    )
    with project.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("open", "2", (code,), "T", "data", "f" * 64), {})
    (stored,) = [book for book in project.codebooks() if book.name == "open"]
    assert (stored.version, stored.title, stored.basis, stored.sha256) == ("2", "T", "data", "f" * 64)
    (got,) = stored.codes
    assert got.born
    assert got == Code(*(getattr(code, name) for name in code.__slots__[:11]), id=got.id, born=got.born)


def test_a_renamed_code_keeps_its_id_and_a_missing_one_is_retired(project: Project) -> None:
    before = {code.path: code.id for code in project.codes()}
    assert len(before) == 2
    with project.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("role", "1.1", (Code("role/admin"),)), {"role/managerial": "role/admin"})
    assert [(code.path, code.id) for code in project.codes()] == [("role/admin", before["role/managerial"])]
    assert [code.path for code in project.codes(retired=True)] == ["role/admin", "role/pastoral"]


def test_an_act_that_fails_leaves_nothing(project: Project) -> None:
    def interrupted() -> None:
        with project.act("import", "ann") as act:
            act.add_source(source("second"), "second")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert [s.name for s in project.sources()] == ["vale"]


def test_a_text_that_changed_under_a_coder_is_refused(project: Project) -> None:
    stale = source(text=TEXT.replace("plan", "mend"))
    with pytest.raises(ProjectError, match="not the one that was coded"), project.act("coding add", "ann") as act:
        act.add_coding(Segment(stale, Span(41, 61)), project.codes()[0])
    assert project.codings() == ()


def test_the_database_is_private_and_its_folder_too(project: Project) -> None:
    assert stat.S_IMODE(project.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(project.folder.stat().st_mode) == 0o700


def test_a_second_project_in_one_folder_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="already"):
        Project.start(project.folder)


def test_no_project_and_no_database_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoProject):
        Project.open(tmp_path)
    (tmp_path / "qualcode.db").write_text("not a database, but long enough to be looked at " * 40)
    with pytest.raises(ProjectError, match=r"not a qualcode project|damaged"):
        Project.open(tmp_path)
    (tmp_path / "qualcode.db").write_bytes(b"")
    with pytest.raises(ProjectError, match="holds no"):
        Project.open(tmp_path)


def test_a_newer_schema_is_refused_with_both_numbers(project: Project) -> None:
    project.close()
    conn = sqlite3.connect(project.path)
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    with pytest.raises(SchemaTooNew, match="99"):
        Project.open(project.folder)


def test_the_public_view_quotes_what_was_coded(project: Project) -> None:
    with project.act("coding add", "ann") as act:
        act.add_coding(Segment(project.source("vale"), Span(41, 61)), project.codes()[0], memo="busy")
    conn = sqlite3.connect(project.path)
    rows = conn.execute('SELECT source, "case", quote, code, coder, memo FROM coded_segment').fetchall()
    conn.close()
    assert rows == [("vale", "vale", "I plan the timetable", "role/managerial", "ann", "busy")]
