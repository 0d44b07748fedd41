"""The same project has the same figures: before and after a merge, an undo and a redo, a backup, an export."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qualcode.agreement import Request
from qualcode.model import Measure
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import agreeing, projects, retrieving, teamwork, writing_up

ASKED = Request(measures=("alpha_nominal", "alpha_set", "gwet_ac1", "pooled_kappa", "u_alpha", "gamma"))
Figures = list[tuple[object, ...]]


def figures(project: Project) -> Figures:
    found = agreeing.agreement(project, ASKED).measures
    assert len(found) > 50
    return [_row(m) for m in found]


def _row(m: Measure) -> tuple[object, ...]:
    ci = None if m.ci is None else tuple(round(bound, 12) for bound in m.ci)
    return m.code, m.codebook, m.measure, m.distance, m.n, None if m.value is None else round(m.value, 12), ci


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "study"
    projects.start(folder, example=True)
    return folder


@pytest.fixture
def project(example: Path, tmp_path: Path) -> Project:
    shutil.copytree(example, tmp_path / "study")
    return Project.open(tmp_path / "study")


def test_an_undone_change_leaves_no_trace_in_the_figures(project: Project) -> None:
    before = figures(project)
    Session(project, "ann").add("interview-1", Place(turn=4), "pastoral")
    changed = figures(project)
    assert changed != before
    project.undo("ann")
    assert figures(project) == before
    project.redo("ann")
    assert figures(project) == changed


def test_two_copies_have_the_same_figures_after_a_merge_whoever_takes_in(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.folder, tmp_path / "other")
    with Project.open(tmp_path / "other") as other:
        Session(other, "ben").add("interview-2", Place(turn=5), "pastoral")
        Session(project, "ann").add("interview-1", Place(turn=4), "managerial")
        before = figures(project)
        teamwork.merge(other, project.folder)
        teamwork.merge(project, tmp_path / "other")
        assert figures(project) == figures(other) != before


def test_a_backup_has_the_figures_it_was_made_of(project: Project, tmp_path: Path) -> None:
    before = figures(project)
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(project.backup(), copy / "qualcode.db")
    with Project.open(copy) as restored:
        assert figures(restored) == before


def test_the_past_has_the_figures_it_had(project: Project) -> None:
    before = figures(project)
    project.milestone("then", "ann")
    Session(project, "ann").add("interview-1", Place(turn=4), "pastoral")
    assert figures(project) != before
    assert figures(project.as_of("then")) == before


def test_exported_codings_brought_into_another_project_have_the_same_figures(project: Project, tmp_path: Path) -> None:
    import json

    before = {row[:6] for row in figures(project) if row[2] != "gamma"}
    bundle = retrieving.retrieve(project, writing_up.ALL)
    assert len(bundle.codings) > 500
    with Project.start(tmp_path / "again") as again:
        with again.act("codebook apply", "ann") as act:
            for book in bundle.codebooks:
                act.put_codebook(book, {})
        again.add(bundle, coder="ann")
        for coder in ("ann", "ben"):
            mine = [c for c in bundle.codings if c.coder == coder]
            lines = [
                json.dumps({"source": c.source.name, "start": c.span.start, "end": c.span.end, "code": c.code})
                for c in mine
            ]
            answers = Session(again, coder).batch(lines)
            assert [answer for answer in answers if "error" in answer] == []
            for status in (s for s in bundle.statuses if s.coder == coder):
                name = next(s.name for s in bundle.sources if s.id == status.source)
                Session(again, coder).set_done([name], status.codebook, status.state)
        assert {row[:6] for row in figures(again) if row[2] != "gamma"} == before
