"""What comes from another copy of a study: read at one moment, and checked before it is believed.

Every act's and every content's hash, every event's shape and target. Raises ProjectError for what does not stand up to
it; what the entries mean is tried where they are projected, see `merging`.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from qualcode.errors import ProjectError
from qualcode.slugs import nfc
from qualcode.store import connection, log, projection
from qualcode.store.rows import Row

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
_NAMING = {"about", "roles", "names", "cases", "prompts", "details", "memo", "text", "base", "on"}
_REPEATED = ("source", "text", "code", "origin")
_BRACKETS = re.compile(r"[][{}]")
_DEEP = 200  # brackets within brackets that a body may have: ours have six, SQLite reads a thousand
_LEAP = 2**32  # an honest log counts one up an act; a forged number near SQLite's last one would end all writing
_NOUN_OF = {kind: noun for noun, kinds in KINDS_OF.items() for kind in kinds}


def _no_number(word: str) -> object:
    """NaN and Infinity, which Python reads and SQLite does not."""
    raise ValueError(f"{word} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the other log has and this one lacks, as rows; `there` are the ids of all its acts.

    `completed` are targets here whose missing contents came; `told` is each target's events in log order.
    """

    acts: list[Row]
    events: list[Row]
    contents: list[tuple[str, bytes, str]]
    erased: list[tuple[str, str]]
    completed: set[str]
    told: dict[str, list[projection.Happening]]
    there: set[str]
    drawn: list[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of the other database, unchecked: what is new of `acts` and `events` (act → rows), and all the rest."""

    acts: list[Row]
    events: dict[str, list[Row]]
    contents: list[tuple[str, bytes, str]]
    erased: list[tuple[str, str]]
    there: set[str]
    handed_out: bool
    drawn: list[tuple[str, int | None]]


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
    return {key: target for target, body in events for key in _named([json.loads(body)]) if key not in here}


def read(path: Path, known: Mapping[str, int], lacking: Mapping[str, str], *, partial: bool, gaps: bool) -> Incoming:
    """The other log without what is known, and the contents that are lacking here."""
    with connection.explained(path):
        with _opened(path) as other:
            connection.check_version(other)
            _refuse_strange_schema(other)
            found = _found(other, known, contents=bool(lacking))
        gaps = gaps or partial or found.handed_out
        return _checked(found, known, lacking, partial=partial, gaps=gaps)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The other database as it is at one moment, though somebody works in it: locked, or else a private copy of it.

    Raises ProjectBusy.
    """
    other = _locked(path)
    if other is not None:
        with closing(other):
            yield other
        return
    with tempfile.TemporaryDirectory(prefix="qualcode-") as scratch:
        copy = Path(scratch) / path.name  # errors name it
        _copied(path, copy)
        with closing(connection.connect(copy)) as other:
            yield other


def _locked(path: Path) -> sqlite3.Connection | None:
    """The database open for reading, with the lock that keeps writers from committing; None where it cannot be.

    A journal that a killed process left is not recovered in a team-mate's folder, nor a WAL database opened there.
    """
    with path.open("rb") as file:
        if file.read(20)[18:] != b"\1\1":
            return None
    other = None
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        other = sqlite3.connect(uri, uri=True, timeout=connection.WAIT_SECONDS, isolation_level=None)
        for statement in ("PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "BEGIN"):
            other.execute(statement)
        other.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        if other is not None:
            other.close()
        if "locked" in str(error):
            raise
        return None
    return other


def _copied(path: Path, copy: Path) -> None:
    """Copy the file, and its journal if any."""
    shutil.copyfile(path, copy)
    with suppress(FileNotFoundError):
        shutil.copyfile(path.with_name(f"{path.name}-journal"), copy.with_name(f"{copy.name}-journal"))


def _refuse_strange_schema(other: sqlite3.Connection) -> None:
    """Triggers and tables in disguise could make reading something else than it says."""
    rows = other.execute("SELECT type, name FROM sqlite_master").fetchall()
    kinds = {name: kind for kind, name in rows}
    strange = [name for kind, name in rows if kind == "trigger"]
    if strange or any(kinds.get(name) != "table" for name in ("act", "event", "content", "erased")):
        raise ProjectError("that database has a schema of its own; nothing was merged", "ask who made it")


def _found(other: sqlite3.Connection, known: Mapping[str, int], *, contents: bool) -> _Found:
    """Read quickly what is new: while it is read, nobody can write there. `contents` are read for old acts too."""
    fields = "id, replica, parent, lamport, coder, at, command"
    acts = other.execute(f"SELECT {fields} FROM act ORDER BY lamport, id").fetchall()
    new = [row for row in acts if row[0] not in known]
    rows = other.execute("SELECT act, k, kind, target, body FROM event ORDER BY act, k")
    events = {act: list(said) for act, said in groupby(rows, itemgetter(0)) if act not in known}
    texts = other.execute("SELECT id, salt, data FROM content").fetchall() if new or contents else []
    erased = other.execute("SELECT content, act FROM erased").fetchall()
    handed_out = log.meta(other, "handout") is not None
    return _Found(new, events, texts, erased, {row[0] for row in acts}, handed_out, log.drawn(other))


def _checked(
    found: _Found, known: Mapping[str, int], lacking: Mapping[str, str], *, partial: bool, gaps: bool
) -> Incoming:
    """What was found, when it stands up to its hashes and says nothing but what we know."""
    _refuse_strange_acts(found.acts, known, gaps=gaps)
    events, told, wanted = _told(found)
    contents = [row for row in found.contents if row[0] in wanted or row[0] in lacking]
    if any(log.content_id(salt, data) != key for key, salt, data in contents):
        raise ProjectError("a text of that project was altered after it was written", "take a fresh copy of it")
    erased = _told_erased(found, events)
    missing = wanted - {row[0] for row in contents} - {row[0] for row in erased}
    if missing and not partial:
        if found.handed_out:
            raise ProjectError(
                "that is a hand-out of another study, which begins a project of its own",
                "`qualcode init DIR --handout FILE --coder NAME`",
            )
        raise ProjectError(f"{len(missing)} texts of that project are missing", "take a fresh copy of it")
    brought = {lacking[row[0]] for row in contents if row[0] in lacking}
    return Incoming(found.acts, events, contents, erased, brought, told, found.there, found.drawn)


def _told(found: _Found) -> tuple[list[Row], dict[str, list[projection.Happening]], set[str]]:
    """The events of the new acts as rows, what they say by target, and the contents that they name, in log order.

    Act by act, so that what one step leaves is still near for the next.
    """
    every: list[Row] = []
    told: dict[str, list[projection.Happening]] = {}
    wanted: set[str] = set()
    once: dict[str, str] = {}
    for key, *header in found.acts:
        rows = found.events.pop(key, [])
        whole = [row[1] for row in rows] == list(range(len(rows)))
        if not whole or log.act_id(log.Header(*header), map(itemgetter(2, 3, 4), rows)) != key:
            raise ProjectError("an act of that project was altered after it was written", "take a fresh copy of it")
        every += rows
        _, _, lamport, coder, at, _ = header
        coder = coder and nfc(coder)
        bodies = _bodies(key, rows)
        wanted.update(_named(bodies))
        _share(bodies, once)
        for (_, _, kind, target, _), body in zip(rows, bodies, strict=True):
            if not _target_of(kind)(target):
                raise ProjectError("that project holds an id that is none", "take a fresh copy of it")
            happening = projection.Happening(kind, body, coder, at, lamport, key)
            if target in told:
                told[target].append(happening)
            else:
                told[target] = [happening]
    return every, told, wanted


def _refuse_strange_acts(acts: list[Row], known: Mapping[str, int], *, gaps: bool) -> None:
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


def _told_erased(found: _Found, events: Iterable[Row]) -> list[tuple[str, str]]:
    """The erasures that an act among the new ones says: a bare row would make any text of ours go."""
    said: dict[str, list[str]] = {}
    for act, _, kind, _, body in events:
        if kind == "erase":
            said.setdefault(act, []).append(body)
    return [(content, act) for content, act in found.erased if any(str(content) in body for body in said.get(act, ()))]


@cache
def _target_of(kind: str) -> Callable[[str], object]:
    """Whether a target is one that an event of this kind can have. Raises ProjectError for a kind that is not ours."""
    noun = _NOUN_OF.get(kind)
    if noun is None:
        raise ProjectError(f"that project holds acts this qualcode does not know ({kind})", "update qualcode")
    return re.compile(f"{noun}:[0-9a-f]{{8,64}}" if noun in _KEYED else f"{noun}:.*", re.DOTALL).fullmatch


def _bodies(act: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The bodies of an act's events: decoded as one array, whose keys are made once, which takes half the time.

    The act's id stands between each two. No body can hold it, as it is the hash of them all; so where every second
    value is that id, each body is one value by itself and does not go on in the next. Raises ValueError otherwise.
    """
    texts = [row[4] for row in rows]
    if not all(body[:1] == "{" and body[-1:] == "}" for body in texts):  # no white space either: the log writes none
        raise ProjectError("that project holds an act without a body", "take a fresh copy of it")
    if any(len(body) > 2 * _DEEP and _depth(body) > _DEEP for body in texts):
        raise ValueError("a body that SQLite could not read")
    values = _DECODER.decode(f"[{f',{json.dumps(act)},'.join(texts)}]")
    if len(values) != max(0, 2 * len(texts) - 1) or any(value != act for value in values[1::2]):
        raise ValueError("a body that is not one value")
    return list(values[::2])


def _depth(text: str) -> int:
    """How deep brackets nest, those in strings included."""
    marks = _BRACKETS.findall(text)
    return max(accumulate(1 if mark in "[{" else -1 for mark in marks), default=0)


def _share(bodies: Iterable[dict[str, Any]], once: dict[str, str]) -> None:
    """Keep words that many bodies repeat once: they are stored sooner, and 100,000 codings take 40 MB less."""
    for body in bodies:
        for name in _REPEATED:
            word = body.get(name)
            if word.__class__ is str:
                body[name] = once.setdefault(word, word)


def _named(bodies: Collection[Mapping[str, Any]]) -> list[str]:
    """The contents that the bodies of events name. Raises ValueError for what names one and is no id.

    The details of a decision are its own, not a content.
    """
    naming = _NAMING.intersection(chain.from_iterable(bodies))  # most are of one kind
    found = [value for body in bodies for value in map(body.get, naming) if value is not None]
    ids = [value for value in found if value.__class__ is str and len(value) == 64]
    if len(ids) + sum(value.__class__ is dict for value in found) < len(found):
        raise ValueError("a content that is none")
    return ids
