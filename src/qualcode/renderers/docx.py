"""Report → .docx: real headings for the navigation pane, quotations in the style Quote, tables whose heads repeat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qualcode.escaping import xml
from qualcode.renderers.docx_styles import DATE, prepare, repeated_head, right_to_left, shaded, sized, text_width
from qualcode.renderers.layout import as_table, column_widths, facts, is_right_to_left, lies_across, source_line
from qualcode.report import Block, Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table

Document = Any
"""A python-docx document; the library ships no types."""


def render(report: Report) -> bytes:
    """The same bytes for the same report: no clock, no author."""
    from io import BytesIO

    import docx

    document = docx.Document()
    prepare(document, xml(report.title), any(map(lies_across, report.tables)))
    document.add_paragraph(_line(report.title), style="Title")
    _facts(document, report)
    for block in report.blocks:
        _ADDERS[type(block)](document, block)
    out = BytesIO()
    document.save(out)
    return _same_each_time(out.getvalue())


def _same_each_time(data: bytes) -> bytes:
    """The archive with every member dated `DATE` instead of now."""
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = ZipInfo(name, DATE.timetuple()[:6])
            member.compress_type = ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, old.read(name))
    return out.getvalue()


def _facts(document: Document, report: Report) -> None:
    for name, value in facts(report):
        paragraph = document.add_paragraph(style="Facts")
        paragraph.add_run(f"{_line(name)}: ").bold = True
        paragraph.add_run(_line(value))


def _line(text: str) -> str:
    return " ".join(xml(text).split())


def _add_text(document: Document, text: str, style: str) -> Any:
    """A paragraph of one run; python-docx turns line ends and tabs into breaks and tabs."""
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(xml(text))
    if is_right_to_left(text):
        right_to_left(paragraph, run)
    return paragraph


def _heading(document: Document, block: Heading) -> None:
    document.add_paragraph(_line(block.text), style=f"Heading {min(max(block.level, 1), 9)}")


def _paragraph(document: Document, block: Paragraph) -> None:
    _add_text(document, block.text, "Normal")


def _note(document: Document, block: Note) -> None:
    _add_text(document, block.text, "Remark")


def _quotation(document: Document, block: Quotation) -> None:
    """The quotation with its context in the same lines, and whatever belongs to it on the same page."""
    paragraph = document.add_paragraph(style="Quote")
    for text, style in ((block.before, "Quote Context"), (block.text, None), (block.after, "Quote Context")):
        if text:
            run = paragraph.add_run(xml(text), style)
            if is_right_to_left(block.text):
                right_to_left(paragraph, run)
    parts = [(block.memo or "", "Quote Memo"), (source_line(block), "Attribution")]
    for text, style in parts:
        if text:
            paragraph.paragraph_format.keep_with_next = True
            paragraph = _add_text(document, text, style)


def _table(document: Document, block: Table) -> None:
    if block.caption:
        document.add_paragraph(_line(block.caption), style="Caption")
    table = document.add_table(rows=1, cols=len(block.columns), style="Report Table")
    _fill(table.rows[0], block.heads, block, head=True)
    repeated_head(table.rows[0])
    for row in block.texts:
        _fill(table.add_row(), row, block)
    sized(table, column_widths(block, text_width(document.sections[0])))
    document.add_paragraph(style="After Table")


def _fill(row: Any, texts: tuple[str, ...], block: Table, head: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for cell, text, side in zip(row.cells, texts, block.sides, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = "Table Text"
        run = paragraph.add_run(xml(text))
        run.bold = head or None
        if side == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if is_right_to_left(text):
            right_to_left(paragraph, run)


def _margin(document: Document, block: Margin) -> None:
    """One row of a table without lines: number, speaker and text, marks."""
    table = document.add_table(rows=1, cols=3)
    number, said, marks = table.rows[0].cells
    number.paragraphs[0].style = "Margin Mark"
    number.paragraphs[0].add_run(_line(block.number))
    paragraph = said.paragraphs[0]
    paragraph.style = "Turn Dimmed" if block.dimmed else "Turn"
    if block.speaker:
        paragraph.add_run(f"{_line(block.speaker)}: ").bold = True
    at = 0
    for start, end in (*block.coded, (len(block.text), len(block.text))):
        paragraph.add_run(xml(block.text[at:start]))
        shaded(paragraph.add_run(xml(block.text[start:end])))
        at = end
    marks.paragraphs[0].style = "Margin Mark"
    marks.paragraphs[0].add_run(xml("\n".join(block.marks)))
    room = text_width(document.sections[0])
    sized(table, [1.0, room - 5.0, 4.0])


def _figure(document: Document, block: Figure) -> None:
    _table(document, as_table(block))


_ADDERS: dict[type[Block], Callable[[Document, Any], None]] = {
    Figure: _figure,
    Heading: _heading,
    Margin: _margin,
    Note: _note,
    Paragraph: _paragraph,
    Quotation: _quotation,
    Table: _table,
}
