"""Conflicts: two people changed one thing without knowing of each other. Both sides are kept until somebody settles it.

An event names the ones it replaces (``replaces``: ``ACT:K``), so what nobody has replaced is a head; two heads that say
different things are a conflict. No clock is asked. Until it is settled the later one in the log's order shows; of two
texts, and of two names or roles of one speaker, the earlier.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from qualcode.errors import UnknownId, UsageError
from qualcode.store import projection, retrieval, revisions, voices
from qualcode.store.log import Draft
from qualcode.store.voices import Clash, Voices

KINDS = {"memo": ("memo.put", "memo.remove"), "code": ("code.put", "code.retire"), "case": ("case.set",)}
_VERSIONS = """
SELECT event.act || ':' || event.k, event.kind, event.body, act.coder, act.at,
  act.id NOT IN (SELECT act FROM undone)
FROM event JOIN act ON act.id = event.act
WHERE event.target = ? ORDER BY act.lamport, act.id, event.k
"""
# By the index on targets: to walk through the events of 100,000 codings for their kinds took 0.2 s.
_CROWDED = """
SELECT target FROM event
WHERE (target GLOB 'case:*' OR target GLOB 'code:*' OR target GLOB 'memo:*')
  AND kind IN ('memo.put', 'memo.remove', 'code.put', 'code.retire', 'case.set')
GROUP BY target HAVING count(*) > 1 ORDER BY target
"""
_TOLD_OFTEN = """
SELECT substr(target, 8) FROM event WHERE target GLOB 'source:*' AND kind IN ('source.speakers', 'source.roles')
GROUP BY target HAVING count(DISTINCT act) > 1 ORDER BY target
"""
_ADDED_OFTEN = """
SELECT target FROM event WHERE target GLOB 'case:*' AND kind = 'case.add'
GROUP BY target HAVING count(*) > 1 ORDER BY target
"""
_REVISED = """
SELECT target FROM event WHERE target GLOB 'source:*' AND kind = 'source.revise'
GROUP BY target HAVING count(*) > 1 ORDER BY target
"""


class Head(NamedTuple):
    """A version that nothing replaces."""

    ref: str
    kind: str
    body: dict[str, Any]
    coder: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Side:
    """One version: who wrote it, when, and what it says."""

    ref: str
    coder: str | None
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more versions of one thing.

    `kind` is memo, code, code path, code circle, case, revision or speaker; `what` names the thing.
    """

    id: str
    kind: str
    target: str
    what: str
    sides: tuple[Side, ...]


def _live(conn: sqlite3.Connection, target: str) -> tuple[list[Head], set[str]]:
    """The live events on a target in log order, and the refs that they replace.

    What an undone event replaced is replaced by the live one that replaces it: undoing the second of three versions
    brings the first not back.
    """
    live: list[Head] = []
    before: dict[str, list[str]] = {}
    for ref, kind, body, coder, at, holds in conn.execute(_VERSIONS, (target,)):
        head = Head(ref, kind, json.loads(body), coder, at)
        before[ref] = head.body.get("replaces", [])
        if holds:
            live.append(head)
    gone: set[str] = set()
    waiting = [old for head in live for old in before[head.ref]]
    while waiting:
        ref = waiting.pop()
        if ref not in gone:
            gone.add(ref)
            waiting += before.get(ref, [])
    return live, gone


def heads(conn: sqlite3.Connection, target: str, kinds: Collection[str]) -> list[Head]:
    """The live events of these kinds on a target that no live event replaces."""
    live, gone = _live(conn, target)
    return [head for head in live if head.kind in kinds and head.ref not in gone]


def found(conn: sqlite3.Connection) -> tuple[Conflict, ...]:
    """Every conflict, in the order of the targets' names."""
    crowded = conn.execute(_CROWDED).fetchall()
    listed = [conflict for (target,) in crowded if (conflict := _on(conn, target)) is not None]
    speakers = [conflict for conflict, _ in _speakers(conn)]
    return (*listed, *_added_apart(conn), *_circles(conn), *_paths(conn), *_revisions(conn), *speakers)


def _on(conn: sqlite3.Connection, target: str) -> Conflict | None:
    noun = target.partition(":")[0]
    # a code was once retired without saying what that replaces: such an event is no side
    rows = [row for row in heads(conn, target, KINDS[noun]) if row.kind != "code.retire" or "replaces" in row.body]
    said = {row.ref: _said(conn, noun, row.kind, row.body) for row in rows}
    if noun == "code":
        said = {ref: text + more for (ref, text), more in zip(said.items(), _apart(conn, rows), strict=True)}
    if noun == "case":
        said = {ref: text for ref, text in said.items() if _clashes(conn, ref, rows)}
    if len(set(said.values())) < 2:
        return None
    sides = tuple(Side(row.ref, row.coder, row.at, said[row.ref]) for row in rows if row.ref in said)
    return Conflict(_id(target, said), noun, target, _name(conn, target), sides)


def _said(conn: sqlite3.Connection, noun: str, kind: str, body: Mapping[str, Any]) -> str:
    """What a version says, in one string that two equal versions share."""
    if kind == "memo.remove":
        return "(removed)"
    if kind == "code.retire":
        into = body.get("into")
        return "(retired)" if into is None else f"(merged into {retrieval.code_paths(conn).get(into, into[:8])})"
    content = body["text"] if noun == "memo" else body["details"] if noun == "code" else body["about"]
    row = conn.execute("SELECT data FROM content WHERE id = ?", (content,)).fetchone()
    text = "(erased)" if row is None else str(row[0])
    if noun == "memo" or row is None:
        return text
    fields = json.loads(text)
    if noun == "code":
        return f"{body['path']}: {fields['label']} – {fields['definition']}".strip(" –:")
    return ", ".join(f"{key}={value}" for key, value in sorted(_values(conn, body).items()))


def _apart(conn: sqlite3.Connection, rows: Iterable[Head]) -> list[str]:
    """Of each version of a code, what it says otherwise than another besides path, label and definition."""
    told = []
    for row in rows:
        found = conn.execute("SELECT data FROM content WHERE id = ?", (row.body.get("details"),)).fetchone()
        told.append(json.loads(found[0]) if found else {})
    puts = [fields for fields in told if fields]
    names = sorted({name for fields in puts for name in fields} - {"label", "definition"})
    differing = [name for name in names if any(fields.get(name) != puts[0].get(name) for fields in puts)]
    return [
        "".join(f" · {name}: {json.dumps(fields.get(name), ensure_ascii=False)}" for name in differing)
        if fields
        else ""
        for fields in told
    ]


def _clashes(conn: sqlite3.Connection, ref: str, rows: Iterable[Head]) -> bool:
    """Whether a change of a case gives a value that another head gives differently."""
    values = {row.ref: _values(conn, row.body) for row in rows}
    own = values[ref]
    return any(key in own and own[key] != value for other in values.values() for key, value in other.items())


def _values(conn: sqlite3.Connection, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a change of a case gives."""
    row = conn.execute("SELECT data FROM content WHERE id = ?", (body["about"],)).fetchone()
    fields = json.loads(row[0]) if row else {}
    return {**fields.pop("attributes", {}), **fields}


def _added_apart(conn: sqlite3.Connection) -> list[Conflict]:
    """Cases that two people took in with different values, which nobody has set since."""
    rows = conn.execute(_ADDED_OFTEN).fetchall()
    listed = []
    for (target,) in rows:
        adds, clashing = _clashing_adds(conn, target)
        if clashing:
            said = {row.ref: {key: _values(conn, row.body).get(key) for key in clashing} for row in adds}
            sides = tuple(
                Side(row.ref, row.coder, row.at, ", ".join(f"{key}={value}" for key, value in said[row.ref].items()))
                for row in adds
            )
            listed.append(Conflict(_id(target, said), "case", target, _name(conn, target), sides))
    return listed


def _clashing_adds(conn: sqlite3.Connection, target: str) -> tuple[list[Head], list[str]]:
    """The live events that took a case in, and what they say differently and nobody has set since."""
    live = _live(conn, target)[0]
    adds = [head for head in live if head.kind == "case.add"]
    given = [{k: v for k, v in _values(conn, head.body).items() if v is not None and k != "name"} for head in adds]
    since = {key for head in live if head.kind == "case.set" for key in _values(conn, head.body)}
    keys = {key for values in given for key in values} - since
    clashing = [key for key in keys if len({json.dumps(each[key]) for each in given if key in each}) > 1]
    return adds, sorted(clashing)


def _settle_case(conn: sqlite3.Connection, target: str, chosen: Mapping[str, Any], draft: Draft) -> None:
    """Set what the chosen event says of all that differs."""
    values, fields = _values(conn, chosen), ("consent", "withdrawn")
    said = {key: values.get(key) for key in _clashing_adds(conn, target)[1]}
    about: dict[str, Any] = {"attributes": {key: value for key, value in said.items() if key not in fields}}
    about |= {key: value for key, value in said.items() if key in fields and value is not None}
    replaces = [head.ref for head in heads(conn, target, KINDS["case"])]
    draft.event(
        "case.set", target, {"about": draft.content(json.dumps(about, ensure_ascii=False)), "replaces": replaces}
    )


def _circles(conn: sqlite3.Connection) -> list[Conflict]:
    """Codes that were merged into each other: none of them is left until a person says which one is."""
    rows = conn.execute('SELECT id, path, "into" FROM code WHERE "into" IS NOT NULL ORDER BY id').fetchall()
    into, paths = {key: target for key, _, target in rows}, {key: path for key, path, _ in rows}
    listed, seen = [], set()
    for start in into:
        circle = [start]
        while (at := into.get(circle[-1])) is not None and at not in circle:
            circle.append(at)
        if at == start and start not in seen:
            seen |= set(circle)
            sides = []
            for key in circle:
                last = _live(conn, f"code:{key}")[0][-1]
                sides.append(Side(key, last.coder, last.at, f"{paths[key]} (merged into {paths[into[key]]})"))
            what = ", ".join(paths[key] for key in circle)
            listed.append(Conflict(_id("circle", circle), "code circle", f"code:{start}", what, tuple(sides)))
    return listed


def _paths(conn: sqlite3.Connection) -> list[Conflict]:
    """Two live codes at one path: made apart, never fused by name."""
    rows = conn.execute(
        "SELECT path, group_concat(id) FROM code WHERE retired = 0 GROUP BY path HAVING count(*) > 1 ORDER BY path"
    ).fetchall()
    listed = []
    for path, ids in rows:
        sides = []
        for key in sorted(ids.split(",")):
            label, definition, born = conn.execute(
                "SELECT label, definition, born FROM code WHERE id = ?", (key,)
            ).fetchone()
            sides.append(Side(key, None, born, f"{label} – {definition}".strip(" –")))
        listed.append(Conflict(_id(path, [side.ref for side in sides]), "code path", f"code:{ids}", path, tuple(sides)))
    return listed


def _revisions(conn: sqlite3.Connection) -> list[Conflict]:
    """Two revisions of one text: the earlier in the log counts, the other waits."""
    crowded = conn.execute(_REVISED).fetchall()
    return [conflict for (target,) in crowded for conflict in _rivals(conn, target)]


def _rivals(conn: sqlite3.Connection, target: str) -> list[Conflict]:
    """The revisions of one source that wait because another of the same text counts."""
    source = target.partition(":")[2]
    first = revisions.first_text(conn, source)
    if first is None:
        return []
    steps = revisions.steps(conn, source)
    rows, gone = _live(conn, target)
    live = {row.ref: row for row in rows}
    listed = []
    for waiting in revisions.rivals(first, steps):
        if waiting.ref not in gone:
            same = [step.ref for step in steps if step.live and step.base == waiting.base and step != waiting]
            heads = [live[ref] for ref in (*same, waiting.ref)]
            sides = tuple(Side(head.ref, head.coder, head.at, f"{head.body['chars']} characters") for head in heads)
            listed.append(Conflict(_id(target, [waiting.ref]), "revision", target, _name(conn, target), sides))
    return listed


def _speakers(conn: sqlite3.Connection) -> Iterator[tuple[Conflict, Clash]]:
    """Names and roles that one voice got apart, and names that two voices got apart: the earlier in the log counts."""
    for (source,) in conn.execute(_TOLD_OFTEN).fetchall():
        read = [turn[3] for turn in projection.turns_as_read(conn, source) if turn[3] is not None]
        told = Voices(conn, source, read)
        target = f"source:{source}"
        rows = {row.ref: row for row in _live(conn, target)[0]} if told.clashes() else {}
        for clash in told.clashes():
            whose = clash.voices if len(clash.voices) > 1 else clash.voices * len(clash.sides)
            sides = tuple(
                Side(ref, rows[ref].coder, rows[ref].at, f"{voice} → {value or 'no role'}")
                for voice, (ref, value) in zip(whose, clash.sides, strict=True)
            )
            key = _id(target, [clash.field, *clash.voices, *(side.ref for side in sides)])
            what = f"{_name(conn, target)}: {', '.join(clash.voices)}"
            yield Conflict(key, "speaker", target, what, sides), clash


def _id(target: str, refs: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps([target, sorted(refs)]).encode()).hexdigest()[:12]


def _name(conn: sqlite3.Connection, target: str) -> str:
    noun, _, key = target.partition(":")
    if noun == "code":
        return retrieval.code_paths(conn).get(key, key[:8])
    if noun == "memo":
        return f"memo {key[:8]}"
    row = conn.execute(f'SELECT name FROM "{noun}" WHERE id = ?', (key,)).fetchone()
    return str(row[0]) if row else key[:8]


def named(conn: sqlite3.Connection, word: str) -> Conflict:
    """The conflict whose id begins with `word`. Raises UnknownId or UsageError."""
    listed = [conflict for conflict in found(conn) if len(word) >= 4 and conflict.id.startswith(word)]
    if not listed:
        raise UnknownId(word, way_out="see `qualcode merge --conflicts`")
    if len(listed) > 1:
        raise UsageError(f'"{word}" stands for {len(listed)} conflicts', "give more of the id")
    return listed[0]


def settle(conn: sqlite3.Connection, conflict: Conflict, side: int, draft: Draft) -> None:
    """Write the event that makes side number `side` (from 1) hold, and replaces all. Raises UsageError."""
    if not 1 <= side <= len(conflict.sides):
        raise UsageError(f"there is no side {side}", f"this conflict has sides 1 to {len(conflict.sides)}")
    refs = [each.ref for each in conflict.sides]
    if conflict.kind == "code path":
        twins = f"{conflict.what} {conflict.what}"
        raise UsageError("two codes go by one path", f"join them: `qualcode codebook merge {twins}`, or rename one")
    if conflict.kind == "code circle":
        _settle_circle(conn, conflict.sides[side - 1].ref, draft)
        return
    act, _, k = conflict.sides[side - 1].ref.rpartition(":")
    kind, body = conn.execute("SELECT kind, body FROM event WHERE act = ? AND k = ?", (act, int(k))).fetchone()
    chosen = json.loads(body)
    if kind == "case.add":
        _settle_case(conn, conflict.target, chosen, draft)
        return
    if conflict.kind == "revision":
        _settle_revision(conn, conflict, chosen, refs, draft)
        return
    if conflict.kind == "speaker":
        _settle_speaker(conn, conflict, side - 1, chosen, draft)
        return
    draft.event(kind, conflict.target, {**chosen, "replaces": refs})


def _settle_circle(conn: sqlite3.Connection, key: str, draft: Draft) -> None:
    """Bring one of the codes back, as it was last written: the others stay merged into it."""
    target = f"code:{key}"
    written = [head.body for head in _live(conn, target)[0] if head.kind == "code.put"][-1]
    replaces = [head.ref for head in heads(conn, target, KINDS["code"])]
    draft.event("code.put", target, {**written, "replaces": replaces})


def _settle_speaker(
    conn: sqlite3.Connection, conflict: Conflict, side: int, chosen: Mapping[str, Any], draft: Draft
) -> None:
    """Say anew what the voices are called, or their role, by the labels of the file: those seen may be of several."""
    clash = next(clash for found, clash in _speakers(conn) if found.id == conflict.id)
    said = draft.content(json.dumps(clash.settled(side), ensure_ascii=False))
    replaces = [head.ref for head in heads(conn, conflict.target, voices.KINDS)]
    kind, field = ("source.speakers", "names") if clash.field == "name" else ("source.roles", "roles")
    draft.event(kind, conflict.target, {**chosen, field: said, "labels": "read", "replaces": replaces})


def _settle_revision(
    conn: sqlite3.Connection, conflict: Conflict, chosen: Mapping[str, Any], refs: list[str], draft: Draft
) -> None:
    """Let the chosen text follow the current one, or, when it is the current one, say that the other is settled."""
    from qualcode.anchors import align

    source = conflict.target.partition(":")[2]
    (current,) = conn.execute("SELECT text FROM source WHERE id = ?", (source,)).fetchone()
    if revisions.alike(conn, source).get(chosen["text"]) == current:
        draft.event("source.settle", conflict.target, {"replaces": refs})
        return
    texts = [
        conn.execute("SELECT data FROM content WHERE id = ?", (key,)).fetchone()[0] for key in (current, chosen["text"])
    ]
    blocks = [list(block) for block in align(*texts)]
    draft.event("source.revise", conflict.target, {**chosen, "base": current, "blocks": blocks, "replaces": refs})
