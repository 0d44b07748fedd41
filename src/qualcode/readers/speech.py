"""JSON of speech recognition (Whisper, WhisperX, AWS, AssemblyAI, Deepgram, Rev and the like), and of chat exports.

What the services share is a list of records with words, perhaps a speaker, perhaps a start; where that list stands
(`recognised`) and what its fields are called is all that differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers import instants, labels, recognised
from qualcode.readers.cues import Cue, speeches
from qualcode.readers.options import ReadOptions
from qualcode.readers.recognised import Found, Piece
from qualcode.readers.sources import Speech, composed, source_of

# People say ten to twenty characters a second; under one, whole-number times are milliseconds.
_SLOWEST = 1.0
_MESSAGES = "times are counted from the first message"
_HALVES = re.compile("[\0\ud800-\udfff]")
_EPOCH = 100_000_000.0  # seconds since 1970 and no longer a place in a recording


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source of ``Speaker: text`` paragraphs; consecutive records of one speaker are one turn, messages are not.

    Raises InputError for what is no JSON or holds no transcript.
    """
    decoded = decode(raw, name, options.encoding)
    document = _parsed(decoded.text, name)
    document = _storable(document) if "\\u" in decoded.text else document
    names = _names(document)
    found = recognised.found(document)
    cues, notices = _timed(list(_cues(found.pieces)), name)
    messages = [one for one in notices if one.message == _MESSAGES]
    if not cues:
        raise InputError(f"{name} holds no transcript that is known", "give --format txt to read it as plain text")
    cues = [replace(cue, voice=names.get(cue.voice, _called(cue.voice)) if cue.voice else None) for cue in cues]
    joined = [Speech(cue.voice, cue.start, cue.text) for cue in cues] if messages else speeches(cues)
    said = [replace(one, time=None) if (one.time or 0.0) < 0 else one for one in joined]
    text, spoken = composed(said)
    guards.check_lines(text, name)
    return source_of(raw, name, text, spoken, [*decoded.notices, *notices, *_notices(document, name, found)])


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        first, _, rest = text.strip().partition("\n")
        if rest.strip() and first.rstrip().endswith("}"):
            return _lines(text, name)
        raise InputError(f"{name} is no JSON that can be read", "give --format txt to read it as plain text") from error


def _lines(text: str, name: str) -> list[Any]:
    """JSON lines: one record a line."""
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError as error:
        raise InputError(f"{name} is no JSON that can be read", "give --format txt to read it as plain text") from error


def _storable(value: Any) -> Any:
    """The document without the halves of characters and NUL that JSON can escape and no text may hold."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return {_storable(key): _storable(each) for key, each in value.items()} if isinstance(value, dict) else value


def _cues(pieces: Sequence[Piece]) -> Iterator[Cue]:
    """A cue for each piece; signs are put to the word before them."""
    last: Cue | None = None
    for piece in pieces:
        if piece.sign and last:
            last = replace(last, text=last.text + piece.text)
            continue
        if last:
            yield last
        begins = instants.start(piece.record)
        ends = instants.end(piece.record, begins or 0.0)
        last = Cue(0, -1.0 if begins is None else begins, ends, piece.text, piece.speaker)
    if last:
        yield last


def _timed(cues: list[Cue], name: str) -> tuple[list[Cue], list[Notice]]:
    """The cues with times in seconds from the start of the recording; -1 stands for none."""
    timed = [cue for cue in cues if cue.start >= 0]
    spoken = sum(cue.end - cue.start for cue in timed if cue.end > cue.start)
    characters = sum(len(cue.text) for cue in timed if cue.end > cue.start)
    whole = all(cue.start.is_integer() and cue.end.is_integer() for cue in timed)
    if timed and min(cue.start for cue in timed) > _EPOCH:
        first = min(cue.start for cue in timed)
        moved = [replace(cue, start=round(cue.start - first, 3), end=cue.start - first) for cue in cues]
        return moved, [Notice(name, "info", _MESSAGES)]
    if whole and spoken and characters < _SLOWEST * spoken:
        moved = [replace(cue, start=cue.start / 1000, end=cue.end / 1000) if cue.start >= 0 else cue for cue in cues]
        return moved, [Notice(name, "info", "times were read as milliseconds")]
    return cues, []


def _names(document: Any) -> dict[str | None, str]:
    """Speakers' ids → names, where the file has a list of them or, as Slack, tells it beside some messages."""
    if isinstance(document, list):
        profiles = ((each.get("user"), each.get("user_profile")) for each in document if isinstance(each, dict))
        return {
            str(user): labels.tidy(str(profile["real_name"]))
            for user, profile in profiles
            if user and isinstance(profile, dict) and profile.get("real_name")
        }
    listed = document.get("speakers") if isinstance(document, dict) else None
    if isinstance(listed, dict):
        return {str(key): labels.tidy(value) for key, value in listed.items() if isinstance(value, str) and value}
    if not isinstance(listed, list):
        return {}
    pairs = [(str(each.get("id", each.get("label"))), each.get("name")) for each in listed if isinstance(each, dict)]
    return {key: labels.tidy(value) for key, value in pairs if isinstance(value, str) and value.strip()}


def _called(speaker: str) -> str:
    """A bare number or letter says too little in a list of speakers."""
    tidied = labels.tidy(speaker).rstrip(": ")
    return f"Speaker {tidied}" if tidied.isdecimal() or len(tidied) == 1 else tidied or speaker


def _notices(document: Any, name: str, found: Found) -> Iterator[Notice]:
    place = f' under "{found.where}"' if found.where else ""
    yield Notice(name, "info", f"read as speech recognised by a service: {len(found.pieces)} pieces{place}")
    if isinstance(document, dict):
        left = [key for key in document if key not in (found.where, "speakers") and key not in found.above]
        if left:
            yield Notice(name, "info", f"left out: {', '.join(map(str, left[:12]))}{' …' if len(left) > 12 else ''}")
