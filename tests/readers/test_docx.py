"""Word documents: body order, tables, tracked changes, notes and comments."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from docx import Document

from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Bundle
from qualcode.readers import ReadOptions
from qualcode.readers.docx import read
from tests.readers.samples import TALK, docx, docx_with, rezipped, talk_docx

Said = list[tuple[str | None, str]]


def bundle(raw: bytes) -> Bundle:
    return read(raw, "talk.docx", ReadOptions())


def text(raw: bytes) -> str:
    return bundle(raw).sources[0].text


def said(raw: bytes) -> Said:
    source = bundle(raw).sources[0]
    return [(turn.speaker, source.quote(turn.span)) for turn in source.turns]


def notices(raw: bytes) -> str:
    return "\n".join(map(str, bundle(raw).notices))


def run(words: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*content: str) -> str:
    return f"<w:p>{''.join(content)}</w:p>"


def test_paragraphs_are_lines_and_labels_are_found() -> None:
    assert said(talk_docx()) == list(TALK)
    assert text(talk_docx()) == "\n".join(f"{speaker}: {words}" for speaker, words in TALK)


def test_blank_paragraphs_tabs_and_breaks_stay_where_they_are() -> None:
    raw = docx_with(
        paragraph(run("I:"), "<w:r><w:tab/></w:r>", run("Well?"))
        + paragraph()
        + paragraph(run("R: first"), "<w:r><w:br/></w:r>", run("second"), "<w:r><w:noBreakHyphen/></w:r>", run("third"))
        + paragraph(run("I: And?"))
        + paragraph(run("R: No."))
    )
    assert text(raw) == "I:\tWell?\n\nR: first\nsecond-third\nI: And?\nR: No."
    assert said(raw) == [("I", "Well?"), ("R", "first\nsecond-third"), ("I", "And?"), ("R", "No.")]


def test_tracked_insertions_are_kept_and_deletions_counted() -> None:
    deleted = run("never").replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
    raw = docx_with(
        paragraph(
            run("She was "),
            f'<w:del w:id="1" w:author="x">{deleted}</w:del>',
            f'<w:ins w:id="2" w:author="x">{run("always")}</w:ins>',
            run(" late."),
        )
    )
    assert text(raw) == "She was always late."
    assert "tracked deletions are not in the text: 1 with 1 words" in notices(raw)


def test_moved_text_stands_once_where_it_was_moved_to() -> None:
    moved = f'<w:moveFrom w:id="1">{run("twice ")}</w:moveFrom>', f'<w:moveTo w:id="2">{run("twice ")}</w:moveTo>'
    assert text(docx_with(paragraph(moved[0], run("She said "), moved[1], run("so.")))) == "She said twice so."


def test_links_fields_and_content_controls_keep_their_words() -> None:
    raw = docx_with(
        f"<w:sdt><w:sdtContent>{paragraph(run('In a control.'))}</w:sdtContent></w:sdt>"
        + paragraph(f"<w:hyperlink>{run('A link')}</w:hyperlink>", f"<w:smartTag>{run(' and a tag')}</w:smartTag>")
        + paragraph(
            "<w:r><w:instrText>PAGE</w:instrText></w:r>", f'<w:fldSimple w:instr="x">{run("7 fields")}</w:fldSimple>'
        )
    )
    assert text(raw) == "In a control.\nA link and a tag\n7 fields"


def test_numbers_of_lists_are_said_to_be_missing() -> None:
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr>'
    ended = numbered.replace('"3"', '"0"')
    raw = docx_with(
        paragraph(numbered, run("First.")) + paragraph(numbered, run("Second.")) + paragraph(ended, run("So."))
    )
    assert text(raw) == "First.\nSecond.\nSo."
    assert "numbers that the program gives to 2 list paragraphs are not in the text" in notices(raw)


def test_a_list_by_its_style_is_counted_too() -> None:
    raw = docx(lambda document: document.add_paragraph("First.", style="List Number"))  # type: ignore[attr-defined]
    assert "1 list paragraphs" in notices(raw)


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('In the box.'))}</w:txbxContent>"
    drawing = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict>'
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert (
        text(docx_with(paragraph(run("Before."), drawing) + paragraph(run("After.")))) == "Before.\nIn the box.\nAfter."
    )


def table(*rows: tuple[str, ...]) -> bytes:
    def build(document: Any) -> None:
        document.add_paragraph("Interview 1")
        made = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(made.add_row().cells, row, strict=True):
                cell.text = words
        document.add_paragraph("End of the interview")

    return docx(build)


def test_a_table_of_speakers_is_a_talk() -> None:
    raw = table(
        ("Interviewer", "Well?"),
        ("Maya", "First.\nThen this."),
        ("", "And more."),
        ("Interviewer", "And since then?"),
        ("Maya", "No."),
    )
    assert said(raw) == [
        (None, "Interview 1"),
        ("Interviewer", "Well?"),
        ("Maya", "First.\nThen this."),
        ("Maya", "And more."),
        ("Interviewer", "And since then?"),
        ("Maya", "No."),
        (None, "End of the interview"),
    ]
    assert "Maya\tFirst.\nThen this.\n\tAnd more." in text(raw)


def test_a_table_with_a_header_says_which_column_is_what() -> None:
    raw = table(("Timespan", "Content", "Speaker"), ("0:00 - 0:05", "Well?", "Jan"), ("0:05 - 0:09", "Yes.", "Maya"))
    source = bundle(raw).sources[0]
    assert [(turn.speaker, turn.time) for turn in source.turns[2:4]] == [("Jan", 0.0), ("Maya", 5.0)]
    assert said(raw)[1:4] == [(None, "Timespan\tContent\tSpeaker"), ("Jan", "Well?"), ("Maya", "Yes.")]


def test_a_further_column_is_nobodys() -> None:
    raw = table(
        ("I", "How did you start?", "opening"),
        ("R", "I was asked.", ""),
        ("I", "By whom?", "probe"),
        ("R", "The head.", ""),
    )
    assert (None, "opening") in said(raw)
    assert ("I", "By whom?") in said(raw)


def test_an_ordinary_table_keeps_its_cells_as_lines() -> None:
    raw = table(("Autumn", "Placement one"), ("Spring", "Placement two"))
    assert text(raw) == "Interview 1\nAutumn\tPlacement one\nSpring\tPlacement two\nEnd of the interview"
    assert bundle(raw).sources[0].kind == "document"


def test_a_label_in_a_cell_of_text_does_not_end_the_turn() -> None:
    raw = table(("Jan", "Well?"), ("Maya", "First.\nTom: he said so."), ("Jan", "And since then?"), ("Maya", "No."))
    assert ("Maya", "First.\nTom: he said so.") in said(raw)


def test_headings_between_turns_are_nobodys() -> None:
    def build(document: Any) -> None:
        document.add_heading("Interview 4", 0)
        for part in (TALK[:2], TALK[2:]):
            document.add_heading(f"Part {part[0][1][:3]}", 1)
            for speaker, words in part:
                document.add_paragraph(f"{speaker}: {words}")

    assert said(docx(build)) == [(None, "Interview 4"), (None, "Part So"), *TALK[:2], (None, "Part And"), *TALK[2:]]


def test_bold_names_without_a_colon_are_labels() -> None:
    def build(document: Any) -> None:
        for speaker, words in TALK:
            made = document.add_paragraph()
            made.add_run(f"{speaker} ").bold = True
            made.add_run(words)

    assert said(docx(build)) == list(TALK)


def test_footnotes_stand_at_the_end_as_turns_of_nobody() -> None:
    note = '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="1">{}</w:footnote>'
    raw = docx_with(
        paragraph(run("I: Well?")) + paragraph(run("R: Yes."), '<w:r><w:footnoteReference w:id="1"/></w:r>'),
        footnotes=note.format(paragraph(run("The head nodded."))),
    )
    assert said(raw)[-1] == (None, "The head nodded.")
    assert "1 foot- or endnotes stand at the end" in notices(raw)


def test_comments_are_in_the_notices() -> None:
    comment = f'<w:comment w:id="0" w:author="Ann">{paragraph(run("check the tape"))}</w:comment>'
    raw = docx_with(paragraph(run("One line.")), comments=comment)
    assert "comment by Ann: check the tape" in notices(raw)
    assert "check" not in text(raw)


def test_page_headers_are_in_the_notices() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("One line.")
        document.sections[0].header.paragraphs[0].text = "Confidential draft"
        document.sections[0].footer.paragraphs[0].text = "12"

    assert "page header, not in the text: Confidential draft" in notices(docx(build))
    assert "page footer" not in notices(docx(build))


def test_an_empty_document_is_an_input_error() -> None:
    with pytest.raises(InputError, match="holds no text"):
        bundle(docx(lambda _: None))


@pytest.mark.parametrize("raw", [b"", b"words", b"PK\x03\x04", talk_docx()[:400], talk_docx()[:-200]])
def test_bytes_that_are_no_document_are_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        bundle(raw)


def test_a_doctype_in_any_part_is_refused() -> None:
    def bomb(members: dict[str, bytes]) -> None:
        members["word/document.xml"] = (
            b'<!DOCTYPE a [<!ENTITY x "y">]>' + members["word/document.xml"].partition(b"?>")[2]
        )

    with pytest.raises(LimitExceeded, match="DOCTYPE"):
        bundle(rezipped(talk_docx(), bomb))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="deeper than 200"):
        bundle(docx_with(paragraph("<w:r>" * 300 + "</w:r>" * 300)))


def test_a_workbook_renamed_is_refused() -> None:
    from tests.readers.samples import xlsx

    with pytest.raises(InputError):
        bundle(xlsx([["a"]]))


@pytest.mark.parametrize("name", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
def test_a_missing_part_is_an_input_error(name: str) -> None:
    def change(members: dict[str, bytes]) -> None:
        del members[name]

    with pytest.raises(InputError, match="no Word document"):
        bundle(rezipped(talk_docx(), change))


def test_a_missing_style_sheet_loses_nothing() -> None:
    def change(members: dict[str, bytes]) -> None:
        del members["word/styles.xml"]
        del members["docProps/thumbnail.jpeg"]
        rels = members["word/_rels/document.xml.rels"]
        members["word/_rels/document.xml.rels"] = re.sub(rb'<Relationship [^>]*styles"[^>]*>', b"", rels)
        members["_rels/.rels"] = re.sub(rb'<Relationship [^>]*thumbnail"[^>]*>', b"", members["_rels/.rels"])

    assert said(rezipped(talk_docx(), change)) == list(TALK)


def test_a_name_that_a_person_gives_is_a_speaker_whatever_the_file_looks_like() -> None:
    body = "".join(paragraph(run(words)) for words in ("Dana", "so how did it come", "Dana", "and then it grew"))
    assert said(docx_with(body))[0] == (None, "Dana")
    told = read(docx_with(body), "talk.docx", ReadOptions(speakers=("Dana",))).sources[0]
    assert [turn.speaker for turn in told.turns] == ["Dana", "Dana"]


def test_codes_written_beside_a_transcript_in_a_table_are_nobodys_words() -> None:
    rows = [
        ("Transcript", "Codes"), ("Tom: How did it start?", ""), ("Maya: By chance.", "CHANCE"),
        ("And I liked it.", "LIKING"), ("Tom: And then?", ""), ("Maya: I stayed.", "STAYING; PLACE"),
    ]  # fmt: skip
    document = Document()
    table = document.add_table(0, 2)
    for row in rows:
        for cell, content in zip(table.add_row().cells, row, strict=True):
            cell.text = content
    out = io.BytesIO()
    document.save(out)
    source = read(out.getvalue(), "coded.docx", ReadOptions()).sources[0]
    said = [(turn.speaker, source.quote(turn.span)) for turn in source.turns if turn.speaker]
    assert said == [
        ("Tom", "How did it start?"), ("Maya", "By chance."), ("Maya", "And I liked it."),
        ("Tom", "And then?"), ("Maya", "I stayed."),
    ]  # fmt: skip
    beside = [source.quote(turn.span) for turn in source.turns if not turn.speaker]
    assert beside[-3:] == ["CHANCE", "LIKING", "STAYING; PLACE"]
