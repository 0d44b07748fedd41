"""The README, the documentation and the stories here tell the truth: their commands are run and print what they say.

Run ``pytest tests/stories --renew`` after a change that is meant, and read the difference before it is committed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.stories.page import Page

pytest.importorskip("pty", reason="a terminal is made as Unix makes it")

from tests.stories.shell import Shell

ROOT = Path(__file__).parents[2]
STORIES = sorted((ROOT / "tests" / "stories").glob("*.md"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *STORIES]
TOLD = [path for path in PAGES if Page(path.read_text(encoding="utf-8")).commands]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example study in it, to be copied and never changed."""
    folder = tmp_path_factory.mktemp("example") / "study"
    folder.mkdir()
    Shell(folder).run("qualcode init --example")
    assert (folder / "qualcode.db").stat().st_size > 100_000
    return folder


def _is_mighty(folder: Path) -> bool:
    """Whether we may write where nobody may."""
    locked = folder / "locked"
    locked.mkdir(mode=0o500)
    return os.access(locked, os.W_OK)


@pytest.mark.parametrize("path", TOLD, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_page_tells_what_its_commands_print(
    path: Path, prepared: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page = Page(path.read_text(encoding="utf-8"))
    home = tmp_path / "home"
    if "<!-- not as root -->" in page.text and _is_mighty(tmp_path):
        pytest.skip("to root no folder is read-only")
    assert page.beginning in (None, "example")
    if page.beginning:
        shutil.copytree(prepared, home)
    else:
        home.mkdir()
    shell = Shell(home, page.columns)
    told = page.told(shell.run, shell.write)
    if request.config.getoption("--renew", default=False):
        path.write_text(told, encoding="utf-8")
    else:
        assert told == page.text


def test_the_readme_the_tutorial_and_many_stories_are_told() -> None:
    assert {ROOT / "README.md", ROOT / "docs" / "tutorial.md"} < set(TOLD)
    assert len([path for path in TOLD if path in STORIES]) >= 12
