"""OpenDocument texts: paragraphs, lists, tables, white space, tracked changes, notes, comments, page margins."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Bundle
from qualcode.readers import ReadOptions, read_bytes
from qualcode.readers.odt import read
from tests.readers.samples import TALK, odt, talk_docx


def bundle(raw: bytes) -> Bundle:
    return read(raw, "talk.odt", ReadOptions())


def text(raw: bytes) -> str:
    return bundle(raw).sources[0].text


def said(raw: bytes) -> list[tuple[str | None, str]]:
    source = bundle(raw).sources[0]
    return [(turn.speaker, source.quote(turn.span)) for turn in source.turns]


def notices(raw: bytes) -> str:
    return "\n".join(map(str, bundle(raw).notices))


def p(*content: str) -> str:
    return f"<text:p>{''.join(content)}</text:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in row) for row in rows)
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in cells)}</table:table>"


def test_paragraphs_are_lines_and_labels_are_found() -> None:
    assert said(odt()) == list(TALK)
    assert text(odt()) == "\n".join(f"{speaker}: {words}" for speaker, words in TALK)


def test_white_space_is_collapsed_and_signs_of_it_are_kept() -> None:
    raw = odt(
        p(
            "\n  one\n   two <text:span> three</text:span>",
            '<text:tab/>four<text:s text:c="3"/>five<text:line-break/>six',
        )
    )
    assert text(raw) == "one two three\tfour   five\nsix"


def test_headings_lists_and_sections_are_read_in_order() -> None:
    raw = odt(
        "<text:h>Part one</text:h><text:section><text:list><text:list-item>" + p("first") + "</text:list-item>"
        "<text:list-item>" + p("second") + "</text:list-item></text:list></text:section>" + p("End.")
    )
    assert text(raw) == "Part one\nfirst\nsecond\nEnd."
    assert "numbers that the program gives to 2 list paragraphs" in notices(raw)


def test_a_table_of_speakers_is_a_talk() -> None:
    rows = (("Interviewer", "Well?"), ("Maya", "First it was. Then not."), ("Interviewer", "And now?"), ("Maya", "No."))
    assert said(odt(p("Interview 1") + table(*rows))) == [(None, "Interview 1"), *rows]


def test_an_ordinary_table_keeps_its_cells_as_lines() -> None:
    assert text(odt(table(("Autumn", "Placement one"), ("Spring", "two")))) == "Autumn\tPlacement one\nSpring\ttwo"


def test_bold_names_without_a_colon_are_labels() -> None:
    bold = (
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    body = "".join(p(f'<text:span text:style-name="T1">{who} </text:span>{words}') for who, words in TALK)
    assert said(odt(body, automatic=bold)) == list(TALK)


def test_tracked_insertions_are_kept_and_deletions_counted() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion>" + p("never at all") + "</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + p('She was <text:change text:change-id="c"/><text:change-start/>always<text:change-end/> late.')
    )
    assert text(odt(body)) == "She was always late."
    assert "tracked deletions are not in the text: 1 with 3 words" in notices(odt(body))


def test_notes_stand_at_the_end_and_comments_in_the_notices() -> None:
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body>" + p("The head nodded.")
    comment = "<office:annotation><dc:creator>Ann</dc:creator>" + p("check the tape") + "</office:annotation>"
    raw = odt(p("I: Well?") + p(f"R: Yes.{note}</text:note-body></text:note>{comment}") + p("I: So?") + p("R: No."))
    assert said(raw) == [("I", "Well?"), ("R", "Yes."), ("I", "So?"), ("R", "No."), (None, "The head nodded.")]
    assert "1 foot- or endnotes stand at the end" in notices(raw)
    assert "comment by Ann: check the tape" in notices(raw)


def test_text_boxes_and_shapes_are_read_after_their_paragraph() -> None:
    box = "<draw:frame><draw:text-box>" + p("In the box.") + "</draw:text-box></draw:frame>"
    shape = "<draw:custom-shape>" + p("In the shape.") + "</draw:custom-shape>"
    assert text(odt(p("Before.", box, shape) + p("After."))) == "Before.\nIn the box.\nIn the shape.\nAfter."


def test_page_headers_are_in_the_notices() -> None:
    raw = odt(p("One line."), styles="<style:header>" + p("Confidential draft") + "</style:header>")
    assert "page header, not in the text: Confidential draft" in notices(raw)


def test_a_file_of_another_ending_is_known_by_its_content() -> None:
    assert read_bytes(odt(), "talk").sources[0].text == text(odt())


def test_a_password_is_refused_with_the_way_out() -> None:
    locked = odt(**{"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"})
    with pytest.raises(InputError, match="password"):
        bundle(locked)


def test_a_doctype_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="DOCTYPE"):
        bundle(odt(**{"content.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}))


@pytest.mark.parametrize("raw", [b"", b"words", odt()[:200], talk_docx(), odt("")])
def test_bytes_that_are_no_text_document_are_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        bundle(raw)


def test_a_sheet_is_refused() -> None:
    with pytest.raises(InputError, match="no text document"):
        bundle(odt(**{"content.xml": "<document><body><spreadsheet/></body></document>"}))
