"""What is known about cases: each attribute with its type, how many cases have it, and its values in one line.

The type is what the values are written as: numbers, dates, a category with few values that come back, else text.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from qualcode.model import Case, Value
from qualcode.notations import day, is_missing, with_comma

Type = Literal["number", "date", "time", "category", "choices", "text"]
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,15})?(?:\.\d{1,15})?(?<=\d)")  # "007" is no number
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?)?")
_TIME = re.compile(r"\d\d:\d\d(?::\d\d)?")
MOST_VALUES = 20  # of a category; more are texts, unless they come back ten times on average
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: `n` counts the cases that have it, `values` says what they have."""

    name: str
    type: Type
    n: int
    values: str


def attributes(cases: Iterable[Case]) -> tuple[Attribute, ...]:
    """Every attribute of the cases, in the order they first come."""
    found: dict[str, list[Value]] = {}
    for case in cases:
        for name, value in case.attributes.items():
            if value is not None and value != "":
                found.setdefault(name, []).append(value)
    return tuple(_attribute(name, values) for name, values in found.items())


def _attribute(name: str, values: Sequence[Value]) -> Attribute:
    texts = [str(value) for value in values]
    known = [text for text in texts if not is_missing(text)]
    unknown = f"; {len(texts) - len(known)} not known" if len(known) < len(texts) else ""
    numbers = [number for text in known if (number := _number(text)) is not None]
    if known and len(numbers) == len(known):
        return Attribute(name, "number", len(values), _numbers(numbers) + unknown)
    days = [found for text in known if (found := text if _DATE.fullmatch(text) else day(text))]
    if known and len(days) == len(known):
        return Attribute(name, "date", len(values), _between(min(days), max(days)) + unknown)
    if known and all(_TIME.fullmatch(text) for text in known):
        return Attribute(name, "time", len(values), _between(min(known), max(known)) + unknown)
    counts = Counter(texts)
    pieces = Counter(piece.strip() for text in texts for piece in text.split(";"))
    if len(pieces) < len(counts) and _few(pieces, sum(pieces.values())):
        return Attribute(name, "choices", len(values), _counted(pieces))
    if _few(counts, len(values)):
        return Attribute(name, "category", len(values), _counted(counts))
    return Attribute(name, "text", len(values), f"{len(counts)} different")


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else with_comma(text)


def _few(counts: Counter[str], n: int) -> bool:
    """Whether values come back: at most 20 of them and not all different, or ten cases a value."""
    return (len(counts) <= MOST_VALUES and (len(counts) < n or n < 5)) or len(counts) * 10 <= n


def _numbers(values: Sequence[float]) -> str:
    if min(values) == max(values):
        return f"{values[0]:g}"
    return f"{min(values):g} to {max(values):g}, median {statistics.median(values):g}"


def _between(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _counted(counts: Counter[str]) -> str:
    """The most frequent values with their counts, equally frequent ones in alphabetical order."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    said = ", ".join(f"{_short(value)} ({n})" for value, n in ranked[:_SHOWN])
    return said + (f", {len(ranked) - _SHOWN} more" if len(ranked) > _SHOWN else "")


def _short(value: str, limit: int = 24) -> str:
    """One line that keeps its end: choices that begin alike differ there."""
    line = " ".join(value.split())
    half = limit // 2
    return line if len(line) <= limit else f"{line[:half].rstrip()}…{line[1 - half :].lstrip()}"
