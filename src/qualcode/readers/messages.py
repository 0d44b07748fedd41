"""Chat logs as plain text: WhatsApp, Teams, Slack and Zoom, whose lines begin with a day or a clock and a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from qualcode.model import Notice
from qualcode.readers import labels
from qualcode.readers.habits import Candidate, Line, lines_of
from qualcode.readers.turns import Layout

_ODD = "[\u200e\u200f\u202a-\u202c\ufeff]*"
_GAP = "[ \u00a0\u202f]"
_HALF_BEFORE = r"(?P<early>上午|下午|午前|午後|오전|오후)?"
_HALF = rf"(?P<half>[AaPp]\.?{_GAP}?[Mm]\b\.?|[صم]\b)?"
# The day, a comma or the word that some languages put there, and the clock: "5.3.2024 klo 10.03", "05/03/2024 à 10:03".
_DAY = rf"(?P<a>\d{{1,4}})(?:[./-]|\.{_GAP})(?P<b>\d{{1,2}})(?:(?:[./-]|\.{_GAP})(?P<c>\d{{1,4}}))?\.?"
_BETWEEN = rf"(?:,|،|{_GAP}(?:klo|kl\.|à|at|um|om|a las|às))?"
_TIME = rf"{_HALF_BEFORE}(?P<h>\d{{1,2}})[:.](?P<m>\d{{2}})(?:[:.](?P<s>\d{{2}}))?{_GAP}?{_HALF}"
_NAME = r"(?:~[ \u00a0\u202f])?(?P<label>[^:\n]{1,60}?)"
# Teams, of the same day, and Google; without AM or PM it is minute and second of a recording.
_BARE = re.compile(rf"\[?{_TIME}\]?[ \u00a0]+{_NAME}:(?:[ \u00a0]+|$)")
_LINES = (
    _BARE,
    re.compile(rf"{_ODD}\[{_DAY}{_BETWEEN}{_GAP}{_TIME}\]{_GAP}*{_ODD}(?:{_NAME}:(?:[ \u00a0]+|$))?{_ODD}"),
    re.compile(
        rf"{_ODD}{_DAY}{_BETWEEN}{_GAP}{_TIME}[ \u00a0]+[-–][ \u00a0]+{_ODD}(?:{_NAME}:(?:[ \u00a0]+|$))?{_ODD}"
    ),
    re.compile(rf"{_TIME}[ \t]+From[ \t]+{_NAME}(?:[ \t]+to[ \t]+[^:\n]{{1,60}}?)?[ \t]*:[ \t]*", re.IGNORECASE),
)
# Discord's exporter and Teams as copied: day, clock and name on a line of their own.
_ABOVE = re.compile(rf"\[{_DAY}{_BETWEEN}{_GAP}{_TIME}\][ \u00a0]+{_NAME}(?:[ ]\(pinned\))?[ \t]*")
# Slack: the name with the clock on a line of its own, always with AM or PM; without it the line is an Otter label.
_SLACK = re.compile(rf"(?P<label>[^\W\d_][^:\n]{{0,60}}?)[ \u00a0\t]{{1,20}}\[?{_TIME}\]?[ \t]*")
_AFTERNOON = {"p", "pm", "下午", "午後", "오후", "م"}
_FEWEST = 2
_LEAST = 0.3
_MANY = 3
_LEAST_DATED = 0.1

Order = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True)
class _Message:
    """Where a message begins, where its words do, who wrote it, and its stamp as numbers."""

    line: Line
    speech: int
    label: str
    parts: dict[str, str | None]


def layout_of(text: str, where: str) -> tuple[Layout, Notice] | None:
    """The labels of a chat log, all of them settled, and a notice that says so; None for any other text.

    A turn's time is seconds since the first message.
    """
    lines = lines_of(text)
    messages = list(_messages(text, lines))
    if sum(bool(one.label) for one in messages) < _FEWEST or len(messages) < _least(messages) * len(lines):
        return None
    if messages[0].line.n > lines[0].n + 6 or len({one.label for one in messages} - {""}) < 1:
        return None
    order = _order(messages)
    times = [_moment(one, order) for one in messages]
    known = [time for time in times if time is not None]
    first = known[0] if known else datetime(2000, 1, 1)
    marks = tuple(_mark(text, one, time, first) for one, time in zip(messages, times, strict=True))
    days = ", days before months" if order == "dmy" else ", months before days"
    said = f"read as a chat log{days if any(one.parts.get('a') for one in messages) else ''}"
    notice = Notice(where, "info", f"{said}; times count from the first message")
    return Layout(marks=marks, settled=((0, len(text)),)), notice


def _least(messages: Sequence[_Message]) -> float:
    """The share of lines that must begin a message; less where days and names are written out, as in no diary."""
    dated = sum(bool(one.label) and one.parts.get("a") is not None for one in messages)
    return _LEAST_DATED if dated >= _MANY else _LEAST


def _messages(text: str, lines: Sequence[Line]) -> Iterator[_Message]:
    for line in lines:
        for pattern in (_ABOVE, *_LINES):
            matches = pattern.fullmatch if pattern is _ABOVE else pattern.match
            found = matches(text, line.start, line.end)
            if found and (pattern is not _BARE or found["half"]):
                label = labels.tidy(found["label"] or "")
                yield _Message(line, found.end(), label, found.groupdict())
                break
        else:
            found = _SLACK.fullmatch(text, line.start, line.end)
            if found and found["half"]:
                yield _Message(line, found.end(), labels.tidy(found["label"]), found.groupdict())


def _order(messages: Sequence[_Message]) -> Order:
    """Whether days stand before months: the order in which no number is over twelve and times do not run back."""
    best: dict[Order, int] = {}
    for order in ("dmy", "mdy"):
        times = [_moment(one, order) for one in messages]
        wrong = sum(time is None for time in times) * 1000
        known = [time for time in times if time is not None]
        best[order] = wrong + sum(after < before for before, after in pairwise(known))
    return "mdy" if best["mdy"] < best["dmy"] else "dmy"


def _moment(one: _Message, order: Order) -> datetime | None:
    """The date and time of a message; a clock alone is on one day of its own. None for what is no date."""
    parts = one.parts
    hour = int(parts["h"] or 0)
    half = (parts.get("half") or parts.get("early") or "").lower()[:2].rstrip(". \u00a0\u202f")
    hour = hour % 12 + (12 if half in _AFTERNOON else 0) if half else hour
    year, month, day = 2000, 1, 1
    if parts.get("a") and parts.get("b"):
        first, second, third = int(parts["a"] or 0), int(parts["b"] or 0), parts.get("c")
        if first > 31:
            year, month, day = first, second, int(third or 1)
        else:
            year = int(third or 2000) + (2000 if third and len(third) == 2 else 0)
            month, day = (first, second) if order == "mdy" else (second, first)
    try:
        return datetime(year, month, day, hour, int(parts["m"] or 0), int(parts["s"] or 0))
    except ValueError:
        return None


def _mark(text: str, one: _Message, time: datetime | None, first: datetime) -> Candidate:
    seconds = max(0.0, (time - first).total_seconds()) if time else None
    empty = not text[one.speech : one.line.end].strip()
    return Candidate(one.line.n, one.line.start, one.speech, one.label, "given", seconds, True, empty)
