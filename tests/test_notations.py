"""Numbers and dates as sheets have them: what is certain is read, what can be read in two ways is left."""

from __future__ import annotations

import pytest

from qualcode import notations


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,5", 1.5), ("-2,75", -2.75), ("0,125", 0.125), ("1.250,5", 1250.5), ("12,3456", 12.3456)],
)
def test_a_decimal_comma_is_read_where_it_is_certain(text: str, number: float) -> None:
    assert notations.with_comma(text) == number


@pytest.mark.parametrize("text", ["1,250", "1,2,3", "1.5", "15", "", ",5", "a,5", "1,5 km", "12.34,5"])
def test_what_may_be_thousands_or_no_number_is_none(text: str) -> None:
    assert notations.with_comma(text) is None


@pytest.mark.parametrize(
    ("values", "read", "said"),
    [
        (["1,5", "", "3", "n/a", "1.234"], [1.5, "", 3, "n/a", 1234], "numbers with a decimal comma"),
        (["1,5", "1.5"], ["1,5", "1.5"], "decimal commas beside decimal points; left as typed"),
        (["1,250", "2,500"], ["1,250", "2,500"], ""),
        (["4.3.2021", "2021-03-05"], ["2021-03-04", "2021-03-05"], "dates, the day first"),
        (["3/4/2021", "13/4/2021"], ["2021-04-03", "2021-04-13"], "dates, the day first"),
        (["3/4/2021", "3/14/2021"], ["2021-03-04", "2021-03-14"], "dates, the month first"),
        (["4.3.2021", "3/14/2021"], ["2021-03-04", "2021-03-14"], "dates, the month first"),
        (["31.2.2021", "1.3.2021"], ["31.2.2021", "1.3.2021"], ""),
        (["13/4/2021", "4/13/2021"], ["13/4/2021", "4/13/2021"], ""),
        (["2021-03-05", "na"], ["2021-03-05", "na"], ""),
        (["1", "2"], ["1", "2"], ""),
        (["", "-"], ["", "-"], ""),
        ([], [], ""),
    ],
)
def test_a_column_decides_where_one_value_cannot(values: list[str], read: list[object], said: str) -> None:
    got, told = notations.settled(values)
    assert (list(got), told) == (read, said)


def test_dates_whose_day_and_month_nobody_can_tell_are_left_and_said() -> None:
    got, said = notations.settled(["3/4/2021", "5/6/2021"])
    assert list(got) == ["3/4/2021", "5/6/2021"]
    assert "left as typed" in said
