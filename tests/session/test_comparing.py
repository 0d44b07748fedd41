"""Reading by code, and the chart."""

from __future__ import annotations

import pytest

from qualcode.errors import UsageError
from qualcode.model import MemoTarget
from qualcode.session.acting import Place, Session
from qualcode.session.comparing import Charting, Passages
from qualcode.session.sitting import Sitting
from qualcode.store import Project


@pytest.fixture
def coded(study: Project, sitting: Sitting) -> Sitting:
    for source, turn, code in (("second", 4, "pastoral"), ("first", 2, "pastoral"), ("first", 4, "listening")):
        sitting.session.add(source, Place(turn=turn), code)
    Session(study, "ben").add("first", Place(turn=6), "pastoral")
    sitting.refresh_codes()
    return sitting


def test_passages_stand_by_case_with_those_of_codes_below(coded: Sitting) -> None:
    found = Passages(coded, "role/pastoral")
    assert [(found.case(c), c.code.rpartition("/")[2], c.coder) for c in found.rows] == [
        ("first", "pastoral", "ann"),
        ("first", "listening", "ann"),
        ("first", "pastoral", "ben"),
        ("second", "pastoral", "ann"),
    ]
    assert dict(found.by_case) == {"first": 3, "second": 1}


def test_a_passage_is_recoded_split_starred_written_on_and_taken_away(study: Project, coded: Sitting) -> None:
    found = Passages(coded, "role/pastoral")
    found.star(found.rows[0])
    assert [found.starred(c) for c in found.rows] == [True, False, False, False]
    assert [m.about for m in study.memos()] == [MemoTarget("coding", found.rows[0].id)]
    found.memo(found.rows[0], "the door again")
    assert found.rows[0].memo == "the door again"
    found.star(found.rows[0])
    assert study.memos() == ()
    assert "new code" in found.split(found.rows[0], "closing the door")
    assert len(found.rows) == 3
    made = next(code for code in study.codes() if code.path == "role/closing-the-door")
    assert len(made.examples) == 1
    coded.undo()
    found.refresh()
    assert (len(found.rows), len(study.codes())) == (4, 3)
    found.recode(found.rows[3], "managerial")
    found.delete(found.rows[0])
    assert [c.coder for c in found.rows] == ["ann", "ben"]
    for act in (lambda: found.delete(found.rows[1]), lambda: found.split(found.rows[1], "x")):
        with pytest.raises(UsageError, match="ben's"):
            act()


def test_a_blind_coder_compares_only_their_own(study: Project, coded: Sitting) -> None:
    blind = Sitting(Session(study, "ann"), blind=True)
    assert {c.coder for c in Passages(blind, "role/pastoral").rows} == {"ann"}
    found = Passages(coded, "role/pastoral")
    for coding in found.rows:
        found.shown(coding)
    assert study.seen("ann") == {(coded.id, "a" * 32, "ben")}


def test_a_cell_of_the_chart_holds_counts_quotations_and_a_summary(study: Project, coded: Sitting) -> None:
    chart = Charting(coded)
    assert {case.name for case in chart.cases} == {"first", "second", "Q1", "Q2", "Q3"}
    assert [code.path for code in chart.codes] == ["role/pastoral", "role/pastoral/listening"]
    assert chart.count("first", "role/pastoral") == (1, 1), "two people's codings are never one number"
    assert len(chart.quotations("first", "role/pastoral")) == 2
    assert chart.write("first", "role/pastoral", "listens, alone").startswith("saved")
    chart.write("first", "role/pastoral", "listens behind a door")
    assert chart.summary("first", "role/pastoral") == "listens behind a door"
    assert [(m.about.kind, m.about.name, m.text) for m in study.memos()] == [
        ("case x code", "first", "listens behind a door")
    ]
