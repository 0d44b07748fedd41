"""`measure`: a bundle of codings in, an `Agreement` out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from qualcode.agreement.continuum import Cut
from qualcode.agreement.figures import Doubt, Name, flags_of, row
from qualcode.agreement.kappa import pooled_kappa
from qualcode.agreement.measures import (
    COEFFICIENTS,
    FEWER_THAN_TWO,
    NO_VARIATION,
    OVERALL_DISTANCES,
    PER_CODE,
    PER_CODE_ALL,
    chosen,
    why_undefined,
)
from qualcode.agreement.raters import by_codebook, panel_of, readers_of
from qualcode.agreement.request import Request
from qualcode.agreement.sections import Section, cached, default_scope, sections_of, unit_of, wanted_paths
from qualcode.agreement.sets import DISTANCES, SetSums, alpha_set, pct_same_set
from qualcode.agreement.sums import Floats, Sums
from qualcode.agreement.view import View, binary_sums, confusions, set_sums, unanimity
from qualcode.agreement.wording import notes
from qualcode.model import Agreement, Bundle, Measure, Source

UNORDERED = np.zeros(2)
"""Stands for the numeric values of a code, absent and present, which none of its figures reads."""


def measure(bundle: Bundle, *, cut: Cut, request: Request) -> Agreement:
    """How far the coders of `bundle` agree.

    `cut(source, unit)` gives the segments of a source for the units turn, sentence, paragraph and answer. Raises
    UsageError or UnknownCode for a coder, code or measure that is not there; what the data lack is a None with its
    reason, never an error.
    """
    chosen(request.measures)
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


def as_row(figure: Measure) -> dict[str, object]:
    """A figure as the fields of a row of JSON."""
    return {
        "code": figure.code,
        "codebook": figure.codebook,
        "measure": figure.measure,
        "distance": figure.distance,
        "value": figure.value,
        "ci": figure.ci,
        "ci_method": figure.ci_method,
        "n": figure.n,
        "why_null": figure.why_null,
        "flags": figure.flags,
    }


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
    yield from code_figures(section, sums, doubt, request)
    yield from overall_figures(section, sums, doubt, request)


def code_figures(section: Section, sums: Sums, doubt: Doubt, request: Request) -> Iterator[Measure]:
    """The figures of each code for itself, codes in the order of their paths."""
    wanted = request.measures or (PER_CODE_ALL if request.all else PER_CODE)
    names = tuple(name for name in wanted if name in PER_CODE_ALL)
    mixed = [sums.each(mix) for mix in doubt.mixes()]
    figures = {name: tuple(COEFFICIENTS[name].figure(part, UNORDERED) for part in mixed) for name in names}
    used = sums.paired > 1e-9
    facts = code_facts(section.view, sums)
    for at, code in enumerate(section.view.codes):
        total = mixed[0].each(partial(_total_of, at))
        for name in names:
            yield row(
                Name(name, code, section.codebook),
                tuple(part[:, at] for part in figures[name]),
                used[:, at],
                round(float(total.paired)),
                doubt,
                lowest=COEFFICIENTS[name].lowest,
                why=partial(why_undefined, name, total, unused=unused(section.view)),
                counts=facts[at][0],
                flags=facts[at][1],
            )


def _total_of(code: int, replicates: Floats) -> Floats:
    """The first replicate, which is the total, of one code: (replicates, codes, …) to (…)."""
    return np.asarray(replicates[0, code])


def unused(view: View) -> str:
    """What to say of a code that no one applied."""
    return "neither coder used this code" if len(view.raters) == 2 else "no coder used this code"


def code_facts(view: View, sums: Sums) -> list[tuple[dict[str, int | float], tuple[str, ...]]]:
    """Counts and flags of every code."""
    total = sums.each(lambda a: a.sum(axis=0))
    alpha, percent, ac1 = (
        COEFFICIENTS[name].figure(total, UNORDERED) for name in ("alpha_nominal", "pct_unit_mean", "gwet_ac1")
    )
    everyone, some = unanimity(view)
    facts = []
    for at in range(len(view.codes)):
        gave = total.by_coder[at, :, 1]
        counts = counts_of(view.raters, gave, total.tables[at], int(everyone[at]), int(some[at]))
        counts["codings"] = int(view.codings[at])
        looked = gave[view.looked[:, :, at].any(axis=0)]
        facts.append((counts, flags_of(alpha[at], percent[at], ac1[at], int(view.codings[at]), looked)))
    return facts


def counts_of(raters: Sequence[str], gave: Floats, tables: Floats, everyone: int, some: int) -> dict[str, int | float]:
    """Units each rater gave a code (``by ann``), and how they meet.

    Two raters: both, only ann, only ben, neither. More: all (who looked) and some (but not all).
    """
    counts: dict[str, int | float] = {f"by {name}": round(float(n)) for name, n in zip(raters, gave, strict=True)}
    if len(raters) == 2:
        (neither, second), (first, both) = tables[0].round().astype(int).tolist()
        return counts | {"both": both, f"only {raters[0]}": first, f"only {raters[1]}": second, "neither": neither}
    return counts | {"all": everyone, "some": some}


def overall_figures(section: Section, sums: Sums, doubt: Doubt, request: Request) -> Iterator[Measure]:
    """The figures of a codebook as a whole: the sets of codes that raters gave each unit."""
    distances = DISTANCES if request.all else OVERALL_DISTANCES
    wanted = request.measures or ("alpha_set", "pct_unit_mean", *(("pooled_kappa",) if request.all else ()))
    sets = set_sums(section.view, distances)
    used = sets.paired > 1e-9
    n = round(float(sets.paired.sum()))
    mixes = doubt.mixes()
    why = _why_overall(sets)
    if "alpha_set" in wanted:
        for distance in distances:
            found = tuple(alpha_set(sets, distance, mix) for mix in mixes)
            yield row(Name("alpha_set", None, section.codebook, distance), found, used, n, doubt, why=lambda: why)
    if "pct_unit_mean" in wanted:
        found = tuple(pct_same_set(sets, mix) for mix in mixes)
        yield row(Name("pct_unit_mean", None, section.codebook), found, used, n, doubt, lowest=0, why=lambda: why)
    if "pooled_kappa" in wanted:
        found = tuple(pooled_kappa(sums.each(mix)) for mix in mixes)
        yield row(Name("pooled_kappa", None, section.codebook), found, used, n, doubt, why=lambda: why)


def _why_overall(sets: SetSums) -> str:
    """Why the figures of a codebook as a whole are n/a."""
    if sets.paired.sum() <= 1e-9:
        return FEWER_THAN_TWO
    occurring = np.flatnonzero(sets.frequencies.sum(axis=0) > 1e-9)
    return "no coder used any of its codes" if not sets.members[occurring].any() else NO_VARIATION


def confused_pairs(section: Section) -> list[dict[str, object]]:
    """Pairs of codes that stand for each other, most often first: one coder gave one and not the other, another
    the reverse. `n` counts units, once per pair of coders."""
    view = section.view
    table = confusions(view).round().astype(int)
    apart = {} if section.main else {"kind": section.kind}
    found = [
        {"codebook": section.codebook, **apart, "code": view.codes[a], "with": view.codes[b], "n": n}
        for a, b in combinations(range(len(view.codes)), 2)
        if (n := int(table[a, b]))
    ]
    return sorted(found, key=lambda pair: -int(str(pair["n"])))
