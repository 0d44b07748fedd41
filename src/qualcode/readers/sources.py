"""The one source that a transcript or document file makes, with an id that is the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from qualcode.model import Bundle, Kind, Notice, Source, Span, Turn, stable_id
from qualcode.readers.turns import Talk


@dataclass(frozen=True, slots=True)
class Speech:
    """What one speaker said in one go, for formats whose text has to be put together. `time` is in seconds."""

    speaker: str | None
    time: float | None
    text: str


def composed(speeches: Sequence[Speech]) -> tuple[str, Talk]:
    """``Speaker: text`` paragraphs separated by blank lines, and the turns in them; no speech may be blank."""
    paragraphs, turns, at = [], [], 0
    for n, speech in enumerate(speeches, 1):
        label = f"{speech.speaker}: " if speech.speaker else ""
        begins = at + len(label)
        turns.append(Turn(n, Span(begins, begins + len(speech.text)), speaker=speech.speaker, time=speech.time))
        paragraphs.append(label + speech.text)
        at = begins + len(speech.text) + 2
    kind: Kind = "interview" if any(turn.speaker for turn in turns) else "document"
    return "\n\n".join(paragraphs), Talk(tuple(turns), kind)


def stem(name: str) -> str:
    """The file's name without its last ending; the whole name when nothing would be left."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return base.rpartition(".")[0].strip() or base


def source_of(raw: bytes, name: str, text: str, spoken: Talk, notices: Sequence[Notice] = ()) -> Bundle:
    """A bundle of one source. Its id is a hash of the file's bytes, so two people who import it get the same."""
    digest = hashlib.sha256(raw).hexdigest()
    source = Source(
        id=stable_id("source", digest, 0),
        name=stem(name),
        kind=spoken.kind,
        text=text,
        turns=spoken.turns,
        sha256=digest,
        file=name,
    )
    return Bundle(sources=(source,), notices=(*notices, *spoken.notices))
