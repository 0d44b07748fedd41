from __future__ import annotations

from qualcode.renderers.csv import MARGIN_COLUMNS, QUOTATION_COLUMNS, render
from qualcode.report import Heading, Margin, Note, Quotation, Report, Table
from tests.renderers.undone import rows


def test_excel_and_rfc_readers_are_both_served() -> None:
    data = render(Report("T", (Quotation("é\nb"),)))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert "é\nb".encode() in data


def test_a_quotation_is_one_row_with_its_place() -> None:
    quotation = Quotation(
        "No.", "[P]", "a, turn 3", ("r/x", "r/y"), None, "", "", "r/x", "X", "a", "case", "Bo", 3, 10, 13, "ann"
    )
    head, row = rows(render(Report("T", (quotation, Note("left out: 1")))))
    assert tuple(head) == QUOTATION_COLUMNS
    known = dict(zip(head, row, strict=True))
    assert known["code"] == "r/x"
    assert known["label"] == "X"
    assert (known["turn"], known["start"], known["end"]) == ("3", "10", "13")
    assert known["also"] == "r/y"
    assert known["speaker"] == "Bo"


def test_a_formula_does_not_run() -> None:
    text = render(Report("=T", (Quotation("=1+1", "@x", code="+c", source="-s"),))).decode("utf-8-sig")
    row = text.split("\r\n")[1].split(",")
    assert row[:5] == ["'+c", "", "'=1+1", "'@x", "'-s"]


def test_numbers_are_numbers_unrounded_and_undefined_is_na() -> None:
    table = Table(("code", "value"), (("a", -0.12345), ("b", None)))
    assert rows(render(Report("T", (table,)))) == [["code", "value"], ["a", "-0.12345"], ["b", "n/a"]]


def test_the_layer_stands_in_every_row_of_a_table() -> None:
    table = Table(("code", "n"), (("a", 1), ("b", 2)))
    assert [row[-1] for row in rows(render(Report("T", (table,), layer="ann")))] == ["layer", "ann", "ann"]


def test_a_dagger_is_no_part_of_a_number() -> None:
    table = Table(("code", "%"), (("a", 1.5),), small=frozenset({(0, 1)}))
    assert rows(render(Report("T", (table,))))[1] == ["a", "1.5"]


def test_a_transcript_is_one_row_a_turn() -> None:
    found = rows(render(Report("T", (Margin("1", "A", "x", ("c (ann)", "d (ben)")), Margin("2", "B", "y")))))
    assert tuple(found[0]) == MARGIN_COLUMNS
    assert found[1:] == [["T", "1", "A", "x", "c (ann); d (ben)"], ["T", "2", "B", "y", ""]]


def test_each_of_several_transcripts_is_named_by_its_heading() -> None:
    blocks = (Heading("one"), Margin("1", "A", "x"), Heading("two"), Margin("1", "B", "y"))
    assert [row[0] for row in rows(render(Report("Both", blocks)))] == ["source", "one", "two"]


def test_two_tables_are_parted_by_an_empty_line() -> None:
    text = render(Report("T", (Table(("a",), ((1,),)), Table(("b",), ((2,),))))).decode("utf-8-sig")
    assert text == "a\r\n1\r\n\r\nb\r\n2\r\n"
