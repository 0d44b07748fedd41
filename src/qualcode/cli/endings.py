"""How a run ends: every failure becomes an exit status and one line, and no line quotes a transcript.

An unforeseen exception is named by its type and place only, its message withheld even under ``--debug``: a message
may hold a passage of an interview, and what is printed here gets pasted into bug reports.

SIGTERM unwinds like Ctrl-C does, so that transactions roll back and temporary files, which hold transcripts, go; then
the process ends by that signal, as whoever sent it expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType

from qualcode.cli import terminal
from qualcode.errors import ExitStatus, InputError, QualcodeError, UsageError

TERMINATED = 128 + 15  # what a shell calls an end by SIGTERM


def carried_out(work: Callable[[], object], said: Mapping[str, object]) -> int:
    """Do the work and return the run's exit status; `said` are the shared options once they are read."""
    terminal.prepare()
    _heed_sigterm()
    try:
        status = work()
        terminal.finish()
    except KeyboardInterrupt:
        status = ExitStatus.INTERRUPT
    except SystemExit as leaving:
        status = _left(leaving)
    except Exception as error:
        status = _failed(error, debug=bool(said.get("debug")))
    if status == ExitStatus.INTERRUPT:
        terminal.mutter("qualcode: interrupted — what was saved stays, the rest did not happen")
    if status == TERMINATED:
        _end_by_sigterm()
    return int(status) if isinstance(status, int) else ExitStatus.OK


def _heed_sigterm() -> None:
    """Let SIGTERM raise SystemExit; only the main thread of a process may say so, and only where nobody else did."""
    import signal

    with suppress(ValueError):
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _unwind)


def _unwind(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)


def _end_by_sigterm() -> None:
    import os
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _left(leaving: SystemExit) -> int:
    """The status of ``sys.exit``. Typer answers a reader that has left (``--help | head``) with 1; to us it is fine."""
    if isinstance(leaving.__context__, BrokenPipeError):
        terminal.hush()
        return ExitStatus.OK
    if isinstance(leaving.code, int):
        return leaving.code
    return ExitStatus.OK if leaving.code is None else ExitStatus.BUG


def _failed(error: Exception, debug: bool) -> int:
    explained = _explained(error)
    if debug:
        for line in _frames(error):
            terminal.mutter(line)
    terminal.complain(explained)
    return explained.status


def _explained(error: Exception) -> QualcodeError:
    """The failure in our own words."""
    if isinstance(error, QualcodeError):
        return error
    if hasattr(error, "format_message"):  # Typer's, whose classes live in its private copy of click
        return _misspoken(error)
    if type(error).__name__ == "Abort":  # a question that nobody answered
        return UsageError("nothing was done: the question was not answered", "answer it, or see --help")
    if isinstance(error, OSError) and error.strerror and isinstance(error.filename, str):
        name = Path(error.filename).name
        return InputError(f"cannot use {name}: {error.strerror}", "check the name and the permissions")
    place = _place(error.__traceback__)
    return QualcodeError(f"internal error ({type(error).__name__} in {place})", "run again with --debug and report it")


def _misspoken(error: Exception) -> UsageError:
    """A usage error of the parser: its sentence, and where to look."""
    message = str(error.format_message()).rstrip(".")  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "qualcode"
    return UsageError(message[:1].lower() + message[1:], f"see `{command} --help`")


def _place(trace: TracebackType | None) -> str:
    """``module:line`` of the innermost frame in this package, or of the innermost of all."""
    import traceback

    frames = [(frame.f_globals.get("__name__", "?"), line) for frame, line in traceback.walk_tb(trace)]
    ours = [frame for frame in frames if frame[0].partition(".")[0] == "qualcode"]
    module, line = (ours or frames or [("?", 0)])[-1]
    return f"{module}:{line}"


def _frames(error: BaseException) -> Iterator[str]:
    """Lines of a traceback, causes first: files, lines of our code and types, no values and no messages."""
    import traceback

    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _frames(before)
        yield "then:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"
    yield f"{type(error).__name__}"
