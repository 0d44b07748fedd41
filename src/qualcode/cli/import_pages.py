"""What an import shows: what came in, what each column of a survey was taken for, and what was passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qualcode.cli.pages import counted, notes, page, short, table
from qualcode.report import Block, Cell, Report

if TYPE_CHECKING:
    from qualcode.model import Source, Survey, SurveyColumn
    from qualcode.workflow.importing import Imported, Request

_ROLES = ("case", "occasion", "open", "closed", "left out", "empty")
_NAMES = 6  # columns of one role that the short table names


def imported(done: Imported, asked: Request) -> Report:
    """What came in, a line a source; many respondents of one survey are one line.

    A dry run shows every column of a survey with its role and the reason, an import one line a role.
    """
    told = [*(notice for _, own in done.sources for notice in own), *done.notices, *done.skipped]
    blocks: list[Block] = []
    if rows := list(_sources([source for source, _ in done.sources])):
        columns = ("source", "kind", "characters", "turns", "speakers")
        blocks.append(table(columns, rows, right=columns[2:4]))
    for survey in done.surveys:
        blocks.append(_columns(survey) if asked.dry_run else _roles(survey))
    return page(_title(done, asked), *blocks, *notes(told))


def _title(done: Imported, asked: Request) -> str:
    said = f"{counted(len(done.sources), 'source')} and {counted(done.cases, 'case')}"
    verb = "would be" if asked.dry_run else ""
    parts = [f"{said} {verb} imported"]
    if done.changed and asked.update:
        parts.append(f"{counted(len(done.changed), 'changed source')} {verb} taken as revisions")
    if asked.dry_run:
        parts.append("this was a dry run, and nothing was changed")
    return "; ".join(" ".join(part.split()) for part in parts)


def _sources(found: Sequence[Source]) -> Iterator[Sequence[Cell]]:
    answers: dict[str, list[Source]] = {}
    for source in found:
        if source.kind == "answers":
            answers.setdefault(source.file, []).append(source)
        else:
            yield source.name, source.kind, len(source.text), len(source.turns), ", ".join(source.speakers)
    for file, theirs in answers.items():
        respondents = len({source.case for source in theirs})
        chars, turns = sum(len(source.text) for source in theirs), sum(len(source.turns) for source in theirs)
        yield f"{file}: {counted(respondents, 'respondent')}", "answers", chars, turns, ""


def _columns(survey: Survey) -> Block:
    rows = [
        (one.at + 1, short(one.name, 60), one.role, one.why, f"{one.filled}/{survey.rows}") for one in survey.columns
    ]
    caption = f"columns of {survey.file}; --open, --closed, --case, --ignore COLUMN or NUMBER decide otherwise"
    return table(("n", "column", "role", "why", "filled"), rows, right=("n", "filled"), caption=caption)


def _roles(survey: Survey) -> Block:
    rows = []
    for role in _ROLES:
        found = [one for one in survey.columns if one.role == role]
        if found:
            rows.append((role, len(found), _named(found)))
    return table(("role", "n", f"columns of {survey.file}"), rows, right=("n",))


def _named(found: Sequence[SurveyColumn]) -> str:
    names = "; ".join(short(one.name, 50) for one in found[:_NAMES])
    return names + (f"; and {len(found) - _NAMES} more" if len(found) > _NAMES else "")
