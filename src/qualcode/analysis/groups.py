"""Groups of cases by an attribute: their names, their order, their percentages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from qualcode.errors import UsageError, nearest
from qualcode.model import Case
from qualcode.report import DAGGER, Cell

SMALL = 10
"""Below so many cases a percentage says less than the counts (one case is more than ten per cent)."""


def attribute_named(name: str, cases: Iterable[Case]) -> str:
    """The attribute of this name, regardless of case; raises UsageError with the nearest one."""
    known = list(dict.fromkeys(attribute for case in cases for attribute in case.attributes))
    for attribute in known:
        if attribute.casefold() == name.casefold():
            return attribute
    near = nearest(name, known)
    hint = f'did you mean "{near}"?' if near else f"attributes here: {', '.join(known) or 'none'}"
    raise UsageError(f'no case has an attribute "{name}"', hint)


def in_order(values: Iterable[str]) -> list[str]:
    """Numbers by size, then words in the alphabet, digits inside words by size (``item 2`` before ``item 10``)."""
    return sorted(values, key=_natural_key)


def _natural_key(value: str) -> tuple[float, list[tuple[int, str]], str]:
    import math
    import re

    if re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return float(value), [], value
    parts = [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", value.casefold())]
    return math.inf, parts, value


def percent(count: int, of: int) -> float | None:
    """100 · count / of, to one decimal; None of nothing."""
    return round(100 * count / of, 1) if of else None


def small_shares(rows: Iterable[Sequence[Cell]]) -> frozenset[tuple[int, int]]:
    """The cells (row, column) of percentages whose denominator, one column before, is below `SMALL`."""
    return frozenset(
        (at, column)
        for at, row in enumerate(rows)
        for column, (of, share) in enumerate(pairwise(row), 1)
        if isinstance(share, float) and isinstance(of, int) and of < SMALL
    )


def small_note(noun: str) -> list[str]:
    """What to read where a group is small."""
    return [f"{DAGGER} of fewer than {SMALL} {noun}: read the counts, not the percentage."]
