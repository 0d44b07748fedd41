"""Closed items: what was ticked or filled in about each case. Never mixed with coded mentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qualcode.analysis.attribution import shown
from qualcode.analysis.coverage import number, scope, withdrawn_note
from qualcode.analysis.groups import attribute_named, in_order, percent, small_note, small_shares
from qualcode.analysis.request import Request
from qualcode.errors import UsageError
from qualcode.model import Bundle, Case
from qualcode.report import Block, Cell, Heading, Note, Report, Table

Group = tuple[str, Sequence[Case]]


def closed(bundle: Bundle, request: Request) -> Report:
    """One table an attribute: how many cases gave each value, of the cases that gave any, whole and by group.

    `request.split` parts a cell that holds several ticked options. Raises UsageError for an unknown attribute.
    """
    field = scope(bundle)
    cases = [case for case in field.cases.values() if not case.withdrawn]
    every = list(dict.fromkeys(name for case in cases for name in case.attributes))
    if not every:
        raise UsageError("no case has an attribute yet", "take some in with `qualcode cases import FILE`")
    asked = [attribute_named(name, cases) for name in request.attributes] or every
    by = attribute_named(request.by, cases) if request.by else None
    groups = _groups(cases, by)
    blocks = [block for name in asked if name != by for block in _item(name, groups, request.split)]
    notes = _notes(groups, by, request.split, blocks) + withdrawn_note(field)
    return Report(
        title="Closed items" + (f" by {by}" if by else ""),
        blocks=(*blocks, *map(Note, notes)),
        unit="cases",
        n=len(cases),
        facts={
            "Counted": "the answers given to closed items, not coded mentions; the denominator (of) is the cases "
            "that gave an answer"
        },
    )


def _groups(cases: Sequence[Case], by: str | None) -> list[Group]:
    if by is None:
        return [("", cases)]
    values = {case.name: shown(case.attributes.get(by)) for case in cases}
    named = in_order({value for value in values.values() if value is not None})
    return [("", cases), *((value, [case for case in cases if values[case.name] == value]) for value in named)]


def _item(name: str, groups: Sequence[Group], split: str | None) -> list[Block]:
    answers = {case.name: _answers(case, name, split) for case in groups[0][1]}
    valid = {group: sum(bool(answers[case.name]) for case in cases) for group, cases in groups}
    rows = [
        (value, *(cell for group, cases in groups for cell in _figures(value, cases, answers, valid[group])))
        for value in in_order({value for given in answers.values() for value in given})
    ]
    rows.append(("no answer", *(cell for group, cases in groups for cell in (len(cases) - valid[group], None, None))))
    columns = [f"{group} {head}".strip() for group, _ in groups for head in ("cases", "of", "%")]
    table = Table((name, *columns), tuple(rows), unit="cases", n=valid[""], small=small_shares(rows))
    return [Heading(name), table]


def _answers(case: Case, name: str, split: str | None) -> tuple[str, ...]:
    """The case's answers to one item, each once; empty when it gave none."""
    value = shown(case.attributes.get(name))
    if value is None:
        return ()
    given = value.split(split) if split else [value]
    return tuple(dict.fromkeys(part.strip() for part in given if part.strip()))


def _figures(value: str, cases: Sequence[Case], answers: Mapping[str, tuple[str, ...]], of: int) -> tuple[Cell, ...]:
    count = sum(value in answers[case.name] for case in cases)
    return count, of, percent(count, of)


def _notes(groups: Sequence[Group], by: str | None, split: str | None, blocks: Sequence[Block]) -> list[str]:
    flagged = any(block.small for block in blocks if isinstance(block, Table))
    notes = small_note("cases") if flagged else []
    if by:
        without = len(groups[0][1]) - sum(len(cases) for _, cases in groups[1:])
        if without:
            notes.append(f"No {by} is recorded for {number(without, 'case')}: in the first figures only.")
    if split:
        notes.append(f'Cells are parted at "{split}"; a case may give several answers, so percentages may pass 100.')
    return notes
