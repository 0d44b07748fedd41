"""``memo …``: notes on anything."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from qualcode.cli import completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import InputError, UsageError
from qualcode.model import MemoTarget


def add(
    request: Request,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The memo; - takes it from standard input")],
    source: Annotated[
        str | None, typer.Option(metavar="S", help="About a source", autocompletion=completion.sources)
    ] = None,
    quote: Annotated[str | None, typer.Option(metavar="T", help="About a passage of that source")] = None,
    turn: Annotated[int | None, typer.Option(metavar="N", help="About a turn of that source")] = None,
    code: Annotated[str | None, typer.Option(metavar="C", help="About a code", autocompletion=completion.codes)] = None,
    coding: Annotated[str | None, typer.Option(metavar="ID", help="About a coding")] = None,
    case: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="About a case; with --code, a framework cell", autocompletion=completion.cases
        ),
    ] = None,
) -> None:
    """Write a memo, about the whole project unless an option says otherwise."""
    from qualcode.cli import coding as coding_group
    from qualcode.cli import pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        sitting = coding_group.session(request, project)
        about = _target(source, code, coding, case)
        if quote is not None or turn is not None:
            if about.kind != "source":
                raise UsageError("a passage needs its source", "give --source S")
            place = coding_group.place(quote, None, turn)
            span = sitting.segment(sitting.source(about.name), place).span
            about = MemoTarget("segment", about.name, span=span)
        memo = sitting.add_memo(about, _piped() if text == "-" else text)
        names = project.source_names()
    terminal.answer(request, lambda: shapes.memo(memo), lambda: pages.memos([memo], names))


def _piped() -> str:
    """The text on standard input. Raises InputError when it is no UTF-8."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").rstrip("\n")
    except UnicodeDecodeError as error:
        raise InputError("the memo on standard input is not UTF-8 text", "save it as UTF-8") from error


def _target(source: str | None, code: str | None, coding: str | None, case: str | None) -> MemoTarget:
    given = [name for name in (source, code, coding, case) if name is not None]
    if case is not None and code is not None and len(given) == 2:
        return MemoTarget("case x code", case, code)
    if len(given) > 1:
        raise UsageError(
            "a memo is about one thing", "give one of --source, --code, --coding, --case, or --case with --code"
        )
    if source is not None:
        return MemoTarget("source", source)
    if code is not None:
        return MemoTarget("code", code=code)
    if coding is not None:
        return MemoTarget("coding", coding)
    return MemoTarget("case", case) if case is not None else MemoTarget("project")


def list_(
    request: Request,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="project, source, segment, code, coding or case")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="CODER", help="Only this coder's", autocompletion=completion.coders)
    ] = None,
) -> None:
    """List memos, and the memos that codings carry, in full."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project
    from qualcode.workflow import retrieving

    with Project.open(request.folder()) as project:
        found = retrieving.memos(project, kind=kind, coder=by)
        names = project.source_names()
    terminal.answer(request, lambda: [shapes.memo(memo) for memo in found], lambda: pages.memos(found, names))
