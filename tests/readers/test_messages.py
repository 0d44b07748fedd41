"""Chat logs in plain text, and what only looks like one."""

from __future__ import annotations

import pytest

from qualcode.model import Source
from qualcode.readers import ReadOptions, read_bytes


def read(text: str, options: ReadOptions = ReadOptions()) -> Source:  # noqa: B008 - frozen
    return read_bytes(text.encode(), "log.txt", options).sources[0]


def turns(source: Source) -> list[tuple[str | None, float | None, str]]:
    return [(turn.speaker, turn.time, source.quote(turn.span)) for turn in source.turns]


@pytest.mark.parametrize(
    "text",
    [
        "[12/03/2024, 10:15:00] Ann Hill: Hello\n[12/03/2024, 10:16:30] Ben: Hi: there\n",
        "\u200e[12/03/2024, 10:15:00] Ann Hill: \u200eHello\n\u200e[12/03/2024, 10:16:30] Ben: Hi: there\n",
        "[12/03/2024 10:15:00] Ann Hill: Hello\n[12/03/2024 10:16:30] Ben: Hi: there\n",
        "2024-03-12, 10:15:00 - Ann Hill: Hello\n2024-03-12, 10:16:30 - Ben: Hi: there\n",
        "12.03.24, 10:15:00 - Ann Hill: Hello\n12.03.24, 10:16:30 - Ben: Hi: there\n",
        "10:15:00 From Ann Hill to Everyone:\n\tHello\n10:16:30 From Ben to Everyone : Hi: there\n",
        "Ann Hill  10:15:00 AM\nHello\nBen  10:16:30 AM\nHi: there\n",
        "[10:15:00 AM] Ann Hill: Hello\n[10:16:30 AM] Ben: Hi: there\n",
    ],
)
def test_a_message_is_a_turn_with_seconds_since_the_first(text: str) -> None:
    source = read(text)
    assert source.text == text
    assert turns(source) == [("Ann Hill", 0.0, "Hello"), ("Ben", 90.0, "Hi: there")]


def test_a_message_of_several_lines_is_one_turn_and_a_line_of_the_system_is_nobodys() -> None:
    text = "12/03/2024, 10:14 - Messages are encrypted.\n12/03/2024, 10:15 - Ann: One: two\nthree: four\n"
    text += "12/03/2024, 10:16 - Ben: Five\n"
    assert [(who, words) for who, _, words in turns(read(text))] == [
        (None, "Messages are encrypted."),
        ("Ann", "One: two\nthree: four"),
        ("Ben", "Five"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "later"),
    [("3/12/24, 11:50 PM", "3/13/24, 12:05 AM", 900.0), ("28/02/24, 23:50", "29/02/24, 00:05", 900.0),
     ("9/1/24, 10:00 AM", "10/1/24, 10:00 AM", 86400.0)],
)  # fmt: skip
def test_the_order_of_day_and_month_is_told_by_the_dates(first: str, second: str, later: float) -> None:
    assert [time for _, time, _ in turns(read(f"{first} - Ann: one\n{second} - Ben: two\n"))] == [0.0, later]


def test_a_diary_is_no_chat_log() -> None:
    text = "12/03/2024, 10:15 - Went to school: nobody there.\n\n" + "It was a long day and I wrote.\n\n" * 5
    assert read(text).kind == "document"


def test_stamps_of_a_recording_are_no_times_of_day() -> None:
    source = read("[10:15] Ann: Hello?\n[10:20] Ben: Hi.\n[10:25] Ann: So.\n[10:30] Ben: Yes.\n")
    assert turns(source)[0] == ("Ann", 615.0, "Hello?")


@pytest.mark.parametrize("header", ["Timespan\tContent\tSpeaker", "Timespan\tSpeaker\tContent"])
def test_nvivos_table_is_read_by_its_columns(header: str) -> None:
    cells = {"Timespan": "0:01:02.5 - 0:01:04.0", "Content": "It began.", "Speaker": "Ann"}
    text = header + "\n" + "\t".join(cells[name] for name in header.split("\t")) + "\n"
    assert turns(read(text)) == [("Ann", 62.5, "It began.")]
    assert read(text, ReadOptions(format="txt")).text == text
