from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from qualcode.analysis.frequencies import frequencies, union
from qualcode.analysis.request import Request
from qualcode.errors import UsageError
from qualcode.model import Bundle, Span, Status
from qualcode.report import Cell, Report
from tests.analysis.study import ANN, BEN, CASES, ROLE, SOURCES, coding, done, study


def rows(report: Report) -> Mapping[str, Mapping[str, Cell]]:
    (table,) = report.tables
    return {str(row[0]): dict(zip(table.columns, row, strict=True)) for row in table.rows}


def notes(report: Report) -> str:
    return "\n".join(report.notes)


def test_a_case_counts_once_however_often_it_was_coded() -> None:
    report = frequencies(study(*ANN, coding("interview-1", "mostly the rota", "managerial")), Request())
    row = rows(report)["role/managerial"]
    assert (row["cases"], row["of"], row["%"]) == (2, 2, 100.0)
    assert row["segments"] == 4
    assert row["sources"] == 3


def test_the_denominator_is_the_cases_looked_at_not_all_cases() -> None:
    report = frequencies(study(), Request())
    assert rows(report)["role/pedagogical"]["of"] == 2
    assert "Not looked at in role, neither done nor coded: 1 source (interview-3)" in notes(report)


def test_a_source_that_is_done_without_a_coding_stands_in_the_denominator() -> None:
    report = frequencies(study(statuses=(done("interview-3"),)), Request())
    row = rows(report)["role/pedagogical"]
    assert (row["cases"], row["of"], row["%"]) == (2, 3, 66.7)
    assert report.n == 3


def test_what_was_assumed_done_is_said() -> None:
    report = frequencies(study(statuses=(done("interview-1"),)), Request())
    assert "no status was set: 2 sources (interview-2, handbook)" in notes(report)


def test_a_source_in_progress_is_counted_nowhere_and_said() -> None:
    status = Status("id-interview-2", "ann", "role", "in progress")
    report = frequencies(study(statuses=(status,)), Request())
    row = rows(report)["role/managerial"]
    assert (row["cases"], row["of"], row["segments"]) == (1, 1, 2)
    assert "Not finished in role, so not counted: 1 source (interview-2)" in notes(report)


def test_a_parent_counts_its_children_once() -> None:
    report = frequencies(study(), Request())
    row = rows(report)["role/pedagogical"]
    assert row["segments"] == 2
    assert row["label"] == "Pedagogical, with subcodes"
    assert "Segments coded directly: role/pedagogical 2" in notes(report)


def test_a_child_s_case_counts_for_the_parent() -> None:
    report = frequencies(study(ANN[2]), Request())
    assert rows(report)["role/pedagogical"]["cases"] == 1
    assert "role/pedagogical 0" in notes(report)


def test_groups_have_their_own_valid_n_and_small_ones_are_flagged() -> None:
    report = frequencies(study(statuses=(done("interview-3"),)), Request(by="phase"))
    row = rows(report)["role/managerial"]
    assert (row["primary cases"], row["primary of"], row["primary %"]) == (1, 1, 100.0)
    assert (row["secondary cases"], row["secondary of"], row["secondary %"]) == (1, 2, 50.0)
    (table,) = report.tables
    assert table.texts[0][table.columns.index("secondary %")] == "50.0†"
    assert table.texts[0][table.columns.index("secondary of")] == "2"
    assert "fewer than 10" in notes(report)


def test_ten_cases_are_not_small() -> None:
    sources = tuple(replace(SOURCES[0], id=f"id-{n}", case=f"P{n}") for n in range(10))
    states = tuple(Status(source.id, "ann", "role", "done") for source in sources)
    for count, expected in ((10, "0.0"), (9, "0.0†")):
        report = frequencies(Bundle(sources[:count], codebooks=(ROLE,), statuses=states), Request())
        assert report.tables[0].texts[0][4] == expected
        assert ("fewer than 10" in notes(report)) == expected.endswith("†")


def test_cases_without_the_attribute_are_said() -> None:
    cases = (replace(CASES[0], attributes={}), *CASES[1:])
    report = frequencies(study(cases=cases), Request(by="phase"))
    assert "No phase is recorded for 1 source (interview-1)" in notes(report)
    assert rows(report)["role/managerial"]["cases"] == 2


def test_an_unknown_attribute_names_the_nearest() -> None:
    with pytest.raises(UsageError, match='did you mean "phase"'):
        frequencies(study(), Request(by="fase"))


def test_two_coders_are_never_added_up() -> None:
    with pytest.raises(UsageError, match="--layer"):
        frequencies(study(*ANN, *BEN), Request())
    report = frequencies(study(*ANN, *BEN), Request(layer="ben"))
    assert rows(report)["role/managerial"]["segments"] == 1
    assert report.layer == "ben"
    assert "layer: ben" in report.tables[0].caption


def test_sources_without_a_case_count_as_segments_and_sources_only() -> None:
    report = frequencies(study(), Request())
    assert rows(report)["role/managerial"]["sources"] == 3
    assert "Without a case, so in segments and sources only: 1 source (handbook)" in notes(report)


def test_without_cases_sources_are_counted() -> None:
    report = frequencies(study(ANN[5]), Request())
    assert report.unit == "sources"
    assert rows(report)["role/managerial"]["of"] == 1


def test_withdrawn_cases_are_in_no_figure() -> None:
    cases = (replace(CASES[0], withdrawn=True), *CASES[1:])
    report = frequencies(study(cases=cases), Request())
    row = rows(report)["role/managerial"]
    assert (row["cases"], row["of"], row["segments"]) == (1, 1, 2)
    assert "1 case that withdrew" in notes(report)


def test_words_are_counted_once_under_overlapping_codings() -> None:
    both = (
        coding("interview-1", "I do the rota", "managerial"),
        coding("interview-1", "the rota [laughs]", "managerial"),
    )
    row = rows(frequencies(study(*both), Request(count="words")))["role/managerial"]
    assert row["words"] == 5
    assert row["of"] == 4 + 8 + 9  # the words of three turns, labels left out


def test_segments_have_no_percentage() -> None:
    report = frequencies(study(), Request(count="segments"))
    assert report.tables[0].columns == ("code", "label", "segments", "sources")
    assert report.n == 5


def test_one_passage_coded_twice_by_twins_is_one_segment() -> None:
    twin = replace(ANN[0], id="other")
    assert rows(frequencies(study(*ANN, twin), Request()))["role/managerial"]["segments"] == 3


def test_a_code_that_is_younger_than_the_status_has_a_smaller_denominator() -> None:
    young = replace(ROLE.codes[3], born="2024-05-01T00:00:00Z")
    book = replace(ROLE, codes=(*ROLE.codes[:3], young))
    states = (done("interview-1", at="2024-04-01T00:00:00Z"), done("interview-2", at="2024-06-01T00:00:00Z"))
    table = rows(frequencies(study(codebooks=(book,), statuses=states), Request()))
    assert table["role/evaluative"]["of"] == 1
    assert table["role/managerial"]["of"] == 2


def test_asked_codes_limit_the_rows_not_the_denominator() -> None:
    report = frequencies(study(), Request(codes=("role/pedagogical/mentoring-the-mentors",)))
    row = rows(report)["role/pedagogical/mentoring-the-mentors"]
    assert (row["cases"], row["of"]) == (1, 2)


def test_a_query_thins_the_numerator_and_no_denominator() -> None:
    report = frequencies(study(), Request(keep=lambda coding: coding.source.name == "interview-2"))
    row = rows(report)["role/managerial"]
    assert (row["cases"], row["of"], row["segments"]) == (1, 2, 1)
    assert "Of 6 codings in the layer the 2 that fulfil the query" in notes(report)


def test_an_empty_bundle_gives_rows_without_a_percentage() -> None:
    report = frequencies(Bundle(sources=SOURCES, codebooks=(ROLE,)), Request())
    row = rows(report)["role/managerial"]
    assert (row["sources"], row["of"], row["%"]) == (0, 0, None)


def test_union_joins_what_overlaps_or_touches() -> None:
    assert union([Span(5, 9), Span(0, 3), Span(3, 4), Span(6, 7)]) == [Span(0, 4), Span(5, 9)]
