"""What docs/agreement.md says of a published set of essays: one pooled kappa hides codes that were not coded alike."""

from __future__ import annotations

import csv
import json

import pytest

from qualcode.agreement import Request, measure
from qualcode.model import Bundle, Code, Codebook, Coding, Segment, Source, Span, Turn
from qualcode.workflow.agreeing import cut
from tests.agreement.test_published_data import needed


def essays() -> Bundle:
    """The essays with the codings whose place is known: 90 of 94 passages."""
    with needed("08_daacs_essays/essays_shared.csv").open(encoding="utf-8", newline="") as file:
        texts = {f"essay_{row['id']}": row["qda_text"] for row in csv.DictReader(file)}
    sources = {key: Source(key, key, "document", text, (Turn(1, Span(0, len(text))),)) for key, text in texts.items()}
    codings = []
    for line in needed("gold/daacs_spans.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["start"] is None:
            continue
        segment = Segment(sources[row["doc"]], Span(row["start"], row["end"]))
        assert segment.quote == row["text"]
        codings += [Coding(segment, f"d/{name}", coder) for coder, names in row["coders"].items() for name in names]
    book = Codebook("d", "", tuple(Code(path) for path in sorted({coding.code for coding in codings})))
    return Bundle(sources=tuple(sources.values()), codings=tuple(codings), codebooks=(book,))


@pytest.mark.parametrize(("unit", "pooled"), [("character", 0.73), ("sentence", 0.66), ("source", 0.57)])
def test_pooled_kappa_falls_as_the_unit_grows(unit: str, pooled: float) -> None:
    wanted = Request(unit=unit, scope="all", measures=("pooled_kappa",))
    overall = [m.value for m in measure(essays(), cut=cut, request=wanted).measures if m.code is None]
    assert overall == [pytest.approx(pooled, abs=0.005)]


def test_pooled_kappa_is_above_the_mean_of_the_codes() -> None:
    wanted = Request(unit="character", scope="all", measures=("cohen_kappa",))
    every = [m.value for m in measure(essays(), cut=cut, request=wanted).measures if m.code is not None]
    known = [value for value in every if value is not None]
    assert len(known) == 12
    assert sum(known) / 12 == pytest.approx(0.50, abs=0.005)
    assert sum(value < 0.001 for value in known) == 3
