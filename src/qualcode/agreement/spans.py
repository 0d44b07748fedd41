"""Figures of spans rather than units: unitizing alphas, boundaries, gamma; asked for by `--all` or by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qualcode.agreement import boundaries, gamma, unitizing, unitizing_2004
from qualcode.agreement.figures import Doubt
from qualcode.agreement.request import Request
from qualcode.agreement.sections import Section, Study, keeps_apart
from qualcode.model import Measure


def span_figures(study: Study, sections: Sequence[Section], request: Request) -> Iterator[tuple[Section, Measure]]:
    """The span figures asked for, each with its section.

    Unitizing alphas and gamma are always by character; boundaries are those of the request's own units.
    """
    alphas, gammas = _asked(request, unitizing.NAMES), _asked(request, gamma.NAMES)
    older = _asked(request, (unitizing_2004.NAME,))
    by_character = replace(request, unit="character")
    for section in study.sections(by_character, apart=keeps_apart(request)) if alphas or gammas or older else ():
        doubt = _doubt(section, request)
        for figure in unitizing.unitizing_figures(section.view, doubt, alphas, section.codebook):
            yield section, figure
        if older and section.view.sources and (request.measures or len(section.view.sources) == 1):
            for figure in unitizing_2004.older_figures(section.view, doubt, section.codebook):
                yield section, figure
        for figure in gamma.gamma_figures(section.view, doubt, gammas, section.codebook, request.seed):
            yield section, figure
    names = _asked(request, boundaries.NAMES)
    for section in sections if names else ():
        found = boundaries.boundary_figures(section.view, _doubt(section, request), names, section.codebook)
        yield from ((section, figure) for figure in found)


def _asked(request: Request, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `names` that were asked for, in their order here."""
    everything = request.all and not request.measures
    return tuple(name for name in names if everything or name in request.measures)


def _doubt(section: Section, request: Request) -> Doubt:
    """Uncertainty by source; spans cannot be resampled in blocks, since a unit may lie across two."""
    return Doubt(section.noun, tuple(source.name for source in section.view.sources), floors=request.all)
