"""Readings side by side: who read what where, without a figure, for studies in which readings are compared, not
measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from qualcode.analysis.discussion import readings_of
from qualcode.model import Disagreement
from qualcode.report import Block, Heading, Note, Paragraph, Report

WHY = (
    "This project is reflexive: readings are compared, not measured. Where two people read a passage differently, both "
    "readings can hold; memos say what lies behind them."
)


def readings_report(places: Sequence[Disagreement], notes: Sequence[str] = ()) -> Report:
    """Every place that two or more people could have read, by source and in its order."""
    blocks: list[Block] = []
    ordered = sorted(places, key=lambda place: (place.source.name, place.span, place.codes))
    for source, group in groupby(ordered, key=lambda place: place.source.name):
        blocks.append(Heading(source))
        blocks += _passages(list(group))
    if not blocks:
        blocks.append(Paragraph("Nothing was read by two people yet."))
    return Report("Readings side by side", (*blocks, *map(Note, (WHY, *notes))))


def _passages(places: Sequence[Disagreement]) -> Iterator[Block]:
    for place in places:
        yield from readings_of(place)
