"""Disagreements at the keyboard: nothing is chosen beforehand, and a blind coder meets them only on request."""

from __future__ import annotations

from qualcode.session.acting import Session
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import adjudicating
from tests.session.test_settling import code_apart, held
from tests.tui.driving import Driver, drive


def test_disagreements_are_settled_with_a_reason_undone_and_left(study: Project, sitting: Sitting) -> None:
    code_apart(study)
    sitting.refresh()

    async def journey(driver: Driver) -> None:
        await driver.press("Q", "tab", "tab", "tab")
        assert "disagreements to settle · 1 of 2" in driver.screen
        assert adjudicating.decisions(study) == {}
        while "same place, other code" not in driver.screen:
            before = driver.screen
            await driver.press("j")
            assert driver.screen != before
        assert "1 ann" in driver.screen
        assert "2 ben" in driver.screen
        assert "What do you do in a week?" in driver.screen
        assert "And who helps you?" in driver.screen
        await driver.press("enter")
        assert "Esc comes back" in driver.status
        await driver.press("escape", "w")
        await driver.type("she plans")
        await driver.press("enter")
        assert "why: she plans" in driver.screen
        await driver.press("escape")
        assert "would not be kept" in driver.status
        await driver.press("1")
        assert driver.status == "saved  ann · 1 left"
        await driver.press("u")
        assert "of 2" in driver.screen
        await driver.press("U", "s")
        assert "later" in driver.screen
        await driver.press("b")
        assert driver.status == "saved  everyone's codes · 0 left · first has its consensus"
        await driver.press("n", "3", "c", "w", "enter", "s", "tab")
        assert "suggestions · nothing here" in driver.screen
        await driver.press("escape")
        assert driver.app.screen.__class__.__name__ == "Reading"

    drive(sitting, journey)
    assert held(study) == [(2, "role/managerial"), (6, "role/managerial")]
    assert sorted(decision.why for decision in adjudicating.decisions(study).values()) == ["", "she plans"]


def test_a_blind_coder_sees_nobodys_codings_until_they_say_yes(study: Project) -> None:
    code_apart(study)
    sitting = Sitting(Session(study, "ann"), blind=True)
    sitting.begin("first")

    async def journey(driver: Driver) -> None:
        await driver.press("Q", "tab", "tab", "tab")
        assert "show what others coded?" in driver.screen
        await driver.press("enter")
        assert "suggestions" in driver.screen.splitlines()[0]
        await driver.press("tab", "tab", "tab", "escape")
        assert study.seen("ann") == frozenset()
        await driver.press("tab", "down", "enter")
        assert "disagreements to settle · 1 of 2" in driver.screen
        assert study.seen("ann") == {(sitting.id, "a" * 32, "ben")}

    drive(sitting, journey)
