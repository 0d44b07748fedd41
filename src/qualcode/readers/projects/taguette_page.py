"""Taguette's exported highlights as a page (.html): a passage, then a line with its document and tags, then a rule."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from qualcode.decoding import decode
from qualcode.errors import InputError
from qualcode.model import Bundle, Excerpt, Notice
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects.markup import paragraphs
from qualcode.readers.projects.terms import line

_PIECE = re.compile(r"<hr\s*/?>", re.IGNORECASE)
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<h1[^>]*>.*?</h1>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(rb"<title>[^<]{0,80}Taguette[^<]*</title>", re.IGNORECASE)


def is_page(raw: bytes) -> bool:
    """Whether the bytes are such a page, by its title."""
    return _TITLE.search(raw[:2000]) is not None and b"<strong>" in raw


class _Details(HTMLParser):
    """The texts after the labels (in strong type) of a line of details."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: list[str] = []
        self._label = False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        if tag == "strong":
            self._label = True
            self.values.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self._label = False

    def handle_data(self, data: str) -> None:
        if self.values and not self._label:
            self.values[-1] += data


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One excerpt for each highlight with tags. Raises InputError for a page without any."""
    text = decode(raw, name, options.encoding).text
    body = _BODY.search(text)
    pieces = _PIECE.split(_HEADING.sub("", body[1] if body else text, count=1))
    excerpts, bare = [], 0
    for n, piece in enumerate(pieces, 1):
        cut = piece.lower().rfind("<p>")
        details = _Details()
        details.feed(piece[cut:] if cut >= 0 else "")
        details.close()
        if len(details.values) != 2:
            continue
        quote = paragraphs(piece[:cut]).strip()
        codes = tuple(dict.fromkeys(filter(None, map(line, details.values[1].split(",")))))
        if quote and codes:
            excerpts.append(Excerpt(f"{name}: highlight {n}", quote, codes, line(details.values[0])))
        else:
            bare += 1
    if not excerpts:
        raise InputError(f"{name} holds no highlights with tags", "export them from Taguette again")
    notices = [Notice(name, "info", f"{len(excerpts)} highlights of a page that Taguette wrote")]
    if bare:
        notices.append(Notice(name, "warning", f"{bare} highlights without words or tags were left out"))
    return Bundle(notices=tuple(notices), excerpts=tuple(excerpts))
