"""Real projects of other programs: every coding on exactly the words that the program stored."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers import read
from qualcode.store import Project
from qualcode.testing import check_bundle
from qualcode.workflow import codebooks, importing, projects

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="real public data is not on this machine")

TAGUETTE = "05_swj_taguette/serdif_5docs.sqlite3"
QUALCODER = "04_mannheimer_qualcoder/mannheimer_bsr_only.qda/data.qda"


def gold(name: str) -> Counter[tuple[str, int, int, str, str, str]]:
    rows = [json.loads(line) for line in (DATA / "gold" / f"{name}_spans.jsonl").read_text().splitlines()]
    return Counter(
        (row["doc"], row["start"], row["end"], row["text"], coder, code)
        for row in rows
        for coder, codes in row["coders"].items()
        for code in codes
    )


def bundle(path: str) -> Bundle:
    got = read(DATA / path)
    check_bundle(got)
    return got


def found(got: Bundle) -> Counter[tuple[str, int, int, str, str, str]]:
    labels = {code.path: code.label for code in got.codes()}
    return Counter(
        (c.source.name, c.span.start, c.span.end, c.segment.quote, c.coder, labels[c.code]) for c in got.codings
    )


def test_every_highlight_of_the_taguette_project_is_exact() -> None:
    wanted, got = gold("swj"), bundle(TAGUETTE)
    assert sum(wanted.values()) == 545
    assert found(got) == wanted
    assert len(got.codebooks[0].codes) == 22
    assert not got.missed


def test_every_coding_of_the_qualcoder_project_is_exact() -> None:
    wanted, got = gold("mannheimer"), bundle(QUALCODER)
    assert sum(wanted.values()) == 227
    assert found(got) == wanted
    assert not got.missed


def test_the_rqda_project_has_six_texts_twelve_codes_and_121_codings() -> None:
    got = bundle("22_rqda/db.rqda")
    parents = {code.parent for code in got.codes()}
    assert (len(got.sources), len(got.codings)) == (6, 121)
    assert len([code for code in got.codes() if code.path not in parents]) == 12
    assert any("83 of 83 hold the words stored with them" in notice.message for notice in got.notices)


def test_the_refi_project_has_158_selections_between_words() -> None:
    got = bundle("21_refi/qc-1.3.2_demo.qdpx")
    assert len({(c.source.id, c.span) for c in got.codings}) == 158
    assert any("316 of 316 edges of passages stand between words" in notice.message for notice in got.notices)
    assert {c.coder for c in got.codings} == {"cp"}


def test_an_empty_project_says_that_there_is_nothing() -> None:
    with pytest.raises(InputError, match="holds no texts, codes, cases or notes"):
        read(DATA / "21_refi/atlasti-win-23_blank.qdpx")


@pytest.mark.parametrize("path", ["21_refi/taguette-1.5.2_serdif.qdc", "21_refi/taguette-1.5.2_serdif_codebook.xlsx"])
def test_taguettes_codebooks_have_the_codes_of_its_project(path: str) -> None:
    assert [code.label for code in bundle(path).codes()] == [code.label for code in bundle(TAGUETTE).codes()]


def test_nine_codebooks_as_tables_are_read() -> None:
    books = [read(path).codebooks[0] for path in sorted((DATA / "05_swj_taguette/codebooks").glob("*.csv"))]
    assert len(books) == 9
    assert all(len(book.codes) > 10 for book in books)


def test_highlights_of_a_table_are_placed_exactly_or_listed(tmp_path: Path) -> None:
    wanted = gold("swj")
    rows = ["document,tag,content"]
    rows += [
        f'{doc}.odt,{code},"{text.replace(chr(34), chr(34) * 2)}"' for doc, _, _, text, _, code in wanted.elements()
    ]
    (tmp_path / "highlights.csv").write_text("\n".join(rows) + "\n")
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        importing.import_paths(project, importing.Request((DATA / "05_swj_taguette/text",)), coder=None)
        codebooks.apply(project, str(DATA / "21_refi/taguette-1.5.2_serdif.qdc"), coder=None)
        done = importing.import_paths(project, importing.Request((tmp_path / "highlights.csv",)), coder="admin")
        (receipt,) = done.receipts
        assert receipt.codings == 525
        assert len(receipt.missed) == 20
        assert all("its words stand in" in notice.message for notice in receipt.missed)
        labels = {code.path: code.label for code in project.codes()}
        placed = {
            (c.source.name, c.span.start, c.span.end, c.segment.quote, c.coder, labels[c.code])
            for c in project.codings()
        }
        assert placed <= set(wanted)
