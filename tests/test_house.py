"""The house: what is imported when, what the table of contents promises, how things are called."""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from qualcode.cli import ALIASES, COMMANDS, PANELS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "qualcode"
HEAVY = {"textual", "spacy", "sklearn", "numpy", "scipy", "pandas", "docx", "lxml", "pydantic", "rich", "sqlite_utils",
         "pypdfium2", "striprtf"}  # fmt: skip
LIGHT = [
    "import qualcode",
    "import qualcode.cli",
    "from qualcode.cli import run; run([])",
    "from qualcode.cli import run; run(['--help'])",
    "from qualcode.cli import run; run(['--version'])",
    "from qualcode.cli import run; run(['plugins', '--help'])",
    "from qualcode.cli import run; run(['plugins', '--json', '--coder', 'ann'])",
]


def _loaded(code: str) -> set[str]:
    """Top-level modules a fresh interpreter holds after running `code`."""
    tell = "import sys, json; sys.stderr.write('\\n' + json.dumps([name.partition('.')[0] for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{tell}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("code", LIGHT)
def test_light_work_imports_nothing_heavy(code: str) -> None:
    loaded = _loaded(code)
    assert "qualcode" in loaded
    assert not loaded & HEAVY


def test_the_version_is_answered_without_typer() -> None:
    loaded = _loaded("import sys; sys.argv = ['qualcode', '--version']; from qualcode.__main__ import main; main()")
    assert "qualcode" in loaded
    assert "typer" not in loaded


def test_help_needs_no_database_yaml_or_command_module() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from qualcode.cli import run; run(['--help'])\n"
         "sys.stderr.write(' '.join(sys.modules))"], capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(done.stderr.split())
    assert "qualcode.cli.tree" in loaded
    targets = {entry.target.partition(":")[0] for entry in COMMANDS.values() if entry.target}
    assert targets
    assert not loaded & (targets | {"sqlite3", "yaml", "qualcode.model", "qualcode.workflow", "qualcode.store"})


@pytest.mark.parametrize("name", [name for name, entry in COMMANDS.items() if entry.target])
def test_every_command_is_there_is_asked_with_a_request_and_says_what_it_does(name: str) -> None:
    module, _, attribute = COMMANDS[name].target.partition(":")
    function = getattr(import_module(module), attribute)
    assert next(iter(inspect.signature(function).parameters)) == "request"
    assert inspect.getdoc(function)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_line_a_panel_and_a_group(name: str) -> None:
    entry = COMMANDS[name]
    group, _, _ = name.rpartition(" ")
    assert 0 < len(entry.help) <= 60
    assert not entry.help.endswith(".")
    assert group in COMMANDS if group else entry.panel in PANELS
    assert entry.target or any(other.startswith(f"{name} ") for other in COMMANDS)


@pytest.mark.parametrize("name", [name for name, entry in COMMANDS.items() if entry.target])
def test_no_command_declares_a_shared_option_again(name: str) -> None:
    from qualcode.cli.tree import grown

    options = [opt for param in grown(name).params if param.param_type_name == "option" for opt in param.opts]
    assert {"--project", "--coder", "--json", "--debug", "--quiet"} <= set(options)
    assert len(options) == len(set(options))


def test_every_alias_stands_for_a_command() -> None:
    assert set(ALIASES.values()) <= set(COMMANDS)
    assert not set(ALIASES) & set(COMMANDS)


def _modules() -> list[Path]:
    found = sorted(SOURCE.rglob("*.py"))
    assert len(found) > 20
    return found


NO_DRAWER = re.compile(r"(^|_)(utils?|helpers?|managers?|handlers?|common|base|services?|info|misc|stuff)(_|$)")


def test_no_module_is_a_drawer_for_the_rest() -> None:
    assert NO_DRAWER.search("text_utils")
    names = [part for path in _modules() for part in path.relative_to(SOURCE).with_suffix("").parts]
    assert [name for name in names if NO_DRAWER.search(name)] == []


def test_no_class_manages_handles_or_helps() -> None:
    classes = [
        node.name
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert "Group" in classes
    assert [name for name in classes if re.search(r"(Manager|Handler|Helper|Utils?|Service|Info)$", name)] == []


def test_every_module_says_what_it_is() -> None:
    silent = [path for path in _modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


WRITTEN = ("*.py", "*.md", "*.toml", "*.cff", "*.yaml", "*.yml", "*.sh", "Makefile", ".importlinter")
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/"),
    "the address of a package index": re.compile(r"--(?:extra-)?index-url|/simple/?\b|pypi\.org/simple|PIP_INDEX_URL"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_nothing_written_here_names(what: str) -> None:
    assert FOREIGN["a path of one machine"].search("in /home/ann/study")
    assert FOREIGN["the address of a package index"].search("pip install --index-url x")
    places = [ROOT, *(ROOT / name for name in ("src", "docs", "tests", "benchmarks", "codebooks", ".ci"))]
    files = {
        path for place in places for kind in WRITTEN for path in (place.glob if place == ROOT else place.rglob)(kind)
    }
    assert len(files) > 30
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sorted(files - {Path(__file__)})
        for match in FOREIGN[what].finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
