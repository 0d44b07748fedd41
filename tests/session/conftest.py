"""A sitting of ann's over the invented study."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.session.acting import Session
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from tests.session.study import start


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Project]:
    with start(tmp_path / "study") as project:
        yield project


@pytest.fixture
def sitting(study: Project) -> Sitting:
    made = Sitting(Session(study, "ann"))
    made.begin("first")
    return made
