"""Random histories of a study that several people work on apart: copies, clocks that lie, merges, undos, forks.

A `Replica` is one person's copy. `Memory` keeps it in RAM, so that thousands of histories can be run; `Folder` is the
real thing on disk. A deed is what one command does; `deeds.DEEDS` are those that a history is made of. `run` plays one
history and asserts at its end what `properties` of a merge promise.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from random import Random

from qualcode.errors import NotUndoable
from qualcode.model import Bundle, Case, Code, Codebook, Source, Span, Turn, stable_id
from qualcode.store import (
    Merged,
    Project,
    connection,
    doctor,
    log,
    merging,
    projection,
    records,
    relations,
    retrieval,
    schema,
)
from tests.faults import deeds

CLOCKS = (0, 10, -10)  # years by which a replica's clock is off
CODERS = ("ann", "ben", "cem")
LOG = ("act", "event", "content", "erased")
Dump = dict[str, list[tuple[object, ...]]]


def talk(name: str, text: str) -> Source:
    """An interview in which one person answers in one turn a line."""
    turns, at = [], 0
    for n, line in enumerate(text.splitlines(keepends=True), start=1):
        start = at + line.index(":") + 2
        turns.append(Turn(n, Span(start, at + len(line.rstrip("\n"))), line.partition(":")[0]))
        at += len(line)
    key = stable_id("source", name)
    return Source(key, name, "interview", text, tuple(turns), case=name, sha256=key * 2, file=f"{name}.txt")


TALKS = {
    "vale": "I: What do you teach?\nVale: I plan the timetable, and I plan it again.\nVale: We talk about it weekly.\n",
    "hill": "I: Who helps?\nHill: Nobody helps. Nobody asks either.\nI: And then?\nHill: I write it down.\n",
    "moor": "Moor: It is a long way to the school.\nMoor: The mentors meet us at the gate, every time.\n",
}
CODES = ("role/managerial", "role/pastoral", "role/pastoral/listening", "role/evaluative")


def fill(project: Project) -> None:
    """Two interviews, their cases, and a codebook."""
    sources = tuple(talk(name, TALKS[name]) for name in ("vale",))
    project.add(Bundle(sources=sources, cases=tuple(Case(source.name) for source in sources)), coder=None)
    with project.act("codebook apply", None) as act:
        act.put_codebook(Codebook("role", "1", tuple(map(Code, CODES))), {})


class Replica:
    """A copy of the project with its coder and a clock that is `years` off."""

    def __init__(self, project: Project, coder: str, years: int) -> None:
        self.project, self.coder, self.years = project, coder, years

    @property
    def conn(self) -> sqlite3.Connection:
        """The database."""
        return self.project._conn

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Everything inside is dated by this replica's clock."""
        true = log.now
        log.now = lambda: f"{int(true()[:4]) + self.years}{true()[4:]}"
        try:
            yield
        finally:
            log.now = true

    def merge(self, other: Replica, *, dry_run: bool = False) -> Merged:
        """Take in the other's log."""
        raise NotImplementedError

    def copy(self, coder: str, years: int, *, in_place: bool = False) -> Replica:
        """The copy on another machine; with `in_place` at the same path, as when an old copy was put back by hand."""
        raise NotImplementedError

    def close(self) -> None:
        """Close it."""
        self.project.close()


class Memory(Replica):
    """A replica in RAM. What it is merged from goes through a file, as in life."""

    scratch = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
    count = 0

    @classmethod
    def made(cls, image: bytes, coder: str, years: int = 0, folder: Path | None = None) -> Memory:
        """A replica of a serialised database; without `folder` at a place of its own."""
        Memory.count += 1
        conn = connection.connect(":memory:")
        conn.deserialize(image)
        return cls(Project(folder or Path(f"/nowhere/{Memory.count}"), conn), coder, years)

    def merge(self, other: Replica, *, dry_run: bool = False) -> Merged:
        with tempfile.NamedTemporaryFile(dir=self.scratch, suffix=".db") as file:
            file.write(other.conn.serialize())
            file.flush()
            with self.clock():
                return merging.take_in(self.conn, Path(file.name), dry_run=dry_run)

    def copy(self, coder: str, years: int, *, in_place: bool = False) -> Replica:
        return self.made(self.conn.serialize(), coder, years, self.project.folder if in_place else None)


class Folder(Replica):
    """A replica in a folder."""

    @classmethod
    def made(cls, folder: Path, coder: str, years: int = 0) -> Folder:
        """The replica in a folder that is there."""
        return cls(Project.open(folder), coder, years)

    def merge(self, other: Replica, *, dry_run: bool = False) -> Merged:
        with self.clock():
            return self.project.merge(other.project.folder, dry_run=dry_run)

    def copy(self, coder: str, years: int, *, in_place: bool = False) -> Replica:
        folder = self.project.folder
        twin = Path(tempfile.mkdtemp(dir=folder.parent)) / "study"
        shutil.copytree(folder, twin)
        return self.made(twin, coder, years)

    def put_back(self, image: Path) -> None:
        """Write an older database over this one, in place: the same path and inode, so that the log forks."""
        self.project.close()
        self.project.path.write_bytes(image.read_bytes())
        self.project = Project.open(self.project.folder)


_image: list[bytes] = []


def begun() -> bytes:
    """The serialised study with which every history in memory begins."""
    if not _image:
        conn = connection.connect(":memory:")
        with connection.transaction(conn):
            schema.migrate(conn, 0)
        fill(Project(Path("/nowhere/0"), conn))
        _image.append(conn.serialize())
    return _image[0]


# -- what is looked at ----------------------------------------------------------------------------------------


def dump(conn: sqlite3.Connection, tables: Sequence[str] = schema.PROJECTED) -> Dump:
    """The rows of the tables, sorted; of contents those that an act names, not what a merge taken back has left."""
    found = {table: sorted(conn.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr) for table in tables}
    if "content" in found:
        named = " ".join(row[-1] for row in found["event"])
        found["content"] = [row for row in found["content"] if row[0] in named]
    return found


def state(conn: sqlite3.Connection) -> Dump:
    """What an undo must restore: everything, read straight from the log or not, but which acts are undone, and
    milestones with their figures, which cannot be undone.
    """
    rows = dump(conn, [table for table in schema.PROJECTED if table not in ("undone", "milestone")])
    told = (relations.code_sets(conn), relations.code_links(conn), retrieval.surveys(conn))
    return rows | {"told": [*told, *(records.live(conn, noun) for noun in ("adjudication", "sample", "units"))]}


def acts(replica: Replica) -> set[str]:
    """The ids of the acts in a replica's log."""
    return {row[0] for row in replica.conn.execute("SELECT id FROM act")}


def rebuilt(conn: sqlite3.Connection) -> Dump:
    """The projection that the log gives, made in a copy."""
    twin = connection.connect(":memory:")
    twin.deserialize(conn.serialize())
    with connection.transaction(twin):
        projection.rebuild(twin)
    found = dump(twin)
    twin.close()
    return found


def assert_sound(replica: Replica) -> None:
    """The projection is that of a rebuild, the doctor finds no error, every list can be read, no coding shows twice."""
    conn, project = replica.conn, replica.project
    assert dump(conn) == rebuilt(conn)
    checks = [look(conn) for look in doctor._DATA]
    assert [check for check in checks if check.severity == "error" and not check.ok] == []
    shown = [(c.source.id, c.source.text, c.span, c.code, c.coder, c.round) for c in project.codings()]
    assert len(shown) == len(set(shown))
    assert all(coding.segment.quote for coding in project.codings())
    assert_attached(project)
    project.memos(), project.suggestions(), project.conflicts(), project.history(), project.cases(), project.codebooks()


def assert_attached(project: Project) -> None:
    """A coding that is not an orphan stands in the present text of its source, with its turn."""
    texts = {source.id: source for source in project.sources()}
    for coding in project.codings():
        if coding.anchor != "orphan":
            assert coding.source == texts[coding.source.id], (coding.id, coding.anchor)


def removed_for_good(conn: sqlite3.Connection) -> set[str]:
    """Codings whose last live addition comes before a live removal by their coder, told from the log alone."""
    rows = conn.execute(
        "SELECT target, kind FROM event JOIN act ON act.id = event.act "
        "WHERE event.target GLOB 'coding:*' AND kind IN ('coding.add', 'coding.remove') "
        "AND act.id NOT IN (SELECT act FROM undone) ORDER BY act.lamport, act.id, k"
    )
    last: dict[str, str] = dict(rows.fetchall())
    return {target.partition(":")[2] for target, kind in last.items() if kind == "coding.remove"}


def assert_nothing_came_back(replica: Replica) -> None:
    """A coding that was removed and not added again is nowhere."""
    there = {row[0] for row in replica.conn.execute("SELECT id FROM coding")}
    assert not there & removed_for_good(replica.conn)


# -- a history ------------------------------------------------------------------------------------------------


class History:
    """Replicas that drift apart and meet. `done` are all acts that were ever committed anywhere."""

    def __init__(self, first: Replica, dice: Random) -> None:
        self.replicas, self.dice = [first], dice
        self.done = acts(first)
        self.marked: dict[str, Dump] = {}
        self.forked = False

    def replica(self) -> Replica:
        """One of them."""
        return self.dice.choice(self.replicas)

    def copy(self) -> None:
        """Somebody takes a copy home."""
        coder = self.dice.choice(CODERS)
        self.replicas.append(self.replica().copy(coder, self.dice.choice(CLOCKS)))

    def put_back(self) -> None:
        """An old copy goes on at the same place, as if nothing had happened since: the log forks."""
        old = self.replica()
        self.replicas.append(old.copy(old.coder, old.years, in_place=True))
        self.forked = True

    def work(self, times: int = 1) -> None:
        """Somebody does something."""
        replica = self.replica()
        with replica.clock():
            for _ in range(times):
                deeds.any_deed(replica.project, replica.coder, self.dice)
        self.done |= acts(replica)

    def meet(self) -> None:
        """Two merge, and a second time brings nothing; sometimes the merge is taken back and done again."""
        one, other = self.dice.choices(self.replicas, k=2)
        came = one.merge(other).new_acts
        before = dump(one.conn)
        assert one.merge(other).new_acts == 0
        assert dump(one.conn) == before
        if came and self.dice.random() < 0.2:
            self.take_back(one, other, before)

    def take_back(self, one: Replica, other: Replica, before: Dump) -> None:
        """Undoing a merge, and bringing it back or merging again, ends at the same place."""
        try:
            with one.clock():
                one.project.undo_merge()
        except NotUndoable:
            return
        assert dump(one.conn) == rebuilt(one.conn)
        if self.dice.random() < 0.5:
            one.project.redo_merge()
        else:
            one.merge(other)
        assert dump(one.conn) == before

    def mark(self) -> None:
        """Somebody names the present state."""
        replica, name = self.replica(), f"state {len(self.marked)}"
        self.marked[name] = state(replica.conn)
        with replica.clock():
            replica.project.milestone(name, replica.coder)
        self.done |= acts(replica)

    def back_and_forth(self) -> None:
        """Some deeds undone one by one restore the state before; redone, the state after."""
        replica = self.replica()
        states = [state(replica.conn)]
        with replica.clock():
            for _ in range(3):
                if deeds.any_work(replica.project, replica.coder, self.dice):
                    states.append(state(replica.conn))
            self.done |= acts(replica)
            for before in reversed(states[:-1]):
                replica.project.undo(replica.coder)
                assert state(replica.conn) == before
            for after in states[1 : self.dice.randint(1, len(states))]:
                replica.project.redo(replica.coder)
                assert state(replica.conn) == after
        self.done |= acts(replica)

    def gather(self) -> None:
        """Word goes round in random order until all know all; all end at the same place, and nothing is missing."""
        order = self.dice.sample(self.replicas, k=len(self.replicas))
        for before, one in pairwise(order):
            one.merge(before)
        for one in order[:-1]:
            one.merge(order[-1])
        assert all(self.done <= acts(replica) for replica in self.replicas)
        logs = [dump(replica.conn, LOG) for replica in self.replicas]
        tables = [dump(replica.conn) for replica in self.replicas]
        assert all(each == logs[0] for each in logs)
        assert all(each == tables[0] for each in tables)
        for replica in self.replicas[:2]:
            assert_sound(replica)
            assert_nothing_came_back(replica)
        self.remember()

    def remember(self) -> None:
        """The project as of a milestone is what was there when it was set, whatever came since."""
        if self.forked:
            return  # two acts of one replica may bear one number then
        for name, then in self.marked.items():
            with self.replicas[0].project.as_of(name) as past:
                assert state(past._conn) == then, name

    def close(self) -> None:
        """Close every replica."""
        for replica in self.replicas:
            replica.close()


STEPS = (
    *[History.work] * 12,
    *[History.meet] * 4,
    History.back_and_forth,
    History.mark,
)


def run(seed: int, steps: int = 30) -> int:
    """Play the history of this number; returns how many acts it had. Raises AssertionError where a promise breaks."""
    dice = Random(seed)
    history = History(Memory.made(begun(), "ann"), dice)
    try:
        for _ in range(dice.randint(2, 4)):
            history.work(dice.randint(0, 2))
            history.copy()
        for _ in range(steps):
            dice.choice(STEPS)(history)
            if dice.random() < 0.03 and len(history.replicas) < 6:
                history.put_back()
        history.gather()
        return len(history.done)
    finally:
        history.close()
