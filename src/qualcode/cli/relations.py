"""``codebook sets``, ``set``, ``links``, ``link``: codes looked at together, and how they stand to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import completion, terminal
from qualcode.cli.request import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import CodeLink
    from qualcode.report import Report

CodeName = Annotated[
    str, typer.Argument(metavar="CODE", help="Path, or its last parts", autocompletion=completion.codes)
]


def sets(request: Request) -> None:
    """List the sets of codes, with how often their codes were applied.

    Use one wherever codes are chosen: `--codes set:NAME`, or `set:NAME` in a query.
    """
    from qualcode.cli import pages, shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        found, counts = project.code_sets(), project.coding_counts()
    rows = [(s.name, len(s.codes), sum(counts.get(c, 0) for c in s.codes), ", ".join(s.codes)) for s in found]
    columns = ("set", "n", "codings", "codes")
    terminal.answer(
        request,
        lambda: [shapes.code_set(each) for each in found],
        lambda: pages.page("Sets of codes", pages.table(columns, rows, right=("n", "codings"))),
    )


def put(
    request: Request,
    name: Annotated[str, typer.Argument(metavar="SET", help="Its name", autocompletion=completion.code_sets)],
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="CODE…", help="Codes, of any codebook", autocompletion=completion.codes),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take them out; without codes, take the set away")] = False,
) -> None:
    """Put codes into a set, which is made when it is new. The codes and their codings stay as they are."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project
    from qualcode.workflow import relations

    with Project.open(request.folder()) as project:
        done = relations.put(project, name, codes or (), coder=request.coder_or_none(), out=remove)
    said = ", ".join(done.codes) if done.codes else "taken away"
    terminal.answer(request, lambda: shapes.code_set(done), lambda: pages.said(f"{done.name}: {said}"))


def links(request: Request) -> None:
    """List what was said of codes: which leads to, contrasts with, is part of … which."""
    from qualcode.cli import shapes
    from qualcode.store import Project

    with Project.open(request.folder()) as project:
        found = project.code_links()
    terminal.answer(request, lambda: [shapes.code_link(each) for each in found], lambda: _links(found))


def _links(found: Sequence[CodeLink]) -> Report:
    from qualcode.cli import pages

    rows = [(each.origin, each.kind, each.target) for each in found]
    return pages.page("Links between codes", pages.table(("from", "link", "to"), rows))


def link(
    request: Request,
    origin: CodeName,
    kind: Annotated[str, typer.Argument(metavar="KIND", help='In words: "leads to", "contrasts with" …')],
    target: CodeName,
    remove: Annotated[bool, typer.Option("--remove", help="Take the link away")] = False,
) -> None:
    """Say how one code stands to another: `codebook link time "leads to" status`."""
    from qualcode.cli import pages, shapes
    from qualcode.store import Project
    from qualcode.workflow import relations

    with Project.open(request.folder()) as project:
        done = relations.link(project, origin, kind, target, coder=request.coder_or_none(), remove=remove)
    said = f"{done.origin} {done.kind} {done.target}" + (" – taken away" if remove else "")
    terminal.answer(request, lambda: shapes.code_link(done), lambda: pages.said(said))
