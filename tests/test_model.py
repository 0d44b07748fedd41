"""The words all rooms speak: spans that cannot be wrong, quotations that cannot drift, ids that hold anywhere."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Bundle, Case, Code, Codebook, Coding, Notice, Segment, Source, Span, Turn, stable_id

TEXT = "I: Well? 😀\nP1: It was hard.\nP1: Yes.\n"
SOURCE = Source(
    "s1",
    "one",
    "interview",
    TEXT,
    (Turn(1, Span(3, 10), "I"), Turn(2, Span(15, 27), "P1"), Turn(3, Span(32, 36), "P1")),
    case="P1",
)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 4), (-2, -1)])
def test_a_span_is_never_empty_backwards_or_negative(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(start, end)


@given(st.integers(0, 20), st.integers(1, 9), st.integers(0, 20), st.integers(1, 9))
def test_spans_overlap_when_they_share_a_code_point(a: int, long_a: int, b: int, long_b: int) -> None:
    one, other = Span(a, a + long_a), Span(b, b + long_b)
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)
    assert len(one) == long_a


@pytest.mark.parametrize(
    "turns",
    [(Turn(1, Span(0, 5)), Turn(2, Span(4, 8))), (Turn(1, Span(5, 8)), Turn(2, Span(0, 3))), (Turn(1, Span(0, 99)),)],
    ids=["overlapping", "backwards", "outside"],
)
def test_turns_are_sorted_disjoint_and_inside_the_text(turns: tuple[Turn, ...]) -> None:
    with pytest.raises(ValueError, match="turn"):
        Source("s", "s", "interview", "ten chars.", turns)


def test_a_quotation_is_cut_by_code_points() -> None:
    assert SOURCE.quote(Span(9, 10)) == "😀"
    assert Segment(SOURCE, Span(15, 27)).quote == "It was hard."


def test_a_span_outside_the_text_has_no_quotation_and_the_text_is_not_told() -> None:
    with pytest.raises(ValueError, match=r"span 30:99 leaves a text of 37 code points") as caught:
        SOURCE.quote(Span(30, 99))
    assert "hard" not in str(caught.value)


@given(st.integers(0, 36), st.integers(1, 37))
def test_the_turn_of_a_span_is_the_first_it_touches(start: int, long: int) -> None:
    span = Span(start, min(start + long, 37))
    expected = next((turn for turn in SOURCE.turns if turn.span.overlaps(span)), None)
    assert SOURCE.turn_at(span) == expected


def test_speakers_stand_in_order_of_their_first_turn() -> None:
    assert SOURCE.speakers == ("I", "P1")


def test_stable_ids_depend_on_every_part_and_its_place() -> None:
    ids = {stable_id(*parts) for parts in [("a", "b"), ("ab",), ("a", "b", ""), ("b", "a"), ("a", 1), ("a", "11")]}
    assert len(ids) == 6
    assert stable_id("a", 1) == stable_id("a", "1")
    assert stable_id("role/pastoral") == hashlib.sha256(b"13:role/pastoral").hexdigest()[:32]


def test_a_codes_codebook_and_parent_are_read_off_its_path() -> None:
    assert (Code("role/pedagogical/mentoring").codebook, Code("role/pedagogical/mentoring").parent) == (
        "role",
        "role/pedagogical",
    )
    assert Code("role/pastoral").parent is None


def test_leaves_are_the_codes_without_children() -> None:
    book = Codebook("role", codes=(Code("role/a"), Code("role/a/x"), Code("role/b")))
    assert [code.path for code in book.leaves] == ["role/a/x", "role/b"]


def test_a_bundle_lists_all_codes() -> None:
    books = (Codebook("a", codes=(Code("a/1"),)), Codebook("b", codes=(Code("b/1"),)))
    bundle = Bundle(cases=(Case("P2"), Case("P1")), codebooks=books)
    assert [code.path for code in bundle.codes()] == ["a/1", "b/1"]


def test_values_cannot_be_changed_and_travel_between_processes() -> None:
    coding = Coding(Segment(SOURCE, Span(15, 27)), "role/pastoral", "ann")
    with pytest.raises(FrozenInstanceError):
        coding.code = "role/managerial"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(coding)) == coding
    assert len({coding.segment, Segment(SOURCE, Span(15, 27))}) == 1


def test_a_notice_reads_as_place_and_message() -> None:
    assert str(Notice("a.txt:3", "info", "no label")) == "a.txt:3: no label"
    assert str(Notice("", "info", "no label")) == "no label"
