"""Gamma: agreement on where units lie and how they are coded, at once (Mathet, Widlöcher & Métivier 2015).

gamma = 1 - observed / expected disorder of the best alignment. Disorder is the cost of all unitary alignments per
unit of a coder. What is expected comes from random texts made as the paper says (section 5.2): for every coder the
codings of a randomly chosen one, shifted around the text by a random distance, distances at least half a mean unit
apart. gamma_cat looks at the codes of aligned units only, gamma_k at one code of them, each pair weighted by how well
its places match: max(0, 1 - positional), shared among the units of its alignment (Mathet 2017). Weights of place and
code and the cost of an empty partner are 1. Sources are added up by their units before dividing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qualcode.agreement.alignment import Alignment, TooManyAlignments, Units, best_alignment, edges, positional
from qualcode.agreement.figures import Doubt, Name, row
from qualcode.agreement.measures import FEWER_THAN_TWO
from qualcode.agreement.percent import share
from qualcode.agreement.scoring import unused
from qualcode.agreement.sums import Floats, Ints, LeaveOut, ratio
from qualcode.agreement.view import View
from qualcode.model import Measure, Source

NAMES = ("gamma", "gamma_cat", "gamma_k")
CONTINUA, LEAST = 30, 3
"""Random texts in all, and at the least for each source: what is expected is a mean over all sources."""
LOWEST = -np.inf
"""Disorder has no upper bound, so gamma has no lower one: it is 0 where coders do as well as chance."""
ONE_ANSWER = "every source is a single answer: shifting codings about in it is no chance to compare with"
TOO_MANY = "the codings can be aligned in too many ways"
NONE_ALIGNED = "no aligned pair of codings holds this code"
NO_CHANCE = "random texts show no disorder, so there is nothing to compare with"


@dataclass(frozen=True, slots=True)
class Disorders:
    """Sums by source and text, the real text first: (sources, 1 + continua).

    total is disorder times units a coder; apart and weight (…, codes + 1) are for gamma_cat in the last column and
    gamma_k of each code: the weighted pairs with different codes, and all weighted pairs.
    """

    total: Floats
    apart: Floats
    weight: Floats


def units_of(view: View) -> Units:
    """The codings of a view by character, of raters who looked at a source that another looked at too."""
    edge = np.concatenate([[0.0], np.cumsum(view.weight)])
    first, behind, rater, code = view.runs.T
    source = view.group_source[view.group[np.minimum(first, max(len(view.group) - 1, 0))]]
    return Units(edge[first], edge[behind], code, rater, source)


def disorders(
    units: Units, present: Sequence[Ints], length: Floats, codes: int, seed: int, continua: int = CONTINUA
) -> Disorders:
    """Disorder of each source and of `continua` random texts for each.

    `present` (sources) holds the numbers of the raters who looked there, `length` (sources) the text in code points.
    Raises TooManyAlignments.
    """
    generator = np.random.default_rng(seed)
    total = np.zeros((len(present), 1 + continua))
    apart, weight = np.zeros((2, len(present), 1 + continua, codes + 1))
    begin = np.cumsum(length) - length
    for source, raters in enumerate(present):
        mine = np.flatnonzero(units.text == source)
        if len(raters) < 2 or not len(mine):
            continue
        real = _by_work(units.only(mine), raters)
        texts = _with_random(
            real, np.arange(len(raters)), float(begin[source]), float(length[source]), continua, generator
        )
        coders = [len(raters)] * (1 + continua)
        aligned = best_alignment(texts, coders, edges(texts, coders))
        held = np.bincount(texts.text, minlength=1 + continua)
        total[source] = len(mine) * aligned.cost / held
        _add_codes(texts, aligned, apart[source], weight[source])
    return Disorders(total, apart, weight)


def _by_work(real: Units, raters: Ints) -> Units:
    """The units with coders numbered, and then sorted, by what they did.

    So no renaming changes what is drawn, nor which of two equally good alignments is found.
    """

    def work(rater: int) -> list[tuple[float, float, int]]:
        mine = np.flatnonzero(real.coder == rater)
        return sorted(zip(real.start[mine].tolist(), real.end[mine].tolist(), real.code[mine].tolist(), strict=True))

    rank = {rater: n for n, rater in enumerate(sorted(raters.tolist(), key=work))}
    coder = np.array([rank[int(rater)] for rater in real.coder], np.intp)
    order = np.lexsort((real.code, real.end, real.start, coder))
    ranked = Units(real.start, real.end, real.code, coder, real.text)
    return ranked.only(order)


def _with_random(
    real: Units, raters: Ints, begin: float, length: float, continua: int, generator: np.random.Generator
) -> Units:
    """The real text as number 0, then the random ones, none of them empty."""
    least = float((real.end - real.start).mean()) / 2
    parts = [real]
    for text in range(1, 1 + continua):
        models = generator.choice(raters, len(raters))
        while not np.isin(real.coder, models).any():
            models = generator.choice(raters, len(raters))
        for coder, model, shift in zip(raters, models, _shifts(len(raters), length, least, generator), strict=True):
            chosen = np.flatnonzero(real.coder == model)
            moved = real.start[chosen] + shift
            start = np.where(moved >= begin + length, moved - length, moved)
            end = start + real.end[chosen] - real.start[chosen]
            parts.append(Units(start, end, real.code[chosen], chosen * 0 + coder, chosen * 0 + text))
    return _joined(parts)


def _joined(parts: Sequence[Units]) -> Units:
    return Units(
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([part.code for part in parts]),
        np.concatenate([part.coder for part in parts]),
        np.concatenate([part.text for part in parts]),
    )


def _shifts(count: int, span: float, least: float, generator: np.random.Generator, tries: int = 50) -> list[float]:
    """Random distances, apart from each other by `least` round the text while there is room for it."""
    found: list[float] = []
    for _ in range(count):
        for _ in range(tries):
            shift = float(generator.uniform(0, span))
            if all(min(abs(shift - other), span - abs(shift - other)) >= least for other in found):
                break
        found.append(shift)
    return found


def _add_codes(texts: Units, aligned: Alignment, apart: Floats, weight: Floats) -> None:
    """Add each aligned pair's weight, and that of pairs with different codes, to the texts' sums."""
    pairs = [(a, b, 1 / (len(group) - 1)) for group in aligned.groups for a, b in combinations(group, 2)]
    if not pairs:
        return
    first, second = (np.array([pair[n] for pair in pairs], np.intp) for n in (0, 1))
    shared = np.array([pair[2] for pair in pairs])
    trusted = shared * np.maximum(0, 1 - positional(texts, first, second))
    text, one, two = texts.text[first], texts.code[first], texts.code[second]
    different = trusted * (one != two)
    last = np.full(len(pairs), weight.shape[1] - 1)
    for code, counted in ((last, trusted > -1), (one, trusted > -1), (two, one != two)):
        np.add.at(weight, (text[counted], code[counted]), trusted[counted])
        np.add.at(apart, (text[counted], code[counted]), different[counted])


def gamma_figures(view: View, doubt: Doubt, names: Sequence[str], codebook: str, seed: int) -> Iterator[Measure]:
    """The figures `names` of a view by character; n counts codings."""
    if not view.sources or not names:
        return
    units = units_of(view)
    present = [np.flatnonzero(view.present[view.group_source == n].any(axis=0)) for n in range(len(view.sources))]
    shared = any(len(raters) > 1 for raters in present)
    present = [
        raters[:0] if _is_one_answer(source) else raters for raters, source in zip(present, view.sources, strict=True)
    ]
    sizes = np.array([len(raters) for raters in present])
    used = np.array([(sizes[n] > 1) and bool((units.text == n).any()) for n in range(len(present))], bool)
    length = np.bincount(view.group_source[view.group], weights=view.weight, minlength=len(view.sources))
    continua = max(LEAST, -(-CONTINUA // max(int(used.sum()), 1)))
    try:
        found: Disorders | None = disorders(units, present, length.astype(np.float64), len(view.codes), seed, continua)
    except TooManyAlignments:
        found = None
    counts = {"continua": continua * int(used.sum()), "seed": seed}
    kept = used[units.text] if len(units) else np.zeros(0, bool)
    for name in names:
        for code, figures, why in _wanted(view, name, found):
            label = Name(name, code, codebook)
            n = int(kept.sum() if code is None else (units.code[kept] == view.codes.index(code)).sum())
            reason = ONE_ANSWER if shared and not (sizes > 1).any() else why
            yield row(label, (figures,), used, n, doubt, lowest=LOWEST, why=reason, counts=counts)


def _is_one_answer(source: Source) -> bool:
    """Whether a questionnaire's source holds a single answer, in which a coding can lie nowhere else."""
    return source.kind == "answers" and sum(turn.role != "interviewer" for turn in source.turns) <= 1


def _wanted(view: View, name: str, found: Disorders | None) -> Iterator[tuple[str | None, Floats, str]]:
    """Code, figures (1 + sources) and the reason for n/a."""
    mix, why = LeaveOut(), FEWER_THAN_TWO if len(view.raters) < 2 else NO_CHANCE
    codes: Sequence[str | None] = view.codes if name == "gamma_k" else [None]
    if found is None:
        yield from ((code, np.full(1 + len(view.sources), np.nan), TOO_MANY) for code in codes)
        return
    if name == "gamma":
        yield None, _against_chance(mix(found.total)), why
        return
    apart, weight = mix(found.apart), mix(found.weight)
    for at, code in zip(range(len(view.codes)) if name == "gamma_k" else [-1], codes, strict=True):
        figures = _against_chance(share(apart[..., at], weight[..., at]))
        used = code is None or view.codings[at]
        reason = why if weight[0, 0, at] > 1e-9 else (NONE_ALIGNED if used else unused(view))
        yield code, figures, reason


def _against_chance(disorder: Floats) -> Floats:
    """1 - real / mean random disorder: (replicates, 1 + continua) to (replicates)."""
    known = ~np.isnan(disorder[:, 1:])
    expected = share(np.where(known, disorder[:, 1:], 0).sum(axis=1), known.sum(axis=1) * 1.0)
    return np.asarray(1 - ratio(disorder[:, 0], expected, expected > 1e-12))
