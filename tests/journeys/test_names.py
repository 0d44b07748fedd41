"""An é of one character and one of two are the same person, whoever comes first, also after a merge."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import cases, codebook_life, importing, projects, speaking

NFC, NFD = "José", unicodedata.normalize("NFD", "José")


def nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


TALK = "I: How did it begin?\n\n{0}: By chance, and I am glad.\n\nI: Yes?\n\n{0}: Yes, and gladly.\n"
SHEET = "name,größe\n{0},klein\n"
SURVEY = "id,What helps you in the week?\n{0},A quiet room at the end of the day.\nP2,Nobody but the deputy.\n"
WAYS = [(NFC, NFD), (NFD, NFC)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as opened:
        yield opened


def take_in(project: Project, name: str, text: str, **asked: object) -> importing.Imported:
    path = project.folder.parent / name
    path.write_text(text, encoding="utf-8")
    return importing.import_paths(project, importing.Request((path,), **asked), coder="ann")  # type: ignore[arg-type]


def sheet(project: Project, text: str) -> None:
    path = project.folder.parent / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    cases.import_sheet(project, path, coder="ann")


def test_the_two_spellings_differ() -> None:
    assert NFC != NFD
    assert unicodedata.normalize("NFC", NFD) == NFC


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_a_sheet_meets_the_interview_and_the_questionnaire(project: Project, one: str, other: str) -> None:
    take_in(project, f"{one}.txt", TALK.format("R"))
    sheet(project, SHEET.format(other))
    take_in(project, "survey.csv", SURVEY.format(other))
    found = {case.name: (case.sources, dict(case.attributes)) for case in project.cases()}
    assert found == {one: ((one, f"survey/{other}"), {"größe": "klein"}), "P2": (("survey/P2",), {})}
    assert project.case(other).name == one
    assert {source.case for source in project.sources()} == {one, "P2"}


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_the_sheet_may_come_first_and_a_second_one_adds(project: Project, one: str, other: str) -> None:
    sheet(project, SHEET.format(one))
    take_in(project, f"{other}.txt", TALK.format("R"))
    sheet(project, unicodedata.normalize("NFD", SHEET.format(other).replace("klein", "groß")))
    (case,) = project.cases()
    assert (case.sources, dict(case.attributes)) == ((other,), {"größe": "groß"})


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_the_next_wave_adds_nobody_twice(project: Project, one: str, other: str) -> None:
    take_in(project, "first.csv", SURVEY.format(one))
    take_in(project, "second.csv", SURVEY.format(other) + "P3,Nothing at all to be honest with you.\n")
    assert [case.name for case in project.cases()] == [one, "P2", "P3"]
    assert len(project.sources()) == 3


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_two_copies_that_wrote_the_name_differently_merge_to_one_person(
    project: Project, tmp_path: Path, one: str, other: str
) -> None:
    take_in(project, f"{one}.txt", TALK.format("R"))
    projects.start(tmp_path / "other")
    with Project.open(tmp_path / "other") as laptop:
        sheet(laptop, SHEET.format(other))
        project.merge(laptop.folder)
    (case,) = project.cases()
    assert (case.sources, dict(case.attributes)) == ((one,), {"größe": "klein"})


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_a_speaker_is_one_in_two_groups_and_is_named_by_either(project: Project, one: str, other: str) -> None:
    take_in(project, "a.txt", TALK.format(one) + "\nP2: Me too.\n\nP2: And gladly so.\n", roles={other: "respondent"})
    take_in(project, "b.txt", TALK.format(other) + "\nP2: I did not.\n\nP2: Never ever.\n")
    speaking.from_speakers(project, by="names", coder="ann")
    assert {nfc(case.name): case.sources for case in project.cases()} == {NFC: ("a", "b"), "P2": ("a", "b")}
    assert speaking.rename(project, "a", other, "Maya", coder="ann").speakers == ("I", "Maya", "P2")


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_a_coder_has_one_layer(project: Project, one: str, other: str) -> None:
    take_in(project, "a.txt", TALK.format("R"))
    codebook_life.add(project, "way-in", coder=one)
    made = Session(project, one).add("a", Place(quote="By chance"), "way-in")
    again = Session(project, other).add("a", Place(quote="By chance"), "way-in")
    assert (made.id, made.coder) == (again.id, NFC)
    assert project.coders() == (NFC,)
    Session(project, other).remove([made.id])
    assert project.codings() == ()


def test_two_files_whose_names_look_the_same_get_two_names(project: Project) -> None:
    take_in(project, f"{NFC}.txt", TALK.format("R"))
    take_in(project, f"{NFD}.txt", TALK.format("R").replace("chance", "luck"))
    names = [source.name for source in project.sources()]
    assert len(set(map(nfc, names))) == 2
    assert [case.sources for case in project.cases()] == [tuple(names)]
