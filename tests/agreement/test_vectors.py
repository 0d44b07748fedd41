"""Every published or cross-checked figure that lies beside this repository."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qualcode.agreement import Request, alpha, kappa, measure, percent
from qualcode.agreement.intervals import jackknife
from qualcode.agreement.sets import alpha_set, distances_of_pairs, number_sets, tally_sets
from qualcode.agreement.sums import Sums, assemble, replicates, tally, tally_counts
from qualcode.agreement.weights import weight_matrix
from qualcode.model import Bundle, Code, Codebook, Coding, Segment, Source, Span, Status, Turn
from tests.agreement.study import rows, vectors

ALIASES = {"fleiss": "fleiss_kappa", "conger": "conger_kappa", "ac2": "gwet_ac2", "bp": "brennan_prediger"}


def table_of(units: list[list[Any]], weight: list[int] | None = None) -> tuple[Sums, np.ndarray]:
    """Sums of units of ratings, and the numeric values (their ranks where they are no numbers)."""
    values = sorted({value for unit in units for value in unit if value is not None})
    number = {value: n for n, value in enumerate(values)}
    ratings = np.array([[-1 if v is None else number[v] for v in unit] for unit in units], np.intp).T.copy()
    numeric = np.array(values if all(isinstance(v, (int, float)) for v in values) else range(1, 1 + len(values)), float)
    return tally(ratings, len(values), weight=None if weight is None else np.array(weight, float)), numeric


def sums_of(data: dict[str, Any]) -> tuple[Sums, np.ndarray]:
    match data["type"]:
        case "ratings":
            return table_of(data["units"])
        case "weighted_units":
            return table_of([unit["ratings"] for unit in data["units"]], [unit["n"] for unit in data["units"]])
        case "contingency_table":
            cells = [(a + 1, b + 1, n) for a, row in enumerate(data["table"]) for b, n in enumerate(row) if n]
            return table_of([[a, b] for a, b, _ in cells], [n for *_, n in cells])
    counts = np.array(data["counts"], float)
    return tally_counts(counts), np.arange(1.0, 1 + counts.shape[1])


def figure(name: str, sums: Sums, values: np.ndarray) -> float:
    stem, _, scheme = name.rpartition("_")
    if scheme in ("linear", "quadratic"):
        function = getattr(kappa, ALIASES.get(stem, stem))
        return float(function(sums, weight_matrix(scheme, values))[0])
    if name in ("alpha_interval", "alpha_ratio"):
        return float(getattr(alpha, name)(sums, values)[0])
    room = next(room for room in (alpha, percent, kappa) if hasattr(room, name))
    return float(getattr(room, name)(sums)[0])


def test_every_coefficient_on_predefined_units() -> None:
    checked = 0
    for case in vectors("coding")["cases"]:
        sums, values = sums_of(case["data"])
        for expected in case["expected"]:
            name = expected["measure"]
            if name.startswith(("cohen_kappa_se", "cohen_kappa_ci", "fleiss_kappa_one")):
                continue
            assert figure(name, sums, values) == pytest.approx(expected["value"], abs=1e-9), (case["id"], name)
            checked += 1
    assert checked > 300


def test_one_code_against_the_rest() -> None:
    case = next(c for c in vectors("coding")["cases"] if c["id"].startswith("Fleiss1971"))
    expected = [e for e in case["expected"] if e["measure"] == "fleiss_kappa_one_code_vs_rest"]
    assert expected
    for one in expected:
        sums, _ = table_of([[int(value == one["code"]) for value in unit] for unit in case["data"]["units"]])
        assert float(kappa.fleiss_kappa(sums)[0]) == pytest.approx(one["value"], abs=1e-9)


def test_gwets_weight_schemes() -> None:
    tables = {case["id"]: sums_of(case["data"]) for case in vectors("coding")["cases"]}
    checked = 0
    for case in vectors("gwet_weights_se")["cases"]:
        sums, values = tables[case["dataset"]]
        weights = weight_matrix(case["weights"], values)
        name = case["coefficient"]
        if name == "krippendorff":
            found = alpha.alpha_weighted(sums, weights)
        elif name == "pa2":
            found = percent.pct_unit_mean(sums, weights)
        else:
            functions = {"gwet": kappa.gwet_ac2, "cohen": kappa.cohen_kappa, "scott": kappa.fleiss_kappa}
            found = (functions.get(name) or getattr(kappa, ALIASES.get(name, name)))(sums, weights)
        expected = case["irrcac_python_0_4_4"]["coefficient_value"]
        assert float(found[0]) == pytest.approx(expected, abs=1e-6), (case["dataset"], name, case["weights"])
        checked += 1
    assert checked > 80


def test_sets_of_codes() -> None:
    case = vectors("sets")["cases"][0]
    units = case["data"]
    codes = sorted({code for unit in units for held in unit for code in held or ()})
    held = [unit[rater] for rater in range(3) for unit in units]
    numbers, members = number_sets(np.array([[code in (one or ()) for code in codes] for one in held]))
    sets = np.where([one is None for one in held], -1, numbers).reshape(3, len(units))
    names = {"masi_passonneau2006": "masi", "exact_set_match": "exact"}
    sums = tally_sets(sets, members, np.zeros(len(units), np.intp), 1, np.ones(len(units)))
    binary = 0
    for expected in case["expected"]:
        if "code" in expected:
            per_code = [[None if h is None else int(expected["code"] in h) for h in unit] for unit in units]
            found = float(alpha.alpha_nominal(table_of(per_code)[0])[0])
            binary += 1
        else:
            found = float(alpha_set(sums, names.get(expected["distance"], expected["distance"]))[0])
        assert found == pytest.approx(expected["value"], abs=1e-9), expected
    assert binary == len(codes)


def test_distances_between_sets() -> None:
    pairs = vectors("sets")["cases"][1]["pairs"]
    assert pairs
    for pair in pairs:
        codes = sorted({*pair["a"], *pair["b"]}) or ["none"]
        first, second = (np.array([[code in pair[side] for code in codes]]) for side in "ab")
        for distance in ("jaccard", "masi", "dice"):
            assert distances_of_pairs(first, second, distance)[0] == pytest.approx(pair[distance], abs=1e-9)


def test_the_jackknife_by_source() -> None:
    given = vectors("jackknife")
    cells = [[[d["neither"], d["one_only"]], [0, d["both"]]] for d in given["documents"]]
    tables = np.array(cells, float)[:, None]
    by_coder = np.stack([tables[:, 0].sum(axis=2), tables[:, 0].sum(axis=1)], axis=1)
    sums = assemble(tables, by_coder, tables.sum(axis=(1, 2, 3)), np.full(len(tables), 2.0))
    figures = alpha.alpha_nominal(sums.each(replicates))
    found, expected = jackknife(figures, np.ones(len(tables), bool)), given["expected"]
    assert figures == pytest.approx([expected["alpha"], *expected["leave_one_out"]], abs=1e-9)
    assert found is not None
    assert (found.se, found.low, found.high) == pytest.approx(
        (expected["se"], expected["ci_low"], expected["ci_high"]), abs=1e-9
    )


def test_undefined_and_paradoxical_tables() -> None:
    cases = {case["id"]: case for case in vectors("edge_cases")["cases"]}
    for name in ("code_used_once_by_one_coder", "one_unit_disagree", "total_disagreement_two_units"):
        case = cases[name]
        units = case.get("units") or [r["ratings"] for r in case["units_compact"]]
        sums, values = table_of(units, [r["n"] for r in case["units_compact"]] if "units_compact" in case else None)
        for measure_name in set(case) & {"alpha_nominal", "cohen_kappa", "scott_pi", "bennett_s", "gwet_ac1"}:
            assert figure(measure_name, sums, values) == pytest.approx(case[measure_name], abs=1e-7), measure_name
    paradox = cases["feinstein_cicchetti_paradox"]
    for table, key in zip(paradox["tables"], ("table1", "table2"), strict=True):
        sums, values = sums_of({"type": "contingency_table", "table": [row[::-1] for row in table[::-1]]})
        for measure_name, value in paradox[key].items():
            name = "pct_unit_mean" if measure_name == "percent" else measure_name
            assert figure(name, sums, values) == pytest.approx(value, abs=1e-9), measure_name


def end_to_end() -> tuple[Bundle, dict[tuple[str, str], list[Segment]], list[dict[str, Any]]]:
    given = vectors("spans_end_to_end")
    sources, codings, statuses, cuts = [], [], [], {}
    for made in given["documents"]:
        turns = tuple(Turn(n, Span(*span)) for n, span in enumerate(made["turns"], 1))
        source = Source(made["id"], made["id"], "interview", made["text"], turns)
        sources.append(source)
        for unit in ("turn", "sentence"):
            cuts[source.id, unit] = [Segment(source, Span(*span)) for span in made[f"{unit}s"]]
        for coder, spans in made["spans"].items():
            if spans is not None:
                statuses.append(Status(source.id, coder, "role", "done"))
                codings += [Coding(Segment(source, Span(a, b)), f"role/{code}", coder) for a, b, code in spans]
    codebook = Codebook("role", "1", tuple(Code(f"role/{code}") for code in given["codes"]))
    bundle = Bundle(sources=tuple(sources), codebooks=(codebook,), codings=tuple(codings), statuses=tuple(statuses))
    return bundle, cuts, given["expected"]


def test_spans_over_transcripts_become_units() -> None:
    bundle, cuts, expectations = end_to_end()
    assert expectations
    for expected in expectations:
        unit, _, rule = expected["unit"].partition("_")
        request = Request(unit=unit, rule=rule or "any", scope="all", all=True)
        found = rows(measure(bundle, cut=lambda source, by: cuts[source.id, by], request=request))
        if expected["measure"] == "alpha_set":
            distance = {"masi_passonneau2006": "masi"}.get(expected["distance"], expected["distance"])
            assert found[None, "alpha_set", distance].value == pytest.approx(expected["value"], abs=1e-9)
            continue
        code = f"role/{expected['code']}"
        one = found[code, "alpha_nominal", None]
        assert one.value == pytest.approx(expected["value"], abs=1e-9), expected
        assert one.n == expected["n_pairable_units"]
        assert {name: one.counts[f"by {name}"] for name in expected["times_applied"]} == expected["times_applied"]
        for name in ("pct_coincidence", "gwet_ac1"):
            assert found[code, name, None].value == pytest.approx(expected[name], abs=1e-9)
