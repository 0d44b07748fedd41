"""A codebook tested on its own examples."""

from __future__ import annotations

from qualcode import codebook as room
from qualcode.model import Code, Codebook, Cue


def said(*codes: Code) -> list[str]:
    return [f"{notice.severity} {notice}" for notice in room.check_examples(Codebook("x", codes=codes))]


def code(path: str, *cues: str, definition: str = "D", **fields: object) -> Code:
    return Code(path, definition=definition, cues=tuple(Cue("phrase", cue) for cue in cues), **fields)  # type: ignore[arg-type]


def test_a_sound_codebook_has_no_findings() -> None:
    assert said(code("x/a", "tea", examples=("Tea?",)), code("x/b", "forms", examples=("Forms!",), key="b")) == []


def test_an_example_without_a_cue_is_a_hint_and_not_asked_of_codes_without_cues() -> None:
    assert said(code("x/a", "tea", examples=("Coffee.", "Tea."))) == [
        "info x/a: no cue is in example 1 — add a cue, if a word there is typical"
    ]
    assert said(code("x/a", examples=("Coffee.",))) == []


def test_a_counterexample_with_a_cue_is_reported_with_the_cue() -> None:
    (one,) = said(code("x/a", "tea", examples=("tea",), counterexamples=("No.", "The tea room rota.")))
    assert one.startswith('warning x/a: the cue "tea" is in counterexample 2')


def test_an_example_that_fits_a_sibling_better_is_reported() -> None:
    (one,) = said(code("x/a", "tea", examples=("Tea, forms and files.",)), code("x/b", "forms", "files"))
    assert one.startswith("warning x/a: example 1 has 1 cue of its own and 2 of x/b")
    assert said(code("x/a", "tea", examples=("Tea, forms and files.",)), code("x/a/b", "forms", "files")) == []


def test_one_example_under_two_codes_and_twice_under_one() -> None:
    (one,) = said(code("x/a", examples=("It\u2019s  so.",)), code("x/b", examples=("other", "it's so.")))
    assert one.startswith("warning x/b: example 2 is also example 1 of x/a")
    (two,) = said(code("x/a", examples=("so", "So")))
    assert two.startswith("warning x/a: example 2 is example 1 again")


def test_cues_shared_in_any_form_are_reported_but_not_with_a_parent() -> None:
    lemma = Code("x/b", definition="D", cues=(Cue("lemma", "organise"),))
    (one,) = said(code("x/a", "organizing"), lemma)
    assert one.startswith('warning x/b: the cue "organise" also points to x/a')
    assert said(code("x/a", "tea"), code("x/a/b", "tea")) == []


def test_contradictions_keys_and_missing_definitions() -> None:
    got = said(
        code("x/a", include=("Cups of tea.",), exclude=("cups of  tea.",), key="k"),
        code("x/b", examples=("so",), counterexamples=("So",), key="k"),
        code("x/c", definition=" "),
    )
    assert [one.split(" — ")[0] for one in got] == [
        "warning x/a: include 1 is also in exclude",
        "warning x/b: example 1 is also a counterexample",
        'warning x/b: the key "k" also belongs to x/a',
        "warning x/c: no definition",
    ]


def test_a_runaway_pattern_is_named_once_and_the_rest_is_still_tested() -> None:
    slow = Code("x/a", definition="D", cues=(Cue("regex", r"(a|a|b?a)+$"),), examples=("a" * 60 + "!", "a" * 61 + "!"))
    got = said(slow, code("x/b", "tea", examples=("coffee",)))
    assert sum("takes too long" in one for one in got) == 1
    assert any(one.startswith("info x/b") for one in got)


def test_no_finding_quotes_an_example() -> None:
    text = "My mother never knew about the forms and files"
    got = said(
        code("x/a", "tea", examples=(text, text)), code("x/b", "forms", examples=(text,), counterexamples=(text,))
    )
    assert len(got) >= 4
    assert all("mother" not in one for one in got)
