"""Merging is a set union of logs: every order of work, merges and undos ends in one state (the merge properties).

Two ways to look for a history that breaks it: hypothesis drives copied folders and shrinks what it finds, and a plain
generator plays thousands of histories in memory. A failure of the latter is repeated by its number.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from qualcode.errors import NotUndoable
from qualcode.store import Project, connection, incoming
from tests.faults import deeds, histories
from tests.faults.histories import Folder, Replica, acts, dump, state

QUICK, SOAK = 300, 10_000
SEED = st.integers(0, 2**16)
WHO = st.integers(0, 4)


def play(first: int, last: int, steps: int) -> int:
    """Play the histories of these numbers and return how many acts they had; the number of a broken one is said."""
    done = 0
    for seed in range(first, last):
        try:
            done += histories.run(seed, steps)
        except Exception as error:
            error.add_note(f"history {seed} of {steps} steps: histories.run({seed}, {steps})")
            raise
    return done


def test_random_histories_end_in_one_state_for_everyone() -> None:
    """O29-O33 and the merge properties: idempotent, commutative, associative, nothing missing, undo restores."""
    assert play(0, QUICK, 10) > 3 * QUICK


@pytest.mark.soak
def test_ten_thousand_random_histories_end_in_one_state_for_everyone() -> None:
    """The same as above, longer."""
    assert play(0, SOAK, 30) > 10 * SOAK


def test_a_history_is_the_same_again_and_does_something() -> None:
    """A number that fails can be repeated, and the histories are not empty."""
    assert histories.run(7, 20) == histories.run(7, 20) > 5


def test_the_deeds_make_every_kind_of_event_that_a_log_can_hold() -> None:
    """What merging knows is what is tried; revisions to settle come with merges."""
    missing = {kind for each in incoming.KINDS_OF.values() for kind in each} - {"source.settle"}
    for seed in range(10):  # the interviews there are may have come one by one: then no folder of them is taken in
        replica, dice = histories.Memory.made(histories.begun(), "ann"), Random(seed)
        for _ in range(400 if missing else 0):
            deeds.any_deed(replica.project, replica.coder, dice)
        replica.project.milestone("then", "ann")
        missing -= {row[0] for row in replica.conn.execute("SELECT DISTINCT kind FROM event")}
        replica.close()
    assert missing == set()


class Study(RuleBasedStateMachine):
    """Three to five folders of one study; every rule is what a person does in one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(dir=histories.Memory.scratch))
        self.replicas: list[Folder] = []
        self.done: set[str] = set()
        self.images: list[Path] = []

    @initialize(n=st.integers(3, 5), offs=st.permutations([0, 10, -10, 0, 10]))
    def copies(self, n: int, offs: list[int]) -> None:
        """A study, and copies of its folder on machines whose clocks are years off."""
        with Project.start(self.home / "0") as project:
            histories.fill(project)
        for k in range(1, n):
            shutil.copytree(self.home / "0", self.home / str(k))
        for k in range(n):
            self.replicas.append(Folder.made(self.home / str(k), histories.CODERS[k % 3], offs[k]))
        self.done = acts(self.replicas[0])

    def of(self, which: int) -> Folder:
        """One of the replicas."""
        return self.replicas[which % len(self.replicas)]

    def do(self, which: int, work: Callable[[Project, str, Random], None], seed: int) -> None:
        """One deed in one folder."""
        replica = self.of(which)
        with replica.clock():
            work(replica.project, replica.coder, Random(seed))
        self.done |= acts(replica)

    @rule(which=WHO, work=st.sampled_from((*deeds.WORK, *deeds.LASTING)), seed=SEED)
    def work(self, which: int, work: deeds.Deed, seed: int) -> None:
        """Coding, memos, cases, codebooks, statuses, revisions, imports, decisions, sets, units, settled conflicts."""
        self.do(which, work, seed)

    @rule(which=WHO, way=st.sampled_from((deeds.undo, deeds.redo)), seed=SEED)
    def turn(self, which: int, way: deeds.Deed, seed: int) -> None:
        """Undo and redo of the last command, or of any act."""
        self.do(which, way, seed)

    @rule(which=WHO, seed=SEED, times=st.integers(1, 3))
    def back(self, which: int, seed: int, times: int) -> None:
        """Work undone step by step restores the tables."""
        replica, dice = self.of(which), Random(seed)
        before = state(replica.conn)
        with replica.clock():
            made = sum(deeds.any_work(replica.project, replica.coder, dice) for _ in range(times))
            self.done |= acts(replica)
            for _ in range(made):
                replica.project.undo(replica.coder)
        assert state(replica.conn) == before
        self.done |= acts(replica)

    @rule(which=WHO, other=WHO)
    def merge(self, which: int, other: int) -> None:
        """A dry run says what comes and changes nothing; the merge brings it; a second one brings nothing."""
        one, two = self.of(which), self.of(other)
        before = dump(one.conn)
        foretold = one.merge(two, dry_run=True)
        assert dump(one.conn) == before
        assert one.merge(two) == foretold
        after = dump(one.conn)
        assert one.merge(two).new_acts == 0
        assert dump(one.conn) == after
        assert acts(two) <= acts(one)

    @rule(which=WHO, other=WHO)
    def both_ways(self, which: int, other: int) -> None:
        """A into B is B into A."""
        one, two = self.of(which), self.of(other)
        one.merge(two)
        two.merge(one)
        assert dump(one.conn, histories.LOG) == dump(two.conn, histories.LOG)
        assert dump(one.conn) == dump(two.conn)

    @rule(which=WHO)
    def take_back(self, which: int) -> None:
        """The newest merge leaves again."""
        replica = self.of(which)
        known = acts(replica)
        try:
            replica.project.undo_merge()
        except NotUndoable:
            return
        assert acts(replica) < known

    @rule(which=WHO)
    def keep(self, which: int) -> None:
        """A copy of the database is laid by."""
        image = self.home / f"image-{len(self.images)}.db"
        image.write_bytes(self.of(which).project.path.read_bytes())
        self.images.append(image)

    @precondition(lambda self: self.images)
    @rule(which=WHO, image=SEED)
    def put_back(self, which: int, image: int) -> None:
        """An old copy is written over the project, at the same place: its log may fork, and both sides are kept.

        What was not merged elsewhere is saved first, as `restore` does.
        """
        replica = self.of(which)
        aside = self.home / f"aside-{len(list(self.home.iterdir()))}"
        shutil.copytree(replica.project.folder, aside)
        replica.put_back(self.images[image % len(self.images)])
        self.replicas.append(Folder.made(aside, replica.coder, replica.years))

    @invariant()
    def sound(self) -> None:
        """The tables are what the log says."""
        for replica in self.replicas:
            assert dump(replica.conn) == histories.rebuilt(replica.conn)

    def teardown(self) -> None:
        """When everyone has merged everyone, all have one log and one state, and nothing done is missing."""
        try:
            if self.replicas:
                self.gather()
        finally:
            for replica in self.replicas:
                replica.close()
            shutil.rmtree(self.home)

    def gather(self) -> None:
        """Word goes round twice."""
        for _ in range(2):
            for one, other in zip(self.replicas, [*self.replicas[1:], self.replicas[0]], strict=True):
                other.merge(one)
        first: Replica = self.replicas[0]
        for replica in self.replicas:
            assert self.done <= acts(replica)
            assert dump(replica.conn, histories.LOG) == dump(first.conn, histories.LOG)
            assert dump(replica.conn) == dump(first.conn)
        histories.assert_sound(first)
        histories.assert_nothing_came_back(first)


def drive(monkeypatch: pytest.MonkeyPatch, examples: int, steps: int) -> None:
    """Let hypothesis drive the machine. Commits need not reach a disk here: nobody is killed."""
    connect = connection.connect

    def fast(path: Path | str, *, wait: float = 60.0) -> object:
        conn = connect(path, wait=wait)
        conn.execute("PRAGMA synchronous = OFF")
        return conn

    monkeypatch.setattr(connection, "connect", fast)
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Study, settings=how)  # type: ignore[no-untyped-call]


def test_folders_that_are_copied_worked_on_and_merged_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """O29-O33: what hypothesis finds is shrunk to the few deeds that matter."""
    drive(monkeypatch, 12, 15)


@pytest.mark.soak
def test_folders_that_are_copied_worked_on_and_merged_agree_at_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as above, longer."""
    drive(monkeypatch, 400, 40)
