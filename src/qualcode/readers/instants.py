"""Times in JSON: seconds, thousandths, ticks, clocks, ISO durations and dates, under the names services give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from qualcode.readers import stamps

Record = Mapping[str, Any]

_START = (
    *("start", "start_time", "startTime", "begin", "from", "start_ts", "date_unixtime", "timestamps", "timestamp"),
    *(
        "data_start",
        "time",
        "ts",
        "offsetInTicks",
        "offsetMilliseconds",
        "offset",
        "offsets",
        "start_ms",
        "createdDateTime",
        "date",
    ),
)
_END = ("data_end", "end", "end_time", "endTime", "end_ts", "to", "timestamps", "end_ms")
_LENGTH = ("duration", "durationInTicks", "durationMilliseconds")
_TICKS = 10_000_000.0
_THOUSAND = re.compile(r"(?:Milliseconds|_ms|Ms|offsets)$")
_SPAN = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def start(record: Record) -> float | None:
    """Seconds at which a record begins, by its own fields, else by those of its first word; None without any."""
    own = _seconds(record, _START, "from")
    return (
        own if own is not None else next((found for each in _inner(record) if (found := start(each)) is not None), None)
    )


def end(record: Record, begins: float) -> float:
    """Seconds at which a record that `begins` then ends; the same where it does not say."""
    own = _seconds(record, _END, "to")
    if own is None and (length := _seconds(record, _LENGTH, "")) is not None:
        own = begins + length
    return begins if own is None else own


def _inner(record: Record) -> Iterator[Record]:
    for key in ("words", "elements", "sentences", "alternatives"):
        inside = record.get(key)
        yield from (each for each in (inside if isinstance(inside, list) else ()) if isinstance(each, dict))


def _seconds(record: Record, keys: Sequence[str], edge: str) -> float | None:
    for key in keys:
        value = record.get(key)
        if isinstance(value, dict):
            value = value.get(edge)
        if isinstance(value, bool):
            continue
        found = _number(float(value), key) if isinstance(value, int | float) else None
        if isinstance(value, str):
            found = _of_text(value, key)
        if found is not None:
            return found
    return None


def _number(value: float, key: str) -> float | None:
    """The seconds of a number; the field's name may say that it counts thousandths or ticks."""
    if not 0 <= value < 1e15:
        return None
    if key.endswith("Ticks"):
        return value / _TICKS
    return value / 1000 if _THOUSAND.search(key) else value


def _of_text(value: str, key: str) -> float | None:
    try:
        return _number(float(value.rstrip("s")), key)
    except ValueError:
        pass
    if _DATE.match(value):
        return _date(value)
    span = _SPAN.fullmatch(value)
    if span and any(span.groups()):
        hours, minutes, seconds = span.groups()
        return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds or 0)
    return stamps.seconds(value)


def _date(value: str) -> float | None:
    """Seconds since 1970 of an ISO date and time; one without a zone counts as UTC, for only differences are used."""
    text = re.sub(r"(\.\d{6})\d+", r"\1", value.replace("Z", "+00:00"))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
