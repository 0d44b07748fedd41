"""A project of schema 1 opens: backed up first, with every act and coding, and turns that can have cases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qualcode.model import Segment, Span
from qualcode.store import Project, schema
from qualcode.workflow import speaking

SCHEMA_1 = (Path(__file__).parent / "schema_1.sql").read_text(encoding="utf-8")


def made_old(folder: Path) -> None:
    """Give the database the projected tables of schema 1, filled with what those had."""
    with closing(sqlite3.connect(folder / "qualcode.db", isolation_level=None)) as conn:
        conn.execute("BEGIN")
        rows = {}
        for table in schema.PROJECTED:
            columns = [row[1] for row in conn.execute(f'PRAGMA table_info("{table}")')]
            rows[table] = columns, conn.execute(f'SELECT * FROM "{table}"').fetchall()
        conn.execute("DROP VIEW coded_segment")
        for table in schema.PROJECTED:
            conn.execute(f'DROP TABLE "{table}"')
        for statement in schema.statements(SCHEMA_1):
            conn.execute(statement)
        for table, (columns, held) in rows.items():
            kept = [row[1] for row in conn.execute(f'PRAGMA table_info("{table}")')]
            places = [columns.index(name) for name in kept]
            marks = ", ".join("?" * len(kept))
            conn.executemany(
                f'INSERT INTO "{table}" VALUES ({marks})', [tuple(row[at] for at in places) for row in held]
            )
        conn.execute("DELETE FROM _sqlite_migrations WHERE name != 'm001_first_tables'")
        conn.execute("PRAGMA user_version = 1")
        conn.execute("COMMIT")


@pytest.fixture
def old(project: Project) -> Path:
    with project.act("coding add", "ann") as act:
        act.add_coding(Segment(project.source("vale"), Span(41, 61)), project.codes()[0], memo="why")
    project.close()
    made_old(project.folder)
    with closing(sqlite3.connect(project.folder / "qualcode.db")) as conn:
        assert "case_id" not in [row[1] for row in conn.execute("PRAGMA table_info(turn)")]
        assert conn.execute('SELECT "case", quote FROM coded_segment').fetchall() == [("vale", "I plan the timetable")]
    return project.folder


def test_an_old_project_is_backed_up_and_has_all_it_had(old: Path) -> None:
    with Project.open(old) as project:
        assert [(c.case, c.segment.quote, c.memo) for c in project.codings()] == [
            ("vale", "I plan the timetable", "why")
        ]
        assert all(check.ok for check in project.examine() if check.severity == "error")
        assert project.case("vale").attributes == {"phase": "secondary"}
    (kept,) = (old / "backups").glob(f"*before-schema-{schema.VERSION}*.db")
    with closing(sqlite3.connect(kept)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (1,)
        assert conn.execute("SELECT count(*) FROM coding").fetchone() == (1,)


def test_an_old_projects_speakers_can_be_cases_and_it_merges_with_a_new_one(old: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(old, tmp_path / "laptop")
    with Project.open(old) as project, Project.open(tmp_path / "laptop") as laptop:
        speaking.give_case(laptop, "vale", "Ms Vale", "Maya", coder="ben")
        assert project.merge(laptop.folder).new_acts == 1
        assert [c.case for c in project.codings()] == ["Maya"]
        assert all(check.ok for check in project.examine() if check.severity == "error")


def test_two_copies_of_which_one_is_still_old_merge(old: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(old, tmp_path / "laptop")
    with Project.open(old) as project:
        speaking.give_case(project, "vale", "Ms Vale", "Maya", coder="ann")
        assert project.merge(tmp_path / "laptop").new_acts == 0
        assert [c.case for c in project.codings()] == ["Maya"]
