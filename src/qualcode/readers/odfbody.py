"""The body of an OpenDocument text as pages, read by local names; white space is collapsed as the format says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from qualcode.errors import InputError
from qualcode.readers.pages import Pages

_BLANKS = re.compile(r"[ \t\r\n]+")
# Elements whose words are no part of the text, or are taken up elsewhere.
_SKIPPED = {"tracked-changes", "annotation-end", "sequence-decls", "variable-decls", "user-field-decls", "ruby-text",
            "forms", "note-citation", "title", "desc", "object", "event-listeners"}  # fmt: skip
_MOST_SPACES = 1_000


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def value(element: Element, name: str) -> str | None:
    """An attribute by its local name."""
    return next((given for key, given in element.attrib.items() if key.rpartition("}")[2] == name), None)


@dataclass
class _Styles:
    """Which styles are bold, and which are titles."""

    bold: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)

    def learn(self, root: Element) -> None:
        for style in root.iter():
            if local(style) != "style":
                continue
            own, parent = value(style, "name") or "", value(style, "parent-style-name") or ""
            weights = [value(one, "font-weight") for one in style if local(one) == "text-properties"]
            if any(one in ("bold", "600", "700", "800", "900") for one in weights) or (
                parent in self.bold and not any(weights)
            ):
                self.bold.add(own)
            if own in ("Title", "Subtitle") or parent in self.titles:
                self.titles.add(own)


@dataclass
class _Paragraph:
    """One paragraph as it is put together: pieces with their weight, and what is anchored in it."""

    pieces: list[tuple[str, bool]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    blank: bool = True  # whether a blank at this place collapses into what is before it

    def say(self, text: str | None, bold: bool) -> None:
        said = _BLANKS.sub(" ", text or "")
        if self.blank:
            said = said.removeprefix(" ")
        if said:
            self.pieces.append((said, bold))
            self.blank = said.endswith(" ")

    def put(self, sign: str, bold: bool) -> None:
        self.pieces.append((sign, bold))
        self.blank = False

    @property
    def text(self) -> str:
        return "".join(said for said, _ in self.pieces)

    @property
    def bold(self) -> int:
        length = 0
        for said, is_bold in self.pieces:
            if not is_bold and said.strip():
                break
            length += len(said)
        return length


class _Body:
    """Walks the body once; notes wait until its end."""

    def __init__(self, styles: _Styles) -> None:
        self.pages = Pages()
        self.styles = styles
        self.notes: list[Element] = []

    def add_blocks(self, element: Element) -> None:
        for block in _blocks(element):
            if local(block) == "table":
                self.pages.add_table([[self.cell(cell) for cell in row] for row in _rows(block)])
            else:
                self.add_paragraph(block)

    def add_paragraph(self, element: Element) -> None:
        style = value(element, "style-name") or ""
        made = self.content(element)
        heading = local(element) == "h" or style in self.styles.titles
        self.pages.add(made.text, made.bold, heading=heading)
        for box in made.boxes:
            self.add_blocks(box)

    def content(self, element: Element) -> _Paragraph:
        made = _Paragraph()
        self.walk(element, made, (value(element, "style-name") or "") in self.styles.bold)
        return made

    def walk(self, element: Element, made: _Paragraph, bold: bool) -> None:
        made.say(element.text, bold)
        for child in element:
            self.take(child, made, bold)
            made.say(child.tail, bold)

    def take(self, child: Element, made: _Paragraph, bold: bool) -> None:
        name = local(child)
        if name == "s":
            made.put(" " * _count(value(child, "c")), bold)
        elif name == "tab":
            made.put("\t", bold)
        elif name == "line-break":
            made.put("\n", bold)
            made.blank = True
        elif name == "note":
            self.notes += [one for one in child if local(one) == "note-body"]
        elif name == "annotation":
            self.pages.comments.append(_comment(child))
        elif any(local(one) in ("p", "h", "list", "table") for one in child):  # a text box or a shape with words
            made.boxes.append(child)
        elif name not in _SKIPPED:
            own = value(child, "style-name")
            self.walk(child, made, own in self.styles.bold if name == "span" and own else bold)

    def cell(self, element: Element) -> str:
        """The paragraphs of a cell joined with LF; those of a table inside it follow."""
        found = []
        for block in _blocks(element):
            if local(block) == "table":
                found += ["\t".join(self.cell(one) for one in row) for row in _rows(block)]
            else:
                made = self.content(block)
                found += [made.text, *(self.cell(box) for box in made.boxes)]
        return "\n".join(found)


def body(content: Element, styles: Element | None, name: str) -> Pages:
    """The text of ``content.xml``, notes at its end; raises InputError when it is of no text document."""
    main = next((one for one in content.iter() if local(one) == "text" and one.tag.endswith(":office:1.0}text")), None)
    if main is None:
        raise InputError(f"{name} holds no text document", "export sheets and slides as .csv or .txt")
    known = _Styles()
    for root in (styles, content):
        if root is not None:
            known.learn(root)
    walked = _Body(known)
    walked.add_blocks(main)
    for note in walked.notes:
        start = walked.pages.here
        walked.add_blocks(note)
        walked.pages.close_note(start)
    walked.pages.deletions += _deletions(main)
    walked.pages.numbered = sum(1 for one in main.iter() if local(one) == "list-item" and _plain(one).strip())
    return walked.pages


def page_margins(styles: Element | None) -> Iterator[tuple[str, str]]:
    """("header" or "footer", words) of every page style."""
    for element in styles.iter() if styles is not None else ():
        kind = local(element).removesuffix("-left").removesuffix("-first")
        if kind in ("header", "footer"):
            yield kind, _plain(element)


def _blocks(element: Element) -> Iterator[Element]:
    """Paragraphs, headings and tables in order, through lists, sections, indexes, and frames anchored to a page."""
    for child in element:
        name = local(child)
        if name in ("p", "h", "table"):
            yield child
        elif name not in _SKIPPED:
            yield from _blocks(child)


def _rows(table: Element) -> Iterator[list[Element]]:
    """The cells of each row, through groups of rows; repeated cells and rows once."""
    for child in table:
        if local(child) == "table-row":
            yield [cell for cell in child if local(cell) in ("table-cell", "covered-table-cell")]
        elif local(child) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child)


def _count(given: str | None) -> int:
    return min(int(given), _MOST_SPACES) if given and given.isascii() and given.isdigit() else 1


def _plain(element: Element) -> str:
    """The words of every paragraph under an element, separated by spaces."""
    return " ".join(_Body(_Styles()).content(one).text for one in element.iter() if local(one) in ("p", "h"))


def _comment(annotation: Element) -> tuple[str, str]:
    author = next(("".join(one.itertext()) for one in annotation if local(one) == "creator"), "")
    return author, " ".join(_plain(annotation).split())


def _deletions(main: Element) -> list[str]:
    """The words of the tracked deletions, which the format keeps before the body."""
    return [_plain(one) for one in main.iter() if local(one) == "deletion"]
