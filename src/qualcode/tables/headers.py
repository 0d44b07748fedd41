"""The one to three header rows that survey tools write, and one unique name a column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from qualcode.slugs import nfc

Layout = Literal["plain", "qualtrics", "surveymonkey", "spss", "labelled"]

_IMPORT_ID = re.compile(r'^\s*\{\s*"ImportId"')
_QUALTRICS = {"startdate", "enddate", "responseid", "recordeddate", "ipaddress"}
_RESPONDENT = re.compile(r"^\s*respondent\s?id\s*$", re.IGNORECASE)
_SECOND = re.compile(r"^\s*(open-ended )?response\s*$", re.IGNORECASE)


def layout(rows: Sequence[Sequence[str]]) -> tuple[Layout, int]:
    """Which tool's header the first rows are, and how many rows it takes.

    Qualtrics writes short name, question and a JSON import id; SurveyMonkey writes the question once, followed by
    blank cells, over a row of options ("Response" where there is none). SoSci Survey writes its variables, perhaps over
    their labels.
    """
    if len(rows) >= 3 and any(_IMPORT_ID.match(cell) for cell in rows[2]):
        return "qualtrics", 3
    if len(rows) >= 2 and _is_two_row_qualtrics(rows[0], rows[1]):
        return "qualtrics", 2
    if len(rows) >= 2 and _is_surveymonkey(rows[0], rows[1]):
        return "surveymonkey", 2
    if len(rows) >= 2 and _is_sosci(rows[0], rows[1]):
        return "labelled", 2
    return "plain", 1


def _is_two_row_qualtrics(first: Sequence[str], second: Sequence[str]) -> bool:
    """The import ids were deleted by hand: the second row still labels the date columns in words."""
    marks = [at for at, cell in enumerate(first) if cell.strip().casefold() in _QUALTRICS]
    labelled = [at for at in marks if at < len(second) and second[at].strip() and not re.search(r"\d", second[at])]
    return len(marks) >= 2 and len(labelled) == len(marks)


def _is_sosci(first: Sequence[str], second: Sequence[str]) -> bool:
    """A row of variables that only SoSci Survey has, and below it words where every row of answers has a number."""
    names = [cell.strip() for cell in first]
    if "CASE" not in names or "QUESTNNR" not in names or names.index("CASE") >= len(second):
        return False
    below = second[names.index("CASE")].strip()
    return bool(below) and not below.isdigit()


def _is_surveymonkey(first: Sequence[str], second: Sequence[str]) -> bool:
    under_blank = any(
        cell.strip() and not above.strip()
        for above, cell in zip(first, second, strict=False)
        if not _SECOND.match(cell)
    )
    said = any(_SECOND.match(cell) for cell in second)
    respondent = any(_RESPONDENT.match(cell) for cell in first)
    return (said and (under_blank or not second[0].strip())) or (respondent and under_blank)


def names(rows: Sequence[Sequence[str]], kind: Layout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A short name and the question of each column; both may be empty. All rows are equally wide."""
    clean = [tuple(nfc(" ".join(cell.split())) for cell in row) for row in rows]
    if kind in ("qualtrics", "labelled"):
        return clean[0], clean[1]
    if kind == "surveymonkey":
        combined = _carried(clean[0], clean[1])
        return combined, combined
    if len(clean) == 1:
        return clean[0], clean[0]
    joined = tuple(": ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*clean, strict=True))
    return joined, joined


def _carried(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """The question carried over the blanks to its right, with its option."""
    combined, question = [], ""
    for above, below in zip(first, second, strict=True):
        question = above or question
        option = "" if _SECOND.match(below) else below
        combined.append(f"{question}: {option}" if question and option else question or option)
    return tuple(combined)


def unique(given: Sequence[str]) -> tuple[tuple[str, ...], list[tuple[int, str, Literal["empty", "doubled"]]]]:
    """`given` with empty names filled and doubled ones numbered, and what was changed: (index, new name, why)."""
    taken: set[str] = set()
    counts: Counter[str] = Counter()  # of each name so far: counting from 2 every time took 2.6 s for 5,000 equal ones
    result: list[str] = []
    changed: list[tuple[int, str, Literal["empty", "doubled"]]] = []
    for at, name in enumerate(given):
        new = wanted = name or f"column {at + 1}"
        while new.casefold() in taken:
            counts[wanted.casefold()] += 1
            new = f"{wanted} ({counts[wanted.casefold()] + 1})"
        if new != name:
            changed.append((at, new, "doubled" if name else "empty"))
        taken.add(new.casefold())
        result.append(new)
    return tuple(result), changed
