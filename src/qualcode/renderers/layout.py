"""What every page says about a report, before it has a format. All text here is plain."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.report import Cell, Figure, Quotation, Report, Table


def facts(report: Report) -> tuple[tuple[str, str], ...]:
    """Under the title: what is counted, of how many, in whose layer, and the report's own facts."""
    known: list[tuple[str, str]] = []
    if report.unit:
        known.append(("Unit", report.unit if report.n is None else f"{report.unit} (n = {report.n:,})"))
    if report.layer:
        known.append(("Layer", report.layer))
    return (*known, *((name, str(value)) for name, value in report.facts.items() if name not in ("Unit", "Layer")))


def source_line(quotation: Quotation) -> str:
    """``[Secondary coordinator] · interview-2, turn 14 · also: role/pedagogical``, as far as known."""
    also = f"also: {', '.join(quotation.also)}" if quotation.also else ""
    return " · ".join(part for part in (quotation.attribution, quotation.origin, also) if part)


def as_table(figure: Figure) -> Table:
    """A figure's data as a table: one column a series, where no drawing is possible."""
    series = {name: _cells(data) for name, data in figure.data.items()}
    height = max(map(len, series.values()), default=0)
    rows = tuple(tuple(cells[at] if at < len(cells) else "" for cells in series.values()) for at in range(height))
    return Table(tuple(series), rows, figure.caption, decimals=(3,) * len(series))


def _cells(data: object) -> Sequence[Cell]:
    if isinstance(data, (list, tuple)):
        return [part if part is None or isinstance(part, (str, int, float)) else str(part) for part in data]
    return [data if data is None or isinstance(data, (str, int, float)) else str(data)]


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    from unicodedata import bidirectional

    first = next((way for way in map(bidirectional, text) if way in ("L", "R", "AL")), "L")
    return first != "L"


def lies_across(table: Table) -> bool:
    """Whether a table needs the long side of the paper: many columns, or several that hold sentences."""
    sentences = sum(any(len(text) > 80 for text in column) for column in zip(*table.texts, strict=True))
    return len(table.columns) > 8 or sentences > 2


def column_widths(table: Table, room: float) -> list[float]:
    """Centimetres a column: what its longest line needs, and if that is too much, at least its longest word.

    Nine-point text takes about 0.17 cm a character, bold heads 0.18; `room` is the width of the page's text.
    """
    columns = list(zip(*[table.columns, *table.texts], strict=True))
    lines = [max(len(line) for text in column for line in text.split("\n")) for column in columns]
    words = [max((len(word) for text in column for word in text.split()), default=1) for column in columns]
    floor = [0.35 + 0.18 * min(word, 16) for word in words]
    wanted = [max(0.45 + 0.19 * min(line, 60), least) for line, least in zip(lines, floor, strict=True)]
    if sum(wanted) <= room:
        return wanted
    spare = max(room - sum(floor), 0) / (sum(wanted) - sum(floor) or 1)
    widths = [least + spare * (want - least) for least, want in zip(floor, wanted, strict=True)]
    return [width * min(room / sum(widths), 1) for width in widths]
