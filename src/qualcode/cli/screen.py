"""A report on a terminal, set with rich: plain `Text` only, so that no bracket of a transcript is read as markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from qualcode.cli import columns
from qualcode.escaping import one_line, safe_text
from qualcode.report import Block, Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table

BAR = 40  # columns of the longest bar


def show(report: Report, stream: TextIO, width: int | None = None) -> None:
    """Print the report; `width` in columns, the terminal's own when None."""
    console = Console(file=stream, markup=False, emoji=False, highlight=False, width=width)
    if report.title:
        console.print(_text(one_line(report.title), "bold"))
    for block in report.blocks:
        console.print(_set(block, console.width))


def _set(block: Block, width: int) -> RenderableType:
    match block:
        case Table():
            return _table(block, width)
        case Quotation():
            return _quotation(block)
        case Margin():
            return _margin(block)
        case Figure():
            return _figure(block)
        case Heading():
            return _text(f"\n{one_line(block.text)}", "bold")
        case Note():
            return Padding(_text(block.text, "dim"), (0, 0, 0, 2))
        case Paragraph():
            return _text(block.text)


def _text(text: str, style: str = "") -> Text:
    return Text(safe_text(text), style=style, overflow="fold", tab_size=4)


def _table(table: Table, width: int) -> RenderableType:
    """The table in bands that fit; see `columns`."""
    text = Text(no_wrap=True, overflow="ignore")
    if table.caption:
        text.append(f"{one_line(table.caption)}\n", "italic")
    for k, band in enumerate(columns.bands(table, width)):
        head, *rows = columns.lines(band, width)
        text.append("\n" if k else "")
        text.append("\n".join(head) + "\n", "bold")
        text.append("".join(f"{line}\n" for row in rows for line in row))
    return text


def _quotation(quotation: Quotation) -> RenderableType:
    said = Text.assemble(
        (safe_text(quotation.before), "dim"), safe_text(quotation.text), (safe_text(quotation.after), "dim")
    )
    said.overflow = "fold"
    for words in (quotation.attribution, f"({quotation.origin})" if quotation.origin else ""):
        if words:
            said.append(f"  {one_line(words)}", "dim")
    for code in quotation.codes:
        said.append(f"  {one_line(code)}", "cyan")
    if quotation.memo:
        said.append(f"\n{safe_text(quotation.memo)}", "italic")
    return Padding(said, (0, 0, 1, 2))


def _margin(line: Margin) -> RenderableType:
    grid = Grid.grid(padding=(0, 1), expand=True)
    grid.add_column(justify="right", width=4, overflow="fold")
    grid.add_column(width=12, overflow="fold")
    grid.add_column(ratio=5, overflow="fold")
    grid.add_column(ratio=3, overflow="fold")
    style = "dim" if line.dimmed else ""
    marks = _text("\n".join(map(one_line, line.marks)), "cyan")
    grid.add_row(_text(line.number, "dim"), _text(one_line(line.speaker), "bold"), _coded(line, style), marks)
    return grid


def _coded(line: Margin, style: str) -> Text:
    """The turn's text with its coded ranges underlined; pieces are made safe apart, so the ranges stay true."""
    text = Text(style=style, overflow="fold", tab_size=4)
    at = 0
    for start, end in line.coded:
        text.append(safe_text(line.text[at:start]))
        text.append(safe_text(line.text[start:end]), "underline")
        at = end
    text.append(safe_text(line.text[at:]))
    return text


def _figure(figure: Figure) -> RenderableType:
    """Bars are drawn where the data is ``labels`` and ``values``; any other figure is named by its caption."""
    labels, values = figure.data.get("labels"), figure.data.get("values")
    caption = _text(one_line(figure.caption), "italic")
    if figure.kind != "bars" or not isinstance(labels, list | tuple) or not isinstance(values, list | tuple):
        return caption
    numbers = [float(value) for value in values]
    top = max(numbers, default=0.0)
    grid = Grid(box=None, title=caption, title_justify="left", show_header=False, pad_edge=False)
    for label, number in zip(labels, numbers, strict=True):
        grid.add_row(_text(one_line(str(label))), "█" * round(BAR * number / top) if top > 0 else "", f"{number:g}")
    return grid


@contextmanager
def bar(label: str, total: int | None, stream: TextIO) -> Iterator[Callable[[int], None]]:
    """A progress bar that leaves no line behind; yields ``advance(steps)``."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda steps: progress.advance(task, steps)
