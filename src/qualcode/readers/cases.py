"""Attribute sheets (.csv, .tsv, .xlsx): one case a row, named as its transcript or its respondent is.

Columns headed `consent` and `withdrawn` are what they say and hold nothing else: a consent that was misread would
quote somebody who did not agree to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from qualcode import notations
from qualcode.errors import InputError
from qualcode.model import Bundle, Case, Consent, Notice, Value
from qualcode.readers.options import ReadOptions
from qualcode.readers.survey import typed
from qualcode.slugs import nfc
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

    Numbers are int or float and dates ISO 8601 where a whole column is clearly one of them, everything else stays as
    typed. Raises InputError when no column says whose row it is, and for a consent or withdrawal that is none.
    """
    table = read_table(raw, name, encoding=options.encoding)
    at, why = _case_column(table, options)
    ignored = {table.column(word, "column for --ignore") for word in options.ignore}
    table, told = _in_one_notation(table, ignored | {at})
    cases: dict[str, Case] = {}
    notices = [*table.notices, Notice(name, "info", f'cases named by the column "{table.header[at]}" ({why})'), *told]
    nameless = 0
    for row, line in zip(table.rows, table.lines, strict=True):
        called = " ".join(str(row[at]).split())
        if not called:
            nameless += 1
            continue
        case = _case(called, table, row, line, ignored | {at})
        key = nfc(called)
        if key in cases:
            notices.append(second_row(cases[key], case, f"{name}:{line}"))
            case = joined(cases[key], case)
        cases[key] = case
    if nameless:
        notices.append(Notice(name, "warning", f"rows without a name, left out: {nameless}"))
    return Bundle(cases=tuple(cases.values()), notices=tuple(notices))


def _in_one_notation(table: CellTable, ignored: set[int]) -> tuple[CellTable, list[Notice]]:
    """The table with the numbers and dates of a column in one notation, and what was decided about which column."""
    columns: list[Sequence[Value]] = [[row[i].strip() for row in table.rows] for i in range(len(table.header))]
    notices = []
    for i, title in enumerate(table.header):
        if i not in ignored and _plain(title) not in ("consent", "withdrawn"):
            columns[i], said = notations.settled([row[i].strip() for row in table.rows])
            notices += [Notice(table.name, "info", f'"{title}": {said}')] if said else []
    rows = zip(*columns, strict=True) if table.rows else ()
    return replace(table, rows=tuple(rows)), notices


def _case(name: str, table: CellTable, row: Row, line: int, ignored: set[int]) -> Case:
    """The case of one row, at `line` of the file."""
    attributes: dict[str, Value] = {}
    consent: Consent | None = None
    withdrawn = False
    for i, title in enumerate(table.header):
        value = row[i]
        if i in ignored or value == "":
            continue
        if _plain(title) == "consent":
            consent = _consent(value, f"{table.name}:{line}")
        elif _plain(title) == "withdrawn":
            withdrawn = _withdrawn(value, f"{table.name}:{line}")
        else:
            attributes[title] = typed(value) if isinstance(value, str) else value
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


def joined(one: Case, other: Case) -> Case:
    """Two rows of one case: the first row's attributes win, and the narrower consent."""
    given = [case.consent for case in (one, other) if case.consent]
    narrower = min(given, key=get_args(Consent).index, default=None)
    attributes = {**other.attributes, **one.attributes}
    return replace(one, attributes=attributes, consent=narrower, withdrawn=one.withdrawn or other.withdrawn)


def second_row(one: Case, other: Case, where: str) -> Notice:
    """What a second row of a case says more, and otherwise."""
    unlike = [
        f"{name} is {one.attributes[name]} there and {value} here"
        for name, value in other.attributes.items()
        if name in one.attributes and one.attributes[name] != value
    ]
    if one.consent and other.consent and one.consent != other.consent:
        unlike.append(f"consent is {one.consent} there and {other.consent} here (the narrower counts)")
    called = f'"{one.name}"' if one.name == other.name else f'"{one.name}", as "{other.name}"'
    end = f": {', '.join(unlike)}; the first counts" if unlike else ": its attributes were added"
    return Notice(where, "warning", f"a second row for {called}{end}")


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
