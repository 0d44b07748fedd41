"""`measure`: a bundle of codings in, an `Agreement` out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qualcode.agreement.cases import by_case
from qualcode.agreement.continuum import Cut
from qualcode.agreement.facts import facts_of
from qualcode.agreement.grouping import group_rows, view_figures
from qualcode.agreement.measures import chosen
from qualcode.agreement.panel import panel_rows
from qualcode.agreement.request import Request
from qualcode.agreement.scoring import (
    as_row,
    confused,
)
from qualcode.agreement.sections import Section, study_of, unit_of
from qualcode.agreement.sensitivity import extremes, sensitivity_rows
from qualcode.agreement.spans import span_figures
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
        bundle, request = by_case(bundle), replace(request, whole=by_case(Bundle(sources=request.whole)).sources)
    study = study_of(bundle, request, cut)
    sections = study.sections(request)
    by_unit = [(section, list(view_figures(section.view, section, request))) for section in sections]
    figures = [(section, figure) for section, found in by_unit for figure in found]
    figures += span_figures(study, sections, request)
    beside = [_group(section, figure) for section, figure in figures if not section.main]
    sensitivity = tuple(sensitivity_rows(study, sections, request))
    return Agreement(
        unit=unit_name(study.bundle, sections, request),
        scope=study.scope,
        units=unit_counts(sections, request),
        coders=tuple(sorted({name for section in sections for name in section.view.raters})),
        measures=tuple(figure for section, figure in figures if section.main),
        pairs=tuple(pair for section in sections for pair in confused_pairs(section)),
        sensitivity=sensitivity,
        panel=tuple(row for section in sections for row in panel_rows(section)) if request.all else (),
        groups=(*beside, *group_rows(study, sections, request)),
        notes=(
            *notes(study.bundle, request, study.scope, study.panels, sections, by_unit),
            *(extremes(sensitivity) if request.all else ()),
        ),
        facts=facts_of(study.bundle, request, study.scope, sections),
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


def confused_pairs(section: Section) -> list[dict[str, object]]:
    """The pairs of codes that stand for each other in a section."""
    apart = {} if section.main else {"kind": section.kind}
    return [{"codebook": section.codebook, **apart, **pair} for pair in confused(section.view)]
