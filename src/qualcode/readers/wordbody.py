"""The body of a Word document as pages: paragraphs, headings, bold beginnings, tables, text boxes in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qualcode.readers.pages import Pages
from qualcode.readers.wordml import BOLD, Part, chosen, local, runs, value

# Styles of running text; Word's own names, which files keep in every language.
_USUAL = ("normal", "body", "text", "default", "standard", "plain", "list", "no spacing", "paragraph")


def body(main: Any, styles: Mapping[str, str]) -> Pages:
    """The text of a document's body; `styles` maps style ids to names."""
    pages = Pages()
    for block in _blocks(next((child for child in main if local(child) == "body"), main)):
        if local(block) == "tbl":
            _add_table(pages, block)
        else:
            style = _style(block, styles)
            _add_paragraph(pages, block, style)
            pages.numbered += _is_numbered(block, style) and any(local(one) == "t" for one in block.iter())
    return pages


def append_notes(pages: Pages, part: Part) -> None:
    """Foot- or endnotes as paragraphs after what is there."""
    for note in part.items():
        start = pages.here
        _add_paragraphs(pages, note)
        pages.close_note(start)


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, through content controls and tracked blocks."""
    for child in element:
        name = local(child)
        if name in ("p", "tbl"):
            yield child
        elif name == "AlternateContent":
            yield from _blocks(chosen(child))
        elif name not in ("sectPr", "del", "moveFrom", ""):
            yield from _blocks(child)


def _add_paragraphs(pages: Pages, element: Any) -> None:
    """Every paragraph and table under a note or text box."""
    for inner in _blocks(element):
        if local(inner) == "p":
            _add_paragraph(pages, inner)
        else:
            _add_table(pages, inner)


def _add_paragraph(pages: Pages, element: Any, style: str = "") -> None:
    """One paragraph, and after it the text boxes anchored in it."""
    content, bold, looks, boxes = _content(pages, element)
    heading = style.startswith(("heading", "title", "subtitle"))
    own = style and not heading and not style.startswith(_USUAL)
    pages.add(content, bold, heading=heading, looks=(*looks, *([f'in the style "{style}"'] if own else [])))
    for box in boxes:
        _add_paragraphs(pages, box)


def _content(pages: Pages, element: Any) -> tuple[str, int, set[str], list[Any]]:
    """A paragraph's text, the length of its bold beginning, the one look of all its words, and its text boxes."""
    boxes: list[Any] = []
    pieces = list(runs(element, pages.deletions, boxes))
    bold = 0
    for text, look in pieces:
        if look != BOLD and text.strip():
            break
        bold += len(text)
    looks = {look for text, look in pieces if text.strip()}
    return "".join(text for text, _ in pieces), bold, looks if len(looks) == 1 else set(), boxes


def _properties(paragraph: Any) -> Iterator[Any]:
    for child in paragraph:
        if local(child) == "pPr":
            yield from child


def _style(paragraph: Any, styles: Mapping[str, str]) -> str:
    given = next((value(one, "val") or "" for one in _properties(paragraph) if local(one) == "pStyle"), "")
    return styles.get(given, given).casefold()


def _is_numbered(paragraph: Any, style: str) -> bool:
    """Whether Word draws a number or bullet before the paragraph; list 0 is "none"."""
    for one in _properties(paragraph):
        if local(one) == "numPr":
            return any(local(inner) == "numId" and value(inner, "val") != "0" for inner in one)
    return style.startswith(("list number", "list bullet"))


def _add_table(pages: Pages, table: Any) -> None:
    pages.add_table([[_cell(pages, cell) for cell in _cells(row, "tc")] for row in _cells(table, "tr")])


def _cells(element: Any, wanted: str) -> Iterator[Any]:
    for child in element:
        name = local(child)
        if name == wanted:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _cells(child, wanted)


def _cell(pages: Pages, cell: Any) -> str:
    """The paragraphs of a cell joined with LF; those of a table inside it follow."""
    found = []
    for inner in _blocks(cell):
        if local(inner) == "tbl":
            found += ["\t".join(_cell(pages, one) for one in _cells(row, "tc")) for row in _cells(inner, "tr")]
        else:
            content, _, _, boxes = _content(pages, inner)
            found += [content, *(_cell(pages, box) for box in boxes)]
    return "\n".join(found)
