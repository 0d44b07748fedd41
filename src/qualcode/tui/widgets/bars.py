"""Single lines: title, pinned question, status, keys. They draw themselves, so that changing one redraws one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from qualcode.escaping import one_line
from qualcode.tui.colours import Palette
from qualcode.tui.widgets.drawn import Drawn
from qualcode.tui.wrapping import cells, clipped, cut_lines

Piece = tuple[str, Style]


class Bar(Drawn):
    """Lines of styled pieces, cut at the right edge. What is said is made safe here."""

    def __init__(self, palette: Palette, *, id: str, bar: bool = False, height: int = 1) -> None:
        super().__init__(id=id)
        self.palette = palette
        self.bar = bar
        self.styles.height = height
        self._lines: list[list[Piece]] = []

    def say(self, *lines: Sequence[Piece]) -> None:
        """Show these lines; the same ones again draw nothing."""
        fresh = [[(one_line(text), style) for text, style in line] for line in lines]
        if fresh != self._lines:
            self._lines = fresh
            self.refresh()

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return "\n".join("".join(text for text, _ in line) for line in self._lines)

    def render_line(self, y: int) -> Strip:
        """One line."""
        ground = self.palette.bar if self.bar else self.palette.text
        pieces = self._lines[y] if y < len(self._lines) else []
        strip, width = Strip([Segment(text, ground + style) for text, style in pieces]), self.size.width
        if strip.cell_length > width > 1:  # what is cut is seen to be cut
            strip = Strip([*strip.crop(0, width - 1), Segment("…", ground)])
        return strip.adjust_cell_length(width, ground)


def filled(text: str, width: int, lines: int) -> list[str]:
    """A text broken into at most so many lines of `width` cells, the last one ending in … when there is more."""
    line = one_line(" ".join(text.split()))
    found = [line[start:end] for start, end in cut_lines(line, max(width, 1))]
    if len(found) > lines:
        found = [*found[: lines - 1], f"{clipped(found[lines - 1], width - 2).rstrip('…')} …"]
    return found


def keys_line(pairs: Sequence[tuple[str, str]], palette: Palette, width: int) -> list[Piece]:
    """The footer: as many keys as fit whole, the last ones (help, quit) always among them."""
    ground = palette.bar
    key = ground + Style(bold=True)
    last = pairs[-2:]
    room = width - sum(cells(k) + len(w) + 3 for k, w in last)
    pieces: list[Piece] = []
    for name, word in pairs[:-2]:
        size = cells(name) + len(word) + 3
        if size > room:
            break
        room -= size
        pieces += [(f" {name}", key), (f" {word} ", ground)]
    for name, word in last:
        pieces += [(f" {name}", key), (f" {word} ", ground)]
    return pieces
