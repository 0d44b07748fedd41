"""Krippendorff's alpha for predefined units (Krippendorff 2019, ch. 12): 1 - observed / expected disagreement.

alpha = 1 - (n - 1) sum o_ck d_ck / sum n_c n_k d_ck, with coincidences o, frequencies n_c of pairable values, n their
sum. For spans cut to atoms, n counts code points, so the figure equals the one over all characters.
"""

from __future__ import annotations

import numpy as np

from qualcode.agreement.sums import Floats, Sums, ratio
from qualcode.agreement.weights import interval_difference, ordinal_difference, ratio_difference


def alpha_of(observed: Floats, expected: Floats, n: Floats) -> Floats:
    """1 - (n - 1) observed / expected; NaN where nothing varies.

    `observed` is sum o d, `expected` sum n_c n_k d, each (…), d at most 1. What is below 1e-12 of n^2 is nothing: a
    difference of sums leaves about 1e-16 of them.
    """
    return np.asarray(1 - ratio((n - 1) * observed, expected, expected > 1e-12 * n * n))


def _frequencies(sums: Sums) -> Floats:
    """n_c (…, q): how often each value occurs among ratings that have a partner."""
    return np.asarray(sums.coincidences.sum(axis=-1))


def _alpha(sums: Sums, difference: Floats) -> Floats:
    """Alpha with `difference` (q, q) or (…, q, q)."""
    frequencies = _frequencies(sums)
    largest = difference.max(axis=(-2, -1), initial=0.0)
    d = difference / np.where(largest > 0, largest, 1.0)[..., None, None]
    products = frequencies[..., :, None] * frequencies[..., None, :]
    observed, expected = ((matrix * d).sum(axis=(-2, -1)) for matrix in (sums.coincidences, products))
    return alpha_of(observed, expected, frequencies.sum(axis=-1))


def alpha_nominal(sums: Sums) -> Floats:
    """All differences count the same."""
    frequencies = _frequencies(sums)
    n = frequencies.sum(axis=-1)
    observed = n - np.trace(sums.coincidences, axis1=-2, axis2=-1)
    return alpha_of(observed, n * n - (frequencies**2).sum(axis=-1), n)


def alpha_ordinal(sums: Sums) -> Floats:
    """Differences by the ranks in between, which depend on the frequencies; Krippendorff's, not Gwet's, ordinal."""
    return _alpha(sums, ordinal_difference(_frequencies(sums)))


def alpha_interval(sums: Sums, values: Floats) -> Floats:
    """Squared numeric differences of the `values` (q)."""
    return _alpha(sums, interval_difference(values))


def alpha_ratio(sums: Sums, values: Floats) -> Floats:
    """Squared differences of the `values` (q) relative to their sums; for values not below zero."""
    return _alpha(sums, ratio_difference(values))


def alpha_weighted(sums: Sums, weights: Floats) -> Floats:
    """Alpha with the differences 1 - Gwet's `weights` (q, q)."""
    return _alpha(sums, 1 - weights)
