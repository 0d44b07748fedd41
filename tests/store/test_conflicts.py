"""Two people change one thing apart: both versions are kept, listed, and settled by a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from qualcode.anchors import align
from qualcode.errors import UnknownId, UsageError
from qualcode.model import Bundle, Case, Code, Codebook, Cue, MemoTarget, Segment, Span
from qualcode.store import Project
from qualcode.store.acts import case_key
from qualcode.store.crossings import Crossing
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


SAID = ["2 places changed, first “plan” to “make”", "1 place changed, “again.” to “once more.”"]


def test_two_revisions_of_one_text_are_settled_either_way(pair: tuple[Project, Project]) -> None:
    for project, new in zip(pair, (TEXT.replace("plan", "make"), TEXT.replace("again", "once more")), strict=True):
        old = project.source("vale")
        with project.act("revise", "ann") as act:
            act.revise(old, replace(old, text=new, turns=()), align(old.text, new))
    exchange(pair)
    (conflict,) = pair[0].conflicts()
    assert (conflict.kind, len(conflict.sides)) == ("revision", 2)
    assert [side.text for side in conflict.sides] in (SAID, SAID[::-1])
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


def apply(project: Project, *paths: str, renames: dict[str, str] | None = None, coder: str = "ann") -> None:
    """Make these the codes of the codebook `role`."""
    with project.act("codebook apply", coder) as act:
        act.put_codebook(Codebook("role", "2", tuple(Code(path) for path in paths)), renames or {})


def paths(project: Project) -> list[str]:
    return sorted(code.path for code in project.codes())


@pytest.mark.parametrize(("chosen", "left"), [("(retired)", ["role/pastoral"]), ("role/office", ["role/office"])])
def test_a_code_retired_in_one_copy_and_renamed_in_the_other_is_a_conflict(
    pair: tuple[Project, Project], chosen: str, left: list[str]
) -> None:
    apply(pair[0], "role/pastoral")
    apply(pair[1], "role/office", "role/pastoral", renames={"role/managerial": "role/office"}, coder="ben")
    exchange(pair)
    assert pair[0].conflicts() == pair[1].conflicts()
    (conflict,) = pair[0].conflicts()
    assert (conflict.kind, sorted(side.text for side in conflict.sides)) == ("code", ["(retired)", "role/office"])
    settle(pair[0], [side.text for side in conflict.sides].index(chosen) + 1)
    exchange(pair)
    assert [project.conflicts() for project in pair] == [(), ()]
    assert paths(pair[0]) == paths(pair[1]) == sorted({*left, "role/pastoral"})


def test_a_code_retired_and_taken_up_again_is_no_conflict(pair: tuple[Project, Project]) -> None:
    apply(pair[0], "role/pastoral")
    apply(pair[0], "role/managerial", "role/pastoral")
    exchange(pair)
    assert pair[1].conflicts() == ()
    assert paths(pair[1]) == ["role/managerial", "role/pastoral"]


def test_a_code_merged_into_two_others_is_a_conflict(pair: tuple[Project, Project]) -> None:
    for project in pair:
        apply(project, "role/managerial", "role/pastoral", f"role/{project.folder.name}")
    exchange(pair)
    for project, into in zip(pair, ("role/pastoral", f"role/{pair[1].folder.name}"), strict=True):
        codes = {code.path: code for code in project.codes()}
        with project.act("codebook merge", "ann") as act:
            act.merge_code(codes["role/managerial"], codes[into])
    exchange(pair)
    (conflict,) = pair[0].conflicts()
    said = {side.text for side in conflict.sides}
    assert said == {"(merged into role/pastoral)", f"(merged into role/{pair[1].folder.name})"}
    settle(pair[0], 1)
    assert pair[0].conflicts() == ()


def test_codes_merged_into_each_other_are_a_conflict_until_one_is_taken(pair: tuple[Project, Project]) -> None:
    ways = (("role/managerial", "role/pastoral"), ("role/pastoral", "role/managerial"))
    for project, order in zip(pair, ways, strict=True):
        codes = {code.path: code for code in project.codes()}
        with project.act("codebook merge", "ann") as act:
            act.merge_code(codes[order[0]], codes[order[1]])
    exchange(pair)
    assert paths(pair[0]) == []
    assert pair[0].conflicts() == pair[1].conflicts()
    (conflict,) = pair[0].conflicts()
    assert conflict.kind == "code circle"
    (side,) = [n for n, each in enumerate(conflict.sides, 1) if each.text.startswith("role/pastoral")]
    settle(pair[0], side)
    exchange(pair)
    assert [project.conflicts() for project in pair] == [(), ()]
    assert paths(pair[0]) == paths(pair[1]) == ["role/pastoral"]


def test_two_changes_of_a_code_that_differ_only_in_its_cues_are_a_conflict(pair: tuple[Project, Project]) -> None:
    for project, cue in zip(pair, ("desk", "gate"), strict=True):
        codes = (replace(project.codes()[0], cues=(Cue("phrase", cue),)), project.codes()[1])
        with project.act("codebook apply", "ann") as act:
            act.put_codebook(Codebook("role", "2", codes), {})
    exchange(pair)
    (conflict,) = pair[0].conflicts()
    assert sorted(side.text for side in conflict.sides) == [
        'role/managerial: Managerial · cues: [["phrase", "desk"]]',
        'role/managerial: Managerial · cues: [["phrase", "gate"]]',
    ]


def test_undoing_the_second_of_three_versions_is_no_conflict(pair: tuple[Project, Project]) -> None:
    project = pair[0]
    for text in ("second", "third"):
        with project.act("memo add", "ann") as act:
            act.put_memo(MemoTarget("project"), text, "a" * 32)
    project.undo("ann", project.history()[-2].id)
    assert [memo.text for memo in project.memos()] == ["third"]
    assert project.conflicts() == ()


def test_codings_with_a_code_that_the_other_gave_up_are_told(pair: tuple[Project, Project]) -> None:
    one, other = pair
    source = one.source("vale")
    with one.act("coding add", "ann") as act:
        act.add_coding(Segment(source, Span(0, 11)), one.codes()[0])
    exchange(pair)
    apply(one, "role/pastoral")
    with other.act("coding add", "ben") as act:
        act.add_coding(Segment(source, Span(41, 61)), other.codes()[0])
    told = Crossing("role/managerial", None, 1)
    assert one.merge(other.folder).crossings == (told,)
    assert one.merge(other.folder).crossings == ()
    assert other.merge(one.folder).crossings == (told,)
    assert {coding.code for coding in one.codings()} == {"role/managerial"}


def test_codings_that_go_along_with_a_code_are_no_news(pair: tuple[Project, Project]) -> None:
    one, other = pair
    with one.act("coding add", "ann") as act:
        act.add_coding(Segment(one.source("vale"), Span(0, 11)), one.codes()[0])
    apply(one, "role/pastoral")
    assert other.merge(one.folder).crossings == ()
    assert len(other.codings()) == 1


@pytest.mark.parametrize("chosen", ["primary", "secondary"])
def test_a_case_that_both_took_in_with_other_values_is_a_conflict(pair: tuple[Project, Project], chosen: str) -> None:
    for project, phase in zip(pair, ("primary", "secondary"), strict=True):
        project.add(Bundle(cases=(Case("Lou", {"phase": phase, "years": 3}),)), coder="ann")
    exchange(pair)
    assert pair[0].conflicts() == pair[1].conflicts()
    (conflict,) = pair[0].conflicts()
    assert (conflict.kind, conflict.what) == ("case", "Lou")
    assert sorted(side.text for side in conflict.sides) == ["phase=primary", "phase=secondary"]
    settle(pair[0], [side.text for side in conflict.sides].index(f"phase={chosen}") + 1)
    exchange(pair)
    assert [project.conflicts() for project in pair] == [(), ()]
    assert [dict(project.case("Lou").attributes) for project in pair] == [{"phase": chosen, "years": 3}] * 2


def test_a_case_that_both_took_in_alike_or_that_was_set_since_is_no_conflict(pair: tuple[Project, Project]) -> None:
    for project in pair:
        project.add(Bundle(cases=(Case("Lou", {"phase": "primary"}), Case("Kim", consent="quote"))), coder="ann")
    with pair[0].act("cases set", "ann") as act:
        act.set_case(case_key("Lou"), {"attributes": {"phase": "secondary"}})
    exchange(pair)
    assert [project.conflicts() for project in pair] == [(), ()]
    assert pair[1].case("Lou").attributes == {"phase": "secondary"}


def test_one_milestone_set_on_two_states_is_a_conflict_until_one_of_them_has_the_name(
    pair: tuple[Project, Project],
) -> None:
    for project, coder in zip(pair, ("ann", "ben"), strict=True):
        with project.act("memo add", coder) as act:
            act.put_memo(MemoTarget("project"), f"{coder}'s", coder.encode().hex().ljust(32, "0"))
        project.milestone("submitted", coder)
    exchange(pair)
    (conflict,) = pair[0].conflicts()
    assert pair[1].conflicts() == (conflict,)
    assert (conflict.kind, conflict.what) == ("milestone", "submitted")
    settle(pair[0], [side.coder for side in conflict.sides].index("ann") + 1)
    exchange(pair)
    for project in pair:
        assert project.conflicts() == ()
        with project.as_of("submitted") as past:
            assert {memo.text for memo in past.memos()} == {"first", "ann's"}
