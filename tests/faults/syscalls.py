"""Striking a command at the n-th call with which it writes: killed there, or told that the disk is full or broken."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

from tests.faults.command import Said, launch

WRITING = ("pwrite64", "write", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "ftruncate")
Point = tuple[str, int]
"""A call and which one of its kind, from 1."""


@cache
def can_trace() -> bool:
    """Whether strace is here and allowed to trace."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def points(trace: Path, *arguments: str | Path) -> list[Point]:
    """Run the command to its end and list the calls with which it wrote."""
    said = launch(*arguments, before=["strace", "-f", "-o", str(trace), "-e", f"trace={','.join(WRITING)}"])
    assert said.status == 0, said.err
    counts: Counter[str] = Counter()
    found = []
    for name in re.findall(r"^\d+ +(\w+)\(", trace.read_text(errors="replace"), re.MULTILINE):
        counts[name] += 1
        found.append((name, counts[name]))
    return found


def strike(point: Point, fault: str, *arguments: str | Path) -> Said:
    """Run the command with ``signal=KILL``, ``error=ENOSPC`` or ``error=EIO`` at one call."""
    name, n = point
    inject = f"inject={name}:{fault}:when={n}"
    return launch(*arguments, before=["strace", "-f", "-o", "/dev/null", "-e", f"trace={name}", "-e", inject])


def some(found: list[Point], every: int) -> list[Point]:
    """Each call that is rare, and of the writes every `every`-th and the last."""
    writes = [point for point in found if point[0] == "pwrite64"]
    kept = {*writes[::every], *writes[-1:]}
    return [point for point in found if point[0] != "pwrite64" or point in kept]
