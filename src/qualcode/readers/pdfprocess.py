"""A doubtful PDF is read in a process of its own: what exhausts memory or time there is refused here."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from qualcode import guards
from qualcode.errors import InputError, LimitExceeded
from qualcode.readers.gutters import Line
from qualcode.readers.printed import Printed, printed

SECONDS = 60
MEMORY = 1024 * guards.MEGABYTE
_CHILD = "from qualcode.readers.pdfprocess import answer; answer()"


def printed_apart(raw: bytes, name: str) -> Printed:
    """Like `printed.printed`; LimitExceeded also when the process ends before it answers, or after 60 seconds."""
    too_much = LimitExceeded(f"{name} draws more than can be read", "print it as PDF again, without pictures")
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _CHILD], input=raw, capture_output=True, timeout=SECONDS, check=True
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError, OSError) as error:
        raise too_much from error
    if "what" in said:
        kind = LimitExceeded if said["limit"] else InputError
        raise kind(said["what"].replace("\0", name), said["way_out"])
    lines = [Line(**line) for line in said.pop("lines")]
    comments = [(author, words) for author, words in said.pop("comments")]
    return Printed(**said, lines=lines, comments=comments)


def answer() -> None:
    """Read a PDF from standard input and write its lines, or why there are none, to standard output."""
    _bound_memory()
    try:
        said = asdict(printed(sys.stdin.buffer.read(), "\0"))
    except InputError as error:
        said = {"what": error.what, "way_out": error.way_out, "limit": isinstance(error, LimitExceeded)}
    sys.stdout.write(json.dumps(said))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    least = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_DATA, (least, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
