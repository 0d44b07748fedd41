"""What durability costs: large projects, merges, single codings, a corrected transcript.

    python benchmarks/integrity.py [codings]

Builds a project of 100,000 codings (or as many as named) in a temporary folder and prints each measurement with its
goal; status 1 when one is missed. Times are wall-clock seconds on the disk that holds temporary files.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qualcode.anchors import Carrier, align
from qualcode.model import Bundle, Case, Code, Codebook, Segment, Source, Span, Turn, stable_id
from qualcode.session import Place, Session
from qualcode.store import Project

CODINGS = 100_000
SOURCES = 40
ACT = 250  # codings of one act, as `coding batch` commits them
WORDS = ("mentor", "trainee", "timetable", "meeting", "school", "week", "report", "talk", "plan", "help", "we", "the")
COMMAND = [sys.executable, "-m", "qualcode"]


def text(dice: random.Random, characters: int) -> str:
    """Invented talk of about so many characters."""
    words: list[str] = []
    while sum(map(len, words)) + len(words) < characters:
        words.append(dice.choice(WORDS) + dice.choice(("", "", "", "s", "ing", ".", ",")))
    return " ".join(words)


def source(name: str, said: str) -> Source:
    """An interview of turns of 500 characters."""
    spans = [Span(at, min(at + 499, len(said))) for at in range(0, len(said), 500)]
    turns = tuple(Turn(n, span, "R", "respondent") for n, span in enumerate(spans, start=1))
    return Source(stable_id("source", name), name, "interview", said, turns, name, "ab" * 32, 0, f"{name}.txt")


def start(folder: Path) -> Project:
    """A project of interviews of 30,000 characters with a codebook of 50 codes."""
    dice = random.Random(1)
    project = Project.start(folder)
    sources = tuple(source(f"interview-{n}", text(dice, 30_000)) for n in range(SOURCES))
    project.add(Bundle(sources=sources, cases=tuple(Case(each.name) for each in sources)), coder=None)
    with project.act("codebook apply", None) as act:
        act.put_codebook(Codebook("role", "1", tuple(Code(f"role/c{n}") for n in range(50))), {})
    return project


def fill(project: Project, coder: str, codings: int) -> None:
    """Code at random, each act as large as a full batch."""
    dice, sources, codes = random.Random(coder), project.sources(), project.codes()
    with project.writing():  # one transaction: the building is not what is measured
        for _ in range(0, codings, ACT):
            with project.act("coding batch", coder) as act:
                for _ in range(ACT):
                    where = dice.choice(sources)
                    at = dice.randrange(len(where.text) - 300)
                    act.add_coding(Segment(where, Span(at, at + dice.randint(20, 300))), dice.choice(codes))


class Table:
    """Measurements as they are made; `missed` counts those over their goal."""

    def __init__(self) -> None:
        self.missed = 0
        print("what\tseconds\tgoal")

    def row(self, what: str, seconds: float, goal: float) -> None:
        """Print one."""
        self.missed += seconds > goal
        print(f"{what}\t{seconds:.3f}\t≤ {goal:g}{'' if seconds <= goal else '  MISSED'}", flush=True)

    @contextmanager
    def timed(self, what: str, goal: float) -> Iterator[None]:
        """Measure what happens inside."""
        began = time.perf_counter()
        yield
        self.row(what, time.perf_counter() - began, goal)


def large_project(table: Table, home: Path, codings: int) -> None:
    """The doctor and the lists on a large project, and merging as much into one that has the same texts."""
    with start(home / "large") as project:
        shutil.copytree(home / "large", home / "mine")
        fill(project, "ann", codings)
    for command, goal in (("doctor", 10.0), ("coding list --json", 2.0), ("sources", 2.0), ("show interview-3", 2.0)):
        with table.timed(f"`qualcode {command}` on {codings:,} codings", goal):
            arguments = ["--project", str(home / "large"), *command.split()]
            subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL)
    with Project.open(home / "mine") as mine:
        with table.timed(f"merging {codings:,} events", 2.0):
            merged = mine.merge(home / "large")
        assert merged.codings > codings * 0.99  # a few of the random ones are the same twice
        with table.timed("merging the same again", 2.0):
            mine.merge(home / "large")


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def acknowledged(table: Table, folder: Path, coder: str, what: str, times: int = 100) -> None:
    """One coding after the other in one sitting, each durable before the next."""
    dice, waits = random.Random(7), []
    with Project.open(folder) as project:
        session = Session(project, coder)
        session.add("interview-1", Place(span=(0, 10)), "c1")
        for _ in range(times):
            at = dice.randrange(25_000)
            began = time.perf_counter()
            session.add("interview-1", Place(span=(at, at + 40)), f"c{dice.randrange(50)}")
            waits.append(time.perf_counter() - began)
        began = time.perf_counter()
        project.undo(coder)
        waited = time.perf_counter() - began
    table.row(f"acknowledging one coding {what}, 95th percentile of {times}", percentile(waits, 0.95), 0.1)
    table.row(f"taking it back {what}", waited, 1.0)


def corrected(table: Table) -> None:
    """A transcript of 30,000 characters with 2 % of its words changed, and 500 spans carried."""
    dice = random.Random(3)
    old = text(dice, 30_000)
    words = old.split(" ")
    for at in dice.sample(range(len(words)), len(words) // 50):
        words[at] = words[at][::-1]
    new = " ".join(words)
    align(old[:500], new[:500])  # loads what it needs
    times = sorted(_timed(lambda: align(old, new)) for _ in range(5))
    table.row("aligning 30,000 characters, median of 5", times[2], 0.1)
    carrier = Carrier(old, new, align(old, new))
    spans = [Span(at, at + 60) for at in range(0, 29_000, 58)]
    table.row("carrying 500 spans over it", _timed(lambda: [carrier.carry(span) for span in spans]), 0.5)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    """Measure everything; the number of missed goals decides the status."""
    codings = int(sys.argv[1]) if len(sys.argv) > 1 else CODINGS
    table = Table()
    with tempfile.TemporaryDirectory(prefix="qualcode-bench-") as name:
        home = Path(name)
        start(home / "small").close()
        acknowledged(table, home / "small", "ben", "in a new project")
        large_project(table, home, codings)
        acknowledged(table, home / "large", "ben", f"beside {codings:,}")
    corrected(table)
    return int(table.missed > 0)


if __name__ == "__main__":
    sys.exit(main())
