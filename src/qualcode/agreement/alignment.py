"""Which coding of one coder is which of another's: the best alignment of spans (Mathet, Widlöcher & Métivier 2015).

Two units are d = ((|s1 - s2| + |e1 - e2|) / (l1 + l2))^2 + [codes differ] apart. A unitary alignment takes one unit,
or none, of each of n coders and costs the mean over their P = n (n - 1) / 2 pairs, where a pair with a missing unit
costs 1. The best alignment is the set of these that covers every unit once at least cost. A unit alone costs 1, so two
may only meet when d < P + 1, and no useful alignment falls apart into parts whose units are all farther from each
other: a text splits into small components, each a linear assignment for two coders, an exact cover for more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from qualcode.agreement.sums import Bools, Floats, Ints

MAX_ALIGNMENTS = 2_000_000
SMALL = 8
"""Components of so many units are solved by trying; larger ones by mixed-integer programming, some at a time, since
every program costs 3 ms before it begins."""
BATCH = 2_000
"""Options from which on a program is solved rather than given another component."""

Group = tuple[int, ...]


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

    def only(self, kept: Ints) -> Units:
        """Some of the units, all as of text 0."""
        return Units(self.start[kept], self.end[kept], self.code[kept], self.coder[kept], kept * 0)


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of units that may meet: first, second (m) numbers of units, d (m)."""

    first: Ints
    second: Ints
    d: Floats


@dataclass(frozen=True, slots=True)
class Alignment:
    """Groups of units aligned with each other, each of two or more; `cost` (texts) sums all unitary alignments."""

    groups: tuple[Group, ...]
    cost: Floats


def positional(units: Units, first: Ints, second: Ints) -> Floats:
    """((|s1 - s2| + |e1 - e2|) / (l1 + l2))^2."""
    gap = np.abs(units.start[first] - units.start[second]) + np.abs(units.end[first] - units.end[second])
    lengths = units.end[first] - units.start[first] + units.end[second] - units.start[second]
    return np.asarray((gap / lengths) ** 2)


def meeting(coders: Floats) -> Floats:
    """P + 1: at this dissimilarity two units of so many coders cost as much together as alone."""
    return np.asarray(coders * (coders - 1) / 2 + 1)


def edges(units: Units, coders: Sequence[int], alpha: float = 1.0) -> Edges:
    """All pairs of units of different coders in one text that may meet; `coders` (texts) counts them in each."""
    limit = meeting(np.asarray(coders, np.float64))
    # Such units begin within 2 sqrt(limit) times the longer one's length of each other, since l1 + l2 <= 2 max.
    reach = 2 * float(np.sqrt(limit.max(initial=2.0) / min(alpha, 1.0)))
    longest = float((units.end - units.start).max(initial=0.0))
    spread = float(units.end.max(initial=0.0) - units.start.min(initial=0.0))
    line = units.start + units.text * (spread + 2 * reach * longest + 1)
    order = np.argsort(line, kind="stable")
    line, length = line[order], (units.end - units.start)[order]
    low = np.searchsorted(line, line - reach * length, "left")
    high = np.searchsorted(line, line + reach * length, "right")
    one = np.repeat(np.arange(len(units)), high - low)
    two = np.arange(len(one)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[one]
    shorter = (length[two] < length[one]) | ((length[two] == length[one]) & (two < one))
    first, second = order[one[shorter]], order[two[shorter]]
    other = units.coder[first] != units.coder[second]
    first, second = first[other], second[other]
    d = alpha * positional(units, first, second) + (units.code[first] != units.code[second])
    near = d < limit[units.text[first]]
    return Edges(first[near], second[near], d[near])


def best_alignment(units: Units, coders: Sequence[int], found: Edges) -> Alignment:
    """The best alignment of every text; `coders` (texts) says how many coders each has.

    Raises TooManyAlignments where more than two coders' units can be combined in too many ways.
    """
    number = np.asarray(coders, np.intp)
    label = _components(len(units), found)
    two = number[units.text[found.first]] == 2
    groups, saved = _assigned(units, _some(found, two), label)
    for count in sorted({int(n) for n in number if n > 2}):
        some = _some(found, number[units.text[found.first]] == count)
        more, gains = _covered(units, some, label, count)
        groups, saved = [*groups, *more], [*saved, *gains]
    cost = np.bincount(units.text, minlength=len(number)).astype(np.float64)
    np.subtract.at(cost, units.text[[group[0] for group in groups]] if groups else np.zeros(0, np.intp), saved)
    return Alignment(tuple(groups), cost)


def _some(found: Edges, kept: Bools) -> Edges:
    return Edges(found.first[kept], found.second[kept], found.d[kept])


def _components(size: int, found: Edges) -> Ints:
    """The number of each unit's connected component."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(found.first)), (found.first, found.second)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], np.intp)


def _assigned(units: Units, found: Edges, label: Ints) -> tuple[list[Group], list[float]]:
    """Two coders: in every component the pairs that save most, and what each saves."""
    swapped = units.coder[found.first] > units.coder[found.second]
    left, right = np.where(swapped, found.second, found.first), np.where(swapped, found.first, found.second)
    order = np.argsort(label[left], kind="stable")
    left, right, gain, where = left[order], right[order], 2 - found.d[order], label[left][order]
    if not len(left):
        return [], []
    row, column = _within(left, where), _within(right, where)
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(where)) + 1, [len(where)]]).tolist()
    taken: list[int] = []
    for start, end in pairwise(cuts):
        taken += [start] if end - start == 1 else _most(row[start:end], column[start:end], gain[start:end], start)
    return list(zip(left[taken].tolist(), right[taken].tolist(), strict=True)), gain[taken].tolist()


def _within(node: Ints, where: Ints) -> Ints:
    """Nodes numbered from 0 inside their component; `where` is sorted."""
    keys, at = np.unique(where * (int(node.max()) + 1) + node, return_inverse=True)
    component = keys // (int(node.max()) + 1)
    first = np.searchsorted(component, component)
    return np.asarray((np.arange(len(keys)) - first)[at])


def _most(row: Ints, column: Ints, gain: Floats, start: int) -> list[int]:
    """The edges of the best assignment of one component, counted from `start`."""
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    if rows == 1 or columns == 1:
        return [start + int(gain.argmax())]
    from scipy.optimize import linear_sum_assignment

    table = np.zeros((rows, columns))
    edge = np.full((rows, columns), -1)
    table[row, column] = gain
    edge[row, column] = np.arange(len(row))
    chosen = edge[linear_sum_assignment(table, maximize=True)]
    return [start + int(n) for n in chosen if n >= 0]


def _covered(units: Units, found: Edges, label: Ints, coders: int) -> tuple[list[Group], list[float]]:
    """Three coders or more: in every component the groups that save most, and what each saves."""
    options = _options(units, found, coders * (coders - 1) / 2)
    by_component: dict[int, dict[Group, float]] = {}
    component = label.tolist()
    for group, saved in options.items():
        by_component.setdefault(component[group[0]], {})[group] = saved
    groups: list[Group] = []
    together: list[dict[Group, float]] = []
    waiting = 0
    for choices in by_component.values():
        nodes = sorted({node for group in choices for node in group})
        if len(nodes) <= SMALL:
            groups += _by_trying(nodes, choices)
        else:
            together.append(choices)
            waiting += len(choices)
        if waiting > BATCH:
            groups += _by_program(together)
            together, waiting = [], 0
    groups += _by_program(together) if together else []
    return groups, [options[group] for group in groups]


def _options(units: Units, found: Edges, pairs: float) -> dict[Group, float]:
    """Every connected group of units of different coders that no unit would do better to leave, and what it saves.

    Two of a group may be too far apart to meet alone.
    """
    options: dict[Group, float] = {}
    groups = np.sort(np.stack([found.first, found.second], axis=1), axis=1)
    while len(groups):
        if len(options) + len(groups) > MAX_ALIGNMENTS:
            raise TooManyAlignments
        kept, saved = _saved(units, groups, pairs)
        options.update(zip(map(tuple, groups[kept].tolist()), saved.tolist(), strict=True))
        groups = _wider(units, groups, found)
    return options


def _saved(units: Units, groups: Ints, pairs: float) -> tuple[Bools, Floats]:
    """Which groups (n, k) every unit does well to stay in, and what those save against their units alone."""
    size = groups.shape[1]
    apart = np.zeros(groups.shape)
    for a, b in combinations(range(size), 2):
        first, second = groups[:, a], groups[:, b]
        d = positional(units, first, second) + (units.code[first] != units.code[second])
        apart[:, a] += d
        apart[:, b] += d
    kept = apart.max(axis=1) < pairs + size - 1
    return kept, np.asarray(size - 1 + (size * (size - 1) - apart[kept].sum(axis=1)) / 2 / pairs)


def _wider(units: Units, groups: Ints, found: Edges) -> Ints:
    """Groups (n, k) with one more unit of another coder that is near one of theirs: (m, k + 1), none twice."""
    one, two = np.concatenate([found.first, found.second]), np.concatenate([found.second, found.first])
    order = np.argsort(one, kind="stable")
    one, two = one[order], two[order]
    parts = []
    for member in groups.T:
        low, high = np.searchsorted(one, member, "left"), np.searchsorted(one, member, "right")
        counts = high - low
        at = np.repeat(np.arange(len(groups)), counts)
        unit = two[np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts) + low[at]]
        new = ~(units.coder[groups[at]] == units.coder[unit][:, None]).any(axis=1)
        parts.append(np.sort(np.concatenate([groups[at[new]], unit[new][:, None]], axis=1), axis=1))
    return _distinct(np.concatenate(parts), len(units))


def _distinct(rows: Ints, limit: int) -> Ints:
    """The rows of numbers below `limit`, none twice; by whole columns, four times as fast as by rows."""
    key = np.zeros(len(rows), np.intp)
    for column in rows.T:
        key = np.unique(key * limit + column, return_inverse=True)[1]
    return rows[np.unique(key, return_index=True)[1]]


def _by_trying(nodes: list[int], options: dict[Group, float]) -> list[Group]:
    """The disjoint groups that save most, by trying every way to cover the first open unit."""
    number = {node: n for n, node in enumerate(nodes)}
    by_first: dict[int, list[tuple[int, float, Group]]] = {}
    for group, saved in options.items():
        mask = sum(1 << number[node] for node in group)
        by_first.setdefault(min(number[node] for node in group), []).append((mask, saved, group))
    known: dict[int, tuple[float, tuple[Group, ...]]] = {}

    def best(open_units: int) -> tuple[float, tuple[Group, ...]]:
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


def _by_program(parts: Sequence[dict[Group, float]]) -> list[Group]:
    """The same for several components, as a linear program (HiGHS); where that takes a part of a group, in whole ones.

    The relaxed program is whole in most components and takes a third of the time of one in whole numbers (0.21 s
    against 0.55 s for 3 coders x 200 codings and 30 random texts).
    """
    from scipy.optimize import linprog

    part = np.repeat(np.arange(len(parts)), [len(options) for options in parts])
    groups = [group for options in parts for group in options]
    cover, gain = _program(parts)
    taken = linprog(-gain, A_ub=cover, b_ub=np.ones(cover.shape[0]), bounds=(0, None), method="highs").x
    halved = np.unique(part[np.abs(taken - taken.round()) > 1e-6])
    sure = (taken > 0.5) & ~np.isin(part, halved)
    found = [group for group, kept in zip(groups, sure.tolist(), strict=True) if kept]
    return found + (_in_whole_numbers([parts[n] for n in halved]) if len(halved) else [])


def _program(parts: Sequence[dict[Group, float]]) -> tuple[Any, Floats]:
    """Which units each group covers (sparse: units, groups), and what it saves (groups)."""
    from scipy.sparse import csc_array

    groups = [group for options in parts for group in options]
    nodes = [node for group in groups for node in group]
    columns = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    rows = np.unique(nodes, return_inverse=True)[1]
    gain = np.array([saved for options in parts for saved in options.values()])
    return csc_array((np.ones(len(rows)), (rows, columns))), gain


def _in_whole_numbers(parts: Sequence[dict[Group, float]]) -> list[Group]:
    """The disjoint groups that save most, as a mixed-integer program (HiGHS)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    cover, gain = _program(parts)
    held, whole = LinearConstraint(cover, -np.inf, 1), np.ones(len(gain))
    result = milp(-gain, constraints=held, integrality=whole, bounds=Bounds(0, 1))
    groups = [group for options in parts for group in options]
    return [group for group, taken in zip(groups, result.x, strict=True) if taken > 0.5]
