"""JSON of speech recognition, in the shapes of the services, and of chat exports."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qualcode.errors import InputError
from qualcode.model import Source
from qualcode.readers import ReadOptions, read_bytes

ASKED, SAID = "How did it begin?", "By chance, one day in May."


def read(document: Any, name: str = "talk.json") -> Source:
    return read_bytes(json.dumps(document).encode(), name, ReadOptions()).sources[0]


def turns(source: Source) -> list[tuple[str | None, float | None, str]]:
    return [(turn.speaker, turn.time, source.quote(turn.span)) for turn in source.turns]


def two(
    speaker: str = "speaker", start: str = "start", end: str = "end", text: str = "text", by: float = 1
) -> list[Any]:
    return [
        {speaker: "Ann", start: 1 * by, end: 3 * by, text: ASKED},
        {speaker: "Ben", start: 4 * by, end: 6 * by, text: "By chance,"},
        {speaker: "Ben", start: 6 * by, end: 8 * by, text: "one day in May."},
    ]


SPOKEN = [("Ann", 1.0, ASKED), ("Ben", 4.0, SAID)]


def word(text: str, start: float, speaker: str | None = None, kind: str = "pronunciation") -> dict[str, Any]:
    made: dict[str, Any] = {"type": kind, "alternatives": [{"content": text, "confidence": "0.9"}]}
    if kind == "pronunciation":
        made |= {"start_time": str(start), "end_time": str(start + 1)}
    return made | ({"speaker_label": speaker} if speaker else {})


@pytest.mark.parametrize(
    "document",
    [
        two(),
        {"segments": two()},
        {"segments": two(speaker="speakerLabel")},
        {"segments": two(start="startTime", end="endTime", text="body"), "version": "1.0.0"},
        {"utterances": two(by=1000)},
        {"results": {"utterances": two(text="transcript"), "channels": []}},
        {"monologues": [
            {"speaker": "Ann", "elements": [{"type": "text", "value": ASKED, "ts": 1.0, "end_ts": 3.0}]},
            {"speaker": "Ben", "elements": [{"type": "text", "value": w, "ts": 4.0} for w in (SAID[:10], SAID[10:])]},
        ]},
        {"segments": [{key: value for key, value in each.items() if key != "speaker"}
                      | {"words": [{"word": "x", "speaker": each["speaker"]}]} for each in two()]},
    ],
    ids=["list", "whisperx", "label", "podcast", "milliseconds", "deepgram", "rev", "words"],
)  # fmt: skip
def test_the_shapes_of_services_give_one_talk(document: Any) -> None:
    assert turns(read(document)) == SPOKEN


def test_amazons_words_and_signs_are_put_together_by_speaker() -> None:
    items = [
        word("How", 0.5, "spk_0"),
        word("so", 1, "spk_0"),
        word("?", 0, None, "punctuation"),
        word("So", 2, "spk_1"),
    ]
    beside = read({"jobName": "a", "results": {"transcripts": [{"transcript": "How so? So"}], "items": items}})
    assert turns(beside) == [("spk_0", 0.5, "How so?"), ("spk_1", 2.0, "So")]
    apart = [{key: value for key, value in item.items() if key != "speaker_label"} for item in items]
    labels = {
        "segments": [
            {"speaker_label": "spk_0", "items": [{"start_time": "0.5"}, {"start_time": "1"}]},
            {"speaker_label": "spk_1", "items": [{"start_time": "2"}]},
        ]
    }
    assert turns(read({"results": {"items": apart, "speaker_labels": labels}})) == turns(beside)


def test_whisper_without_speakers_is_cut_into_paragraphs_with_times() -> None:
    segments = [{"id": n, "start": n * 10.0, "end": n * 10.0 + 4, "text": f" Word number {n}."} for n in range(3)]
    source = read({"text": "…", "segments": segments, "language": "en"})
    assert turns(source) == [(None, n * 10.0, f"Word number {n}.") for n in range(3)]


def test_names_are_taken_from_the_table_of_speakers_and_numbers_become_labels() -> None:
    segments = [{"speaker": "s0", "text": "One."}, {"speaker": 1, "text": "Two."}]
    source = read({"speakers": {"s0": "Ann"}, "segments": segments})
    assert source.speakers == ("Ann", "Speaker 1")


def test_messages_with_a_time_of_day_count_from_the_first() -> None:
    messages = [{"user_profile": {"real_name": "Ann"}, "ts": "1700000000.5", "text": "Hi."}]
    messages.append({"user": "U2", "ts": "1700000060.5", "text": "Hello."})  # type: ignore[dict-item]
    assert turns(read(messages)) == [("Ann", 0.0, "Hi."), ("U2", 60.0, "Hello.")]


def test_lines_of_json_are_records() -> None:
    raw = "\n".join(json.dumps(each) for each in two()).encode()
    assert turns(read_bytes(raw, "talk.jsonl").sources[0]) == SPOKEN


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b'{"name": 5}', b"[1, 2]", b'{"segments": [{"start": 1}]}', b"[" * 100_000]
)
def test_what_holds_no_transcript_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_bytes(raw, "a.json")


def test_what_is_left_out_is_said() -> None:
    told = read_bytes(json.dumps({"segments": two(), "language": "en"}).encode(), "a.json").notices
    assert any("left out: language" in str(each) for each in told)
