"""Questionnaires (.csv, .tsv, .xlsx, .sav): a respondent is a case, an answer is a turn with its question as prompt."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from qualcode.errors import InputError, UsageError
from qualcode.model import (
    Bundle,
    Case,
    Notice,
    Source,
    Span,
    Survey,
    SurveyBundle,
    SurveyColumn,
    Turn,
    Value,
    stable_id,
)
from qualcode.readers import boxes, survey_tools
from qualcode.readers import table as rows_of_talk
from qualcode.readers.columns import columns
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import stem
from qualcode.slugs import nfc
from qualcode.tables import CellTable, Row, read_table


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source for each respondent with an open answer, and one case for each respondent.

    A transcript in rows is read as such unless `options.survey`. Ids depend on the survey's name or header and on
    the row's case id or content, so that importing the next wave adds and never doubles. Raises InputError without
    a column of open answers, unless it was called a survey, and for an unknown column.
    """
    table = read_table(raw, name, encoding=options.encoding)
    if not told(options) and rows_of_talk.talk_columns(table):
        return rows_of_talk.from_table(raw, table)
    return from_table(raw, table, options)


def told(options: ReadOptions) -> bool:
    """Whether somebody said that it is a questionnaire."""
    named = options.survey_name or options.columns.file
    return bool(options.survey or options.open or options.closed or options.case or named)


def from_table(raw: bytes, table: CellTable, options: ReadOptions) -> SurveyBundle:
    """The respondents in an already read table; see `read`."""
    table = _without_codes(table)
    survey_name = options.survey_name or options.columns.survey
    header = stable_id("header", *(nfc(cell) for row in table.header_rows for cell in row))
    before = _wave_before(table.name, survey_name, header, options.known)
    found = columns(table, options, before)
    if not any(one.role == "open" for one in found) and not (options.survey or before):
        raise InputError(
            f"{table.name} has no column of open answers",
            "name one with --open, or take it in as attributes with `qualcode cases import`",
        )
    if not table.rows:
        raise InputError(f"{table.name} has a header but no rows", "check that the export is whole")
    named = survey_name is not None or (before is not None and before.named)
    survey = Survey(
        identity=before.identity if before else survey_name or header,
        name=survey_name or (before.name if before else _free_name(stem(table.name), options.known)),
        headers=(header,),
        named=named,
        columns=_in_order(found, before),
        rows=len(table.rows),
        file=table.name,
        counted=before.counted if before else options.case is None,
    )
    return _bundle(raw, table, survey, before)


def _in_order(found: Sequence[SurveyColumn], before: Survey | None) -> tuple[SurveyColumn, ...]:
    """The columns as they followed each other in the wave before, then new ones: moved columns change no answer."""
    earlier = {one.name: n for n, one in enumerate(before.columns)} if before else {}
    return tuple(sorted(found, key=lambda one: earlier.get(one.name, len(earlier) + one.at)))


def _without_codes(table: CellTable) -> CellTable:
    """The table without the numbers by which its tool says that there is no answer."""
    tool = survey_tools.own(table.header)
    blanked = sum(cell.strip() in tool.missing for row in table.rows for cell in row) if tool.missing else 0
    if not blanked:
        return table
    rows = tuple(tuple("" if cell.strip() in tool.missing else cell for cell in row) for row in table.rows)
    codes = ", ".join(sorted(tool.missing))
    said = f"codes of {tool.tool} for no answer ({codes}) are blank: {blanked} cells"
    return replace(table, rows=rows, notices=(*table.notices, Notice(table.name, "info", said)))


def _wave_before(file: str, name: str | None, header: str, known: Sequence[Survey]) -> Survey | None:
    """The survey of the project that this is the next wave of: by its name, else by its header.

    Raises UsageError when several have the header and none was named.
    """
    same_header = [one for one in known if header in one.headers]
    if name is not None:
        by_name = [one for one in known if one.name.casefold() == name.casefold()]
        return next(iter(by_name or [one for one in same_header if not one.named]), None)
    if len(same_header) > 1:
        names = ", ".join(f'"{one.name}"' for one in same_header)
        raise UsageError(f"{file} may be a wave of several surveys: {names}", "say which with --survey-name")
    return same_header[0] if same_header else None


def _free_name(name: str, known: Sequence[Survey]) -> str:
    """A name that no other survey has: `name`, then with a number."""
    taken = {one.name.casefold() for one in known}
    return next(each for n in count(1) if (each := name if n == 1 else f"{name}~{n}").casefold() not in taken)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all rows share: whose answers they are, and which cells hold what. `order` is of the columns by name."""

    survey: Survey
    sha256: str
    case: int | None
    occasion: tuple[int, ...]
    open: tuple[SurveyColumn, ...]
    closed: tuple[SurveyColumn, ...]
    order: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose row one is: the parts of its id, the case's name, and what tells it from the case's other rows."""

    identity: tuple[str | int, ...]
    case: str
    apart: str = ""


def _bundle(raw: bytes, table: CellTable, survey: Survey, before: Survey | None) -> SurveyBundle:
    layout = _Layout(
        survey=survey,
        sha256=hashlib.sha256(raw).hexdigest(),
        case=next((one.at for one in survey.columns if one.role == "case"), None),
        occasion=tuple(one.at for one in survey.columns if one.role == "occasion"),
        open=tuple(one for one in survey.columns if one.role == "open"),
        closed=tuple(one for one in survey.columns if one.role == "closed"),
        order=tuple(sorted((name, at) for at, name in enumerate(table.header))),
    )
    sources: list[Source] = []
    cases: dict[str, tuple[dict[str, Value], list[str]]] = {}
    again: list[tuple[int, str]] = []
    for row, line, known in zip(table.rows, table.lines, _whose(table, layout), strict=True):
        source = _source(layout, row, known)
        if known.case in cases:
            again.append((line, known.case))
        attributes, names = cases.setdefault(known.case, ({}, []))
        _fill(attributes, layout, row, known.apart)
        if source:
            sources.append(source)
            names.append(source.name)
    made = tuple(Case(name, attributes, sources=tuple(names)) for name, (attributes, names) in cases.items())
    silent = sum(not names for _, names in cases.values())
    notices = (*table.notices, *_notices(table, layout, silent, again), *_changes(survey, before))
    return SurveyBundle(tuple(sources), made, notices=notices, survey=survey)


def _whose(table: CellTable, layout: _Layout) -> Iterator[_Known]:
    """For each row, whose it is.

    A case's rows are told apart by their occasion (REDCap's events and repeats), else counted. Without a case id a
    row is known by its filled cells, as the k-th identical one, so that a longer export of the same survey gives the
    same respondents the same names, and so does one with more columns that those respondents left blank.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for row in table.rows:
        shown = " ".join(row[layout.case].split()) if layout.case is not None else ""
        given = nfc(shown)
        occasion = tuple(row[at].strip() for at in layout.occasion) if given else ()
        content = "" if given else _content(row, layout)
        seen[given, content, *occasion] += 1
        ordinal = seen[given, content, *occasion]
        if not given:
            identity: tuple[str | int, ...] = ("row", content, ordinal)
            yield _Known(identity, f"respondent-{stable_id('answers', layout.survey.identity, *identity)[:8]}")
            continue
        happened = [part for part in occasion if part]
        identity = ("case", given, *(occasion if happened else ()), *([ordinal] if ordinal > 1 else []))
        yield _Known(identity, shown, ", ".join([*happened, *([str(ordinal)] if ordinal > 1 else [])]))


def _content(row: Row, layout: _Layout) -> str:
    return stable_id("row", *(part for name, at in layout.order if row[at].strip() for part in (name, row[at])))


def _source(layout: _Layout, row: Row, known: _Known) -> Source | None:
    """The answers of one row, or None when all are blank."""
    given = [
        (column.question, answer) for column in layout.open if (answer := row[column.at].strip("\ufeff \t\n").strip())
    ]
    if not given:
        return None
    turns, at = [], 0
    for n, (question, answer) in enumerate(given, 1):
        turns.append(Turn(n, Span(at, at + len(answer)), role="respondent", prompt=question))
        at += len(answer) + 2
    return Source(
        id=stable_id("answers", layout.survey.identity, *known.identity),
        name=f"{layout.survey.name}/{known.case}" + (f" ({known.apart})" if known.apart else ""),
        kind="answers",
        text="\n\n".join(answer for _, answer in given),
        turns=tuple(turns),
        case=known.case,
        sha256=layout.sha256,
        file=layout.survey.file,
    )


def _fill(attributes: dict[str, Value], layout: _Layout, row: Row, apart: str) -> None:
    """Add the closed answers of one row to the case's attributes; tick boxes of one question become one.

    The first filled value of an attribute stands under its own name; that of a later row under
    ``name (visit 2)``, and under ``name (2)`` only when it differs.
    """
    given: dict[str, Value] = {}
    for column in layout.closed:
        value = row[column.at].strip()
        if column.option:
            if value.casefold() not in boxes.UNTICKED:
                ticked = given.get(column.attribute)
                given[column.attribute] = f"{ticked}; {column.option}" if ticked else column.option
        elif value:
            given[column.attribute or column.name] = typed(value)
    for name, answer in given.items():
        if name not in attributes:
            attributes[name] = answer
        elif apart and (layout.occasion or attributes[name] != answer):
            attributes[f"{name} ({apart})"] = answer


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


def _notices(table: CellTable, layout: _Layout, silent: int, again: Sequence[tuple[int, str]]) -> Iterator[Notice]:
    left = [one for one in layout.survey.columns if one.role == "left out"]
    if left:
        reasons = dict.fromkeys(one.why for one in left)
        said = "; ".join(f"{_listed([one for one in left if one.why == why])} ({why})" for why in reasons)
        yield Notice(table.name, "info", f"columns left out: {said}")
    blanks = {one.name: len(table.rows) - one.filled for one in layout.open}
    if any(blanks.values()):
        said = "; ".join(f'"{_short(name)}" {count}' for name, count in blanks.items() if count)
        yield Notice(table.name, "info", f"of {len(table.rows)} rows without an answer: {said}")
    if silent:
        yield Notice(table.name, "info", f"respondents without any open answer, kept as cases only: {silent}")
    if layout.case is None:
        said = "no column says whose row it is: a respondent is known by the content of the row (--case names a column)"
        yield Notice(table.name, "warning", said)
    unnamed = sum(not row[layout.case].strip() for row in table.rows) if layout.case is not None else 0
    if unnamed:
        said = f'rows without a value in "{table.header[layout.case or 0]}", known by their content: {unnamed}'
        yield Notice(table.name, "warning", said)
    if again:
        line, case = again[0]
        said = f'rows that repeat a case, first "{case}": {len(again)}; each is a source of its own, of one case'
        yield Notice(f"{table.name}:{line}", "info" if layout.occasion else "warning", said)


def _changes(survey: Survey, before: Survey | None) -> Iterator[Notice]:
    """How the columns of a wave differ from those of the one before."""
    if before is None:
        return
    earlier = {one.name for one in before.columns}
    new = [one for one in survey.columns if one.name not in earlier and one.role != "empty"]
    gone = [one for one in before.columns if one.name not in {column.name for column in survey.columns}]
    yield Notice(survey.file, "info", f'the next wave of "{before.name}": columns are what they were there')
    if new:
        yield Notice(
            survey.file, "info", f"columns that were not in the wave before, or without answers: {_listed(new)}"
        )
    if gone:
        yield Notice(survey.file, "warning", f"columns of the wave before that are missing here: {_listed(gone)}")


def _listed(found: Sequence[SurveyColumn], most: int = 8) -> str:
    names = ", ".join(f'"{_short(one.name)}"' for one in found[:most])
    return names + (f" and {len(found) - most} more" if len(found) > most else "")


def _short(name: str, limit: int = 60) -> str:
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"
