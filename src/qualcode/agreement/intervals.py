"""How far a figure could be off: sources are resampled, never sentences or characters.

Delete-one jackknife: se^2 = (D - 1) / D sum (a(-d) - mean)^2 and a -/+ t(.975, D - 1) se, over D sources. Simulated
coverage is 92 to 95 % with three to five sources, where resampling sentences covers 65 to 89 %, characters 8 to 11 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualcode.agreement.sums import Bools, Floats


@dataclass(frozen=True, slots=True)
class Jackknife:
    """Standard error and bounds of one figure. `sources` is D, after leaving out those with nothing to compare."""

    se: float
    low: float
    high: float
    sources: int


def t_quantile(probability: float, freedom: int) -> float:
    """Student's t quantile."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


def jackknife(
    figures: Floats, used: Bools, times: Floats | None = None, lowest: float = -1.0, level: float = 0.95
) -> Jackknife | None:
    """The interval of `figures` (1 + groups): the total, then without each group in turn.

    `used` (groups) says which groups had anything to compare; `times` (groups) how many equal groups each stands
    for. None with fewer than three groups, when the figure is undefined without one of them, or
    when it is the same without any: perfect agreement on two codings is no proof of perfect agreement.
    """
    total, without = float(figures[0]), figures[1:][used]
    weight = np.ones(len(without)) if times is None else times[used]
    count = round(float(weight.sum()))
    if count < 3 or np.isnan(total) or np.isnan(without).any():
        return None
    mean = float((weight * without).sum()) / count
    se = float(np.sqrt((count - 1) / count * (weight * (without - mean) ** 2).sum()))
    if se < 1e-12:
        return None
    reach = t_quantile(0.5 + level / 2, count - 1) * se
    return Jackknife(se, max(min(lowest, total), total - reach), min(1.0, total + reach), count)


def below(floor: float, value: float, interval: Jackknife) -> float:
    """P(figure < floor) from the t distribution around `value`."""
    from scipy.special import stdtr

    return float(stdtr(interval.sources - 1, (floor - value) / interval.se))


def draws(times: Floats, replicates: int, seed: int) -> Floats:
    """How often one of each group is drawn in each replicate (replicates, groups), with replacement, seeded.

    `times` (groups) says how many equal ones each group stands for; as many are drawn as there are.
    """
    count = times.sum()
    generator = np.random.default_rng(seed)
    return generator.multinomial(round(float(count)), times / count, size=replicates).astype(np.float64)


def percentile(figures: Floats, level: float = 0.95) -> tuple[float, float] | None:
    """Percentile bounds of bootstrap `figures`; None when more than a tenth of them are undefined."""
    known = figures[~np.isnan(figures)]
    if len(known) < 0.9 * len(figures) or not len(known):
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
