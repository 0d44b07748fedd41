"""Answers, one a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import UsageError
from qualcode.session.acting import Session
from qualcode.session.answering import Answers
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from tests.session.study import PROMPT


def test_identical_answers_are_coded_once_and_undone_once(study: Project, sitting: Sitting) -> None:
    grid = Answers(sitting)
    assert (grid.question, [a.case for a in grid.rows]) == (PROMPT, ["Q1", "Q2", "Q3"])
    assert grid.code(grid.rows[0], "pastoral") == "saved  pastoral · 2 identical answers"
    assert [len(grid.codings(a)) for a in grid.rows] == [1, 1, 0]
    assert sitting.recent == ["role/pastoral"]
    assert sitting.undo() == "saved  undone: 2 codings added"
    assert study.codings() == ()


def test_a_code_is_made_of_an_answer_and_taken_away(study: Project, sitting: Sitting) -> None:
    grid = Answers(sitting)
    assert grid.new_code(grid.rows[2], "paper") == "saved  paper"
    assert [c.segment.quote for c in study.codings()] == ["Nothing but paper"]
    grid.delete(grid.rows[2])
    assert study.codings() == ()
    with pytest.raises(UsageError, match="no coding of yours"):
        grid.delete(grid.rows[2])


def test_answers_are_filtered_and_sorted(sitting: Sitting) -> None:
    grid = Answers(sitting)
    grid.code(grid.rows[0], "pastoral")
    grid.keep("uncoded")
    assert [a.case for a in grid.rows] == ["Q3"]
    grid.keep("role/pastoral")
    assert [a.case for a in grid.rows] == ["Q1", "Q2"]
    grid.keep(None)
    orders = {}
    for way in [*grid.ways[1:], grid.ways[0]]:
        assert grid.sort(way) == f"sorted: {way}"
        orders[grid.order] = [a.case for a in grid.rows]
    assert grid.columns == ["years"]
    assert orders == {
        "length": ["Q1", "Q2", "Q3"],
        "identical first": ["Q1", "Q2", "Q3"],
        "like the last coded": ["Q1", "Q2", "Q3"],
        "years": ["Q1", "Q3", "Q2"],
        "as it came": ["Q1", "Q2", "Q3"],
    }


def test_without_a_questionnaire_it_says_so(tmp_path: Path) -> None:
    with Project.start(tmp_path / "none") as project, pytest.raises(UsageError, match="no questionnaires"):
        Answers(Sitting(Session(project, "ann")))
