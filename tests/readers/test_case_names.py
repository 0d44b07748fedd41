"""Sheets of cases: which column names them, and what becomes of the rest."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers import ReadOptions
from qualcode.readers.cases import read
from tests.readers.samples import xlsx


def sheet(text: str, **options: object) -> Bundle:
    return read(text.encode(), "cases.csv", ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("SurveyRespondentID,TranscriptName,Age", "TranscriptName"),
        ("Age,Case,Name", "Case"),
        ("age,participant id,phase", "participant id"),
        ("age,pseudonym,phase", "pseudonym"),
        ("school,phase,id", "id"),
        ("school,phase,years", "school"),
    ],
)
def test_the_column_that_names_cases_is_found_and_said(header: str, column: str) -> None:
    got = sheet(f"{header}\na,b,c\nd,e,f\n")
    at = header.split(",").index(column)
    assert [case.name for case in got.cases] == ["abc"[at], "def"[at]]
    assert f'cases named by the column "{column}"' in got.notices[0].message
    assert len(got.cases[0].attributes) == 2


def test_the_told_column_and_the_ignored_ones_overrule() -> None:
    got = sheet("case,phase,age\na,primary,40\nb,secondary,50\n", case="phase", ignore=("3",))
    assert [(case.name, dict(case.attributes)) for case in got.cases] == [
        ("primary", {"case": "a"}),
        ("secondary", {"case": "b"}),
    ]


def test_rows_without_a_name_are_counted_and_blank_cells_are_no_attribute() -> None:
    text = "case,phase\n" + "".join(f"c{n},\n" for n in range(12)) + ",primary\n"
    got = sheet(text)
    assert len(got.cases) == 12
    assert got.cases[0].attributes == {}
    assert "rows without a name, left out: 1" in got.notices[-1].message


def test_a_workbook_is_a_sheet_too() -> None:
    got = read(xlsx([["case", "age"], ["a", 40]]), "cases.xlsx", ReadOptions())
    assert dict(got.cases[0].attributes) == {"age": 40}


@pytest.mark.parametrize("text", ["case,phase\n", "phase,age\nx,1\nx,1\nx,2\n"])
def test_a_sheet_without_names_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError):
        sheet(text)
