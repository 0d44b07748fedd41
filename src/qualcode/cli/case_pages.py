"""What ``cases`` shows: the attributes with their types and values, then the cases, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qualcode.cli.pages import counted, middle, page, short, table
from qualcode.report import Block, Cell, Note, Report

if TYPE_CHECKING:
    from qualcode.model import Case

FEW = 8  # cases, and attributes, that are all shown; of more, the overview says what there is
_NAMES = 3  # sources that a line names
_COLUMN = 40  # code points of a cell of names or attributes, where there are many cases


def cases(values: Sequence[Case], *, types: bool = False) -> Report:
    """The cases; consent and withdrawal have a column where there is something to say.

    With `types` the attributes are shown with theirs also where few cases tell all there is.
    """
    names = {name for case in values for name in case.attributes}
    few = len(values) == 1 or max(len(values), len(names)) <= FEW
    blocks: list[Block] = [_overview(values)] if names and (types or not few) else []
    blocks.append(_list(values, few))
    unrecorded = sum(case.consent is None for case in values)
    if len(values) > FEW and unrecorded == len(values):
        blocks.append(Note("consent is recorded for no case: `qualcode cases set NAME consent=quote`"))
    if not values:
        blocks.append(Note("cases come with interviews and surveys, or by `qualcode cases import FILE`"))
    return page(counted(len(values), "case"), *blocks)


def _overview(values: Sequence[Case]) -> Block:
    from qualcode.analysis.attributes import attributes

    rows = [(middle(one.name, _COLUMN), one.type, one.n, one.values) for one in attributes(values)]
    return table(("attribute", "type", "cases", "values"), rows, right=("cases",))


def _list(values: Sequence[Case], few: bool) -> Block:
    consent, withdrawn = few or any(case.consent for case in values), any(case.withdrawn for case in values)
    columns = [
        "case",
        *(["consent"] if consent else []),
        *(["withdrawn"] if withdrawn else []),
        "sources",
        "attributes",
    ]
    rows: list[Sequence[Cell]] = []
    for case in values:
        said = "; ".join(f"{key}={value}" for key, value in case.attributes.items())
        row: list[Cell] = [case.name]
        row += [case.consent or "not recorded"] if consent else []
        row += ["yes" if case.withdrawn else ""] if withdrawn else []
        row += [_sources(case, few), said if few else short(said, _COLUMN)]
        rows.append(row)
    return table(columns, rows)


def _sources(case: Case, few: bool) -> str:
    if few or len(case.sources) <= 1:
        return ", ".join(case.sources)
    more = f" and {len(case.sources) - _NAMES} more" if len(case.sources) > _NAMES else ""
    return ", ".join(case.sources[:_NAMES]) + more
