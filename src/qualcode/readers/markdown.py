"""Markdown: like plain text; headings and front matter are turns of nobody, and markup stays in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualcode.decoding import decode
from qualcode.model import Bundle
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import source_of
from qualcode.readers.turns import Layout, talk, titles

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?=\n|$)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+[^\n]+$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE)


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source, whose text is the decoded file with LF line ends; raises InputError for bytes that are no text."""
    decoded = decode(raw, name, options.encoding)
    layout = Layout(breaks=tuple(_breaks(decoded.text)))
    return source_of(raw, name, decoded.text, talk(decoded.text, name, layout, options.speakers), decoded.notices)


def _breaks(text: str) -> Iterator[tuple[int, int]]:
    """Front matter, headings and rules."""
    front = _FRONT_MATTER.match(text)
    start = front.end() if front else 0
    if front:
        yield front.span()
    yield from titles(text, [found.span() for found in _HEADING.finditer(text, start)])
    yield from (rule.span() for rule in _RULE.finditer(text, start))
