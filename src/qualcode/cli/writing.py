"""``report …`` and ``export …``: tables to read, and files for the write-up and for other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qualcode.cli import choice, terminal
from qualcode.cli.request import Request
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from qualcode.report import Report
    from qualcode.store import Project

Count = Literal["cases", "segments", "sources", "words"]
Page = Annotated[str | None, typer.Option(metavar="F", help="md, html, docx, latex or csv (else the terminal)")]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where to write it (else exports/); - for standard output")
]
Layer = Annotated[str | None, typer.Option(metavar="CODER", help="Whose codings: a coder, or consensus")]
By = Annotated[str | None, typer.Option(metavar="ATTR", help="Compare groups of cases by this attribute")]
PAGES = {"md", "markdown", "html", "docx", "latex", "tex", "csv"}


def hand_over(
    request: Request,
    project: Project | None,
    what: str,
    report: Report,
    format: str | None,
    out: Path | None,
    shape: Callable[[], object] | None = None,
) -> None:
    """A report to the screen, or rendered into a file: the format is named, or is the file's suffix.

    Without a project, and without a file's name, what is rendered goes to standard output.
    """
    from qualcode.cli import shapes
    from qualcode.workflow import writing_up

    chosen = _format(format, out, None)
    if chosen is None:
        terminal.answer(request, shape or (lambda: shapes.report(report)), lambda: report)
        return
    deliver(request, project, what, chosen, writing_up.rendered(report, chosen), out)
    if chosen == "csv":  # a table of data has no room for what a reader must know
        for note in report.notes:
            terminal.tell(request, note)


def _format(format: str | None, out: Path | None, default: str | None) -> str | None:
    """The format that is named, else that of the file's suffix, else `default`."""
    if format is not None:
        return format.lower()
    suffix = out.suffix.lstrip(".").lower() if out is not None and str(out) != "-" else ""
    return suffix or default


def deliver(request: Request, project: Project | None, what: str, format: str, data: bytes, out: Path | None) -> None:
    """The bytes into their file, said in one line; or to standard output for ``--out -``."""
    import sys

    from qualcode.cli import pages
    from qualcode.workflow import writing_up

    if str(out) == "-" or (project is None and out is None):
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    path = writing_up.save(project, what, format, data, out)
    shape = {"written": str(path), "format": format, "bytes": len(data)}
    terminal.answer(request, lambda: shape, lambda: pages.said(f"written: {_near(path)}"))


def _near(path: Path) -> str:
    """The path as a person would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _report(
    request: Request,
    name: str,
    asked: Mapping[str, object],
    chosen: Mapping[str, object],
    as_of: str | None,
    format: str | None,
    out: Path | None,
) -> None:
    from qualcode.analysis.request import Request as Asked
    from qualcode.workflow import projects, writing_up

    with projects.open_project(request.folder(), as_of=as_of) as project:
        made = writing_up.report(project, name, Asked(**asked), choice.choice(**chosen))  # type: ignore[arg-type]
        hand_over(request, project, name, made, format, out)


def frequencies(
    request: Request,
    by: By = None,
    count: Annotated[Count | None, typer.Option(help="What is counted (else cases, or sources without cases)")] = None,
    layer: Layer = None,
    codes: choice.Codes = None,
    source: choice.Sources = None,
    where: choice.Where = None,
    as_of: choice.AsOf = None,
    format: Page = None,
    out: Out = None,
) -> None:
    """How often each code was applied, in one coder's layer, with the valid n and what it counts."""
    asked = {"by": by, "count": count, "layer": layer}
    chosen = {"codes": codes, "sources": source, "where": where}
    _report(request, "frequencies", asked, chosen, as_of, format, out)


def closed(
    request: Request,
    attributes: Annotated[list[str] | None, typer.Argument(metavar="ATTR…", help="Closed items (else all)")] = None,
    by: By = None,
    split: Annotated[str | None, typer.Option(metavar="CHAR", help="What parts ticked options in one cell")] = None,
    format: Page = None,
    out: Out = None,
) -> None:
    """Answers to closed items – attributes of cases –, with the valid n of each; these are no codings."""
    _report(request, "closed", {"by": by, "attributes": tuple(attributes or ()), "split": split}, {}, None, format, out)


def codebook(
    request: Request,
    codes: choice.Codes = None,
    layer: Layer = None,
    as_of: choice.AsOf = None,
    format: Page = None,
    out: Out = None,
) -> None:
    """The category table: definitions, what is in and out, an example, how often."""
    _report(request, "codebook", {"layer": layer}, {"codes": codes}, as_of, format, out)


def quotations(
    request: Request,
    format: Page = None,
    out: Out = None,
    attribution: Annotated[str | None, typer.Option(metavar="TEMPLATE", help="Such as '[{phase} coordinator]'")] = None,
    codes: choice.Codes = None,
    source: choice.Sources = None,
    where: choice.Where = None,
    layer: Layer = None,
    context: Annotated[int, typer.Option(metavar="N", help="Characters of context before and after")] = 0,
    memos: Annotated[bool, typer.Option("--memos", help="With the coders' memos")] = False,
    as_of: choice.AsOf = None,
) -> None:
    """Coded quotations, verbatim and attributed, grouped by code, for the write-up.

    Who withdrew, or agreed to be analysed but not quoted, is left out, and the export says so.
    """
    from qualcode.analysis.request import Request as Asked
    from qualcode.workflow import projects, writing_up

    template = attribution if attribution is not None else request.settings().attribution
    asked = Asked(layer=layer, attribution=template, context=context, memos=memos)
    with projects.open_project(request.folder(), as_of=as_of) as project:
        made = writing_up.report(project, "quotations", asked, choice.choice(source, codes, where=where))
        if request.json and format is None and out is None:
            hand_over(request, project, "quotations", made, None, None)
        else:
            hand_over(request, project, "quotations", made, _format(format, out, "md"), out)


def codings(
    request: Request,
    format: Annotated[Literal["csv", "jsonl"] | None, typer.Option(help="csv or jsonl")] = None,
    out: Out = None,
    codes: choice.Codes = None,
    coders: choice.Coders = None,
    source: choice.Sources = None,
    where: choice.Where = None,
) -> None:
    """Codings as data for R, pandas or a spreadsheet; jsonl holds the whole project. Who withdrew is left out."""
    from qualcode.store import Project
    from qualcode.workflow import writing_up

    chosen = _format(format, out, "csv") or "csv"
    with Project.open(request.folder()) as project:
        data, notes = writing_up.codings(project, chosen, choice.choice(source, codes, coders, None, where))
        deliver(request, project, "codings", chosen, data, out)
    for note in notes:
        terminal.tell(request, note)


def codebook_file(
    request: Request,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Which codebook")] = None,
    format: Annotated[str | None, typer.Option(metavar="F", help="yaml (else md, html, docx or csv: a table)")] = None,
    out: Out = None,
) -> None:
    """A codebook as the project has it: YAML to edit, or a table to print."""
    from qualcode.analysis.request import Request as Asked
    from qualcode.store import Project
    from qualcode.workflow import writing_up

    chosen = _format(format, out, "yaml") or "yaml"
    with Project.open(request.folder()) as project:
        if chosen in PAGES:
            made = writing_up.report(project, "codebook", Asked(), choice.choice(codes=[name] if name else None))
            deliver(request, project, "codebook", chosen, writing_up.rendered(made, chosen), out)
            return
        if chosen not in ("yaml", "yml"):
            raise UsageError(f'no format "{chosen}" for a codebook', "choose yaml, md, html, docx or csv")
        names = [book.name for book in project.codebooks() if book.codes]
        if name is None and len(names) != 1:
            raise UsageError("which codebook?", f"name one of {', '.join(names) or 'those you apply'}")
        chosen_name = name or names[0]
        deliver(request, project, chosen_name, "yaml", writing_up.codebook_text(project, chosen_name), out)


def transcripts(request: Request, source: choice.Sources = None, format: Page = None, out: Out = None) -> None:
    """Transcripts with the codings in the margin. Who withdrew is left out."""
    from qualcode.store import Project
    from qualcode.workflow import writing_up

    with Project.open(request.folder()) as project:
        made = writing_up.transcripts(project, tuple(source or ()))
        hand_over(request, project, "transcripts", made, _format(format, out, "html"), out)
