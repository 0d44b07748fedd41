"""Processes that are killed at a moment, and what must hold afterwards. Used by the tests and by the soak."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qualcode.model import Bundle, Case, Code, Codebook, Source, Span, Turn, stable_id
from qualcode.store import Project

SENTENCE = "We met the mentors every second week to talk about the trainees. "
COMMAND = [sys.executable, "-m", "qualcode"]
ENVIRONMENT = {**os.environ, "QUALCODE_CODER": "ann", "PYTHONDONTWRITEBYTECODE": ""}


def make_project(folder: Path, sources: int = 3, sentences: int = 200) -> None:
    """A project of interviews of one long turn, with one codebook of two codes."""
    with Project.start(folder) as project:
        texts = [f"R: {n} " + SENTENCE * sentences for n in range(sources)]
        added = tuple(
            Source(
                stable_id("source", n),
                f"interview-{n}",
                "interview",
                text,
                (Turn(1, Span(3, len(text)), "R", "respondent"),),
                case=f"case-{n}",
                sha256=f"{n:064x}",
                file=f"interview-{n}.txt",
            )
            for n, text in enumerate(texts)
        )
        project.add(Bundle(sources=added, cases=tuple(Case(f"case-{n}") for n in range(sources))), coder=None)
        with project.act("codebook apply", None) as act:
            act.put_codebook(Codebook("role", "1", (Code("role/managerial"), Code("role/pastoral"))), {})


def lines(n: int, source: int = 0) -> list[str]:
    """`n` different lines for ``coding batch``."""
    return [
        json.dumps({"ref": at, "source": f"interview-{source}", "start": 5 + at, "end": 60 + at, "code": "managerial"})
        for at in range(n)
    ]


def kill_after(process: subprocess.Popen[str], seconds: float) -> None:
    """SIGKILL after a while, unless it has ended."""
    timer = threading.Timer(seconds, process.send_signal, [signal.SIGKILL])
    timer.start()
    process.wait(timeout=60)
    timer.cancel()


def batch_until_killed(folder: Path, seconds: float, given: list[str]) -> list[str]:
    """Feed ``coding batch`` slowly, kill it, and return the ids it had acknowledged."""
    process = subprocess.Popen(
        [*COMMAND, "--project", str(folder), "coding", "batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
    )
    said: list[str] = []

    def feed() -> None:
        assert process.stdin is not None
        try:
            for line in given:
                process.stdin.write(line + "\n")
                process.stdin.flush()
                time.sleep(0.001)
            process.stdin.close()
        except BrokenPipeError:
            pass

    def listen() -> None:
        assert process.stdout is not None
        said.extend(line for line in process.stdout if line.endswith("\n"))

    threads = [threading.Thread(target=target, daemon=True) for target in (feed, listen)]
    for thread in threads:
        thread.start()
    kill_after(process, seconds)
    for thread in threads:
        thread.join(10)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()
    answers = [json.loads(line) for line in said]
    assert all("id" in answer for answer in answers), answers[:3]
    return [answer["id"] for answer in answers]


def run_until_killed(arguments: list[str], seconds: float) -> None:
    """Run a command and kill it after a while."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT
    )
    kill_after(process, seconds)


def sound(folder: Path) -> Project:
    """Open the project and assert that the doctor finds no error."""
    project = Project.open(folder)
    bad = [check for check in project.examine() if check.severity == "error" and not check.ok]
    assert bad == []
    return project


def duration(arguments: list[str]) -> float:
    """How long the command takes when nobody kills it, in seconds."""
    began = time.monotonic()
    subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.monotonic() - began


def repeat(times: int, seed: int, once: Callable[[random.Random, int], None]) -> None:
    """Call `once` with a seeded generator, so that a failure can be repeated."""
    dice = random.Random(seed)
    for n in range(times):
        once(dice, n)


def fresh(template: Path, folder: Path) -> Path:
    """A copy of a prepared project."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder
