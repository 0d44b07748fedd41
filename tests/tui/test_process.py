"""The whole program on a pseudo-terminal: kills lose nothing that was shown as saved; without a screen it says so."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qualcode.session.desk import leaf
from qualcode.session.numbering import Numbered
from qualcode.store import Project
from tests.session.study import start
from tests.tui.terminal import Terminal

QUICK, SOAK = int(os.environ.get("QUALCODE_KILLS", "3")), 100
TIMES = [pytest.param(QUICK, id="quick"), pytest.param(SOAK, marks=pytest.mark.soak, id="soak")]


ACTS = ("cm", "cp", "cl", "*", "cmcp", "*cl", "i\r")
SHOWN = re.compile(r"saved\s+(?:new code )?([a-z-]+) · (\d+\.\d+)")


@pytest.mark.parametrize("times", TIMES)
def test_nothing_shown_as_saved_is_lost_when_the_screen_is_killed(tmp_path: Path, times: int) -> None:
    """Half of the kills come with the very bytes that say "saved", the others at any moment."""
    dice, shown_in_all = random.Random(7), 0
    for n in range(times):
        folder = tmp_path / f"study-{n}"
        start(folder).close()
        with Terminal(folder, "first") as terminal:
            terminal.wait_for("keys")
            terminal.read(0.2)
            for _ in range(dice.randint(2, 8)):  # each on a sentence of its own, of which there are 11
                terminal.press(f"{dice.choice(ACTS)}\r", pause=dice.choice((0.0, 0.03)))
            terminal.press("cm", pause=0.0)
            if n % 2:
                terminal.wait_for(dice.choice(("managerial · ", "saved ")))
            else:
                terminal.read(dice.uniform(0.0, 0.3))
            terminal.kill()
            shown = set(SHOWN.findall(terminal.text))
        shown_in_all += len(shown)
        assert shown <= stored(folder)
    assert shown_in_all >= times


def stored(folder: Path) -> set[tuple[str, str]]:
    """What a sound project holds: (code or ``marked``, number of the sentence)."""
    with Project.open(folder) as project:
        assert all(check.ok for check in project.examine() if check.severity == "error")
        text = Numbered(project.source("first"))
        codings = {(leaf(c.code), text.number(c.span.start)) for c in project.codings()}
        marks = {("marked", text.number(memo.about.span.start)) for memo in project.memos() if memo.about.span}
        return codings | marks


def test_keys_and_leaving_on_a_real_terminal(tmp_path: Path) -> None:
    start(tmp_path / "study").close()
    with Terminal(tmp_path / "study", NO_COLOR="1") as terminal:
        terminal.wait_for("[laughs]")
        terminal.press("t")
        terminal.press("cm")
        terminal.wait_for("managerial · 2.1")
        terminal.press("q", pause=0.3)
        assert terminal.ended() == 0
    colours = re.findall(rb"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|[34]8;[25])[;m]", terminal.written)
    assert colours == []


@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_without_a_screen_it_says_so_in_a_line(tmp_path: Path, term: str) -> None:
    start(tmp_path / "study").close()
    done = subprocess.run(
        [sys.executable, "-m", "qualcode", "code", "--project", str(tmp_path / "study"), "--coder", "ann"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env={**os.environ, "TERM": term}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("qualcode: `qualcode code` needs a terminal")
    assert len(done.stderr.splitlines()) == 1


def test_a_screen_that_would_be_drawn_into_a_file_is_refused(tmp_path: Path) -> None:
    start(tmp_path / "study").close()
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "qualcode", "code", "--project", str(tmp_path / "study"), "--coder", "ann"]
    with (tmp_path / "log").open("w") as log:
        done = subprocess.run(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=log,
            env={**os.environ, "TERM": "xterm"},
            check=False,
            timeout=60,
        )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 2
    assert (tmp_path / "log").read_text().startswith("qualcode: `qualcode code` needs a terminal")


def test_a_dumb_terminal_and_nobody_and_nothing_to_read_are_refused(tmp_path: Path) -> None:
    start(tmp_path / "study").close()
    with Terminal(tmp_path / "study", TERM="dumb") as terminal:
        assert terminal.ended() == 2
        assert "needs a terminal" in terminal.text
    with Terminal(tmp_path / "study", "nowhere") as terminal:
        assert terminal.ended() == 2
    Project.start(tmp_path / "empty").close()
    with Terminal(tmp_path / "empty") as terminal:
        assert terminal.ended() == 2
        assert "nothing to read yet" in terminal.text


def test_it_ends_by_sigterm_and_gives_the_screen_back(tmp_path: Path) -> None:
    import signal

    start(tmp_path / "study").close()
    with Terminal(tmp_path / "study") as terminal:
        terminal.wait_for("keys")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.ended() in (-signal.SIGTERM, 143)
    assert b"\x1b[?1049l" in terminal.written
