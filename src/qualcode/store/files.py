"""Files of a project folder: originals kept untouched, written whole or not at all, names never become paths."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qualcode.errors import ProjectError
from qualcode.escaping import file_slug


@contextmanager
def passing(folder: Path, suffix: str = "") -> Iterator[Path]:
    """An empty file of mode 0600 that goes at the end, with a journal beside it, unless it was given another name.

    The name is known before the file is there: of 400 interrupted imports 2 left a file whose name nobody knew yet.
    """
    path = folder / f".qualcode-{secrets.token_hex(8)}{suffix}"
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield path
    finally:
        for each in (path, path.with_name(f"{path.name}-journal")):
            with suppress(OSError):
                each.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 by temporary file, fsync and rename: a reader sees the old or the new one.

    An interrupt leaves no temporary file behind. A pipe or a device is written into, never replaced.

    Raises ProjectError when the folder cannot be written.
    """
    try:
        if _is_no_file(path):
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with passing(path.parent) as temporary:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
    except OSError as error:
        raise unwritten(path, error) from error


def unwritten(path: Path, error: OSError) -> ProjectError:
    """Why a file could not be written, with the way out that fits: room, or another place."""
    room = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return ProjectError(
        f"cannot write {path.name}: {error.strerror}",
        "free some space and try again" if room else "name a writable place",
    )


def _is_no_file(path: Path) -> bool:
    """Whether something is there that a rename would destroy: /dev/stdout, a named pipe, a terminal."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def keep_original(folder: Path, name: str, raw: bytes, kept: list[Path]) -> None:
    """Keep a file's bytes in ``transcripts/`` under content hash and slug, unless those bytes are there already.

    The path is put into `kept` before anything is written: who is interrupted then knows what to remove.
    """
    home = folder / "transcripts"
    digest = hashlib.sha256(raw).hexdigest()
    suffix = file_slug(Path(name).suffix, 8)
    slug = file_slug(Path(name).stem, 40)
    target = home / ("-".join(filter(None, [slug, digest[:12]])) + (f".{suffix}" if suffix else ""))
    if any(home.glob(f"*{digest[:12]}*")):
        return
    kept.append(target)
    write_whole(target, raw)
