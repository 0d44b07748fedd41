"""Projects that somebody has tampered with and hashed anew, so that only their content gives them away."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from qualcode.store import log, schema

# Tables without types and checks: whoever forges a project makes its schema, too.
LOOSE = """
CREATE TABLE act (id, replica, parent, lamport, coder, at, command);
CREATE TABLE event (act, k, kind, target, body);
CREATE TABLE content (id, salt, data);
CREATE TABLE erased (content, act);
CREATE TABLE meta (key, value);
"""
ODD: tuple[Any, ...] = (
    *(None, "", "x", "../../x", 0, -1, 3, 10**6, 2**62, 2**63 - 1, 1.5, float("inf"), True, [], {}, [[]], {"a": 1}),
    *([[-5, -5, 10**9]], "a" * 64, "0" * 64, "\x1b[2J", "\ud800", "=1+1", b"\xff\x00", ["x"] * 3),
)
Act = list[Any]
Event = list[Any]


class Forged:
    """The log of a project in lists, to be changed at will and written with hashes that fit."""

    def __init__(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as conn:
            rows = conn.execute("SELECT id, replica, parent, lamport, coder, at, command FROM act ORDER BY lamport, id")
            self.acts: list[Act] = [list(row) for row in rows]
            events = conn.execute("SELECT act, kind, target, body FROM event ORDER BY act, k").fetchall()
            self.contents: list[list[Any]] = [list(row) for row in conn.execute("SELECT id, salt, data FROM content")]
        self.events: dict[str, list[Event]] = {act[0]: [] for act in self.acts}
        for act, kind, target, body in events:
            self.events[act].append([kind, target, json.loads(body)])

    def last(self, kind: str) -> Event:
        """The last event of a kind."""
        return [event for act in self.acts for event in self.events[act[0]] if event[0] == kind][-1]

    def say(self, said: Any) -> str:
        """A new content, with a hash that fits; its id."""
        data = said if isinstance(said, str) else json.dumps(said)
        key = log.content_id(b"salt", data)
        self.contents.append([key, b"salt", data])
        return key

    def write(self, path: Path) -> Path:
        """The database, every act with the id that its hash gives."""
        path.unlink(missing_ok=True)
        new_id: dict[Any, Any] = {None: None}
        with closing(sqlite3.connect(path)) as conn:
            conn.executescript(LOOSE)
            conn.execute(f"PRAGMA user_version = {schema.VERSION}")
            for act in self.acts:
                events = [_event(*event) for event in self.events[act[0]]]
                header = log.Header(act[1], new_id.get(act[2], act[2]), *act[3:])
                key = new_id[act[0]] = _hashed(header, events)
                row = (key, header.replica, header.parent, *act[3:])
                conn.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", row)
                rows = [(key, k, event.kind, event.target, event.body) for k, event in enumerate(events)]
                conn.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", rows)
            conn.executemany("INSERT INTO content VALUES (?, ?, ?)", self.contents)
            conn.commit()
        return path


def _event(kind: Any, target: Any, body: Any) -> log.Event:
    if isinstance(body, dict | list):  # not as the log writes it: NaN is tried too
        body = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return log.Event(kind, target, body)


def _hashed(header: log.Header, events: list[log.Event]) -> str:
    try:
        return log.act_id(header, events)
    except (TypeError, ValueError, UnicodeError):
        return "f" * 64  # it has no hash at all


def at_random(forged: Forged, dice: random.Random) -> None:
    """Change one thing: a field of an act, of an event, of a body, or inside a content."""
    act = dice.choice(forged.acts)
    event = dice.choice(forged.events[act[0]])
    way = dice.randrange(5)
    if way == 0:
        act[dice.choice((1, 3, 4, 5, 6))] = _plain(dice)
    elif way == 1:
        event[dice.randrange(2)] = _plain(dice)
    elif way == 2:
        event[2] = _plain(dice) if dice.random() < 0.5 else dice.choice(([], "{", "[" * 100_000, '{"a": NaN}'))
    elif way == 3 and event[2] and isinstance(event[2], dict):
        event[2][dice.choice(sorted(event[2]))] = _json(dice)
    else:
        _spoil_content(forged, event, dice)


def _plain(dice: random.Random) -> Any:
    return dice.choice([value for value in ODD if value is None or isinstance(value, str | bytes | int | float)])


def _json(dice: random.Random) -> Any:
    return dice.choice([value for value in ODD if not isinstance(value, bytes)])


def _spoil_content(forged: Forged, event: Event, dice: random.Random) -> None:
    held = {row[0]: row[2] for row in forged.contents}
    body = event[2] if isinstance(event[2], dict) else {}
    for name in ("about", "details", "roles"):
        said = json.loads(held.get(str(body.get(name)), "0"))
        if isinstance(said, dict) and said:
            odd = {**said, dice.choice(sorted(said)): _json(dice)}
            body[name] = forged.say(dice.choice((odd, odd, _json(dice), "no json")))
            return
