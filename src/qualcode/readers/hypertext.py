"""The elements of a web page as pages: what makes a line, what a cell, what a speaker, and what is no text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers import labels, stamps
from qualcode.readers.habits import Candidate
from qualcode.readers.pages import Pages

_LINES = {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
          "div",
          "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5",
          "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "ol", "option", "p", "pre", "search",
          "section", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul"}  # fmt: skip
_CODE = {"script", "style", "template", "noembed", "noframes", "iframe", "datalist"}
_SIDES = ("header", "footer", "aside")
_CONTROLS = {"button", "select"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SPEAKER = re.compile(
    r"(?:^|[\s_-])(?:speaker|author|interlocutor|talker)(?:[_-]?(?:name|label))?(?:$|\s)", re.IGNORECASE
)
_TIME = re.compile(r"(?:^|[\s_-])(?:time|timestamp|timecode|start[_-]?time)(?:$|[\s_-])", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_AFTER_NAME = re.compile(rf"[ \t\u00a0]*[:–-]?[ \t\u00a0]*(?:(?P<time>{stamps.STAMP})[ \t\u00a0]*(?:[:–-][ \t]+)?)?")
# A header or footer that is mostly links is a menu; one with the title and the date of a talk is not.
_MOSTLY_LINKS = 0.7


@dataclass
class _Paragraph:
    """One paragraph as it is put together; `names` are the ranges of marked speakers in it."""

    said: list[str] = field(default_factory=list)
    length: int = 0
    bold: int = 0
    plain: bool = False
    upright: bool = False
    blank: bool = True
    names: list[tuple[int, int]] = field(default_factory=list)

    def say(self, text: str, *, bold: bool, kept: bool, italic: bool = True) -> None:
        """Add text; runs of blanks become one, unless `kept` as in a preformatted part."""
        if not kept:
            text = _BLANKS.sub(" ", text)
            text = text.removeprefix(" ") if self.blank else text
        if not text:
            return
        self.said.append(text)
        self.length += len(text)
        self.blank = text[-1] in " \n"
        self.plain = self.plain or (not bold and bool(text.strip()))
        self.upright = self.upright or (not italic and bool(text.strip()))
        if not self.plain:
            self.bold += len(text)

    @property
    def text(self) -> str:
        return "".join(self.said).rstrip(" \t\n")


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    outer: list[str] | None = None  # the lines of the cell that the table stands in
    cell: list[str] | None = None

    def full(self) -> bool:
        """Whether the last row of a list of terms has its term and words already, or there is none."""
        return not self.rows or len(self.rows[-1]) > 1


class Walk:
    """Goes through a page once. `dropped` are words left out, by what they are; `title` is that of the page."""

    def __init__(self) -> None:
        self.pages = Pages()
        self.now = _Paragraph()
        self.tables: list[_Table] = []
        self.dropped: dict[str, list[str]] = {}
        self.title = ""
        self.bold = self.italic = self.kept = 0
        self.heading = False
        self.name_at: list[tuple[Any, int]] = []
        self.names: list[Candidate] = []
        self.named: list[tuple[int, int]] = []

    def through(self, root: Any) -> None:
        """Take every element in order, without recursion: pages nest as deep as they like."""
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if not isinstance(element.tag, str):
                self.say(element.tail)
            elif event == "start":
                if self.leaves_out(element):
                    walk.skip_subtree()
                else:
                    self.open(element)
                    self.say(element.text)
            else:
                self.close(element)
                if element is not root:
                    self.say(element.tail)

    def say(self, text: str | None) -> None:
        if text:
            self.now.say(text.replace("\r", "\n"), bold=self.bold > 0, kept=self.kept > 0, italic=self.italic > 0)

    def leaves_out(self, element: Any) -> bool:
        """Whether nothing under the element is text; its words are kept for a notice."""
        kind = _left_out(element)
        if kind is None:
            return False
        words = " ".join(" ".join(element.itertext()).split()) if kind else ""
        if words and element.tag == "title":
            self.title = words
        elif words:
            self.dropped.setdefault(kind, []).append(words)
        return True

    def open(self, element: Any) -> None:
        tag = element.tag
        if tag == "br":
            self.now.say("\n", bold=True, kept=True)
        if tag in _LINES:
            self.end_paragraph()
            self.open_block(tag)
        elif _apart(element):
            self.now.say(" ", bold=True, kept=False)
        self.bold += tag in ("b", "strong", "th", "dt")
        self.italic += tag in ("i", "em")
        if _is_name(element):
            self.name_at.append((element, self.now.length))

    def open_block(self, tag: str) -> None:
        self.heading = tag in _HEADINGS or (self.heading and tag not in ("p", "div", "li"))
        self.kept += tag == "pre"
        if tag in ("table", "dl"):
            self.tables.append(_Table(outer=self.tables[-1].cell if self.tables else None))
        if (self.tables and tag in ("tr", "dt")) or (tag == "dd" and self.tables and self.tables[-1].full()):
            self.tables[-1].rows.append([""] if tag == "dd" else [])
        if self.tables and tag in ("td", "th", "dt", "dd"):
            self.tables[-1].cell = []

    def close(self, element: Any) -> None:
        tag = element.tag
        if self.name_at and self.name_at[-1][0] is element:
            self.now.names.append((self.name_at.pop()[1], self.now.length))
        if tag in _LINES:
            self.end_paragraph()
            self.close_block(tag)
        elif _apart(element):
            self.now.say(" ", bold=True, kept=False)
        self.bold -= tag in ("b", "strong", "th", "dt")
        self.italic -= tag in ("i", "em")

    def close_block(self, tag: str) -> None:
        self.heading = self.heading and tag not in _HEADINGS
        self.kept -= tag == "pre"
        if not self.tables:
            return
        table = self.tables[-1]
        if tag in ("td", "th", "dt", "dd") and table.cell is not None:
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append("\n".join(table.cell))
            table.cell = None
        elif tag in ("table", "dl"):
            self.close_table(self.tables.pop())

    def close_table(self, table: _Table) -> None:
        rows = [row for row in table.rows if any(cell.strip() for cell in row)]
        if table.outer is not None:
            table.outer += ["\t".join(row) for row in rows]
        else:
            self.pages.add_table(rows)

    def end_paragraph(self) -> None:
        made, self.now = self.now, _Paragraph()
        text = made.text
        if not text.strip():
            return
        inside = self.tables[-1].cell if self.tables else None
        if inside is not None:
            inside.append(text)
            return
        line = self.pages.line
        looks = ["" if made.plain else "in bold", "" if made.upright else "in italics"]
        bold = min(made.bold, len(text))
        start, end = self.pages.add(text, bold, heading=self.heading and not made.names, looks=looks)
        seen = 0
        for begin, stop in made.names:
            line, seen = line + text.count("\n", seen, begin), begin
            first = 0 if (begin, stop) == made.names[0] and _only_time(text[:begin]) else begin
            self.add_name(text, line, start, (first, begin, stop))
        if made.names:
            self.named.append((start, end))

    def add_name(self, text: str, line: int, start: int, place: tuple[int, int, int]) -> None:
        """A mark for a name at ``(from, begin, end)`` of a paragraph; `from` takes in a time before it."""
        first, begin, end = place
        label = labels.tidy(text[begin:end].strip().rstrip(":："))
        after = _AFTER_NAME.match(text, min(end, len(text)))
        if not labels.shape(label) or after is None:
            return
        time = stamps.seconds(after["time"] or text[first:begin])
        self.names.append(Candidate(line, start + first, start + after.end(), label, "given", time))

    def finished(self) -> Pages:
        """The pages; marked names are speakers when there are at least two."""
        self.end_paragraph()
        while self.tables:
            self.close_table(self.tables.pop())
        if len(self.names) > 1:
            self.pages.marks = sorted([*self.pages.marks, *self.names], key=lambda one: one.start)
            self.pages.settled = sorted([*self.pages.settled, *self.named])
        return self.pages


def _left_out(element: Any) -> str | None:
    """What an element is that holds no text of the page; empty for code, None for text."""
    tag, role = element.tag, (element.get("role") or "").lower()
    if tag in _CODE:
        return ""
    if tag == "title" and element.getparent() is not None and element.getparent().tag == "head":
        return "title"
    if tag == "nav" or role in ("navigation", "menu", "menubar", "search"):
        return "navigation"
    if tag in _SIDES and _links(element) > _MOSTLY_LINKS:
        return "navigation"
    if tag in _CONTROLS or role == "button":
        return "buttons and menus"
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return "hidden words"
    return "hidden words" if _HIDDEN.search(element.get("style") or "") else None


def _links(element: Any) -> float:
    """The share of the words that are links; none for an element inside another such, so that all is read once."""
    if next(element.iterancestors(*_SIDES), None) is not None:
        return 0.0
    whole = sum(len("".join(piece.split())) for piece in element.itertext())
    linked = sum(len("".join(piece.split())) for link in element.iter("a") for piece in link.itertext())
    return linked / whole if whole else 0.0


def _classes(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('itemprop') or ''}"


def _is_name(element: Any) -> bool:
    return element.tag != "body" and bool(_SPEAKER.search(_classes(element)))


def _apart(element: Any) -> bool:
    """Whether an element within a line is set apart from its neighbours by the page's style, not by blanks."""
    return element.tag in ("cite", "time") or bool(
        _SPEAKER.search(_classes(element)) or _TIME.search(_classes(element))
    )


def _only_time(before: str) -> bool:
    return bool(stamps.LINE.fullmatch(before.strip())) if before.strip() else True
