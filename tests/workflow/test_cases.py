"""Sheets of attributes: whose row it is, what changes, what is new, and what two rows say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import UsageError
from qualcode.model import Case, Notice
from qualcode.readers import ReadOptions
from qualcode.store import Project
from qualcode.workflow import cases, importing, projects, retrieving, speaking
from qualcode.workflow.retrieving import Choice

GROUP = "M: How so?\n\nP1: By chance, really.\n\nP2: I applied for it.\n\nM: And now?\n\nP1: Now I stay.\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as opened:
        with opened.act("cases", None) as act:
            act.add_case(Case("Maya", {"age": 30}, "analyse"))
            act.add_case(Case("Ben"))
        yield opened


def sheet(project: Project, text: str, **more: object) -> tuple[tuple[Case, ...], list[str], tuple[Notice, ...]]:
    path = project.folder.parent / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    options = ReadOptions(case="name")
    found, notices = cases.import_sheet(project, path, coder="ann", options=options, **more)  # type: ignore[arg-type]
    return found, [str(notice) for notice in notices], notices


def test_names_are_found_whatever_their_capitals_and_blanks(project: Project) -> None:
    found, told, _ = sheet(project, "name,phase\n  maya ,primary\nBEN,secondary\n")
    assert {case.name: case.attributes["phase"] for case in found} == {"Maya": "primary", "Ben": "secondary"}
    assert len(project.cases()) == 2
    assert not any("new case" in said for said in told)


def test_two_rows_of_one_person_never_widen_a_consent_and_say_where_they_differ(project: Project) -> None:
    rows = "name,age,consent\nBen ,34,analyse\nben,35,quote\nIda,1,quote\nIDA,1,analyse\n"
    found, told, _ = sheet(project, rows)
    assert {case.name: (case.attributes["age"], case.consent) for case in found} == {
        "Ben": (34, "analyse"),
        "Ida": (1, "analyse"),
    }
    assert any('a second row for "Ben", as "ben": age is 34 there and 35 here' in said for said in told)
    assert any("the narrower counts" in said for said in told)


def test_what_a_sheet_changes_is_said_and_a_wider_consent_with_a_warning(project: Project) -> None:
    _, told, notices = sheet(project, "name,age,consent\nMaya,31,quote\n")
    assert "case Maya: age (30 → 31) changed" in told
    assert Notice("case Maya", "warning", "consent was analyse and is quote now") in notices
    _, told, _ = sheet(project, "name,age,consent\nMaya,31,quote\n")
    assert not any("Maya" in said for said in told)


def test_new_names_are_listed_in_one_line_and_a_likely_slip_by_itself(project: Project) -> None:
    _, told, notices = sheet(project, "name,phase\nMayaa,primary\nQuentin,primary\n")
    assert "sheet.csv: 2 new cases, no source is theirs yet: Mayaa, Quentin" in told
    near = [notice for notice in notices if notice.where == "Mayaa"]
    assert [(each.severity, "Maya" in each.message) for each in near] == [("warning", True)]


def test_a_dry_run_changes_nothing(project: Project) -> None:
    before = project.cases()
    found, _, _ = sheet(project, "name,age\nMaya,99\nQuentin,1\n", dry_run=True)
    assert [(case.name, case.attributes["age"]) for case in found] == [("Maya", 99), ("Quentin", 1)]
    assert project.cases() == before


def test_participants_are_found_by_their_label_while_only_one_has_it(project: Project) -> None:
    path = project.folder.parent / "group-1.txt"
    path.write_text(GROUP)
    importing.import_paths(project, importing.Request((path,), cases_by="speakers"), coder="ann")
    _, told, _ = sheet(project, "name,phase\nP1,primary\ngroup-1/P2,secondary\n")
    assert 'P1: taken for the case "group-1/P1"' in told
    assert project.case("P1").attributes == {"phase": "primary"}
    path.with_name("group-2.txt").write_text(GROUP.replace("chance", "luck"))
    again = importing.Request((path.with_name("group-2.txt"),), cases_by="speakers")
    importing.import_paths(project, again, coder="ann")
    before = project.cases()
    found, told, _ = sheet(project, "name,phase\nP1,other\n")
    assert (found, project.cases()) == ((), before)
    assert any('"P1" stands for 2 cases' in said and "group-1/P1, group-2/P1" in said for said in told)
    with pytest.raises(UsageError):
        project.case("P1")


def test_numbers_and_dates_of_a_sheet_can_be_compared(project: Project) -> None:
    path = project.folder.parent / "group-1.txt"
    path.write_text(GROUP)
    importing.import_paths(project, importing.Request((path,), cases_by="speakers"), coder="ann")
    sheet(project, 'name,income,joined\nP1,"1,5",4.3.2021\nP2,"12,25",14.3.2021\n')
    assert project.case("P1").attributes == {"income": 1.5, "joined": "2021-03-04"}
    for query, cases_ in (("income>2", {"group-1/P2"}), ("joined<2021-03-10", {"group-1/P1"})):
        narrowed, _ = retrieving.scope(project, Choice(where=query))
        assert {case for source in narrowed.sources for case in source.cases} == cases_


def test_a_person_s_consent_is_the_narrower_of_two_linked_cases_wherever_they_speak(project: Project) -> None:
    path = project.folder.parent / "group-1.txt"
    path.write_text(GROUP)
    importing.import_paths(project, importing.Request((path,), cases_by="speakers"), coder="ann")
    cases.set_attributes(project, "P1", ["consent=archive", "age=31"], coder="ann")
    joined, told = cases.link(project, "group-1/P1", "Maya", coder="ann")
    assert (joined.consent, joined.sources) == ("analyse", ("group-1",))
    assert dict(joined.attributes) == {"age": 30, "age (group-1/P1)": "31"}
    assert len(told) == 2
    assert project.source("group-1").cases == ("Maya", "group-1/P2")
    assert [each.case for each in speaking.listed(project.source("group-1"))] == [None, "Maya", "group-1/P2"]


def test_a_consent_that_was_recorded_by_mistake_is_taken_back(project: Project) -> None:
    assert project.case("Maya").consent == "analyse"
    assert cases.set_attributes(project, "Maya", ["consent="], coder="ann").consent is None
    assert cases.set_attributes(project, "Maya", ["phase=primary"], coder="ann").consent is None
    assert cases.set_attributes(project, "Maya", ["consent=quote"], coder="ann").consent == "quote"
    project.undo("ann")
    assert project.case("Maya").consent is None
