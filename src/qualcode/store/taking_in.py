"""What an import adds to a project, what it finds there already, and what differs from it.

A source that is here with the same text is passed over. One that is here with another text is an answer that changed
in a new export, or one that somebody corrected here: the text that the last import brought is no change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any

from qualcode.anchors import align
from qualcode.model import Bundle, Case, Notice, Receipt, Severity, Source, Survey, SurveyBundle, Value
from qualcode.slugs import nfc
from qualcode.store import retrieval
from qualcode.store.acts import Act
from qualcode.store.naming import called, case_key, is_number

_NO_SURVEY = Survey("", "")
SHOWN = 3  # names that a line about many sources gives


@dataclass(slots=True)
class Taken:
    """What was added, passed over and changed; `changed` pairs the stored source with the one in the bundle."""

    new: list[Source] = field(default_factory=list)
    same: list[tuple[Source, str]] = field(default_factory=list)
    corrected: list[tuple[Source, str]] = field(default_factory=list)
    unlike: list[tuple[Source, str]] = field(default_factory=list)
    changed: list[tuple[Source, Source]] = field(default_factory=list)
    cases: int = 0
    differing: list[tuple[str, Mapping[str, tuple[Value, Value]]]] = field(default_factory=list)
    updated: bool = False

    @property
    def receipt(self) -> Receipt:
        """The new sources and cases, and a line for each kind of thing that was passed over or differs."""
        skipped = [*_here(self.same, "here already"), *_here(self.corrected, "here already, corrected since")]
        skipped += _here(self.unlike, "here with another text; left as it is", "warning")
        skipped += [*_changed(self.changed, self.updated), *_differing(self.differing, self.updated)]
        changed = tuple(source for _, source in self.changed)
        return Receipt(tuple(self.new), self.cases, tuple(skipped), changed=changed)


def take_in(conn: sqlite3.Connection, act: Act, bundle: Bundle, *, update: bool) -> Taken:
    """Write what is new in `bundle` into the act; with `update` also what differs."""
    taken = Taken(updated=update)
    survey = bundle.survey if isinstance(bundle, SurveyBundle) and bundle.survey else _NO_SURVEY
    keys = _keys(conn, bundle, survey)
    _sources(conn, act, bundle, keys, taken)
    _cases(conn, act, bundle, survey, keys, taken)
    return taken


def _keys(conn: sqlite3.Connection, bundle: Bundle, survey: Survey) -> Callable[[str], str]:
    """A case's name → its id.

    A respondent's number is of the survey's own list. Where a person has said that the numbers are the project's cases,
    it is the case that goes by the number, and stays it in later waves.
    """
    theirs = {source.case: source.id for source in bundle.sources if source.case}

    def told(name: str) -> str:
        known = conn.execute("SELECT case_id FROM source WHERE id = ?", (theirs.get(name, ""),)).fetchone()
        return str(known[0]) if known and known[0] else called(conn, name) or case_key(name)

    def key(name: str) -> str:
        if not survey.identity or not is_number(name):
            return case_key(name)
        return case_key(name, survey.identity) if survey.counted else told(name)

    return cache(key)


# -- sources ------------------------------------------------------------------------------------------------------


def _sources(conn: sqlite3.Connection, act: Act, bundle: Bundle, keys: Callable[[str], str], taken: Taken) -> None:
    names = dict(conn.execute("SELECT id, name FROM source").fetchall())
    again = [source.id for source in bundle.sources if source.id in names]
    held = {source.id: source for source in retrieval.sources(conn, again)} if again else {}
    used = set(map(nfc, names.values()))
    for source in bundle.sources:
        old = held.get(source.id)
        if old is None:
            name = _free_name(source, used)
            used.add(nfc(name))
            act.add_source(source, name, keys(source.case) if source.case else None)
            held[source.id] = source if name == source.name else replace(source, name=name)
            taken.new.append(held[source.id])
        elif old.text == source.text:
            taken.same.append((source, old.name))
        elif source.text == _last_brought(conn, old):
            taken.corrected.append((source, old.name))
        elif source.kind != "answers":
            taken.unlike.append((source, old.name))
        else:
            _change(act, old, source, taken)


def names_for(conn: sqlite3.Connection, bundle: Bundle) -> dict[str, str]:
    """Source id → the name that each source of the bundle has here, or would get."""
    names = dict(conn.execute("SELECT id, name FROM source").fetchall())
    used = {nfc(name) for name in names.values()}
    for source in bundle.sources:
        if source.id not in names:
            names[source.id] = _free_name(source, used)
            used.add(nfc(names[source.id]))
    return {source.id: names[source.id] for source in bundle.sources}


def _change(act: Act, old: Source, source: Source, taken: Taken) -> None:
    new = replace(source, name=old.name, revision=old.revision + 1)
    taken.changed.append((old, new))
    if taken.updated:
        act.revise(old, new, align(old.text, new.text))


def _last_brought(conn: sqlite3.Connection, source: Source) -> str | None:
    """The text that the last import left, where the source was revised since; one that was undone has left nothing."""
    if not source.revision:
        return None
    row = conn.execute(
        "SELECT content.data FROM event JOIN act ON act.id = event.act "
        "JOIN content ON content.id = json_extract(event.body, '$.text') "
        "WHERE event.target = ? AND event.kind IN ('source.add', 'source.revise') AND act.command != 'revise' "
        "AND act.id NOT IN (SELECT act FROM undone) ORDER BY act.lamport DESC, act.id DESC, event.k DESC LIMIT 1",
        (f"source:{source.id}",),
    ).fetchone()
    return None if row is None else str(row[0])


def _free_name(source: Source, taken: Collection[str]) -> str:
    """The source's name; a twin gets its file name, then a number. `taken` are composed: see `slugs.nfc`."""
    if nfc(source.name) not in taken:
        return source.name
    if source.file and source.kind != "answers" and nfc(source.file) not in taken:
        return source.file
    return next(name for n in count(2) if nfc(name := f"{source.name}~{n}") not in taken)


# -- cases --------------------------------------------------------------------------------------------------------


def _cases(
    conn: sqlite3.Connection, act: Act, bundle: Bundle, survey: Survey, keys: Callable[[str], str], taken: Taken
) -> None:
    rows = conn.execute('SELECT id, attributes, consent FROM "case"').fetchall()
    held: dict[str, tuple[str, str | None]] = {key: (attributes, consent) for key, attributes, consent in rows}
    fresh: dict[str, Case] = {}
    for case in bundle.cases:
        key = keys(case.name)
        if key in held:
            attributes, consent = held[key]
            _complete(act, key, case, json.loads(attributes), consent, taken)
        elif key in fresh:
            _complete(act, key, case, fresh[key].attributes, fresh[key].consent, taken)
        else:
            act.add_case(case, key, survey.name if survey.counted and is_number(case.name) else "")
            fresh[key] = case
            taken.cases += 1


def _complete(act: Act, key: str, case: Case, held: Mapping[str, Value], consent: str | None, taken: Taken) -> None:
    """Give a known case the attributes it lacks; those that differ are listed, and taken in an update."""
    missing = {key: value for key, value in case.attributes.items() if key not in held}
    differing = {
        key: (held[key], value) for key, value in case.attributes.items() if key in held and held[key] != value
    }
    changes: dict[str, Any] = {}
    given = {**missing, **({key: new for key, (_, new) in differing.items()} if taken.updated else {})}
    if given:
        changes["attributes"] = given
    if case.consent and consent is None:
        changes["consent"] = case.consent
    if changes:
        act.set_case(key, changes)
    if differing:
        taken.differing.append((case.name, differing))


# -- what is said -------------------------------------------------------------------------------------------------


def _here(found: Sequence[tuple[Source, str]], said: str, severity: Severity = "info") -> list[Notice]:
    """One line a file: the names of the first few."""
    by_file: dict[str, list[str]] = {}
    for source, name in found:
        by_file.setdefault(source.file or name, []).append(name)
    return [
        Notice(file, severity, f"{_some(names)} {'is' if len(names) == 1 else 'are'} {said}")
        for file, names in by_file.items()
    ]


def _some(names: Sequence[str], noun: str = "source") -> str:
    """``5 sources ("a", "b", "c" …)``, ``source "a"``."""
    shown = ", ".join(f'"{name}"' for name in names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    return f"{noun} {shown}" if len(names) == 1 else f"{len(names):,} {noun}s ({shown})"


def _changed(found: Sequence[tuple[Source, Source]], updated: bool) -> list[Notice]:
    """How many answers differ from the stored ones, and a line for each."""
    if not found:
        return []
    severity: Severity = "info" if updated else "warning"
    names, one = [old.name for old, _ in found], len(found) == 1
    if updated:
        said = f"{_some(names)} changed and {'was' if one else 'were'} taken as {'a revision' if one else 'revisions'}"
    else:
        said = (
            f"{_some(names)} {'is' if one else 'are'} here with another text; left as {'it is' if one else 'they are'}"
        )
        said += ", --update takes the new one" + "s" * (not one)
    told = [Notice(new.file, severity, f'"{old.name}": {_which(old, new)}') for old, new in found]
    return [Notice(found[0][1].file, severity, said), *told]


def _which(old: Source, new: Source) -> str:
    """Which answers changed, were added or are gone, by their questions; the answers themselves are not repeated."""
    before = {turn.prompt or "": old.quote(turn.span) for turn in old.turns}
    after = {turn.prompt or "": new.quote(turn.span) for turn in new.turns}
    parts = {
        "changed": [q for q in after if q in before and before[q] != after[q]],
        "new": [q for q in after if q not in before],
        "gone": [q for q in before if q not in after],
    }
    said = [f"{kind}: {', '.join(_short(q) for q in questions)}" for kind, questions in parts.items() if questions]
    return "; ".join(said) or "the same answers in another order"


def _short(question: str, limit: int = 50) -> str:
    line = " ".join(question.split())
    return f'"{line if len(line) <= limit else line[: limit - 1].rstrip() + "…"}"'


def _differing(found: Sequence[tuple[str, Mapping[str, tuple[Value, Value]]]], updated: bool) -> list[Notice]:
    """A line for each case whose attributes differ from the stored ones."""
    end = "changed" if updated else "differ from what is stored; left as they are, --update takes them"
    return [
        Notice(f"case {case}", "info" if updated else "warning", f"{_values(pairs)} {end}") for case, pairs in found
    ]


def _values(pairs: Mapping[str, tuple[Value, Value]]) -> str:
    return ", ".join(f"{key} ({old} → {new})" for key, (old, new) in pairs.items())
