"""Report → LaTeX: a document that compiles alone, or whose body is pasted into the paper.

LuaLaTeX or XeLaTeX set every script the fonts hold; pdfLaTeX sets Latin scripts.
"""

from __future__ import annotations

from collections.abc import Iterator

from qualcode.escaping import latex, page_text
from qualcode.renderers.layout import as_table, column_widths, facts, lies_across, source_line
from qualcode.report import Block, Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\iftutex\usepackage{fontspec}\else\usepackage[T1]{fontenc}\usepackage{textcomp}\fi
\usepackage[margin=2.5cm]{geometry}
\usepackage{array,longtable,pdflscape}
\newenvironment{quotation*}{\begin{list}{}{\leftmargin=1.5em\rightmargin=1.5em}\item\relax}{\end{list}}
\newcommand{\saidby}[1]{\par\noindent{\small --- #1}}
\setlength{\parindent}{0pt}\setlength{\parskip}{0.5em}\raggedbottom\emergencystretch=3em"""
_GAP = 0.22
"""Centimetres between two columns: twice 3 points, and a little."""
_LEVELS = ("section", "subsection", "subsubsection", "paragraph", "subparagraph")


def render(report: Report) -> bytes:
    """UTF-8."""
    lines = [_PREAMBLE, rf"\title{{{_inline(report.title)}}}", r"\author{}\date{}"]
    lines += [r"\begin{document}", r"\maketitle"]
    known = facts(report)
    if known:
        lines += [r"\begin{description}", *(rf"\item[{{{_inline(k)}}}] {_inline(v)}" for k, v in known)]
        lines += [r"\end{description}"]
    for block in report.blocks:
        lines += ["", *_block(block)]
    return "\n".join([*lines, "", r"\end{document}", ""]).encode()


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield rf"\{_LEVELS[min(max(block.level, 1), 5) - 1]}*{{{_inline(block.text)}}}"
        case Paragraph():
            yield _lines(block.text)
        case Quotation():
            yield from _quotation(block)
        case Table():
            yield from _table(block)
        case Margin():
            yield from _margin(block)
        case Figure():
            yield from _table(as_table(block))
        case Note():
            yield rf"\emph{{Note.}} {_lines(block.text)}"


def _quotation(quotation: Quotation) -> Iterator[str]:
    yield r"\begin{quotation*}"
    if quotation.before.strip():
        yield rf"{{\small {_lines(quotation.before.strip())}\par}}"
    yield _lines(quotation.text)
    if quotation.after.strip():
        yield rf"{{\small\par {_lines(quotation.after.strip())}\par}}"
    line = source_line(quotation)
    if line:
        yield rf"\saidby{{{_inline(line)}}}"
    if quotation.memo:
        yield rf"\par{{\small\itshape {_lines(quotation.memo)}}}"
    yield r"\end{quotation*}"


def _lines(text: str) -> str:
    """Line ends are kept: an empty group after a line break lets the next line begin with a bracket."""
    lines = [latex(line) for line in text.split("\n")]
    return "\\mbox{}\\newline{}\n".join(line if line.strip() else "" for line in lines)


def _inline(text: str) -> str:
    return latex(" ".join(page_text(text).split()))


def _table(table: Table) -> Iterator[str]:
    """Columns of fixed widths, so that definitions wrap; the head repeats on every page."""
    across = lies_across(table)
    widths = column_widths(table, 24.5 if across else 16.0)
    columns = "".join(
        rf">{{\ragged{'left' if side == 'right' else 'right'}\arraybackslash}}p{{{width - _GAP:.2f}cm}}"
        for side, width in zip(table.sides, widths, strict=True)
    )
    if across:
        yield r"\begin{landscape}"
    if table.caption:
        yield rf"\textbf{{{_inline(table.caption)}}}"
        yield ""
    yield r"{\footnotesize\setlength{\tabcolsep}{3pt}\renewcommand{\arraystretch}{1.2}"
    yield rf"\begin{{longtable}}[l]{{{columns}}}"
    yield rf"\hline {' & '.join(map(_cell, table.columns))} \\ \hline\endhead"
    for row in table.texts:
        yield rf"{' & '.join(map(_cell, row))} \\"
    yield r"\hline\end{longtable}}"
    if across:
        yield r"\end{landscape}"


def _cell(text: str) -> str:
    """A cell that begins with a bracket must not become the length of the line break before it."""
    return rf"{{}}{_lines(text)}"


def _margin(line: Margin) -> Iterator[str]:
    speaker = rf"\textbf{{{_inline(line.speaker)}}}: " if line.speaker.strip() else ""
    yield rf"{_inline(line.number)}\quad {speaker}{_lines(line.text)}"
    if line.marks:
        yield rf"\par{{\small\hfill {_inline(' · '.join(line.marks))}}}"
