"""`from_table`: agreement on anyone's ratings, without a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import get_args

import numpy as np

from qualcode.agreement import alpha, kappa, percent
from qualcode.agreement.figures import Doubt, Name, row
from qualcode.agreement.measures import COEFFICIENTS, OTHERS, Coefficient, chosen, why_undefined
from qualcode.agreement.ratings import MISSPELT, Ratings, read_ratings
from qualcode.agreement.request import Level, Request, known_word
from qualcode.agreement.scoring import code_figures, code_names, confused, distances_of, overall_figures, overall_names
from qualcode.agreement.sets import number_sets, regroup_sets
from qualcode.agreement.sums import Floats, Ints, regroup, tally
from qualcode.agreement.view import NO_RUNS, View, binary_sums, set_sums
from qualcode.agreement.weights import SCHEMES, weight_matrix
from qualcode.errors import InputError, UsageError
from qualcode.model import Agreement, Measure

BY_LEVEL = {
    "nominal": ("alpha_nominal", "pct_unit_mean", "gwet_ac1"),
    "ordinal": ("alpha_ordinal", "pct_unit_mean", "ac2_linear"),
    "interval": ("alpha_interval", "pct_unit_mean", "ac2_quadratic"),
    "ratio": ("alpha_ratio", "pct_unit_mean", "ac2_quadratic"),
}
"""What is printed for one value a unit."""
POSITIVE = {("0", "1"), ("no", "yes"), ("n", "y"), ("false", "true"), ("absent", "present")}
"""Pairs of values, folded, of which the second is the presence of something."""
ROOM = 20_000_000
"""Cells that the sums by group may hold (160 MB); where that is too few, units are resampled in blocks."""
BLOCKS = 100
SPANS = tuple(name for name in OTHERS if name not in ("alpha_set", "pooled_kappa"))
SCALED = ("alpha_interval", "alpha_ratio")


@dataclass(frozen=True, slots=True)
class Resampling:
    """Which group each unit belongs to (units), and how the groups tell uncertainty."""

    group: Ints
    doubt: Doubt

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.doubt.names)


def from_table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    wide: bool = False,
    level: str = "nominal",
    values: Sequence[str] = (),
    weights: str | None = None,
    missing: Sequence[str] = (),
    request: Request | None = None,
    lines: Sequence[int] = (),
) -> Agreement:
    """Agreement on a table of ratings; see `ratings` for its two shapes.

    `values` declares categories that may be unused (they count for Brennan–Prediger and AC1), and the order of those
    that are no numbers. Cells that say one of `missing` are no ratings, as empty ones of a wide table. `weights` adds
    the figures weighted by one of Gwet's schemes. Of `request` are read: coders, measures, all, by, bootstrap, seed.
    Raises InputError for a table that cannot be read so, UsageError for unknown words; what a figure lacks is its
    reason, not an error.
    """
    from qualcode.agreement.table_groups import group_rows, labels_asked, panel_rows

    request = request or Request()
    known_word("level", level, get_args(Level))
    chosen(request.measures)
    if weights is not None:
        known_word("weights", weights, SCHEMES)
    found = read_ratings(
        header,
        rows,
        wide=wide,
        numeric=level != "nominal",
        declared=values,
        missing=missing,
        lines=lines,
        by=labels_asked(request),
    )
    found = only_coders(found, request.coders)
    if level != "nominal" and not found.single:
        raise InputError(f"several codes a unit have no {level} level", "use --level nominal, which compares sets")
    measures = tuple(figures(found, request, level, weights, long=not wide))
    several = len(found.coders) > 1
    return Agreement(
        unit="unit",
        scope="all",
        units={"unit": len(found.units)},
        coders=found.coders,
        measures=measures,
        pairs=tuple(confused(code_view(found, resampling(found, request)))) if level == "nominal" else (),
        panel=tuple(panel_rows(found, level, long=not wide)) if request.all and several else (),
        groups=tuple(group_rows(found, request, level, weights, long=not wide)),
        notes=tuple(_notes(found, level, measures)),
    )


def only_coders(ratings: Ratings, coders: Sequence[str]) -> Ratings:
    """The ratings of some coders, all when none is named; raises UsageError for a name without a rating."""
    for name in coders:
        known_word("coder", name, ratings.coders)
    if not coders:
        return ratings
    kept = [n for n, name in enumerate(ratings.coders) if name in coders]
    names = tuple(ratings.coders[n] for n in kept)
    return replace(ratings, coders=names, marks=ratings.marks[:, kept], rated=ratings.rated[:, kept])


def figures(ratings: Ratings, request: Request, level: str, weights: str | None, *, long: bool) -> Iterator[Measure]:
    """Figures of the values, where every rating is one; of each code and of the sets, at the nominal level."""
    groups = resampling(ratings, request)
    if ratings.single:
        yield from value_figures(ratings, groups, request, level, weights)
    else:
        yield from _missing(ratings, groups, [name for name in request.measures if name in SPANS])
    if level != "nominal":
        return
    view = code_view(ratings, groups)
    sums = binary_sums(view).each(partial(regroup, group=view.group_source, groups=groups.groups))
    yield from code_figures(view, sums, groups.doubt, code_names(request), None)
    if long or not ratings.single or request.all or "alpha_set" in request.measures:
        sets = regroup_sets(set_sums(view, distances_of(request)), view.group_source, groups.groups)
        names = [name for name in overall_names(request) if not (ratings.single and name == "pct_unit_mean")]
        yield from overall_figures(sums, sets, groups.doubt, names, None)


def value_figures(
    ratings: Ratings, groups: Resampling, request: Request, level: str, weights: str | None
) -> Iterator[Measure]:
    """Figures of one value a unit. With `all`, numeric values get those of every level."""
    weight = None if (ratings.weight == 1).all() else ratings.weight
    sums = tally(ratings.values, max(len(ratings.codes), 1), groups.group, groups.groups, weight)
    numbers = ordered_numbers(ratings)
    mixed = [sums.each(mix) for mix in groups.doubt.mixes()]
    total = mixed[0].each(lambda replicates: np.asarray(replicates[0]))
    names = asked_names(ratings, request, level)
    schemes = (
        (weights,) if weights is not None else ("linear", "quadratic") if request.all and numbers is not None else ()
    )
    for name, entry in _wanted(ratings, names, numbers, schemes).items():
        yield row(
            Name(name),
            tuple(entry.figure(part, np.zeros(0) if numbers is None else numbers) for part in mixed),
            sums.paired > 1e-9,
            round(float(total.paired)),
            groups.doubt,
            lowest=entry.lowest,
            why=partial(why_undefined, _kind_of(name), total),
        )
    yield from _missing(ratings, groups, [n for n in names if why_missing(n, ratings, numbers)])


def _missing(ratings: Ratings, groups: Resampling, names: Sequence[str]) -> Iterator[Measure]:
    """Figures that were asked for and that the table has nothing for, each with its reason."""
    nothing = (np.full(1 + groups.groups, np.nan),)
    n = int((ratings.rated.sum(axis=1) > 1).sum())
    for name in names:
        why = why_missing(name, ratings, ordered_numbers(ratings))
        yield row(Name(name), nothing, np.zeros(groups.groups, bool), n, groups.doubt, why=why)


def asked_names(ratings: Ratings, request: Request, level: str) -> tuple[str, ...]:
    """The names of the figures of one value a unit; those of `all` that the table has nothing for fall away."""
    known = (*COEFFICIENTS, *SPANS)
    if request.measures:
        return tuple(name for name in request.measures if name in known)
    lead = BY_LEVEL[level]
    names = (*lead, "positive_agreement", "negative_agreement", *(COEFFICIENTS if request.all else ()))
    numbers = ordered_numbers(ratings)
    return tuple(n for n in dict.fromkeys(names) if n in lead or not why_missing(n, ratings, numbers))


def why_missing(name: str, ratings: Ratings, numbers: Floats | None) -> str:
    """Why a table of these ratings has nothing for a figure; empty where it has."""
    if name in SPANS:
        return "a table of ratings has units, not spans of a text"
    needs = COEFFICIENTS[name].needs
    if "binary" in needs and not is_binary(ratings):
        return "defined for what is there or not, such as 0 and 1"
    if "numbers" not in needs or not ratings.codes:
        return ""
    if numbers is None:
        return ratings.odd or "the values are no numbers; ordered names need --values in their order"
    if ratings.ranked and name in SCALED:
        return "the values are ordered names; distances between them need numbers"
    if name == "alpha_ratio" and numbers.min(initial=0) < 0:
        return "the ratio level has no values below 0"
    return ""


def ordered_numbers(ratings: Ratings) -> Floats | None:
    """The values as ascending numbers (q), or None when they are none or two of them are the same number."""
    numbers = ratings.numbers()
    return numbers if numbers is not None and (np.diff(numbers) > 0).all() else None


def is_binary(ratings: Ratings) -> bool:
    """Whether the values are the absence and the presence of something."""
    return tuple(code.casefold() for code in ratings.codes) in POSITIVE


def _wanted(
    ratings: Ratings, names: Sequence[str], numbers: Floats | None, schemes: Sequence[str]
) -> dict[str, Coefficient]:
    """The figures the table has something for, by name."""
    found = {n: COEFFICIENTS[n] for n in names if n in COEFFICIENTS and not why_missing(n, ratings, numbers)}
    for scheme in schemes:
        found |= {n: entry for n, entry in _weighted(scheme, numbers, ratings).items() if n not in found}
    return found


def _kind_of(name: str) -> str:
    """The unweighted figure whose reasons for n/a a weighted one shares."""
    plain = name.rpartition("_")[0]
    return name if name in COEFFICIENTS else plain if plain in COEFFICIENTS else "fleiss_kappa"


def _weighted(scheme: str, numbers: Floats | None, ratings: Ratings) -> dict[str, Coefficient]:
    """The figures weighted by one of Gwet's schemes, named after it; values that are no numbers go by rank."""
    if numbers is None and scheme not in ("identity", "ordinal"):
        raise UsageError(f"{scheme} weights need numbers for values", "declare ordered names with --values")
    ranks = np.arange(1.0, 1 + len(ratings.codes))
    matrix = weight_matrix(scheme, ranks if numbers is None else numbers)
    plain = {
        "pct_unit_mean": percent.pct_unit_mean,
        "fleiss_kappa": kappa.fleiss_kappa,
        "conger_kappa": kappa.conger_kappa,
        "cohen_kappa": kappa.cohen_kappa,
        "brennan_prediger": kappa.brennan_prediger,
        "ac2": kappa.gwet_ac2,
        "alpha": alpha.alpha_weighted,
    }

    def entry(name: str) -> Coefficient:
        return Coefficient(lambda sums, _values: plain[name](sums, matrix), lowest=0 if name == "pct_unit_mean" else -1)

    return {f"{name}_{scheme}": entry(name) for name in plain}


def resampling(ratings: Ratings, request: Request) -> Resampling:
    """What is resampled: sources where the table names three or more; units with equal rows at once; else blocks."""
    told = {"floors": request.all, "bootstrap": request.bootstrap, "seed": request.seed}
    if len(ratings.sources) > 1:
        return Resampling(ratings.source, Doubt("source", ratings.sources, **told))  # type: ignore[arg-type]
    if len(ratings.sources) == 1:
        group = _blocks(len(ratings.units), 10)
        return Resampling(group, Doubt("source", _numbered(group), blocked=True, **told))  # type: ignore[arg-type]
    group = _patterns(ratings)
    if _cells(ratings) * (int(group.max(initial=-1)) + 1) <= ROOM:
        times = np.bincount(group).astype(np.float64)
        return Resampling(group, Doubt("unit", _numbered(group), times=times, **told))  # type: ignore[arg-type]
    group = _blocks(len(ratings.units), min(BLOCKS, max(1, ROOM // _cells(ratings))))
    return Resampling(group, Doubt("block of units", _numbered(group), **told))  # type: ignore[arg-type]


def _numbered(group: Ints) -> tuple[str, ...]:
    return tuple(str(n + 1) for n in range(int(group.max(initial=-1)) + 1))


def _blocks(units: int, count: int) -> Ints:
    """Contiguous blocks of equal size: (units)."""
    return np.asarray(np.arange(units, dtype=np.intp) * min(count, max(units, 1)) // max(units, 1))


def _cells(ratings: Ratings) -> int:
    """How many cells the sums of one group hold."""
    r, q = len(ratings.coders), len(ratings.codes)
    return (r * (r - 1) // 2 + 4) * max(q * q if ratings.single else 4 * q, 4 * q)


def _patterns(ratings: Ratings) -> Ints:
    """Units with the same ratings and weight share a number: (units)."""
    bits = np.concatenate(
        [ratings.marks.reshape(len(ratings.units), ratings.rated.shape[1] * len(ratings.codes)), ratings.rated], axis=1
    )
    numbers, _ = number_sets(bits)
    _, weights = np.unique(ratings.weight, return_inverse=True)
    joint = np.unique(numbers * (int(weights.max(initial=0)) + 1) + weights, return_inverse=True)[1]
    return np.asarray(joint, np.intp)


def code_view(ratings: Ratings, groups: Resampling) -> View:
    """The ratings as a `View`: its groups are finer, so that in each the same coders rated."""
    masks, present = number_sets(ratings.rated)
    _, first, fine = np.unique(groups.group * max(len(present), 1) + masks, return_index=True, return_inverse=True)
    order = np.argsort(fine, kind="stable")
    looked = np.repeat(present[masks[first]][:, :, None], len(ratings.codes), axis=2)
    return View(
        codes=ratings.codes,
        raters=ratings.coders,
        sources=(),
        marks=ratings.marks[order],
        weight=ratings.weight[order],
        group=fine[order].astype(np.intp),
        looked=looked,
        present=present[masks[first]],
        group_source=groups.group[first],
        blocked=groups.doubt.blocked,
        runs=NO_RUNS,
        codings=ratings.marks.sum(axis=(0, 1)).astype(np.intp),
        outside=0,
        unmarked=0,
    )


def _notes(ratings: Ratings, level: str, measures: Sequence[Measure]) -> Iterator[str]:
    """The facts a reader needs."""
    yield f"Coders: {', '.join(ratings.coders)}."
    if ratings.silent:
        yield f"Columns without a rating are no coders: {', '.join(ratings.silent)}."
    yield from ratings.told
    two = int((ratings.rated.sum(axis=1) > 1).sum())
    missing = int((~ratings.rated).sum())
    said = f", {missing} rating{'s' * (missing != 1)} missing" if missing else ""
    have = "has" if two == 1 else "have"
    yield f"Units: {len(ratings.units)}, of which {two} {have} ratings from two or more coders{said}."
    yield f"Level: {level}." if ratings.single else "Units carry sets of codes; no code is a value too."
    if any(figure.measure.startswith(("alpha_i", "alpha_o", "alpha_r")) for figure in measures) and level == "nominal":
        yield "Figures for ordered values read the values as numbers; ignore them where the numbers are only names."
    doubtful = sorted(code for code in ratings.codes if code.casefold() in MISSPELT)
    if doubtful:
        yield f"Read as values, not as missing: {', '.join(doubtful)}. --missing {','.join(doubtful)} leaves them out."
    if not ratings.sources:
        yield (
            "The table names no sources: intervals take the units as independent, which sentences of one interview "
            "are not. A column called source mends that."
        )
    elif len(ratings.sources) < 3:
        yield f"No interval by source is possible with {len(ratings.sources)} of them."
    if (ratings.weight != 1).any():
        yield "Units are weighted by the column weight."
