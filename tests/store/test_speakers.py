"""Names, roles and questions given after import: replayed, undone, merged, and kept through corrections of the text."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from qualcode.anchors import align
from qualcode.model import Segment, Span
from qualcode.store import Project
from tests.store.conftest import TEXT
from tests.store.test_merging import state


def rename(project: Project, names: dict[str, str], coder: str = "ann") -> None:
    with project.act("speakers rename", coder) as act:
        act.rename_speakers(project.source("vale"), names)


def labels(project: Project) -> list[str | None]:
    return [turn.speaker for turn in project.source("vale").turns]


def sound(project: Project) -> bool:
    return all(check.ok for check in project.examine() if check.severity == "error")


def revise(project: Project, text: str) -> None:
    old = project.source("vale")
    turns = project.turns_as_read(old.id)
    with project.act("revise", "ann") as act:
        act.revise(old, replace(old, text=text, turns=turns), align(old.text, text))


@pytest.fixture
def laptop(project: Project) -> Project:
    folder = project.folder.with_name("laptop")
    shutil.copytree(project.folder, folder)
    return Project.open(folder)


def test_a_new_name_leaves_text_codings_and_roles_alone_and_is_undone(project: Project) -> None:
    with project.act("coding add", "ann") as act:
        act.add_coding(Segment(project.source("vale"), Span(41, 61)), project.codes()[0])
    before = project.codings()[0]
    rename(project, {"Ms Vale": "Maya"})
    assert labels(project) == ["Interviewer", "Maya"]
    assert project.source("vale").turns[1].role == "respondent"
    after = project.codings()[0]
    assert (after.id, after.span, after.segment.quote) == (before.id, before.span, before.segment.quote)
    assert project.source("vale").text == TEXT
    assert sound(project)
    project.undo("ann")
    assert labels(project) == ["Interviewer", "Ms Vale"]
    assert sound(project)


def test_names_can_be_exchanged_and_a_correction_does_not_exchange_them_again(project: Project) -> None:
    rename(project, {"Interviewer": "X"})
    rename(project, {"Ms Vale": "Interviewer"})
    rename(project, {"X": "Ms Vale"})
    assert labels(project) == ["Ms Vale", "Interviewer"]
    revise(project, TEXT.replace("teach", "learn"))
    assert labels(project) == ["Ms Vale", "Interviewer"]
    assert [turn.speaker for turn in project.turns_as_read(project.source("vale").id)] == ["Interviewer", "Ms Vale"]
    assert sound(project)


def test_a_role_belongs_to_the_name_of_its_moment(project: Project) -> None:
    rename(project, {"Interviewer": "Ms Vale"})
    with project.act("speakers role", "ann") as act:
        act.set_roles(project.source("vale"), {"Ms Vale": "respondent"})
    rename(project, {"Ms Vale": "Maya"})
    assert {(turn.speaker, turn.role) for turn in project.source("vale").turns} == {("Maya", "respondent")}


def test_questions_belong_to_the_text_they_were_found_in(project: Project) -> None:
    source = project.source("vale")
    with project.act("prompts", "ann") as act:
        act.set_prompts(source, {1: None, 2: "What do you teach?"})
    assert [turn.prompt for turn in project.source("vale").turns] == [None, "What do you teach?"]
    revise(project, TEXT.replace("teach", "learn"))
    assert [turn.prompt for turn in project.source("vale").turns] == [None, None]
    project.undo("ann")
    assert [turn.prompt for turn in project.source("vale").turns] == [None, "What do you teach?"]
    assert sound(project)


def test_names_and_questions_meet_in_a_merge_whatever_its_direction(project: Project, laptop: Project) -> None:
    rename(project, {"Ms Vale": "Maya"})
    rename(laptop, {"Ms Vale": "Mia"}, "ben")
    with laptop.act("prompts", "ben") as act:
        act.set_prompts(laptop.source("vale"), {2: "What?"})
    revise(project, TEXT.replace("teach", "learn"))
    project.merge(laptop.folder)
    laptop.merge(project.folder)
    assert state(project.folder) == state(laptop.folder)
    assert labels(project)[1] in ("Maya", "Mia")
    assert sound(project)
    assert sound(laptop)


def test_a_hand_out_shows_the_new_names_and_no_others(project: Project, tmp_path: Path) -> None:
    rename(project, {"Ms Vale": "Maya"})
    project.hand_out(tmp_path / "given.db", {project.source("vale").id})
    with Project.start(tmp_path / "theirs") as theirs:
        theirs.receive(tmp_path / "given.db")
        assert labels(theirs) == ["Interviewer", "Maya"]
