"""Two versions compared, the codings to read again, and a codebook tested as a specification."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from qualcode.errors import CodebookError, NoProject, UsageError
from qualcode.model import Notice, Segment, Span
from qualcode.session import Session
from qualcode.store import Project
from qualcode.workflow import codebook_life as life
from qualcode.workflow import codebooks
from qualcode.workflow.codebook_review import Compared, compare, review
from tests.workflow.conftest import WRITTEN, code, file

NEWER = (
    WRITTEN.replace('version: "1.0"', 'version: "1.1"')
    .replace("Forms and folders.", "Forms.")
    .replace("People from outside.", "People from outside who come to help.")
)


def applied(project: Project, text: str, **given: object) -> None:
    path = project.folder / "codebooks" / "room.yaml"
    path.write_text(text, encoding="utf-8")
    codebooks.apply(project, str(path), coder="ann", **given)  # type: ignore[arg-type]


def listed(found: Compared) -> list[tuple[str, str, str]]:
    """What is queued: code, coder, the definition it was made under."""
    return [(q.coding.code, q.coding.coder, q.wording.definition) for q in found.queue]


def changes(found: Compared) -> list[tuple[str, str, object, object]]:
    return [(path, c.field, c.old, c.new) for path, cs in found.difference.changed.items() for c in cs]


# -- versions -----------------------------------------------------------------------------------------------------


def test_an_earlier_version_is_compared_field_by_field_and_its_codings_are_queued(project: Project) -> None:
    applied(project, NEWER)
    code(project, "ann", "Nobody asked", "paper")
    found = compare(project, "staffroom@1.0", "staffroom")
    assert changes(found) == [
        ("staffroom/visitors", "definition", "People from outside.", "People from outside who come to help."),
        ("staffroom/paper", "definition", "Forms and folders.", "Forms."),
    ]
    assert found.difference.version == ("1.0", "1.1")
    assert listed(found) == [
        ("staffroom/visitors", "ben", "People from outside."),
        ("staffroom/paper", "ben", "Forms and folders."),
    ]
    assert found.queue[1].coding.segment.quote == "the form"


def test_the_queue_of_a_file_that_is_not_applied_yet_is_what_it_would_concern(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(NEWER, encoding="utf-8")
    assert [code for code, *_ in listed(compare(project, "staffroom", str(path)))] == [
        "staffroom/visitors",
        "staffroom/paper",
    ]


def test_a_coding_leaves_the_queue_when_its_coder_gives_it_its_code_anew(project: Project) -> None:
    applied(project, NEWER)
    first, second = compare(project, "staffroom@1.0", "staffroom").queue
    Session(project, "ben").recode([first.coding.id], "visitors")
    assert [q.coding.id for q in compare(project, "staffroom@1.0", "staffroom").queue] == [second.coding.id]
    Session(project, "ben").recode([second.coding.id], "help")
    assert compare(project, "staffroom@1.0", "staffroom").queue == ()
    project.undo("ben")
    assert [q.coding.id for q in compare(project, "staffroom@1.0", "staffroom").queue] == [second.coding.id]


def test_a_memo_on_a_coding_does_not_take_it_off_the_queue(project: Project) -> None:
    applied(project, NEWER)
    before = listed(compare(project, "staffroom@1.0", "staffroom"))
    assert before
    for queued in compare(project, "staffroom@1.0", "staffroom").queue:
        with project.act("memo add", "ben") as act:
            act.set_coding(queued.coding.id, {"memo": "why?"})
    assert listed(compare(project, "staffroom@1.0", "staffroom")) == before


def test_a_definition_that_came_back_asks_for_nothing(project: Project) -> None:
    applied(project, NEWER)
    applied(project, WRITTEN.replace('version: "1.0"', 'version: "1.2"'))
    found = compare(project, "staffroom@1.1", "staffroom")
    assert len(changes(found)) == 2
    assert found.queue == ()


def test_only_definition_include_and_exclude_make_a_queue(project: Project) -> None:
    project.milestone("first", "ann")
    applied(project, WRITTEN.replace("label: Visitors", "label: Guests").replace("[adviser]", "[adviser, guest]"))
    found = compare(project, "staffroom@first", "staffroom")
    assert [field for _, field, _, _ in changes(found)] == ["label", "cues"]
    assert found.queue == ()
    applied(project, WRITTEN.replace("definition: Forms and", 'include: ["Any form."]\n    definition: Forms and'))
    found = compare(project, "staffroom@first", "staffroom")
    assert changes(found) == [("staffroom/paper", "include", (), ("Any form.",))]
    assert [code for code, *_ in listed(found)] == ["staffroom/paper"]


def test_a_version_applied_twice_is_what_its_file_said_last(project: Project) -> None:
    applied(project, WRITTEN.replace("Forms and folders.", "Folders."))
    applied(project, NEWER)
    assert changes(compare(project, "staffroom@1.0", "staffroom"))[1][2] == "Folders."


def test_order_and_not_the_clock_says_which_came_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from qualcode.store import log

    applied(project, NEWER)
    monkeypatch.setattr(log, "now", lambda: "1999-01-01T00:00:00.000000Z")
    code(project, "ann", "Nobody asked", "paper")
    assert [coder for _, coder, _ in listed(compare(project, "staffroom@1.0", "staffroom"))] == ["ben", "ben"]


def test_a_past_version_queues_only_what_was_made_before_it(project: Project) -> None:
    applied(project, NEWER)
    code(project, "ann", "Nobody asked", "paper")
    applied(project, NEWER.replace('"1.1"', '"1.2"').replace("Forms.", "Anything on paper."))
    code(project, "ann", "asked for the form", "paper")
    assert [coder for _, coder, _ in listed(compare(project, "staffroom@1.0", "staffroom@1.1"))] == ["ben", "ben"]
    assert listed(compare(project, "staffroom@1.1", "staffroom")) == [
        ("staffroom/paper", "ann", "Forms."),
        ("staffroom/paper", "ben", "Forms and folders."),
    ]


def test_a_milestone_is_a_version_too(project: Project) -> None:
    project.milestone("pilot", "ann")
    life.rename(project, "help", "support", coder="ann")
    found = compare(project, "staffroom@pilot", "staffroom")
    assert ("staffroom/help", "staffroom/support") in found.difference.renamed
    assert compare(project, "staffroom", "staffroom@pilot").difference.renamed[0] == (
        "staffroom/support",
        "staffroom/help",
    )


def test_a_version_is_what_its_file_said_not_what_the_project_made_of_it(project: Project) -> None:
    life.rename(project, "help", "support", coder="ann")
    life.add(project, "noise", under="staffroom", coder="ann")
    found = compare(project, "staffroom@1.0", "staffroom")
    assert found.difference.renamed == (
        ("staffroom/help", "staffroom/support"),
        ("staffroom/help/planning", "staffroom/support/planning"),
    )
    assert [c.path for c in found.difference.added] == ["staffroom/noise"]
    assert found.proposals == ()


def test_a_rename_done_by_hand_in_a_file_is_only_proposed(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(WRITTEN.replace("code: paper", "code: forms"), encoding="utf-8")
    found = compare(project, "staffroom", str(path))
    assert found.difference.renamed == ()
    assert [(p.old, p.new) for p in found.proposals] == [("staffroom/paper", "staffroom/forms")]
    assert "same definition" in found.proposals[0].why


def test_a_file_from_before_a_rename_knows_the_code_by_its_id(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_text(WRITTEN.replace("Forms and folders.", "Folders."), encoding="utf-8")
    life.rename(project, "paper", "forms", coder="ann")
    found = compare(project, str(path), "staffroom")
    assert found.difference.renamed == (("staffroom/paper", "staffroom/forms"),)
    back = compare(project, "staffroom", str(path))
    assert listed(back) == [("staffroom/forms", "ben", "Forms and folders.")]


def test_codings_of_a_merged_code_were_made_under_its_own_wording(project: Project) -> None:
    life.merge(project, "paper", "visitors", coder="ann")
    project.milestone("merged", "ann")
    applied(project, file(project).replace("People from outside.", "Guests."))
    assert sorted(listed(compare(project, "staffroom@merged", "staffroom"))) == [
        ("staffroom/visitors", "ben", "Forms and folders."),
        ("staffroom/visitors", "ben", "People from outside."),
    ]


def test_an_undone_version_never_was(project: Project) -> None:
    applied(project, NEWER)
    project.undo("ann")
    with pytest.raises(UsageError, match=r'never had a version "1\.1".*1\.0'):
        compare(project, "staffroom@1.1", "staffroom")
    project.redo("ann")
    assert compare(project, "staffroom@1.1", "staffroom").difference.same


def test_one_coders_queue_can_be_asked_for(project: Project) -> None:
    code(project, "ann", "Nobody asked", "paper")
    applied(project, NEWER)
    assert {coder for _, coder, _ in listed(compare(project, "staffroom@1.0", "staffroom"))} == {"ann", "ben"}
    assert listed(compare(project, "staffroom@1.0", "staffroom", coders=["ann"])) == [
        ("staffroom/paper", "ann", "Forms and folders.")
    ]


def test_work_that_is_merged_in_later_is_queued_too(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(project.folder, other)
    with Project.open(other) as theirs:
        code(theirs, "cas", "asked for the form", "paper")
    code(project, "ann", "Nobody asked", "help")  # Ann's log is longer than the one that is merged
    applied(project, NEWER)
    project.merge(other)
    assert [coder for c, coder, _ in listed(compare(project, "staffroom@1.0", "staffroom"))] == ["ben", "cas", "ben"]


def test_two_files_are_compared_without_a_project(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WRITTEN, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(NEWER, encoding="utf-8")
    found = compare(None, str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"))
    assert len(changes(found)) == 2
    assert found.queue == ()
    assert compare(None, "role", "role@bundled").difference.same
    with pytest.raises(NoProject):
        compare(None, "role@1.0", "role")


@pytest.mark.parametrize(
    ("word", "said"), [("stafroom", "staffroom"), ("rolle", "role"), ("none.yaml", "no codebook file"), ("x@1", "x")]
)
def test_an_unknown_codebook_is_named_with_the_nearest(project: Project, word: str, said: str) -> None:
    with pytest.raises((CodebookError, UsageError), match=said):
        compare(project, word, "staffroom")


def test_two_names_that_were_swapped_are_known_by_id(project: Project) -> None:
    for old, new in (("visitors", "third"), ("paper", "visitors"), ("third", "paper")):
        life.rename(project, old, new, coder="ann")
    assert compare(project, "staffroom@1.0", "staffroom").difference.renamed == (
        ("staffroom/visitors", "staffroom/paper"),
        ("staffroom/paper", "staffroom/visitors"),
    )


@pytest.mark.soak
def test_a_queue_among_many_codings_comes_in_a_second(project: Project) -> None:
    with project.act("coding batch", "ann") as act:
        (source,) = project.sources()
        paper = next(c for c in project.codes() if c.path == "staffroom/paper")
        for n in range(20_000):
            act.add_coding(Segment(source, Span(n % 50, 60)), paper, round=n // 50 + 1)
    applied(project, NEWER)
    start = time.perf_counter()
    assert len(compare(project, "staffroom@1.0", "staffroom").queue) > 20_000
    assert time.perf_counter() - start < 2


# -- the test -----------------------------------------------------------------------------------------------------


def said(notices: tuple[Notice, ...], severity: str) -> list[str]:
    return [str(notice) for notice in notices if notice.severity == severity]


def test_a_sound_codebook_has_no_warnings_and_says_what_was_never_applied(project: Project) -> None:
    life.add(project, "noise", under="staffroom", definition="Noise.", coder="ann")
    (found,) = review(project, None).values()
    assert said(found, "warning") == []
    assert "staffroom/noise: never applied — look for it, or ask whether it is needed" in said(found, "info")
    assert not [line for line in said(found, "info") if "staffroom/paper: never" in line]


def test_missing_definitions_dead_ends_and_misleading_cues_are_warnings(project: Project) -> None:
    text = WRITTEN.replace("    definition: Forms and folders.\n", "")
    text = text.replace("cues: [adviser]", "cues: [adviser]\n    counterexamples: ['The adviser wrote.']")
    applied(project, text.replace("staffroom/visitors.", "staffroom/guests."))
    warnings = said(review(project, "staffroom")["staffroom"], "warning")
    assert [line.partition(" — ")[0] for line in warnings] == [
        'staffroom/help: exclude 1 points to "staffroom/guests", which is no code',
        'staffroom/visitors: the cue "adviser" is in counterexample 1',
        "staffroom/paper: no definition",
    ]


def test_a_code_without_a_boundary_is_something_to_consider(project: Project) -> None:
    infos = said(review(project, "staffroom")["staffroom"], "info")
    assert [line.partition(":")[0] for line in infos if "no boundary" in line] == [
        "staffroom/visitors",
        "staffroom/paper",
    ]


def test_a_codebook_nobody_has_used_yet_is_said_once(project: Project) -> None:
    codebooks.apply(project, "role", coder="ann")
    infos = said(review(project, "role")["role"], "info")
    assert [line for line in infos if "applied" in line] == ["role: none of its 5 codes was ever applied"]


def test_a_file_is_tested_without_a_project_and_an_unknown_name_is_refused(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    assert said(review(None, str(path))[str(path)], "warning") == []
    assert review(project, str(path)).keys() == {str(path)}
    with pytest.raises(UsageError, match="staffroom"):
        review(project, "stafroom")
    with pytest.raises(NoProject):
        review(None, None)


@pytest.mark.parametrize("name", ["role", "partnerships", "conditions"])
def test_the_bundled_codebooks_point_to_codes_that_exist(name: str) -> None:
    assert [line for line in said(review(None, name)[name], "warning") if "no code" in line] == []
