"""Listing 10,000 codings, feeding them in as lines, and coding one passage after the other.

    python benchmarks/coding_list.py [codings]

* ``coding list`` as a table in a pipe and as JSON: wall and CPU seconds of the command, the least of three runs; beside
  `sqlite3` reading the public view of the same database row by row. The goal is judged by CPU, because others may be at
  work on the machine.
* ``coding batch``: lines a second from the first written to the last acknowledged, in one process.
* one coding at a time inside a session, as a person at the keyboard would: milliseconds until it is on the disk.

Everything runs on a made-up study of 20 interviews with 25,000 characters each.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 1.0  # seconds a list
PROGRAM = [sys.executable, "-P", "-m", "qualcode"]
RIVAL = """
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
csv.writer(sys.stdout, delimiter="\\t").writerows(db.execute("SELECT * FROM coded_segment"))
"""
TALK = "I ring the university and I listen and then somebody comes to my room and shuts the door so the form waits "
CODES = ("managerial", "pedagogical", "mentoring-the-mentors", "evaluative", "pastoral")


def study(home: Path) -> Path:
    """A project with 20 long interviews and a codebook."""
    texts = home / "interviews"
    texts.mkdir()
    rng = random.Random(1)
    for n in range(20):
        words = TALK.split()
        turns = []
        for _ in range(60):
            turns.append("Interviewer: And then?")
            turns.append("Respondent: " + " ".join(rng.choices(words, k=80)) + ".")
        (texts / f"interview-{n:02}.txt").write_text("\n\n".join(turns), encoding="utf-8")
    folder = home / "study"
    for words in (["init"], ["import", str(texts)], ["codebook", "apply", "role"]):
        place = [str(folder)] if words == ["init"] else ["--project", str(folder)]
        subprocess.run([*PROGRAM, *words, *place, "--coder", "ann"], check=True, stdout=subprocess.DEVNULL)
    return folder


def lines(folder: Path, count: int) -> list[str]:
    """That many codings as lines: spans of whole words, four in five by ann, the others by ben."""
    from qualcode.store import Project

    with Project.open(folder) as project:
        sources = project.sources()
    rng = random.Random(2)
    made: dict[str, None] = {}
    while len(made) < count:
        source = rng.choice(sources)
        start = source.text.index(" ", rng.randrange(len(source.text) - 400)) + 1
        end = source.text.rindex(" ", start, start + rng.randrange(40, 300))
        coder = rng.choice(["ann"] * 4 + ["ben"])
        said = {"source": source.id, "start": start, "end": end, "code": rng.choice(CODES), "coder": coder}
        made[json.dumps(said)] = None
    return list(made)


def batch(folder: Path, said: list[str]) -> float:
    """Seconds of ``coding batch`` for all lines; every one must be acknowledged."""
    start = time.perf_counter()
    done = subprocess.run(
        [*PROGRAM, "coding", "batch", "--project", str(folder)],
        input="\n".join(said), text=True, capture_output=True, check=True,
    )  # fmt: skip
    spent = time.perf_counter() - start
    assert done.stdout.count('"id"') == len(said)
    return spent


def least(command: list[str], out: Path) -> tuple[float, float]:
    """Wall and CPU seconds of the quickest of three runs; the output goes to a file."""
    found = []
    for _ in range(3):
        with out.open("wb") as file:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=file)
            _, status, used = os.wait4(process.pid, 0)
            found.append((time.perf_counter() - start, used.ru_utime + used.ru_stime))
        assert status == 0
    return min(found, key=lambda times: times[1])


def single(folder: Path, count: int) -> list[float]:
    """Seconds of each of `count` codings made one by one in a session."""
    from qualcode.session import Place, Session
    from qualcode.store import Project

    rng = random.Random(3)
    spent = []
    with Project.open(folder) as project:
        session = Session(project, "ann", 2)
        names = [source.name for source in project.sources()]
        for n in range(count):
            where, code = Place(span=(200 * n, 200 * n + 90 + n % 7)), rng.choice(CODES)
            start = time.perf_counter()
            session.add(rng.choice(names), where, code)
            spent.append(time.perf_counter() - start)
    return sorted(spent)


def main() -> int:
    """Print the figures; status 1 when a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        folder, out = study(home), home / "out"
        spent = batch(folder, lines(folder, count))
        listing = [*PROGRAM, "coding", "list", "--project", str(folder)]
        table, document = least(listing, out), least([*listing, "--json"], out)
        raw = least([sys.executable, "-c", RIVAL, str(folder / "qualcode.db")], out)
        one = single(folder, 100)
    print("what\twall s\tCPU s")
    print("coding list, table\t{:.2f}\t{:.2f}".format(*table))
    print("coding list, JSON\t{:.2f}\t{:.2f}".format(*document))
    print("sqlite3 reading coded_segment\t{:.2f}\t{:.2f}".format(*raw))
    print(f"coding batch: {count:,} lines in {spent:.2f} s, {count / spent:,.0f} a second")
    print(f"one coding in a session: median {1000 * one[49]:.0f} ms, 95th percentile {1000 * one[94]:.0f} ms")
    print(f"goal: {GOAL:g} s a list")
    return int(max(table[1], document[1]) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
