"""Tables within a terminal's width: nothing is lost, numbers stay whole, what does not fit comes in bands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qualcode.cli import columns
from qualcode.report import Table

PATH = "partnerships/disadvantages/level-of-support"
WIDE = Table(
    ("code", *(f"figure number {n}" for n in range(12))),
    ((PATH, *(n + 0.125 for n in range(12))), ("role/pastoral", *(None for _ in range(12)))),
    decimals=(0, *(3 for _ in range(12))),
)


def _printed(table: Table, width: int) -> list[str]:
    return [line for band in columns.bands(table, width) for row in columns.lines(band, width) for line in row]


def test_a_path_breaks_after_slashes_and_hyphens() -> None:
    assert columns.broken(PATH, 24) == ["partnerships/", "disadvantages/level-of-", "support"]
    assert columns.broken("two words here", 9) == ["two words", "here"]
    assert columns.broken("one\ntwo", 9) == ["one", "two"]
    assert columns.broken("", 9) == [""]


@given(st.text(max_size=60), st.integers(2, 30))
def test_breaking_loses_no_letter_and_keeps_the_width(text: str, width: int) -> None:
    lines = columns.broken(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


def test_a_table_that_fits_is_one_band_at_its_natural_width() -> None:
    table = Table(("code", "n"), ((PATH, 7), ("role/pastoral", None)), align=("left", "right"))
    assert _printed(table, 80) == [f"{'code':<43}    n", f"{PATH}    7", f"{'role/pastoral':<43}  n/a"]


def test_text_is_squeezed_before_a_table_is_cut() -> None:
    table = Table(("id", "code", "coder", "quotation"), (("a514f347", PATH, "ann", "word " * 20),))
    assert len(columns.bands(table, 60)) == 1
    assert max(map(len, _printed(table, 60))) <= 60


def test_what_does_not_fit_follows_in_bands_that_begin_with_the_first_column() -> None:
    bands = columns.bands(WIDE, 80)
    assert len(bands) > 1
    assert {band[0].cells[0] for band in bands} == {"code"}
    assert [column.cells[0] for band in bands for column in band[1:]] == list(WIDE.columns[1:])


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_numbers_stay_whole_and_lines_within_the_width(width: int) -> None:
    printed = _printed(WIDE, width)
    assert all(f"{n}.125" in " ".join(printed).split() for n in range(12))
    assert max(map(cell_len, printed)) <= width


def test_a_letter_that_takes_two_cells_counts_as_two() -> None:
    table = Table(("who", "said"), (("日本語", "a"), ("ann", "b")))
    assert _printed(table, 80) == ["who     said", "日本語  a", "ann     b"]


def test_a_table_without_rows_shows_its_columns_and_one_without_columns_nothing() -> None:
    assert _printed(Table(("a", "b"), ()), 80) == ["a  b"]
    assert _printed(Table((), ()), 80) == []
