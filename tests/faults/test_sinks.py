"""Nothing that anyone said or named can drive a terminal, a spreadsheet, a browser or TeX (O15-O19)."""

from __future__ import annotations

import csv
import io
import os
import pty
import re
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.faults import perilous
from tests.faults.command import COMMAND, RAW, Said, ask, quiet, works

ANN = perilous.CODERS[0]
LISTS: tuple[tuple[str, ...], ...] = (
    ("sources",),
    ("show", "[laughs]"),
    ("cases",),
    ("codebook", "show"),
    ("coding", "list"),
    ("coding", "list", "--where", "code:perils/*"),
    ("memo", "list"),
    ("suggestions", "list"),
    ("history",),
    ("milestone",),
    ("doctor",),
    ("merge", "--conflicts"),
    ("backup", "--list"),
    ("report", "frequencies", "--layer", ANN),
    ("report", "frequencies", "--layer", ANN, "--by", "[laughs]"),
    ("report", "closed"),
    ("report", "codebook"),
    ("agreement",),
    ("plugins",),
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sinks") / "study"
    works(ask("init", folder))
    return perilous.make(folder)


def name_of(study: Path) -> str:
    """The id of the source that is coded."""
    (first, *_) = works(ask("--project", study, "coding", "list", "--json")).json
    return str(first["source"])


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_no_list_lets_a_control_character_through(study: Path, command: tuple[str, ...]) -> None:
    """O17, O18: to a pipe, as text and as JSON; the pieces themselves are still there, made visible."""
    asked = [name_of(study) if word == "[laughs]" and command[0] == "show" else word for word in command]
    plain = quiet(works(ask("--project", study, *asked, coder=ANN)))
    assert plain.out
    exact = quiet(works(ask("--project", study, *asked, "--json", coder=ANN)))
    assert exact.json is not None
    if command[0] in ("show", "cases", "memo", "coding"):
        for piece in ("[laughs]", "[/]", ":smile:", "{0}", "%s"):
            assert piece in plain.text
        assert any("\x1b[2J\x1b[31m" in said for said in _strings(exact.json))


def _strings(value: object) -> list[str]:
    """Every string in a JSON value, names included."""
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in (key, *_strings(inner))]
    if isinstance(value, list):
        return [each for inner in value for each in _strings(inner)]
    return [value] if isinstance(value, str) else []


def on_a_terminal(*arguments: str | Path) -> str:
    """What a terminal of 80 columns would be sent."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "QUALCODE_CODER": ANN, "TERM": "xterm-256color", "COLUMNS": "80"}
    with subprocess.Popen([*COMMAND, *arguments], stdout=theirs, stderr=theirs, stdin=theirs, env=env) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            said += piece
    os.close(ours)
    assert process.returncode == 0, said[-300:]
    return said.decode()


@pytest.mark.parametrize("command", [("show", "[laughs]"), ("cases",), ("memo", "list"), ("coding", "list")])
def test_a_terminal_is_sent_colours_and_nothing_else(study: Path, command: tuple[str, ...]) -> None:
    """O17, O18: rich and its markup stand in between here."""
    asked = [name_of(study) if word == "[laughs]" else word for word in command]
    said = on_a_terminal("--project", study, *asked)
    bare = re.sub(r"\x1b\[[0-9;]*m|\r\n", "\n", said)
    found = RAW.search(bare)
    assert found is None, ascii(bare[max(0, found.start() - 30) : found.end() + 30])
    assert "[/]" in bare
    assert ":smile:" in bare


def test_errors_and_notices_are_safe_too(study: Path) -> None:
    """O17: names in an error are those of an attacker, or of a slip of the keyboard."""
    for piece in perilous.PIECES:
        for command in (("show", piece), ("coding", "list", "--source", piece), ("codebook", "show", piece)):
            said = quiet(ask("--project", study, *command))
            if said.status:
                assert said.line.count("\n") == 1, said
        quiet(ask("--project", study, "cases", "set", piece, "a=b"))
        quiet(ask("--project", study, "coding", "list", "--where", piece))
        quiet(ask("--project", study / piece.replace("\0", ""), "sources"))
        quiet(ask(piece))


# -- exports --------------------------------------------------------------------------------------------------


def exported(study: Path, tmp_path: Path, what: str, format: str, *more: str) -> bytes:
    """The file that an export writes."""
    out = tmp_path / f"out.{format}"
    works(quiet(ask("--project", study, *what.split(), "--format", format, "--out", out, *more, coder=ANN)))
    assert out.stat().st_size > 500
    return out.read_bytes()


EXPORTS = ("export quotations", "export transcripts", "report codebook", "report closed", "report frequencies")


def layer(what: str) -> tuple[str, ...]:
    """Whose codings, where an export must be told."""
    return () if what in ("export transcripts", "report closed") else ("--layer", ANN)


TABLES = [(what, "csv") for what in EXPORTS if what != "export transcripts"]


@pytest.mark.parametrize(
    ("what", "format"), [*((what, f) for what in EXPORTS for f in ("md", "html", "latex")), *TABLES]
)
def test_a_page_holds_no_control_character(study: Path, tmp_path: Path, what: str, format: str) -> None:
    """O17, O19: also on standard output, where `--out -` sends it."""
    raw = exported(study, tmp_path, what, format, *layer(what))
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    found = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert found is None, ascii(text[max(0, found.start() - 30) : found.end() + 30])


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("what", EXPORTS)
def test_a_web_page_runs_nothing(study: Path, tmp_path: Path, what: str) -> None:
    """O19: no script, no handler, no address that runs, and a policy that forbids them."""
    page = exported(study, tmp_path, what, "html", *layer(what)).decode()
    tags = Tags()
    tags.feed(page)
    assert len(tags.tags) > 10
    assert not {"script", "img", "svg", "iframe", "object", "embed", "form", "base"} & set(tags.tags)
    assert not [name for name, _ in tags.attributes if name.startswith("on")]
    assert not [
        value for name, value in tags.attributes if name in ("href", "src") and not (value or "").startswith("#")
    ]
    assert re.search(r"""<meta http-equiv=["']Content-Security-Policy["'][^>]*default-src 'none'""", page)


@pytest.mark.parametrize("what", EXPORTS)
def test_tex_reads_no_file_and_runs_no_command(study: Path, tmp_path: Path, what: str) -> None:
    """O19: every special character is escaped; braces balance."""
    page = exported(study, tmp_path, what, "latex", *layer(what)).decode()
    for evil in (r"\input", r"\write", r"\include{", r"\immediate", r"\catcode"):
        assert evil not in page
    assert "/etc/passwd" in page
    bare = page.replace(r"\{", "").replace(r"\}", "").replace(r"\\", "")
    assert bare.count("{") == bare.count("}")
    body = page.partition(r"\begin{document}")[2]
    assert not re.search(r"(?<!\\)[$#]", body)


FORMULA = re.compile(r"^[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")


@pytest.mark.parametrize("what", ["export quotations", "export codings", "report codebook", "report closed"])
def test_no_cell_of_a_csv_file_is_a_formula(study: Path, tmp_path: Path, what: str) -> None:
    """O15: headers, names, quotations and memos; each is guarded, none is lost."""
    raw = exported(study, tmp_path, what, "csv", *(layer(what) if what != "export codings" else ()))
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert len(rows) > 5
    assert len({len(row) for row in rows if row}) == 1
    assert [cell for row in rows for cell in row if FORMULA.match(cell)] == []
    assert any(cell.startswith("'=") for row in rows for cell in row)


def test_a_quotation_of_forty_thousand_characters_is_whole_everywhere(study: Path, tmp_path: Path) -> None:
    """O16: longer than a cell of a sheet; never cut in silence."""
    listed = works(ask("--project", study, "coding", "list", "--json")).json
    assert (
        len([coding for coding in listed if coding["quote"] == perilous.LONG.strip() or len(coding["quote"]) > 40_000])
        == 2
    )
    words = perilous.LONG.strip()
    assert exported(study, tmp_path, "export codings", "csv").decode("utf-8-sig").count(words) == 2
    assert words in exported(study, tmp_path, "export quotations", "md", "--layer", ANN).decode()
    assert words in exported(study, tmp_path, "export quotations", "html", "--layer", ANN).decode()
    docx = exported(study, tmp_path, "export quotations", "docx", "--layer", ANN)
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert words in archive.read("word/document.xml").decode()


def test_a_word_file_is_well_formed_and_links_nowhere(study: Path, tmp_path: Path) -> None:
    """O17, O19: control characters are no XML; nothing is fetched when it is opened."""
    import xml.etree.ElementTree as ElementTree

    for what in EXPORTS:
        docx = exported(study, tmp_path, what, "docx", *layer(what))
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            for name in archive.namelist():
                raw = archive.read(name)
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(raw)
                assert b'TargetMode="External"' not in raw, (what, name)


def test_what_is_exported_as_data_comes_back_as_it_was(study: Path, tmp_path: Path) -> None:
    """O15, O17: JSON lines hold every character, escaped."""
    raw = exported(study, tmp_path, "export codings", "jsonl")
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", raw)
    quoted = {coding["quote"] for coding in works(ask("--project", study, "coding", "list", "--json")).json}
    assert set(perilous.ESCAPES) <= quoted
    said: Said = works(ask("--project", study, "show", name_of(study), "--json"))
    assert said.json["text"] == perilous.text()[0]
