"""Tick boxes: survey tools write a question with several choices as one column an option.

| tool | header | a ticked cell |
|---|---|---|
| REDCap | ``race___2``, ``Race (choice=Other)`` | ``1`` or ``Checked`` |
| LimeSurvey | ``use[SQ2]``, ``Which? [Mail]``, ``use[SQ2]. Which? [Mail]`` | ``Y``, ``Yes`` |
| SurveyMonkey, Qualtrics, Alchemer | question and option, in either order | the option, ``1`` |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qualcode.model import SurveyColumn
from qualcode.tables import CellTable

UNTICKED = {
    *("", "0", "no", "n", "false", "unchecked", "not selected", "not quoted"),
    *("nein", "nicht gewählt", "non", "não", "nee", "nej", "nie", "нет"),
}
_TICKED = {
    *("1", "yes", "y", "true", "checked", "x", "selected", "quoted"),
    *("ja", "ausgewählt", "oui", "sí", "si", "sì", "sim", "tak", "да"),
}
_SAMPLE = 2_000  # filled cells looked at, as for the columns' roles
_REDCAP = re.compile(r"(.+?)___(\w+)")
_CHOICE = re.compile(r"(.*\S) \(choice=(.+)\)")
_SUB_QUESTION = re.compile(r"^(\w+)\[\w+\](?=\. )")
_BRACKETS = re.compile(r"(.*\S) ?\[([^\[\]]+)\]")
_QUALTRICS = re.compile(r"(.*\S) - ([^-].*)")


def joined(table: CellTable, found: Sequence[SurveyColumn]) -> list[SurveyColumn]:
    """`found` with the tick boxes of one question sharing its name as their attribute, each with its option.

    A question needs two boxes; one whose name another column has stays apart.
    """
    groups: dict[str, list[tuple[SurveyColumn, str]]] = {}
    for one in found:
        if one.role == "closed" and (parted := _parted(table, one)):
            groups.setdefault(parted[0], []).append((one, parted[1]))
    boxed = {
        box.at: replace(box, attribute=question, option=option, why=f'a tick box of "{question}"')
        for question, boxes in groups.items()
        if len(boxes) > 1 and question not in table.header
        for box, option in boxes
    }
    return [boxed.get(one.at, one) for one in found]


def _parted(table: CellTable, one: SurveyColumn) -> tuple[str, str] | None:
    """The question and the option of a column whose cells are ticks; None for another column."""
    values = _values(row[one.at] for row in table.rows)
    if not values or len(values) > 3:
        return None
    if values <= _TICKED | UNTICKED:
        forms = ((_REDCAP, one.name), (_CHOICE, one.name), (_BRACKETS, one.name), (_BRACKETS, one.question))
        for pattern, text in forms:
            if match := pattern.fullmatch(text):
                return _SUB_QUESTION.sub(r"\1", match[1]), match[2]
        if table.layout == "qualtrics" and values == {"1"} and (match := _QUALTRICS.fullmatch(one.question)):
            return match[1].removesuffix(" - Selected Choice"), match[2]
        return None
    return _said_by_the_cell(one.question, next(iter(values))) if len(values) == 1 else None


def _values(cells: Iterable[str]) -> set[str]:
    """The different values of the first filled cells, casefolded; more than three are not gone through."""
    found: set[str] = set()
    for n, value in enumerate(filter(None, (" ".join(cell.split()).casefold() for cell in cells))):
        found.add(value)
        if len(found) > 3 or n >= _SAMPLE:
            break
    return found


def _said_by_the_cell(question: str, value: str) -> tuple[str, str] | None:
    """The question without the option that stands before or behind it."""
    folded = question.casefold()
    if len(folded) != len(question):
        return None
    if folded.endswith(value) and (before := question[: -len(value)].rstrip(" :-–[/")):
        return before.removesuffix(" - Selected Choice"), question[-len(value) :]
    if folded.startswith(value) and question[len(value) :].lstrip().startswith(":"):
        return question[len(value) :].lstrip(" :"), question[: len(value)]
    return None
