"""Ctrl-C and a polite end at random moments: one line, each file whole or absent, no leftovers (O5)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults import deaths
from tests.faults.command import COMMAND, Said, listing

TIMES = [pytest.param(4, 60, id="quick"), pytest.param(20, 200, marks=pytest.mark.soak, id="soak")]


def make_files(home: Path, n: int) -> Path:
    """A folder of `n` interviews."""
    home.mkdir()
    for k in range(n):
        (home / f"talk-{k:03}.txt").write_text(f"Interviewer: Number {k}?\n\nCoordinator: {k} {deaths.SENTENCE * 20}\n")
    return home


def heed() -> None:
    """In the new process: Ctrl-C counts, also where the tests run in the background, which would ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(arguments: list[str], number: signal.Signals, folder: Path, seconds: float) -> Said:
    """Start a command, wait until it has written something and then `seconds`, and send it a signal."""
    process = subprocess.Popen(
        [*COMMAND, "--project", str(folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=deaths.ENVIRONMENT,
        preexec_fn=heed,
    )
    while not any((folder / "transcripts").iterdir()) and process.poll() is None:
        time.sleep(0.002)
    time.sleep(seconds)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, out, err)


@pytest.mark.parametrize(("times", "files"), TIMES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_import_leaves_each_file_whole_or_absent_and_no_leftovers(
    tmp_path: Path, number: signal.Signals, times: int, files: int
) -> None:
    """O5: SIGINT ends with status 130 and one line, SIGTERM with 143 or by the signal itself; both leave no mess."""
    template, home = tmp_path / "template", make_files(tmp_path / "files", files)
    deaths.make_project(template, sentences=2)
    caught = 0

    def once(dice: random.Random, n: int) -> None:
        nonlocal caught
        folder = deaths.fresh(template, tmp_path / "study")
        said = interrupted(["import", str(home)], number, folder, dice.uniform(0, 0.004 * files))
        caught += said.status != 0
        assert_told(said, number)
        with deaths.sound(folder) as project:
            found = [source for source in project.sources() if source.name.startswith("talk-")]
        assert all(len(source.turns) == 2 and source.case for source in found)
        assert [path for path in listing(folder) if ".qualcode-" in path or "journal" in path] == []
        assert len(list((folder / "transcripts").iterdir())) == len(found)

    deaths.repeat(times, 5, once)
    assert caught > 0


def assert_told(said: Said, number: signal.Signals) -> None:
    """How the run ended."""
    assert b"Traceback" not in said.err
    if said.status == 0 or (said.status == -number and said.out):
        return  # all was done and told: a process that is about to end anyway ends by the signal
    if number == signal.SIGINT:
        assert said.status == 130
        assert said.err.decode() == "qualcode: interrupted — what was saved stays, the rest did not happen\n"
    else:
        assert said.status in (143, -signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_keeps_what_it_acknowledged(tmp_path: Path, number: signal.Signals) -> None:
    """O5: what the stream printed an id for is there."""
    folder = tmp_path / "study"
    deaths.make_project(folder)
    process = subprocess.Popen(
        [*COMMAND, "--project", str(folder), "coding", "batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "QUALCODE_CODER": "ann"},
        preexec_fn=heed,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(line + "\n" for line in deaths.lines(50)).encode())
    process.stdin.flush()
    said = [process.stdout.readline() for _ in range(50)]
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert_told(Said(process.returncode, b"", err), number)
    assert all(b'"id"' in line for line in said)
    with deaths.sound(folder) as project:
        assert len(project.codings()) == 50
