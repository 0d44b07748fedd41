"""The parts of a table of ratings: by source, by a further column, by coders; and the coders side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from qualcode.agreement.grouping import UNKNOWN
from qualcode.agreement.ratings import Ratings
from qualcode.agreement.request import Request
from qualcode.agreement.scoring import as_row
from qualcode.agreement.sums import Bools
from qualcode.agreement.table import BY_LEVEL, figures
from qualcode.errors import InputError
from qualcode.model import Measure

OWN = ("source", "coder")
"""What `by` divides a table by besides its further columns."""


def labels_asked(request: Request) -> tuple[str, ...]:
    """The further columns that `by` names."""
    return tuple(word for word in request.by if word not in OWN)


def group_rows(
    ratings: Ratings, request: Request, level: str, weights: str | None, *, long: bool
) -> Iterator[dict[str, object]]:
    """Rows of `groups` for every word of `request.by`. Raises InputError for sources the table does not name."""
    for word in request.by:
        for label, part in _parts(ratings, word):
            for figure in figures(part, request, level, weights, long=long):
                yield {"by": word, "group": label, **as_row(figure)}


def _parts(ratings: Ratings, word: str) -> Iterator[tuple[str, Ratings]]:
    if word == "coder":
        for pair in combinations(range(len(ratings.coders)), 2):
            yield " and ".join(ratings.coders[n] for n in pair), _coders(ratings, pair)
        return
    if word == "source" and not ratings.sources:
        raise InputError("the table names no sources", "give it a column called source")
    names = [ratings.sources[n] for n in ratings.source] if word == "source" else list(ratings.labels[word])
    for label in sorted(set(names)):
        yield label or UNKNOWN, _units(ratings, np.array([name == label for name in names], bool))


def _coders(ratings: Ratings, kept: Sequence[int]) -> Ratings:
    """The ratings of some coders, by number."""
    chosen = list(kept)
    return replace(
        ratings,
        coders=tuple(ratings.coders[n] for n in chosen),
        marks=ratings.marks[:, chosen],
        rated=ratings.rated[:, chosen],
    )


def _units(ratings: Ratings, kept: Bools) -> Ratings:
    """Some of the units, their sources numbered anew."""
    there, again = np.unique(ratings.source[kept], return_inverse=True)
    return replace(
        ratings,
        units=tuple(unit for unit, keep in zip(ratings.units, kept, strict=True) if keep),
        marks=ratings.marks[kept],
        rated=ratings.rated[kept],
        weight=ratings.weight[kept],
        sources=tuple(ratings.sources[n] for n in there) if ratings.sources else (),
        source=again.astype(np.intp),
        labels={},
    )


def panel_rows(ratings: Ratings, level: str, *, long: bool) -> Iterator[dict[str, object]]:
    """Rows of `panel`: the leading figure of each pair of coders, and without each of three or more."""
    everyone = range(len(ratings.coders))
    for pair in combinations(everyone, 2):
        names = " and ".join(ratings.coders[n] for n in pair)
        yield {"compared": "pair", "coders": names, **_lead(_coders(ratings, pair), level, long=long)}
    for left_out in everyone if len(everyone) > 2 else ():
        kept = _coders(ratings, [n for n in everyone if n != left_out])
        yield {"compared": "without", "coders": ratings.coders[left_out], **_lead(kept, level, long=long)}


def _lead(ratings: Ratings, level: str, *, long: bool) -> dict[str, object]:
    """The leading figure of ratings: alpha of their level, or of their sets."""
    name = BY_LEVEL[level][0] if ratings.single else "alpha_set"
    wanted = figures(ratings, Request(measures=(name,)), level, None, long=long)
    found: Measure = next(figure for figure in wanted if figure.code is None)
    return {"measure": name, "distance": found.distance, "value": found.value, "n": found.n}
