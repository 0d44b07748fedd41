"""A quotation is found where it stands, or the refusal says where to look; never a guess."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qualcode.errors import AmbiguousQuote, UsageError
from qualcode.locating import find, find_tolerantly, locate, nearest_place, words
from qualcode.model import Source, Span, Turn

LINES = (
    "I: So has it changed, the role?",
    "R: It has, yes. I’d say it’s mostly timetables now — and  the\n   co‑ordinating of it… you know.",
    "I: Mostly timetables now?",
    "R: Mostly timetables now, I said. We had a caf\u0065\u0301 meeting about “the policy”.",
)


def interview(*lines: str) -> Source:
    text, turns, at = "", [], 0
    for n, line in enumerate(lines, 1):
        label = line.index(": ") + 2
        turns.append(Turn(n, Span(at + label, at + len(line)), speaker=line[: label - 2]))
        text += line + "\n"
        at = len(text)
    return Source("s1", "interview-1", "interview", text, tuple(turns))


SOURCE = interview(*LINES)


def test_an_exact_quotation_is_found_exactly() -> None:
    located = locate(SOURCE, "has it changed")
    assert SOURCE.quote(located.span) == "has it changed"
    assert located.how == "exact"


@pytest.mark.parametrize(
    ("quote", "real", "how"),
    [
        ("I'd say it's mostly", "I’d say it’s mostly", "typographic marks"),
        ("now — and the co‑ordinating", "now — and  the\n   co‑ordinating", "white space"),
        (
            "timetables now - and the co-ordinating",
            "timetables now — and  the\n   co‑ordinating",
            "white space, typographic marks",
        ),
        ("of it... you know", "of it… you know", "typographic marks"),
        ("  the role?\n", "the role?", "white space"),
        ("a caf\u00e9 meeting", "a cafe\u0301 meeting", "composition of accents"),
        ('"the policy".', "“the policy”.", "typographic marks"),
    ],
)
def test_a_quotation_typed_another_way_is_found_and_the_difference_named(quote: str, real: str, how: str) -> None:
    located = locate(SOURCE, quote)
    assert (SOURCE.quote(located.span), located.how) == (real, how)


def test_an_exact_place_wins_over_tolerant_ones() -> None:
    source = interview("A: it’s fine", "B: it's fine")
    assert locate(source, "it's fine").span == source.turns[1].span


def test_several_places_are_refused_with_their_turns() -> None:
    with pytest.raises(AmbiguousQuote) as caught:
        locate(SOURCE, "ostly timetables now")
    assert [n for n, _ in caught.value.places] == [2, 3, 4]
    assert "turn 3" in str(caught.value)
    assert "timetables" not in str(caught.value)


def test_a_turn_number_settles_which_place() -> None:
    located = locate(SOURCE, "Mostly timetables now", turn=4)
    assert located.span.start == SOURCE.turns[3].span.start


def test_tolerant_places_can_be_several_too() -> None:
    source = interview("A: it’s  fine", "B: it’s fine, yes, it’s   fine")
    with pytest.raises(AmbiguousQuote) as caught:
        locate(source, "it's fine")
    assert [n for n, _ in caught.value.places] == [1, 2, 2]


def test_a_quotation_outside_the_named_turn_says_where_it_stands() -> None:
    with pytest.raises(UsageError, match=r"not in turn 2 of interview-1 — it stands in turn 1$"):
        locate(SOURCE, "has it changed", turn=2)


def test_a_quotation_that_stands_elsewhere_often_names_each_turn_once() -> None:
    source = interview(*("A: well, well, well" for _ in range(10)), "A: no")
    with pytest.raises(UsageError, match=r"it stands in turn 1, turn 2, .*turn 8 and 2 more$"):
        locate(source, "well", turn=11)


def test_a_misquoted_sentence_names_the_nearest_turn_and_not_its_words() -> None:
    with pytest.raises(UsageError) as caught:
        locate(SOURCE, "I would say it is mostly the timetables now")
    assert "the nearest words are in turn 2;" in str(caught.value)
    assert "timetables" not in str(caught.value)
    assert "mostly" not in str(caught.value)


def test_words_that_resemble_nothing_name_no_place() -> None:
    with pytest.raises(UsageError) as caught:
        locate(SOURCE, "photosynthesis in woodland biomes")
    assert "nearest" not in str(caught.value)


def test_a_one_word_turn_is_not_the_nearest_to_a_long_quotation() -> None:
    source = interview("A: Yes", "B: Yes, we always ring the university first")
    assert nearest_place(source, "Yes, we always rang the university first") == (2, source.turns[1].span.start)


def test_a_misquotation_over_two_turns_names_the_first_of_them() -> None:
    near = nearest_place(SOURCE, "co-ordinating it, you know. Mostly timetables then?")
    assert near is not None
    assert near[0] == 2
    assert near[1] == pytest.approx(SOURCE.text.index("co‑ordinating"), abs=3)


def test_the_nearest_place_of_a_long_misquotation_is_found_among_many_turns() -> None:
    lines = [f"R: On day {n} we rang all the schools about places, dates and the handbook." for n in range(200)]
    lines[120] = (
        "R: What nobody tells you is how the mentors feel when the tutor cancels a visit at short notice, twice."
    )
    source = interview(*lines)
    quote = "what nobody ever tells you is how mentors feel when a tutor cancels his visit at such short notice"
    assert nearest_place(source, quote) == (121, source.turns[120].span.start)


def test_the_nearest_place_of_a_text_without_turns_is_an_offset() -> None:
    source = Source("d", "handbook", "document", "Aims\n\nMentors meet each trainee weekly.\n")
    assert nearest_place(source, "Mentors met each trainee weekly") == (None, 6)


def test_an_unknown_turn_names_the_range() -> None:
    with pytest.raises(UsageError, match=r"no turn 9 — its turns run from 1 to 4"):
        locate(SOURCE, "role", turn=9)
    with pytest.raises(UsageError, match="has no turns"):
        locate(Source("d", "handbook", "document", "Aims"), "Aims", turn=1)


@pytest.mark.parametrize("quote", ["", "  \n"])
def test_an_empty_quotation_is_refused(quote: str) -> None:
    with pytest.raises(UsageError, match="quotation is empty"):
        locate(SOURCE, quote)
    with pytest.raises(UsageError, match="quotation is empty"):
        find("text", quote)


def test_overlapping_occurrences_are_all_found() -> None:
    assert find("nonono", "nono") == (Span(0, 4), Span(2, 6))
    assert find("nonono", "nono", Span(1, 6)) == (Span(2, 6),)


def test_a_letter_without_its_accent_is_not_a_quotation() -> None:
    source = Source("d", "n", "document", "the cafe\u0301")
    assert find(source.text, "the cafe") == (Span(0, 8),)
    with pytest.raises(UsageError, match="not in n"):
        locate(source, "the cafe")


def test_half_an_ellipsis_is_no_place() -> None:
    assert find_tolerantly("well… no", "well.") == ()
    assert find_tolerantly("well… no", "well...") == (Span(0, 5),)


def test_hidden_characters_do_not_hide_a_quotation() -> None:
    text = "the co\u00adordi\u200bnator\u00ad said"
    assert find_tolerantly(text, "coordinator") == (Span(4, 17),)


def test_words_keep_apostrophes_and_hyphens() -> None:
    text = "We don’t co-ordinate, we (sort of) manage."
    assert [text[w.start : w.end] for w in words(text)] == ["We", "don’t", "co-ordinate", "we", "sort", "of", "manage"]


TEXTS = st.text(
    st.sampled_from("ab é\u0301\u0323e'’\"“-—…. \n\t\u00a0\u200b한\u1112\u1161\u11ab"), min_size=1, max_size=30
)


@given(TEXTS, st.data())
def test_every_slice_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip("\u200b \n\t\u00a0"))
    assert Span(start, end) in find(text, text[start:end])


@given(TEXTS, st.sampled_from(["NFC", "NFD"]))
def test_a_text_is_found_in_itself_whatever_its_composition(text: str, form: str) -> None:
    assume(text.strip("\u200b \n\t\u00a0"))
    quote = unicodedata.normalize(form, text)
    spans = find_tolerantly(text, quote)
    assert spans
    assert spans[0].start <= len(text) - len(text.lstrip("\u200b \n\t\u00a0"))


@given(TEXTS, TEXTS)
def test_whatever_is_located_is_real_text_of_the_source(text: str, quote: str) -> None:
    source = Source("d", "n", "document", text)
    assume(quote.strip("\u200b \n\t\u00a0"))
    try:
        located = locate(source, quote)
    except UsageError:
        return
    real = source.quote(located.span)
    assert find_tolerantly(quote, real) or not real.strip("\u200b") or located.how == "exact"
