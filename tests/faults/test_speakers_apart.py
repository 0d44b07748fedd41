"""Two people rename, join or give a role to one speaker without knowing of each other: listed, and settled (O31)."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.store import Conflict, Project, voices
from qualcode.store.conflicts import found
from qualcode.workflow import importing, projects, revising, speaking, teamwork
from tests.faults import deaths

TALK = "S1: How did it begin?\n\nS2: By chance.\n\nS1: And then?\n\nS3: I stayed on.\n\nS2: So I did, and gladly.\n"
Folders = tuple[Path, Path]


@pytest.fixture
def copies(tmp_path: Path) -> Folders:
    """Two copies of a study with one conversation."""
    (tmp_path / "talk.txt").write_text(TALK)
    projects.start(tmp_path / "one")
    with Project.open(tmp_path / "one") as project:
        importing.import_paths(project, importing.Request((tmp_path / "talk.txt",)), coder="ann")
        speaking.set_role(project, "talk", "S1", "interviewer", coder="ann")
    deaths.fresh(tmp_path / "one", tmp_path / "two")
    return tmp_path / "one", tmp_path / "two"


def rename(folder: Path, old: str, new: str) -> None:
    with Project.open(folder) as project:
        speaking.rename(project, "talk", old, new, coder="ann")


def join(folder: Path, old: str, into: str) -> None:
    with Project.open(folder) as project:
        speaking.merge(project, "talk", old, into, coder="ann")


def role(folder: Path, name: str, given: str) -> None:
    with Project.open(folder) as project:
        speaking.set_role(project, "talk", name, given, coder="ann")


def meet(copies: Folders) -> tuple[Conflict, ...]:
    """Merge both ways: both copies show the same, and have the same conflicts, which are returned."""
    one, two = copies
    for here, there in ((one, two), (two, one)):
        with Project.open(here) as project:
            teamwork.merge(project, there)
    with Project.open(one) as mine, Project.open(two) as theirs:
        assert mine.source("talk") == theirs.source("talk")
        assert mine.conflicts() == theirs.conflicts()
        return mine.conflicts()


def speakers(folder: Path) -> dict[str | None, str | None]:
    """Who speaks, and in which role."""
    with Project.open(folder) as project:
        return {each.name: each.role for each in speaking.listed(project.source("talk"))}


def resolve(folder: Path, conflict: Conflict, text: str) -> None:
    """Choose the side that says `text`."""
    (side,) = [n for n, each in enumerate(conflict.sides, 1) if each.text == text]
    with Project.open(folder) as project:
        teamwork.resolve(project, conflict.id, side, coder="ben")
        assert project.conflicts() == ()


@pytest.mark.parametrize("chosen", ["Maya", "May"])
def test_one_speaker_with_two_names_is_a_conflict_and_the_earlier_shows(copies: Folders, chosen: str) -> None:
    rename(copies[0], "S2", "Maya")
    rename(copies[1], "S2", "May")
    (conflict,) = meet(copies)
    assert (conflict.kind, conflict.what) == ("speaker", "talk: S2")
    assert sorted(side.text for side in conflict.sides) == ["S2 → May", "S2 → Maya"]
    assert f"S2 → {list(speakers(copies[0]))[1]}" == conflict.sides[0].text
    resolve(copies[0], conflict, f"S2 → {chosen}")
    assert meet(copies) == ()
    assert list(speakers(copies[1])) == ["S1", chosen, "S3"]
    with Project.open(copies[0]) as project:
        project.undo("ben")
        assert project.conflicts() == (conflict,)
        project.redo("ben")
        assert project.conflicts() == ()


@pytest.mark.parametrize("chosen", ["S3 → S2", "S3 → Maya"])
def test_joining_a_speaker_that_another_person_renamed_moves_nobody_else(copies: Folders, chosen: str) -> None:
    join(copies[0], "S3", "S2")
    rename(copies[1], "S3", "Maya")
    (conflict,) = meet(copies)
    resolve(copies[1], conflict, chosen)
    assert meet(copies) == ()
    assert set(speakers(copies[0])) == {"S1", "S2", chosen[5:]}


@pytest.mark.parametrize("chosen", ["S2", "S3"])
def test_two_speakers_who_got_one_name_are_not_joined_by_it(copies: Folders, chosen: str) -> None:
    rename(copies[0], "S2", "Anna")
    rename(copies[0], "Anna", "Maya")
    rename(copies[1], "S3", "Maya")
    (conflict,) = meet(copies)
    assert conflict.what in ("talk: S2, S3", "talk: S3, S2")
    assert len(speakers(copies[0])) == 3
    resolve(copies[0], conflict, f"{chosen} → Maya")
    assert meet(copies) == ()
    assert list(speakers(copies[1])) == (["S1", "Maya", "S3"] if chosen == "S2" else ["S1", "Anna", "Maya"])


def test_a_person_may_join_the_two_who_got_one_name(copies: Folders) -> None:
    rename(copies[0], "S2", "Maya")
    rename(copies[1], "S3", "Maya")
    assert len(meet(copies)) == 1
    (other,) = set(speakers(copies[0])) - {"S1", "Maya"}
    join(copies[0], str(other), "Maya")
    assert meet(copies) == ()
    assert list(speakers(copies[1])) == ["S1", "Maya"]


@pytest.mark.parametrize("chosen", ["respondent", "no role"])
def test_two_roles_of_one_speaker_are_a_conflict(copies: Folders, chosen: str) -> None:
    role(copies[0], "S2", "respondent")
    role(copies[1], "S2", "none")
    (conflict,) = meet(copies)
    resolve(copies[1], conflict, f"S2 → {chosen}")
    assert meet(copies) == ()
    assert speakers(copies[0])["S2"] == (chosen if chosen == "respondent" else None)


def test_a_role_follows_a_speaker_whom_somebody_else_renamed(copies: Folders) -> None:
    rename(copies[0], "S2", "Maya")
    role(copies[1], "S2", "respondent")
    rename(copies[1], "S3", "Nina")
    role(copies[1], "Nina", "none")
    assert meet(copies) == ()
    assert speakers(copies[0]) == {"S1": "interviewer", "Maya": "respondent", "Nina": None}


def test_the_case_that_one_person_s_role_made_is_kept(copies: Folders) -> None:
    """Who gives roles to others at the same time does not know of it."""
    role(copies[0], "S2", "respondent")
    join(copies[0], "S3", "S2")
    for given in ("none", "interviewer", "none", "interviewer"):
        role(copies[1], "S1", given)
    assert meet(copies) == ()
    for folder in copies:
        with Project.open(folder) as project:
            assert (project.source("talk").kind, project.source("talk").case) == ("interview", "talk")


def test_the_same_name_given_apart_is_no_conflict(copies: Folders) -> None:
    for folder in copies:
        rename(folder, "S2", "Maya")
    assert meet(copies) == ()
    assert list(speakers(copies[0])) == ["S1", "Maya", "S3"]


def test_names_given_one_after_the_other_are_no_conflict(copies: Folders) -> None:
    rename(copies[0], "S2", "Maya")
    meet(copies)
    rename(copies[1], "Maya", "May")
    rename(copies[1], "May", "Mai")
    assert meet(copies) == ()
    assert list(speakers(copies[0])) == ["S1", "Mai", "S3"]
    with Project.open(copies[1]) as project:
        project.undo("ann", project.history()[-2].id)
        assert project.conflicts() == ()


def test_a_settled_name_holds_in_a_corrected_transcript_too(copies: Folders, tmp_path: Path) -> None:
    rename(copies[0], "S2", "Maya")
    rename(copies[1], "S2", "May")
    (conflict,) = meet(copies)
    resolve(copies[0], conflict, conflict.sides[1].text)
    (tmp_path / "new.txt").write_text(TALK.replace("gladly", "happily"))
    with Project.open(copies[0]) as project:
        revising.revise_from_file(project, "talk", tmp_path / "new.txt", coder="ann")
        assert "happily" in project.source("talk").text
    assert meet(copies) == ()
    assert f"S2 → {list(speakers(copies[1]))[1]}" == conflict.sides[1].text


def test_changes_of_logs_that_did_not_say_what_they_knew_hold_in_their_order(
    copies: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So an older project has no conflicts when it is opened; what is changed from now on may have."""
    with monkeypatch.context() as patched:
        patched.setattr("qualcode.store.acts.Act._replaced", lambda *_: None)
        rename(copies[0], "S2", "Maya")
        rename(copies[0], "Maya", "May")
    with Project.open(copies[0]) as project:
        assert project.conflicts() == ()
        assert project.source("talk").speakers == ("S1", "May", "S3")


def test_more_changes_than_can_be_compared_hold_in_their_order(
    copies: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "MANY", 3)
    for name in ("Maya", "May"):
        rename(copies[0], "S2", name)
        rename(copies[0], name, "S2")
    role(copies[1], "S2", "none")
    assert meet(copies) == ()
    assert list(speakers(copies[0])) == ["S1", "S2", "S3"]
    with Project.open(copies[0]) as project:
        assert found(project._conn) == ()
