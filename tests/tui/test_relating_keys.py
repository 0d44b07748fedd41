"""Sets and links at the keyboard: ticks in a list, a line under the definition, and a filter everywhere."""

from __future__ import annotations

from qualcode.model import CodeLink
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import relations
from tests.tui.driving import Driver, drive

MANAGERIAL, PASTORAL = "role/managerial", "role/pastoral"


def test_a_code_is_put_into_a_set_and_taken_out_again(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("s")
        assert driver.status == "no code here — move onto a coding with ] or ["
        await driver.press("t", "c", "m", "s")
        await driver.type("daily work")
        assert "+ make the set “daily work”" in driver.screen
        await driver.press("enter")
        assert driver.status == "saved  managerial in the set daily work"
        assert "in daily work" in driver.screen
        await driver.press("c", "p", "s")
        assert "managerial" in driver.screen
        await driver.press("enter")
        assert driver.status == "saved  pastoral in the set daily work"
        assert [each.codes for each in study.code_sets()] == [(MANAGERIAL, PASTORAL)]
        await driver.press("s", "enter")
        assert driver.status == "saved  pastoral out of the set daily work"
        await driver.press("u")
        assert driver.status == "saved  undone: 1 set changed"
        assert "in daily work" in driver.screen

    drive(sitting, journey, size=(140, 40))
    assert [each.codes for each in study.code_sets()] == [(MANAGERIAL, PASTORAL)]


def test_two_codes_are_linked_in_words_and_the_link_is_taken_away(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("t", "c", "m", "ampersand")
        await driver.type("past")
        await driver.press("enter")
        assert "managerial leads to pastoral" in driver.screen
        await driver.type("eats up")
        await driver.press("enter")
        assert driver.status == "saved  managerial eats up pastoral"
        assert "→ eats up pastoral" in driver.screen
        assert study.code_links() == (CodeLink(MANAGERIAL, "eats up", PASTORAL),)
        await driver.press("R")
        assert "→ eats up pastoral" in driver.screen
        await driver.press("ampersand")
        await driver.type("past")
        await driver.press("enter", "enter")
        assert driver.status == "saved  link taken away: managerial eats up pastoral"
        await driver.press("u")
        assert "→ eats up pastoral" in driver.screen
        await driver.press("escape", "c", "p")
        assert "← managerial eats up this" in driver.screen

    drive(sitting, journey, size=(140, 40))
    assert len(study.code_links()) == 1


def test_a_set_narrows_reading_reading_by_code_and_the_chart(study: Project, sitting: Sitting) -> None:
    relations.put(study, "care", ["listening"], coder="ann")
    sitting.code("managerial")
    sitting.code("listening")
    sitting.refresh_codes()

    async def journey(driver: Driver) -> None:
        assert len(sitting.reading.codings) == 2
        await driver.press("f")
        await driver.type("care")
        await driver.press("enter")
        assert "shows set care" in driver.screen
        assert [c.code for c in sitting.reading.codings] == ["role/pastoral/listening"]
        await driver.press("f")
        await driver.type("everything")
        await driver.press("enter")
        assert len(sitting.reading.codings) == 2
        await driver.press("R", "a")
        await driver.type("care")
        await driver.press("enter")
        assert "set:care · 1 case · 1 of 1" in driver.screen
        assert "listening ann" in driver.screen
        await driver.press("escape", "G")
        assert "managerial" in driver.screen
        await driver.press("f")
        await driver.type("care")
        await driver.press("enter")
        assert driver.status == "1 code of care"
        assert "managerial" not in driver.screen
        await driver.press("f", "enter")
        assert driver.status == "2 codes"
        assert "managerial" in driver.screen

    drive(sitting, journey)


def test_a_set_narrows_the_answers(study: Project, sitting: Sitting) -> None:
    relations.put(study, "care", ["listening", "pastoral"], coder="ann")
    sitting.refresh_codes()

    async def journey(driver: Driver) -> None:
        await driver.press("A", "c", "l", "f")
        await driver.type("care")
        await driver.press("enter")
        assert driver.status == "2 answers, set:care"
        await driver.press("f")
        await driver.type("managerial")
        await driver.press("enter")
        assert driver.status == "0 answers, managerial"

    drive(sitting, journey)
