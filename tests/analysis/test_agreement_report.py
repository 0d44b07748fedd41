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
    assert row["alpha: 95 % interval"] == "0.600 to 0.950"
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
    assert "95 % intervals: jackknife." in report.notes


def test_only_the_lead_coefficient_shows_its_interval_in_the_table_of_codes() -> None:
    both = (
        Measure("alpha_nominal", 0.8, 9, "r/a", ci=(0.6, 0.9)),
        Measure("positive_agreement", 0.9, 9, "r/a", ci=(0.7, 1.0)),
    )
    assert table(agreement_report(measured(measures=both)), 0).columns == (
        "code",
        "alpha",
        "alpha: 95 % interval",
        "positive agreement",
        "units",
    )


def test_further_coefficients_have_their_own_table() -> None:
    both = (Measure("alpha_nominal", 0.8, 9, "r/a"), Measure("cohen_kappa", 0.7, 9, "r/a"))
    report = agreement_report(measured(measures=both))
    assert table(report, 0).columns == ("code", "alpha", "units")
    assert table(report, 1).columns == ("code", "Cohen's kappa")


def test_a_coefficient_asked_for_alone_stands_in_the_main_table() -> None:
    report = agreement_report(measured(measures=(Measure("cohen_kappa", 0.7, 9, "r/a", ci=(0.1, 0.9)),), pairs=()))
    assert [each.columns for each in report.tables] == [
        ("code", "Cohen's kappa", "Cohen's kappa: 95 % interval", "units")
    ]


def test_groups_are_set_out_like_the_main_figures() -> None:
    row = {"by": "phase", "codebook": "role", "measure": "alpha_nominal", "ci": [0.1, 0.9], "n": 9, "flags": ["few"]}
    groups = (
        {**row, "group": "primary", "code": "role/b", "value": 0.9},
        {**row, "group": "primary", "code": "role/a", "value": 0.5},
        {**row, "group": "secondary", "code": "role/a", "value": 0.1},
        {**row, "group": "primary", "code": None, "value": None, "why_null": "one coder"},
    )
    report = agreement_report(measured(measures=(), pairs=(), groups=groups))
    codes, whole = report.tables
    assert [row[:3] for row in codes.texts] == [
        ("primary", "role/a", "0.500"),
        ("primary", "role/b", "0.900"),
        ("secondary", "role/a", "0.100"),
    ]
    assert codes.columns[0] == "phase"
    assert whole.texts[0] == ("primary", "role", "alpha", "n/a", "0.100 to 0.900", "9", "one coder")


def test_a_tiny_negative_figure_does_not_print_as_minus_zero() -> None:
    report = agreement_report(measured(measures=(Measure("alpha_nominal", -0.0001, 9, "r/a", ci=(-0.0001, 0.1)),)))
    assert table(report, 0).texts[0][1:3] == ("0.000", "0.000 to 0.100")


def test_columns_of_a_listing_in_which_nothing_stands_are_left_out() -> None:
    rows = ({"unit": "turn", "level": None, "measure": "alpha_set", "value": None, "n": 3},)
    report = agreement_report(measured(measures=(), pairs=(), sensitivity=rows))
    (found,) = report.tables
    assert found.columns == ("unit", "measure", "n")
    assert found.texts == (("turn", "alpha (sets)", "3"),)


def test_the_header_says_coders_units_and_scope() -> None:
    report = agreement_report(measured())
    assert report.title == "Agreement between ann and ben"
    assert report.facts == {"Coders": "ann, ben", "Units": "120 × sentence", "Scope": "respondents"}


def test_nothing_to_compare_is_said() -> None:
    report = agreement_report(measured(measures=(), pairs=(), notes=(), units={}))
    assert report.blocks
    assert report.n is None
