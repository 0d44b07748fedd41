"""Rated codes: a code whose children are whole numbers is a scale, and each of them a rating of it.

``severity/1`` to ``severity/5`` say how severe what a unit tells is. Compared are the units that two raters rated: who
gave a unit none of the numbers did not rate it, and who gave it two of them gave no single rating. Whether they rate
the same places is a matter of the codes themselves. Numbers directly below a codebook's name are names of codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from qualcode.agreement.figures import Doubt, Name, row
from qualcode.agreement.measures import COEFFICIENTS, why_undefined
from qualcode.agreement.sums import Floats, Ints, Sums, tally
from qualcode.agreement.view import View
from qualcode.model import Measure

NUMBER = re.compile(r"\d{1,9}")
USUAL = ("alpha_ordinal", "alpha_interval")
"""What `--all` prints of a scale."""
UNRATED = "no two coders gave one unit a single rating each"


def scales(codes: Sequence[str]) -> dict[str, list[int]]:
    """The columns of each scale's ratings, ascending, by the scale's path: two children or more, all numbers."""
    children: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        children.setdefault(code.rpartition("/")[0], []).append(at)
    below = {path: at for path, at in children.items() if "/" in path and len(at) > 1}
    found = {path: at for path, at in below.items() if all(_rating(codes[n]) is not None for n in at)}
    return {path: sorted(at, key=lambda n: _rating(codes[n]) or 0) for path, at in found.items()}


def _rating(code: str) -> int | None:
    """The number a code's last part says, if it is one."""
    last = code.rpartition("/")[2]
    return int(last) if NUMBER.fullmatch(last) else None


def asked_of_scales(names: Sequence[str], *, everything: bool) -> tuple[str, ...]:
    """The figures of ordered values that were asked for by name, or the usual ones of `--all`."""
    ordered = tuple(name for name in names if name in COEFFICIENTS and "numbers" in COEFFICIENTS[name].needs)
    return ordered or (USUAL if everything and not names else ())


def rated_figures(view: View, doubt: Doubt, names: Sequence[str], codebook: str) -> Iterator[Measure]:
    """The figures `names` of every scale of a view, under the scale's path; n counts units that two coders rated."""
    for path, columns in scales(view.codes).items() if names else ():
        numbers = np.array([_rating(view.codes[at]) for at in columns], np.float64)
        ratings = _ratings(view, columns)
        by_group = partial(tally, ratings, len(columns), view.group, view.groups)
        sums, n = by_group(_weights(view)), round(float(by_group(view.weight).paired.sum()))
        mixed = [sums.each(mix) for mix in doubt.mixes()]
        total = mixed[0].each(lambda replicates: np.asarray(replicates[0]))
        for name in names:
            entry = COEFFICIENTS[name]
            yield row(
                Name(name, path, codebook),
                tuple(entry.figure(part, numbers) for part in mixed),
                sums.paired > 1e-9,
                n,
                doubt,
                lowest=entry.lowest,
                why=partial(_why, name, total),
            )


def _why(name: str, total: Sums) -> str:
    return UNRATED if float(total.paired) <= 1e-9 else why_undefined(name, total)


def _ratings(view: View, columns: Sequence[int]) -> Ints:
    """(r, atoms): the number of the one rating each rater gave, -1 for none, for several, or where not looked for."""
    marks = view.marks[:, :, columns]
    looked = view.looked[view.group][:, :, columns].all(axis=2)
    single = (marks.sum(axis=2) == 1) & looked
    return np.ascontiguousarray(np.where(single, marks.argmax(axis=2), -1).T).astype(np.intp)


def _weights(view: View) -> Floats:
    """How much each atom weighs, where sources were drawn unequally more or less than its units."""
    return view.weight if view.times is None else view.weight * view.times[view.group]
