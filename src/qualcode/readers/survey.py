"""Questionnaires (.csv, .tsv, .xlsx): a respondent is a case, an answer is a turn with its question as prompt."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qualcode.errors import InputError
from qualcode.model import Bundle, Case, Notice, Source, Span, Turn, Value, stable_id
from qualcode.readers import table as rows_of_talk
from qualcode.readers.columns import Column, columns
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import stem
from qualcode.tables import CellTable, Row, read_table


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source for each respondent with an open answer, and one case for each respondent.

    A transcript in rows is read as such unless `options.survey`. Ids depend on the survey's name or header and on
    the row's case id or content, so that importing the next wave adds and never doubles. Raises InputError without
    a column of open answers or for an unknown column.
    """
    table = read_table(raw, name, encoding=options.encoding)
    told = options.survey or options.open or options.closed or options.case or options.survey_name
    if not told and rows_of_talk.talk_columns(table):
        return rows_of_talk.from_table(raw, table)
    found = columns(table, options)
    if not any(one.role == "open" for one in found):
        raise InputError(
            f"{name} has no column of open answers",
            "name one with --open, or take it in as attributes with `qualcode cases import`",
        )
    if not table.rows:
        raise InputError(f"{name} has a header but no rows", "check that the export is whole")
    return _bundle(raw, table, found, options)


@dataclass(frozen=True, slots=True)
class _Survey:
    """What all rows share."""

    identity: str
    title: str
    file: str
    sha256: str
    case: int | None
    open: tuple[Column, ...]
    closed: tuple[Column, ...]


def _bundle(raw: bytes, table: CellTable, found: Sequence[Column], options: ReadOptions) -> Bundle:
    header = stable_id("header", *(cell for row in table.header_rows for cell in row))
    survey = _Survey(
        identity=options.survey_name or header,
        title=options.survey_name or stem(table.name),
        file=table.name,
        sha256=hashlib.sha256(raw).hexdigest(),
        case=next((one.at for one in found if one.role == "case"), None),
        open=tuple(one for one in found if one.role == "open"),
        closed=tuple(one for one in found if one.role == "closed"),
    )
    sources: list[Source] = []
    cases: dict[str, Case] = {}
    clashes: list[tuple[int, str]] = []
    for row, line, (identity, case, ordinal) in zip(table.rows, table.lines, _identities(table, survey), strict=True):
        source = _source(survey, row, identity, case, ordinal)
        if source:
            sources.append(source)
        known = cases.get(case)
        cases[case] = _case(survey, row, case, source, known)
        if known:
            clashes.append((line, case))
    notices = (*table.notices, *_notices(table, found, survey, len(cases) - len({s.case for s in sources}), clashes))
    return Bundle(sources=tuple(sources), cases=tuple(cases.values()), notices=notices)


def _identities(table: CellTable, survey: _Survey) -> Iterator[tuple[tuple[str | int, ...], str, int]]:
    """For each row: the parts of its id, its case's name, and which of the rows of that case it is, from 1.

    Without a case id a row is known by its content, as the k-th identical one, so that a longer export of the same
    survey gives the same respondents the same names.
    """
    seen: Counter[str] = Counter()
    for row in table.rows:
        given = " ".join(row[survey.case].split()) if survey.case is not None else ""
        content = given or stable_id("row", *row)
        seen[content] += 1
        ordinal = seen[content]
        if given:
            yield ("case", given) if ordinal == 1 else ("case", given, ordinal), given, ordinal
        else:
            identity = ("row", content, ordinal)
            yield identity, f"respondent-{stable_id('answers', survey.identity, *identity)[:8]}", 1


def _source(survey: _Survey, row: Row, identity: tuple[str | int, ...], case: str, ordinal: int) -> Source | None:
    """The answers of one row, or None when all are blank."""
    given = [
        (column.question, answer) for column in survey.open if (answer := row[column.at].strip("\ufeff \t\n").strip())
    ]
    if not given:
        return None
    turns, at = [], 0
    for n, (question, answer) in enumerate(given, 1):
        turns.append(Turn(n, Span(at, at + len(answer)), role="respondent", prompt=question))
        at += len(answer) + 2
    return Source(
        id=stable_id("answers", survey.identity, *identity),
        name=f"{survey.title}/{case}" + (f" ({ordinal})" if ordinal > 1 else ""),
        kind="answers",
        text="\n\n".join(answer for _, answer in given),
        turns=tuple(turns),
        case=case,
        sha256=survey.sha256,
        file=survey.file,
    )


def _case(survey: _Survey, row: Row, name: str, source: Source | None, known: Case | None) -> Case:
    """The respondent; of several rows the first filled value of an attribute stands."""
    attributes: dict[str, Value] = dict(known.attributes) if known else {}
    for column in survey.closed:
        if value := row[column.at].strip():
            attributes.setdefault(column.name, typed(value))
    sources = (known.sources if known else ()) + ((source.name,) if source else ())
    return Case(name=name, attributes=attributes, sources=sources)


def typed(value: str) -> Value:
    """An int or float where it is written exactly as Python would; anything else as typed ("007", "1.50", "1,5")."""
    if len(value) > 17 or not (value[0].isdigit() or value[0] == "-"):
        return value
    for kind in (int, float):
        try:
            number = kind(value)
        except ValueError:
            continue
        if repr(number) == value:
            return number
    return value


def _notices(
    table: CellTable, found: Sequence[Column], survey: _Survey, silent: int, clashes: Sequence[tuple[int, str]]
) -> Iterator[Notice]:
    yield from _said_roles(table.name, found)
    blanks = {one.name: sum(not row[one.at].strip() for row in table.rows) for one in survey.open}
    if any(blanks.values()):
        said = "; ".join(f'"{name}" {count} of {len(table.rows)}' for name, count in blanks.items() if count)
        yield Notice(table.name, "info", f"no answer: {said}")
    if silent:
        yield Notice(table.name, "info", f"respondents without any open answer, kept as cases only: {silent}")
    if survey.case is None:
        said = "no column says whose row it is: a respondent is known by the content of the row (--case names a column)"
        yield Notice(table.name, "warning", said)
    if clashes:
        line, case = clashes[0]
        said = f'rows that repeat a case, first "{case}": {len(clashes)}; each is a source of its own, of one case'
        yield Notice(f"{table.name}:{line}", "warning", said)


def _said_roles(name: str, found: Sequence[Column]) -> Iterator[Notice]:
    """One notice a role, with every column and the reason for its role."""
    by_role: Mapping[str, list[Column]] = {role: [] for role in ("case", "open", "closed", "left out", "empty")}
    for one in found:
        by_role[one.role].append(one)
    for role, of_role in by_role.items():
        if of_role:
            said = "; ".join(f'{one.at + 1} "{one.name}" ({one.why})' for one in of_role)
            yield Notice(name, "info", f"columns, {role}: {said}")
