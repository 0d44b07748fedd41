"""Files that mean harm are taken in or refused in one line, quickly, and nothing else changes (O12-O14)."""

from __future__ import annotations

import resource
import subprocess
import time
from pathlib import Path

import pytest

from qualcode.errors import ExitStatus
from tests.faults import deaths, hostile
from tests.faults.command import COMMAND, RAW, SECONDS, ask, listing, picture, quiet, refuses, tables, works


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "template"
    works(ask("init", folder))
    return folder


@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_is_taken_in_whole_or_refused_in_one_line(template: Path, tmp_path: Path, name: str) -> None:
    """O12, O13: zip bombs and slips, XML bombs, cut-off and mislabelled files."""
    folder, file = deaths.fresh(template, tmp_path / "deep" / "study"), tmp_path / name
    file.write_bytes(hostile.FILES[name])
    before, around = picture(folder), set(tmp_path.iterdir())
    began = time.monotonic()
    said = quiet(ask("--project", folder, "import", file))
    assert time.monotonic() - began < SECONDS
    if said.status:
        refuses(said, ExitStatus.INPUT)
        assert picture(folder) == before
    else:
        deaths.sound(folder).close()
    assert set(tmp_path.iterdir()) == around
    assert not list(tmp_path.rglob("climbed.txt"))
    assert not Path("/tmp/climbed.txt").exists()


HARMFUL = (
    "swells-inside.docx",
    "laughs.docx",
    "outside.docx",
    "deep.docx",
    "laughs.xlsx",
    "far-away.xlsx",
    "half.docx",
    "swells-inside.odt",
    "laughs.odt",
    "outside.odt",
    "deep.odt",
    "half.odt",
    "text.odt",
    "deep.html",
    "many-tags.html",
    "shut.rtf",
    "half.rtf",
    "swells.pdf",
    "swells-twice.pdf",
    "laughs.pdf",
    "text.pdf",
    "empty.pdf",
)


@pytest.mark.parametrize("name", [*HARMFUL, "no-xml.docx", "empty.docx", "empty.xlsx", "nul.txt", "pdf.txt"])
def test_a_bomb_is_refused(template: Path, tmp_path: Path, name: str) -> None:
    """O12, O13: these hold nothing that could be taken in; half a million empty rows are no survey either."""
    folder, file = deaths.fresh(template, tmp_path / "study"), tmp_path / name
    file.write_bytes(hostile.FILES[name])
    assert name in refuses(ask("--project", folder, "import", file), ExitStatus.INPUT)
    assert b"root:" not in ask("--project", folder, "coding", "list").out


def test_bombs_stay_within_the_memory_of_a_small_machine(template: Path, tmp_path: Path) -> None:
    """O12, O13: 512 MB is the cap; a folder of all of them at once."""
    folder, home = deaths.fresh(template, tmp_path / "study"), tmp_path / "files"
    home.mkdir()
    for name, raw in hostile.FILES.items():
        (home / name).write_bytes(raw)
    done = subprocess.run(
        [*COMMAND, "--project", str(folder), "import", str(home)],
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (512 * 2**20, 512 * 2**20)),
    )
    assert done.returncode in (0, 3), done.stderr
    assert "Traceback" not in done.stderr
    deaths.sound(folder).close()


@pytest.mark.parametrize("name", hostile.YAML)
def test_a_hostile_codebook_is_refused_in_one_line_and_nothing_runs(
    template: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O14: aliases, depth, tags, twins, size; by `apply`, and all problems listed by `check`."""
    folder, file = deaths.fresh(template, tmp_path / "study"), tmp_path / "codes.yaml"
    file.write_text(hostile.YAML[name])
    monkeypatch.chdir(tmp_path)
    before = picture(folder)
    began = time.monotonic()
    refuses(ask("--project", folder, "codebook", "apply", file), ExitStatus.INPUT, ExitStatus.CODEBOOK)
    checked = quiet(ask("codebook", "check", file))
    assert time.monotonic() - began < SECONDS
    assert checked.status in (ExitStatus.FINDINGS, ExitStatus.INPUT, ExitStatus.CODEBOOK)
    assert b"Traceback" not in checked.out + checked.err
    assert picture(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["codes.yaml", "study"]


@pytest.mark.parametrize("name", hostile.YAML)
def test_hostile_settings_are_refused_in_one_line(template: Path, tmp_path: Path, name: str) -> None:
    """O14: the same in ``qualcode.yaml``, which a team-mate may have sent."""
    folder = deaths.fresh(template, tmp_path / "study")
    (folder / "qualcode.yaml").write_text(hostile.YAML[name])
    before = tables(folder), listing(folder)
    began = time.monotonic()
    said = ask("--project", folder, "memo", "add", "x", coder="")
    assert time.monotonic() - began < SECONDS
    assert said.status in (ExitStatus.USAGE, ExitStatus.PROJECT), said
    assert said.line.count("\n") == 1
    assert not RAW.search(said.line)
    assert (tables(folder), listing(folder)) == before


@pytest.mark.parametrize("name", ["climbs.xlsx", "laughs.csv", "wide.csv"])
def test_case_sheets_are_guarded_too(template: Path, tmp_path: Path, name: str) -> None:
    """O12, O13: `cases import` reads the same kinds of files."""
    folder, file = deaths.fresh(template, tmp_path / "study"), tmp_path / name
    raw = {
        "climbs.xlsx": hostile.FILES["climbs.docx"],
        "laughs.csv": hostile.LAUGHS,
        "wide.csv": b"case,a\n" + b"," * 10**6,
    }
    file.write_bytes(raw[name])
    before = picture(folder)
    began = time.monotonic()
    said = quiet(ask("--project", folder, "cases", "import", file))
    assert time.monotonic() - began < SECONDS
    if said.status:
        refuses(said)
        assert picture(folder) == before
    deaths.sound(folder).close()


def test_a_sheet_of_many_equal_headers_is_read_in_time(template: Path, tmp_path: Path) -> None:
    """O12: 160 kB that would cost minutes if every equal header were counted up from 2."""
    folder, file = deaths.fresh(template, tmp_path / "study"), tmp_path / "equal.csv"
    file.write_bytes(b"a," * 40_000 + b"\n" + b"1," * 40_000)
    before = picture(folder)
    began = time.monotonic()
    refuses(ask("--project", folder, "import", file))
    assert time.monotonic() - began < SECONDS
    assert picture(folder) == before
