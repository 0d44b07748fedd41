"""Cases: attributes, consent, withdrawal, and who is the same person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from qualcode import readers
from qualcode.errors import UnknownCase, UsageError
from qualcode.model import Case, Notice, Value
from qualcode.readers import ReadOptions
from qualcode.readers.cases import joined, second_row
from qualcode.slugs import nfc
from qualcode.store import Project
from qualcode.store.naming import folded

_LISTED = 20  # new cases that are named
CONSENTS = ("analyse", "quote", "archive")


def set_attributes(project: Project, name: str, said: Iterable[str], *, coder: str | None) -> Case:
    """Set ``key=value`` pairs of one case; ``consent=…`` and ``withdrawn=yes|no`` are what they say.

    An empty value removes an attribute, and of consent what was recorded. Raises UnknownCase and UsageError.
    """
    case = project.case(name)
    changes = _changes(said)
    with project.act("cases set", coder) as act:
        act.set_case(case.id, changes)
    return project.case(case.id)


def _changes(said: Iterable[str]) -> dict[str, object]:
    attributes: dict[str, Value] = {}
    changes: dict[str, object] = {}
    for pair in said:
        key, equals, value = (part.strip() for part in pair.partition("="))
        if not equals or not key:
            raise UsageError(f'"{pair}" is not key=value', "write for example phase=secondary")
        if key == "consent":
            changes["consent"] = _consent(value)
        elif key == "withdrawn":
            changes["withdrawn"] = _yes(value)
        else:
            attributes[nfc(key)] = nfc(value) or None
    if attributes:
        changes["attributes"] = attributes
    if not changes:
        raise UsageError("nothing to set", "give key=value")
    return changes


def _consent(value: str) -> str | None:
    if not value:
        return None
    if value not in CONSENTS:
        raise UsageError(f'no consent "{value}"', f"choose from {', '.join(CONSENTS)}, or nothing: not recorded")
    return value


def _yes(value: str) -> bool:
    if value.casefold() in ("yes", "true", "1"):
        return True
    if value.casefold() in ("no", "false", "0"):
        return False
    raise UsageError(f'withdrawn cannot be "{value}"', "say yes or no")


def import_sheet(
    project: Project, path: Path, *, coder: str | None, options: ReadOptions | None = None, dry_run: bool = False
) -> tuple[tuple[Case, ...], tuple[Notice, ...]]:
    """Take attributes and consent from a sheet; unknown cases are made and listed, what changes is listed.

    A name is found whatever its case, blanks and encoding of accents, and by what stands behind its ``/`` where only
    one case ends so; where several do, the row is left out and said. A dry run takes everything back. Returns the
    cases as they are then and the notices.
    """
    raw = readers.contents(path)
    bundle = readers.read_bytes(raw, path.name, replace(options or ReadOptions(), format="cases"))
    with project.trial() if dry_run else nullcontext():
        sheet = _sorted_out(project, bundle.cases, path.name)
        held = {case.id: case for case in project.cases()}
        with project.act("cases import", coder) as act:
            for key, case in sheet.known.items():
                act.set_case(key, _row(case))
                sheet.notices += _changed(held[key], case)
            for case in sheet.new.values():
                act.add_case(case)
        find = project.case_finder()
        ids = dict.fromkeys([*sheet.known, *(find(case.name) for case in sheet.new.values())])
        every = {case.id: case for case in project.cases()}
        return tuple(every[key] for key in ids), (*bundle.notices, *sheet.notices, *_new(sheet, path.name))


@dataclass(slots=True)
class _Sheet:
    """The rows of a sheet by the id of the case they are about, those about new cases by folded name."""

    known: dict[str, Case] = field(default_factory=dict)
    new: dict[str, Case] = field(default_factory=dict)
    near: list[tuple[str, str]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def _sorted_out(project: Project, rows: Iterable[Case], file: str) -> _Sheet:
    find, sheet = project.case_finder(), _Sheet()
    names = {case.id: case.name for case in project.cases()}
    for case in rows:
        try:
            key = find(case.name)
        except UnknownCase as error:
            if error.near:
                sheet.near.append((case.name, error.near))
            _add_row(sheet, sheet.new, folded(case.name), case, file)
            continue
        except UsageError as error:
            sheet.notices.append(Notice(case.name, "warning", f"left out: {error.what} — {error.way_out}"))
            continue
        if folded(names[key]) != folded(case.name):
            sheet.notices.append(Notice(case.name, "info", f'taken for the case "{names[key]}"'))
        _add_row(sheet, sheet.known, key, case, file)
    return sheet


def _add_row(sheet: _Sheet, rows: dict[str, Case], key: str, case: Case, file: str) -> None:
    if key in rows:
        sheet.notices.append(second_row(rows[key], case, file))
        case = joined(rows[key], case)
    rows[key] = case


def _changed(held: Case, row: Case) -> Iterator[Notice]:
    """What a sheet says otherwise than the project did; a wider consent is worth a second look."""
    pairs = [
        f"{name} ({held.attributes[name]} → {value})"
        for name, value in row.attributes.items()
        if name in held.attributes and held.attributes[name] != value
    ]
    if pairs:
        yield Notice(f"case {held.name}", "info", f"{', '.join(pairs)} changed")
    if row.consent and held.consent and row.consent != held.consent:
        wider = CONSENTS.index(row.consent) > CONSENTS.index(held.consent)
        said = f"consent was {held.consent} and is {row.consent} now"
        yield Notice(f"case {held.name}", "warning" if wider else "info", said)


def _new(sheet: _Sheet, file: str) -> Iterator[Notice]:
    """The cases that no source is of yet, and those that may be slips of the pen."""
    names = [case.name for case in sheet.new.values()]
    if names:
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        many = f"{len(names)} new cases" if len(names) > 1 else "a new case"
        yield Notice(file, "info", f"{many}, no source is theirs yet: {', '.join(names[:_LISTED])}{more}")
    for name, near in sheet.near:
        yield Notice(name, "warning", f'is new and near to "{near}": if they are one, `qualcode cases link`')


def _row(case: Case) -> Mapping[str, object]:
    row: dict[str, object] = {"attributes": dict(case.attributes)}
    if case.consent:
        row["consent"] = case.consent
    if case.withdrawn:
        row["withdrawn"] = True
    return row


def link(project: Project, one: str, into: str, *, coder: str | None) -> tuple[Case, tuple[Notice, ...]]:
    """Say that case `one` is the same person as case `into`; the joined case, and what the two say otherwise."""
    first, second = project.case(one), project.case(into)
    if first.id == second.id:
        raise UsageError(f'"{one}" and "{into}" are one case already', "nothing to do")
    with project.act("cases link", coder) as act:
        act.link_case(first.id, second.id)
    return project.case(second.id), tuple(_contradictions(first, second))


def _contradictions(first: Case, second: Case) -> Iterator[Notice]:
    for name, value in first.attributes.items():
        held = second.attributes.get(name)
        if held is not None and held != value:
            said = f'{name} is "{held}" in {second.name} and "{value}" in {first.name}, kept as "{name} ({first.name})"'
            yield Notice(f"case {second.name}", "warning", said)
    if first.consent != second.consent and first.consent and second.consent:
        said = f"consent is {second.consent} in {second.name} and {first.consent} in {first.name}; the narrower counts"
        yield Notice(f"case {second.name}", "warning", said)
