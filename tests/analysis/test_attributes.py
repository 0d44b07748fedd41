"""Attributes are shown with the type their values are written as."""

from __future__ import annotations

import pytest

from qualcode.analysis.attributes import attributes
from qualcode.model import Case, Value


@pytest.mark.parametrize(
    ("values", "type_", "said"),
    [
        ([4, 7, 10], "number", "4 to 10, median 7"),
        ([4, ".5", "2.50"], "number", "0.5 to 4, median 2.5"),
        (["007", "008", "009", "010", "011"], "text", "5 different"),
        (["2021-05-04", "2021-06-01"], "date", "2021-05-04 to 2021-06-01"),
        (["10:30", "09:05:00"], "time", "09:05:00 to 10:30"),
        (["1,5", "n/a", "3"], "number", "1.5 to 3, median 2.25; 1 not known"),
        (["4.3.2021", "-", "2021-05-04"], "date", "2021-03-04 to 2021-05-04; 1 not known"),
        (["n/a", "-"], "category", "- (1), n/a (1)"),
        (["a", "b", "b"], "category", "b (2), a (1)"),
        (["x; y", "y; z", "x; y; z", "x; z", "z"], "choices", "z (4), x (3), y (3)"),
        ([f"answer {n}" for n in range(30)], "text", "30 different"),
    ],
)
def test_the_type_is_what_the_values_are_written_as(values: list[Value], type_: str, said: str) -> None:
    (one,) = attributes(Case(str(n), {"years": value}) for n, value in enumerate(values))
    assert (one.type, one.n, one.values) == (type_, len(values), said)


def test_blank_values_are_not_counted() -> None:
    (one,) = attributes([Case("a", {"phase": "x"}), Case("b", {"phase": None}), Case("c", {})])
    assert one.n == 1
