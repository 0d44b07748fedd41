"""Markdown: front matter and headings are nobody's turns, markup stays in the text."""

from __future__ import annotations

from qualcode.model import Source
from qualcode.readers import ReadOptions
from qualcode.readers.markdown import read
from tests.readers import samples


def source(text: str) -> Source:
    return read(text.encode(), "talk.md", ReadOptions()).sources[0]


def said(text: str) -> list[tuple[str | None, str]]:
    got = source(text)
    assert got.text == text
    return [(turn.speaker, got.quote(turn.span)) for turn in got.turns]


def test_a_heading_between_turns_is_nobodys_and_the_speaker_goes_on() -> None:
    text = "**I:** Well?\n\n**R:** First.\n\n## Mentoring\n\nThen this.\n\n**I:** And?\n\n**R:** No.\n"
    assert said(text) == [
        ("I", "Well?"),
        ("R", "First."),
        (None, "## Mentoring"),
        ("R", "Then this."),
        ("I", "And?"),
        ("R", "No."),
    ]


def test_front_matter_is_one_turn_and_no_talk() -> None:
    text = (
        "---\ntitle: Talk\nspeakers:\n  - Maya\ndate: 2021-05-04\n---\n\nJan: A?\n\nMaya: B.\n\nJan: C?\n\nMaya: D.\n"
    )
    assert said(text)[0] == (None, text[: text.index("\n\nJan")])
    assert [speaker for speaker, _ in said(text)[1:]] == ["Jan", "Maya", "Jan", "Maya"]


def test_headings_that_recur_are_the_speakers() -> None:
    text = "# Talk\n\n" + "".join(f"## {who}\n\n{words}\n\n" for who, words in samples.TALK * 2)
    assert [speaker for speaker, _ in said(text)[1:]] == ["Interviewer", "Maya"] * 4


def test_a_document_keeps_every_line_as_it_is() -> None:
    text = "# Handbook\n\nMentors *meet* weekly:\n\n- on Mondays\n- or not\n\n---\n\n> [!NOTE] Bring tea.\n"
    assert [words for _, words in said(text)] == [
        "# Handbook",
        "Mentors *meet* weekly:",
        "- on Mondays",
        "- or not",
        "---",
        "> [!NOTE] Bring tea.",
    ]
    assert source(text).kind == "document"


def test_escaped_brackets_stay_in_the_speech_and_escaped_stamps_do_not() -> None:
    text = "**I:** Well? \\[00:02:03\\]\n\n**R:** \\[laughs\\] Yes.\n\n**I:** And?\n\n**R:** No.\n"
    got = source(text)
    assert got.quote(got.turns[0].span) == "Well?"
    assert got.turns[1].time == 123.0
    assert got.quote(got.turns[1].span) == "\\[laughs\\] Yes."
