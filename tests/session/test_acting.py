"""A coder at work: places, codes by their last parts, batches line by line, memos, statuses, suggestions."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.cli import shapes
from qualcode.errors import AmbiguousQuote, NoCoder, RetiredCode, UnknownCode, UnknownSource, UsageError
from qualcode.model import Bundle, Case, Code, Codebook, MemoTarget, Reason, Segment, Source, Span, Suggestion, Turn
from qualcode.session import BULK, Place, Session
from qualcode.store import Project
from qualcode.workflow import suggesting

TEXT = "I: What do you do?\nR: I plan the timetable. 👩‍🏫 I plan it again.\n"
SOURCE = Source(
    "a" * 32,
    "vale",
    "interview",
    TEXT,
    (Turn(1, Span(3, 18), "I", "interviewer"), Turn(2, Span(22, len(TEXT) - 1), "R", "respondent")),
    case="vale",
    sha256="b" * 64,
    file="vale.txt",
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.start(tmp_path / "study") as opened:
        opened.add(Bundle(sources=(SOURCE,), cases=(Case("vale"),)), coder=None)
        with opened.act("codebook apply", None) as act:
            codes = (Code("role/managerial"), Code("role/pastoral"), Code("role/pastoral/mediating"))
            act.put_codebook(Codebook("role", "1.0", codes), {})
        yield opened


@pytest.fixture
def ann(project: Project) -> Session:
    return Session(project, "ann")


def test_a_quotation_is_coded_where_it_stands(ann: Session) -> None:
    coding = ann.add("vale", Place(quote="I plan the timetable"), "managerial", memo="m", certainty=0.5)
    assert coding.segment.quote == "I plan the timetable"
    assert (coding.code, coding.coder, coding.memo, coding.certainty) == ("role/managerial", "ann", "m", 0.5)


def test_a_span_and_a_turn_are_coded(ann: Session) -> None:
    assert ann.add("vale", Place(span=(22, 28)), "managerial").segment.quote == "I plan"
    assert ann.add("vale", Place(turn=2), "pastoral").segment.quote == TEXT[22:-1]


def test_an_ambiguous_quotation_is_refused_with_its_places(ann: Session) -> None:
    with pytest.raises(AmbiguousQuote, match="2 places"):
        ann.add("vale", Place(quote="I plan"), "managerial")
    assert ann.project.codings() == ()


@pytest.mark.parametrize(
    "place",
    [
        Place(),
        Place(span=(5, 5)),
        Place(span=(9, 4)),
        Place(span=(0, 10_000)),
        Place(span=(18, 19)),
        Place(turn=3),
        Place(quote="never said"),
        Place(quote="I plan it", span=(1, 2)),
        Place(span=(TEXT.index("👩") + 1, len(TEXT))),
    ],
)
def test_a_place_that_is_none_is_refused(ann: Session, place: Place) -> None:
    with pytest.raises(UsageError):
        ann.add("vale", place, "managerial")
    assert ann.project.codings() == ()


def test_unknown_names_and_nobody_are_refused(project: Project, ann: Session) -> None:
    with pytest.raises(UnknownCode, match="pastoral"):
        ann.add("vale", Place(turn=2), "pastorl")
    with pytest.raises(UnknownSource, match="vale"):
        ann.add("vael", Place(turn=2), "pastoral")
    with pytest.raises(NoCoder):
        Session(project, None).add("vale", Place(turn=2), "pastoral")
    with pytest.raises(UsageError, match="consensus"):
        Session(project, "consensus").add("vale", Place(turn=2), "pastoral")


def test_codings_are_removed_and_recoded_all_or_none(project: Project, ann: Session) -> None:
    first = ann.add("vale", Place(quote="I plan the timetable"), "managerial")
    others = Session(project, "ben").add("vale", Place(turn=2), "pastoral")
    for act in (lambda: ann.remove([first.id, others.id]), lambda: ann.recode([first.id, others.id], "pastoral")):
        with pytest.raises(UsageError, match="ben's"):
            act()
    assert len(project.codings()) == 2
    (recoded,) = ann.recode([first.id[:6]], "mediating")
    assert (recoded.id, recoded.code) == (first.id, "role/pastoral/mediating")
    assert [c.id for c in ann.remove([first.id])] == [first.id]
    assert [c.coder for c in project.codings()] == ["ben"]


def test_a_coding_is_resized_and_keeps_its_id(ann: Session) -> None:
    first = ann.add("vale", Place(quote="I plan the timetable"), "managerial")
    again = ann.resize(first.id, Place(quote="the timetable"))
    assert (again.id, again.segment.quote) == (first.id, "the timetable")


def test_a_batch_answers_line_by_line_and_a_bad_line_stops_no_other(ann: Session) -> None:
    lines = [
        {"ref": 1, "source": "vale", "quote": "I plan the timetable", "code": "managerial"},
        {"ref": 2, "source": "nobody", "quote": "x", "code": "managerial"},
        {"ref": 3, "source": "vale", "start": 22, "end": 28, "code": "pastoral", "coder": "ben", "round": 2},
        {"ref": 4, "source": "vale", "quote": "I plan", "turn": 1, "code": "managerial"},
        {"ref": 5, "source": "vale", "start": "22", "end": 28, "code": "managerial"},
        {"ref": 6, "source": "vale", "start": 22, "end": 28, "code": "managerial", "round": 0.5},
        {"ref": 7, "code": "managerial"},
    ]
    answers = ann.batch([*map(json.dumps, lines), "{", "[1]", "[" * 100_000])
    assert [answer["ref"] for answer in answers] == [1, 2, 3, 4, 5, 6, 7, None, None, None]
    assert ["id" in answer for answer in answers] == [True, False, True, *[False] * 7]
    stored = {c.id: (c.coder, c.round) for c in ann.project.codings()}
    assert stored == {answers[0]["id"]: ("ann", 1), answers[2]["id"]: ("ben", 2)}


def test_no_transcript_text_stands_in_an_error(ann: Session) -> None:
    answers = ann.batch([json.dumps({"source": "vale", "quote": "plan the timetables", "code": "managerial"})])
    assert "error" in answers[0]
    assert "timetable" not in answers[0]["error"]


def test_a_batch_is_idempotent_by_content(ann: Session) -> None:
    line = json.dumps({"source": "vale", "quote": "I plan the timetable", "code": "managerial"})
    one, two = ann.batch([line, line])
    (three,) = ann.batch([line])
    assert one["id"] == two["id"] == three["id"]
    assert len(ann.project.codings()) == 1


def test_what_another_process_wrote_is_seen(project: Project, ann: Session) -> None:
    with pytest.raises(UnknownCode):
        ann.add("vale", Place(turn=2), "evaluative")

    def elsewhere() -> None:
        with Project.open(project.folder) as other, other.act("codebook add", "ben") as act:
            act.add_code(Code("role/evaluative"), other.codebooks()[0])

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert ann.add("vale", Place(turn=2), "evaluative").code == "role/evaluative"


def test_what_this_connection_changed_is_seen_too(project: Project, ann: Session) -> None:
    ann.add("vale", Place(turn=2), "mediating")
    with project.act("codebook add", "ann") as act:
        act.add_code(Code("role/evaluative"), project.codebooks()[0])
    assert ann.add("vale", Place(turn=2), "evaluative").code == "role/evaluative"
    project.undo("ann")
    project.undo("ann")
    with pytest.raises(UnknownCode):
        ann.add("vale", Place(turn=2), "evaluative")


def test_a_retired_code_is_said_to_be_retired(project: Project, ann: Session) -> None:
    with project.act("codebook retire", "ann") as act:
        act.put_codebook(Codebook("role", "1.1", (Code("role/managerial"), Code("role/pastoral"))), {})
    with pytest.raises(RetiredCode, match="role/pastoral/mediating is retired"):
        ann.add("vale", Place(turn=2), "mediating")


def test_many_codings_are_changed_only_after_a_backup(project: Project, ann: Session) -> None:
    lines = [
        json.dumps({"source": "vale", "start": at, "end": 43, "code": "managerial"}) for at in range(22, 22 + BULK)
    ]
    ids = [str(answer["id"]) for answer in ann.batch(lines)]
    assert len(ids) == BULK
    ann.recode(ids[1:], "pastoral")
    assert list((project.folder / "backups").glob("*.db")) == []
    ann.recode(ids, "mediating")
    (made,) = (project.folder / "backups").glob("*.db")
    assert made.name.endswith("-before-recode.db")
    (project.folder / "qualcode.yaml").write_text("backups: no\n")
    ann.remove(ids)
    assert list((project.folder / "backups").glob("*.db")) == [made]


def test_a_row_of_the_list_can_be_fed_back(ann: Session) -> None:
    coding = ann.add("vale", Place(quote="I plan the timetable"), "managerial")
    row = {**shapes.coding(coding), "coder": "ben"}
    (said,) = ann.batch([json.dumps(row)])
    assert "id" in said
    assert {coding.coder for coding in ann.project.codings()} == {"ann", "ben"}
    (said,) = ann.batch([json.dumps({**row, "quote": "I plan something else"})])
    assert said["error"].startswith("the quotation does not stand at that span")


def test_an_unknown_field_of_a_line_names_the_nearest(ann: Session) -> None:
    (said,) = ann.batch([json.dumps({"source": "vale", "turn": 2, "code": "managerial", "cider": "ben"})])
    assert said["error"] == '"cider" means nothing here — did you mean "coder"?'


def test_memos_are_about_what_a_person_names(ann: Session) -> None:
    coding = ann.add("vale", Place(turn=2), "pastoral")
    targets = [
        MemoTarget("project"),
        MemoTarget("source", "vale"),
        MemoTarget("segment", "vale", span=Span(22, 28)),
        MemoTarget("code", "pastoral"),
        MemoTarget("coding", coding.id[:6]),
        MemoTarget("case", "vale"),
        MemoTarget("case x code", "vale", "managerial"),
    ]
    for target in targets:
        ann.add_memo(target, f"on {target.kind}")
    said = [(memo.about.kind, memo.about.name, memo.about.code) for memo in ann.project.memos()]
    assert said == [
        ("project", "", ""),
        ("source", SOURCE.id, ""),
        ("segment", SOURCE.id, ""),
        ("code", "", "role/pastoral"),
        ("coding", coding.id, ""),
        ("case", "vale", ""),
        ("case x code", "vale", "role/managerial"),
    ]
    with pytest.raises(UsageError, match="empty"):
        ann.add_memo(MemoTarget("project"), "  ")


def test_done_is_said_for_one_codebook_or_for_all(ann: Session) -> None:
    assert [s.codebook for s in ann.set_done(["vale"], None, "done")] == ["role"]
    with pytest.raises(UsageError, match="role"):
        ann.set_done(["vale"], "rule", "done")
    ann.set_done(["va"], "role", "in progress")
    assert [(s.coder, s.state) for s in ann.project.statuses()] == [("ann", "in progress")]


def suggestion() -> Suggestion:
    segment = Segment(SOURCE, Span(22, 45))
    return Suggestion(segment, "role/managerial", 0.7, "cues", "1", Reason("cues", "plan", ((24, 28),)), id="c" * 32)


def test_a_suggestion_becomes_a_coding_only_through_a_person(project: Project, ann: Session) -> None:
    assert project.propose([suggestion()]) == 1
    (pending,) = project.suggestions()
    assert (pending.decision, pending.reason.evidence) == ("pending", ((24, 28),))
    assert project.codings() == ()
    (coding,) = ann.accept([pending])
    assert (coding.code, coding.origin) == ("role/managerial", f"suggestion:{'c' * 32}")
    (decided,) = project.suggestions()
    assert (decided.decision, decided.decided_by, decided.score) == ("accepted", "ann", 0.7)


def test_a_decided_suggestion_is_not_proposed_again(project: Project, ann: Session) -> None:
    project.propose([suggestion()])
    ann.reject(project.suggestions())
    assert project.propose([suggestion()]) == 0
    assert [s.decision for s in project.suggestions()] == ["rejected"]
    project.undo("ann")
    assert [s.decision for s in project.suggestions()] == ["pending"]
    assert project.propose([suggestion()]) == 1


def test_deciding_twice_says_what_was_decided(project: Project, ann: Session) -> None:
    project.propose([suggestion()])
    ann.reject(suggesting.pending(project, ["cccc"]))
    with pytest.raises(UsageError, match="cccc is rejected already, by ann"):
        suggesting.pending(project, ["cccc"])


def test_a_corrected_suggestion_keeps_what_was_proposed(project: Project, ann: Session) -> None:
    project.propose([suggestion()])
    (coding,) = ann.accept(project.suggestions(), code="mediating")
    assert coding.code == "role/pastoral/mediating"
    assert [(s.code, s.decision) for s in project.suggestions()] == [("role/managerial", "corrected")]
