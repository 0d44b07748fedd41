"""Where the records of a speech service's JSON stand: a list of pieces with words, perhaps a speaker, perhaps a time.

Services give the same words several times: whole, by utterance, by sentence, by word. Every list under a known key is
a candidate, and the best is the one that tells who speaks, then when, in the largest pieces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qualcode.readers import instants

Record = Mapping[str, Any]

_WORDS = (
    *("text", "content", "body", "transcript", "utterance", "sentence", "display", "punctuated_word", "value", "word"),
)
_SPEAKER = (
    *("speaker_name", "speakerName", "speaker_label", "speakerLabel", "speaker", "speaker_id", "speakerId"),
    *("speakerTag", "participant", "user_profile", "author", "user", "username", "name", "channel_label", "from"),
)
_CALLED = ("real_name", "displayName", "display_name", "nickname", "name", "id")
# Lists of pieces, and the keys through which they are reached. Other keys are not looked into: what is found under
# them is no transcript.
_LISTS = frozenset({
    *("utterances", "segments", "monologues", "phrases", "recognizedPhrases", "combinedRecognizedPhrases"),
    *("combinedPhrases", "transcription", "audio_segments", "sentences", "paragraphs", "items", "words", "messages"),
    *("turns", "entries", "captions", "blocks"),
})  # fmt: skip
_DEEPER = frozenset(
    {"results", "result", "transcript", "data", "output", "channels", "alternatives", "nBest", "response"}
)
_DEEPEST = 8
_BEST_ONLY = ("alternatives", "nBest")
_COVERED = 0.9
# What stands without a space after the word before it.
_SIGNS = frozenset(".,;:!?…%)]}»”’。，、；：！？")


@dataclass(frozen=True, slots=True)
class Piece:
    """A record's words, its speaker as the service calls it, and whether it is a sign for the word before."""

    record: Record
    text: str
    speaker: str | None
    sign: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The key under which the pieces stand, the keys above it, and the pieces."""

    where: str
    pieces: tuple[Piece, ...]
    above: tuple[str, ...] = ()


def found(document: Any) -> Found:
    """The list of pieces that says most; without any where the document holds no transcript."""
    if isinstance(document, dict) and (own := _watson(document)):
        return Found("timestamps", tuple(own), ("results", "speaker_labels"))
    lists: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for path, record in _walk(document, ()):
        lists[path].append(record)
    beside = _speakers_apart(document)
    read = {path: _pieces(records, beside) for path, records in lists.items()}
    read = {path: pieces for path, pieces in read.items() if pieces}
    if not read:
        return Found("", ())
    most = max(_length(pieces) for pieces in read.values())
    whole = {path: pieces for path, pieces in read.items() if _length(pieces) >= _COVERED * most}
    path = max(whole, key=lambda one: _worth(whole[one]))
    return Found(path[-1] if path else "", tuple(whole[path]), path[:-1])


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Record]]:
    """Every record with the keys above it; of several readings of one stretch only the first."""
    if len(path) > _DEEPEST:
        return
    if isinstance(value, list):
        entries = value[:1] if path and path[-1] in _BEST_ONLY else value
        for entry in entries:
            if isinstance(entry, dict):
                yield path, entry
                yield from _inside(entry, path)
    elif isinstance(value, dict):
        if not (path and isinstance(value.get(path[-1]), list)):  # Deepgram's "paragraphs" hold "paragraphs"
            yield path, value
        yield from _inside(value, path)


def _inside(record: Record, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Record]]:
    for key, value in record.items():
        if key in _LISTS or key in _DEEPER:
            yield from _walk(value, (*path, key))


def _pieces(records: list[Record], beside: Mapping[str, str]) -> list[Piece]:
    """The records with words. Records that repeat the others with a speaker (Google's last result) stand for them."""
    made = [_piece(record, beside) for record in records]
    pieces = [one for one in made if one.text]
    named = [one for one in pieces if one.speaker]
    if named and len(named) < len(pieces):
        bare = [one.text for one in pieces if not one.speaker]
        if bare == [one.text for one in named]:
            return named
    return pieces


def _piece(record: Record, beside: Mapping[str, str]) -> Piece:
    text = " ".join(words_of(record).split())
    speaker = speaker_of(record) or beside.get(str(record.get("start_time")))
    sign = record.get("type") == "punctuation" or (bool(text) and set(text) <= _SIGNS)
    return Piece(record, text, speaker, sign)


def _length(pieces: list[Piece]) -> int:
    return sum(len(one.text.replace(" ", "")) for one in pieces)


def _worth(pieces: list[Piece]) -> tuple[bool, int, bool, int]:
    """Who speaks, told for most of the words; whether there are two; when; how large the pieces are."""
    named = [one for one in pieces if one.speaker]
    timed = any(instants.start(one.record) is not None for one in pieces)
    told = _length(named) >= 0.5 * _length(pieces)
    return told, min(2, len({one.speaker for one in named})), timed, -len(pieces)


def words_of(record: Record) -> str:
    """The words of one record: a field of text, else its best reading, its elements or its sentences put together."""
    for key in _WORDS:
        value = record.get(key)
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value and key == "text":  # Telegram: plain and marked stretches in turn
            return "".join(each if isinstance(each, str) else _plain(each) for each in value)
    if isinstance(record.get("elements"), list):  # Rev: words and signs in turn
        return "".join(str(each.get("value", "")) for each in record["elements"] if isinstance(each, dict))
    if isinstance(record.get("sentences"), list):  # Deepgram's paragraphs
        return " ".join(words_of(each) for each in record["sentences"] if isinstance(each, dict))
    best = _best(record)
    if best is None and any(record.get(key) for key in _SPEAKER):  # Happy Scribe: nothing but speaker and words
        return " ".join(words_of(each) for each in _records(record.get("words")))
    return words_of(best) if best else ""


def _plain(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def _best(record: Record) -> Record | None:
    for key in _BEST_ONLY:
        value = record.get(key)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return value[0]
    return None


def speaker_of(record: Record) -> str | None:
    """Who speaks, by the record's own fields, else by those of its words where all of them agree."""
    for key in _SPEAKER:
        value = record.get(key)
        if isinstance(value, dict):
            value = next((value[k] for k in _CALLED if value.get(k)), None)
        if isinstance(value, bool) or value is None or value == "" or (key == "from" and not _is_name(value)):
            continue
        if isinstance(value, str | int):
            return str(value).strip() or None
    best = _best(record)
    inner = [best] if best else []
    inner += [each for key in ("words", "elements", "sentences") for each in _records(record.get(key))]
    voices = {speaker_of(each) for each in inner} - {None}
    return voices.pop() if len(voices) == 1 else None


def _is_name(value: Any) -> bool:
    """Whether "from" tells a sender, as in chats, and not a time."""
    return isinstance(value, str) and not value[:1].isdigit()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _records(value: Any) -> list[Record]:
    return [each for each in _listed(value) if isinstance(each, dict)]


def _speakers_apart(document: Any) -> dict[str, str]:
    """Start times → speakers, where Amazon lists them apart from the words."""
    results = document.get("results") if isinstance(document, dict) else None
    told = results.get("speaker_labels") if isinstance(results, dict) else None
    spans = _records(told.get("segments")) if isinstance(told, dict) else []
    pairs = (
        (item.get("start_time"), span.get("speaker_label")) for span in spans for item in _records(span.get("items"))
    )
    return {str(start): str(speaker) for start, speaker in pairs if speaker}


def _watson(document: Record) -> list[Piece]:
    """Watson's words, which are bare triples of word, begin and end, with speakers listed apart by their begin."""
    best = [_best(result) or {} for result in _records(document.get("results"))]
    triples = [
        each for one in best for each in _listed(one.get("timestamps")) if isinstance(each, list) and len(each) == 3
    ]
    who = {str(each.get("from")): each.get("speaker") for each in _records(document.get("speaker_labels"))}
    if not triples or not who:
        return []
    made = [_piece({"text": str(word), "start": start, "end": end}, {}) for word, start, end in triples]
    speakers = [who.get(str(start)) for _, start, _ in triples]
    return [
        replace(one, speaker=None if speaker is None else str(speaker))
        for one, speaker in zip(made, speakers, strict=True)
        if one.text
    ]
