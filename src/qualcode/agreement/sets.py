"""Units that carry a set of codes: distances between sets, and Krippendorff's alpha over them.

Two empty sets are equal, an empty and a filled one differ wholly. MASI weighs Jaccard by how the sets lie: M is 1
for equal sets, 2/3 when one holds the other, 1/3 when they overlap, 0 when they do not (Passonneau 2006; other
versions with .67 and .33 are in circulation: these are exact thirds).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qualcode.agreement.alpha import alpha_of
from qualcode.agreement.percent import share
from qualcode.agreement.sums import Bools, Floats, Ints, LeaveOut, Mix, ratio, regroup, replicates

DISTANCES = ("masi", "jaccard", "dice", "exact")
LARGE = 128
"""Sets larger than this have no table of distances (it would hold LARGE^3 cells, 16 MB)."""


def distance_matrix(first: Bools, second: Bools, distance: str) -> Floats:
    """Distances (n, m) between the sets given as rows of `first` (n, codes) and `second` (m, codes)."""
    common = first.astype(np.float32) @ second.astype(np.float32).T
    return _look_up(common.astype(np.intp), first.sum(axis=1)[:, None], second.sum(axis=1)[None, :], distance)


def distances_of_pairs(first: Bools, second: Bools, distance: str) -> Floats:
    """Distances (n) between the sets in the same row of `first` and `second`, both (n, codes)."""
    return _look_up((first & second).sum(axis=1), first.sum(axis=1), second.sum(axis=1), distance)


def _look_up(common: Ints, first: Ints, second: Ints, distance: str) -> Floats:
    """Distances by how many codes sets share and hold: a table of few cells against formulas over millions."""
    sizes = int(max(first.max(initial=0), second.max(initial=0))) + 1
    if sizes > LARGE:
        return set_distance(common.astype(float), first.astype(float), second.astype(float), distance)
    shared, a, b = np.ogrid[0.0:sizes, 0.0:sizes, 0.0:sizes]
    table = set_distance(shared, a, b, distance).ravel()
    return np.asarray(table[(common * sizes + first) * sizes + second])


def set_distance(common: Floats, first: Floats, second: Floats, distance: str) -> Floats:
    """The distance of two sets of `first` and `second` codes that have `common` of them in common."""
    equal = (common == first) & (common == second)
    if distance == "exact":
        return np.asarray(~equal, np.float64)
    together = first + second
    if distance == "dice":
        return np.asarray(1 - np.nan_to_num(ratio(2 * common, together, together > 0), nan=1.0))
    either = together - common
    jaccard = np.nan_to_num(ratio(common, either, either > 0), nan=1.0)
    if distance == "jaccard":
        return np.asarray(1 - jaccard)
    holds = (common == np.minimum(first, second)) & (common > 0)
    return np.asarray(1 - jaccard * np.select([equal, holds, common > 0], [1.0, 2 / 3, 1 / 3], 0.0))


def number_sets(marks: Bools) -> tuple[Ints, Bools]:
    """Each row of `marks` (n, codes) as the number of its set, and the sets (sets, codes) in that order."""
    ids = np.zeros(len(marks), np.int64)
    for start in range(0, marks.shape[1], 31):
        bits = marks[:, start : start + 31] @ (1 << np.arange(min(31, marks.shape[1] - start), dtype=np.int64))
        _, ids = np.unique((ids << 31) | bits, return_inverse=True)
    _, first, numbers = np.unique(ids, return_index=True, return_inverse=True)
    return numbers.astype(np.intp), marks[first]


@dataclass(frozen=True, slots=True)
class SetSums:
    """Additive sums of set-valued units; axis 0 is the group.

    observed[distance] (groups) is sum of w d / (m - 1) over ordered pairs of raters; frequencies (groups, sets) the
    weight of each set among pairable ratings; same (groups) sum of w times the share of equal pairs; paired (groups).
    """

    observed: dict[str, Floats]
    frequencies: Floats
    same: Floats
    paired: Floats
    members: Bools


def tally_sets(
    sets: Ints,
    members: Bools,
    group: Ints,
    groups: int,
    weight: Floats,
    distances: tuple[str, ...] = DISTANCES,
) -> SetSums:
    """Sums of `sets` (r, units), numbers of rows of `members`, -1 where missing."""
    present = sets >= 0
    m = present.sum(axis=0)
    others = weight / np.maximum(m - 1, 1)
    observed = {name: np.zeros(groups) for name in distances}
    same = np.zeros(groups)
    for g, h in combinations(range(len(sets)), 2):
        seen = np.flatnonzero(present[g] & present[h])
        a, b, at, w = sets[g, seen], sets[h, seen], group[seen], others[seen]
        same += np.bincount(at, weights=2 * w * (a == b) / m[seen], minlength=groups)
        for name in distances:
            apart = distances_of_pairs(members[a], members[b], name)
            observed[name] += np.bincount(at, weights=2 * w * apart, minlength=groups)
    paired = np.bincount(group, weights=weight * (m >= 2), minlength=groups).astype(np.float64)
    return SetSums(observed, _frequencies(sets, m, group, groups, weight, len(members)), same, paired, members)


def _frequencies(sets: Ints, m: Ints, group: Ints, groups: int, weight: Floats, count: int) -> Floats:
    """How often each set occurs (groups, sets) among ratings that have a partner, by weight."""
    total = np.zeros(groups * count)
    for row in sets:
        seen = np.flatnonzero((row >= 0) & (m >= 2))
        total += np.bincount(group[seen] * count + row[seen], weights=weight[seen], minlength=groups * count)
    return total.reshape(groups, count)


def alpha_set(sums: SetSums, distance: str, mix: Mix = replicates) -> Floats:
    """Set-valued alpha of every replicate that `mix` makes of the groups; by default the total, then without each."""
    if isinstance(mix, LeaveOut):
        expected = _expected_without_each(sums.frequencies, sums.members, distance, mix)
    else:
        expected = _expected(mix(sums.frequencies), sums.members, distance)
    return alpha_of(mix(sums.observed[distance]), expected, mix(sums.frequencies).sum(axis=1))


BLOCK = 512
"""Sets whose distances to all others are held at a time: 12 MB at 3,000 distinct sets."""


def _expected(frequencies: Floats, members: Bools, distance: str) -> Floats:
    """Sum of n_a n_b d_ab over all pairs of sets, for each row of `frequencies` (replicates, sets)."""
    total = np.zeros(len(frequencies))
    for start in range(0, len(members), BLOCK):
        piece = slice(start, start + BLOCK)
        near = distance_matrix(members[piece], members, distance)
        total += ((frequencies[:, piece] @ near) * frequencies).sum(axis=1)
    return total


def _expected_without_each(frequencies: Floats, members: Bools, distance: str, mix: LeaveOut = replicates) -> Floats:
    """`_expected` of the total and without each group: total - 2 (group against all) + group against itself.

    A group holds few of all sets, so this costs sets^2 instead of groups x sets^2.
    """
    whole = frequencies.sum(axis=0)
    reach = np.zeros(len(members))
    for start in range(0, len(members), BLOCK):
        piece = slice(start, start + BLOCK)
        reach[piece] = distance_matrix(members[piece], members, distance) @ whole
    one = mix.one(frequencies)
    own = np.zeros(len(frequencies))
    for group, counts in enumerate(one):
        held = np.flatnonzero(counts)
        own[group] = counts[held] @ distance_matrix(members[held], members[held], distance) @ counts[held]
    total = whole @ reach
    return np.concatenate([[total], total - 2 * (one @ reach) + own])


def regroup_sets(sums: SetSums, group: Ints, groups: int) -> SetSums:
    """The sums of coarser groups: `group` (groups) numbers the new ones."""
    return SetSums(
        {name: regroup(amounts, group, groups) for name, amounts in sums.observed.items()},
        regroup(sums.frequencies, group, groups),
        regroup(sums.same, group, groups),
        regroup(sums.paired, group, groups),
        sums.members,
    )


def pct_same_set(sums: SetSums, mix: Mix = replicates) -> Floats:
    """Share of pairs of coders who gave a unit the very same set, mean over units, per replicate."""
    return share(mix(sums.same), mix(sums.paired))
