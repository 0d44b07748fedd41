"""CHAT (.cha), as CLAN and TalkBank write it: main lines are turns, analysis beneath them is told in notices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError
from qualcode.model import Bundle, Notice, Role
from qualcode.readers.asides import asides
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import Speech, composed, source_of
from qualcode.roles import role_of

_MARK = re.compile(r"([*@%])([^:\t\n]{1,60}):?[ \t]*(.*)", re.DOTALL)
# A bullet holds milliseconds of begin and end between two control characters, which `read` makes vertical tabs.
_BULLET = re.compile(r"\v(?:[^\v\n]*?_)?(\d{1,12})_(\d{1,12})\v")
_SAID = {"Comment", "Situation", "Activities", "Transcriber", "Warning", "Location", "Date", "Room Layout", "Bck", "G"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line with those that continue it: what it begins with (``*``, ``@`` or ``%``), its name and its words."""

    line: int
    sign: str
    name: str
    text: str


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source of ``SPEAKER: utterance`` paragraphs, one turn a main line, its time that of its bullet.

    Raises InputError for bytes that are no text or hold no main line.
    """
    decoded = decode(raw.replace(b"\x15", b"\x0b"), name, options.encoding)
    guards.check_lines(decoded.text, name)
    entries = list(_entries(decoded.text))
    said = [speech for entry in entries if entry.sign == "*" and (speech := _speech(entry))]
    if not said:
        raise InputError(
            f"{name} holds no utterance (a line that begins with *)", "give --format txt to read it as text"
        )
    text, spoken = composed(said)
    roles = _roles(entries)
    turns = tuple(replace(turn, role=roles.get(turn.speaker or "")) for turn in spoken.turns)
    spoken = replace(spoken, turns=turns)
    return source_of(raw, name, text, spoken, [*decoded.notices, *_notices(name, entries)])


def _entries(text: str) -> Iterator[_Entry]:
    lines: list[str] = []
    first = 1
    for n, line in enumerate(text.split("\n"), 1):
        if line[:1] in ("*", "@", "%") and lines:
            yield _entry(first, lines)
            lines, first = [], n
        lines += [line] if line.strip() or lines else []
        first = first if lines else n + 1
    if lines:
        yield _entry(first, lines)


def _entry(line: int, lines: list[str]) -> _Entry:
    whole = " ".join(part.strip(" \t") for part in lines if part.strip(" \t"))
    found = _MARK.fullmatch(whole)
    return _Entry(line, found[1], found[2].strip(), found[3]) if found else _Entry(line, "", "", whole)


def _speech(entry: _Entry) -> Speech | None:
    bullet = _BULLET.search(entry.text)
    words = " ".join(_BULLET.sub(" ", entry.text).replace("\v", " ").split())
    return Speech(entry.name, int(bullet[1]) / 1000 if bullet else None, words) if words else None


def _roles(entries: list[_Entry]) -> dict[str, Role | None]:
    """Speaker → role, where the list of participants says that somebody investigates or is investigated."""
    listed = [part.split() for e in entries if (e.sign, e.name) == ("@", "Participants") for part in e.text.split(",")]
    return {words[0]: role_of(words[-1]) for words in listed if len(words) > 1}


def _notices(name: str, entries: list[_Entry]) -> Iterator[Notice]:
    people = [entry for entry in entries if (entry.sign, entry.name) == ("@", "Participants")]
    for entry in people:
        yield Notice(f"{name}:{entry.line}", "info", f"participants: {entry.text}")
    told = [(entry.line, entry.text) for entry in entries if entry.sign == "@" and entry.name in _SAID and entry.text]
    yield from asides(name, told)
    comments = [
        (entry.line, entry.text) for entry in entries if (entry.sign, entry.name) == ("%", "com") and entry.text
    ]
    yield from asides(name, comments, "comments")
    for entry in entries:
        if not entry.sign and entry.text:
            yield Notice(f"{name}:{entry.line}", "warning", f"belongs to no line, not in the text: {entry.text}")
    tiers = Counter(f"%{entry.name}" for entry in entries if entry.sign == "%" and entry.name != "com")
    if tiers:
        counted = ", ".join(f"{tier} {count}" for tier, count in tiers.items())
        yield Notice(name, "info", f"lines of analysis, not in the text: {counted}")
    other = [f"@{e.name}" for e in entries if e.sign == "@" and e.name not in {*_SAID, "Participants"} and e.text]
    if other:
        yield Notice(name, "info", f"header lines, not in the text: {', '.join(dict.fromkeys(other))}")
