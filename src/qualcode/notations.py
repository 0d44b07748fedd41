"""Numbers and dates as people write them in sheets: decimal commas, the day or the month first, nothing known.

What can be read in two ways is read in none. A whole column decides where one value cannot: after ``13/4/2021`` it is
clear that ``3/4/2021`` is in April.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

MISSING = frozenset({"n/a", "na", "n.a.", "-", "–", "—", "k.a.", "#n/a"})
"""What stands for nothing known, in small letters."""

# "1,5" and "0,125"; of "1,250" nobody knows whether it is a thousand. "1.250,5" has its thousands marked.
_COMMA = re.compile(r"-?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+)")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DOTTED = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")


def is_missing(value: object) -> bool:
    """Whether a value only says that nothing is known."""
    return isinstance(value, str) and value.strip().casefold() in MISSING


def with_comma(text: str) -> float | None:
    """A number with a decimal comma, or None for anything else and for what may be thousands."""
    return float(text.replace(".", "").replace(",", ".")) if _COMMA.fullmatch(text) else None


def day(text: str) -> str | None:
    """A date as ISO 8601 writes it, of ``2021-03-04`` or ``4.3.2021``; None for anything else."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_DOTTED, (3, 2, 1))):
        if found := pattern.fullmatch(text):
            return _date(*(int(found[at]) for at in order))
    return None


def _date(year: int, month: int, number: int) -> str | None:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def settled(values: Sequence[str]) -> tuple[Sequence[str | float | int], str]:
    """The values of a column in one notation, and what was decided; as they are, and nothing, where none is needed.

    Numbers with a decimal comma become numbers, dates become ISO 8601; blanks and what is missing stay.
    """
    filled = [value for value in values if value and not is_missing(value)]
    for decide in (_commas, _days):
        read, said = decide(filled)
        if read is not None:
            return [read(value) if value and not is_missing(value) else value for value in values], said
        if said:
            return values, said
    return values, ""


_Read = Callable[[str], "str | float | int"]


def _commas(filled: Sequence[str]) -> tuple[_Read | None, str]:
    if not any(with_comma(value) is not None for value in filled):
        return None, ""
    if all(with_comma(v) is not None or _INTEGER.fullmatch(v) or _THOUSANDS.fullmatch(v) for v in filled):
        return _number, "numbers with a decimal comma"
    points = any(re.fullmatch(r"-?\d+\.\d+", value) for value in filled)
    return None, "decimal commas beside decimal points; left as typed" if points else ""


def _number(text: str) -> float | int:
    known = with_comma(text)
    return int(text.replace(".", "")) if known is None else known


def _days(filled: Sequence[str]) -> tuple[_Read | None, str]:
    slashed = [found for value in filled if (found := _SLASHED.fullmatch(value))]
    others = [value for value in filled if not _SLASHED.fullmatch(value)]
    if not filled or not all(map(day, others)) or (not slashed and all(map(_ISO.fullmatch, filled))):
        return None, ""
    if not slashed:
        return lambda text: day(text) or text, "dates, the day first"
    ways = [way for way in ((3, 2, 1), (3, 1, 2)) if all(_date(*(int(f[at]) for at in way)) for f in slashed)]
    if len(ways) != 1:
        said = "dates of which nobody can tell the day from the month; left as typed" if ways else ""
        return None, said

    def read(text: str) -> str:
        found = _SLASHED.fullmatch(text)
        return (_date(*(int(found[at]) for at in ways[0])) if found else day(text)) or text

    return read, f"dates, the {'day' if ways[0] == (3, 2, 1) else 'month'} first"
