"""The tree of commands: shared options anywhere, groups that also act, near misses, nothing imported too early."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer

import qualcode.cli
from qualcode.cli import COMMANDS, Entry, run, terminal
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus
from qualcode.report import Report, Table

HERE = __name__


def _echo(request: Request, **given: object) -> None:
    shape = {"project": request.project, "coder": request.coder, "json": request.json, **given}
    terminal.answer(request, lambda: shape, lambda: Report("echo", (Table(("said",), ((str(shape),),)),)))


def add(
    request: Request,
    text: Annotated[str, typer.Option()],
    source: Annotated[str | None, typer.Argument()] = None,
    round: Annotated[int, typer.Option()] = 1,
    unit: Annotated[Literal["turn", "sentence"], typer.Option()] = "turn",
    code: Annotated[list[str] | None, typer.Option()] = None,
    out: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Add something."""
    _echo(request, text=text, source=source, round=round, unit=unit, code=code, out=out and str(out))


def listed(request: Request, kind: str = "all") -> None:
    """List what there is."""
    _echo(request, did="list", kind=kind)


def done(request: Request, names: Annotated[list[str], typer.Argument()]) -> ExitStatus:
    """Say that something is done."""
    _echo(request, did="done", names=names)
    return ExitStatus.FINDINGS


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "coding": Entry("", "Code by command", "Read and code"),
        "coding add": Entry(f"{HERE}:add", "Add a coding"),
        "sources": Entry(f"{HERE}:listed", "Sources and statuses", "Read and code"),
        "sources done": Entry(f"{HERE}:done", "Say that a source is done"),
        "broken": Entry("no.such.module:nothing", "Cannot be imported", "Project"),
    }
    for name in list(COMMANDS):
        monkeypatch.delitem(COMMANDS, name)
    for name, entry in table.items():
        monkeypatch.setitem(COMMANDS, name, entry)
    monkeypatch.setitem(qualcode.cli.ALIASES, "texts", "sources")


def _said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, object]:
    assert run(words) == status
    said = capsys.readouterr()
    assert said.err == ""
    value = json.loads(said.out)
    assert isinstance(value, dict)
    return value


def _complaint(capsys: pytest.CaptureFixture[str], *words: str, status: int = 2) -> str:
    assert run(words) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("qualcode: ")
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "--project", "P", "--coder", "ann", "coding", "add", "--text", "x"],
        ["coding", "--json", "--project", "P", "--coder=ann", "add", "--text", "x"],
        ["coding", "add", "--text", "x", "--json", "--project=P", "--coder", "ann"],
        ["--project", "other", "coding", "add", "--json", "--text", "x", "--project", "P", "--coder", "ann"],
        ["--json", "--coder", "ben", "coding", "--project", "P", "add", "--text", "x", "--coder", "ann"],
    ],
)
def test_shared_options_stand_anywhere_and_the_innermost_wins(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    said = _said(capsys, *words)
    assert (said["project"], said["coder"], said["text"]) == ("P", "ann", "x")


def test_a_value_that_looks_like_a_shared_option_stays_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys, "--json", "coding", "add", "--text", "--coder")
    assert said["text"] == "--coder"
    assert said["coder"] is None


def test_two_dashes_end_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys, "--json", "coding", "add", "--text", "x", "--", "--quiet")
    assert said["source"] == "--quiet"


def test_a_group_alone_acts_and_takes_its_own_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said(capsys, "sources", "--json")["kind"] == "all"
    assert _said(capsys, "--json", "sources", "--kind", "interview")["kind"] == "interview"


def test_a_command_of_a_group_that_also_acts_runs_alone(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys, "sources", "--json", "done", "one", "two", status=ExitStatus.FINDINGS)
    assert said["did"] == "done"
    assert said["names"] == ["one", "two"]


def test_an_alias_is_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said(capsys, "texts", "--json") == _said(capsys, "sources", "--json")


def test_values_are_read_without_pydantic(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pydantic", raising=False)
    words = ["--text", "x", "--round", "3", "--unit", "sentence", "--code", "a", "--code", "b", "--out", "o.md"]
    said = _said(capsys, "--json", "coding", "add", *words)
    assert (said["round"], said["unit"], said["code"], said["out"]) == (3, "sentence", ["a", "b"], "o.md")
    assert "pydantic" not in sys.modules


@pytest.mark.parametrize(
    ("option", "value", "expected"), [("--round", "three", "three"), ("--unit", "sentense", "sentence")]
)
def test_a_value_that_cannot_be_read_is_one_line(
    capsys: pytest.CaptureFixture[str], option: str, value: str, expected: str
) -> None:
    said = _complaint(capsys, "coding", "add", "--text", "x", option, value)
    assert option in said
    assert expected in said


def test_a_mistyped_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean `qualcode sources`?" in _complaint(capsys, "sorces")
    assert "did you mean `qualcode coding add`?" in _complaint(capsys, "coding", "ad")
    assert "did you mean `qualcode coding add`?" in _complaint(capsys, "add")
    assert "see `qualcode --help`" in _complaint(capsys, "xyzzy")


def test_a_bare_group_names_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        _complaint(capsys, "coding")
        == "qualcode: `qualcode coding` needs a command: add — see `qualcode coding --help`\n"
    )


def test_a_mistyped_option_or_a_missing_one_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no such option: --txt" in _complaint(capsys, "coding", "add", "--txt", "x")
    assert _complaint(capsys, "coding", "add").endswith(" — see `qualcode coding add --help`\n")


def test_words_too_many_are_counted_and_never_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    said = _complaint(capsys, "coding", "add", "--text", "I", "felt", "utterly", "lost")
    assert "2 words too many" in said
    assert "utterly" not in said
    assert "quotes" in said


def test_a_command_that_cannot_be_imported_is_not_seen_before_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert "broken" in capsys.readouterr().out
    assert "ModuleNotFoundError" in _complaint(capsys, "broken", status=ExitStatus.BUG)


def test_help_shows_panels_in_order_and_shared_options_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    said = capsys.readouterr().out
    assert 0 < said.index("Read and code:") < said.index("Project:") < said.index("Everywhere:") < said.index("--coder")
    assert run(["coding", "add", "--help"]) == 0
    said = capsys.readouterr().out
    assert 0 < said.index("Options:") < said.index("--round") < said.index("Everywhere:") < said.index("--project")
    assert run(["sources", "-h"]) == 0
    said = capsys.readouterr().out
    assert "List what there is." in said
    assert "done" in said
    assert "--kind" in said


def test_version_is_answered_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--json", "--version"]) == 0
    assert capsys.readouterr().out == f"qualcode {qualcode.__version__}\n"
