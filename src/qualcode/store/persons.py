"""Conflicts about people: values of a case, whether two cases are one person, and whose words a speaker's are.

Until somebody settles one, the later change in the log counts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qualcode.store import claims
from qualcode.store.claims import Claim
from qualcode.store.log import Draft
from qualcode.store.sides import Conflict, Head, Side, conflict_id, live_and_gone, name_of

CONFLICTS = ("case", "case link", "speaker case")
_FIELDS = ("consent", "withdrawn")
_OFTEN = """
SELECT kind, target FROM event WHERE target GLOB ? GROUP BY target, kind HAVING count(*) > 1 ORDER BY target
"""
_LINKED = "one person with"


def found(conn: sqlite3.Connection) -> list[Conflict]:
    """Every conflict about people, in the order of the targets' names: cases, then speakers."""
    looks = {
        "case.set": _set_apart,
        "case.add": _added_apart,
        "case.link": _linked_apart,
        "source.cases": _given_apart,
    }
    often = [row for targets in ("case:*", "source:*") for row in conn.execute(_OFTEN, (targets,)).fetchall()]
    return [conflict for kind, target in often if kind in looks for conflict in looks[kind](conn, target)]


def settle(
    conn: sqlite3.Connection, conflict: Conflict, side: int, kind: str, chosen: Mapping[str, Any], draft: Draft
) -> None:
    """Say anew what side number `side` (from 0) says of what differs, and nothing else that its event said."""
    ref = conflict.sides[side].ref
    if kind == "case.link":
        told = claims.told(conn, conflict.target, kind, _link)
        draft.event(kind, conflict.target, {"into": chosen["into"], "replaces": claims.heads(told)})
    elif kind == "source.cases":
        label = conflict.what.partition(": ")[2]
        told = claims.told(conn, conflict.target, kind, lambda body: _content(conn, body, "cases"))
        given = draft.content(json.dumps({label: _content(conn, chosen, "cases")[label]}, ensure_ascii=False))
        draft.event(kind, conflict.target, {**chosen, "cases": given, "replaces": claims.heads(told)})
    else:
        told = claims.told(conn, conflict.target, "case.set", lambda body: _values(conn, body))
        keys = _clashing_adds(conn, conflict.target)[1] if kind == "case.add" else _keys(claims.apart(told), ref)
        values = _values(conn, chosen)
        _set_case(conflict.target, {key: values.get(key) for key in keys}, claims.heads(told), draft)


def _set_case(target: str, said: Mapping[str, Any], replaces: list[str], draft: Draft) -> None:
    about: dict[str, Any] = {"attributes": {key: value for key, value in said.items() if key not in _FIELDS}}
    about |= {key: value for key, value in said.items() if key in _FIELDS and value is not None}
    content = draft.content(json.dumps(about, ensure_ascii=False))
    draft.event("case.set", target, {"about": content, "replaces": replaces})


def _keys(apart: Mapping[str, Sequence[Claim]], ref: str) -> list[str]:
    """The keys on which the claim `ref` stands against others."""
    return [key for key, those in apart.items() if ref in {one.ref for one in those}]


# -- values of a case -------------------------------------------------------------------------------------------


def _values(conn: sqlite3.Connection, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a change of a case gives."""
    fields = _content(conn, body, "about")
    return {**fields.pop("attributes", {}), **fields}


def _content(conn: sqlite3.Connection, body: Mapping[str, Any], field: str) -> dict[str, Any]:
    row = conn.execute("SELECT data FROM content WHERE id = ?", (body[field],)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def _set_apart(conn: sqlite3.Connection, target: str) -> Iterator[Conflict]:
    """What people set differently, each without knowing of the other."""
    told = claims.told(conn, target, "case.set", lambda body: _values(conn, body))
    apart = claims.apart(told)
    said = [(one, keys) for one in told if (keys := _keys(apart, one.ref))]
    if said:
        sides = tuple(
            Side(one.ref, one.coder, one.at, _words({key: one.said[key] for key in keys})) for one, keys in said
        )
        yield Conflict(conflict_id(target, (side.ref for side in sides)), "case", target, name_of(conn, target), sides)


def _words(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} removed" if value is None else f"{key}={value}" for key, value in sorted(values.items()))


def _added_apart(conn: sqlite3.Connection, target: str) -> Iterator[Conflict]:
    """A case that two people took in with different values, which nobody has set since."""
    adds, clashing = _clashing_adds(conn, target)
    if clashing:
        said = {row.ref: {key: _values(conn, row.body).get(key) for key in clashing} for row in adds}
        sides = tuple(
            Side(row.ref, row.coder, row.at, ", ".join(f"{key}={value}" for key, value in said[row.ref].items()))
            for row in adds
        )
        yield Conflict(conflict_id(target, said), "case", target, name_of(conn, target), sides)


def _clashing_adds(conn: sqlite3.Connection, target: str) -> tuple[list[Head], list[str]]:
    """The live events that took a case in, and what they say differently and nobody has set since."""
    live = live_and_gone(conn, target)[0]
    adds = [head for head in live if head.kind == "case.add"]
    given = [{k: v for k, v in _values(conn, head.body).items() if v is not None and k != "name"} for head in adds]
    since = {key for head in live if head.kind == "case.set" for key in _values(conn, head.body)}
    keys = {key for values in given for key in values} - since
    clashing = [key for key in keys if len({json.dumps(each[key]) for each in given if key in each}) > 1]
    return adds, sorted(clashing)


# -- one person, and whose words --------------------------------------------------------------------------------


def _link(body: Mapping[str, Any]) -> dict[str, Any]:
    return {_LINKED: body["into"]}


def _linked_apart(conn: sqlite3.Connection, target: str) -> Iterator[Conflict]:
    """A case that was said to be one person with two others.

    Not so when both only followed the names that their speaker got: those are a conflict of their own.
    """
    for those in claims.apart(claims.told(conn, target, "case.link", _link)).values():
        if all(_followed(conn, one) for one in those):
            continue
        sides = tuple(
            Side(one.ref, one.coder, one.at, f"{_LINKED} {_case(conn, into)}" if into else "a person of their own")
            for one in those
            for into in [one.said[_LINKED]]
        )
        key = conflict_id(target, (side.ref for side in sides))
        yield Conflict(key, "case link", target, name_of(conn, target), sides)


def _followed(conn: sqlite3.Connection, claim: Claim) -> bool:
    """Whether a link was made because a speaker was renamed or joined, in the same act."""
    act = claim.ref.partition(":")[0]
    row = conn.execute("SELECT 1 FROM event WHERE act = ? AND kind = 'source.speakers' LIMIT 1", (act,)).fetchone()
    return row is not None


def _given_apart(conn: sqlite3.Connection, target: str) -> Iterator[Conflict]:
    """The speakers of a source, by the labels of its file, whose words were said to be those of different people."""
    told = claims.told(conn, target, "source.cases", lambda body: _content(conn, body, "cases"))
    for label, those in claims.apart(told).items():
        sides = tuple(
            Side(
                one.ref, one.coder, one.at, f"{label} → {_case(conn, one.said[label]) if one.said[label] else 'nobody'}"
            )
            for one in those
        )
        key = conflict_id(target, [label, *(side.ref for side in sides)])
        yield Conflict(key, "speaker case", target, f"{name_of(conn, target)}: {label}", sides)


def _case(conn: sqlite3.Connection, key: str) -> str:
    return name_of(conn, f"case:{key}")
