"""CHAT, ELAN and Transcriber: who speaks, when, and what is told instead of kept."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Source
from qualcode.readers import ReadOptions, format_of, read_bytes
from qualcode.speakers import assign
from tests.readers import samples


def turns(source: Source) -> list[tuple[str | None, float | None, str]]:
    return [(turn.speaker, turn.time, source.quote(turn.span)) for turn in source.turns]


TALK = [(who, n * 5.0, words) for n, (who, words) in enumerate(samples.TALK)]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.eaf", samples.elan()), ("a.trs", samples.transcriber()), ("a.trs.xml", samples.transcriber())],
)
def test_a_tier_or_a_turn_is_a_speakers_turn_with_its_time(name: str, text: str) -> None:
    assert turns(read_bytes(text.encode(), name).sources[0]) == TALK


def test_chat_turns_have_the_time_of_their_bullet_and_the_role_of_the_list() -> None:
    bundle = assign(read_bytes(samples.chat().encode(), "a.cha"))
    source = bundle.sources[0]
    assert turns(source) == [(who[:3].upper(), at, words) for who, at, words in TALK]
    assert [turn.role for turn in source.turns] == ["interviewer", "respondent"] * 2
    assert any("comments, not in the text: none · none · none · none" in str(each) for each in bundle.notices)


def test_a_chat_line_goes_on_where_the_next_begins_with_a_tab() -> None:
    source = read_bytes(b"@UTF8\n@Begin\n*ANN:\tone and\n\ttwo .\n%mor:\tx\n\ty\n*BEN:\tthree .\n@End\n", "a").sources[
        0
    ]
    assert turns(source) == [("ANN", None, "one and two ."), ("BEN", None, "three .")]


def test_a_tier_that_only_numbers_phrases_gives_way_to_the_words_beneath() -> None:
    numbered = (
        '<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="1500"/></TIME_ORDER>'
        '<TIER TIER_ID="ref"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="t1">'
        "<ANNOTATION_VALUE>001</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
        '<TIER TIER_ID="words" PARENT_REF="ref"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1">'
        "<ANNOTATION_VALUE>It began in May</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>"
        "</ANNOTATION_DOCUMENT>"
    )
    bundle = read_bytes(numbered.encode(), "a.eaf")
    assert turns(bundle.sources[0]) == [("words", 1.5, "It began in May")]
    assert any("ref (1)" in str(each) for each in bundle.notices)


def test_overlapping_speech_is_taken_apart() -> None:
    both = (
        '<Trans><Speakers><Speaker id="a" name="Ann"/><Speaker id="b" name="Ben"/></Speakers>'
        '<Turn speaker="a b" startTime="2.5"><Sync time="2.5"/><Who nb="1"/>yes<Who nb="2"/>no</Turn></Trans>'
    )
    assert turns(read_bytes(both.encode(), "a.trs").sources[0]) == [("Ann", 2.5, "yes"), ("Ben", 2.5, "no")]


def test_the_dtd_a_transcriber_file_names_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("builtins.open", lambda *given, **_: opened.append(given))
    monkeypatch.setattr("socket.socket.connect", lambda *given: opened.append(given))
    assert read_bytes(samples.transcriber().encode(), "a.trs").sources
    assert not opened


def test_entities_of_its_own_are_refused() -> None:
    bomb = b'<!DOCTYPE Trans SYSTEM "t.dtd" [<!ENTITY a "aa">]><Trans><Turn>&a;</Turn></Trans>'
    with pytest.raises(LimitExceeded, match="DOCTYPE"):
        read_bytes(bomb, "a.trs")


@pytest.mark.parametrize("name", ["a.cha", "a.eaf", "a.trs"])
@pytest.mark.parametrize(
    "raw", [b"", b"words", b"<Other/>", b"<Trans/>", b"<ANNOTATION_DOCUMENT/>", b"@UTF8\n@Begin\n@End"]
)
def test_a_file_without_talk_is_refused(name: str, raw: bytes) -> None:
    with pytest.raises(InputError):
        read_bytes(raw, name)


def test_a_given_encoding_overrules_what_xml_declares() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?><Trans><Turn>Müller</Turn></Trans>'
    assert read_bytes(text.encode("cp1252"), "a.trs", ReadOptions(encoding="cp1252")).sources[0].text == "Müller"


@pytest.mark.parametrize(
    ("text", "format"),
    [(samples.elan(), "eaf"), (samples.transcriber(), "trs"), (samples.chat(), "cha"), ("<p>Trans</p>", "txt")],
)
def test_a_file_without_an_ending_is_told_by_its_first_words(text: str, format: str) -> None:
    assert format_of(text.encode(), "file", ReadOptions()) == format
