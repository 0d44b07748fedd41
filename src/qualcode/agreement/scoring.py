"""The figures of a view: each code for itself, all codes together, and which codes stand for each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from qualcode.agreement.figures import Doubt, Name, flags_of, row
from qualcode.agreement.kappa import pooled_kappa
from qualcode.agreement.measures import (
    COEFFICIENTS,
    FEWER_THAN_TWO,
    NO_ORDER,
    NO_VARIATION,
    OVERALL_DISTANCES,
    PER_CODE,
    PER_CODE_ALL,
    Coefficient,
    why_undefined,
)
from qualcode.agreement.rated import scales
from qualcode.agreement.request import Request
from qualcode.agreement.sets import DISTANCES, SetSums, alpha_set, pct_same_set
from qualcode.agreement.sums import Floats, Mix, Sums
from qualcode.agreement.view import View, confusions, unanimity
from qualcode.model import Measure

BEYOND_CHANCE = (
    "alpha_nominal",
    "cohen_kappa",
    "scott_pi",
    "fleiss_kappa",
    "conger_kappa",
    "light_kappa",
    "hubert_kappa",
)
"""Figures of a code whose chance follows from how often it was given: near 0 where no two coders gave it to a unit."""
UNORDERED = np.zeros(2)
"""Stands for the numeric values of a code, absent and present, which none of its figures reads."""


def code_names(request: Request) -> tuple[str, ...]:
    """The figures asked for of each code."""
    wanted = request.measures or (PER_CODE_ALL if request.all else PER_CODE)
    return tuple(name for name in wanted if name in PER_CODE_ALL)


def overall_names(request: Request) -> tuple[str, ...]:
    """The figures asked for of all codes together."""
    return request.measures or ("alpha_set", "pct_unit_mean", *(("pooled_kappa",) if request.all else ()))


def distances_of(request: Request) -> tuple[str, ...]:
    """The distances between sets to measure with."""
    return DISTANCES if request.all else OVERALL_DISTANCES


def code_figures(
    view: View,
    sums: Sums,
    doubt: Doubt,
    names: Sequence[str],
    codebook: str | None,
    counted: Sums | None = None,
    coefficients: Mapping[str, Coefficient] = COEFFICIENTS,
) -> Iterator[Measure]:
    """The figures `names` of each code, codes in the order of their paths.

    `sums` has the leading axes (groups of `doubt`, codes); `counted` are those that counts are read off, where `sums`
    are weighted or hold units that one rater alone looked at. `coefficients` are those of a table, or `OF_A_STUDY`.
    """
    mixed = [sums.each(mix) for mix in doubt.mixes()]
    figures = {name: tuple(coefficients[name].figure(part, UNORDERED) for part in mixed) for name in names}
    used = sums.paired > 1e-9
    counted = sums if counted is None else counted
    facts = code_facts(view, counted.each(_summed), mixed[0].each(_first))
    units = counted.paired.sum(axis=0)
    for at, code in enumerate(view.codes):
        total = mixed[0].each(partial(_total_of, at))
        for name in names:
            yield row(
                Name(name, code, codebook),
                tuple(part[:, at] for part in figures[name]),
                used[:, at],
                round(float(units[at])),
                doubt,
                lowest=COEFFICIENTS[name].lowest,
                why=partial(why_undefined, name, total, unused=unused(view)),
                apart=name in BEYOND_CHANCE and bool(total.pairs[1, 1] <= 1e-9),
                counts=facts[at][0],
                flags=facts[at][1],
            )


def without_order(view: View, names: Sequence[str], codebook: str | None, units: int) -> Iterator[Measure]:
    """Figures of ordered values that were asked for by name: a code that is no scale has none, and each says so."""
    scaled = scales(view.codes)
    unordered = [code for code in view.codes if code not in scaled and code.rpartition("/")[0] not in scaled]
    for name in names:
        if name in COEFFICIENTS and name not in PER_CODE_ALL:
            for code in unordered:
                yield Measure(name, None, units, code, codebook, why_null=NO_ORDER, flags=("undefined",))


def _first(replicates: Floats) -> Floats:
    """The first replicate, which is the total."""
    return np.asarray(replicates[0])


def _summed(by_group: Floats) -> Floats:
    """The sum over groups."""
    return np.asarray(by_group.sum(axis=0))


def _total_of(code: int, replicates: Floats) -> Floats:
    """The total of one code: (replicates, codes, …) to (…)."""
    return np.asarray(replicates[0, code])


def unused(view: View) -> str:
    """What to say of a code that no one applied."""
    return "neither coder used this code" if len(view.raters) == 2 else "no coder used this code"


def code_facts(view: View, total: Sums, weighed: Sums) -> list[tuple[dict[str, int | float], tuple[str, ...]]]:
    """Counts of `total` and flags from the figures of `weighed`, code by code; both have the leading axis codes."""
    alpha, percent, ac1 = (
        COEFFICIENTS[name].figure(weighed, UNORDERED) for name in ("alpha_nominal", "pct_unit_mean", "gwet_ac1")
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


def overall_figures(
    sums: Sums,
    sets: SetSums,
    doubt: Doubt,
    names: Sequence[str],
    codebook: str | None,
    units: int | None = None,
) -> Iterator[Measure]:
    """The figures `names` of all codes together: the sets of codes that raters gave each unit.

    `units` says how many there are where the sums are weighted.
    """
    used, why = sets.paired > 1e-9, _why_overall(sets)
    n = round(float(sets.paired.sum())) if units is None else units
    mixes = doubt.mixes()

    def told(name: Name, found: tuple[Floats, ...], lowest: float = -1.0) -> Measure:
        return row(name, found, used, n, doubt, lowest=lowest, why=why)

    if "alpha_set" in names:
        for distance in sets.observed:
            found = tuple(alpha_set(sets, distance, mix) for mix in mixes)
            yield told(Name("alpha_set", None, codebook, distance), found)
    if "pct_unit_mean" in names:
        yield told(Name("pct_unit_mean", None, codebook), tuple(pct_same_set(sets, mix) for mix in mixes), 0.0)
    if "pooled_kappa" in names:
        yield told(Name("pooled_kappa", None, codebook), tuple(_pooled(sums, mix) for mix in mixes))


def _pooled(sums: Sums, mix: Mix) -> Floats:
    return pooled_kappa(sums.each(mix))


def _why_overall(sets: SetSums) -> str:
    """Why the figures of all codes together are n/a."""
    if sets.paired.sum() <= 1e-9:
        return FEWER_THAN_TWO
    occurring = np.flatnonzero(sets.frequencies.sum(axis=0) > 1e-9)
    return "no coder used any of its codes" if not sets.members[occurring].any() else NO_VARIATION


def confused(view: View) -> list[dict[str, object]]:
    """Pairs of codes that stand for each other, most often first: one coder gave one and not the other, another
    the reverse. `n` counts units, once per pair of coders."""
    table = confusions(view).round().astype(int)
    found = [
        (int(table[a, b]), view.codes[a], view.codes[b])
        for a, b in combinations(range(len(view.codes)), 2)
        if table[a, b]
    ]
    return [{"code": code, "with": other, "n": n} for n, code, other in sorted(found, key=lambda pair: -pair[0])]


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
