"""Rows from events: a target's row is a pure function of its live events, in the order (lamport, act.id, k).

`project(targets)` serves writing, undo, redo and merging; `rebuild` is all targets. An event is live while its act is
not undone.

=====================  =======================================================================================
kind                   body
=====================  =======================================================================================
source.add             text, about (content: name, kind, file, case, turns), sha256, case (id)
source.revise          base, text, about (content: turns), sha256, chars, blocks
source.settle          –  (says which revision a person has passed over)
source.roles           roles (content: label -> role), kind, case (id), labels ("read" where they are the file's)
source.speakers        names (content: label -> label), labels; see `voices`
source.cases           cases (content: label in the file -> case id or null), case (id)
source.prompts         text, prompts (content: number of a turn of that text -> question)
case.add               about (content: name, attributes, consent, home: the list that a bare number is from)
case.set               about (content: attributes, consent, withdrawn – only what changes)
case.link              into (case id) or null
codebook.put           version, title, basis, sha256, codes (ids in order)
code.put               codebook, path, details (content: label, definition, include …)
code.retire            into (id of the code it was merged into) or null
coding.add             source, text (content), start, end, code (id), round, origin, memo (content), certainty, at,
                       layer ("consensus") where it is nobody's own
coding.set             any of start, end and text, code, memo, certainty, anchor
coding.remove          –
memo.put               kind, name, code, on (content), start, end, text (content), at
memo.remove            –
status.set             source, coder, codebook, state
decision               source, text, start, end, code, decision, details
undo, redo             –  (target ``act:ID``)
milestone              heads (replica -> lamport)
survey.put             about (content: identity, name, named, headers, columns); read straight from the log
set.code               code (id), in (true or false), text (content: the set's name); no rows, see `relations`
link.put               origin, target (ids of codes), text (content: the kind); no rows, see `relations`
link.remove            as link.put
seen                   coder, source, layer, sitting  (no row: evidence about blindness, read from the log)
adjudicate             source, codebook, choice, codings (ids), code, text (content: why); no rows, see `records`
sample                 by, seed, coders, drawn (source, turn, probability …); no rows, see `records`
freeze                 milestone, figures, asked, measures; no rows, see `records`
units                  name, cut, places (source -> text, spans); no rows, see `records`
run, part              –  (target ``run:ID``: the acts of one command; a part is also undone by itself)
=====================  =======================================================================================
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain as chained
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from qualcode.model import CONSENSUS
from qualcode.slugs import nfc
from qualcode.store import schema, voices
from qualcode.store.log import Draft, Header
from qualcode.store.revisions import Places, chain, first_text
from qualcode.store.rows import Row, insert
from qualcode.store.voices import Voices

Rows = dict[str, list[Row]]
_Heard = tuple[str | None, str | None]
_Voice = tuple[str | None, str | None, str | None]


class Happening(NamedTuple):
    """A live event with what its act says about it; `act` only where it just came."""

    kind: str
    body: dict[str, Any]
    coder: str | None
    at: str
    place: int
    act: str = ""


# CROSS JOIN keeps SQLite from walking through all events for the few that are touched.
_EVENTS = """
SELECT event.target, event.kind, event.body, act.coder, act.at, act.lamport
FROM touched CROSS JOIN event ON event.target = touched.target CROSS JOIN act ON act.id = event.act
WHERE NOT EXISTS (SELECT 1 FROM undone WHERE undone.act = act.id)
ORDER BY touched.target, act.lamport, act.id, event.k
"""
_UNDONE = """
SELECT substr(target, 5), kind FROM event JOIN act ON act.id = event.act
WHERE target GLOB 'act:*' AND kind IN ('undo', 'redo') ORDER BY act.lamport, act.id, event.k
"""


_LIVE = """
SELECT event.kind, event.body, act.coder, act.at, act.lamport FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND act.id NOT IN (SELECT act FROM undone) ORDER BY act.lamport, act.id, event.k
"""
_VERSIONS = """
SELECT json_extract(event.body, '$.text'), json_extract(event.body, '$.about')
FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND event.kind IN ('source.add', 'source.revise') ORDER BY act.lamport, act.id, event.k
"""
_LAST_ADDED = """
SELECT json_extract(event.body, '$.about') FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND event.kind = 'source.add' AND act.id NOT IN (SELECT act FROM undone)
ORDER BY act.lamport DESC, act.id DESC, event.k DESC LIMIT 1
"""


def _contents(places: Places, happenings: Iterable[Happening], key: str) -> Iterator[dict[str, Any]]:
    """The JSON contents that the events name under `key`; an erased one is skipped."""
    for happening in happenings:
        if key in happening.body:
            data = places.content(happening.body[key])
            if data is not None:
                yield json.loads(data)


def _source(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    adds = [event for event in events if event.kind == "source.add"]
    about = next(_contents(places, adds[-1:], "about"), None)
    if about is None:
        return {}
    body = adds[-1].body
    text, chars, sha = body["text"], body["chars"], body["sha256"]
    text = places.same(key, text) if key in places.several else text
    way = chain(text, places.steps(key)) if any(event.kind == "source.revise" for event in events) else ()
    if way:
        text, chars, sha = way[-1].text, way[-1].chars, way[-1].sha256
    said = places.turns(way[-1].about) if way else about["turns"]
    told, people = _people(places, key, events, {(turn[3], turn[4]) for turn in said})
    kind, case = (told and told.home()) or (about["kind"], body.get("case"))
    shared = [event for event in events if event.kind in ("source.roles", "source.cases")]
    if shared and shared[-1].kind == "source.cases":
        case = shared[-1].body["case"]
    row = (key, about["name"], kind, case, about["file"], sha, len(way), text, chars, adds[0].place)
    asked = _prompts(places, events, key, text)
    turns = []
    for n, start, end, speaker, role, prompt, time in said:
        label, part, whose = people[speaker, role]
        turns.append((key, n, start, end, label, part, asked.get(str(n), prompt), time, whose))
    return {"source": [row], "turn": turns}


def _whose(places: Places, events: Iterable[Happening], labels: Iterable[str]) -> dict[str, str | None]:
    """Label as read → the case (id) of who is meant, in the order of the log.

    A speaker keeps the case under another name; one who is joined with another gets that one's.
    """
    made: dict[str, tuple[str, str | None]] = {label: (label, None) for label in labels}
    for event in events:
        if event.kind == "source.speakers":
            by_file = event.body.get("labels") == "read"
            for names in _contents(places, [event], "names"):
                seen = {label: label if by_file else name for label, (name, _) in made.items()}
                held = {name: case for label, (name, case) in made.items() if seen[label] not in names}
                for label, (_, case) in made.items():
                    if (name := names.get(seen[label])) is not None:
                        made[label] = (name, held.get(name, case))
        elif event.kind == "source.cases":
            for cases in _contents(places, [event], "cases"):
                made.update({label: (name, cases[label]) for label, (name, _) in made.items() if label in cases})
    return {label: case for label, (_, case) in made.items()}


def _people(
    places: Places, key: str, events: Sequence[Happening], heard: Collection[_Heard]
) -> tuple[Voices | None, dict[_Heard, _Voice]]:
    """Label and role as read → label, role and case (id) as people made them since. Who asks is nobody's case."""
    labels = [label for label, _ in heard if label is not None]
    told = Voices(places.conn, key, labels) if any(event.kind in voices.KINDS for event in events) else None
    now, whose = told.now() if told else {}, _whose(places, events, labels)
    made: dict[_Heard, _Voice] = {}
    for label, role in heard:
        voice = now.get(label) if label is not None else None
        name, part = (label, role) if voice is None else (voice.name, voice.role[0] if voice.role else role)
        made[label, role] = (name, part, None if label is None or part == "interviewer" else whose.get(label))
    return told, made


def _prompts(places: Places, events: Sequence[Happening], key: str, text: str) -> dict[str, str | None]:
    """Number of a turn → the question it answers, as the last such event on this text says."""
    told = [e for e in events if e.kind == "source.prompts" and places.same(key, e.body["text"]) == text]
    return next(_contents(places, told[-1:], "prompts"), {})


def turns_as_read(conn: sqlite3.Connection, source: str) -> list[list[Any]]:
    """The turns of a source as its current text's file has them, before what `_people` and `_prompts` make of them."""
    places = Places(conn)
    row = conn.execute(_LAST_ADDED, (f"source:{source}",)).fetchone()
    first = first_text(conn, source)
    if row is None or first is None:
        return []
    way = chain(first, places.steps(source))
    return places.turns(way[-1].about if way else row[0])


def turns_then(conn: sqlite3.Connection, source: str, text: str) -> list[list[Any]]:
    """The turns of an earlier text of a source, with what people have made of its speakers since."""
    places = Places(conn)
    rows = conn.execute(_LIVE, (f"source:{source}",)).fetchall()
    events = [Happening(kind, json.loads(body), coder, at, place) for kind, body, coder, at, place in rows]
    texts = conn.execute(_VERSIONS, (f"source:{source}",)).fetchall()
    abouts = [about for key, about in texts if places.same(source, key) == places.same(source, text)]
    said = places.turns(abouts[-1]) if abouts else []
    _, people = _people(places, source, events, {(turn[3], turn[4]) for turn in said})
    return [[n, start, end, *people[label, role][:2], *rest, people[label, role][2]]
            for n, start, end, label, role, *rest in said]  # fmt: skip


def _case(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    name, consent, withdrawn, linked, place, home = None, None, 0, None, 0, ""
    attributes: dict[str, Any] = {}
    for event in events:
        if event.kind == "case.link":
            linked = event.body["into"]
            continue
        for about in _contents(places, [event], "about"):
            if event.kind == "case.add" and name is None:
                name, place, home = about["name"], event.place, about.get("home", "")
            attributes.update(about.get("attributes", {}))
            # Of several who took the case in, one may say nothing; who sets it to nothing takes it back.
            if event.kind == "case.set" and "consent" in about:
                consent = about["consent"]
            else:
                consent = about.get("consent") or consent
            withdrawn = int(about.get("withdrawn", withdrawn))
    if name is None:
        return {}
    kept = {k: v for k, v in attributes.items() if v is not None}
    row = (key, name, json.dumps(kept, ensure_ascii=False), consent, withdrawn, linked, place, home)
    return {"case": [row]}


def _codebook(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    puts = [event for event in events if event.kind == "codebook.put"]
    if not puts:
        return {}
    body = puts[-1].body
    codes = json.dumps(body["codes"])
    row = (key, body["version"], body["title"], body["basis"], body["sha256"], codes, puts[0].place)
    return {"codebook": [row]}


def _code(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    puts = [event for event in events if event.kind == "code.put"]
    details = next(_contents(places, reversed(puts), "details"), None)
    if details is None:
        return {}
    body = puts[-1].body
    label, definition = details.pop("label"), details.pop("definition")
    last = events[-1]
    retired = int(last.kind == "code.retire")
    into = last.body.get("into") if retired else None
    stored = json.dumps(details, ensure_ascii=False)
    return {"code": [(key, body["codebook"], body["path"], label, definition, stored, puts[0].at, retired, into)]}


def _coding(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    fields: Mapping[str, Any] | None = None
    for event in events:
        if event.kind == "coding.add" and fields is None:
            first, fields = event, event.body
            coder = CONSENSUS if fields.get("layer") == CONSENSUS else event.coder
        elif fields is None or coder not in (event.coder, CONSENSUS):
            continue  # only its coder's events count; a removal before the addition has nothing to remove
        elif event.kind == "coding.add":  # made again on another machine: what it says more is kept
            fields = {**fields, **{name: event.body[name] for name in ("memo", "certainty") if fields[name] is None}}
        elif event.kind == "coding.set":
            fields = {**fields, **event.body}
        elif event.kind == "coding.remove":
            fields = None
    if fields is None:
        return {}
    placed = places.place(fields["source"], fields["text"], fields["start"], fields["end"])
    given = fields.get("anchor", "exact")
    anchor = placed.anchor if given == "exact" else given
    span = (fields["source"], placed.start, placed.end, placed.text, fields["code"], coder, fields["round"])
    made = (fields.get("at", first.at), fields["origin"], fields["memo"], fields["certainty"])
    return {"coding": [(key, *span, *made, anchor, fields.get("place", first.place))]}


def _memo(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    last = events[-1]
    if last.kind != "memo.put":
        return {}
    body = last.body
    start, end, anchor = body["start"], body["end"], "exact"
    if start is not None:
        placed = places.place(body["name"], body["on"], start, end)
        start, end, anchor = placed.start, placed.end, placed.anchor
    about = (body["kind"], body["name"], body["code"], start, end, anchor)
    return {"memo": [(key, *about, body["text"], events[0].coder, body.get("at") or last.at, events[0].place)]}


def _status(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    body = events[-1].body
    return {"status": [(body["source"], body["coder"], body["codebook"], body["state"], events[-1].at)]}


def _decision(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    last = events[-1]
    body = last.body
    placed = places.place(body["source"], body["text"], body["start"], body["end"])
    span = (body["source"], placed.start, placed.end, body["code"])
    details = json.dumps(body["details"], ensure_ascii=False, sort_keys=True)
    row = (key, *span, body["decision"], last.coder, last.at, details, last.place)
    return {"decision": [row]}


def _milestone(places: Places, key: str, events: Sequence[Happening]) -> Rows:
    return {"milestone": [(key, json.dumps(events[-1].body["heads"], sort_keys=True), events[-1].at)]}


_PROJECTORS: dict[str, Callable[[Places, str, Sequence[Happening]], Rows]] = {
    "source": _source,
    "case": _case,
    "codebook": _codebook,
    "code": _code,
    "coding": _coding,
    "memo": _memo,
    "status": _status,
    "decision": _decision,
    "milestone": _milestone,
}
# Where a target's rows stand: table and key columns.
_ROWS_OF = {
    "source": (("source", "id"), ("turn", "source")),
    "case": (("case", "id"),),
    "codebook": (("codebook", "name"),),
    "code": (("code", "id"),),
    "coding": (("coding", "id"),),
    "memo": (("memo", "id"),),
    "decision": (("decision", "id"),),
    "milestone": (("milestone", "name"),),
}


def _clear(conn: sqlite3.Connection) -> None:
    """Delete the rows of every touched target."""
    for noun, places in _ROWS_OF.items():
        for table, column in places:
            conn.execute(
                f'DELETE FROM "{table}" WHERE "{column}" IN '
                "(SELECT substr(target, ?) FROM touched WHERE target GLOB ?)",
                (len(noun) + 2, f"{noun}:*"),
            )
    name = "'status:' || source || ':' || coder || ':' || codebook"
    conn.execute(f"DELETE FROM status WHERE {name} IN (SELECT target FROM touched)")


def refresh_undone(conn: sqlite3.Connection) -> None:
    """Recompute which acts are undone: the last undo or redo of an act wins."""
    state = {act: kind == "undo" for act, kind in conn.execute(_UNDONE)}
    conn.execute("DELETE FROM undone")
    conn.executemany("INSERT INTO undone VALUES (?)", [(act,) for act, undone in state.items() if undone])


def _touch_spans(conn: sqlite3.Connection) -> set[str]:
    """Touch what stands on a touched source that ever had a second text: its spans are carried anew.

    Returns the ids of these sources.
    """
    revised = [
        row[0]
        for row in conn.execute(
            "SELECT substr(touched.target, 8) FROM touched JOIN event ON event.target = touched.target "
            "WHERE touched.target GLOB 'source:*' AND event.kind IN ('source.add', 'source.revise') "
            "GROUP BY touched.target HAVING count(*) > 1"
        )
    ]
    for source in revised:
        for noun, column in (("coding", "source"), ("decision", "source"), ("memo", "name")):
            conn.execute(
                f"INSERT OR IGNORE INTO touched SELECT '{noun}:' || id FROM {noun} WHERE {column} = ?", (source,)
            )
        conn.execute("DELETE FROM suggestion WHERE source = ?", (source,))
    return set(revised)


Story = tuple[str, Sequence[Happening]]
_TEXTS = ("source.add", "source.revise")


def project(
    conn: sqlite3.Connection,
    targets: Iterable[str],
    contents: Mapping[str, str] = {},
    told: Iterable[Story] = (),
) -> None:
    """Replace the rows of `targets` by what their live events say, inside the caller's transaction.

    `contents` are those just stored, by id, which then need not be read again. `told` are further targets, `at_hand`,
    with all their live events in log order: those need not be read again either.
    """
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS touched (target TEXT PRIMARY KEY) WITHOUT ROWID")
    conn.execute("DELETE FROM touched")
    conn.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(target,) for target in targets])
    places = Places(conn, several=_touch_spans(conn), contents=contents)
    _clear(conn)
    rows: Rows = defaultdict(list)
    for target, live in chained(_stories(conn), told):
        noun, _, key = target.partition(":")
        if noun in _PROJECTORS and live:
            for table, new in _PROJECTORS[noun](places, key, live).items():
                rows[table] += new
    for table, new in rows.items():
        insert(conn, table, new)
    conn.execute("DELETE FROM touched")


def at_hand(target: str, events: Sequence[Happening], known: Collection[str]) -> bool:
    """Whether a target can be projected from events that were just stored, when the log speaks of those `known` before.

    A source with a second text cannot: what stands on it is carried anew.
    """
    return target not in known and (len(events) < 2 or sum(event.kind in _TEXTS for event in events) < 2)


def project_act(conn: sqlite3.Connection, header: Header, draft: Draft, known: Collection[str]) -> None:
    """Project what an act that was just stored speaks of; the log spoke of the targets `known` before."""
    told: dict[str, list[Happening]] = {}
    for event, body in zip(draft.events, draft.bodies, strict=True):
        happening = Happening(event.kind, body, header.coder, header.at, header.lamport)
        told.setdefault(event.target, []).append(happening)
    new = {target for target, events in told.items() if at_hand(target, events, known)}
    contents = {key: data for key, _, data in draft.contents}
    project(conn, told.keys() - new, contents, ((target, told[target]) for target in new))


def _stories(conn: sqlite3.Connection) -> Iterator[Story]:
    """Every touched target with its live events, as the log has them."""
    for target, rows in groupby(conn.execute(_EVENTS), key=itemgetter(0)):
        yield (
            target,
            [
                Happening(kind, json.loads(body), coder and nfc(coder), at, place)
                for _, kind, body, coder, at, place in rows
            ],
        )


def rebuild(conn: sqlite3.Connection) -> None:
    """Drop all rows and project every target of the log anew, inside the caller's transaction."""
    for table in schema.PROJECTED:
        conn.execute(f'DELETE FROM "{table}"')
    refresh_undone(conn)
    project(conn, [row[0] for row in conn.execute("SELECT DISTINCT target FROM event").fetchall()])
