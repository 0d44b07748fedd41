"""Codes are renamed, moved, merged, split and retired: codings follow or stay, and undo brings everything back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qualcode.errors import NotUndoable, ProjectError, UnknownCode, UsageError
from qualcode.model import Codebook, MemoTarget, Reason, Segment, Span, Suggestion
from qualcode.session import Session
from qualcode.store import Project
from qualcode.workflow import codebook_life as life
from qualcode.workflow import codebooks, projects
from qualcode.workflow.codebook_desk import Done
from tests.workflow.conftest import VALE, WRITTEN, code, coded, file


def state(project: Project) -> tuple[object, ...]:
    """Everything a change of a codebook may touch."""
    return project.codebooks(), project.codes(retired=True), coded(project), project.memos(), project.coding_counts()


def paths(project: Project, name: str = "staffroom") -> list[str]:
    return [c.path for book in project.codebooks() if book.name == name for c in book.codes]


CHANGES: dict[str, Callable[[Project], Done]] = {
    "rename": lambda p: life.rename(p, "help", "support", coder="ann"),
    "rename with words": lambda p: life.rename(p, "visitors", "People from outside", coder="ann"),
    "rename the label": lambda p: life.rename(p, "paper", "paper", label="Paper work", coder="ann"),
    "move below": lambda p: life.move(p, "paper", "visitors", coder="ann"),
    "move to the top": lambda p: life.move(p, "planning", "staffroom", coder="ann"),
    "merge": lambda p: life.merge(p, "paper", "visitors", coder="ann"),
    "merge a child into its parent": lambda p: life.merge(p, "planning", "help", coder="ann"),
    "merge into another codebook": lambda p: life.merge(p, "visitors", "open/guests", coder="ann"),
    "split": lambda p: life.split(p, "help", ["asked for", "unasked"], coder="ann"),
    "split a child": lambda p: life.split(p, "planning", ["by two"], coder="ann"),
    "retire": lambda p: life.retire(p, "paper", coder="ann"),
    "retire with children": lambda p: life.retire(p, "help", coder="ann", with_children=True),
    "add": lambda p: life.add(p, "Break talk", coder="ann"),
    "add below": lambda p: life.add(p, "On Fridays", under="help", definition="d", example="e", coder="ann"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_undone_and_redone_as_one_also_after_a_restart(project: Project, name: str) -> None:
    life.add(project, "guests", coder="ann")
    before = state(project)
    assert len(before[2]) == 4  # type: ignore[arg-type]
    CHANGES[name](project)
    after = state(project)
    assert after != before
    with Project.open(project.folder) as again:
        again.undo("ann")
    assert state(project) == before
    project.redo("ann")
    assert state(project) == after


@pytest.mark.parametrize("name", CHANGES)
def test_no_change_loses_a_coding_or_gives_it_another_id_or_quotation(project: Project, name: str) -> None:
    life.add(project, "guests", coder="ann")
    before = coded(project)
    assert len(before) == 4
    CHANGES[name](project)
    assert {key: quote for key, (_, quote) in coded(project).items()} == {k: quote for k, (_, quote) in before.items()}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_one_entry_of_the_log_with_its_coder_and_nothing_else_is_touched(
    project: Project, name: str
) -> None:
    life.add(project, "guests", coder="ann")
    length = len(project.history())
    CHANGES[name](project)
    written = project.history()[length:]
    assert written
    assert {(entry.coder, entry.command) for entry in written} == {("ann", f"codebook {name.split()[0]}")}
    assert len({entry.run for entry in written}) == 1


def test_a_change_by_nobody_in_particular_can_be_made_and_undone(project: Project) -> None:
    before = state(project)
    life.rename(project, "help", "support", coder=None)
    assert state(project) != before
    project.undo(None)
    assert state(project) == before


# -- rename and move ----------------------------------------------------------------------------------------------


def test_a_renamed_code_keeps_its_id_and_carries_codings_memos_and_the_codes_below(project: Project) -> None:
    Session(project, "ann").add_memo(MemoTarget("code", "help"), "m")
    ids = {c.path: c.id for c in project.codes()}
    done = life.rename(project, "help", "support", coder="ann")
    assert done.renamed == (
        ("staffroom/help", "staffroom/support"),
        ("staffroom/help/planning", "staffroom/support/planning"),
    )
    assert done.codings == 2
    now = {c.path: c.id for c in project.codes()}
    assert now["staffroom/support"] == ids["staffroom/help"]
    assert now["staffroom/support/planning"] == ids["staffroom/help/planning"]
    assert sorted(c for c, _ in coded(project).values())[-2:] == ["staffroom/support/planning", "staffroom/visitors"]
    assert project.memos()[0].about.code == "staffroom/support"


def test_only_the_name_changes_in_the_file(project: Project) -> None:
    done = life.rename(project, "help", "support", coder="ann")
    assert done.files == ("codebooks/room.yaml",)
    assert file(project) == WRITTEN.replace("code: help ", "code: support ")


def test_words_become_the_label_too_and_a_part_of_a_path_does_not(project: Project) -> None:
    life.rename(project, "visitors", "People from outside", coder="ann")
    assert file(project) == WRITTEN.replace("code: visitors", "code: people-from-outside").replace(
        "label: Visitors", "label: People from outside"
    )
    done = life.rename(project, "help", "support", coder="ann")
    assert done.codes[0].label == "Help"
    assert any("still" in notice.message for notice in done.notices)


def test_a_code_without_a_label_gets_one_in_the_file(project: Project) -> None:
    life.rename(project, "paper", "paper", label="Paper: forms", coder="ann")
    assert file(project) == WRITTEN.replace("code: paper\n", 'code: paper\n    label: "Paper: forms"\n')


def test_texts_that_name_the_old_path_stay_and_are_told(project: Project) -> None:
    done = life.rename(project, "visitors", "guests", coder="ann")
    assert "staffroom/visitors" in file(project)
    (told,) = [notice.message for notice in done.notices if "mention" in notice.message]
    assert told.startswith("staffroom/help (exclude) still mentions staffroom/visitors")


def test_a_moved_code_stands_last_below_its_new_parent_with_its_comments(project: Project) -> None:
    done = life.move(project, "help", "visitors", coder="ann")
    assert done.codings == 2
    assert paths(project) == [
        "staffroom/visitors",
        "staffroom/visitors/help",
        "staffroom/visitors/help/planning",
        "staffroom/paper",
    ]
    assert "      # Colleagues.\n        - code: help   # stays\n" not in WRITTEN
    assert "# Colleagues.\n" in file(project)
    assert file(project).index("code: visitors") < file(project).index("code: help   # stays")


# -- merge, split, retire -----------------------------------------------------------------------------------------


def test_codings_of_a_merged_code_show_under_the_other_with_examples_and_cues(project: Project) -> None:
    keys = {key for key, (path, _) in coded(project).items() if path == "staffroom/visitors"}
    assert len(keys) == 1
    done = life.merge(project, "visitors", "paper", coder="ann")
    assert done.codings == 1
    assert {coded(project)[key][0] for key in keys} == {"staffroom/paper"}
    (into,) = done.codes
    assert into.examples == ("The adviser came.",)
    assert [cue.text for cue in into.cues] == ["adviser"]
    assert "staffroom/visitors" not in paths(project)


def test_two_codes_on_one_passage_merge_into_one_coding_and_come_apart_again(project: Project) -> None:
    code(project, "ben", "the form", "visitors")
    before = coded(project)
    assert len(before) == 5
    life.merge(project, "paper", "visitors", coder="ann")
    assert len(coded(project)) == 4
    project.undo("ann")
    assert coded(project) == before


def test_a_code_made_while_reading_is_merged_into_a_codebook(project: Project) -> None:
    life.add(project, "guests", coder="ann")
    key = code(project, "ann", "Nobody asked", "guests")
    done = life.merge(project, "open/guests", "visitors", coder="ann")
    assert coded(project)[key] == ("staffroom/visitors", "Nobody asked")
    assert done.files == ("codebooks/open.yaml",)
    assert paths(project, "open") == []


def test_a_split_moves_nobodys_codings_and_says_how_many_wait(project: Project) -> None:
    before = coded(project)
    done = life.split(project, "visitors", ["Invited", "Uninvited"], coder="ann")
    assert coded(project) == before
    assert done.codings == 1
    assert [c.path for c in done.codes] == ["staffroom/invited", "staffroom/uninvited", "staffroom/visitors"]
    assert paths(project)[-2:] == ["staffroom/invited", "staffroom/uninvited"]
    assert all(c.born for c in done.codes)


def test_a_retired_code_keeps_its_codings_and_is_not_offered(project: Project) -> None:
    before = coded(project)
    done = life.retire(project, "paper", coder="ann")
    assert done.codings == 1
    assert coded(project) == before
    with pytest.raises(UnknownCode):
        Session(project, "ann").code("paper")


def test_pending_suggestions_for_a_retired_code_are_dropped_and_others_stay(project: Project) -> None:
    segment = Segment(VALE, Span(18, 40))
    for number, path in enumerate(("staffroom/paper", "staffroom/help")):
        made = Suggestion(segment, path, 0.5, "cues", "1", Reason("cues", "x"), id=str(number) * 32)
        project.propose([*project.suggestions(), made])
    assert len(project.suggestions()) == 2
    done = life.retire(project, "paper", coder="ann")
    assert [s.code for s in project.suggestions()] == ["staffroom/help"]
    assert "1 pending suggestion" in done.notices[-1].message


# -- what is refused ----------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Callable[[Project], Done], str]] = {
    "unknown": (lambda p: life.rename(p, "visiters", "x", coder="ann"), "visitors"),
    "unknown parent": (lambda p: life.move(p, "paper", "hepl", coder="ann"), "help"),
    "a codebook's name": (lambda p: life.rename(p, "staffroom", "x", coder="ann"), "codebook, not a code"),
    "no name": (lambda p: life.rename(p, "paper", " ", coder="ann"), "needs a name"),
    "the same name": (lambda p: life.rename(p, "paper", "paper", coder="ann"), "already"),
    "a name in use": (lambda p: life.rename(p, "paper", "visitors", coder="ann"), "merge the two"),
    "a path elsewhere": (lambda p: life.rename(p, "paper", "help/paper", coder="ann"), "codebook move"),
    "below itself": (lambda p: life.move(p, "help", "planning", coder="ann"), "below itself"),
    "under itself": (lambda p: life.move(p, "help", "help", coder="ann"), "below itself"),
    "where it is": (lambda p: life.move(p, "planning", "help", coder="ann"), "already"),
    "another codebook": (lambda p: life.move(p, "paper", "open", coder="ann"), "another codebook"),
    "into itself": (lambda p: life.merge(p, "paper", "paper", coder="ann"), "into itself"),
    "merge with children": (lambda p: life.merge(p, "help", "paper", coder="ann"), "staffroom/help/planning"),
    "retire with children": (lambda p: life.retire(p, "help", coder="ann"), "staffroom/help/planning"),
    "split into nothing": (lambda p: life.split(p, "paper", [], coder="ann"), "into what"),
    "split into one twice": (lambda p: life.split(p, "paper", ["a b", "A B"], coder="ann"), "one name"),
    "split into a name in use": (lambda p: life.split(p, "paper", ["a", "Help"], coder="ann"), "staffroom/help"),
    "add a name in use": (lambda p: life.add(p, "Paper", under="staffroom", coder="ann"), "staffroom/paper"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_a_way_out_and_nothing_changes(project: Project, name: str) -> None:
    change, said = REFUSED[name]
    before, acts = state(project), len(project.history())
    with pytest.raises((UsageError, UnknownCode), match=said):
        change(project)
    assert state(project) == before
    assert (len(project.history()), file(project)) == (acts, WRITTEN)


@pytest.mark.parametrize("gone", ["retire", "merge"])
def test_the_name_of_a_code_that_is_gone_with_codings_is_not_given_to_another(project: Project, gone: str) -> None:
    if gone == "retire":
        life.retire(project, "paper", coder="ann")
    else:
        life.merge(project, "paper", "visitors", coder="ann")
    before = coded(project)
    for again in (
        lambda: life.add(project, "Paper", under="staffroom", coder="ann"),
        lambda: life.rename(project, "visitors", "paper", coder="ann"),
    ):
        with pytest.raises(UsageError, match="1 coding"):
            again()
    assert coded(project) == before


def test_a_code_that_was_never_used_can_be_made_again(project: Project) -> None:
    (first,) = life.add(project, "slip", coder="ann").codes
    life.retire(project, "slip", coder="ann")
    (second,) = life.add(project, "slip", definition="d", coder="ann").codes
    assert (second.path, second.definition) == (first.path, "d")
    key = code(project, "ann", "Nobody asked", "slip")
    life.rename(project, "slip", "slips", coder="ann")
    assert coded(project)[key][0] == "open/slips"


def test_a_code_with_work_of_others_on_it_is_not_taken_back(project: Project) -> None:
    life.add(project, "guests", coder="ann")
    code(project, "ben", "The adviser", "guests")
    with pytest.raises(NotUndoable, match="ben"):
        project.undo("ann")


# -- two people ---------------------------------------------------------------------------------------------------


@pytest.fixture
def both(project: Project, tmp_path: Path) -> Project:
    """Ann and Ben have each made an open code `time` apart, and used it; Ann has taken Ben's project in."""
    other = tmp_path / "other"
    shutil.copytree(project.folder, other)
    life.add(project, "time", definition="hours", coder="ann")
    code(project, "ann", "on Fridays", "open/time")
    with Project.open(other) as theirs:
        life.add(theirs, "time", definition="stress", coder="ben")
        code(theirs, "ben", "once", "open/time")
    project.merge(other)
    return project


def test_two_codes_of_one_name_are_never_fused_and_block_what_would_lose_one(both: Project) -> None:
    assert [c.definition for c in both.codes() if c.path == "open/time"] != []
    assert len([c for c in both.codes() if c.path == "open/time"]) == 2
    before = coded(both)
    for change in (
        lambda: life.rename(both, "open/time", "hours", coder="ann"),
        lambda: life.retire(both, "open/time", coder="ann"),
        lambda: codebooks.apply(both, _open_file(both), coder="ann"),
    ):
        with pytest.raises(UsageError, match="two codes go by open/time"):
            change()
    assert coded(both) == before


def _open_file(project: Project) -> str:
    path = project.folder / "open-by-hand.yaml"
    path.write_text("qualcode: 1\nname: open\ncodes:\n  - code: time\n", encoding="utf-8")
    return str(path)


def test_a_code_can_be_added_beside_two_of_one_name(both: Project) -> None:
    before = coded(both)
    life.add(both, "money", coder="ann")
    assert sorted(paths(both, "open")) == ["open/money", "open/time", "open/time"]
    assert coded(both) == before


def test_two_codes_of_one_name_are_joined_by_naming_it_twice(both: Project) -> None:
    before = coded(both)
    assert len(before) == 6
    life.merge(both, "open/time", "open/time", coder="ann")
    assert paths(both, "open") == ["open/time"]
    assert coded(both) == before


def test_what_was_joined_can_be_renamed(both: Project) -> None:
    life.merge(both, "open/time", "open/time", coder="ann")
    life.rename(both, "open/time", "hours", coder="ann")
    assert sorted(path for path, _ in coded(both).values())[:2] == ["open/hours", "open/hours"]


def test_a_code_that_would_lose_its_codings_stops_the_change(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from qualcode.store import Act

    put = Act.put_codebook
    monkeypatch.setattr(Act, "put_codebook", lambda act, book, renames: put(act, book, {}))
    before = state(project)
    with pytest.raises(ProjectError, match="lost its codings"):
        life.move(project, "paper", "visitors", coder="ann")
    assert (state(project), file(project)) == (before, WRITTEN)


def test_codes_added_apart_come_together_in_the_open_file(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(project.folder, other)
    life.add(project, "time", coder="ann")
    with Project.open(other) as theirs:
        life.add(theirs, "money", coder="ben")
    project.merge(other)
    done = life.add(project, "rest", coder="ann")
    assert done.notices == ()
    assert [line.strip() for line in file(project, "open.yaml").splitlines() if "- code:" in line] == [
        f"- code: {path.rpartition('/')[2]}" for path in paths(project, "open")
    ]
    assert sorted(paths(project, "open")) == ["open/money", "open/rest", "open/time"]


def test_a_code_added_below_another_stands_there_and_not_at_the_end(project: Project) -> None:
    life.add(project, "Fridays", under="help", coder="ann")
    assert paths(project).index("staffroom/help/fridays") == 2


def test_a_codebook_that_no_file_can_hold_is_changed_all_the_same(project: Project) -> None:
    """A codebook of another tool may hold a code whose parent is missing."""
    from qualcode.model import Code

    with project.act("import", None) as act:
        act.put_codebook(Codebook("foreign", "", (Code("foreign/a/b", "B"), Code("foreign/c"))), {})
    done = life.rename(project, "foreign/c", "d", coder="ann")
    assert paths(project, "foreign") == ["foreign/a/b", "foreign/d"]
    assert done.files == ()
    assert "no file was written" in done.notices[0].message


def test_a_new_project_can_be_coded_openly_and_its_codebook_grows(tmp_path: Path) -> None:
    projects.start(tmp_path / "new")
    with Project.open(tmp_path / "new") as project:
        assert not (project.folder / "codebooks" / "open.yaml").exists()
        made = codebooks.add(project, "Helpful colleagues", coder="ann")
        assert made.path == "open/helpful-colleagues"
        assert "code: helpful-colleagues" in file(project, "open.yaml")
