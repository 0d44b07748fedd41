"""Codings: idempotent by content, owned by their coder, their ids stable under recoding."""

from __future__ import annotations

import pytest

from qualcode.errors import ProjectError, UnknownId, UsageError
from qualcode.model import Coding, MemoTarget, Segment, Span, Status
from qualcode.store import Project


def code(project: Project, start: int = 41, end: int = 61, path: str = "role/managerial", coder: str = "ann") -> str:
    known = next(code for code in project.codes() if code.path == path)
    with project.act("coding add", coder) as act:
        return act.add_coding(Segment(project.source("vale"), Span(start, end)), known)


def only(project: Project) -> Coding:
    (coding,) = project.codings()
    return coding


def test_a_coding_comes_out_with_its_quotation(project: Project) -> None:
    key = code(project)
    coding = only(project)
    assert (coding.id, coding.code, coding.coder, coding.round) == (key, "role/managerial", "ann", 1)
    assert coding.segment.quote == "I plan the timetable"
    assert coding.segment.turn is not None
    assert coding.segment.turn.n == 2


def test_the_same_content_twice_is_one_coding_with_one_id(project: Project) -> None:
    assert code(project) == code(project)
    assert len(project.codings()) == 1


def test_another_coder_or_code_or_span_is_another_coding(project: Project) -> None:
    ids = {code(project), code(project, coder="ben"), code(project, path="role/pastoral"), code(project, end=60)}
    assert len(ids) == 4
    assert len(project.codings()) == 4


def test_a_recoded_coding_keeps_its_id_and_its_old_content_gets_a_new_one(project: Project) -> None:
    first = code(project)
    pastoral = next(code for code in project.codes() if code.path == "role/pastoral")
    with project.act("coding recode", "ann") as act:
        act.set_coding(first, {"code": pastoral.id})
    assert (only(project).id, only(project).code) == (first, "role/pastoral")
    second = code(project)
    assert second != first
    assert {c.id: c.code for c in project.codings()} == {first: "role/pastoral", second: "role/managerial"}
    assert code(project) == second


def test_twins_show_once_under_the_smallest_id(project: Project) -> None:
    first, second = code(project), code(project, path="role/pastoral")
    managerial = next(code for code in project.codes() if code.path == "role/managerial")
    with project.act("coding recode", "ann") as act:
        act.set_coding(second, {"code": managerial.id})
    assert only(project).id == min(first, second)


def test_a_removed_coding_can_be_made_again(project: Project) -> None:
    key = code(project)
    with project.act("coding remove", "ann") as act:
        act.remove_coding(only(project))
    assert project.codings() == ()
    assert code(project) == key
    assert len(project.codings()) == 1


def test_nobody_removes_anothers_coding(project: Project) -> None:
    code(project)
    with pytest.raises(UsageError, match="ann's"), project.act("coding remove", "ben") as act:
        act.remove_coding(only(project))
    assert len(project.codings()) == 1


def test_events_of_others_about_a_coding_do_not_count(project: Project) -> None:
    key = code(project)
    with project.act("coding recode", "ben") as act:
        act.set_coding(key, {"certainty": 0.1})
    assert only(project).certainty is None


def test_an_act_without_a_coder_cannot_code(project: Project) -> None:
    with pytest.raises(ProjectError), project.act("coding add", None) as act:
        act.add_coding(Segment(project.source("vale"), Span(41, 61)), project.codes()[0])


def test_a_short_or_unknown_id_is_refused(project: Project) -> None:
    key = code(project)
    assert project.coding(key[:6]).id == key
    for word in ("zzzz", key[:2], "*", "????"):
        with pytest.raises(UnknownId):
            project.coding(word)


def test_memos_and_statuses_are_kept(project: Project) -> None:
    source = project.source("vale")
    with project.act("memo add", "ann") as act:
        key = act.put_memo(MemoTarget("segment", source.id, span=Span(41, 61)), "Again this verb.")
        act.set_status(Status(source.id, "ann", "role", "done"))
    (memo,) = project.memos()
    assert (memo.id, memo.text, memo.coder, memo.about.span) == (key, "Again this verb.", "ann", Span(41, 61))
    (status,) = project.statuses()
    assert (status.source, status.coder, status.codebook, status.state) == (source.id, "ann", "role", "done")
