"""Paragraphs: at blank lines and before list items, and at other line breaks unless the text was wrapped at a width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from qualcode.model import Span

# Wider lines were not wrapped by hand or by a mail program: each is a paragraph of its own.
MAX_WRAP = 120
_LINE_BREAK = re.compile(r"[^\S\n]*\n[^\S\n]*")
_LIST_ITEM = re.compile(r"(?:[-*•–▪◦‣]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])[^\S\n]")
_FINAL = re.compile(r"[.!?…:;][\"'”’)\]»]*\s*\Z")


def trimmed(text: str, start: int, end: int) -> Span | None:
    """`start:end` without white space at its ends, or None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def wrap_width(text: str) -> int | None:
    """The width, in code points, at which lines were broken by hand or program; None when each line is a paragraph.

    Of the line breaks that a greedy wrap at the widest line would also have made, at least half must fall inside a
    sentence: in prose wrapped at 72 columns about 9 in 10 do, between whole paragraphs hardly any.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if not 30 <= width <= MAX_WRAP:
        return None
    full = [line for line, after in pairwise(lines) if _fills(line, after, width)]
    inside = sum(not _FINAL.search(line) for line in full)
    return width if full and 2 * inside >= len(full) else None


def _fills(line: str, after: str, width: int | None) -> bool:
    """Whether the first word of the line after had no room on this one."""
    first = after.split(maxsplit=1)
    return width is not None and bool(first) and bool(line.strip()) and len(line) + 1 + len(first[0]) > width


def paragraphs(text: str, stretch: Span, width: int | None) -> Iterator[Span]:
    """The paragraphs of a trimmed stretch."""
    start = stretch.start
    for match in _LINE_BREAK.finditer(text, stretch.start, stretch.end):
        if not _ends_paragraph(text, match, width):
            continue
        if span := trimmed(text, start, match.start()):
            yield span
        start = match.end()
    if span := trimmed(text, start, stretch.end):
        yield span


def _ends_paragraph(text: str, match: re.Match[str], width: int | None) -> bool:
    """Whether the line break at `match` is more than the end of a wrapped line."""
    if text[match.end() : match.end() + 1] == "\n":
        return True
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = text[match.end() : match.end() + MAX_WRAP].partition("\n")[0]
    final = bool(_FINAL.search(line))
    item = bool(_LIST_ITEM.match(after))
    if _fills(line, after, width):
        return item and final
    # A line that could have held another word was edited by hand when it is nearly full, else a heading.
    goes_on = after[:1].islower() or (width is not None and len(line) > 0.6 * width)
    return item or final or not goes_on
