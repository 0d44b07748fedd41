"""The questions of a guide, found in rephrased ones; answers get them, and nothing is found where nothing is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode import prompts
from qualcode.errors import InputError
from qualcode.model import Source
from qualcode.readers import read_bytes
from qualcode.speakers import assign
from qualcode.store import Project
from qualcode.workflow import asking, importing, projects, revising

GUIDE = """# First part
1. How did you come to the role of coordinator?
2. What does an ordinary week look like?

3. What kind of support do you get from the partner schools?
4. How is the budget decided?
"""
TALK = """Interviewer: Thanks for coming. So, could you tell me how you came to be the coordinator here?

Maya: By accident.

Interviewer: Really?

Maya: The head asked me.

Interviewer: And what would an ordinary sort of week look like for you?

Maya: Full.

Interviewer: Mhm. Let us turn to the other schools. What support do partner schools give you?

Maya: A little.
"""
QUESTIONS = prompts.parse(GUIDE, "guide.txt")


def talk(text: str = TALK) -> Source:
    return assign(read_bytes(text.encode(), "maya.txt")).sources[0]


def test_a_guide_is_read_without_numbers_remarks_and_blank_lines() -> None:
    assert len(QUESTIONS) == 4
    assert QUESTIONS[0] == "How did you come to the role of coordinator?"
    listed = "prompts:\n  - 'How did you come to the role of coordinator?'\n"
    assert prompts.parse(listed, "guide.yaml") == QUESTIONS[:1]


@pytest.mark.parametrize(
    ("text", "name"),
    [("\n# no\n", "a.txt"), ("Why?\nwhy?\n", "a.txt"), ("a: 1", "a.yaml"), ("- [1]", "a.yaml"), ("- 'x", "a.yml")],
)
def test_what_is_no_list_of_questions_is_refused(text: str, name: str) -> None:
    with pytest.raises(InputError):
        prompts.parse(text, name)


def test_rephrased_questions_are_found_in_order_and_the_one_not_asked_is_not() -> None:
    found = prompts.find(talk(), QUESTIONS)
    assert [one.turn for one in found] == [1, 5, 7, None]
    assert all(one.score is None or prompts.LEAST <= one.score <= 1 for one in found)
    said = str(prompts.notice(talk(), found))
    assert "1 at turn 1" in said
    assert said.endswith("not found: 4")


def test_answers_have_the_question_up_to_the_next_and_interviewers_none() -> None:
    source = prompts.given(talk(), prompts.find(talk(), QUESTIONS))
    asked = [QUESTIONS.index(turn.prompt) + 1 if turn.prompt else None for turn in source.turns]
    assert asked == [None, 1, None, 1, None, 2, None, 3]


def test_a_question_out_of_order_is_found_when_it_is_sure() -> None:
    swapped = (QUESTIONS[1], QUESTIONS[0], QUESTIONS[2])
    sure = talk(TALK.replace("could you tell me how you came to be the coordinator here?", QUESTIONS[0]))
    assert [one.turn for one in prompts.find(sure, swapped)] == [5, 1, 7]
    assert [one.turn for one in prompts.find(talk(), swapped)] == [5, None, 7]


def test_nothing_is_found_where_nobody_asks() -> None:
    assert [one.turn for one in prompts.find(talk("A report.\n\nIt has two paragraphs.\n"), QUESTIONS)] == [None] * 4


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "maya.txt").write_text(TALK)
    (tmp_path / "guide.txt").write_text(GUIDE)
    projects.start(tmp_path / "study")
    return Project.open(tmp_path / "study")


def found_prompts(project: Project) -> list[str | None]:
    return [turn.prompt for turn in project.source("maya").turns]


def test_import_says_what_was_found_and_the_turns_keep_it(project: Project, tmp_path: Path) -> None:
    request = importing.Request((tmp_path / "maya.txt",), questions=asking.questions_in(tmp_path / "guide.txt"))
    done = importing.import_paths(project, request, coder="ann")
    assert any("questions found: 1 at turn 1" in str(notice) for notice in done.sources[0][1])
    assert found_prompts(project)[1] == QUESTIONS[0]


def test_questions_can_be_found_later_undone_and_outlive_a_correction(project: Project, tmp_path: Path) -> None:
    importing.import_paths(project, importing.Request((tmp_path / "maya.txt",)), coder="ann")
    assert not any(found_prompts(project))
    tried = asking.ask(project, QUESTIONS, (), coder="ann", dry_run=True)
    assert (tried[0].answers, any(found_prompts(project))) == (4, False)
    asking.ask(project, QUESTIONS, ("maya",), coder="ann")
    told = found_prompts(project)
    assert told[-1] == QUESTIONS[2]
    revising.revise_turn(project, "maya", 2, "By pure accident.", coder="ann")
    assert found_prompts(project) == told
    (tmp_path / "maya2.txt").write_text(TALK.replace("Full.", "Full and long."))
    revising.revise_from_file(project, "maya", tmp_path / "maya2.txt", coder="ann")
    assert found_prompts(project) == told
    for _ in range(3):
        project.undo("ann")
    assert not any(found_prompts(project))
