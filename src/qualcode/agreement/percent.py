"""Agreement as it was seen, without correction for chance. Four definitions are in circulation; each has its name.

All functions map `Sums` with leading axes (…) to values (…); NaN where nothing can be compared.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from qualcode.agreement.sums import Floats, Sums, ratio


def share(part: Floats, whole: Floats) -> Floats:
    """part / whole, NaN where whole is nothing (less than 1e-9 of a unit: what subtraction leaves of zero)."""
    return ratio(part, whole, whole > 1e-9)


def agreed(matrix: Floats, weights: Floats | None = None) -> Floats:
    """Sum of the diagonal, or of all cells times `weights` (q, q)."""
    if weights is None:
        return np.asarray(np.trace(matrix, axis1=-2, axis2=-1))
    return np.asarray((matrix * weights).sum(axis=(-2, -1)))


def pct_unit_mean(sums: Sums, weights: Floats | None = None) -> Floats:
    """Mean over units with two or more ratings of the share of agreeing pairs (Fleiss 1971; Gwet 2014)."""
    return share(agreed(sums.unit_pairs, weights), sums.paired)


def pct_coincidence(sums: Sums) -> Floats:
    """1 - Krippendorff's nominal observed disagreement: sum of o_cc / n, so a unit counts by its ratings."""
    return share(agreed(sums.coincidences), sums.coincidences.sum(axis=(-2, -1)))


def pct_pairs_pooled(sums: Sums) -> Floats:
    """Agreeing pairs of ratings among all pairs of ratings, units pooled."""
    return share(agreed(sums.pairs), sums.pairs.sum(axis=(-2, -1)))


def holsti(sums: Sums) -> Floats:
    """2 M / (N1 + N2), mean over pairs of coders who share a unit (Holsti 1969): N counts what each rated at all.

    Where every coder rated every unit this is the percentage; units only one of two rated lower it.
    """
    rated = sums.by_coder.sum(axis=-1)
    pairs = list(combinations(range(sums.coders), 2))
    if not pairs or sums.tables.shape[-3] == 0:
        return np.full(sums.paired.shape, np.nan)
    shared = sums.tables.sum(axis=(-2, -1)) > 1e-9
    ratios = [
        np.where(shared[..., p], share(2 * agreed(sums.tables[..., p, :, :]), rated[..., g] + rated[..., h]), 0)
        for p, (g, h) in enumerate(pairs)
    ]
    return share(np.asarray(np.sum(ratios, axis=0)), shared.sum(axis=-1) * 1.0)


def holsti_of_shared(sums: Sums) -> Floats:
    """Holsti's percentage where N1 and N2 count what both rated: the mean over pairs of coders of their percentage.

    In a study a source that was given to one of two coders is no decision the other failed to make.
    """
    total = sums.tables.sum(axis=(-2, -1))
    shared = total > 1e-9
    ratios = np.where(shared, np.nan_to_num(share(agreed(sums.tables), total)), 0)
    return share(ratios.sum(axis=-1), shared.sum(axis=-1) * 1.0)


def specific_agreement(sums: Sums, value: int) -> Floats:
    """Of the ratings `value` in pairs, the share whose partner is `value` too: 2a / (2a + b + c) for two coders.

    Cicchetti & Feinstein 1990; for more coders Uebersax 1982: sum n (n - 1) / sum n (m - 1).
    """
    return share(sums.pairs[..., value, value], sums.pairs[..., value, :].sum(axis=-1))


def positive_agreement(sums: Sums) -> Floats:
    """Specific agreement on the presence of a code (value 1 of two)."""
    return specific_agreement(sums, 1)


def negative_agreement(sums: Sums) -> Floats:
    """Specific agreement on the absence of a code (value 0 of two)."""
    return specific_agreement(sums, 0)
