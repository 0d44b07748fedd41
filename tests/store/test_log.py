"""Acts are chained by hash, contents are salted, and the projection is what the log says."""

from __future__ import annotations

import json
import shutil
import sqlite3

from qualcode.model import MemoTarget, Segment, Span
from qualcode.store import Project, log, projection, schema


def rows(conn: sqlite3.Connection, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(conn.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr) for table in tables}


def code_something(project: Project) -> str:
    with project.act("coding add", "ann") as act:
        return act.add_coding(Segment(project.source("vale"), Span(41, 61)), project.codes()[0], memo="m")


def test_every_act_names_its_parent_and_its_hash_holds(project: Project) -> None:
    code_something(project)
    conn = sqlite3.connect(project.path)
    acts = conn.execute("SELECT * FROM act ORDER BY lamport").fetchall()
    assert [act[3] for act in acts] == [1, 2, 3]
    assert [act[2] for act in acts] == [None, acts[0][0], acts[1][0]]
    for key, replica, parent, lamport, coder, at, command in acts:
        events = conn.execute("SELECT kind, target, body FROM event WHERE act = ? ORDER BY k", (key,)).fetchall()
        assert events
        header = log.Header(replica, parent, lamport, coder, at, command)
        assert log.act_id(header, [log.Event(*event) for event in events]) == key
    conn.close()


def test_contents_prove_their_text_only_with_the_salt(project: Project) -> None:
    conn = sqlite3.connect(project.path)
    found = conn.execute("SELECT id, salt, data FROM content").fetchall()
    assert len(found) >= 5
    assert all(log.content_id(salt, data) == key for key, salt, data in found)
    assert len({salt for _, salt, _ in found}) == len(found)
    conn.close()


def test_no_personal_string_stands_outside_content(project: Project) -> None:
    code_something(project)
    conn = sqlite3.connect(project.path)
    said = json.dumps(rows(conn, "act", "event"), ensure_ascii=False)
    conn.close()
    assert "ann" in said
    assert not any(word in said for word in ("Vale", "vale", "timetable", "secondary"))


def test_a_rebuild_is_the_projection(project: Project) -> None:
    code_something(project)
    conn = sqlite3.connect(project.path, isolation_level=None)
    before = rows(conn, *schema.PROJECTED)
    assert len(before["coding"]) == 1
    projection.rebuild(conn)
    assert rows(conn, *schema.PROJECTED) == before
    conn.close()


def test_an_undone_act_counts_no_more_and_a_redone_one_again(project: Project) -> None:
    code_something(project)
    conn = sqlite3.connect(project.path, isolation_level=None)
    (act,) = conn.execute("SELECT id FROM act WHERE command = 'coding add'").fetchone()
    for kind, left in (("undo", 0), ("redo", 1)):
        draft = log.Draft(kind, "ann")
        draft.event(kind, f"act:{act}", {})
        log.append(conn, project.path, draft)
        projection.rebuild(conn)
        assert len(rows(conn, "coding")["coding"]) == left
    conn.close()


def test_a_copied_folder_becomes_a_new_replica_that_continues_the_chain(project: Project) -> None:
    code_something(project)
    project.close()
    other = project.folder.with_name("copy")
    shutil.copytree(project.folder, other)
    with Project.open(other) as copy, copy.act("memo add", "ben") as act:
        act.put_memo(MemoTarget("project"), "mine")
    conn = sqlite3.connect(other / "qualcode.db")
    replicas = [row[0] for row in conn.execute("SELECT replica FROM act ORDER BY lamport")]
    parents = [row[0] for row in conn.execute("SELECT parent FROM act ORDER BY lamport")]
    ids = [row[0] for row in conn.execute("SELECT id FROM act ORDER BY lamport")]
    conn.close()
    assert len(set(replicas)) == 2
    assert parents[1:] == ids[:-1]
