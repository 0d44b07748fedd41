"""Krippendorff's alphas for spans: do coders mark the same stretches, and code them alike?

After Krippendorff, Mathet, Bouvry & Widlöcher 2016 (*Quality & Quantity* 50) as in Krippendorff 2019, section 12.6.
Every coder's text is a row of marked units and gaps. Lengths l_ck of what one coder values c and another k take the
place of coincidences; expected lengths let whole units, but gaps code point by code point, meet each other:

    alpha = 1 - (off / n) / ((n^2 - sum l_c^2) / (n^2 - sum s_c)),   s_c = sum of squared unit lengths, of gap lengths

u_alpha compares all values with the gap as one of them; bar_u_alpha only unit against gap; cu_alpha only what two
coders both marked; ku_alpha one code of that. With units of length 1 u_alpha is nominal alpha over characters. The
family needs at most one code at any place, so where codes overlap there is u_alpha of each code alone. For three
coders or more, published versions of cu_alpha and ku_alpha differ (and an erratum exists): n/a.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qualcode.agreement.figures import Doubt, Name, row
from qualcode.agreement.measures import FEWER_THAN_TWO, NO_VARIATION
from qualcode.agreement.scoring import unused
from qualcode.agreement.sums import Bools, Floats, LeaveOut, ratio, regroup, tally
from qualcode.agreement.view import View, binary_sums
from qualcode.model import Measure

OVERLAP = "codes overlap: this figure needs at most one code at any place"
TWO_ONLY = "settled for two coders only: published versions for more differ"
NOTHING_SHARED = "no stretch was marked by two coders"
NAMES = ("u_alpha", "bar_u_alpha", "cu_alpha", "ku_alpha")


@dataclass(frozen=True, slots=True)
class Lengths:
    """Additive lengths in code points.

    met (…, q, q); own (…, q) what keeps a unit from meeting itself; size (…) the text compared.
    """

    met: Floats
    own: Floats
    size: Floats

    def mixed(self, mix: LeaveOut) -> Lengths:
        """Replicates of the leading axis."""
        return Lengths(mix(self.met), mix(self.own), mix(self.size))


def alpha_of_lengths(lengths: Lengths) -> Floats:
    """1 - observed / expected disagreement (…); NaN where only one value meets."""
    held = lengths.met.sum(axis=-1)
    n = held.sum(axis=-1)
    off = n - np.trace(lengths.met, axis1=-2, axis2=-1)
    spread = n * n - (held**2).sum(axis=-1)
    return np.asarray(1 - ratio(off * (n * n - lengths.own.sum(axis=-1)), n * spread, spread > 1e-12 * n * n))


def alpha_of_values(lengths: Lengths) -> Floats:
    """The same for each value against the others (…, q)."""
    held = lengths.met.sum(axis=-1)
    n = held.sum(axis=-1)[..., None]
    off = held - np.diagonal(lengths.met, axis1=-2, axis2=-1)
    spread = held * (n - held)
    return np.asarray(1 - ratio(off * (held * n - lengths.own), held * spread, spread > 1e-12 * n * n))


def code_lengths(view: View) -> Lengths:
    """Each code alone against everything else as gap: leading axes (sources, codes), q = 2 (gap, unit)."""
    sums = binary_sums(view)
    met, size = (regroup(part, view.group_source, len(view.sources)) for part in (sums.coincidences, sums.paired))
    return Lengths(met, np.stack([met[..., 0, :].sum(axis=-1), _squares(view, view.looked)], axis=-1), size)


def _squares(view: View, looked: Bools) -> Floats:
    """Sum of squared lengths of the units of each source and code (sources, codes), of raters with a partner there.

    `looked` is (groups, r, codes).
    """
    running = np.concatenate([[0.0], np.cumsum(view.weight)])
    first, behind, rater, code = view.runs.T
    group = view.group[np.minimum(first, max(len(view.group) - 1, 0))]
    partners = np.asarray(looked.sum(axis=1))
    counts = np.asarray(looked[group, rater, code] & (partners[group, code] > 1))
    amounts = counts * (running[behind] - running[first]) ** 2
    return _by_source(view, group, code, amounts)


def _by_source(view: View, group: np.ndarray, code: np.ndarray, amounts: Floats) -> Floats:
    codes = len(view.codes)
    at = view.group_source[group] * codes + code
    size = len(view.sources) * codes
    return np.bincount(at, weights=amounts, minlength=size).astype(np.float64).reshape(len(view.sources), codes)


def partition_lengths(view: View) -> Lengths | None:
    """All codes at once: leading axis sources, q = 1 + codes with the gap first; None where codes overlap."""
    held = view.marks.sum(axis=2)
    if held.max(initial=0) > 1:
        return None
    values = np.where(held > 0, view.marks.argmax(axis=2) + 1, 0) if view.codes else held
    values = np.where(view.present[view.group], values, -1).T
    source = view.group_source[view.group]
    sums = tally(np.ascontiguousarray(values, np.intp), 1 + len(view.codes), source, len(view.sources), view.weight)
    squares = _squares(view, np.repeat(view.present[:, :, None], len(view.codes), axis=2))
    gaps = sums.coincidences[:, 0].sum(axis=-1)
    return Lengths(sums.coincidences, np.concatenate([gaps[:, None], squares], axis=1), sums.paired)


def unit_or_gap(lengths: Lengths) -> Lengths:
    """All codes taken as one: q = 2 (gap, unit)."""
    to = np.eye(2)[np.minimum(np.arange(lengths.met.shape[-1]), 1)]
    return Lengths(np.einsum("...ck,ca,kb->...ab", lengths.met, to, to), lengths.own @ to, lengths.size)


def marked_by_both(view: View, lengths: Lengths) -> Lengths:
    """What two coders both marked: leading axis sources, q = codes; a unit is as long as its shared part."""
    other = np.asarray(view.marks.any(axis=2))[:, ::-1] * view.weight[:, None]
    running = np.concatenate([np.zeros((1, 2)), np.cumsum(other, axis=0)])
    first, behind, rater, code = view.runs.T
    group = view.group[np.minimum(first, max(len(view.group) - 1, 0))]
    both = np.asarray(view.present.all(axis=1))
    shared = (running[behind, rater] - running[first, rater]) * both[group]
    met = lengths.met[..., 1:, 1:]
    return Lengths(met, _by_source(view, group, code, shared**2), met.sum(axis=(-2, -1)) / 2)


def unitizing_figures(view: View, doubt: Doubt, names: tuple[str, ...], codebook: str) -> Iterator[Measure]:
    """The figures `names` of a view by character; intervals by source, none for one source."""
    if not view.sources or not names:
        return
    whole = partition_lengths(view)
    shared = marked_by_both(view, whole) if whole is not None and len(view.raters) == 2 else None
    if "u_alpha" in names:
        yield from _alone(view, code_lengths(view), doubt, codebook)
    if "ku_alpha" in names:
        yield from _among_shared(view, whole, shared, doubt, codebook)
    for name in names:
        if name == "ku_alpha":
            continue
        lengths = shared if name == "cu_alpha" else whole
        if name == "bar_u_alpha" and whole is not None:
            lengths = unit_or_gap(whole)
        blank = np.full(1 + len(view.sources), np.nan)
        figures = blank if lengths is None else alpha_of_lengths(lengths.mixed(LeaveOut()))
        counts = _coverage(whole, shared) if name == "cu_alpha" else {}
        size = np.zeros(len(view.sources)) if lengths is None else lengths.size
        yield _row(Name(name, None, codebook), figures, size, doubt, _why(view, name, whole, lengths), counts)


def _alone(view: View, lengths: Lengths, doubt: Doubt, codebook: str) -> Iterator[Measure]:
    """u_alpha of each code by itself."""
    figures = alpha_of_lengths(lengths.mixed(LeaveOut()))
    for at, code in enumerate(view.codes):
        why = NO_VARIATION if lengths.met[:, at, 1].sum() else unused(view)
        why = why if lengths.met[:, at].sum() else FEWER_THAN_TWO
        yield _row(Name("u_alpha", code, codebook), figures[:, at], lengths.size[:, at], doubt, why)


def _among_shared(
    view: View, whole: Lengths | None, shared: Lengths | None, doubt: Doubt, codebook: str
) -> Iterator[Measure]:
    """ku_alpha of each code, among what both coders marked."""
    blank = np.full((1 + len(view.sources), len(view.codes)), np.nan)
    figures = blank if shared is None else alpha_of_values(shared.mixed(LeaveOut()))
    sizes = blank[1:] * 0 if shared is None else shared.met.sum(axis=-1) / 2
    for at, code in enumerate(view.codes):
        why = _why(view, "ku_alpha", whole, shared)
        counts = _coverage(whole, shared, at)
        yield _row(Name("ku_alpha", code, codebook), figures[:, at], np.nan_to_num(sizes[:, at]), doubt, why, counts)


def _coverage(whole: Lengths | None, shared: Lengths | None, code: int | None = None) -> dict[str, float]:
    """How much of all text, or of what was given the code, both coders marked."""
    if whole is None or shared is None:
        return {}
    part, all_of_it = (shared.met, whole.met) if code is None else (shared.met[:, code], whole.met[:, code + 1])
    return {"coverage": float(part.sum() / all_of_it.sum())} if all_of_it.sum() else {}


def _row(
    name: Name, figures: Floats, size: Floats, doubt: Doubt, why: str, counts: dict[str, float] | None = None
) -> Measure:
    """One figure; its n counts the code points compared."""
    return row(name, (figures,), size > 1e-9, round(float(size.sum())), doubt, why=why, counts=counts)


def _why(view: View, name: str, whole: Lengths | None, lengths: Lengths | None) -> str:
    """Why a figure may be n/a."""
    if len(view.raters) < 2:
        return FEWER_THAN_TWO
    if whole is None:
        return OVERLAP
    if name in ("cu_alpha", "ku_alpha") and len(view.raters) != 2:
        return TWO_ONLY
    if lengths is None or not lengths.met.sum():
        return NOTHING_SHARED if name in ("cu_alpha", "ku_alpha") else FEWER_THAN_TWO
    return NO_VARIATION
