"""A passage with what stands around it: question, turn, next turn; the chosen words stand out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from qualcode.escaping import one_line, safe_text
from qualcode.model import Source, Span
from qualcode.session.numbering import Numbered
from qualcode.tui.colours import Palette
from qualcode.tui.widgets.drawn import Drawn
from qualcode.tui.wrapping import cells, clipped, cut_lines, ending

ASKED = 130  # cells of a question: about two lines
WIDE = 96  # columns from which a speaker's whole name has room beside the words


@dataclass(frozen=True, slots=True)
class Block:
    """Some words: what hangs before them, their style, and which of them stand out (offsets into `text`); of these,
    `evidence` is marked once more.
    """

    head: str
    text: str
    style: Style
    out: tuple[int, int] | None = None
    evidence: tuple[tuple[int, int], ...] = ()


class Passage(Drawn):
    """Blocks, wrapped; it scrolls so that what stands out is in sight."""

    def __init__(self, palette: Palette, *, id: str = "passage") -> None:
        super().__init__(id=id)
        self.palette = palette
        self._blocks: list[Block] = []
        self._lines: list[Strip] = []
        self._top = 0
        self._head = 9

    def show(self, blocks: list[Block]) -> None:
        """Show these blocks."""
        self._blocks = blocks
        self._wrap()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._wrap()

    @property
    def text(self) -> str:
        """What is shown, line by line."""
        return "\n".join(strip.text.rstrip() for strip in self._lines)

    def _wrap(self) -> None:
        self._head = 9 if self.size.width < WIDE else 15
        width = min(max(self.size.width - self._head - 3, 20), 76)
        self._lines, marked = [], []
        for block in self._blocks:
            plain = block.text.replace("\n", " ").replace("\t", " ")
            for number, (start, end) in enumerate(cut_lines(plain, width)):
                head = block.head if number == 0 else ""
                if block.out and block.out[0] < end and start < block.out[1]:
                    marked.append(len(self._lines))
                self._lines.append(self._strip(head, plain, start, end, block))
        height = max(self.size.height, 1)
        first = marked[0] if marked else 0
        last = marked[-1] if marked else 0
        self._top = 0 if last < height else max(min(first - 2, len(self._lines) - height), 0)
        self.refresh()

    def _strip(self, head: str, text: str, start: int, end: int, block: Block) -> Strip:
        edges = [*(block.out or ()), *itertools.chain(*block.evidence)]
        cuts = sorted({start, end, *(at for at in edges if start < at < end)})
        name = clipped(one_line(head), self._head)
        parts = [Segment(" " * (self._head - cells(name)) + name + " ", self.palette.label)]
        for one, two in itertools.pairwise(cuts):
            chosen = block.out is not None and block.out[0] <= one < block.out[1]
            style = block.style + self.palette.selected if chosen else block.style
            if any(low <= one < high for low, high in block.evidence):
                style += self.palette.hit
            parts.append(Segment(safe_text(text[one:two]), style))
        return Strip(parts)

    def render_line(self, y: int) -> Strip:
        """One line."""
        row = self._top + y
        strip = self._lines[row] if row < len(self._lines) else Strip.blank(0)
        return strip.adjust_cell_length(self.size.width, self.palette.text)


def around(
    source: Source, span: Span, palette: Palette, *, wide: bool = True, evidence: Sequence[tuple[int, int]] = ()
) -> list[Block]:
    """The question, the turns of a span whole, and the next turn; without `wide` only the turns of the span.

    `evidence` are ranges of the source's text that are marked.
    """
    text = Numbered(source)
    if not text.turns:
        return [Block("", source.quote(span), palette.text, (0, len(span)))]
    first, last = text.turn_at(span.start), text.turn_at(max(span.end - 1, span.start))
    blocks = []
    asked = text.turns[first].prompt or (
        source.quote(text.turns[first - 1].span) if first and text.turns[first].role != "interviewer" else ""
    )
    if asked and wide:
        blocks += [Block("?", ending(one_line(asked), ASKED), palette.asked), Block("", " ", palette.text)]
    for index in range(first, last + 1):
        turn = text.turns[index]
        out = (max(span.start - turn.span.start, 0), min(span.end, turn.span.end) - turn.span.start)
        marked = tuple((low - turn.span.start, high - turn.span.start) for low, high in evidence)
        blocks.append(Block(turn.speaker or str(turn.n), source.quote(turn.span), palette.text, out, marked))
    if wide and last + 1 < len(text.turns):
        after = text.turns[last + 1]
        blocks += [Block("", " ", palette.text), Block(after.speaker or "", source.quote(after.span), palette.asked)]
    return blocks
