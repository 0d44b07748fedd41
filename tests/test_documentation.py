"""The documentation against the project: links lead somewhere, named files exist, named commands are commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import qualcode
from qualcode.cli import ALIASES, COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "exports").glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
SPOKEN = re.compile(r"^(?:\$ )?qualcode ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", re.MULTILINE)
QUOTED = re.compile(r"`qualcode ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _anchor(heading: str) -> str:
    """A heading's anchor as code hosts make it."""
    return "#" + re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target, anchor in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{target} is not there"
        if anchor and file.suffix == ".md":
            assert anchor in map(_anchor, HEADING.findall(file.read_text(encoding="utf-8"))), f"no {anchor} in {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_a_page_names_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = QUOTED.findall(text) + [word for block in FENCE.findall(text) for word in SPOKEN.findall(block)]
    unknown = [words for words in named if not _is_command(words)]
    assert unknown == []


def _is_command(words: str) -> bool:
    first = words.split()[0]
    known = COMMANDS.keys() | ALIASES.keys()
    group = any(name.startswith(f"{ALIASES.get(first, first)} ") for name in COMMANDS)
    return words in known or (first in known and (not group or words == first or bool(COMMANDS[first].target)))


def test_the_pages_hold_links_and_commands() -> None:
    everything = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert len(LINK.findall(everything)) >= 5
    assert len(QUOTED.findall(everything)) >= 5


def test_every_make_target_a_page_names_is_one() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        word for page in PAGES for word in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {"demo", "check", "test", "bench"} <= targets & named
    assert named <= targets


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert citation is not None
    assert qualcode.__version__ == project["version"] == citation[1]
    assert f"## {qualcode.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_demo_uses_commands_that_exist() -> None:
    demo = (ROOT / "docs" / "demo.sh").read_text(encoding="utf-8")
    named = re.findall(r"^\s*(?:run|few) qualcode ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", demo, re.MULTILINE)
    assert len(named) > 5
    assert [words for words in named if not _is_command(words)] == []


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    from tests.commands_page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.commands_page"


def test_the_page_of_the_database_is_what_the_schema_says() -> None:
    from tests.database_page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.database_page"
