"""Time stamps as transcription tools write them, in seconds from the start of the recording."""

from __future__ import annotations

import re

# 1:02, 00:01:02, 00:01:02.345, f4's 00:01:02-3, a film's 00:01:02:12 with frames; a range gives its beginning.
_CLOCK = r"\d{1,3}:[0-5]\d(?::[0-5]\d(?:[:;]\d\d(?!\d))?)?(?:[.,]\d{1,3}|-\d{1,2}(?=\s?\#))?"
_RANGE = rf"{_CLOCK}(?:\s?(?:-->|--|[-–—]|to)\s?{_CLOCK})?"
BARE = rf"(?:{_RANGE})(?!\w|:\d)"
_LINK = r"(?:\(https?://[^\s()]{1,300}\))?"  # Markdown makes of a stamp a link into the recording
WRAPPED = (
    rf"(?:\\?\[\s?{_RANGE}\s?\\?\]{_LINK}|\(\s?{_RANGE}\s?\)|\{{\s?{_RANGE}\s?\}}|<\s?{_RANGE}\s?>|\#\s?{_RANGE}\s?\#)"
)
# Word files of Teams of some years: 0:0:8.900 --> 0:0:12.0.
_UNPADDED = r"\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,7})?"
_ARROWED = rf"{_UNPADDED}\s-->\s{_UNPADDED}"
STAMP = rf"(?:{WRAPPED}|{BARE}|{_ARROWED})"

# As Teams gives a transcript that is copied from its window: "0 minutes 3 seconds0:03".
SPELT = r"(?:\d{1,2} hours? )?\d{1,3} minutes? \d{1,2} seconds?"
_UNPADDED_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,7})?)\s-->")
_SPELT = re.compile(r"(?:(\d{1,2}) hours? )?(\d{1,3}) minutes? (\d{1,2}) seconds?")

_FIRST_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?:[.,](\d{1,3})|-(\d{1,2}))?")
LINE = re.compile(rf"[ \t]*+[-–—]?[ \t]*+({STAMP}|{SPELT}(?:{_CLOCK})?)[ \t]*+[-–—]?[ \t]*+")
_ANY = re.compile(STAMP)
_LEADING_WRAPPED = re.compile(rf"\s*({WRAPPED})[ \t]*+[-–—]?[ \t]*+")
_LEADING_LINE = re.compile(rf"\s*({STAMP})[ \t]*+(?=\n|$)")
# Round brackets at the end of a sentence hold a time of day as often as a stamp: "we start (10:30)"; not with seconds.
_SECONDS = r"\(\s?\d{1,2}:[0-5]\d:[0-5]\d(?:[.,]\d{1,3})?\s?\)"
_TRAILING = re.compile(
    rf"(?:\s*(?:{_SECONDS}|\\?\[\s?{_RANGE}\s?\\?\]|\#\s?{_RANGE}\s?\#)|(?:\n|^)[ \t]*+{STAMP}[ \t]*+)$"
)


def seconds(stamp: str) -> float | None:
    """Seconds of the first clock time in `stamp`: ``m:ss`` or ``h:mm:ss`` with an optional fraction; None without one.

    f4 writes tenths after a hyphen (``#00:01:02-3#`` is 62.3).
    """
    if spelt := _SPELT.search(stamp):
        hours, minutes, rest = spelt.groups()
        return float(int(hours or 0) * 3600 + int(minutes) * 60 + int(rest))
    if arrowed := _UNPADDED_CLOCK.match(stamp):
        return int(arrowed[1]) * 3600 + int(arrowed[2]) * 60 + float(arrowed[3])
    found = _FIRST_CLOCK.search(stamp)
    if not found:
        return None
    first, second, third, fraction, tenths = found.groups()
    whole = int(first) * 60 + int(second) if third is None else int(first) * 3600 + int(second) * 60 + int(third)
    return whole + (float(f"0.{fraction}") if fraction else 0.0) + (float(f"0.{tenths}") if tenths else 0.0)


def leading(text: str, start: int, end: int) -> tuple[int, float | None]:
    """Where speech begins after a stamp at `start` (in brackets, or alone on its line), and the stamp's seconds."""
    for pattern in (_LEADING_WRAPPED, _LEADING_LINE):
        found = pattern.match(text, start, end)
        if found:
            return found.end(), seconds(found[1])
    return start, None


def trailing(text: str, start: int, end: int) -> tuple[int, float | None]:
    """Where speech ends before a stamp at `end` (in brackets, or alone on its line), and the stamp's seconds.

    The range must not end in white space.
    """
    tail = max(start, end - 64)
    found = _TRAILING.search(text[tail:end])
    return (tail + found.start(), seconds(found[0])) if found else (end, None)


def without(text: str) -> str:
    """`text` without its stamps."""
    return _ANY.sub("", text)
