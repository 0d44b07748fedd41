"""Rows to values: each function reads one table and returns tuples of `model` values in a stable order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from qualcode.errors import UnknownId, UnknownSource, UsageError
from qualcode.model import (
    Case,
    Code,
    Codebook,
    Coding,
    Cue,
    Memo,
    MemoTarget,
    Reason,
    Segment,
    Source,
    Span,
    Status,
    Suggestion,
    Survey,
    SurveyColumn,
    Turn,
)
from qualcode.slugs import spoken
from qualcode.store import projection
from qualcode.store.naming import case_names, last_of, links, names_of
from qualcode.store.subjects import Subjects

FEW = 50  # sources: below, looking up their cases one by one is cheaper than reading all


def _chosen(conn: sqlite3.Connection, ids: Collection[str] | None, column: str = "source.id") -> str:
    """A WHERE clause for a column of sources' ids: a temporary table, because SQLite caps the number of parameters."""
    if ids is None:
        return "1"
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (id TEXT PRIMARY KEY) WITHOUT ROWID")
    conn.execute("DELETE FROM chosen")
    conn.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", [(key,) for key in ids])
    return f"{column} IN (SELECT id FROM chosen)"


_CASES_THERE = """
SELECT case_id FROM source WHERE {0} AND case_id IS NOT NULL
UNION SELECT turn.case_id FROM turn JOIN source ON source.id = turn.source WHERE {0} AND turn.case_id IS NOT NULL
"""


def _names(conn: sqlite3.Connection, ids: Collection[str] | None, where: str) -> dict[str, str]:
    """Case id → name, of the cases of the chosen sources at least."""
    if ids is None or len(ids) > FEW:
        return case_names(conn)
    return names_of(conn, [row[0] for row in conn.execute(_CASES_THERE.format(where)).fetchall()])


def turns(conn: sqlite3.Connection, where: str, names: Mapping[str, str]) -> dict[str, tuple[Turn, ...]]:
    """The turns of the chosen sources, by source id; `names` are those of cases by their ids."""
    rows = conn.execute(
        'SELECT turn.source, n, start, "end", speaker, role, prompt, time, turn.case_id FROM turn '
        f"JOIN source ON source.id = turn.source WHERE {where} ORDER BY turn.source, n"
    )
    found: dict[str, list[Turn]] = {}
    for source, n, start, end, speaker, role, prompt, time, case in rows:
        whose = names.get(case) if case is not None else None
        found.setdefault(source, []).append(Turn(n, Span(start, end), speaker, role, prompt, time, whose))
    return {source: tuple(listed) for source, listed in found.items()}


def sources(conn: sqlite3.Connection, ids: Collection[str] | None = None) -> tuple[Source, ...]:
    """The sources with their texts, in the order they were added."""
    where = _chosen(conn, ids)
    names = _names(conn, ids, where)
    by_source = turns(conn, where, names)
    rows = conn.execute(
        "SELECT source.id, name, kind, case_id, file, sha256, revision, content.data FROM source "
        f"LEFT JOIN content ON content.id = source.text WHERE {where} ORDER BY place, name, source.id"
    )
    return tuple(
        Source(key, name, kind, text or "", by_source.get(key, ()), names.get(case), sha, revision, file)
        for key, name, kind, case, file, sha, revision, text in rows
    )


_WHOSE = """
SELECT source.id, source.name, whose.case_id FROM source JOIN (
  SELECT id AS source, case_id FROM source WHERE case_id IS NOT NULL
  UNION SELECT source, case_id FROM turn WHERE case_id IS NOT NULL
) AS whose ON whose.source = source.id
ORDER BY source.place, source.name
"""


def cases(conn: sqlite3.Connection) -> tuple[Case, ...]:
    """The cases that stand for themselves, with the attributes and sources of those linked into them.

    An attribute that a linked case says otherwise is kept under ``name (linked case)``.
    """
    names = case_names(conn)
    held: dict[str, dict[str, None]] = {}
    for _, source, case in conn.execute(_WHOSE):
        held.setdefault(names.get(case, ""), {})[source] = None
    rows = conn.execute('SELECT id, name, attributes, consent, withdrawn FROM "case" ORDER BY place, name').fetchall()
    into = links(conn)
    found: dict[str, Case] = {}
    for key, called, attributes, consent, withdrawn in sorted(rows, key=lambda row: last_of(row[0], into) != row[0]):
        name, own = names[key], json.loads(attributes)
        if key not in into or name not in found:
            found[name] = Case(name, own, consent, bool(withdrawn), key, tuple(held.get(name, ())))
        else:
            home = found[name]
            merged = {**own, **home.attributes}
            merged |= {f"{each} ({called})": own[each] for each in own if own[each] != merged[each]}
            strictest = _strictest(home.consent, consent)
            found[name] = replace(
                home, attributes=merged, consent=strictest, withdrawn=home.withdrawn or bool(withdrawn)
            )
    return tuple(found.values())


def source_cases(conn: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Source id → the names of the cases whose words it holds, in the alphabet."""
    names = case_names(conn)
    found: dict[str, set[str]] = {}
    for source, _, case in conn.execute(_WHOSE):
        if case in names:
            found.setdefault(source, set()).add(names[case])
    return {source: tuple(sorted(theirs)) for source, theirs in found.items()}


def surveys(conn: sqlite3.Connection) -> tuple[Survey, ...]:
    """The questionnaires taken in, straight from the log: of each the last live event counts. In order of coming in."""
    rows = conn.execute(
        "SELECT event.target, content.data FROM event JOIN act ON act.id = event.act "
        "JOIN content ON content.id = json_extract(event.body, '$.about') "
        "WHERE event.kind = 'survey.put' AND event.target GLOB 'survey:*' AND act.id NOT IN (SELECT act FROM undone) "
        "ORDER BY act.lamport, act.id, event.k"
    )
    found: dict[str, Survey] = {}
    for target, data in rows:
        about = json.loads(data)
        columns = tuple(
            SurveyColumn(at, name, question, role, attribute=attribute, option=option)
            for at, (name, question, role, attribute, option) in enumerate(about["columns"])
        )
        counted = about.get("counted", False)  # those from before it was asked share their numbers
        found[target] = Survey(
            about["identity"], about["name"], tuple(about["headers"]), about["named"], columns, counted=counted
        )
    return tuple(found.values())


def _strictest(one: Any, other: Any) -> Any:
    """The narrower of two consents: a person who said two things is held to the smaller one."""
    order = ("analyse", "quote", "archive")
    said = [consent for consent in (one, other) if consent is not None]
    return min(said, key=order.index) if said else None


def codes(conn: sqlite3.Connection, *, retired: bool = False) -> dict[str, Code]:
    """Codes by id; retired ones only when asked."""
    rows = conn.execute(
        "SELECT id, path, label, definition, details, born FROM code WHERE retired = 0 OR ?", (retired,)
    )
    found = {}
    for key, path, label, definition, details, born in rows:
        more = json.loads(details)
        found[key] = Code(
            path,
            label,
            definition,
            tuple(more["include"]),
            tuple(more["exclude"]),
            tuple(more["examples"]),
            tuple(more["counterexamples"]),
            cues=tuple(Cue(kind, text) for kind, text in more["cues"]),
            speakers=tuple(more["speakers"]),
            colour=more["colour"],
            key=more["key"],
            id=key,
            born=born,
        )
    return found


def codebooks(conn: sqlite3.Connection) -> tuple[Codebook, ...]:
    """The codebooks with their codes in order, in the order they were first applied."""
    known = codes(conn)
    rows = conn.execute("SELECT name, version, title, basis, sha256, codes FROM codebook ORDER BY place, name")
    return tuple(
        Codebook(name, version, _ordered(name, json.loads(order), known), title, basis, sha)
        for name, version, title, basis, sha, order in rows
    )


def _ordered(name: str, order: list[str], known: dict[str, Code]) -> tuple[Code, ...]:
    """The codes of a codebook in its order, then those that somebody added elsewhere at the same time."""
    listed = [known[key] for key in order if key in known]
    added = [code for key, code in known.items() if code.codebook == name and key not in set(order)]
    return (*listed, *sorted(added, key=lambda code: (code.path, code.id)))


def code_paths(conn: sqlite3.Connection) -> dict[str, str]:
    """Code id → path, retired codes included: their codings stay. A merged code has the path of what it became."""
    rows = conn.execute('SELECT id, path, "into" FROM code').fetchall()
    into = {key: target for key, _, target in rows if target is not None}
    paths = {key: path for key, path, _ in rows}
    return {key: paths.get(_end(key, into), path) for key, path in paths.items()}


def _end(key: str, into: dict[str, str]) -> str:
    """Where a chain of merges ends; a circle, which two people can make, ends where it began."""
    at, seen = key, {key}
    while at in into:
        at = into[at]
        if at in seen:
            return key
        seen.add(at)
    return at


def codings(
    conn: sqlite3.Connection,
    *,
    source_ids: Collection[str] | None = None,
    coders: Collection[str] = (),
    rounds: Collection[int] = (),
    known: Iterable[Source] | None = None,
) -> tuple[Coding, ...]:
    """Codings by source and place. Of twins (one span, code, coder, round) the smallest id shows."""
    where = _chosen(conn, source_ids, "coding.source")
    order = [row[0] for row in conn.execute("SELECT id FROM source ORDER BY place, name, id")]
    held_by: dict[str, list[tuple[Any, ...]]] = {source: [] for source in order}
    # In the order of the index, where grouping and sorting the rows of 100,000 codings took twice as long.
    rows = conn.execute(
        'SELECT coding.id, source, start, "end", coding.text, code, coder, round, at, origin, memo.data, certainty, '
        "anchor FROM coding LEFT JOIN content AS memo ON memo.id = coding.memo "
        f'WHERE {where} ORDER BY source, start, "end", code, coder, round'
    )
    for row in rows:
        if row[1] in held_by and (not coders or row[6] in coders) and (not rounds or row[7] in rounds):
            held_by[row[1]].append(row)
    wanted = [row for source in order for row in held_by[source]]
    texts = {s.id: s for s in (known if known is not None else sources(conn, {row[1] for row in wanted}))}
    current = dict(conn.execute("SELECT id, text FROM source").fetchall())
    paths = code_paths(conn)
    older: dict[str, Source] = {}
    shown: dict[tuple[object, ...], Coding] = {}  # by span, path, coder and round: of twins the smallest id
    for key, source, start, end, text, code, coder, number, at, origin, memo, sure, anchor in wanted:
        if source not in texts or code not in paths:
            continue
        held = texts[source]
        if text != current[source]:
            held = older.setdefault(text, _as_it_was(conn, held, text))
        if end > len(held.text):
            raise ValueError(f"coding {key[:8]} leaves its text")
        twin = (source, start, end, text, paths[code], coder, number)
        if twin in shown and shown[twin].id < key:
            continue
        segment = Segment(held, Span(start, end))
        shown[twin] = Coding(segment, paths[code], coder, number, at, origin, memo, sure, anchor, key)
    return tuple(shown.values())


def _as_it_was(conn: sqlite3.Connection, source: Source, text: str) -> Source:
    """A source with the earlier text that an orphan's span is in, and its turns where they say whose words it is."""
    row = conn.execute("SELECT data FROM content WHERE id = ?", (text,)).fetchone()
    rows = projection.turns_then(conn, source.id, text)
    if row is None or all(whose is None for *_, whose in rows):
        return replace(source, text=row[0] if row else "", turns=())
    names = names_of(conn, {whose for *_, whose in rows if whose is not None})
    turns = tuple(
        Turn(n, Span(start, end), label, role, prompt, time, names.get(whose))
        for n, start, end, label, role, prompt, time, whose in rows
    )
    return replace(source, text=row[0], turns=turns)


def memos(conn: sqlite3.Connection) -> tuple[Memo, ...]:
    """Memos in the order they were first written. Codes are given by path, sources by id, cases by name.

    A code or case whose coming was undone goes by its name then, with ``(undone)`` after it.
    """
    paths, names, subjects = code_paths(conn), case_names(conn), Subjects(conn)
    rows = conn.execute(
        'SELECT memo.id, kind, name, code, start, "end", content.data, coder, at FROM memo '
        "LEFT JOIN content ON content.id = memo.text ORDER BY place, memo.id"
    )
    found = []
    for key, kind, name, code, start, end, text, coder, at in rows:
        shown = names.get(name) or subjects.undone("case", name) if kind in ("case", "case x code") else name
        path = paths.get(code) or subjects.undone("code", code)
        span = Span(start, end) if start is not None else None
        found.append(Memo(MemoTarget(kind, shown, path, span), text or "", coder, at, key))
    return tuple(found)


def statuses(conn: sqlite3.Connection) -> tuple[Status, ...]:
    """How far coders are, by source, coder and codebook; only what was said."""
    return tuple(Status(*row) for row in conn.execute("SELECT * FROM status ORDER BY source, coder, codebook"))


def suggestions(conn: sqlite3.Connection, source_id: str | None = None) -> tuple[Suggestion, ...]:
    """Decided suggestions as they were shown, and pending ones, by source and place; of one source when named."""
    only = source_id or ""
    decided = conn.execute(
        'SELECT id, source, start, "end", code, decision, coder, details FROM decision '
        "WHERE ? IN (source, '') ORDER BY place, id",
        (only,),
    ).fetchall()
    done = {row[0] for row in decided}
    pending = [
        row
        for row in conn.execute(
            'SELECT id, source, start, "end", code, score, calibrated, suggester, version, reason FROM suggestion '
            "WHERE ? IN (source, '') ORDER BY place, id",
            (only,),
        ).fetchall()
        if row[0] not in done
    ]
    texts = {source.id: source for source in sources(conn, {row[1] for row in [*decided, *pending]})}
    paths = code_paths(conn)
    found = []
    for key, source, start, end, code, score, calibrated, suggester, version, reason in pending:
        if source in texts and code in paths:
            segment = Segment(texts[source], Span(start, end))
            why = _reason(json.loads(reason))
            found.append(Suggestion(segment, paths[code], score, suggester, version, why, bool(calibrated), id=key))
    for key, source, start, end, code, decision, coder, details in decided:
        if source in texts and code in paths:
            said = json.loads(details)
            segment = Segment(texts[source], Span(start, end))
            found.append(
                Suggestion(
                    segment,
                    paths[code],
                    said["score"],
                    said["suggester"],
                    said["version"],
                    _reason(said["reason"]),
                    said["calibrated"],
                    decision,
                    coder,
                    key,
                )
            )
    order = {source: at for at, source in enumerate(texts)}
    return tuple(sorted(found, key=lambda s: (order[s.segment.source.id], s.segment.span, s.code, s.id)))


def _reason(said: dict[str, Any]) -> Reason:
    return Reason(said["kind"], said["text"], tuple((start, end) for start, end in said["evidence"]))


def reason_json(reason: Reason) -> dict[str, Any]:
    """The stored form of a reason."""
    return {"kind": reason.kind, "text": reason.text, "evidence": [list(pair) for pair in reason.evidence]}


def coders(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Everyone who has coded or has a status, sorted."""
    rows = conn.execute("SELECT coder FROM coding UNION SELECT coder FROM status ORDER BY 1")
    return tuple(row[0] for row in rows)


def _one(word: str, found: list[str], noun: str) -> str | None:
    """The only one found, None for none; raises UsageError when several answer to the word."""
    if len(found) > 1:
        raise UsageError(f'"{word}" stands for {len(found)} {noun}', "give the full id or name")
    return found[0] if found else None


def source_id(conn: sqlite3.Connection, word: str) -> str:
    """The id of the source called `word`: by id, name, file name, or a prefix that only one has.

    Raises UnknownSource with the nearest name, or UsageError when several answer to it.
    """
    exact = conn.execute("SELECT id FROM source WHERE id = ?", (word,)).fetchone()
    if exact is None:
        named = conn.execute("SELECT id FROM source WHERE name = ? LIMIT 2", (word,)).fetchall()
        exact = named[0] if len(named) == 1 else None
    if exact is not None:
        return str(exact[0])
    rows = conn.execute("SELECT id, name, file FROM source").fetchall()
    for found in (
        [key for key, name, _ in rows if name == word],
        [key for key, _, file in rows if file == word],
        [key for key, name, _ in rows if spoken(name) == spoken(word)],
        [key for key, name, _ in rows if word and (name.startswith(word) or key.startswith(word))],
    ):
        key = _one(word, found, "sources")
        if key is not None:
            return key
    raise UnknownSource(word, [name for _, name, _ in rows])


def full_id(conn: sqlite3.Connection, table: str, word: str) -> str:
    """The id in `table` (coding, memo, suggestion, decision) that begins with `word` (at least 4 characters)."""
    where = "id = ? OR (length(?) >= 4 AND id GLOB ?)"
    rows = conn.execute(f'SELECT id FROM "{table}" WHERE {where}', (word, word, _glob(word)))
    found = [str(row[0]) for row in rows]
    key = word if word in found else _one(word, found, "entries")
    if key is None:
        raise UnknownId(word)
    return key


def _glob(word: str) -> str:
    """A prefix pattern; ids are hexadecimal, so a word with anything else matches nothing."""
    return f"{word}*" if all(char in "0123456789abcdef" for char in word) else "!"
