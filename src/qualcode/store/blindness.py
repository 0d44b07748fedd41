"""What the log knows of who was shown what, and of when a coder worked on a source: evidence about blindness.

Marks come in the order of the log (lamport, act.id, k), never of a clock. One coder's marks are what is put in order
here: what a coder was shown and what they coded are both their own acts.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from qualcode.model import CONSENSUS
from qualcode.store import retrieval

AT_SCREEN = "code"
"""The command of acts that code at the screen, where the log notes which other layers are shown."""
SUGGESTIONS = "suggestions"
DISAGREEMENTS = "disagreements"

_KINDS = "'coding.add', 'coding.set', 'coding.remove', 'status.set', 'seen', 'decision', 'adjudicate', 'undo', 'redo'"
_PLACED = ("start", "end", "code")


class Mark(NamedTuple):
    """One event about a coder and a source (by id). A named tuple: a log holds one for every coding, and more.

    `kind`: ``worked`` (a coding of theirs was made, moved, recoded, taken away, or that undone or redone), ``done``,
    ``open`` (said to be not done), ``shown``. Of work, `codebook` and `round` say which, and `screen` whether it made
    a coding at the screen; of what was shown, `layer` is a coder, ``suggestions`` or ``disagreements``. `at` is the
    time of the act, for display.
    """

    kind: Literal["worked", "done", "open", "shown"]
    coder: str
    source: str
    codebook: str = ""
    round: int = 0
    made: bool = False
    screen: bool = False
    layer: str = ""
    at: str = ""


def marks(conn: sqlite3.Connection) -> tuple[Mark, ...]:
    """All marks in the order of the log. Deciding on a suggestion counts as having been shown it."""
    rows = conn.execute(
        "SELECT event.act, act.coder, act.command, act.at, event.kind, event.target, event.body "
        f"FROM event JOIN act ON act.id = event.act WHERE event.kind IN ({_KINDS}) "
        "ORDER BY act.lamport, act.id, event.k"
    )
    return tuple(_Reading(conn).read(rows))


class _Reading:
    """One pass over the log: codings are remembered, so that a later change knows its source, codebook and round."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._books = {key: path.partition("/")[0] for key, path in retrieval.code_paths(conn).items()}
        self._codings: dict[str, Mark] = {}
        self._of_act: dict[str, list[Mark]] = defaultdict(list)

    def read(self, rows: sqlite3.Cursor) -> Iterator[Mark]:
        for act, coder, command, at, kind, target, body in rows:
            noun, _, key = target.partition(":")
            if kind in ("undo", "redo"):
                again = [mark._replace(made=False, screen=False) for mark in self._of_act.get(key, ())]
            elif noun == "coding":
                again = self._work(kind, key, json.loads(body), coder or "", command)
            else:
                again = list(self._other(kind, json.loads(body), coder or ""))
            for mark in again:
                found = mark._replace(at=at)
                if found.kind in ("worked", "done", "open") and kind not in ("undo", "redo"):
                    self._of_act[act].append(found)
                yield found

    def _work(self, kind: str, key: str, body: dict[str, Any], coder: str, command: str) -> list[Mark]:
        """The marks of a change to a coding; another code may be one of another codebook."""
        book = self._books.get(str(body.get("code")), "")
        if kind == "coding.add":
            if body.get("layer") == CONSENSUS:
                return []
            screen = command == AT_SCREEN
            round = body.get(
                "round", 1
            )  # an entry that counts for nothing may say anything: merging looks at the others
            mark = Mark(
                "worked", coder, str(body.get("source")), book, round if isinstance(round, int) else 1, True, screen
            )
            self._codings[key] = mark._replace(made=False, screen=False)
            return [mark]
        known = self._codings.get(key)
        if known is None or (kind == "coding.set" and not any(name in body for name in _PLACED)):
            return []
        moved = [known._replace(codebook=book)] if book and book != known.codebook else []
        self._codings[key] = moved[0] if moved else known
        return [known, *moved]

    def _other(self, kind: str, body: dict[str, Any], coder: str) -> Iterator[Mark]:
        source = str(body.get("source"))
        if kind == "status.set":
            state: Literal["done", "open"] = "done" if body.get("state") == "done" else "open"
            yield Mark(state, str(body.get("coder")), source, str(body.get("codebook")))
        elif kind == "seen":
            yield Mark("shown", str(body.get("coder")), source, layer=str(body.get("layer")))
        elif kind in ("decision", "adjudicate"):
            yield Mark("shown", coder, source, layer=SUGGESTIONS if kind == "decision" else DISAGREEMENTS)
