"""Memos by command."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.faults.command import ask, works


def test_a_dash_takes_the_memo_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works(ask("init", tmp_path / "study"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Two lines,\nso piped.\n")))
    works(ask("--project", tmp_path / "study", "memo", "add", "-"))
    (memo,) = works(ask("--project", tmp_path / "study", "memo", "list", "--json")).json
    assert memo["text"] == "Two lines,\nso piped."


def test_a_memo_that_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works(ask("init", tmp_path / "study"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"\xff\xfe\x00")))
    said = ask("--project", tmp_path / "study", "memo", "add", "-")
    assert (said.status, said.line.count("\n")) == (3, 1)
    assert "not UTF-8" in said.line
