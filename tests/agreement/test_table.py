"""Ratings from a table, without a project."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.agreement import Request, from_table
from qualcode.errors import InputError, UsageError
from tests.agreement.study import by_unit_alpha, rows, vectors

ALL = Request(all=True)


def expanded(data: dict[str, Any]) -> list[list[Any]]:
    """Units of ratings of a vector; None for tables that do not tell coders apart."""
    match data["type"]:
        case "ratings":
            return list(data["units"])
        case "weighted_units":
            return [unit["ratings"] for unit in data["units"] for _ in range(unit["n"])]
        case "contingency_table":
            return [[a + 1, b + 1] for a, row in enumerate(data["table"]) for b, n in enumerate(row) for _ in range(n)]
    return [[value + 1 for value, n in enumerate(counts) for _ in range(n)] for counts in data["counts"]]


def wide(units: list[list[Any]]) -> tuple[list[str], list[list[str]]]:
    names = [f"c{n}" for n in range(len(units[0]))]
    cells = [["" if value is None else str(value) for value in unit] for unit in units]
    return ["unit", *names], [[f"u{n}", *row] for n, row in enumerate(cells)]


def long(units: list[list[Any]]) -> tuple[list[str], list[list[str]]]:
    """Sets and single values; an empty set is a row with an empty code."""
    found = []
    for n, unit in enumerate(units):
        for coder, held in enumerate(unit):
            if held is not None:
                codes = (held or [""]) if isinstance(held, list) else [held]
                found += [[f"u{n}", f"c{coder}", str(code)] for code in codes]
    return ["unit", "coder", "code"], found


def test_every_published_figure_comes_out_of_a_wide_table() -> None:
    checked = 0
    for case in vectors("coding")["cases"]:
        units = expanded(case["data"])
        found = rows(from_table(*wide(units), wide=True, request=ALL))
        for expected in case["expected"]:
            name = expected["measure"]
            if (None, name, None) not in found:
                assert name.startswith(("fleiss_", "conger_", "brennan_prediger_", "cohen_kappa_")), name
                continue
            assert found[None, name, None].value == pytest.approx(expected["value"], abs=1e-9), (case["id"], name)
            checked += 1
    assert checked > 280


def test_weighted_figures_come_by_their_scheme() -> None:
    checked = 0
    for case in vectors("coding")["cases"]:
        schemes = {"linear", "quadratic"} & {e["measure"].rpartition("_")[2] for e in case["expected"]}
        for scheme in schemes:
            found = rows(from_table(*wide(expanded(case["data"])), wide=True, weights=scheme, request=ALL))
            for expected in case["expected"]:
                stem, _, by = expected["measure"].rpartition("_")
                name = f"{ {'fleiss': 'fleiss_kappa', 'conger': 'conger_kappa'}.get(stem, stem) }_{scheme}"
                if by == scheme:
                    assert found[None, name, None].value == pytest.approx(expected["value"], abs=1e-9)
                    checked += 1
    assert checked > 60


def test_one_code_against_the_rest_stands_under_its_code() -> None:
    case = next(c for c in vectors("coding")["cases"] if c["id"].startswith("Fleiss1971"))
    found = rows(from_table(*wide(expanded(case["data"])), wide=True, request=ALL))
    expected = [e for e in case["expected"] if e["measure"] == "fleiss_kappa_one_code_vs_rest"]
    assert expected
    for one in expected:
        value = found[str(one["code"]), "fleiss_kappa", None].value
        assert value == pytest.approx(one["value"], abs=1e-9)


def test_sets_come_out_of_a_long_table() -> None:
    case = vectors("sets")["cases"][0]
    found = rows(from_table(*long(case["data"]), request=ALL))
    names = {"masi_passonneau2006": "masi", "exact_set_match": "exact"}
    for expected in case["expected"]:
        if "code" in expected:
            one = found[expected["code"], "alpha_nominal", None]
        else:
            one = found[None, "alpha_set", names.get(expected["distance"], expected["distance"])]
        assert one.value == pytest.approx(expected["value"], abs=1e-9), expected


def test_an_empty_code_is_zero_and_no_row_is_missing() -> None:
    header = ["unit", "coder", "code"]
    body = [["1", "ann", "x"], ["1", "ben", "x"], ["2", "ann", "x"], ["2", "ben", ""], ["3", "ann", "x"]]
    one = rows(from_table(header, body))["x", "alpha_nominal", None]
    assert (one.n, one.counts["only ann"]) == (2, 1)
    assert one.value == pytest.approx(by_unit_alpha([[1, 1], [1, 0], [1, None]]), abs=1e-12)


def test_levels_read_numbers_whatever_their_spelling() -> None:
    header, body = ["item", "ann", "ben"], [["1", "1", "1.0"], ["2", "2", "3"], ["3", "10", "10,0"], ["4", "2", ""]]
    found = rows(from_table(header, body, wide=True, level="interval"))
    assert found[None, "alpha_interval", None].n == 3
    values = [1.0, 1.0, 2.0, 3.0, 10.0, 10.0]
    expected = 1 - 5 * 2 / sum((a - b) ** 2 for a in values for b in values)
    assert found[None, "alpha_interval", None].value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("case_id", ["one_category_only", "nothing_pairable"])
def test_undefined_tables_print_reasons(case_id: str) -> None:
    case = next(c for c in vectors("edge_cases")["cases"] if c["id"] == case_id)
    found = rows(from_table(*wide(case["units"]), wide=True, request=ALL))
    expected = {
        "one_category_only": "no variation: every unit that is compared was given the same value",
        "nothing_pairable": "fewer than two coders on any unit",
    }[case_id]
    for name in ("alpha_nominal", "alpha_interval", "cohen_kappa", "gwet_ac1", "fleiss_kappa", "conger_kappa"):
        assert found[None, name, None].value is None
        assert found[None, name, None].why_null == expected, name
    percent = found[None, "pct_unit_mean", None]
    assert percent.value == (1.0 if case_id == "one_category_only" else None)


def test_declared_values_count_although_unused() -> None:
    header, body = ["unit", "ann", "ben"], [["1", "a", "a"], ["2", "b", "b"], ["3", "a", "b"]]
    two = rows(from_table(header, body, wide=True, request=ALL))
    four = rows(from_table(header, body, wide=True, values=["c", "d"], request=ALL))
    assert two[None, "brennan_prediger", None].value == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    assert four[None, "brennan_prediger", None].value == pytest.approx((2 / 3 - 1 / 4) / (3 / 4))


def test_positive_agreement_of_zeros_and_ones() -> None:
    header, body = ["unit", "ann", "ben"], [["1", "1", "1"], ["2", "0", "0"], ["3", "1", "0"]]
    found = rows(from_table(header, body, wide=True))
    assert found[None, "positive_agreement", None].value == pytest.approx(2 / 3)
    assert found["1", "positive_agreement", None].value == pytest.approx(2 / 3)


def test_a_source_column_is_what_is_resampled() -> None:
    units = [[n % 3, n % 3 if n % 4 else (n + 1) % 3] for n in range(40)]
    header, body = wide(units)
    plain = rows(from_table(header, body, wide=True))[None, "alpha_nominal", None]
    grouped = from_table([*header, "source"], [[*row, f"s{n // 8}"] for n, row in enumerate(body)], wide=True)
    by_source = rows(grouped)[None, "alpha_nominal", None]
    assert plain.ci_method == "jackknife by unit"
    assert by_source.ci_method == "jackknife by source"
    assert by_source.value == plain.value
    assert by_source.ci is not None
    assert by_source.ci != plain.ci


def test_equal_units_are_left_out_as_if_one_by_one() -> None:
    """The jackknife by unit, against leaving out every unit of the table in turn."""
    units = [[1, 1]] * 9 + [[1, 2]] * 4 + [[2, 2]] * 7 + [[2, None]] * 2
    one = rows(from_table(*wide(units), wide=True))[None, "alpha_nominal", None]
    without = [by_unit_alpha(units[:n] + units[n + 1 :]) for n in range(20)]
    mean = sum(w for w in without if w) / 20
    se = (19 / 20 * sum((w - mean) ** 2 for w in without if w)) ** 0.5
    assert one.ci is not None
    assert one.value is not None
    assert one.value - one.ci[0] == pytest.approx(2.093024 * se, rel=1e-6)


def test_weights_stand_for_equal_units() -> None:
    units = [[1, 1], [1, 2], [2, 2]]
    header, body = wide(units)
    weighted = from_table([*header, "weight"], [[*r, w] for r, w in zip(body, "352", strict=True)], wide=True)
    repeated = from_table(*wide([units[0]] * 3 + [units[1]] * 5 + [units[2]] * 2), wide=True)
    assert rows(weighted)[None, "alpha_nominal", None].value == pytest.approx(
        rows(repeated)[None, "alpha_nominal", None].value, abs=1e-12
    )
    assert any("weighted" in note for note in weighted.notes)


def test_many_different_units_are_resampled_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    units = [[n % 7, (n * n) % 7, (n + n // 7) % 7] for n in range(300)]
    monkeypatch.setattr("qualcode.agreement.table.ROOM", 10_000)
    one = rows(from_table(*wide(units), wide=True))[None, "alpha_nominal", None]
    assert one.ci_method == "jackknife by block of units"
    assert one.ci is not None


def test_what_looks_like_missing_but_is_a_value_is_said() -> None:
    notes = from_table(["unit", "ann", "ben"], [["1", "x", "NA"], ["2", "x", "x"]], wide=True).notes
    assert any("Read as values, not as missing: NA" in note for note in notes)


def test_whole_numbers_are_one_value_however_they_are_written_and_that_is_said() -> None:
    header, body = ["unit", "ann", "ben"], [["1", "1", "1.0"], ["2", "2", "2,0"], ["3", "1", ""], ["4", "2", "1.0"]]
    mixed = from_table(header, body, wide=True)
    plain = from_table(header, [["1", "1", "1"], ["2", "2", "2"], ["3", "1", ""], ["4", "2", "1"]], wide=True)
    assert plain.measures[0].value == pytest.approx(1 - 5 * 2 / (2 * 3 * 3))
    assert mixed.measures == plain.measures
    assert "Read as the same value: 1.0 and 1, 2,0 and 2." in mixed.notes
    assert not any("the same value" in note for note in plain.notes)


def test_section_numbers_stay_apart() -> None:
    found = from_table(["unit", "ann", "ben"], [["1", "1.1", "1.10"], ["2", "1.1", "1.1"]], wide=True)
    assert rows(found)[None, "pct_unit_mean", None].value == 0.5
    thousand = from_table(["unit", "ann", "ben"], [["1", "2", "2,000"], ["2", "2", "2"]], wide=True)
    assert rows(thousand)[None, "pct_unit_mean", None].value == 0.5


@pytest.mark.parametrize("level", ["nominal", "interval"])
def test_cells_that_are_declared_missing_are_no_ratings(level: str) -> None:
    header, body = ["unit", "ann", "ben"], [["1", "1", "1"], ["2", "2", "NA"], ["3", "99", "2"], ["4", "2", "2"]]
    told = from_table(header, body, wide=True, level=level, missing=("na", "99"))
    empty = from_table(header, [[cell.replace("NA", "").replace("99", "") for cell in row] for row in body], wide=True)
    assert rows(told)[None, "pct_unit_mean", None].n == 2
    if level == "nominal":
        assert (told.measures, told.notes) == (empty.measures, empty.notes)


def test_a_long_row_that_is_declared_missing_is_not_assigned() -> None:
    body = [["1", "ann", "x"], ["1", "ben", "NA"], ["2", "ann", "x"], ["2", "ben", ""]]
    found = rows(from_table(["unit", "coder", "code"], body, missing=("NA",)))
    assert found["x", "pct_unit_mean", None].n == 1


def test_a_value_outside_the_declared_order_is_named_as_such() -> None:
    body = [["1", "low", "Low"], ["2", "high", "high"]]
    found = rows(from_table(["unit", "ann", "ben"], body, wide=True, level="ordinal", values=("low", "high")))
    assert found[None, "alpha_ordinal", None].why_null == '"Low" in line 2 is not one of --values'
    found = rows(from_table(["unit", "ann", "ben"], [["1", "1", "NA"], ["2", "2", "2"]], wide=True, level="ordinal"))
    assert "--missing NA" in str(found[None, "alpha_ordinal", None].why_null)


def test_how_units_and_commas_were_read_is_said() -> None:
    body = [["1", "1,000", "1,000"], ["2", "5", "4"]]
    notes = from_table(["item", "ann", "ben"], body, wide=True, level="interval").notes
    assert 'Units are named by the first column, "item", as none is called unit.' in notes
    assert "A comma was read as the decimal mark: 1,000 is 1." in notes
    assert not any("comma" in n for n in from_table(["unit", "ann", "ben"], body, wide=True).notes)


@pytest.mark.parametrize(
    ("header", "body", "options", "said"),
    [
        (["unit", "rater", "code"], [], {}, 'no column "coder"'),
        (["unit", "coder", "code"], [["1", "", "x"]], {}, "line 2 names no coder"),
        (["unit", "coder", "code"], [], {}, "no rows"),
        (["unit", "coder", "code"], [["", "", ""]], {}, "no rows"),
        (["unit", "ann"], [["1", "x"], ["", "y"]], {"wide": True}, "line 3 names no unit"),
        (["unit", "ann"], [["1", "x"], ["1", "y"]], {"wide": True}, 'unit "1" stands in lines 2 and 3'),
        (["unit"], [["1"]], {"wide": True}, "no column for a coder"),
        (["unit", "ann", "ann"], [["1", "x", "y"]], {"wide": True}, "two columns have the same name"),
        (["unit", "coder", "code"], [["1", "a", "1"], ["1", "a", "2"]], {"level": "ordinal"}, "several codes a unit"),
        (["unit", "ann", "weight"], [["1", "x", "-2"]], {"wide": True}, 'line 2: the weight "-2"'),
    ],
)
def test_a_table_that_cannot_be_read_says_what_and_where(
    header: list[str], body: list[list[str]], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as refused:
        from_table(header, body, **options)
    assert said in refused.value.what
    assert refused.value.way_out


def test_unknown_words_are_refused() -> None:
    for options in ({"level": "nominl"}, {"weights": "linar"}, {"request": Request(coders=("bob",))}):
        with pytest.raises(UsageError):
            from_table(["unit", "ann", "ben"], [["1", "x", "y"]], wide=True, **options)


@pytest.mark.parametrize("body", [[["1", "", ""]], [["1", "x", ""]], [["1", "x", "y"], ["", "", ""]]])
@pytest.mark.parametrize("as_wide", [True, False])
def test_degenerate_tables_are_never_an_error(body: list[list[str]], as_wide: bool) -> None:
    header = ["unit", "ann", "ben"] if as_wide else ["unit", "coder", "code"]
    kept = body if as_wide else [[row[0], row[1] or row[0], row[2]] for row in body]
    found = from_table(header, kept, wide=as_wide, request=ALL)
    assert found.measures
    assert all((figure.value is None) == bool(figure.why_null) for figure in found.measures)


def test_a_word_among_numbers_leaves_the_figures_that_need_none() -> None:
    body = [["1", "2", "high"], ["2", "1", "1"], ["3", "2", "2"]]
    found = rows(from_table(["unit", "ann", "ben"], body, wide=True, level="ordinal"))
    assert found[None, "alpha_ordinal", None].value is None
    assert '"high" in line 2 is no number' in str(found[None, "alpha_ordinal", None].why_null)
    assert found[None, "pct_unit_mean", None].value == pytest.approx(2 / 3)


def test_values_below_zero_have_no_ratio() -> None:
    body = [["1", "2", "-1"], ["2", "1", "1"]]
    found = rows(from_table(["unit", "ann", "ben"], body, wide=True, level="ratio"))
    assert found[None, "alpha_ratio", None].why_null == "the ratio level has no values below 0"
    assert found[None, "pct_unit_mean", None].value == 0.5


def test_ordered_names_have_the_figures_of_their_ranks() -> None:
    words = {"1": "low", "2": "middle", "3": "high"}
    numbers = [["a", "1", "2"], ["b", "3", "3"], ["c", "2", "2"], ["d", "1", "3"]]
    named = [[unit, words[one], words[two]] for unit, one, two in numbers]
    header = ["unit", "ann", "ben"]
    by_number = rows(from_table(header, numbers, wide=True, level="ordinal"))
    by_name = rows(from_table(header, named, wide=True, level="ordinal", values=list(words.values())))
    assert by_number[None, "alpha_ordinal", None].value == by_name[None, "alpha_ordinal", None].value is not None
    distant = rows(from_table(header, named, wide=True, level="interval", values=list(words.values())))
    assert "need numbers" in str(distant[None, "alpha_interval", None].why_null)


def test_a_figure_that_a_table_cannot_have_is_there_with_its_reason() -> None:
    asked = Request(measures=("gamma", "positive_agreement", "alpha_nominal"))
    found = rows(from_table(["unit", "ann", "ben"], [["1", "x", "y"], ["2", "x", "x"]], wide=True, request=asked))
    assert "spans" in str(found[None, "gamma", None].why_null)
    assert "there or not" in str(found[None, "positive_agreement", None].why_null)
    assert found[None, "alpha_nominal", None].value is not None


def test_parts_of_a_table_have_the_figures_of_their_rows_alone() -> None:
    header = ["unit", "coder", "code", "source", "phase"]
    body = [
        [f"u{n}", coder, "x" if n % (2 + at) else "y", f"s{n % 3}", "early" if n < 6 else "late"]
        for n in range(12)
        for at, coder in enumerate(("ann", "ben"))
    ]
    found = from_table(header, body, request=Request(by=("source", "phase", "coder"), measures=("alpha_nominal",)))
    groups = {(row["by"], row["group"]): row["value"] for row in found.groups if row["code"] is None}
    labels = {"source": ["s0", "s1", "s2"], "phase": ["early", "late"], "coder": ["ann and ben"]}
    assert list(groups) == [(word, label) for word, each in labels.items() for label in each]
    early = [row[:3] for row in body if row[4] == "early"]
    alone = rows(from_table(header[:3], early, request=Request(measures=("alpha_nominal",))))
    assert groups["phase", "early"] == alone[None, "alpha_nominal", None].value is not None
    assert groups["coder", "ann and ben"] == rows(found)[None, "alpha_nominal", None].value


def test_coders_stand_side_by_side() -> None:
    body = [[f"u{n}", a, b, c] for n, (a, b, c) in enumerate(["xxx", "xyx", "yyy", "yxy", "xxy"])]
    found = from_table(["unit", "a", "b", "c"], body, wide=True, request=ALL)
    assert [(row["compared"], row["coders"]) for row in found.panel] == [
        *(("pair", names) for names in ("a and b", "a and c", "b and c")),
        *(("without", name) for name in "abc"),
    ]
    pair = by_unit_alpha([row[1:3] for row in body])
    assert found.panel[0]["value"] == pytest.approx(pair)


def test_a_column_without_a_rating_is_no_coder() -> None:
    body = [["1", "1", "1", ""], ["2", "0", "1", ""], ["3", "0", "0", ""]]
    with_it = from_table(["unit", "a", "b", "c"], body, wide=True, request=Request(all=True))
    without = from_table(["unit", "a", "b"], [line[:3] for line in body], wide=True, request=Request(all=True))
    assert with_it.coders == ("a", "b")
    assert with_it.measures == without.measures
    assert len(without.measures) > 15
    assert "Columns without a rating are no coders: c." in with_it.notes


def test_pairs_of_coders_who_never_meet_leave_no_mean_kappa_and_count_for_no_percentage() -> None:
    body = [["1", "1", "1", ""], ["2", "0", "1", ""], ["3", "", "0", "0"], ["4", "", "1", "1"]]
    found = rows(from_table(["unit", "a", "b", "c"], body, wide=True, request=Request(all=True)))
    for name in ("light_kappa", "hubert_kappa"):
        assert found[None, name, None].why_null == "two of the coders share no unit"
    # a and b agree on one of 2 and 4 units, b and c on two of 4 and 2; a and c never met.
    assert found[None, "holsti", None].value == pytest.approx((2 * 1 / 6 + 2 * 2 / 6) / 2)
    assert found[None, "alpha_nominal", None].value is not None
