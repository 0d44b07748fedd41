"""``coding …``: code, uncode, recode and resize by command, list, and code in batches."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import choice, completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus, InputError, NoCoder, UsageError

if TYPE_CHECKING:
    from qualcode.session import Place, Session
    from qualcode.store import Project

BATCH = 256  # lines that are committed together at most
LINE = 1_048_576  # bytes of one line at most: a quotation is far shorter

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Codings: ids, or their first characters")]
SourceName = Annotated[
    str, typer.Option(metavar="S", help="Id, name or unique beginning", autocompletion=completion.sources)
]
CodeName = Annotated[str, typer.Option(metavar="C", help="Path, or its last parts", autocompletion=completion.codes)]
Quote = Annotated[str | None, typer.Option(metavar="T", help="The words as they stand in the source")]
SpanText = Annotated[str | None, typer.Option("--span", metavar="A:B", help="Offsets in code points, end excluded")]
TurnNumber = Annotated[
    int | None, typer.Option("--turn", metavar="N", help="The whole turn; with --quote, where to look")
]
RoundNumber = Annotated[int | None, typer.Option("--round", metavar="N", help="Round of coding (else the setting)")]


def session(request: Request, project: Project, round: int | None = None) -> Session:
    """The acting coder's sitting. Raises NoCoder and UsageError."""
    from qualcode.session import Session

    number = round if round is not None else request.settings().round
    if number < 1:
        raise UsageError("rounds count from 1", "leave --round out, or give 1, 2 …")
    return Session(project, request.coder_or_none(), number)


def place(quote: str | None, span: str | None, turn: int | None) -> Place:
    """Where to code, of the three options that say it."""
    from qualcode.session import Place

    offsets = None
    if span is not None:
        start, colon, end = span.partition(":")
        if not (colon and start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
            raise UsageError(f'"{span}" is no span', "write for example --span 120:164")
        offsets = (int(start), int(end))
    return Place(quote, offsets, turn)


def add(
    request: Request,
    source: SourceName,
    code: CodeName,
    quote: Quote = None,
    span: SpanText = None,
    turn: TurnNumber = None,
    round: RoundNumber = None,
    memo: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it was coded so")] = None,
    certainty: Annotated[float | None, typer.Option(metavar="0-1", help="How sure you are")] = None,
) -> None:
    """Code a passage: a quotation, a span or a whole turn. The same coding again is the same coding.

    A quotation that stands in several places is refused with its places; `--turn N` narrows it.
    """
    from qualcode.cli import pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        made = session(request, project, round).add(
            source, place(quote, span, turn), code, memo=memo, certainty=certainty
        )
    terminal.answer(request, lambda: shapes.coding(made), lambda: pages.codings([made], "saved"))


def remove(request: Request, ids: Ids) -> None:
    """Take your own codings back. `qualcode undo` brings them back."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        gone = session(request, project).remove(ids)
    terminal.answer(request, lambda: [shapes.coding(c) for c in gone], lambda: pages.codings(gone, "removed"))


def recode(request: Request, ids: Ids, code: CodeName) -> None:
    """Give your own codings another code; their ids, memos and places stay."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        changed = session(request, project).recode(ids, code)
    terminal.answer(request, lambda: [shapes.coding(c) for c in changed], lambda: pages.codings(changed, "recoded"))


def resize(
    request: Request,
    coding: Annotated[str, typer.Argument(metavar="ID", help="The coding: its id, or the first characters")],
    quote: Quote = None,
    span: SpanText = None,
    turn: TurnNumber = None,
) -> None:
    """Give one of your codings another span of its source."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        changed = session(request, project).resize(coding, place(quote, span, turn))
    terminal.answer(request, lambda: shapes.coding(changed), lambda: pages.codings([changed], "resized"))


def list_(
    request: Request,
    source: choice.Sources = None,
    code: choice.Codes = None,
    coders: choice.Coders = None,
    rounds: choice.Rounds = None,
    where: choice.Where = None,
    as_of: choice.AsOf = None,
) -> None:
    """List codings by source and place, everyone's unless the project is blind."""
    from qualcode.cli import pages, shapes
    from qualcode.workflow import projects, retrieving

    alone = None if coders else _blinded(request)
    asked = choice.choice(source, code, coders or alone, rounds, where)
    with projects.open_project(request.folder(), as_of=as_of) as project:
        begun = alone is None or alone in project.coders()
        found = retrieving.codings(project, asked) if begun else ()
    terminal.answer(request, lambda: [shapes.coding(c) for c in found], lambda: pages.codings(found))


def _blinded(request: Request) -> str | None:
    """In a blind project the acting coder, else nobody in particular."""
    return request.acting_coder() if request.settings().blind else None


def batch(
    request: Request,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The lines (else from standard input)")] = None,
    round: RoundNumber = None,
) -> ExitStatus | None:
    """Code JSON lines: {"source", "start", "end" or "quote", "code", "ref"?, "turn"?, "coder"?,
    "round"?, "memo"?, "certainty"?}.

    Each line is answered, once it is durable, by {"ref", "id"}, or by {"ref", "error"}; a bad line stops no other.
    What waits on the input is committed together, up to 256 lines. Exit status 1 when a line was refused, 2 when
    one had no coder.
    """
    from qualcode.store import Project

    refused, unnamed, nobody = False, False, str(NoCoder())
    with _opened(file) as handle, Project.open(request.folder()) as project:
        sitting = session(request, project, round)
        for lines in _waiting_lines(handle):
            answers = sitting.batch(lines)
            refused = refused or any("error" in answer for answer in answers)
            unnamed = unnamed or any(answer.get("error") == nobody for answer in answers)
            terminal.say_lines(json.dumps(answer, ensure_ascii=False) for answer in answers)
    if unnamed:
        raise NoCoder
    return ExitStatus.FINDINGS if refused else None


@contextmanager
def _opened(file: Path | None) -> Iterator[int]:
    """The descriptor of the file, or of standard input."""
    if file is None or str(file) == "-":
        yield sys.stdin.fileno()
        return
    if file.is_dir():
        raise InputError(f"{file.name or file} is a folder", "name a file of JSON lines")
    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"cannot read {file.name}: {error.strerror}", "name a file of JSON lines") from error
    try:
        yield handle
    finally:
        os.close(handle)


def _waiting_lines(handle: int) -> Iterator[list[str]]:
    """The lines that wait there, up to `BATCH` at a time; blocks for the first, never for the rest."""
    buffer, ended = b"", False
    lines: list[bytes] = []
    while not ended:
        ready, _, _ = select.select([handle], [], [], 0 if lines else None)
        if ready:
            chunk = os.read(handle, 65_536)
            ended = not chunk
            *whole, buffer = (buffer + chunk).split(b"\n")
            lines += [line for line in whole if line.strip()]
            if len(buffer) > LINE:
                raise InputError("a line is longer than 1 MB", "write one JSON object a line")
        while len(lines) >= BATCH or (lines and (not ready or ended)):
            yield [line.decode("utf-8", "replace") for line in lines[:BATCH]]
            lines = lines[BATCH:]
    if buffer.strip():
        yield [buffer.decode("utf-8", "replace")]
