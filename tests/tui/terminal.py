"""`qualcode code` as a process on a pseudo-terminal: real keys, real bytes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?<>=]*[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()=>].?|P[^\x1b]*\x1b\\)")


class Terminal:
    """The process, its screen so far as bytes, and its end."""

    def __init__(self, folder: Path, *words: str, size: tuple[int, int] = (80, 24), **environment: str) -> None:
        self.written = b""
        self.status: int | None = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", **environment})
            command = [sys.executable, "-m", "qualcode", "code", "--project", str(folder), "--coder", "ann", *words]
            os.execv(sys.executable, command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is None:
            self.kill()

    def read(self, seconds: float) -> None:
        """Take in what is written within so many seconds, as long as something comes."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and select.select([self.fd], [], [], max(until - time.monotonic(), 0))[0]:
            try:
                part = os.read(self.fd, 65536)
            except OSError:
                return
            if not part:
                return
            self.written += part

    def wait_for(self, words: str, seconds: float = 20) -> str:
        """Read until the words were written, and return all text so far; raises AssertionError when they never come."""
        until = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < until, f"never showed: {words}"
            self.read(0.1)
        return self.text

    def press(self, keys: str, pause: float = 0.05) -> None:
        """Press keys one by one."""
        for key in keys:
            with contextlib.suppress(OSError):
                os.write(self.fd, key.encode())
            self.read(pause)

    @property
    def text(self) -> str:
        """Everything written so far without escape sequences."""
        return _ESCAPES.sub("", self.written.decode("utf-8", "replace"))

    def kill(self) -> None:
        """SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)
        self._reap()

    def ended(self, seconds: float = 20) -> int:
        """Wait for the end and return the status."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.read(0.1)
            pid, raw = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                self.status = os.waitstatus_to_exitcode(raw)
                return self.status
        raise AssertionError("it did not end")

    def _reap(self) -> None:
        self.read(0.2)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
