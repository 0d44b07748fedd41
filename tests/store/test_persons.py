"""Two people say different things of one person apart: whatever they said besides, it is listed until it is settled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qualcode.model import Bundle, Case, Span, Turn
from qualcode.store import Conflict, Project
from qualcode.store.acts import case_key
from tests.store.conftest import source

Pair = tuple[Project, Project]


@pytest.fixture
def pair(project: Project) -> Iterator[Pair]:
    """Two copies of one project."""
    folder = project.folder.with_name("laptop")
    shutil.copytree(project.folder, folder)
    with Project.open(folder) as laptop:
        yield project, laptop


def exchange(pair: Pair) -> tuple[Conflict, ...]:
    """Merge both ways; the conflicts, which are the same in both."""
    one, other = pair
    one.merge(other.folder)
    other.merge(one.folder)
    assert one.cases() == other.cases()
    assert one.conflicts() == other.conflicts()
    return one.conflicts()


def set_case(project: Project, coder: str = "ann", **fields: Any) -> None:
    about = {key: fields.pop(key) for key in ("consent", "withdrawn") if key in fields}
    with project.act("cases set", coder) as act:
        act.set_case(project.case("vale").id, {"attributes": fields, **about})


def settle(project: Project, conflict: Conflict, text: str) -> None:
    side = [each.text for each in conflict.sides].index(text) + 1
    with project.act("resolve", "ann") as act:
        act.settle(conflict, side)


def test_a_value_is_listed_though_its_author_set_another_one_afterwards(pair: Pair) -> None:
    set_case(pair[0], years=3)
    set_case(pair[0], town="Hull")
    set_case(pair[1], "ben", years=4)
    (conflict,) = exchange(pair)
    assert (conflict.kind, conflict.what) == ("case", "vale")
    assert sorted(side.text for side in conflict.sides) == ["years=3", "years=4"]
    settle(pair[0], conflict, "years=3")
    assert exchange(pair) == ()
    assert dict(pair[1].case("vale").attributes) == {"phase": "secondary", "years": 3, "town": "Hull"}


def test_two_consents_are_listed_though_an_attribute_was_set_afterwards(pair: Pair) -> None:
    set_case(pair[0], consent="analyse")
    set_case(pair[0], years=3)
    set_case(pair[1], "ben", consent="archive")
    (conflict,) = exchange(pair)
    assert sorted(side.text for side in conflict.sides) == ["consent=analyse", "consent=archive"]
    settle(pair[1], conflict, "consent=analyse")
    assert exchange(pair) == ()
    assert pair[0].case("vale").consent == "analyse"


def test_settling_one_value_leaves_what_else_the_side_said_then_as_it_is_now(pair: Pair) -> None:
    set_case(pair[0], years=3, town="Hull")
    set_case(pair[0], town="York")
    set_case(pair[1], "ben", years=4)
    (conflict,) = exchange(pair)
    settle(pair[0], conflict, "years=3")
    assert exchange(pair) == ()
    assert pair[0].case("vale").attributes["town"] == "York"
    assert pair[0].case("vale").attributes["years"] == 3


def test_the_same_value_set_apart_and_one_set_by_who_knew_the_other_are_no_conflict(pair: Pair) -> None:
    for project in pair:
        set_case(project, years=3)
    assert exchange(pair) == ()
    set_case(pair[0], years=5)
    set_case(pair[0], town="Hull")
    assert exchange(pair) == ()
    set_case(pair[1], years=6)
    assert exchange(pair) == ()
    assert pair[0].case("vale").attributes["years"] == 6


def test_a_value_removed_here_and_changed_there_is_a_conflict(pair: Pair) -> None:
    set_case(pair[0], phase=None)
    set_case(pair[1], "ben", phase="primary")
    (conflict,) = exchange(pair)
    assert sorted(side.text for side in conflict.sides) == ["phase removed", "phase=primary"]
    settle(pair[0], conflict, "phase removed")
    assert exchange(pair) == ()
    assert pair[1].case("vale").attributes == {}


def test_an_undone_value_is_no_side(pair: Pair) -> None:
    set_case(pair[0], years=3)
    set_case(pair[1], "ben", years=4)
    pair[1].undo("ben")
    assert exchange(pair) == ()
    pair[1].redo("ben")
    assert len(exchange(pair)) == 1


def link(project: Project, into: str, coder: str) -> None:
    with project.act("cases link", coder) as act:
        act.link_case(project.case("vale").id, case_key(into))


def test_one_case_said_to_be_two_different_people_is_a_conflict(pair: Pair) -> None:
    for each in pair:
        each.add(Bundle(cases=(Case("Kim"), Case("Lou"))), coder="ann")
    link(pair[0], "Kim", "ann")
    link(pair[1], "Lou", "ben")
    (conflict,) = exchange(pair)
    assert (conflict.kind, conflict.what) == ("case link", "vale")
    assert sorted(side.text for side in conflict.sides) == ["one person with Kim", "one person with Lou"]
    settle(pair[0], conflict, "one person with Kim")
    assert exchange(pair) == ()
    assert pair[1].source("vale").case == "Kim"


def give(project: Project, talk: str, coder: str, **cases: str) -> None:
    """Speakers of the talk → the name of a case, which is made."""
    with project.act("speakers case", coder) as act:
        given = {label.replace("_", " "): act.need_case(name) for label, name in cases.items()}
        act.give_cases(replace(project.source(talk), case=None), given)


def test_one_speaker_given_to_two_people_is_a_conflict_until_somebody_says_whose_the_words_are(pair: Pair) -> None:
    give(pair[0], "vale", "ann", Ms_Vale="Kim")
    give(pair[1], "vale", "ben", Ms_Vale="Lou")
    (conflict,) = exchange(pair)
    assert (conflict.kind, conflict.what) == ("speaker case", "vale: Ms Vale")
    assert sorted(side.text for side in conflict.sides) == ["Ms Vale → Kim", "Ms Vale → Lou"]
    settle(pair[1], conflict, "Ms Vale → Kim")
    assert exchange(pair) == ()
    for project in pair:
        assert project.source("vale").turns[1].case == "Kim"


def test_two_speakers_given_to_people_apart_both_hold(tmp_path: Path) -> None:
    text = "Ann: I plan a lot.\nBea: I teach a lot."
    turns = (Turn(1, Span(5, 18), "Ann"), Turn(2, Span(24, len(text)), "Bea"))
    talk = replace(source("group"), text=text, turns=turns, case=None, kind="focus group")
    with Project.start(tmp_path / "one") as one:
        one.add(Bundle(sources=(talk,)), coder="ann")
        shutil.copytree(one.folder, tmp_path / "two")
        with Project.open(tmp_path / "two") as two:
            give(one, "group", "ann", Ann="Kim")
            give(two, "group", "ben", Bea="Lou")
            assert exchange((one, two)) == ()
            assert [turn.case for turn in two.source("group").turns] == ["Kim", "Lou"]
