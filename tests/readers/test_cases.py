"""Sheets of cases: attributes, and above all consent."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError
from qualcode.model import Case
from qualcode.readers import ReadOptions
from qualcode.readers.cases import read


def cases(sheet: str, *ignore: str) -> tuple[Case, ...]:
    return read(sheet.encode(), "cases.csv", ReadOptions(case="case", ignore=ignore)).cases


def test_consent_and_withdrawal_are_no_attributes() -> None:
    got = cases("case,phase,consent,Withdrawn\ninterview-1,primary,Quote,\ninterview-2,secondary,,yes\n")
    assert got == (
        Case("interview-1", {"phase": "primary"}, "quote"),
        Case("interview-2", {"phase": "secondary"}, None, withdrawn=True),
    )


@pytest.mark.parametrize("sheet", ["case,consent\na,yes\n", "case,withdrawn\na,perhaps\n"])
def test_a_consent_that_is_none_is_refused_with_its_line(sheet: str) -> None:
    with pytest.raises(InputError, match=r"^cases\.csv:2: .* — .*--ignore"):
        cases(sheet)


def test_a_consent_column_can_be_left_out() -> None:
    assert cases("case,phase,consent\na,primary,signed\n", "consent") == (Case("a", {"phase": "primary"}),)


def test_of_two_rows_of_one_case_the_narrower_consent_counts() -> None:
    sheet = "case,x,consent\na,1,archive\nb,1,archive\na,2,analyse\nb,2,\n"
    assert cases(sheet) == (Case("a", {"x": 1}, "analyse"), Case("b", {"x": 1}, "archive"))
