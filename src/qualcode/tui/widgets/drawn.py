"""Widgets that draw their own lines, past Textual's caches and colour filters."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Drawn(Widget):
    """`render_line` is asked for what is to be drawn and nothing else happens to it.

    Textual applies borders, backgrounds and filters of colours to every line in between, which is two thirds of the
    time of a repaint. These widgets have no border, and the palette holds no colour where none is wanted.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region."""
        width = self.size.width
        strips = [self.render_line(y) for y in range(crop.y, crop.bottom)]
        whole = crop.x == 0 and crop.width == width
        return strips if whole else [strip.crop(crop.x, crop.right) for strip in strips]
