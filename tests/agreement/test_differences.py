"""The list to talk about: kinds, grouping, and how much one place weighs."""

from __future__ import annotations

import pytest

from qualcode.agreement import Request, disagreements, measure
from qualcode.agreement.differences import grouped
from qualcode.model import Coding, Disagreement
from tests.agreement.study import coded, cut, done, interview, plain, rows, study

TEXT = "One alpha here. Two beta there. Three gamma now. Four delta then. Five epsilon too. Six zeta last."
SOURCE = plain("first", TEXT)


def found(codings: list[Coding], **options: bool) -> tuple[Disagreement, ...]:
    statuses = [*done("ann", SOURCE), *done("ben", SOURCE)]
    return disagreements(study([SOURCE], codings, statuses=statuses), cut=cut, request=Request(), **options)


def one(*codings: Coding) -> Disagreement:
    places = found(list(codings), agreed=True)
    assert len(places) == 1
    return places[0]


def test_what_only_one_coder_saw_is_missed() -> None:
    place = one(coded(SOURCE, "Two beta there.", "b/x", "ann"))
    assert (place.kind, place.codes, place.quote) == ("missed", ("b/x",), "Two beta there.")
    assert place.by_coder["ben"] == ()
    assert [coding.code for coding in place.by_coder["ann"]] == ["b/x"]


def test_two_codes_on_one_place_are_one_disagreement_about_the_code() -> None:
    place = one(coded(SOURCE, "Two beta there.", "b/x", "ann"), coded(SOURCE, "Two beta", "b/y", "ben"))
    assert (place.kind, place.codes) == ("code", ("b/x", "b/y"))


def test_other_words_are_a_boundary_and_a_full_stop_is_none() -> None:
    longer = one(coded(SOURCE, "Two beta there.", "b/x", "ann"), coded(SOURCE, "Two beta", "b/x", "ben"))
    assert longer.kind == "boundary"
    same = one(coded(SOURCE, "Two beta there.", "b/x", "ann"), coded(SOURCE, "Two beta there", "b/x", "ben"))
    assert same.kind == "agreed"


def test_pieces_of_one_span_are_a_split() -> None:
    place = one(
        coded(SOURCE, "Two beta there. Three gamma now. Four delta then.", "b/x", "ann"),
        coded(SOURCE, "Two beta there.", "b/x", "ben"),
        coded(SOURCE, "Four delta then.", "b/x", "ben"),
    )
    assert place.kind == "split/merge"
    assert [len(place.by_coder[name]) for name in ("ann", "ben")] == [1, 2]


def test_neighbours_that_do_not_overlap_are_two_places() -> None:
    places = found([coded(SOURCE, "Two beta there.", "b/x", "ann"), coded(SOURCE, "Three gamma now.", "b/x", "ben")])
    assert [place.kind for place in places] == ["missed", "missed"]


def test_a_second_code_of_one_coder_is_missed_by_the_other() -> None:
    places = found(
        [
            coded(SOURCE, "Two beta there.", "b/x", "ann"),
            coded(SOURCE, "Two beta there.", "b/y", "ann"),
            coded(SOURCE, "Two beta there.", "b/x", "ben"),
        ]
    )
    assert [(place.kind, place.codes) for place in places] == [("missed", ("b/y",))]


def test_a_coder_who_did_not_look_misses_nothing() -> None:
    codings = [coded(SOURCE, "Two beta there.", "b/x", name) for name in ("ann", "ben")]
    bundle = study([SOURCE], codings, statuses=[*done("ann", SOURCE), *done("ben", SOURCE)])
    assert disagreements(bundle, cut=cut, request=Request()) == ()
    with_cat = study([SOURCE], codings, statuses=[*bundle.statuses, *done("cat", SOURCE)])
    assert [place.kind for place in disagreements(with_cat, cut=cut, request=Request())] == ["missed"]


def test_the_most_frequent_pair_of_codes_comes_first() -> None:
    codings = [coded(SOURCE, "Six zeta last.", "b/y", "ben")]
    for words in ("Two beta there.", "Four delta then."):
        codings += [coded(SOURCE, words, "b/x", "ann"), coded(SOURCE, words, "b/y", "ben")]
    places = found(codings)
    assert [place.kind for place in places] == ["code", "code", "missed"]
    assert grouped(places) == (("code", ("b/x", "b/y"), 2), ("missed", ("b/y",), 1))


def test_the_effect_is_the_alpha_after_settling_less_the_alpha_before() -> None:
    codings = [coded(SOURCE, "One alpha here.", "b/x", name) for name in ("ann", "ben")]
    codings.append(coded(SOURCE, "Two beta there. Three gamma now.", "b/x", "ann"))
    (place,) = found(codings)
    settled = [*codings, coded(SOURCE, "Two beta there. Three gamma now.", "b/x", "ben")]
    alpha = [
        rows(measure(study([SOURCE], some), cut=cut, request=Request()))["b/x", "alpha_nominal", None].value or 0.0
        for some in (codings, settled)
    ]
    assert place.effect == pytest.approx(alpha[1] - alpha[0], abs=1e-12)
    assert place.effect > 0


def test_by_effect_the_weightiest_place_comes_first() -> None:
    codings = [coded(SOURCE, "One alpha here.", "b/x", name) for name in ("ann", "ben")]
    codings.append(coded(SOURCE, "Six zeta last.", "b/x", "ann"))
    codings.append(coded(SOURCE, "Two beta there. Three gamma now. Four delta then.", "b/x", "ben"))
    places = found(codings, by_effect=True)
    assert [place.quote[:3] for place in places] == ["Two", "Six"]


def test_what_lies_outside_the_scope_is_not_on_the_list() -> None:
    source = interview("one", [("interviewer", "What do you do?"), ("respondent", "I plan and teach.")])
    codings = [coded(source, "What do you do", "b/x", "ann"), coded(source, "I plan", "b/x", "ben")]
    places = disagreements(study([source], codings), cut=cut, request=Request())
    assert [(place.quote, place.line) for place in places] == [("I plan", 2)]


def test_places_keep_their_ids_and_order_however_the_codings_come() -> None:
    codings = [coded(SOURCE, words, "b/x", "ann") for words in ("One alpha here.", "Four delta then.")]
    codings += [coded(SOURCE, "Two beta", "b/x", "ben"), coded(SOURCE, "Four delta", "b/y", "ben")]
    first, second = found(codings), found(codings[::-1])
    assert [place.id for place in first] == [place.id for place in second]
    assert len({place.id for place in first}) == len(first) == 3
