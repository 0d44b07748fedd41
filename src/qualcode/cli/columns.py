"""A table within the width of a terminal: numbers are never broken, paths and words break where they may.

What does not fit beside the first column follows below it in bands, each beginning with the first column again, as R
prints a data frame. Widths are terminal cells, not characters: an East Asian letter takes two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from qualcode.escaping import safe_text
from qualcode.report import Align, Table

GAP = 2  # cells between columns
NARROW = (22, 16, 12)  # how far text columns are squeezed, step by step, before a table is cut into bands
_PIECE = re.compile(r"\s+|[^\s/\-]*[/\-]+|[^\s/\-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column with its texts, its header first; `least` and `natural` are widths."""

    cells: tuple[str, ...]
    side: Align
    least: int
    natural: int


def broken(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells: broken at blanks, after slashes and hyphens, else where it must."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECE.findall(paragraph.replace("\t", "    ")):
            for part in [piece] if cell_len(piece) <= width else chop_cells(piece, width):
                if line and cell_len(line) + cell_len(part.rstrip()) > width:
                    lines.append(line.rstrip())
                    line = part.lstrip()
                else:
                    line += part
        lines.append(line.rstrip())
    return lines


def columns(table: Table, narrow: int = NARROW[0]) -> list[Column]:
    """The columns of a table, their texts made safe; text columns may be squeezed to `narrow` cells."""
    made = []
    for k, (head, side) in enumerate(zip(table.columns, table.sides, strict=True)):
        cells = tuple(safe_text(text) for text in (head, *(row[k] for row in table.texts)))
        natural = max((cell_len(line) for cell in cells for line in cell.split("\n")), default=1)
        word = max((cell_len(piece) for piece in _PIECE.findall(cells[0])), default=1)
        if side == "right":
            least = max([word, *(cell_len(line) for cell in cells[1:] for line in cell.split("\n"))])
        else:
            least = max(word, min(natural, narrow))
        made.append(Column(cells, side, min(least, natural), max(natural, 1)))
    return made


def bands(table: Table, width: int) -> list[list[Column]]:
    """The table's columns in groups that fit beside the first one, which begins every group; one group if it can be."""
    if not table.columns:
        return []
    for narrow in NARROW:
        groups = _groups(columns(table, narrow), width)
        if len(groups) == 1:
            return groups
    return _groups(columns(table), width)


def _groups(given: Sequence[Column], width: int) -> list[list[Column]]:
    first, *others = given
    groups = [[first]]
    for column in others:
        used = sum(each.least + GAP for each in groups[-1])
        if len(groups[-1]) > 1 and used + column.least > width:
            groups.append([first])
        groups[-1].append(column)
    return groups


def widths(band: Sequence[Column], width: int) -> list[int]:
    """How wide each column of a band becomes: its least, and a fair share of what is left."""
    got = [min(column.least, width) for column in band]
    spare = width - sum(got) - GAP * (len(band) - 1)
    wanting = sorted(range(len(band)), key=lambda k: band[k].natural - got[k])
    for place, k in enumerate(wanting):
        share = min(band[k].natural - got[k], max(spare, 0) // (len(wanting) - place))
        got[k] += share
        spare -= share
    return got


def lines(band: Sequence[Column], width: int) -> list[list[str]]:
    """The lines of each row of a band, the header's first."""
    wide = widths(band, width)
    rows = []
    for r in range(len(band[0].cells)):
        cells = [broken(column.cells[r], w) for column, w in zip(band, wide, strict=True)]
        high = max(map(len, cells))
        row = []
        for at in range(high):
            parts = [cell[at] if at < len(cell) else "" for cell in cells]
            row.append((" " * GAP).join(map(_set, parts, wide, (column.side for column in band))).rstrip())
        rows.append(row)
    return rows


def _set(text: str, width: int, side: Align) -> str:
    blanks = " " * max(width - cell_len(text), 0)
    return blanks + text if side == "right" else text + blanks
