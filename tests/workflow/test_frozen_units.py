"""Units fixed beforehand: kept under a name, carried along, used where agreement is measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qualcode.agreement import Request
from qualcode.errors import InputError, ProjectError, UsageError
from qualcode.model import Bundle, Code, Codebook, Source, Span, Turn
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import agreeing, frozen_units, revising, teamwork

WORDS = ["We plan the week.", "We ring the school.", "They cry at times.", "It goes on."]
TEXT = " ".join(WORDS)


def source(name: str) -> Source:
    return Source(name.encode().hex() * 4, name, "interview", TEXT, (Turn(1, Span(0, len(TEXT))),))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three sources of one turn and four sentences; ann and ben agree on the first, ann alone has the second."""
    found = Project.start(tmp_path / "study")
    with found.act("codebook apply", "lea") as act:
        act.put_codebook(Codebook("b", "1.0", (Code("b/x"), Code("b/unit"))), {})
    found.add(Bundle(sources=tuple(source(name) for name in ("s1", "s2", "s3"))), coder="lea")
    for name in ("s1", "s2", "s3"):
        Session(found, "ann").add(name, Place(quote=WORDS[0]), "x")
        Session(found, "ann").add(name, Place(quote=WORDS[1]), "x")
        Session(found, "ben").add(name, Place(quote=WORDS[0]), "x")
    return found


def alpha(project: Project, unit: str | None) -> tuple[float | None, int]:
    asked = Request(coders=("ann", "ben"), unit=unit, codes=("x",), measures=("alpha_nominal",))
    (row,) = [m for m in agreeing.agreement(project, asked).measures if m.code == "b/x"]
    return row.value, row.n


def test_frozen_sentences_give_the_figures_of_sentences(project: Project) -> None:
    found = frozen_units.freeze(project, "lead", coder="lea", unit="sentence")
    assert (found.count, found.by, found.lost) == (12, "lea", 0)
    assert alpha(project, "frozen:lead") == alpha(project, None) != (None, 0)


def test_the_lead_s_own_passages_are_units(project: Project) -> None:
    for name in ("s1", "s2"):
        Session(project, "lea").add(name, Place(quote=f"{WORDS[0]} {WORDS[1]}"), "unit")
        Session(project, "lea").add(name, Place(quote=WORDS[2]), "unit")
    found = frozen_units.freeze(project, "lead", coder="lea", coded_by="lea", codes=("unit",))
    assert {name: len(spans) for name, spans in found.spans.items()} == {source("s1").id: 2, source("s2").id: 2}
    assert alpha(project, "frozen:lead") == (1.0, 4)
    notes = agreeing.agreement(project, Request(coders=("ann", "ben"), unit="frozen:lead")).notes
    assert any('as "lead" (passages of lea): 4 in 2 sources' in note for note in notes)
    assert "1 sources hold none of these units and are left out." in notes
    assert "6 of the coders' codings there were made before the units were frozen." in notes


def test_units_come_from_a_table_too(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(f"source,start,end,quote\ns1,0,17,\ns1,,,{WORDS[2]}\ns2,18,37,\n")
    found = frozen_units.freeze(project, "table", coder="lea", file=file)
    assert found.spans[source("s1").id] == (Span(0, 17), Span(38, 56))
    file.write_text("source,start,end\ns1,0,17\ns1,10,20000\n")
    with pytest.raises(InputError, match="line 3: start and end are no place in s1"):
        frozen_units.freeze(project, "other", coder="lea", file=file)
    file.write_text("source,start,end\ns1,0,17\ns1,10,20\n")
    with pytest.raises(UsageError, match="two units overlap in s1, from 10 to 17"):
        frozen_units.freeze(project, "other", coder="lea", file=file)


def test_units_follow_a_correction_and_what_is_lost_is_said(project: Project) -> None:
    frozen_units.freeze(project, "lead", coder="lea", unit="sentence")
    corrected = project.folder / "s1.txt"
    corrected.write_text(f"Well. {WORDS[0]} {WORDS[1]} {WORDS[3]}", encoding="utf-8")
    revising.revise_from_file(project, "s1", corrected, coder="lea")
    (found,) = frozen_units.all_frozen(project)
    text = project.source("s1").text
    assert [text[span.start : span.end] for span in found.spans[source("s1").id]] == [WORDS[0], WORDS[1], WORDS[3]]
    assert found.lost == 1
    notes = agreeing.agreement(project, Request(unit="frozen:lead")).notes
    assert any("1 of these units have no certain place" in note for note in notes)


def test_undo_takes_units_back_and_the_past_has_none(project: Project) -> None:
    project.milestone("before", "lea")
    frozen_units.freeze(project, "lead", coder="lea", unit="sentence")
    assert frozen_units.all_frozen(project.as_of("before")) == ()
    project.undo("lea")
    assert frozen_units.all_frozen(project) == ()
    with pytest.raises(UsageError, match='no frozen units "lead"'):
        alpha(project, "frozen:lead")


def test_merged_projects_hold_both_and_an_equal_name_is_asked_about(project: Project, tmp_path: Path) -> None:
    teamwork.hand_out(project, "ben", tmp_path / "ben.qualcode")
    other = Project.start(tmp_path / "other")
    other.receive(tmp_path / "ben.qualcode")
    frozen_units.freeze(other, "lead", coder="ben", unit="turn")
    frozen_units.freeze(project, "lead", coder="lea", unit="sentence")
    teamwork.merge(project, other.folder)
    both = frozen_units.all_frozen(project)
    assert sorted(each.cut for each in both) == ["sentence", "turn"]
    with pytest.raises(UsageError, match='2 sets of units are called "lead"'):
        frozen_units.named(project, "lead")
    assert frozen_units.named(project, both[0].key[:8]) == both[0]


def test_a_hand_out_brings_the_units_along(project: Project, tmp_path: Path) -> None:
    frozen_units.freeze(project, "lead", coder="lea", unit="sentence")
    teamwork.hand_out(project, "ben", tmp_path / "ben.qualcode", sources=["s1"])
    other = Project.start(tmp_path / "other")
    other.receive(tmp_path / "ben.qualcode")
    (found,) = frozen_units.all_frozen(other)
    assert {key: len(spans) for key, spans in found.spans.items()} == {source("s1").id: 4}
    assert other.codings() == ()


def test_what_cannot_be_frozen_is_refused(project: Project) -> None:
    for words in ({}, {"unit": "sentence", "coded_by": "ann"}, {"unit": "sentance"}, {"coded_by": "cleo"}):
        with pytest.raises(UsageError):
            frozen_units.freeze(project, "lead", coder="lea", **words)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="short name"):
        frozen_units.freeze(project, "  ", coder="lea", unit="turn")
    frozen_units.freeze(project, "lead", coder="lea", unit="turn")
    with pytest.raises(UsageError, match="already"):
        frozen_units.freeze(project, " lead ", coder="lea", unit="turn")
    assert len(frozen_units.all_frozen(project)) == 1


@pytest.mark.parametrize(
    ("noun", "body"),
    [
        ("units", {"name": "lead"}),
        ("units", {"name": "lead", "cut": "turn", "places": {"x": {"text": "t", "spans": [[5, 5]]}}}),
        ("units", {"name": "lead", "cut": "turn", "places": {"x": {"text": 3, "spans": [["a"]]}}}),
        ("freeze", {"milestone": "m", "figures": 3}),
        ("freeze", {"milestone": "m", "figures": {}, "measures": [{}]}),
    ],
)
def test_records_that_nothing_can_be_made_of_are_not_merged(
    project: Project, tmp_path: Path, noun: Any, body: dict[str, Any]
) -> None:
    other = Project.start(tmp_path / "other")
    with other.act("units freeze", "eve") as act:
        act.record(noun, "forged", body)
    acts = len(project.history())
    with pytest.raises(ProjectError):
        teamwork.merge(project, other.folder)
    assert len(project.history()) == acts


def test_figures_are_frozen_by_command_and_stand_beside_later_ones(project: Project) -> None:
    asked = Request(coders=("ann", "ben"))
    first = agreeing.agreement(project, asked, freeze="first look", by="lea")
    Session(project, "ben").add("s1", Place(quote=WORDS[1]), "x")
    now = agreeing.agreement(project, asked)
    (kept,) = now.frozen
    assert (kept["name"], kept["by"], kept["unit"]) == ("first look", "lea", "sentence")
    then = {(m["code"], m["measure"], m["distance"]): m["value"] for m in kept["measures"]}  # type: ignore[attr-defined]
    assert then == {(m.code, m.measure, m.distance): m.value for m in first.measures if m.measure.startswith("alpha")}
    assert {(m.code, m.measure, m.distance): m.value for m in now.measures} != then
    assert agreeing.agreement(project.as_of("first look"), asked).measures == first.measures
    with pytest.raises(UsageError, match="already"):
        agreeing.agreement(project, asked, freeze="first look", by="lea")
    with pytest.raises(UsageError, match="no figure to freeze"):
        agreeing.agreement(project, replace(asked, coders=("ann",)), freeze="nothing", by="lea")
