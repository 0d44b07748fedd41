"""Agreement beyond chance: (observed - expected) / (1 - expected), told apart by what chance is.

With missing ratings after Gwet 2014: shares of values from every unit with at least one rating, agreement from every
unit with at least two. `weights` (q, q) credit near misses; None is all or nothing. All map `Sums` (…) to (…), NaN
where expected agreement is complete, so that nothing beyond it can be seen.
"""

from __future__ import annotations

import numpy as np

from qualcode.agreement.percent import agreed, pct_unit_mean, share
from qualcode.agreement.sums import Floats, Sums, ratio


def beyond_chance(observed: Floats, expected: Floats) -> Floats:
    """(observed - expected) / (1 - expected); NaN where expected is 1 within 1e-12."""
    return ratio(observed - expected, 1 - expected, 1 - expected > 1e-12)


def _outer(first: Floats, second: Floats) -> Floats:
    return np.asarray(first[..., :, None] * second[..., None, :])


def _shares(sums: Sums) -> Floats:
    """pi (…, q): the mean over units of the share of raters who gave each value."""
    return share(sums.shares, sums.rated[..., None])


def _where_varied(sums: Sums, figure: Floats) -> Floats:
    """`figure` where two values or more occur among ratings that have a partner, else NaN.

    What one coder alone gave makes chance less than complete; it is no variation to agree about.
    """
    varied = (sums.coincidences.sum(axis=-1) > 1e-9).sum(axis=-1) > 1
    return np.where(varied, figure, np.nan)


def fleiss_kappa(sums: Sums, weights: Floats | None = None) -> Floats:
    """Chance: two draws from all coders' values together (Fleiss 1971; missing ratings after Gwet 2014)."""
    pi = _shares(sums)
    return _where_varied(sums, beyond_chance(pct_unit_mean(sums, weights), agreed(_outer(pi, pi), weights)))


def conger_kappa(sums: Sums, weights: Floats | None = None) -> Floats:
    """Chance: two different coders' own shares (Conger 1980; missing ratings after Gwet 2014).

    expected = sum w_kl (mean p_k mean p_l - s_kl / r), s_kl the covariance over the r coders who rated anything.
    """
    rated = sums.by_coder.sum(axis=-1)
    active = (rated > 1e-9)[..., None]
    r = active.sum(axis=-2)
    p = np.where(active, share(sums.by_coder, rated[..., None]), 0)
    mean = share(p.sum(axis=-2), r * 1.0)
    off = np.where(active, p - mean[..., None, :], 0)
    covariance = np.einsum("...gk,...gl->...kl", off, off) / np.maximum(r - 1, 1)[..., None]
    chances = _outer(mean, mean) - covariance / np.maximum(r, 1)[..., None]
    return _where_varied(sums, beyond_chance(pct_unit_mean(sums, weights), agreed(chances, weights)))


def brennan_prediger(sums: Sums, weights: Floats | None = None) -> Floats:
    """Chance: all q values equally likely (Brennan & Prediger 1981); q is the codebook's, used or not.

    NaN where fewer than two values were used, which is no variation, whatever the formula's 1.0 says.
    """
    q = sums.values
    chance = (1 / q if weights is None else weights.sum() / q**2) if q else np.nan
    return _where_varied(sums, beyond_chance(pct_unit_mean(sums, weights), np.broadcast_to(chance, sums.paired.shape)))


def randolph_kappa(sums: Sums) -> Floats:
    """Free-marginal kappa of many coders (Randolph 2005): the same chance as Brennan and Prediger's."""
    return brennan_prediger(sums)


def gwet_ac1(sums: Sums) -> Floats:
    """Chance: the share of units hard to rate, sum pi (1 - pi) / (q - 1) (Gwet 2008)."""
    return gwet_ac2(sums, None)


def gwet_ac2(sums: Sums, weights: Floats | None) -> Floats:
    """AC1 with credit for near misses: expected = T / (q (q - 1)) sum pi (1 - pi), T the sum of weights.

    NaN where fewer than two values were used, which is no variation, whatever the formula's 1.0 says.
    """
    pi, q = _shares(sums), sums.values
    if q < 2:
        return np.full(sums.paired.shape, np.nan)
    total = float(q) if weights is None else weights.sum()
    spread = (pi * (1 - pi)).sum(axis=-1)
    return _where_varied(sums, beyond_chance(pct_unit_mean(sums, weights), total / (q * (q - 1)) * spread))


def pairwise(sums: Sums, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Observed and expected agreement of every pair of coders (…, p), on the units both rated (Cohen 1960)."""
    total = sums.tables.sum(axis=(-2, -1))
    cells = share(sums.tables, total[..., None, None])
    chances = _outer(cells.sum(axis=-1), cells.sum(axis=-2))
    return agreed(cells, weights), agreed(chances, weights)


def cohen_kappa(sums: Sums, weights: Floats | None = None) -> Floats:
    """Two coders, each with their own shares (Cohen 1960, 1968 with weights); NaN for more or fewer."""
    if sums.tables.shape[-3] != 1:
        return np.full(sums.paired.shape, np.nan)
    return light_kappa(sums, weights)


def light_kappa(sums: Sums, weights: Floats | None = None) -> Floats:
    """Mean of Cohen's kappa over all pairs of coders (Light 1971); NaN when one pair has none."""
    if sums.tables.shape[-3] == 0:
        return np.full(sums.paired.shape, np.nan)
    observed, expected = pairwise(sums, weights)
    return np.asarray(beyond_chance(observed, expected).mean(axis=-1))


def hubert_kappa(sums: Sums) -> Floats:
    """Mean observed against mean expected agreement over pairs of coders (Hubert 1977)."""
    if sums.tables.shape[-3] == 0:
        return np.full(sums.paired.shape, np.nan)
    observed, expected = pairwise(sums)
    return beyond_chance(observed.mean(axis=-1), expected.mean(axis=-1))


def scott_pi(sums: Sums) -> Floats:
    """Two coders, chance from both together (Scott 1955), on the units both rated; NaN for more or fewer."""
    if sums.tables.shape[-3] != 1:
        return np.full(sums.paired.shape, np.nan)
    total = sums.tables[..., 0, :, :].sum(axis=(-2, -1))
    cells = share(sums.tables[..., 0, :, :], total[..., None, None])
    pi = (cells.sum(axis=-1) + cells.sum(axis=-2)) / 2
    return beyond_chance(agreed(cells), (pi**2).sum(axis=-1))


def bennett_s(sums: Sums) -> Floats:
    """Two coders, all q values equally likely (Bennett, Alpert & Goldstein 1954); NaN for more or fewer."""
    if sums.tables.shape[-3] != 1:
        return np.full(sums.paired.shape, np.nan)
    return brennan_prediger(sums)


def pooled_kappa(sums: Sums) -> Floats:
    """One Cohen's kappa for many codes: mean observed against mean expected (De Vries et al. 2008).

    The last leading axis (codes) is consumed: (…, codes) to (…). More coders: means over pairs too. A code nobody
    used has observed = expected = 1 and moves neither sum.
    """
    if sums.tables.shape[-3] == 0:
        return np.full(sums.paired.shape[:-1], np.nan)
    observed, expected = pairwise(sums)
    known = ~np.isnan(observed)
    gain = np.where(known, observed - expected, 0).sum(axis=(-2, -1))
    room = np.where(known, 1 - expected, 0).sum(axis=(-2, -1))
    return ratio(gain, room, room > 1e-12)
