"""What was done, undo and redo, milestones, and the project as it was: all read from the log, all written as acts.

Undoing is a new act that targets an old one; the last undo or redo of an act wins. A command that wrote several acts
(an import of a folder) names them by a common ``run`` and is undone as one.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from qualcode.errors import NotUndoable, UsageError, nearest
from qualcode.slugs import nfc
from qualcode.store import connection, log, projection, schema
from qualcode.store.subjects import Subjects

NEVER_UNDONE = ("undo", "redo", "init", "milestone", "freeze", "erase", "seen")
_WORDS = {
    "source.add": "source added",
    "source.roles": "role set",
    "source.speakers": "speaker renamed",
    "source.cases": "speaker case set",
    "source.prompts": "question list matched",
    "source.revise": "source revised",
    "case.add": "case added",
    "case.set": "case changed",
    "case.link": "case linked",
    "codebook.put": "codebook applied",
    "code.put": "code written",
    "code.retire": "code retired",
    "coding.add": "coding added",
    "coding.set": "coding changed",
    "coding.remove": "coding removed",
    "memo.put": "memo written",
    "memo.remove": "memo removed",
    "status.set": "status set",
    "decision": "suggestion decided",
    "undo": "act undone",
    "redo": "act redone",
    "milestone": "milestone set",
    "adjudicate": "disagreement settled",
    "sample": "sample drawn",
    "freeze": "figure frozen",
    "units": "unit frozen",
    "seen": "layer seen",
    "survey.put": "survey read",
    "set.code": "set changed",
    "link.put": "link drawn",
    "link.remove": "link removed",
}

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FEW = 200  # acts: to read the events of these one by one is quicker than to read the log
_ACTS = "SELECT id, at, coder, command, replica FROM act"
_NEWEST = f"{_ACTS} ORDER BY lamport DESC, id DESC"
_OF_RUN = f"{_ACTS} WHERE id IN (SELECT act FROM event WHERE target = ?)"
_LAST_LIVE = f"""
{_ACTS} WHERE replica = ? AND (coder IS NULL OR coder = ?)
  AND command NOT IN ({", ".join("?" * len(NEVER_UNDONE))}) AND id NOT IN (SELECT act FROM undone)
ORDER BY lamport DESC, id DESC LIMIT 1
"""
_Act = tuple[str, str, str | None, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of the history: `changes` counts its events in words; `suggestions` are those it decided on.

    `about` are the names of the sources, cases, codes, codebooks and milestones it changed, and the acts it undid.
    Acts of one `run` are undone together; those of one command with `parts` also one by one.
    """

    id: str
    at: str
    coder: str | None
    command: str
    replica: str
    changes: tuple[tuple[str, int], ...]
    suggestions: tuple[str, ...] = ()
    undone: bool = False
    run: str | None = None
    parts: str | None = None
    about: tuple[str, ...] = ()


def entries(conn: sqlite3.Connection, *, limit: int | None = None) -> tuple[Entry, ...]:
    """The acts in order, the newest `limit` when asked."""
    return _told(conn, conn.execute(f"{_NEWEST} LIMIT ?", (-1 if limit is None else limit,)).fetchall()[::-1])


def _told(conn: sqlite3.Connection, acts: Collection[_Act]) -> tuple[Entry, ...]:
    """The entries of some acts, in the order given."""
    undone = {row[0] for row in conn.execute("SELECT act FROM undone")}
    said = _said(conn, [act[0] for act in acts])
    subjects = Subjects(conn)
    found = []
    for key, at, coder, command, replica in acts:
        counts = Counter(kind for kind, _ in said[key] if kind not in ("run", "part"))
        changes = tuple((_plural(_WORDS.get(kind, kind), n), n) for kind, n in counts.items())
        decided = tuple(target.partition(":")[2] for kind, target in said[key] if kind == "decision")
        runs = {kind: target.partition(":")[2] for kind, target in said[key] if kind in ("run", "part")}
        about = subjects.of(target for _, target in said[key])
        of = runs.get("run"), runs.get("part")
        found.append(Entry(key, at, coder, command, replica, changes, decided, key in undone, *of, about))
    return tuple(found)


def _said(conn: sqlite3.Connection, acts: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Kind and target of the events of each act, in order: one pass over the log when they are many."""
    said: dict[str, list[tuple[str, str]]] = {act: [] for act in acts}
    if len(acts) > FEW:
        for act, kind, target in conn.execute("SELECT act, kind, target FROM event ORDER BY act, k"):
            if act in said:
                said[act].append((kind, target))
    else:
        for act, events in said.items():
            events += conn.execute("SELECT kind, target FROM event WHERE act = ? ORDER BY k", (act,))
    return said


def _plural(words: str, n: int) -> str:
    noun, _, verb = words.rpartition(" ")
    if n == 1:
        return words
    return f"{noun[:-1]}ies {verb}" if noun.endswith("y") else f"{noun}{'es' if noun.endswith('s') else 's'} {verb}"


def _together(conn: sqlite3.Connection, entry: Entry, *, whole: bool = False) -> tuple[Entry, ...]:
    """The acts that are undone with an entry: itself and those of its run; of the `whole` command all its parts."""
    run = (entry.parts if whole else None) or entry.run
    if run is None:
        return (entry,)
    return _told(conn, conn.execute(f"{_OF_RUN} ORDER BY lamport, id", (f"run:{run}",)).fetchall())


def to_undo(conn: sqlite3.Connection, coder: str | None, word: str | None = None) -> list[Entry]:
    """The acts that `undo` takes back: those of act `word`, else of this copy's last live command by `coder`.

    Raises NotUndoable when there is none, or when live acts of others stand on it (naming them).
    """
    if word is not None:
        chosen = _named(conn, word)
        if chosen.undone:
            raise NotUndoable(f"act {chosen.id[:8]} is undone already", "bring it back with `qualcode redo`")
    else:
        mine = conn.execute(_LAST_LIVE, (log.meta(conn, "replica"), coder, *NEVER_UNDONE)).fetchall()
        if not mine:
            raise NotUndoable("there is nothing of yours to undo here", "see `qualcode history`")
        (chosen,) = _told(conn, mine)
    if chosen.command in NEVER_UNDONE:
        raise NotUndoable(f'"{chosen.command}" cannot be undone', "see `qualcode history`")
    acts = [entry for entry in _together(conn, chosen, whole=word is None) if not entry.undone]
    _refuse_dependents(conn, acts)
    return acts


def _named(conn: sqlite3.Connection, word: str) -> Entry:
    digits = len(word) >= 4 and not word.strip("0123456789abcdef")
    found = conn.execute(f"{_ACTS} WHERE id GLOB ?", (f"{word}*",)).fetchall() if digits else []
    if len(found) != 1:
        raise UsageError(f'{len(found)} acts begin with "{word}"', "give an id from `qualcode history`")
    return _told(conn, found)[0]


def _refuse_dependents(conn: sqlite3.Connection, acts: Iterable[Entry]) -> None:
    """Raise NotUndoable when other people's live acts, not among these, touch what these acts made or changed."""
    acts = tuple(acts)
    together = json.dumps([entry.id for entry in acts])
    for entry in acts:
        rows = conn.execute(
            """
            SELECT DISTINCT other.coder, other.command, substr(other.id, 1, 8)
            FROM event JOIN event AS later ON later.target = event.target
                 OR (event.kind = 'source.add' AND later.kind IN ('coding.add', 'decision', 'status.set', 'memo.put')
                     AND 'source:' || iif(later.kind = 'memo.put', json_extract(later.body, '$.name'),
                                          json_extract(later.body, '$.source')) = event.target)
                 OR (event.kind = 'code.put' AND later.kind IN ('coding.add', 'coding.set')
                     AND 'code:' || json_extract(later.body, '$.code') = event.target)
            JOIN act AS other ON other.id = later.act
            JOIN act AS mine ON mine.id = event.act
            WHERE event.act = ? AND (other.lamport, other.id) > (mine.lamport, mine.id)
              AND other.coder IS NOT NULL AND other.coder IS NOT mine.coder AND other.command NOT IN ('undo', 'redo')
              AND other.id NOT IN (SELECT act FROM undone) AND event.kind NOT IN ('run', 'part')
              AND other.id NOT IN (SELECT value FROM json_each(?))
            ORDER BY other.lamport LIMIT 5
            """,
            (entry.id, together),
        ).fetchall()
        if rows:
            said = ", ".join(f"{coder}'s {command} ({key})" for coder, command, key in rows)
            raise NotUndoable(f"work of others stands on that {entry.command}: {said}", "they would have to undo first")


def to_redo(conn: sqlite3.Connection, coder: str | None, word: str | None = None) -> list[Entry]:
    """The acts that `redo` brings back: those of act `word`, else what this copy's last live undo by `coder` took.

    As in an editor, a new act after an undo ends what can be redone without naming it.
    """
    if word is not None:
        chosen = _named(conn, word)
        if not chosen.undone:
            raise NotUndoable(f"act {chosen.id[:8]} is not undone", "see `qualcode history`")
        return [entry for entry in _together(conn, chosen) if entry.undone]
    here = log.meta(conn, "replica")
    for key, _, by, command, replica in conn.execute(_NEWEST):
        if replica != here or by not in (coder, None) or command == "seen":
            continue
        if command not in ("undo", "redo"):
            break
        if command == "undo":
            taken = [row for act in _targets(conn, key) for row in conn.execute(f"{_ACTS} WHERE id = ?", (act,))]
            acts = [entry for entry in _told(conn, taken) if entry.undone]
            if acts:
                return acts
    raise NotUndoable("there is nothing to redo here", "name an act from `qualcode history`")


def _targets(conn: sqlite3.Connection, act: str) -> list[str]:
    rows = conn.execute("SELECT target FROM event WHERE act = ? AND kind IN ('undo', 'redo')", (act,))
    return [row[0].partition(":")[2] for row in rows]


def turn(kind: str, draft: log.Draft, acts: Iterable[Entry]) -> None:
    """Write `kind` (``undo`` or ``redo``) of each act into the draft."""
    for entry in acts:
        draft.event(kind, f"act:{entry.id}", {})


def touched_by(conn: sqlite3.Connection, acts: Iterable[Entry]) -> list[str]:
    """Every target of these acts."""
    return [
        row[0] for entry in acts for row in conn.execute("SELECT DISTINCT target FROM event WHERE act = ?", (entry.id,))
    ]


# -- milestones and the past ----------------------------------------------------------------------------------


def heads(conn: sqlite3.Connection) -> dict[str, int]:
    """Replica → the lamport number of its last act: what this copy knows of each."""
    return dict(conn.execute("SELECT replica, max(lamport) FROM act GROUP BY replica").fetchall())


def milestones(conn: sqlite3.Connection) -> dict[str, tuple[dict[str, int], str]]:
    """Milestone name → the heads it marks and the time it was set."""
    return {name: (json.loads(known), at) for name, known, at in conn.execute("SELECT name, heads, at FROM milestone")}


def _known_at(conn: sqlite3.Connection, moment: str) -> set[str]:
    """The acts that belong to a milestone or lie at or before a time. Raises UsageError when it is neither."""
    marked = milestones(conn)
    acts = conn.execute("SELECT id, replica, lamport, at FROM act").fetchall()
    moment = moment if moment in marked else nfc(moment)
    if moment in marked:
        known, _ = marked[moment]
        return {key for key, replica, lamport, _ in acts if lamport <= known.get(replica, 0)}
    limit = _instant(moment)
    if limit is None:
        near = nearest(moment, marked)
        hint = f'did you mean "{near}"?' if near else "give a milestone, or a time such as 2026-03-01T14:30"
        raise UsageError(f'"{moment}" is neither a milestone nor a time', hint)
    return {key for key, _, _, at in acts if at <= limit}


def _instant(moment: str) -> str | None:
    """A time as the log writes it, or None; a bare date means its end, a time without zone is local."""
    from datetime import UTC, timedelta

    if not _DATE.match(moment):  # a week, or a date without hyphens, would read as its first moment
        return None
    try:
        said = datetime.fromisoformat(moment)
        if len(moment) == 10:
            said += timedelta(days=1) - timedelta(microseconds=1)
        return f"{said.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    except (ValueError, OverflowError):  # the first and last day that a calendar has may lie outside it in another zone
        return None


def as_of(conn: sqlite3.Connection, moment: str) -> sqlite3.Connection:
    """A database in memory that holds the log up to `moment` and its projection."""
    with connection.snapshot(conn):
        known = _known_at(conn, moment)
        past = connection.connect(":memory:")
        with connection.transaction(past):
            schema.lay_out(past)
            copy_log(conn, past, known)
            projection.rebuild(past)
    return past


def copy_log(conn: sqlite3.Connection, other: sqlite3.Connection, known: Collection[str] | None = None) -> None:
    """Copy the acts (only `known` ones, when given) with their events, all contents and all erasures."""
    acts = conn.execute("SELECT id, replica, parent, lamport, coder, at, command FROM act").fetchall()
    chosen = {row[0] for row in acts} if known is None else set(known)
    other.executemany("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)", [row for row in acts if row[0] in chosen])
    events = conn.execute("SELECT act, k, kind, target, body FROM event")
    other.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", (row for row in events if row[0] in chosen))
    other.executemany("INSERT INTO content VALUES (?, ?, ?)", conn.execute("SELECT id, salt, data FROM content"))
    erased = conn.execute("SELECT content, act FROM erased")
    other.executemany("INSERT INTO erased VALUES (?, ?)", (row for row in erased if row[1] in chosen))
