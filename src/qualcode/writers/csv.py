"""Codings → CSV, one row a coding, with its quotation and where it stands.

UTF-8 with a byte-order mark, because Excel reads CSV as the local code page without one; records end in CR LF
(RFC 4180). A text that a spreadsheet would run as a formula gets a leading apostrophe, which `escaping.from_csv_cell`
takes off again; characters that drive a terminal are shown as symbols. What has no value is empty. Sources, codebooks
and memos are left to the other writers.
"""

from __future__ import annotations

from qualcode.escaping import csv_cell, page_text
from qualcode.model import Bundle, Coding

COLUMNS = (
    "id",
    "source",
    "source_name",
    "case",
    "speaker",
    "turn",
    "start",
    "end",
    "quote",
    "code",
    "coder",
    "round",
    "origin",
    "anchor",
    "certainty",
    "memo",
    "at",
)


def write(bundle: Bundle) -> bytes:
    """The codings in the bundle's order; `start` and `end` are half-open code-point offsets into the source's text."""
    import csv
    from io import StringIO

    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _row(coding)] for coding in bundle.codings)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _row(coding: Coding) -> tuple[str | int | float | None, ...]:
    source, span, turn = coding.source, coding.span, coding.segment.turn
    return (
        coding.id,
        source.id,
        source.name,
        coding.case,
        turn.speaker if turn else None,
        turn.n if turn else None,
        span.start,
        span.end,
        coding.segment.quote,
        coding.code,
        coding.coder,
        coding.round,
        coding.origin,
        coding.anchor,
        coding.certainty,
        coding.memo,
        coding.at,
    )


def _cell(value: str | int | float | None) -> str | int | float:
    if value is None:
        return ""
    return csv_cell(page_text(value)) if isinstance(value, str) else value
