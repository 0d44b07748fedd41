"""From sums to `Measure`: value, interval, reason, flags. One row per (code, codebook, measure, distance)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from qualcode.agreement.intervals import below, draws, jackknife, percentile
from qualcode.agreement.sums import Bools, Floats, LeaveOut, Mix
from qualcode.model import Measure

FEW = 20
"""A code applied less often than this is flagged: its interval is wide and its alpha jumps with single codings."""
FLOORS = (0.667, 0.8)


@dataclass(frozen=True, slots=True)
class Doubt:
    """How uncertainty is told. `noun` is what is resampled (source, respondent); `blocked` when parts of one source.

    `names` are the groups' names; `times` how many equal groups each stands for; `floors` asks for P(figure < floor).
    `fixed` groups more, behind those, are in every replicate.
    """

    noun: str
    names: tuple[str, ...]
    blocked: bool = False
    times: Floats | None = None
    floors: bool = False
    bootstrap: int = 0
    seed: int = 0
    fixed: int = 0

    @property
    def method(self) -> str:
        """In words, for `ci_method`."""
        if self.bootstrap and not self.blocked:
            return f"bootstrap by {self.noun}, {self.bootstrap} replicates, seed {self.seed}"
        if self.blocked:
            return f"jackknife by {len(self.names)} blocks, within this {self.noun} only"
        return f"jackknife by {self.noun}"

    def mixes(self) -> tuple[Mix, ...]:
        """How replicates are made of the groups: leaving each out, and drawing with replacement when asked."""
        leave_out = LeaveOut(self.times)
        if not self.bootstrap or self.blocked:
            return (leave_out,)
        drawn = draws(np.ones(len(self.names)) if self.times is None else self.times, self.bootstrap, self.seed)
        drawn = np.concatenate([drawn, np.ones((len(drawn), self.fixed))], axis=1)

        def mix(by_group: Floats) -> Floats:
            return np.tensordot(drawn, leave_out.one(by_group), axes=1)

        return (leave_out, mix)


@dataclass(frozen=True, slots=True)
class Name:
    """What a figure is of."""

    measure: str
    code: str | None = None
    codebook: str | None = None
    distance: str | None = None


def row(
    name: Name,
    figures: tuple[Floats, ...],
    used: Bools,
    n: int,
    doubt: Doubt,
    *,
    lowest: float = -1.0,
    why: str | Callable[[], str] = "",
    apart: bool = False,
    counts: Mapping[str, int | float] | None = None,
    flags: tuple[str, ...] = (),
) -> Measure:
    """A `Measure` from `figures`: (1 + groups) by the jackknife and, if drawn, (replicates) by the bootstrap.

    An undefined figure is flagged so; one that is undefined without some source is flagged ``concentrated``, and one
    that is the same whichever source is left out, so that nothing tells how far it could be off, ``no spread``. With
    `apart` no unit was given the code by two coders: what is left of the figure says nothing of how far they agree
    when they do, so it has no interval either (``never together``).
    """
    value = float(figures[0][0])
    if np.isnan(value):
        return _measure(
            name, None, n, None, None, why if isinstance(why, str) else why(), dict(counts or {}), (*flags, "undefined")
        )
    bounds, extra = (None, {}) if apart else _bounds(figures, used, doubt, lowest, floors=_has_floors(name))
    told = {**(counts or {}), **extra}
    alone = _alone(figures[0], used, doubt) if name.code is None else {}
    if apart:
        flags = (*flags, "never together")
    elif bounds is None and int(used.sum()) > 2:
        flags = (*flags, "concentrated" if np.isnan(figures[0][1:][used]).any() else "no spread")
    return _measure(name, value, n, bounds, doubt.method if bounds else None, None, {**told, **alone}, flags)


def _has_floors(name: Name) -> bool:
    return name.measure.startswith("alpha")


def _measure(
    name: Name,
    value: float | None,
    n: int,
    ci: tuple[float, float] | None,
    method: str | None,
    why: str | None,
    counts: Mapping[str, int | float],
    flags: tuple[str, ...],
) -> Measure:
    return Measure(
        measure=name.measure,
        value=value,
        n=n,
        code=name.code,
        codebook=name.codebook,
        distance=name.distance,
        ci=ci,
        ci_method=method,
        why_null=why,
        counts=counts,
        flags=flags,
    )


def _bounds(
    figures: tuple[Floats, ...], used: Bools, doubt: Doubt, lowest: float, *, floors: bool
) -> tuple[tuple[float, float] | None, dict[str, float]]:
    """The interval, and P(figure < floor) when `floors` are asked for."""
    found = jackknife(figures[0], used, doubt.times, lowest)
    if found is None:
        return None, {}
    bounds = percentile(figures[1]) if len(figures) > 1 else (found.low, found.high)
    asked = FLOORS if doubt.floors and floors else ()
    value = float(figures[0][0])
    return bounds, {f"p_below_{floor:.3f}": below(floor, value, found) for floor in asked}


def _alone(figures: Floats, used: Bools, doubt: Doubt) -> dict[str, float]:
    """With two sources no interval is possible: the figure in each of them alone (what is left without the other)."""
    at = np.flatnonzero(used)
    if doubt.blocked or len(at) != 2 or doubt.times is not None:
        return {}
    pairs = ((at[0], at[1]), (at[1], at[0]))
    found = {f"in {doubt.names[kept]}": float(figures[1 + left_out]) for kept, left_out in pairs}
    return {name: value for name, value in found.items() if not np.isnan(value)}


def flags_of(alpha: float, percent: float, ac1: float, applications: int, by_coder: Floats) -> tuple[str, ...]:
    """What a reader should know before believing a code's figures.

    few: fewer than 20 codings. one-sided: a coder never used the code, another did. paradox: 85 % agreement or more,
    but alpha below .667 and AC1 at least .2 above it, because one value is so common (Feinstein & Cicchetti 1990).
    """
    found = []
    if 0 < applications < FEW:
        found.append("few")
    if by_coder.size and by_coder.max() > 0 and by_coder.min() == 0:
        found.append("one-sided")
    if not np.isnan(alpha + percent + ac1) and percent >= 0.85 and alpha < FLOORS[0] and ac1 - alpha >= 0.2:
        found.append("paradox")
    return tuple(found)
