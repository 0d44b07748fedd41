"""Groups of cases by an attribute: their names, their order, their percentages."""

from __future__ import annotations

from collections.abc import Iterable

from qualcode.errors import UsageError, nearest
from qualcode.model import Case

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


def small(of: int) -> str:
    """The flag of a percentage with this denominator."""
    return "small n" if 0 < of < SMALL else ""


def small_note(noun: str) -> list[str]:
    """What to read where a group is small."""
    return [f"small n: fewer than {SMALL} {noun}; read the counts, not the percentage."]
