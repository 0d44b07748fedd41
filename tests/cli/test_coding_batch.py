"""Codings by the line, from a file or from standard input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.faults.command import COMMAND, Said, ask, works

LINES = [{"ref": n, "source": "talk", "quote": quote, "code": "care"} for n, quote in enumerate(("The plan", "a talk"))]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    (tmp_path / "talk.txt").write_text("I: What?\n\nR: The plan, and a talk.\n")
    works(ask("init", folder))
    works(ask("--project", folder, "import", tmp_path / "talk.txt"))
    works(ask("--project", folder, "codebook", "add", "care"))
    (tmp_path / "lines.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in LINES))
    return folder


def batch(study: Path, *words: str | Path, typed: bytes = b"") -> Said:
    command = [*COMMAND, "--project", str(study), "--coder", "ann", "coding", "batch", *map(str, words)]
    done = subprocess.run(command, input=typed, capture_output=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("how", ["file", "dash", "nothing"])
def test_lines_come_from_a_file_or_from_standard_input(study: Path, how: str) -> None:
    lines = study.with_name("lines.jsonl")
    words: list[str | Path] = {"file": [lines], "dash": ["-"], "nothing": []}[how]
    said = batch(study, *words, typed=b"" if how == "file" else lines.read_bytes())
    assert said.status == 0
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert [answer["ref"] for answer in answers] == [0, 1]
    listed = works(ask("--project", study, "coding", "list", "--json")).json
    assert {coding["id"] for coding in listed} == {answer["id"] for answer in answers}


@pytest.mark.parametrize("name", ["nowhere.jsonl", "study"])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_coded(study: Path, name: str) -> None:
    said = batch(study, study.with_name(name))
    assert (said.status, said.out, said.err.count(b"\n")) == (3, b"", 1)
    assert name.encode() in said.err
    assert works(ask("--project", study, "coding", "list", "--json")).json == []
