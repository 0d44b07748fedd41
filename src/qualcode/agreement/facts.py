"""What the sentences about a comparison rest on, as values: a clause that is not true cannot be written."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.agreement.continuum import char_share
from qualcode.agreement.request import Request
from qualcode.agreement.sections import Section, noun_of, unit_of
from qualcode.model import Bundle


def facts_of(bundle: Bundle, request: Request, scope: str, sections: Sequence[Section]) -> dict[str, object]:
    """Facts of a comparison.

    double_coded, sources: how many of how many, and what they are (noun: source or case); share: of the text in scope;
    unit_rule; roles: whether an interviewer's turns were left out; codebooks: name to version; compared: for each
    codebook and kind of source its number of sources, units by unit, raters and what is resampled; weighed: whether
    drawn sources are weighed unequally; codes: the only ones compared, where some were named; people: how many coders
    the raters are; assumed: in how many places a coder was taken as done.
    """
    whole = request.whole or bundle.sources
    by_id = {source.id: source for section in sections for source in section.view.sources}
    shared = [by_id[key] for key in sorted(by_id)]
    used = {section.codebook for section in sections if section.view.sources}
    return {
        "double_coded": len(shared),
        "sources": len(whole),
        "noun": noun_of(whole, request.unit),
        "share": char_share(shared, whole, scope),
        "unit_rule": request.rule,
        "roles": any(turn.role == "interviewer" for source in shared for turn in source.turns),
        "codebooks": {book.name: book.version for book in bundle.codebooks if book.name in used},
        "compared": [_compared(section, request) for section in sections if section.view.sources],
        "weighed": len({weight for _, weight in request.weights}) > 1,
        "codes": list(request.codes),
        "people": len({r.coder for s in sections for r in s.panel.raters if r.name in s.view.raters}),
        "assumed": len({(p, s.codebook) for s in sections for p in s.panel.assumed if p[1] in by_id}),
        "level": request.level,
    }


def _compared(section: Section, request: Request) -> dict[str, object]:
    view = section.view
    return {
        "codebook": section.codebook,
        "kind": section.kind,
        "main": section.main,
        "noun": section.noun,
        "sources": len(view.sources),
        "units": view.units,
        "unit": " and ".join(sorted({unit_of(source, request.unit) for source in view.sources})),
        "coders": list(view.raters),
        "round": section.panel.round,
        "blocked": view.blocked,
    }
