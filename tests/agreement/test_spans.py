"""Figures of spans: unitizing alphas, boundaries."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.agreement import Request, measure
from qualcode.agreement.boundaries import beyond_chance_b, boundary_similarity, window_diff
from qualcode.model import Agreement, Bundle, Source
from tests.agreement.study import cut, plain, rows, spanned, study, vectors

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
            else:
                continue
            checked += 1
    assert checked > 15


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
    from tests.agreement.study import by_unit_alpha

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
