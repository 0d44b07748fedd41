"""``sources``, ``show``, ``cases``: what there is to read and whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qualcode.cli import choice, completion, terminal
from qualcode.cli.request import Request

if TYPE_CHECKING:
    from qualcode.model import Status

CasesBy = Literal["speakers", "names"]
SourceNames = Annotated[
    list[str],
    typer.Argument(metavar="SOURCE…", help="Sources: id, name or unique beginning", autocompletion=completion.sources),
]
AsOf = Annotated[str | None, typer.Option(metavar="TIME|NAME", help="As it was at a time or milestone")]
OneCodebook = Annotated[
    str | None,
    typer.Option(metavar="B", help="Only under this codebook (else under all)", autocompletion=completion.codebooks),
]


def sources(request: Request) -> None:
    """List the sources with their size, codings and how far each coder is."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        found, counts, books = project.sources(), project.codings_by_source(), project.codebooks()
        statuses: dict[str, list[Status]] = {}
        for status in project.statuses():
            statuses.setdefault(status.source, []).append(status)
    terminal.answer(
        request,
        lambda: [shapes.source(each, counts.get(each.id, 0), statuses.get(each.id, ())) for each in found],
        lambda: pages.sources(found, counts, statuses, books),
    )


def done(request: Request, names: SourceNames, codebook: OneCodebook = None) -> None:
    """Say that you are done with sources: from now on a passage without a code counts as "not this code"."""
    _status(request, names, codebook, "done")


def undo_done(request: Request, names: SourceNames, codebook: OneCodebook = None) -> None:
    """Take `done` back: you are in progress again."""
    _status(request, names, codebook, "in progress")


def _status(request: Request, names: list[str], codebook: str | None, state: str) -> None:
    from qualcode.cli import pages
    from qualcode.session import Session
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        said = Session(project, request.coder_or_none()).set_done(names, codebook, state)  # type: ignore[arg-type]
        known = project.source_names()
    rows = [
        {
            "source": s.source,
            "source_name": known[s.source],
            "coder": s.coder,
            "codebook": s.codebook,
            "status": s.state,
        }
        for s in said
    ]
    lines = [f"{row['source_name']}: {row['coder']}, {row['codebook']}: {row['status']}" for row in rows]
    terminal.answer(request, lambda: rows, lambda: pages.said(*lines))


def show(
    request: Request,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Id, name or unique beginning", autocompletion=completion.sources)
    ],
    coders: Annotated[str | None, typer.Option(metavar="A,B", help="Only codings of these coders")] = None,
    inaudible: Annotated[bool, typer.Option("--inaudible", help="Only what was marked as not understood")] = False,
    as_of: AsOf = None,
) -> None:
    """Show a source, turn by turn, with its codings in the margin."""
    from qualcode.cli import shapes
    from qualcode.workflow import projects, writing_up

    with projects.open_project(request.folder(), as_of=as_of) as project:
        if inaudible:
            from qualcode.cli import speaking

            speaking.answer_unheard(request, project.source(source))
            return
        bundle, page = writing_up.shown(project, source, coders=choice.words(coders))
    terminal.answer(request, lambda: shapes.shown(bundle.sources[0], bundle.codings), lambda: page)


def cases(request: Request) -> None:
    """List cases – respondents and participants – with attributes, consent and sources."""
    from qualcode.cli import case_pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        found = project.cases()
    terminal.answer(request, lambda: [shapes.case(each) for each in found], lambda: case_pages.cases(found))


def cases_set(
    request: Request,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The case", autocompletion=completion.cases)],
    said: Annotated[
        list[str],
        typer.Argument(metavar="KEY=VALUE…", help="Attributes; consent=analyse|quote|archive; withdrawn=yes|no"),
    ],
) -> None:
    """Set attributes, consent or withdrawal of a case; an empty value removes what was set.

    Consent grows from `analyse` (never quoted) over `quote` to `archive`.
    """
    from qualcode.cli import case_pages, shapes
    from qualcode.store import Project
    from qualcode.workflow import cases as journey

    with Project.open(request.folder()) as project:
        changed = journey.set_attributes(project, name, said, coder=request.coder_or_none())
    terminal.answer(request, lambda: shapes.case(changed), lambda: case_pages.cases([changed]))


def cases_import(
    request: Request,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table with one row a case: csv or xlsx")],
    case: Annotated[
        str | None, typer.Option(metavar="COL", help="The column that names the case (else the first fitting)")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="COL", help="A column to leave out")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="E", help="Encoding of the file")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come in, and change nothing")] = False,
) -> None:
    """Take attributes and consent of cases from a sheet; columns `consent` and `withdrawn` are what they say.

    Names are found whatever their capitals, blanks and accents' encoding; new ones are listed. A column of numbers
    with decimal commas, or of dates in one notation, is read as such and said.
    """
    from qualcode.analysis.attributes import attributes
    from qualcode.cli import case_pages, pages, shapes
    from qualcode.readers import ReadOptions
    from qualcode.report import Report
    from qualcode.store import Project
    from qualcode.workflow import cases as journey

    with Project.open(request.folder()) as project:
        options = ReadOptions(case=case, encoding=encoding, ignore=tuple(ignore or ()))
        coder = request.coder_or_none()
        found, notices = journey.import_sheet(project, file, coder=coder, options=options, dry_run=dry_run)

    def report() -> Report:
        made = case_pages.cases(found, types=True)
        return Report(made.title, (*made.blocks, *pages.notes(notices)))

    shape = {
        "cases": [shapes.case(each) for each in found],
        "notices": [shapes.notice(each) for each in notices],
        "attributes": [shapes.attribute(each) for each in attributes(found)],
    }
    terminal.answer(request, lambda: shape, report)


def cases_link(
    request: Request,
    one: Annotated[str, typer.Argument(metavar="A", help="A case", autocompletion=completion.cases)],
    into: Annotated[
        str, typer.Argument(metavar="B", help="The case it is the same person as", autocompletion=completion.cases)
    ],
) -> None:
    """Say that two cases are one person, such as an interviewee who also returned the questionnaire.

    The person goes by the second name, has the attributes of both and the narrower consent. Where the two differ the
    second's attribute stands, and the first's beside it under the first's name.
    """
    from qualcode.cli import case_pages, pages, shapes
    from qualcode.report import Report
    from qualcode.store import Project
    from qualcode.workflow import cases as journey

    with Project.open(request.folder()) as project:
        joined, told = journey.link(project, one, into, coder=request.coder_or_none())

    def report() -> Report:
        made = case_pages.cases([joined])
        return Report(made.title, (*made.blocks, *pages.notes(told)))

    shape = {**shapes.case(joined), "notices": [shapes.notice(each) for each in told]}
    terminal.answer(request, lambda: shape, report)


def cases_from_speakers(
    request: Request,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE…]", help="Sources; none for all focus groups", autocompletion=completion.sources
        ),
    ] = None,
    by: Annotated[CasesBy, typer.Option(help="speakers: P1 of each source is another person; names: the same")] = (
        "speakers"
    ),
) -> None:
    """Make each respondent of focus groups a case of their own; who asks never is one.

    A case is called like its source and speaker, `group-1/P1`. With `--by names` labels are people's names: Maya is
    the same person in every source, and in the attribute sheet. `speakers S case NAME CASE` says it of one speaker,
    `cases link` joins two cases, `undo` takes it back.
    """
    from qualcode.cli import case_pages, pages, shapes
    from qualcode.report import Report
    from qualcode.store import Project
    from qualcode.workflow import speaking

    with Project.open(request.folder()) as project:
        found, told = speaking.from_speakers(project, names or (), by=by, coder=request.coder_or_none())
        theirs = {name for source in found for name in source.cases}
        made = [case for case in project.cases() if case.name in theirs]

    def report() -> Report:
        shown = case_pages.cases(made)
        return Report(shown.title, (*shown.blocks, *pages.notes(told)))

    shape = {"cases": [shapes.case(each) for each in made], "notices": [shapes.notice(each) for each in told]}
    terminal.answer(request, lambda: shape, report)
