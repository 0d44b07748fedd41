"""What people said of parts of one thing: the values of a case, whose words a speaker's are.

A change names the changes its author knew (``replaces``, and through them all that those knew), and gives values to
some keys. A value stands unless somebody who knew it gave that key another: a later change of another key does not
settle it. Two values of one key that both stand were given apart.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
_TOLD = """
SELECT event.act || ':' || event.k, event.body, act.coder, act.at, act.id NOT IN (SELECT act FROM undone)
FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND event.kind = ? ORDER BY act.lamport, act.id, event.k
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One change in log order: the keys it gives values to, and the refs (``ACT:K``) of all changes its author knew."""

    ref: str
    coder: str | None
    at: str
    said: Mapping[str, Any]
    knew: frozenset[str]
    live: bool


def told(conn: sqlite3.Connection, target: str, kind: str, values: Callable[[Body], Mapping[str, Any]]) -> list[Claim]:
    """Every event of this kind on a target, undone ones included: what they knew, others may know by them.

    One that does not say what it replaces, as logs had it once, is taken to have known all before it.
    """
    found: dict[str, Claim] = {}
    for ref, text, coder, at, live in conn.execute(_TOLD, (target, kind)):
        body = json.loads(text)
        named = [before for before in body.get("replaces", list(found)) if before in found]
        knew = frozenset(named).union(*(found[before].knew for before in named))
        found[ref] = Claim(ref, coder, at, values(body), knew, bool(live))
    return list(found.values())


def standing(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Key → the live claims on it that no other live claim on it knew, in log order."""
    by_key: dict[str, list[Claim]] = {}
    for claim in claims:
        for key in claim.said if claim.live else ():
            by_key.setdefault(key, []).append(claim)
    return {
        key: [one for one in those if one.ref not in frozenset().union(*(other.knew for other in those))]
        for key, those in by_key.items()
    }


def apart(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """The keys that were given different values apart, with the claims that stand on each."""
    return {
        key: those
        for key, those in sorted(standing(claims).items())
        if len({json.dumps(one.said[key], sort_keys=True) for one in those}) > 1
    }


def heads(claims: Sequence[Claim]) -> list[str]:
    """The live events that no live one knew: what a new change replaces, and so knows all."""
    known = frozenset().union(*(one.knew for one in claims if one.live))
    return [one.ref for one in claims if one.live and one.ref not in known]
