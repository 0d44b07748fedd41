"""Krippendorff's alpha_U of 1995 and 2004, which the u-alpha family of 2016 succeeds; for figures that others printed.

Code by code, codes may overlap. A coder's units of a code and the gaps between them are sections of a text of L code
points, coded by m coders. The difference of two sections of different coders is (b - b')^2 + (e - e')^2 where both are
units and overlap, l^2 where a unit of length l lies within a gap, else 0. Observed disagreement is its sum over all
ordered pairs / (m (m - 1) L^2); with N units of the code, expected is

    2 / L  sum over units [ (N - 1) (2 l^3 - 3 l^2 + l) / 3  +  l^2 sum over gaps as long (l_gap - l + 1) ]
           / ( m L (m L - 1) - sum over units l (l - 1) )

(Krippendorff 1995, Sociological Methodology 25; 2004, Content Analysis, 2nd ed., p. 251-256). Over codes both are
added up. The expectation is of one text; over several it is not defined, and so not printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from qualcode.agreement.figures import Doubt, Name, row
from qualcode.agreement.measures import FEWER_THAN_TWO, NO_VARIATION
from qualcode.agreement.scoring import unused
from qualcode.agreement.sums import Floats
from qualcode.agreement.view import View
from qualcode.model import Measure

NAME = "alpha_U_1995_2004"
ONE_TEXT = "defined for one text: name it with --source; u_alpha takes several"


def older_figures(view: View, doubt: Doubt, codebook: str) -> Iterator[Measure]:
    """alpha_U of each code and of all, of a view by character; n counts code points."""
    length = float(view.weight.sum())
    parts = {code: _disagreements(view, at, length) for at, code in enumerate(view.codes)}
    whole = (sum(part[0] for part in parts.values()), sum(part[1] for part in parts.values()))
    for code, (observed, expected) in [*parts.items(), (None, whole)]:
        several = len(view.sources) > 1
        value = 1 - observed / expected if expected > 0 and not several else np.nan
        why = ONE_TEXT if several else _why(view, code)
        used = np.ones(1, bool)
        yield row(Name(NAME, code, codebook), (np.array([value, np.nan]),), used, round(length), doubt, why=why)


def _why(view: View, code: str | None) -> str:
    """Why a figure of one text may be undefined."""
    if int(view.present.any(axis=0).sum()) < 2:
        return FEWER_THAN_TWO
    given = view.runs[:, 3] == view.codes.index(code) if code is not None else np.ones(len(view.runs), bool)
    return NO_VARIATION if given.any() else unused(view)


def _disagreements(view: View, code: int, length: float) -> tuple[float, float]:
    """Observed and expected disagreement of one code; both 0 where nobody gave it, or no text is without it."""
    edge = np.concatenate([[0.0], np.cumsum(view.weight)])
    first, behind, rater, at = view.runs.T
    raters = np.flatnonzero(view.looked[:, :, code].any(axis=0)) if len(view.looked) else np.zeros(0, np.intp)
    units = [_sorted(edge[first[mine]], edge[behind[mine]]) for mine in ((rater == g) & (at == code) for g in raters)]
    gaps = [_gaps(marked, length) for marked in units]
    every = np.concatenate([_lengths(marked) for marked in units] or [np.zeros(0)])
    free = np.concatenate([_lengths(gap) for gap in gaps] or [np.zeros(0)])
    m = len(raters)
    if m < 2 or not len(every) or not free.sum():
        return 0.0, 0.0
    observed = sum(_apart(units[g], units[h], gaps[h]) for g, h in permutations(range(m), 2))
    cubes = (len(every) - 1) / 3 * (2 * every**3 - 3 * every**2 + every)
    chances = (cubes + every**2 * _room(every, free)).sum()
    ways = m * length * (m * length - 1) - (every * (every - 1)).sum()
    return observed / (m * (m - 1) * length**2), float(2 / length * chances / ways)


def _sorted(start: Floats, end: Floats) -> Floats:
    return np.stack([np.sort(start), np.sort(end)], axis=1)


def _lengths(sections: Floats) -> Floats:
    return np.asarray(sections[:, 1] - sections[:, 0])


def _gaps(units: Floats, length: float) -> Floats:
    """What lies between units that are sorted and apart: (gaps, 2)."""
    bounds = np.concatenate([[0.0], units.ravel(), [length]]).reshape(-1, 2)
    return np.asarray(bounds[bounds[:, 1] > bounds[:, 0]])


def _apart(units: Floats, others: Floats, gaps: Floats) -> float:
    """The differences of one coder's units from another's sections. A unit in a gap counts twice, once for the ordered
    pair of the gap with it, which the other direction does not see.
    """
    start, end = units.T
    low = np.searchsorted(others[:, 1], start, "right")
    meets = np.maximum(np.searchsorted(others[:, 0], end, "left") - low, 0)
    one = np.repeat(np.arange(len(units)), meets)
    two = np.arange(len(one)) - np.repeat(np.cumsum(meets) - meets, meets) + low[one]
    moved = ((units[one] - others[two]) ** 2).sum()
    if not len(gaps):
        return float(moved)
    gap = np.maximum(np.searchsorted(gaps[:, 0], start, "right") - 1, 0)
    inside = (gaps[gap, 0] <= start) & (end <= gaps[gap, 1])
    return float(moved + 2 * (_lengths(units)[inside] ** 2).sum())


def _room(units: Floats, gaps: Floats) -> Floats:
    """How many places each unit has in all gaps at least as long as itself: lengths (n) and (m) to (n)."""
    longest_first = np.sort(gaps)[::-1]
    held = np.searchsorted(-longest_first, -units, "right")
    total = np.concatenate([[0.0], np.cumsum(longest_first)])[held]
    return np.asarray(total - held * (units - 1))
