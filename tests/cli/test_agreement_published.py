"""Figures other people published, from their raw files, by command alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from qualcode.cli import run
from tests.agreement.test_published_data import needed


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUALCODE_CODER", "ann")
    monkeypatch.delenv("QUALCODE_PROJECT", raising=False)


def records(name: str) -> list[dict[str, str]]:
    with needed(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(name: str, header: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    with Path(name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *body])
    return name


def figures(capsys: pytest.CaptureFixture[str], *words: str) -> dict[tuple[str | None, str], dict[str, Any]]:
    capsys.readouterr()
    assert run(["agreement", *words, "--json"]) == 0
    return {(m["code"], m["measure"]): m for m in json.loads(capsys.readouterr().out)["measures"]}


@pytest.mark.parametrize(
    ("speaker", "column", "published"),
    [("therapist", "main_therapist_behaviour", 0.729), ("client", "client_talk_type", 0.380)],
)
def test_counselling_talk(speaker: str, column: str, published: float, capsys: pytest.CaptureFixture[str]) -> None:
    body = [
        (f"{row['transcript_id']}-{row['utterance_id']}", row["annotator_id"], row[column])
        for row in records("01_annomi/annomi_shared.csv")
        if row["transcript_id"] in ("7", "27", "56") and row["interlocutor"] == speaker
    ]
    assert len(body) > 1000
    name = written("talk.csv", ["unit", "coder", "code"], body)
    found = figures(capsys, "--from", name, "--measure", "fleiss_kappa")
    assert found[None, "fleiss_kappa"]["value"] == pytest.approx(published, abs=0.001)


def test_survey_answers_of_two_sheets_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    """Even no answer has a code there, so a row without one was not this coder's to code."""
    values = []
    for question in ("Q5", "Q8", "Q12", "Q14", "N3"):
        body = []
        for coder in ("primary", "secondary"):
            for row in records(f"02_gwusec_survey/{question}_{coder}.csv"):
                cells = [cell.strip() for name, cell in row.items() if name and name.startswith("Code") and cell]
                body += [(row["ResponseId"], coder, code) for code in cells if code]
        assert len(body) > 50
        name = written(f"{question}.csv", ["unit", "coder", "code"], body)
        values.append(figures(capsys, "--from", name, "--measure", "pooled_kappa")[None, "pooled_kappa"]["value"])
    assert sum(values) / len(values) == pytest.approx(0.8, abs=0.05)  # the authors give .8 over all questions


def test_essays_and_the_passages_two_raters_marked(capsys: pytest.CaptureFixture[str]) -> None:
    """What docs/agreement.md says of them: .73 by character, .66 by sentence, .57 by essay, and .50 on average."""
    texts = [f"essay_{row['id']}.txt" for row in records("08_daacs_essays/essays_shared.csv")]
    for name, row in zip(texts, records("08_daacs_essays/essays_shared.csv"), strict=True):
        Path(name).write_text(row["qda_text"], encoding="utf-8")
    passages = [
        (f"essay_{row['id']}", row["coder"], code.strip(), row["text"])
        for row in records("08_daacs_essays/codings_shared.csv")
        for code in row["codes"].split(";")
    ]
    assert len(passages) > 90
    table = written("passages.csv", ["Document", "Coder", "Code", "Segment"], passages)
    for words in (["init", "study"], ["import", *texts], ["import", table, "--format", "codes"], ["import", table]):
        assert run([*words, *([] if words[0] == "init" else ["--project", "study"])]) == 0
    asked = ("--scope", "all", "--measure", "pooled_kappa", "--measure", "cohen_kappa", "--project", "study", "--unit")
    pooled = {unit: figures(capsys, *asked, unit) for unit in ("character", "sentence", "source")}
    shown = [round(found[None, "pooled_kappa"]["value"], 2) for found in pooled.values()]
    assert shown == [0.73, 0.66, 0.57]
    kappas = [m["value"] for (code, _), m in pooled["character"].items() if code and m["value"] is not None]
    assert (len(kappas), round(sum(kappas) / len(kappas), 2), sum(k < 0.001 for k in kappas)) == (12, 0.5, 3)
