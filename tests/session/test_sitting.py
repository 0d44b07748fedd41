"""Every act of the screen, without a screen: it is on the disk when it says so, and it can be undone."""

from __future__ import annotations

import pytest

from qualcode.errors import UsageError
from qualcode.model import MemoTarget, Reason, Segment, Suggestion
from qualcode.session.acting import Place, Session
from qualcode.session.layers import Layers
from qualcode.session.sitting import MARK, Sitting
from qualcode.store import Project


def stored(study: Project) -> list[tuple[str, str]]:
    """What another connection finds."""
    with Project.open(study.folder) as other:
        return sorted((c.code, c.segment.quote) for c in other.codings())


def at(sitting: Sitting, number: str) -> None:
    sitting.reading.select(sitting.reading.text.at_number(number))


def test_what_is_said_to_be_saved_is_on_the_disk_and_stays_selected(study: Project, sitting: Sitting) -> None:
    at(sitting, "2.2")
    assert sitting.code("managerial") == "saved  managerial · 2.2"
    assert sitting.code("pastoral").startswith("saved")
    assert stored(study) == [("role/managerial", "Then I listen."), ("role/pastoral", "Then I listen.")]
    assert sitting.recent == ["role/pastoral", "role/managerial"]
    assert sitting.counts["role/managerial"] == 1
    assert "already" in sitting.code("managerial")
    assert len(stored(study)) == 2


def test_everything_is_undone_and_named_and_done_again(study: Project, sitting: Sitting) -> None:
    at(sitting, "2.2")
    sitting.code("managerial")
    sitting.recode("pastoral")
    sitting.reading.extend("sentence")
    sitting.resize(sitting.own())
    sitting.more_certain()
    sitting.delete()
    undone = [sitting.undo() for _ in range(5)]
    assert stored(study) == []
    assert undone[0] == "saved  undone: pastoral 2.2 back"
    assert undone[-1] == "saved  undone: managerial 2.2 gone"
    redone = [sitting.redo() for _ in range(4)]
    assert redone[0] == "saved  done again: managerial 2.2 back"
    (coding,) = study.codings()
    assert (coding.code, coding.certainty) == ("role/pastoral", 0.25)
    assert coding.segment.quote == "Then I listen. A mentor cries [/] and I close the door."


def test_a_new_code_gets_the_passage_as_its_example_and_codes_it(study: Project, sitting: Sitting) -> None:
    at(sitting, "4.1")
    assert sitting.new_code("no help").startswith("saved  new code")
    made = next(code for code in study.codes() if code.codebook == "open")
    assert (made.label, made.examples) == ("no help", ("Nobody helps.",))
    assert stored(study) == [(made.path, "Nobody helps.")]
    sitting.undo()
    assert stored(study) == []
    assert [code.codebook for code in study.codes()] == ["role"] * 3


def test_others_codings_are_shown_and_not_touched(study: Project, sitting: Sitting) -> None:
    ben = Session(study, "ben").add("first", Place(turn=2), "managerial")
    sitting.refresh()
    at(sitting, "2.1")
    assert [coding.id for coding in sitting.reading.here] == [ben.id]
    for act in (sitting.delete, sitting.more_certain, lambda: sitting.recode("pastoral")):
        with pytest.raises(UsageError, match="no coding of yours"):
            act()


def test_a_mark_is_a_memo_that_says_nothing_yet(study: Project, sitting: Sitting) -> None:
    at(sitting, "2.3")
    assert sitting.mark() == "saved  marked · 2.3"
    assert [memo.text for memo in study.memos()] == [MARK]
    about, held, _ = sitting.memo_here()
    assert held is not None
    assert held.text == ""
    sitting.write_memo(about, held, "come back to this")
    assert [memo.text for memo in study.memos()] == ["come back to this"]
    assert "m opens it" in sitting.mark()


def test_a_memo_is_kept_as_it_grows_and_goes_when_emptied(study: Project, sitting: Sitting) -> None:
    at(sitting, "2.3")
    about, held, title = sitting.memo_here()
    assert (about.kind, held, title) == ("segment", None, "memo on the passage · 2.3")
    for text in ("first", "first thought", "first thought"):
        held = sitting.write_memo(about, held, text)
    assert [memo.text for memo in study.memos()] == ["first thought"]
    assert sitting.write_memo(about, held, " ") is None
    assert study.memos() == ()
    sitting.code("managerial")
    about, _, title = sitting.memo_here()
    assert title == "memo on managerial · 2.3"
    sitting.write_memo(about, None, "why")
    assert [coding.memo for coding in study.codings()] == ["why"]


def test_the_journal_has_one_entry_a_day(study: Project, sitting: Sitting) -> None:
    for text in ("began", "began, and went on"):
        about, held, _ = sitting.journal()
        sitting.write_memo(about, held, text)
    assert [(memo.about, memo.text) for memo in study.memos()] == [(MemoTarget("project"), "began, and went on")]


def test_a_blind_sitting_shows_and_counts_nobody_elses_work(study: Project) -> None:
    Session(study, "ben").add("first", Place(turn=2), "managerial")
    blind = Sitting(Session(study, "ann"), blind=True)
    blind.begin("first")
    assert blind.reading.codings == ()
    assert blind.counts == {}
    assert study.seen("ann") == frozenset()
    blind.look_at(Layers())
    assert len(blind.reading.codings) == 1
    assert study.seen("ann") == {(blind.id, "a" * 32, "ben")}


def test_what_was_seen_is_noted_once_and_is_nothing_to_undo(study: Project, sitting: Sitting) -> None:
    sitting.code("managerial")
    Session(study, "ben").add("first", Place(turn=2), "managerial")
    before = len(study.history())
    for _ in range(3):
        sitting.refresh()
    assert len(study.history()) == before + 1
    assert sitting.undo() == "saved  undone: managerial 1.1 gone"
    sitting.open("second")
    assert sitting.redo().startswith("saved  done again")


def test_seen_suggestions_are_noted(study: Project, sitting: Sitting) -> None:
    source = study.source("first")
    found = Suggestion(
        Segment(source, source.turns[1].span), "role/pastoral", 0.5, "cues", "1", Reason("cue", "listen"), id="c" * 32
    )
    study.propose([found])
    sitting.refresh()
    assert sitting.reading.suggestions == ()
    sitting.look_at(Layers(suggestions=True))
    assert [s.id for s in sitting.reading.suggestions] == [found.id]
    assert study.seen("ann") == {(sitting.id, source.id, "suggestions")}


def test_a_coder_comes_back_to_where_they_stopped(study: Project, sitting: Sitting) -> None:
    sitting.open("second")
    at(sitting, "4.2")
    sitting.leave()
    again = Sitting(Session(study, "ann"))
    again.begin(None)
    assert (again.reading.source.name, again.reading.number) == ("second", "4.2")
    other = Sitting(Session(study, "ben"))
    other.begin(None)
    assert (other.reading.source.name, other.reading.number) == ("first", "1.1")


def test_after_a_kill_the_last_coding_says_where_it_was(study: Project, sitting: Sitting) -> None:
    at(sitting, "6.2")
    sitting.code("managerial")
    again = Sitting(Session(study, "ann"))
    again.begin("first")
    assert again.reading.number == "6.2"


def test_done_is_said_and_taken_back(study: Project, sitting: Sitting) -> None:
    assert sitting.done() == "saved  first done"
    assert [(s.codebook, s.state) for s in study.statuses()] == [("role", "done")]
    assert sitting.done() == "saved  first not done"
    assert [s.done for s in sitting.standings()] == [False] * 5


def test_a_slip_is_corrected_and_codings_follow(study: Project, sitting: Sitting) -> None:
    at(sitting, "2.2")
    sitting.code("pastoral")
    words = sitting.reading.source.quote(sitting.reading.source.turns[1].span)
    assert sitting.correct(words.replace("I plan", "I always plan")) == "saved  turn 2 corrected"
    assert stored(study) == [("role/pastoral", "Then I listen.")]
    sitting.undo()
    assert "always" not in sitting.reading.source.text
    assert stored(study) == [("role/pastoral", "Then I listen.")]


def test_what_another_command_wrote_is_taken_in_and_the_selection_stays(study: Project, sitting: Sitting) -> None:
    at(sitting, "2.2")
    assert not sitting.changed_elsewhere()
    with Project.open(study.folder) as other:
        Session(other, "ben").add("first", Place(turn=2), "managerial")
    assert sitting.changed_elsewhere()
    assert (len(sitting.reading.codings), sitting.reading.number) == (1, "2.2")
    assert not sitting.changed_elsewhere()


def test_a_quotation_is_copied_with_who_said_it(sitting: Sitting) -> None:
    at(sitting, "2.3")
    assert sitting.quotation() == "“A mentor cries [/] and I close the door.” [first, 2.3]"


def test_ones_own_correction_is_not_taken_for_another_commands(sitting: Sitting) -> None:
    sitting.reading.select(sitting.reading.text.at_number("6.1"))
    assert sitting.correct("The forms, always.").startswith("saved  turn 6 corrected")
    assert not sitting.changed_elsewhere()
    sitting.new_code("a new one")
    sitting.undo()
    assert not sitting.changed_elsewhere()


def test_recent_codes_are_there_again_the_next_day(study: Project, sitting: Sitting) -> None:
    for number, code in (("2.1", "managerial"), ("4.1", "listening"), ("6.1", "pastoral")):
        sitting.reading.select(sitting.reading.text.at_number(number))
        sitting.code(code)
    Session(study, "ben").add("first", Place(turn=2), "managerial")
    study_codes = ["role/pastoral", "role/pastoral/listening", "role/managerial"]
    assert sitting.recent == study_codes
    assert Sitting(Session(study, "ann")).recent == study_codes
    assert Sitting(Session(study, "ben")).recent == ["role/managerial"]


def test_own_codings_and_those_of_others_are_two_counts(study: Project, sitting: Sitting) -> None:
    sitting.code("managerial")
    for turn in (2, 4):
        Session(study, "ben").add("first", Place(turn=turn), "managerial")
    again = Sitting(Session(study, "ann"))
    assert (again.counts["role/managerial"], again.others_counts["role/managerial"]) == (1, 2)
    blind = Sitting(Session(study, "ann"), blind=True)
    assert (blind.counts["role/managerial"], blind.others_counts) == (1, {})
