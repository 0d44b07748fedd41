"""A draw is kept, handed out, and used where agreement is measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qualcode.agreement import Request
from qualcode.cli import run
from qualcode.errors import UsageError
from qualcode.model import Bundle, Case, Code, Codebook, Source, Span, Turn
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import agreeing, sampling_desk, teamwork

TURN = Request(unit="turn", scope="all")


def source(name: str, n: int) -> Source:
    said = [f"{name} says {k}." for k in range(n)]
    text, turns = "", []
    for k, words in enumerate(said, 1):
        turns.append(Turn(k, Span(len(text), len(text) + len(words))))
        text += words + "\n"
    return Source(name.encode().hex() * 4, name, "interview", text.rstrip("\n"), tuple(turns), case=name)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Eight sources of six turns; the first six are primary, the others secondary."""
    found = Project.start(tmp_path / "study")
    with found.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("b", "1.0", (Code("b/x"),)), {})
    names = [f"s{n}" for n in range(8)]
    cases = tuple(Case(name, {"phase": "primary" if n < 6 else "secondary"}) for n, name in enumerate(names))
    found.add(Bundle(sources=tuple(source(name, 6) for name in names), cases=cases), coder="ann")
    return found


def code(project: Project, coder: str, source: str, turns: tuple[int, ...]) -> None:
    for n in turns:
        Session(project, coder).add(source, Place(turn=n), "x")
    Session(project, coder).set_done([source], "b", "done")


def test_a_draw_is_kept_and_undone(project: Project) -> None:
    kept = sampling_desk.sample(project, coder="ann", fraction=0.5, stratify="phase", coders=("ann", "ben"), seed=7)
    assert kept.sample.count == 4
    assert {unit.stratum for unit in kept.sample.units} == {"primary", "secondary"}
    assert sampling_desk.samples(project) == (kept,)
    again = sampling_desk.sample(project, coder="ann", fraction=0.5, stratify="phase", seed=7, dry_run=True)
    assert again.sample.sources == kept.sample.sources
    assert len(sampling_desk.samples(project)) == 1
    project.undo("ann")
    assert sampling_desk.samples(project) == ()


def test_an_unknown_attribute_is_refused(project: Project) -> None:
    with pytest.raises(UsageError, match="phse"):
        sampling_desk.sample(project, coder="ann", count=2, stratify="phse")


def test_unequal_probabilities_weigh_the_figures(project: Project) -> None:
    kept = sampling_desk.sample(project, coder="ann", count=4, stratify="phase", seed=1)
    by_stratum = {unit.source: (unit.stratum, unit.probability) for unit in kept.sample.units}
    assert sorted(p for _, p in by_stratum.values()) == [0.5, 0.5, 0.5, 0.5]
    kept = sampling_desk.sample(project, coder="ann", count=3, stratify="phase", seed=1)
    probability = {unit.source: unit.probability for unit in kept.sample.units}
    assert set(probability.values()) == {2 / 6, 1 / 2}
    names = project.source_names()
    agreed = {}
    for at, key in enumerate(probability):
        code(project, "ann", names[key], (1, 2, 3))
        code(project, "ben", names[key], (1, 2, 3)[: at + 1])
        agreed[key] = 6 - (3 - (at + 1))
    found = agreeing.agreement(project, TURN)
    value = next(m.value for m in found.measures if m.measure == "pct_unit_mean" and m.code is None)
    weight = {key: 1 / p for key, p in probability.items()}
    assert value == pytest.approx(sum(weight[k] * agreed[k] for k in weight) / sum(6 * w for w in weight.values()))
    assert any("inverse of their probability" in note for note in found.notes)
    code(project, "ann", next(n for k, n in names.items() if k not in weight), (1,))
    code(project, "ben", next(n for k, n in names.items() if k not in weight), (1,))
    assert any("no draw is weighed" in note for note in agreeing.agreement(project, TURN).notes)


def test_a_source_whose_turns_were_drawn_unevenly_has_no_weight(project: Project) -> None:
    names = project.source_names()
    keys = sorted(names)[:3]
    for key in keys:
        code(project, "ann", names[key], (1, 2))
        code(project, "ben", names[key], (1,))

    def drawn(odd: float) -> None:
        units = [[key, turn, "", odd if turn == 2 else 0.5, []] for key in keys for turn in (1, 2)]
        body = {"by": "case", "seed": 1, "coders": [], "drawn": units, "population": 9, "count": 4}
        with project.act("sample", "ann") as act:
            act.record("sample", f"{odd}", body)

    drawn(0.5)
    even = agreeing.agreement(project, TURN)
    drawn(0.25)
    uneven = agreeing.agreement(project, TURN)
    assert not any("different probabilities" in note for note in even.notes)
    assert any("different probabilities of being drawn" in note for note in uneven.notes)
    assert uneven.facts["weighed"] is False


def test_of_drawn_turns_only_those_are_compared(project: Project) -> None:
    kept = sampling_desk.sample(project, coder="ann", by="turn", fraction=0.5, seed=3)
    drawn = {(unit.source, unit.turn) for unit in kept.sample.units}
    assert len(drawn) == 24
    for key, name in project.source_names().items():
        turns = tuple(n for n in range(1, 7))
        code(project, "ann", name, turns[:4])
        code(project, "ben", name, tuple(n for n in turns[:4] if (key, n) in drawn))
    found = agreeing.agreement(project, TURN)
    one = next(m for m in found.measures if m.measure == "pct_unit_mean" and m.code is None)
    assert (one.value, one.n) == (1.0, 24)
    assert any("only those turns are compared" in note for note in found.notes)
    assert not any("no sampling error" in note for note in found.notes)


def test_a_hand_out_holds_what_was_drawn_for_its_coder(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--project", str(project.folder)]
    words = ["sample", "--coders", "ann,ben,cat", "--each", "2", "--count", "6", "--coder", "ann", "--json", *here]
    assert run(words) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["interval"] is True
    theirs = {unit["source_name"] for unit in made["drawn"] if "cat" in unit["coders"]}
    assert 0 < len(theirs) < 6
    assert {"source", "turn", "stratum", "probability", "coders"} <= set(made["drawn"][0])
    package = tmp_path / "cat.qualcode"
    assert run(["handout", "--to", "cat", "--sampled", "--out", str(package), *here]) == 0
    teamwork.start_from_handout(tmp_path / "cat", package, "cat")
    with Project.open(tmp_path / "cat") as part:
        assert set(part.source_names().values()) == theirs
    assert run(["handout", "--to", "dan", "--sampled", "--out", str(tmp_path / "d"), *here]) == 2
    assert "nothing was drawn for dan" in capsys.readouterr().err
