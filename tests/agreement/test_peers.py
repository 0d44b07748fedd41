"""Other programs' figures, on the examples that stand with their definitions."""

from __future__ import annotations

import pytest

from qualcode.agreement import Request, measure_as
from qualcode.errors import UsageError
from qualcode.model import Bundle, Code, Codebook, Coding, Segment, Source, Span, Status

Places = dict[str, list[tuple[int, int, str]]]


def study(lengths: dict[str, int], made: dict[str, Places], codes: str = "abc") -> Bundle:
    """Sources of these lengths; by source and coder, start, end and code of every coding. All coders are done."""
    sources = {name: Source(name, name, "interview", "x" * length) for name, length in lengths.items()}
    codings = [
        Coding(Segment(sources[name], Span(start, end)), f"b/{code}", coder)
        for name, by_coder in made.items()
        for coder, places in by_coder.items()
        for start, end, code in places
    ]
    coders = sorted({coder for by_coder in made.values() for coder in by_coder})
    done = [Status(name, coder, "b", "done") for name in sources for coder in coders]
    book = Codebook("b", "", tuple(Code(f"b/{code}") for code in codes))
    return Bundle(tuple(sources.values()), codebooks=(book,), codings=tuple(codings), statuses=tuple(done))


def figures(bundle: Bundle, peer: str) -> dict[tuple[str | None, str], float | None]:
    found = measure_as(bundle, peer, cut=lambda source, unit: [], request=Request())
    return {(m.code, m.measure.removeprefix(f"{peer}_")): m.value for m in found.measures}


NVIVO = study(
    {"s": 1000, "t": 250},
    {"s": {"A": [(0, 150, "a")], "B": [(0, 50, "a"), (500, 550, "a")]}, "t": {"A": [], "B": []}},
)


def test_nvivo_s_example_of_a_thousand_characters() -> None:
    found = measure_as(NVIVO, "nvivo", cut=lambda source, unit: [], request=Request())
    rows = {(r["group"], r["code"], r["measure"]): r["value"] for r in found.groups}
    assert rows["s", "b/a", "nvivo_percent"] == pytest.approx(0.85)
    assert rows["s", "b/a", "nvivo_kappa"] == pytest.approx((850 - 780) / (1000 - 780))
    assert rows["t", "b/a", "nvivo_kappa"] == 1.0
    value = figures(NVIVO, "nvivo")
    assert value["b/a", "kappa"] == pytest.approx((70 / 220 * 1000 + 1 * 250) / 1250)
    assert value["b/a", "kappa_mean"] == pytest.approx((70 / 220 + 1) / 2)
    assert value["b/a", "percent_mean"] == pytest.approx((0.85 + 1) / 2)


MAXQDA = study(
    {"s": 200, "t": 100},
    {
        "s": {
            "A": [(0, 100, "a"), (100, 120, "b"), (130, 140, "c")],
            "B": [(0, 90, "a"), (100, 117, "b"), (150, 160, "c")],
        },
        "t": {"A": [(0, 10, "a"), (20, 30, "b")], "B": [(0, 10, "a"), (40, 50, "a")]},
    },
    codes="abcd",
)


def test_maxqda_s_segments_and_kappa() -> None:
    value = figures(MAXQDA, "maxqda")
    assert value[None, "percent"] == pytest.approx(4 / 10)  # 17 of 20 characters are too few, 90 of 100 are enough
    assert value[None, "kappa"] == pytest.approx((0.4 - 1 / 3) / (1 - 1 / 3))  # d is in the codebook and was not used
    assert value["b/a", "percent"] == pytest.approx(4 / 5)
    assert value["b/d", "percent"] is None


def test_maxqda_s_documents() -> None:
    value = figures(MAXQDA, "maxqda")
    assert [value[f"b/{code}", "occurrence"] for code in "abc"] == [1.0, 0.5, 1.0]
    assert [value[f"b/{code}", "frequency"] for code in "abc"] == [0.5, 0.5, 1.0]
    assert value[None, "occurrence"] == pytest.approx(5 / 6)
    assert value[None, "frequency"] == pytest.approx(4 / 6)


def test_atlasti_s_example_of_ten_segments() -> None:
    places = {"A": [(0, 1), (1, 2)], "B": [(1, 2), (2, 3), (5, 6), (7, 8)]}
    made: dict[str, Places] = {"s": {coder: [(*span, "a") for span in spans] for coder, spans in places.items()}}
    value = figures(study({"s": 10}, made, codes="a"), "atlasti")
    assert value["b/a", "percent"] == pytest.approx(0.6)
    assert value["b/a", "alpha_binary"] == pytest.approx(0.095, abs=0.001)


def test_what_a_manual_leaves_open_is_undefined_and_says_what() -> None:
    found = measure_as(NVIVO, "atlasti", cut=lambda source, unit: [], request=Request()).measures
    open_ones = {m.measure: m.why_null for m in found if m.measure in ("atlasti_holsti", "atlasti_cu_alpha_domains")}
    assert all("manual" in str(why) for why in open_ones.values())
    assert len(open_ones) == 2


def test_two_coders_are_named_where_only_two_can_be_compared() -> None:
    three = study({"s": 10}, {"s": {name: [(0, 5, "a")] for name in "ABC"}})
    for peer in ("nvivo", "maxqda"):
        with pytest.raises(UsageError, match="compares two coders"):
            figures(three, peer)
    assert figures(three, "atlasti")["b/a", "percent"] == 1.0
