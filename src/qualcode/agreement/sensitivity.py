"""How much the figure hangs on decisions nobody reports: the unit, uncoded text, the level of the hierarchy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qualcode.agreement.request import Request
from qualcode.agreement.sections import Section, Study, keeps_apart, unit_of
from qualcode.agreement.sets import alpha_set
from qualcode.agreement.view import coded_only, set_sums

DISTANCE = "masi"
UNITS = ("character", "sentence", "turn")
KEPT, LEFT_OUT = "kept", "left out"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to decide: a request, and whether units nobody coded are kept."""

    request: Request
    uncoded: str


def sensitivity_rows(study: Study, sections: Sequence[Section], request: Request) -> Iterator[dict[str, object]]:
    """Overall set-valued alpha (MASI) of every codebook under other decisions.

    By default the request's own unit beside turns; with `all`, characters, sentences, turns and the request's own, each
    with and without units nobody coded, and every level of the hierarchy. `sections` are those of the request itself.
    """
    if not any(section.view.sources for section in sections):
        return
    apart = keeps_apart(request)
    cut: dict[Request, Sequence[Section]] = {request: sections}
    told = set()
    for variant in _variants(sections, request):
        if variant.request not in cut:
            cut[variant.request] = study.sections(variant.request, apart=apart)
        for section in cut[variant.request]:
            row = _row(section, variant)
            key = tuple(row[name] for name in ("codebook", "sources", "unit", "uncoded", "level"))
            if section.view.sources and key not in told:  # turns and answers are one unit in a questionnaire
                told.add(key)
                yield row


def _row(section: Section, variant: Variant) -> dict[str, object]:
    """The figure of one codebook under one variant."""
    view = section.view if variant.uncoded == KEPT else coded_only(section.view)
    sums = set_sums(view, (DISTANCE,))
    value = float(alpha_set(sums, DISTANCE)[0])
    return {
        "codebook": section.codebook,
        "sources": section.kind,
        "unit": " and ".join(sorted({unit_of(source, variant.request.unit) for source in view.sources})),
        "uncoded": variant.uncoded,
        "level": variant.request.level,
        "measure": "alpha_set",
        "distance": DISTANCE,
        "value": None if np.isnan(value) else value,
        "n": round(float(sums.paired.sum())),
    }


def _variants(sections: Sequence[Section], request: Request) -> Iterator[Variant]:
    """The decisions to try."""
    if not request.all:
        yield Variant(request, KEPT)
        if request.unit not in ("turn", "answer"):
            yield Variant(replace(request, unit="turn"), KEPT)
        return
    for unit in dict.fromkeys((*UNITS, request.unit or UNITS[1])):
        for uncoded in (KEPT, LEFT_OUT):
            yield Variant(replace(request, unit=unit), uncoded)
    depth = max((code.count("/") for section in sections for code in section.view.codes), default=1)
    if request.level is None:
        for level in range(1, depth):
            yield Variant(replace(request, level=level), KEPT)


def extremes(rows: Sequence[dict[str, object]]) -> Iterator[str]:
    """For each codebook the lowest and highest figure of the table, named."""
    groups: dict[tuple[object, object], list[tuple[float, str]]] = {}
    for row in rows:
        if isinstance(row["value"], float):
            words = [f"by {row['unit']}"]
            words += ["without units nobody coded"] if row["uncoded"] == LEFT_OUT else []
            words += [f"at level {row['level']}"] if row["level"] is not None else []
            groups.setdefault((row["codebook"], row["sources"]), []).append((row["value"], ", ".join(words)))
    for (codebook, sources), found in groups.items():
        low, high = min(found), max(found)
        if low[0] < high[0]:
            yield (
                f"{codebook}, {sources}: alpha (MASI) runs from {low[0]:.2f} ({low[1]}) to {high[0]:.2f} ({high[1]}), "
                "depending on such decisions."
            )
