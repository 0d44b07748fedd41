"""A folder comes in whole: its own files first, copies once, litter passed over, a bad file listed, nothing by half."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import InputError
from qualcode.store import Project
from qualcode.workflow import importing, projects

TALK = "Interviewer: How did it start?\n\nMary: By accident.\n\nInterviewer: And then?\n\nMary: {}\n"


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
