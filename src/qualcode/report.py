"""What goes to a person before it has a format: a `Report` is a title and blocks, rendered by any renderer.

All text is plain: renderers escape. Nothing here knows Markdown, HTML or a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Cell = str | int | float | None
Align = Literal["left", "right"]
DAGGER = "†"


def cell_text(cell: Cell, decimals: int = 1) -> str:
    """A cell as it prints: None is n/a, a float has `decimals` digits; text stays as it is, unescaped."""
    if cell is None:
        return "n/a"
    # Adding 0.0 turns the -0.0 that rounding leaves of a small negative number into 0.0.
    return f"{round(cell, decimals) + 0.0:.{decimals}f}" if isinstance(cell, float) else str(cell)


def _side(cells: Sequence[Cell]) -> Align:
    known = [cell for cell in cells if cell is not None]
    return "right" if known and not any(isinstance(cell, str) for cell in known) else "left"


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

    `before` and `after` are context from the same source, never part of the quotation. `code` is the path under
    which the quotation stands, `codes` are all asked paths of its segment, `code` included. `start` and `end` are
    half-open code-point offsets into the source's text; `turn` counts from 1. `coder` names who read it so.
    """

    text: str
    attribution: str = ""
    origin: str = ""
    codes: tuple[str, ...] = ()
    memo: str | None = None
    before: str = ""
    after: str = ""
    code: str = ""
    label: str = ""
    source: str = ""
    case: str | None = None
    speaker: str | None = None
    turn: int | None = None
    start: int | None = None
    end: int | None = None
    coder: str = ""

    @property
    def also(self) -> tuple[str, ...]:
        """The other codes of the same segment."""
        return tuple(code for code in self.codes if code != self.code)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; None cells print as n/a. `unit` says what the figures count; `n` is the valid n.

    `decimals` are the digits a column's floats are printed with, 1 where it is shorter than the row; `align` is
    read off the cells where it is empty. `small` are the cells, as (row, column) from 0, whose base is too small to
    trust; they print with a dagger, which a note explains. A cell may hold line breaks.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    unit: str = ""
    n: int | None = None
    align: tuple[Align, ...] = ()
    decimals: tuple[int, ...] = ()
    small: frozenset[tuple[int, int]] = frozenset()

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The rows as they print."""
        digits = self.decimals + (1,) * (len(self.columns) - len(self.decimals))
        return tuple(
            tuple(
                cell_text(cell, places) + (DAGGER if (at, column) in self.small else "")
                for column, (cell, places) in enumerate(zip(row, digits, strict=True))
            )
            for at, row in enumerate(self.rows)
        )

    @property
    def sides(self) -> tuple[Align, ...]:
        """One alignment a column: `align`, else right where every cell is a number or n/a."""
        return self.align or tuple(_side([row[k] for row in self.rows]) for k in range(len(self.columns)))


@dataclass(frozen=True, slots=True)
class Margin:
    """One line of a transcript with what stands in its margin; `marks` are ``code (coder)`` labels.

    `coded` are sorted, disjoint, half-open code-point ranges of `text` that carry a code.
    """

    number: str
    speaker: str
    text: str
    marks: tuple[str, ...] = ()
    dimmed: bool = False
    coded: tuple[tuple[int, int], ...] = ()


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
