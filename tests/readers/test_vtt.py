"""Subtitles: cues of one speaker are one turn, and every cue's words are kept."""

from __future__ import annotations

from itertools import pairwise

import pytest

from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers import ReadOptions, read_bytes
from qualcode.readers.cues import track
from qualcode.readers.vtt import read
from tests.readers import samples

GUID = "fbbdef90-042d-4d6b-86d5-8c9c38e7021c/9-0"


def bundle(text: str, name: str = "talk.vtt") -> Bundle:
    return read(text.encode(), name, ReadOptions())


def said(got: Bundle) -> list[tuple[str | None, float | None, str]]:
    source = got.sources[0]
    return [(turn.speaker, turn.time, source.quote(turn.span)) for turn in source.turns]


def cue(start: str, words: str, name: str = "") -> str:
    return f"{name}{chr(10) if name else ''}{start} --> 01:00:00.000\n{words}\n\n"


def test_voice_tags_over_several_lines_and_cues_are_one_turn() -> None:
    text = (
        "WEBVTT\r\n\r\n"
        + cue("00:00:06.620", "<v Klein, Maya (HR)>I was asked.\r\nBy the head.</v>", GUID)
        + cue("00:00:09.000", "<v Klein, Maya (HR)>Nobody else.", GUID)
        + cue("00:00:12.500", "<v Jan>And since?</v>", GUID)
    )
    got = bundle(text.replace("\n", "\r\n").replace("\r\r", "\r"))
    assert said(got) == [
        ("Klein, Maya (HR)", 6.62, "I was asked. By the head. Nobody else."),
        ("Jan", 12.5, "And since?"),
    ]
    assert got.sources[0].text == "Klein, Maya (HR): I was asked. By the head. Nobody else.\n\nJan: And since?"
    assert GUID not in got.sources[0].text


def test_two_voices_in_one_cue_are_two_turns() -> None:
    got = bundle("WEBVTT\n\n" + cue("00:01.000", "<v Ann>Hi</v> <v.loud Ben>Yes</v>"))
    assert said(got) == [("Ann", 1.0, "Hi"), ("Ben", 1.0, "Yes")]


def test_negative_and_unpadded_times_keep_their_words() -> None:
    got = bundle(
        "WEBVTT\n\n"
        + cue("-00:00:01.000", "<v Ann>One")
        + cue("0:0:2.5", "<v Ben>Two")
        + cue("1:02:03,5", "<v Ann>Three")
    )
    assert said(got) == [("Ann", 0.0, "One"), ("Ben", 2.5, "Two"), ("Ann", 3723.5, "Three")]
    assert "negative times, read as 0: 1" in str([notice.message for notice in got.notices])


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    got = bundle("\ufeff" + samples.vtt())
    assert [speaker for speaker, *_ in said(got)] == ["Interviewer", "Maya"] * 2
    assert got.notices == ()


def test_names_inside_the_cues_are_speakers_where_they_are_throughout() -> None:
    got = bundle(
        "WEBVTT\n\n"
        + cue("00:01.000", "Jan Berg: How did you start?", "1")
        + cue("00:05.000", "Maya Klein (she): I was asked.", "2")
        + cue("00:08.000", "By the head: in May.", "3")
        + cue("00:09.000", "Jan Berg: And since?", "4")
        + cue("00:12.000", "Maya Klein (she): Twice the work.", "5")
    )
    assert said(got) == [
        ("Jan Berg", 1.0, "How did you start?"),
        ("Maya Klein (she)", 5.0, "I was asked. By the head: in May."),
        ("Jan Berg", 9.0, "And since?"),
        ("Maya Klein (she)", 12.0, "Twice the work."),
    ]


def test_captions_without_speakers_are_paragraphs_at_pauses() -> None:
    text = "WEBVTT\n\n" + "".join(
        f"00:{n:02}.000 --> 00:{n + 1:02}.000\nword {n}{'.' if n % 3 == 0 else ''}\n\n" for n in (0, 1, 2, 6, 7, 8)
    )
    got = bundle(text)
    assert said(got) == [(None, 0.0, "word 0. word 1 word 2"), (None, 6.0, "word 6. word 7 word 8")]
    assert got.sources[0].kind == "document"


def test_long_captions_without_a_pause_break_after_a_sentence() -> None:
    text = "WEBVTT\n\n" + "".join(
        f"00:{n:02}.000 --> 00:{n + 1:02}.000\n{'many words of one caption ' * 4}end.\n\n" for n in range(10)
    )
    assert len(bundle(text).sources[0].turns) == 3


def test_notes_and_titles_are_in_the_notices_and_styles_are_not() -> None:
    text = "WEBVTT - The title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE said in\nthe corridor\n\n" + cue(
        "00:01.000", "<v Ann>Hi"
    )
    notes = [notice.message for notice in bundle(text).notices]
    said = "The title · Kind: captions · said in · the corridor"
    assert notes == [f"notes in the file, not in the text: {said}"]
    assert "red" not in str(notes)


def test_an_identifier_of_words_is_in_the_notices() -> None:
    got = bundle("WEBVTT\n\n" + cue("00:01.000", "<v Ann>Hi", "Opening words") + cue("00:02.000", "<v Ann>Ho", "cue-7"))
    assert said(got) == [("Ann", 1.0, "Hi Ho")]
    assert [notice.message.rpartition(": ")[2] for notice in got.notices] == ["Opening words"]


def test_tags_and_entities_are_resolved_and_other_brackets_kept() -> None:
    got = bundle(
        "WEBVTT\n\n" + cue("00:01.000", "<v Ann>so <i>very</i> <c.red>old</c> &amp; <laughs> a &lt; b <00:01.500>now")
    )
    assert said(got)[0][2] == "so very old & <laughs> a < b now"


def test_rolling_captions_are_kept_once() -> None:
    text = (
        "WEBVTT\n\n"
        + cue("00:01.000", "so<00:01.200><c> what</c>")
        + cue("00:02.000", "so what\nhappened<00:02.400><c> then</c>")
    )
    got = bundle(text)
    assert said(got)[0][2] == "so what happened then"
    assert "kept once: 1" in got.notices[0].message


def test_text_after_a_blank_line_belongs_to_the_cue() -> None:
    got = bundle(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>first\n\nsecond\n\n3\n00:05.000 --> 00:06.000\n<v Ben>third\n"
    )
    assert said(got) == [("Ann", 1.0, "first second"), ("Ben", 5.0, "third")]


def test_srt_and_sbv_are_read_alike() -> None:
    expected = [(speaker, words) for speaker, words in samples.TALK]
    for text, name in ((samples.srt(), "talk.srt"), (samples.sbv(), "talk.sbv")):
        assert [(speaker, words) for speaker, _, words in said(bundle(text, name))] == expected


def test_srt_without_blank_lines_keeps_numbers_out_of_the_text() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nWell\n2\n00:00:02,000 --> 00:00:03,000\nyes\n"
    assert said(bundle(text, "a.srt"))[0][2] == "Well yes"


def test_a_missing_header_is_noticed_and_read_all_the_same() -> None:
    got = bundle(samples.vtt().removeprefix("WEBVTT\n\n"))
    assert len(got.sources[0].turns) == 4
    assert "not WEBVTT" in got.notices[0].message


@pytest.mark.parametrize("text", ["WEBVTT\n\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "words without any cue\n"])
def test_a_file_without_cues_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError, match="no timed cues"):
        bundle(text)


def test_a_hundred_thousand_lines_of_cue_take_under_three_seconds() -> None:
    import time

    begun = time.process_time()
    assert len(track("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "some words <v x\n" * 100_000).cues) == 1
    assert time.process_time() - begun < 3


def _srt(*said: str) -> bytes:
    return "\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}\n" for n, words in enumerate(said, 1)).encode()


@pytest.mark.parametrize("label", ["{}: ", "[{}] ", "[{}]: "])
def test_names_inside_of_a_few_cues_are_speakers_when_every_cue_has_one(label: str) -> None:
    ann, ben = label.format("Ann Hill"), label.format("Ben")
    raw = _srt(f"{ann}How did it begin?", f"{ann}And when?", f"{ben}In May.")
    source = read(raw, "a.srt", ReadOptions()).sources[0]
    said = [(turn.speaker, turn.time, source.quote(turn.span)) for turn in source.turns]
    assert said == [("Ann Hill", 1.0, "How did it begin? And when?"), ("Ben", 3.0, "In May.")]


@pytest.mark.parametrize("second", ["And so: it was.", "In May.", "Note: a film."])
def test_a_colon_in_one_cue_names_nobody(second: str) -> None:
    assert read(_srt("Ann: How did it begin?", second), "a.srt", ReadOptions()).sources[0].speakers == ()


def test_chevrons_of_live_captions_begin_a_paragraph() -> None:
    source = read(_srt("So it began.", ">> In May?", "yes."), "a.srt", ReadOptions()).sources[0]
    assert [source.quote(turn.span) for turn in source.turns] == ["So it began.", ">> In May? yes."]


def test_notes_that_differ_only_in_figures_are_counted() -> None:
    text = "WEBVTT\n\n" + "".join(f"NOTE Confidence: 0.{n}\n\n" + cue(f"00:0{n}.000", "<v Ann>Hi") for n in range(5))
    assert [notice.message for notice in bundle(text).notices] == [
        'notes in the file, not in the text: 5 like "Confidence: 0.0"'
    ]


def test_a_dash_that_begins_a_line_is_another_voice() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n- Why?\n- By chance,\nI think.\n\n"
    text += "2\n00:00:03,000 --> 00:00:04,000\nsince May.\n"
    got = bundle(text, "talk.srt").sources[0]
    assert [got.quote(turn.span) for turn in got.turns] == ["- Why?", "- By chance, I think. since May."]


def test_rolling_captions_without_word_times_are_kept_once() -> None:
    lines = ("so how did it start", "by accident i would say", "and then i stayed", "until now")
    cues = [
        f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{above}\n{below}\n\n"
        for n, (above, below) in enumerate(pairwise(lines))
    ]
    got = bundle("WEBVTT\n\n" + "".join(cues))
    assert got.sources[0].text == " ".join(lines)
    assert "repeated lines of rolling captions, kept once: 2" in str(got.notices)


def test_webex_names_the_speaker_in_the_cues_identifier() -> None:
    text = (
        'WEBVTT\n\n1 "Tom Hill" (3221225472)\n00:00:01.000 --> 00:00:02.000\nHow was it?\n\n'
        '2 "Maya Kern" (1234)\n00:00:03.000 --> 00:00:04.000\nFine.\n'
    )
    (source,) = read_bytes(text.encode(), "talk.vtt", ReadOptions()).sources
    assert [(turn.speaker, source.quote(turn.span)) for turn in source.turns] == [
        ("Tom Hill", "How was it?"),
        ("Maya Kern", "Fine."),
    ]


def test_subtitles_saved_as_txt_are_subtitles_unless_told() -> None:
    cues = ("1\n00:00:01,000 --> 00:00:02,000\nTom: How was it?", "2\n00:00:03,000 --> 00:00:04,000\nMaya: Fine.")
    raw = "\n\n".join(cues).replace("\n", "\r\n").encode()
    (source,) = read_bytes(raw, "talk.txt", ReadOptions()).sources
    assert [turn.time for turn in source.turns] == [1.0, 3.0]
    (plain,) = read_bytes(raw, "talk.txt", ReadOptions(format="txt")).sources
    assert plain.text.startswith("1\n00:00:01,000")
