"""Undo to empty and back, across restarts; undo in any order; the past as it was (O33)."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from qualcode.model import MemoTarget
from qualcode.store import Project, schema
from tests.faults import deaths, workflow
from tests.faults.command import ask, listing, quiet, refuses, tables, works

KEPT = tuple(name for name in schema.PROJECTED if name not in ("undone", "milestone"))


def state(study: Path) -> dict[str, object]:
    """What undo must restore."""
    return {name: rows for name, rows in tables(study).items() if name in KEPT}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, object]]]:
    """A study of many acts, and its state before the first and after each."""
    home = tmp_path_factory.mktemp("back")
    study = home / "study"
    workflow.files(home)
    works(ask("init", study))
    states = [state(study)]
    for command in workflow.undoable(home):
        works(ask("--project", study, *workflow.filled(study, command)))
        states.append(state(study))
        assert states[-1] != states[-2], command
    return study, states


def test_every_command_is_undone_to_empty_and_done_again(played: tuple[Path, list[dict[str, object]]]) -> None:
    """O33: step by step, each step a start of its own; the tables are those of that moment to the last value."""
    study, states = played
    for before in reversed(states[:-1]):
        quiet(works(ask("--project", study, "undo")))
        assert state(study) == before
    refuses(ask("--project", study, "undo"), 2)
    deaths.sound(study).close()
    for after in states[1:]:
        works(ask("--project", study, "redo"))
        assert state(study) == after
    refuses(ask("--project", study, "redo"), 2)
    deaths.sound(study).close()


def test_the_project_can_be_read_whatever_is_undone(
    played: tuple[Path, list[dict[str, object]]], tmp_path: Path
) -> None:
    """O33: any act by its id, in any order: the import under codings, the codebook under its codes."""
    study = deaths.fresh(played[0], tmp_path / "study")
    dice, turned = random.Random(33), 0
    for _ in range(40):
        entry = dice.choice(works(ask("--project", study, "history", "--json")).json)
        said = quiet(ask("--project", study, "redo" if entry["undone"] else "undo", entry["id"]))
        if said.status:
            refuses(said, 2)
            continue
        turned += 1
        deaths.sound(study).close()
        for command in workflow.reads(tmp_path)[:18]:
            said = quiet(ask("--project", study, *command))
            assert said.status in (0, 2), (command, said)
            if said.status:
                refuses(said)
        if turned > 8:
            return
    assert turned > 3


def test_what_was_is_shown_as_of_any_act(played: tuple[Path, list[dict[str, object]]]) -> None:
    """O33: a time, or a milestone; nothing is written by looking."""
    study = played[0]
    before = tables(study), listing(study)
    entries = works(ask("--project", study, "history", "--json")).json
    counts = []
    for entry in entries[:: max(1, len(entries) // 10)]:
        said = works(ask("--project", study, "coding", "list", "--as-of", entry["at"], "--json"))
        counts.append(len(said.json))
    assert counts[0] == 0
    assert max(counts) > 0
    assert (tables(study), listing(study)) == before


@pytest.mark.parametrize(
    ("moment", "statuses"),
    [
        *(("1800-01-01", (0,)), ("0001-01-01", (0, 2)), ("9999-12-31", (0, 2)), ("9999-12-31T23:59:59-12:00", (0, 2))),
        *(("0001-01-01T00:00:00+14:00", (0, 2)), ("2026-02-30", (2,)), ("2026-11-28T25:00", (2,)), ("", (2,))),
        *((" ", (2,)), ("../x", (2,)), ("\x1b[31m", (2,)), ("n" * 300, (2,)), ("2026-W01", (0, 2))),
    ],
)
def test_any_moment_is_a_time_or_refused_in_one_line(
    played: tuple[Path, list[dict[str, object]]], moment: str, statuses: tuple[int, ...]
) -> None:
    said = quiet(ask("--project", played[0], "coding", "list", "--as-of", moment))
    assert said.status in statuses, said.err
    if said.status:
        refuses(said, 2)


@pytest.mark.parametrize("name", ["a/b", "../x", "line\nbreak", "\x1b[31m", "n" * 300, "2026-03-01", "'; DROP"])
def test_a_milestone_of_any_name_is_kept_listed_and_asked_for(tmp_path: Path, name: str) -> None:
    study = tmp_path / "study"
    deaths.make_project(study, sentences=2)
    before = listing(study).keys()
    quiet(works(ask("--project", study, "milestone", name)))
    works(ask("--project", study, "coding", "add", "--source", "interview-0", "--span", "5:60", "--code", "managerial"))
    assert works(ask("--project", study, "milestone", "--json")).json[0]["name"] == name
    assert works(ask("--project", study, "coding", "list", "--as-of", name, "--json")).json == []
    refuses(ask("--project", study, "milestone", name), 2)
    assert listing(study).keys() == before


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_a_milestone_needs_a_name(tmp_path: Path, name: str) -> None:
    deaths.make_project(tmp_path / "study", sentences=2)
    refuses(ask("--project", tmp_path / "study", "milestone", name), 2)
    assert works(ask("--project", tmp_path / "study", "milestone", "--json")).json == []


def test_undo_takes_a_merge_back_and_the_merge_brings_it_again(tmp_path: Path) -> None:
    """O33: merge included."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    deaths.make_project(mine, sentences=3)
    deaths.fresh(mine, theirs)
    with Project.open(theirs) as project, project.act("codebook apply", "ben") as act:
        act.set_case(project.cases()[0].id, {"attributes": {"phase": "a"}})
    before = state(mine)
    works(ask("--project", mine, "merge", theirs))
    after = state(mine)
    assert after != before
    works(ask("--project", mine, "undo"))
    assert state(mine) == before
    works(ask("--project", mine, "merge", theirs))
    assert state(mine) == after


@pytest.mark.parametrize(
    "times", [pytest.param(300, id="quick"), pytest.param(3000, marks=pytest.mark.soak, id="soak")]
)
def test_undo_stays_quick_in_a_long_history(tmp_path: Path, times: int) -> None:
    """O33: a week of single codings lies behind it."""
    folder = tmp_path / "study"
    deaths.make_project(folder)
    with Project.open(folder) as project:
        project._conn.execute("PRAGMA synchronous = OFF")
        for at in range(times):
            with project.act("memo add", "ann") as act:
                act.put_memo(MemoTarget("project"), f"memo {at}")
        began = time.monotonic()
        project.undo("ann")
        project.redo("ann")
        assert time.monotonic() - began < 2
