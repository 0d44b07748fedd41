"""SIGKILL at random moments: nothing acknowledged is lost, nothing is half done, the doctor finds nothing (O1, O5)."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from qualcode.model import Segment, Span
from qualcode.store import Project
from tests.faults import deaths

QUICK, SOAK = int(os.environ.get("QUALCODE_KILLS", "6")), 250  # each of four commands
CODINGS = 6000  # of a merge: so many that the indexes are made after the rows
pytestmark = pytest.mark.timeout(240 + 10 * QUICK)
TIMES = [pytest.param(QUICK, id="quick"), pytest.param(SOAK, marks=pytest.mark.soak, id="soak")]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kills") / "template"
    deaths.make_project(folder)
    return folder


@pytest.mark.parametrize("times", TIMES)
def test_no_acknowledged_coding_is_lost_when_a_batch_is_killed(template: Path, tmp_path: Path, times: int) -> None:
    acknowledged_once = 0

    def once(dice: random.Random, n: int) -> None:
        nonlocal acknowledged_once
        folder = deaths.fresh(template, tmp_path / "study")
        acknowledged = deaths.batch_until_killed(folder, dice.uniform(0.15, 1.2), deaths.lines(600))
        acknowledged_once += bool(acknowledged)
        with deaths.sound(folder) as project:
            stored = {coding.id for coding in project.codings()}
            assert set(acknowledged) <= stored
            again = {answer["id"] for answer in map(json.loads, finish(folder))}
            assert set(acknowledged) <= again
            assert len(project.codings()) == 600

    def finish(folder: Path) -> list[str]:
        return [json.dumps({"id": key}) for key in deaths.batch_until_killed(folder, 30, deaths.lines(600))]

    deaths.repeat(times, 1, once)
    assert acknowledged_once > 0


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_import_leaves_each_file_whole_or_absent(template: Path, tmp_path: Path, times: int) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for n in range(30):
        (files / f"talk-{n:02}.txt").write_text(
            f"Interviewer: Number {n}?\n\nCoordinator: {n} {deaths.SENTENCE * 50}\n"
        )
    whole = deaths.duration(["--project", str(deaths.fresh(template, tmp_path / "timed")), "import", str(files)])
    partial = set()

    def once(dice: random.Random, n: int) -> None:
        folder = deaths.fresh(template, tmp_path / "study")
        deaths.run_until_killed(["--project", str(folder), "import", str(files)], dice.uniform(0.2, 1) * whole)
        with deaths.sound(folder) as project:
            found = [source for source in project.sources() if source.name.startswith("talk-")]
            assert all(len(source.turns) == 2 and source.case for source in found)
            partial.add(len(found))
        deaths.duration(["--project", str(folder), "import", str(files)])
        with deaths.sound(folder) as project:
            assert len(project.sources()) == 33

    deaths.repeat(times, 2, once)
    assert partial


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_merge_is_whole_or_absent_and_can_be_repeated(template: Path, tmp_path: Path, times: int) -> None:
    other = deaths.fresh(template, tmp_path / "other")
    with Project.open(other) as project, project.act("coding batch", "ben") as act:
        source, code = project.source("interview-1"), project.codes()[0]
        for at in range(CODINGS):
            act.add_coding(Segment(source, Span(5 + at, 60 + at)), code)
    timed = deaths.fresh(template, tmp_path / "timed")
    whole = deaths.duration(["--project", str(timed), "merge", str(other)])

    def once(dice: random.Random, n: int) -> None:
        folder = deaths.fresh(template, tmp_path / "study")
        deaths.run_until_killed(["--project", str(folder), "merge", str(other)], dice.uniform(0.2, 1) * whole)
        with deaths.sound(folder) as project:
            assert len(project.codings()) in (0, CODINGS)
        deaths.duration(["--project", str(folder), "merge", str(other)])
        with deaths.sound(folder) as project:
            assert len(project.codings()) == CODINGS

    deaths.repeat(times, 3, once)


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_revision_has_the_old_text_or_the_new_one_with_its_codings(
    template: Path, tmp_path: Path, times: int
) -> None:
    coded = deaths.fresh(template, tmp_path / "coded")
    with Project.open(coded) as project, project.act("coding batch", "ann") as act:
        source, code = project.source("interview-0"), project.codes()[0]
        for at in range(300):
            act.add_coding(Segment(source, Span(5 + at, 60 + at)), code)
    corrected = tmp_path / "corrected.txt"
    corrected.write_text("Recorded in May.\n\n" + source.text.replace("mentors", "tutors"))
    timed = deaths.fresh(coded, tmp_path / "timed")
    whole = deaths.duration(["--project", str(timed), "revise", "interview-0", str(corrected)])

    def once(dice: random.Random, n: int) -> None:
        folder = deaths.fresh(coded, tmp_path / "study")
        arguments = ["--project", str(folder), "revise", "interview-0", str(corrected)]
        deaths.run_until_killed(arguments, dice.uniform(0.2, 1) * whole)
        with deaths.sound(folder) as project:
            codings = project.codings()
            assert len(codings) == 300
            new = "tutors" in project.source("interview-0").text
            assert {"tutors" in coding.source.text for coding in codings} == {new}

    deaths.repeat(times, 4, once)
