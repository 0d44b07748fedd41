"""Two people change one thing apart: both versions are kept, listed, and settled by a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from qualcode.anchors import align
from qualcode.errors import UnknownId, UsageError
from qualcode.model import Code, Codebook, MemoTarget
from qualcode.store import Project
from tests.store.conftest import TEXT


@pytest.fixture
def pair(project: Project) -> Iterator[tuple[Project, Project]]:
    """Two copies of one project with a memo in it."""
    with project.act("memo add", "ann") as act:
        act.put_memo(MemoTarget("project"), "first", "a" * 32)
    folder = project.folder.with_name("laptop")
    shutil.copytree(project.folder, folder)
    with Project.open(folder) as laptop:
        yield project, laptop


def exchange(pair: tuple[Project, Project]) -> None:
    one, other = pair
    one.merge(other.folder)
    other.merge(one.folder)


def settle(project: Project, side: int) -> None:
    (conflict,) = project.conflicts()
    with project.act("resolve", "ann") as act:
        act.settle(conflict, side)


def test_one_memo_written_two_ways_shows_both_until_it_is_settled(pair: tuple[Project, Project]) -> None:
    for project, coder, text in zip(pair, ("ann", "ben"), ("ann's words", "ben's words"), strict=True):
        with project.act("memo add", coder) as act:
            act.put_memo(MemoTarget("project"), text, "a" * 32)
        assert project.conflicts() == ()
    exchange(pair)
    assert pair[0].conflicts() == pair[1].conflicts()
    (conflict,) = pair[0].conflicts()
    assert (conflict.kind, sorted(side.text for side in conflict.sides)) == ("memo", ["ann's words", "ben's words"])
    chosen = [side.text for side in conflict.sides].index("ann's words") + 1
    settle(pair[0], chosen)
    exchange(pair)
    assert [project.conflicts() for project in pair] == [(), ()]
    assert [memo.text for project in pair for memo in project.memos()] == ["ann's words"] * 2


def test_an_edit_after_the_merge_settles_it_too(pair: tuple[Project, Project]) -> None:
    for project, coder in zip(pair, ("ann", "ben"), strict=True):
        with project.act("memo add", coder) as act:
            act.put_memo(MemoTarget("project"), coder, "a" * 32)
    exchange(pair)
    assert len(pair[0].conflicts()) == 1
    with pair[0].act("memo add", "ann") as act:
        act.put_memo(MemoTarget("project"), "together", "a" * 32)
    assert pair[0].conflicts() == ()


def test_the_same_edit_on_both_sides_is_no_conflict(pair: tuple[Project, Project]) -> None:
    for project in pair:
        with project.act("memo add", "ann") as act:
            act.put_memo(MemoTarget("project"), "same words", "a" * 32)
    exchange(pair)
    assert pair[0].conflicts() == ()


def test_one_code_renamed_two_ways_is_a_conflict(pair: tuple[Project, Project]) -> None:
    for project, name in zip(pair, ("role/admin", "role/office"), strict=True):
        with project.act("codebook apply", "ann") as act:
            book = Codebook("role", "2", (Code(name), Code("role/pastoral")))
            act.put_codebook(book, {"role/managerial": name})
    exchange(pair)
    (conflict,) = pair[1].conflicts()
    assert conflict.kind == "code"
    assert sorted(side.text for side in conflict.sides) == ["role/admin", "role/office"]
    settle(pair[1], 1)
    assert conflict.sides[0].text in {code.path for code in pair[1].codes()}


def test_two_codes_made_at_one_path_are_never_fused_by_name(pair: tuple[Project, Project]) -> None:
    for project in pair:
        with project.act("codebook add", "ann") as act:
            act.add_code(Code("role/humour", "Humour"), project.codebooks()[0])
    exchange(pair)
    (conflict,) = pair[0].conflicts()
    assert (conflict.kind, conflict.what, len(conflict.sides)) == ("code path", "role/humour", 2)
    assert [code.path for code in pair[0].codes()].count("role/humour") == 2
    with pytest.raises(UsageError, match="rename one"):
        settle(pair[0], 1)


def test_codes_added_apart_are_all_there_after_the_merge(pair: tuple[Project, Project]) -> None:
    for project, name in zip(pair, ("role/one", "role/two"), strict=True):
        with project.act("codebook add", "ann") as act:
            act.add_code(Code(name), project.codebooks()[0])
    exchange(pair)
    assert pair[0].codebooks() == pair[1].codebooks()
    assert {"role/one", "role/two"} <= {code.path for code in pair[0].codes()}


def test_attributes_clash_only_where_they_differ(pair: tuple[Project, Project]) -> None:
    changes = ({"attributes": {"years": 3, "town": "Hull"}}, {"attributes": {"years": 4, "phase": "primary"}})
    for project, change in zip(pair, changes, strict=True):
        with project.act("cases set", "ann") as act:
            act.set_case(project.case("vale").id, change)
    exchange(pair)
    (conflict,) = pair[0].conflicts()
    assert (conflict.kind, conflict.what, len(conflict.sides)) == ("case", "vale", 2)
    settle(pair[0], 1)
    assert pair[0].conflicts() == ()
    assert pair[0].case("vale").attributes["town"] == "Hull"


def test_two_revisions_of_one_text_are_settled_either_way(pair: tuple[Project, Project]) -> None:
    for project, new in zip(pair, (TEXT.replace("plan", "make"), TEXT.replace("again", "once more")), strict=True):
        old = project.source("vale")
        with project.act("revise", "ann") as act:
            act.revise(old, replace(old, text=new, turns=()), align(old.text, new))
    exchange(pair)
    (conflict,) = pair[0].conflicts()
    assert (conflict.kind, len(conflict.sides)) == ("revision", 2)
    before = pair[0].source("vale").text
    with pair[0].act("resolve", "ann") as act:
        act.settle(conflict, 2)
    assert pair[0].conflicts() == ()
    assert pair[0].source("vale").text != before
    with pair[1].act("resolve", "ben") as act:
        act.settle(pair[1].conflicts()[0], 1)
    assert pair[1].conflicts() == ()
    assert pair[1].source("vale").text == before


def test_an_unknown_conflict_and_an_unknown_side_are_refused(pair: tuple[Project, Project]) -> None:
    with pytest.raises(UnknownId):
        pair[0].conflict("abcdef")
    for project, coder in zip(pair, ("ann", "ben"), strict=True):
        with project.act("memo add", coder) as act:
            act.put_memo(MemoTarget("project"), coder, "a" * 32)
    exchange(pair)
    with pytest.raises(UsageError, match="sides 1 to 2"):
        settle(pair[0], 3)
