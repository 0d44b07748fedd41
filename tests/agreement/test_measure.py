from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import pytest

from qualcode.agreement import Request, from_table, measure
from qualcode.agreement.measures import NO_VARIATION
from qualcode.errors import UnknownCode, UsageError
from qualcode.model import Bundle, Code, Coder, Coding, Source
from tests.agreement.study import by_unit_alpha, coded, cut, done, interview, plain, rows, spanned, study

TEXT = "One alpha. Two beta. Three gamma. Four delta. Five epsilon. Six zeta. Seven eta. Eight theta."
ALL = Request(all=True)
FIRST, SECOND, THIRD = (plain(name, TEXT) for name in ("first", "second", "third"))


def four_sources() -> tuple[Source, ...]:
    return (FIRST, SECOND, THIRD, plain("fourth", TEXT))


def some_codings(sources: tuple[Source, ...]) -> list[Coding]:
    """In every source both coders give x to two sentences; each differs by one sentence, another one each time."""
    found = []
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
    for n, source in enumerate(sources):
        found += [coded(source, word, "b/x", "ann") for word in (words[n], words[n + 1], words[n + 2])]
        found += [coded(source, word, "b/x", "ben") for word in (words[n], words[n + 1], words[n + 3])]
        found += [coded(source, words[n + 4], "b/y", name) for name in ("ann", "ben")]
    return found


def test_importing_the_package_loads_no_numpy() -> None:
    program = "import sys, qualcode.agreement; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_two_coders_by_sentence_worked_by_hand() -> None:
    bundle = study([FIRST, SECOND, THIRD], some_codings((FIRST, SECOND, THIRD)))
    found = rows(measure(bundle, cut=cut, request=Request()))
    one = found["b/x", "alpha_nominal", None]
    assert one.counts == {
        "by ann": 9,
        "by ben": 9,
        "both": 6,
        "only ann": 3,
        "only ben": 3,
        "neither": 12,
        "codings": 18,
    }
    units = [[1, 1]] * 6 + [[1, 0]] * 3 + [[0, 1]] * 3 + [[0, 0]] * 12
    assert one.value == pytest.approx(by_unit_alpha(units), abs=1e-12)
    assert one.n == 24
    assert found["b/x", "pct_unit_mean", None].value == pytest.approx(18 / 24)
    assert found["b/x", "positive_agreement", None].value == pytest.approx(12 / 18)
    assert found["b/x", "negative_agreement", None].value == pytest.approx(24 / 30)
    assert found[None, "alpha_set", "masi"].codebook == "b"


def test_the_default_figures_are_those_documented() -> None:
    found = rows(measure(study([FIRST, SECOND], some_codings((FIRST, SECOND))), cut=cut, request=Request()))
    per_code = {name for code, name, _ in found if code == "b/x"}
    assert per_code == {"alpha_nominal", "pct_unit_mean", "positive_agreement", "negative_agreement", "gwet_ac1"}
    overall = {(name, distance) for code, name, distance in found if code is None}
    assert overall == {("alpha_set", "masi"), ("alpha_set", "jaccard"), ("pct_unit_mean", None)}


def test_done_without_the_code_is_zero_and_not_done_is_missing() -> None:
    codings = [coded(FIRST, "alpha", "b/x", "ann"), coded(SECOND, "alpha", "b/x", "ann")]
    seen = study([FIRST, SECOND], codings, statuses=[*done("ann", FIRST, SECOND), *done("ben", FIRST)])
    found = rows(measure(seen, cut=cut, request=Request()))
    assert found["b/x", "alpha_nominal", None].n == 8
    assert found["b/x", "alpha_nominal", None].counts["by ben"] == 0
    unseen = study([FIRST, SECOND], codings, statuses=done("ann", FIRST, SECOND))
    missing = measure(unseen, cut=cut, request=Request())
    assert rows(missing)["b/x", "alpha_nominal", None].why_null == "fewer than two coders on any unit"


def test_codings_without_a_status_are_assumed_done_and_said() -> None:
    codings = [coded(FIRST, "alpha", "b/x", name) for name in ("ann", "ben")]
    agreement = measure(study([FIRST], codings), cut=cut, request=Request())
    assert any("assumed done" in note and "ann in first; ben in first" in note for note in agreement.notes)
    stated = measure(
        study([FIRST], codings, statuses=[*done("ann", FIRST), *done("ben", FIRST)]), cut=cut, request=Request()
    )
    assert not any("assumed" in note for note in stated.notes)


def test_work_in_progress_is_left_out_and_said() -> None:
    codings = [coded(source, "alpha", "b/x", name) for source in (FIRST, SECOND) for name in ("ann", "ben")]
    statuses = done("ben", SECOND, state="in progress")
    agreement = measure(study([FIRST, SECOND], codings, statuses=statuses), cut=cut, request=Request())
    assert agreement.units == {"sentence": 8}
    assert any("not done there: ben in second" in note for note in agreement.notes)


def test_a_status_of_one_codebook_says_nothing_of_another() -> None:
    codings = [coded(FIRST, "alpha", "b/x", "ann"), coded(FIRST, "beta", "c/z", "ben")]
    statuses = [*done("ann", FIRST), *done("ben", FIRST)]
    agreement = measure(study([FIRST], codings, ("b/x", "c/z"), statuses), cut=cut, request=Request())
    assert rows(agreement, "b")["b/x", "pct_unit_mean", None].value == pytest.approx(7 / 8)
    assert rows(agreement, "c")["c/z", "pct_unit_mean", None].why_null == "fewer than two coders on any unit"


def test_a_code_born_after_the_source_was_done_was_not_looked_for() -> None:
    young = Code("b/y", born="2024-05-02T09:00:00Z")
    codings = [coded(FIRST, "alpha", "b/x", name) for name in ("ann", "ben")]
    codings += [coded(FIRST, "beta", "b/y", "ben"), *(coded(SECOND, "gamma", "b/y", name) for name in ("ann", "ben"))]
    before, after = "2024-05-01T09:00:00Z", "2024-05-03T09:00:00Z"
    statuses = [*done("ann", FIRST, at=before), *done("ann", SECOND, at=after), *done("ben", FIRST, SECOND, at=after)]
    agreement = measure(study([FIRST, SECOND], codings, ("b/x", young), statuses), cut=cut, request=Request())
    found = rows(agreement)
    assert found["b/y", "alpha_nominal", None].n == 8
    assert found["b/y", "alpha_nominal", None].value == 1.0
    assert found["b/x", "alpha_nominal", None].n == 16
    assert found[None, "pct_unit_mean", None].value == 1.0
    assert any("b/y was not looked for" in note and "ann in first" in note for note in agreement.notes)


def test_a_late_code_that_was_used_all_the_same_was_looked_for() -> None:
    young = Code("b/x", born="2024-05-02T09:00:00Z")
    codings = [coded(FIRST, "alpha", "b/x", name) for name in ("ann", "ben")]
    statuses = [*done("ann", FIRST, at="2024-05-01T09:00:00Z"), *done("ben", FIRST, at="2024-05-03T09:00:00Z")]
    found = rows(measure(study([FIRST], codings, (young,), statuses), cut=cut, request=Request()))
    assert found["b/x", "pct_unit_mean", None].n == 8


def test_the_highest_round_two_coders_share_is_compared() -> None:
    codings = [coded(FIRST, "alpha", "b/x", name) for name in ("ann", "ben")]
    codings += [coded(FIRST, "beta", "b/x", "ann", round=2), coded(FIRST, "beta", "b/x", "ben", round=2)]
    codings += [coded(FIRST, "gamma", "b/x", "ann", round=3)]
    agreement = measure(study([FIRST], codings), cut=cut, request=Request())
    one = rows(agreement)["b/x", "alpha_nominal", None]
    assert (one.counts["both"], one.counts["by ann"]) == (1, 1)
    assert any("round 2 is compared" in note for note in agreement.notes)
    first = rows(measure(study([FIRST], codings), cut=cut, request=Request(rounds=(1,))))
    assert first["b/x", "alpha_nominal", None].counts["both"] == 1
    third = rows(measure(study([FIRST], codings), cut=cut, request=Request(rounds=(3,))))
    assert third["b/x", "alpha_nominal", None].value is None


def test_one_coder_over_two_rounds_is_compared_with_themselves() -> None:
    codings = [coded(FIRST, "alpha", "b/x", "ann"), coded(FIRST, "alpha", "b/x", "ann", round=2)]
    codings += [coded(FIRST, "beta", "b/x", "ann", round=2), coded(FIRST, "zeta", "b/x", "ben")]
    agreement = measure(study([FIRST], codings), cut=cut, request=Request(coders=("ann",), rounds=(1, 2)))
    assert agreement.coders == ("ann (round 1)", "ann (round 2)")
    assert rows(agreement)["b/x", "alpha_nominal", None].counts["only ann (round 2)"] == 1


def test_several_rounds_of_several_coders_are_refused() -> None:
    with pytest.raises(UsageError, match="one coder with themselves"):
        Request(rounds=(1, 2))


def test_consensus_and_machines_are_no_coders() -> None:
    codings = [coded(FIRST, "alpha", "b/x", name) for name in ("ann", "ben", "consensus", "robot")]
    coders = (Coder("robot", {"kind": "machine"}),)
    assert measure(study([FIRST], codings, coders=coders), cut=cut, request=Request()).coders == ("ann", "ben")


def test_only_respondents_count_where_roles_are_known() -> None:
    source = interview(
        "one", [("interviewer", "What do you do. Tell me more."), ("respondent", "I plan. I teach. I talk.")]
    )
    codings = [coded(source, "What do you do", "b/x", "ann"), coded(source, "I plan", "b/x", "ann")]
    codings += [coded(source, "I plan", "b/x", "ben")]
    agreement = measure(study([source], codings), cut=cut, request=Request())
    assert (agreement.scope, agreement.units) == ("respondents", {"sentence": 3})
    assert rows(agreement)["b/x", "alpha_nominal", None].value == 1.0
    assert any("Outside the scope" in note and "1 coding of b" in note for note in agreement.notes)
    whole = measure(study([source], codings), cut=cut, request=Request(scope="all"))
    assert (whole.scope, whole.units) == ("all", {"sentence": 5})
    assert rows(whole)["b/x", "alpha_nominal", None].counts["only ann"] == 1


def test_by_characters_the_scope_leaves_labels_out() -> None:
    source = interview("one", [("interviewer", "What?"), ("respondent", "I plan.")])
    codings = [coded(source, "I plan", "b/x", name) for name in ("ann", "ben")]
    agreement = measure(study([source], codings), cut=cut, request=Request(unit="character"))
    assert agreement.units == {"character": len("I plan.")}
    whole = measure(study([source], codings), cut=cut, request=Request(unit="character", scope="all"))
    assert whole.units == {"character": len(source.text)}


def test_interviews_and_answers_are_not_pooled_unless_asked() -> None:
    answers = [plain(f"r{n}", "Short answer.", "answers") for n in range(4)]
    codings = [*some_codings(four_sources()), coded(answers[0], "Short", "b/x", "ann")]
    statuses = [*done("ann", *answers), *done("ben", *answers)]
    bundle = study([*four_sources(), *answers], codings, statuses=statuses)
    agreement = measure(bundle, cut=cut, request=Request())
    assert agreement.unit == "mixed"
    assert agreement.units == {"answer": 4, "sentence": 32}
    assert rows(agreement)["b/x", "alpha_nominal", None].n == 32
    beside = [group for group in agreement.groups if group["code"] == "b/x" and group["measure"] == "alpha_nominal"]
    assert [(group["by"], group["group"], group["n"], group["value"]) for group in beside] == [
        ("kind", "answers", 4, 0.0)
    ]
    assert any("4 respondents' answers stand beside them" in note for note in agreement.notes)
    for asked in (Request(pool=True), Request(unit="turn")):
        pooled = measure(bundle, cut=cut, request=asked)
        assert not pooled.groups
        assert rows(pooled)["b/x", "alpha_nominal", None].n == sum(pooled.units.values())


def test_undefined_figures_say_why() -> None:
    same = [spanned(FIRST, 0, len(TEXT), "b/x", name) for name in ("ann", "ben")]
    found = rows(measure(study([FIRST], same), cut=cut, request=Request(all=True)))
    for name in ("alpha_nominal", "gwet_ac1", "cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa"):
        assert found["b/x", name, None].why_null == NO_VARIATION, name
        assert found["b/y", name, None].why_null == "neither coder used this code", name
    assert found["b/x", "pct_unit_mean", None].value == 1.0
    assert found["b/y", "positive_agreement", None].why_null == "neither coder used this code"
    assert found["b/y", "negative_agreement", None].value == 1.0
    assert found["b/x", "negative_agreement", None].why_null == "no unit was left without this code"
    assert found[None, "alpha_set", "masi"].why_null == NO_VARIATION
    assert "undefined" in found["b/x", "alpha_nominal", None].flags


@pytest.mark.parametrize(
    "bundle",
    [
        Bundle(),
        study([FIRST], []),
        study([FIRST], [coded(FIRST, "alpha", "b/x", "ann")]),
        study([plain("empty", "")], [], statuses=[*done("ann", plain("empty", "")), *done("ben", plain("empty", ""))]),
        study([FIRST], [], statuses=[*done("ann", FIRST), *done("ben", FIRST)]),
        study([plain("dot", ".")], [spanned(plain("dot", "."), 0, 1, "b/x", name) for name in ("ann", "ben")]),
    ],
)
@pytest.mark.parametrize("unit", [None, "character", "word", "turn", "source"])
def test_degenerate_data_are_never_nan_and_never_an_error(bundle: Bundle, unit: str | None) -> None:
    for rule in ("any", "half", "majority"):
        agreement = measure(bundle, cut=cut, request=Request(unit=unit, rule=rule, all=True))
        for figure in agreement.measures:
            assert (figure.value is None) == bool(figure.why_null)
            assert figure.value is None or math.isfinite(figure.value)
            assert figure.ci is None or all(map(math.isfinite, figure.ci))


def test_one_coder_alone_gets_reasons_instead_of_figures() -> None:
    found = rows(measure(study([FIRST], [coded(FIRST, "alpha", "b/x", "ann")]), cut=cut, request=Request()))
    assert found
    assert {figure.why_null for figure in found.values()} == {"fewer than two coders on any unit"}


def test_two_sources_give_both_values_and_no_interval() -> None:
    agreement = measure(study([FIRST, SECOND], some_codings((FIRST, SECOND))), cut=cut, request=Request())
    overall = rows(agreement)[None, "alpha_set", "masi"]
    assert overall.ci is None
    assert set(overall.counts) == {"in first", "in second"}
    assert any("no interval is possible with two sources" in note and "in first" in note for note in agreement.notes)
    alone = rows(measure(study([FIRST], some_codings((FIRST,))), cut=cut, request=Request()))
    assert alone[None, "alpha_set", "masi"].value == pytest.approx(overall.counts["in first"], abs=1e-12)


def test_one_source_gives_an_interval_within_it_and_says_so() -> None:
    long = plain("long", " ".join(f"Word{n} follows." for n in range(40)))
    codings = [coded(long, f"Word{n} ", "b/x", name) for name in ("ann", "ben") for n in range(0, 40, 3)]
    codings += [coded(long, f"Word{n} ", "b/x", "ann") for n in (1, 14, 31)]
    agreement = measure(study([long], codings), cut=cut, request=Request())
    one = rows(agreement)["b/x", "alpha_nominal", None]
    assert one.ci is not None
    assert one.ci_method == "jackknife by 10 blocks, within this source only"
    assert any("one source only" in note for note in agreement.notes)


def test_three_sources_give_an_interval_by_source() -> None:
    codings = [*some_codings(four_sources()), coded(FIRST, "theta", "b/x", "ann")]
    one = rows(measure(study(four_sources(), codings), cut=cut, request=Request()))["b/x", "alpha_nominal", None]
    assert one.ci_method == "jackknife by source"
    assert one.ci is not None
    assert one.value is not None
    assert -1 <= one.ci[0] <= one.value <= one.ci[1] <= 1


def test_a_code_in_one_source_of_many_has_no_interval_and_is_flagged() -> None:
    codings = [*some_codings(four_sources()), *(coded(FIRST, "theta", "b/z", name) for name in ("ann", "ben"))]
    bundle = study(four_sources(), codings, ("b/x", "b/y", "b/z"))
    one = rows(measure(bundle, cut=cut, request=Request()))["b/z", "alpha_nominal", None]
    assert (one.value, one.ci) == (1.0, None)
    assert "concentrated" in one.flags


def test_a_figure_that_no_source_moves_has_no_interval_and_is_flagged() -> None:
    same = rows(measure(study(four_sources(), some_codings(four_sources())), cut=cut, request=Request()))
    assert same["b/y", "alpha_nominal", None].value == 1.0
    assert same["b/y", "alpha_nominal", None].ci is None
    assert "no spread" in same["b/y", "alpha_nominal", None].flags


def test_the_bootstrap_is_by_source_and_repeatable() -> None:
    bundle = study(four_sources(), [*some_codings(four_sources()), coded(FIRST, "theta", "b/x", "ann")])
    first, second = (
        rows(measure(bundle, cut=cut, request=Request(bootstrap=200, seed=7)))["b/x", "alpha_nominal", None]
        for _ in range(2)
    )
    assert first.ci is not None
    assert first == second
    assert first.ci_method == "bootstrap by source, 200 replicates, seed 7"


def test_flags_name_what_to_doubt() -> None:
    long = plain("long", " ".join(f"Word{n} follows." for n in range(60)))
    codings = [coded(long, "Word1 ", "b/x", "ann"), coded(long, "Word2 ", "b/y", "ann")]
    codings += [coded(long, "Word3 ", "b/y", "ben")]
    found = rows(measure(study([long], codings), cut=cut, request=Request()))
    assert set(found["b/x", "alpha_nominal", None].flags) >= {"few", "one-sided", "paradox"}
    assert "one-sided" not in found["b/y", "alpha_nominal", None].flags


def test_confused_pairs_come_most_often_first() -> None:
    codings = [coded(FIRST, word, "b/x", "ann") for word in ("alpha", "beta")]
    codings += [coded(FIRST, word, "b/y", "ben") for word in ("alpha", "beta")]
    codings += [coded(FIRST, "gamma", "b/y", "ann"), coded(FIRST, "gamma", "b/z", "ben")]
    pairs = measure(study([FIRST], codings, ("b/x", "b/y", "b/z")), cut=cut, request=Request()).pairs
    assert [(pair["code"], pair["with"], pair["n"]) for pair in pairs] == [("b/x", "b/y", 2), ("b/y", "b/z", 1)]


def test_levels_roll_children_up() -> None:
    codings = [coded(FIRST, "alpha", "b/p/q", "ann"), coded(FIRST, "alpha", "b/p", "ben")]
    bundle = study([FIRST], codings, ("b/p", "b/p/q"))
    apart = rows(measure(bundle, cut=cut, request=Request()))
    assert apart["b/p", "alpha_nominal", None].counts["both"] == 0
    rolled = rows(measure(bundle, cut=cut, request=Request(level=1)))
    assert rolled["b/p", "alpha_nominal", None].counts["both"] == 1
    assert ("b/p/q", "alpha_nominal", None) not in rolled


def test_codes_can_be_chosen_by_path_or_codebook() -> None:
    codings = [coded(FIRST, "alpha", code, name) for code in ("b/x", "c/z") for name in ("ann", "ben")]
    bundle = study([FIRST], codings, ("b/x", "b/y", "c/z"))
    for codes, expected in ((("b/x",), {"b/x"}), (("b/*",), {"b/x", "b/y"}), (("b",), {"b/x", "b/y"})):
        found = measure(bundle, cut=cut, request=Request(codes=codes)).measures
        assert found
        assert {figure.code for figure in found if figure.code} == expected
    with pytest.raises(UnknownCode, match="b/x"):
        measure(bundle, cut=cut, request=Request(codes=("b/xx",)))


def test_unknown_words_are_refused_with_the_nearest() -> None:
    bundle = study([FIRST], [coded(FIRST, "alpha", "b/x", "ann")])
    with pytest.raises(UsageError, match=r"no coder .anne.*did you mean .ann"):
        measure(bundle, cut=cut, request=Request(coders=("anne",)))
    with pytest.raises(UsageError, match="alpha_nominal"):
        measure(bundle, cut=cut, request=Request(measures=("alpha_nominl",)))
    with pytest.raises(UsageError, match="sentence"):
        Request(unit="sentense")


def test_a_stray_letter_over_the_border_does_not_code_the_next_sentence() -> None:
    source = plain("one", "It is hard. We manage.")
    codings = [spanned(source, 0, 13, "b/x", "ann"), spanned(source, 0, 11, "b/x", "ben")]
    assert source.text[11:13] == " W"
    found = rows(measure(study([source], codings), cut=cut, request=Request()))
    assert found["b/x", "pct_unit_mean", None].value == 1.0


def test_a_coding_of_half_a_word_still_counts_for_its_sentence() -> None:
    source = plain("one", "It is hard. We manage.")
    codings = [coded(source, "anag", "b/x", "ann"), coded(source, "manage", "b/x", "ben")]
    found = rows(measure(study([source], codings), cut=cut, request=Request()))
    assert found["b/x", "alpha_nominal", None].counts["both"] == 1


def test_half_and_majority_differ_where_exactly_half_is_coded() -> None:
    source = plain("one", "abcdefghij")
    codings = [spanned(source, 0, 2, "b/x", "ann"), spanned(source, 3, 6, "b/x", "ann")]
    codings += [coded(source, "abcdefghij", "b/x", "ben")]
    bundle = study([source], codings)
    half = rows(measure(bundle, cut=cut, request=Request(unit="turn", rule="half")))
    majority = measure(bundle, cut=cut, request=Request(unit="turn", rule="majority"))
    assert half["b/x", "alpha_nominal", None].counts["both"] == 1
    assert rows(majority)["b/x", "alpha_nominal", None].counts["both"] == 0
    assert any("Too little of any unit" in note and "2 codings of b" in note for note in majority.notes)


def test_text_without_spaces_has_a_word_in_every_character() -> None:
    source = plain("one", "我喜欢教书。他们也是。")
    sentences = [spanned(source, 0, 6, "b/x", "ann"), spanned(source, 2, 4, "b/x", "ben")]
    found = rows(measure(study([source], sentences), cut=cut, request=Request(unit="word")))
    assert found["b/x", "alpha_nominal", None].counts["both"] == 2


def test_the_header_facts_are_said() -> None:
    sources = [FIRST, SECOND, THIRD, plain("fourth", TEXT)]
    notes = measure(study(sources, some_codings((FIRST, SECOND, THIRD))), cut=cut, request=Request()).notes
    assert notes[0] == "Coders: ann, ben."
    assert notes[1] == "Double-coded: 3 of 4 sources, 75% of the text in scope."
    assert any(note.startswith("Unit: sentence; a unit carries a code when at least one whole word") for note in notes)
    assert any("Codebook: b 1.0." in note for note in notes)
    assert any("exactly the same set of codes" in note for note in notes)


def test_a_case_is_one_unit_whatever_number_of_sources_it_has() -> None:
    sources = [
        Source(f"id-{name}", name, "interview", TEXT, FIRST.turns, case)
        for name, case in (("a1", "anna"), ("a2", "anna"), ("b1", "berta"), ("c1", "carla"))
    ]
    first, second, third, fourth = sources
    codings = [coded(first, "alpha", "b/x", "ann"), coded(second, "beta", "b/x", "ben")]
    codings += [coded(third, "alpha", "b/x", "ann")]
    statuses = [*done("ann", *sources), *done("ben", first, second, third), *done("ben", fourth, state="in progress")]
    agreement = measure(study(sources, codings, statuses=statuses), cut=cut, request=Request(unit="case"))
    assert (agreement.unit, agreement.units) == ("case", {"case": 2})
    one = rows(agreement)["b/x", "alpha_nominal", None]
    assert (one.counts["both"], one.counts["only ann"]) == (1, 1)


def test_codings_of_the_interviewer_do_not_count_for_a_whole_source() -> None:
    source = interview("one", [("interviewer", "What do you do."), ("respondent", "I plan.")])
    codings = [coded(source, "What", "b/x", "ann"), coded(source, "plan", "b/y", "ann")]
    bundle = study([source], codings, statuses=[*done("ann", source), *done("ben", source)])
    found = rows(measure(bundle, cut=cut, request=Request(unit="source")))
    assert found["b/x", "alpha_nominal", None].counts["by ann"] == 0
    assert found["b/y", "alpha_nominal", None].counts["by ann"] == 1


def test_units_one_coder_alone_rated_count_for_the_shares_of_the_codes_and_for_nothing_else() -> None:
    texts = {name: " ".join(f"Say {name} {n}." for n in range(8)) for name in ("one", "two", "three", "four")}
    sources = [plain(name, text) for name, text in texts.items()]
    marked = {"ann": {"one": (0, 1, 2), "two": (1, 4), "three": (0, 2, 5, 6), "four": (1, 2, 7)}}
    marked["ben"] = {"one": (0, 2), "two": (1, 4, 5)}
    codings, ratings = [], []
    for source in sources:
        for coder, theirs in marked.items():
            for n in theirs.get(source.name, ()):
                codings.append(coded(source, f"Say {source.name} {n}.", "b/x", coder))
            if source.name in theirs:
                held = [["u", coder, str(int(n in theirs[source.name]))] for n in range(8)]
                ratings += [[f"{source.name} {n}", *row[1:]] for n, row in enumerate(held)]
    table = rows(from_table(["unit", "coder", "code"], ratings, request=ALL))
    found = rows(measure(study(sources, codings, ["b/x"]), cut=cut, request=ALL))
    for name in ("gwet_ac1", "fleiss_kappa", "conger_kappa", "alpha_nominal", "cohen_kappa", "pct_unit_mean"):
        assert found["b/x", name, None].value == pytest.approx(table[None, name, None].value, abs=1e-12), name
        assert found["b/x", name, None].n == 16
    assert found["b/x", "gwet_ac1", None].counts["by ann"] == 5
    without = rows(
        measure(study(sources[:2], [c for c in codings if c.source in sources[:2]], ["b/x"]), cut=cut, request=ALL)
    )
    assert without["b/x", "gwet_ac1", None].value != pytest.approx(found["b/x", "gwet_ac1", None].value, abs=1e-6)
    assert without["b/x", "alpha_nominal", None].value == found["b/x", "alpha_nominal", None].value


def test_weights_stand_for_sources_that_were_not_drawn() -> None:
    sources = [plain(name, " ".join(f"Say {name} {n}." for n in range(6))) for name in ("a", "b", "c")]
    marked = {"ann": {"a": (0, 1), "b": (2, 3), "c": (1, 5)}, "ben": {"a": (0, 1), "b": (2, 4), "c": (1,)}}
    codings = [
        coded(source, f"Say {source.name} {n}.", "b/x", coder)
        for source in sources
        for coder, theirs in marked.items()
        for n in theirs[source.name]
    ]
    bundle = study(sources, codings, ["b/x"])
    plainly = measure(bundle, cut=cut, request=ALL)
    evenly = measure(bundle, cut=cut, request=replace(ALL, weights=tuple((s.id, 4.0) for s in sources)))
    assert [(m.value, m.ci, m.n, m.counts) for m in evenly.measures if "gamma" not in m.measure] == [
        (pytest.approx(m.value), pytest.approx(m.ci), m.n, m.counts)
        for m in plainly.measures
        if "gamma" not in m.measure
    ]
    twice = measure(bundle, cut=cut, request=replace(ALL, weights=((sources[1].id, 2.0), (sources[0].id, 1.0))))
    value = rows(twice)["b/x", "pct_unit_mean", None].value
    assert value == pytest.approx((6 + 2 * 4 + 5) / 24)
    assert rows(twice)["b/x", "pct_unit_mean", None].n == 18
    assert rows(twice)[None, "pct_unit_mean", None].value == pytest.approx(value)


def test_drawn_sources_that_weigh_unequally_stand_for_those_one_coder_alone_rated() -> None:
    sources = [plain(name, " ".join(f"Say {name} {n}." for n in range(6))) for name in ("a", "b", "c", "d")]
    marked = {"ann": {"a": (0, 1), "b": (2, 3), "c": (1, 5), "d": (0, 1, 2, 3, 4)}}
    marked["ben"] = {"a": (0, 1), "b": (2, 4), "c": (1,)}
    codings = [
        coded(source, f"Say {source.name} {n}.", "b/x", coder)
        for source in sources
        for coder, theirs in marked.items()
        for n in theirs.get(source.name, ())
    ]
    shared = [c for c in codings if c.source.name != "d"]
    weights = ((sources[0].id, 1.0), (sources[1].id, 3.0), (sources[2].id, 1.0))
    weighed = replace(ALL, weights=weights)
    found = rows(measure(study(sources, codings, ["b/x"]), cut=cut, request=weighed))
    alone = rows(measure(study(sources[:3], shared, ["b/x"]), cut=cut, request=weighed))
    for name in ("gwet_ac1", "fleiss_kappa", "conger_kappa", "alpha_nominal"):
        assert found["b/x", name, None].value == pytest.approx(alone["b/x", name, None].value), name
    # AC1 by hand: 18 units weigh 6/5, so that b's six stand for 18 of 30; shares of x are 2/6, 2/6 and 1.5/6.
    share, agreed = (2 + 3 * 2 + 1.5) / 30, (6 + 3 * 4 + 5) / 30
    chance = 2 * share * (1 - share)
    assert found["b/x", "gwet_ac1", None].value == pytest.approx((agreed - chance) / (1 - chance))


def test_a_code_never_given_by_two_coders_has_no_interval_however_steady_its_alpha() -> None:
    sources = [plain(name, " ".join(f"Say {name} {n}." for n in range(9))) for name in ("a", "b", "c", "d")]
    codings = [coded(s, f"Say {s.name} {n}.", "b/x", coder) for s in sources for n, coder in ((0, "ann"), (4, "ben"))]
    found = rows(measure(study(sources, codings, ["b/x"]), cut=cut, request=ALL))
    for name in ("alpha_nominal", "cohen_kappa", "fleiss_kappa"):
        row = found["b/x", name, None]
        assert row.value is not None
        assert row.value < 0
        assert row.ci is None
        assert "never together" in row.flags
    once = [coded(sources[1], "Say b 4.", "b/x", "ann")]
    assert rows(measure(study(sources, codings + once, ["b/x"]), cut=cut, request=ALL))["b/x", "alpha_nominal", None].ci


def test_pairs_of_coders_levels_and_rounds_are_groups() -> None:
    sources = four_sources()
    codings = some_codings(sources)
    codings += [replace(c, coder="cat") for c in codings if c.coder == "ann"]
    codings += [replace(c, round=2, code="b/x") for c in codings if c.coder != "cat"]
    bundle = study(sources, codings, ["b/x", "b/x/z", "b/y"])
    request = Request(by=("coder", "code-level", "round"), measures=("alpha_nominal",), rounds=(1,))
    found = measure(bundle, cut=cut, request=request)
    groups = {(row["by"], row["group"], row["code"]): row["value"] for row in found.groups}
    assert {(by, group) for by, group, _ in groups} == {
        *(("coder", names) for names in ("ann and ben", "ann and cat", "ben and cat")),
        *(("code-level", f"level {n}") for n in (1, 2)),
        *(("round", f"round {n}") for n in (1, 2)),
    }
    assert groups["coder", "ann and cat", "b/x"] == 1.0
    two = rows(measure(bundle, cut=cut, request=replace(request, by=(), coders=("ann", "ben"))))
    assert groups["coder", "ann and ben", "b/x"] == two["b/x", "alpha_nominal", None].value
    later = rows(measure(bundle, cut=cut, request=replace(request, by=(), rounds=(2,))))
    assert groups["round", "round 2", "b/x"] == later["b/x", "alpha_nominal", None].value
    assert groups["round", "round 1", "b/x"] == rows(found)["b/x", "alpha_nominal", None].value
    assert ("code-level", "level 1", "b/x/z") not in groups


def test_turns_and_answers_are_one_row_of_the_sensitivity_of_a_questionnaire() -> None:
    answers = [plain(f"r{n}", "Short answer.", "answers") for n in range(4)]
    codings = [coded(answers[n], "Short", "b/x", coder) for n in range(3) for coder in ("ann", "ben")[: 1 + n % 2]]
    statuses = [*done("ann", *answers), *done("ben", *answers)]
    for request in (Request(), ALL):
        found = measure(study(answers, codings, statuses=statuses), cut=cut, request=request)
        keys = [tuple(row[k] for k in ("codebook", "sources", "unit", "uncoded", "level")) for row in found.sensitivity]
        assert keys
        assert len(keys) == len(set(keys))


def test_a_code_that_only_one_coder_alone_used_elsewhere_is_no_agreement_of_one() -> None:
    sources = [plain(name, TEXT) for name in ("one", "two", "three")]
    codings = [coded(s, "beta", "b/y", coder) for s in sources[:2] for coder in ("ann", "ben")]
    codings += [coded(sources[2], word, "b/x", "ann") for word in ("alpha", "beta")]
    found = rows(measure(study(sources, codings), cut=cut, request=ALL))
    for name in ("gwet_ac1", "fleiss_kappa", "conger_kappa", "brennan_prediger", "alpha_nominal", "cohen_kappa"):
        assert found["b/x", name, None].value is None, name
        assert found["b/x", name, None].why_null
        assert found["b/y", name, None].value is not None


def test_a_source_given_to_one_coder_alone_lowers_no_percentage_of_holsti() -> None:
    one, two, three = (plain(name, "One is here. Two is here.") for name in ("one", "two", "three"))
    marks = [coded(source, "One is here", "b/x", coder) for source in (one, two) for coder in ("ann", "ben")]
    alone = [coded(three, "Two is here", "b/x", "ann")]
    asked = Request(measures=("holsti", "pct_unit_mean"))
    before = rows(measure(study([one, two], marks), cut=cut, request=asked))["b/x", "holsti", None]
    after = rows(measure(study([one, two, three], [*marks, *alone]), cut=cut, request=asked))["b/x", "holsti", None]
    assert (before.value, before.n) == (1.0, 4)
    assert (after.value, after.n) == (1.0, 4)


def test_holsti_is_the_mean_percentage_of_pairs_who_share_a_source() -> None:
    one, two = (plain(name, "One is here. Two is here.") for name in ("one", "two"))
    marks = [coded(one, "One is here", "b/x", "ann"), coded(one, "Two is here", "b/x", "ben")]
    marks += [coded(two, "One is here", "b/x", coder) for coder in ("ann", "cat")]
    found = rows(measure(study([one, two], marks), cut=cut, request=Request(measures=("holsti",))))
    assert found["b/x", "holsti", None].value == pytest.approx((0 + 1) / 2)


def test_figures_of_ordered_values_say_that_a_code_has_no_order() -> None:
    one = plain("one", "One is here. Two is here.")
    marks = [coded(one, "One is here", "b/x", coder) for coder in ("ann", "ben")]
    asked = Request(measures=("alpha_ordinal", "cohen_kappa_linear"))
    found = measure(study([one], marks), cut=cut, request=asked).measures
    assert {(m.code, m.measure, m.value) for m in found} == {
        (code, name, None) for code in ("b/x", "b/y") for name in asked.measures
    }
    assert all("has no order" in str(m.why_null) and m.n == 2 for m in found)


def test_a_round_that_was_asked_for_is_not_called_the_highest_shared() -> None:
    one = plain("one", "One is here. Two is here.")
    marks = [coded(one, "One is here", "b/x", coder, round=2) for coder in ("ann", "ben")]
    asked = measure(study([one], marks), cut=cut, request=Request(rounds=(2,))).notes
    found = measure(study([one], marks), cut=cut, request=Request()).notes
    assert "round 2 is compared, as asked." in asked
    assert "round 2 is compared, the highest two coders share." in found


SCALE = [f"b/severity/{n}" for n in (1, 2, 10)]


def rated_study(*ratings: tuple[str, ...], codes: list[str] = SCALE) -> Bundle:
    """Three sources of units of one word; each coder's ratings of every unit, several parted by a bar."""
    sources, marks = [], []
    for n in range(3):
        units = ratings[n::3]
        source = interview(f"r{n}", [(None, "word") for _ in units])
        sources.append(source)
        for turn, unit in zip(source.turns, units, strict=True):
            for coder, said in zip(("ann", "ben", "cat"), unit, strict=False):
                for code in said.split("|") if said else ():
                    marks.append(spanned(source, turn.span.start, turn.span.end, code, coder))
    statuses = [s for coder in ("ann", "ben", "cat")[: len(ratings[0])] for s in done(coder, *sources)]
    return study(sources, marks, [*codes, "b/other"], statuses)


def test_a_code_whose_children_are_numbers_has_the_figures_of_its_ratings() -> None:
    given = ("1 1 2", "2 10 10", "10 10 10", "1 2 1", "2 2 ", "10 2 10", "1 1 1", " 10 10", "2 1 2", "10 10 2")
    cells = [unit.split(" ") for unit in given]
    asked = ("alpha_ordinal", "alpha_interval", "alpha_ratio", "ac2_linear", "ac2_quadratic")
    bundle = rated_study(*(tuple(f"b/severity/{n}" if n else "" for n in unit) for unit in cells))
    found = rows(measure(bundle, cut=cut, request=Request(unit="turn", measures=asked)))
    body = [[f"u{n}", f"r{n % 3}", *unit] for n, unit in enumerate(cells)]
    table = from_table(["unit", "source", "ann", "ben", "cat"], body, wide=True, level="ratio", request=ALL)
    for name in asked:
        figure, same = found["b/severity", name, None], rows(table)[None, name, None]
        assert (figure.value, figure.n, figure.ci) == (pytest.approx(same.value), 10, pytest.approx(same.ci)), name
        assert found["b/other", name, None].value is None
    everything = rows(measure(bundle, cut=cut, request=Request(unit="turn", all=True)))
    assert everything["b/severity", "alpha_ordinal", None].value == found["b/severity", "alpha_ordinal", None].value
    assert ("b/severity", "alpha_ordinal", None) not in rows(measure(bundle, cut=cut, request=Request(unit="turn")))


def test_two_ratings_of_a_unit_are_none_and_a_scale_without_pairs_says_so() -> None:
    low, high = "b/severity/1", "b/severity/2"
    asked = Request(unit="turn", measures=("alpha_ordinal",))
    bundle = rated_study((f"{low}|{high}", low), (low, low), (high, high), (high, ""))
    figure = rows(measure(bundle, cut=cut, request=asked))["b/severity", "alpha_ordinal", None]
    assert (figure.value, figure.n) == (1.0, 2)
    alone = rated_study((low, ""), ("", high), (low, ""))
    figure = rows(measure(alone, cut=cut, request=asked))["b/severity", "alpha_ordinal", None]
    assert "single rating" in str(figure.why_null)


def test_numbered_codes_below_a_codebook_s_name_are_no_scale() -> None:
    bundle = rated_study(("b/1", "b/2"), ("b/1", "b/1"), ("b/2", "b/2"), codes=["b/1", "b/2"])
    found = measure(bundle, cut=cut, request=Request(unit="turn", measures=("alpha_ordinal",))).measures
    assert {m.code for m in found} == {"b/1", "b/2", "b/other"}
    assert all(m.value is None for m in found)
