"""The chart: case by code, one's own summary above, the quotations below."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.strip import Strip

from qualcode.escaping import one_line
from qualcode.model import Coding
from qualcode.session.comparing import Charting
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Choose, Writing
from qualcode.tui.screens.frame import Frame, bindings
from qualcode.tui.widgets.bars import Bar
from qualcode.tui.widgets.drawn import Drawn
from qualcode.tui.widgets.passage import Block, Passage
from qualcode.tui.wrapping import column

COLUMN = 14
FIRST = 16


class Cells(Drawn):
    """The counts; a cell with a summary has a pen."""

    def __init__(self, charting: Charting, palette: Palette) -> None:
        super().__init__(id="list")
        self.charting, self.palette = charting, palette
        self.row = self.column = 0

    def step(self, down: int, right: int) -> None:
        """Choose another cell."""
        self.row = min(max(self.row + down, 0), max(len(self.charting.cases) - 1, 0))
        self.column = min(max(self.column + right, 0), max(len(self.charting.codes) - 1, 0))
        self.refresh()

    def _columns(self) -> range:
        room = max((self.size.width - FIRST) // COLUMN, 1)
        first = min(max(self.column - room // 2, 0), max(len(self.charting.codes) - room, 0))
        return range(first, min(first + room, len(self.charting.codes)))

    def render_line(self, y: int) -> Strip:
        """The codes, then one case a line."""
        width, ground = self.size.width, self.palette.text
        height = max(self.size.height - 1, 1)
        top = min(max(self.row - height // 2, 0), max(len(self.charting.cases) - height, 0))
        if y == 0:
            parts = [Segment(" " * FIRST, ground)]
            for number in self._columns():
                code = self.charting.codes[number]
                style = self.palette.name(code.path, code.colour) + Style(bold=number == self.column)
                parts.append(Segment(column(one_line(leaf(code.path)), COLUMN - 1) + " ", style))
            return Strip(parts).adjust_cell_length(width, ground)
        row = top + y - 1
        if row >= len(self.charting.cases):
            return Strip.blank(width, ground)
        case = self.charting.cases[row]
        name = Segment(f" {column(one_line(case.name), FIRST - 2)} ", ground + Style(bold=row == self.row))
        return Strip([name, *(self._cell(row, number) for number in self._columns())]).adjust_cell_length(width, ground)

    def _cell(self, row: int, number: int) -> Segment:
        case, code = self.charting.cases[row].name, self.charting.codes[number].path
        own, others = self.charting.count(case, code)
        count = own + others
        said = f"{own or '·'}{f'+{others}' if others else ''}{' ✎' if self.charting.summary(case, code) else ''}"
        chosen = (row, number) == (self.row, self.column)
        style = self.palette.selected if chosen else self.palette.text if count else self.palette.quiet
        return Segment(f"{said:<{COLUMN - 1}} ", self.palette.text + style)


class Chart(Frame):
    """Case by code."""

    SCOPE = "chart"
    BINDINGS = bindings("chart")

    def __init__(self, sitting: Sitting, palette: Palette) -> None:
        super().__init__(sitting, palette)
        self.charting = Charting(sitting)

    def compose(self) -> ComposeResult:
        """Title, cells, the chosen one's summary and quotations."""
        yield Bar(self.palette, id="title", bar=True)
        yield Cells(self.charting, self.palette)
        yield Passage(self.palette)
        yield from self.bars()

    def on_mount(self) -> None:
        """Show the first cell."""
        self.show_keys()
        self.call_after_refresh(self.draw)

    @property
    def here(self) -> tuple[str, str] | None:
        """Case and code of the chosen cell."""
        cells = self.query_one(Cells)
        if not self.charting.cases or not self.charting.codes:
            return None
        return self.charting.cases[cells.row].name, self.charting.codes[cells.column].path

    def _quotations(self) -> list[Coding]:
        return self.charting.quotations(*self.here) if self.here else []

    def draw(self) -> None:
        """Draw everything."""
        cells = self.query_one(Cells)
        cells.step(0, 0)
        if self.here is None:
            self.query_one("#title", Bar).say([(" nothing to chart yet", self.palette.bar)])
            return
        case, code = self.here
        known = self.charting.cases[cells.row].attributes
        attributes = " · ".join(f"{name}: {value}" for name, value in known.items() if value is not None)
        where = (
            f"case {cells.row + 1} of {len(self.charting.cases)}, code {cells.column + 1} of {len(self.charting.codes)}"
        )
        self.query_one("#title", Bar).say([(f" {case} × {leaf(code)} · {where}   {attributes}", self.palette.bar)])
        summary = self.charting.summary(case, code)
        blocks = [
            Block(
                "summary", summary or "none yet: Enter writes one", self.palette.text if summary else self.palette.quiet
            )
        ]
        for coding in self._quotations():
            blocks += [Block("", " ", self.palette.text), Block(coding.coder, coding.segment.quote, self.palette.text)]
        self.query_one(Passage).show(blocks)

    def after(self) -> None:
        """Draw what an act has changed."""
        self.charting.refresh()
        self.draw()

    def on_screen_resume(self) -> None:
        """Back from the transcript."""
        if self.is_mounted:
            self.quietly(self.after)

    def action_step(self, by: int) -> None:
        """Another case."""
        self.query_one(Cells).step(by, 0)
        self.draw()

    def action_sidestep(self, by: int) -> None:
        """Another code."""
        self.query_one(Cells).step(0, by)
        self.draw()

    def action_filter(self) -> None:
        """Only the codes of a set or codebook."""
        ways = self.charting.ways
        sets = {each.path: each.label for each in self.sitting.gathered}
        rows = [
            (sets.get(way, way or "all codes"), "set" if way in sets else "codebook" if way else "") for way in ways
        ]

        def chosen(number: int | None) -> None:
            if number is not None:
                self.attempt(lambda: self.charting.narrow(ways[number]))

        self.app.push_screen(Choose("chart", rows, self.palette), chosen)

    def action_memo(self) -> None:
        """Write the summary."""
        if self.here is None:
            return
        case, code = self.here
        title = f"{case} × {leaf(code)}"
        text = self.charting.summary(case, code)
        screen = Writing(title, text, lambda said: self.charting.write(case, code, said), self.palette)
        self.app.push_screen(screen, lambda _: self.draw())

    def action_visit(self) -> None:
        """Open the first quotation in its transcript."""
        from qualcode.tui.screens.reading import Reading

        found = self._quotations()
        if found:
            self.sitting.open(found[0].source.id, found[0].span)
            self.app.push_screen(Reading(self.sitting, self.palette, back=True))
