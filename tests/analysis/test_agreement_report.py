from __future__ import annotations

from qualcode.analysis.agreement import agreement_report
from qualcode.model import Agreement, Measure
from qualcode.report import Heading, Report, Table

COUNTS = {"ann": 5, "ben": 4, "both": 3}


def measured(**more: object) -> Agreement:
    known = {
        "unit": "sentence",
        "scope": "respondents",
        "units": {"sentence": 120},
        "coders": ("ann", "ben"),
        "measures": (
            Measure(
                "alpha_nominal", 0.81, 120, "role/managerial", ci=(0.6, 0.95), ci_method="jackknife", counts=COUNTS
            ),
            Measure("positive_agreement", 0.9, 120, "role/managerial"),
            Measure("alpha_nominal", None, 120, "role/pastoral", why_null="nobody applied it", flags=("undefined",)),
            Measure("alpha_nominal", 0.4, 120, "role/evaluative", flags=("too few",)),
            Measure("alpha_set", 0.7, 120, codebook="role", distance="masi", ci=(0.5, 0.9), ci_method="jackknife"),
        ),
        "pairs": ({"codes": ("role/managerial", "role/evaluative"), "units": 3, "share": 0.25},),
        "notes": ("Assumed done: 1 source.",),
    }
    return Agreement(**(known | more))  # type: ignore[arg-type]


def table(report: Report, number: int) -> Table:
    return report.tables[number]


def test_codes_stand_worst_first_and_undefined_last() -> None:
    assert [row[0] for row in table(agreement_report(measured()), 0).rows] == [
        "role/evaluative",
        "role/managerial",
        "role/pastoral",
    ]


def test_counts_value_interval_units_and_flags_stand_in_a_row() -> None:
    found = table(agreement_report(measured()), 0)
    row = dict(zip(found.columns, found.rows[1], strict=True))
    assert row["ann"] == 5
    assert row["both"] == 3
    assert row["alpha"] == 0.81
    assert row["95 % interval"] == "0.600 to 0.950"
    assert row["units"] == 120
    assert found.texts[0][found.columns.index("flag")] == "too few"


def test_an_undefined_figure_prints_na_and_its_reason() -> None:
    report = agreement_report(measured())
    found = table(report, 0)
    assert found.texts[2][found.columns.index("alpha")] == "n/a"
    assert "n/a for role/pastoral, alpha: nobody applied it." in report.notes


def test_figures_have_three_digits() -> None:
    found = table(agreement_report(measured()), 1)
    assert found.texts[0][:4] == ("role", "alpha (sets), masi", "0.700", "0.500 to 0.900")


def test_pairs_and_notes_are_there() -> None:
    report = agreement_report(measured())
    assert "Most confused pairs of codes" in [block.text for block in report.blocks if isinstance(block, Heading)]
    assert table(report, 2).texts[0] == ("role/managerial, role/evaluative", "3", "0.250")
    assert report.notes[0] == "Assumed done: 1 source."
    assert "Interval: jackknife." in report.notes


def test_the_header_says_coders_units_and_scope() -> None:
    report = agreement_report(measured())
    assert report.title == "Agreement between ann and ben"
    assert report.facts == {"Coders": "ann, ben", "Units": "120 × sentence", "Scope": "respondents"}


def test_nothing_to_compare_is_said() -> None:
    report = agreement_report(measured(measures=(), pairs=(), notes=(), units={}))
    assert report.blocks
    assert report.n is None
