"""From a key to the screen in `qualcode code`, on a real pseudo-terminal, beside Textual's TextArea on the same text.

A source of 200,000 words with 5,000 overlapping codings. A key is written to the terminal, and the time runs until the
first byte of the repaint comes back. The rival shows the same text, without any codings, and moves its cursor.

    python benchmarks/tui.py [--keys N]
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import pty
import random
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from qualcode.model import Bundle, Code, Codebook, Segment, Source, Span, Turn
from qualcode.store import Project

WORDS, CODINGS = 200_000, 5_000
GOAL_MEDIAN, GOAL_P95, GOAL_OPEN, GOAL_MEMORY = 5.0, 15.0, 1.0, 150.0  # ms, ms, s, MB
VOCABULARY = [
    "the",
    "timetable",
    "mentor",
    "trainee",
    "school",
    "provider",
    "lesson",
    "week",
    "and",
    "then",
    "I",
    "said",
    "we",
    "were",
    "going",
    "to",
    "see",
    "whether",
    "it",
    "could",
    "be",
    "done",
    "again",
    "because",
    "of",
    "that",
]
RIVAL = """
import sys
from textual.app import App
from textual.widgets import TextArea
class Rival(App):
    ENABLE_COMMAND_PALETTE = False
    def compose(self):
        yield TextArea(open(sys.argv[1], encoding="utf-8").read(), read_only=True, soft_wrap=True)
Rival().run()
"""


def source(words: int = WORDS) -> Source:
    """An invented interview of so many words."""
    chance, parts, turns, at, made = random.Random(1), [], [], 0, 0
    while made < words:
        asked = len(turns) % 2 == 0
        sentences = []
        for _ in range(chance.randint(1, 3 if asked else 9)):
            count = chance.randint(5, 14)
            made += count
            said = " ".join(chance.choice(VOCABULARY) for _ in range(count))
            sentences.append(said.capitalize() + ("?" if asked else "."))
        body, label = " ".join(sentences), "I: " if asked else "R: "
        span = Span(at + len(label), at + len(label) + len(body))
        turns.append(Turn(len(turns) + 1, span, label[0], "interviewer" if asked else "respondent"))
        parts.append(label + body)
        at += len(label) + len(body) + 1
    return Source("a" * 32, "long", "interview", "\n".join(parts), tuple(turns), sha256="b" * 64, file="long.txt")


def study(folder: Path) -> Source:
    """A project with that source and its codings."""
    made = source()
    with Project.start(folder) as project:
        project.add(Bundle(sources=(made,)), coder=None)
        with project.act("codebook apply", None) as act:
            act.put_codebook(Codebook("role", "1", tuple(Code(f"role/code-{n}") for n in range(16))), {})
        codes, chance = project.codes(), random.Random(2)
        with project.act("coding batch", "ann") as act:
            for _ in range(CODINGS):
                start = made.text.index(" ", chance.randrange(len(made.text) - 1000)) + 1
                end = made.text.index(" ", start + chance.randint(30, 800))
                act.add_coding(Segment(made, Span(start, end)), chance.choice(codes))
    return made


class Screen:
    """A program on a pseudo-terminal of 120 × 40."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", **environment)
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def quiet(self, pause: float = 0.4, limit: float = 30.0) -> bytes:
        """What is written until nothing came for `pause` seconds."""
        found, until = b"", time.perf_counter() + limit
        while time.perf_counter() < until and select.select([self.fd], [], [], pause)[0]:
            with contextlib.suppress(OSError):
                found += os.read(self.fd, 65536)
        return found

    def opened(self, mark: bytes) -> float:
        """Seconds from the start until `mark` is on the screen."""
        found = b""
        while mark not in found and time.perf_counter() - self.began < 60:
            if select.select([self.fd], [], [], 1)[0]:
                found += os.read(self.fd, 65536)
        return time.perf_counter() - self.began

    def key(self, keys: bytes) -> float:
        """Milliseconds from a key to the first byte of the repaint."""
        start = time.perf_counter()
        os.write(self.fd, keys)
        select.select([self.fd], [], [], 5)
        taken = (time.perf_counter() - start) * 1000
        self.quiet(0.03)
        return taken

    def memory(self) -> float:
        """Megabytes held now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def cpu(self) -> float:
        """CPU seconds used so far, in ticks of 10 ms."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def measured(name: str, screen: Screen, keys: list[bytes], times: int) -> tuple[float, float]:
    """Press keys, print what a key takes, and return median and 95th percentile in milliseconds."""
    for _ in range(10):
        screen.key(keys[0])
    before = screen.cpu()
    taken = [screen.key(keys[n % len(keys)]) for n in range(times)]
    cpu = (screen.cpu() - before) * 1000 / times
    median, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    print(f"{name:<46} median {median:6.1f} ms   95 % {p95:6.1f} ms   CPU {cpu:5.1f} ms a key")
    return median, p95


def main() -> int:
    """Measure, print, compare with the goals."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keys", type=int, default=200)
    count = parser.parse_args().keys
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "study"
        made = study(folder)
        ours = Screen([sys.executable, "-m", "qualcode", "code", "long", "--coder", "ann", "--project", str(folder)])
        opening = ours.opened(b"1.1")
        ours.quiet()
        down, up, extend = b"\x1b[B", b"\x1b[A", b"\x1b[1;2C"
        figures = [
            measured("down, sentence by sentence (qualcode)", ours, [down], count),
            measured("up, down, extend by a word (qualcode)", ours, [up, extend, down, extend], count),
        ]
        measured("page down (qualcode)", ours, [b"\x1b[6~"], count // 4)
        held = ours.memory()
        ours.close()
        path = Path(place) / "long.txt"
        path.write_text(made.text, encoding="utf-8")
        rival = Screen([sys.executable, "-c", RIVAL, str(path)])
        rival.opened(b"R:")
        rival.quiet()
        measured("cursor down (TextArea, no codings)", rival, [down], count)
        rival.close()
    print(f"opening {opening:.2f} s, memory {held:.0f} MB")
    print(f"goals: median {GOAL_MEDIAN} ms, 95 % {GOAL_P95} ms, opening {GOAL_OPEN} s, memory {GOAL_MEMORY:.0f} MB")
    sound = all(median <= GOAL_MEDIAN and p95 <= GOAL_P95 for median, p95 in figures)
    return 0 if sound and opening <= GOAL_OPEN and held <= GOAL_MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
