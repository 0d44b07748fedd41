"""Transcripts in rows: speakers, words and times in columns."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers import ReadOptions, read_bytes
from qualcode.readers.table import read
from tests.readers import samples


def bundle(text: str, name: str = "talk.csv") -> Bundle:
    return read(text.encode(), name, ReadOptions())


def said(got: Bundle) -> list[tuple[str | None, float | None, str]]:
    source = got.sources[0]
    return [(turn.speaker, turn.time, source.quote(turn.span)) for turn in source.turns]


def test_rows_are_turns() -> None:
    got = bundle(samples.rows())
    assert said(got) == [(speaker, n * 5.0, words) for n, (speaker, words) in enumerate(samples.TALK)]
    assert got.sources[0].text.startswith("Interviewer: So how did you come to the role?\n\nMaya: I was")
    assert 'speakers from "speaker", times from "time", words from "text"' in got.notices[0].message


def test_sentences_of_one_numbered_turn_are_joined() -> None:
    got = bundle("Turn,Speaker,Sentence,Tag\n1,T,One.,a\n1,T,Two.,b\n2,Alan,Three.,\n3,T,Four.,\n4,Alan,Five.,\n")
    assert [words for *_, words in said(got)] == ["One. Two.", "Three.", "Four.", "Five."]
    assert "columns left out: Turn, Tag" in got.notices[-1].message


def test_a_speaker_spelt_in_two_ways_is_one() -> None:
    got = bundle("speaker,words\nJP:,One?\nLW,Two.\nJp,Three?\nLW,Four.\n")
    assert got.sources[0].speakers == ("JP", "LW")


def test_rows_without_words_are_left_out_and_line_breaks_become_blanks() -> None:
    got = bundle('speaker,words\nJP,"One\ntwo?"\nLW,\nJP,Three?\nLW,Four.\n')
    assert [words for *_, words in said(got)] == ["One two?", "Three?", "Four."]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "speaker,age\nA,1\nB,2\n", "text\nwords\n"])
def test_a_table_without_speakers_and_words_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError, match="no columns called speaker and text"):
        bundle(text)


def test_a_table_without_any_words_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no words"):
        bundle("speaker,text\nA,\nB,\n")


def test_times_may_be_plain_seconds() -> None:
    got = bundle("start,end,speaker,text\n0.0,2.5,A,One?\n2.5,4,B,Two.\n4,5,A,Three?\n5,6,B,Four.\n")
    assert [time for _, time, _ in said(got)] == [0.0, 2.5, 4.0, 5.0]


def test_numbers_that_run_back_are_no_times_and_said_to_be_left_out() -> None:
    got = bundle("time,speaker,text\n9,A,One?\n2,B,Two.\n4,A,Three?\n5,B,Four.\n")
    assert [time for _, time, _ in said(got)] == [None] * 4
    assert "columns left out: time" in got.notices[-1].message


def test_whispers_table_is_a_transcript_without_speakers_in_milliseconds() -> None:
    raw = b"start\tend\ttext\n0\t2500\tHow did you come to it?\n2500\t4000\tBy accident.\n4000\t5000\tReally.\n"
    got = read_bytes(raw, "talk.tsv", ReadOptions())
    assert said(got) == [(None, 0.0, "How did you come to it?"), (None, 2.5, "By accident."), (None, 4.0, "Really.")]
    assert got.sources[0].kind == "document"
    assert "times were read as milliseconds" in got.notices[-1].message


def test_minutes_and_seconds_that_a_spreadsheet_took_for_hours_are_put_right() -> None:
    rows = [("00:26:00", "Ann", "How did it start?"), ("14:12:00", "Ben", "By chance, one day in May.")]
    rows += [("1900-01-01 14:01:00", "Ann", "And then?")]
    got = bundle("time,speaker,text\n" + "".join(f'{time},{who},"{words}"\n' for time, who, words in rows))
    assert [time for _, time, _ in said(got)] == [26.0, 852.0, 38 * 60 + 1.0]
    assert "minutes and seconds, which the spreadsheet has as hours and minutes" in str(got.notices)


def test_clocks_of_whole_minutes_with_as_many_words_stay_what_they_are() -> None:
    rows = "".join(f"00:0{n}:00,{who},{'many words ' * 30}\n" for n, who in enumerate(("Ann", "Ben") * 2))
    assert [time for _, time, _ in said(bundle("time,speaker,text\n" + rows))] == [0.0, 60.0, 120.0, 180.0]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (
            "AuthorID,Author,Date,Content,Attachments,Reactions",
            ["{n},{who},2024-05-01T10:0{n}:00.0000000+02:00,Well {n}.,,"],
        ),
        ("user,type,text,ts", ["{who},message,Well {n}.,17145510{n}0.000200"]),
        ("Timestamp,User,Message", ["2024-05-01 10:0{n}:00,{who},Well {n}."]),
        ("Date,Time,From,To,Message", ["2024-05-01,10:0{n}:00,{who},Everyone,Well {n}."]),
    ],
)
def test_an_exported_chat_is_a_talk(header: str, rows: list[str]) -> None:
    written = [rows[0].format(n=n, who=("tom", "maya")[n % 2]) for n in range(8)]
    source = read_bytes("\n".join([header, *written, ""]).encode(), "chat.csv", ReadOptions()).sources[0]
    assert [turn.speaker for turn in source.turns] == ["tom", "maya"] * 4
    assert source.turns[0].time == 0
    assert source.turns[3].time in (30, 180)


def test_comments_by_as_many_people_are_no_chat() -> None:
    rows = "".join(f"2024-05-0{n},person {n},The room was cold and nobody came {n}.\n" for n in range(1, 9))
    bundle = read_bytes(f"Date,Author,Text\n{rows}".encode(), "comments.csv", ReadOptions())
    assert {source.kind for source in bundle.sources} == {"answers"}
    assert len(bundle.sources) == 8


def test_a_chat_is_a_questionnaire_when_told() -> None:
    rows = "".join(
        f"2024-05-0{n},{('tom', 'maya')[n % 2]},The room was cold and nobody came {n}.\n" for n in range(1, 9)
    )
    bundle = read_bytes(f"Date,Author,Text\n{rows}".encode(), "chat.csv", ReadOptions(survey=True))
    assert len(bundle.sources) == 8
