"""One codebook over some sources, cut to units: what each rater marked, as one array to count from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import combinations

import numpy as np

from qualcode.agreement.continuum import Continuum, blocks, united
from qualcode.agreement.raters import Panel
from qualcode.agreement.sets import SetSums, number_sets, tally_sets
from qualcode.agreement.sums import Bools, Floats, Ints, Sums, assemble
from qualcode.model import Coding, Source

BLOCKS = 10
"""Contiguous blocks that stand in for sources when there is only one."""


@dataclass(frozen=True, slots=True)
class View:
    """Atoms: runs of units that every rater marked alike, none across a group's bound.

    marks (atoms, r, codes), weight (atoms) units in each, group (atoms); looked (groups, r, codes): the rater looked
    for the code there; present (groups, r). `group_source` (groups) numbers `sources`; `blocked` when the groups are
    blocks of the only source. `runs` (n, 4), by character only, are the codings one by one: first atom, atom behind
    the last, rater, code; parts of a view have none. `outside` counts codings that meet no unit in scope, `unmarked`
    those that met some and marked none under the rule, `codings` (codes) all that count. `alone` is the view of the
    sources that one of the raters alone looked at: their shares of the codes belong to what Gwet calls chance. `times`
    (groups), where sources were drawn unequally, weighs each group's sums; its mean over units is 1.
    """

    codes: tuple[str, ...]
    raters: tuple[str, ...]
    sources: tuple[Source, ...]
    marks: Bools
    weight: Floats
    group: Ints
    looked: Bools
    present: Bools
    group_source: Ints
    blocked: bool
    runs: Ints
    codings: Ints
    outside: int
    unmarked: int
    alone: View | None = None
    times: Floats | None = None

    @property
    def groups(self) -> int:
        """How many groups (sources or blocks) there are."""
        return len(self.group_source)

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.weight.sum())

    def by_group(self, amounts: Floats) -> Floats:
        """Sums of `amounts` (atoms, …) over the atoms of each group: (groups, …)."""
        at = np.searchsorted(self.group, np.arange(self.groups + 1))
        running = np.concatenate([np.zeros((1, *amounts.shape[1:])), np.cumsum(amounts, axis=0)])
        return np.asarray(running[at[1:]] - running[at[:-1]])


@dataclass(frozen=True, slots=True)
class _Spans:
    """Codings as arrays: positions, the number of the rater and of the code."""

    start: Ints
    end: Ints
    rater: Ints
    code: Ints


NONE = _Spans(*(np.zeros(0, np.intp) for _ in range(4)))
NO_RUNS = np.zeros((0, 4), np.intp)


def view_of(
    continuum: Continuum,
    sources: Sequence[Source],
    panel: Panel,
    raters: Sequence[str],
    codings: Sequence[Coding],
    column: Mapping[str, int],
    codes: Sequence[str],
    rule: str,
) -> View:
    """The view of `codings` in `sources` (those of `continuum`, in its order).

    `column` maps a code's path to its number in `codes`; paths without one are left out (see `columns`).
    """
    looked, present = _looked(panel, sources, raters, column, len(codes))
    spans = _spans(continuum, panel, raters, codings, column)
    met = continuum.touched(spans.start, spans.end)
    inside = _Spans(spans.start[met], spans.end[met], spans.rater[met], spans.code[met])
    one_by_one = _placed(continuum, inside if continuum.by_character else NONE, len(codes), rule, touching=False)
    key, low, high = united(*_placed(continuum, inside, len(codes), rule, touching=True))
    bounds, at_source = _groups(continuum, len(sources))
    cuts = np.unique(np.concatenate([low, high, *one_by_one[1:], bounds]))
    return View(
        codes=tuple(codes),
        raters=tuple(raters),
        sources=tuple(sources),
        marks=_marks(cuts, low, high, key, len(raters), len(codes)),
        weight=np.diff(cuts).astype(np.float64),
        group=np.searchsorted(bounds, cuts[:-1], side="right") - 1,
        looked=looked[at_source],
        present=present[at_source],
        group_source=at_source,
        blocked=len(sources) == 1,
        runs=_runs(cuts, *one_by_one, len(codes)),
        codings=np.bincount(inside.code, minlength=len(codes)),
        outside=int((~met).sum()),
        unmarked=_unmarked(continuum, inside, rule),
    )


def _placed(continuum: Continuum, spans: _Spans, codes: int, rule: str, *, touching: bool) -> tuple[Ints, Ints, Ints]:
    """Key (rater and code), first place and place behind the last, of codings joined where they overlap."""
    key, start, end = united(spans.rater * codes + spans.code, spans.start, spans.end, touching=touching)
    low, high, key = continuum.place(start, end, rule, key)
    return key, low, high


def _runs(cuts: Ints, key: Ints, low: Ints, high: Ints, codes: int) -> Ints:
    """Codings by atoms: (n, 4)."""
    first, behind = np.searchsorted(cuts, low), np.searchsorted(cuts, high)
    return np.stack([first, behind, key // max(codes, 1), key % max(codes, 1)], axis=1).astype(np.intp)


def _groups(continuum: Continuum, sources: int) -> tuple[Ints, Ints]:
    """Bounds of the groups in places, and each group's source: sources, or blocks of the only one."""
    if sources != 1:
        return continuum.bounds, np.arange(sources, dtype=np.intp)
    bounds = blocks(continuum.size, BLOCKS)
    return bounds, np.zeros(len(bounds) - 1, np.intp)


def columns(paths: Sequence[str], level: int | None) -> tuple[dict[str, int], tuple[str, ...]]:
    """Each path's column and the columns' paths, sorted; `level` keeps so many segments below the codebook."""
    kept = {path: path if level is None else "/".join(path.split("/")[: level + 1]) for path in paths}
    codes = tuple(sorted(set(kept.values())))
    number = {code: n for n, code in enumerate(codes)}
    return {path: number[code] for path, code in kept.items()}, codes


def _looked(
    panel: Panel, sources: Sequence[Source], raters: Sequence[str], column: Mapping[str, int], codes: int
) -> tuple[Bools, Bools]:
    """(sources, r, codes) and (sources, r): who looked for what where. A rolled-up code was looked for if any was."""
    present = np.array([[(rater, source.id) in panel.present for rater in raters] for source in sources], bool)
    present = present.reshape(len(sources), len(raters))
    missed = np.zeros((len(sources), len(raters), codes), np.intp)
    paths = np.bincount(np.array(list(column.values()), np.intp), minlength=codes)
    source_at = {source.id: n for n, source in enumerate(sources)}
    rater_at = {rater: n for n, rater in enumerate(raters)}
    for path, places in panel.not_looked_for.items():
        for rater, source in places if path in column else ():
            if source in source_at and rater in rater_at:
                missed[source_at[source], rater_at[rater], column[path]] += 1
    return present[:, :, None] & (missed < np.maximum(paths, 1)), present


def _spans(
    continuum: Continuum, panel: Panel, raters: Sequence[str], codings: Sequence[Coding], column: Mapping[str, int]
) -> _Spans:
    """The codings of raters who looked at the source, by position."""
    number = {name: n for n, name in enumerate(raters)}
    reader = {(rater.coder, rater.round): rater.name for rater in panel.raters if rater.name in number}
    rows = []
    for coding in codings:
        name = reader.get((coding.coder, coding.round))
        source = coding.segment.source.id
        at = continuum.offsets.get(source)
        if name is None or at is None or coding.code not in column or (name, source) not in panel.present:
            continue
        span = coding.segment.span
        rows.append((at + span.start, at + span.end, number[name], column[coding.code]))
    table = np.array(rows, np.intp).reshape(-1, 4)
    return _Spans(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def _marks(cuts: Ints, low: Ints, high: Ints, key: Ints, raters: int, codes: int) -> Bools:
    """Which atom carries which key: +1 where a range opens, -1 behind it, summed up."""
    change = np.zeros((max(len(cuts), 1), raters * codes), np.int8)
    change[np.searchsorted(cuts, low), key] += 1
    change[np.searchsorted(cuts, high), key] -= 1
    return np.cumsum(change[:-1], axis=0, dtype=np.int8).astype(bool).reshape(len(change) - 1, raters, codes)


def _unmarked(continuum: Continuum, spans: _Spans, rule: str) -> int:
    """How many of the codings in scope, taken alone, mark no unit under the rule."""
    if rule == "any" or continuum.by_character:
        return 0
    alone = np.arange(len(spans.start), dtype=np.intp)
    _, _, owner = continuum.place(spans.start, spans.end, rule, alone)
    return len(alone) - len(np.unique(owner))


def only(view: View, raters: Sequence[int]) -> View:
    """The view of some of its raters, by number."""
    kept = list(raters)
    return replace(
        view,
        raters=tuple(view.raters[n] for n in kept),
        marks=view.marks[:, kept],
        looked=view.looked[:, kept],
        present=view.present[:, kept],
        runs=NO_RUNS,
        alone=None if view.alone is None else only(view.alone, kept),
    )


def coded_only(view: View) -> View:
    """The view without the units that nobody gave any code."""
    coded = view.marks.any(axis=(1, 2))
    return replace(view, marks=view.marks[coded], weight=view.weight[coded], group=view.group[coded], runs=NO_RUNS)


def binary_sums(view: View) -> Sums:
    """Each code for itself, carried or not: `Sums` with leading axes (groups, codes) and values absent, present."""
    units = view.by_group(view.weight)
    ones = (
        np.stack([_weighed(view, view.marks[:, g]) for g in range(len(view.raters))], axis=1)
        if view.raters
        else (np.zeros((view.groups, 0, len(view.codes))))
    )
    tables = []
    for g, h in combinations(range(len(view.raters)), 2):
        both = _weighed(view, view.marks[:, g] & view.marks[:, h])
        only_g, only_h = ones[:, g] - both, ones[:, h] - both
        neither = units[:, None] - both - only_g - only_h
        cells = np.stack([np.stack([neither, only_h], -1), np.stack([only_g, both], -1)], -2)
        tables.append(cells * (view.looked[:, g] & view.looked[:, h])[..., None, None])
    shape = (view.groups, len(view.codes), 0, 2, 2)
    by_coder = np.stack([units[:, None, None] - ones, ones], -1) * view.looked[..., None]
    sums = assemble(
        tables=np.stack(tables, axis=2) if tables else np.zeros(shape),
        by_coder=by_coder.swapaxes(1, 2),
        units=np.broadcast_to(units[:, None], (view.groups, len(view.codes))),
        m=view.looked.sum(axis=1).astype(np.float64),
    )
    return sums if view.times is None else sums.each(partial(_times, view.times))


def _times(times: Floats, by_group: Floats) -> Floats:
    """Sums by group (groups, …), each times its group's weight."""
    return np.asarray(by_group * times.reshape(-1, *(1,) * (by_group.ndim - 1)))


def chance_sums(view: View, sums: Sums) -> Sums:
    """`sums` of a view with one group more: the units that one rater alone looked at. They pair nothing."""
    if view.alone is None or not view.alone.groups:
        return sums
    extra = binary_sums(view.alone).each(lambda by_group: np.asarray(by_group.sum(axis=0, keepdims=True)))
    return Sums(*(np.concatenate([getattr(sums, f.name), getattr(extra, f.name)]) for f in fields(Sums)))


def _weighed(view: View, marks: Bools) -> Floats:
    """Weight of the marked atoms (atoms, codes) per group: (groups, codes)."""
    return view.by_group(marks * view.weight[:, None])


def set_sums(view: View, distances: tuple[str, ...]) -> SetSums:
    """Every unit's set of codes. A code that one of a source's raters did not look for counts for none of them."""
    comparable = np.asarray((view.looked | ~view.present[:, :, None]).all(axis=1))
    marks = view.marks & comparable[view.group][:, None, :]
    atoms, raters, codes = marks.shape
    numbers, members = number_sets(marks.reshape(atoms * raters, codes))
    sets = np.where(view.present[view.group], numbers.reshape(atoms, raters), -1).T
    sums = tally_sets(sets, members, view.group, view.groups, view.weight, distances)
    if view.times is None:
        return sums
    weigh = partial(_times, view.times)
    observed = {name: weigh(by_group) for name, by_group in sums.observed.items()}
    return replace(
        sums,
        observed=observed,
        frequencies=weigh(sums.frequencies),
        same=weigh(sums.same),
        paired=weigh(sums.paired),
    )


def confusions(view: View) -> Floats:
    """Units on which one rater gave the row's code and not the column's, another the reverse: (codes, codes)."""
    total = np.zeros((len(view.codes), len(view.codes)))
    looked = view.looked[view.group]
    for g, h in combinations(range(len(view.raters)), 2):
        shared = looked[:, g] & looked[:, h]
        first = np.asarray(view.marks[:, g] & ~view.marks[:, h] & shared, np.float64)
        second = np.asarray(view.marks[:, h] & ~view.marks[:, g] & shared, np.float64)
        crossed = (first * view.weight[:, None]).T @ second
        total += crossed + crossed.T
    return total


def unanimity(view: View) -> tuple[Ints, Ints]:
    """Per code: units that all of two or more raters gave it, and units that some but not all did."""
    looked = view.looked[view.group]
    gave, m = (view.marks & looked).sum(axis=1), looked.sum(axis=1)
    everyone = ((gave == m) & (m > 1)) * view.weight[:, None]
    some = ((gave > 0) & (gave < m)) * view.weight[:, None]
    return everyone.sum(axis=0).round().astype(np.intp), some.sum(axis=0).round().astype(np.intp)
