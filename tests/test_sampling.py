"""A draw is repeatable, even over its strata, and says the probability of everything in it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import UsageError
from qualcode.model import Source, Span, Turn
from qualcode.sampling import draw, promise


def source(name: str, turns: int = 4, case: str | None = None) -> Source:
    text = "Ask. Say. " * turns
    made = tuple(
        Turn(n + 1, Span(5 * n, 5 * n + 4), role="respondent" if n % 2 else "interviewer") for n in range(2 * turns)
    )
    return Source(name, name, "interview", text, made, case)


SOURCES = [source(f"s{n:02}", case=f"c{n // 2}") for n in range(20)]


def test_the_same_seed_draws_the_same_in_any_order() -> None:
    first = draw(SOURCES, count=6, seed=5)
    assert len(first.units) == 6
    assert draw(SOURCES[::-1], count=6, seed=5) == first
    assert draw(SOURCES, count=6, seed=6) != first


@given(st.integers(1, 20), st.integers(0, 99), st.integers(1, 4))
def test_strata_get_their_share_and_their_probability(count: int, seed: int, groups: int) -> None:
    strata = {s.id: f"g{n % groups}" for n, s in enumerate(SOURCES)}
    found = draw(SOURCES, count=count, seed=seed, strata=strata)
    sizes = Counter(strata.values())
    drawn = Counter(unit.stratum for unit in found.units)
    assert sum(drawn.values()) == count
    for name, size in sizes.items():
        assert abs(drawn[name] - count * size / 20) < 1 or drawn[name] == 1
        assert count < groups or drawn[name] >= 1
    own = {name: drawn[name] / size if count >= groups else count / 20 for name, size in sizes.items()}
    assert all(unit.probability == own[unit.stratum] for unit in found.units)


@pytest.mark.parametrize(("by", "count"), [("turn", 5), ("turn", 13), ("source", 2)])
def test_of_more_strata_than_are_drawn_every_unit_is_drawn_as_often_as_its_probability_says(
    by: str, count: int
) -> None:
    few = [source(f"s{n:02}", turns=1 + n % 3) for n in range(14)]
    strata = {s.id: f"g{n // 4}" for n, s in enumerate(few)} if by == "source" else None
    counts: Counter[tuple[str, int | None]] = Counter()
    for seed in range(3000):
        found = draw(few, by=by, count=count, seed=seed, strata=strata)
        assert len(found.units) == count
        assert {unit.probability for unit in found.units} == {count / found.population}
        counts.update((unit.source, unit.turn) for unit in found.units)
    assert len(counts) == found.population
    assert all(abs(n / 3000 - count / found.population) < 0.05 for n in counts.values())


def test_every_source_is_drawn_as_often_as_its_probability_says() -> None:
    counts: Counter[str] = Counter()
    for seed in range(2000):
        counts.update(draw(SOURCES, fraction=0.3, seed=seed).sources)
    assert len(counts) == 20
    assert all(abs(n / 2000 - 0.3) < 0.05 for n in counts.values())


def test_turns_are_drawn_from_all_sources_and_never_an_interviewers() -> None:
    found = draw(SOURCES, by="turn", fraction=0.25, seed=1)
    assert found.population == 80
    assert len(found.sources) == 20
    assert all(unit.turn is not None and unit.turn % 2 == 0 for unit in found.units)
    assert {unit.probability for unit in found.units} == {0.25}


def test_a_case_comes_with_all_its_sources() -> None:
    found = draw(SOURCES, by="case", count=3, seed=2)
    assert (found.population, found.count, len(found.units)) == (10, 3, 6)
    assert all(unit.probability == 0.3 for unit in found.units)


def test_coders_take_turns_and_all_turns_of_a_source_stay_together() -> None:
    found = draw(SOURCES, fraction=0.5, coders=("ann", "ben", "cat"), each=2)
    assert {len(unit.coders) for unit in found.units} == {2}
    load = Counter(name for unit in found.units for name in unit.coders)
    assert max(load.values()) - min(load.values()) <= 1
    turns = draw(SOURCES, by="turn", fraction=0.5, coders=("ann", "ben", "cat"), each=2)
    assert all(len({u.coders for u in turns.units if u.source == name}) == 1 for name in turns.sources)
    assert {unit.source for unit in found.of("ann")} < set(found.sources)


@pytest.mark.parametrize(
    ("count", "by", "said"),
    [(2, "source", "No interval by source"), (3, "source", "wide: 3"), (5, "source", "will be possible: 5")],
)
def test_it_says_before_the_work_whether_an_interval_will_be_possible(count: int, by: str, said: str) -> None:
    assert said in promise(draw(SOURCES, by=by, count=count))


def test_one_source_has_no_more_to_draw_turns_from() -> None:
    assert "import more sources" in promise(draw(SOURCES[:1], by="turn", count=2))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"fraction": 0.1, "count": 2},
        {"fraction": 0.0},
        {"fraction": 1.5},
        {"count": 0},
        {"count": 21},
        {"count": 2, "by": "sentence"},
        {"count": 2, "coders": ("ann", "ben"), "each": 3},
        {"count": 2, "coders": ("ann", "ben"), "each": 1},
    ],
)
def test_what_cannot_be_drawn_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(UsageError) as refused:
        draw(SOURCES, **asked)  # type: ignore[arg-type]
    assert refused.value.way_out


def test_a_fraction_is_rounded_up_and_nothing_is_no_population() -> None:
    assert draw(SOURCES, fraction=0.11).count == 3
    assert draw(SOURCES, fraction=0.1).count == 2
    assert draw(SOURCES, fraction=1.0).count == 20
    with pytest.raises(UsageError):
        draw([], fraction=0.5)
