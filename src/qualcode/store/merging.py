"""Merge: the set union of two logs. Acts unite by id, so merging twice changes nothing and the order does not matter.

What comes from outside is checked before it is believed: every act's and content's hash, every event's shape, every
span inside its text. Merging is no act; a local receipt remembers it, and undoing it moves the acts that came into
`withheld`.
"""

from __future__ import annotations

import gc
import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualcode.errors import ProjectError
from qualcode.slugs import nfc
from qualcode.store import conflicts, connection, crossings, log, projection, records, relations, retrieval

_ID = re.compile(r"[0-9a-f]{8,64}")
_NOUNS = {
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
# What a forged entry can raise on its way into the tables.
_SENSELESS = (
    *(sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError),
    *(LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError),
)
_KEYED = ("source", "case", "code", "coding", "memo", "act", "run", "survey", "set", "link")
_NAMING = ("about", "roles", "names", "cases", "prompts", "details", "memo", "text", "base", "on")
_REPEATED = ("source", "text", "code", "origin")
_DECODER = json.JSONDecoder()
_LEAP = 2**32  # an honest log counts one up an act; a forged number near SQLite's last one would end all writing
_NOUN_OF = {kind: noun for noun, kinds in _NOUNS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: new acts, and how many more sources, cases, codings and memos there are.

    `crossings` are the codes that were given up in one copy while the other coded with them. `unrelated`: both had
    sources, and the logs had no act and no source in common.
    """

    new_acts: int
    sources: int
    cases: int
    codings: int
    memos: int
    forks: tuple[str, ...] = ()
    crossings: tuple[crossings.Crossing, ...] = ()
    unrelated: bool = False


@dataclass(frozen=True, slots=True)
class _Incoming:
    acts: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    contents: list[tuple[str, bytes, str]]
    erased: list[tuple[str, str]]
    completed: set[str]
    told: dict[str, list[tuple[str, projection.Happening]]]  # target → its events, each with its act, in log order
    there: set[str]


def take_in(conn: sqlite3.Connection, other: Path, *, dry_run: bool = False, partial: bool = False) -> Merged:
    """Bring in the log at `other` (a project folder or its database) in one transaction.

    `partial` takes a log whose contents are not all there, as a hand-out's. Raises ProjectError when it is no project,
    is newer than this qualcode, or does not stand up to its own hashes; then nothing is changed.
    """
    known = dict(conn.execute("SELECT id, lamport FROM act").fetchall())
    try:
        part = log.meta(conn, "handout") is not None
        with _uncollected():
            incoming = _read(_database(other), known, _lacking(conn) if part else {}, partial=partial, gaps=part)
            with connection.transaction(conn):
                merged = _unite(conn, incoming)
                if dry_run:
                    raise _DryRunError(merged)
    except _DryRunError as done:
        return done.merged
    except _SENSELESS as error:
        raise ProjectError(
            "that project holds entries that make no sense here; nothing was merged", "run `qualcode doctor` on it"
        ) from error
    return merged


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the collector of cycles: the events of a merge all stay, and looking through them took a third of it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _DryRunError(Exception):
    def __init__(self, merged: Merged) -> None:
        self.merged = merged
        super().__init__()


def _database(other: Path) -> Path:
    path = other / "qualcode.db" if other.is_dir() else other
    if not path.is_file():
        raise ProjectError(f"no project in {other.name}", "name a project folder, its qualcode.db or a hand-out")
    return path


def _lacking(conn: sqlite3.Connection) -> dict[str, str]:
    """The contents that a hand-out left out → what names them: whoever has the whole project may bring them."""
    here = {row[0] for row in conn.execute("SELECT id FROM content UNION ALL SELECT content FROM erased")}
    events = conn.execute("SELECT target, body FROM event").fetchall()
    return {key: target for target, body in events for key in _named(json.loads(body)) if key not in here}


def _read(path: Path, known: Mapping[str, int], lacking: Mapping[str, str], *, partial: bool, gaps: bool) -> _Incoming:
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
) -> _Incoming:
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
    return _Incoming(acts, every, contents, erased, brought, told, {row[0] for row in rows})


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


def _unite(conn: sqlite3.Connection, incoming: _Incoming) -> Merged:
    before = _counts(conn)
    was_undone = {row[0] for row in conn.execute("SELECT act FROM undone")}
    here = {row[0] for row in conn.execute("SELECT DISTINCT target FROM event")}
    _insert(conn, incoming)
    projection.refresh_undone(conn)
    undone = {row[0] for row in conn.execute("SELECT act FROM undone")}
    told = {
        target: events
        for target, events in incoming.told.items()
        if projection.at_hand(target, (happening.kind for _, happening in events), here)
    }
    targets = (incoming.told.keys() | incoming.completed) - told.keys()
    for act in undone ^ was_undone:
        targets |= {row[0] for row in conn.execute("SELECT target FROM event WHERE act = ?", (act,))} - told.keys()
    contents = {key: data for key, _, data in incoming.contents}
    projection.project(conn, targets, contents, _live(told, undone))
    _refuse_bad_spans(conn)
    _read_through(conn, incoming.told.keys() | targets)
    after = _counts(conn)
    if incoming.acts:
        _keep_receipt(conn, incoming)
    sources, cases, codings, memos = (max(0, now - then) for then, now in zip(before, after, strict=True))
    crossed = crossings.found(conn, {row[0] for row in incoming.acts}, incoming.there)
    both = before[0] > 0 and sources > 0
    unrelated = both and len(incoming.acts) == len(incoming.there) and not _in_common(incoming, here)
    return Merged(len(incoming.acts), sources, cases, codings, memos, forks(conn), crossed, unrelated)


def _in_common(incoming: _Incoming, here: Collection[str]) -> bool:
    """Whether a source that comes was known here before."""
    return any(target in here for target in incoming.told if target.startswith("source:"))


def _live(
    told: Mapping[str, list[tuple[str, projection.Happening]]], undone: Collection[str]
) -> Iterator[projection.Story]:
    """The events that count, by target: in the order of the table's key, which halves the time of inserting."""
    for target in sorted(told):
        yield target, [happening for act, happening in told[target] if act not in undone]


def _insert(conn: sqlite3.Connection, incoming: _Incoming) -> None:
    tombs = {row[0] for row in conn.execute("SELECT content FROM erased")}
    conn.executemany("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", incoming.acts)
    conn.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", incoming.events)
    conn.executemany(
        "INSERT OR IGNORE INTO content VALUES (?, ?, ?)", [row for row in incoming.contents if row[0] not in tombs]
    )
    conn.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", incoming.erased)
    conn.execute("DELETE FROM content WHERE id IN (SELECT content FROM erased)")
    conn.executemany("DELETE FROM withheld WHERE id = ?", [(row[0],) for row in incoming.acts])


def _counts(conn: sqlite3.Connection) -> list[int]:
    return [
        int(conn.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])
        for table in ("source", "case", "coding", "memo")
    ]


def _refuse_bad_spans(conn: sqlite3.Connection) -> None:
    """Raise when a text is not as long as it says, or a turn or coding leaves its text."""
    queries = (
        "SELECT 1 FROM source JOIN content ON content.id = source.text WHERE length(content.data) != source.chars",
        'SELECT 1 FROM turn JOIN source ON source.id = turn.source WHERE turn."end" > source.chars',
        'SELECT 1 FROM coding JOIN source ON source.id = coding.source WHERE coding."end" > source.chars '
        "AND coding.anchor != 'orphan'",
    )
    for query in queries:
        if conn.execute(f"{query} LIMIT 1").fetchone():
            raise ProjectError("that project holds spans outside their texts; nothing was merged", "take a fresh copy")


def _read_through(conn: sqlite3.Connection, targets: Iterable[str]) -> None:
    """Make values of what came, as every list will: what cannot be read must not be stored."""
    sources = {target.partition(":")[2] for target in targets if target.startswith("source:")}
    retrieval.sources(conn, sources)
    for read in (retrieval.codebooks, retrieval.cases, retrieval.suggestions, retrieval.memos, retrieval.surveys):
        read(conn)
    relations.code_sets(conn)
    relations.code_links(conn)
    conflicts.found(conn)
    records.check(conn)
    for (heads,) in conn.execute("SELECT heads FROM milestone"):
        if not all(isinstance(lamport, int) for lamport in json.loads(heads).values()):
            raise ValueError("a milestone that marks nothing")


def _keep_receipt(conn: sqlite3.Connection, incoming: _Incoming) -> None:
    last = conn.execute("SELECT max(lamport) FROM act").fetchone()[0]
    body = {"merged": [row[0] for row in incoming.acts], "lamport": last}
    conn.execute("INSERT INTO receipt (at, body) VALUES (?, ?)", (log.now(), json.dumps(body)))


def forks(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Replicas whose chain has two continuations: an old copy was restored and both went on. Both sides are kept."""
    rows = conn.execute(
        "SELECT replica FROM act WHERE parent IS NOT NULL GROUP BY replica, parent HAVING count(*) > 1 ORDER BY replica"
    )
    return tuple(dict.fromkeys(row[0] for row in rows))


# -- taking a merge back --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """The receipt of a merge: the acts it brought, and the lamport number of the last act then."""

    number: int
    acts: tuple[str, ...]
    lamport: int


def last_merge(conn: sqlite3.Connection) -> Kept | None:
    """The newest receipt of a merge that was not taken back."""
    row = conn.execute("SELECT id, body FROM receipt ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return None
    said = json.loads(row[1])
    return Kept(row[0], tuple(said["merged"]), said["lamport"])


def built_upon(conn: sqlite3.Connection, kept: Kept) -> bool:
    """Whether an act newer than the merge is live: it may stand on what came."""
    row = conn.execute(
        "SELECT 1 FROM act WHERE lamport > ? AND command NOT IN ('undo', 'redo', 'seen') "
        "AND id NOT IN (SELECT act FROM undone) LIMIT 1",
        (kept.lamport,),
    ).fetchone()
    return row is not None


def withhold(conn: sqlite3.Connection, kept: Kept) -> None:
    """Take the acts of a merge out of the log into `withheld`, inside the caller's transaction; nothing is lost."""
    for act in kept.acts:
        header = conn.execute("SELECT * FROM act WHERE id = ?", (act,)).fetchone()
        events = conn.execute("SELECT * FROM event WHERE act = ? ORDER BY k", (act,)).fetchall()
        body = json.dumps({"act": header, "events": events})
        conn.execute("INSERT OR REPLACE INTO withheld VALUES (?, ?)", (act, body))
        conn.execute("DELETE FROM event WHERE act = ?", (act,))
        conn.execute("DELETE FROM act WHERE id = ?", (act,))
    conn.execute("DELETE FROM receipt WHERE id = ?", (kept.number,))
    projection.rebuild(conn)
