"""What an import shows: what came in, what each column of a survey was taken for, and what was passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qualcode.cli.pages import counted, middle, notes, page, table
from qualcode.model import AS_BEFORE
from qualcode.report import Block, Cell, Paragraph, Report

if TYPE_CHECKING:
    from qualcode.model import Source, Survey, SurveyColumn
    from qualcode.workflow.importing import Imported, Request

_ROLES = ("case", "occasion", "open", "closed", "left out", "empty")
_NAMES = 6  # columns of one role that the short table names


def imported(done: Imported, asked: Request) -> Report:
    """What came in, a line a source; many respondents of one survey are one line.

    A dry run shows every column of a survey with its role and the reason, an import one line a role when one is new.
    """
    told = [*(notice for _, own in done.sources for notice in own), *done.notices, *done.skipped]
    blocks: list[Block] = []
    if rows := list(_sources([source for source, _ in done.sources])):
        columns = ("source", "kind", "characters", "turns", "speakers")
        blocks.append(table(columns, rows, right=columns[2:4]))
    for survey in done.surveys:
        if asked.dry_run:
            blocks.append(_columns(survey))
        elif not all(one.role == "empty" or one.why == AS_BEFORE for one in survey.columns):
            blocks.append(_roles(survey))
    blocks += _project(done, asked)
    return page(_title(done, asked), *blocks, *notes(told), *_missed(done))


def _project(done: Imported, asked: Request) -> Iterator[Block]:
    """What came of another program's project besides sources and cases."""
    if done.codings or done.memos or done.codebooks:
        verb = "would come" if asked.dry_run else "came"
        yield Paragraph(f"{counted(done.codings, 'coding')} and {counted(done.memos, 'memo')} {verb} with it")
    if done.codebooks:
        books = ", ".join(f"{book.name} ({counted(len(book.codes), 'code')})" for book in done.codebooks)
        yield Paragraph(f"codebook{'s' * (len(done.codebooks) != 1)}: {books}")


def _missed(done: Imported) -> Iterator[Block]:
    if done.missed:
        yield Paragraph("not taken over:")
        yield from notes(done.missed)


def _title(done: Imported, asked: Request) -> str:
    said = f"{counted(len(done.sources), 'source')} and {counted(done.cases, 'case')}"
    revised = f", {counted(len(done.changed), 'source')} " if done.changed and asked.update else ""
    if asked.dry_run:
        return f"dry run: {said} would be imported{revised and f'{revised}revised'}; nothing was changed"
    return f"{said} imported{revised and f'{revised}revised'}"


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
        (one.at + 1, middle(one.name, 60), one.role, one.why, f"{one.filled}/{survey.rows}") for one in survey.columns
    ]
    caption = f"columns of {survey.file} (--open, --closed, --case, --ignore NUMBER change them)"
    return table(("n", "column", "role", "why", "filled"), rows, right=("n", "filled"), caption=caption)


def _roles(survey: Survey) -> Block:
    rows = []
    for role in _ROLES:
        found = [one for one in survey.columns if one.role == role]
        if found:
            rows.append((role, len(found), _named(found)))
    return table(("role", "n", f"columns of {survey.file}"), rows, right=("n",))


def _named(found: Sequence[SurveyColumn]) -> str:
    names = "; ".join(middle(one.name, 50) for one in found[:_NAMES])
    return names + (f"; and {len(found) - _NAMES} more" if len(found) > _NAMES else "")
