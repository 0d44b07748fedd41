from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from qualcode.renderers.docx import render
from qualcode.report import Heading, Quotation, Report, Table
from tests.renderers.nasty import report


def test_the_same_report_gives_the_same_bytes_whatever_the_time(monkeypatch: object) -> None:
    import time

    first = render(report())
    later = time.localtime(time.time() + 100_000)
    monkeypatch.setattr("time.localtime", lambda *_: later)  # type: ignore[attr-defined]
    assert render(report()) == first


def test_nobody_s_name_and_no_clock_is_in_the_properties() -> None:
    properties = Document(BytesIO(render(report()))).core_properties
    assert properties.title == report().title
    assert (properties.author, properties.comments, properties.last_modified_by) == ("", "", "")
    assert properties.created is not None
    assert properties.created.year == 2000


def test_headings_are_real_headings() -> None:
    document = Document(BytesIO(render(Report("T", (Heading("A"), Heading("B", 2), Heading("C", 12))))))
    named = [(p.style.name, p.text) for p in document.paragraphs if p.style is not None]
    assert ("Title", "T") in named
    assert [pair for pair in named if pair[0].startswith("Heading")] == [
        ("Heading 1", "A"),
        ("Heading 2", "B"),
        ("Heading 9", "C"),
    ]


def test_a_quotation_stays_with_its_attribution() -> None:
    document = Document(BytesIO(render(Report("T", (Quotation("x", "[P]", "a, turn 1", ("c", "d"), code="c"),)))))
    quote, attribution = document.paragraphs[-2:]
    assert quote.style is not None
    assert quote.style.name == "Quote"
    assert quote.paragraph_format.keep_with_next
    assert attribution.text == "[P] · a, turn 1 · also: d"


def test_line_breaks_inside_a_quotation_are_real_breaks() -> None:
    document = Document(BytesIO(render(Report("T", (Quotation("one\ntwo"),)))))
    (quote,) = [p for p in document.paragraphs if p.style is not None and p.style.name == "Quote"]
    assert len(quote._p.findall(f".//{qn('w:br')}")) == 1


def test_a_table_repeats_its_head_and_breaks_no_short_row() -> None:
    rows = (("x", 1), ("y " * 900, 2))
    document = Document(BytesIO(render(Report("T", (Table(("a", "b"), rows, "Caption"),)))))
    (table,) = document.tables
    first, second, long = table.rows
    assert long._tr.trPr is None or long._tr.trPr.find(qn("w:cantSplit")) is None
    assert first._tr.trPr.find(qn("w:tblHeader")) is not None
    assert second._tr.trPr.find(qn("w:tblHeader")) is None
    assert second._tr.trPr.find(qn("w:cantSplit")) is not None
    assert [cell.text for cell in second.cells] == ["x", "1"]


@pytest.mark.parametrize(
    "wide", [Table(tuple("abcdefghij"), (tuple(range(10)),)), Table(tuple("abcd"), (("words " * 30,) * 3 + (1,),))]
)
def test_a_wide_table_turns_the_page(wide: Table) -> None:
    section = Document(BytesIO(render(Report("T", (wide,))))).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height


def test_right_to_left_text_is_set_from_the_right() -> None:
    document = Document(BytesIO(render(Report("T", (Quotation("\u05d0\u05d1 [x]"), Quotation("ab"))))))
    hebrew, latin = [p for p in document.paragraphs if p.style is not None and p.style.name == "Quote"]
    assert hebrew._p.pPr.find(qn("w:bidi")) is not None
    assert latin._p.pPr.find(qn("w:bidi")) is None


def test_the_archive_holds_well_formed_parts_only() -> None:
    from lxml import etree

    with ZipFile(BytesIO(render(report()))) as archive:
        parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        assert parts
        for name in parts:
            etree.fromstring(archive.read(name))
