"""What was drawn for a coder, or fixed as units, is what they are led through."""

from __future__ import annotations

from pathlib import Path

from qualcode.session.acting import Place, Session
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import frozen_units, sampling_desk, teamwork

QUOTE = "The 学校 is small 👩‍🏫, and the head is busy."


def sit(project: Project, coder: str = "ann") -> Sitting:
    made = Sitting(Session(project, coder))
    made.begin(None)
    return made


def draw_turns(study: Project, count: int = 3) -> set[tuple[str, int]]:
    kept = sampling_desk.sample(
        study, coder="ann", by="turn", count=count, coders=("ann", "ben"), sources=("first", "second"), seed=3
    )
    drawn = {(unit.source, unit.turn or 0) for unit in kept.sample.units}
    assert len({source for source, _ in drawn}) == 2, "both interviews, so that the way leads on"
    return drawn


def walk(sitting: Sitting, code: str = "managerial") -> list[tuple[str, int]]:
    """Code whatever `t` leads to until it leads nowhere; where that was."""
    found = []
    while sitting.next_left() and len(found) < 20:
        assert sitting.reading.turn is not None
        found.append((sitting.reading.source.id, sitting.reading.turn.n))
        sitting.code(code)
    return found


def test_the_drawn_turns_are_gone_through_one_by_one_over_all_sources(study: Project) -> None:
    drawn = draw_turns(study)
    sitting = sit(study)
    assert sitting.share.words == "3 drawn turns in 2 sources"
    found = walk(sitting)
    assert len(found) == 3
    assert set(found) == drawn
    assert sitting.reading.progress[0] == sitting.reading.progress[1] > 0


def test_who_was_given_nothing_reads_as_ever(study: Project) -> None:
    draw_turns(study)
    sitting = sit(study, "cleo")
    assert not sitting.share
    assert sitting.reading.progress == (0, 3)


def test_a_source_that_is_done_has_nothing_left(study: Project) -> None:
    drawn = draw_turns(study)
    sitting = sit(study)
    here = sitting.reading.source.id
    other = next(source for source, _ in drawn if source != here)
    Session(study, "ann").set_done([other], "role", "done")
    assert {source for source, _ in walk(sitting)} == {here}


def test_a_turn_with_nothing_to_code_is_passed_and_comes_again(study: Project) -> None:
    drawn = draw_turns(study)
    sitting = sit(study)
    found = []
    for _ in range(4):
        assert sitting.next_left()
        assert sitting.reading.turn is not None
        found.append((sitting.reading.source.id, sitting.reading.turn.n))
    assert set(found[:3]) == drawn
    assert found[3] == found[0]


def test_looking_for_what_is_left_opens_no_other_layer(study: Project) -> None:
    draw_turns(study)
    first = sit(study)
    others = Session(study, "ben")
    for name in ("first", "second"):
        others.add(name, Place(turn=4), "pastoral")
    sitting = sit(study)
    walk(sitting)
    before = len(study.seen("ann"))
    assert before
    assert not sitting.next_left()
    assert len(study.seen("ann")) == before
    assert first.share == sitting.share


def test_a_fixed_unit_is_selected_whole(study: Project) -> None:
    frozen_units.freeze(study, "sentences", coder="ann", unit="sentence", sources=["first"])
    sitting = sit(study)
    places = sitting.reading.given
    assert places is not None
    assert len(places) > 6
    assert sitting.reading.seek("place", 1) == (2, len(places))
    assert sitting.reading.selection == places[1]
    assert sitting.reading.place == 2
    sitting.open("second")
    assert sitting.reading.given == ()
    assert sitting.next_left()
    assert sitting.reading.source.name == "first"


def test_units_within_drawn_sources_only(study: Project) -> None:
    frozen_units.freeze(study, "sentences", coder="ann", unit="sentence")
    sampling_desk.sample(study, coder="ann", count=1, coders=("ann", "ben"), sources=("second",))
    sitting = sit(study)
    assert sitting.reading.source.name == "second"
    assert sitting.share.words == "the units “sentences” in 1 drawn source"
    sitting.open("first")
    assert sitting.reading.given == ()


def test_a_unit_moves_with_a_corrected_transcript(study: Project) -> None:
    frozen_units.freeze(study, "sentences", coder="ann", unit="sentence", sources=["first"])
    sitting = sit(study)
    sitting.reading.select(sitting.reading.text.at_number("2.1"))
    sitting.correct("I plan the whole timetable. [laughs] Then I listen. A mentor cries [/] and I close the door.")
    assert sitting.reading.given is not None
    sitting.reading.select(sitting.reading.text.at_number("4.2"))
    place = sitting.reading.place
    assert place is not None
    assert sitting.reading.source.quote(sitting.reading.given[place - 1]) == QUOTE
    sitting.undo()
    sitting.reading.select(sitting.reading.text.at_number("4.2"))
    assert sitting.reading.place == place
    assert sitting.reading.source.quote(sitting.reading.given[place - 1]) == QUOTE


def test_a_hand_out_says_which_turns_were_drawn(study: Project, tmp_path: Path) -> None:
    drawn = draw_turns(study)
    teamwork.hand_out(study, "ben", tmp_path / "ben.qualcode", sampled=True)
    teamwork.start_from_handout(tmp_path / "ben", tmp_path / "ben.qualcode", "ben")
    with Project.open(tmp_path / "ben") as part:
        assert sampling_desk.samples(part) == (), "who else codes what, and of how many, stays at home"
        assert set(walk(sit(part, "ben"))) == drawn
    teamwork.merge(study, tmp_path / "ben")
    assert {(c.segment.source.id, c.segment.turn.n) for c in study.codings(coders={"ben"}) if c.segment.turn} == drawn
    assert study.drawn_for_us == []


def test_a_second_hand_out_adds_what_it_says(study: Project, tmp_path: Path) -> None:
    first = draw_turns(study, 2)
    teamwork.hand_out(study, "ben", tmp_path / "one.qualcode", sampled=True)
    teamwork.start_from_handout(tmp_path / "ben", tmp_path / "one.qualcode", "ben")
    second = draw_turns(study, 5)
    teamwork.hand_out(study, "ben", tmp_path / "two.qualcode", sampled=True)
    assert second - first
    with Project.open(tmp_path / "ben") as part:
        teamwork.merge(part, tmp_path / "two.qualcode")
        assert set(part.drawn_for_us) == first | second
