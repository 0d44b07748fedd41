"""What goes to a person before it has a format: a `Report` is a title and blocks, rendered by any renderer.

All text is plain: renderers escape. Nothing here knows Markdown, HTML or a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Cell = str | int | float | None
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is the report's own sections (the title is level 0)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A verbatim quotation. `text` is a slice of the source; `origin` says where (``interview-2, turn 14``).

    `before` and `after` are context from the same source, never part of the quotation.
    """

    text: str
    attribution: str = ""
    origin: str = ""
    codes: tuple[str, ...] = ()
    memo: str | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; None cells print as n/a. `unit` says what the figures count; `n` is the valid n."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    unit: str = ""
    n: int | None = None
    align: tuple[Align, ...] = ()


@dataclass(frozen=True, slots=True)
class Margin:
    """One line of a transcript with what stands in its margin; `marks` are ``code (coder)`` labels."""

    number: str
    speaker: str
    text: str
    marks: tuple[str, ...] = ()
    dimmed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Data of a plot: bars or points with intervals; drawn by the renderer."""

    kind: Literal["bars", "forest", "heatmap"]
    caption: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader must know to read the figures: layer, denominators, what was left out."""

    text: str


Block = Heading | Paragraph | Quotation | Table | Margin | Figure | Note


@dataclass(frozen=True, slots=True)
class Report:
    """A title, blocks, and the facts every figure carries: unit, n, layer."""

    title: str
    blocks: tuple[Block, ...] = ()
    unit: str = ""
    n: int | None = None
    layer: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables among the blocks."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def notes(self) -> tuple[str, ...]:
        """The texts of the notes among the blocks."""
        return tuple(block.text for block in self.blocks if isinstance(block, Note))
