"""What two people code independently: a seeded draw of sources, cases or turns, with inclusion probabilities.

The draw is without replacement within strata, each of which gets its share of the sample (largest remainders) and at
least one; the probability of a unit is the number drawn from its stratum over the number there. Where there are more
strata than are to be drawn, it is by lot which of them give one, in proportion to their size, and then every unit has
the same probability: the number drawn over the number of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from random import Random
from typing import Literal, get_args

from qualcode.errors import UsageError, nearest
from qualcode.model import Source, Turn

By = Literal["source", "case", "turn"]
LEAST, GOOD = 3, 5
"""From three sources on an interval is possible; from five on its simulated coverage is 92 % or more."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit of the sample: a source, or one turn of it (`turn` counts from 1), and who codes it."""

    source: str
    turn: int | None
    stratum: str
    probability: float
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A draw: `units` by source and turn, of `population` units (sources, cases or turns), `count` of them drawn."""

    by: By
    seed: int
    coders: tuple[str, ...]
    units: tuple[Drawn, ...]
    population: int
    count: int

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the sources in it, in order."""
        return tuple(dict.fromkeys(unit.source for unit in self.units))

    def of(self, coder: str) -> tuple[Drawn, ...]:
        """What one coder codes; everything when the sample names no coders."""
        return tuple(unit for unit in self.units if not self.coders or coder in unit.coders)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Something that can be drawn: its key, stratum, and the sources or turns it stands for."""

    key: str
    stratum: str
    parts: tuple[tuple[str, int | None], ...]


def draw(
    sources: Sequence[Source],
    *,
    by: str = "source",
    fraction: float | None = None,
    count: int | None = None,
    coders: Sequence[str] = (),
    each: int | None = None,
    strata: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Sample:
    """Draw `count` units, or a `fraction` of them (rounded up), from `sources`; the same seed draws the same.

    `strata` maps source ids, and ``case NAME`` for people of talks, to the groups that are drawn from evenly; turns are
    drawn from every source alike when there are none. Each unit (of turns, each source) goes to `each` of the coders in
    turn, or to all. Raises UsageError for what cannot be.
    """
    if by not in get_args(By):
        near = nearest(by, get_args(By))
        raise UsageError(f'no sample by "{by}"', f'did you mean "{near}"?' if near else "choose source, case or turn")
    if each is not None and not 2 <= each <= len(coders):
        raise UsageError(f"{each} of {len(coders)} coders cannot code each unit", "give a number from 2 to all of them")
    groups = strata if strata is not None else {s.id: s.id for s in sources} if by == "turn" else {}
    units = sorted(_units(sources, by, groups), key=lambda unit: unit.key)
    if not units:
        raise UsageError(f"there is no {by} to draw from", "import sources first")
    wanted = _wanted(len(units), fraction, count)
    chosen = sorted(_chosen(units, wanted, Random(seed)), key=lambda pair: pair[0].key)
    lot = {key: n for n, key in enumerate(dict.fromkeys(_whose(unit, by) for unit, _ in chosen))}
    drawn = [
        Drawn(source, turn, unit.stratum, probability, _assigned(coders, each, lot[_whose(unit, by)]))
        for unit, probability in chosen
        for source, turn in unit.parts
    ]
    drawn.sort(key=lambda unit: (unit.source, unit.turn or 0))
    return Sample(by, seed, tuple(coders), tuple(drawn), len(units), len(chosen))  # type: ignore[arg-type]


def _chosen(units: Sequence[_Unit], wanted: int, generator: Random) -> Iterator[tuple[_Unit, float]]:
    """The units that are drawn, each with its probability; where there are more strata than units, these by lot."""
    by_stratum: dict[str, list[_Unit]] = defaultdict(list)
    for unit in units:
        by_stratum[unit.stratum].append(unit)
    sizes = {name: len(by_stratum[name]) for name in sorted(by_stratum)}
    everywhere = wanted >= len(sizes)
    for stratum, n in (_shares if everywhere else _lots)(sizes, wanted, generator).items():
        there = by_stratum[stratum]
        probability = n / len(there) if everywhere else wanted / len(units)
        yield from ((unit, probability) for unit in generator.sample(there, n))


def _units(sources: Sequence[Source], by: str, strata: Mapping[str, str]) -> list[_Unit]:
    """Everything that can be drawn."""
    if by == "turn":
        return [
            _Unit(f"{source.id} {turn.n:09}", strata.get(source.id, ""), ((source.id, turn.n),))
            for source in sources
            for turn in source.turns
            if _answers(source, turn)
        ]
    if by == "source":
        return [_Unit(s.id, strata.get(s.id, ""), ((s.id, None),)) for s in sources if s.text]
    cases: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for source in sources:
        if source.text and not source.by_turn:
            cases[source.case or source.id].append((source.id, None))
        for turn in source.turns if source.by_turn else ():
            if (case := source.case_of(turn)) and _answers(source, turn):
                cases[case].append((source.id, turn.n))
    return [
        _Unit(name, strata.get(f"case {name}", strata.get(parts[0][0], "")), tuple(parts))
        for name, parts in cases.items()
    ]


def _answers(source: Source, turn: Turn) -> bool:
    """Whether a turn can carry a code: not an interviewer's, and not blank."""
    return turn.role != "interviewer" and bool(source.quote(turn.span).strip())


def _wanted(there: int, fraction: float | None, count: int | None) -> int:
    """How many units to draw."""
    if (fraction is None) == (count is None):
        raise UsageError("how much is to be double-coded?", "give --fraction, such as 0.2, or --count")
    if fraction is not None:
        if not 0 < fraction <= 1:
            raise UsageError(f"{fraction:g} is no fraction", "give a number above 0 and up to 1, such as 0.2")
        return max(1, -floor(-fraction * there + 1e-9))
    assert count is not None  # one of the two is given
    if not 1 <= count <= there:
        raise UsageError(f"{count} of {there} cannot be drawn", f"give a number from 1 to {there}")
    return count


def _shares(sizes: Mapping[str, int], wanted: int, generator: Random) -> dict[str, int]:
    """How many to draw from each stratum: in proportion, and at least one of each."""
    total = sum(sizes.values())
    exact = {name: wanted * size / total for name, size in sizes.items()}
    found = {name: max(1, floor(share)) for name, share in exact.items()}
    while sum(found.values()) > wanted:
        name = max((n for n in found if found[n] > 1), key=lambda n: found[n] - exact[n])
        found[name] -= 1
    lots = {name: generator.random() for name in sizes}
    for name in sorted(sizes, key=lambda n: (found[n] - exact[n], lots[n]))[: wanted - sum(found.values())]:
        found[name] += 1
    return found


def _lots(sizes: Mapping[str, int], wanted: int, generator: Random) -> dict[str, int]:
    """How many to draw from each of more strata than are drawn: its share, rounded up or down by lot.

    Systematic sampling of the remainders in a random order (Madow 1949), in whole numbers: what is expected of every
    stratum is exactly its share.
    """
    total = sum(sizes.values())
    names = list(sizes)
    generator.shuffle(names)
    start, found, before = generator.randrange(total), {}, 0
    for name in names:
        whole, rest = divmod(wanted * sizes[name], total)
        found[name] = whole + (before + rest - 1 - start) // total - (before - 1 - start) // total
        before += rest
    return {name: found[name] for name in sizes}


def _whose(unit: _Unit, by: str) -> str:
    """What is given to coders as one: all drawn turns of a source, since one is done with a source or not."""
    return unit.parts[0][0] if by == "turn" else unit.key


def _assigned(coders: Sequence[str], each: int | None, at: int) -> tuple[str, ...]:
    """Who codes the unit number `at`: everyone, or `each` of them in turn."""
    if each is None:
        return tuple(coders)
    return tuple(coders[(at + n) % len(coders)] for n in range(each))


def promise(sample: Sample) -> str:
    """Whether an interval will be possible, said before the work is done."""
    n = len(sample.sources) if sample.by != "case" else sample.count
    noun = {"source": "source", "case": "case", "turn": "source"}[sample.by]
    there = f"{n} {noun}{'s' * (n != 1)}"
    if n >= GOOD:
        return f"An interval by source will be possible: {there} will be double-coded."
    more = "draw turns from all sources instead: --by turn" if sample.by != "turn" else "import more sources"
    if n >= LEAST:
        return f"An interval by source will be possible, and wide: {there} only. For a narrower one {more}."
    return f"No interval by source will be possible: {there} only. Draw {LEAST} or more, or {more}."
