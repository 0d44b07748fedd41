"""Report → one self-contained HTML page: readable on a screen, in the dark and on paper; nothing in it runs."""

from __future__ import annotations

from collections.abc import Iterator

from qualcode.escaping import html_text
from qualcode.renderers.layout import as_table, facts, lies_across, source_line
from qualcode.renderers.stylesheet import STYLE
from qualcode.report import Block, Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table

_CONTENTS_FROM = 5
"""Headings from which a list of contents saves scrolling."""
_MANY = 15
"""Headings from which the contents are set in columns, so that they fit a screen."""


def render(report: Report) -> bytes:
    """UTF-8. The content-security policy admits this page's own style sheet and nothing else."""
    return "\n".join(_page(report)).encode()


def _page(report: Report) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{html_text(report.title)}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    yield from _body(report)
    yield "</main>"
    yield "</body>"
    yield "</html>\n"


def _policy() -> str:
    from base64 import b64encode
    from hashlib import sha256

    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _body(report: Report) -> Iterator[str]:
    yield f"<h1>{html_text(report.title)}</h1>"
    known = facts(report)
    if known:
        yield '<dl class="facts">'
        for name, value in known:
            yield f"<div><dt>{html_text(name)}</dt><dd>{html_text(value)}</dd></div>"
        yield "</dl>"
    headings = [block for block in report.blocks if isinstance(block, Heading)]
    yield from _contents(headings)
    numbers = iter(range(1, len(headings) + 1))
    for block in report.blocks:
        if isinstance(block, Heading):
            level = min(block.level + 1, 6)
            yield f'<h{level} id="s{next(numbers)}">{html_text(block.text)}</h{level}>'
        else:
            yield from _block(block)


def _contents(headings: list[Heading]) -> Iterator[str]:
    if len(headings) < _CONTENTS_FROM:
        return
    yield '<nav aria-label="Contents">'
    yield '<ul class="many">' if len(headings) > _MANY else "<ul>"
    for number, heading in enumerate(headings, 1):
        yield f'<li class="l{min(heading.level, 4)}"><a href="#s{number}">{html_text(heading.text)}</a></li>'
    yield "</ul>"
    yield "</nav>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield f"<p>{html_text(block.text)}</p>"
        case Quotation():
            yield from _quotation(block)
        case Table():
            yield from _table(block)
        case Margin():
            yield from _margin(block)
        case Figure():
            yield from _table(as_table(block))
        case Note():
            yield f'<p class="note">{html_text(block.text)}</p>'


def _quotation(quotation: Quotation) -> Iterator[str]:
    """The transcript's language is unknown, and its direction is its own."""
    yield "<figure>"
    yield f'<div class="passage" lang="" dir="auto">{_passage(quotation)}</div>'
    if quotation.memo:
        yield f'<p class="memo" dir="auto">{html_text(quotation.memo)}</p>'
    line = source_line(quotation)
    if line:
        yield f"<figcaption>{html_text(line)}</figcaption>"
    yield "</figure>"


def _passage(quotation: Quotation) -> str:
    """The quotation with its context before and after it in the same lines, as in the transcript."""
    before, after = (
        f'<span class="context">{html_text(text)}</span>' if text else ""
        for text in (quotation.before, quotation.after)
    )
    return f"{before}<blockquote>{html_text(quotation.text)}</blockquote>{after}"


def _table(table: Table) -> Iterator[str]:
    sides = table.sides
    yield f'<div class="wide{" across" if lies_across(table) else ""}">'
    yield "<table>"
    if table.caption:
        yield f"<caption>{html_text(table.caption)}</caption>"
    heads = (f'<th scope="col" class="{side}">{html_text(name)}</th>' for name, side in _pairs(table.columns, sides))
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for row in table.texts:
        cells = (f'<td class="{side}" dir="auto">{html_text(text)}</td>' for text, side in _pairs(row, sides))
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def _pairs(texts: tuple[str, ...], sides: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return zip(texts, sides, strict=True)


def _margin(line: Margin) -> Iterator[str]:
    yield f'<section class="turn{" dimmed" if line.dimmed else ""}">'
    yield f'<span class="number">{html_text(line.number)}</span>'
    yield '<div class="said">'
    if line.speaker:
        yield f'<b class="speaker">{html_text(line.speaker)}</b>'
    yield f'<p lang="" dir="auto">{_marked(line)}</p>'
    yield "</div>"
    yield f'<ul class="marks">{"".join(f"<li>{html_text(mark)}</li>" for mark in line.marks)}</ul>'
    yield "</section>"


def _marked(line: Margin) -> str:
    """The text with its coded ranges marked; `coded` is sorted and disjoint."""
    parts, at = [], 0
    for start, end in line.coded:
        parts += [html_text(line.text[at:start]), f"<mark>{html_text(line.text[start:end])}</mark>"]
        at = end
    return "".join([*parts, html_text(line.text[at:])])
