"""Which coding of one coder is which of another's: the best alignment of spans (Mathet, Widlöcher & Métivier 2015).

Two units are d = alpha ((|s1 - s2| + |e1 - e2|) / (l1 + l2))^2 + beta [codes differ] apart; a unit without a partner
costs 1 for every other coder. A unitary alignment takes at most one unit of each of n coders and costs the mean over
their n (n - 1) / 2 pairs; the best alignment is the set of these that covers every unit once at least cost. Two units
may only meet when d < 2, which splits a text into small components: a linear assignment for two coders, an exact
cover for more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qualcode.agreement.sums import Floats, Ints

APART = 2.0
"""At this dissimilarity two units cost as much together as alone."""
REACH = 2 * np.sqrt(2.0)
"""Units with d < 2 begin within REACH times the longer one's length of each other, since l1 + l2 <= 2 max."""
MAX_ALIGNMENTS = 500_000
SMALL = 14
"""Components of so many units are solved by trying; larger ones by mixed-integer programming."""


class TooManyAlignments(Exception):
    """More ways to align than can be listed; the figure is n/a."""


@dataclass(frozen=True, slots=True)
class Units:
    """Spans of one or many texts: start, end (n), code (n), coder (n) and the number of the text (n)."""

    start: Floats
    end: Floats
    code: Ints
    coder: Ints
    text: Ints

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of units that may meet: first, second (m) numbers of units, d (m) and its positional part (m)."""

    first: Ints
    second: Ints
    d: Floats
    positional: Floats


@dataclass(frozen=True, slots=True)
class Alignment:
    """Groups of units aligned with each other, each of two or more; `cost` (texts) sums all unitary alignments."""

    groups: tuple[tuple[int, ...], ...]
    cost: Floats


def positional(units: Units, first: Ints, second: Ints) -> Floats:
    """((|s1 - s2| + |e1 - e2|) / (l1 + l2))^2."""
    gap = np.abs(units.start[first] - units.start[second]) + np.abs(units.end[first] - units.end[second])
    lengths = units.end[first] - units.start[first] + units.end[second] - units.start[second]
    return np.asarray((gap / lengths) ** 2)


def edges(units: Units, alpha: float = 1.0, beta: float = 1.0) -> Edges:
    """All pairs of units of different coders in one text with d < 2."""
    longest = float((units.end - units.start).max(initial=0.0))
    spread = float(units.end.max(initial=0.0) - units.start.min(initial=0.0))
    line = units.start + units.text * (spread + 2 * REACH * longest + 1)
    order = np.argsort(line, kind="stable")
    line, length = line[order], (units.end - units.start)[order]
    low = np.searchsorted(line, line - REACH * length, "left")
    high = np.searchsorted(line, line + REACH * length, "right")
    one = np.repeat(np.arange(len(units)), high - low)
    two = np.arange(len(one)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[one]
    shorter = (length[two] < length[one]) | ((length[two] == length[one]) & (two < one))
    first, second = order[one[shorter]], order[two[shorter]]
    other = units.coder[first] != units.coder[second]
    first, second = first[other], second[other]
    place = positional(units, first, second)
    d = alpha * place + beta * (units.code[first] != units.code[second])
    near = d < APART
    return Edges(first[near], second[near], d[near], place[near])


def best_alignment(units: Units, coders: Sequence[int], found: Edges) -> Alignment:
    """The best alignment of every text; `coders` (texts) says how many coders each has.

    Raises TooManyAlignments where more than two coders' units can be combined in too many ways.
    """
    n = np.asarray(coders, np.float64)
    cost = np.bincount(units.text, weights=2 / n[units.text], minlength=len(n)).astype(np.float64)
    groups: list[tuple[int, ...]] = []
    for members in _components(len(units), found):
        text = int(units.text[found.first[members[0]]])
        solve = _assigned if coders[text] == 2 else _covered
        taken, saved = solve(units, found, members, coders[text])
        groups += taken
        cost[text] -= saved
    return Alignment(tuple(groups), cost)


def _components(size: int, found: Edges) -> Iterator[Ints]:
    """The edges of each connected component, by number."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(found.first):
        return
    graph = coo_array((np.ones(len(found.first)), (found.first, found.second)), shape=(size, size))
    label = connected_components(graph, directed=False)[1][found.first]
    order = np.argsort(label, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _assigned(units: Units, found: Edges, members: Ints, coders: int) -> tuple[list[tuple[int, ...]], float]:
    """Two coders: the assignment of a component that saves most, and what it saves."""
    first, second, gain = found.first[members], found.second[members], APART - found.d[members]
    if len(members) == 1:
        return [(int(first[0]), int(second[0]))], float(gain[0])
    from scipy.optimize import linear_sum_assignment

    swapped = units.coder[first] > units.coder[second]
    left, right = np.where(swapped, second, first), np.where(swapped, first, second)
    rows, at_row = np.unique(left, return_inverse=True)
    columns, at_column = np.unique(right, return_inverse=True)
    table = np.zeros((len(rows), len(columns)))
    table[at_row, at_column] = gain
    row, column = linear_sum_assignment(table, maximize=True)
    kept = table[row, column] > 0
    pairs = zip(rows[row[kept]].tolist(), columns[column[kept]].tolist(), strict=True)
    return list(pairs), float(table[row, column].sum())


def _covered(units: Units, found: Edges, members: Ints, coders: int) -> tuple[list[tuple[int, ...]], float]:
    """Three coders or more: the exact cover of a component that saves most, and what it saves."""
    pairs = combinations_of(coders)
    d = {}
    for edge in members.tolist():
        a, b = int(found.first[edge]), int(found.second[edge])
        d[a, b] = d[b, a] = float(found.d[edge])
    options = _options(units, d, pairs)
    nodes = sorted({node for pair in d for node in pair})
    best = _by_trying(nodes, options) if len(nodes) <= SMALL else _by_program(nodes, options)
    return best, sum(options[group] for group in best)


def combinations_of(coders: int) -> float:
    """How many pairs of coders there are."""
    return coders * (coders - 1) / 2


def _options(units: Units, d: dict[tuple[int, int], float], pairs: float) -> dict[tuple[int, ...], float]:
    """Every connected group of units of different coders that saves something against its units alone.

    Group and cost are worked out from the units themselves, since two of a group may be 2 or more apart.
    """
    near: dict[int, list[int]] = {}
    for a, b in d:
        near.setdefault(a, []).append(b)
    options: dict[tuple[int, ...], float] = {}
    grown = {(min(pair), max(pair)) for pair in d}
    while grown:
        wider: set[tuple[int, ...]] = set()
        for group in grown:
            saved = _saved(units, group, d, pairs)
            if saved > 0:
                options[group] = saved
            taken = {int(units.coder[unit]) for unit in group}
            for unit in {other for member in group for other in near[member]} - set(group):
                if int(units.coder[unit]) not in taken:
                    wider.add(tuple(sorted((*group, unit))))
        if len(options) + len(wider) > MAX_ALIGNMENTS:
            raise TooManyAlignments
        grown = wider
    return options


def _saved(units: Units, group: tuple[int, ...], d: dict[tuple[int, int], float], pairs: float) -> float:
    """Cost of the units alone less that of the group: every pair inside saves 2 and costs d."""
    total = 0.0
    for a, b in combinations(group, 2):
        if (a, b) not in d:
            place = positional(units, np.array([a]), np.array([b]))[0]
            d[a, b] = d[b, a] = float(place) + float(units.code[a] != units.code[b])
        total += APART - d[a, b]
    return total / pairs


def _by_trying(nodes: list[int], options: dict[tuple[int, ...], float]) -> list[tuple[int, ...]]:
    """The disjoint groups that save most, by trying every way to cover the first open unit."""
    number = {node: n for n, node in enumerate(nodes)}
    by_first: dict[int, list[tuple[int, float, tuple[int, ...]]]] = {}
    for group, saved in options.items():
        mask = sum(1 << number[node] for node in group)
        by_first.setdefault(min(number[node] for node in group), []).append((mask, saved, group))
    known: dict[int, tuple[float, tuple[tuple[int, ...], ...]]] = {}

    def best(open_units: int) -> tuple[float, tuple[tuple[int, ...], ...]]:
        if not open_units:
            return 0.0, ()
        if open_units not in known:
            first = (open_units & -open_units).bit_length() - 1
            top = best(open_units & (open_units - 1))
            for mask, saved, group in by_first.get(first, ()):
                if mask & open_units == mask:
                    value, groups = best(open_units & ~mask)
                    if value + saved > top[0]:
                        top = (value + saved, (*groups, group))
            known[open_units] = top
        return known[open_units]

    return list(best((1 << len(nodes)) - 1)[1])


def _by_program(nodes: list[int], options: dict[tuple[int, ...], float]) -> list[tuple[int, ...]]:
    """The same as a mixed-integer program (HiGHS)."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array

    number = {node: n for n, node in enumerate(nodes)}
    groups = list(options)
    rows = [number[node] for group in groups for node in group]
    columns = [n for n, group in enumerate(groups) for _ in group]
    cover = csc_array((np.ones(len(rows)), (rows, columns)), shape=(len(nodes), len(groups)))
    gain = np.array([options[group] for group in groups])
    result = milp(
        -gain,
        constraints=LinearConstraint(cover, -np.inf, 1),
        integrality=np.ones(len(groups)),
        bounds=Bounds(0, 1),
    )
    return [group for group, taken in zip(groups, result.x, strict=True) if taken > 0.5]
