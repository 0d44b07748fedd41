"""``agreement --from FILE`` as it is typed: files as people have them, reasons instead of figures, statuses."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.cli import run
from tests.readers import samples

WIDE = [["unit", "ann", "ben"], ["1", "x", "x"], ["2", "x", "y"], ["3", "y", "y"], ["4", "y", "y"]]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)


def written(table: list[list[str]], name: str = "t.csv", separator: str = ",", encoding: str = "utf-8") -> str:
    Path(name).write_bytes("".join(separator.join(row) + "\r\n" for row in table).encode(encoding))
    return name


def asked(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    assert run(["agreement", *words, "--json"]) == status
    said = capsys.readouterr()
    found = json.loads(said.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    keys = [(m["code"], m["codebook"], m["measure"], m["distance"]) for m in found["measures"]]
    assert len(keys) == len(set(keys))
    assert all(("why_null" in m) == (m["value"] is None) for m in found["measures"])
    return found


def values(found: Any) -> dict[tuple[str | None, str, str | None], float | None]:
    return {(m["code"], m["measure"], m["distance"]): m["value"] for m in found["measures"]}


def test_one_table_has_one_answer_in_every_file_people_keep_it_in(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.xlsx").write_bytes(samples.xlsx(WIDE))
    names = [
        written(WIDE),
        written(WIDE, "semicolon.csv", ";"),
        written(WIDE, "tab.tsv", "\t"),
        written(WIDE, "bom.csv", ";", "utf-8-sig"),
        written(WIDE, "utf16.csv", "\t", "utf-16"),
        "t.xlsx",
    ]
    found = [values(asked(capsys, "--from", name, "--wide")) for name in names]
    assert found[0][None, "alpha_nominal", None] == pytest.approx(1 - 7 * 2 / (2 * 3 * 5))
    assert found == [found[0]] * len(names)


def test_the_promised_fields_stand_in_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--from", written(WIDE), "--wide")
    assert list(found)[:10] == [
        *("unit", "scope", "units", "coders", "measures", "pairs", "sensitivity", "panel", "groups", "notes")
    ]
    row = found["measures"][0]
    assert {"code", "codebook", "measure", "distance", "value", "ci", "ci_method", "n"} <= set(row)
    assert found["coders"] == ["ann", "ben"]


def tables() -> Iterator[tuple[str, list[list[str]], list[str]]]:
    wide = ["--wide"]
    yield "one coder", [["unit", "ann"], ["1", "x"], ["2", "y"]], wide
    yield "one coder, long", [["unit", "coder", "code"], ["1", "ann", "x"], ["2", "ann", "y"]], []
    yield "no variation", [["unit", "ann", "ben"], ["1", "x", "x"], ["2", "x", "x"]], wide
    yield "all missing", [["unit", "ann", "ben"], ["1", "", ""], ["2", "", ""]], wide
    yield "nothing pairable", [["unit", "ann", "ben"], ["1", "x", ""], ["2", "", "y"]], wide
    yield "looked at, no code", [["unit", "coder", "code"], ["1", "ann", ""], ["1", "ben", ""]], []
    for level in ("nominal", "ordinal", "interval", "ratio"):
        words = [["unit", "ann", "ben"], ["1", "one", "two"], ["2", "two", "two"]]
        yield f"words for numbers, {level}", words, [*wide, "--level", level]
        yield f"one unit, {level}", [["unit", "ann", "ben"], ["1", "1", "2"]], [*wide, "--level", level]
        yield f"zeros, {level}", [["unit", "ann", "ben"], ["1", "0", "0"], ["2", "0", "0"]], [*wide, "--level", level]
        yield f"a gap, {level}", [["unit", "ann", "ben"], ["1", "1", ""], ["2", "2", "2"]], [*wide, "--level", level]
    yield (
        "nan as a word",
        [["unit", "ann", "ben"], ["1", "nan", "inf"], ["2", "nan", "nan"]],
        [*wide, "--level", "ratio"],
    )


@pytest.mark.parametrize(("table", "words"), [pytest.param(t, w, id=name) for name, t, w in tables()])
@pytest.mark.parametrize("more", [[], ["--all"], ["--all", "--bootstrap", "20"], ["--by", "coder"]])
def test_what_is_undefined_is_null_with_its_reason(
    table: list[list[str]], words: list[str], more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    name = written(table)
    found = asked(capsys, "--from", name, *words, *more)
    assert found["measures"]
    for m in found["measures"]:
        assert m["value"] is None or math.isfinite(m["value"])
        assert m["value"] is not None or m["why_null"].strip()
    assert run(["agreement", "--from", name, *words, *more]) == 0
    body = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(("# Note", "nan\t"))]
    assert [line for line in body if re.search(r"\bnan\b", line)] == [] or "nan" in str(table)


def test_undefined_figures_of_one_reason_take_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    table = [["unit", "coder", "code"], *([f"u{n}", "ann", f"c{n}"] for n in range(30))]
    assert run(["agreement", "--from", written(table)]) == 0
    assert len([line for line in capsys.readouterr().out.splitlines() if "n/a" in line or "fewer than" in line]) == 1


def test_a_floor_is_kept_or_ends_with_findings(capsys: pytest.CaptureFixture[str]) -> None:
    name = written(WIDE)
    for floor, measure, status in ((0.5, [], 0), (0.6, [], 1), (0.5, ["--measure", "gwet_ac1"], 0)):
        asked(capsys, "--from", name, "--wide", "--fail-under", str(floor), *measure, status=status)
    one = written([row[:2] for row in WIDE], "one.csv")
    asked(capsys, "--from", one, "--wide", "--fail-under", "0.1", status=1)


def test_bootstrap_repeats_itself_under_one_seed(capsys: pytest.CaptureFixture[str]) -> None:
    table = [["unit", "source", "ann", "ben"]]
    table += [[f"u{n}", f"s{n % 6}", "xy"[n % 2], "xy"[(n // 3) % 2]] for n in range(60)]
    name = written(table)
    found = [
        next(m for m in asked(capsys, "--from", name, "--wide", *more)["measures"] if m["measure"] == "alpha_nominal")
        for more in (["--bootstrap", "200", "--seed", "4"], ["--bootstrap", "200", "--seed", "4"], [])
    ]
    assert found[0] == found[1]
    assert found[0]["ci_method"] == "bootstrap by source, 200 replicates, seed 4"
    assert found[2]["ci_method"] == "jackknife by source"
    assert found[0]["ci"] != found[2]["ci"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--from", "none.csv"], 3, "there is no file none.csv"),
        (["--from", "t.csv"], 3, 'no column "coder"'),
        (["--from", "t.csv", "--wide", "--level", "nominl"], 2, 'did you mean "nominal"?'),
        (["--from", "t.csv", "--wide", "--weights", "linar"], 2, 'did you mean "linear"?'),
        (["--from", "t.csv", "--wide", "--measure", "alpha_nominl"], 2, 'did you mean "alpha_nominal"?'),
        (["--from", "t.csv", "--wide", "--unit", "turn"], 2, "no --unit"),
        (["--from", "t.csv", "--wide", "--by", "phase"], 3, 'no column "phase"'),
        (["--from", "t.csv", "--wide", "--by", "source"], 3, "names no sources"),
        (["--from", "t.csv", "--wide", "--bootstrap", "-1"], 2, "cannot be made"),
        (["--from", "empty.csv"], 3, "empty.csv"),
        (["--from", "t.csv", "--wide", "--scope", "all"], 2, "no --scope"),
        (["--from", "t.csv", "--wide", "--freeze", "first"], 2, "no --freeze"),
        (["--freeze", "first", "--as-of", "2020-01-01"], 2, "figures cannot be frozen with --as-of"),
        (["--freeze", "first", "--plan"], 2, "figures cannot be frozen with --plan"),
        (["--as", "nvivo", "--unit", "turn"], 2, "another program's figures take no --unit"),
        (["--as", "nvivo", "--measure", "alpha_set"], 2, "another program's figures take no --measure"),
        (["--wide"], 2, "no --wide"),
        (["--plan", "--share", "1.5"], 2, "number between 0 and 1"),
        (["--share", ".5"], 2, "--plan"),
    ],
)
def test_a_broken_request_is_one_line_with_a_way_out(
    words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written(WIDE)
    Path("empty.csv").write_bytes(b"")
    assert run(["agreement", *words]) == status
    heard = capsys.readouterr()
    assert heard.out == ""
    assert said in heard.err
    assert heard.err.count("\n") == 1
    assert " — " in heard.err


def test_the_line_in_a_message_is_the_line_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text('unit,coder,code\n"a\nb",ann,x\n\nc,,y\n')
    assert run(["agreement", "--from", "t.csv"]) == 3
    assert "line 5 names no coder" in capsys.readouterr().err


def test_a_plan_needs_no_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agreement", "--plan", "--share", "0.25", "--share", "0.02", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["plan"]
    assert [row["units_for_0.800"] for row in rows] == [139, 1363]
    assert rows[0]["units_for_0.667"] == 81


def test_a_page_without_a_project_goes_to_standard_output_or_a_file(capfdbinary: Any) -> None:
    name = written(WIDE)
    assert run(["agreement", "--from", name, "--wide", "--format", "md"]) == 0
    assert b"alpha" in capfdbinary.readouterr().out
    assert run(["agreement", "--from", name, "--wide", "--out", "a.html"]) == 0
    assert Path("a.html").read_bytes().startswith(b"<!DOCTYPE html>")
