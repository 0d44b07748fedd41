"""A folder comes in whole: its own files first, copies once, litter passed over, a bad file listed, nothing by half."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import InputError, NotUndoable, ProjectError
from qualcode.model import Receipt
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import codebook_life, importing, projects

TALK = "Interviewer: How did it start?\n\nMary: By accident.\n\nInterviewer: And then?\n\nMary: {}\n"
THREE = {f"{n}.txt": TALK.format(f"I stayed {n} years.") for n in ("one", "two", "three")}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        yield project


def folder(tmp_path: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = tmp_path / "material" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path / "material"


def take(project: Project, path: Path) -> importing.Imported:
    return importing.import_paths(project, importing.Request((path,)), coder="ann")


def test_folders_in_a_folder_are_read_and_what_systems_leave_there_is_not(project: Project, tmp_path: Path) -> None:
    litter = (".DS_Store", "a/._two.txt", "__MACOSX/a/three.txt", "~$one.docx", ".hidden/four.txt", ".~lock.one.odt#")
    files = {"one.txt": TALK.format("I stayed."), "a/b/two.txt": TALK.format("I left.")}
    done = take(project, folder(tmp_path, {**files, **{name: TALK.format(name) for name in litter}}))
    assert [source.name for source in project.sources()] == ["one", "two"]
    assert done.skipped == ()


def test_of_copies_the_one_further_up_is_taken_and_the_other_named(project: Project, tmp_path: Path) -> None:
    talk = TALK.format("I stayed.")
    done = take(project, folder(tmp_path, {"a/a copy.txt": talk, "one.txt": talk}))
    assert [source.name for source in project.sources()] == ["one"]
    assert [(one.where, one.message) for one in done.skipped] == [
        ("a copy.txt", 'the same content as "one.txt", passed over')
    ]


def test_a_bad_file_is_listed_with_the_way_out_and_the_rest_is_taken(project: Project, tmp_path: Path) -> None:
    files = {"bad.docx": b"PK\3\4broken", "empty.txt": "", "old.doc": b"\xd0\xcf\x11\xe0", "photo.jpg": b"\xff\xd8"}
    done = take(project, folder(tmp_path, {**files, "one.txt": TALK.format("I stayed.")}))
    assert [source.name for source in project.sources()] == ["one"]
    said = {one.where: (one.severity, one.message) for one in done.skipped}
    assert said.keys() == files.keys()
    assert said["bad.docx"][0] == said["empty.txt"][0] == "error"
    assert "save it as .docx" in said["old.doc"][1]
    assert said["photo.jpg"] == ("info", "not a kind of file that is read")


def test_a_folder_of_nothing_but_bad_files_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of 2 files could be read"):
        take(project, folder(tmp_path, {"a.txt": "", "b.docx": b"PK\3\4"}))
    assert project.sources() == ()


def test_a_full_disk_says_which_file_it_ended_at_and_that_those_before_stay(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, room = Project.add, [2]

    def limited(self: Project, *args: Any, **kwargs: Any) -> Receipt:
        if not room[0]:
            raise ProjectError("the disk is full; nothing was written", "free some space and try again")
        room[0] -= 1
        return add(self, *args, **kwargs)

    monkeypatch.setattr(Project, "add", limited)
    with pytest.raises(ProjectError) as caught:
        take(project, folder(tmp_path, THREE))
    assert caught.value.what == "two.txt: the disk is full; nothing was written; the 2 files before it are here"
    assert caught.value.way_out == "free some space and try again"
    assert [source.name for source in project.sources()] == ["one", "three"]
    room[0] = 0
    with pytest.raises(ProjectError) as caught:
        take(project, folder(tmp_path, {"four.txt": TALK.format("no")}))
    assert caught.value.what == "the disk is full; nothing was written"


def test_an_interruption_leaves_whole_files_only(project: Project, tmp_path: Path) -> None:
    names = [f"{n}.txt" for n in range(4)]
    material = folder(tmp_path, {name: TALK.format(name) for name in names})

    def interrupted(name: str) -> None:
        if name == "2.txt":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.import_paths(project, importing.Request((material,)), coder="ann", progress=interrupted)
    assert [(source.name, len(source.turns)) for source in project.sources()] == [("0", 4), ("1", 4)]
    take(project, material)
    assert [source.name for source in project.sources()] == ["0", "1", "2", "3"]


def test_a_folder_is_one_command_to_undo_and_each_file_can_be_undone_by_itself(
    project: Project, tmp_path: Path
) -> None:
    take(project, folder(tmp_path, THREE))
    assert sorted(source.name for source in project.sources()) == ["one", "three", "two"]
    assert len(project.undo("ann")) == 3
    assert project.sources() == ()
    assert len(project.redo("ann")) == 3
    assert len(project.sources()) == 3
    newest = project.history()[-3]
    assert newest.command == "import"
    (gone,) = project.undo("ann", newest.id)
    assert (gone.id, len(project.sources())) == (newest.id, 2)
    assert len(project.undo("ann")) == 2
    assert project.sources() == ()


def test_the_folder_s_undo_is_refused_whole_while_somebody_s_work_stands_on_one_file(
    project: Project, tmp_path: Path
) -> None:
    take(project, folder(tmp_path, THREE))
    codebook_life.add(project, "staying", coder="ben")
    Session(project, "ben").add("two", Place(quote="I stayed two"), "staying")
    with pytest.raises(NotUndoable, match="ben's coding add"):
        project.undo("ann")
    assert len(project.sources()) == 3


def test_the_same_talk_in_two_formats_is_taken_in_once_and_a_corrected_one_is_said_to_be_another(
    project: Project, tmp_path: Path
) -> None:
    talk = TALK.format("I stayed.")
    take(project, folder(tmp_path, {"Maya K.txt": talk, "zoe.txt": THREE["one.txt"]}))
    other = folder(tmp_path, {"later/Maya K.txt": "\ufeff" + talk, "later/zoe.txt": THREE["two.txt"]}) / "later"
    receipt = take(project, other)
    assert [str(notice) for notice in receipt.skipped] == [
        'Maya K.txt: the very same text as "Maya K", which is here; passed over'
    ]
    told = [str(notice) for _, notices in receipt.sources for notice in notices]
    (changed,) = [said for said in told if "corrected one" in said]
    assert "`qualcode revise zoe FILE`" in changed
    act = re.search(r"`qualcode undo ([0-9a-f]{8})`", changed)
    assert act is not None
    assert sorted(source.name for source in project.sources()) == ["Maya K", "zoe", "zoe.txt"]
    project.undo("ann", act.group(1))
    assert sorted(source.name for source in project.sources()) == ["Maya K", "zoe"]
    assert len(project.cases()) == 2
