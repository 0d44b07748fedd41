"""How near two different values are: Gwet's agreement weights and Krippendorff's difference functions.

Weights are 1 for equal values and fall to 0; differences are 0 for equal values. Both are (q, q).
Sources: Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed., ch. 3; Krippendorff 2019, *Content Analysis*,
4th ed., ch. 12. Gwet's ordinal weights are not Krippendorff's ordinal differences (.834 against .815 on one table).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np

from qualcode.agreement.request import known_word
from qualcode.agreement.sums import Floats, ratio

Scheme = Literal["identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"]
SCHEMES: tuple[str, ...] = get_args(Scheme)


def weight_matrix(scheme: str, values: Floats) -> Floats:
    """Gwet's weights of `scheme` between the numeric `values` (q), ascending; raises UsageError for an unknown one."""
    known_word("weights", scheme, SCHEMES)
    if scheme == "identity" or len(values) < 2:
        return np.eye(len(values))
    return _WEIGHTS[scheme](values)


def _gap(values: Floats) -> Floats:
    return np.asarray(np.abs(values[:, None] - values[None, :]))


def _linear(values: Floats) -> Floats:
    return 1 - _gap(values) / np.ptp(values)


def _quadratic(values: Floats) -> Floats:
    return 1 - (_gap(values) / np.ptp(values)) ** 2


def _radical(values: Floats) -> Floats:
    return 1 - np.sqrt(_gap(values) / np.ptp(values))


def _ordinal(values: Floats) -> Floats:
    """1 - C(|rank gap| + 1, 2) / its maximum."""
    steps = _gap(np.arange(len(values), dtype=np.float64))
    between = steps * (steps + 1) / 2
    return _scaled(between)


def _ratio(values: Floats) -> Floats:
    """1 - ((k - l) / (k + l))^2 / its maximum."""
    return _scaled(_ratio_gap(values))


def _circular(values: Floats) -> Floats:
    """1 - sin(pi (k - l) / U)^2 / its maximum, U = max - min + 1."""
    return _scaled(np.sin(np.pi * _gap(values) / (np.ptp(values) + 1)) ** 2)


def _bipolar(values: Floats) -> Floats:
    """1 - (k - l)^2 / ((k + l - 2 min)(2 max - k - l)) / its maximum."""
    total = values[:, None] + values[None, :]
    reach = (total - 2 * values.min()) * (2 * values.max() - total)
    squared = _gap(values) ** 2
    return _scaled(np.nan_to_num(ratio(squared, reach, reach > 0)))


def _scaled(difference: Floats) -> Floats:
    top = difference.max()
    return 1 - difference / top if top > 0 else np.ones_like(difference)


def _ratio_gap(values: Floats) -> Floats:
    total = np.abs(values[:, None] + values[None, :])
    return np.asarray(np.nan_to_num(ratio(_gap(values), total, total > 0)) ** 2)


_WEIGHTS: dict[str, Callable[[Floats], Floats]] = {
    "linear": _linear,
    "quadratic": _quadratic,
    "ordinal": _ordinal,
    "radical": _radical,
    "ratio": _ratio,
    "circular": _circular,
    "bipolar": _bipolar,
}


def ordinal_difference(frequencies: Floats) -> Floats:
    """(sum of n_g from c to k - (n_c + n_k) / 2)^2, Krippendorff 2019, ch. 12; from frequencies (…, q)."""
    ranks = np.cumsum(frequencies, axis=-1) - frequencies / 2
    return np.asarray((ranks[..., :, None] - ranks[..., None, :]) ** 2)


def interval_difference(values: Floats) -> Floats:
    """(c - k)^2."""
    return np.asarray(_gap(values) ** 2)


def ratio_difference(values: Floats) -> Floats:
    """((c - k) / (c + k))^2."""
    return _ratio_gap(values)
