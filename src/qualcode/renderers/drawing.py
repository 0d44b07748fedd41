"""Figure → PNG or SVG by matplotlib: points with intervals (`forest`) and a table of counts in shades (`heatmap`).

One ink and its shades: no colour says good or bad. Text stays text in SVG.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from qualcode.errors import UsageError
from qualcode.escaping import safe_text
from qualcode.report import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = ("png", "svg")
INK, LIGHT = "#1f3b57", "#b8c4cf"
LABEL = 48
"""So many characters of a label are drawn."""


def draw(figure: Figure, format: str) -> bytes:
    """The figure as an image, the same bytes for the same figure. Raises UsageError for another format or kind.

    forest: `labels`, `values`, `low`, `high` (None where there is no interval), `n`; heatmap: `rows`, `columns`,
    `values` (rows of numbers, None for an empty cell).
    """
    if format not in FORMATS:
        raise UsageError(f'no figure can be drawn as "{format}"', f"choose {' or '.join(FORMATS)}")
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Sheet

    sheets = {"forest": _forest, "heatmap": _heatmap}
    if figure.kind not in sheets:
        raise UsageError(f"{figure.kind} are no figure for a file", "see the table")
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "qualcode", "font.size": 9}):
        sheet = Sheet(layout="constrained")
        FigureCanvasAgg(sheet)
        sheets[figure.kind](sheet, figure)
        out = BytesIO()
        quiet: Any = {"Software": None} if format == "png" else {"Date": None}
        sheet.savefig(out, format=format, dpi=200, metadata=quiet)
    return out.getvalue()


def _short(label: object) -> str:
    """A label that fits; a dollar sign is no formula."""
    text = safe_text(str(label)).replace("\n", " ").replace("$", r"\$")
    return text if len(text) <= LABEL else f"…{text[1 - LABEL :]}"


def _forest(sheet: Any, figure: Figure) -> None:
    data: Mapping[str, Any] = figure.data
    labels: Sequence[object] = data["labels"]
    count = len(labels)
    sheet.set_size_inches(6.8, 1.3 + 0.27 * max(count, 2))
    axes: Axes = sheet.add_subplot()
    for at in range(count):
        value, low, high = data["values"][at], data["low"][at], data["high"][at]
        if low is not None and high is not None:
            axes.plot([low, high], [at, at], color=INK, linewidth=1.2, solid_capstyle="butt", zorder=2)
        if value is not None:
            held = low is not None
            axes.plot(
                value, at, marker="o", markersize=5, color=INK, markerfacecolor=INK if held else "white", zorder=3
            )
    axes.set_yticks(range(count), [_short(label) for label in labels])
    axes.set_ylim(count - 0.4, -0.6)
    known = [v for name in ("values", "low", "high") for v in data[name] if v is not None]
    axes.set_xlim(min(-0.05, *known) - 0.03 if known else -0.05, 1.03)
    for floor in (0.667, 0.8):
        axes.axvline(floor, color=LIGHT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    axes.axvline(0, color=LIGHT, linewidth=0.8, zorder=1)
    counts = axes.secondary_yaxis("right")
    counts.set_yticks(range(count), [f"{n:,}" for n in data["n"]])
    counts.tick_params(length=0)
    said = f"{data.get('measure', 'alpha')} with 95 % interval; dashed: .667 and .800"
    hollow = "; hollow: no interval" if None in data["low"] else ""
    axes.set_xlabel(f"{said}{hollow}\nright: units that carry the code, mean over coders", fontsize=8)
    counts.spines["right"].set_visible(False)
    sheet.suptitle(_title(figure), fontsize=9, x=0.01, ha="left")
    _clean(axes)


def _heatmap(sheet: Any, figure: Figure) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    data: Mapping[str, Any] = figure.data
    rows, columns, values = data["rows"], data["columns"], data["values"]
    side = 0.34 * max(len(rows), 3)
    sheet.set_size_inches(2.8 + side, 2.4 + side)
    axes: Axes = sheet.add_subplot()
    top = max((v for row in values for v in row if v is not None), default=0) or 1
    shades = LinearSegmentedColormap.from_list("ink", ["#ffffff", INK]).with_extremes(bad="#eceff2")
    filled = [[float("nan") if v is None else v for v in row] for row in values]
    axes.imshow(filled, cmap=shades, vmin=0, vmax=top, aspect="equal")
    for y, row in enumerate(values):
        for x, value in enumerate(row):
            if value:
                axes.text(
                    x, y, f"{value:g}", ha="center", va="center", fontsize=7, color="white" if value > top / 2 else INK
                )
    axes.set_yticks(range(len(rows)), [_short(label) for label in rows])
    axes.set_xticks(range(len(columns)), [_short(label) for label in columns], rotation=90)
    sheet.suptitle(_title(figure), fontsize=9, x=0.01, ha="left")
    _clean(axes)


def _title(figure: Figure) -> str:
    """The caption over two lines at most, so that it never makes a figure wider."""
    from textwrap import wrap

    return "\n".join(wrap(figure.caption, 88))


def _clean(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
