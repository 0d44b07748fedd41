"""What two coders read differently becomes a consensus, and nothing of theirs changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qualcode.agreement import Request
from qualcode.analysis import ANALYSES
from qualcode.analysis.request import Request as Asked
from qualcode.errors import NoCoder, NotUndoable, UnknownId, UsageError
from qualcode.model import CONSENSUS, Bundle, Code, Codebook, Source, Span, Turn
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import adjudicating, agreeing, writing_up
from qualcode.workflow.adjudicating import Choice

TURNS = ("I fill the forms.", "I sit with the new ones.", "They cry at times.", "We look at lessons.", "It is late.")
ALL = Request(scope="all", unit="turn")


def source(name: str) -> Source:
    text, made = "", []
    for n, said in enumerate(TURNS, 1):
        made.append(Turn(n, Span(len(text), len(text) + len(said))))
        text += f"{said}\n"
    return Source(name.encode().hex() * 4, name, "interview", text.rstrip("\n"), tuple(made))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two coders, done with two sources: an agreed place, a missed one, another code, a boundary."""
    found = Project.start(tmp_path)
    codes = tuple(Code(f"b/{name}", definition=f"About {name}.") for name in ("forms", "care", "talk"))
    with found.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("b", "1.0", codes), {})
    found.add(Bundle(sources=(source("one"), source("two"))), coder="ann")
    for name in ("one", "two"):
        for coder, coded in (
            ("ann", [("I fill the forms", "forms"), ("I sit with", "care"), ("They cry at times", "care")]),
            ("ben", [("I fill the forms.", "forms"), ("They cry at times", "talk"), ("We look", "talk")]),
        ):
            for quote, code in coded if name == "one" else coded[:2]:
                Session(found, coder).add(name, Place(quote=quote), code)
    for coder in ("ann", "ben"):
        Session(found, coder).set_done(["one", "two"], "b", "done")
    return found


def ids(project: Project, source: str | None = None) -> dict[str, str]:
    """The open places by kind and codes."""
    found = adjudicating.found(project, ALL, sources=[source] if source else ())
    return {f"{place.kind} {' '.join(place.codes)} {place.source.name}": place.id for place in found.open}


def settle(project: Project, key: str, choice: Choice, coder: str | None = "ann") -> adjudicating.Settled:
    return adjudicating.settle(project, [ids(project)[key]], choice, coder=coder)


def layer(project: Project) -> list[tuple[str, str, str]]:
    found = [c for c in project.codings() if c.coder == CONSENSUS]
    return sorted((c.source.name, c.segment.quote, c.code) for c in found)


def own(project: Project) -> list[object]:
    return sorted((c.id, c.span, c.code, c.coder) for c in project.codings() if c.coder != CONSENSUS)


def test_the_list_holds_what_differs(project: Project) -> None:
    assert set(ids(project)) == {
        "missed b/care one",
        "code b/care b/talk one",
        "missed b/talk one",
        "missed b/care two",
        "missed b/talk two",
    }


def test_a_choice_stands_in_the_consensus_and_the_codings_stay(project: Project) -> None:
    before = own(project)
    assert len(before) == 10
    done = settle(project, "code b/care b/talk one", Choice("ann", why="They are cared for."))
    assert layer(project) == [("one", "I fill the forms", "b/forms"), ("one", "They cry at times", "b/care")]
    assert own(project) == before
    assert (len(done.codings), done.open, done.finished) == (1, 4, ())
    decision = adjudicating.decisions(project)[done.places[0].id]
    assert (decision.side, decision.why, decision.by) == ("ann", "They are cared for.", "ann")


def test_a_later_decision_replaces_the_earlier_one(project: Project) -> None:
    key = ids(project)["code b/care b/talk one"]
    agreed = ("one", "I fill the forms", "b/forms")
    for choice, held in (
        (Choice("both"), ["b/care", "b/talk"]),
        (Choice("ben"), ["b/talk"]),
        (Choice("codes", codes=("forms",)), ["b/forms"]),
        (Choice("neither"), []),
    ):
        adjudicating.settle(project, [key], choice, coder="ben")
        assert layer(project) == sorted([agreed, *(("one", "They cry at times", code) for code in held)])


def test_a_place_of_its_own_can_be_given(project: Project) -> None:
    choice = Choice("codes", codes=("talk",), place=Place(quote="cry at times"))
    settle(project, "code b/care b/talk one", choice)
    assert ("one", "cry at times", "b/talk") in layer(project)


def test_when_nothing_is_open_the_consensus_is_done_and_counts(project: Project) -> None:
    keys = [key for name, key in ids(project, "one").items()]
    assert len(keys) == 3
    adjudicating.settle(project, keys[:2], Choice("both"), coder="ann")
    frequencies = ANALYSES.load("frequencies")
    with pytest.raises(UsageError, match="no consensus"):
        frequencies(replace(project.retrieve(), codings=project.codings()), Asked())
    done = adjudicating.settle(project, keys[2:], Choice("neither"), coder="ann")
    assert done.finished == ((project.source_id("one"), "b"),)
    rest = [key for name, key in ids(project).items()]
    assert len(rest) == 2
    adjudicating.settle(project, rest, Choice("neither"), coder="ann")
    report = writing_up.report(project, "frequencies", Asked())
    assert "consensus" in report.layer


def test_deferring_leaves_a_place_open(project: Project) -> None:
    done = settle(project, "missed b/talk one", Choice("defer", why="Ask Ben."))
    assert done.open == 5
    assert "missed b/talk one" in ids(project)
    assert done.finished == ()


def test_undo_takes_a_decision_back_whole(project: Project) -> None:
    before = project.codes()
    settle(project, "code b/care b/talk one", Choice("ann", rule="Crying is care."))
    assert layer(project)
    assert "Crying is care." in next(c for c in project.codes() if c.path == "b/care").include
    project.undo("ann")
    assert layer(project) == []
    assert project.codes() == before
    assert adjudicating.decisions(project) == {}
    assert len(ids(project)) == 5
    project.redo("ann")
    assert len(layer(project)) == 2


def test_another_person_may_decide_again_and_only_they_undo_it(project: Project) -> None:
    key = ids(project)["code b/care b/talk one"]
    adjudicating.settle(project, [key], Choice("both"), coder="ann")
    adjudicating.settle(project, [key], Choice("ben"), coder="ben")
    assert ("one", "They cry at times", "b/care") not in layer(project)
    with pytest.raises(NotUndoable):
        project.undo("ann")
    project.undo("ben")
    assert ("one", "They cry at times", "b/care") in layer(project)


def test_the_figures_of_before_are_frozen_and_brought_back_by_their_milestone(project: Project) -> None:
    before = agreeing.agreement(project, ALL)
    done = settle(project, "code b/care b/talk one", Choice("ann"))
    assert done.frozen == "before adjudication"
    assert settle(project, "missed b/talk one", Choice("neither")).frozen is None
    now = agreeing.agreement(project, ALL)
    assert now.measures == before.measures
    assert any('as "before adjudication"' in note for note in now.notes)
    (kept,) = now.frozen
    assert (kept["name"], kept["by"], kept["unit"], kept["coders"]) == (
        "before adjudication",
        "ann",
        "sentence",
        ["ann", "ben"],
    )
    then = {(m["code"], m["distance"]): m["value"] for m in kept["measures"]}
    assert then[None, "masi"] == next(m.value for m in before.measures if m.distance == "masi")
    assert then["b/talk", None] is not None
    Session(project, "ben").add("one", Place(quote="It is late"), "talk")
    assert agreeing.agreement(project, ALL).measures != before.measures
    assert agreeing.agreement(project.as_of("before adjudication"), ALL).measures == before.measures
    assert settle(project, "missed b/care one", Choice("ann")).frozen == "before adjudication 2"


def test_looking_again_freezes_nothing_anew(project: Project) -> None:
    assert settle(project, "code b/care b/talk one", Choice("ann")).frozen == "before adjudication"
    before = len(project.history())
    with project.act("seen", "ann") as act:
        act.see("ben", project.source_id("one"), "sitting")
    assert len(project.history()) == before + 1
    assert settle(project, "missed b/talk one", Choice("neither")).frozen is None


def test_a_rule_needs_a_code_and_stands_in_the_codebook_once(project: Project) -> None:
    with pytest.raises(UsageError, match="which code"):
        settle(project, "code b/care b/talk one", Choice("both", rule="Both at once."))
    assert project.milestones() == {}
    settle(project, "code b/care b/talk one", Choice("both", rule="Both at once.", rule_for="talk"))
    settle(project, "missed b/talk one", Choice("codes", codes=("talk",), rule="Both at once."))
    assert next(c for c in project.codes() if c.path == "b/talk").include == ("Both at once.",)


def test_what_cannot_hold_is_refused_before_anything_is_written(project: Project) -> None:
    key = ids(project)["code b/care b/talk one"]
    for choice, coder, error in (
        (Choice("cleo"), "ann", UsageError),
        (Choice("codes"), "ann", UsageError),
        (Choice("ann"), None, NoCoder),
        (Choice("ann"), CONSENSUS, UsageError),
    ):
        with pytest.raises(error):
            adjudicating.settle(project, [key], choice, coder=coder)
    with pytest.raises(UnknownId):
        adjudicating.settle(project, ["ffff"], Choice("ann"), coder="ann")
    assert layer(project) == []
    assert project.milestones() == {}


def test_nobody_removes_the_consensus_by_hand(project: Project) -> None:
    settle(project, "code b/care b/talk one", Choice("ann"))
    coding = next(c for c in project.codings() if c.coder == CONSENSUS)
    with pytest.raises(UsageError):
        Session(project, "ann").remove([coding.id])
    with pytest.raises(UsageError):
        Session(project, "ann").recode([coding.id], "talk")


def test_a_project_with_a_consensus_merges_and_is_sound(project: Project, tmp_path: Path) -> None:
    settle(project, "code b/care b/talk one", Choice("ann", why="Because."))
    other = Project.start(tmp_path / "other")
    other.merge(project.path)
    assert layer(other) == layer(project) != []
    assert adjudicating.decisions(other) == adjudicating.decisions(project)
    assert [check for check in other.examine() if not check.ok and check.severity == "error"] == []
