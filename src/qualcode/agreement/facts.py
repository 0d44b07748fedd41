"""What the sentences about a comparison rest on, as values: a clause that is not true cannot be written."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.agreement.continuum import char_share
from qualcode.agreement.request import Request
from qualcode.agreement.sections import Section, unit_of
from qualcode.model import Bundle


def facts_of(bundle: Bundle, request: Request, scope: str, sections: Sequence[Section]) -> dict[str, object]:
    """Facts of a comparison.

    double_coded, sources: how many of how many; share: of the text in scope; unit_rule; roles: whether an
    interviewer's turns were left out; codebooks: name to version; compared: for each codebook and kind of source its
    number of sources, units by unit, raters and what is resampled; weighed: whether drawn sources are weighed.
    """
    by_id = {source.id: source for section in sections for source in section.view.sources}
    shared = [by_id[key] for key in sorted(by_id)]
    used = {section.codebook for section in sections if section.view.sources}
    return {
        "double_coded": len(shared),
        "sources": len(bundle.sources),
        "share": char_share(shared, bundle.sources, scope),
        "unit_rule": request.rule,
        "roles": any(turn.role == "interviewer" for source in shared for turn in source.turns),
        "codebooks": {book.name: book.version for book in bundle.codebooks if book.name in used},
        "compared": [_compared(section, request) for section in sections if section.view.sources],
        "weighed": bool(request.weights),
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
