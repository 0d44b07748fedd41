"""The code panel: the tree with keys and counts, and below it what the code here means."""

from __future__ import annotations

from dataclasses import replace

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from qualcode.escaping import one_line
from qualcode.model import Code
from qualcode.session import relating
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.widgets.bars import filled
from qualcode.tui.widgets.drawn import Drawn
from qualcode.tui.wrapping import cells, clipped, column

Row = list[tuple[str, Style]]
_KEYLESS = ("no code has a key:", "Enter picks one by name")


class CodePanel(Drawn):
    """The codes. In the wait for a key after `c` the keys stand out; else the chosen coding's code does."""

    def __init__(self, sitting: Sitting, palette: Palette) -> None:
        super().__init__(id="codes")
        self.sitting = sitting
        self.palette = palette
        self.waiting = False
        self.shown: str | None = None
        self._rows: list[Row] = []

    def draw(self) -> None:
        """Show counts and the code here as they are now: the tree as far as it fits, the meaning at the bottom."""
        width, height = max(self.size.width - 2, 12), max(self.size.height, 3)
        code = self.sitting.code_of(self.shown) if self.shown and not self.waiting else None
        meaning = self._meaning(code, width)[: max(height * 2 // 5, 4)] if code else []
        tree, at = self._tree(width)
        if self.waiting and len(tree) > height:
            tree = self._keyed(width, height) or [[(line, self.palette.quiet)] for line in _KEYLESS] + tree
        room = max(height - len(meaning), 1)
        top = min(max(at - room // 2, 0), max(len(tree) - room, 0))
        rows = tree[top : top + room]
        self._rows = [*rows, *([[("", self.palette.text)]] * (room - len(rows))), *meaning]
        self.refresh()

    def show_code(self, path: str | None, *, waiting: bool = False) -> None:
        """Show what this code means."""
        if (path, waiting) != (self.shown, self.waiting):
            self.shown, self.waiting = path, waiting
            self.draw()

    def on_resize(self) -> None:
        """Break the definition anew."""
        self.draw()

    def _tree(self, width: int) -> tuple[list[Row], int]:
        """The rows, and which of them is the chosen code's."""
        rows: list[Row] = []
        book, at = "", 0
        told = "you+others" if any(self.sitting.others_counts.values()) else ""
        for code in self.sitting.codes:
            if code.codebook != book:
                book = code.codebook
                head = column(one_line(book), width - len(told)) + told
                rows.append([(head, self.palette.quiet + Style(bold=True))])
                told = ""
            if code.path == self.shown:
                at = len(rows)
            rows.append(self._row(code, width))
        if not rows:
            rows = [[("no codes yet:", self.palette.quiet)], [("a, then a name, makes one", self.palette.quiet)]]
        return rows, at

    def _keyed(self, width: int, height: int) -> list[Row]:
        """Only what has a key, in as many columns as it takes: all of it in sight while a key is waited for."""
        codes = [replace(code, path=f"/{leaf(code.path)}") for code in self.sitting.codes if code.key]
        columns = max(-(-len(codes) // height), min(2, len(codes)), 1)
        keyed = [self._row(code, width // columns) for code in codes]
        rows = -(-len(keyed) // columns)
        return [[piece for row in keyed[n::rows] for piece in row] for n in range(rows)]

    def _row(self, code: Code, width: int) -> Row:
        depth = code.path.count("/") - 1
        own, others = self.sitting.counts.get(code.path, 0), self.sitting.others_counts.get(code.path, 0)
        tail = f"{own or '·'}+{others}" if others else str(own or "")
        room = width - 2 * depth - 4 - len(tail)
        name = one_line(leaf(code.path))
        name = clipped(name, room)
        style = self.palette.name(code.path, code.colour)
        style += Style(bold=True, reverse=True) if code.path == self.shown else Style()
        key = self.palette.key if self.waiting else self.palette.quiet
        return [
            ("  " * depth + f"{one_line(code.key or ' '):1.1} ", key),
            (name, style),
            (" " * (room - cells(name) + 1) + tail, self.palette.quiet),
        ]

    def _meaning(self, code: Code, width: int) -> list[Row]:
        rows: list[Row] = [[("─" * width, self.palette.quiet)]]
        rows += [[(one_line(code.label or leaf(code.path)), self.palette.label)]]
        told = [line for each in relating.lines(self.sitting, code.path) for line in filled(each, width, 1)]
        room = 6 - min(len(told), 2)
        rows += [[(line, self.palette.text)] for line in filled(code.definition or "no definition yet", width, room)]
        rows += [[(line, self.palette.key)] for line in told]
        for sign, rules in (("+ ", code.include), ("− ", code.exclude)):
            for rule in rules[:3]:
                lines = filled(rule, width - 2, 2)
                rows += [[((sign if n == 0 else "  ") + line, self.palette.quiet)] for n, line in enumerate(lines)]
        return rows

    def render_line(self, y: int) -> Strip:
        """One row."""
        ground = self.palette.text
        pieces = self._rows[y] if y < len(self._rows) else []
        parts = [Segment("│ ", self.palette.quiet), *(Segment(text, ground + style) for text, style in pieces)]
        return Strip(parts).adjust_cell_length(self.size.width, ground)
