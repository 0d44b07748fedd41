"""Speakers after import: what follows from a name, a join and a role, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import UsageError
from qualcode.store import Project
from qualcode.workflow import importing, projects, revising, speaking
from qualcode.workflow.speaking import Speaker

TALK = "S1: How did it begin?\n\nS2: By chance.\n\nS1: And then?\n\nS3: I stayed on.\n\nS2: So I did, and gladly.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "talk.txt").write_text(TALK)
    projects.start(tmp_path / "study")
    project = Project.open(tmp_path / "study")
    roles = {"S1": "interviewer", "S2": "respondent", "S3": "respondent"}
    request = importing.Request((tmp_path / "talk.txt",), roles=roles)  # type: ignore[arg-type]
    importing.import_paths(project, request, coder="ann")
    return project


def test_speakers_are_listed_with_turns_and_characters(project: Project) -> None:
    assert speaking.listed(project.source("talk")) == (
        Speaker("S1", "interviewer", 2, 26),
        Speaker("S2", "respondent", 2, 31),
        Speaker("S3", "respondent", 1, 12),
    )


def test_joining_two_labels_of_one_person_makes_an_interview_with_a_case(project: Project) -> None:
    assert (project.source("talk").kind, project.source("talk").case) == ("focus group", None)
    joined = speaking.merge(project, "talk", "S3", "s2", coder="ann")
    assert joined.speakers == ("S1", "S2")
    assert (joined.kind, joined.case, joined.text) == ("interview", "talk", TALK)
    assert [case.name for case in project.cases()] == ["talk"]
    project.undo("ann")
    assert project.source("talk").speakers == ("S1", "S2", "S3")
    assert (project.source("talk").kind, project.cases()) == ("focus group", ())


def test_who_only_asks_is_never_a_case(project: Project) -> None:
    speaking.merge(project, "talk", "S3", "S2", coder="ann")
    asked = speaking.set_role(project, "talk", "S2", "moderator", coder="ann")
    assert {turn.role for turn in asked.turns} == {"interviewer"}
    assert asked.case is None


def test_a_role_can_be_taken_away(project: Project) -> None:
    after = speaking.set_role(project, "talk", "S3", "none", coder="ann")
    assert [each.role for each in speaking.listed(after)] == ["interviewer", "respondent", None]


def test_a_corrected_transcript_keeps_the_names_and_roles_that_were_given(project: Project, tmp_path: Path) -> None:
    speaking.rename(project, "talk", "S2", "Maya", coder="ann")
    speaking.set_role(project, "talk", "S3", "interviewer", coder="ann")
    (tmp_path / "new.txt").write_text(TALK.replace("gladly", "happily"))
    revising.revise_from_file(project, "talk", tmp_path / "new.txt", coder="ann")
    revised = project.source("talk")
    assert "happily" in revised.text
    assert [(each.name, each.role) for each in speaking.listed(revised)] == [
        ("S1", "interviewer"),
        ("Maya", "respondent"),
        ("S3", "interviewer"),
    ]
    revising.revise_turn(project, "talk", 1, "How did all begin?", coder="ann")
    assert project.source("talk").speakers == ("S1", "Maya", "S3")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("rename", "S9", "Maya"), "no speaker"),
        (("rename", "S1", "S2"), "merge"),
        (("rename", "S1", "S1"), "already"),
        (("rename", "S1", "  "), "needs a name"),
        (("merge", "S1", "S1"), "itself"),
        (("set_role", "S1", "boss"), 'no role "boss"'),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    project: Project, given: tuple[str, str, str], said: str
) -> None:
    acts = len(project.history())
    with pytest.raises(UsageError, match=said):
        getattr(speaking, given[0])(project, "talk", given[1], given[2], coder="ann")
    assert len(project.history()) == acts


def test_roles_for_a_file_that_is_here_already_are_said_to_be_left(project: Project, tmp_path: Path) -> None:
    request = importing.Request((tmp_path / "talk.txt",), roles={"S1": "respondent"})
    done = importing.import_paths(project, request, coder="ann")
    assert any("roles were left as they are" in str(each) for each in done.notices)
    assert project.source("talk").turns[0].role == "interviewer"


@pytest.mark.parametrize(
    ("word", "role"),
    [("moderator", "interviewer"), ("interviewee", "respondent"), ("Participant", "respondent"), ("none", None)],
)
def test_roles_are_said_in_the_words_people_use(word: str, role: str | None) -> None:
    assert importing.parse_roles([f"Dr Hill={word}"]) == {"Dr Hill": role}


@pytest.mark.parametrize("said", ["Dr Hill", "=interviewer", "Dr Hill=boss"])
def test_a_role_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(UsageError):
        importing.parse_roles([said])
