"""Numbers are turn.sentence and depend on the text alone; pieces are found from any offset."""

from __future__ import annotations

import pytest

from qualcode.errors import UsageError
from qualcode.model import Source
from qualcode.session.numbering import Numbered
from tests.session.study import interview

TEXT = Numbered(interview("first", "a"))


def test_every_sentence_has_the_number_it_is_found_by() -> None:
    seen = []
    for index, turn in enumerate(TEXT.turns):
        for n, span in enumerate(TEXT.pieces("sentence", index), 1):
            seen.append(f"{turn.n}.{n}")
            assert TEXT.number(span.start) == TEXT.number(span.end - 1) == seen[-1]
            assert TEXT.at_number(seen[-1]) == span
    assert seen[:5] == ["1.1", "1.2", "2.1", "2.2", "2.3"]


def test_a_turn_alone_is_its_first_sentence() -> None:
    assert TEXT.source.quote(TEXT.at_number(" 4 ")) == "Nobody helps."


@pytest.mark.parametrize("word", ["", "x", "0", "99", "2.0", "2.9", "2.1.1", "-1"])
def test_a_place_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(UsageError):
        TEXT.at_number(word)


def test_words_leave_their_punctuation_behind() -> None:
    words = [TEXT.source.quote(span) for span in TEXT.pieces("word", 1)]
    assert words[:5] == ["I", "plan", "the", "timetable", "[laughs]"]


def test_a_text_without_turns_is_one_turn_and_an_empty_one_has_none() -> None:
    plain = Numbered(Source("c" * 32, "note", "document", "One. Two."))
    assert [plain.number(at) for at in (0, 5)] == ["1.1", "1.2"]
    empty = Numbered(Source("d" * 32, "empty", "document", ""))
    assert (empty.number(0), empty.after("word", 0), empty.before("word", 0)) == ("0.0", None, None)
