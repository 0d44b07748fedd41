"""``units``: fix the units of a comparison beforehand, by name; ``agreement --unit frozen:NAME`` takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import choice, completion, terminal
from qualcode.cli.request import Request
from qualcode.escaping import typed
from qualcode.model import FROZEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Source
    from qualcode.report import Report
    from qualcode.workflow.frozen_units import FrozenUnits


def freeze(
    request: Request,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What they are called")],
    unit: Annotated[
        str | None, typer.Option(metavar="U", help="The program's own: sentence, paragraph or turn, as they are now")
    ] = None,
    coded_by: Annotated[
        str | None,
        typer.Option(metavar="CODER", help="The passages this coder marked", autocompletion=completion.coders),
    ] = None,
    codes: choice.Codes = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A table with the columns source, start, end (or source, quote)")
    ] = None,
    source: choice.Sources = None,
) -> None:
    """Fix units that everybody codes and that agreement is then measured by: `agreement --unit frozen:NAME`.

    They are spans of the present texts, apart from each other, and follow a correction of their text as codings do. A
    hand-out brings them to co-coders. `undo` takes them back.
    """
    from qualcode.store import Project
    from qualcode.workflow import frozen_units

    with Project.open(request.folder()) as project:
        found = frozen_units.freeze(
            project,
            name,
            coder=request.coder_or_none(),
            unit=unit,
            coded_by=coded_by,
            codes=choice.words(codes),
            file=file,
            sources=tuple(source or ()),
        )
    terminal.answer(request, lambda: _shape(found), lambda: _frozen(found))


def list_(request: Request) -> None:
    """List the units that were fixed beforehand."""
    from qualcode.store import Project
    from qualcode.workflow import frozen_units

    with Project.open(request.folder()) as project:
        found = frozen_units.all_frozen(project)
    terminal.answer(request, lambda: [_shape(each) for each in found], lambda: _listed(found))


def show(
    request: Request,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Their name, or the beginning of their id")],
    source: choice.Sources = None,
) -> None:
    """Show frozen units with their places in the present texts."""
    from qualcode.store import Project
    from qualcode.workflow import frozen_units

    with Project.open(request.folder()) as project:
        found = frozen_units.named(project, name)
        ids = {project.source_id(word) for word in source or ()} or set(found.spans)
        texts = [each for each in project.sources(ids) if found.spans.get(each.id)]
    terminal.answer(request, lambda: _units_shape(found, texts), lambda: _units_page(found, texts))


def _shape(found: FrozenUnits) -> dict[str, object]:
    return {
        "id": found.key,
        "name": found.name,
        "cut": found.cut,
        "by": found.by,
        "at": found.at,
        "sources": sum(1 for spans in found.spans.values() if spans),
        "units": found.count,
        "lost": found.lost,
    }


def _units_shape(found: FrozenUnits, texts: Sequence[Source]) -> dict[str, object]:
    places = [
        {"source": each.id, "source_name": each.name, "start": s.start, "end": s.end, "quote": each.quote(s)}
        for each in texts
        for s in found.spans[each.id]
    ]
    return {**_shape(found), "places": places}


def _frozen(found: FrozenUnits) -> Report:
    from qualcode.cli import pages

    there = pages.counted(sum(1 for spans in found.spans.values() if spans), "source")
    return pages.said(
        f'frozen as "{found.name}": {pages.counted(found.count, "unit")} in {there} ({found.cut})',
        f"measure by them: `qualcode agreement --unit {typed(FROZEN + found.name)}`",
    )


def _listed(found: Sequence[FrozenUnits]) -> Report:
    from qualcode.cli import pages

    rows = [
        (each.name, each.key[:8], each.cut, each.at[:10], each.by or "", each.count, len(each.spans), each.lost)
        for each in found
    ]
    heads = ("name", "id", "made from", "at", "by", "units", "sources", "lost")
    if not rows:
        return pages.said("no units are frozen", "freeze some: `qualcode units freeze NAME --unit sentence`")
    return pages.page("Frozen units", pages.table(heads, rows, right=("units", "sources", "lost")))


def _units_page(found: FrozenUnits, texts: Sequence[Source]) -> Report:
    from qualcode.cli import pages

    rows = [
        (each.name, f"{s.start}:{s.end}", pages.short(each.quote(s))) for each in texts for s in found.spans[each.id]
    ]
    return pages.page(f'Units "{found.name}"', pages.table(("source", "span", "unit"), rows))
