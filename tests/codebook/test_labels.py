"""A label is changed in place, whatever way it was written, and nothing else."""

from __future__ import annotations

import pytest

from qualcode import codebook as room
from qualcode.codebook.labels import relabel_code
from qualcode.errors import CodebookError

HEAD = "qualcode: 1\nname: role\ncodes:\n"


def label(text: str) -> str:
    read = room.read_text(text, "FILE").codebook
    assert read is not None
    return read.codes[0].label


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  - code: a\n    label: Old   # kept\n", "  - code: a\n    label: New one   # kept\n"),
        ('  - label: "Old"\n    code: a\n', '  - label: "New one"\n    code: a\n'),
        ("  - code: a\n    label: 'O''ld'\n", '  - code: a\n    label: "New one"\n'),
        ("  - code: a   # first\n    key: x\n", "  - code: a   # first\n    label: New one\n    key: x\n"),
        ("  - {code: a, label: Old}\n", '  - {code: a, label: "New one"}\n'),
    ],
)
def test_a_label_takes_the_place_of_the_old_one(before: str, after: str) -> None:
    assert relabel_code(HEAD + before, "role/a", "New one") == HEAD + after
    assert label(HEAD + after) == "New one"


@pytest.mark.parametrize("said", ["Yes: I do", "- x", 'say "it"', "no", "#1", "é 👩‍🏫", "a, b"])
def test_any_label_is_read_back_as_it_was_said(said: str) -> None:
    for item in ("  - code: a\n    label: Old\n", "  - code: a\n", "  - {code: a, label: Old}\n"):
        assert label(relabel_code(HEAD + item, "role/a", said)) == said


def test_the_same_label_changes_nothing() -> None:
    text = HEAD + "  - code: a\n    label: 'Old'\n"
    assert relabel_code(text, "role/a", "Old") == text


@pytest.mark.parametrize(
    "item", ["  - {code: a}\n", "  - code: a\n    label: >\n      Old\n", "  - code: a\n    label:\n"]
)
def test_what_cannot_be_changed_in_place_is_refused(item: str) -> None:
    with pytest.raises(CodebookError):
        relabel_code(HEAD + item, "role/a", "New")


def test_an_unknown_code_is_named_with_the_nearest() -> None:
    with pytest.raises(CodebookError, match="role/abc"):
        relabel_code(HEAD + "  - code: abc\n", "role/abd", "New")
