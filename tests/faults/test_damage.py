"""Databases that were copied in use, cut off, replaced, flipped, or come from another version (O8-O11)."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from qualcode.errors import ProjectError
from qualcode.model import MemoTarget, Segment, Span
from qualcode.store import Project, connection, schema
from qualcode.workflow import projects
from tests.faults import deaths
from tests.faults.command import ask, picture, refuses, tables, works

READS = (
    ("sources",),
    ("coding", "list"),
    ("memo", "list"),
    ("history",),
    ("report", "codebook"),
    ("show", "interview-0"),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "template"
    deaths.make_project(folder)
    with Project.open(folder) as project, project.act("coding batch", "ann") as act:
        source, code = project.source("interview-0"), project.codes()[0]
        for at in range(200):
            act.add_coding(Segment(source, Span(5 + at, 60 + at)), code, memo=f"memo {at}")
        act.put_memo(MemoTarget("project"), "A thought about the whole of it.")
    return folder


# -- O8: copied while it is written ---------------------------------------------------------------------------


class Writing(threading.Thread):
    """Somebody who codes one passage after the other; `stored` are the ids whose commit has come back."""

    def __init__(self, folder: Path, times: int) -> None:
        super().__init__(daemon=True)
        self.folder, self.times = folder, times
        self.stored: list[str] = []

    def run(self) -> None:
        """Code, each passage in an act of its own."""
        with Project.open(self.folder) as project:
            source, codes = project.source("interview-1"), project.codes()
            for at in range(self.times):
                with project.act("coding add", "ben") as act:
                    key = act.add_coding(Segment(source, Span(5 + at, 60 + at)), codes[at % 2], memo="why " * 50)
                self.stored.append(key)


def opened(folder: Path) -> set[str] | None:
    """The ids of the codings in a sound project, or None when it is refused or the doctor finds an error."""
    try:
        with Project.open(folder) as project:
            if any(check.severity == "error" and not check.ok for check in project.examine()):
                return None
            return {coding.id for coding in project.codings()}
    except ProjectError:
        return None


@pytest.mark.parametrize(
    "times", [pytest.param(150, id="quick"), pytest.param(2000, marks=pytest.mark.soak, id="soak")]
)
def test_a_copy_taken_while_the_project_is_written_is_complete_or_refused(
    template: Path, tmp_path: Path, times: int
) -> None:
    """O8: a copy of the folder never has fewer codings in silence."""
    folder = deaths.fresh(template, tmp_path / "study")
    writer = Writing(folder, times)
    writer.start()
    complete, refused = 0, 0
    while writer.is_alive():
        known = set(writer.stored)
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        with suppress(shutil.Error):  # the journal is gone by the time it is its turn
            shutil.copytree(folder, copy)
        found = opened(copy)
        complete += found is not None and known <= found
        refused += found is None
        assert found is None or known <= found
    assert complete + refused > 0
    assert len(writer.stored) == times
    assert set(writer.stored) <= (opened(folder) or set())


@pytest.mark.parametrize(
    "times", [pytest.param(150, id="quick"), pytest.param(2000, marks=pytest.mark.soak, id="soak")]
)
def test_a_project_that_is_being_written_is_merged_as_it_was_at_one_moment(
    template: Path, tmp_path: Path, times: int
) -> None:
    """O8: merging from a folder somebody is working in brings all that was stored when it began, or nothing."""
    folder, mine = deaths.fresh(template, tmp_path / "study"), deaths.fresh(template, tmp_path / "mine")
    writer = Writing(folder, times)
    writer.start()
    merged = 0
    while writer.is_alive():
        known = set(writer.stored)
        with Project.open(mine) as project:
            try:
                project.merge(folder)
            except ProjectError:
                continue
            assert known <= {coding.id for coding in project.codings()}
        merged += 1
    writer.join()
    assert merged > 0
    with deaths.sound(mine) as project:
        project.merge(folder)
        assert set(writer.stored) <= {coding.id for coding in project.codings()}


# -- O9: what is no database any more -------------------------------------------------------------------------


def broken(template: Path, folder: Path, way: str) -> Path:
    """A project whose database was spoilt in this way."""
    path = deaths.fresh(template, folder) / "qualcode.db"
    raw = path.read_bytes()
    if way.isdigit():
        path.write_bytes(raw[: len(raw) * int(way) // 100])
    elif way == "one page less":
        path.write_bytes(raw[:-4096])
    elif way == "zeros":
        path.write_bytes(raw[:8192] + bytes(40_960) + raw[49_152:])
    else:
        path.write_bytes(
            {"empty": b"", "text": b"Interviewer: What is this?\n" * 500, "zip": b"PK\x03\x04" * 2000}[way]
        )
    return folder


WAYS = ("empty", "text", "zip", "5", "30", "50", "70", "95", "one page less", "zeros")


@pytest.mark.parametrize("way", WAYS)
def test_a_spoilt_database_is_refused_or_found_out_and_never_written(template: Path, tmp_path: Path, way: str) -> None:
    """O9: a cut-off file, an empty one, another kind of file under the name."""
    folder = broken(template, tmp_path / "study", way)
    before = (folder / "qualcode.db").read_bytes()
    for command in READS:
        said = ask("--project", folder, *command)
        assert said.status in (0, 5), (command, said)
        if said.status:
            refuses(said, 5)
    examined = ask("--project", folder, "doctor")
    assert examined.status in (1, 5)
    if examined.status == 5:
        refuses(examined, 5)
    assert (folder / "qualcode.db").read_bytes() == before


@pytest.mark.parametrize("way", WAYS)
def test_a_spoilt_database_is_not_merged_and_not_backed_up_and_a_backup_takes_its_place(
    template: Path, tmp_path: Path, way: str
) -> None:
    """O9: the way out is a backup; what it replaces is set aside."""
    mine = deaths.fresh(template, tmp_path / "mine")
    kept = Path(works(ask("--project", mine, "backup", "--json")).json["written"])
    spoilt = broken(template, tmp_path / "spoilt", way)
    before = picture(mine)
    refuses(ask("--project", mine, "merge", spoilt), 5)
    assert picture(mine)[0] == before[0]
    refuses(ask("--project", mine, "restore", spoilt / "qualcode.db"), 5)
    assert picture(mine)[0] == before[0]
    refuses(ask("--project", spoilt, "backup"), 5)
    assert not list((spoilt / "backups").glob("*")) if (spoilt / "backups").exists() else True
    raw = (spoilt / "qualcode.db").read_bytes()
    aside = works(ask("--project", spoilt, "restore", kept, "--json")).json["set_aside"]
    assert Path(aside).read_bytes() == raw
    with deaths.sound(spoilt) as project:
        assert len(project.codings()) == 200


def test_a_database_that_is_gone_comes_back_from_its_backups(template: Path, tmp_path: Path) -> None:
    """O9: whoever lost the file is told of the backups, and need not begin a new project to put one in place."""
    folder = deaths.fresh(template, tmp_path / "study")
    kept = Path(works(ask("--project", folder, "backup", "--json")).json["written"])
    (folder / "qualcode.db").unlink()
    for command in (*READS, ("doctor",), ("backup",)):
        assert "`qualcode restore`" in refuses(ask("--project", folder, *command), 5)
    assert [each["name"] for each in works(ask("--project", folder, "backup", "--list", "--json")).json] == [kept.name]
    assert works(ask("--project", folder, "restore", kept.name, "--json")).json["set_aside"] is None
    with deaths.sound(folder) as project:
        assert len(project.codings()) == 200


def test_a_database_whose_last_page_is_cut_off_is_found_out(template: Path, tmp_path: Path) -> None:
    """O9: SQLite reads what is missing of the last page as zeros, and calls that sound when nothing stood there."""
    folder = deaths.fresh(template, tmp_path / "study")
    path = folder / "qualcode.db"
    with closing(sqlite3.connect(path)) as conn:  # an empty page at the end
        conn.executescript("CREATE TABLE late (x); INSERT INTO late VALUES (zeroblob(4000)); DROP TABLE late")
    whole = works(ask("--project", folder, "doctor", "--json")).json
    assert whole["checks"][0]["ok"]
    path.write_bytes(path.read_bytes()[:-100])
    said = ask("--project", folder, "doctor", "--json")
    assert said.status == 1
    assert said.json["checks"][0]["detail"] == "the file is cut short"


# -- O10: versions --------------------------------------------------------------------------------------------


def test_a_newer_schema_is_refused_with_both_numbers(template: Path, tmp_path: Path) -> None:
    """O10: by opening, merging and restoring."""
    mine, newer = deaths.fresh(template, tmp_path / "mine"), deaths.fresh(template, tmp_path / "newer")
    with closing(sqlite3.connect(newer / "qualcode.db")) as conn:
        conn.execute("PRAGMA user_version = 99")
    before = picture(mine)
    for said in (
        ask("--project", newer, "sources"),
        ask("--project", newer, "doctor"),
        ask("--project", mine, "merge", newer),
        ask("--project", mine, "restore", newer / "qualcode.db"),
    ):
        line = refuses(said, 5)
        assert "99" in line
        assert str(schema.VERSION) in line
    assert picture(mine)[0] == before[0]


def test_an_older_schema_is_backed_up_and_brought_up_to_date(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O10: in one transaction, after a backup that still has the old version."""
    folder = deaths.fresh(template, tmp_path / "study")

    def m999_a_table_more(conn: sqlite3.Connection) -> None:
        conn.execute("CREATE TABLE more (id TEXT PRIMARY KEY) STRICT")

    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, m999_a_table_more))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with deaths.sound(folder) as project:
        assert len(project.codings()) == 200
        assert project._conn.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    (kept,) = (folder / "backups").glob("*.db")
    with closing(sqlite3.connect(kept)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)
        assert conn.execute("SELECT count(*) FROM coding").fetchone() == (200,)


def test_a_migration_that_fails_leaves_the_old_version(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O10: one transaction."""
    folder = deaths.fresh(template, tmp_path / "study")

    def m999_half_way(conn: sqlite3.Connection) -> None:
        conn.execute("CREATE TABLE more (id TEXT PRIMARY KEY) STRICT")
        conn.execute("CREATE TABLE act (id TEXT PRIMARY KEY) STRICT")

    with monkeypatch.context() as patched:
        patched.setattr(schema, "STEPS", (*schema.STEPS, m999_half_way))
        patched.setattr(schema, "VERSION", schema.VERSION + 1)
        with pytest.raises(ProjectError):
            Project.open(folder)
    with deaths.sound(folder) as project:
        assert len(project.codings()) == 200


# -- O11: a flipped bit ---------------------------------------------------------------------------------------


def flipped(template: Path, folder: Path, said: bytes, to: bytes) -> Path:
    """A project in whose file some bytes were exchanged, as by a failing disk."""
    path = deaths.fresh(template, folder) / "qualcode.db"
    raw = path.read_bytes()
    assert said in raw
    path.write_bytes(raw.replace(said, to, 1))
    return folder


@pytest.mark.parametrize("to", [b"R: 1 We mes", b"R: 1 We me\xf4", b"R: 1 We \x00et"])
def test_a_flipped_bit_in_a_text_is_found_and_its_source_named(template: Path, tmp_path: Path, to: bytes) -> None:
    """O11: also when the byte is no UTF-8 any more, and then no line of the text is shown."""
    folder = flipped(template, tmp_path / "study", b"R: 1 We met", to)
    said = ask("--project", folder, "doctor", "--json")
    assert said.status == 1, said
    found = {check["name"]: check["detail"] for check in said.json["checks"] if not check["ok"]}
    assert "interview-1" in found["texts"]
    for command in READS:
        other = ask("--project", folder, *command)
        assert other.status in (0, 5), (command, other)
        assert b"mentors" not in other.err


@pytest.mark.parametrize("times", [pytest.param(25, id="quick"), pytest.param(2000, marks=pytest.mark.soak, id="soak")])
def test_no_flipped_bit_goes_unnoticed_and_none_ends_in_a_traceback(template: Path, tmp_path: Path, times: int) -> None:
    """O11: wherever the bit is, the doctor finds it when any row differs, and every command answers or says one line.

    A row of another type than ever was stored may still end a command as an internal error, which quotes nothing.
    """
    folder = deaths.fresh(template, tmp_path / "study")
    raw, sound = (folder / "qualcode.db").read_bytes(), told(folder)
    written = [at for at in range(100, len(raw)) if raw[at]]
    found = 0

    def once(dice: random.Random, n: int) -> None:
        nonlocal found
        spoilt = bytearray(raw)
        spoilt[dice.choice(written)] ^= 1 << dice.randrange(8)
        (folder / "qualcode.db").write_bytes(spoilt)
        examined = ask("--project", folder, "doctor")
        status = examined.status
        assert status in (0, 1, 5), examined.line
        assert status or told(folder) == sound, n
        found += status != 0
        for command in (*READS, ("export", "codings", "--format", "jsonl"), ("undo",)):
            said = ask("--project", folder, *command)
            assert said.status in (0, 2, 5, 70), command
            assert len(said.err.splitlines()) == (said.status != 0)
            assert b"mentors" not in said.err

    deaths.repeat(times, 11, once)
    assert found > times / 2


def told(folder: Path) -> object:
    """What the database says but for what stays on this machine, or None when it cannot be read."""
    try:
        held = tables(folder)
    except sqlite3.DatabaseError:
        return None
    return {name: rows for name, rows in held.items() if name in (*schema.PROJECTED, "act", "event", "content")}


def test_a_flipped_bit_in_a_memo_or_the_log_is_found(template: Path, tmp_path: Path) -> None:
    """O11: every personal string and every event is hashed."""
    for said, to in ((b"A thought about", b"A thoughx about"), (b'"start":17,', b'"start":16,')):
        folder = flipped(template, tmp_path / "study", said, to)
        found = ask("--project", folder, "doctor")
        assert found.status == 1
        assert b"error" in found.out


def test_a_file_left_by_a_killed_command_is_named(template: Path, tmp_path: Path) -> None:
    """O2, O5: a killed command may leave a temporary file, which may hold a transcript."""
    folder = deaths.fresh(template, tmp_path / "study")
    (folder / "transcripts" / ".qualcode-abcdefgh").write_text("half a transcript")
    (check,) = [
        c for c in works(ask("--project", folder, "doctor", "--json")).json["checks"] if c["name"] == "stray files"
    ]
    assert not check["ok"]
    assert ".qualcode-abcdefgh" in check["detail"]


def test_reading_never_waits_long_for_a_writer(template: Path, tmp_path: Path) -> None:
    """O7: no open read is held, so reads and commits pass each other."""
    folder = deaths.fresh(template, tmp_path / "study")
    writer = Writing(folder, 60)
    writer.start()
    worst = 0.0
    with projects.open_project(folder) as project:
        while writer.is_alive():
            began = time.monotonic()
            assert len(project.source_names()) == 3
            worst = max(worst, time.monotonic() - began)
    assert worst < 2
    with closing(connection.connect(folder / "qualcode.db")) as conn:
        assert conn.execute("SELECT count(*) FROM coding WHERE coder = 'ben'").fetchone() == (60,)


def test_another_program_s_database_is_not_restored_and_is_called_by_its_name(template: Path, tmp_path: Path) -> None:
    """O9: what is in place stays in place."""
    folder, foreign = deaths.fresh(template, tmp_path / "study"), tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as conn:
        conn.execute("CREATE TABLE x (a)")
    before = picture(folder)
    line = refuses(ask("--project", folder, "restore", foreign), 5)
    assert "foreign.db holds no qualcode project" in line
    assert picture(folder) == before
