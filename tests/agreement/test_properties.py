"""What must hold of any study: same figures in any order, under any names, and as counted one character at a time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.agreement import Request, alpha, measure
from qualcode.agreement.continuum import united
from qualcode.agreement.sets import _expected, _expected_without_each, distances_of_pairs
from qualcode.agreement.sums import replicates, tally, tally_counts
from qualcode.model import Agreement, Bundle, Code, Codebook, Coding, Segment, Source, Span, Status, Turn
from tests.agreement.study import by_unit_alpha, cut, rows

CODES = ("b/x", "b/y", "b/z")
CODERS = ("ann", "ben", "cat")
WORDS = st.lists(st.sampled_from(["we", "plan", "and", "teach.", "They", "ask.", "Well,"]), min_size=1, max_size=12)
FIGURES = st.integers(0, 200)


@st.composite
def studies(draw: st.DrawFn) -> Bundle:
    """Up to four sources of two turns, up to three coders, some of them done in some sources."""
    sources, codings, statuses = [], [], []
    for n in range(draw(st.integers(1, 4))):
        turns = [" ".join(draw(WORDS)) for _ in range(2)]
        text = "\n".join(turns)
        spans = (Span(0, len(turns[0])), Span(len(turns[0]) + 1, len(text)))
        source = Source(f"s{n}", f"source {n}", "interview", text, tuple(Turn(k, s) for k, s in enumerate(spans, 1)))
        sources.append(source)
        for coder in CODERS:
            if draw(st.booleans()):
                statuses.append(Status(source.id, coder, "b", "done"))
            for _ in range(draw(st.integers(0, 3))):
                start = draw(st.integers(0, len(text) - 1))
                end = draw(st.integers(start + 1, len(text)))
                code = draw(st.sampled_from(CODES))
                codings.append(Coding(Segment(source, Span(start, end)), code, coder))
    book = Codebook("b", "1", tuple(Code(code) for code in CODES))
    return Bundle(sources=tuple(sources), codebooks=(book,), codings=tuple(codings), statuses=tuple(statuses))


def values(agreement: Agreement) -> dict[tuple[str | None, str, str | None], tuple[float | None, object, int]]:
    return {key: (figure.value, figure.ci, figure.n) for key, figure in rows(agreement).items()}


def close(first: Agreement, second: Agreement) -> None:
    one, two = values(first), values(second)
    assert one.keys() == two.keys()
    for key in one:
        assert one[key][2] == two[key][2], key
        assert one[key][0] == pytest.approx(two[key][0], abs=1e-12), key
        assert (one[key][1] is None) == (two[key][1] is None), key
        if one[key][1] is not None:
            assert one[key][1] == pytest.approx(two[key][1], abs=1e-9), key


def by_hand(bundle: Bundle, code: str, unit: str) -> float | None:
    """Alpha of one code by enumerating units and what every coder marked, with loops and sets alone."""
    here = {(coding.coder, coding.source.id) for coding in bundle.codings}
    here |= {(status.coder, status.source) for status in bundle.statuses}
    units = []
    for source in bundle.sources:
        spans = [(n, n + 1) for n in range(len(source.text))]
        if unit == "turn":
            spans = [(turn.span.start, turn.span.end) for turn in source.turns]
        for start, end in spans:
            row: list[object] = []
            for coder in CODERS:
                marked: set[int] = set()
                for coding in bundle.codings:
                    if (coding.coder, coding.code, coding.source.id) == (coder, code, source.id):
                        marked |= set(range(coding.span.start, coding.span.end))
                covered = len(marked & set(range(start, end)))
                present = (coder, source.id) in here
                row.append(int(2 * covered >= end - start) if present else None)
            units.append(row)
    return by_unit_alpha(units)


@settings(deadline=None, max_examples=60)
@given(studies())
def test_atoms_give_the_figures_of_characters_counted_one_by_one(bundle: Bundle) -> None:
    found = rows(measure(bundle, cut=cut, request=Request(unit="character", scope="all")))
    for code in CODES:
        if (code, "alpha_nominal", None) in found:
            expected = by_hand(bundle, code, "character")
            assert found[code, "alpha_nominal", None].value == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(studies())
def test_turns_half_covered_give_the_figures_of_units_counted_one_by_one(bundle: Bundle) -> None:
    found = rows(measure(bundle, cut=cut, request=Request(unit="turn", rule="half")))
    for code in CODES:
        if (code, "alpha_nominal", None) in found:
            expected = by_hand(bundle, code, "turn")
            assert found[code, "alpha_nominal", None].value == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(studies(), st.randoms(use_true_random=False), st.sampled_from(["character", "sentence", "turn", "word"]))
def test_no_order_changes_a_figure(bundle: Bundle, random: object, unit: str) -> None:
    shuffled = {name: list(getattr(bundle, name)) for name in ("sources", "codings", "statuses")}
    for items in shuffled.values():
        random.shuffle(items)  # type: ignore[attr-defined]
    book = bundle.codebooks[0]
    turned = Bundle(
        codebooks=(Codebook(book.name, book.version, book.codes[::-1]),),
        **{name: tuple(items) for name, items in shuffled.items()},
    )
    request = Request(unit=unit, all=True)
    assert measure(turned, cut=cut, request=request) == measure(bundle, cut=cut, request=request)


@settings(deadline=None, max_examples=40)
@given(studies())
def test_no_name_changes_a_figure(bundle: Bundle) -> None:
    new = {"ann": "zoe", "ben": "ben", "cat": "abe"}
    renamed = Bundle(
        sources=bundle.sources,
        codebooks=bundle.codebooks,
        codings=tuple(Coding(c.segment, c.code, new[c.coder]) for c in bundle.codings),
        statuses=tuple(Status(s.source, new[s.coder], s.codebook, s.state) for s in bundle.statuses),
    )
    close(measure(bundle, cut=cut, request=Request(all=True)), measure(renamed, cut=cut, request=Request(all=True)))


@settings(deadline=None, max_examples=40)
@given(studies(), st.sampled_from(["character", "turn", "word"]))
def test_a_coder_s_own_overlapping_codings_count_once(bundle: Bundle, unit: str) -> None:
    doubled = []
    for coding in bundle.codings:
        span = coding.span
        doubled.append(coding)
        if len(span) > 1:
            middle = (span.start + span.end) // 2
            doubled += [
                Coding(Segment(coding.source, Span(span.start, middle)), coding.code, coding.coder),
                Coding(Segment(coding.source, Span(span.start, span.end)), coding.code, coding.coder),
            ]
    again = Bundle(bundle.sources, codebooks=bundle.codebooks, codings=tuple(doubled), statuses=bundle.statuses)
    request = Request(unit=unit, rule="half")
    close(measure(bundle, cut=cut, request=request), measure(again, cut=cut, request=request))


@settings(deadline=None, max_examples=40)
@given(studies())
def test_cutting_a_neighbour_does_not_move_a_character_figure(bundle: Bundle) -> None:
    """A coding split in two that touch marks the same characters."""
    split = []
    for coding in bundle.codings:
        middle = (coding.span.start + coding.span.end) // 2
        parts = (
            [(coding.span.start, middle), (middle, coding.span.end)]
            if middle > coding.span.start
            else [(coding.span.start, coding.span.end)]
        )
        split += [Coding(Segment(coding.source, Span(a, b)), coding.code, coding.coder) for a, b in parts]
    again = Bundle(bundle.sources, codebooks=bundle.codebooks, codings=tuple(split), statuses=bundle.statuses)
    request = Request(unit="character")
    close(measure(bundle, cut=cut, request=request), measure(again, cut=cut, request=request))


RATINGS = st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=3, max_size=3), min_size=1, max_size=20)


@settings(deadline=None)
@given(RATINGS)
def test_alpha_is_that_of_pairs_counted_one_at_a_time(units: list[list[int | None]]) -> None:
    ratings = np.array([[-1 if v is None else v for v in unit] for unit in units], np.intp).T.copy()
    found = float(alpha.alpha_nominal(tally(ratings, 4))[0])
    expected = by_unit_alpha(units)
    assert np.isnan(found) if expected is None else found == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(RATINGS)
def test_counting_by_coders_and_by_values_agrees(units: list[list[int | None]]) -> None:
    ratings = np.array([[-1 if v is None else v for v in unit] for unit in units], np.intp).T.copy()
    counts = np.array([[sum(v == k for v in unit) for k in range(4)] for unit in units], float)
    first, second = tally(ratings, 4), tally_counts(counts)
    for name in ("coincidences", "unit_pairs", "pairs", "shares", "rated", "paired"):
        assert getattr(first, name) == pytest.approx(getattr(second, name), abs=1e-12), name


@settings(deadline=None)
@given(RATINGS, st.integers(1, 5))
def test_groups_add_up_and_leave_out_what_they_hold(units: list[list[int | None]], groups: int) -> None:
    ratings = np.array([[-1 if v is None else v for v in unit] for unit in units], np.intp).T.copy()
    group = np.arange(len(units)) % groups
    found = tally(ratings, 4, group, groups).each(replicates)
    for left_out in range(groups):
        alone = tally(ratings[:, group != left_out], 4)
        assert found.coincidences[1 + left_out] == pytest.approx(alone.coincidences[0], abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 9)), max_size=12))
def test_united_ranges_hold_the_same_points_and_never_touch(ranges: list[tuple[int, int, int]]) -> None:
    key, start, length = np.array(ranges, np.intp).reshape(-1, 3).T
    found = list(zip(*(part.tolist() for part in united(key, start, start + length)), strict=True))
    assert {(k, p) for k, s, e in found for p in range(s, e)} == {(k, p) for k, s, n in ranges for p in range(s, s + n)}
    assert all(a[0] != b[0] or a[2] < b[1] or b[2] < a[1] for a, b in combinations(found, 2))


@settings(deadline=None)
@given(st.lists(st.lists(FIGURES, min_size=6, max_size=6), min_size=1, max_size=5))
def test_expected_set_disagreement_without_each_source(counts: list[list[int]]) -> None:
    members = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 1], [1, 1, 1], [0, 0, 1]], bool)
    frequencies = np.array(counts, float)
    quick = _expected_without_each(frequencies, members, "masi")
    slow = _expected(replicates(frequencies), members, "masi")
    assert quick == pytest.approx(slow, abs=1e-6)


def test_large_sets_and_small_ones_have_the_same_distances() -> None:
    generator = np.random.default_rng(3)
    small = generator.random((200, 12)) < 0.3
    padded = np.concatenate([small, np.ones((200, 200), bool)], axis=1)
    for distance in ("exact", "dice"):
        both = [distances_of_pairs(sets[:100], sets[100:], distance) for sets in (small, padded)]
        assert (both[0] > 0).sum() == (both[1] > 0).sum() > 0
