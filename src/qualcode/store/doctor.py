"""`doctor`: is everything as the log says, and is the folder a safe place? Warnings keep the whole ok."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from qualcode.store import backup, connection, handout, history, log, merging, projection, schema

SYNCED = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents", "nextcloud", "owncloud")
CONFLICTS = ("conflicted copy", "conflict-", "(conflict", "sync-conflict", "in konflikt", "copie en conflit")
OURS = {
    *("qualcode.db", "qualcode.db-journal", "qualcode.yaml", ".gitignore"),
    *("codebooks", "transcripts", "exports", "surveys"),
}
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "9p"}
OLD_BACKUP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was found, and whether that is an error or a warning when it is not ok."""

    name: str
    ok: bool
    severity: Literal["error", "warning"]
    detail: str


def examine(conn: sqlite3.Connection, folder: Path) -> tuple[Check, ...]:
    """All checks, those of the data first. Reads only; a hot journal is recovered by opening.

    A text that is no UTF-8 any more is read with signs in place of what is lost, so that it hides nothing else.
    """
    conn.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        with connection.snapshot(conn):
            data = [_looked(check, conn) for check in _DATA]
    finally:
        conn.text_factory = str
    return (*data, *(check(folder) for check in _FOLDER))


def _looked(check: Callable[[sqlite3.Connection], Check], conn: sqlite3.Connection) -> Check:
    """What the check found, or that it could not even be made."""
    try:
        return check(conn)
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        name = check.__name__.strip("_").replace("_", " ")
        return Check(name, False, "error", "cannot be checked, because what it reads is damaged")


def _check(name: str, severity: Literal["error", "warning"], bad: str, good: str) -> Check:
    return Check(name, not bad, severity, bad or good)


# -- the data -------------------------------------------------------------------------------------------------


def _integrity(conn: sqlite3.Connection) -> Check:
    said = [row[0] for row in conn.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    pages, size = (conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    path = Path(conn.execute("PRAGMA database_list").fetchone()[2])
    if path.is_file() and path.stat().st_size < pages * size:  # SQLite takes what is missing of the last page for zeros
        said.append("the file is cut short")
    return _check("SQLite integrity", "error", "; ".join(said), "sound")


def _foreign_keys(conn: sqlite3.Connection) -> Check:
    found = conn.execute("PRAGMA foreign_key_check").fetchall()
    return _check("references", "error", f"{len(found)} rows point nowhere" if found else "", "all hold")


def _schema(conn: sqlite3.Connection) -> Check:
    fresh = connection.connect(":memory:")
    with connection.transaction(fresh):
        schema.lay_out(fresh)
    shape = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%sqlite_%'"
    here, there = set(conn.execute(shape)), set(fresh.execute(shape))
    fresh.close()
    strange = sorted({row[1] for row in here ^ there})
    return _check("schema", "error", f"differs: {', '.join(strange)}" if strange else "", f"version {schema.VERSION}")


def _chain(conn: sqlite3.Connection) -> Check:
    bad, missing, known = 0, 0, set()
    events: dict[str, list[log.Event]] = {}
    for act, kind, target, body in conn.execute("SELECT act, kind, target, body FROM event ORDER BY act, k"):
        events.setdefault(act, []).append(log.Event(kind, target, body))
    acts = conn.execute(
        "SELECT id, replica, parent, lamport, coder, at, command FROM act ORDER BY lamport, id"
    ).fetchall()
    for key, *header in acts:
        bad += log.act_id(log.Header(*header), events.get(key, [])) != key
        missing += header[1] is not None and header[1] not in known
        known.add(key)
    said = [f"{bad} acts do not fit their hash"] if bad else []
    said += [f"{missing} acts have no parent here"] if missing and not handout.is_handout(conn) else []
    return _check("log", "error", "; ".join(said), f"{len(acts)} acts, all hashes hold")


def _contents(conn: sqlite3.Connection) -> Check:
    rows = conn.execute("SELECT id, salt, CAST(data AS BLOB) FROM content")
    bad = [key for key, salt, data in rows if hashlib.sha256(salt + data).hexdigest() != key]
    said = f"altered: {', '.join(_whose(conn, key) for key in bad[:5])}" if bad else ""
    return _check("texts", "error", said, "every text fits its hash")


def _whose(conn: sqlite3.Connection, content: str) -> str:
    """What a content says, for a person who looks for it."""
    query = "SELECT target FROM event WHERE instr(body, ?) ORDER BY kind NOT GLOB 'source.*' LIMIT 1"
    row = conn.execute(query, (content,)).fetchone()  # codings name their source's text too
    noun, _, key = row[0].partition(":") if row else ("text", "", "")
    if noun == "source":
        named = conn.execute("SELECT name FROM source WHERE id = ?", (key,)).fetchone()
        return f'the text of source "{named[0] if named else key[:8]}"'
    return {"code": "the definition of a code", "case": "what is known of a case"}.get(noun, f"a {noun}'s text")


def _projection(conn: sqlite3.Connection) -> Check:
    memory = connection.connect(":memory:")
    with connection.transaction(memory):
        schema.lay_out(memory)
        history.copy_log(conn, memory)
        projection.rebuild(memory)
    differing = [
        table
        for table in schema.PROJECTED
        if set(conn.execute(f'SELECT * FROM "{table}"')) != set(memory.execute(f'SELECT * FROM "{table}"'))
    ]
    memory.close()
    return _check(
        "tables", "error", f"not what the log says: {', '.join(differing)}" if differing else "", "as the log says"
    )


def _spans(conn: sqlite3.Connection) -> Check:
    bad = conn.execute(
        'SELECT count(*) FROM coding JOIN content ON content.id = coding.text WHERE coding."end" > length(content.data)'
    ).fetchone()[0]
    bad += conn.execute(
        'SELECT count(*) FROM turn JOIN source ON source.id = turn.source WHERE turn."end" > source.chars'
    ).fetchone()[0]
    n = conn.execute("SELECT count(*) FROM coding").fetchone()[0]
    return _check("spans", "error", f"{bad} leave their text" if bad else "", f"{n} codings inside their texts")


def _graphemes(conn: sqlite3.Connection) -> Check:
    from qualcode.graphemes import splits_grapheme

    bad = 0
    for (text,) in conn.execute("SELECT DISTINCT text FROM coding").fetchall():
        (data,) = conn.execute("SELECT data FROM content WHERE id = ?", (text,)).fetchone()
        if data.isascii():
            continue
        spans = conn.execute('SELECT start, "end" FROM coding WHERE text = ?', (text,))
        bad += sum(splits_grapheme(data, start) or splits_grapheme(data, end) for start, end in spans)
    return _check(
        "characters", "warning", f"{bad} codings begin or end inside a character" if bad else "", "none is split"
    )


def _codes(conn: sqlite3.Connection) -> Check:
    bad = conn.execute("SELECT count(*) FROM coding WHERE code NOT IN (SELECT id FROM code)").fetchone()[0]
    lost = conn.execute("SELECT count(*) FROM coding WHERE source NOT IN (SELECT id FROM source)").fetchone()[0]
    said = [f"{bad} codings have no code"] if bad else []
    said += [f"{lost} codings have no source (its import was undone)"] if lost else []
    return _check("codes", "warning", "; ".join(said), "every coding has its code and its source")


def _anchors(conn: sqlite3.Connection) -> Check:
    n = conn.execute("SELECT count(*) FROM coding WHERE anchor IN ('review', 'orphan')").fetchone()[0]
    return _check("anchors", "warning", f"{n} codings wait for review after a revision" if n else "", "none to review")


def _forks(conn: sqlite3.Connection) -> Check:
    found = merging.forks(conn)
    return _check(
        "forks", "warning", "an old copy was restored and both went on; both are kept" if found else "", "none"
    )


_DATA: tuple[Callable[[sqlite3.Connection], Check], ...] = (
    *(_integrity, _foreign_keys, _schema, _chain, _contents, _projection),
    *(_spans, _graphemes, _codes, _anchors, _forks),
)


# -- the folder -----------------------------------------------------------------------------------------------


def _modes(folder: Path) -> Check:
    open_ = [p.name for p in _private(folder) if stat.S_IMODE(p.stat().st_mode) & 0o077]
    some = ", ".join(open_[:5])
    return _check("file modes", "warning", f"others can read {some}: chmod go= them" if open_ else "", "private")


def _private(folder: Path) -> Iterator[Path]:
    yield folder
    for pattern in ("qualcode.db*", "transcripts/*", "backups/*"):
        yield from folder.glob(pattern)


def _originals(folder: Path) -> Check:
    """Files kept by `import` carry the beginning of their SHA-256 in their name."""
    bad = []
    for path in (folder / "transcripts").glob("*"):
        mark = path.stem.rpartition("-")[2]
        if path.is_file() and len(mark) == 12 and all(char in "0123456789abcdef" for char in mark):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            bad += [path.name] if not digest.startswith(mark) else []
    return _check(
        "originals", "warning", f"changed since they were imported: {', '.join(bad)}" if bad else "", "unchanged"
    )


def _strays(folder: Path) -> Check:
    names = [path.name for path in folder.iterdir() if path.name not in OURS | {"backups"}]
    twins = [name for name in names if any(word in name.casefold() for word in CONFLICTS)]
    left = [name for name in names if name.startswith((".qualcode-", "qualcode.db")) and name not in twins]
    left += [f"{path.parent.name}/{path.name}" for path in sorted(folder.glob("*/.qualcode-*"))]
    said = [f"a sync service made {', '.join(twins)}: merge and delete it"] if twins else []
    said += [f"left over: {', '.join(left)}"] if left else []
    return _check("stray files", "warning", "; ".join(said), "none")


def _place(folder: Path) -> Check:
    path = str(folder.resolve()).casefold()
    synced = next((word for word in SYNCED if word in path), None)
    kind = _filesystem(folder.resolve())
    said = f"the folder is synced ({synced}): pause syncing while you work, or use `merge`" if synced else ""
    if kind in NETWORK:
        said = f"the folder is on a network drive ({kind}): locks may not hold there"
    return _check("place", "warning", said, "on this machine's own disk")


def _filesystem(path: Path) -> str:
    """The kind of file system by ``/proc/mounts``; empty where there is none."""
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return ""
    best = ("", "")
    for line in mounts.read_text(errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        if (path == Path(point) or Path(point) in path.parents) and len(point) > len(best[0]):
            best = (point, kind)
    return best[1]


def _backups(folder: Path) -> Check:
    found = backup.listed(folder)
    if not found:
        return Check("backup", False, "warning", "there is none yet: `qualcode backup`")
    age = datetime.now(UTC) - backup.made_at(found[0])
    said = f"the last one is {age.days} days old: `qualcode backup`" if age > OLD_BACKUP else ""
    return _check("backup", "warning", said, f"the last one is {age.days} days old")


_FOLDER: tuple[Callable[[Path], Check], ...] = (_modes, _originals, _strays, _place, _backups)
