"""No text of a transcript breaks the screen, and what is stored is what was selected, to the code point."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from qualcode.graphemes import splits_grapheme
from qualcode.model import Bundle, Code, Codebook, Source, Span, Turn
from qualcode.session.acting import Session
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from tests.tui.driving import Driver, drive

NASTY = (
    "[/]", "[bold red]", "[[", "\\[x]", "{x}", "%s", "\x1b[31mred", "\x1b]52;c;AAAA\x07", "\x9b2J",
    "\x01", "\x07", "\x85",
    "\u202eabc\u202c", "\u2066x\u2069", "שלום עולם",
    "مرحبا بالعالم", "e\u0301", "a" + "\u0335\u0489" * 9, "\u0301", "\u200b",
    "\u200d", "\ufeff", "\u00ad", "\u2028",
    "\u00a0", "\t", "学校", "あ" * 60, "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇬🇧🇫🇷", "1️⃣", "👍🏽", "क्षि", "각", "ﷺ",
    "x" * 130, "don’t", "…", "—", "?!", "“So,”", "a.b.c",
    "Mr. Smith", "$(rm -rf)", "'; DROP", "\ue000", "\U0010fffd", "ﬁ",
)  # fmt: skip
KEYS = (
    "down", "up", "right", "left", "right_curly_bracket", "left_curly_bracket", "pagedown", "pageup", "home", "end",
    "enter", "l", "h", "L", "H", "v", "V", "o", "escape", "x", "x", "right_square_bracket", "tab", "t", "p",
)  # fmt: skip
SIZES = ((80, 24), (40, 12), (121, 30), (21, 7), (80, 24))


def nasty(dice: random.Random, key: str) -> Source:
    """An interview of some turns of nasty words; now and then a turn is white space, or one long word."""
    text, turns = "", []
    for n in range(1, dice.randint(2, 9)):
        words = [dice.choice(NASTY) for _ in range(dice.randint(1, 25))]
        said = dice.choice((" ", " ", "", "\n", ". ")).join(words) + dice.choice(("", ".", "\n\n"))
        label = f"{dice.choice(('I', 'Ró🙂', '[/b]', 'שׁ', 'A' * 30))}: "
        text += label
        turns.append(Turn(n, Span(len(text), len(text) + len(said)), label[:-2], dice.choice(("interviewer", None))))
        text += said + "\n"
    return Source(
        key, f"s {key[:4]} {dice.choice(NASTY)[:9]}", "interview", text, tuple(turns), sha256=key * 2, file="f.txt"
    )


def study(folder: Path, seed: int, count: int) -> Project:
    dice = random.Random(seed)
    project = Project.start(folder)
    texts = [nasty(dice, f"{n:032x}") for n in range(count)]
    bare = "\u0301 \u200b\n"
    texts.append(Source("f" * 32, "no turns", "document", bare + "One word", sha256="f" * 64))
    project.add(Bundle(sources=tuple(texts)), coder=None)
    with project.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("role", "1", (Code("role/a-very-long-name-of-a-code", key="m"),)), {})
    return project


@pytest.mark.parametrize(
    ("seed", "count"), [(1, 12), (2, 12), *(pytest.param(n, 60, marks=pytest.mark.soak) for n in range(10, 16))]
)
def test_every_text_is_drawn_moved_through_and_coded_as_selected(tmp_path: Path, seed: int, count: int) -> None:
    project, dice = study(tmp_path / "study", seed, count), random.Random(seed)
    sitting = Sitting(Session(project, "ann"))
    sitting.begin(None)
    coded: list[tuple[str, str]] = []

    async def journey(driver: Driver) -> None:
        for n, name in enumerate(project.source_names()):
            sitting.open(name)
            driver.app.screen.opened()  # type: ignore[attr-defined]
            await driver.pilot.resize_terminal(*SIZES[n % len(SIZES)])
            for _ in range(3):
                await driver.rush(*(dice.choice(KEYS) for _ in range(6)))
                same_width(driver, SIZES[n % len(SIZES)])
                words, before = sitting.reading.words, sitting.reading.selection
                await driver.rush("c", "m")
                if driver.status.startswith("saved"):
                    coded.append((sitting.reading.source.id, words))
                    assert sitting.reading.selection == before
                await driver.rush("enter")

    drive(sitting, journey)
    stored = project.codings()
    assert len(coded) > count
    assert sorted(coded) == sorted((c.source.id, c.segment.quote) for c in stored)
    for coding in stored:
        assert not any(splits_grapheme(coding.source.text, at) for at in (coding.span.start, coding.span.end))
    assert [check for check in project.examine() if not check.ok and check.severity == "error"] == []


def same_width(driver: Driver, size: tuple[int, int]) -> None:
    """Every line fills the screen exactly, and nothing on it drives a terminal."""
    strips = driver.app.screen._compositor.render_strips()
    assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
    drawn = "".join(strip.text for strip in strips)
    assert not any(char in drawn for char in "\x00\x07\x1b\x85\x9b\u202e\u2066\u2028\t\n")
