"""The only mouth: results to stdout, messages to stderr, and how a run ends.

On a terminal a report is set by `cli.screen`, off it written by `cli.plain`; both are imported when there is one to
show, as the report's own types are: together they are a quarter of what the help may cost. Every text is made safe.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from qualcode.errors import ExitStatus, ProjectError, QualcodeError
from qualcode.escaping import json_text, one_line, safe_text

if TYPE_CHECKING:
    from qualcode.cli.request import Request
    from qualcode.model import Notice
    from qualcode.report import Report

# -- results ------------------------------------------------------------------------------------------------------


def answer(request: Request, shape: Callable[[], object], report: Callable[[], Report]) -> None:
    """One result: the JSON `shape` under ``--json``, else the `report`; only the asked one is built."""
    if request.json:
        say_json(shape())
    else:
        say(report())


def say(report: Report) -> None:
    """A report on stdout: set for people on a terminal, plain lines and tab-separated tables elsewhere."""
    if sys.stdout.isatty():
        from qualcode.cli import screen

        with _pipe():
            screen.show(report, sys.stdout)
    else:
        from qualcode.cli import plain

        say_lines(plain.lines(report))


def say_json(value: object) -> None:
    """One JSON document on stdout, exact, with no raw control character; indented on a terminal.

    Non-ASCII text stands as it is unless stdout cannot hold it.
    """
    indent = 2 if sys.stdout.isatty() else None
    dumped = json.dumps(value, ensure_ascii=not _is_unicode(sys.stdout), indent=indent, allow_nan=False)
    _write(json_text(dumped) + "\n")


def say_lines(lines: Iterable[str]) -> None:
    """Lines on stdout, each made safe; for streams that answer as they go, call once a line."""
    _write("".join(safe_text(line) + "\n" for line in lines))
    with _pipe():
        sys.stdout.flush()


# -- messages -----------------------------------------------------------------------------------------------------


def tell(request: Request, message: str | Notice) -> None:
    """One line on stderr; under ``--quiet`` only a notice that is a warning or an error."""
    if request.quiet and (isinstance(message, str) or message.severity == "info"):
        return
    mutter(str(message))


def complain(error: QualcodeError) -> None:
    """Exactly one line on stderr: ``qualcode: what — the way out``."""
    mutter(f"qualcode: {error.what}" + (f" — {error.way_out}" if error.way_out else ""))


@contextmanager
def progress(request: Request, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while the block runs, when stderr is a terminal; yields ``advance(steps)``."""
    if request.quiet or not sys.stderr.isatty():
        yield lambda _steps: None
        return
    from qualcode.cli import screen

    with screen.bar(safe_text(label), total, sys.stderr) as advance:
        yield advance


def mutter(line: str) -> None:
    """One line on stderr, whatever it is; `tell` and `complain` are the ways to say something."""
    said = one_line(line)
    if not _is_unicode(sys.stderr):
        said = said.replace("—", "-").replace("…", "...")
    with suppress(OSError, ValueError):  # nobody listens, and there is nowhere left to say so
        sys.stderr.write(said + "\n")
        sys.stderr.flush()


# -- streams ------------------------------------------------------------------------------------------------------


def prepare() -> None:
    """No character can break the output: what a stream's encoding lacks is written as ``\\u2026``.

    A stream that was closed (``>&-``) swallows what is said, before a file of ours can be opened in its place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 – for the whole run
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish() -> None:
    """Hand over what is still buffered; see `_pipe` for what may be raised."""
    with _pipe():
        sys.stdout.flush()


def hush() -> None:
    """Point stdout nowhere, so that the interpreter's own last flush cannot fail aloud."""
    with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _write(text: str) -> None:
    with _pipe():
        sys.stdout.write(text)


@contextmanager
def _pipe() -> Iterator[None]:
    """A reader that has left (``| head``) ends the run quietly; a full disk is said.

    Raises SystemExit(0) or ProjectError.
    """
    try:
        yield
    except BrokenPipeError:
        hush()
        raise SystemExit(ExitStatus.OK) from None
    except OSError as error:
        hush()
        raise ProjectError(
            f"cannot write the results: {error.strerror}", "free some space, or write elsewhere"
        ) from error


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")
