"""How another copy is read: at one moment, changing nothing there, and no body taken for another than it is."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import ProjectBusy, ProjectError
from qualcode.model import Segment, Span
from qualcode.store import Project, connection, incoming

ACT = "ab" * 32
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
PIECES = ("{", "}", "[", "]", '"', "\\", ",", ":", " ", "\n", "1", "NaN", "null", '"a":', '{"a":1}', '{"b":[{}]}')


def no_number(word: str) -> object:
    raise ValueError(word)


def one_by_one(texts: list[str]) -> list[Any] | None:
    """What the bodies say, each read alone; None where one is no object or has something around it."""
    try:
        values = [json.loads(text, parse_constant=no_number) for text in texts]
    except ValueError:
        return None
    plain = all(isinstance(value, dict) for value in values) and all(text == text.strip() for text in texts)
    return values if plain else None


def together(texts: list[str]) -> list[Any] | None:
    """The same, decoded as those of one act; None where they are refused."""
    try:
        return incoming._bodies(ACT, [(ACT, k, "", "", text) for k, text in enumerate(texts)])
    except (ProjectError, ValueError):
        return None


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), max_size=5))
def test_bodies_that_are_decoded_together_say_what_each_says_alone(texts: list[str]) -> None:
    assert repr(together(texts)) == repr(one_by_one(texts))


@given(st.lists(st.dictionaries(st.text(), st.recursive(st.none() | st.text() | NUMBERS, st.lists)), max_size=5))
def test_true_bodies_are_never_refused(bodies: list[dict[str, Any]]) -> None:
    texts = [json.dumps(body) for body in bodies]
    assert repr(together(texts)) == repr([json.loads(text) for text in texts])


@pytest.mark.parametrize(
    "texts",
    [
        ['{"a":[1', "2]}"],
        ['{"a":[{}', '{}]},{"b":1}'],
        ['{"a":"', '"}'],
        ["{},{}", '{"a":[{}', "{}]}"],
        ['{"a":[{}', "{}]}", '{},"' + "cd" * 32 + '",{}'],  # as if the id of another act were in between
        ["{}", ""],
        ["{} "],
        ["[]"],
        ['{"a":NaN}'],
        ['{"a":[-Infinity]}'],
    ],
)
def test_a_body_that_goes_on_in_the_next_is_refused(texts: list[str]) -> None:
    assert one_by_one(texts) is None
    assert together(texts) is None


@pytest.mark.parametrize(("depth", "read"), [(190, True), (300, False)])
def test_a_body_may_not_nest_deeper_than_sqlite_reads(depth: int, read: bool) -> None:
    text = f'{{"a":{"[" * depth}{"]" * depth}}}'
    assert (together([text]) is not None) == read


@pytest.fixture
def laptop(project: Project) -> Path:
    """A copy of the project in which ben has coded."""
    folder = project.folder.with_name("laptop")
    shutil.copytree(project.folder, folder)
    with Project.open(folder) as copy, copy.act("coding add", "ben") as act:
        act.add_coding(Segment(copy.source("vale"), Span(41, 61)), copy.codes()[0])
    return folder


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_project_that_somebody_is_writing_is_read_as_it_was_before(project: Project, laptop: Path) -> None:
    with closing(connection.connect(laptop / "qualcode.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM event WHERE kind = 'coding.add'")
        assert project.merge(laptop).codings == 1
        other.execute("ROLLBACK")


def test_a_project_that_is_locked_is_waited_for_and_then_refused(
    project: Project, laptop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.2)
    with closing(connection.connect(laptop / "qualcode.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ProjectBusy):
            project.merge(laptop)
        other.execute("ROLLBACK")
    assert project.merge(laptop).codings == 1


def test_nothing_is_held_open_after_it_was_read(project: Project, laptop: Path) -> None:
    project.merge(laptop)
    with closing(connection.connect(laptop / "qualcode.db", wait=0.2)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("ROLLBACK")


def test_a_journal_that_a_killed_process_left_is_rolled_back_in_a_copy_only(project: Project, laptop: Path) -> None:
    killed = laptop.with_name("killed")
    with closing(sqlite3.connect(laptop / "qualcode.db", isolation_level=None)) as other:
        other.execute("PRAGMA cache_size = 1")  # the pages go to the disk before the commit
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM event WHERE kind = 'coding.add'")
        other.executemany("INSERT INTO meta VALUES (?, ?)", [(f"kept:{n}", "x" * 500) for n in range(500)])
        shutil.copytree(laptop, killed)
        other.execute("ROLLBACK")
    before = listing(killed)
    assert before["qualcode.db-journal"][:8] != bytes(8)
    assert before["qualcode.db"] != (laptop / "qualcode.db").read_bytes()
    assert project.merge(killed).codings == 1
    assert listing(killed) == before


def test_a_database_that_keeps_a_log_of_writes_is_read_without_opening_it_there(project: Project, laptop: Path) -> None:
    with closing(sqlite3.connect(laptop / "qualcode.db")) as other:
        assert other.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    before = listing(laptop)
    assert project.merge(laptop).codings == 1
    assert listing(laptop) == before


def test_a_folder_that_cannot_be_written_can_be_merged(project: Project, laptop: Path) -> None:
    before = listing(laptop)
    for path, mode in ((laptop / "qualcode.db", 0o400), (laptop, 0o500)):
        path.chmod(mode)
    try:
        assert project.merge(laptop).codings == 1
        assert listing(laptop) == before
    finally:
        laptop.chmod(0o700)


@pytest.mark.parametrize("named", [1_000_000, True, "", "ab" * 31, ["ab" * 32]])
def test_a_body_that_names_no_content_where_it_should_is_refused(named: object) -> None:
    assert incoming._named([{"text": "ab" * 32, "memo": None}, {"details": {"score": 1}}]) == ["ab" * 32]
    with pytest.raises(ValueError, match="none"):
        incoming._named([{"text": "ab" * 32}, {"about": named}])
