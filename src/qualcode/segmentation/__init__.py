"""Cut a source into segments: turns, sentences, paragraphs, answers.

Segments never cross a turn; labels and time stamps, which lie outside the turns, are in none. They are trimmed of
white space, in order and disjoint, and together hold every other character of the turns. The sentence splitter is
made for transcribed speech: a full stop ends a sentence even when no capital follows, an ellipsis in mid-thought does
not, and ``[laughs]`` stays with what was said before it. Offsets are code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from qualcode.model import Segment, Source, Span, Turn
from qualcode.segmentation.paragraphs import paragraphs, trimmed, wrap_width
from qualcode.segmentation.sentences import sentences

Unit = Literal["turn", "sentence", "paragraph", "answer"]
UNITS: tuple[Unit, ...] = ("turn", "sentence", "paragraph", "answer")


def cut(source: Source, unit: Unit) -> tuple[Segment, ...]:
    """The segments of a source.

    ``turn``: each turn. ``answer``: each turn, but not an interviewer's. ``paragraph`` and ``sentence``: inside each
    turn. A source without turns is cut into the paragraphs, or sentences, of its whole text.
    """
    if unit not in UNITS:
        raise ValueError(f"no unit {unit!r}")
    width = wrap_width(source.text)
    spans: list[Span] = []
    for stretch in _stretches(source, unit):
        if unit in ("turn", "answer") and source.turns:
            spans.append(stretch)
            continue
        for paragraph in paragraphs(source.text, stretch, width):
            spans.extend(sentences(source.text, paragraph) if unit == "sentence" else [paragraph])
    return tuple(Segment(source, span) for span in spans)


def _stretches(source: Source, unit: Unit) -> Iterator[Span]:
    """The turns' spans without white space at their ends; the whole text where there are no turns."""
    whole = (Turn(1, Span(0, len(source.text))),) if source.text else ()
    for turn in source.turns or whole:
        span = trimmed(source.text, turn.span.start, turn.span.end)
        if span and not (unit == "answer" and turn.role == "interviewer"):
            yield span
