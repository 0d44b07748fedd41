"""Places that the transcriber marked as not understood."""

from __future__ import annotations

import pytest

from qualcode.readers import read_bytes
from qualcode.readers.unheard import marks, told

TALK = (
    "Anna: Why [inaudible] there?\n\nBen 00:10: We [unclear 00:12:03] went. (crosstalk)\n\nAnna: [??] so?\n\n"
    "Ben: Yes (no doubt).\n"
)


def test_each_place_has_its_turn_speaker_and_time() -> None:
    source = read_bytes(TALK.encode(), "talk.txt").sources[0]
    found = [(mark.word, mark.turn, mark.speaker, source.quote(mark.span)) for mark in marks(source)]
    assert found == [
        ("inaudible", 1, "Anna", "[inaudible]"),
        ("unclear", 2, "Ben", "[unclear 00:12:03]"),
        ("crosstalk", 2, "Ben", "(crosstalk)"),
        ("??", 3, "Anna", "[??]"),
    ]
    assert [mark.time for mark in marks(source)] == [None, 723.0, 10.0, None]


def test_a_notice_counts_them() -> None:
    (notice,) = [str(one) for one in told(read_bytes(TALK.encode(), "talk.txt")).notices if "understood" in str(one)]
    assert "4 places are marked as not understood (inaudible 1, unclear 1, crosstalk 1, ?? 1)" in notice


@pytest.mark.parametrize(
    "text", ["It was unclear (to me).", "[laughs]", "(see the unclear part of the long report we had there)"]
)
def test_other_brackets_are_let_be(text: str) -> None:
    assert marks(read_bytes(text.encode(), "a.txt").sources[0]) == ()
