"""`from_table`: agreement on anyone's ratings, without a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import get_args

import numpy as np

from qualcode.agreement import alpha, kappa, percent
from qualcode.agreement.figures import Doubt, Name, row
from qualcode.agreement.measures import COEFFICIENTS, Coefficient, chosen, why_undefined
from qualcode.agreement.ratings import Ratings, read_ratings
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
MISSPELT = {"na", "n/a", "nan", "null", "none", ".", "-", "missing"}
"""Values that often mean missing; here only an empty cell does."""


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
    request: Request | None = None,
) -> Agreement:
    """Agreement on a table of ratings; see `ratings` for its two shapes.

    `values` declares categories that may be unused (they count for Brennan–Prediger and AC1). `weights` adds the
    figures weighted by one of Gwet's schemes. Of `request` are read: coders, measures, all, bootstrap, seed. Raises
    InputError for a table that cannot be read so, UsageError for unknown words.
    """
    request = request or Request()
    known_word("level", level, get_args(Level))
    chosen(request.measures)
    if weights is not None:
        known_word("weights", weights, SCHEMES)
    found = read_ratings(header, rows, wide=wide, numeric=level != "nominal", declared=values)
    found = only_coders(found, request.coders)
    if level != "nominal" and not found.single:
        raise InputError(f"several codes a unit have no {level} level", "use --level nominal, which compares sets")
    numbers = found.numbers()
    if level == "ratio" and numbers is not None and numbers.min(initial=0) < 0:
        raise InputError("the ratio level has no values below 0", "use --level interval")
    measures = tuple(_figures(found, request, level, weights, long=not wide))
    return Agreement(
        unit="unit",
        scope="all",
        units={"unit": len(found.units)},
        coders=found.coders,
        measures=measures,
        pairs=tuple(confused(code_view(found, resampling(found, request)))) if level == "nominal" else (),
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


def _figures(ratings: Ratings, request: Request, level: str, weights: str | None, *, long: bool) -> Iterator[Measure]:
    """Figures of the values, where every rating is one; of each code and of the sets, at the nominal level."""
    groups = resampling(ratings, request)
    if ratings.single:
        yield from value_figures(ratings, groups, request, level, weights)
    if level != "nominal":
        return
    view = code_view(ratings, groups)
    sums = binary_sums(view).each(partial(regroup, group=view.group_source, groups=groups.groups))
    yield from code_figures(view, sums, groups.doubt, code_names(request), None)
    if long or not ratings.single:
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
    for name, entry in _wanted(ratings, numbers, request, level, weights).items():
        yield row(
            Name(name),
            tuple(entry.figure(part, np.zeros(0) if numbers is None else numbers) for part in mixed),
            sums.paired > 1e-9,
            round(float(total.paired)),
            groups.doubt,
            lowest=entry.lowest,
            why=partial(why_undefined, name if name in COEFFICIENTS else "fleiss_kappa", total),
        )


def ordered_numbers(ratings: Ratings) -> Floats | None:
    """The values as ascending numbers (q), or None when they are none or two of them are the same number."""
    numbers = ratings.numbers()
    return numbers if numbers is not None and (np.diff(numbers) > 0).all() else None


def _wanted(
    ratings: Ratings, numbers: Floats | None, request: Request, level: str, weights: str | None
) -> dict[str, Coefficient]:
    """The figures asked for, by name; those that need numbers or two values fall away where there are none."""
    binary = tuple(code.casefold() for code in ratings.codes) in POSITIVE
    both = ("positive_agreement", "negative_agreement") if binary else ()
    names = request.measures or (tuple(COEFFICIENTS) if request.all else (*BY_LEVEL[level], *both))
    found = {name: COEFFICIENTS[name] for name in names if name in COEFFICIENTS}
    if numbers is None:
        found = {name: entry for name, entry in found.items() if "numbers" not in entry.needs}
    if not binary:
        found = {name: entry for name, entry in found.items() if "binary" not in entry.needs}
    return found | (_weighted(weights, numbers, ratings) if weights is not None else {})


def _weighted(scheme: str, numbers: Floats | None, ratings: Ratings) -> dict[str, Coefficient]:
    """The figures weighted by one of Gwet's schemes, named after it; values that are no numbers go by rank."""
    if numbers is None and scheme not in ("identity", "ordinal"):
        raise UsageError(f"{scheme} weights need numbers for values", "use --weights ordinal for ranked names")
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
    two = int((ratings.rated.sum(axis=1) > 1).sum())
    missing = int((~ratings.rated).sum())
    said = f", {missing} ratings missing" if missing else ""
    yield f"Units: {len(ratings.units)}, of which {two} have ratings from two or more coders{said}."
    yield f"Level: {level}." if ratings.single else "Units carry sets of codes; no code is a value too."
    if any(figure.measure.startswith(("alpha_i", "alpha_o", "alpha_r")) for figure in measures) and level == "nominal":
        yield "Figures for ordered values read the values as numbers; ignore them where the numbers are only names."
    doubtful = sorted(code for code in ratings.codes if code.casefold() in MISSPELT)
    if doubtful:
        yield f"Read as values, not as missing: {', '.join(doubtful)}. Only an empty cell is missing."
    if not ratings.sources:
        yield (
            "The table names no sources: intervals take the units as independent, which sentences of one interview "
            "are not. A column called source mends that."
        )
    elif len(ratings.sources) < 3:
        yield f"No interval by source is possible with {len(ratings.sources)} of them."
    if (ratings.weight != 1).any():
        yield "Units are weighted by the column weight."
