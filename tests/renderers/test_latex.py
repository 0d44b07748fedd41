from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from qualcode.renderers.latex import render
from qualcode.report import Heading, Quotation, Report, Table
from tests.renderers.nasty import report


def body(*blocks: object) -> str:
    return render(Report("T", tuple(blocks))).decode().split(r"\maketitle")[1]  # type: ignore[arg-type]


def test_commands_in_a_quotation_are_text() -> None:
    assert r"\textbackslash{}input\{/etc/passwd\} \%x" in body(Quotation(r"\input{/etc/passwd} %x"))


def test_what_tex_would_join_is_kept_apart() -> None:
    assert r"a -{}-{}- b \textquotedbl{}c\textquotedbl{} '{}'" in body(Quotation("a --- b \"c\" ''"))


def test_a_line_may_begin_with_a_bracket() -> None:
    assert "one\\mbox{}\\newline{}\n[laughs]" in body(Quotation("one\n[laughs]"))


def test_headings_are_sections() -> None:
    assert r"\section*{A \& B}" in body(Heading("A & B"))
    assert r"\subsection*{C}" in body(Heading("C", 2))


def test_a_table_repeats_its_head() -> None:
    assert r"\endhead" in body(Table(("a",), (("x",),)))


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("lualatex") is None, reason="no LuaLaTeX here")
def test_the_nasty_report_compiles(tmp_path: Path) -> None:
    (tmp_path / "nasty.tex").write_bytes(render(report()))
    command = ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "nasty.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=300, check=False).returncode == 0
