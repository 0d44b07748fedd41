"""Every real file of every kind is read or refused cleanly, and no word of a document is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qualcode.errors import QualcodeError
from qualcode.model import Bundle
from qualcode.readers import read
from qualcode.speakers import assign
from qualcode.testing import check_bundle, check_error
from tests.readers.plain_words import EXTRACTIONS, lost, lost_cells
from tests.readers.real_files import DATA, files

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data set is not beside this checkout")

# Files without a word of talk, which are refused.
# Tables of which words are left out on purpose, and said without them.
LEFT_OUT = {
    "codings_shared.csv": "rows without a code, whose lines are named",
    "qualtrics_3header.csv": "the third header row, of the tool's own ids",
    "redcap_longitudinal_data.csv": "names of visits, where a visit's values differ from no other's",
}
WORDLESS = {"core_headers-media-notrans.cha", "empty.vtt", "atlasti-win-23_blank.qdpx"}


def _read(path: Path) -> Bundle | None:
    try:
        return assign(read(path))
    except QualcodeError as error:
        check_error(error, "")
        return None


def test_there_are_files_of_most_kinds() -> None:
    assert len(files()) > 150
    assert {".docx", ".md", ".odt", ".pdf", ".txt"} <= {path.suffix for path in files()}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(DATA)))
def test_a_real_file_is_read_or_refused(path: Path) -> None:
    got = _read(path)
    if got:
        check_bundle(got)
        assert got.sources or got.cases or got.codebooks or got.excerpts


@pytest.mark.parametrize(
    "path", [path for path in files() if path.suffix in EXTRACTIONS], ids=lambda path: str(path.relative_to(DATA))
)
def test_no_word_of_a_real_document_is_lost(path: Path) -> None:
    got = _read(path)
    if got is None:
        assert path.parent.name in ("31_encodings", "agreement_vectors") or path.name in WORDLESS
        return
    missing = lost(got, path)
    if path.parent.name == "nvivo":  # a column of times becomes the times of the turns
        assert all(turn.time is not None for source in got.sources for turn in source.turns)
        missing = [word for word in missing if not word.isdigit()]
    assert missing == []


@pytest.mark.parametrize(
    "path", [path for path in files() if path.suffix in (".csv", ".xlsx")], ids=lambda path: str(path.relative_to(DATA))
)
def test_no_word_of_a_real_table_is_lost(path: Path) -> None:
    got = _read(path)
    if got is not None and path.name not in LEFT_OUT:
        assert lost_cells(got, path) == []


def test_every_format_has_an_extraction_of_its_own() -> None:
    assert {path.suffix for path in files()} - EXTRACTIONS.keys() <= {".csv", ".xlsx", ".qdc"}


@pytest.mark.parametrize("name", ["BSR01", "BSR02"])
def test_a_printed_interview_has_the_turns_of_its_word_document(name: str) -> None:
    folder = DATA / "04_mannheimer_qualcoder"
    printed = read(folder / f"Mannheimer_{name}_Transcript.pdf").sources[0]
    written = read(folder / "documents" / f"{name}_transcript_deidentified.docx").sources[0]
    assert [_turn(printed, n) for n in range(5, 70)] == [_turn(written, n) for n in range(5, 70)]


@pytest.mark.parametrize("name", ["12 - PO", "12 - Rached", "31 - Ilan", "31 - PO"])
def test_an_interview_printed_from_a_browser_has_its_speakers(name: str) -> None:
    gold = (DATA / "gold" / f"mlss_interview_{name[:2]}.jsonl").read_text(encoding="utf-8").splitlines()
    printed = read(next(DATA.glob(f"03_mlss_delve/pdf/*{name}.pdf"))).sources[0]
    assert [turn.speaker for turn in printed.turns if turn.speaker] == [json.loads(line)["speaker"] for line in gold]


def _turn(source: object, n: int) -> tuple[str | None, float | None, str]:
    turn = source.turns[n]  # type: ignore[attr-defined]
    return turn.speaker, turn.time, " ".join(source.quote(turn.span).split())  # type: ignore[attr-defined]
