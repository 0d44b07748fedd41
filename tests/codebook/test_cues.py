"""Forms of words, and whether a cue is in a text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode import codebook as room
from qualcode.codebook.cues import SlowPattern, pattern_problem
from qualcode.codebook.inflections import forms
from qualcode.model import Cue


@pytest.mark.parametrize(
    ("lemma", "expected"),
    [
        ("organise", "organise organises organising organised organize organizes organizing organized"),
        ("organize", "organize organizes organizing organized organise organises organising organised"),
        ("analyse", "analyse analyses analysing analysed analyze analyzes analyzing analyzed"),
        ("organisation", "organisation organisations organization organizations"),
        ("liaise", "liaise liaises liaising liaised"),
        ("advise", "advise advises advising advised"),
        ("supervise", "supervise supervises supervising supervised"),
        ("stop", "stop stops stopping stopped"),
        ("refer", "refer refers referring referred"),
        ("mentor", "mentor mentors mentoring mentored"),
        ("visit", "visit visits visiting visited"),
        ("travel", "travel travels travelling traveling travelled traveled"),
        ("enrol", "enrol enrols enrolling enrolled enroll enrolls"),
        ("carry", "carry carries carrying carried"),
        ("play", "play plays playing played"),
        ("die", "die dies dying died"),
        ("agree", "agree agrees agreeing agreed"),
        ("assess", "assess assesses assessing assessed"),
        ("teach", "teach taught teaches teaching"),
        ("write", "write wrote written writes writing"),
        ("undertake", "undertake undertook undertaken undertakes undertaking"),
        ("be", "be am is are was were been being"),
        ("child", "child children"),
        ("analysis", "analysis analyses"),
        ("meeting", "meeting meetings"),
        ("criterion", "criterion criteria"),
        ("GTP", "GTP GTPs"),
        ("school-based", "school-based"),
        ("behaviour", "behaviour behaviours behaviouring behavioured behavior behaviors behavioring behaviored"),
        ("programme", "programme programmes programming programmed program programs"),
    ],
)
def test_a_word_has_these_forms(lemma: str, expected: str) -> None:
    assert forms(lemma) == tuple(expected.split())


def test_a_phrase_is_inflected_at_its_first_or_last_word() -> None:
    assert forms("carry out") == ("carry out", "carries out", "carrying out", "carried out")
    assert {"mentor meeting", "mentor meetings", "mentors meeting"} <= set(forms("mentor meeting"))
    assert room.expand(Cue("lemma", "  ring   round ")) == (
        "ring round",
        "rang round",
        "rung round",
        "rings round",
        "ringing round",
    )


@given(st.text(max_size=30))
def test_any_text_has_itself_as_its_first_form_and_no_form_twice(text: str) -> None:
    found = forms(text)
    assert len(set(found)) == len(found)
    assert (
        not text.split()
        or found[0].casefold() == " ".join(text.split()).casefold()
        or found[0] == " ".join(text.split()).lower()
    )


def test_phrases_stand_for_themselves_and_patterns_for_no_phrase() -> None:
    assert room.expand(Cue("phrase", "open door")) == ("open door",)
    assert room.expand(Cue("regex", "a+")) == ()


@pytest.mark.parametrize(
    ("cue", "text", "there"),
    [
        (Cue("phrase", "tea"), "A cup of TEA.", True),
        (Cue("phrase", "tea"), "The team came.", False),
        (Cue("phrase", "open door"), "my open\n door", True),
        (Cue("phrase", "don't get on"), "They don\u2019t get on", True),
        (Cue("phrase", "don\u2019t"), "they don't", True),
        (Cue("phrase", "C++"), "I write C++, too", True),
        (Cue("phrase", "mentor"), "the mentor's room", True),
        (Cue("lemma", "organise"), "She was organizing it", True),
        (Cue("lemma", "organise"), "the organiser", False),
        (Cue("regex", r"\bmentors? (meeting|training)s?\b"), "Mentor meetings, mostly", True),
        (Cue("regex", "it's"), "it\u2019s", True),
        (Cue("regex", "xyz"), "abc", False),
    ],
)
def test_a_cue_is_found_as_whole_words_in_any_case(cue: Cue, text: str, there: bool) -> None:
    assert room.hits(cue, text) is there


def test_a_runaway_pattern_is_stopped() -> None:
    begun = time.monotonic()
    with pytest.raises(SlowPattern):
        room.hits(Cue("regex", r"(a|a|b?a)+$"), "a" * 60 + "!")
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "pattern",
    ["(", "[", "a**", r"\p{Nope}", "x*", "(?R)", "(" * 400, "a{1000}{1000}", "(?:a{900}){900}", r"\L<words>", "\\"],
)
def test_a_pattern_that_cannot_be_used_is_explained_quickly(pattern: str) -> None:
    begun = time.monotonic()
    assert pattern_problem(pattern)
    assert time.monotonic() - begun < 2


@given(st.text("ab()[]{}|*+?\\^$.,-0123456789<>=!:PpdwRL'\" ", max_size=25))
def test_any_pattern_is_either_usable_or_explained(pattern: str) -> None:
    problem = pattern_problem(pattern)
    if problem is None:
        room.hits(Cue("regex", pattern), "a few words (and 20 more)")
    else:
        assert problem.strip()
