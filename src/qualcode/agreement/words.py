"""Words of a text, for the rule that a unit carries a code when a whole word of it is coded."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qualcode.agreement.sums import Bools, Ints

OTHER, LETTER, UNSPACED, JOINER, SPACE = range(5)
_JOINERS = "'’-\u2010\u2011"
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))
"""Scripts written without spaces: there every character stands as a word of its own."""
_TABLED = 0x3000
"""Code points below are looked up in a table (2 ms to make), the rarer ones above one by one."""

Classes = NDArray[np.uint8]


def word_spans(text: str) -> Ints:
    """Letters, digits and their marks, with hyphens and apostrophes inside: (words, 2) code-point ranges."""
    found = _classes(text)
    letter = found == LETTER
    inside = (found[1:-1] == JOINER) & letter[:-2] & letter[2:]
    letter[1:-1] |= inside
    return _runs(letter, found == UNSPACED)


def token_spans(text: str) -> Ints:
    """What stands between white space, punctuation included: (tokens, 2); the unit `word`."""
    found = _classes(text)
    return _runs((found != SPACE) & (found != UNSPACED), found == UNSPACED)


def _runs(joined: Bools, single: Bools) -> Ints:
    """Runs of `joined` and each of `single`, as sorted ranges (n, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], joined, [False]]).astype(np.int8)))
    alone = np.flatnonzero(single)
    starts, ends = np.concatenate([edges[::2], alone]), np.concatenate([edges[1::2], alone + 1])
    order = np.argsort(starts, kind="stable")
    return np.stack([starts[order], ends[order]], axis=1).astype(np.intp)


def _classes(text: str) -> Classes:
    """The class of every code point."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    found = _table()[np.minimum(points, _TABLED - 1)]
    rare = np.flatnonzero(points >= _TABLED)
    if len(rare):
        kinds, at = np.unique(points[rare], return_inverse=True)
        found[rare] = np.array([_class(int(point)) for point in kinds], np.uint8)[at]
    return found


@cache
def _table() -> Classes:
    return np.array([_class(point) for point in range(_TABLED)], np.uint8)


def _class(point: int) -> int:
    """The class of one code point; combining marks belong to their letter."""
    if point >= 0x20000 or any(low <= point <= high for low, high in _UNSPACED):
        return UNSPACED if point < 0x40000 else OTHER
    character = chr(point)
    if character in _JOINERS:
        return JOINER
    if character.isspace():
        return SPACE
    return LETTER if character.isalnum() or unicodedata.category(character).startswith("M") else OTHER


def holds_whole_word(words: Ints, start: Ints, end: Ints) -> Bools:
    """Whether each range [start, end) contains a whole one of the sorted `words` (n, 2)."""
    if not len(words):
        return np.zeros(len(start), bool)
    first = np.searchsorted(words[:, 0], start)
    inside = first < len(words)
    return np.asarray(inside & (words[np.minimum(first, len(words) - 1), 1] <= end))
