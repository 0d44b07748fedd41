"""Report → Markdown (CommonMark with GitHub's tables): a quotation is a block quotation, its lines end hard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualcode.escaping import markdown, page_text
from qualcode.renderers.layout import as_table, facts, source_line
from qualcode.report import Block, Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table


def render(report: Report) -> bytes:
    """UTF-8, LF, without a byte-order mark."""
    lines = [f"# {_heading(report.title)}"]
    known = facts(report)
    if known:
        lines += ["", *(f"- {_strong(f'{name}:')} {_inline(value)}" for name, value in known)]
    for block in report.blocks:
        lines += ["", *_block(block)]
    return ("\n".join(lines).strip("\n") + "\n").encode()


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * min(block.level + 1, 6)} {_heading(block.text)}"
        case Paragraph():
            yield from _hard_lines(block.text)
        case Quotation():
            yield from _quotation(block)
        case Table():
            yield from _table(block)
        case Margin():
            yield from _margin(block)
        case Figure():
            yield from _table(as_table(block))
        case Note():
            yield f"*Note.* {_inline(block.text)}"


def _quotation(quotation: Quotation) -> Iterator[str]:
    if quotation.before.strip():
        yield from _quoted(quotation.before, "*before:* ")
        yield ">"
    yield from _quoted(quotation.text)
    if quotation.after.strip():
        yield ">"
        yield from _quoted(quotation.after, "*after:* ")
    line = source_line(quotation)
    if line:
        yield ">"
        yield f"> — {_inline(line)}"
    if quotation.memo:
        yield ">"
        yield from _quoted(quotation.memo, "*memo:* ")


def _quoted(text: str, lead: str = "") -> Iterator[str]:
    for line in _hard_lines(text.strip() if lead else text, lead):
        yield f"> {line}" if line else ">"


def _hard_lines(text: str, lead: str = "") -> Iterator[str]:
    """The escaped lines; two blanks before a line end keep it, and unlike a backslash do not show."""
    lines = f"{lead}{markdown(text)}".split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        blank, last = not line.strip(" \t"), not after.strip(" \t")
        yield "" if blank else line if last else f"{line}  "


def _inline(text: str) -> str:
    return markdown(" ".join(page_text(text).split()))


def _strong(text: str) -> str:
    """Bold; a lone asterisk inside would pair with ours, so every one is escaped."""
    parts = re.split(r"([*_])", " ".join(page_text(text).split()))
    return "**" + "".join(f"\\{part}" if part in ("*", "_") else markdown(part) for part in parts) + "**"


def _heading(text: str) -> str:
    """One line; hash marks at its end are text, not the closing of the heading."""
    line = _inline(text)
    return f"{line[:-1]}\\#" if line.endswith("#") and not line.endswith("\\#") else line


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield _strong(table.caption)
        yield ""
    yield f"| {' | '.join(map(_cell, table.columns))} |"
    yield f"| {' | '.join('---:' if side == 'right' else '---' for side in table.sides)} |"
    for row in table.texts:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    lines = [markdown(line).replace("|", "\\|") for line in text.split("\n")]
    return "<br>".join(lines).strip()


def _margin(line: Margin) -> Iterator[str]:
    speaker = f" {_strong(f'{line.speaker}:')}" if line.speaker.strip() else ""
    yield from _hard_lines(line.text, f"{_strong(line.number)}{speaker} ")
    if line.marks:
        yield ""
        yield from (f"- {_inline(mark)}" for mark in line.marks)
