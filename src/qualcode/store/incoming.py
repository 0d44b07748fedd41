"""What comes from another copy of a study: read from a private copy of it, and checked before it is believed.

Every act's and every content's hash, every event's shape and target. Raises ProjectError for what does not stand up to
it; what the entries mean is tried where they are projected, see `merging`.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualcode.errors import ProjectError
from qualcode.slugs import nfc
from qualcode.store import connection, log, projection

_ID = re.compile(r"[0-9a-f]{8,64}")
KINDS_OF = {
    "source": (
        *("source.add", "source.roles", "source.speakers", "source.cases", "source.prompts"),
        *("source.revise", "source.settle"),
    ),
    "case": ("case.add", "case.set", "case.link"),
    "codebook": ("codebook.put",),
    "code": ("code.put", "code.retire"),
    "coding": ("coding.add", "coding.set", "coding.remove"),
    "memo": ("memo.put", "memo.remove"),
    "status": ("status.set",),
    "decision": ("decision",),
    "act": ("undo", "redo"),
    "milestone": ("milestone",),
    "run": ("run", "part"),
    "adjudication": ("adjudicate",),
    "sample": ("sample",),
    "freeze": ("freeze",),
    "units": ("units",),
    "seen": ("seen",),
    "survey": ("survey.put",),
    "set": ("set.code",),
    "link": ("link.put", "link.remove"),
}
_KEYED = ("source", "case", "code", "coding", "memo", "act", "run", "survey", "set", "link")
_NAMING = ("about", "roles", "names", "cases", "prompts", "details", "memo", "text", "base", "on")
_REPEATED = ("source", "text", "code", "origin")
_DECODER = json.JSONDecoder()
_LEAP = 2**32  # an honest log counts one up an act; a forged number near SQLite's last one would end all writing
_NOUN_OF = {kind: noun for noun, kinds in KINDS_OF.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the other log has and this one lacks, as rows; `there` are the ids of all its acts.

    `completed` are targets here whose missing contents came; `told` is each target's events, with their acts, in log
    order.
    """

    acts: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    contents: list[tuple[str, bytes, str]]
    erased: list[tuple[str, str]]
    completed: set[str]
    told: dict[str, list[tuple[str, projection.Happening]]]
    there: set[str]


def database(other: Path) -> Path:
    """The database file of a project folder, or the file itself. Raises ProjectError when there is none."""
    path = other / "qualcode.db" if other.is_dir() else other
    if not path.is_file():
        raise ProjectError(f"no project in {other.name}", "name a project folder, its qualcode.db or a hand-out")
    return path


def lacking(conn: sqlite3.Connection) -> dict[str, str]:
    """The contents that a hand-out left out → what names them: whoever has the whole project may bring them."""
    here = {row[0] for row in conn.execute("SELECT id FROM content UNION ALL SELECT content FROM erased")}
    events = conn.execute("SELECT target, body FROM event").fetchall()
    return {key: target for target, body in events for key in _named(json.loads(body)) if key not in here}


def read(path: Path, known: Mapping[str, int], lacking: Mapping[str, str], *, partial: bool, gaps: bool) -> Incoming:
    """The other log without what is known, and the contents that are lacking here, read from a private copy."""
    with tempfile.TemporaryDirectory(prefix="qualcode-") as scratch:
        copy = Path(scratch) / path.name  # errors name it
        with connection.explained(path):
            if not _backed_up(path, copy):
                _copied(path, copy)
            other = connection.connect(copy)
            try:
                connection.check_version(other)
                _refuse_strange_schema(other)
                gaps = gaps or partial or log.meta(other, "handout") is not None
                return _checked(other, known, lacking, partial=partial, gaps=gaps)
            finally:
                other.close()


def _backed_up(path: Path, copy: Path) -> bool:
    """Copy the database as it is at one moment, though somebody works in it; False where SQLite would have to write.

    Copying the bytes beside a writer mixes pages of two moments. A journal that a killed process left is not recovered
    in a team-mate's folder, nor a WAL database opened there: those are copied byte by byte. Raises ProjectBusy.
    """
    with path.open("rb") as file:
        if file.read(20)[18:] != b"\1\1":
            return False
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=connection.WAIT_SECONDS)) as other:
            other.execute("BEGIN")
            other.execute("SELECT 1 FROM sqlite_master").fetchone()  # the lock that keeps writers from committing
            with closing(sqlite3.connect(copy)) as target:
                other.backup(target)
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise
        return False
    return True


def _copied(path: Path, copy: Path) -> None:
    """Copy the file, and its journal if any; one that a failed attempt left must not be rolled back into the copy."""
    shutil.copyfile(path, copy)
    journal, copied = (each.with_name(each.name + "-journal") for each in (path, copy))
    copied.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        shutil.copyfile(journal, copied)


def _refuse_strange_schema(other: sqlite3.Connection) -> None:
    """Triggers and tables in disguise could make reading something else than it says."""
    rows = other.execute("SELECT type, name FROM sqlite_master").fetchall()
    kinds = {name: kind for kind, name in rows}
    strange = [name for kind, name in rows if kind == "trigger"]
    if strange or any(kinds.get(name) != "table" for name in ("act", "event", "content", "erased")):
        raise ProjectError("that database has a schema of its own; nothing was merged", "ask who made it")


def _checked(
    other: sqlite3.Connection, known: Mapping[str, int], lacking: Mapping[str, str], *, partial: bool, gaps: bool
) -> Incoming:
    fields = "id, replica, parent, lamport, coder, at, command"
    rows = other.execute(f"SELECT {fields} FROM act ORDER BY lamport, id").fetchall()
    acts = [row for row in rows if row[0] not in known]
    _refuse_strange_acts(acts, known, gaps=gaps)
    read: dict[str, list[tuple[int, log.Event]]] = {row[0]: [] for row in acts}
    for act, k, *event in other.execute("SELECT act, k, kind, target, body FROM event ORDER BY act, k"):
        if act in read:
            read[act].append((k, log.Event(*event)))
    events: dict[str, list[log.Event]] = {}
    wanted: set[str] = set()
    told: dict[str, list[tuple[str, projection.Happening]]] = {}
    once: dict[str, str] = {}
    for key, *header in acts:
        said = events[key] = [event for _, event in read[key]]
        if [k for k, _ in read.pop(key)] != list(range(len(said))) or log.act_id(log.Header(*header), said) != key:
            raise ProjectError("an act of that project was altered after it was written", "take a fresh copy of it")
        _, _, lamport, coder, at, _ = header
        coder = coder and nfc(coder)
        for event in said:
            body = _sound(event)
            wanted.update(_named(body))
            _share(body, once)
            happening = projection.Happening(event.kind, body, coder, at, lamport)
            told.setdefault(event.target, []).append((key, happening))
    contents = [
        row for row in other.execute("SELECT id, salt, data FROM content") if row[0] in wanted or row[0] in lacking
    ]
    if any(log.content_id(salt, data) != key for key, salt, data in contents):
        raise ProjectError("a text of that project was altered after it was written", "take a fresh copy of it")
    erased = _told_erased(other, events)
    missing = wanted - {row[0] for row in contents} - {row[0] for row in erased}
    if missing and not partial:
        if log.meta(other, "handout") is not None:
            raise ProjectError(
                "that is a hand-out of another study, which begins a project of its own",
                "`qualcode init DIR --handout FILE --coder NAME`",
            )
        raise ProjectError(f"{len(missing)} texts of that project are missing", "take a fresh copy of it")
    brought = {lacking[row[0]] for row in contents if row[0] in lacking}
    every = [(key, k, *event) for key, said in events.items() for k, event in enumerate(said)]
    return Incoming(acts, every, contents, erased, brought, told, {row[0] for row in rows})


def _refuse_strange_acts(acts: list[tuple[Any, ...]], known: Mapping[str, int], *, gaps: bool) -> None:
    """Raise for fields of another type than ours, a number out of all proportion, or a parent that comes no earlier.

    `gaps` allows for parents that nobody here has, as beside the log of a hand-out.
    """
    numbers = {**known, **{row[0]: row[3] for row in acts}}
    top = max(known.values(), default=0) + len(acts) + _LEAP
    for key, replica, parent, lamport, coder, at, command in acts:
        words = (key, replica, at, command, *(word for word in (parent, coder) if word is not None))
        if not all(isinstance(word, str) for word in words) or type(lamport) is not int or not 0 < lamport <= top:
            raise ProjectError("that project holds an act that is none", "take a fresh copy of it")
        before = numbers.get(parent, 0 if gaps or parent is None else lamport)
        if not before < lamport:
            raise ProjectError("acts are missing in that project's log", "take a fresh copy of it")


def _told_erased(other: sqlite3.Connection, events: Mapping[str, list[log.Event]]) -> list[tuple[str, str]]:
    """The erasures that an act among the new ones says: a bare row would make any text of ours go."""
    said = {act: [event.body for event in rows if event.kind == "erase"] for act, rows in events.items()}
    rows = other.execute("SELECT content, act FROM erased").fetchall()
    return [(content, act) for content, act in rows if any(str(content) in body for body in said.get(act, ()))]


def _sound(event: log.Event) -> dict[str, Any]:
    """The body of an event. Raises ProjectError for a kind, a target or a body that is not ours."""
    noun, colon, key = event.target.partition(":")
    if not colon or _NOUN_OF.get(event.kind) != noun:
        raise ProjectError(f"that project holds acts this qualcode does not know ({event.kind})", "update qualcode")
    if noun in _KEYED and not _ID.fullmatch(key):
        raise ProjectError("that project holds an id that is none", "take a fresh copy of it")
    body = _body(event.body) if isinstance(event.body, str) else None
    if not isinstance(body, dict):
        raise ProjectError("that project holds an act without a body", "take a fresh copy of it")
    return body


def _body(text: str) -> object:
    """The one JSON value that `text` is; `json.loads` looks for white space that the log does not write.

    Raises ValueError when it is none.
    """
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("more than one value")
    return value


def _share(body: dict[str, Any], once: dict[str, str]) -> None:
    """Keep words that many bodies repeat once: 100,000 codings of 40 texts are stored in 1.2 s instead of 1.6 s."""
    for name in _REPEATED:
        word = body.get(name)
        if word.__class__ is str:
            body[name] = once.setdefault(word, word)


def _named(body: Mapping[str, Any]) -> list[str]:
    """The contents that the body of an event names."""
    return [value for value in map(body.get, _NAMING) if value.__class__ is str and len(value) == 64]
