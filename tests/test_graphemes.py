"""Grapheme clusters are never cut, whatever the offset the search begins at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.graphemes import boundaries, snap, splits_grapheme
from qualcode.model import Span

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAGS = "\U0001f1ec\U0001f1e7\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea"
E_ACUTE = "e\u0301"
KA_SSA = "\u0915\u094d\u0937\u093f"
HANGUL = "\u1112\u1161\u11ab"
THAI_AM = "\u0e19\u0e33"

PIECES = st.lists(
    st.sampled_from(
        ["a", " ", "\n", "Z.", FAMILY, FLAGS[:2], FLAGS, E_ACUTE, KA_SSA, HANGUL, THAI_AM, "\r\n", "\u0600", "中"]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("cluster", [FAMILY, FLAGS[:2], E_ACUTE, HANGUL, THAI_AM, "\r\n"])
def test_one_visible_character_has_only_two_boundaries(cluster: str) -> None:
    assert len(cluster) > 1
    assert boundaries(cluster) == (0, len(cluster))


def test_a_third_flag_is_not_paired_with_the_second() -> None:
    text = "x" + FLAGS
    assert boundaries(text, Span(4, 6)) == (5,)


def test_snap_widens_a_half_emoji_to_the_whole() -> None:
    text = f"yes {FAMILY} no"
    assert snap(text, Span(0, 6)) == Span(0, 4 + len(FAMILY))
    assert snap(text, Span(6, len(text))) == Span(4, len(text))


def test_snap_leaves_plain_words_alone() -> None:
    assert snap("the mentor said", Span(4, 10)) == Span(4, 10)


def test_snap_refuses_a_span_outside_the_text() -> None:
    with pytest.raises(ValueError, match="leaves a text of 3"):
        snap("abc", Span(1, 4))


def test_an_offset_before_a_combining_accent_splits() -> None:
    text = f"caf{E_ACUTE} then"
    assert splits_grapheme(text, 4)
    assert not splits_grapheme(text, 3)
    assert not splits_grapheme(text, 5)


def test_the_ends_of_a_text_split_nothing() -> None:
    assert not splits_grapheme(FAMILY, 0)
    assert not splits_grapheme(FAMILY, len(FAMILY))


@given(PIECES, st.data())
def test_boundaries_of_a_part_are_those_of_the_whole(text: str, data: st.DataObject) -> None:
    if not text:
        assert boundaries(text) == (0,)
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    whole = boundaries(text)
    assert boundaries(text, Span(start, end)) == tuple(at for at in whole if start <= at <= end)
    assert splits_grapheme(text, start) == (start not in whole)
    snapped = snap(text, Span(start, end))
    assert snapped.start == max(at for at in whole if at <= start)
    assert snapped.end == min(at for at in whole if at >= end)


@given(st.text(max_size=40), st.integers(0, 40))
def test_any_text_can_be_asked(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    assert splits_grapheme(text, offset) == (offset not in boundaries(text))
