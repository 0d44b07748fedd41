"""Grapheme clusters: what a reader takes for one character may be several code points.

A flag, a family emoji, or an `e` with a combining accent must not be cut in two by a span. Offsets are code points.
Clusters are those of Unicode Standard Annex #29, by the `regex` package's ``\\X``.
"""

from __future__ import annotations

import unicodedata

from qualcode.model import Span

# Cased letters and spaces never join their neighbour; other letters may (Hangul jamo, Thai SARA AM, prepended marks).
_PLAIN_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Zs"})


def _is_plain(char: str) -> bool:
    """Whether a boundary stands between this character and any other plain one."""
    if char.isascii():
        return char != "\r"
    return "\u3400" <= char <= "\u9fff" or unicodedata.category(char) in _PLAIN_CATEGORIES


def _surely_boundary(text: str, offset: int) -> bool:
    """Whether a boundary stands at `offset` for a reason that its two neighbours alone give."""
    if offset <= 0 or offset >= len(text):
        return True
    before, after = text[offset - 1], text[offset]
    if before == "\r":
        return after != "\n"
    return "\n" in (before, after) or (_is_plain(before) and _is_plain(after))


def _safe_start(text: str, offset: int) -> int:
    """The last sure boundary at or before `offset`; clusters counted from there are right."""
    while not _surely_boundary(text, offset):
        offset -= 1
    return offset


def boundaries(text: str, span: Span | None = None) -> tuple[int, ...]:
    """The offsets of cluster boundaries, ``span.start <= offset <= span.end`` (of all of `text` by default)."""
    import regex

    start, end = (span.start, min(span.end, len(text))) if span else (0, len(text))
    begin = _safe_start(text, min(start, len(text)))
    found = [begin]
    for match in regex.compile(r"\X").finditer(text, begin):
        if match.end() > end:
            break
        found.append(match.end())
    return tuple(offset for offset in found if offset >= start)


def _cluster(text: str, offset: int) -> tuple[int, int]:
    """The start and end of the cluster that `offset` lies in; both are `offset` when it lies between two."""
    if _surely_boundary(text, offset):
        return offset, offset
    import regex

    for match in regex.compile(r"\X").finditer(text, _safe_start(text, offset)):
        if match.end() == offset:
            break
        if match.end() > offset:
            return match.start(), match.end()
    return offset, offset


def splits_grapheme(text: str, offset: int) -> bool:
    """Whether cutting `text` at `offset` would cut a cluster in two."""
    start, end = _cluster(text, offset)
    return start < end


def snap(text: str, span: Span) -> Span:
    """The smallest span around `span` that cuts no cluster. Raises ValueError when `span` leaves the text."""
    if span.end > len(text):
        raise ValueError(f"span {span.start}:{span.end} leaves a text of {len(text)} code points")
    return Span(_cluster(text, span.start)[0], _cluster(text, span.end)[1])
