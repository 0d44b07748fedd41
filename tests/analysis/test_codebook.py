from __future__ import annotations

from qualcode.analysis.codebook import codebook
from qualcode.analysis.request import Request
from tests.analysis.study import ANN, BEN, study


def test_each_category_has_definition_rules_example_and_n() -> None:
    (table,) = codebook(study(), Request()).tables
    assert table.rows[0] == (
        "Managerial\nmanagerial",
        "Running the provision.",
        "• rotas",
        "• teaching",
        "“I do the rota.”",
        3,
    )


def test_a_parent_counts_its_children_s_segments_once() -> None:
    report = codebook(study(), Request())
    assert report.tables[0].rows[1][-1] == 2
    assert any("subcodes" in note for note in report.notes)


def test_children_are_set_in() -> None:
    (table,) = codebook(study(), Request()).tables
    assert str(table.rows[2][0]).startswith("– Mentoring the mentors")


def test_two_coders_get_a_column_each() -> None:
    report = codebook(study(*ANN, *BEN), Request())
    (table,) = report.tables
    assert table.columns[-2:] == ("segments, ann", "segments, ben")
    assert table.rows[0][-2:] == (3, 1)
    assert any("never added up" in note for note in report.notes)


def test_the_layer_is_named_with_the_table() -> None:
    assert "ann" in codebook(study(), Request()).tables[0].caption
