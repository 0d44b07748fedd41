"""``init`` and ``import``: start a project and fill it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from qualcode.cli import terminal
from qualcode.cli.request import Request

CasesBy = Literal["speakers", "names"]
Approach = Literal["reflexive", "codebook", "content", "framework", "undecided"]


def init(
    request: Request,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder of the new project (else this one)")
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Fill it with the invented example study")] = False,
    handout: Annotated[Path | None, typer.Option(metavar="FILE", help="Start from a hand-out, as its co-coder")] = None,
    approach: Annotated[Approach, typer.Option(help="Kind of analysis; decides what is offered later")] = "undecided",
) -> None:
    """Start a project: a folder with a database, codebooks, transcripts and exports.

    It has an empty codebook called `open`, so coding can begin before any codebook exists.
    """
    from qualcode.cli import pages
    from qualcode.workflow import projects

    where = folder if folder is not None else Path(request.project or ".")
    if handout is not None:
        _from_handout(request, where, handout)
        return
    made = projects.start(where, approach=approach, example=example)
    facts = {"sources": made.sources, "cases": made.cases, "codings": made.codings, "memos": made.memos}
    lines = [f"project started in {where}"]
    if example:
        counted = ", ".join(f"{n} {noun}" for noun, n in facts.items())
        lines.append(f"the example study is invented, and in it: {counted}")
    there = "" if where == Path() else f"cd {where}, then "
    lines.append(f"next: {there}`qualcode {'sources' if example else 'import FILES'}`")
    shape = {"folder": str(made.folder), "approach": approach, **facts}
    terminal.answer(request, lambda: shape, lambda: pages.said(*lines))


def _from_handout(request: Request, where: Path, package: Path) -> None:
    from qualcode.cli import pages
    from qualcode.errors import NoCoder
    from qualcode.workflow import teamwork

    name = request.coder or os.environ.get("QUALCODE_CODER", "").strip()
    if not name:
        raise NoCoder
    n = teamwork.start_from_handout(where, package, name)
    shape = {"folder": str(where), "coder": name, "sources": n}
    lines = [f"project started in {where}: {n} sources to code, as {name}, blind"]
    terminal.answer(request, lambda: shape, lambda: pages.said(*lines))


def import_(
    request: Request,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Transcripts, documents, survey files, folders")],
    format: Annotated[str | None, typer.Option(metavar="F", help="Read as this format, whatever the name says")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="E", help="Encoding of the files, such as cp1252")] = None,
    speakers: Annotated[
        list[str] | None, typer.Option(metavar="NAME=ROLE", help="interviewer, respondent or none")
    ] = None,
    prompts: Annotated[Path | None, typer.Option(metavar="FILE", help="The questions asked, one a line")] = None,
    survey: Annotated[bool, typer.Option("--survey", help="Read tables as survey answers")] = False,
    survey_name: Annotated[
        str | None, typer.Option(metavar="S", help="Name of the survey: the next wave adds to it")
    ] = None,
    open_: Annotated[list[str] | None, typer.Option("--open", metavar="COL", help="A column of open answers")] = None,
    closed: Annotated[list[str] | None, typer.Option(metavar="COL", help="A column of closed answers")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="COL", help="A column to leave out")] = None,
    case: Annotated[str | None, typer.Option(metavar="COL", help="The column that names the respondent")] = None,
    cases: Annotated[
        CasesBy | None,
        typer.Option(help="Each respondent of a focus group is a case: group-1/P1, or by `names` the same everywhere"),
    ] = None,
    columns: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What a survey's columns are, as in surveys/NAME.yaml")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Take a survey's answers that differ from the stored ones")
    ] = False,
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="OLD=NEW", help="A code of a coded table, and which code it is")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come in, and change nothing")] = False,
) -> None:
    """Take in transcripts, documents, survey files and projects of other programs, and say what was decided.

    A folder is read recursively; one bad file stops no other. The same file twice is passed over. The next wave of a
    survey adds to it: answers that changed are listed, and taken as revisions with --update.
    """
    from qualcode.cli import import_pages, shapes
    from qualcode.readers import ReadOptions
    from qualcode.store import Project
    from qualcode.workflow import asking, coded_tables, importing, waves

    options = ReadOptions(
        format=format,
        encoding=encoding,
        survey=survey or survey_name is not None,
        survey_name=survey_name,
        open=tuple(open_ or ()),
        closed=tuple(closed or ()),
        ignore=tuple(ignore or ()),
        case=case,
        columns=waves.columns_from(columns),
    )
    asked = importing.Request(
        tuple(paths),
        options,
        importing.parse_roles(speakers or ()),
        dry_run,
        asking.questions_in(prompts) if prompts else (),
        update,
        coded_tables.parse_mapping(map_ or ()),
        cases,
    )
    total = importing.files_in(paths)
    with Project.open(request.folder()) as project, terminal.progress(request, "importing", total) as advance:
        done = importing.import_paths(project, asked, coder=request.coder_or_none(), progress=lambda _: advance(1))
    terminal.answer(request, lambda: shapes.imported(done), lambda: import_pages.imported(done, asked))
