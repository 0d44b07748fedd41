"""Every key of the table on every screen, whatever is there: something is said or drawn, and nothing breaks."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from qualcode.session.sitting import Sitting
from qualcode.tui import keys
from qualcode.tui.screens.frame import Frame
from tests.tui.driving import Driver, drive
from tests.tui.test_dumps import prepared

WAY = {
    "read": (),
    "review": ("Q",),
    "settle": ("Q", "tab", "tab", "tab"),
    "codes": ("R",),
    "chart": ("G",),
    "answers": ("A",),
}
LEAVING = {"leave", "theme"}


@pytest.fixture
def sitting(tmp_path: Path) -> Sitting:
    return prepared(tmp_path / "study")


def names(scope: str) -> list[str]:
    return [key for action in keys.of(scope) for key in action.keys if action.name not in LEAVING]


async def back(driver: Driver, scope: str) -> None:
    """To the screen of a scope from wherever a key has led."""
    for _ in range(6):
        screen = driver.app.screen
        if isinstance(screen, Frame) and screen.SCOPE == "read" and len(driver.app.screen_stack) == 2:
            break
        await driver.rush("escape")
    await driver.rush("escape", *WAY[scope])


@pytest.mark.parametrize("scope", WAY)
def test_every_key_of_a_screen_does_something_and_breaks_nothing(sitting: Sitting, scope: str) -> None:
    pressed: list[str] = []

    async def journey(driver: Driver) -> None:
        for key in names(scope):
            await back(driver, scope)
            screen = driver.app.screen
            assert isinstance(screen, Frame)
            assert scope == screen.SCOPE
            await driver.rush(key)
            await driver.rush("enter")
            pressed.append(key)
            assert driver.app.broken is None

    drive(sitting, journey)
    assert pressed == names(scope) != []
    assert all(check.ok for check in sitting.project.examine() if check.severity == "error")


@pytest.mark.parametrize("seed", range(2))
def test_keys_in_any_order_break_nothing_and_all_is_undone(sitting: Sitting, seed: int) -> None:
    dice = random.Random(seed)
    every = sorted({key for scope in WAY for key in names(scope)} | {*"abc123", "enter", "escape", "down"})
    assert len(every) > 60

    async def journey(driver: Driver) -> None:
        for _ in range(40):
            await driver.rush(*(dice.choice(every) for _ in range(5)))
            assert driver.app.broken is None
        await back(driver, "read")

    drive(sitting, journey, size=(100, 30))
    assert all(check.ok for check in sitting.project.examine() if check.severity == "error")
