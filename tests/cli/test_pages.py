"""The pages of commands that list: who is how far, and the words around a cue."""

from __future__ import annotations

import pytest

from qualcode.cli import pages
from qualcode.model import Code, Codebook, Reason, Segment, Source, Span, State, Status, Suggestion

BOOKS = (
    Codebook("role", "1", (Code("role/pastoral", "Pastoral"),)),
    Codebook("time", "1", (Code("time/lost", "Lost"),)),
    Codebook("open", "0", ()),
)


def said(*statuses: tuple[str, str, State]) -> str:
    """The status cell of a source with these statuses (coder, codebook, state)."""
    source = Source("s1", "interview-1", "interview", "Well, yes.")
    listed = pages.sources([source], {}, {"s1": [Status("s1", *status) for status in statuses]}, BOOKS)
    (row,) = listed.tables[0].rows
    return str(row[-1])


def test_who_is_equally_far_stands_together() -> None:
    assert said(("ann", "role", "done"), ("ben", "role", "done")) == "ann, ben done: role"


def test_done_with_everything_is_done_and_a_codebook_without_codes_does_not_count() -> None:
    assert said(("ann", "role", "done"), ("ann", "time", "done")) == "ann done"
    assert said(("ann", "role", "done"), ("ann", "open", "done")) == "ann done: role"


def test_different_states_stand_apart() -> None:
    got = said(("ann", "role", "done"), ("ann", "time", "in progress"), ("ben", "role", "not started"))
    assert got == "ann done: role, in progress: time"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a cup of tea", "a cup of tea"),
        ("a cup of tea " + "and so on " * 20, "a cup of tea and so on and so on and so on and so on and so…"),
        (
            "so on and " * 20 + "a cup of tea " + "so on " * 20,
            "on and so on and so on and a cup of tea so on so on so on",
        ),
    ],
)
def test_the_words_around_the_cue_are_shown(text: str, shown: str) -> None:
    source = Source("s1", "interview-1", "interview", "I: " + text)
    at = 3 + text.index("cup of tea")
    reason = Reason("cues", 'cue "cup of tea"', ((at, at + 10),))
    suggestion = Suggestion(Segment(source, Span(3, 3 + len(text))), "role/pastoral", 0.5, "cues", "1", reason)
    (row,) = pages.suggestions([suggestion]).tables[0].rows
    assert shown in str(row[-1])
    assert len(str(row[-1])) <= 61
