"""Figures other people published on data that lie beside this repository."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from qualcode.agreement import Request, from_table
from tests.agreement.study import VECTORS, rows

DATA = VECTORS.parent
LONG = ["unit", "coder", "code"]


def needed(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no {name} beside this repository (../shared/data)")
    return path


@pytest.mark.parametrize(
    ("speaker", "column", "published"),
    [("therapist", "main_therapist_behaviour", 0.729), ("client", "client_talk_type", 0.380)],
)
def test_ten_coders_of_counselling_talk_agree_as_published(speaker: str, column: str, published: float) -> None:
    with needed("01_annomi/annomi_shared.csv").open(encoding="utf-8", newline="") as file:
        table = [row for row in csv.DictReader(file) if row["transcript_id"] in ("7", "27", "56")]
    ratings = [
        [f"{row['transcript_id']}-{row['utterance_id']}", row["annotator_id"], row[column]]
        for row in table
        if row["interlocutor"] == speaker
    ]
    found = rows(from_table(LONG, ratings, request=Request(measures=("fleiss_kappa", "light_kappa"))))
    assert len(ratings) > 1000
    assert found[None, "fleiss_kappa", None].value == pytest.approx(published, abs=0.001)


def test_two_coders_of_survey_answers_reach_the_authors_mean() -> None:
    figures = []
    for question in ("Q5", "Q8", "Q12", "Q14", "N3"):
        body = []
        for line in needed(f"gold/gwusec_{question}.jsonl").read_text("utf-8").splitlines():
            answer = json.loads(line)
            for coder, codes in answer["coders"].items():
                body += [[answer["unit"], coder, code] for code in codes or [""]]
        found = rows(from_table(LONG, body, request=Request(all=True)))
        value = found[None, "pooled_kappa", None].value
        assert value is not None
        figures.append(value)
    assert sum(figures) / len(figures) == pytest.approx(0.8, abs=0.05)
