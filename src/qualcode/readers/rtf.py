"""RTF: paragraphs and tables in their order, tracked insertions kept, nothing lost in silence."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

from qualcode import guards
from qualcode.decoding import repaired
from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Bundle, Notice
from qualcode.readers import rtfgroups as groups
from qualcode.readers.options import ReadOptions
from qualcode.readers.pages import Pages, bound, margins

# Read in about 10 s; 200,000 words of Cyrillic, where every letter is a control word, have a million.
MOST_WORDS = 3_000_000
_KIND = {sign: kind for kind, sign in groups.OPEN.items()}


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source: paragraphs joined with LF, table cells with tabs, foot- and endnotes at the end.

    Comments, headers and footers are in the notices; tracked deletions are counted there. `options.encoding` stands
    in for a code page that the file does not name. Raises InputError for bytes that are no RTF,
    LimitExceeded for more or deeper groups than a text has.
    """
    guards.check_size(len(raw), name, guards.ARCHIVE_BYTES)
    if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        raise InputError(f"{name} is no RTF file", "give --format for what it is, or save it as .docx")
    if raw.count(b"{") > guards.XML_ELEMENTS or raw.count(b"\\") > MOST_WORDS:
        raise LimitExceeded(f"{name} has more groups or control words than a text needs", "save it as .docx")
    flat = groups.flattened(raw, name)
    text, notices = _decoded(flat, name, options.encoding)
    walked = _Walk()
    for piece in groups.pieces(text):
        walked.take(piece)
    pages = walked.finished()
    return bound(raw, name, pages, [*notices, *margins(name, walked.margins)], options.speakers)


def _decoded(flat: groups.Flat, name: str, encoding: str | None) -> tuple[str, list[Notice]]:
    """The text with its signs, without lone surrogates."""
    from striprtf.striprtf import rtf_to_text

    used = encoding if encoding and flat.encoding == "cp1252" else flat.encoding
    try:
        codecs.lookup(used)
    except LookupError:
        used = "cp1252"
    decoded: str = rtf_to_text(flat.rtf, used, "replace")  # type: ignore[no-untyped-call]
    text = decoded.replace("\0", "\ufffd").replace("\ufeff", "")
    text, lone = repaired(text)
    notices = []
    broken = text.count("\ufffd")
    if broken:
        said = f"{broken} characters are broken or not in the file's code page (now U+FFFD), lone surrogates: {lone}"
        notices.append(Notice(name, "warning", said))
    if flat.open_groups:
        notices.append(Notice(name, "warning", "the last groups are not closed: the file may have been cut short"))
    return text.replace("\r\n", "\n").replace("\r", "\n"), notices


@dataclass
class _Part:
    """A body, note, comment or header as it is put together."""

    kind: str = "body"
    pages: Pages = field(default_factory=Pages)
    said: list[str] = field(default_factory=list)
    bold: int = 0  # length of the bold beginning
    plain: bool = False  # whether something not bold was said in this paragraph
    heading: bool = False
    cells: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    def say(self, words: str, bold: bool) -> None:
        self.said.append(words)
        self.plain = self.plain or (not bold and bool(words.strip()))
        if not self.plain:
            self.bold += len(words)

    def taken(self) -> str:
        words = "".join(self.said)
        self.said, self.bold, self.plain = [], 0, False
        return words

    def end_paragraph(self) -> None:
        self.end_table()
        bold, looks = self.bold, [] if self.plain else ["in bold"]
        self.pages.add(self.taken(), bold, heading=self.heading, looks=looks)
        self.heading = False
        for words in self.boxes:
            self.pages.add(words)
        self.boxes = []

    def end_table(self) -> None:
        if self.cells:
            self.rows.append(self.cells)
        if self.rows:
            self.pages.add_table(self.rows)
        self.cells, self.rows = [], []

    def close(self) -> Pages:
        """What was said, with a last paragraph that nothing ended."""
        if self.said or self.boxes:
            self.end_paragraph()
        self.end_table()
        return self.pages


class _Walk:
    """Goes through words and signs once; notes wait until the end."""

    def __init__(self) -> None:
        self.parts = [_Part()]
        self.bold = self.deleted = False
        self.notes: list[list[str]] = []
        self.margins: list[tuple[str, str]] = []
        self.author = ""

    def take(self, piece: str) -> None:
        part = self.parts[-1]
        if piece in _KIND:
            self.parts.append(_Part(_KIND[piece]))
        elif piece == groups.CLOSE:
            self.close_part()
        elif piece == groups.PARAGRAPH:
            part.end_paragraph()
        elif piece == groups.HEADING:
            part.heading = True
        elif piece == groups.CELL:
            part.cells.append(part.taken())
        elif piece == groups.ROW:
            part.rows.append(part.cells)
            part.cells = []
        elif piece in (groups.BOLD, groups.PLAIN):
            self.bold = piece == groups.BOLD
        elif piece in (groups.DELETED, groups.KEPT):
            self.deleted = piece == groups.DELETED
        elif self.deleted:
            self.parts[0].pages.deletions.append(piece)
        else:
            part.say(piece, self.bold)

    def close_part(self) -> None:
        if len(self.parts) < 2:
            return
        part = self.parts.pop()
        found = part.close()
        words = " ".join(found.text().split())
        if part.kind == "note":
            self.notes.append(list(_filled(found)))
        elif part.kind == "author":
            self.author = words
        elif part.kind == "comment":
            self.parts[0].pages.comments.append((self.author, words))
            self.author = ""
        elif part.kind == "box":
            self.parts[-1].boxes += _filled(found)
        else:
            self.margins.append((part.kind, words))

    def finished(self) -> Pages:
        """The pages of the body, with its notes."""
        while len(self.parts) > 1:
            self.close_part()
        pages = self.parts[0].close()
        for note in self.notes:
            pages.add_note(note)
        return pages


def _filled(pages: Pages) -> Iterator[str]:
    return (line for line in pages.lines if line.strip())
