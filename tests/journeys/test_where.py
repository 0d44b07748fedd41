"""A query narrows what is looked at by sources and cases, and what is counted by codings; denominators tell which."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qualcode.analysis.request import Request
from qualcode.report import Table
from qualcode.store import Project
from qualcode.workflow import projects, retrieving, writing_up
from qualcode.workflow.retrieving import Choice


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("where") / "study"
    projects.start(folder, example=True)
    return Project.open(folder)


def row(project: Project, where: str | None) -> dict[str, object]:
    choice = Choice(codes=("role/pastoral",), where=where)
    table: Table = writing_up.report(project, "frequencies", Request(layer="ann"), choice).tables[0]
    return dict(zip(table.columns, table.rows[0], strict=True))


def test_a_condition_on_cases_narrows_the_denominator(project: Project) -> None:
    assert (row(project, None)["of"], row(project, "phase=secondary")["of"]) == (5, 3)


def test_a_condition_on_codings_leaves_the_denominator(project: Project) -> None:
    every, some = row(project, None), row(project, '"mentor"')
    assert some["of"] == every["of"] == 5
    assert 0 < some["segments"] < every["segments"]  # type: ignore[operator]


def test_both_kinds_of_condition_do_what_each_does(project: Project) -> None:
    both = row(project, 'phase=secondary AND "mentor"')
    assert both["of"] == 3
    assert both["segments"] <= row(project, '"mentor"')["segments"]  # type: ignore[operator]


def test_the_same_query_lists_the_codings_themselves(project: Project) -> None:
    found = retrieving.codings(project, Choice(where="code:pastoral AND NOT coder:ben AND phase=secondary"))
    assert {(c.code, c.coder) for c in found} == {("role/pastoral", "ann")}
    assert {c.source.case for c in found} <= {"interview-2", "interview-3", "interview-4"}
    assert len(found) > 5


def test_an_export_holds_what_the_query_takes(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.folder, tmp_path / "study")
    choice = Choice(where="source:interview-1 AND coder:ann")
    report = writing_up.report(project, "quotations", Request(), choice)
    origins = {block.origin.split(",")[0] for block in report.blocks if hasattr(block, "origin")}
    assert origins == {"interview-1"}
