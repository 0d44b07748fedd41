"""A project with one interview, a codebook file written by hand, and two coders at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.model import Bundle, Case, Source, Span, Turn
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import codebooks, projects

ANSWER = "I go next door when a lesson fails. We plan on Fridays. The adviser came once. Nobody asked for the form."
TEXT = f"I: What helps?\nR: {ANSWER}\n"
VALE = Source(
    "a" * 32,
    "vale",
    "interview",
    TEXT,
    (Turn(1, Span(3, 14), "I", "interviewer"), Turn(2, Span(18, len(TEXT) - 1), "R", "respondent")),
    case="vale",
    sha256="b" * 64,
    file="vale.txt",
)
WRITTEN = """\
# The staffroom, by hand.
qualcode: 1
name: staffroom   # short
version: "1.0"
codes:
  # Colleagues.
  - code: help   # stays
    label: Help
    definition: Somebody gives help.
    exclude: ["From outside: staffroom/visitors."]
    examples: ['She helped me.']
    codes:
      - code: planning
        definition: Two plan a lesson.   # two at least

  # From outside.
  - code: visitors
    label: Visitors
    definition: People from outside.
    examples: ['The adviser came.']
    cues: [adviser]

  - code: paper
    definition: Forms and folders.
# The end.
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    folder = tmp_path / "study"
    projects.start(folder)
    with Project.open(folder) as opened:
        opened.add(Bundle(sources=(VALE,), cases=(Case("vale"),)), coder=None)
        (folder / "codebooks" / "room.yaml").write_text(WRITTEN, encoding="utf-8")
        codebooks.apply(opened, str(folder / "codebooks" / "room.yaml"), coder=None)
        code(opened, "ann", "I go next door", "help")
        code(opened, "ann", "We plan on Fridays", "planning")
        code(opened, "ben", "The adviser came once", "visitors")
        code(opened, "ben", "the form", "paper")
        yield opened


def code(project: Project, coder: str, quote: str, word: str) -> str:
    """Code a quotation and return the coding's id."""
    return Session(project, coder).add("vale", Place(quote=quote), word).id


def file(project: Project, name: str = "room.yaml") -> str:
    """A codebook file of the project, every byte of it."""
    return (project.folder / "codebooks" / name).read_bytes().decode()


def coded(project: Project) -> dict[str, tuple[str, str]]:
    """Coding id → the code it shows under, and its quotation."""
    return {coding.id: (coding.code, coding.segment.quote) for coding in project.codings()}
