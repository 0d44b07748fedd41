"""What is selected, and where the next thing is."""

from __future__ import annotations

from qualcode.model import Source, Span
from qualcode.session.layers import Layers
from qualcode.session.reading import Reading, Spans
from qualcode.session.sitting import Sitting
from tests.session.study import interview


def words(reading: Reading) -> str:
    return reading.source.quote(reading.selection)


def test_the_sentence_under_the_cursor_is_the_selection() -> None:
    reading = Reading(interview("first", "a"), "ann")
    seen = [words(reading)]
    while reading.move("sentence", 1):
        seen.append(words(reading))
    assert seen[0] == "Thank you for coming."
    assert seen[2:5] == ["I plan the timetable. [laughs]", "Then I listen.", "A mentor cries [/] and I close the door."]
    back = [words(reading)]
    while reading.move("sentence", -1):
        back.append(words(reading))
    assert back == seen[::-1]


def test_turns_go_to_their_beginning_first() -> None:
    reading = Reading(interview("first", "a"), "ann")
    reading.select(reading.text.at_number("2.2"))
    reading.move("turn", -1)
    assert reading.number == "2.1"
    reading.move("turn", -1)
    assert reading.number == "1.1"
    assert not reading.move("turn", -1)


def test_either_edge_is_extended_and_shrunk_by_word_and_sentence() -> None:
    reading = Reading(interview("first", "a"), "ann")
    reading.select(reading.text.at_number("2.2"))
    reading.extend("word")
    assert words(reading) == "Then I listen. A"
    reading.shrink("word")
    reading.shrink("word")
    assert words(reading) == "Then I"
    reading.turn_round()
    reading.extend("sentence")
    assert words(reading) == "I plan the timetable. [laughs] Then I"
    reading.shrink("word")
    assert words(reading).startswith("plan")
    assert reading.edge == "start"


def test_a_selection_keeps_at_least_one_piece() -> None:
    reading = Reading(interview("first", "a"), "ann")
    before = reading.selection
    for step in ("word", "sentence", "turn"):
        for _ in range(60):
            reading.shrink(step)  # type: ignore[arg-type]
    assert words(reading) == "Thank"
    assert before.start == reading.selection.start


def test_no_selection_cuts_a_character_in_two() -> None:
    reading = Reading(interview("first", "a"), "ann")
    at = reading.source.text.index("👩")
    reading.select(Span(at + 1, at + 2))
    assert words(reading) == "👩‍🏫"
    reading.drag(at + 1, at + 1)
    assert "👩‍🏫" in words(reading)


def test_search_finds_whatever_case_and_apostrophe_and_only_in_turns() -> None:
    source = interview("first", "a")
    reading = Reading(source, "ann")
    assert reading.find("the  TIMETABLE") == 2
    assert reading.find("rosa") == 0
    assert reading.find("[/]") == 1
    assert reading.find("  ") == 0
    other = Reading(Source("e" * 32, "x", "document", "I don’t know. It's so."), "ann")
    assert (other.find("don't"), other.find("it’s")) == (1, 1)


def test_things_are_sought_in_a_ring(sitting: Sitting) -> None:
    reading = sitting.reading
    for number in ("4.1", "2.1"):
        reading.select(reading.text.at_number(number))
        sitting.code("managerial")
    assert [reading.seek("coding", 1) for _ in range(3)] == [(2, 2), (1, 2), (2, 2)]
    assert [reading.seek("coding", -1) for _ in range(2)] == [(1, 2), (2, 2)]
    assert reading.seek("mark", 1) is None


def test_the_next_uncoded_turn_passes_the_interviewer_over(sitting: Sitting) -> None:
    reading = sitting.reading
    places = []
    while reading.uncoded():
        places.append(reading.number)
        sitting.code("pastoral")
    assert places == ["2.1", "4.1", "6.1"]
    assert reading.progress == (3, 3)


def test_the_question_is_what_was_asked_last(sitting: Sitting) -> None:
    sitting.reading.select(sitting.reading.text.at_number("4.2"))
    assert sitting.reading.question == "And who helps you?"
    assert sitting.open("survey/Q3").question == "What are the benefits?"


def test_hidden_layers_show_nothing_and_change_nothing(sitting: Sitting) -> None:
    sitting.code("managerial")
    sitting.mark()
    sitting.look_at(Layers(hidden=True))
    assert (sitting.reading.codings, sitting.reading.marks) == ((), ())
    sitting.look_at(Layers())
    assert (len(sitting.reading.codings), len(sitting.reading.marks)) == (1, 1)


def test_spans_are_found_by_any_stretch_they_touch() -> None:
    spans = [Span(0, 100), Span(5, 10), Span(20, 30), Span(90, 120)]
    kept = Spans((span, n) for n, span in enumerate(spans))
    for start in range(0, 125, 5):
        expected = [n for n, span in enumerate(spans) if span.overlaps(Span(start, start + 1))]
        assert kept.touching(start, start + 1) == expected
