"""Report → CSV: one row a quotation, a line of a transcript, or a row of a table.

UTF-8 with a byte-order mark, because Excel reads CSV as the local code page without one; records end in CR LF
(RFC 4180). A text that a spreadsheet would run as a formula gets a leading apostrophe (`escaping.csv_cell`). Several
kinds of blocks, or several tables, stand below each other with an empty line between. Notes are not part of the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qualcode.escaping import csv_cell, page_text
from qualcode.renderers.layout import as_table
from qualcode.report import Cell, Figure, Heading, Margin, Quotation, Report, Table

QUOTATION_COLUMNS = (
    "code",
    "label",
    "quote",
    "attribution",
    "source",
    "case",
    "speaker",
    "turn",
    "start",
    "end",
    "coder",
    "also",
    "memo",
    "before",
    "after",
)
MARGIN_COLUMNS = ("source", "turn", "speaker", "text", "codes")

Rows = list[Sequence[Cell]]


def render(report: Report) -> bytes:
    """The rows of a report; `start` and `end` are half-open code-point offsets into the source's text.

    A report without any rows is the head of a table of quotations.
    """
    import csv
    from io import StringIO

    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    parts = list(_parts(report))
    if not parts:
        parts.append([QUOTATION_COLUMNS])
    for number, rows in enumerate(parts):
        if number:
            writer.writerow([])
        writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _parts(report: Report) -> Iterable[Rows]:
    quotations = [block for block in report.blocks if isinstance(block, Quotation)]
    if quotations:
        yield [QUOTATION_COLUMNS, *map(_quotation, quotations)]
    margins = list(_margins(report))
    if margins:
        yield [MARGIN_COLUMNS, *margins]
    for block in report.blocks:
        if isinstance(block, (Table, Figure)):
            yield _table(block if isinstance(block, Table) else as_table(block), report.layer)


def _margins(report: Report) -> Iterator[Sequence[Cell]]:
    """A transcript's name is the title, or the heading it stands under."""
    name = report.title
    for block in report.blocks:
        if isinstance(block, Heading):
            name = block.text
        elif isinstance(block, Margin):
            yield name, block.number, block.speaker, block.text, "; ".join(block.marks)


def _quotation(quotation: Quotation) -> Sequence[Cell]:
    return (
        quotation.code or ", ".join(quotation.codes[:1]),
        quotation.label,
        quotation.text,
        quotation.attribution,
        quotation.source or quotation.origin,
        quotation.case or "",
        quotation.speaker or "",
        _known(quotation.turn),
        _known(quotation.start),
        _known(quotation.end),
        quotation.coder,
        ", ".join(quotation.also),
        quotation.memo or "",
        quotation.before,
        quotation.after,
    )


def _known(number: int | None) -> Cell:
    return "" if number is None else number


def _table(table: Table, layer: str) -> Rows:
    """Figures unrounded; the layer stands in every row, because a figure without it means nothing."""
    if not layer:
        return [table.columns, *table.rows]
    return [(*table.columns, "layer"), *((*row, layer) for row in table.rows)]


def _guarded(cell: Cell) -> Cell:
    """Numbers as they are, None as n/a, text guarded."""
    if cell is None:
        return "n/a"
    return csv_cell(page_text(cell)) if isinstance(cell, str) else cell
