"""A dozen screens as text, looked at by eye. ``python -m tests.tui.test_dumps`` writes them anew.

Text and not SVG: a drawing of one screen has 30 kB, changes with every shade, and nobody reads its difference.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from qualcode.model import Reason, Segment, Suggestion
from qualcode.session.acting import Place, Session
from qualcode.session.sitting import Sitting
from qualcode.workflow import relations, revising
from tests.session.study import start
from tests.tui.driving import Driver, drive

HOME = Path(__file__).parent / "dumps"


class Dump(NamedTuple):
    """A screen: what is pressed to get there, and its size."""

    keys: tuple[str, ...]
    size: tuple[int, int] = (80, 24)


DUMPS = {
    "reading": Dump(("t", "j", "l")),
    "reading-wide": Dump(("t",), (124, 30)),
    "reading-narrow": Dump(("t",), (44, 16)),
    "a-key-is-awaited": Dump(("t", "c")),
    "picking": Dump(("t", "a", *"list")),
    "making": Dump(("t", "a", *"pastorall")),
    "memo": Dump(("t", "m", *"why not")),
    "side-by-side": Dump(("equals_sign",), (110, 24)),
    "by-code": Dump(("t", "R")),
    "chart": Dump(("G",)),
    "answers": Dump(("A",)),
    "an-orphan-looks-for-a-place": Dump(("Q", "tab", "enter")),
}


def prepared(folder: Path) -> Sitting:
    """The study with codings of two people, memos, marks, a set, a link, a suggestion and an orphan."""
    study = start(folder)
    ann, ben = Session(study, "ann"), Session(study, "ben")
    ann.add("first", Place(quote="I plan the timetable. [laughs] Then I listen."), "managerial")
    ann.add("first", Place(quote="Then I listen."), "listening", memo="the quiet part", certainty=0.75)
    ann.add("first", Place(quote="The forms."), "managerial")
    ben.add("first", Place(quote="A mentor cries [/] and I close the door."), "pastoral")
    ben.add("first", Place(quote="Nobody helps."), "pastoral")
    for source in ("survey/Q1", "survey/Q2"):
        ann.add(source, Place(turn=1), "pastoral")
    relations.put(study, "daily work", ["managerial", "listening"], coder="ann")
    relations.link(study, "listening", "leads to", "pastoral", coder="ann")
    revising.revise_turn(study, "first", 6, "Papers, papers, papers.", coder="ann")
    source = study.source("first")
    proposed = Segment(source, source.turns[3].span)
    study.propose([Suggestion(proposed, "role/pastoral", 0.5, "cues", "1", Reason("cue", "helps"), id="c" * 32)])
    sitting = Sitting(Session(study, "ann"))
    sitting.open("first")
    sitting.reading.select(sitting.reading.text.at_number("1.1"))
    return sitting


def drawn(dump: Dump, folder: Path) -> str:
    """The screen as text, without blanks at the ends of lines."""
    found: list[str] = []

    async def journey(driver: Driver) -> None:
        await driver.press(*dump.keys)
        found.append(driver.screen)

    sitting = prepared(folder)
    drive(sitting, journey, size=dump.size)
    sitting.project.close()
    return found[0] + "\n"


@pytest.mark.parametrize("name", DUMPS)
def test_a_screen_looks_as_it_was_looked_at(name: str, tmp_path: Path) -> None:
    got = drawn(DUMPS[name], tmp_path / "study")
    assert len(got.splitlines()) == DUMPS[name].size[1]
    assert got == (HOME / f"{name}.txt").read_text(encoding="utf-8"), "python -m tests.tui.test_dumps writes it anew"


def test_there_are_a_dozen_at_most_and_none_is_left_over() -> None:
    assert 0 < len(DUMPS) <= 12
    assert {path.stem for path in HOME.iterdir()} == DUMPS.keys()


if __name__ == "__main__":
    for name, dump in DUMPS.items():
        with tempfile.TemporaryDirectory() as place:
            (HOME / f"{name}.txt").write_text(drawn(dump, Path(place) / "study"), encoding="utf-8")
