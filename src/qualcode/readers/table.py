"""A transcript in rows (.csv, .tsv, .xlsx): a column of speakers, one of what they said, perhaps one of times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers import labels, stamps
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import Speech, composed, source_of
from qualcode.tables import CellTable, read_table

_SPEAKER = re.compile(
    r"speaker(?: ?name)?|speakers?|who|person|voice|participant_name|sprecher|interlocutor|role", re.I
)
_TEXT = re.compile(
    r"text|content|transcript|transcription|speech|utterance(?:_text)?|words|dialogue|sentence|what was said|turn_text",
    re.I,
)
_TIME = re.compile(r"time ?stamp|time|timespan|timecode|start(?: ?time)?|begin|from", re.I)


@dataclass(frozen=True, slots=True)
class TalkColumns:
    """Indexes of the columns that hold speakers, words and times."""

    speaker: int
    text: int
    time: int | None


def talk_columns(table: CellTable) -> TalkColumns | None:
    """The columns of a transcript in rows, told by headers and by recurring short speakers; None for other tables."""
    speaker = _named(table, _SPEAKER)
    text = _named(table, _TEXT)
    if speaker is None or text is None or speaker == text:
        return None
    said = [row[speaker].strip() for row in table.rows if row[speaker].strip()]
    if not said or any(len(cell) > 2 * labels.LONGEST for cell in said) or len(set(said)) > 0.5 * len(said) + 2:
        return None
    return TalkColumns(speaker, text, _named(table, _TIME))


def _named(table: CellTable, pattern: re.Pattern[str]) -> int | None:
    return next((at for at, name in enumerate(table.header) if pattern.fullmatch(name.strip())), None)


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source of ``Speaker: text`` paragraphs; consecutive rows of one speaker and turn are joined by a space.

    Raises InputError when no column of speakers and of text is found.
    """
    return from_table(raw, read_table(raw, name, encoding=options.encoding))


def cells(raw: bytes, name: str, options: ReadOptions) -> CellTable:
    """The cells of a tab-separated table with one header row. Raises InputError for what is none."""
    return read_table(raw, name, encoding=options.encoding, delimiter="\t", header_rows=1)


def from_table(raw: bytes, table: CellTable) -> Bundle:
    """The source in an already read table."""
    columns = talk_columns(table)
    if columns is None:
        raise InputError(
            f"{table.name} has no columns called speaker and text", "name them so, or import it with --survey"
        )
    text, spoken = composed(list(_rows(table, columns)))
    if not spoken.turns:
        raise InputError(f"{table.name} holds no words in its column of text", "check that it was saved whole")
    return source_of(raw, table.name, text, spoken, [*table.notices, *_notices(table, columns)])


def _rows(table: CellTable, columns: TalkColumns) -> Iterator[Speech]:
    """Rows with words; sentences that a "turn" column numbers alike are one."""
    number = _named(table, re.compile(r"turn(?: ?(?:no|number|id|n))?", re.I))
    spelling: dict[str, str] = {}
    running, last = None, None
    for row in table.rows:
        said = " ".join(row[columns.text].split("\n")).strip("\ufeff \t\n").strip()
        if not said:
            continue
        label = labels.tidy(row[columns.speaker].rstrip(": "))
        speaker = spelling.setdefault(labels.key(label), label) or None
        time = stamps.seconds(row[columns.time]) if columns.time is not None else None
        turn = (speaker, row[number]) if number is not None else None
        if running and turn is not None and turn == last:
            running = Speech(running.speaker, running.time, f"{running.text} {said}")
        else:
            if running:
                yield running
            running = Speech(speaker, time, said)
        last = turn
    if running:
        yield running


def _notices(table: CellTable, columns: TalkColumns) -> Iterator[Notice]:
    used = {columns.speaker, columns.text, columns.time}
    places = [("speakers", columns.speaker), ("times", columns.time), ("words", columns.text)]
    said = ", ".join(f'{what} from "{table.header[at]}"' for what, at in places if at is not None)
    yield Notice(table.name, "info", f"read as a transcript in rows: {said} (--survey reads it as a questionnaire)")
    left = [
        name for at, name in enumerate(table.header) if at not in used and any(row[at].strip() for row in table.rows)
    ]
    if left:
        yield Notice(table.name, "warning", f"columns left out: {', '.join(left)}")
