"""The JSON shapes: the promised fields, in their order, whatever may follow them."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from qualcode.cli import shapes
from qualcode.model import (
    Agreement,
    Case,
    Code,
    Codebook,
    Coding,
    Cue,
    Measure,
    Memo,
    MemoTarget,
    Notice,
    Reason,
    Segment,
    Source,
    Span,
    Status,
    Suggestion,
    Turn,
)
from qualcode.report import Note, Report, Table
from qualcode.workflow.importing import Imported

TEXT = "I: Was it hard?\nP1: It was 😀 hard.\n"
TURNS = (Turn(1, Span(3, 15), "I", "interviewer", time=1.5), Turn(2, Span(20, 34), "P1", "respondent", prompt="Hard?"))
SOURCE = Source("s" * 32, "one", "interview", TEXT, TURNS, case="P1", sha256="ab", file="one.txt")
SEGMENT = Segment(SOURCE, Span(27, 33))
CODING = Coding(SEGMENT, "role/pastoral", "ann", 2, "2026-01-01T00:00:00Z", "hand", "why", 0.5, "edited", "c1")
SUGGESTION = Suggestion(SEGMENT, "role/pastoral", 0.8, "cues", "1", Reason("cue", "hard", ((29, 33),)), id="g1")
CODE = Code("role/pastoral", cues=(Cue("phrase", "hard"), Cue("lemma", "help"), Cue("regex", "a|b")), id="k1")
BOOK = Codebook("role", "1.0", (CODE,), "Roles")
MEASURE = Measure("alpha", math.nan, 0, ci=(0.1, math.inf), why_null="one coder only")

PROMISED: dict[str, tuple[Any, list[str]]] = {
    "notice": (shapes.notice(Notice("a:1", "info", "m")), ["where", "severity", "message"]),
    "turn": (shapes.turn(TURNS[0], SOURCE), ["n", "start", "end", "speaker", "role", "prompt", "time"]),
    "source": (
        shapes.source(SOURCE, 3),
        ["id", "name", "kind", "case", "chars", "turns", "codings", "revision", "status"],
    ),
    "shown": (shapes.shown(SOURCE, [CODING]), ["id", "name", "text", "turns", "codings"]),
    "imported": (shapes.imported(Imported(((SOURCE, ()),), 0, ())), ["sources", "cases", "skipped"]),
    "imported source": (
        shapes.imported(Imported(((SOURCE, ()),), 0, ()))["sources"][0],
        ["id", "name", "kind", "case", "chars", "turns", "speakers", "notices"],
    ),
    "case": (shapes.case(Case("P1", {"phase": "primary"})), ["name", "attributes", "consent", "sources"]),
    "codebooks": (shapes.codebooks([BOOK]), ["codebooks", "codes"]),
    "codebook": (shapes.codebooks([BOOK])["codebooks"][0], ["name", "version"]),
    "bundled": (shapes.bundled(BOOK), ["name", "title", "codes"]),
    "code": (
        shapes.code(CODE),
        ["id", "path", "label", "definition", "include", "exclude", "examples", "counterexamples", "cues", "speakers",
         "colour", "key"],
    ),
    "coding": (
        shapes.coding(CODING),
        ["id", "source", "source_name", "case", "start", "end", "quote", "speaker", "turn", "code", "coder", "round",
         "origin", "anchor", "certainty", "at", "memo"],
    ),
    "suggestion": (
        shapes.suggestion(SUGGESTION),
        ["id", "source", "start", "end", "quote", "code", "score", "calibrated", "suggester", "version", "reason",
         "decision"],
    ),
    "reason": (shapes.suggestion(SUGGESTION)["reason"], ["kind", "text", "evidence"]),
    "memo": (shapes.memo(Memo(MemoTarget("segment", "s", span=Span(1, 2)), "x", "ann")), ["id", "about", "text"]),
    "measure": (
        shapes.measure(MEASURE),
        ["code", "codebook", "measure", "distance", "value", "ci", "ci_method", "n"],
    ),
    "agreement": (
        shapes.agreement(Agreement("sentence", "all", {"sentence": 3}, ("ann", "ben"), (MEASURE,))),
        ["unit", "scope", "units", "coders", "measures", "pairs", "sensitivity", "panel", "groups", "notes"],
    ),
    "report": (shapes.report(Report("T")), ["title", "unit", "n", "layer", "columns", "rows", "notes"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PROMISED)
def test_a_shape_begins_with_the_promised_fields_and_is_json(name: str) -> None:
    shape, fields = PROMISED[name]
    assert list(shape)[: len(fields)] == fields
    assert json.loads(json.dumps(shape, allow_nan=False)) == shape


def test_a_codings_quote_is_cut_from_the_text_by_code_points() -> None:
    shape = shapes.coding(CODING)
    assert shape["quote"] == TEXT[shape["start"] : shape["end"]] == "😀 hard"
    assert (shape["turn"], shape["speaker"], shape["source"], shape["case"]) == (2, "P1", SOURCE.id, "P1")


def test_a_coding_outside_every_turn_has_no_turn() -> None:
    shape = shapes.coding(Coding(Segment(SOURCE, Span(16, 19)), "a/b", "ann"))
    assert (shape["turn"], shape["speaker"], shape["quote"]) == (None, None, "P1:")


def test_cues_are_written_as_in_a_codebook_file() -> None:
    assert shapes.code(CODE)["cues"] == ["hard", {"lemma": "help"}, {"regex": "a|b"}]


def test_statuses_stand_by_coder_and_codebook_and_only_of_this_source() -> None:
    statuses = [Status(SOURCE.id, "ann", "role", "done"), Status("other", "ben", "role", "done")]
    assert shapes.source(SOURCE, 0, statuses)["status"] == {"ann": {"role": "done"}}


def test_what_is_undefined_is_null_and_says_why() -> None:
    shape = shapes.measure(MEASURE)
    assert (shape["value"], shape["ci"], shape["why_null"]) == (None, [0.1, None], "one coder only")
    assert "why_null" not in shapes.measure(Measure("alpha", 0.5, 10))


def test_a_notice_stands_with_its_source_or_beside_all() -> None:
    near, far = Notice("one.txt:2", "info", "no label"), Notice("two.txt", "warning", "empty")
    shape = shapes.imported(Imported(((SOURCE, (near,)),), 1, (far,), (far,)))
    assert [each["message"] for each in shape["sources"][0]["notices"]] == ["no label"]
    assert [each["message"] for each in shape["notices"]] == ["empty"]
    assert [each["where"] for each in shape["skipped"]] == ["two.txt"]


def test_a_report_is_its_first_table_and_lists_all_when_there_are_several() -> None:
    first, second = Table(("a",), ((1,), (None,)), unit="case", n=7), Table(("b",), (("x",),), caption="Second")
    shape = shapes.report(Report("T", (first, Note("layer: ann"))))
    assert (shape["columns"], shape["rows"], shape["unit"], shape["n"]) == (["a"], [[1], [None]], "case", 7)
    assert shape["notes"] == ["layer: ann"]
    assert "tables" not in shape
    both = shapes.report(Report("T", (first, second)))["tables"]
    assert [each["caption"] for each in both] == ["", "Second"]
