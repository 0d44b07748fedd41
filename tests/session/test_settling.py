"""The queue of disagreements: what holds is decided one place at a time, and nobody's codings change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qualcode.errors import UsageError
from qualcode.model import CONSENSUS, Disagreement
from qualcode.session.acting import Place, Session
from qualcode.session.settling import Differences
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import adjudicating

Verb = Callable[[Differences, Disagreement], str]


def code_apart(study: Project) -> None:
    """Ann and ben are done with one interview: another code in turn 2, and turn 6 seen by ben alone."""
    for coder, coded in (("ann", [(2, "managerial")]), ("ben", [(2, "pastoral"), (6, "managerial")])):
        session = Session(study, coder)
        for turn, code in coded:
            session.add("first", Place(turn=turn), code)
        session.set_done(["first"], "role", "done")


@pytest.fixture
def found(study: Project, sitting: Sitting) -> Differences:
    code_apart(study)
    return Differences(sitting)


def held(study: Project) -> list[tuple[int, str]]:
    layer = [coding for coding in study.codings() if coding.coder == CONSENSUS]
    return sorted((coding.segment.turn.n if coding.segment.turn else 0, coding.code) for coding in layer)


def test_the_coders_stand_side_by_side_and_one_may_have_nothing(found: Differences) -> None:
    sides = [[(side.coder, side.codings) for side in found.sides(place)] for place in found.items]
    assert sides == [
        [("ann", ("role/managerial",)), ("ben", ("role/pastoral",))],
        [("ann", ()), ("ben", ("role/managerial",))],
    ] or sides == [
        [("ann", ()), ("ben", ("role/managerial",))],
        [("ann", ("role/managerial",)), ("ben", ("role/pastoral",))],
    ]  # fmt: skip
    assert {found.kind(place).partition(" · ")[0] for place in found.items} == {
        "same place, other code",
        "seen by some",
    }


def test_each_verb_says_what_holds_and_undo_brings_the_place_back(study: Project, found: Differences) -> None:
    place = next(place for place in found.items if place.kind == "code")
    before = [coding for coding in study.codings() if coding.coder != CONSENSUS]
    assert len(before) == 3
    verbs: tuple[tuple[Verb, list[str]], ...] = (
        (lambda queue, place: queue.take(place, 1), ["role/managerial"]),
        (lambda queue, place: queue.take(place, 2), ["role/pastoral"]),
        (lambda queue, place: queue.both(place), ["role/managerial", "role/pastoral"]),
        (lambda queue, place: queue.neither(place), []),
        (lambda queue, place: queue.other(place, "role/pastoral/listening"), ["role/pastoral/listening"]),
    )
    for verb, codes in verbs:
        said = verb(found, place)
        assert said.startswith("saved ")
        assert said.endswith("1 left")
        assert held(study) == [(2, code) for code in codes]
        assert place not in found.items
        found.sitting.undo()
        assert held(study) == []
        found = Differences(found.sitting)
        place = next(place for place in found.items if place.kind == "code")
    assert [coding for coding in study.codings() if coding.coder != CONSENSUS] == before


def test_a_reason_goes_with_the_decision_and_with_no_other(study: Project, found: Differences) -> None:
    one, two = found.items
    found.explain(one, "  She plans,\n not cares. ")
    assert found.remarks(one) == "why: She plans, not cares."
    found.take(one, 2)
    found.take(two, 2)
    decided = adjudicating.decisions(study)
    assert (decided[one.id].why, decided[two.id].why) == ("She plans, not cares.", "")
    assert (decided[one.id].by, found.reasons, found.items) == ("ann", {}, [])


def test_a_deferred_place_comes_last_and_says_who_left_it(found: Differences) -> None:
    first, second = found.items
    found.explain(first, "Ask ben.")
    found.defer(first)
    for queue in (found, Differences(found.sitting)):
        assert [place.id for place in queue.items] == [second.id, first.id]
        assert queue.remarks(queue.items[1]).startswith("left for later by ann: Ask ben.")


def test_there_is_no_third_coder_of_two(study: Project, found: Differences) -> None:
    with pytest.raises(UsageError, match="no coder 3"):
        found.take(found.items[0], 3)
    assert adjudicating.decisions(study) == {}


def test_only_opening_the_list_notes_whose_layer_was_seen(study: Project, found: Differences) -> None:
    assert study.seen("ann") == frozenset()
    found.opened()
    found.opened()
    assert study.seen("ann") == {(found.sitting.id, "a" * 32, "ben")}


def test_one_coder_has_no_disagreements(sitting: Sitting) -> None:
    sitting.session.add("first", Place(turn=2), "managerial")
    assert Differences(sitting).items == []
