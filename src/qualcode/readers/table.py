"""A transcript in rows (.csv, .tsv, .xlsx): a column of speakers, one of what they said, perhaps one of times.

Whisper's table has no speakers: it is told by its columns of start, end and text. What programs for chats export is
told by its columns of sender, message and date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

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
_TIME = re.compile(r"time ?stamp|time|timespan|timecode|start(?:[ _]?time)?|begin|from", re.I)
_SENDER = re.compile(
    r"author|user|user[ _]?name|sender(?:[ _]?name)?|from|name|nick(?:name)?|display[ _]?name|posted by|member", re.I
)
_MESSAGE = re.compile(r"message(?:[ _]?(?:text|content|body))?|content|text|body|msg", re.I)
_SENT = re.compile(
    r"date|ts|(?:date)?[ _]?time|time[ _]?stamp|(?:sent|created|posted)(?:[ _]?(?:at|on|date|time))?|date/time", re.I
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d{1,9})?")
_START = re.compile(r"start(?:[ _]?time)?|begin|from", re.I)
_END = re.compile(r"end(?:[ _]?time)?|stop|to", re.I)
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
_DAYS = re.compile(r"1900-01-(\d\d) (\d\d:\d\d:\d\d)")
_FEWEST = 3
_HOURS = "times were read as minutes and seconds, which the spreadsheet has as hours and minutes"


@dataclass(frozen=True, slots=True)
class TalkColumns:
    """Indexes of the columns that hold speakers, words and times."""

    speaker: int | None
    text: int
    time: int | None
    chat: bool = False


def talk_columns(table: CellTable) -> TalkColumns | None:
    """The columns of a transcript in rows, told by headers and by recurring short speakers; None for other tables."""
    speaker = _named(table, _SPEAKER)
    text = _named(table, _TEXT)
    if speaker is None:
        return _chat(table) or (None if text is None else _recognised(table, text))
    if text is None or speaker == text or not _recurs(table, speaker):
        return None
    return TalkColumns(speaker, text, _named(table, _TIME))


def _recurs(table: CellTable, speaker: int) -> bool:
    """Whether a column holds short names that come back."""
    said = [row[speaker].strip() for row in table.rows if row[speaker].strip()]
    short = all(len(cell) <= 2 * labels.LONGEST for cell in said)
    return bool(said) and short and len(set(said)) <= 0.5 * len(said) + 2


def _chat(table: CellTable) -> TalkColumns | None:
    """The columns of an exported chat: who sent which message when, and most rows another's than the one before.

    Entries of a diary or comments come from somebody new, or all from one after the other.
    """
    sender, text, sent = _named(table, _SENDER), _named(table, _MESSAGE), _named(table, _SENT)
    if sender is None or text is None or sent is None or len({sender, text, sent}) < 3 or len(table.rows) < _FEWEST:
        return None
    names = [row[sender].strip() for row in table.rows]
    changes = sum(one != other for one, other in pairwise(names))
    if len(set(names)) < 2 or len(set(names)) > 0.5 * len(names) or changes < _FEWEST or not _recurs(table, sender):
        return None
    return TalkColumns(sender, text, sent, chat=True)


def _recognised(table: CellTable, text: int) -> TalkColumns | None:
    """The columns of recognised speech without speakers: start, end and text, with a time in every row."""
    start, end = _named(table, _START), _named(table, _END)
    if start is None or end is None or len(table.header) > 4:
        return None
    cells = [row[at].strip() for row in table.rows for at in (start, end)]
    timed = all(_NUMBER.fullmatch(cell) or stamps.seconds(cell) is not None for cell in cells)
    return TalkColumns(None, text, start) if cells and timed else None


def _times(table: CellTable, columns: TalkColumns) -> tuple[list[float | None], str]:
    """The time of each row in seconds, and what had to be decided about them.

    Plain numbers count where no later one is smaller. People say ten to twenty characters a second; under one, whole
    numbers are milliseconds, as in speech that a service recognised, and clocks without seconds are minutes and
    seconds that a spreadsheet took for hours and minutes ("14:12" typed, 14:12:00 stored).
    """
    if columns.chat:
        return _sent(table), "read as a chat: times count from the first message"
    cells = [row[columns.time].strip() if columns.time is not None else "" for row in table.rows]
    filled = [cell for cell in cells if cell]
    letters = sum(len(row[columns.text]) for row in table.rows)
    if not filled or not all(_NUMBER.fullmatch(cell) for cell in filled):
        clocks = [_clock(cell) for cell in cells]
        known = [clock for clock in clocks if clock is not None]
        if len(set(known)) >= _FEWEST and not any(clock % 60 for clock in known) and letters < max(known) - min(known):
            return [None if clock is None else clock / 60 for clock in clocks], _HOURS
        return clocks, ""
    numbers = [float(cell) for cell in filled]
    if any(before > after for before, after in pairwise(numbers)):
        return [None] * len(cells), ""
    thousandths = all(number.is_integer() for number in numbers) and letters < numbers[-1] - numbers[0]
    return [float(cell) / (1000 if thousandths else 1) if cell else None for cell in cells], (
        "times were read as milliseconds" if thousandths else ""
    )


def _sent(table: CellTable) -> list[float | None]:
    """Seconds since the first message; none where not all dates are ISO's or seconds since 1970."""
    places = [at for at, name in enumerate(table.header) if _SENT.fullmatch(name.strip())]
    moments = [_moment(" ".join(row[at].strip() for at in places).strip()) for row in table.rows]
    known = [one for one in moments if one is not None]
    if len(known) < len(moments):
        return [None] * len(moments)
    return [round(one - min(known), 3) for one in known]


def _moment(cell: str) -> float | None:
    if _EPOCH.fullmatch(cell):
        return float(cell) / (1000 if len(cell.partition(".")[0]) > 10 else 1)
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _clock(cell: str) -> float | None:
    """Seconds of a clock; of one over 24 hours a spreadsheet makes a day of January 1900."""
    days = _DAYS.fullmatch(cell)
    seconds = stamps.seconds(days[2] if days else cell)
    return seconds + int(days[1]) * 86400 if days and seconds is not None else seconds


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
    times, decided = _times(table, columns)
    if not any(time is not None for time in times):
        columns = replace(columns, time=None)
    text, spoken = composed(list(_rows(table, columns, times)))
    if not spoken.turns:
        raise InputError(f"{table.name} holds no words in its column of text", "check that it was saved whole")
    notices = [*table.notices, *_notices(table, columns)]
    if decided and columns.time is not None:
        notices.append(Notice(table.name, "info", decided))
    return source_of(raw, table.name, text, spoken, notices)


def _rows(table: CellTable, columns: TalkColumns, times: list[float | None]) -> Iterator[Speech]:
    """Rows with words; sentences that a "turn" column numbers alike are one."""
    number = _named(table, re.compile(r"turn(?: ?(?:no|number|id|n))?", re.I))
    spelling: dict[str, str] = {}
    running, last = None, None
    for row, time in zip(table.rows, times, strict=True):
        said = " ".join(row[columns.text].split("\n")).strip("\ufeff \t\n").strip()
        if not said:
            continue
        label = labels.tidy(row[columns.speaker].rstrip(": ")) if columns.speaker is not None else ""
        speaker = spelling.setdefault(labels.key(label), label) or None
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
