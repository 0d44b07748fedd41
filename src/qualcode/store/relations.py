"""Sets of codes and links between codes, read straight from the log: they are few and read whole.

A code is in a set when its last live ``set.code`` says so; a link is there when its last live event is ``link.put``. A
set is known by its name and a link by its codes and kind, so what two people say apart is one thing after a merge, and
a code that one of them puts in stays beside what the other takes out. A merged code counts as what it became.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from typing import Any, Literal

from qualcode.model import CodeLink, CodeSet, stable_id
from qualcode.store import retrieval

# The target is written out, so that SQLite finds it by its index instead of reading the whole log.
_LIVE = """
SELECT event.kind, event.body, content.data
FROM event JOIN act ON act.id = event.act JOIN content ON content.id = json_extract(event.body, '$.text')
WHERE event.target GLOB '{noun}:*' AND NOT EXISTS (SELECT 1 FROM undone WHERE undone.act = act.id)
ORDER BY act.lamport, act.id, event.k
"""


def set_key(name: str) -> str:
    """What a set is known by on every replica: its name, whatever the case and the form of its letters."""
    return stable_id("set", _bare(name))


def link_key(origin: str, kind: str, target: str) -> str:
    """What a link is known by: the ids of its codes and its kind."""
    return stable_id("link", origin, _bare(kind), target)


def _bare(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())


def _live(conn: sqlite3.Connection, noun: Literal["set", "link"]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Kind, body and words of the live events on all sets or links, in the order of the log."""
    for kind, body, text in conn.execute(_LIVE.format(noun=noun)):
        yield kind, json.loads(body), str(text)


def _paths(conn: sqlite3.Connection) -> dict[str, str]:
    """Code id → path, of what leads to a live code: retired codes are in no set until they come back."""
    live = {code.path for code in retrieval.codes(conn).values()}
    return {key: path for key, path in retrieval.code_paths(conn).items() if path in live}


def code_sets(conn: sqlite3.Connection) -> tuple[CodeSet, ...]:
    """The sets with a live code, by name; their codes in the order they were put in."""
    paths = _paths(conn)
    names: dict[str, str] = {}
    members: dict[str, dict[str, None]] = {}
    for _, body, name in _live(conn, "set"):
        names[_bare(name)] = name
        held = members.setdefault(_bare(name), {})
        if path := paths.get(body["code"]):
            if body["in"]:
                held.setdefault(path)
            else:
                held.pop(path, None)
    return tuple(CodeSet(names[key], tuple(held)) for key, held in sorted(members.items()) if held)


def code_links(conn: sqlite3.Connection) -> tuple[CodeLink, ...]:
    """The links between two live codes, in the order they were drawn; none leads from a code to itself."""
    paths = _paths(conn)
    drawn: dict[tuple[str, str, str], CodeLink] = {}
    for event, body, kind in _live(conn, "link"):
        origin, target = paths.get(body["origin"]), paths.get(body["target"])
        if origin is None or target is None or origin == target:
            continue
        if event == "link.put":
            drawn.setdefault((origin, _bare(kind), target), CodeLink(origin, kind, target))
        else:
            drawn.pop((origin, _bare(kind), target), None)
    return tuple(drawn.values())
