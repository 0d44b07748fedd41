"""Cues: whole words in any case and typography, reasons that show them, patterns that cannot hang."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Code, Codebook, Cue, Segment, Source, Span, Suggestion, Turn, stable_id
from qualcode.suggesters.cues import CueSuggester
from qualcode.suggesters.plain import plain


def phrase(text: str) -> Cue:
    return Cue("phrase", text)


def pattern(text: str) -> Cue:
    return Cue("regex", text)


def fitted(*cues: Cue, speakers: tuple[str, ...] = (), **options: object) -> CueSuggester:
    code = Code("role/managerial", cues=cues, speakers=speakers)
    return CueSuggester(**options).fit([Codebook("role", "1.0", (code,))])  # type: ignore[arg-type]


def segment(text: str, role: str | None = "respondent", before: str = "R: ") -> Segment:
    span = Span(len(before), len(before) + len(text))
    turn = Turn(1, span, "R", role)  # type: ignore[arg-type]
    return Segment(Source("s1", "interview-1", "interview", before + text, (turn,)), span)


def suggested(suggester: CueSuggester, text: str) -> Suggestion | None:
    found = suggester.score([segment(text)])
    assert len(found) <= 1
    return found[0] if found else None


def evidence(suggester: CueSuggester, text: str) -> list[str]:
    found = suggested(suggester, text)
    return [found.segment.source.text[a:b] for a, b in found.reason.evidence] if found else []


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("timetable", "The timetable, mostly.", ["timetable"]),
        ("timetable", "TIMETABLE!", ["TIMETABLE"]),
        ("mentor", "I do the mentoring and the mentors.", []),
        ("mentor", "A mentor-led thing; (mentor)", ["mentor", "mentor"]),
        ("co-ordination", "It's the co-ordination of it", ["co-ordination"]),
        ("co-ordination", "It's the co\u2010ordination of it", ["co\u2010ordination"]),
        ("co-ordination", "Subordination", []),
        ("don't mind", "I don\u2019t mind, honestly", ["don\u2019t mind"]),
        ("don\u2019t mind", "I don't mind", ["don't mind"]),
        ("mentor's", "my mentor\u2019s view", ["mentor\u2019s"]),
        ("mentor", "my mentor\u2019s view", ["mentor"]),
        ("mentor meeting", "at the mentor\n   meeting then", ["mentor\n   meeting"]),
        ("mentor meeting", "a mentor\u00a0meeting", ["mentor\u00a0meeting"]),
        ("mentor  meeting", "a mentor meeting", ["mentor meeting"]),
        ("can", "We cannot, we can't, we can.", ["can"]),
        ("can't", "We cannot, we CAN'T, we can.", ["CAN'T"]),
        ("can not", "We cannot, or can not.", ["can not"]),
        ("cannot", "We cannot, or can not.", ["cannot"]),
        ("dept", "the dept. and its timetable(s)", ["dept"]),
        ("timetable", "the dept. and its timetable(s), _timetable_, timetable&rota", ["timetable"] * 3),
        ("Dr. Hale", "DR. HALE and dr. hale", ["DR. HALE", "dr. hale"]),
        ("caf\u00e9", "the cafe\u0301", ["cafe\u0301"]),
        ("cafe", "the cafe\u0301", []),
        ("the cafe\u0301", "the  caf\u00e9", ["the  caf\u00e9"]),
        ("co-op", "a co- op", []),
        ("ΟΔΟΣ", "η οδος, η οδοσ", ["οδος"]),
        ("timetable", "timetable…then", ["timetable"]),
        ("timetable", "It was the timetable.Then we left", ["timetable"]),
        ("timetable", "[laughs] *timetable* \u2014timetable\u2014", ["timetable", "timetable"]),
        ("ITT", "Our ITT's good", ["ITT"]),
        ("e.g.", "schools, e.g. ours", ["e.g."]),
        ("café", "in the CAFÉ there", ["CAFÉ"]),
    ],
)
def test_where_a_phrase_is_found(cue: str, text: str, found: list[str]) -> None:
    assert evidence(fitted(phrase(cue)), text) == found


def test_the_reason_names_the_words_and_counts_them() -> None:
    found = suggested(
        fitted(phrase("timetable"), phrase("mentor meeting")), "A Timetable, a mentor meeting, a timetable."
    )
    assert found is not None
    assert found.reason.kind == "cues"
    assert found.reason.text == 'cues "timetable" ×2, "mentor meeting"'
    assert (found.suggester, found.calibrated, found.decision) == ("cues", False, "pending")


def test_the_score_rises_with_different_cues_and_not_with_repeated_ones() -> None:
    suggester = fitted(phrase("rota"), phrase("cover"), phrase("diary"))
    scores = [suggested(suggester, text).score for text in ("rota", "rota, rota", "rota, cover", "rota cover diary")]  # type: ignore[union-attr]
    assert scores == pytest.approx([1 / 2, 1 / 2, 2 / 3, 3 / 4])


def test_a_cue_inside_a_longer_one_does_not_count_again() -> None:
    found = suggested(fitted(phrase("mentor"), phrase("mentor meeting")), "The mentor meeting.")
    assert found is not None
    assert (found.score, found.reason.text) == (1 / 2, 'cue "mentor meeting"')


def test_many_cues_are_named_in_short() -> None:
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    found = suggested(fitted(*map(phrase, words)), " ".join(words))
    assert found is not None
    assert found.reason.text.endswith('"six" and 2 more')
    assert len(found.reason.evidence) == 8


def test_a_lemma_takes_the_forms_it_is_given() -> None:
    cue = Cue("lemma", "organise")
    assert evidence(fitted(cue), "organising and organise") == ["organise"]
    forms = fitted(cue, expand=lambda c: ("organise", "organising") if c.kind == "lemma" else (c.text,))
    assert evidence(forms, "organising and organise") == ["organising", "organise"]


def test_a_phrase_of_two_codes_suggests_both_in_the_order_of_the_codebook() -> None:
    codes = (Code("role/b", cues=(phrase("rota"),)), Code("role/a", cues=(phrase("rota"),)), Code("role/none"))
    found = CueSuggester().fit([Codebook("role", codes=codes)]).score([segment("a rota"), segment("rota", before="")])
    assert [s.code for s in found] == ["role/b", "role/a", "role/b", "role/a"]


def test_a_code_for_respondents_is_not_suggested_in_an_interviewers_turn() -> None:
    suggester = fitted(phrase("rota"), speakers=("respondent",))
    asked = segment("a rota", role="interviewer")
    assert [s.segment.quote for s in suggester.score([asked, segment("my rota"), segment("the rota", role=None)])] == [
        "my rota",
        "the rota",
    ]
    assert len(fitted(phrase("rota")).score([asked])) == 1


def test_a_pattern_is_found_in_any_case_and_typography() -> None:
    suggester = fitted(pattern(r"\bmentors? (meeting|training)\b"), pattern(r"we('ve| have) gained"))
    assert evidence(suggester, "Mentors\nmeeting; we\u2019ve gained") == ["Mentors\nmeeting", "we\u2019ve gained"]
    assert evidence(suggester, "mentorship training") == []


def test_a_pattern_that_never_ends_is_left_out_by_name_and_the_rest_works() -> None:
    suggester = fitted(pattern("(a+)+$"), phrase("rota"), pattern("rot[ab]"), timeout=0.05)
    batch = [segment("a short aaa"), segment("rota " + "a" * 5000 + "!")]
    before = suggester.score(batch[:1])
    assert [s.reason.text for s in before] == ['cue "aaa"']
    assert suggester.notices_ == ()
    after = suggester.score(batch)
    assert [s.reason.text for s in after] == ['cues "rota", "rota"']
    assert [(notice.where, notice.severity) for notice in suggester.notices_] == [("role/managerial", "warning")]
    assert "/(a+)+$/ is too slow" in suggester.notices_[0].message
    assert suggester.score(batch[:1]) == ()


def test_a_pattern_that_does_not_compile_is_a_notice() -> None:
    suggester = fitted(pattern("(mentor"), phrase("rota"))
    assert "does not compile" in suggester.notices_[0].message
    assert evidence(suggester, "rota") == ["rota"]


def test_a_pattern_that_matches_nothing_visible_suggests_nothing() -> None:
    assert suggested(fitted(pattern("x*")), "rota") is None


def test_the_version_follows_the_cues_and_ids_the_place() -> None:
    one, same, other = fitted(phrase("rota")), fitted(phrase("rota")), fitted(phrase("cover"))
    assert one.version_ == same.version_ != other.version_
    assert fitted(phrase("rota"), speakers=("respondent",)).version_ != one.version_
    assert fitted(phrase("rota"), expand=lambda cue: ("rota", "rotas")).version_ != one.version_
    found = suggested(one, "a rota")
    assert found is not None
    assert found.id == stable_id("cues", "s1", 3, 9, "role/managerial")
    assert found.version == one.version_


def test_without_cues_or_segments_nothing_is_suggested() -> None:
    assert fitted().score([segment("rota")]) == ()
    assert fitted(phrase("rota")).score([]) == ()
    assert fitted(phrase("  ")).score([segment("rota")]) == ()


def test_importing_the_registry_loads_no_library() -> None:
    code = (
        "import sys, qualcode.suggesters as s; s.SUGGESTERS.names();"
        "print([m for m in ('spacy', 'regex', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


WORDS = [
    "rota",
    "Rota",
    "rotas",
    "mentor",
    "don't",
    "don\u2019t",
    "mind",
    "co-op",
    "\n",
    "  ",
    ".",
    ",",
    "[laughs]",
    "\u00e9",
    "(",
    "\u2014",
]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=15).map(lambda words: "".join(f"{w} " for w in words))
EVERY = fitted(phrase("rota"), phrase("don't mind"), phrase("co-op"), pattern("ment.r"), pattern(r"mind\s+\S+"))


@given(TEXTS, st.sampled_from(["", "R: ", "\n\n I: x\n"]))
def test_evidence_is_inside_the_segment_and_is_the_cue(text: str, before: str) -> None:
    for found in EVERY.score([segment(text, before=before)]):
        assert 0 < found.score < 1
        assert list(found.reason.evidence) == sorted(set(found.reason.evidence))
        for start, end in found.reason.evidence:
            assert found.segment.span.start <= start < end <= found.segment.span.end
            words = plain(found.segment.source.text[start:end]).text.lower()
            assert words in ("rota", "don't mind", "co-op", "mentor") or words.startswith("mind ")


@given(st.lists(TEXTS, max_size=5))
def test_any_batch_gives_the_same_as_each_alone(texts: list[str]) -> None:
    batch = [segment(text) for text in texts]
    assert EVERY.score(batch) == tuple(s for one in batch for s in EVERY.score([one]))


@given(st.text(st.sampled_from("ae\u0301 \n\t\u00a0\u2019\u2011"), max_size=30), st.data())
def test_every_stretch_of_the_plain_text_has_its_place(text: str, data: st.DataObject) -> None:
    got = plain(text)
    assert "  " not in got.text
    assert got.original(len(got.text)) == len(text)
    if got.text:
        start = data.draw(st.integers(0, len(got.text) - 1))
        end = data.draw(st.integers(start + 1, len(got.text)))
        assert plain(text[got.original(start) : got.original(end)]).text == got.text[start:end]
