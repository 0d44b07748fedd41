"""Keys that arrive together do what they do one by one."""

from __future__ import annotations

from dataclasses import replace

from textual import events

from qualcode.model import Code, Codebook
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from tests.tui.driving import Driver, drive


def test_a_code_and_its_key_in_one_packet_code(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.burst("cm\ncp\ncl")
        assert driver.status == "saved  listening · 2.1"
        assert "memo on" not in driver.screen

    drive(sitting, journey)
    assert [c.code.rpartition("/")[2] for c in study.codings()] == ["managerial", "pastoral", "listening"]
    assert [c.segment.turn.n for c in study.codings() if c.segment.turn] == [1, 1, 2]


def test_a_name_typed_before_the_list_is_there_makes_the_code_where_the_hand_was(
    study: Project, sitting: Sitting
) -> None:
    async def journey(driver: Driver) -> None:
        await driver.burst("adm dues\n\n\nmwhy\n")
        assert "memo on the passage · 2.1" in driver.screen
        await driver.press("escape")
        assert "saved  memo on the passage · 2.1" in driver.status

    drive(sitting, journey)
    (coding,) = study.codings()
    assert (coding.code, coding.segment.quote) == ("open/dm-dues", "Thank you for coming.")


def test_many_keys_at_once_end_where_they_would_one_by_one(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.burst("jjjjjkjjkk" * 3)
        fast = sitting.reading.number
        await driver.press("home")
        await driver.press(*("jjjjjkjjkk" * 3))
        assert sitting.reading.number == fast != "1.1"

    drive(sitting, journey)


def test_screens_are_opened_and_left_in_one_burst(sitting: Sitting) -> None:
    sitting.code("managerial")

    async def journey(driver: Driver) -> None:
        await driver.burst("Rjkxa")
        await driver.burst("past\n")
        assert "pastoral" in driver.screen.splitlines()[0]
        await driver.press("escape")
        await driver.burst("/timetable\nn")
        assert driver.status == "hit 2 of 2"

    drive(sitting, journey)


def test_esc_and_a_letter_that_came_as_alt_are_two_keys(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("R")
        driver.app.post_message(events.Key("alt+shift+g", "G"))
        await driver.settled()
        assert "none yet: Enter writes one" in driver.screen
        assert len(driver.app.screen_stack) == 3

    drive(sitting, journey)


def test_where_no_code_has_a_key_the_panel_says_how_to_pick_one(study: Project, sitting: Sitting) -> None:
    with study.act("codebook apply", "ann") as act:
        bare = [replace(code, key=None) for code in study.codes() if code.codebook == "role"]
        more = [Code(f"role/topic-{n}") for n in range(60)]
        act.put_codebook(Codebook("role", "2", (*bare, *more)), {})
    sitting.refresh_codes()

    async def journey(driver: Driver) -> None:
        await driver.press("c")
        assert "no code has a key:" in driver.screen
        assert "pastoral" in driver.screen

    assert all(code.key is None for code in study.codes())
    drive(sitting, journey)
