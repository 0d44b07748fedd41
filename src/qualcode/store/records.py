"""What the log says beside codings: adjudications, samples, frozen units and figures. They have no rows of their own.

A record is the last live event on its target; `text` of its body is a content (a person's words), resolved here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Noun = Literal["adjudication", "sample", "freeze", "units"]
KIND_OF: Mapping[str, str] = {"adjudication": "adjudicate", "sample": "sample", "freeze": "freeze", "units": "units"}
assert set(KIND_OF) == set(get_args(Noun))

_LIVE = """
SELECT event.target, event.body, act.coder, act.at
FROM event JOIN act ON act.id = event.act
WHERE event.target GLOB ? AND event.kind = ? AND NOT EXISTS (SELECT 1 FROM undone WHERE undone.act = act.id)
ORDER BY act.lamport, act.id, event.k
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its key, what it says, a person's words (empty where none or erased), who wrote it and when."""

    key: str
    body: Mapping[str, Any]
    text: str
    coder: str | None
    at: str


def live(conn: sqlite3.Connection, noun: Noun) -> tuple[Record, ...]:
    """The records of a noun in the order they were last written."""
    found: dict[str, Record] = {}
    for target, body, coder, at in conn.execute(_LIVE, (f"{noun}:*", KIND_OF[noun])):
        key = target.partition(":")[2]
        found.pop(key, None)
        said = json.loads(body)
        found[key] = Record(key, said, _text(conn, said), coder, at)
    return tuple(found.values())


def check(conn: sqlite3.Connection) -> None:
    """Raise ValueError, TypeError or LookupError for a record, or a note of what was seen, that makes no sense."""
    for (body,) in conn.execute("SELECT body FROM event WHERE target GLOB 'seen:*'"):
        said = json.loads(body)
        _texts(*(said[name] for name in ("coder", "source", "layer", "sitting")))
    for record in live(conn, "units"):
        str(record.body["name"]), str(record.body["cut"])
        for place in record.body["places"].values():
            if not (isinstance(place["text"], str) and all(0 <= start < end for start, end in place["spans"])):
                raise ValueError("units that lie nowhere")
    for record in live(conn, "sample"):
        _check_sample(record.body)
    for record in live(conn, "adjudication"):
        _texts(record.body["source"], record.body["codebook"], record.body["choice"], *record.body["codings"])
        _texts(record.body.get("rule", ""))
    for record in live(conn, "freeze"):
        if not all(isinstance(each, dict) for each in (record.body["figures"], record.body.get("asked", {}))):
            raise TypeError("figures of nothing")
        if not all(isinstance(row["measure"], str) for row in record.body.get("measures", ())):
            raise ValueError("figures without a name")


def _check_sample(body: Mapping[str, Any]) -> None:
    _texts(body["by"], *body["coders"])
    _numbers(body["seed"], body["population"], body["count"])
    for source, turn, stratum, probability, coders in body["drawn"]:
        _texts(source, *coders, *([] if stratum is None else [stratum]))
        _numbers(*([] if turn is None else [turn]), probability)
        if not 0 < probability <= 1:
            raise ValueError("a chance that is none")


def _texts(*values: object) -> None:
    if not all(isinstance(value, str) for value in values):
        raise TypeError("something that is no text")


def _numbers(*values: object) -> None:
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        raise TypeError("something that is no number")


def _text(conn: sqlite3.Connection, body: Mapping[str, Any]) -> str:
    row = conn.execute("SELECT data FROM content WHERE id = ?", (body.get("text"),)).fetchone()
    return "" if row is None else str(row[0])
