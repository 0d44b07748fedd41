"""How many units two coders must share before a figure can be told from the least acceptable one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import NormalDist

from qualcode.errors import UsageError
from qualcode.model import Agreement

FLOORS = (0.667, 0.8)


@dataclass(frozen=True, slots=True)
class Plan:
    """`units` to be coded by both coders, for a code carried by a share `prevalence` of units."""

    units: int
    alpha: float
    prevalence: float
    significance: float


def plan(alpha: float, prevalence: float, significance: float = 0.05) -> Plan:
    """The number of units to double-code so that alpha of at least `alpha` is not reached by chance.

    N = 2 z^2 [(1 + a)(3 - a) / (4 (1 - a) p (1 - p)) - a], z one-sided, rounded up (Bloch & Kraemer
    1989, as used by Krippendorff 2019). Raises UsageError for an alpha, share or level outside the open range (0, 1).
    """
    for name, value in (("alpha", alpha), ("share of units", prevalence), ("significance", significance)):
        if not 0 < value < 1:
            raise UsageError(f"a {name} of {value:g} has no plan", "give a number between 0 and 1")
    z = NormalDist().inv_cdf(1 - significance)
    spread = (1 + alpha) * (3 - alpha) / (4 * (1 - alpha) * prevalence * (1 - prevalence))
    return Plan(ceil(2 * z * z * (spread - alpha)), alpha, prevalence, significance)


def units_needed(share: float, floors: Sequence[float] = FLOORS, significance: float = 0.05) -> dict[str, object]:
    """The units for a code that a `share` of units carries, by the alpha to be told from chance."""
    return {f"units_for_{floor:.3f}": plan(floor, share, significance).units for floor in floors}


def plan_rows(
    agreement: Agreement, floors: Sequence[float] = FLOORS, significance: float = 0.05
) -> Iterator[dict[str, object]]:
    """For each code that was used: the share of units that carry it, how many are shared, and how many it takes.

    The share is the mean over coders, from the units compared so far; with none of them there is nothing to plan from.
    """
    for figure in agreement.measures:
        if figure.measure != "alpha_nominal" or figure.code is None or not figure.n:
            continue
        given = [count for name, count in figure.counts.items() if name.startswith("by ")]
        share = sum(given) / len(given) / figure.n if given else 0.0
        if not 0 < share < 1:
            continue
        needed = units_needed(share, floors, significance)
        yield {"code": figure.code, "codebook": figure.codebook, "share": share, "units": figure.n, **needed}
