"""An interview of the example study from its first turn to its last, in tmux, with real keys; screens read back."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.session.desk import leaf
from qualcode.session.numbering import Numbered
from qualcode.store import Project
from qualcode.workflow import projects, suggesting

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")


class Tmux:
    """A tmux server of our own, with `qualcode code` in its one window."""

    def __init__(self, folder: Path, source: str, size: tuple[int, int]) -> None:
        self.socket = str(folder.parent / "tmux")
        self.status = folder.parent / "status"
        self.status.unlink(missing_ok=True)
        program = f"{sys.executable} -m qualcode code {source} --coder cleo --project {folder}"
        command = f"{program}; echo $? > {self.status}.new; mv {self.status}.new {self.status}"
        self("-f", os.devnull, "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)
        self("set-option", "-g", "remain-on-exit", "on")

    def __call__(self, *words: str) -> str:
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [str(TMUX), "-S", self.socket, "-u", *words], capture_output=True, text=True, check=False, env=environment
        )
        return done.stdout

    @property
    def screen(self) -> str:
        """What is on the screen."""
        return self("capture-pane", "-p")

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names, all in one go."""
        self("send-keys", *names)

    def type(self, words: str) -> None:
        """Type words."""
        self("send-keys", "-l", words)

    def until(self, *words: str, seconds: float = 30) -> str:
        """Wait until all of it is on the screen, and return the screen."""
        end = time.monotonic() + seconds
        while not all(word in (screen := self.screen) for word in words):
            assert time.monotonic() < end, f"never showed {words}:\n{screen}"
            time.sleep(0.05)
        return screen

    def ended(self, seconds: float = 30) -> int:
        """Wait until the program has ended, and return its status; tmux itself does not always learn of it."""
        end = time.monotonic() + seconds
        while not self.status.exists():
            assert time.monotonic() < end, "it did not end"
            time.sleep(0.05)
        return int(self.status.read_text())


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tmux") / "study"
    projects.start(folder, example=True)
    with Project.open(folder) as project:
        suggesting.suggest(project, suggesting.Request("cues", ("pastoral",), sources=("interview-6",)))
        assert project.suggestions()
    return folder


@pytest.fixture
def window(example: Path) -> Iterator[Tmux]:
    tmux = Tmux(example, "interview-6", (80, 24))
    yield tmux
    with contextlib.suppress(OSError):
        tmux("kill-server")


def test_an_interview_is_coded_from_the_first_turn_to_the_last(window: Tmux, example: Path) -> None:
    window.until("interview-6", "0 of 30 turns coded", "quit")
    codes = "mpewcgtui"
    for n in range(30):  # a turn after the other, each with a code by its key
        window.keys("t", "c", codes[n % len(codes)])
        window.until(f"{n + 1} of 30 turns coded")
    window.keys("t")
    window.until("every turn is coded")
    window.keys("u")
    window.until("29 of 30 turns coded", "saved  undone:")
    window.keys("U")
    window.until("30 of 30 turns coded", "saved  done again:")
    window.keys("g")
    window.until("go to turn")
    window.type("4.5")
    window.keys("Enter", "c", "m", "z", "h", "h", "Enter")
    assert "saved  managerial now 4.5" in window.until("saved  managerial now")
    window.keys("m")
    window.until("memo on managerial")
    window.type("lettings and trainees, in one sentence")
    window.keys("Escape")
    window.until("saved  memo on managerial", "✎")
    window.keys("/")
    window.until("search in this source")
    window.type("badminton")
    window.keys("Enter")
    window.until("hit")
    window("resize-window", "-x", "130", "-y", "40")
    window.until("badminton", "conditions", "R by code")
    window("resize-window", "-x", "60", "-y", "18")
    window.until("badminton", "? help")
    window("resize-window", "-x", "80", "-y", "24")
    window.keys(".")
    window.until("questionnaire/Q01", "(7 of 67)")
    window.keys(",", "D")
    window.until("saved  interview-6 done")
    window.keys("Q")
    first = window.until("suggestions · 1 of 3", "cues, not calibrated")
    window.keys("y", "n", "s")
    assert window.until("saved  skipped · 0 left") != first
    window.keys("Escape")
    window.until("interview-6 ·")
    window.keys("q")
    assert window.ended() == 0
    with Project.open(example) as project:
        text = Numbered(project.source("interview-6"))
        stored = project.codings(coders={"cleo"})
        assert len(stored) == 32
        noted = [(leaf(c.code), text.number(c.span.start), c.memo) for c in stored if c.memo]
        assert noted == [("managerial", "4.5", "lettings and trainees, in one sentence")]
        decided = sorted(s.decision for s in project.suggestions())
        assert decided == ["accepted", "rejected", "skipped"]
        assert all(check.ok for check in project.examine() if check.severity == "error")


def test_it_opens_where_it_was_left(window: Tmux) -> None:
    window.until("interview-6", "turns coded")
    window.keys("G", "Escape")
    window.keys("g")
    window.until("go to turn")
    window.type("20")
    window.keys("Enter")
    window.until(" 20.1 ")
    window.keys("q")
    assert window.ended() == 0
    window("respawn-pane", "-k")
    assert " 20.1 " in window.until("interview-6", "turns coded", " 20.1 ")
