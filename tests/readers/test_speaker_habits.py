"""How transcripts name who speaks: every habit of real tools and typists, and what only looks like one."""

from __future__ import annotations

import pytest

from qualcode.model import Source
from qualcode.readers import ReadOptions, read_bytes
from qualcode.speakers import assign

Said = list[tuple[str | None, str]]

ASKS, ANSWERS = "How did you start?", "I was asked."
AGAIN, LAST = "By whom?", "The head."


def read(text: str, name: str = "talk.txt") -> Source:
    return read_bytes(text.encode(), name, ReadOptions()).sources[0]


def said(source: Source) -> Said:
    return [(turn.speaker, source.quote(turn.span)) for turn in source.turns]


def times(source: Source) -> list[float | None]:
    return [turn.time for turn in source.turns]


def notices(text: str, name: str = "talk.txt") -> str:
    return "\n".join(map(str, read_bytes(text.encode(), name, ReadOptions()).notices))


def talk(asking: str, answering: str) -> Said:
    return [(asking, ASKS), (answering, ANSWERS), (asking, AGAIN), (answering, LAST)]


def written(pattern: str, asking: str, answering: str) -> str:
    """Four turns by `pattern`, in which NAME and WORDS stand for the speaker and what is said."""
    return "".join(pattern.replace("NAME", who).replace("WORDS", words) for who, words in talk(asking, answering))


@pytest.mark.parametrize(
    ("asking", "answering"),
    [
        ("Interviewer", "Maya"),
        ("Researcher 1", "Kelly"),
        ("I", "R"),
        ("Q", "A"),
        ("JB", "MK"),
        ("J.B.", "M.K."),
        ("Dr. Smith", "Ms O'Neill-Jones"),
        ("Moderator", "P1"),
        ("Int", "Participant 12"),
        ("Élodie", "José María"),
        ("Интервьюер", "Анна"),
        ("MR. BERG", "THE WITNESS"),
        ("Speaker, First (Student)", "Interviewer, First"),
        ("Anna van der Berg", "Ludwig von Holm"),
        ("interviewer", "participant"),
    ],
)
@pytest.mark.parametrize(
    "pattern",
    [
        "NAME: WORDS\n",
        "NAME: WORDS\n\n",
        "NAME:WORDS\n",
        "NAME : WORDS\n",
        "NAME:  WORDS \n",
        "NAME:\nWORDS\n\n",
        "  NAME:\tWORDS\n",
    ],
)
def test_a_name_with_a_colon_is_a_speaker(asking: str, answering: str, pattern: str) -> None:
    got = read(written(pattern, asking, answering))
    assert said(got) == talk(asking, answering)
    assert got.kind == "interview"


@pytest.mark.parametrize(
    "pattern",
    [
        "**NAME:** WORDS\n\n",
        "**NAME**: WORDS\n\n",
        "*NAME:* WORDS\n\n",
        "__NAME:__ WORDS\n\n",
        "**NAME: WORDS**\n\n",
        "**NAME:**\n\nWORDS\n\n",
        "### NAME\n\nWORDS\n\n",
        "**NAME**\n\nWORDS\n\n",
        "**NAME**\\\nWORDS\n\n",
        "**NAME** — WORDS\n\n",
        "**NAME** -- WORDS\n\n",
        "- **NAME**: WORDS\n",
        "<b>NAME:</b> WORDS\n",
        "<strong>NAME: WORDS</strong>\n\n",
        "> NAME: WORDS\n\n",
    ],
)
def test_markup_around_a_label_belongs_to_it(pattern: str) -> None:
    assert said(read(written(pattern, "Interviewer", "Maya"), "talk.md")) == talk("Interviewer", "Maya")


@pytest.mark.parametrize(
    "pattern",
    [
        "[NAME] WORDS\n",
        "[NAME]\nWORDS\n\n",
        "[NAME]: WORDS\n",
        "<NAME> WORDS\n",
        "NAME\tWORDS\n",
        "NAME - WORDS\n",
        "NAME – WORDS\n",
        ">> NAME: WORDS\n",
        "(NAME): WORDS\n",
        "— NAME: WORDS\n",
        "NAME\nWORDS\n\n",
    ],
)
def test_other_signs_set_a_label_apart(pattern: str) -> None:
    assert said(read(written(pattern, "INTERVIEWER", "P4"))) == talk("INTERVIEWER", "P4")


def timed(pattern: str, asking: str = "Jan Berg", answering: str = "Maya Klein") -> str:
    stamps = ("0:05", "0:12", "1:02", "1:10")
    lines = [
        pattern.replace("NAME", who).replace("WORDS", words).replace("TIME", stamp)
        for (who, words), stamp in zip(talk(asking, answering), stamps, strict=True)
    ]
    return "".join(lines)


@pytest.mark.parametrize(
    "pattern",
    [
        "NAME  TIME\nWORDS\n\n",
        "NAME (TIME)\nWORDS\n\n",
        "NAME [TIME]\nWORDS\n\n",
        "NAME - TIME\nWORDS\n\n",
        "NAME | TIME\nWORDS\n\n",
        "**NAME** TIME\nWORDS\n\n",
        "TIME NAME\nWORDS\n\n",
        "[TIME] - NAME\nWORDS\n\n",
        "NAME\nTIME\nWORDS\n\n",
        "TIME\nNAME\nWORDS\n\n",
        "[TIME] NAME: WORDS\n",
        "TIME NAME: WORDS\n",
        "(TIME) NAME: WORDS\n",
        "TIME\tNAME:\tWORDS\n",
        "TIME\tNAME\tWORDS\n",
        "TIME\nNAME: WORDS\n\n",
        "NAME [TIME]: WORDS\n",
        "NAME (TIME): WORDS\n",
        "NAME TIME: WORDS\n",
        "NAME (TIME):\nWORDS\n\n",
        "NAME: [TIME] WORDS\n",
        "NAME: (TIME) WORDS\n",
        "NAME: TIME\n\nWORDS\n\n",
        "NAME:\n[TIME]\nWORDS\n\n",
        "**NAME [TIME]:** WORDS\n\n",
        "[NAME] TIME\nWORDS\n\n",
        "### NAME (TIME)\n\nWORDS\n\n",
        "**NAME:** [TIME](https://example.org/?t=5) WORDS\n\n",
        "[TIME](https://example.org/?t=5) **NAME:** WORDS\n\n",
        "00:0TIME:12 NAME: WORDS\n",
        "00:0TIME:12 - 00:59:00:01\nNAME\nWORDS\n\n",
        "00:0TIME --> NAME\nWORDS\n\n",
        "NAME TIME WORDS\n",
        "NAME 0TIME --> 0:59: WORDS\n",
    ],
)
def test_times_stand_before_or_after_a_label(pattern: str) -> None:
    got = read(timed(pattern))
    assert said(got) == talk("Jan Berg", "Maya Klein")
    assert times(got) == [5.0, 12.0, 62.0, 70.0]


def test_times_of_hours_and_fractions_are_seconds() -> None:
    text = "Jan Berg  1:02:03\nA?\n\nMaya Klein  01:02:04.500\nB.\n\nJan Berg  1:02:05,25\nC?\n"
    assert times(read(text)) == [3723.0, 3724.5, 3725.25]


def test_an_f4_stamp_ends_a_turn_and_times_the_next() -> None:
    text = f"I: {ASKS} #00:00:09-5#\n\nB: {ANSWERS} #00:00:12-0#\n\nI: {AGAIN} #00:00:15-2#\n\nB: {LAST} #00:00:20-0#\n"
    got = read(text)
    assert said(got) == talk("I", "B")
    assert times(got) == [None, 9.5, 12.0, 15.2]


def test_a_time_of_day_in_speech_is_no_stamp() -> None:
    got = read("I: When?\nR: 10:30 is when we start.\nI: And end?\nR: We end (11:30)\n")
    assert said(got)[1] == ("R", "10:30 is when we start.")
    assert said(got)[3] == ("R", "We end (11:30)")
    assert times(got) == [None] * 4


def test_a_word_in_brackets_with_a_time_stays_in_the_turn() -> None:
    got = read("I: When?\nR: [inaudible 00:12:31] in June.\nI: And end?\nR: Never. [laughs]\n")
    assert [words for _, words in said(got)][1::2] == ["[inaudible 00:12:31] in June.", "Never. [laughs]"]


def test_a_turn_of_several_paragraphs_lasts_until_the_next_label() -> None:
    got = read("I: Well?\n\nR: First.\n\nThen this:\n\n- a list\n\nI: And?\n\nR: No.\n")
    assert said(got)[1] == ("R", "First.\n\nThen this:\n\n- a list")


def test_court_style_tells_the_answer_from_the_article() -> None:
    text = (
        "     THE COURT:  Please be seated.\n"
        "     Q    How did you come to be called to the\n"
        "A wing that evening?\n"
        "     A    I was asked. It was, I would have said,\n"
        "A long day.\n"
        "     Q    By whom\n"
        "     A    The head.\n"
        "     MS. BERG:  I object.\n"
        "     A    The head, I said.\n"
    )
    got = read(text)
    assert [speaker for speaker, _ in said(got)] == ["THE COURT", "Q", "A", "Q", "A", "MS. BERG", "A"]
    assert said(got)[2][1] == "I was asked. It was, I would have said,\nA long day."


def test_an_examination_by_a_lawyer_is_no_turn() -> None:
    text = "MS. BERG: Good morning.\nBY MS. BERG:\nQ Your name?\nA Holm.\nQ Work?\nA Teaching.\nMS. BERG: Thank you.\n"
    got = read(text)
    assert "BY MS. BERG" not in got.speakers
    assert [speaker for speaker, _ in said(got)] == ["MS. BERG", "Q", "A", "Q", "A", "MS. BERG"]


def test_what_only_looks_like_a_label_stays_in_the_turn() -> None:
    answer = (
        "There is one thing: time.\nNote: she laughs.\nOne thing: I was asked at 10:30.\nhttp://example.org/a\n"
        "Subject: dates\nThe reason is this: money."
    )
    got = read(f"Interviewer: Why?\nMaya: {answer}\nInterviewer: And?\nMaya: No.\n")
    assert said(got)[1] == ("Maya", answer)
    assert got.speakers == ("Interviewer", "Maya")


@pytest.mark.parametrize(
    "text",
    [
        "From: Jan Berg\nTo: Maya\nDate: Mon, 10 May 2004 09:12\nSubject: Dates\n\nDear Maya,\n\nthe dates: May.\n",
        "Step 1: Open it.\n\nStep 2: Close it.\n\nStep 3: Put it away.\n",
        "Mentor: a teacher who helps.\n\nTutor: comes from the university.\n\nTrainee: learns.\n",
        "Purpose: to help.\n\nScope: all schools.\n\nPurpose: to judge.\n\nScope: none.\n",
        "Present: Jan, Maya\nApologies: Tom\n\n1. The chair said: hello.\n\nAction: Jan to write.\n\nAction: Tom.\n",
        "Anna\nBen\nClara\nDora\n\nAnna\nBen\nClara\nDora\n",
        "Name: value\nSize: 12\nName: other\nSize: 14\nName: third\nSize: 2\n",
        "We met at 10:30 and left at 11:15.\n\nQuestions remain: who, why, when.\n",
    ],
)
def test_documents_have_no_speakers(text: str) -> None:
    got = read(text)
    assert got.kind == "document"
    assert got.speakers == ()
    assert len(got.turns) > 1


def test_a_header_block_is_no_talk() -> None:
    header = "Interview 3\nDate: 4 May 2021\nInterviewer: Jan Berg\nParticipant: P3\nLength: 45 minutes\n\n"
    got = read(header + written("NAME: WORDS\n", "Interviewer", "P3"))
    assert said(got)[5:] == talk("Interviewer", "P3")
    assert {speaker for speaker, _ in said(got)[:5]} == {None}
    assert "5 paragraphs stand before the first speaker" in notices(header + written("NAME: WORDS\n", "I", "R"))


def test_the_keyword_block_of_a_transcription_service_is_nobodys() -> None:
    text = "SUMMARY KEYWORDS\nschool, mentor, time\nSPEAKERS\nJan Berg, Maya Klein\n\n" + timed("NAME  TIME\nWORDS\n\n")
    text += "Transcribed by https://example.org\n"
    got = read(text)
    assert said(got)[4:-1] == talk("Jan Berg", "Maya Klein")
    assert said(got)[-1] == (None, "Transcribed by https://example.org")


def test_a_speaker_with_one_turn_is_kept_and_noticed() -> None:
    text = written("NAME: WORDS\n\n", "Interviewer", "Maya") + "Head Teacher: Sorry, are you busy?\n\nMaya: Yes.\n"
    assert said(read(text))[4] == ("Head Teacher", "Sorry, are you busy?")
    assert 'talk.txt:9: the speaker "Head Teacher" has only this one turn' in notices(text)


def test_a_doubtful_label_is_read_as_text_and_noticed_without_its_words() -> None:
    text = (
        written("NAME: WORDS\n\n", "Interviewer", "Maya") + "Maya: It went on.\nSlowly: very slowly.\nThen it ended.\n"
    )
    assert said(read(text))[4] == ("Maya", "It went on.\nSlowly: very slowly.\nThen it ended.")
    assert "talk.txt:10: 1 line begins like a speaker's label, read as text: line 10" in notices(text)
    assert "Slowly" not in notices(text)


def test_a_misspelt_label_is_kept_apart_and_noticed() -> None:
    text = written("NAME: WORDS\n", "Interviewer", "Maya") * 3 + "Interviwer: And now?\nMaya: Now I stop.\n"
    assert "Interviwer" in read(text).speakers
    assert '"Interviwer" (1) may be "Interviewer" (6); kept apart' in notices(text)


def test_spellings_of_one_label_are_one_speaker() -> None:
    got = read("INTERVIEWER: A?\nMaya: B.\nInterviewer: C?\nMAYA: D.\nInterviewer: E?\nMaya : F.\n")
    assert got.speakers == ("Interviewer", "Maya")


def test_a_label_without_words_makes_no_turn_and_is_noticed() -> None:
    text = "Interviewer:\nMaya: B.\nInterviewer: C?\nMaya: D.\n"
    assert said(read(text))[0] == ("Maya", "B.")
    assert "labels without words, which make no turn: 1" in notices(text)


def test_a_line_without_speaker_is_kept_and_noticed() -> None:
    text = "In the staff room, by telephone.\n" + written("NAME: WORDS\n", "I", "R")
    assert said(read(text))[0] == (None, "In the staff room, by telephone.")
    assert "a paragraph stands before the first speaker" in notices(text)


def test_where_one_voice_is_labelled_the_rest_is_nobodys() -> None:
    text = "I will open it.\nMODERATOR: What do you see?\nA map, I think.\nMODERATOR: Go on.\nIt is slow.\n"
    assert said(read(text)) == [
        (None, "I will open it."),
        ("MODERATOR", "What do you see?"),
        (None, "A map, I think."),
        ("MODERATOR", "Go on."),
        (None, "It is slow."),
    ]
    assert 'only "MODERATOR" is labelled' in notices(text)


def test_a_focus_group_of_many_labels() -> None:
    text = "Moderator: Welcome.\nP1: Hello.\nP2: Hello.\nP3: Hi.\nModerator: Why?\nP1: Because.\n"
    assert read(text).speakers == ("Moderator", "P1", "P2", "P3")


def test_chat_lines_keep_user_names_that_come_once() -> None:
    text = "".join(
        f"00:0{n}:00\t{who}:\t{words}\n"
        for n, (who, words) in enumerate(
            [("Jan B", "sound ok"), ("stokes", "yes"), ("Jan B", "go on"), ("mia_k", "ok")]
        )
    )
    assert read(text).speakers == ("Jan B", "stokes", "mia_k")


def test_stamped_paragraphs_without_speakers_are_a_timed_document() -> None:
    got = read("[00:00:00.000 --> 00:00:05.000]  Hello there.\n[00:00:05.000 --> 00:00:09.000]  I was asked.\n")
    assert said(got) == [(None, "Hello there."), (None, "I was asked.")]
    assert times(got) == [0.0, 5.0]
    got = read("00:00:10\nHello there.\n\n00:00:20\nI was asked.\n")
    assert said(got) == [(None, "Hello there."), (None, "I was asked.")]
    assert times(got) == [10.0, 20.0]


def test_a_hard_wrapped_document_has_a_turn_for_each_block() -> None:
    text = (
        "The coordinators met in the hall of the\nfirst school on the list, which was the\nlargest of them.\n\n"
        "They agreed to meet again when the days\nwere longer, and the roads better than\nthey were.\n"
    )
    assert [words.count("\n") for _, words in said(read(text))] == [2, 2]


def test_a_document_of_long_lines_has_a_turn_for_each_line() -> None:
    text = "A title\n" + "One long line of a paragraph. " * 8 + "\n" + "Another of them, as long. " * 8 + "\n"
    assert len(read(text).turns) == 3


@pytest.mark.parametrize(
    "text",
    [
        " " * 300_000 + "x",
        "\t" * 300_000 + "x: y",
        "**" * 100_000,
        "a " * 200_000 + ": b",
        "[" * 100_000,
        "00:00 " * 50_000,
    ],
)
def test_hostile_lines_take_no_time(text: str) -> None:
    import time

    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(("asking", "answering"), [("I", "P"), ("Q", "A"), ("I", "R1"), ("Anna", "Ben")])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_two_turns_are_a_talk_when_one_asks_and_the_other_answers(asking: str, answering: str, between: str) -> None:
    source = read(f"{asking}: {ASKS}{between}{answering}: {ANSWERS}\n")
    assert said(source) == [(asking, ASKS), (answering, ANSWERS)]


@pytest.mark.parametrize(
    "text",
    [
        "Mentor: a person who advises.\n\nTrainee: a person who learns.",
        "Minutes\n\nAnna: to write to the head?\n\nBen: to call.",
        "Anna: why?\n\nBen: because.\n\nAnd then a paragraph without a label.",
    ],
)
def test_two_lines_with_a_colon_are_not_yet_a_talk(text: str) -> None:
    assert read(text).speakers == ()


def test_a_name_that_a_person_gives_is_a_speaker_whatever_the_file_looks_like() -> None:
    text = "A visit.\n\nMaya: I was asked.\n\nLater she went home."
    assert read(text).speakers == ()
    told = read_bytes(text.encode(), "talk.txt", ReadOptions(speakers=("maya",))).sources[0]
    assert told.speakers == ("Maya",)


def test_a_stamp_in_round_brackets_with_seconds_ends_a_turn_and_a_time_of_day_does_not() -> None:
    source = read(f"Anna: {ASKS} (00:01:02)\n\nBen: {ANSWERS} (00:01:09)\n\nAnna: {AGAIN}\n\nBen: At (10:30)")
    assert [words for _, words in said(source)] == [ASKS, ANSWERS, AGAIN, "At (10:30)"]
    assert times(source) == [None, 62.0, 69.0, None]


def test_a_title_with_and_without_its_full_stop_is_one_person() -> None:
    text = "".join(f"{who}: {ASKS}\n\nTHE WITNESS: {ANSWERS}\n\n" for who in ("MS. HILL", "MS HILL", "MS. HILL"))
    assert read(text).speakers == ("MS. HILL", "THE WITNESS")


@pytest.mark.parametrize(("asking", "answering"), [("Speaker 1", "Speaker 2"), ("Interviewee", "Participant 2")])
def test_recognised_speech_without_marks_is_talk_where_labels_can_only_be_people(asking: str, answering: str) -> None:
    text = f"{asking}: so how did you start\n{answering}: i was asked\n" * 2
    assert said(read(text)) == [(asking, "so how did you start"), (answering, "i was asked")] * 2
    assert read("Sender: a first line\nSubject: a second line\n" * 4).kind == "document"


def test_a_remark_in_brackets_with_a_colon_is_no_label() -> None:
    text = "TOM: How was it?\n\nMAYA: Fine.\n\n[Break: a nurse enters]\n\nTOM: And then?\n\nMAYA: I stayed.\n"
    assert [speaker for speaker, _ in said(read(text))] == ["TOM", "MAYA", "TOM", "MAYA"]


def test_a_speaker_nobody_is_sure_of_is_apart_and_nobodys_case() -> None:
    text = "Moderator: Who was it?\nP1: I was.\nP?: No, I.\nP2: We all were.\nP1: Yes.\nP2: Yes.\n"
    source = read(text)
    assert ("P?", "No, I.") in said(source)
    assigned = assign(read_bytes(text.encode(), "talk.txt", ReadOptions()), cases_by="names")
    assert [case.name for case in assigned.cases] == ["P1", "P2"]


def test_what_a_typist_writes_below_the_talk_is_nobodys() -> None:
    for end in (
        "[00:34:12] [END OF AUDIO]",
        "End of interview.",
        "(Recording ends)",
        "Transcription ended after 00:10:12",
    ):
        source = read(f"Tom: How was it?\nMaya: Fine.\nTom: And then?\nMaya: I stayed.\n\n{end}\n")
        assert said(source)[3] == ("Maya", "I stayed."), end
        assert said(source)[-1][0] is None, end


def test_a_line_that_lost_its_colon_is_read_as_text_and_said() -> None:
    text = "Interviewer: How?\nMaya: So.\nInterviewer And then?\nMaya: I stayed.\nInterviewer: Why?\nMaya: Why not.\n"
    assert said(read(text))[1] == ("Maya", "So.\nInterviewer And then?")
    assert "talk.txt:3: a line begins with a speaker's name without its colon" in notices(text)


def test_a_sentence_that_begins_with_somebodys_name_is_not_said() -> None:
    text = "Tom: How?\nMaya: So.\nTom Hill was there.\nTom: And then?\nMaya: I stayed.\nTom: Why?\nMaya: Why not.\n"
    assert "without its colon" not in notices(text)
