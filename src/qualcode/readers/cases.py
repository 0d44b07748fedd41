"""Attribute sheets (.csv, .tsv, .xlsx): one case a row, named as its transcript or its respondent is.

Columns headed `consent` and `withdrawn` are what they say and hold nothing else: a consent that was misread would
quote somebody who did not agree to it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

from qualcode.errors import InputError
from qualcode.model import Bundle, Case, Consent, Notice, Value
from qualcode.readers.options import ReadOptions
from qualcode.readers.survey import typed
from qualcode.tables import CellTable, Row, read_table

# A case is named like its transcript, so a column of names goes before one of survey ids.
_NAMES = (
    r"case(?:s|[ _]?name|[ _]?id)?",
    r"(?:transcript|source|interview|file|document)(?:[ _]?name)?",
    r"(?:participant|respondent|interviewee|informant)(?:[ _]?name)?|pseudonym|name",
    r"(?:participant|(?:survey ?)?respondent|interviewee|record|response|study|subject)[ _]?(?:id|no|number|code)",
    r"id|nr|#|code",
)


_WITHDRAWN = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """A bundle of cases; every other column is an attribute, unless `options.ignore` names it.

    Numbers written exactly are int or float, everything else stays as typed. Raises InputError when no column says
    whose row it is, and for a consent or withdrawal that is none.
    """
    table = read_table(raw, name, encoding=options.encoding)
    at, why = _case_column(table, options)
    ignored = {table.column(word, "column for --ignore") for word in options.ignore}
    cases: dict[str, Case] = {}
    notices = [*table.notices, Notice(name, "info", f'cases named by the column "{table.header[at]}" ({why})')]
    nameless = 0
    for row, line in zip(table.rows, table.lines, strict=True):
        case = " ".join(row[at].split())
        if not case:
            nameless += 1
        elif case in cases:
            notices.append(Notice(f"{name}:{line}", "warning", f'a second row for "{case}": its attributes were added'))
            cases[case] = _joined(cases[case], _case(case, table, row, line, ignored | {at}))
        else:
            cases[case] = _case(case, table, row, line, ignored | {at})
    if nameless:
        notices.append(Notice(name, "warning", f"rows without a name, left out: {nameless}"))
    return Bundle(cases=tuple(cases.values()), notices=tuple(notices))


def _case(name: str, table: CellTable, row: Row, line: int, ignored: set[int]) -> Case:
    """The case of one row, at `line` of the file."""
    attributes: dict[str, Value] = {}
    consent: Consent | None = None
    withdrawn = False
    for i, title in enumerate(table.header):
        value = row[i].strip()
        if i in ignored or not value:
            continue
        if _plain(title) == "consent":
            consent = _consent(value, f"{table.name}:{line}")
        elif _plain(title) == "withdrawn":
            withdrawn = _withdrawn(value, f"{table.name}:{line}")
        else:
            attributes[title] = typed(value)
    return Case(name, attributes, consent, withdrawn)


def _consent(value: str, where: str) -> Consent:
    for known in get_args(Consent):
        if value.casefold() == known:
            return known  # type: ignore[no-any-return]
    raise InputError(
        f'{where}: no consent "{value}"', f"write {', '.join(get_args(Consent))} or nothing, or --ignore consent"
    )


def _withdrawn(value: str, where: str) -> bool:
    if value.casefold() not in _WITHDRAWN:
        raise InputError(f'{where}: withdrawn cannot be "{value}"', "write yes, no or nothing, or --ignore withdrawn")
    return _WITHDRAWN[value.casefold()]


def _joined(one: Case, other: Case) -> Case:
    """Two rows of one case: the first row's attributes win, and the narrower consent."""
    given = [case.consent for case in (one, other) if case.consent]
    narrower = min(given, key=get_args(Consent).index, default=None)
    attributes = {**other.attributes, **one.attributes}
    return replace(one, attributes=attributes, consent=narrower, withdrawn=one.withdrawn or other.withdrawn)


def _case_column(table: CellTable, options: ReadOptions) -> tuple[int, str]:
    if options.case:
        return table.column(options.case, "column for --case"), "as told"
    if not table.rows:
        raise InputError(f"{table.name} has a header but no rows", "check that the sheet is whole")
    for pattern in _NAMES:
        for at, title in enumerate(table.header):
            if re.fullmatch(pattern, _plain(title)) and _distinct(table, at):
                return at, "by its header; --case names another"
    if _distinct(table, 0):
        return 0, "the first column; --case names another"
    raise InputError(f"{table.name} has no column of distinct names", "say which with --case")


def _plain(title: str) -> str:
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title).split()).casefold()


def _distinct(table: CellTable, at: int) -> bool:
    values = [row[at].strip() for row in table.rows if row[at].strip()]
    return len(values) >= 0.9 * len(table.rows) and len(set(values)) >= 0.9 * len(values)
