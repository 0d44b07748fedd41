"""A file is written whole or not at all, and what is no file is never replaced by one."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from qualcode.store import files


def test_a_file_is_private_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old and longer")
    files.write_whole(target, b"new")
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"new", 0o600)
    assert list(tmp_path.iterdir()) == [target]


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    files.write_whole(pipe, b"a table")
    reader.join(timeout=10)
    assert got == [b"a table"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_and_a_link_to_one_stay_what_they_are(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    device, link = Path(os.ttyname(theirs)), tmp_path / "link"
    link.symlink_to(device)
    for path in (device, link):
        files.write_whole(path, b"a table\n")
        assert os.read(ours, 100).strip() == b"a table"
    assert stat.S_ISCHR(device.stat().st_mode)
    assert link.is_symlink()
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(("number", "way"), [(errno.ENOSPC, "free some space"), (errno.EACCES, "a writable place")])
def test_a_file_that_cannot_be_written_says_the_way_out_that_fits(number: int, way: str) -> None:
    said = str(files.unwritten(Path("codings.csv"), OSError(number, os.strerror(number))))
    assert said.startswith(f"cannot write codings.csv: {os.strerror(number)}")
    assert way in said


def test_whoever_is_interrupted_while_an_original_is_written_knows_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(target: Path, raw: bytes) -> None:
        target.write_bytes(raw)
        raise KeyboardInterrupt

    (tmp_path / "transcripts").mkdir()
    kept: list[Path] = []
    files.keep_original(tmp_path, "here.txt", b"here", kept)
    monkeypatch.setattr(files, "write_whole", stopped)
    with pytest.raises(KeyboardInterrupt):
        files.keep_original(tmp_path, "talk.txt", b"words", kept)
    assert [path.read_bytes() for path in kept] == [b"here", b"words"]
    files.keep_original(tmp_path, "again.txt", b"here", kept)
    assert len(kept) == 2
