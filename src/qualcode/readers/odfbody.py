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
_HEAVY = {"bold", "600", "700", "800", "900"}
BOLD, _ITALIC = "in bold", "in italics"


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def value(element: Element, name: str) -> str | None:
    """An attribute by its local name."""
    return next((given for key, given in element.attrib.items() if key.rpartition("}")[2] == name), None)


@dataclass
class _Styles:
    """How the text of a style looks where it is not plain, and which styles are titles."""

    looks: dict[str, str] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)

    def learn(self, root: Element) -> None:
        for style in root.iter():
            if local(style) != "style":
                continue
            own, parent = value(style, "name") or "", value(style, "parent-style-name") or ""
            if look := self.look(style, parent):
                self.looks[own] = look
            if own in ("Title", "Subtitle") or parent in self.titles:
                self.titles.add(own)

    def look(self, style: Element, parent: str) -> str:
        """In bold, else in italics, else plain; what a style does not say is as in its parent."""
        said = {
            name: given
            for one in style
            if local(one) == "text-properties"
            for name in ("font-weight", "font-style")
            if (given := value(one, name))
        }
        if said.get("font-weight") in _HEAVY:
            return BOLD
        inherited = self.looks.get(parent, "")
        if inherited == BOLD and "font-weight" not in said:
            return BOLD
        if said.get("font-style") in ("italic", "oblique"):
            return _ITALIC
        return inherited if inherited == _ITALIC and "font-style" not in said else ""


@dataclass
class _Paragraph:
    """One paragraph as it is put together: pieces with their look, and what is anchored in it."""

    pieces: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    blank: bool = True  # whether a blank at this place collapses into what is before it

    def say(self, text: str | None, look: str) -> None:
        said = _BLANKS.sub(" ", text or "")
        if self.blank:
            said = said.removeprefix(" ")
        if said:
            self.pieces.append((said, look))
            self.blank = said.endswith(" ")

    def put(self, sign: str, look: str) -> None:
        self.pieces.append((sign, look))
        self.blank = False

    @property
    def text(self) -> str:
        return "".join(said for said, _ in self.pieces)

    @property
    def bold(self) -> int:
        length = 0
        for said, look in self.pieces:
            if look != BOLD and said.strip():
                break
            length += len(said)
        return length

    @property
    def looks(self) -> set[str]:
        """The one look of all words, if they have one."""
        looks = {look for said, look in self.pieces if said.strip()}
        return looks if len(looks) == 1 else set()


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
        self.pages.add(made.text, made.bold, heading=heading, looks=made.looks)
        for box in made.boxes:
            self.add_blocks(box)

    def content(self, element: Element) -> _Paragraph:
        made = _Paragraph()
        self.walk(element, made, self.styles.looks.get(value(element, "style-name") or "", ""))
        return made

    def walk(self, element: Element, made: _Paragraph, look: str) -> None:
        made.say(element.text, look)
        for child in element:
            self.take(child, made, look)
            made.say(child.tail, look)

    def take(self, child: Element, made: _Paragraph, look: str) -> None:
        name = local(child)
        if name == "s":
            made.put(" " * _count(value(child, "c")), look)
        elif name == "tab":
            made.put("\t", look)
        elif name == "line-break":
            made.put("\n", look)
            made.blank = True
        elif name == "note":
            self.notes += [one for one in child if local(one) == "note-body"]
        elif name == "annotation":
            self.pages.comments.append(_comment(child))
        elif any(local(one) in ("p", "h", "list", "table") for one in child):  # a text box or a shape with words
            made.boxes.append(child)
        elif name not in _SKIPPED:
            own = value(child, "style-name")
            self.walk(child, made, self.styles.looks.get(own, "") if name == "span" and own else look)

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
