"""A code by a few letters."""

from __future__ import annotations

from qualcode.model import Code
from qualcode.session.picking import alike, firm, rank

CODES = tuple(
    Code(path, label)
    for path, label in (
        ("role/managerial", "Managerial"),
        ("role/pastoral", "Looking after people"),
        ("role/pastoral/mediating", "Mediating"),
        ("conditions/time", "Time"),
        ("conditions/timetable", "Timetable"),
    )
)


def test_the_best_match_comes_first() -> None:
    first = {typed: rank(typed, CODES)[0].path for typed in ("time", "TIMET", "man", "people", "past/med", "mdt")}
    assert first == {
        "time": "conditions/time",
        "TIMET": "conditions/timetable",
        "man": "role/managerial",
        "people": "role/pastoral",
        "past/med": "role/pastoral/mediating",
        "mdt": "role/pastoral/mediating",
    }
    assert rank("xyz", CODES) == []


def test_with_nothing_typed_recent_ones_come_first() -> None:
    recent = ["conditions/time", "role/pastoral"]
    assert [code.path for code in rank("", CODES, recent)][:3] == [*recent, "role/managerial"]


def test_a_near_duplicate_is_named() -> None:
    assert [code.path for code in alike("time-table", CODES)] == ["conditions/timetable"]
    assert [code.path for code in alike("Managerial!", CODES)] == ["role/managerial"]
    assert alike("weather", CODES) == ()
    assert alike("", CODES) == ()


def test_scattered_letters_are_no_firm_match_and_initials_are() -> None:
    paths = {code.path: code for code in CODES}
    assert firm("time", paths["conditions/time"])
    assert firm("lap", paths["role/pastoral"])
    assert not firm("mngr", paths["role/managerial"])
    assert rank("mngr", CODES) == [paths["role/managerial"]]
    assert rank("a" * 60 + "b", [Code("x/" + "a" * 80)]) == []
