"""Do coders cut the text in the same places? Boundary similarity and WindowDiff.

A boundary is a place between two units, numbered by how many units lie before it. Boundary similarity (Fournier 2013)
counts matches, near misses and what only one coder has:

    B = 1 - (only one's + sum of near misses' weights) / (only one's + near misses + matches)

A near miss is at most n - 1 places off (n = 2 by default) and weighs its distance / n. WindowDiff (Pevzner & Hearst
2002) is the share of windows, half a mean segment long, that hold different numbers of boundaries; it is no
similarity (0 is best) and takes one coder for the truth, so two coders get the mean of both directions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from qualcode.agreement.figures import Doubt, Name, row
from qualcode.agreement.measures import FEWER_THAN_TWO
from qualcode.agreement.percent import share
from qualcode.agreement.sums import Floats, Ints, LeaveOut
from qualcode.agreement.view import View
from qualcode.model import Measure

NEAR = 2
NONE_CUT = "no coder used this code, so there is no boundary"
NAMES = ("boundary_similarity", "windowdiff")


def edit_counts(first: Sequence[int], second: Sequence[int], near: int = NEAR) -> tuple[float, float]:
    """The two terms of boundary similarity's fraction, from sorted, distinct boundaries of two coders."""
    one, two = sorted(set(first) - set(second)), sorted(set(second) - set(first))
    matches = len(set(first) & set(second))
    misses = _near_misses(one, two, near)
    alone = len(one) + len(two) - 2 * len(misses)
    return alone + sum(misses) / near, float(alone + len(misses) + matches)


def _near_misses(one: list[int], two: list[int], near: int) -> list[int]:
    """Distances of boundaries paired off, nearest first, none twice."""
    pairs = sorted(
        (abs(a - b), a, b) for a in one for b in two[bisect_right(two, a - near) : bisect_right(two, a + near - 1)]
    )
    taken: set[tuple[int, int]] = set()
    found = []
    for distance, a, b in pairs:
        if (0, a) not in taken and (1, b) not in taken:
            taken |= {(0, a), (1, b)}
            found.append(distance)
    return found


def boundary_similarity(first: Sequence[int], second: Sequence[int], near: int = NEAR) -> float | None:
    """B of two coders' boundaries; None where neither has any."""
    edits, whole = edit_counts(first, second, near)
    return 1 - edits / whole if whole else None


def beyond_chance_b(first: Sequence[int], second: Sequence[int], units: int, *, pooled: bool) -> float | None:
    """B corrected for chance (Fournier 2013): Scott's pi when `pooled`, else Cohen's kappa, over `units` - 1 places."""
    similarity, places = boundary_similarity(first, second), units - 1
    if similarity is None or places < 1:
        return None
    a, b = len(set(first)) / places, len(set(second)) / places
    expected = ((a + b) / 2) ** 2 if pooled else a * b
    return (similarity - expected) / (1 - expected) if expected < 1 else None


def window_counts(
    reference: Sequence[int], other: Sequence[int], units: int, window: int | None = None
) -> tuple[int, int]:
    """How many windows differ in their number of boundaries, and how many there are.

    `window` None: half the mean segment of the reference, rounded, and at least 2 (as segeval has it): a window of one
    place knows no near miss.
    """
    if window is None:
        window = max(2, round(units / (len(set(reference)) + 1) / 2))
    windows = units - window
    if windows < 1:
        return 0, 0
    return int((_held(reference, windows, window) != _held(other, windows, window)).sum()), windows


def _held(boundaries: Sequence[int], windows: int, window: int) -> Ints:
    """How many boundaries lie in (i, i + window] for each window i."""
    at = np.array(sorted(set(boundaries)), np.intp)
    start = np.arange(windows)
    return np.asarray(np.searchsorted(at, start + window, "right") - np.searchsorted(at, start, "right"))


def window_diff(reference: Sequence[int], other: Sequence[int], units: int, window: int | None = None) -> float | None:
    """The share of windows that differ; None where the text is no longer than a window."""
    different, windows = window_counts(reference, other, units, window)
    return different / windows if windows else None


def boundary_figures(view: View, doubt: Doubt, names: Sequence[str], codebook: str) -> Iterator[Measure]:
    """Both figures of each code: its boundaries are where runs of units that carry it begin and end.

    Sources and pairs of coders are added up before dividing. Needs groups that are sources.
    """
    for at, code in enumerate(view.codes):
        sums = {name: np.zeros((len(view.sources), 2)) for name in NAMES}
        for source in range(len(view.sources)):
            _add(view, source, at, sums)
        for name in names:
            figures = share(LeaveOut()(sums[name][:, 0]), LeaveOut()(sums[name][:, 1]))
            figures = figures if name == "windowdiff" else 1 - figures
            used = sums[name][:, 1] > 0
            n = round(float(sums[name][:, 1].sum()))
            yield row(Name(name, code, codebook), (figures,), used, n, doubt, lowest=0, why=_why(view, at))


def _why(view: View, code: int) -> str:
    return NONE_CUT if len(view.raters) > 1 and view.sources and view.looked[:, :, code].any() else FEWER_THAN_TWO


def _add(view: View, source: int, code: int, sums: dict[str, Floats]) -> None:
    """Add one source's terms for one code, over all pairs of raters who looked for it."""
    groups = np.flatnonzero(view.group_source == source)
    atoms = np.flatnonzero(np.isin(view.group, groups))
    if not len(atoms):
        return
    units = int(view.weight[atoms].sum())
    raters = np.flatnonzero(view.looked[groups[0], :, code])
    cuts = {int(rater): _boundaries(view, atoms, int(rater), code) for rater in raters}
    for g, h in combinations(cuts, 2):
        if cuts[g] or cuts[h]:
            sums["boundary_similarity"][source] += edit_counts(cuts[g], cuts[h])
            for one, two in ((g, h), (h, g)):
                sums["windowdiff"][source] += window_counts(cuts[one], cuts[two], units)


def _boundaries(view: View, atoms: Ints, rater: int, code: int) -> list[int]:
    """Where runs of marked units begin and end inside a source, in units from its start."""
    marked = view.marks[atoms, rater, code].astype(np.int8)
    behind = np.cumsum(view.weight[atoms]).astype(np.intp)
    return [int(place) for place in behind[:-1][np.diff(marked) != 0]]
