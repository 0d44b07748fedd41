"""A whole study by commands: every kind of act once, as a person would do it in an afternoon."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.faults.command import Said, ask, works

TALK = """Interviewer: What do you do all week?

Coordinator: I plan the timetable. I talk to the mentors every week, and I comfort whoever needs it.

Interviewer: And who helps you?

Coordinator: Nobody helps. The timetable is mine alone.
"""
SURVEY = "id,phase,What is hard?\nQ1,primary,The timetable is hard.\nQ2,secondary,Nobody listens to us at all.\n"
BOOK = {
    "qualcode": "1",
    "name": "role",
    "version": "1",
    "title": "The role",
    "codes": [
        {"code": "managerial", "definition": "Plans.", "cues": ["timetable"]},
        {"code": "pastoral", "definition": "Cares.", "cues": ["comfort"]},
        {"code": "lonely", "definition": "Alone.", "cues": ["nobody"]},
    ],
}
Ask = Callable[..., Said]


def files(home: Path) -> None:
    """The files that the study begins with."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "talk.txt").write_text(TALK)
    (home / "corrected.txt").write_text(TALK.replace("comfort", "console").replace("all week", "all the week"))
    (home / "survey.csv").write_text(SURVEY)
    (home / "cases.csv").write_text("case,phase,consent\ntalk,secondary,quote\n")
    (home / "role.yaml").write_text(json.dumps(BOOK))


def undoable(home: Path) -> list[tuple[str, ...]]:
    """Commands that each write one act, or one run of acts, that `undo` takes back; IDs are looked up by `filled`."""
    return [
        ("import", str(home / "talk.txt")),
        ("import", str(home / "survey.csv"), "--survey"),
        ("cases", "import", str(home / "cases.csv")),
        ("codebook", "apply", str(home / "role.yaml")),
        (
            "coding",
            "add",
            "--source",
            "talk",
            "--quote",
            "I plan the timetable",
            "--code",
            "managerial",
            "--memo",
            "why",
        ),
        ("coding", "add", "--source", "talk", "--turn", "4", "--code", "lonely", "--certainty", "0.5"),
        ("coding", "add", "--source", "talk", "--quote", "I talk to the mentors", "--code", "pastoral"),
        ("coding", "recode", "{first}", "--code", "pastoral"),
        ("coding", "resize", "{first}", "--quote", "I plan the timetable. I talk"),
        ("coding", "remove", "{first}"),
        ("memo", "add", "A thought about all of it"),
        ("memo", "add", "About a passage", "--source", "talk", "--turn", "2"),
        ("memo", "add", "A cell", "--case", "talk", "--code", "pastoral"),
        ("cases", "set", "talk", "phase=primary", "withdrawn=no"),
        ("cases", "link", "Q1", "talk"),
        ("sources", "done", "talk"),
        ("codebook", "add", "waiting", "--under", "role"),
        ("codebook", "rename", "role/waiting", "patience"),
        ("codebook", "merge", "role/patience", "role/pastoral"),
        ("codebook", "retire", "role/lonely"),
        ("revise", "talk", str(home / "corrected.txt")),
        ("revise", "talk", "--turn", "2", "--text", "I plan the whole timetable, and I console whoever needs it."),
        ("suggestions", "accept", "{suggestion}"),
        ("suggestions", "reject", "{suggestion}"),
    ]


def filled(study: Path, command: tuple[str, ...], run: Ask = ask) -> list[str]:
    """The command with the ids that it stands for."""
    found = list(command)
    if "{first}" in command:
        (first, *_) = works(run("--project", study, "coding", "list", "--json")).json
        found = [first["id"] if word == "{first}" else word for word in found]
    if "{suggestion}" in command:
        works(run("--project", study, "suggest"))
        (first, *_) = works(run("--project", study, "suggestions", "list", "--json")).json
        found = [first["id"] if word == "{suggestion}" else word for word in found]
    return found


def reads(out: Path) -> list[tuple[str, ...]]:
    """Commands that ask or export."""
    return [
        *(("sources",), ("show", "talk"), ("cases",), ("codebook", "show"), ("coding", "list"), ("memo", "list")),
        *(("history",), ("milestone",), ("doctor",), ("merge", "--conflicts"), ("agreement",), ("plugins",)),
        *(("report", "frequencies"), ("report", "closed"), ("report", "codebook"), ("suggestions", "list")),
        ("coding", "list", "--where", "code:role/* AND phase=secondary"),
        *(
            ("export", "quotations", "--format", form, "--out", str(out / f"q.{form}"))
            for form in ("md", "html", "docx")
        ),
        *(("export", "codings", "--format", "csv"), ("export", "transcripts"), ("export", "codebook", "role")),
        ("codebook", "check", str(out / "role.yaml")),
        ("backup",),
        ("backup", "--list"),
        ("milestone", "at the end"),
        ("handout", "--to", "ben", "--out", str(out / "ben.qualcode")),
    ]


def played(study: Path, home: Path, run: Ask = ask, *, suggestions: bool = True) -> None:
    """Play the whole of it, a merge with a hand-out and a restored backup included; spaCy only with `suggestions`."""
    files(home)
    works(run("init", study))
    for command in undoable(home)[: None if suggestions else -2]:
        works(run("--project", study, *filled(study, command, run)))
    for command in reads(home):
        works(run("--project", study, *command))
    bens = home / "bens"
    works(run("init", bens, "--handout", home / "ben.qualcode", "--coder", "ben"))
    works(run("--project", bens, "coding", "add", "--source", "talk", "--turn", "4", "--code", "managerial"))
    works(run("--project", study, "merge", bens))
    works(run("--project", study, "undo"))
    works(run("--project", study, "merge", bens))
    (newest, *_) = works(run("--project", study, "backup", "--list", "--json")).json
    works(run("--project", study, "restore", newest["name"]))
