"""What agreement says of who was shown what before being done: from the log, and no more than the log knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qualcode.agreement import Request
from qualcode.analysis.agreement_methods import methods_paragraph
from qualcode.model import Agreement, Bundle, Code, Codebook, Span
from qualcode.session import Place, Session
from qualcode.session.layers import Layers
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import agreeing
from tests.workflow.test_adjudicating import source

ALL = Request(scope="all", unit="turn")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = Project.start(tmp_path)
    with found.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("b", "1.0", (Code("b/forms"), Code("b/care"))), {})
    found.add(Bundle(sources=(source("one"), source("two"))), coder="ann")
    return found


def read(project: Project, coder: str, name: str, *, blind: bool = True, code: str = "forms") -> Sitting:
    """Code the first words at the screen; not blind: the others' layers are shown first."""
    sitting = Sitting(Session(project, coder), blind=True)
    sitting.begin(name)
    if not blind:
        look(sitting)
    sitting.reading.selection = Span(0, 16)
    assert sitting.code(code).startswith("saved")
    return sitting


def look(sitting: Sitting) -> None:
    assert "the log notes" in sitting.look_at(Layers())


def done(project: Project, coder: str, *names: str) -> None:
    Session(project, coder).set_done(names, "b", "done")


def measured(project: Project) -> tuple[dict[str, Any], str, Agreement]:
    found = agreeing.agreement(project, ALL)
    note = [note for note in found.notes if note.startswith("Independence")]
    assert len(note) == 1
    facts = found.facts["independence"]
    assert isinstance(facts, dict)
    return facts, note[0], found


def counts(facts: dict[str, Any]) -> tuple[int, int, int, int]:
    return facts["sources"], facts["independent"], facts["informed"], facts["no_record"]


def test_who_was_shown_a_layer_before_being_done_is_named(project: Project) -> None:
    for name in ("one", "two"):
        read(project, "ann", name)
    read(project, "ben", "one")
    read(project, "ben", "two", blind=False)
    assert counts(measured(project)[0]) == (2, 1, 1, 0)
    for coder in ("ann", "ben"):
        done(project, coder, "one", "two")
    facts, note, found = measured(project)
    assert counts(facts) == (2, 1, 1, 0)
    assert [(s["coder"], s["source_name"], s["layer"]) for s in facts["shown"]] == [("ben", "two", "ann")]
    assert "in 1 of 2 sources all coded at the screen" in note
    assert "ben was shown ann's layer of two on " in note
    assert "In 1 of these sources every coder worked at the screen" in methods_paragraph(found)


def test_a_layer_shown_after_being_done_changes_nothing(project: Project) -> None:
    read(project, "ann", "one")
    sitting = read(project, "ben", "one")
    done(project, "ann", "one")
    done(project, "ben", "one")
    look(sitting)
    assert counts(measured(project)[0]) == (1, 1, 0, 0)
    done(project, "ben", "one")  # said again: nothing new
    assert counts(measured(project)[0]) == (1, 1, 0, 0)


@pytest.mark.parametrize("change", ["delete", "recode", "undo"])
def test_who_changes_codings_after_a_look_was_not_done(project: Project, change: str) -> None:
    read(project, "ann", "one")
    sitting = read(project, "ben", "one")
    sitting.reading.selection = Span(18, 28)
    sitting.code("care")
    if change != "undo":
        done(project, "ann", "one")
        done(project, "ben", "one")
    look(sitting)
    if change == "undo":
        project.undo("ben")
    elif change == "delete":
        sitting.delete()
    else:
        sitting.recode("forms")
    assert counts(measured(project)[0]) == (1, 0, 1, 0)


def test_done_after_a_look_counts_as_informed(project: Project) -> None:
    read(project, "ann", "one")
    sitting = read(project, "ben", "one")
    look(sitting)
    assert counts(measured(project)[0]) == (1, 1, 0, 0)  # nothing was changed or said since
    done(project, "ben", "one")
    assert counts(measured(project)[0]) == (1, 0, 1, 0)


def test_of_codings_by_command_the_log_cannot_say(project: Project) -> None:
    read(project, "ann", "one")
    Session(project, "ben").add("one", Place(quote="I fill the forms."), "forms")
    facts, note, found = measured(project)
    assert counts(facts) == (1, 0, 0, 1)
    assert note.startswith("Independence: no record. Codings there came in by command")
    assert "at the screen" not in methods_paragraph(found)


def test_a_source_without_record_is_counted_beside_one_with(project: Project) -> None:
    for coder in ("ann", "ben"):
        read(project, coder, "one")
        Session(project, coder).add("two", Place(quote="I fill the forms."), "forms")
    facts, note, _ = measured(project)
    assert counts(facts) == (2, 1, 0, 1)
    assert "in 1 of 2 sources all coded at the screen" in note
    assert "No record in 1 of 2 sources: codings there" in note


def test_the_order_is_that_of_the_log_whatever_the_clock_says(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(project, "ann", "one")
    with monkeypatch.context() as clock:
        clock.setattr("qualcode.store.log.now", lambda: "2031-01-01T00:00:00.000000Z")
        sitting = Sitting(Session(project, "ben"), blind=True)
        sitting.begin("one")
        look(sitting)
    sitting.reading.selection = Span(0, 16)
    sitting.code("forms")
    facts, note, _ = measured(project)
    assert counts(facts) == (1, 0, 1, 0)
    assert "on 2031-01-01" in note


def test_a_coder_compared_with_themselves_has_no_independence(project: Project) -> None:
    for n in (1, 2):
        Session(project, "ann", round=n).add("one", Place(quote="I fill the forms."), "forms")
    found = agreeing.agreement(project, Request(coders=("ann",), rounds=(1, 2), scope="all"))
    assert not [note for note in found.notes if note.startswith("Independence")]
