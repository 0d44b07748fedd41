"""Who speaks in a source: the labels and roles that its file has, and what people made of them since.

A change means the labels that its author saw, and names the changes its author knew (``replaces``). So one that follows
another is heard after it, and two that say different things of one voice apart are a conflict: until a person settles
it the earlier in the log counts, which is the same in every copy. A voice is a label as it was read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

KINDS = ("source.speakers", "source.roles")
MANY = 300  # changes of one source from which on all count in log order: what each knew takes quadratic room
_TOLD = """
SELECT event.act, event.k, event.kind, event.body, act.id NOT IN (SELECT act FROM undone), content.data
FROM event JOIN act ON act.id = event.act
LEFT JOIN content ON content.id = coalesce(json_extract(event.body, '$.names'), json_extract(event.body, '$.roles'))
WHERE event.target = ? AND event.kind IN ('source.speakers', 'source.roles')
ORDER BY act.lamport, act.id, event.k
"""
Field: TypeAlias = Literal["name", "role"]
Value: TypeAlias = str | None
Home: TypeAlias = tuple[str, str | None]
"""The kind of a source and the id of its case."""


class Telling(NamedTuple):
    """One change: `said` maps labels to a label or a role; `knew` are the numbers of the changes its author knew.

    With `as_read` the labels are those of the file, else those its author saw. `home` follows from a role.
    """

    ref: str
    field: Field
    said: Mapping[str, Value]
    knew: frozenset[int]
    live: bool
    as_read: bool
    home: Home | None


class Voice(NamedTuple):
    """What a label as read is called now, and the role it was given, if any, in a tuple."""

    name: str
    role: tuple[Value] | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Changes made apart, as (ref, value) in log order; the first counts.

    `voices` are the labels as read that they speak of: one, or two that got one name; then `otherwise` is what each is
    called without it.
    """

    field: Field
    voices: tuple[str, ...]
    sides: tuple[tuple[str, Value], ...]
    otherwise: tuple[str, ...] = ()

    def settled(self, side: int) -> dict[str, Value]:
        """Labels as read → what they are called, or their role, when side number `side` (from 0) holds."""
        if len(self.voices) == 1:
            return {self.voices[0]: self.sides[side][1]}
        return {**dict(zip(self.voices, self.otherwise, strict=True)), self.voices[side]: self.sides[side][1]}


Claims: TypeAlias = list[tuple[int, Value]]
State: TypeAlias = tuple[dict[str, Voice], tuple[Clash, ...]]


class Voices:
    """What became of the labels of one source."""

    def __init__(self, conn: sqlite3.Connection, source: str, labels: Iterable[str]) -> None:
        self.labels = sorted(set(labels))
        self.told = _tellings(conn, source)
        self._live = frozenset(n for n, one in enumerate(self.told) if one.live)
        self._many = len(self.told) > MANY
        self._states: dict[frozenset[int], State] = {}

    def now(self) -> Mapping[str, Voice]:
        """Label as read → what it is called and its role now."""
        return self._state()[0]

    def clashes(self) -> tuple[Clash, ...]:
        """What is to be settled."""
        return self._state()[1]

    def home(self) -> Home | None:
        """The kind and case that the roles make: of those given apart, of the last that has a case."""
        given = [(n, one.home) for n, one in enumerate(self.told) if one.live and one.home]
        if not given or self._many:
            return given[-1][1] if given else None
        knew = frozenset().union(*(self.told[n].knew for n, _ in given))
        last = [home for n, home in given if n not in knew]
        return next((home for home in reversed(last) if home[1] is not None), last[-1])

    def _state(self, knew: frozenset[int] | None = None) -> State:
        """The voices as somebody saw them who knew these changes; None for all."""
        known = self._live if knew is None else knew & self._live
        if known not in self._states:
            in_line = self._many or all(len(self.told[n].knew & known) == at for at, n in enumerate(sorted(known)))
            self._states[known] = self._one_by_one(known) if in_line else self._heard(known)
        return self._states[known]

    def _before(self, n: int) -> Mapping[str, Voice]:
        """The voices as the author of a change saw them."""
        return self._state(self.told[n].knew)[0]

    def _one_by_one(self, known: frozenset[int]) -> State:
        """When each change knew those before it, they hold one after the other."""
        state = {label: Voice(label) for label in self.labels}
        for telling in (self.told[n] for n in sorted(known)):
            for label, voice in state.items():
                seen = label if telling.as_read else voice.name
                if seen in telling.said:
                    value = telling.said[seen]
                    state[label] = (
                        Voice(str(value), voice.role) if telling.field == "name" else Voice(voice.name, (value,))
                    )
        return state, ()

    def _heard(self, known: frozenset[int]) -> State:
        clashes: list[Clash] = []
        names: dict[str, tuple[int, str]] = {}
        roles: dict[str, tuple[Value]] = {}
        for (label, field), claims in self._claims(known).items():
            if len({value for _, value in claims}) > 1:
                sides = tuple((self.told[n].ref, value) for n, value in claims)
                clashes.append(Clash(field, (label,), sides))
            if field == "name":
                names[label] = (claims[0][0], str(claims[0][1]))
            else:
                roles[label] = (claims[0][1],)
        called, fused = self._called(names)
        state = {label: Voice(called.get(label, label), roles.get(label)) for label in self.labels}
        return state, (*clashes, *fused)

    def _claims(self, known: frozenset[int]) -> dict[tuple[str, Field], Claims]:
        """(Label as read, field) → the changes of it that no other of these changes knew, in log order."""
        found: dict[tuple[str, Field], Claims] = {}
        for n in sorted(known):
            telling = self.told[n]
            before = {} if telling.as_read else self._before(n)
            for label in self.labels:
                seen = label if telling.as_read else before[label].name
                if seen in telling.said:
                    older = found.get((label, telling.field), [])
                    left = [claim for claim in older if claim[0] not in telling.knew]
                    found[label, telling.field] = [*left, (n, telling.said[seen])]
        return found

    def _called(self, names: Mapping[str, tuple[int, str]]) -> tuple[dict[str, str], list[Clash]]:
        """The names, and a clash for each new name that two voices got apart: only the first of them has it."""
        called: dict[str, str] = {}
        first: dict[str, tuple[int, str]] = {}
        clashes = []
        for label, (n, name) in sorted(names.items(), key=lambda item: item[1][0]):
            one, holder = first.setdefault(name, (n, label))
            called[label] = name
            if holder != label and self._fuses(one, n, name):
                otherwise = (self._otherwise(one, holder), self._otherwise(n, label))
                sides = ((self.told[one].ref, name), (self.told[n].ref, name))
                clashes.append(Clash("name", (holder, label), sides, otherwise))
                called[label] = otherwise[1]
        return called, clashes

    def _otherwise(self, n: int, label: str) -> str:
        return label if self.told[n].as_read else self._before(n)[label].name

    def _fuses(self, one: int, other: int, name: str) -> bool:
        """Whether two changes made apart gave two voices a name that nobody had: nobody wished to join them."""
        apart = one != other and one not in self.told[other].knew and other not in self.told[one].knew
        return apart and all(voice.name != name for n in (one, other) for voice in self._before(n).values())


def _tellings(conn: sqlite3.Connection, source: str) -> tuple[Telling, ...]:
    """The changes of a source's voices in log order, undone ones included: what they knew, others may know by them."""
    rows = conn.execute(_TOLD, (f"source:{source}",)).fetchall()
    numbers = {f"{act}:{k}": n for n, (act, k, *_) in enumerate(rows)}
    found: list[Telling] = []
    for n, (act, k, kind, body, live, data) in enumerate(rows):
        about = json.loads(body)
        knew: frozenset[int] = frozenset()
        if len(rows) <= MANY:
            same_act = {m for m in range(n) if rows[m][0] == act}
            knew = _knew(about.get("replaces"), n, numbers, found) | same_act
        name = kind == "source.speakers"
        said = json.loads(data) if data is not None else {}
        home = None if name else (about["kind"], about["case"])
        as_read = about.get("labels") == "read"
        found.append(Telling(f"{act}:{k}", "name" if name else "role", said, knew, bool(live), as_read, home))
    return tuple(found)


def _knew(
    replaces: Collection[str] | None, n: int, numbers: Mapping[str, int], before: Sequence[Telling]
) -> frozenset[int]:
    """The changes that number `n` knew: those it names and what they knew.

    One that names none, as logs had it once, or one that is not here, is taken to have known all before it.
    """
    named = None if replaces is None else [numbers.get(ref) for ref in replaces]
    if named is None or None in named:
        return frozenset(range(n))
    refs = [ref for ref in named if ref is not None and ref < n]
    return frozenset(refs).union(*(before[ref].knew for ref in refs))
