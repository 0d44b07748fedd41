"""Figures of spans: unitizing alphas, boundaries, gamma."""

from __future__ import annotations

import itertools
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.agreement import Request, measure
from qualcode.agreement.alignment import Units, best_alignment, edges, positional
from qualcode.agreement.boundaries import beyond_chance_b, boundary_similarity, window_diff
from qualcode.agreement.intervals import jackknife
from qualcode.model import Agreement, Bundle, Source
from tests.agreement.study import by_unit_alpha, cut, plain, rows, spanned, study, vectors

SPANS = ("u_alpha", "bar_u_alpha", "cu_alpha", "ku_alpha")


def continuum(length: int, coders: list[list[Any]], start: int = 0) -> Bundle:
    """One source of `length` characters with the coders' spans; coders without a span have a status."""
    source = Source("s", "s", "interview", "x" * length)
    codings = [
        spanned(source, a - start, b - start, f"b/{code}", f"c{n}")
        for n, row in enumerate(coders)
        for a, b, code in row
    ]
    codes = sorted({f"b/{code}" for row in coders for *_, code in row}) or ["b/x"]
    return study([source], codings, codes)


def unitized(bundle: Bundle) -> Agreement:
    return measure(bundle, cut=cut, request=Request(measures=SPANS, scope="all", unit="character"))


def test_the_published_unitizing_alphas() -> None:
    names = {"(k)u_alpha": "ku_alpha"}
    checked = 0
    for case in vectors("unitizing")["cases"]:
        start, end = case["continuum"]
        found = rows(unitized(continuum(end - start, case["coders"], start)))
        for expected in case["expected"]:
            name = names.get(expected["measure"], expected["measure"])
            code = f"b/{expected['code']}" if "code" in expected else None
            if name == "cu_coverage":
                assert found[None, "cu_alpha", None].counts["coverage"] == pytest.approx(expected["value"], abs=1e-9)
            elif name in SPANS:
                figure = found[code, name, None]
                assert figure.value == pytest.approx(expected["value"], abs=1e-9), (case["id"], name)
                if "coverage" in expected:
                    assert figure.counts["coverage"] == pytest.approx(expected["coverage"], abs=1e-9)
            elif name.endswith("_over_24_positions"):
                plain = name.removesuffix("_over_24_positions")
                asked = Request(measures=(plain,), scope="all", unit="character")
                by_character = rows(measure(continuum(end - start, case["coders"], start), cut=cut, request=asked))
                assert by_character["b/x", plain, None].value == pytest.approx(expected["value"], abs=1e-9)
            elif name == "alpha_U_1995_2004":
                older = Request(measures=(name,), scope="all", unit="character")
                figures = rows(measure(continuum(end - start, case["coders"], start), cut=cut, request=older))
                figure = figures[None if expected["code"] == "all" else code, name, None]
                assert figure.value == pytest.approx(expected["value"], abs=1e-9)
            else:
                assert name == "alpha_U_1995_2004_observed_disagreement", name  # a step on the way
                continue
            checked += 1
    assert checked > 21


def test_the_older_alpha_of_spans_is_of_one_text_and_says_so() -> None:
    asked = Request(measures=("alpha_U_1995_2004",), scope="all", unit="character")
    one, two = plain("one", "x" * 20), plain("two", "y" * 20)
    marks = [spanned(one, 0, 5, "b/x", "ann"), spanned(one, 0, 5, "b/x", "ben")]
    alone = rows(measure(study([one], marks), cut=cut, request=asked))
    assert alone["b/x", "alpha_U_1995_2004", None].value == 1.0
    assert alone["b/y", "alpha_U_1995_2004", None].why_null == "neither coder used this code"
    more = [*marks, spanned(two, 0, 5, "b/x", "ann"), spanned(two, 0, 5, "b/x", "ben")]
    both = rows(measure(study([one, two], more), cut=cut, request=asked))
    assert "defined for one text" in str(both[None, "alpha_U_1995_2004", None].why_null)
    whole = [spanned(one, 0, 20, "b/x", "ann"), spanned(one, 0, 20, "b/x", "ben")]
    full = rows(measure(study([one], whole), cut=cut, request=asked))
    assert "no variation" in str(full["b/x", "alpha_U_1995_2004", None].why_null)


def test_the_older_alpha_of_spans_is_that_of_sections_compared_one_by_one() -> None:
    """The marks of Krippendorff 1995, p. 57: observed disagreement .03125 of a text of 24."""
    asked = Request(measures=("alpha_U_1995_2004",), scope="all", unit="character")
    marks = [[[2, 10, "x"], [14, 20, "x"]], [[4, 8, "x"], [15, 17, "x"]]]
    found = rows(measure(continuum(24, marks), cut=cut, request=asked))["b/x", "alpha_U_1995_2004", None].value
    units, gaps = [8, 6, 4, 2], [2, 4, 4, 4, 7, 7]
    chances = sum(3 / 3 * (2 * u**3 - 3 * u**2 + u) + u**2 * sum(g - u + 1 for g in gaps if g >= u) for u in units)
    expected = 2 / 24 * chances / (48 * 47 - sum(u * (u - 1) for u in units))
    assert found == pytest.approx(1 - 0.03125 / expected, abs=1e-12)


def test_overlapping_codes_have_an_alpha_each_and_none_together() -> None:
    found = rows(unitized(continuum(40, [[[0, 20, "x"], [10, 30, "y"]], [[0, 20, "x"], [10, 28, "y"]]])))
    assert found["b/x", "u_alpha", None].value == 1.0
    for name in ("u_alpha", "bar_u_alpha", "cu_alpha"):
        assert found[None, name, None].why_null == "codes overlap: this figure needs at most one code at any place"


def test_for_three_coders_only_what_the_literature_agrees_on_is_printed() -> None:
    coders = [[[0, 9, "x"]], [[0, 8, "x"], [12, 15, "y"]], [[1, 9, "x"]]]
    found = rows(unitized(continuum(40, coders)))
    assert found[None, "u_alpha", None].value is not None
    assert found[None, "cu_alpha", None].why_null == "settled for two coders only: published versions for more differ"


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.sampled_from("-xy"), min_size=12, max_size=12), min_size=2, max_size=3))
def test_units_of_length_one_give_nominal_alpha_over_characters(coders: list[list[str]]) -> None:
    spans = [[[n, n + 1, value] for n, value in enumerate(row) if value != "-"] for row in coders]
    bundle = continuum(12, spans)
    if not all(spans):
        return
    found = rows(unitized(bundle))[None, "u_alpha", None]
    expected = by_unit_alpha([list(column) for column in zip(*coders, strict=True)])
    assert found.value == pytest.approx(expected, abs=1e-9)


def test_the_published_boundary_figures() -> None:
    def cuts(masses: list[int]) -> list[int]:
        return [sum(masses[: n + 1]) for n in range(len(masses) - 1)]

    checked = 0
    for case in vectors("segmentation")["cases"]:
        if "masses" in case:
            found = boundary_similarity(*map(cuts, case["masses"]))
        elif "reference_masses" in case:
            one, two = case["reference_masses"], case["hypothesis_masses"]
            found = window_diff(cuts(one), cuts(two), sum(one))
        elif "boundary_strings" in case:
            first, second = ([n + 1 for n, c in enumerate(s) if c == "1"] for s in case["boundary_strings"])
            found = window_diff(first, second, len(case["boundary_strings"][0]) + 1, case["k"])
        else:
            first, second = (cuts(case["items"]["i1"][coder]) for coder in ("c1", "c2"))
            units = sum(case["items"]["i1"]["c1"])
            assert beyond_chance_b(first, second, units, pooled=False) == pytest.approx(case["kappa_with_B"], abs=1e-9)
            found = beyond_chance_b(first, second, units, pooled=True)
        assert found == pytest.approx(case["value"], abs=1e-9), case
        checked += 1
    assert checked == 13


def test_boundaries_of_a_code_are_where_its_runs_begin_and_end() -> None:
    source = plain("one", "One a. Two b. Three c. Four d. Five e. Six f. Seven g. Eight h.")
    text = source.text
    codings = [spanned(source, text.index("Two"), text.index("Five") - 1, "b/x", "ann")]
    codings += [spanned(source, text.index("Two"), text.index("Six") - 1, "b/x", "ben")]
    request = Request(measures=("boundary_similarity", "windowdiff"))
    found = rows(measure(study([source], codings), cut=cut, request=request))
    first, second = [1, 4], [1, 5]
    assert found["b/x", "boundary_similarity", None].value == boundary_similarity(first, second)
    both = [window_diff(a, b, 8) for a, b in ((first, second), (second, first))]
    assert found["b/x", "windowdiff", None].value == pytest.approx(sum(value or 0 for value in both) / 2)
    assert found["b/y", "windowdiff", None].why_null == "no coder used this code, so there is no boundary"


def test_all_figures_hold_the_span_figures_too() -> None:
    bundle = continuum(60, [[[0, 20, "x"], [30, 40, "y"]], [[0, 18, "x"], [30, 44, "y"]]])
    names = {figure.measure for figure in measure(bundle, cut=cut, request=Request(all=True)).measures}
    assert {*SPANS, "boundary_similarity", "windowdiff"} <= names


def units_of(rows_of_units: list[list[Any]]) -> Units:
    """Units of one text from rows of coder, start, end, code."""
    coders, codes = (sorted({row[n] for row in rows_of_units}) for n in (0, 3))
    return Units(
        np.array([float(row[1]) for row in rows_of_units]),
        np.array([float(row[2]) for row in rows_of_units]),
        np.array([codes.index(row[3]) for row in rows_of_units], np.intp),
        np.array([coders.index(row[0]) for row in rows_of_units], np.intp),
        np.zeros(len(rows_of_units), np.intp),
    )


def disorder(units: Units, coders: int, alpha: float = 1.0) -> float:
    """Cost of the best alignment per unit of a coder."""
    return float(best_alignment(units, [coders], edges(units, [coders], alpha)).cost[0]) / (len(units) / coders)


def test_the_published_disorders_of_best_alignments() -> None:
    checked = 0
    for case in vectors("gamma")["cases"]:
        if "units" not in case:
            units = units_of([["a", *case["pairs"][0]["a"], "x"], ["b", *case["pairs"][0]["b"], "x"]])
            assert positional(units, np.array([0]), np.array([1]))[0] == pytest.approx(case["pairs"][0]["value"])
            continue
        coders = len({row[0] for row in case["units"]})
        alpha = float(case["params"]["alpha"])
        assert disorder(units_of(case["units"]), coders, alpha) == pytest.approx(case["expected"][0]["value"], abs=1e-6)
        for made in case.get("random_continua", []):
            found = disorder(units_of(made["units"]), coders)
            assert found == pytest.approx(made["best_alignment_disorder"], abs=1e-6)
            checked += 1
    assert checked >= 9


@st.composite
def small_texts(draw: st.DrawFn) -> tuple[Units, int]:
    """Up to eight units of two or three coders."""
    coders = draw(st.integers(2, 3))
    made = draw(
        st.lists(
            st.tuples(st.integers(0, coders - 1), st.integers(0, 30), st.integers(1, 12), st.integers(0, 2)),
            min_size=1,
            max_size=8,
        )
    )
    table = np.array(made)
    start = table[:, 1].astype(float)
    return Units(start, start + table[:, 2], table[:, 3], table[:, 0], table[:, 0] * 0), coders


def cheapest(units: Units, coders: int) -> float:
    """The least cost over every way to put units of different coders together."""
    pairs = coders * (coders - 1) / 2

    def cost(group: tuple[int, ...]) -> float:
        inside = 0.0
        for a, b in combinations(group, 2):
            place = float(positional(units, np.array([a]), np.array([b]))[0])
            inside += place + float(units.code[a] != units.code[b]) - 1
        return (pairs + inside) / pairs

    @cache
    def best(rest: tuple[int, ...]) -> float:
        if not rest:
            return 0.0
        first, others = rest[0], rest[1:]
        found = []
        for size in range(coders):
            for chosen in combinations(others, size):
                group = (first, *chosen)
                if len({int(units.coder[unit]) for unit in group}) == len(group):
                    found.append(cost(group) + best(tuple(unit for unit in others if unit not in chosen)))
        return min(found)

    return best(tuple(range(len(units))))


@settings(deadline=None, max_examples=150)
@given(small_texts())
def test_the_best_alignment_is_the_cheapest_of_all(text: tuple[Units, int]) -> None:
    units, coders = text
    found = best_alignment(units, [coders], edges(units, [coders]))
    assert float(found.cost[0]) == pytest.approx(cheapest(units, coders), abs=1e-9)
    used = [unit for group in found.groups for unit in group]
    assert len(used) == len(set(used))


def test_large_components_are_solved_as_well_as_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)
    start = np.sort(generator.uniform(0, 60, 21))
    coder = np.arange(21) % 3
    units = Units(start, start + generator.uniform(5, 15, 21), generator.integers(0, 2, 21), coder, coder * 0)
    by_program = disorder(units, 3)
    monkeypatch.setattr("qualcode.agreement.alignment.SMALL", 30)
    assert disorder(units, 3) == pytest.approx(by_program, abs=1e-9)


def gammas(bundle: Bundle, **more: Any) -> Agreement:
    return measure(bundle, cut=cut, request=Request(measures=("gamma", "gamma_cat", "gamma_k"), **more))


def test_gamma_lies_where_published_runs_lie() -> None:
    checked = 0
    for case in vectors("gamma")["cases"]:
        bands = [expected for expected in case.get("expected", []) if expected["measure"].startswith("gamma (")]
        for band in bands:
            coders = sorted({row[0] for row in case["units"]})
            spans = [[row[1:] for row in case["units"] if row[0] == coder] for coder in coders]
            end = max(row[2] for row in case["units"])
            found = rows(gammas(continuum(end, spans)))[None, "gamma", None]
            assert found.value == pytest.approx(band["printed"], abs=band["printed_tol"])
            checked += 1
    assert checked == 3


def test_the_same_codings_have_gamma_one_and_other_codes_lower_gamma_cat() -> None:
    spans = [[n * 20, n * 20 + 10, "xy"[n % 2]] for n in range(10)]
    other = [[a, b, "y" if a in (0, 40) else code] for a, b, code in spans]
    same = rows(gammas(continuum(200, [spans, spans])))
    assert [same[None, name, None].value for name in ("gamma", "gamma_cat")] == [1.0, 1.0]
    assert same["b/x", "gamma_k", None].value == 1.0
    differ = rows(gammas(continuum(200, [spans, other])))
    assert 0 < (differ[None, "gamma_cat", None].value or 0) < 1
    assert (differ["b/x", "gamma_k", None].value or 0) < 1


def test_gamma_says_its_seed_and_repeats_itself() -> None:
    bundle = continuum(100, [[[0, 20, "x"], [50, 60, "y"]], [[5, 25, "x"], [52, 61, "x"]]])
    first, second, other = (rows(gammas(bundle, seed=seed))[None, "gamma", None] for seed in (1, 1, 2))
    assert first == second
    assert first.counts == {"continua": 30, "seed": 1}
    assert first.value != other.value


def test_gamma_is_told_why_when_it_cannot_be() -> None:
    source = plain("one", "One a. Two b.")
    found = rows(gammas(study([source], [spanned(source, 0, 3, "b/x", "ann")])))
    assert not [figure for figure in found.values() if figure.value is not None]
    both = rows(gammas(study([source], [spanned(source, 0, 13, "b/x", name) for name in ("ann", "ben")])))
    assert both["b/y", "gamma_k", None].why_null == "neither coder used this code"


def test_gamma_is_not_asked_of_single_answers() -> None:
    answers = [plain(f"r{n}", "Time and people.", "answers") for n in range(4)]
    codings = [spanned(s, 0, 4 + 4 * (n % 2), "b/x", coder) for n, s in enumerate(answers) for coder in ("ann", "ben")]
    asked = Request(measures=("gamma", "gamma_cat", "gamma_k"), scope="all")
    found = rows(measure(study(answers, codings), cut=cut, request=asked))
    assert len(found) == 4
    assert all("single answer" in str(figure.why_null) for figure in found.values())
    interview = continuum(60, [[[0, 9, "x"], [20, 30, "y"]], [[0, 10, "x"], [22, 30, "y"]]])
    both = Bundle(
        sources=(*interview.sources, *answers), codebooks=interview.codebooks, codings=(*interview.codings, *codings)
    )
    pooled = rows(measure(both, cut=cut, request=Request(measures=("gamma",), scope="all", pool=True)))
    alone = rows(measure(interview, cut=cut, request=Request(measures=("gamma",), scope="all")))
    assert pooled[None, "gamma", None].n == alone[None, "gamma", None].n == 4


def test_an_interval_reaches_below_its_value_however_low_that_is() -> None:
    found = jackknife(np.array([-1.4, -1.2, -1.6, -1.5, -1.3]), np.ones(4, bool))
    assert found is not None
    assert found.low <= -1.4 <= found.high
    free = jackknife(np.array([-1.4, -1.2, -1.6, -1.5, -1.3]), np.ones(4, bool), lowest=-np.inf)
    assert free is not None
    assert free.low < -1.4


Sections = list[tuple[int, int, bool]]


def sections(marks: list[tuple[int, int]], length: int) -> Sections:
    """Units and the gaps between them."""
    found: Sections = []
    at = 0
    for start, end in marks:
        found += [(at, start, False)] if start > at else []
        found.append((start, end, True))
        at = end
    return [*found, (at, length, False)] if at < length else found


def older_alpha(coders: list[list[tuple[int, int]]], length: int) -> float:
    """alpha_U of one code, section by section as Krippendorff 2004, p. 254-255, has it. The slow way."""
    rows, m = [sections(marks, length) for marks in coders], len(coders)
    apart = 0
    for one, other in itertools.permutations(rows, 2):
        for (a, b, unit), (x, y, marked) in itertools.product(one, other):
            if unit and marked and a < y and x < b:
                apart += (a - x) ** 2 + (b - y) ** 2
            elif unit and not marked and x <= a and b <= y:
                apart += (b - a) ** 2
            elif marked and not unit and a <= x and y <= b:
                apart += (y - x) ** 2
    units = [b - a for row in rows for a, b, unit in row if unit]
    gaps = [b - a for row in rows for a, b, unit in row if not unit]
    cubes = sum((len(units) - 1) / 3 * (2 * u**3 - 3 * u**2 + u) for u in units)
    room = sum(u**2 * (g - u + 1) for u in units for g in gaps if g >= u)
    ways = m * length * (m * length - 1) - sum(u * (u - 1) for u in units)
    return 1 - apart / (m * (m - 1) * length**2) / (2 / length * (cubes + room) / ways)


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 9)), min_size=1, max_size=4), min_size=2, max_size=3)
)
def test_the_older_alpha_is_that_of_all_pairs_of_sections(steps: list[list[tuple[int, int]]]) -> None:
    coders = []
    for row in steps:
        ends = [sum(gap + size for gap, size in row[: n + 1]) for n in range(len(row))]
        coders.append([(end - size, end) for end, (_, size) in zip(ends, row, strict=True)])
    length = max(marks[-1][1] for marks in coders) + 1
    asked = Request(measures=("alpha_U_1995_2004",), scope="all", unit="character")
    bundle = continuum(length, [[[a, b, "x"] for a, b in marks] for marks in coders])
    found = rows(measure(bundle, cut=cut, request=asked))["b/x", "alpha_U_1995_2004", None].value
    assert found == pytest.approx(older_alpha(coders, length), abs=1e-9)
