"""The command line as a person or a script meets it, and what must hold when it refuses."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualcode.cli import run

COMMAND = [sys.executable, "-m", "qualcode"]
SECONDS = 10.0
"""What a hostile input may cost at most, before a result or a clean refusal."""
# What must not reach a terminal: C0 but tab and LF, DEL, C1, bidi controls, separators, lone surrogates, tags.
RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()

    @property
    def line(self) -> str:
        """Standard error as text."""
        return self.err.decode()

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def ask(*arguments: str | Path, coder: str = "ann") -> Said:
    """Run a command in this process: quick, and its streams hold bytes as a pipe would."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    before = sys.stdout, sys.stderr, os.environ.get("QUALCODE_CODER")
    sys.stdout, sys.stderr = streams
    os.environ["QUALCODE_CODER"] = coder
    try:
        status = run([str(argument) for argument in arguments])
    finally:
        sys.stdout, sys.stderr = before[:2]
        os.environ.pop("QUALCODE_CODER")
        if before[2] is not None:
            os.environ["QUALCODE_CODER"] = before[2]
    out, err = (_bytes(stream) for stream in streams)
    return Said(status, out, err)


def _bytes(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    held = stream.buffer
    assert isinstance(held, io.BytesIO)
    return held.getvalue()


def launch(
    *arguments: str | bytes | Path,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
    timeout: float = 60,
) -> Said:
    """Run a command as a process of its own; `before` is a program it runs under, such as strace."""
    done = subprocess.run(
        [*before, *COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        timeout=timeout,
        env={**os.environ, "QUALCODE_CODER": "ann", **(env or {})},
    )
    return Said(done.returncode, done.stdout, done.stderr)


def works(said: Said) -> Said:
    """The command did what it was asked."""
    assert said.status == 0, (said.status, said.err)
    return said


def refuses(said: Said, *statuses: int) -> str:
    """A clean refusal: a documented status, one line with a way out, no traceback; returns the line."""
    assert said.status in (statuses or range(1, 7)), (said.status, said.err)
    line = said.err.decode()
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert re.match(r"qualcode: .+ — .+", line), line
    assert "Traceback" not in line
    assert "internal error" not in line
    assert not RAW.search(line), ascii(line)
    return line


def quiet(said: Said) -> Said:
    """Nothing that was said can drive a terminal."""
    for stream in (said.out, said.err):
        text = stream.decode()
        found = RAW.search(text)
        assert found is None, ascii(text[max(0, found.start() - 20) : found.end() + 20])
    return said


# -- what is there --------------------------------------------------------------------------------------------


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the database, its rows sorted."""
    with closing(sqlite3.connect(f"{(folder / 'qualcode.db').absolute().as_uri()}?mode=ro", uri=True)) as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted(conn.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def listing(folder: Path) -> dict[str, str]:
    """Every path under the folder with its mode and, but for the database, the hash of its bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        raw = path.read_bytes() if path.is_file() and path.name != "qualcode.db" else b""
        found[str(path.relative_to(folder))] = f"{path.lstat().st_mode:o} {hashlib.sha256(raw).hexdigest()[:12]}"
    return found


def picture(folder: Path) -> tuple[object, object]:
    """What a refused command must leave as it was."""
    held, files = tables(folder), listing(folder)
    assert held["act"]
    assert files
    return held, files


def looks_alike(one: str, other: str) -> bool:
    """Whether two names differ in nothing but their composition or case."""
    return unicodedata.normalize("NFC", one).casefold() == unicodedata.normalize("NFC", other).casefold()
