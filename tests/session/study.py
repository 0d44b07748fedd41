"""An invented study: an interview with brackets and wide letters, another one, and a small questionnaire."""

from __future__ import annotations

from pathlib import Path

from qualcode.model import Bundle, Case, Code, Codebook, Source, Span, Turn
from qualcode.store import Project

SAID = (
    ("I", "interviewer", "Thank you for coming. What do you do in a week?"),
    ("Rosa", "respondent", "I plan the timetable. [laughs] Then I listen. A mentor cries [/] and I close the door."),
    ("I", "interviewer", "And who helps you?"),
    ("Rosa", "respondent", "Nobody helps. The 学校 is small 👩‍🏫, and the head is busy."),
    ("I", "interviewer", "What changed?"),
    ("Rosa", "respondent", "The forms. We plan the timetable twice now."),
)
ANSWERS = (("Q1", "More ideas", 2), ("Q2", "more ideas.", 11), ("Q3", "Nothing but paper", 5))
PROMPT = "What are the benefits?"


def interview(name: str, key: str) -> Source:
    """The interview, as a text file would hold it."""
    text, turns = "", []
    for number, (speaker, role, words) in enumerate(SAID, 1):
        text += f"{speaker}: "
        turns.append(Turn(number, Span(len(text), len(text) + len(words)), speaker, role, time=number * 61.0))
        text += words + "\n"
    return Source(key * 32, name, "interview", text, tuple(turns), case=name, sha256=key * 64, file=f"{name}.txt")


def answer(case: str, words: str) -> Source:
    """One respondent's answer."""
    key = f"{ord(case[1]):02x}" * 16
    turn = Turn(1, Span(0, len(words)), prompt=PROMPT)
    return Source(key, f"survey/{case}", "answers", words, (turn,), case=case, sha256=key * 2, file="survey.csv")


def start(folder: Path) -> Project:
    """The project, with two codebooks: one with keys, and the empty one that is there from the start."""
    project = Project.start(folder)
    cases = [Case("first"), Case("second"), *(Case(name, {"years": years}) for name, _, years in ANSWERS)]
    texts = [interview("first", "a"), interview("second", "b"), *(answer(name, words) for name, words, _ in ANSWERS)]
    project.add(Bundle(sources=tuple(texts), cases=tuple(cases)), coder=None)
    with project.act("init", None) as act:
        act.put_codebook(Codebook("open", title="Codes made while reading"), {})
    codes = (
        Code(
            "role/managerial", "Managerial", "Organising.", ("timetables",), ("listening",), key="m", colour="#4477aa"
        ),
        Code("role/pastoral", "Pastoral", "Care for people.", key="p"),
        Code("role/pastoral/listening", "Listening", key="l"),
    )
    with project.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("role", "1.0", codes), {})
    return project
