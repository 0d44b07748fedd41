"""Subtitles (.vtt, .srt, .sbv) of Teams, Zoom and others: consecutive cues of one speaker become one turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers import labels
from qualcode.readers.asides import asides
from qualcode.readers.cues import Cue, Track, speeches, track
from qualcode.readers.habits import Candidate, candidates, lines_of
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import composed, source_of
from qualcode.readers.voices import Cast, cast


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source of ``Speaker: text`` paragraphs; spans exclude the speaker. A turn's time is its first cue's start.

    Raises InputError for bytes that are no text or hold no cue.
    """
    decoded = decode(raw, name, options.encoding)
    guards.check_lines(decoded.text, name)
    found = track(decoded.text)
    if not found.cues:
        raise InputError(f"{name} holds no timed cues", "give --format txt to read it as plain text")
    cues, doubts = _named(found.cues, name, options.speakers)
    text, spoken = composed(list(speeches(cues)))
    header = name.lower().endswith(".vtt") and not decoded.text.startswith("WEBVTT")
    notices = [*decoded.notices, *_notices(name, found, header), *doubts]
    return source_of(raw, name, text, spoken, notices)


def _named(cues: Sequence[Cue], name: str, known: Sequence[str]) -> tuple[list[Cue], list[Notice]]:
    """Cues with their speaker: by voice tag, else by ``Name: text`` inside them where the file does so throughout."""
    if any(cue.voice for cue in cues):
        return list(cues), []
    text = "\n".join(cue.text for cue in cues)
    lines = lines_of(text)
    inside = [one for one in candidates(text, lines, {}) if one.form in ("colon", "bracket")]
    heard = cast(text, lines, inside, name, known)
    if not heard or heard.alone:
        heard = _throughout(sum(not cue.turns or ":" in cue.text for cue in cues), inside)
    if not heard:
        return list(cues), []
    marks = {one.start: one for one in heard.marks}
    named, speaker, at = [], None, 0
    for cue in cues:
        mark = marks.get(at)
        speaker = mark.label if mark else None if cue.turns else speaker
        said = cue.text[mark.speech - at :].strip() if mark else cue.text
        if said:
            named.append(replace(cue, voice=speaker, text=said))
        at += len(cue.text) + 1
    doubts = [one for one in heard.notices if one.severity == "warning"]
    return named, [replace(one, where=f"{name}:{cues[_line(one.where) - 1].line}") for one in doubts]


def _throughout(cues: int, found: Sequence[Candidate]) -> Cast | None:
    """Labels of a file too short for them to recur, in which each of its `cues` has one and they are two or more."""
    people = [one for one in found if labels.shape(one.label) in ("name", "code", "role")]
    every = len(people) == cues and len({one.key for one in people}) > 1
    return Cast(tuple(people)) if every else None


def _line(where: str) -> int:
    return int(where.rpartition(":")[2])


def _notices(name: str, found: Track, headless: bool) -> Iterator[Notice]:
    if headless:
        yield Notice(f"{name}:1", "warning", "the first line is not WEBVTT; read all the same")
    if found.negative:
        yield Notice(name, "warning", f"negative times, read as 0: {found.negative}")
    if found.repeated:
        yield Notice(name, "info", f"repeated lines of rolling captions, kept once: {found.repeated}")
    yield from asides(name, found.notes)
