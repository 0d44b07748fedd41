"""HTML as Taguette keeps it → the text its offsets count, and where paragraphs have to be parted to be readable."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCK = re.compile(
    "address|article|aside|blockquote|br|d[dlt]|div|fig(?:caption|ure)|footer|h[1-6r]|header|li|main|nav|[ou]l|p|pre|"
    "section|table|t(?:body|d|foot|h|head|r)"
)
_SILENT = frozenset(("script", "style", "title"))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.breaks: list[int] = []
        self._length = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        self._silent += tag in _SILENT
        self._block(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self._block(tag)

    def _block(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag) and (not self.breaks or self.breaks[-1] != self._length):
            self.breaks.append(self._length)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
            self._length += len(data)


def text_of(html: str) -> tuple[str, tuple[int, ...]]:
    """The text of all text nodes run together, and the code-point offsets in it where a block begins or ends."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts), tuple(parser.breaks)


def paragraphs(html: str) -> str:
    """The text with a line end where two blocks would run into each other."""
    text, breaks = text_of(html)
    return parted(text, breaks)[0]


def parted(text: str, breaks: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """The text with line ends put in where words of two blocks touch, and the offsets at which (of the old text)."""
    pieces, done, put = [], 0, []
    for at in breaks:
        if 0 < at < len(text) and not text[at - 1].isspace() and not text[at].isspace():
            pieces.append(text[done:at])
            done = at
            put.append(at)
    pieces.append(text[done:])
    return "\n".join(pieces), tuple(put)
