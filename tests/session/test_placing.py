"""An orphan gets a place again, as the very coding it was."""

from __future__ import annotations

import pytest

from qualcode.errors import UsageError
from qualcode.model import Coding
from qualcode.session import placing
from qualcode.session.acting import Place, Session
from qualcode.session.queues import Queue
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import revising


def orphan(study: Project, new: str = "Their papers, every Monday.") -> Coding:
    """The coding of "The forms." after a revision took these words out."""
    session = Session(study, "ann")
    session.add("first", Place(quote="The forms."), "pastoral", memo="why", certainty=0.5)
    revising.revise_turn(study, "first", 6, new, coder="ann")
    (coding,) = study.codings()
    assert coding.anchor == "orphan"
    return coding


def test_the_same_coding_stands_in_the_text_again_and_undo_takes_it_out(study: Project, sitting: Sitting) -> None:
    lost = orphan(study)
    assert [item.coding for item in Queue(sitting, "anchors").items] == [lost]
    sitting.open("first")
    sitting.reading.select(sitting.reading.text.at_number("6.1"))
    assert placing.put(sitting, lost) == "saved  pastoral now 6.1"
    (found,) = study.codings()
    assert (found.id, found.anchor, found.memo, found.certainty) == (lost.id, "exact", "why", 0.5)
    assert found.segment.quote == "Their papers, every Monday."
    assert Queue(sitting, "anchors").items == []
    sitting.undo()
    assert study.codings() == (lost,)
    assert [item.orphan for item in Queue(sitting, "anchors").items] == [True]
    assert all(check.ok for check in study.examine() if check.severity == "error")


def test_it_is_not_put_into_another_source(study: Project, sitting: Sitting) -> None:
    lost = orphan(study)
    sitting.open("second")
    with pytest.raises(UsageError, match="belongs to first"):
        placing.put(sitting, lost)
    assert study.codings() == (lost,)


def test_the_search_begins_at_the_most_similar_words_else_as_far_into_the_text(study: Project) -> None:
    lost = orphan(study)
    source = study.source("first")
    found = placing.likely(lost, source)
    assert found is not None
    assert found.start >= source.turns[4].span.start
    study.undo("ann")
    study.undo("ann")
    session = Session(study, "ann")
    session.add("first", Place(quote="Nobody helps. The 学校 is small"), "pastoral")
    revising.revise_turn(study, "first", 4, "Well.", coder="ann")
    revising.revise_turn(study, "first", 2, "I plan. Nobody helped, the 学校 was small. And so on.", coder="ann")
    (moved,) = study.codings()
    span = placing.likely(moved, study.source("first"))
    assert span is not None
    assert study.source("first").quote(span) in "Nobody helped, the 学校 was small."
