"""What the transcriber marked as not understood: ``[inaudible]``, ``[crosstalk]``, ``(unclear 00:12:03)`` …"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from qualcode.model import Bundle, Notice, Source, Span
from qualcode.readers import stamps

_WORDS = (
    r"inaudible|unintelligible|indistinct|incomprehensible|unclear|cross ?-?talk|overlapping|over-?talk\w*|"
    r"talking over|multiple speakers|unverständlich|unv\.|inaudibles?|incompréhensible|ininteligible|inintelligible|"
    r"inaudível|ininteligível|imperceptível|onverstaanbaar|niezrozumiałe|неразборчиво|听不清"
)
_MARK = re.compile(
    rf"\\?[\[(<{{]\s*(?:(?P<word>{_WORDS})\b[^\])>}}\n]{{0,60}}|[^\])>}}\n]{{0,30}}\b(?P<later>inaudible|unintelligible|"
    rf"crosstalk)\b[^\])>}}\n]{{0,30}}|(?P<signs>\?{{2,5}}))\s*\\?[\])>}}]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One such place: the number of its turn (None outside of turns), the speaker, seconds of the mark or its turn."""

    span: Span
    word: str
    turn: int | None
    speaker: str | None
    time: float | None


def marks(source: Source) -> tuple[Mark, ...]:
    """The places of a source in order; `word` is what stands in the brackets, in lower case and without a time."""
    found = []
    for match in _MARK.finditer(source.text):
        span = Span(*match.span())
        turn = source.turn_at(span)
        own = stamps.seconds(match[0])
        time = own if own is not None else turn.time if turn else None
        word = (match["word"] or match["later"] or match["signs"]).casefold().replace(" ", "")
        found.append(Mark(span, word, turn.n if turn else None, turn.speaker if turn else None, time))
    return tuple(found)


def told(bundle: Bundle) -> Bundle:
    """The bundle with a notice for each talk that has such places."""
    said = [
        _notice(source, found) for source in bundle.sources if source.kind != "answers" and (found := marks(source))
    ]
    return replace(bundle, notices=(*bundle.notices, *said))


def _notice(source: Source, found: tuple[Mark, ...]) -> Notice:
    counts = ", ".join(f"{word} {count}" for word, count in Counter(mark.word for mark in found).most_common())
    many = f"{len(found)} places are" if len(found) > 1 else "1 place is"
    said = f"{many} marked as not understood ({counts}): `qualcode show SOURCE --inaudible`"
    return Notice(source.file or source.name, "info", said)
