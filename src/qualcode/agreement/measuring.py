"""`measure`: a bundle of codings in, an `Agreement` out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qualcode.agreement.cases import by_case
from qualcode.agreement.continuum import Cut
from qualcode.agreement.figures import Doubt
from qualcode.agreement.measures import chosen
from qualcode.agreement.raters import by_codebook, panel_of, readers_of
from qualcode.agreement.request import Request
from qualcode.agreement.scoring import (
    as_row,
    code_figures,
    code_names,
    confused,
    distances_of,
    overall_figures,
    overall_names,
)
from qualcode.agreement.sections import Section, cached, default_scope, sections_of, unit_of, wanted_paths
from qualcode.agreement.view import binary_sums, set_sums
from qualcode.agreement.wording import notes
from qualcode.model import Agreement, Bundle, Measure, Source


def measure(bundle: Bundle, *, cut: Cut, request: Request) -> Agreement:
    """How far the coders of `bundle` agree.

    `cut(source, unit)` gives the segments of a source for the units turn, sentence, paragraph and answer. Raises
    UsageError or UnknownCode for a coder, code or measure that is not there; what the data lack is a None with its
    reason, never an error.
    """
    chosen(request.measures)
    if request.unit == "case":
        bundle = by_case(bundle)
    coders = readers_of(bundle, request)
    paths = wanted_paths(bundle, request.codes)
    scope = request.scope or default_scope(bundle)
    codings = by_codebook(bundle, coders)
    panels = [panel_of(bundle, book, codings[book], coders, request) for book in paths]
    once = cached(cut)
    sections = [
        section
        for panel in panels
        for section in sections_of(bundle, panel, codings[panel.codebook], paths[panel.codebook], request, scope, once)
    ]
    figures = [(section, list(section_figures(section, request))) for section in sections]
    return Agreement(
        unit=unit_name(bundle, sections, request),
        scope=scope,
        units=unit_counts(sections, request),
        coders=tuple(sorted({name for section in sections for name in section.view.raters})),
        measures=tuple(figure for section, found in figures if section.main for figure in found),
        pairs=tuple(pair for section in sections for pair in confused_pairs(section)),
        groups=tuple(_group(section, figure) for section, found in figures if not section.main for figure in found),
        notes=notes(bundle, request, scope, panels, sections, figures),
    )


def _group(section: Section, figure: Measure) -> dict[str, object]:
    """A figure of a section beside the main one, as a row of `groups`."""
    return {"by": "kind", "group": section.kind, **as_row(figure)}


def unit_name(bundle: Bundle, sections: Sequence[Section], request: Request) -> str:
    """The unit compared, or ``mixed`` when transcripts and answers each have their own."""
    compared: Sequence[Source] = [source for section in sections for source in section.view.sources]
    units = {unit_of(source, request.unit) for source in compared or bundle.sources}
    if request.unit is not None or not units:
        return request.unit or "sentence"
    return units.pop() if len(units) == 1 else "mixed"


def unit_counts(sections: Sequence[Section], request: Request) -> dict[str, int]:
    """How many units of each kind lie in sources that two coders looked at, under whichever codebook."""
    sizes: dict[str, tuple[str, int]] = {}
    for section in sections:
        view = section.view
        by_group = view.by_group(view.weight)
        for n, source in enumerate(view.sources):
            size = int(by_group[view.group_source == n].sum())
            sizes[source.id] = (unit_of(source, request.unit), size)
    totals: dict[str, int] = {}
    for unit, size in sorted(sizes.values()):
        totals[unit] = totals.get(unit, 0) + size
    return totals


def doubt_of(section: Section, request: Request) -> Doubt:
    """How the section's figures tell their uncertainty."""
    view = section.view
    if view.blocked:
        names = tuple(f"block {n + 1}" for n in range(view.groups))
    else:
        names = tuple(source.name for source in view.sources)
    return Doubt(section.noun, names, view.blocked, None, request.all, request.bootstrap, request.seed)


def section_figures(section: Section, request: Request) -> Iterator[Measure]:
    """All figures of one section: every code, then the codebook as a whole."""
    doubt = doubt_of(section, request)
    sums = binary_sums(section.view)
    sets = set_sums(section.view, distances_of(request))
    yield from code_figures(section.view, sums, doubt, code_names(request), section.codebook)
    yield from overall_figures(sums, sets, doubt, overall_names(request), section.codebook)


def confused_pairs(section: Section) -> list[dict[str, object]]:
    """The pairs of codes that stand for each other in a section."""
    apart = {} if section.main else {"kind": section.kind}
    return [{"codebook": section.codebook, **apart, **pair} for pair in confused(section.view)]
