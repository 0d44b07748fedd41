"""JSON of speech recognition (Whisper, WhisperX, AWS, AssemblyAI, Deepgram, Rev and the like), and of chat exports.

What the services share is a list of records with words, perhaps a speaker, perhaps a start; where that list stands and
what its fields are called is all that differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers import labels, stamps
from qualcode.readers.cues import Cue, speeches
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import composed, source_of

_WORDS = (
    "text",
    "content",
    "body",
    "transcript",
    "utterance",
    "sentence",
    "display",
    "punctuated_word",
    "value",
    "word",
)
_SPEAKER = (
    *(
        "speaker_name",
        "speakerName",
        "speaker_label",
        "speakerLabel",
        "speaker",
        "speaker_id",
        "speakerId",
        "speakerTag",
    ),
    *("participant", "user_profile", "author", "user", "username", "name", "channel_label"),
)
_START = (
    "start",
    "start_time",
    "startTime",
    "begin",
    "from",
    "start_ts",
    "timestamp",
    "time",
    "ts",
    "offset",
    "offsets",
)
_END = ("end", "end_time", "endTime", "end_ts", "to")
_LISTS = ("utterances", "segments", "monologues", "phrases", "recognizedPhrases", "transcription", "audio_segments")
_DEEPER = ("results", "result", "transcript", "data", "output", "channels", "alternatives", "paragraphs", "messages")
_DEEPEST = 8
# People say ten to twenty characters a second; under one, whole-number times are milliseconds.
_SLOWEST = 1.0
_EPOCH = 100_000_000.0  # seconds since 1970 and no longer a place in a recording


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source of ``Speaker: text`` paragraphs; consecutive records of one speaker are one turn.

    Raises InputError for what is no JSON or holds no transcript.
    """
    decoded = decode(raw, name, options.encoding)
    document = _parsed(decoded.text, name)
    names = _names(document)
    where, records = _records(document)
    cues, notices = _timed([cue for cue in map(_cue, records) if cue], name)
    if not cues:
        raise InputError(f"{name} holds no transcript that is known", "give --format txt to read it as plain text")
    cues = [replace(cue, voice=names.get(cue.voice, _called(cue.voice)) if cue.voice else None) for cue in cues]
    said = [replace(one, time=None) if (one.time or 0.0) < 0 else one for one in speeches(cues)]
    text, spoken = composed(said)
    guards.check_lines(text, name)
    told = [*decoded.notices, *notices, *_notices(document, name, where, len(cues))]
    return source_of(raw, name, text, spoken, told)


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


def _records(document: Any, depth: int = 0) -> tuple[str, list[dict[str, Any]]]:
    """The key under which the records stand, and the records; empty when there are none."""
    if depth > _DEEPEST:
        return "", []
    if isinstance(document, list):
        return _listed(document, depth)
    if not isinstance(document, dict):
        return "", []
    if _is_aws(document):
        return "results.items", list(_aws(document["results"]))
    for key in _LISTS:
        inside = document.get(key)
        if isinstance(inside, list | dict) and (found := _records(inside, depth + 1)[1]):
            return key, found
    for key in _DEEPER:
        inside = document.get(key)
        if isinstance(inside, list | dict) and (found := _records(inside, depth + 1)[1]):
            return key, found
    own = _text(document)
    return ("text", [document]) if own.strip() else ("", [])


def _listed(entries: list[Any], depth: int) -> tuple[str, list[dict[str, Any]]]:
    records = [entry for entry in entries if isinstance(entry, dict)]
    if any(_text(entry).strip() for entry in records):
        return "", records
    return "", [record for entry in entries for record in _records(entry, depth + 1)[1]]


def _text(record: Mapping[str, Any]) -> str:
    """The words of one record: a field of text, or those of its elements and sentences put together."""
    for key in _WORDS:
        if isinstance(record.get(key), str):
            return str(record[key])
    if isinstance(record.get("elements"), list):  # Rev: words and signs in turn
        return "".join(str(each.get("value", "")) for each in record["elements"] if isinstance(each, dict))
    if isinstance(record.get("sentences"), list):  # Deepgram's paragraphs
        return " ".join(_text(each) for each in record["sentences"] if isinstance(each, dict))
    best = record.get("nBest")
    return _text(best[0]) if isinstance(best, list) and best and isinstance(best[0], dict) else ""


def _cue(record: Mapping[str, Any]) -> Cue | None:
    said = " ".join(_text(record).split())
    if not said:
        return None
    start, end = _seconds(record, _START), _seconds(record, _END)
    if start is None:
        start = next((found for each in _inner(record) if (found := _seconds(each, _START)) is not None), None)
    return Cue(0, -1.0 if start is None else start, start or 0.0 if end is None else end, said, _speaker(record))


def _inner(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("words", "elements", "sentences", "offsets", "timestamps"):
        inside = record.get(key)
        yield from (each for each in (inside if isinstance(inside, list) else [inside]) if isinstance(each, dict))


def _speaker(record: Mapping[str, Any]) -> str | None:
    for key in _SPEAKER:
        value = record.get(key)
        if isinstance(value, dict):
            value = next((value[k] for k in ("real_name", "display_name", "name", "id") if value.get(k)), None)
        if isinstance(value, bool) or value is None or value == "":
            continue
        if isinstance(value, str | int):
            return str(value).strip() or None
    return next((found for each in _inner(record) if (found := _speaker(each))), None)


def _seconds(record: Mapping[str, Any], keys: Sequence[str]) -> float | None:
    for key in keys:
        value = record.get(key)
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            return _finite(float(value)) if abs(value) < 1e15 else None
        if isinstance(value, str):
            return _of_text(value)
    return None


def _of_text(value: str) -> float | None:
    try:
        return _finite(float(value.rstrip("s")))
    except ValueError:
        return stamps.seconds(value)


def _finite(value: float) -> float | None:
    return value if 0 <= value < 1e15 else None


def _timed(cues: list[Cue], name: str) -> tuple[list[Cue], list[Notice]]:
    """The cues with times in seconds from the start of the recording; -1 stands for none."""
    timed = [cue for cue in cues if cue.start >= 0]
    spoken = sum(cue.end - cue.start for cue in timed if cue.end > cue.start)
    characters = sum(len(cue.text) for cue in timed if cue.end > cue.start)
    whole = all(cue.start.is_integer() and cue.end.is_integer() for cue in timed)
    if timed and min(cue.start for cue in timed) > _EPOCH:
        first = min(cue.start for cue in timed)
        moved = [replace(cue, start=cue.start - first, end=cue.start - first) for cue in cues]
        return moved, [Notice(name, "info", "times are counted from the first message")]
    if whole and spoken and characters < _SLOWEST * spoken:
        moved = [replace(cue, start=cue.start / 1000, end=cue.end / 1000) if cue.start >= 0 else cue for cue in cues]
        return moved, [Notice(name, "info", "times were read as milliseconds")]
    return cues, []


def _names(document: Any) -> dict[str | None, str]:
    """Speakers' ids → names, where the file has a list of them."""
    listed = document.get("speakers") if isinstance(document, dict) else None
    if isinstance(listed, dict):
        return {str(key): labels.tidy(value) for key, value in listed.items() if isinstance(value, str) and value}
    if not isinstance(listed, list):
        return {}
    pairs = [(str(each.get("id", each.get("label"))), each.get("name")) for each in listed if isinstance(each, dict)]
    return {key: labels.tidy(value) for key, value in pairs if isinstance(value, str) and value.strip()}


def _called(speaker: str) -> str:
    """A bare number or letter says too little in a list of speakers."""
    tidied = labels.tidy(speaker)
    return f"Speaker {tidied}" if tidied.isdecimal() or len(tidied) == 1 else tidied or speaker


def _is_aws(document: Mapping[str, Any]) -> bool:
    results = document.get("results")
    return isinstance(results, dict) and isinstance(results.get("items"), list)


def _aws(results: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Amazon's items: words and signs one by one, the speaker beside them or in a list of its own."""
    told = results.get("speaker_labels")
    spans = told.get("segments", []) if isinstance(told, dict) else []
    who = {
        str(item.get("start_time")): span.get("speaker_label")
        for span in _dicts(spans)
        for item in _dicts(span.get("items"))
    }
    running: dict[str, Any] = {}
    for item in results["items"]:
        word = _aws_word(item)
        if not word:
            continue
        sign = item.get("type") == "punctuation"
        speaker = item.get("speaker_label") or who.get(str(item.get("start_time")))
        if running and (sign or speaker == running["speaker"]):
            running["text"] += word if sign else f" {word}"
            running["end"] = item.get("end_time", running["end"])
            continue
        if running:
            yield running
        start = item.get("start_time")
        running = {"speaker": speaker, "start": start, "end": item.get("end_time", start), "text": word}
    if running:
        yield running


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _aws_word(item: Any) -> str:
    options = item.get("alternatives") if isinstance(item, dict) else None
    best = options[0] if isinstance(options, list) and options else None
    return str(best.get("content", "")).strip() if isinstance(best, dict) else ""


def _notices(document: Any, name: str, where: str, count: int) -> Iterator[Notice]:
    place = f' under "{where}"' if where else ""
    yield Notice(name, "info", f"read as speech recognised by a service: {count} pieces{place}")
    if isinstance(document, dict):
        left = [key for key in document if key not in (where, where.partition(".")[0], "speakers")]
        if left:
            yield Notice(name, "info", f"left out: {', '.join(map(str, left[:12]))}{' …' if len(left) > 12 else ''}")
