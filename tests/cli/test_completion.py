"""What the shell is offered, asked as a shell asks: through the environment, of a project with a source in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qualcode.cli import run


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two sources, one codebook and one coder."""
    folder = tmp_path_factory.mktemp("desk") / "study"
    for name in ("int-1.txt", "int 2.txt", "int-$(touch x).txt"):
        (folder.parent / name).write_text("I: Well?\nP1: It was hard.\n" + name, encoding="utf-8")
    files = sorted(map(str, folder.parent.glob("int*.txt")))
    assert len(files) == 3
    said = ["--project", str(folder), "--coder", "ann", "--quiet"]
    words = ["--quote", "It was hard.", "--code", "pastoral"]
    assert run(["init", str(folder)]) == 0
    assert run(["import", *files, *said]) == 0
    assert run(["codebook", "apply", "role", *said]) == 0
    assert run(["coding", "add", "--source", "int-1", *words, *said]) == 0
    return folder


def _offered(shell: str, line: str, folder: Path) -> list[str]:
    """What one Tab after `line` offers in a shell, in the project's folder."""
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_TYPER_COMPLETE_ARGS": line}
    env = os.environ | asked | {"_QUALCODE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    env.pop("QUALCODE_PROJECT", None)
    code = "import sys; from qualcode.cli import run; sys.exit(run([]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return [offer.partition("\t")[0] for offer in done.stdout.splitlines() if offer]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("qualcode pl", ["plugins"]),
        ("qualcode coding re", ["remove", "recode", "resize"]),
        ("qualcode show int", ["int-1", "int\\ 2"]),
        ("qualcode coding add --source int-", ["int-1"]),
        ("qualcode coding add --code past", ["pastoral"]),
        ("qualcode coding add --code role/past", ["role/pastoral"]),
        ("qualcode coding list --coder ", ["ann"]),
        ("qualcode coding list --qu", ["--quiet"]),
    ],
)
def test_bash_is_offered_commands_options_and_names(study: Path, line: str, expected: list[str]) -> None:
    offered = _offered("bash", line, study)
    assert set(expected) >= set(offered) > set()


def test_fish_and_zsh_are_offered_the_same_names(study: Path) -> None:
    assert set(_offered("fish", "qualcode show int", study)) == {"int-1", "int 2"}
    assert '"int-1"' in "\n".join(_offered("zsh", "qualcode show int", study))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_name_that_a_shell_would_run_is_not_offered(study: Path, shell: str) -> None:
    assert "touch" not in "\n".join(_offered(shell, "qualcode show int", study))


def test_a_project_named_before_is_the_one_asked(study: Path, tmp_path: Path) -> None:
    assert _offered("bash", f"qualcode --project {study} show int-", tmp_path) == ["int-1"]
    assert _offered("bash", "qualcode show int-", tmp_path) == []
