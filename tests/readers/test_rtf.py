"""RTF: letters in every spelling, groups that are text and groups that are not, tables, notes, tracked changes."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers import ReadOptions, read_bytes
from qualcode.readers.rtf import read
from tests.readers.samples import TALK, rtf


def bundle(raw: bytes, encoding: str | None = None) -> Bundle:
    return read(raw, "talk.rtf", ReadOptions(encoding=encoding))


def text(body: str) -> str:
    return bundle(rtf(body)).sources[0].text


def said(raw: bytes) -> list[tuple[str | None, str]]:
    source = bundle(raw).sources[0]
    return [(turn.speaker, source.quote(turn.span)) for turn in source.turns]


def notices(body: str) -> str:
    return "\n".join(map(str, bundle(rtf(body)).notices))


def test_paragraphs_are_lines_and_labels_are_found() -> None:
    assert said(rtf()) == list(TALK)


def test_letters_are_read_in_every_spelling() -> None:
    assert text(r"caf\'e9 caf\u233e na\u239\'efve \u8211? \{x\} \\b a\~b\_c \emdash \ldblquote so\rdblquote\par") == (
        "café café naïve – {x} \\b a\xa0b\u2011c —“so”"
    )
    assert text(r"{\uc2 \u955\'ea\'eb\u956ab}c{\uc0\u957}d\par") == "λμcνd"


def test_code_pages_go_by_font() -> None:
    cyrillic = rtf(r"\f1\'cf\'f0\'e8\f0 caf\'e9\par").replace(b"Arial;}}", rb"Arial;}{\f1\fcharset204 Arial;}}")
    assert bundle(cyrillic).sources[0].text == "Приcafé"
    assert bundle(rtf(r"\'b3\par").replace(b"cpg1252", b"cpg1250")).sources[0].text == "ł"


def test_an_unnamed_code_page_can_be_given() -> None:
    raw = rtf(r"\'b3\'f3d\'9f\par").replace(rb"\ansicpg1252", b"").replace(rb"\fcharset0", b"")
    assert bundle(raw, "cp1250").sources[0].text == "łódź"


def test_halves_of_a_character_are_joined_and_lone_ones_said() -> None:
    assert text(r"\u-10179?\u-8704? done\par") == "😀 done"
    assert text(r"\u-10179? done\par") == "\ufffd done"
    assert "lone surrogates: 1" in notices(r"\u-10179? done\par")


def test_groups_that_are_no_text_are_left_out() -> None:
    body = (
        r"{\info{\title no}}{\stylesheet{\s1 heading 1;}}{\*\generator no;}{\pict\pngblip 0102ff}"
        r"{\field{\*\fldinst HYPERLINK \"http://no\"}{\fldrslt a link}} and {\*\unknown no}{\*\bkmkstart no}more\par"
    )
    assert text(body) == "a link and more"


def test_binary_data_is_stepped_over() -> None:
    assert text(r"a{\pict\bin5 }}}}}}b\par") == "ab"


def test_a_table_of_speakers_is_a_talk() -> None:
    rows = (("Interviewer", "Well?"), ("Maya", "First it was. Then not."), ("Interviewer", "And now?"), ("Maya", "No."))
    body = (
        r"Interview 1\par " + "".join(rf"\trowd\pard\intbl {a}\cell {b}\cell\row " for a, b in rows) + r"\pard End.\par"
    )
    assert said(rtf(body)) == [(None, "Interview 1"), *rows, (None, "End.")]


def test_a_cell_of_two_paragraphs_keeps_both() -> None:
    assert text(r"\trowd\pard\intbl Autumn\cell one\par two\cell\row\pard After.\par") == "Autumn\tone\ntwo\nAfter."


def test_headings_and_bold_names() -> None:
    sheet = r"{\stylesheet{\s3\b heading 1;}}\pard\s3 Part one\par\pard "
    body = sheet + "".join(rf"{{\b {who} }}{words.replace('–', '-')}\par " for who, words in TALK)
    assert said(rtf(body)) == [(None, "Part one"), *((who, words.replace("–", "-")) for who, words in TALK)]


def test_tracked_insertions_are_kept_and_deletions_counted() -> None:
    body = r"She was {\deleted\revauthdel1 never at all }{\revised\revauth1 always} late.\par"
    assert text(body) == "She was always late."
    assert "tracked deletions are not in the text: 1 with 3 words" in notices(body)


def test_notes_comments_and_page_headers() -> None:
    body = (
        r"{\header\pard Confidential draft\par}{\footerl 12\par}She nodded.{\footnote\pard The head.\par}"
        r"{\*\atnid A}{\*\atnauthor Ann}\chatn{\*\annotation{\*\atndate 9}\pard check the tape\par}\par"
    )
    assert text(body) == "She nodded.\nThe head."
    for expected in (
        "1 foot- or endnotes",
        "comment by Ann: check the tape",
        "page header, not in the text: Confidential draft",
    ):
        assert expected in notices(body)
    assert "footer" not in notices(body)


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = (
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt In the box.\par}}{\shprslt{\*\do{\dptxbxtext In the box.\par}}}}"
    )
    assert text(rf"Before.{box}\par After.\par") == "Before.\nIn the box.\nAfter."


def test_rendered_numbers_of_lists_are_kept() -> None:
    assert text(r"{\listtext 1.\tab}first\par{\listtext 2.\tab}second\par") == "1.\tfirst\n2.\tsecond"


def test_a_file_that_breaks_off_is_said() -> None:
    assert "may have been cut short" in "\n".join(map(str, bundle(rtf(r"{\b words"[:-1])[:-1]).notices))


def test_a_file_of_another_ending_is_known_by_its_content() -> None:
    assert read_bytes(rtf(), "talk").sources[0].turns == bundle(rtf()).sources[0].turns


@pytest.mark.parametrize("raw", [b"", b"words", b"{\\rtf1}", b"{\\rtf", b"{\\rtf1 }}}} words"])
def test_bytes_without_text_are_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        bundle(raw)
