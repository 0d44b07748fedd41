"""Files of a project folder: originals kept untouched, written whole or not at all, names never become paths."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from qualcode.errors import ProjectError
from qualcode.escaping import file_slug


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 by temporary file, fsync and rename: a reader sees the old or the new one.

    An interrupt leaves no temporary file behind. A pipe or a device is written into, never replaced.

    Raises ProjectError when the folder cannot be written.
    """
    temporary = None
    try:
        if _is_no_file(path):
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(prefix=".qualcode-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise ProjectError(f"cannot write {path.name}: {error.strerror}", "name a writable place") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _is_no_file(path: Path) -> bool:
    """Whether something is there that a rename would destroy: /dev/stdout, a named pipe, a terminal."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def keep_original(folder: Path, name: str, raw: bytes) -> Path | None:
    """Keep a file's bytes in ``transcripts/`` under content hash and slug; None when those bytes are there already."""
    home = folder / "transcripts"
    digest = hashlib.sha256(raw).hexdigest()
    suffix = file_slug(Path(name).suffix, 8)
    slug = file_slug(Path(name).stem, 40)
    target = home / ("-".join(filter(None, [slug, digest[:12]])) + (f".{suffix}" if suffix else ""))
    if any(home.glob(f"*{digest[:12]}*")):
        return None
    write_whole(target, raw)
    return target
