"""``codebook …``: check, apply, show, and make codes while reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from qualcode.report import Report
    from qualcode.workflow.codebooks import Applied

Word = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A codebook file (.yaml, .qdc, a table of codes), or a bundled name")
]


def check(
    request: Request, file: Annotated[Path, typer.Argument(metavar="FILE", help="A codebook file")]
) -> ExitStatus | None:
    """List every problem of a codebook file as file:line:column, with a way out. Errors: status 1."""
    from qualcode import codebook
    from qualcode.cli import shapes
    from qualcode.errors import InputError

    if not file.is_file():
        raise InputError(f"no file {file.name} there", "name a codebook file")
    problems = codebook.check(file)
    errors = [problem for problem in problems if problem.severity == "error"]
    if request.json:
        terminal.say_json([shapes.notice(problem) for problem in problems])
    else:
        terminal.say_lines([*map(str, problems), *([] if errors else [f"{file.name}: no errors"])])
    return ExitStatus.FINDINGS if errors else None


def apply(
    request: Request,
    word: Word,
    rename: Annotated[
        list[str] | None, typer.Option(metavar="OLD=NEW", help="A code that goes by another path now")
    ] = None,
    retire: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A code to give up; its codings stay")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing")] = False,
) -> None:
    """Make a codebook file, or a bundled one, the project's version of that codebook.

    Codings follow by code; a code with codings that is gone from the file must be renamed or retired.
    """
    from qualcode.cli import shapes
    from qualcode.store import Project
    from qualcode.workflow import codebooks

    with Project.open(request.folder()) as project:
        done = codebooks.apply(
            project,
            word,
            coder=request.coder_or_none(),
            renames=_renames(rename or ()),
            retire=retire or (),
            dry_run=dry_run,
        )
    change = done.difference
    shape = {
        "name": done.codebook.name,
        "version": done.codebook.version,
        "codes": len(done.codebook.codes),
        "added": [code.path for code in change.added],
        "removed": [code.path for code in change.removed],
        "renamed": [list(pair) for pair in change.renamed],
        "changed": sorted(change.changed),
        "notices": [shapes.notice(notice) for notice in done.notices],
        "dry_run": dry_run,
    }
    terminal.answer(request, lambda: shape, lambda: _applied(done, dry_run))


def _renames(said: list[str] | tuple[()]) -> dict[str, str]:
    pairs = {}
    for text in said:
        old, equals, new = (part.strip() for part in text.partition("="))
        if not (equals and old and new):
            raise UsageError(f'"{text}" is not OLD=NEW', "write for example --rename role/care=role/pastoral")
        pairs[old] = new
    return pairs


def _applied(done: Applied, dry_run: bool) -> Report:
    from qualcode.cli import pages
    from qualcode.report import Paragraph, Report

    change, book = done.difference, done.codebook
    verb = "would be applied" if dry_run else "applied"
    called = f"{book.name} {book.version}".strip()
    lines = [f"codebook {called} {verb}: {len(book.codes)} codes"]
    lines += [f"added {code.path}" for code in change.added] if change.unchanged or change.changed else []
    lines += [f"renamed {old} → {new}" for old, new in change.renamed]
    lines += [f"retired {code.path}" for code in change.removed]
    lines += [f"changed {path}" for path in sorted(change.changed)]
    return Report("", (*map(Paragraph, lines), *pages.notes(done.notices)))


def show(
    request: Request,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this codebook", autocompletion=completion.codebooks)
    ] = None,
) -> None:
    """Show the project's codes, with how often each was applied."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project
    from qualcode.workflow import codebooks

    with Project.open(request.folder()) as project:
        books, counts = codebooks.shown(project, name), project.coding_counts()
    terminal.answer(request, lambda: shapes.codebooks(books), lambda: pages.codebooks(books, counts))


def bundled(request: Request) -> None:
    """List the codebooks that come with qualcode."""
    from qualcode import codebook
    from qualcode.cli import pages, shapes

    books = [codebook.load(codebook.bundled_path(name)).codebooks[0] for name in codebook.bundled()]
    rows = [(book.name, book.version, len(book.codes), book.title) for book in books]
    columns = ("name", "version", "codes", "title")
    terminal.answer(
        request,
        lambda: [shapes.bundled(book) for book in books],
        lambda: pages.page("Bundled codebooks", pages.table(columns, rows, right=("codes",))),
    )


def add(
    request: Request,
    label: Annotated[str, typer.Argument(metavar="NAME", help="What to call the code")],
    under: Annotated[
        str | None,
        typer.Option(
            metavar="C", help="Code or codebook to put it under (else `open`)", autocompletion=completion.codes
        ),
    ] = None,
    definition: Annotated[str, typer.Option(metavar="TEXT", help="What belongs to it; may come later")] = "",
    example: Annotated[str | None, typer.Option(metavar="TEXT", help="A first example")] = None,
) -> None:
    """Make a code while reading. It needs a name and nothing else."""
    from qualcode.cli import codebook_life as life
    from qualcode.cli import shapes
    from qualcode.store import Project
    from qualcode.workflow import codebook_life

    with Project.open(request.folder()) as project:
        done = codebook_life.add(
            project, label, coder=request.coder_or_none(), under=under, definition=definition, example=example
        )
    (made,) = done.codes
    more = {key: value for key, value in life.shape(done).items() if key in ("files", "notices")}
    terminal.answer(
        request,
        lambda: {**shapes.code(made), **more},
        lambda: life.page(done, f"{made.path} ({made.label}) added"),
    )
