"""A small project in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.model import Bundle, Case, Code, Codebook, Source, Span, Turn, stable_id
from qualcode.store import Project

TEXT = "Interviewer: What do you teach?\nMs Vale: I plan the timetable [laughs]. I plan it again."


def source(name: str = "vale", text: str = TEXT, **fields: object) -> Source:
    turns = (Turn(1, Span(13, 31), "Interviewer", "interviewer"), Turn(2, Span(41, len(text)), "Ms Vale", "respondent"))
    given = {"id": stable_id("source", name), "kind": "interview", "turns": turns, "case": name, "sha256": "ab" * 32}
    return Source(**{**given, "name": name, "text": text, "file": f"{name}.txt", **fields})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.start(tmp_path / "study") as opened:
        opened.add(Bundle(sources=(source(),), cases=(Case("vale", {"phase": "secondary"}),)), coder="ann")
        with opened.act("codebook apply", "ann") as act:
            act.put_codebook(
                Codebook("role", "1.0", (Code("role/managerial", "Managerial"), Code("role/pastoral"))), {}
            )
        yield opened
