"""Lines: every word is on exactly one, none is wider than the pane, and offsets and rows agree."""

from __future__ import annotations

import itertools
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual.geometry import Size

from qualcode.escaping import one_line
from qualcode.model import Source, Span, Turn
from qualcode.session.numbering import Numbered
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Menu
from qualcode.tui.widgets.bars import filled
from qualcode.tui.wrapping import Wrapped, cells, clipped, column, cut_lines, ending
from tests.session.study import interview

TEXTS = st.text(
    alphabet=st.sampled_from(
        [
            *"abc .,[]/\n\t-é’",
            "学",
            "한",
            "\u0301",
            "👩",
            "\u200d",
            "🏫",
            "\u202e",
            "\x1b",
            "\u200b",
            "ש",
            "🇫",
            "🇷",
            "\u00ad",
        ]
    ),
    min_size=1,
    max_size=200,
)


@settings(max_examples=150, deadline=None)
@example("[[[[[[[[[[ \u200d", 10)
@example("[ [[[[[\u202e\u202e", 15)
@given(TEXTS, st.integers(10, 40))
def test_every_character_is_on_one_line_and_no_line_is_too_wide(text: str, width: int) -> None:
    plain = text.replace("\n", " ").replace("\t", " ")
    lines = cut_lines(plain, width)
    shown = "".join(plain[start:end] for start, end in lines)
    assert shown.replace(" ", "") == plain.replace(" ", "") or not plain.strip()
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(lines))
    for start, end in lines:
        wide = max(cells(char) for char in plain[start:end]) if end > start else 0
        assert cells(plain[start:end]) <= max(width, wide + 12)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(10, 40))
def test_rows_and_offsets_agree(text: str, width: int) -> None:
    source = Source("a" * 32, "x", "document", text, (Turn(1, Span(0, len(text)), "R"),))
    wrapped = Wrapped(Numbered(source), width)
    for row, line in enumerate(wrapped.lines):
        if line.turn >= 0:
            assert wrapped.row(line.start) == row
            assert line.start <= (wrapped.offset(row, 0) or 0) < line.end
    assert wrapped.offset(len(wrapped.lines), 0) is None


@pytest.mark.parametrize("width", [10, 33, 72])
def test_turns_are_parted_by_a_blank_line_and_begin_once(width: int) -> None:
    text = Numbered(interview("first", "a"))
    wrapped = Wrapped(text, width)
    assert sum(line.first for line in wrapped.lines) == len(text.turns)
    assert sum(line.turn < 0 for line in wrapped.lines) == len(text.turns) - 1
    assert list(wrapped.rows(0, len(text.source.text))) == list(range(len(wrapped.lines)))


def test_an_empty_source_has_no_lines() -> None:
    wrapped = Wrapped(Numbered(Source("a" * 32, "x", "document", "")), 40)
    assert (wrapped.lines, wrapped.row(5), list(wrapped.rows(0, 3))) == ([], 0, [])


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(1, 40))
def test_a_cut_text_has_the_room_it_was_given(text: str, room: int) -> None:
    plain = one_line(text) + "."  # a joiner at the end would join what is filled up with
    cut = clipped(plain, room)
    assert cells(cut) <= room
    assert cells(column(plain, room)) == room
    assert cut == plain if cells(plain) <= room else plain.startswith(cut.removesuffix("…"))
    kept = ending(plain, room + 4)
    assert cells(kept) <= room + 4
    assert plain.endswith(kept.removeprefix("… "))
    lines = filled(plain, room + 4, 3)
    assert len(lines) <= 3
    assert all(cells(line) <= room + 8 for line in lines)


def test_wide_words_leave_the_right_column_of_a_list_in_sight() -> None:
    menu = Menu(Palette("full"))
    menu.show([("今天我们讨论了很多问题" * 9, "pastoral"), ("plain", "managerial")])
    with patch.object(Menu, "size", Size(60, 2)):
        rows = [menu.render_line(y) for y in range(2)]
    assert [row.cell_length for row in rows] == [60, 60]
    assert rows[0].text.rstrip().endswith("… pastoral")
    assert rows[1].text.rstrip().endswith("managerial")
