"""Each format read back by a parser that is not ours: the quotations a reader of the file would see."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO, StringIO

from qualcode.escaping import from_csv_cell


def markdown_blocks(data: bytes) -> list[list[str]]:
    """Of each block quotation its paragraphs, as CommonMark with GitHub's tables and strike-through reads them."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    quotations: list[list[str]] = []
    inside = False
    for token in parser.parse(data.decode()):
        if token.type == "blockquote_open":
            quotations.append([])
            inside = True
        elif token.type == "blockquote_close":
            inside = False
        elif inside and token.type not in ("paragraph_open", "paragraph_close"):
            assert token.type == "inline", f"the text became a {token.type}"
            quotations[-1].append(inline_text(token))
    return quotations


def inline_text(token: object) -> str:
    """The plain text of an inline token; emphasis, links and the like are errors, but for our own lead words."""
    children = list(token.children)  # type: ignore[attr-defined]
    lead = ""
    if children and children[0].type == "em_open" and children[1].content in ("before:", "after:", "memo:"):
        lead, children = f"*{children[1].content}*", children[3:]
    for child in children:
        assert child.type in ("text", "text_special", "hardbreak", "softbreak"), f"the text became {child.type}"
    return lead + "".join("\n" if child.type.endswith("break") else child.content for child in children)


def markdown(data: bytes) -> list[str]:
    """The paragraphs of each block quotation before its source line, without those of context and memo."""
    found = []
    for paragraphs in markdown_blocks(data):
        said = [text for text in paragraphs if not re.match(r"\*(before|after|memo):\*", text)]
        found.append("\n\n".join(said[:-1]) if said[-1].startswith("— ") else "\n\n".join(said))
    return found


def as_markdown_shows(text: str) -> str:
    """Without what Markdown does not keep: blanks at the ends of lines, empty lines beyond the first.

    markdown-it for Python strips no-break spaces at the ends of a paragraph too, which CommonMark does not.
    """
    lines = "\n".join(line.strip(" \t\u00a0") for line in text.split("\n"))
    return re.sub(r"\n{2,}", "\n\n", lines).strip("\n")


class _Page(HTMLParser):
    """Collects the text of every block quotation, and every tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.quotations: list[str] = []
        self.tags: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag == "blockquote":
            self.inside = True
            self.quotations.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.quotations[-1] += data


def page(data: bytes) -> _Page:
    """The page as a browser takes it apart."""
    parsed = _Page()
    parsed.feed(data.decode())
    return parsed


def html(data: bytes) -> list[str]:
    return page(data).quotations


def docx(data: bytes) -> list[str]:
    """The text of the paragraphs in the style Quote, context left out."""
    from docx import Document

    return [
        "".join(run.text for run in paragraph.runs if run.style.name != "Quote Context")
        for paragraph in Document(BytesIO(data)).paragraphs
        if paragraph.style is not None and paragraph.style.name == "Quote"
    ]


def rows(data: bytes) -> list[list[str]]:
    """The first table of a CSV file, its guard against formulas taken off."""
    read = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    table: list[list[str]] = []
    for row in read:
        if not row:
            break
        table.append([from_csv_cell(cell) for cell in row])
    return table


def csv_quotations(data: bytes) -> list[str]:
    head, *body = rows(data)
    return [row[head.index("quote")] for row in body]


UNDO: dict[str, Callable[[bytes], list[str]]] = {
    "csv": csv_quotations,
    "docx": docx,
    "html": html,
    "markdown": markdown,
}
