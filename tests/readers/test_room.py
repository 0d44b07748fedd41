"""The room's front door: which reader takes a file, and what a file that none takes is told."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qualcode.errors import InputError, LimitExceeded, Undecodable, UnknownFormat, UsageError
from qualcode.model import stable_id
from qualcode.readers import READERS, ReadOptions, contents, format_of, read, read_bytes, supported, way_out
from tests.readers import samples


def test_the_registry_is_alphabetical_and_imports_nothing() -> None:
    assert list(READERS.names()) == sorted(READERS.names())
    said = "import sys; from qualcode.readers import READERS; READERS.names(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.split()
    assert "qualcode.readers" in loaded
    assert not {"docx", "lxml", "python_calamine", "qualcode.readers.txt", "csv", "xml.etree"} & set(loaded)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("a.txt", b"words", "txt"),
        ("A.TXT", b"words", "txt"),
        ("a.md", b"words", "markdown"),
        ("a.docx", b"", "docx"),
        ("a.vtt", b"", "vtt"),
        ("a.csv", b"", "survey"),
        ("a.xlsx", b"", "survey"),
        ("a", samples.vtt().encode(), "vtt"),
        ("a", b"\xef\xbb\xbf" + samples.vtt().encode(), "vtt"),
        ("a.bak", samples.srt().encode(), "srt"),
        ("a.transcript", b"words", "txt"),
    ],
)
def test_a_reader_is_chosen_by_ending_then_by_content(name: str, raw: bytes, expected: str) -> None:
    assert format_of(raw, name, ReadOptions()) == expected


def test_office_files_without_an_ending_are_told_apart() -> None:
    assert format_of(samples.talk_docx(), "talk", ReadOptions()) == "docx"
    assert format_of(samples.xlsx([["a"], ["1"]]), "sheet", ReadOptions()) == "survey"


def test_a_named_format_overrules_the_ending() -> None:
    got = read_bytes(samples.vtt().encode(), "talk.vtt", ReadOptions(format="txt"))
    assert got.sources[0].text == samples.vtt()


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'no reader "docs" — did you mean "docx"\?'):
        read_bytes(b"x", "a.txt", ReadOptions(format="docs"))


def test_an_archive_of_another_program_is_refused_with_the_way_out() -> None:
    import io
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("Index/Document.iwa", b"some")
    with pytest.raises(UnknownFormat, match="for which there is no reader — known: cases"):
        read_bytes(held.getvalue(), "talk.bundle")
    with pytest.raises(UnknownFormat, match=r"for which there is no reader — export it as \.docx"):
        read_bytes(held.getvalue(), "talk.pages")


@pytest.mark.parametrize(
    ("raw", "name"),
    [(b"%PDF-1.7", "pdf"), (b"{\\rtf1 x}", "rtf"), (b"<!-- a --> <!DOCTYPE html><p>x", "html"), (samples.odt(), "odt")],
)
def test_a_document_without_an_ending_is_known_by_its_content(raw: bytes, name: str) -> None:
    assert format_of(raw, "talk", ReadOptions()) == name


def test_many_comments_before_no_page_are_looked_through_once() -> None:
    assert format_of(b"<!---->" * 500 + b"x", "talk", ReadOptions()) == "txt"


def test_a_cut_database_is_refused_as_damaged() -> None:
    with pytest.raises(UnknownFormat, match="is a damaged database"):
        read_bytes(b"SQLite format 3\0", "a.sqlite3")


def test_a_renamed_file_is_refused_with_what_it_is() -> None:
    with pytest.raises(Undecodable, match="zip archive"):
        read_bytes(samples.talk_docx(), "talk.txt")


def test_reading_a_file_gives_a_source_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "my talk.v2.txt"
    path.write_bytes(samples.plain().encode())
    source = read(path).sources[0]
    digest = hashlib.sha256(samples.plain().encode()).hexdigest()
    assert (source.name, source.file, source.sha256) == ("my talk.v2", "my talk.v2.txt", digest)
    assert source.id == stable_id("source", digest, 0)
    assert (source.kind, source.case, source.revision) == ("interview", None, 0)
    assert {turn.role for turn in source.turns} == {None}


def test_the_name_does_not_change_the_id() -> None:
    raw = samples.plain().encode()
    assert read_bytes(raw, "a.txt").sources[0].id == read_bytes(raw, "b.txt").sources[0].id
    assert read_bytes(raw, "a.txt").sources[0].id != read_bytes(raw + b"\n", "a.txt").sources[0].id


def test_a_missing_file_a_folder_and_a_pipe_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="is a folder"):
        contents(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InputError, match="no ordinary file"):
        read(tmp_path / "pipe.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("words")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be opened"):
        read(path)


def test_a_name_that_is_no_path_is_an_input_error() -> None:
    for name in ("a\0b.txt", "x" * 5000):
        with pytest.raises(InputError, match="cannot be opened"):
            read(Path(name))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(LimitExceeded, match="64 MB"):
        read(path)


def test_a_folder_walk_takes_known_endings_only() -> None:
    taken = ["a.txt", "b.DOCX", "c.md", "d.vtt", "e.csv", "f.xlsx", "g.srt", "h.tsv", "i.sbv"]
    taken += ["j.pdf", "k.odt", "l.rtf", "m.html", "n.HTM"]
    left = ["a.py", ".~lock.b.odt#", ".hidden.txt", "~$b.docx", "c", "d.db", "e.jpg", "f.doc"]
    assert [name for name in taken + left if supported(Path(name))] == taken


def test_a_bundle_with_survey_told_reads_text_as_a_table() -> None:
    raw = b"id\tWhy?\n1\tBecause I was asked to, twice.\n"
    got = read_bytes(raw, "export.txt", ReadOptions(survey=True))
    assert got.sources[0].kind == "answers"


@pytest.mark.parametrize("name", ["talk.docx", "heads.xlsx", "talk.doc", "talk"])
def test_an_office_file_with_a_password_or_of_old_is_refused_as_such(name: str) -> None:
    with pytest.raises(UnknownFormat, match=r"password, or an Office file of before 2007 — .*save it as \.docx"):
        read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, name)


def test_a_file_that_may_hold_words_is_passed_over_with_the_way_out() -> None:
    assert way_out(Path("talk.DOC")) == "save it as .docx"
    assert "REFI-QDA" in (way_out(Path("study.mx24")) or "")
    assert way_out(Path("picture.png")) is None


def test_an_archive_of_transcripts_says_to_unpack_it(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "talks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Tom: How?\nMaya: So.\n")
    with pytest.raises(UnknownFormat) as refused:
        read(path)
    assert (
        str(refused.value)
        == "talks.zip is a zip archive, for which there is no reader — unpack it and import the folder"
    )
    assert way_out(path) == "unpack it and import the folder"
