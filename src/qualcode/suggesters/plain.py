"""A text as cues are looked for in it: straight apostrophes and hyphens, composed accents, single spaces."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_LOOK_ALIKES = (("\u2019", "'"), ("\u2018", "'"), ("\u02bc", "'"), ("\u2010", "-"), ("\u2011", "-"))
_ODD_SPACE = re.compile(r"[^\S ]")
_SHORTENED = re.compile("  +|\\w[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain text, and the way back: from plain offset ``starts[i]`` on, the original is ``shifts[i]`` ahead."""

    text: str
    starts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def original(self, offset: int) -> int:
        """The code-point offset in the original text of a plain offset."""
        i = bisect_right(self.starts, offset)
        return offset + self.shifts[i - 1] if i else offset


def plain(text: str) -> Plain:
    """The plain text of `text`: one character for one, but for runs of white space and decomposed accents."""
    if not text.isascii():
        for look_alike, usual in _LOOK_ALIKES:
            text = text.replace(look_alike, usual)
    text = _ODD_SPACE.sub(" ", text)
    if "  " not in text and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return Plain(text)
    starts: list[int] = []
    shifts: list[int] = []
    parts: list[str] = []
    done = shift = 0
    for match in _SHORTENED.finditer(text):
        short = " " if match.group().isspace() else unicodedata.normalize("NFC", match.group())
        parts += [text[done : match.start()], short]
        starts.append(match.start() - shift + 1)
        done = match.end()
        shift += done - match.start() - len(short)
        shifts.append(shift)
    return Plain("".join([*parts, text[done:]]), tuple(starts), tuple(shifts))


def plain_pattern(pattern: str) -> str:
    """A pattern with the straight marks that it will meet; a hyphen is escaped, so that it makes no range of a set."""
    for look_alike, usual in _LOOK_ALIKES:
        pattern = pattern.replace(look_alike, usual if usual == "'" else r"\-")
    return pattern
