"""Conflicts: two people changed one thing without knowing of each other. Both sides are kept until somebody settles it.

Two versions that nothing replaces and that say different things are a conflict. No clock is asked. Until it is settled
the later one in the log's order shows; of two texts, and of two names or roles of one speaker, the earlier.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qualcode.errors import UnknownId, UsageError
from qualcode.store import persons, projection, retrieval, revisions, voices
from qualcode.store.log import Draft
from qualcode.store.sides import Conflict, Head, Side, conflict_id, heads, live_and_gone, name_of
from qualcode.store.voices import Clash, Voices

KINDS = {"memo": ("memo.put", "memo.remove"), "code": ("code.put", "code.retire")}
# By the index on targets: to walk through the events of 100,000 codings for their kinds took 0.2 s.
_CROWDED = """
SELECT target FROM event
WHERE (target GLOB 'code:*' OR target GLOB 'memo:*')
  AND kind IN ('memo.put', 'memo.remove', 'code.put', 'code.retire')
GROUP BY target HAVING count(*) > 1 ORDER BY target
"""
_TOLD_OFTEN = """
SELECT substr(target, 8) FROM event WHERE target GLOB 'source:*' AND kind IN ('source.speakers', 'source.roles')
GROUP BY target HAVING count(DISTINCT act) > 1 ORDER BY target
"""
_REVISED = """
SELECT target FROM event WHERE target GLOB 'source:*' AND kind = 'source.revise'
GROUP BY target HAVING count(*) > 1 ORDER BY target
"""
_MARKED = """
SELECT target FROM event WHERE target GLOB 'milestone:*' GROUP BY target HAVING count(*) > 1 ORDER BY target
"""


def found(conn: sqlite3.Connection) -> tuple[Conflict, ...]:
    """Every conflict, in the order of the targets' names."""
    crowded = conn.execute(_CROWDED).fetchall()
    listed = [conflict for (target,) in crowded if (conflict := _on(conn, target)) is not None]
    speakers = [conflict for conflict, _ in _speakers(conn)]
    apart = (*listed, *persons.found(conn), *_circles(conn), *_paths(conn), *_revisions(conn), *speakers)
    return (*apart, *_milestones(conn))


def _on(conn: sqlite3.Connection, target: str) -> Conflict | None:
    noun = target.partition(":")[0]
    # a code was once retired without saying what that replaces: such an event is no side
    rows = [row for row in heads(conn, target, KINDS[noun]) if row.kind != "code.retire" or "replaces" in row.body]
    said = {row.ref: _said(conn, noun, row.kind, row.body) for row in rows}
    if noun == "code":
        said = {ref: text + more for (ref, text), more in zip(said.items(), _apart(conn, rows), strict=True)}
    if len(set(said.values())) < 2:
        return None
    sides = tuple(Side(row.ref, row.coder, row.at, said[row.ref]) for row in rows if row.ref in said)
    return Conflict(conflict_id(target, said), noun, target, name_of(conn, target), sides)


def _said(conn: sqlite3.Connection, noun: str, kind: str, body: Mapping[str, Any]) -> str:
    """What a version says, in one string that two equal versions share."""
    if kind == "memo.remove":
        return "(removed)"
    if kind == "code.retire":
        into = body.get("into")
        return "(retired)" if into is None else f"(merged into {retrieval.code_paths(conn).get(into, into[:8])})"
    content = body["text"] if noun == "memo" else body["details"]
    row = conn.execute("SELECT data FROM content WHERE id = ?", (content,)).fetchone()
    text = "(erased)" if row is None else str(row[0])
    if noun == "memo" or row is None:
        return text
    fields = json.loads(text)
    return f"{body['path']}: {fields['label']} – {fields['definition']}".strip(" –:")


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
                last = live_and_gone(conn, f"code:{key}")[0][-1]
                sides.append(Side(key, last.coder, last.at, f"{paths[key]} (merged into {paths[into[key]]})"))
            what = ", ".join(paths[key] for key in circle)
            listed.append(Conflict(conflict_id("circle", circle), "code circle", f"code:{start}", what, tuple(sides)))
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
        listed.append(
            Conflict(conflict_id(path, [side.ref for side in sides]), "code path", f"code:{ids}", path, tuple(sides))
        )
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
    rows, gone = live_and_gone(conn, target)
    live = {row.ref: row for row in rows}
    listed = []
    for waiting in revisions.rivals(first, steps):
        if waiting.ref not in gone:
            same = [step for step in steps if step.live and step.base == waiting.base and step != waiting]
            heads = [(live[step.ref], step) for step in (*same, waiting)]
            sides = tuple(Side(head.ref, head.coder, head.at, revisions.told(conn, step)) for head, step in heads)
            listed.append(
                Conflict(conflict_id(target, [waiting.ref]), "revision", target, name_of(conn, target), sides)
            )
    return listed


def _speakers(conn: sqlite3.Connection) -> Iterator[tuple[Conflict, Clash]]:
    """Names and roles that one voice got apart, and names that two voices got apart: the earlier in the log counts."""
    for (source,) in conn.execute(_TOLD_OFTEN).fetchall():
        read = [turn[3] for turn in projection.turns_as_read(conn, source) if turn[3] is not None]
        told = Voices(conn, source, read)
        target = f"source:{source}"
        rows = {row.ref: row for row in live_and_gone(conn, target)[0]} if told.clashes() else {}
        for clash in told.clashes():
            whose = clash.voices if len(clash.voices) > 1 else clash.voices * len(clash.sides)
            sides = tuple(
                Side(ref, rows[ref].coder, rows[ref].at, f"{voice} → {value or 'no role'}")
                for voice, (ref, value) in zip(whose, clash.sides, strict=True)
            )
            key = conflict_id(target, [clash.field, *clash.voices, *(side.ref for side in sides)])
            what = f"{name_of(conn, target)}: {', '.join(clash.voices)}"
            yield Conflict(key, "speaker", target, what, sides), clash


def _milestones(conn: sqlite3.Connection) -> Iterator[Conflict]:
    """Two states that people gave one name: reports as of it would silently be of the later one."""
    marked = conn.execute(_MARKED).fetchall()
    acts = conn.execute("SELECT replica, lamport FROM act").fetchall() if marked else []
    for (target,) in marked:
        rows = heads(conn, target, ("milestone",))
        if len({json.dumps(row.body["heads"], sort_keys=True) for row in rows}) > 1:
            counts = [sum(lamport <= row.body["heads"].get(replica, 0) for replica, lamport in acts) for row in rows]
            sides = tuple(Side(row.ref, row.coder, row.at, f"{n} acts") for row, n in zip(rows, counts, strict=True))
            key = conflict_id(target, (side.ref for side in sides))
            yield Conflict(key, "milestone", target, target.partition(":")[2], sides)


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
    if conflict.kind in persons.CONFLICTS:
        persons.settle(conn, conflict, side - 1, kind, chosen, draft)
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
    written = [head.body for head in live_and_gone(conn, target)[0] if head.kind == "code.put"][-1]
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
