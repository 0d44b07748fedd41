"""Printed lines, and two columns of them: where the gutter is, and in which order they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner."""

_NARROWEST = 8.0  # points; the gutters of journals have 10 to 30
_FEWEST = 6
_SPANNING = 0.15
_WIDE = 0.3


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; lengths in points from the lower left corner of the page as it is seen.

    `weight` and `last_weight` are those of its first and last character, `bold` how many characters at its beginning
    are heavier than the rest. `rest` is where the words begin after a number at its beginning, `depth` the share of
    the page's height below the line. `column` counts from 0.
    """

    page: int
    text: str
    left: float
    right: float
    bottom: float
    top: float
    weight: int = 400
    last_weight: int = 400
    bold: int = 0
    rest: float = 0.0
    page_width: float = 595.0
    depth: float = 0.5
    column: int = 0

    @property
    def height(self) -> float:
        """From the lowest to the highest letter of the font."""
        return max(1.0, self.top - self.bottom)


Half = tuple[Line, tuple[Line, Line] | None]


def gutter(boxes: Sequence[Box]) -> tuple[float, float] | None:
    """The empty band (left, right) between two columns of text of about equal width, or None.

    `boxes` are (left, bottom, right, top) of runs of text. A column of names beside one of words is narrow, so a
    transcript set as a table has no gutter.
    """
    if len(boxes) < 2 * _FEWEST:
        return None
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    width = right - left
    best: tuple[float, float] | None = None
    for begins in sorted({int(box[0]) for box in boxes if 0.35 * width < box[0] - left < 0.65 * width}):
        before = [box for box in boxes if box[2] < begins]
        after = [box for box in boxes if box[0] >= begins - 1]
        crossing = len(boxes) - len(before) - len(after)
        ends = max((box[2] for box in before), default=left)
        if begins - ends >= _NARROWEST and crossing <= _SPANNING * len(boxes) and _wide(before, after, width):
            best = (ends, begins) if best is None or begins - ends > best[1] - best[0] else best
    return best


def _wide(before: Sequence[Box], after: Sequence[Box], width: float) -> bool:
    return all(len(side) >= _FEWEST and _middle(side) >= _WIDE * width for side in (before, after))


def _middle(side: Sequence[Box]) -> float:
    widths = sorted(box[2] - box[0] for box in side)
    return widths[len(widths) // 2]


def in_columns(lines: Sequence[Half], between: tuple[float, float]) -> list[Line]:
    """The lines by column: in the order of the file, or, where it goes from row to row, column after column.

    Each line comes with the two halves it falls into when it stands in both columns.
    """
    middle = sum(between) / 2
    if not any(halves for _, halves in lines):
        return [_set(line, middle) for line, _ in lines]
    ordered: list[Line] = []
    band: list[Line] = []
    for line, halves in sorted(lines, key=lambda one: -one[0].bottom):
        if halves or line.right < middle or line.left > middle:
            band += [_set(half, middle) for half in halves or (line,)]
        else:
            ordered += [*sorted(band, key=lambda one: one.column), line]
            band = []
    return [*ordered, *sorted(band, key=lambda one: one.column)]


def _set(line: Line, middle: float) -> Line:
    return replace(line, column=1) if line.left > middle else line
