"""Roles given for a folder go to the files that have the speaker; for one file a mistyped name is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import UsageError
from qualcode.store import Project
from qualcode.workflow import importing, projects


def test_a_role_reaches_the_files_that_have_the_speaker(tmp_path: Path) -> None:
    talks = tmp_path / "talks"
    talks.mkdir()
    for name in ("Hill", "Dale"):
        (talks / f"{name}.txt").write_text(
            f"{name}: And then?\n\nPat: Then we began again.\n\n{name}: Why?\n\nPat: So.\n"
        )
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        request = importing.Request((talks,), roles={"Hill": "interviewer"})
        importing.import_paths(project, request, coder=None)
        roles = {turn.speaker: turn.role for turn in project.source("Hill").turns}
        assert roles["Hill"] == "interviewer"
        assert len(project.sources()) == 2
        wrong = importing.Request((talks / "Hill.txt",), roles={"Hil": "interviewer"})
        with pytest.raises(UsageError):
            importing.import_paths(project, wrong, coder=None)
