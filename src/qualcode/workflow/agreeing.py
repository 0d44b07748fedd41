"""Agreement: everyone's codings and statuses, or anyone's table of ratings → figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from qualcode import codebook as codebooks
from qualcode import guards, readers, segmentation, tables
from qualcode.agreement import Request, TableForm, from_table, measure, measure_as, plan_rows, units_needed
from qualcode.errors import UsageError, nearest
from qualcode.model import CONSENSUS, FROZEN, Agreement, Bundle, Code, Notice, Segment, Source
from qualcode.store import Project
from qualcode.workflow import frozen_figures, frozen_units, independence, retrieving, sampling_desk


def agreement(
    project: Project, request: Request, *, sources: Sequence[str] = (), freeze: str | None = None, by: str | None = None
) -> Agreement:
    """Measure how far coders agree. Raises UsageError for unknown coders or codes.

    With `freeze` the figures are kept under that name, by the coder `by`; see `frozen_figures`.
    """
    bundle, resolved, told = prepared(project, request, sources)
    found = measure(bundle, cut=cut_for(project, resolved), request=resolved)
    found = replace(found, facts={**found.facts, "chosen": sorted({project.source_id(word) for word in sources})})
    if freeze is not None:
        if not frozen_figures.has_figures(found):
            raise UsageError("there is no figure to freeze", "see `qualcode agreement`, which says why")
        frozen_figures.freeze(project, found, freeze, by)
    known = independence.found(project, bundle, resolved)
    frozen = frozen_figures.frozen(project)
    said = _circumstances(project, bundle, resolved)
    others = (f"Not compared, though they coded some of these sources: {', '.join(said['others'])}.",)
    notes = (*found.notes, *independence.notes(known), *told, *others[: len(said["others"])])
    notes = (*notes, *frozen_figures.notes(frozen))
    facts = {**found.facts, **said, "independence": independence.facts(known)}
    return replace(found, notes=notes, facts=facts, frozen=tuple(frozen_figures.rows(frozen)))


def _circumstances(project: Project, bundle: Bundle, request: Request) -> dict[str, Any]:
    """What the project knows beside the codings compared: others who coded there, and the draw where all was drawn."""
    others = {c.coder for c in bundle.codings} - {*request.coders, CONSENSUS} if request.coders else set()
    kept = sampling_desk.in_force(project, bundle, request) if request.weights else None
    drawn = {"by": kept.sample.by, "count": kept.sample.count, "population": kept.sample.population} if kept else None
    return {"others": sorted(others), "drawn": drawn, "rounds": list(request.rounds)}


def agreement_as(project: Project, peer: str, request: Request, *, sources: Sequence[str] = ()) -> Agreement:
    """What another program would print, as its manual describes it. Raises UsageError."""
    bundle, resolved, told = prepared(project, request, sources)
    found = measure_as(bundle, peer, cut=cut, request=resolved)
    return replace(found, notes=(*found.notes, *told))


def prepared(
    project: Project, request: Request, sources: Sequence[str] = ()
) -> tuple[Bundle, Request, tuple[str, ...]]:
    """What is compared, the request with full paths of codes, and what a reader must know of what is left out.

    Nothing that touches the words of who withdrew is compared. Raises UsageError for unknown coders, codes or sets.
    """
    ids = {project.source_id(word) for word in sources} or None
    bundle, told = retrieving.in_place(project.retrieve(sources=ids))
    bundle, gone = retrieving.of_the_present(bundle)
    people = project.coders()
    for name in request.coders:
        if name not in people:
            near = nearest(name, people)
            raise UsageError(f'"{name}" has coded nothing here', f'did you mean "{near}"?' if near else "see `sources`")
    wanted = replace(request, codes=_paths(project, request.codes, {book.name for book in bundle.codebooks}))
    whole = bundle if ids is None else retrieving.of_the_present(project.retrieve())[0]
    wanted = replace(wanted, whole=whole.sources)
    fixed, of_units = frozen_units.applied(project, bundle, wanted)
    drawn, wanted, said = sampling_desk.applied(project, fixed, wanted)
    return drawn, wanted, (*told, *gone, *of_units, *said)


def _paths(project: Project, words: Sequence[str], books: set[str]) -> tuple[str, ...]:
    """The full paths of codes as a person names them, ``set:NAME`` among them; each once."""
    every = project.codes(retired=True)
    sets = {word: retrieving.of_set(project, word) for word in words}
    return tuple(dict.fromkeys(path for word in words for path in sets[word] or (_path(word, every, books),)))


def _path(word: str, every: Sequence[Code], books: set[str]) -> str:
    """A code's full path; a codebook's name and ``…/*`` stay as they are."""
    bare = word.removesuffix("/*")
    if bare in books:
        return bare
    path = codebooks.lookup(every, bare).path
    return f"{path}/*" if word.endswith("/*") else path


def cut_for(project: Project, request: Request) -> Callable[[Source, str], Sequence[Segment]]:
    """How sources are cut for a request: to the frozen units it names, else by the program. Raises UsageError."""
    if request.unit is None or not request.unit.startswith(FROZEN):
        return cut
    units, asked = frozen_units.named(project, request.unit.removeprefix(FROZEN)), request.unit
    return lambda source, unit: frozen_units.segments(units, source) if unit == asked else cut(source, unit)


def cut(source: Source, unit: str) -> Sequence[Segment]:
    """The segments of a source for a unit's name."""
    return segmentation.cut(source, next(known for known in segmentation.UNITS if known == unit))


def of_table(path: Path, request: Request, **form: Unpack[TableForm]) -> tuple[Agreement, tuple[Notice, ...]]:
    """Agreement on the ratings in a csv, tsv or xlsx file, and what had to be decided to read it. Raises InputError."""
    table = tables.read_table(readers.contents(path), path.name, header_rows=1, cells=guards.RATING_CELLS)
    written = [" ".join(name.split()) for name in table.header_rows[0]]
    header = [own or made for own, made in zip(written, table.header, strict=True)]
    found = from_table(header, table.rows, request=request, lines=table.lines, **form)
    return found, table.notices


def planned(found: Agreement) -> tuple[Mapping[str, object], ...]:
    """For each code that was used, how many units two coders must share; see `agreement.planning`."""
    return tuple(plan_rows(found))


def planned_shares(shares: Sequence[float]) -> tuple[Mapping[str, object], ...]:
    """The same for codes that so large a share of units carries. Raises UsageError outside the range (0, 1)."""
    return tuple({"share": share, **units_needed(share)} for share in shares)


LEADS = ("alpha_nominal", "alpha_ordinal", "alpha_interval", "alpha_ratio")


def falls_under(found: Agreement, floor: float) -> bool:
    """Whether an overall alpha is below `floor`, or none could be computed: that of the sets of codes (MASI), of a
    table with one value a unit that of its level.
    """
    whole = [m for m in found.measures if m.code is None]
    sets = [m for m in whole if m.measure == "alpha_set" and m.distance == "masi"]
    overall = sets or [m for m in whole if m.measure in LEADS][:1]
    values = [m.value for m in overall if m.value is not None]
    return not values or min(values) < floor
