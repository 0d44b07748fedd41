"""What things look like: in true colour, in the terminal's own 16 colours, and in none.

In none (``NO_COLOR``), a selection is reversed and a coding underlined; names in the margin say the rest. With 16
colours codings are underlined and striped in the terminal's own colours, so light and dark grounds both work. Only
where the ground is painted by us do codings get a tint of their code's colour.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from rich.style import Style

Depth = Literal["full", "sixteen", "none"]
_HUES = ("#ee7766", "#66aadd", "#55bb77", "#ddaa44", "#bb77cc", "#44bbbb", "#dd77aa", "#99aa44")
_DARKER = ("#aa3322", "#22669a", "#227744", "#886600", "#884499", "#117777", "#aa3366", "#667711")
_ANSI = ("red", "blue", "green", "yellow", "magenta", "cyan")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Palette:
    """The styles of one look; `dark` is about the ground."""

    def __init__(self, depth: Depth, dark: bool = True) -> None:
        self._made: dict[tuple[object, ...], Style] = {}
        self.become(depth, dark)

    def become(self, depth: Depth, dark: bool) -> None:
        """Change to another look; whoever draws with this palette draws so from now on."""
        self._made.clear()
        self.depth = depth
        self.dark = dark
        ground = {"full": ("#16181c", "#faf9f5")}.get(depth)
        self.ground = (ground[0] if dark else ground[1]) if ground else None
        self.text = self._style("#d8d8d2" if dark else "#22241f")
        self.quiet = self._style("#7c808a" if dark else "#77776f", dim=depth != "full")
        self.asked = self._style("#8f939c" if dark else "#6d6d66", dim=depth != "full")
        self.label = self._style("#b9a97c" if dark else "#7a5f1a", bold=True)
        self.selected = (
            Style(color="#ffffff" if dark else "#101010", bgcolor="#34507a" if dark else "#c4d8f4")
            if depth == "full"
            else Style(reverse=True)
        )
        self.hit = _hit(depth) if depth != "none" else Style(bold=True, underline=True)
        self.proposed = Style(italic=True, underline=depth == "none")
        self.bar = Style(color="#c8c8c0", bgcolor="#2a2d33") if depth == "full" and dark else (
            Style(color="#30302c", bgcolor="#e4e2da") if depth == "full" else Style(reverse=True)
        )  # fmt: skip
        self.saved = self._style("#7fc98f" if dark else "#1d6b33", ansi="green", bold=True)
        self.refused = self._style("#e8a25c" if dark else "#a04a00", ansi="yellow", bold=True)
        self.key = self._style("#e0c069" if dark else "#7a5200", ansi="cyan", bold=True)

    def _style(self, colour: str, *, ansi: str | None = None, bold: bool = False, dim: bool = False) -> Style:
        shade = colour if self.depth == "full" else ansi if self.depth == "sixteen" else None
        style = Style(color=shade, bold=bold or None, dim=dim or None)
        return style + Style(bgcolor=self.ground) if self.ground else style

    def hue(self, path: str, colour: str | None) -> str:
        """The colour of a code: its own, else one that its path always gets."""
        number = sum(map(ord, path)) * 31 + len(path)
        if self.depth == "sixteen":
            return _ANSI[number % len(_ANSI)]
        if colour and _HEX.fullmatch(colour):
            return colour
        hues = _HUES if self.dark else _DARKER
        return hues[number % len(hues)]

    def name(self, path: str, colour: str | None) -> Style:
        """A code's name or stripe in the margin."""
        return self._once((path, colour), lambda: self._named(path, colour))

    def coded(self, path: str, colour: str | None, deep: int) -> Style:
        """Coded words; `deep` is how many codings lie on them."""
        return self._once((path, colour, deep), lambda: self._coded(path, colour, deep))

    def _once(self, key: tuple[object, ...], make: Callable[[], Style]) -> Style:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _named(self, path: str, colour: str | None) -> Style:
        if self.depth == "none":
            return Style()
        hue = self.hue(path, colour)
        if self.depth == "full":  # a codebook's colours are made for paper
            hue = _mixed("#ffffff" if self.dark else "#000000", hue, 0.3)
        return Style(color=hue, bgcolor=self.ground)

    def _coded(self, path: str, colour: str | None, deep: int) -> Style:
        if self.depth != "full":
            return Style(underline=True, bold=deep > 1 or None)
        share = min(0.12 + 0.07 * deep, 0.34)
        return Style(bgcolor=_mixed(self.hue(path, colour), str(self.ground), share), underline=deep > 1 or None)


def _hit(depth: Depth) -> Style:
    return Style(color="#101010", bgcolor="#e0c050") if depth == "full" else Style(color="black", bgcolor="yellow")


def _mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour over the other."""
    parts = [round(int(one[at : at + 2], 16) * share + int(other[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*parts)
