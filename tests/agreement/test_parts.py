"""The coders side by side, groups of sources, other decisions, and how much more to code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qualcode.agreement import Request, measure, plan, plan_rows
from qualcode.errors import UsageError
from qualcode.model import Bundle, Case, Coder, Source, Span, Turn
from tests.agreement.study import coded, cut, done, plain, rows, study, vectors

TEXT = "One alpha. Two beta. Three gamma. Four delta. Five epsilon. Six zeta."
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


def three_coders() -> Bundle:
    """Ann and ben agree wholly, cat differs; two interviews are of primary schools, two of secondary ones."""
    sources = [replace(plain(f"int-{n}", TEXT), case=f"case {n}") for n in range(4)]
    codings = []
    for n, source in enumerate(sources):
        for coder in ("ann", "ben"):
            codings += [coded(source, WORDS[n], "b/x", coder), coded(source, WORDS[n + 1], "b/x/y", coder)]
        codings += [coded(source, WORDS[n], "b/x", "cat"), coded(source, WORDS[(n + 3) % 6], "b/x", "cat")]
    cases = tuple(Case(f"case {n}", {"phase": "primary" if n < 2 else "secondary"}) for n in range(4))
    coders = (Coder("ann", {"team": "a"}), Coder("ben", {"team": "a"}), Coder("cat", {"team": "b"}))
    return study(sources, codings, ("b/x", "b/x/y"), cases=cases, coders=coders)


def test_the_panel_shows_pairs_everyone_but_one_and_who_codes_more() -> None:
    bundle = three_coders()
    panel = measure(bundle, cut=cut, request=Request(all=True)).panel
    pairs = {row["coders"]: row["value"] for row in panel if row["compared"] == "pair"}
    assert pairs["ann and ben"] == 1.0
    alone = rows(measure(bundle, cut=cut, request=Request(coders=("ann", "cat"))))[None, "alpha_set", "masi"]
    assert pairs["ann and cat"] == pytest.approx(alone.value, abs=1e-12)
    without = {row["coders"]: row["value"] for row in panel if row["compared"] == "without"}
    assert without == pytest.approx(
        {"ann": pairs["ben and cat"], "ben": pairs["ann and cat"], "cat": pairs["ann and ben"]}, abs=1e-12
    )
    assert {row["coders"]: row["applied"] for row in panel if row["compared"] == "coder"} == {
        "ann": 8,
        "ben": 8,
        "cat": 8,
    }


def test_turns_stand_beside_the_default_unit() -> None:
    found = measure(three_coders(), cut=cut, request=Request())
    assert [(row["unit"], row["n"]) for row in found.sensitivity] == [("sentence", 24), ("turn", 4)]
    main = rows(found)[None, "alpha_set", "masi"].value
    assert found.sensitivity[0]["value"] == main
    by_turn = rows(measure(three_coders(), cut=cut, request=Request(unit="turn")))[None, "alpha_set", "masi"].value
    assert found.sensitivity[1]["value"] == by_turn


def test_all_decisions_are_tried_and_the_extremes_named() -> None:
    found = measure(three_coders(), cut=cut, request=Request(all=True))
    tried = {(row["unit"], row["uncoded"], row["level"]): row["value"] for row in found.sensitivity}
    assert set(tried) == {
        *((unit, uncoded, None) for unit in ("character", "sentence", "turn") for uncoded in ("kept", "left out")),
        ("sentence", "kept", 1),
    }
    values = [value for value in tried.values() if value is not None]
    said = next(note for note in found.notes if "alpha (MASI) runs from" in note)
    assert f"{min(values):.2f}" in said
    assert f"{max(values):.2f}" in said


def test_uncoded_units_are_left_out_by_counting_the_rest() -> None:
    source = plain("one", TEXT)
    codings = [coded(source, "alpha", "b/x", "ann"), coded(source, "alpha", "b/x", "ben")]
    codings += [coded(source, "beta", "b/y", "ann"), coded(source, "gamma", "b/y", "ben")]
    found = measure(study([source], codings), cut=cut, request=Request(all=True)).sensitivity
    counts = {row["uncoded"]: row["n"] for row in found if row["unit"] == "sentence" and row["level"] is None}
    assert counts == {"kept": 6, "left out": 3}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("source", {"int-0": 6, "int-1": 6, "int-2": 6, "int-3": 6}),
        ("case", {"case 0": 6, "case 1": 6, "case 2": 6, "case 3": 6}),
        ("phase", {"primary": 12, "secondary": 12}),
        ("kind", {"interview": 24}),
    ],
)
def test_groups_of_sources_have_their_own_figures(word: str, expected: dict[str, int]) -> None:
    bundle = three_coders()
    groups = measure(bundle, cut=cut, request=Request(by=(word,))).groups
    overall = [row for row in groups if row["code"] is None and row["distance"] == "masi"]
    assert {row["group"]: row["n"] for row in overall} == expected
    assert {row["by"] for row in groups} == {word}
    if word == "phase":
        part = replace(bundle, sources=bundle.sources[:2], codings=tuple(bundle.codings[:12]))
        alone = rows(measure(part, cut=cut, request=Request()))[None, "alpha_set", "masi"].value
        assert overall[0]["value"] == pytest.approx(alone, abs=1e-12)


def test_coders_with_the_same_attribute_are_compared_among_themselves() -> None:
    groups = measure(three_coders(), cut=cut, request=Request(by=("team",))).groups
    overall = {row["group"]: row for row in groups if row["code"] is None and row["distance"] == "masi"}
    assert overall["a"]["value"] == 1.0
    assert overall["b"]["why_null"] == "fewer than two coders on any unit"


def test_answers_are_grouped_by_their_question() -> None:
    sources, codings = [], []
    for n in range(3):
        turns = (Turn(1, Span(0, 10), prompt="What helps?"), Turn(2, Span(11, 20), prompt="What hinders?"))
        source = Source(f"r{n}", f"r{n}", "answers", "One alpha.\nTwo beta.", turns)
        sources.append(source)
        codings += [coded(source, "alpha", "b/x", "ann"), coded(source, "alpha", "b/x", "ben")]
        codings += [coded(source, "beta", "b/x", "ann")]
    statuses = [*done("ann", *sources), *done("ben", *sources)]
    groups = measure(study(sources, codings, statuses=statuses), cut=cut, request=Request(by=("prompt",))).groups
    percent = {
        row["group"]: row["value"] for row in groups if (row["code"], row["measure"]) == ("b/x", "pct_unit_mean")
    }
    assert percent == {"What helps?": 1.0, "What hinders?": 0.0}


def test_an_unknown_grouping_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="phase"):
        measure(three_coders(), cut=cut, request=Request(by=("phse",)))


def test_the_published_sample_sizes() -> None:
    cases = vectors("sample_size")["cases"]
    assert cases
    for case in cases:
        assert plan(case["alpha_min"], case["p"], case["significance"]).units == case["n"]


def test_a_plan_needs_shares_between_nothing_and_all() -> None:
    for alpha, share in ((1.0, 0.5), (0.8, 0.0), (0.8, 1.0)):
        with pytest.raises(UsageError, match="between 0 and 1"):
            plan(alpha, share)


def test_a_plan_starts_from_the_share_of_units_a_code_has_now() -> None:
    found = list(plan_rows(measure(three_coders(), cut=cut, request=Request())))
    assert [row["code"] for row in found] == ["b/x", "b/x/y"]
    assert found[0]["share"] == pytest.approx((4 + 4 + 8) / 3 / 24)
    assert found[0]["units_for_0.667"] == plan(0.667, (4 + 4 + 8) / 3 / 24).units
