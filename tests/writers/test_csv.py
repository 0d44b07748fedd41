from __future__ import annotations

import csv
from io import StringIO

from qualcode.escaping import from_csv_cell
from qualcode.model import Bundle
from qualcode.writers.csv import COLUMNS, write
from tests.analysis.study import ANN, study
from tests.writers.full import BUNDLE, SOURCE


def records(data: bytes) -> list[dict[str, str]]:
    read = csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""))
    return [{name: from_csv_cell(cell) for name, cell in row.items()} for row in read]


def test_one_row_a_coding_with_its_quotation_and_place() -> None:
    found = records(write(study()))
    assert [row["quote"] for row in found] == [coding.segment.quote for coding in ANN]
    first = found[0]
    assert (first["source"], first["source_name"], first["case"]) == ("id-interview-1", "interview-1", "Ada")
    assert (first["speaker"], first["turn"], first["coder"], first["round"]) == ("Ada", "2", "ann", "1")
    assert SOURCE.text


def test_each_quotation_is_the_slice_at_its_offsets() -> None:
    texts = {source.id: source.text for source in study().sources}
    found = records(write(study()))
    assert found
    for row in found:
        assert row["quote"] == texts[row["source"]][int(row["start"]) : int(row["end"])]


def test_what_a_spreadsheet_would_run_is_guarded_and_comes_back() -> None:
    raw = write(BUNDLE).decode("utf-8-sig")
    assert "'=1+1" in raw
    assert "'-why" in raw
    assert records(write(BUNDLE))[0]["quote"].startswith("=1+1")


def test_an_empty_bundle_has_its_head() -> None:
    assert write(Bundle()).decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"


def test_what_has_no_value_is_empty() -> None:
    last = records(write(BUNDLE))[1]
    assert (last["case"], last["speaker"], last["certainty"], last["at"]) == ("", "", "", "")
