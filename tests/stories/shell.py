"""A shell in a folder of its own, in which `qualcode` and `python` are the running Python; sees what is left behind.

Every refusal is held to its promise: one line on stderr, no traceback, and not a byte of the folder changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

REFUSED = range(2, 70)  # exit statuses of requests that were not carried out
PATIENCE = 60  # seconds a command may take


class Broken(AssertionError):
    """A command broke a promise that every command gives."""


class Shell:
    """Runs commands in `folder`; with `columns`, on a terminal of that width. Remembers a `cd` and an `export`."""

    def __init__(self, folder: Path, columns: int | None = None) -> None:
        self.folder = folder
        self.here = folder
        self.columns = columns
        programs = folder.parent / f"{folder.name}-programs"
        programs.mkdir()
        for name, words in (("qualcode", "-P -m qualcode"), ("python", "")):
            shim = programs / name
            shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
            shim.chmod(0o755)
        self.surroundings = {
            "PATH": f"{programs}:{os.defpath}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "NO_COLOR": "1",
            "TERM": "dumb",
        }

    def write(self, name: str, text: str) -> None:
        """Put a file where the commands run."""
        (self.here / name).parent.mkdir(parents=True, exist_ok=True)
        (self.here / name).write_text(text, encoding="utf-8")

    def run(self, words: str) -> list[str]:
        """What the command prints, as a page says it. Raises Broken."""
        if said := re.fullmatch(r"cd (\S+)", words):
            self.here = (self.here / said[1]).resolve(strict=True)
            return []
        if said := re.fullmatch(r"export (\w+)=(\S+)", words):
            self.surroundings[said[1]] = said[2]
            return []
        before = dict(self.files())
        status, out, err = self._terminal(words) if self.columns else self._pipes(words)
        self._promises(words, status, out, err, before)
        prefix = "" if self.columns else "2> "
        lines = [*out.splitlines(), *(prefix + line for line in err.splitlines())]
        home = str(self.folder.resolve())
        return [line.replace(home, "~") for line in lines] + ([f"[exit {status}]"] if status else [])

    def files(self) -> Iterator[tuple[str, str]]:
        """Every file and folder with what it holds."""
        for path in sorted(self.folder.rglob("*")):
            held = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            yield str(path.relative_to(self.folder)), held

    def _promises(self, words: str, status: int, out: str, err: str, before: dict[str, str]) -> None:
        if "Traceback" in out + err or status not in (0, 1, *REFUSED):
            raise Broken(f"`{words}` ended with {status}: {err.strip()}")
        if status not in REFUSED or "qualcode" not in words:
            return
        said = err.splitlines()
        if len(said) != 1 or not said[0].startswith("qualcode: "):
            raise Broken(f"`{words}` was refused with {len(said)} lines on stderr: {err}")
        changed = set(before.items()) ^ set(self.files())
        if changed:
            raise Broken(f"`{words}` was refused and yet changed {sorted({name for name, _ in changed})}")

    def _pipes(self, words: str) -> tuple[int, str, str]:
        done = subprocess.run(
            ["/bin/sh", "-c", words], cwd=self.here, env=self.surroundings, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def _terminal(self, words: str) -> tuple[int, str, str]:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, self.columns, 0, 0))
        surroundings = {**self.surroundings, "COLUMNS": str(self.columns)}
        with subprocess.Popen(
            ["/bin/sh", "-c", words], cwd=self.here, env=surroundings, stdin=subprocess.DEVNULL, stdout=theirs,
            stderr=subprocess.PIPE,
        ) as running:  # fmt: skip
            os.close(theirs)
            out = b"".join(_read(ours))
            os.close(ours)
            assert running.stderr is not None
            err = running.stderr.read()
            status = running.wait(PATIENCE)
        return status, out.decode().replace("\r\n", "\n"), err.decode()


def _read(terminal: int) -> Iterator[bytes]:
    """What is printed until the last one on the terminal has left, which reads as an error on Linux."""
    while True:
        try:
            block = os.read(terminal, 65_536)
        except OSError:
            return
        if not block:
            return
        yield block
