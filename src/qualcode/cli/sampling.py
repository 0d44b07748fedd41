"""``sample``: what two people code independently, drawn by lot and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qualcode.cli import choice, terminal
from qualcode.cli.request import Request
from qualcode.errors import UsageError
from qualcode.escaping import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.model import Source
    from qualcode.report import Report
    from qualcode.workflow.sampling_desk import Kept

By = Literal["source", "case", "turn"]


def sample(
    request: Request,
    coders: choice.Coders = None,
    fraction: Annotated[float | None, typer.Option(metavar="F", help="This share of all, such as 0.2")] = None,
    count: Annotated[int | None, typer.Option(metavar="N", help="So many")] = None,
    by: Annotated[By, typer.Option(help="What is drawn: whole sources, cases, or turns of all sources")] = "source",
    stratify: Annotated[
        str | None, typer.Option(metavar="ATTR", help="Evenly from the groups of this attribute of cases (or: kind)")
    ] = None,
    each: Annotated[
        int | None, typer.Option(metavar="N", help="Each unit for N of the coders, in turn (else for all)")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed draws the same")] = 0,
    source: choice.Sources = None,
    list_: Annotated[bool, typer.Option("--list", help="The draws so far, instead of a new one")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be drawn, and keep nothing")] = False,
) -> None:
    """Draw what two people code independently, and say before the work whether an interval will be possible.

    The draw is kept with its seed and each unit's probability; `agreement` compares what was drawn and weighs it.
    `handout --sampled` gives a co-coder their part. With one or two sources no interval by source is possible: draw
    turns from all of them instead (`--by turn`).
    """
    from qualcode.store import Project
    from qualcode.workflow import sampling_desk

    with Project.open(request.folder()) as project:
        sources = {each_source.id: each_source for each_source in project.sources()}
        if list_:
            if fraction is not None or count is not None:
                raise UsageError("--list draws nothing", "leave --fraction and --count out")
            kept = sampling_desk.samples(project)
            terminal.answer(request, lambda: [_shape(each, sources) for each in kept], lambda: _listed(kept))
            return
        made = sampling_desk.sample(
            project,
            coder=request.coder_or_none(),
            by=by,
            fraction=fraction,
            count=count,
            coders=choice.words(coders),
            each=each,
            stratify=stratify,
            seed=seed,
            sources=tuple(source or ()),
            dry_run=dry_run,
        )
    terminal.answer(request, lambda: _shape(made, sources), lambda: _page(made, sources, dry_run))


def _shape(kept: Kept, sources: Mapping[str, Source]) -> dict[str, object]:
    from qualcode.sampling import LEAST, promise

    drawn = kept.sample
    return {
        "id": kept.key or None,
        "by": drawn.by,
        "seed": drawn.seed,
        "coders": list(drawn.coders),
        "population": drawn.population,
        "count": drawn.count,
        "drawn": [
            {
                "source": unit.source,
                "source_name": sources[unit.source].name if unit.source in sources else None,
                "turn": unit.turn,
                "stratum": unit.stratum or None,
                "probability": unit.probability,
                "coders": list(unit.coders),
            }
            for unit in drawn.units
        ],
        "interval": len(drawn.sources) >= LEAST,
        "notes": [promise(drawn)],
        "at": kept.at or None,
        "drawn_by": kept.by,
    }


def _page(kept: Kept, sources: Mapping[str, Source], dry_run: bool) -> Report:
    from qualcode.cli import pages
    from qualcode.report import Note, Paragraph
    from qualcode.sampling import promise

    drawn = kept.sample
    rows: dict[tuple[str, str, float, str], list[int]] = {}
    for unit in drawn.units:
        stratum = unit.stratum if drawn.by != "turn" or unit.stratum not in sources else ""
        key = (sources[unit.source].name, stratum, unit.probability, ", ".join(unit.coders))
        rows.setdefault(key, []).extend([unit.turn] if unit.turn is not None else [])
    heads = ["source", *(["turns"] if drawn.by == "turn" else []), "probability"]
    heads += [*(["group"] if any(key[1] for key in rows) else []), *(["coders"] if drawn.coders else [])]
    cells = [
        [
            {"source": name, "turns": _series(turns), "probability": f"{p:.3f}", "group": group, "coders": who}[h]
            for h in heads
        ]
        for (name, group, p, who), turns in rows.items()
    ]
    verb = "would be drawn" if dry_run else "drawn"
    title = f"{verb}: {drawn.count} of {pages.counted(drawn.population, drawn.by)}, seed {drawn.seed}"
    table = pages.table(heads, cells, right=("probability",))
    return pages.page(title, Paragraph(promise(drawn)), table, *([Note(_way_on(kept))] if not dry_run else []))


def _way_on(kept: Kept) -> str:
    coders = kept.sample.coders
    last = typed(coders[-1]) if coders else ""
    given = f"`qualcode handout --to {last} --sampled --out {last}.qualcode`" if coders else ""
    return f"a blind package for a co-coder: {given or '`qualcode handout --to NAME --sampled --out FILE`'}"


def _series(turns: Sequence[int]) -> str:
    return ", ".join(map(str, turns))


def _listed(kept: Sequence[Kept]) -> Report:
    from qualcode.cli import pages

    rows = [
        (k.key[:8], k.at[:10], k.by or "", k.sample.by, k.sample.count, k.sample.population, ", ".join(k.sample.coders))
        for k in kept
    ]
    heads = ("sample", "at", "drawn by", "units", "count", "of", "coders")
    return pages.page(pages.counted(len(rows), "draw"), pages.table(heads, rows, right=("count", "of")))
