"""Every published or cross-checked figure that lies beside this repository, out of the command."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from qualcode.cli import run
from tests.agreement.study import vectors
from tests.agreement.test_table import expanded, long, wide

Figures = dict[tuple[str | None, str, str | None], dict[str, Any]]
NAMES = {"masi_passonneau2006": "masi", "exact_set_match": "exact", "(k)u_alpha": "ku_alpha"}
STEMS = {"fleiss": "fleiss_kappa", "conger": "conger_kappa", "bp": "brennan_prediger", "cohen": "cohen_kappa"}
STEMS |= {"gwet": "ac2", "scott": "fleiss_kappa", "krippendorff": "alpha", "pa2": "pct_unit_mean"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUALCODE_CODER", "ann")
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run([*words]) == 0, words
    return capsys.readouterr().out


def measured(capsys: pytest.CaptureFixture[str], *words: str) -> Figures:
    found = json.loads(told(capsys, "agreement", *words, "--json"))["measures"]
    return {(m["code"], m["measure"], m["distance"]): m for m in found}


def table(header: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    with Path("t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *body])
    return "t.csv"


def weighted(name: str) -> tuple[str, str]:
    """A vector's name as (figure, scheme), empty where it has none."""
    stem, _, scheme = name.rpartition("_")
    return (f"{STEMS.get(stem, stem)}_{scheme}", scheme) if scheme in ("linear", "quadratic") else (name, "")


def test_ratings(capsys: pytest.CaptureFixture[str]) -> None:
    checked = 0
    for case in vectors("coding")["cases"]:
        name = table(*wide(expanded(case["data"])))
        plain = measured(capsys, "--from", name, "--wide", "--all")
        for expected in case["expected"]:
            figure, _ = weighted(expected["measure"])
            if figure == "fleiss_kappa_one_code_vs_rest":
                value = plain[str(expected["code"]), "fleiss_kappa", None]["value"]
            elif figure.startswith(("cohen_kappa_se", "cohen_kappa_ci")):
                continue
            else:
                value = plain[None, figure, None]["value"]
            assert value == pytest.approx(expected["value"], abs=expected["tol"]), (case["id"], figure)
            checked += 1
    assert checked > 300


def test_levels_asked_for_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    checked = 0
    for case in vectors("coding")["cases"]:
        expected = {e["measure"]: e["value"] for e in case["expected"]}
        for level in ("nominal", "ordinal", "interval", "ratio"):
            if f"alpha_{level}" in expected:
                found = measured(capsys, "--from", table(*wide(expanded(case["data"]))), "--wide", "--level", level)
                assert found[None, f"alpha_{level}", None]["value"] == pytest.approx(
                    expected[f"alpha_{level}"], abs=1e-9
                )
                checked += 1
    assert checked > 50


def test_gwets_weights(capsys: pytest.CaptureFixture[str]) -> None:
    tables = {case["id"]: case["data"] for case in vectors("coding")["cases"]}
    found: dict[tuple[str, str], Figures] = {}
    for case in vectors("gwet_weights_se")["cases"]:
        key = case["dataset"], case["weights"]
        if key not in found:
            name = table(*wide(expanded(tables[case["dataset"]])))
            found[key] = measured(capsys, "--from", name, "--wide", "--level", "interval", "--weights", case["weights"])
        value = found[key][None, f"{STEMS[case['coefficient']]}_{case['weights']}", None]["value"]
        assert value == pytest.approx(case["irrcac_python_0_4_4"]["coefficient_value"], abs=1e-6), case
    assert len(found) > 10


def test_sets(capsys: pytest.CaptureFixture[str]) -> None:
    case = vectors("sets")["cases"][0]
    found = measured(capsys, "--from", table(*long(case["data"])), "--all")
    for expected in case["expected"]:
        distance = expected.get("distance")
        key = (expected.get("code"), "alpha_set" if distance else "alpha_nominal", NAMES.get(distance, distance))
        assert found[key]["value"] == pytest.approx(expected["value"], abs=1e-9), expected


def test_the_jackknife_by_source(capsys: pytest.CaptureFixture[str]) -> None:
    given = vectors("jackknife")
    body = [
        [f"{at}-{kind}-{n}", f"d{at}", *values]
        for at, counts in enumerate(given["documents"])
        for kind, values in (("both", "11"), ("one_only", "10"), ("neither", "00"))
        for n in range(counts[kind])
    ]
    found = measured(
        capsys, "--from", table(["unit", "source", "ann", "ben"], body), "--wide", "--measure", "alpha_nominal"
    )
    row = found[None, "alpha_nominal", None]
    assert row["value"] == pytest.approx(given["expected"]["alpha"], abs=1e-9)
    assert row["ci"] == pytest.approx([given["expected"]["ci_low"], given["expected"]["ci_high"]], abs=1e-9)


def test_sample_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    for case in vectors("sample_size")["cases"]:
        rows = json.loads(told(capsys, "agreement", "--plan", "--share", str(case["p"]), "--json"))["plan"]
        assert rows[0][f"units_for_{case['alpha_min']:.3f}"] == case["n"]


def test_undefined_and_paradoxical_tables(capsys: pytest.CaptureFixture[str]) -> None:
    cases = {case["id"]: case for case in vectors("edge_cases")["cases"]}
    assert len(cases) > 5
    for name in ("one_category_only", "nothing_pairable"):
        found = measured(capsys, "--from", table(*wide(cases[name]["units"])), "--wide", "--all")
        chance_corrected = [m for (_, key, _), m in found.items() if "alpha" in key or "kappa" in key or "ac1" in key]
        assert len(chance_corrected) > 10
        assert all(m["value"] is None and m["why_null"] for m in chance_corrected), name
    for name in ("code_used_once_by_one_coder", "one_unit_disagree", "total_disagreement_two_units"):
        case = cases[name]
        units = case.get("units") or [r["ratings"] for r in case["units_compact"] for _ in range(r["n"])]
        found = measured(capsys, "--from", table(*wide(units)), "--wide", "--all")
        for key in set(case) & {"alpha_nominal", "cohen_kappa", "scott_pi", "fleiss_kappa", "bennett_s", "gwet_ac1"}:
            assert found[None, key, None]["value"] == pytest.approx(case[key], abs=1e-7), (name, key)
    paradox = cases["feinstein_cicchetti_paradox"]
    for cells, key in zip(paradox["tables"], ("table1", "table2"), strict=True):
        (both, first), (second, neither) = cells
        units = [[1, 1]] * both + [[1, 0]] * first + [[0, 1]] * second + [[0, 0]] * neither
        found = measured(capsys, "--from", table(*wide(units)), "--wide", "--all")
        for word, value in paradox[key].items():
            name = {"percent": "pct_unit_mean"}.get(word, word)
            assert found[None, name, None]["value"] == pytest.approx(value, abs=1e-9), (key, word)


def study(capsys: pytest.CaptureFixture[str], texts: dict[str, str], codings: list[dict[str, Any]], done: bool) -> None:
    """A project of these texts and codings; with `done` whoever coded a source is done with it."""
    told(capsys, "init", "study")
    for name, text in texts.items():
        Path(f"{name}.txt").write_text(text, encoding="utf-8")
    here = ["--project", "study"]
    told(capsys, "import", *(f"{name}.txt" for name in texts), *here)
    for code in sorted({coding["code"] for coding in codings}):
        told(capsys, "codebook", "add", code, *here)
    Path("codings.jsonl").write_text("".join(json.dumps(coding) + "\n" for coding in codings))
    with Path("codings.jsonl").open(encoding="utf-8") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", file)
        answers = [json.loads(line) for line in told(capsys, "coding", "batch", *here).splitlines()]
    assert [answer for answer in answers if "error" in answer] == []
    assert len(answers) == len(codings)
    for coder, source in sorted({(c["coder"], c["source"]) for c in codings}) if done else ():
        told(capsys, "sources", "done", source, "--coder", coder, *here)


def of_case(case: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    start, end = case["continuum"]
    codings = [
        {"source": "t", "start": a - start, "end": b - start, "code": code, "coder": f"c{at}"}
        for at, spans in enumerate(case["coders"])
        for a, b, code in spans
    ]
    return "x" * (end - start), codings


@pytest.mark.parametrize("at", range(4))
def test_unitizing(at: int, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [c for c in vectors("unitizing")["cases"] if any("u_alpha" in e["measure"] for e in c["expected"])]
    case = cases[at % len(cases)]
    text, codings = of_case(case)
    study(capsys, {"t": text}, codings, done=True)
    asked = [word for name in ("u_alpha", "bar_u_alpha", "cu_alpha", "ku_alpha") for word in ("--measure", name)]
    found = measured(capsys, *asked, "--scope", "all", "--project", "study")
    checked = 0
    for expected in case["expected"]:
        name = NAMES.get(expected["measure"], expected["measure"])
        code = f"open/{expected['code']}" if "code" in expected else None
        if (code, name, None) in found:
            assert found[code, name, None]["value"] == pytest.approx(expected["value"], abs=expected["tol"])
            checked += 1
    assert checked > 1


def test_spans_over_transcripts(capsys: pytest.CaptureFixture[str]) -> None:
    given = vectors("spans_end_to_end")
    codings = [
        {"source": made["id"], "start": a, "end": b, "code": code, "coder": coder}
        for made in given["documents"]
        for coder, spans in made["spans"].items()
        for a, b, code in spans or ()
    ]
    study(capsys, {made["id"]: made["text"] for made in given["documents"]}, codings, done=False)
    for made in given["documents"]:
        for coder, spans in made["spans"].items():
            if spans is not None:
                told(capsys, "sources", "done", made["id"], "--coder", coder, "--project", "study")
    found: dict[tuple[str, str], Figures] = {}
    for expected in given["expected"]:
        unit, _, rule = expected["unit"].partition("_")
        key = (unit, rule or "any")
        if key not in found:
            words = ["--unit", unit, "--rule", key[1], "--scope", "all", "--all", "--project", "study"]
            found[key] = measured(capsys, *words)
        if expected["measure"] == "alpha_set":
            row = found[key][None, "alpha_set", NAMES.get(expected["distance"], expected["distance"])]
        else:
            row = found[key][f"open/{expected['code']}", "alpha_nominal", None]
        assert row["value"] == pytest.approx(expected["value"], abs=1e-9), expected
    assert len(found) == 5
