"""The table of contents: every figure by its name in JSON and `--measure`, what it needs, and why it may be n/a."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qualcode.agreement import alpha, kappa, percent
from qualcode.agreement.sums import Floats, Sums
from qualcode.agreement.weights import weight_matrix
from qualcode.errors import UsageError, nearest

Need = Literal["two coders", "coders", "binary", "numbers", "order", "declared"]
Figure = Callable[[Sums, Floats], Floats]
"""From `Sums` (…) and the numeric values (q) to figures (…), NaN where undefined."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One figure: its function, what its data must have, and the lowest value it can take."""

    figure: Figure
    needs: frozenset[Need] = frozenset()
    lowest: float = -1.0


def _plain(figure: Callable[[Sums], Floats], *needs: Need, lowest: float = -1.0) -> Coefficient:
    return Coefficient(lambda sums, _values: figure(sums), frozenset(needs), lowest)


def _scaled(figure: Callable[[Sums, Floats], Floats], *needs: Need) -> Coefficient:
    return Coefficient(figure, frozenset(needs))


def _weighted(figure: Callable[[Sums, Floats | None], Floats], scheme: str, *needs: Need) -> Coefficient:
    return Coefficient(lambda sums, values: figure(sums, weight_matrix(scheme, values)), frozenset({"numbers", *needs}))


COEFFICIENTS: Mapping[str, Coefficient] = {
    "pct_unit_mean": _plain(percent.pct_unit_mean, lowest=0),
    "pct_coincidence": _plain(percent.pct_coincidence, lowest=0),
    "pct_pairs_pooled": _plain(percent.pct_pairs_pooled, lowest=0),
    "holsti": _plain(percent.holsti, "coders", lowest=0),
    "positive_agreement": _plain(percent.positive_agreement, "binary", lowest=0),
    "negative_agreement": _plain(percent.negative_agreement, "binary", lowest=0),
    "alpha_nominal": _plain(alpha.alpha_nominal),
    "alpha_ordinal": _plain(alpha.alpha_ordinal, "numbers"),
    "alpha_interval": _scaled(alpha.alpha_interval, "numbers"),
    "alpha_ratio": _scaled(alpha.alpha_ratio, "numbers"),
    "cohen_kappa": _plain(kappa.cohen_kappa, "two coders", "coders"),
    "cohen_kappa_linear": _weighted(kappa.cohen_kappa, "linear", "two coders", "coders"),
    "cohen_kappa_quadratic": _weighted(kappa.cohen_kappa, "quadratic", "two coders", "coders"),
    "scott_pi": _plain(kappa.scott_pi, "two coders", "coders"),
    "fleiss_kappa": _plain(kappa.fleiss_kappa),
    "conger_kappa": _plain(kappa.conger_kappa, "coders"),
    "light_kappa": _plain(kappa.light_kappa, "coders"),
    "hubert_kappa": _plain(kappa.hubert_kappa, "coders"),
    "randolph_kappa": _plain(kappa.randolph_kappa),
    "brennan_prediger": _plain(kappa.brennan_prediger),
    "bennett_s": _plain(kappa.bennett_s, "two coders", "coders"),
    "gwet_ac1": _plain(kappa.gwet_ac1),
    "ac2_linear": _weighted(kappa.gwet_ac2, "linear"),
    "ac2_quadratic": _weighted(kappa.gwet_ac2, "quadratic"),
}

OF_A_STUDY: Mapping[str, Coefficient] = {
    **COEFFICIENTS,
    "holsti": _plain(percent.holsti_of_shared, "coders", lowest=0),
}
"""The figures of codings: who was not given a source decided nothing there."""

PER_CODE = ("alpha_nominal", "pct_unit_mean", "positive_agreement", "negative_agreement", "gwet_ac1")
"""What a report prints for each code."""

PER_CODE_ALL = tuple(name for name, entry in COEFFICIENTS.items() if "numbers" not in entry.needs)
"""What `--all` prints for each code: every figure that does not need ordered values."""

OVERALL_DISTANCES = ("masi", "jaccard")
OTHERS = (
    "alpha_set",
    "pooled_kappa",
    "u_alpha",
    "bar_u_alpha",
    "cu_alpha",
    "ku_alpha",
    "alpha_U_1995_2004",
    "gamma",
    "gamma_cat",
    "gamma_k",
    "boundary_similarity",
    "windowdiff",
)
"""Names that are no function of `Sums` alone."""

NAMES = (*COEFFICIENTS, *OTHERS)

FEWER_THAN_TWO = "fewer than two coders on any unit"
NO_VARIATION = "no variation: every unit that is compared was given the same value"
ONLY_TWO = "defined for two coders only; light_kappa, conger_kappa and fleiss_kappa take more"
ONE_PAIR_HAS_NONE = "a pair of coders has no kappa: both gave every unit the same value"
PAIR_APART = "two of the coders share no unit"
NO_ORDER = "a code is there or not, and has no order; a code whose children are numbers, or a table (--from), has one"
NO_CODERS = "the data do not tell the coders apart"
NO_ROOM = "agreement expected by chance is complete: nothing beyond it can be seen"
ALWAYS_CODED = "no unit was left without this code"


def chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names` when all are known; raises UsageError with the nearest one otherwise."""
    for name in names:
        if name not in NAMES:
            near = nearest(name, NAMES)
            raise UsageError(f'no measure "{name}"', f'did you mean "{near}"?' if near else "see docs/agreement.md")
    return names


def why_undefined(name: str, total: Sums, *, unused: str | None = None) -> str:
    """Why a figure of `total` (no leading axes) is n/a. `unused`: what to say when value 1 of two never occurs."""
    needs = COEFFICIENTS[name].needs
    if float(total.paired) <= 1e-9:
        return FEWER_THAN_TWO
    if "coders" in needs and total.tables.shape[-3] == 0:
        return NO_CODERS
    if "two coders" in needs and total.coders != 2:
        return ONLY_TWO
    used = total.coincidences.sum(axis=-1) > 1e-9
    if unused is not None and not used[1] and name != "negative_agreement":
        return unused
    if name == "negative_agreement":
        return ALWAYS_CODED
    if int(np.count_nonzero(used)) < 2:
        return NO_VARIATION
    if name in ("light_kappa", "hubert_kappa") and (total.tables.sum(axis=(-2, -1)) <= 1e-9).any():
        return PAIR_APART
    return ONE_PAIR_HAS_NONE if name == "light_kappa" else NO_ROOM
