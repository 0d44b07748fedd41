"""Two processes at one project: all is stored, locks are waited for, nobody reads "locked" (O6, O7)."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from qualcode.errors import ProjectBusy
from qualcode.store import Project, connection
from tests.faults import deaths


def test_two_batches_at_once_store_everything(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    deaths.make_project(folder)
    processes = [
        subprocess.Popen(
            [*deaths.COMMAND, "--project", str(folder), "--coder", coder, "coding", "batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for coder in ("ann", "ben")
    ]
    results: dict[int, tuple[str, str]] = {}

    def talk(at: int) -> None:
        results[at] = processes[at].communicate("\n".join(deaths.lines(250)) + "\n", timeout=120)

    threads = [threading.Thread(target=talk, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.returncode for process in processes] == [0, 0]
    assert ["locked" in err for _, err in results.values()] == [False, False]
    with deaths.sound(folder) as project:
        assert sorted({c.coder for c in project.codings()}) == ["ann", "ben"]
        assert len(project.codings()) == 500


def test_a_held_lock_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    deaths.make_project(folder)
    holder = sqlite3.connect(folder / "qualcode.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    process = subprocess.Popen(
        [*deaths.COMMAND, "--project", str(folder), "--coder", "ann", "memo", "add", "while it is held"],
        stdout=subprocess.DEVNULL,
    )
    time.sleep(2)
    assert process.poll() is None
    holder.execute("ROLLBACK")
    holder.close()
    assert process.wait(30) == 0
    assert time.monotonic() - began >= 2
    with Project.open(folder) as project:
        assert [memo.text for memo in project.memos()] == ["while it is held"]


def test_a_lock_that_is_never_released_ends_in_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "study"
    deaths.make_project(folder)
    holder = sqlite3.connect(folder / "qualcode.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    conn = connection.connect(folder / "qualcode.db", wait=0.1)
    with pytest.raises(ProjectBusy, match="locked"), connection.explained(folder / "qualcode.db"):
        conn.execute("BEGIN IMMEDIATE")
    conn.close()
    holder.close()
