"""A report off a terminal: tables tab-separated and everything beside them behind ``# ``, so that ``cut``, ``awk`` and
R read it as it is; without a table it is plain text. Nothing is wrapped; `terminal.say_lines` makes it safe.
"""

from __future__ import annotations

from collections.abc import Iterator

from qualcode.escaping import one_line
from qualcode.report import Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table


def lines(report: Report) -> Iterator[str]:
    """The report line by line, tables tab-separated with a line of column names."""
    aside = "# " if report.tables else ""
    if report.title:
        yield aside + one_line(report.title)
    seen_table = False
    for block in report.blocks:
        if isinstance(block, Table):
            if seen_table:
                yield ""
            seen_table = True
            yield from _tab_separated(block)
        else:
            yield from (aside + line for text in _plain_lines(block) for line in text.split("\n"))


def _tab_separated(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"# {one_line(table.caption)}"
    yield "\t".join(map(one_line, table.columns))
    for row in table.texts:
        yield "\t".join(map(one_line, row))


def _plain_lines(block: Heading | Paragraph | Quotation | Margin | Figure | Note) -> Iterator[str]:
    match block:
        case Quotation():
            said = " ".join(filter(None, [block.attribution, f"({block.origin})" if block.origin else ""]))
            yield f"{block.before}{block.text}{block.after}"
            yield f"    {one_line(said)}" + (f"  {', '.join(map(one_line, block.codes))}" if block.codes else "")
        case Margin():
            yield "\t".join(map(one_line, [block.number, block.speaker, block.text, "; ".join(block.marks)]))
        case Figure():
            yield one_line(block.caption)
        case Note():
            yield f"Note: {one_line(block.text)}"
        case Heading():
            yield one_line(block.text)
        case Paragraph():
            yield block.text
