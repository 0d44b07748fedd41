"""The choice of patterns by their letters loses no match."""

from __future__ import annotations

import warnings

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.suggesters.candidates import Candidates
from qualcode.suggesters.patterns import TimedPatterns
from qualcode.suggesters.required import folded, required


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        (r"\btimetable\b", {"timetable"}),
        (r"\btimetabl(e|es|ed|ing)\b", {"timetable", "timetabling"}),
        (r"\bmentors? (meeting|briefing)s?\b", None),
        (r"(share|sharing) \w+ (ideas|resources)", {"share ", "sharing "}),
        (r"\w+ing (up|down)", {"ing up", "ing down"}),
        (r"(mentor|tutor)+", {"mentor", "tutor"}),
        (r"(mentor|to)", None),
        (r"(?=mentor)x", None),
        (r"caf\u00e9s are", {"s are"}),
        ("MENTOR", {"mentor"}),
        (r"(?i)mentor", None),
        (r"[[:alpha:]]mentor", None),
        (r"(mentor){e<=1}", None),
        (r"\p{Lu}mentor", None),
        (r"(mentor", None),
        (r"mentor|", None),
        (r"mentor.*meeting", {"mentor"}),
        (r"\b(SMT|SLT)\b", {"smt", "slt"}),
        (r"(he|she) rings", {"he rings"}),
    ],
)
def test_what_a_pattern_needs(pattern: str, strings: set[str] | None) -> None:
    got = required(pattern)
    if pattern == r"\bmentors? (meeting|briefing)s?\b":
        assert got is not None
        assert all("mentor" in string for string in got)
    else:
        assert got == strings


LETTERS = ["ment", "or", "tut", "time", " ", "s?", "s*", "s+", "k", "\u00e9", "I"]
SIGNS = [r"\b", r"\w+", ".", "[ab]", "[ -]", "[^x]", r"\s", "(?!x)", "$", "^"]
PIECES = st.sampled_from([*LETTERS, *SIGNS])


def wider(patterns: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.lists(patterns, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})")
    return st.one_of(
        st.lists(patterns, min_size=1, max_size=4).map("".join),
        groups,
        st.builds(str.__add__, groups, st.sampled_from(["?", "+", "*", "{2}", "{0,2}", "{1,3}", "+?", "??"])),
        groups.map(lambda group: f"(?:{group[1:-1]})"),
    )


PATTERNS = st.recursive(PIECES, wider, max_leaves=8)
TEXTS = st.lists(
    st.sampled_from(
        [
            "ment",
            "Ment",
            "or",
            "tut",
            "time",
            " ",
            "s",
            "a",
            "-",
            "k",
            "K",
            "\u017f",
            "\u0130",
            "\u0131",
            "\u00e9",
            "\u00df",
            "x",
        ]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=400)
@given(PATTERNS, TEXTS)
def test_no_match_is_lost(pattern: str, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = [
                m.span() for m in regex.compile(pattern, regex.IGNORECASE).finditer(text) if m.end() > m.start()
            ]
        except regex.error:
            return
    timed = TimedPatterns(5.0)
    timed.add("owner", pattern, "role/x")
    candidates = Candidates((kept, kept.required) for kept in timed.kept)
    found = timed.find([text], [candidates.of(text)])
    assert [(start, end) for _, start, end in found.get(0, [])] == expected


@given(PATTERNS, TEXTS)
def test_every_match_has_one_of_the_required_strings(pattern: str, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = regex.search(pattern, text, regex.IGNORECASE)
        except regex.error:
            return
    needed = required(pattern)
    if found and needed is not None:
        assert any(string in folded(text) for string in needed)
