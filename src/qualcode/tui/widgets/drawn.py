"""Widgets that draw their own lines, past Textual's caches and colour filters."""

from __future__ import annotations

from typing import Self

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Drawn(Widget):
    """`render_line` is asked for what is to be drawn, its lines are kept until `refresh`, and nothing else happens.

    Textual applies borders, backgrounds and filters of colours to every line in between, which is two thirds of the
    time of a repaint. These widgets have no border, and the palette holds no colour where none is wanted. A repaint of
    one line asks every widget in sight for all of its lines, so they are kept.
    """

    _kept: tuple[int, dict[int, Strip]] = (-1, {})

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As any widget."""
        if repaint:
            self._kept = (-1, {})
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region."""
        width = self.size.width
        if self._kept[0] != width:
            self._kept = (width, {})
        kept = self._kept[1]
        for y in range(crop.y, crop.bottom):
            if y not in kept:
                kept[y] = self.render_line(y)
        strips = [kept[y] for y in range(crop.y, crop.bottom)]
        whole = crop.x == 0 and crop.width == width
        return strips if whole else [strip.crop(crop.x, crop.right) for strip in strips]
