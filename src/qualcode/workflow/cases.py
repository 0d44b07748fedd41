"""Cases: attributes, consent, withdrawal, and who is the same person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from qualcode import readers
from qualcode.errors import UnknownCase, UsageError
from qualcode.model import Case, Notice, Value
from qualcode.readers import ReadOptions
from qualcode.slugs import nfc
from qualcode.store import Project

CONSENTS = ("analyse", "quote", "archive")


def set_attributes(project: Project, name: str, said: Iterable[str], *, coder: str | None) -> Case:
    """Set ``key=value`` pairs of one case; ``consent=…`` and ``withdrawn=yes|no`` are what they say.

    An empty value removes an attribute. Raises UnknownCase and UsageError.
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


def _consent(value: str) -> str:
    if value not in CONSENTS:
        raise UsageError(f'no consent "{value}"', f"choose from {', '.join(CONSENTS)}")
    return value


def _yes(value: str) -> bool:
    if value.casefold() in ("yes", "true", "1"):
        return True
    if value.casefold() in ("no", "false", "0"):
        return False
    raise UsageError(f'withdrawn cannot be "{value}"', "say yes or no")


def import_sheet(
    project: Project, path: Path, *, coder: str | None, options: ReadOptions | None = None
) -> tuple[tuple[Case, ...], tuple[Notice, ...]]:
    """Take attributes and consent from a sheet of one row a case; unknown cases are made and listed.

    Returns the cases as they are now and the notices.
    """
    raw = readers.contents(path)
    bundle = readers.read_bytes(raw, path.name, replace(options or ReadOptions(), format="cases"))
    notices = list(bundle.notices)
    ids = []
    with project.act("cases import", coder) as act:
        for case in bundle.cases:
            try:
                held = project.case(case.name)
            except UnknownCase as error:
                act.add_case(case)
                near = f'; near to "{error.near}"' if error.near else ""
                notices.append(Notice(case.name, "info", f"a new case: no source is theirs yet{near}"))
                ids.append(case.name)
                continue
            act.set_case(held.id, _row(case))
            ids.append(held.id)
    return tuple(project.case(key) for key in ids), tuple(notices)


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
