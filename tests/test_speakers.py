"""Roles, kinds and cases: guessed from labels and behaviour, said in a notice, overruled by a person."""

from __future__ import annotations

import pytest

from qualcode.errors import UsageError
from qualcode.model import Bundle, Case, Role, Source, Span, Turn
from qualcode.roles import role_of
from qualcode.speakers import assign

ASKS, ANSWERS = "How did that come about?", "I was asked by the head one day, and so it was."


def source(*said: tuple[str | None, str], name: str = "talk-1", **given: object) -> Source:
    text, turns = "", []
    for n, (speaker, words) in enumerate(said, 1):
        text += f"{speaker}: "
        turns.append(Turn(n, Span(len(text), len(text) + len(words)), speaker))
        text += words + "\n"
    return Source(f"id-{name}", name, "interview", text, tuple(turns), file=f"{name}.txt", **given)  # type: ignore[arg-type]


def between(*speakers: str, times: int = 4) -> Source:
    """A talk in which the first speaker asks and the others answer in turn."""
    said: list[tuple[str | None, str]] = []
    for _ in range(times):
        for other in speakers[1:]:
            said += [(speakers[0], ASKS), (other, ANSWERS)]
    return source(*said)


def assigned(talk: Source, **told: Role) -> Source:
    return assign(Bundle(sources=(talk,)), told).sources[0]


def roles(talk: Source, **told: Role) -> dict[str, Role | None]:
    return {turn.speaker: turn.role for turn in assigned(talk, **told).turns if turn.speaker}


def said(talk: Source) -> str:
    return assign(Bundle(sources=(talk,))).notices[-1].message


@pytest.mark.parametrize(
    "label",
    ["Interviewer", "INTERVIEWER 2", "Researcher 1", "Moderator", "Facilitator (JB)", "Host", "Int",
     "Interviewer, First", "Intervieweur", "Entrevistadora", "Moderadora", "Интервьюер", "访谈者", "Question"],
)  # fmt: skip
def test_a_word_of_the_label_says_who_asks(label: str) -> None:
    assert role_of(label) == "interviewer"


@pytest.mark.parametrize(
    "label",
    ["Interviewee", "Respondent 4", "Participant 12", "Co-ordinator", "Coordinator (primary)", "Informant", "Guest",
     "Befragte", "Entrevistado", "Участник", "受访者", "Answer"],
)  # fmt: skip
def test_a_word_of_the_label_says_who_answers(label: str) -> None:
    assert role_of(label) == "respondent"


@pytest.mark.parametrize("label", ["Maya", "Speaker 1", "BSR01", "T", "I", "Interview", "Participant researcher", ""])
def test_other_labels_say_nothing(label: str) -> None:
    assert role_of(label) is None


def test_an_interview_makes_a_case_named_after_the_source() -> None:
    got = assign(Bundle(sources=(between("Interviewer", "Kelly"),)))
    assert roles(between("Interviewer", "Kelly")) == {"Interviewer": "interviewer", "Kelly": "respondent"}
    assert (got.sources[0].kind, got.sources[0].case) == ("interview", "talk-1")
    assert got.cases == (Case("talk-1", sources=("talk-1",)),)
    assert got.notices[0].where == "talk-1.txt"
    assert got.notices[0].message == (
        "speakers: Interviewer (interviewer, guessed from the label), Kelly (respondent, the other speaker); "
        'interview, case "talk-1"'
    )


@pytest.mark.parametrize(
    ("asking", "answering"),
    [
        ("I", "R"),
        ("I", "B"),
        ("I", "P"),
        ("I", "Maya"),
        ("Q", "A"),
        ("I1", "P1"),
        ("INT", "R"),
        ("Interviewer", "R"),
        ("Interviewer", "P4"),
    ],
)
def test_letters_mean_a_role_in_company(asking: str, answering: str) -> None:
    assert roles(between(asking, answering, times=1)) == {asking: "interviewer", answering: "respondent"}


def test_letters_alone_mean_nothing() -> None:
    assert roles(source(("R", "One thing."), ("P", "Another thing."))) == {"R": None, "P": None}
    assert roles(source(("A", "One thing."), ("B", "Another thing."))) == {"A": None, "B": None}


def test_behaviour_tells_between_two_names() -> None:
    assert roles(between("Jan", "Maya")) == {"Jan": "interviewer", "Maya": "respondent"}
    assert "100 % of turns are questions, fewer words" in said(between("Jan", "Maya"))


def test_a_participants_code_beside_a_name_needs_less_evidence() -> None:
    talk = source(("Jan Berg", ASKS), ("BSR01", ANSWERS), ("Jan Berg", "I see."), ("BSR01", "Well."))
    assert roles(talk) == {"Jan Berg": "interviewer", "BSR01": "respondent"}


@pytest.mark.parametrize(
    "talk",
    [
        source(
            ("Jan", ANSWERS), ("Maya", ANSWERS), ("Jan", ANSWERS), ("Maya", ANSWERS), ("Jan", "No."), ("Maya", "No.")
        ),
        source(("Jan", ASKS), ("Maya", ANSWERS)),
        source(*[("Jan", ASKS), ("Maya", ASKS)] * 4),
        source(*[("Jan", f"{ANSWERS} {ANSWERS} {ASKS}"), ("Maya", "No.")] * 4),
    ],
)
def test_without_clear_evidence_the_role_stays_unknown(talk: Source) -> None:
    assert set(roles(talk).values()) == {None}
    assert assigned(talk).case is None
    assert "role unknown); " in said(talk) or "role unknown)" in said(talk)
    assert '--speakers "NAME=interviewer"' in said(talk)


def test_a_full_name_used_once_is_the_one_with_its_initials() -> None:
    talk = source(("Jan Berg", ASKS), ("Maya Holm-Klein", ANSWERS), *[("JB", ASKS), ("MHK", ANSWERS)] * 4)
    assert roles(talk) == {
        "Jan Berg": "interviewer",
        "JB": "interviewer",
        "Maya Holm-Klein": "respondent",
        "MHK": "respondent",
    }
    assert assigned(talk).case == "talk-1"


def test_two_respondents_with_a_moderator_are_a_focus_group_without_a_case() -> None:
    got = assign(Bundle(sources=(between("Moderator", "P1", "P2", "P3"),)))
    assert got.sources[0].kind == "focus group"
    assert got.sources[0].case is None
    assert got.cases == ()
    assert roles(between("Moderator", "P1", "P2"))["P2"] == "respondent"


def test_three_speakers_of_unknown_role_are_a_focus_group() -> None:
    got = assigned(source(*[("Jan", ANSWERS), ("Maya", ANSWERS), ("Tom", ANSWERS)] * 2))
    assert (got.kind, got.case) == ("focus group", None)


def test_two_interviewers_and_one_respondent_are_an_interview() -> None:
    got = assigned(between("Interviewer 1", "Interviewee", "Interviewer 2"))
    assert (got.kind, got.case) == ("interview", "talk-1")


def test_somebody_who_puts_in_a_word_is_no_second_respondent() -> None:
    talk = source(*[("Interviewer", ASKS), ("Kelly", ANSWERS)] * 6, ("Child", "Mum!"), ("Kelly", ANSWERS))
    assert roles(talk) == {"Interviewer": "interviewer", "Kelly": "respondent", "Child": None}
    assert (assigned(talk).kind, assigned(talk).case) == ("interview", "talk-1")


@pytest.mark.parametrize("label", ["Unknown", "All", "Unidentified voice", "Recording"])
def test_a_voice_nobody_knows_stays_unknown(label: str) -> None:
    talk = source(*[("Interviewer", ASKS), ("Kelly", ANSWERS), (label, ANSWERS)] * 4)
    assert roles(talk)[label] is None


def test_the_names_in_a_hearing_are_neither() -> None:
    talk = source(*[("Q", ASKS), ("A", ANSWERS), ("MS. BERG", ANSWERS), ("THE COURT", ANSWERS)] * 4)
    assert roles(talk) == {"Q": "interviewer", "A": "respondent", "MS. BERG": None, "THE COURT": None}
    assert assigned(talk).case is None


def test_a_person_overrules_in_any_spelling() -> None:
    talk = between("Jan", "Maya")
    told: dict[str, Role] = {"jan": "respondent", " MAYA ": "interviewer"}
    got = assign(Bundle(sources=(talk,)), told)
    assert {turn.speaker: turn.role for turn in got.sources[0].turns} == {"Jan": "respondent", "Maya": "interviewer"}
    assert "Jan (respondent, as told)" in got.notices[-1].message


def test_what_a_person_says_of_one_helps_to_guess_the_other() -> None:
    talk = source(*[("Jan", "Yes."), ("Maya", "No.")] * 3)
    assert roles(talk) == {"Jan": None, "Maya": None}
    assert roles(talk, Jan="interviewer") == {"Jan": "interviewer", "Maya": "respondent"}


def test_none_unsets_a_guess() -> None:
    talk = between("Interviewer", "Kelly")
    got = roles(talk, Kelly="none")  # type: ignore[arg-type]
    assert got == {"Interviewer": "interviewer", "Kelly": None}
    assert assigned(talk, Kelly="none").case is None  # type: ignore[arg-type]


def test_words_for_roles_are_understood() -> None:
    assert roles(between("Jan", "Maya"), Maya="moderator", Jan="participant") == {  # type: ignore[arg-type]
        "Jan": "respondent",
        "Maya": "interviewer",
    }


def test_an_unknown_speaker_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'no speaker "Keli" — did you mean "Kelly"\?'):
        roles(between("Interviewer", "Kelly"), Keli="respondent")
    with pytest.raises(UsageError, match="speakers: Interviewer, Kelly"):
        roles(between("Interviewer", "Kelly"), Zoltan="respondent")


def test_an_unknown_role_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'no role "respondant" — did you mean "respondent"\?'):
        roles(between("Interviewer", "Kelly"), Kelly="respondant")  # type: ignore[arg-type]


def test_documents_and_answers_are_left_as_they_are() -> None:
    document = source((None, "words"))
    answers = Source(
        "a", "s/R1", "answers", "Yes.", (Turn(1, Span(0, 4), role="respondent", prompt="Why?"),), case="R1"
    )
    bundle = Bundle(sources=(document, answers), cases=(Case("R1"),))
    after = assign(bundle)
    assert (after.sources, after.cases) == (bundle.sources, bundle.cases)
    assert [notice.where for notice in after.notices] == [document.file]


def test_turns_without_a_speaker_have_no_role() -> None:
    got = assigned(source((None, "Header"), *[("Interviewer", ASKS), ("Kelly", ANSWERS)] * 3))
    assert [turn.role for turn in got.turns[:3]] == [None, "interviewer", "respondent"]


def test_a_case_that_is_known_is_not_made_twice() -> None:
    talk = between("Interviewer", "Kelly")
    known = Case("talk-1", {"phase": "primary"})
    assert assign(Bundle(sources=(talk,), cases=(known,))).cases == (known,)


def test_a_case_already_set_stays() -> None:
    got = assigned(source(*[("Interviewer", ASKS), ("Kelly", ANSWERS)] * 3, case="kelly-1"))
    assert got.case == "kelly-1"


def test_many_speakers_are_named_in_part() -> None:
    talk = source(*[(f"Person {n:02}", "Hello.") for n in range(30)])
    assert "and 18 more" in said(talk)


def test_texts_and_spans_are_untouched() -> None:
    talk = between("Interviewer", "Kelly")
    got = assigned(talk)
    assert got.text == talk.text
    assert [turn.span for turn in got.turns] == [turn.span for turn in talk.turns]


def test_that_nobody_was_found_is_said_with_the_way_to_name_one() -> None:
    assert said(source((None, "Dear all"), (None, "the dates are these"))) == (
        'no speakers were found, so it is a document (--speakers "NAME=role" names one)'
    )
