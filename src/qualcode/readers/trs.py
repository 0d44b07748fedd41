"""Transcriber (.trs): turns with the names of its table of speakers, overlapping speech taken apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers import labels
from qualcode.readers.markup import root_of
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import Speech, composed, source_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source of ``Speaker: text`` paragraphs, a paragraph a turn of the file and speaker in it.

    Its DTD is never fetched. Raises InputError for what is no Transcriber file or holds no words.
    """
    root = root_of(raw, name, options, "Trans", "a Transcriber file")
    names = {one.get("id", ""): labels.tidy(one.get("name", "")) or one.get("id", "") for one in root.iter("Speaker")}
    said = [speech for turn in root.iter("Turn") for speech in _speeches(turn, names)]
    if not said:
        raise InputError(f"{name} holds no turn with words", "check that it was saved whole")
    text, spoken = composed(said)
    return source_of(raw, name, text, spoken, list(_notices(name, root)))


def _speeches(turn: Element, names: dict[str, str]) -> Iterator[Speech]:
    """What each speaker of a turn says; `Who` tells which of several goes on."""
    who = [names.get(key, key) for key in (turn.get("speaker") or "").split()]
    words: list[list[str]] = [[turn.text or ""]]
    speakers = [who[0] if who else None]
    for mark in turn:
        if mark.tag == "Who":
            nb = mark.get("nb", "")
            speakers.append(who[int(nb) - 1] if nb.isdecimal() and 0 < int(nb) <= len(who) else None)
            words.append([])
        words[-1].append(mark.tail or "")
    for speaker, pieces in zip(speakers, words, strict=True):
        said = " ".join(" ".join(pieces).split())
        if said:
            yield Speech(speaker, _seconds(turn), said)


def _seconds(turn: Element) -> float | None:
    try:
        value = float(turn.get("startTime", ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def _notices(name: str, root: Element) -> Iterator[Notice]:
    yield Notice(name, "info", "read as Transcriber")
    for note in root.iter("Comment"):
        if note.get("desc", "").strip():
            yield Notice(name, "info", f"a note in the file, not in the text: {note.get('desc')}")
    for tag, what in (("Event", "events"), ("Background", "sounds in the background")):
        found = Counter(one.get("desc") or one.get("type") or "unnamed" for one in root.iter(tag))
        if found:
            told = ", ".join(f"{desc} {count}" for desc, count in found.most_common())
            yield Notice(name, "info", f"{what}, not in the text: {told}")
    topics = [one.get("desc", "") for one in root.iter("Topic") if one.get("desc")]
    if topics:
        yield Notice(name, "info", f"topics of sections, not in the text: {', '.join(topics)}")
