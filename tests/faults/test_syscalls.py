"""A command struck at each call with which it writes: whole or absent, never half, never silent (O2, O3, O4)."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.store import Project
from tests.faults import deaths, syscalls
from tests.faults.command import COMMAND, launch, listing, picture, refuses, tables

traced = pytest.mark.skipif(not syscalls.can_trace(), reason="strace is not here, or may not trace")
EVERY = [pytest.param(9, id="quick"), pytest.param(1, marks=pytest.mark.soak, id="soak")]
ADD = ("coding", "add", "--source", "interview-0", "--span", "5:60", "--code", "managerial")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("syscalls") / "template"
    deaths.make_project(folder, sentences=20)
    (folder / "backups").mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="module")
def calls(template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[syscalls.Point]:
    home = tmp_path_factory.mktemp("calls")
    found = syscalls.points(home / "trace", "--project", deaths.fresh(template, home / "study"), *ADD)
    assert {"pwrite64", "fdatasync", "unlink"} <= {name for name, _ in found}
    return found


@traced
@pytest.mark.parametrize("every", EVERY)
def test_a_coding_killed_at_any_write_is_whole_or_absent(
    template: Path, tmp_path: Path, calls: list[syscalls.Point], every: int
) -> None:
    """O2: SIGKILL at the n-th write, sync, rename or unlink, for every n until the command survives."""
    stored = set()
    for point in [*syscalls.some(calls, every), ("pwrite64", 10_000)]:
        folder = deaths.fresh(template, tmp_path / "study")
        said = syscalls.strike(point, "signal=KILL", "--project", folder, *ADD)
        assert said.status == (0 if point[1] == 10_000 else -9), (point, said)
        with deaths.sound(folder) as project:
            codings = len(project.codings())
            assert len(project.history()) == 2 + codings
        stored.add(codings)
        if b"saved" in said.out:
            assert codings == 1, point
    assert stored == {0, 1}


@traced
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO"])
def test_a_coding_that_meets_a_full_or_broken_disk_says_so_and_changes_nothing(
    template: Path, tmp_path: Path, calls: list[syscalls.Point], fault: str, every: int
) -> None:
    """O3: ENOSPC and EIO at the n-th write, sync or unlink.

    The last sync is of the folder, after the journal is gone: the coding is stored then, and the line does not deny it.
    """
    refused, last_sync = 0, max(point for point in calls if point[0] == "fdatasync")
    for point in syscalls.some(calls, every * 3 if fault == "EIO" else every):
        folder = deaths.fresh(template, tmp_path / "study")
        before = picture(folder)
        said = syscalls.strike(point, f"error={fault}", "--project", folder, *ADD)
        if point[0] == "write" or said.status == 0:
            deaths.sound(folder).close()  # it was stored; the answer, or a sync of the folder, came to nothing
            continue
        line = refuses(said, 5)
        deaths.sound(folder).close()
        assert picture(folder) == before or ("may be missing" in line and point == last_sync), point
        refused += 1
    assert refused > 3


@traced
@pytest.mark.parametrize("every", EVERY)
def test_an_import_that_meets_a_full_disk_leaves_no_file_behind(template: Path, tmp_path: Path, every: int) -> None:
    """O3: the original's copy goes with the act that failed."""
    talk = tmp_path / "talk.txt"
    talk.write_text("Interviewer: What now?\n\nCoordinator: " + deaths.SENTENCE * 20)
    command = ("import", talk)
    found = syscalls.points(tmp_path / "trace", "--project", deaths.fresh(template, tmp_path / "study"), *command)
    refused = 0
    for point in syscalls.some([point for point in found if point[0] != "write"], every):
        folder = deaths.fresh(template, tmp_path / "study")
        before = picture(folder)
        said = syscalls.strike(point, "error=ENOSPC", "--project", folder, *command)
        with deaths.sound(folder) as project:
            sources = len(project.sources())
        originals = len(list((folder / "transcripts").iterdir()))
        assert (sources, originals) in ((3, 0), (4, 1)), point
        if said.status != 0:
            assert picture(folder) == before or "may be missing" in refuses(said, 5), point
            refused += 1
    assert refused > 3


OTHERS = {
    "merge": ("merge", "{other}"),
    "backup": ("backup",),
    "export": ("export", "codings", "--format", "csv"),
    "handout": ("handout", "--to", "ben", "--out", "{out}"),
}


# What a command says that failed when all was stored: the folder may not have it on the disk, or nobody could read it.
AFTERWARDS = ("the last change may be missing", "cannot write the results")


@traced
@pytest.mark.soak
@pytest.mark.parametrize("fault", ["signal=KILL", "error=ENOSPC", "error=EIO"])
@pytest.mark.parametrize("name", OTHERS)
def test_other_commands_struck_at_any_write_leave_a_sound_project(
    template: Path, tmp_path: Path, name: str, fault: str
) -> None:
    """O2, O3: what writes other files too. A killed one may leave a temporary file, which the doctor names."""
    other = deaths.fresh(template, tmp_path / "other")
    launch("--project", other, *ADD, "--coder", "ben")
    out = tmp_path / "ben.qualcode"
    command = [part.format(other=other, out=out) for part in OTHERS[name]]
    found = syscalls.points(tmp_path / "trace", "--project", deaths.fresh(template, tmp_path / "study"), *command)
    assert len(found) > 3
    for point in found:
        out.unlink(missing_ok=True)
        folder = deaths.fresh(template, tmp_path / "study")
        before = tables(folder)
        said = syscalls.strike(point, fault, "--project", folder, *command)
        deaths.sound(folder).close()  # a journal that could not be removed is rolled back first
        if said.status not in (0, -9):
            line = refuses(said, 3, 5)
            assert tables(folder) == before or any(told in line for told in AFTERWARDS), point
            assert not [path for path in listing(folder) if ".qualcode-" in path], point
        deaths.sound(folder).close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    home = tmp_path / "disk"
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(home)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    yield home
    subprocess.run(["umount", "--lazy", str(home)], check=True)


def test_an_import_larger_than_the_disk_is_refused_whole(small_disk: Path, tmp_path: Path) -> None:
    """O3: 5 MB onto a disk of 2 MB."""
    folder = small_disk / "study"
    deaths.make_project(folder, sentences=5)
    large = tmp_path / "large.txt"
    large.write_text("Interviewer: Go on?\n\nCoordinator: " + deaths.SENTENCE * 80_000)
    assert large.stat().st_size > 5_000_000
    before = picture(folder)
    refuses(launch("--project", folder, "import", large), 3, 5)
    assert picture(folder) == before
    deaths.sound(folder).close()


def test_an_import_over_the_file_size_limit_is_refused_whole(template: Path, tmp_path: Path) -> None:
    """O4: RLIMIT_FSIZE below what the database would become."""
    folder = deaths.fresh(template, tmp_path / "study")
    large = tmp_path / "large.txt"
    large.write_text("Interviewer: Go on?\n\nCoordinator: " + deaths.SENTENCE * 10_000)
    limit = (folder / "qualcode.db").stat().st_size + 50_000
    assert limit < large.stat().st_size
    before = picture(folder)
    done = subprocess.run(
        [*COMMAND, "--project", str(folder), "import", str(large)],
        capture_output=True,
        text=True,
        env={**os.environ, "QUALCODE_CODER": "ann"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert picture(folder) == before
    with Project.open(folder) as project:
        assert len(project.sources()) == 3
