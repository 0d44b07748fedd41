"""How much a code's alpha would change if one place were settled: everyone who looked gives it the code there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qualcode.agreement.continuum import Continuum, lay_out, united
from qualcode.agreement.request import Request
from qualcode.agreement.sections import Study, unit_of
from qualcode.agreement.sums import Floats, Ints
from qualcode.agreement.view import View
from qualcode.model import Source, Span


@dataclass(frozen=True, slots=True)
class Leverage:
    """Running sums over the places of a section, so that any stretch costs two look-ups.

    places (atoms + 1); off (atoms + 1, codes) the coincidences of unlike values up to a place, short (atoms + 1, codes)
    how many ratings there lack the code; n and ones (codes) all ratings and those that have it.
    """

    codes: tuple[str, ...]
    continuum: Continuum
    rule: str
    level: int | None
    places: Floats
    off: Floats
    short: Floats
    n: Floats
    ones: Floats

    def effect(self, source: Source, code: str, spans: Sequence[Span]) -> float | None:
        """Alpha of the code with these spans of the source settled, less alpha as it is; None where undefined."""
        column = code if self.level is None else "/".join(code.split("/")[: self.level + 1])
        if column not in self.codes:
            return None
        at = self.codes.index(column)
        begin = self.continuum.offsets[source.id]
        start, end = (np.array([getattr(span, side) for span in spans], np.intp) + begin for side in ("start", "end"))
        key, start, end = united(start * 0, start, end)
        low, high, key = self.continuum.place(start, end, self.rule, key)
        _, low, high = united(key, low, high)
        less = self._between(self.off[:, at], low, high)
        more = self._between(self.short[:, at], low, high)
        before = _alpha(self.n[at], self.ones[at], self.off[-1, at])
        after = _alpha(self.n[at], self.ones[at] + more, self.off[-1, at] - less)
        return None if before is None or after is None else after - before

    def _between(self, running: Floats, low: Ints, high: Ints) -> float:
        return float((self._up_to(running, high) - self._up_to(running, low)).sum())

    def _up_to(self, running: Floats, place: Ints) -> Floats:
        """The running sum at places, which may lie inside an atom."""
        behind = np.clip(np.searchsorted(self.places, place), 1, len(self.places) - 1)
        before, after = self.places[behind - 1], self.places[behind]
        part = (place - before) / (after - before)
        return np.asarray(running[behind - 1] + part * (running[behind] - running[behind - 1]))


def _alpha(n: float, ones: float, off: float) -> float | None:
    """Nominal alpha of two values from their frequencies and the coincidences of unlike ones."""
    expected = 2 * ones * (n - ones)
    return None if expected <= 1e-12 * n * n else float(1 - (n - 1) * off / expected)


def leverage_of(view: View, study: Study, request: Request) -> Leverage:
    """The running sums of a section's view."""
    looked = view.looked[view.group]
    m = looked.sum(axis=1)
    gave = (view.marks & looked).sum(axis=1)
    paired = (m > 1) * view.weight[:, None]
    off = paired * 2 * gave * (m - gave) / np.maximum(m - 1, 1)
    blank = np.zeros((1, len(view.codes)))
    return Leverage(
        codes=view.codes,
        continuum=lay_out(
            view.sources, lambda source: unit_of(source, request.unit), study.scope, study.cut, request.rule
        ),
        rule=request.rule,
        level=request.level,
        places=np.concatenate([[0.0], np.cumsum(view.weight)]),
        off=np.concatenate([blank, np.cumsum(off, axis=0)]),
        short=np.concatenate([blank, np.cumsum(paired * (m - gave), axis=0)]),
        n=(paired * m).sum(axis=0),
        ones=(paired * gave).sum(axis=0),
    )
