"""Interviews whose questions have no label: in bold, in italics, in a colour, as headings, in a style of their own."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from qualcode.model import Bundle, Source
from qualcode.readers import ReadOptions, read_bytes
from tests.readers.test_speaker_habits import said

TALK = [
    ("How did you come to the work?", "By accident. My aunt had done it before me."),
    ("Tell me about your first week.", "Hard. I had no room, and nobody knew my name."),
    ("Did anybody help you?", "One colleague did. She gave me her notes."),
]
EXPECTED = [turn for question, answer in TALK for turn in (("Interviewer", question), ("Respondent", answer))]


def word(fill: Callable[[Any], None]) -> bytes:
    from docx import Document

    document = Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(raw: bytes, name: str = "talk.docx") -> Bundle:
    return read_bytes(raw, name, ReadOptions())


def only(bundle: Bundle) -> Source:
    (source,) = bundle.sources
    return source


def set_in(look: str) -> Callable[[Any], None]:
    from docx.shared import RGBColor

    def fill(document: Any) -> None:
        for question, answer in TALK:
            if look == "heading":
                document.add_heading(question, 2)
            elif look == "style":
                document.add_paragraph(question, style="Quote")
            else:
                run = document.add_paragraph().add_run(question)
                if look == "colour":
                    run.font.color.rgb = RGBColor(0, 0, 200)
                else:
                    setattr(run, look, True)
            document.add_paragraph(answer)

    return fill


@pytest.mark.parametrize("look", ["bold", "italic", "underline", "colour", "heading", "style"])
def test_questions_set_apart_in_word_are_the_interviewers(look: str) -> None:
    bundle = read(word(set_in(look)))
    assert said(only(bundle)) == EXPECTED
    assert only(bundle).kind == "interview"
    assert "3 questions" in str(bundle.notices[-1])


def test_questions_that_are_bold_only_in_part_are_no_questions_set_apart() -> None:
    def fill(document: Any) -> None:
        for question, answer in TALK:
            paragraph = document.add_paragraph()
            paragraph.add_run(question[:12]).bold = True
            paragraph.add_run(question[12:])
            document.add_paragraph(answer)

    assert only(read(word(fill))).kind == "document"


def test_a_title_before_and_a_line_of_the_transcriber_after_are_nobodys() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph().add_run("Interview 4").bold = True
        set_in("bold")(document)
        document.add_paragraph().add_run("End").bold = True

    assert said(only(read(word(fill)))) == [(None, "Interview 4"), *EXPECTED, (None, "End")]


def test_labels_are_believed_before_questions_in_bold() -> None:
    def fill(document: Any) -> None:
        for question, answer in TALK:
            document.add_paragraph().add_run(f"Tom: {question}").bold = True
            document.add_paragraph(f"Maya: {answer}")

    assert {speaker for speaker, _ in said(only(read(word(fill))))} == {"Tom", "Maya"}


@pytest.mark.parametrize("tags", [("<p><b>", "</b></p>"), ("<p><em>", "</em></p>"), ("<h3>", "</h3>")])
def test_questions_set_apart_on_a_web_page_are_the_interviewers(tags: tuple[str, str]) -> None:
    rows = "".join(f"{tags[0]}{question}{tags[1]}<p>{answer}</p>" for question, answer in TALK)
    page = f"<html><head><title>Talk</title></head><body>{rows}</body></html>"
    assert said(only(read(page.encode(), "talk.html"))) == EXPECTED


def test_questions_in_bold_in_rtf_are_the_interviewers() -> None:
    rows = "".join(rf"{{\b {question}}}\par {answer}\par " for question, answer in TALK)
    assert said(only(read((r"{\rtf1\ansi " + rows + "}").encode(), "talk.rtf"))) == EXPECTED
