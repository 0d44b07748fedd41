from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from qualcode.analysis.closed import closed
from qualcode.analysis.groups import in_order
from qualcode.analysis.request import Request
from qualcode.errors import UsageError
from qualcode.model import Bundle, Case
from qualcode.report import Cell, Table

CASES = (
    Case("1", {"phase": "primary", "duties": "rotas; reports", "rating": 10}),
    Case("2", {"phase": "primary", "duties": "rotas", "rating": 9}),
    Case("3", {"phase": "secondary", "duties": "", "rating": 9}),
    Case("4", {"phase": None, "duties": "reports;rotas", "rating": None}),
)


def table(name: str, request: Request, cases: tuple[Case, ...] = CASES) -> Table:
    report = closed(Bundle(cases=cases), request)
    return next(each for each in report.tables if each.columns[0] == name)


def rows(found: Table) -> Mapping[str, Mapping[str, Cell]]:
    return {str(row[0]): dict(zip(found.columns, row, strict=True)) for row in found.rows}


def test_percentages_are_of_those_who_answered() -> None:
    found = table("rating", Request())
    assert rows(found)["9"] == {"rating": "9", "cases": 2, "of": 3, "%": 66.7}
    assert rows(found)["no answer"]["cases"] == 1
    assert found.n == 3


def test_numbers_are_ordered_by_size() -> None:
    assert [row[0] for row in table("rating", Request()).rows] == ["9", "10", "no answer"]
    assert in_order(["item 10", "item 2", "b", "-1", "3"]) == ["-1", "3", "b", "item 2", "item 10"]


def test_groups_have_their_own_valid_n() -> None:
    row = rows(table("rating", Request(by="phase")))["9"]
    assert (row["primary cases"], row["primary of"], row["primary %"]) == (1, 2, 50.0)
    assert (row["secondary cases"], row["secondary of"]) == (1, 1)


def test_several_ticked_options_are_parted_and_said() -> None:
    request = Request(attributes=("duties",), split=";")
    assert rows(table("duties", request))["rotas"]["cases"] == 3
    assert any("percentages may pass 100" in note for note in closed(Bundle(cases=CASES), request).notes)


def test_those_without_the_group_s_attribute_are_said() -> None:
    assert any("1 case" in note for note in closed(Bundle(cases=CASES), Request(by="phase")).notes)


def test_withdrawn_cases_are_left_out() -> None:
    cases = (replace(CASES[0], withdrawn=True), *CASES[1:])
    assert "10" not in rows(table("rating", Request(), cases))


def test_small_groups_are_flagged() -> None:
    found = table("rating", Request())
    assert found.texts[0][found.columns.index("%")] == "66.7†"
    assert any("† of fewer than 10 cases" in note for note in closed(Bundle(cases=CASES), Request()).notes)


def test_no_attributes_is_a_clear_refusal() -> None:
    with pytest.raises(UsageError, match="no case has an attribute yet"):
        closed(Bundle(cases=(Case("1"),)), Request())
