"""Cell tables: delimiters, header rows, ragged rows, sheets."""

from __future__ import annotations

import datetime
import time

import pytest

from qualcode.errors import InputError, LimitExceeded, Undecodable
from qualcode.escaping import csv_cell
from qualcode.tables import CellTable, read_table, sniff
from qualcode.tables.headers import unique
from tests.readers.samples import workbook, xlsx


def table(text: str, **given: object) -> CellTable:
    return read_table(text.encode(), "t.csv", **given)  # type: ignore[arg-type]


def said(got: CellTable) -> str:
    return "\n".join(map(str, got.notices))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_sniffed(delimiter: str) -> None:
    got = table(f'id{delimiter}why\n1{delimiter}"first, second; third | fourth"\n2{delimiter}none\n')
    assert got.delimiter == delimiter
    assert got.header == ("id", "why")
    assert len(got.rows) == 2


def test_decimal_commas_do_not_make_a_comma_table() -> None:
    assert table("id;mean\n1;2,5\n2;3,5\n").rows == (("1", "2,5"), ("2", "3,5"))


def test_a_single_column_is_not_torn_at_its_commas() -> None:
    assert table("why\nWell, yes\nNo, not at all, no\n").rows == (("Well, yes",), ("No, not at all, no",))


def test_a_named_delimiter_and_excels_sep_line_overrule() -> None:
    assert table("a,b;c\n1,2;3\n", delimiter=";").header == ("a,b", "c")
    got = table("sep=;\na,b;c\n1,2;3\n")
    assert (got.header, got.rows, got.lines) == (("a,b", "c"), (("1,2", "3"),), (3,))


def test_line_breaks_in_cells_and_mixed_line_ends_keep_the_line_numbers() -> None:
    got = table('id,why\r\n1,"first\r\nsecond"\n2,"third\rfourth"\r3,last\r\n')
    assert got.rows == (("1", "first\nsecond"), ("2", "third\nfourth"), ("3", "last"))
    assert got.lines == (2, 4, 6)


def test_only_lf_ends_a_line() -> None:
    assert table("id,why\n1,a\u2028b\x0bc\x85d\n").rows == (("1", "a\u2028b\x0bc\x85d"),)


def test_ragged_rows_are_kept_and_noticed() -> None:
    got = table("a,b\n1\n2,3,extra\n4,5\n")
    assert got.header == ("a", "b", "column 3")
    assert got.rows == (("1", "", ""), ("2", "3", "extra"), ("4", "5", ""))
    assert "t.csv:2: 2 rows have not the header's 2 cells (line 2, 3)" in said(got)


def test_empty_trailing_columns_are_cut() -> None:
    assert table("a,b,,\n1,2,,\n").header == ("a", "b")


def test_empty_and_doubled_headers_become_unique_with_a_notice() -> None:
    got = table("a,,A,a\n1,2,3,4\n")
    assert got.header == ("a", "column 2", "A (2)", "a (3)")
    assert said(got).count("t.csv:1: column") == 3


def test_a_numbered_header_does_not_clash_with_one_that_is_there() -> None:
    assert unique(["a", "a", "a (2)"])[0] == ("a", "a (2)", "a (2) (2)")


def test_blank_rows_are_left_out_and_counted() -> None:
    got = table("a,b\n\n1,2\n , \n3,4\n\n")
    assert (got.rows, got.lines) == ((("1", "2"), ("3", "4")), (3, 5))
    assert "2 blank rows left out" in said(got)


def test_title_lines_above_the_header_are_kept_in_a_notice() -> None:
    got = table("Survey of coordinators,,\n\nid,phase,why\n1,primary,because\n")
    assert got.header == ("id", "phase", "why")
    assert "Survey of coordinators" in said(got)


def test_a_quotation_mark_never_closed_is_noticed_with_its_line() -> None:
    got = table('a,b\n1,"open\n2,x\n')
    assert any(notice.where == "t.csv:2" and notice.severity == "warning" for notice in got.notices)
    assert "open" in got.rows[0][1]
    assert "x" in got.rows[0][1]


def test_a_cell_of_a_hundred_thousand_characters_is_whole() -> None:
    assert table("a,b\n1," + "word " * 40_000 + "\n").rows[0][1] == "word " * 40_000


def test_the_formula_guard_is_undone_only_when_asked() -> None:
    text = "=1+1"
    raw = f"a\n{csv_cell(text)}\n'Twas\n"
    assert table(raw).rows == (("'=1+1",), ("'Twas",))
    assert table(raw, unguard=True).rows == (("=1+1",), ("'Twas",))


def test_qualtrics_writes_three_header_rows() -> None:
    got = table(
        'ResponseId,Q1\nResponse ID,Why?\n"{""ImportId"":""_recordId""}","{""ImportId"":""QID1_TEXT""}"\nR_1,Because\n'
    )
    assert got.layout == "qualtrics"
    assert (got.header, got.questions) == (("ResponseId", "Q1"), ("Response ID", "Why?"))
    assert (got.rows, got.lines) == ((("R_1", "Because"),), (4,))


def test_qualtrics_without_its_import_ids_has_two() -> None:
    got = table("StartDate,ResponseId,Q1\nStart Date,Response ID,Why?\n2020-01-01,R_1,Because\n")
    assert got.questions == ("Start Date", "Response ID", "Why?")
    assert got.rows == (("2020-01-01", "R_1", "Because"),)


def test_surveymonkey_carries_a_question_over_its_options() -> None:
    got = table("Respondent ID,Which do you use?,,Why?\n,Email,Telephone,Open-Ended Response\n7,Email,,Because\n")
    assert got.layout == "surveymonkey"
    assert got.header == ("Respondent ID", "Which do you use?: Email", "Which do you use?: Telephone", "Why?")
    assert got.rows == (("7", "Email", "", "Because"),)


def test_a_row_of_data_is_not_taken_for_a_header() -> None:
    got = table("id,phase,\n,primary,2\n1,secondary,3\n")
    assert got.layout == "plain"
    assert len(got.rows) == 2


def test_header_rows_can_be_told() -> None:
    assert table("a,b\nc,d\n1,2\n", header_rows=2).header == ("a: c", "b: d")


def test_a_column_is_found_by_header_question_or_number() -> None:
    got = table("StartDate,ResponseId,Q1\nStart Date,Response ID,Why  did you?\n2020-01-01,R_1,x\n")
    assert [got.column(word) for word in ("Q1", "q1", "why did you?", "3", " 1 ")] == [2, 2, 2, 2, 0]


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r't\.csv has no column "phrase" — did you mean "phase"\?'):
        table("id,phase\n1,2\n").column("phrase")
    with pytest.raises(InputError, match="it has 2"):
        table("id,phase\n1,2\n").column("9")


@pytest.mark.parametrize("raw", [b"", b"\n\n", b",,\n,,\n"])
def test_an_empty_table_is_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_table(raw, "t.csv")


def test_utf16_tabs_as_excel_saves_them() -> None:
    got = read_table("id\twhy\n1\tdéjà\n".encode("utf-16"), "t.txt")
    assert (got.delimiter, got.encoding, got.rows) == ("\t", "utf-16-le", (("1", "déjà"),))


def test_cells_of_a_workbook_are_what_its_reader_sees() -> None:
    got = read_table(xlsx([["id", "age", "mean", "ok", "why"], [1, 56.0, 2.5, True, "line\nbreak"]]), "t.xlsx")
    assert got.rows == (("1", "56", "2.5", "TRUE", "line\nbreak"),)
    assert (got.delimiter, got.encoding) == (None, None)


def test_dates_of_a_workbook_are_iso() -> None:
    from qualcode.tables.sheets import said

    assert said(datetime.datetime(2004, 6, 15)) == "2004-06-15"
    assert said(datetime.datetime(2004, 6, 15, 9, 30)) == "2004-06-15 09:30:00"


def test_the_first_filled_sheet_is_read_and_the_others_named() -> None:
    got = read_table(xlsx([["a"], ["1"]], further="notes"), "t.xlsx")
    assert 'read the sheet "answers"; left unread: notes' in said(got)


def test_the_rows_of_a_sheet_keep_their_numbers() -> None:
    sheet = '<row r="3"><c r="A3" t="inlineStr"><is><t>a</t></is></c></row><row r="5"><c r="A5"><v>1</v></c></row>'
    assert read_table(workbook({"s": sheet}), "t.xlsx").lines == (5,)


@pytest.mark.parametrize("place", ["XFD1048576", "A9999999", "ZZZZ1", "&#88;FD1048576"])
def test_a_cell_far_outside_is_refused_before_the_library_allots_it(place: str) -> None:
    far = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c s=">" r="{place}"><v>1</v></c></row>'
    with pytest.raises(LimitExceeded, match="spans more than"):
        read_table(workbook({"s": far}), "t.xlsx")


def test_one_long_string_shared_by_many_cells_is_refused() -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3_000))
    strings = f'<sst xmlns="x"><si><t>{"word " * 10_000}</t></si></sst>'
    with pytest.raises(LimitExceeded, match="unpacks to more"):
        read_table(workbook({"s": cells}, sharedStrings=strings), "t.xlsx")


def test_a_workbook_with_a_doctype_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="DOCTYPE"):
        read_table(workbook({"s": ""}, sharedStrings='<!DOCTYPE a [<!ENTITY x "y">]><sst/>'), "t.xlsx")


@pytest.mark.parametrize("raw", [b"PK\x03\x04 broken", b"no workbook"])
def test_bytes_that_are_no_workbook_are_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_table(raw, "t.xlsx")


def test_a_workbook_named_csv_is_read_and_a_pdf_is_not() -> None:
    assert read_table(xlsx([["a"], ["1"]]), "t.csv").rows == (("1",),)
    with pytest.raises(Undecodable, match="PDF"):
        read_table(b"%PDF-1.4", "t.csv")


def test_a_table_of_too_many_cells_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="cells"):
        table("," * 3_000_000 + "\n" + "," * 3_000_000)


def test_a_hundred_thousand_rows_take_under_two_seconds() -> None:
    raw = ("id,phase,why\n" + "".join(f'{n},primary,"because, {n}"\n' for n in range(100_000))).encode()
    begun = time.process_time()
    assert len(read_table(raw, "t.csv").rows) == 100_000
    assert time.process_time() - begun < 2


def test_sniffing_looks_at_the_beginning_only() -> None:
    assert sniff("a,b\n" * 20_000 + "a;b;c\n" * 20_000) == ","


def test_a_table_may_hold_as_many_cells_as_its_reader_allows() -> None:
    raw = b"unit,ann\n1,2\n3,4\n"
    assert len(read_table(raw, "t.csv", cells=9).rows) == 2
    with pytest.raises(LimitExceeded, match="more than 8 cells"):
        read_table(raw, "t.csv", cells=8)
