"""Two people and a corrected transcript: hand out, code blind, take back, revise, undo, back up, restore."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from qualcode.errors import NotUndoable, ProjectError, UsageError
from qualcode.model import MemoTarget
from qualcode.session import Place, Session
from qualcode.settings import read_settings
from qualcode.store import Project
from qualcode.workflow import cases, projects, revising, safekeeping, teamwork


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "study"
    projects.start(folder, example=True)
    return folder


@pytest.fixture
def project(example: Path, tmp_path: Path) -> Project:
    shutil.copytree(example, tmp_path / "study")
    return Project.open(tmp_path / "study")


def test_a_hand_out_holds_the_chosen_texts_and_codebooks_and_nothing_else(project: Project, tmp_path: Path) -> None:
    package = tmp_path / "cleo.qualcode"
    names = teamwork.hand_out(project, "cleo", package, ["interview-6"]).sources
    assert names == ("interview-6",)
    assert stat.S_IMODE(package.stat().st_mode) == 0o600
    raw = package.read_bytes()
    theirs = project.source("interview-6").text.split("\n")[2][:60].encode()
    others = [
        project.source(name).text[2000:2060].encode()
        for name in ("interview-1", "interview-2", "questionnaire/Q01")[:2]
    ]
    memos = [memo.text[:40].encode() for memo in project.memos()]
    assert theirs in raw
    assert len(memos) > 10
    assert [text for text in [*others, *memos] if text in raw] == []
    conn = sqlite3.connect(package)
    counts = [conn.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in ("coding", "memo", "case", "decision")]
    assert counts == [0, 0, 0, 0]
    assert conn.execute("SELECT count(*) FROM code WHERE retired = 0").fetchone()[0] == len(project.codes())
    conn.close()


def test_what_a_co_coder_did_comes_back_and_agreement_sees_it(project: Project, tmp_path: Path) -> None:
    package = tmp_path / "cleo.qualcode"
    teamwork.hand_out(project, "cleo", package)
    assert teamwork.start_from_handout(tmp_path / "cleo", package, "cleo") == 67
    settings = read_settings(tmp_path / "cleo")
    assert (settings.coder, settings.blind) == ("cleo", True)
    with Project.open(tmp_path / "cleo") as part:
        assert part.sources() == tuple(s for s in _without_cases(project))
        assert [check for check in part.examine() if check.severity == "error" and not check.ok] == []
        sitting = Session(part, "cleo")
        sitting.add("interview-1", Place(turn=4), "pastoral", memo="a first reading")
        sitting.set_done(["interview-1"], "role", "done")
    received = teamwork.merge(project, tmp_path / "cleo")
    assert (received.merged.new_acts, received.merged.codings, received.conflicts) == (2, 1, ())
    assert "cleo" in project.coders()
    assert [c.memo for c in project.codings(coders={"cleo"})] == ["a first reading"]


def _without_cases(project: Project) -> list[object]:
    from dataclasses import replace

    return [replace(source, case=None) for source in project.sources()]


def test_the_talk_of_who_withdrew_stays_at_home(project: Project, tmp_path: Path) -> None:
    (case,) = (case.name for case in project.cases() if case.sources == ("interview-2",))
    cases.set_attributes(project, case, ["withdrawn=yes"], coder="ann")
    words = project.source("interview-2").text[2000:2060].encode()
    done = teamwork.hand_out(project, "cleo", tmp_path / "all.qualcode")
    assert ("interview-2" in done.sources, len(done.sources)) == (False, 66)
    assert done.notes == ("Left out: 1 source of people who withdrew.",)
    assert words not in (tmp_path / "all.qualcode").read_bytes()
    assert project.source("interview-1").text[2000:2060].encode() in (tmp_path / "all.qualcode").read_bytes()
    with pytest.raises(UsageError, match="interview-2 withdrew"):
        teamwork.hand_out(project, "cleo", tmp_path / "one.qualcode", ["interview-2"])
    assert not (tmp_path / "one.qualcode").exists()


def test_a_hand_out_that_is_merged_into_another_project_says_how_to_begin_with_it(
    project: Project, tmp_path: Path
) -> None:
    teamwork.hand_out(project, "cleo", tmp_path / "for cleo.qualcode", ["interview-6"])
    projects.start(tmp_path / "mine")
    with Project.open(tmp_path / "mine") as mine, pytest.raises(ProjectError, match="init DIR --handout FILE"):
        teamwork.merge(mine, tmp_path / "for cleo.qualcode")


def test_a_hand_out_overwrites_nothing_and_needs_a_name(project: Project, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(UsageError, match="exists"):
        teamwork.hand_out(project, "cleo", tmp_path / "there")
    with pytest.raises(UsageError, match="for whom"):
        teamwork.hand_out(project, " ", tmp_path / "new")
    assert (tmp_path / "there").read_text() == "mine"


def test_undo_takes_back_a_merge_and_then_ones_own_last_act(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.folder, tmp_path / "laptop")
    with Project.open(tmp_path / "laptop") as laptop:
        Session(laptop, "ben").add_memo(MemoTarget("project"), "from the train")
    Session(project, "ann").add("interview-6", Place(turn=4), "managerial")
    teamwork.merge(project, tmp_path / "laptop")
    n = len(project.memos())
    assert teamwork.undo(project, "ann") == teamwork.Turned(merge=1)
    assert len(project.memos()) == n - 1
    assert [act.command for act in teamwork.undo(project, "ann").acts] == ["coding add"]


def test_the_import_of_the_example_cannot_be_undone_under_codings(project: Project) -> None:
    act = next(entry for entry in project.history() if entry.command == "import")
    with pytest.raises(NotUndoable, match="coding batch"):
        project.undo("ben", act.id)


def test_a_corrected_transcript_is_shown_applied_and_undone(project: Project, tmp_path: Path) -> None:
    old = project.source("interview-1")
    before = project.codings(sources={old.id})
    file = tmp_path / "corrected.txt"
    file.write_text("Corrected by listening again.\n\n" + old.text.replace("clipboard", "clip board"))
    shown = revising.revise_from_file(project, "interview-1", file, coder="ann", dry_run=True)
    assert not shown.applied
    assert project.source("interview-1") == old
    assert shown.counts["exact"] > 100
    assert shown.counts["edited"] > 1
    assert shown.counts["review"] + shown.counts["orphan"] == 0
    done = revising.revise_from_file(project, "interview-1", file, coder="ann")
    assert done.counts == shown.counts
    now = {coding.id: coding for coding in project.codings(sources={old.id})}
    assert {o.coding.id: o.after for o in done.outcomes} == {key: c.segment.quote for key, c in now.items()}
    assert [turn.role for turn in project.source("interview-1").turns[1:]] == [turn.role for turn in old.turns]
    assert len(safekeeping.listed(project.folder)) == 1
    project.undo("ann")
    assert project.codings(sources={old.id}) == before


def test_one_turn_is_corrected_and_the_others_stay(project: Project) -> None:
    old = project.source("interview-2")
    turn = old.turns[9]
    corrected = old.quote(turn.span) + " And that was that."
    done = revising.revise_turn(project, "interview-2", turn.n, corrected, coder="ann")
    new = project.source("interview-2")
    assert [new.quote(t.span) for t in new.turns if t.n != turn.n] == [
        old.quote(t.span) for t in old.turns if t.n != turn.n
    ]
    assert new.quote(new.turns[9].span) == corrected
    assert done.counts["orphan"] == 0
    for number, text in ((999, "x"), (turn.n, "  ")):
        with pytest.raises(UsageError):
            revising.revise_turn(project, "interview-2", number, text, coder="ann")


def test_a_file_with_the_same_text_or_several_sources_is_no_revision(project: Project, tmp_path: Path) -> None:
    same = tmp_path / "same.txt"
    same.write_text(project.source("interview-1").text)
    with pytest.raises(UsageError, match="already"):
        revising.revise_from_file(project, "interview-1", same, coder="ann")


def test_a_backup_is_sound_and_restoring_sets_the_old_database_aside(project: Project) -> None:
    made = project.backup("by hand")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    n = len(project.codings())
    Session(project, "ann").add("interview-6", Place(turn=4), "managerial")
    project.close()
    chosen, aside = safekeeping.restore(project.folder, made.name[:20])
    assert chosen == made
    assert aside is not None
    with Project.open(project.folder) as restored:
        assert len(restored.codings()) == n
    damaged = project.folder / "damaged.db"
    damaged.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    with pytest.raises(ProjectError):
        safekeeping.restore(project.folder, str(damaged))
    with Project.open(project.folder) as still:
        assert len(still.codings()) == n


def test_old_backups_are_thinned_like_a_ladder(project: Project) -> None:
    from datetime import UTC, datetime, timedelta

    home = project.folder / "backups"
    home.mkdir()
    now = datetime.now(UTC)
    for days in range(400):
        stamp = (now - timedelta(days=days)).strftime("%Y%m%dT%H%M%S%fZ")
        (home / f"{stamp}.db").write_bytes(b"x")
    project.backup()
    kept = safekeeping.listed(project.folder)
    assert 20 < len(kept) < 40
    assert (home / "not-a-backup.db").exists() is False


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE content SET data = replace(data, 'clipboard', 'clipboarD') WHERE data LIKE '%clipboard%'", "texts"),
        ("DELETE FROM coding WHERE rowid IN (SELECT rowid FROM coding LIMIT 1)", "tables"),
        ("UPDATE act SET coder = 'eve' WHERE command = 'coding batch'", "log"),
        ("CREATE TABLE strange (x)", "schema"),
    ],
)
def test_the_doctor_names_what_was_tampered_with(project: Project, damage: str, named: str) -> None:
    assert all(check.ok for check in project.examine() if check.severity == "error")
    project.close()
    conn = sqlite3.connect(project.path)
    conn.execute(damage)
    conn.commit()
    conn.close()
    with Project.open(project.folder) as opened:
        bad = {check.name: check.detail for check in opened.examine() if check.severity == "error" and not check.ok}
    assert named in bad
    if named == "texts":
        assert "interview-1" in bad["texts"]
    assert json.dumps(bad)
