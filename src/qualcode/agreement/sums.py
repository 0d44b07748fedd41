"""What every coefficient is made of: sums over units that can be added, and taken away source by source.

Leading axes of all arrays are free: sources, codes, replicates. `q` is the number of values, `r` of coders,
`p = r (r - 1) / 2` of pairs of coders in lexicographic order. A weight is how many equal units a row stands for
(the length of an atom in code points, 1 for a sentence).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Mix = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From sums by group (groups, …) to sums of replicates (replicates, …)."""

PIECE = 1 << 15
"""Ratings counted at a time: keys and ratings stay in the second-level cache (21 ms against 37 ms at 10^6 x 5)."""


@dataclass(frozen=True)
class Sums:
    """Additive sums over units u with weight w, m raters and n_c ratings of value c.

    coincidences (…, q, q)  sum of w n_c (n_k - [c=k]) / (m - 1)      Krippendorff's coincidence matrix
    unit_pairs   (…, q, q)  sum of w n_c (n_k - [c=k]) / (m (m - 1))  every unit counts once, however many raters
    pairs        (…, q, q)  sum of w n_c (n_k - [c=k])                every pair of ratings counts once
    shares       (…, q)     sum of w n_c / m over units with at least one rating
    by_coder     (…, r, q)  sum of w over units to which the coder gave the value
    tables       (…, p, q, q)  contingency tables of pairs of coders over units both rated; p = 0 when not counted
    rated, paired (…)       sum of w over units with at least one, at least two ratings
    """

    coincidences: Floats
    unit_pairs: Floats
    pairs: Floats
    shares: Floats
    by_coder: Floats
    tables: Floats
    rated: Floats
    paired: Floats

    def each(self, change: Callable[[Floats], Floats]) -> Sums:
        """`change` applied to every array; it must act on leading axes only."""
        return _Changed(self, change)

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def coders(self) -> int:
        """r, the number of coders."""
        return int(self.by_coder.shape[-2])

    @property
    def values(self) -> int:
        """q, the number of values."""
        return int(self.coincidences.shape[-1])


class _Changed(Sums):
    """Sums whose arrays are changed when one is first asked for.

    A coefficient reads two or three of the eight: 1,000 replicates of alpha at 20 values take 1 ms so, 20 to 30 ms when
    all arrays are mixed.
    """

    _base: Sums
    _change: Callable[[Floats], Floats]

    def __init__(self, base: Sums, change: Callable[[Floats], Floats]) -> None:
        self.__dict__.update(_base=base, _change=change)

    def __getattr__(self, name: str) -> Floats:
        if name not in Sums.__dataclass_fields__:
            raise AttributeError(name)
        found: Floats = self._change(getattr(self._base, name))
        self.__dict__[name] = found
        return found


def assemble(tables: Floats, by_coder: Floats, units: Floats, m: Floats) -> Sums:
    """Sums of units that all have `m` raters; `m` and `units` broadcast over the leading axes.

    `tables` (…, p, q, q) counts pairs of coders, `by_coder` (…, r, q) each coder's values, `units` (…) the weight.
    """
    both_ways = tables.sum(axis=-3)
    both_ways = both_ways + np.swapaxes(both_ways, -1, -2)
    others = np.maximum(m - 1, 1)[..., None, None]
    raters = np.maximum(m, 1)
    return Sums(
        coincidences=both_ways / others,
        unit_pairs=both_ways / (others * raters[..., None, None]),
        pairs=both_ways,
        shares=by_coder.sum(axis=-2) / raters[..., None],
        by_coder=by_coder,
        tables=tables,
        rated=units * (m >= 1),
        paired=units * (m >= 2),
    )


def tally(ratings: Ints, values: int, group: Ints | None = None, groups: int = 1, weight: Floats | None = None) -> Sums:
    """Sums of a table of ratings, leading axis `groups`.

    `ratings` (r, units) holds value numbers below `values`, -1 where missing; `group` (units) numbers the sources.
    """
    if ratings.min(initial=0) >= 0:
        return _tally_equal(ratings, values, group, groups, weight, len(ratings))
    present = (ratings >= 0).sum(axis=0)
    total: Sums | None = None
    for m in np.unique(present):
        rows = np.flatnonzero(present == m)
        part = _tally_equal(
            ratings[:, rows],
            values,
            None if group is None else group[rows],
            groups,
            None if weight is None else weight[rows],
            int(m),
        )
        total = part if total is None else total + part
    assert total is not None  # a table with a missing rating has a unit
    return total


def _tally_equal(
    ratings: Ints,
    values: int,
    group: NDArray[np.generic] | None,
    groups: int,
    weight: NDArray[np.generic] | None,
    m: int,
) -> Sums:
    """`tally` of units that all have `m` ratings, in pieces that stay in the cache."""
    coders, units = ratings.shape
    pairs = list(combinations(range(coders), 2)) if m > 1 else []
    tables = np.zeros((coders * (coders - 1) // 2, groups * values * values))
    by_coder = np.zeros((coders, groups * values))
    weights = np.zeros(groups)
    for start in range(0, units, PIECE):
        piece = slice(start, start + PIECE)
        rated = ratings[:, piece]
        w = None if weight is None else weight[piece]
        at = np.zeros(rated.shape[1], np.intp) if group is None else group[piece].astype(np.intp)
        weights += np.bincount(at, weights=w, minlength=groups)
        for coder in range(coders):
            by_coder[coder] += _count(rated[coder], at * values, w, groups * values)
        for p, (g, h) in enumerate(pairs):
            tables[p] += _count_both(rated[g], rated[h], at, w, values, groups)
    shaped = tables.reshape(len(tables), groups, values, values).swapaxes(0, 1)
    marginals = by_coder.reshape(coders, groups, values).swapaxes(0, 1)
    return assemble(shaped, marginals, weights, np.full(groups, float(m)))


def _count(rating: Ints, at: Ints, weight: NDArray[np.generic] | None, size: int) -> Floats:
    """How often each (group, value) occurs, by weight; missing ratings count nowhere."""
    if rating.min(initial=0) < 0:
        seen = rating >= 0
        rating, at, weight = rating[seen], at[seen], None if weight is None else weight[seen]
    return np.bincount(at + rating, weights=weight, minlength=size).astype(np.float64)


def _count_both(
    first: Ints, second: Ints, at: Ints, weight: NDArray[np.generic] | None, values: int, groups: int
) -> Floats:
    """How often each (group, value, value) occurs among units both coders rated."""
    if min(first.min(initial=0), second.min(initial=0)) < 0:
        seen = (first >= 0) & (second >= 0)
        first, second, at = first[seen], second[seen], at[seen]
        weight = None if weight is None else weight[seen]
    key = (at * values + first) * values + second
    return np.bincount(key, weights=weight, minlength=groups * values * values).astype(np.float64)


def tally_counts(counts: Floats, weight: Floats | None = None) -> Sums:
    """Sums of units of which only the number of ratings per value is known (units, q); coders are not told apart.

    The leading axis has length 1; `by_coder` and `tables` are empty, so what needs coders is undefined.
    """
    n = np.asarray(counts, np.float64)
    w = np.ones(len(n)) if weight is None else weight
    m = n.sum(axis=1)
    others, raters = np.maximum(m - 1, 1), np.maximum(m, 1)
    values = n.shape[1]

    def ordered(scale: Floats) -> Floats:
        return (n * (w * scale)[:, None]).T @ n - np.diag((n * (w * scale)[:, None]).sum(axis=0))

    two = (m >= 2).astype(np.float64)
    return Sums(
        coincidences=ordered(two / others)[None],
        unit_pairs=ordered(two / (others * raters))[None],
        pairs=ordered(two)[None],
        shares=(n * (w / raters)[:, None]).sum(axis=0)[None],
        by_coder=np.zeros((1, 0, values)),
        tables=np.zeros((1, 0, values, values)),
        rated=np.array([(w * (m >= 1)).sum()]),
        paired=np.array([(w * two).sum()]),
    )


def ratio(part: Floats, whole: Floats, defined: Bools) -> Floats:
    """part / whole where `defined`, NaN elsewhere; shapes broadcast."""
    shape = np.broadcast_shapes(np.shape(part), np.shape(whole), np.shape(defined))
    found = np.full(shape, np.nan)
    np.divide(part, whole, out=found, where=np.broadcast_to(defined, shape))
    return found


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The total, then the total without each group in turn: (groups, …) to (1 + groups, …).

    With `times` (groups) a group stands for so many equal ones, and one of them is left out.
    """

    times: Floats | None = None

    def __call__(self, by_group: Floats) -> Floats:
        total = by_group.sum(axis=0)[None]
        return np.concatenate([total, total - self.one(by_group)])

    def one(self, by_group: Floats) -> Floats:
        """What leaves when one goes: the group, or its share."""
        if self.times is None:
            return by_group
        return np.asarray(by_group / self.times.reshape(-1, *(1,) * (by_group.ndim - 1)))


replicates = LeaveOut()
"""Leave out each group in turn."""


def regroup(by_group: Floats, group: Ints, groups: int) -> Floats:
    """Sums of finer groups (n, …) added up to coarser ones: `group` (n) says which, (groups, …) comes back."""
    total = np.zeros((groups, *by_group.shape[1:]))
    np.add.at(total, group, by_group)
    return total
