"""Import of a large questionnaire, beside reading the same file with `csv` and putting its rows into SQLite raw.

    python benchmarks/survey_import.py [answers] [runs]

One open answer a respondent, so there are as many sources and cases as answers. Wall seconds, CPU seconds and peak
resident memory of ``qualcode import`` in a process of its own: medians. The goal is judged by CPU and the least wall
time is printed, because others may be at work on the machine. The rival does what no tool can do without: it
reads the file and stores the text, with no log, no turns, no cases, no check. The same file again is what the next wave
costs before anything in it is new.
"""

from __future__ import annotations

import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOALS = {10_000: (5.0, 300.0), 100_000: (15.0, 700.0)}  # answers: seconds, megabytes
RIVAL = """
import csv, sqlite3, sys
rows = csv.reader(open(sys.argv[1], newline="", encoding="utf-8"))
db = sqlite3.connect(sys.argv[2])
with db:
    db.execute("CREATE TABLE answer (id, phase, years, providers, text)")
    next(rows)
    db.executemany("INSERT INTO answer VALUES (?, ?, ?, ?, ?)", rows)
"""
TALK = (
    "the trainees talk to each other and we hear new ideas from every course they come on but there are four "
    "handbooks three forms two calendars and nobody to ring when a tutor does not come so it takes an evening a week"
)


def questionnaire(path: Path, answers: int) -> None:
    """A made-up questionnaire: an id, three closed columns, one open answer of 5 to 60 words."""
    rng = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "phase", "years in post", "providers", "What are the benefits and the difficulties?"])
        words = TALK.split()
        for n in range(1, answers + 1):
            said = " ".join(rng.choices(words, k=rng.randint(5, 60)))
            phase = rng.choice(["primary", "secondary"])
            rows.writerow([f"R{n:05}", phase, rng.randint(1, 30), rng.randint(1, 6), said])


def measured(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{command[0]} failed")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / scale


def medians(rows: list[tuple[float, float, float]]) -> tuple[float, ...]:
    """The median of each column."""
    return tuple(map(statistics.median, zip(*rows, strict=True)))


def main() -> int:
    """Print the table; status 1 when a goal is missed."""
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    ours, again, theirs = [], [], []
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        questionnaire(home / "answers.csv", answers)
        program = [sys.executable, "-P", "-m", "qualcode"]
        for run in range(runs):
            study = str(home / f"study-{run}")
            subprocess.run([*program, "init", study], check=True, stdout=subprocess.DEVNULL)
            command = [*program, "import", str(home / "answers.csv"), "--project", study]
            ours.append(measured(command))
            again.append(measured(command))
            theirs.append(
                measured([sys.executable, "-c", RIVAL, str(home / "answers.csv"), str(home / f"raw-{run}.db")])
            )
    mine, raw = medians(ours), medians(theirs)
    least = min(wall for wall, _, _ in ours)
    print("program\twall s\tCPU s\tpeak MB")
    print("qualcode import\t{:.2f}\t{:.2f}\t{:.0f}".format(*mine))
    print("the same again\t{:.2f}\t{:.2f}\t{:.0f}".format(*medians(again)))
    print("csv into SQLite\t{:.2f}\t{:.2f}\t{:.0f}".format(*raw))
    print(f"{answers:,} answers; {mine[1] / raw[1]:.0f} times the CPU of the rival; least wall {least:.2f} s")
    seconds, megabytes = GOALS[min(GOALS, key=lambda size: abs(size - answers))]
    print(f"goals: {seconds:g} s, {megabytes:g} MB")
    return int(mine[1] > seconds or mine[2] > megabytes)


if __name__ == "__main__":
    sys.exit(main())
