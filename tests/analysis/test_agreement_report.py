from __future__ import annotations

from qualcode.analysis.agreement import agreement_report
from qualcode.analysis.agreement_methods import methods_paragraph
from qualcode.model import Agreement, Measure
from qualcode.report import Heading, Paragraph, Report, Table

COUNTS = {"by ann": 5, "by ben": 4, "both": 3, "codings": 9, "p_below_0.667": 0.2, "p_below_0.800": 0.6}
JACKKNIFE = "jackknife by source"
COMPARED = {"codebook": "role", "kind": "transcripts", "main": True, "noun": "source", "sources": 4, "unit": "sentence"}
FACTS = {
    "double_coded": 4,
    "sources": 9,
    "share": 0.4,
    "unit_rule": "any",
    "roles": True,
    "codebooks": {"role": "1.0"},
    "compared": [COMPARED],
    "weighed": False,
    "level": None,
}


def measured(**more: object) -> Agreement:
    known = {
        "unit": "sentence",
        "scope": "respondents",
        "units": {"sentence": 120},
        "coders": ("ann", "ben"),
        "measures": (
            Measure(
                "alpha_nominal",
                0.81,
                120,
                "role/managerial",
                "role",
                ci=(0.6, 0.95),
                ci_method=JACKKNIFE,
                counts=COUNTS,
            ),
            Measure("positive_agreement", 0.9, 120, "role/managerial", "role"),
            Measure(
                "alpha_nominal", None, 120, "role/pastoral", "role", why_null="nobody used it", flags=("undefined",)
            ),
            Measure("alpha_nominal", 0.4, 120, "role/evaluative", "role", flags=("few",)),
            Measure("alpha_set", 0.7, 120, None, "role", "masi", ci=(0.5, 0.9), ci_method=JACKKNIFE),
            Measure("pct_unit_mean", 0.95, 120, None, "role"),
        ),
        "pairs": tuple({"code": f"role/c{n}", "with": "role/d", "n": 20 - n} for n in range(8)),
        "sensitivity": (
            {"codebook": "role", "sources": "transcripts", "unit": "sentence", "uncoded": "kept", "value": 0.7},
            {"codebook": "role", "sources": "transcripts", "unit": "turn", "uncoded": "kept", "value": 0.8},
        ),
        "panel": ({"compared": "pair", "coders": "ann and ben", "value": 0.7},),
        "notes": ("Coders: ann, ben.", "Unit: sentence.", "Assumed done: 1 source."),
        "facts": FACTS,
    }
    return Agreement(**(known | more))  # type: ignore[arg-type]


def headings(report: Report) -> list[str]:
    return [block.text for block in report.blocks if isinstance(block, Heading)]


def under(report: Report, heading: str) -> Table:
    at = next(n for n, block in enumerate(report.blocks) if isinstance(block, Heading) and block.text == heading)
    table = report.blocks[at + 1]
    assert isinstance(table, Table)
    return table


CODES = "role, lowest first"


def test_the_facts_stand_first_and_the_codebook_before_its_codes() -> None:
    report = agreement_report(measured())
    assert [block.text for block in report.blocks[:2] if isinstance(block, Paragraph)] == [
        "Coders: ann, ben.",
        "Unit: sentence.",
    ]
    assert headings(report) == [
        "Overall",
        CODES,
        "role: units that carry each code",
        "Codes that stand for each other most often",
        "Notes",
        "For the methods section",
    ]
    assert report.notes[0] == "Assumed done: 1 source."


def test_a_codebook_has_one_row_with_turns_beside_sentences() -> None:
    table = under(agreement_report(measured()), "Overall")
    row = dict(zip(table.columns, table.texts[0], strict=True))
    assert row == {
        "codebook": "role",
        "alpha (MASI)": "0.700",
        "95 % interval": "0.50 to 0.90",
        "by turn": "0.800",
        "same codes": "0.950",
        "units": "120",
    }


def test_codes_stand_lowest_first_without_the_name_of_their_codebook() -> None:
    table = under(agreement_report(measured()), CODES)
    assert [row[0] for row in table.rows] == ["evaluative", "managerial"]
    row = dict(zip(table.columns, table.texts[1], strict=True))
    assert row == {
        "code": "managerial",
        "alpha": "0.810",
        "95 % interval": "0.60 to 0.95",
        "positive": "0.900",
        "flags": "",
    }
    assert table.texts[0][-1] == "few"


def test_a_code_nobody_used_is_named_once_with_the_reason() -> None:
    more = tuple(Measure(name, None, 120, "role/pastoral", "role", why_null="nobody used it") for name in ("a", "b"))
    report = agreement_report(measured(measures=(*measured().measures, *more)))
    assert [note for note in report.notes if "pastoral" in note] == ["n/a, nobody used it: role/pastoral."]
    assert not any("pastoral" in str(row) for table in report.tables for row in table.rows)


def test_an_undefined_figure_of_a_used_code_prints_na_and_its_reason() -> None:
    more = Measure("gwet_ac1", None, 120, "role/managerial", "role", why_null="chance is complete")
    report = agreement_report(measured(measures=(*measured().measures, more)))
    table = under(report, CODES)
    assert table.texts[1][table.columns.index("AC1")] == "n/a"
    assert "n/a, chance is complete: role/managerial (AC1)." in report.notes


def test_counts_stand_apart_and_hold_no_probabilities() -> None:
    table = under(agreement_report(measured()), "role: units that carry each code")
    assert table.columns == ("code", "ann", "ben", "both")
    assert table.texts == (("managerial", "5", "4", "3"),)


def test_everything_else_is_shown_on_request_only() -> None:
    cohen = Measure("cohen_kappa", 0.75, 120, "role/managerial", "role")
    short = agreement_report(measured(measures=(*measured().measures, cohen)))
    full = agreement_report(measured(measures=(*measured().measures, cohen)), full=True)
    assert len(under(short, "Codes that stand for each other most often").rows) == 5
    assert len(under(full, "Codes that stand for each other most often").rows) == 8
    only = set(headings(full)) - set(headings(short))
    assert only == {
        "role: further coefficients",
        "How probably alpha lies below the customary floors",
        "Coders side by side: alpha",
        "What other decisions would have given",
    }
    assert under(full, "How probably alpha lies below the customary floors").texts == (
        ("role", "managerial", "alpha", "0.200", "0.600"),
    )


def test_flags_are_explained_where_they_occur() -> None:
    assert any(note == "Flags. few: applied fewer than 20 times." for note in agreement_report(measured()).notes)


def test_nothing_to_compare_takes_one_line() -> None:
    why = "fewer than two coders on any unit"
    nothing = tuple(Measure("alpha_nominal", None, 0, f"role/{n}", "role", why_null=why) for n in range(40))
    report = agreement_report(measured(measures=nothing, pairs=(), sensitivity=()))
    assert report.tables == ()
    assert [block.text for block in report.blocks if isinstance(block, Paragraph) and why in block.text] == [
        f"n/a (every figure): {why}."
    ]
    assert not any(why in note for note in report.notes)


def test_no_figures_at_all_is_said() -> None:
    report = agreement_report(measured(measures=(), pairs=(), notes=(), units={}))
    assert report.blocks == (Paragraph("There is nothing to compare yet."),)
    assert report.n is None


def test_a_coefficient_asked_for_alone_stands_in_the_table_of_codes() -> None:
    alone = (Measure("cohen_kappa", 0.7, 9, "r/a", "r", ci=(0.1, 0.9)),)
    report = agreement_report(measured(measures=alone, pairs=(), sensitivity=()))
    assert under(report, "r, lowest first").columns == ("code", "Cohen's kappa", "95 % interval")


def test_answers_stand_beside_transcripts() -> None:
    row = {"by": "kind", "group": "answers", "codebook": "role", "code": None, "n": 9}
    groups = (
        {**row, "measure": "alpha_set", "distance": "masi", "value": 0.9},
        {**row, "measure": "pct_unit_mean", "distance": None, "value": 0.99},
        {**row, "measure": "alpha_nominal", "code": "role/a", "value": 0.1},
    )
    report = agreement_report(measured(groups=groups))
    table = under(report, "Overall")
    assert [row[:3] for row in table.texts] == [("transcripts", "role", "0.700"), ("answers", "role", "0.900")]
    assert "Codes by kind" not in headings(report)
    assert "Codes by kind" in headings(agreement_report(measured(groups=groups), full=True))


def test_groups_stand_side_by_side() -> None:
    row = {"by": "phase", "codebook": "role", "n": 9, "measure": "alpha_nominal"}
    groups = tuple(
        {**row, "group": group, "code": "role/a", "value": v} for group, v in (("primary", 0.9), ("second", 0.2))
    )
    table = under(agreement_report(measured(groups=groups)), "Codes by phase")
    assert (table.columns, table.texts) == (
        ("alpha by phase", "primary", "second"),
        (("role/a", "0.900", "0.200"),),
    )


def test_the_methods_paragraph_says_what_was_done() -> None:
    assert methods_paragraph(measured()) == (
        "Two coders coded the same 4 of 9 sources (40% of the text) with the codebook role 1.0. Agreement was measured "
        "by sentence; a unit carried a code if at least one whole word of it was coded; interviewers' turns were left "
        "out. Krippendorff's alpha for sets of codes (MASI distance; Passonneau 2006) was .70 (120 units, 95 % "
        "interval .50 to .90). Intervals come from leaving out one source at a time (jackknife, t distribution)."
    )


def test_a_clause_that_is_not_true_is_left_out() -> None:
    whole = methods_paragraph(measured(facts={**FACTS, "sources": 4}))
    assert "coded all 4 sources with" in whole
    assert "of the text" not in whole
    assert "interviewers" not in methods_paragraph(measured(facts={**FACTS, "roles": False}))
    assert "interviewers" not in methods_paragraph(measured(scope="all"))
    assert "whole word" not in methods_paragraph(
        measured(facts={**FACTS, "compared": [{**COMPARED, "unit": "character"}]})
    )
    alone = Measure("alpha_set", 0.7, 120, None, "role", "masi")
    said = methods_paragraph(measured(measures=(alone,)))
    assert "no interval" in said
    assert "jackknife" not in said
    assert "lot" in methods_paragraph(measured(facts={**FACTS, "weighed": True}))
    assert "counted as their parents" in methods_paragraph(measured(facts={**FACTS, "level": 1}))
    assert "each of these was coded by at least two of them" in methods_paragraph(measured(coders=("a", "b", "c")))
    assert methods_paragraph(measured(facts={})) == ""
    assert methods_paragraph(measured(measures=())) == ""
