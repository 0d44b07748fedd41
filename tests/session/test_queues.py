"""Queues: every verb decides one row, and what was decided is on the disk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qualcode.errors import UsageError
from qualcode.model import Codebook, Reason, Segment, Suggestion
from qualcode.session.acting import Place, Session
from qualcode.session.queues import NAMES, Queue
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import revising


def propose(study: Project) -> None:
    source = study.source("first")
    spans = [source.turns[n].span for n in (1, 3, 5, 1)]
    codes = ["role/pastoral", "role/managerial", "role/managerial", "role/pastoral/listening"]
    study.propose(
        Suggestion(Segment(source, span), code, 0.5, "cues", "1", Reason("cue", "listen"), id=f"{n:032x}")
        for n, (span, code) in enumerate(zip(spans, codes, strict=True), 1)
    )


def test_suggestions_are_accepted_rejected_corrected_and_skipped(study: Project, sitting: Sitting) -> None:
    propose(study)
    queue = Queue(sitting, "suggestions")
    assert len(queue.items) == 4
    for item in queue.items:
        queue.shown(item)
    one, two, three, four = list(queue.items)
    said = [queue.accept(one), queue.reject(two), queue.correct(three, "managerial"), queue.skip(four)]
    assert [line.partition(" ")[0] for line in said] == ["saved"] * 4
    assert said[-1].endswith("0 left")
    decisions = sorted(s.decision for s in study.suggestions())
    assert decisions == [
        "accepted",
        "accepted" if three.code == "role/managerial" else "corrected",
        "rejected",
        "skipped",
    ]
    assert len(study.codings()) == 2
    assert all(c.origin.startswith("suggestion:") for c in study.codings())
    assert Queue(sitting, "suggestions").items == []
    assert study.seen("ann") == {(sitting.id, "a" * 32, "suggestions")}


def test_a_corrected_suggestion_is_coded_with_the_other_code(study: Project, sitting: Sitting) -> None:
    propose(study)
    queue = Queue(sitting, "suggestions")
    first = queue.items[0]
    other = "managerial" if first.code != "role/managerial" else "pastoral"
    queue.correct(first, other)
    assert [c.code for c in study.codings()] == [f"role/{other}"]
    assert {s.decision for s in study.suggestions() if s.id == (first.suggestion and first.suggestion.id)} == {
        "corrected"
    }
    sitting.undo()
    assert len(Queue(sitting, "suggestions").items) == 4


def test_codings_under_a_changed_definition_are_confirmed_or_taken_away(study: Project, sitting: Sitting) -> None:
    for number in ("2.2", "4.1", "6.1"):
        sitting.reading.select(sitting.reading.text.at_number(number))
        sitting.code("managerial")
    Session(study, "ben").add("first", Place(turn=2), "managerial")
    assert Queue(sitting, "definitions").items == []
    book = next(book for book in study.codebooks() if book.name == "role")
    changed = tuple(replace(c, definition="Only timetables.") if c.key == "m" else c for c in book.codes)
    with study.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("role", "2.0", changed), {})
    queue = Queue(sitting, "definitions")
    assert len(queue.items) == 3
    assert queue.items[0].why == "changed since: definition; it said: Organising."
    one, two, three = list(queue.items)
    queue.accept(one)
    queue.reject(two)
    queue.skip(three)
    assert len([c for c in study.codings() if c.coder == "ann"]) == 2
    assert [item.coding and item.coding.id for item in Queue(sitting, "definitions").items] == [
        three.coding and three.coding.id
    ]


def test_places_are_checked_after_a_revision(study: Project, sitting: Sitting) -> None:
    sitting.reading.select(sitting.reading.text.at_number("2.2"))
    sitting.code("pastoral")
    revising.revise_turn(study, "first", 2, "I plan.", coder="ann")
    sitting.session.forget()
    queue = Queue(sitting, "anchors")
    (item,) = queue.items
    assert item.orphan
    with pytest.raises(UsageError, match="no longer in the text"):
        queue.accept(item)
    assert queue.skip(item) == "left as it is · 0 left"
    again = Queue(sitting, "anchors")
    again.reject(again.items[0])
    assert study.codings() == ()


def test_a_place_to_review_is_confirmed(study: Project, sitting: Sitting) -> None:
    sitting.reading.select(sitting.reading.text.at_number("2.2"))
    sitting.code("pastoral")
    (coding,) = study.codings()
    with study.act("merge", "ann") as act:
        act.set_coding(coding.id, {"anchor": "review"})
    queue = Queue(sitting, "anchors")
    queue.accept(queue.items[0])
    assert [c.anchor for c in study.codings()] == ["exact"]


def test_every_queue_may_be_empty(sitting: Sitting) -> None:
    assert [Queue(sitting, name).items for name in NAMES] == [[], [], []]
