"""The tree of errors is the one drawn, every status is documented, and an error says what and the way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qualcode.errors
from qualcode.errors import (
    AmbiguousQuote,
    CodebookProblems,
    ExitStatus,
    NoCoder,
    NoProject,
    QualcodeError,
    UnknownCode,
    UnknownSource,
    WouldOrphan,
    nearest,
)
from qualcode.model import Notice

DRAWN = re.compile(r"^(?P<branch>[ │├└─]*)(?P<name>[A-Z]\w+) +(?P<status>[A-Z]+) +(?P<number>\d+)$", re.MULTILINE)
STATUSES = Path(__file__).parents[1] / "docs" / "exit-statuses.md"


def _drawing() -> dict[str, tuple[str, str, int]]:
    """Name → (parent, status, number) as drawn in the module's docstring, where a level is four columns wide."""
    above: list[str] = []
    drawn = {}
    for match in DRAWN.finditer(qualcode.errors.__doc__ or ""):
        depth = (len(match["branch"]) - 4) // 4
        above[depth:] = [match["name"]]
        drawn[match["name"]] = (above[depth - 1] if depth else "", match["status"], int(match["number"]))
    return drawn


def _classes(cls: type[QualcodeError] = QualcodeError, parent: str = "") -> dict[str, tuple[str, str, int]]:
    found = {cls.__name__: (parent, cls.status.name, int(cls.status))}
    for below in cls.__subclasses__():
        if below.__module__ == "qualcode.errors":
            found |= _classes(below, cls.__name__)
    return found


def test_the_drawing_is_the_tree() -> None:
    assert len(_drawing()) > 10
    assert _drawing() == _classes()


def test_every_exit_status_is_documented_with_its_number() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", STATUSES.read_text(encoding="utf-8"), re.MULTILINE)
    assert [(int(number), name) for number, name in rows] == [(status.value, status.name) for status in ExitStatus]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            UnknownCode("pastorl", ["role/managerial", "pastoral"]),
            'no code "pastorl" in this project — did you mean "pas',
        ),
        (UnknownSource("xyz"), 'no source "xyz" in this project — see `qualcode sources`'),
        (NoCoder(), "no coder is named — give --coder NAME"),
        (NoProject("/tmp/x"), "no project in /tmp/x or above it — start one with `qualcode init`"),
        (
            WouldOrphan([("role/a", 1), ("role/b", 2)]),
            "the new codebook no longer has role/a (1 coding), role/b (2 codings)",
        ),
        (
            AmbiguousQuote("int-1", [(3, 10), (None, 90)]),
            "that quotation stands in 2 places of int-1: turn 3 (offset 10), ",
        ),
        (
            CodebookProblems("r.yaml", [Notice("r.yaml:6:5", "error", "no code"), Notice("r.yaml:7:1", "error", "x")]),
            "r.yaml:6:5: no code (and 1 more) — see all with `qualcode codebook check r.yaml`",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_says_what_and_the_way_out(error: QualcodeError, said: str) -> None:
    assert str(error).startswith(said)
    assert str(error) == f"{error.what} — {error.way_out}"
    assert error.status != ExitStatus.BUG


def test_an_ambiguous_quotation_names_eight_places_at_most() -> None:
    error = AmbiguousQuote("s", [(n, n) for n in range(1, 21)])
    assert "and 12 more" in str(error)
    assert str(error).count("offset") == 8


def test_the_nearest_word_ignores_case_and_keeps_its_spelling() -> None:
    assert nearest("PASTORL", ["Pastoral", "managerial"]) == "Pastoral"
    assert nearest("zzz", ["Pastoral"]) is None
