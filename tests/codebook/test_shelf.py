"""The bundled codebooks are found in a wheel and in a checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import qualcode
from qualcode import codebook as room
from qualcode.errors import CodebookError


def test_the_three_bundled_codebooks_are_named_like_their_files() -> None:
    assert set(room.bundled()) >= {"conditions", "partnerships", "role"}
    for name in room.bundled():
        assert room.load(room.bundled_path(name)).codebooks[0].name == name


def test_the_study_folder_holds_codebooks_and_transcripts() -> None:
    folder = room.study_folder()
    assert (folder / "codebooks" / "role.yaml").is_file()
    assert (folder / "transcripts").is_dir()


def test_an_installed_wheel_is_looked_in_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = tmp_path / "lib" / "qualcode" / "bundled" / "codebooks"
    shelf.mkdir(parents=True)
    (shelf / "own.yaml").write_text("qualcode: 1\nname: own\ncodes: []\n")
    (tmp_path / "codebooks").mkdir()
    monkeypatch.setattr(qualcode, "__file__", str(tmp_path / "lib" / "qualcode" / "__init__.py"))
    assert room.bundled() == ("own",)
    assert room.bundled_path("own") == shelf / "own.yaml"


def test_an_installation_without_codebooks_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qualcode, "__file__", str(tmp_path / "a" / "b" / "qualcode" / "__init__.py"))
    with pytest.raises(CodebookError, match="reinstall"):
        room.bundled()


def test_an_unknown_name_gets_the_nearest_or_the_list() -> None:
    with pytest.raises(CodebookError, match='did you mean "partnerships"'):
        room.bundled_path("partnership")
    with pytest.raises(CodebookError, match="there are conditions, partnerships, role"):
        room.bundled_path("zzz")
    with pytest.raises(CodebookError):
        room.bundled_path("../codebooks/role")


def test_importing_the_room_imports_no_library() -> None:
    script = (
        "import sys, qualcode.codebook; print([m for m in ('yaml', 'regex', 'pydantic', 'spacy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
