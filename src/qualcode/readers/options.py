"""What a person may say about a file before it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode.model import Survey
from qualcode.readers.column_file import ColumnFile


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The options of `qualcode import` that readers obey; everything else they find out themselves.

    `format` names a reader. `survey` reads a table as a questionnaire even when it looks like a transcript in rows.
    `survey_name` makes the next wave known as the same survey. `open`, `closed` and `ignore` name columns by header,
    question or 1-based number; `case` the column that says whose row it is. `columns` are such decisions from a file.
    `known` are the surveys of the project: the next wave of one of them takes over what was decided about its columns.
    `speakers` are labels that are speakers' whatever the file looks like.
    """

    format: str | None = None
    encoding: str | None = None
    survey: bool = False
    survey_name: str | None = None
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    case: str | None = None
    speakers: tuple[str, ...] = ()
    columns: ColumnFile = field(default_factory=ColumnFile)
    known: tuple[Survey, ...] = ()
