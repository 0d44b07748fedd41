"""Coding an interview at the keyboard, from the first turn to the last."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from qualcode.model import Reason, Segment, Suggestion
from qualcode.session.acting import Place, Session
from qualcode.session.sitting import Sitting
from qualcode.session.tour import Tour
from qualcode.store import Project
from qualcode.tui.colours import Depth
from qualcode.tui.screens.reading import Reading
from qualcode.tui.widgets.transcript import Transcript
from qualcode.workflow import codebooks
from tests.tui.driving import Driver, drive


def coded(study: Project) -> list[tuple[str, str]]:
    with Project.open(study.folder) as other:
        return sorted((c.code.rpartition("/")[2], c.segment.quote) for c in other.codings(coders={"ann"}))


def test_an_interview_is_coded_from_the_first_turn_to_the_last(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("t")
        assert "? Thank you for coming. What do you do in a week?" in driver.screen
        await driver.press("c", "m")
        assert driver.status == "saved  managerial · 2.1"
        assert coded(study) == [("managerial", "I plan the timetable. [laughs]")]
        await driver.press("1")
        assert "already" in driver.status
        await driver.press("enter", "l", "l", "c", "p")
        await driver.press("t", "c", "enter")
        await driver.type("nobody")
        assert "+ make the code “nobody”" in driver.screen
        await driver.press("enter")
        assert driver.status == "saved  new code nobody · 4.1"
        await driver.press("t", "2", "D")
        assert driver.status == "saved  first done"
        await driver.press("u", "u")
        assert driver.status == "saved  undone: pastoral 6.1 gone"
        await driver.press("U")
        assert "3 of 3 turns coded" in driver.screen

    drive(sitting, journey)
    assert coded(study) == [
        ("managerial", "I plan the timetable. [laughs]"),
        ("nobody", "Nobody helps."),
        ("pastoral", "The forms."),
        ("pastoral", "Then I listen. A mentor"),
    ]


def test_a_coding_is_resized_recoded_written_on_and_taken_away(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("g")
        await driver.type("2.2")
        await driver.press("enter", "c", "p", "z", "o", "L", "enter")
        assert driver.status == "saved  pastoral now 2.1–2.2"
        await driver.press("z", "h", "h", "escape")
        assert driver.status == "left as it was"
        await driver.press("r")
        await driver.type("manag")
        await driver.press("enter")
        assert driver.status == "saved  pastoral → managerial"
        await driver.press("percent_sign", "m")
        await driver.type("why so")
        assert "I plan the timetable" in driver.screen
        await driver.press("escape")
        assert "saved  memo on managerial" in driver.status

    drive(sitting, journey)
    (coding,) = study.codings()
    assert (coding.code, coding.certainty, coding.memo) == ("role/managerial", 0.25, "why so")
    assert coding.segment.quote == "I plan the timetable. [laughs] Then I listen."

    async def away(driver: Driver) -> None:
        await driver.press("g")
        await driver.type("2.1")
        await driver.press("enter", "d")
        assert driver.status == "saved  managerial taken away · 2.1"

    drive(sitting, away)
    assert study.codings() == ()


def test_search_marks_sources_and_the_list_of_keys(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("slash")
        await driver.type("the timetable")
        await driver.press("enter")
        assert driver.status.startswith("2 hits")
        assert sitting.reading.source.quote(sitting.reading.selection) == "the timetable"
        await driver.press("n")
        assert driver.status == "hit 2 of 2"
        await driver.press("asterisk")
        await driver.press("home", "apostrophe")
        assert sitting.reading.number == "6.2"
        await driver.press("full_stop")
        assert sitting.reading.source.name == "second"
        await driver.press("O")
        await driver.type("Q3")
        await driver.press("enter")
        assert sitting.reading.source.name == "survey/Q3"
        assert "? What are the benefits?" in driver.screen
        await driver.press("question_mark")
        assert "Reading and coding" in driver.screen
        await driver.press("escape", "c", "escape")
        assert driver.status == "no code"

    drive(sitting, journey)


def test_nothing_moves_when_something_is_coded(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        pane = driver.app.screen.query_one(Transcript)
        for number in ("1.1", "4.2", "6.2"):
            await driver.press("g")
            await driver.type(number)
            await driver.press("enter")
            top, selection = pane.scroll_offset.y, sitting.reading.selection
            words = [line[:50].rstrip() for line in driver.screen.splitlines()[3:10]]
            await driver.press("c", "m", "c", "p", "u")
            assert (pane.scroll_offset.y, sitting.reading.selection) == (top, selection)
            assert [line[:50].rstrip() for line in driver.screen.splitlines()[3:10]] == words

    drive(sitting, journey, size=(80, 14))


@pytest.mark.parametrize("depth", ["full", "sixteen", "none"])
@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 50)])
def test_brackets_and_wide_letters_are_printed_whatever_the_screen(
    sitting: Sitting, depth: Depth, size: tuple[int, int]
) -> None:
    sitting.code("managerial")

    async def journey(driver: Driver) -> None:
        seen = driver.screen
        for _ in range(8):
            await driver.press("pagedown")
            seen += driver.screen
        for words in ("[laughs]", "[/]", "学校", "👩"):
            assert words in seen
        assert "managerial"[:6] in seen

    drive(sitting, journey, size=size, depth=depth)


def test_a_resize_keeps_the_place(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("end")
        number = sitting.reading.number
        for width, height in ((120, 40), (60, 15), (30, 10), (80, 24)):
            await driver.pilot.resize_terminal(width, height)
            await driver.pilot.pause()
            assert sitting.reading.number == number == "6.2"
            assert "We plan" in driver.screen

    drive(sitting, journey)


def test_a_size_that_was_not_heard_of_is_taken_within_two_seconds(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def journey(driver: Driver) -> None:
        reading = driver.app.screen
        assert isinstance(reading, Reading)
        assert len(driver.screen.splitlines()) == 24
        monkeypatch.setattr(driver.app, "terminal_size", lambda: (100, 30))
        reading.look_around()
        await driver.settled()
        assert len(driver.screen.splitlines()) == 30
        assert "quit" in driver.screen.splitlines()[-1]

    drive(sitting, journey)


def test_layers_are_narrowed_hidden_and_set_side_by_side(study: Project, sitting: Sitting) -> None:
    sitting.code("managerial")
    Session(study, "ben").add("first", Place(turn=1), "pastoral")
    sitting.refresh()

    async def journey(driver: Driver) -> None:
        assert "managerial +1" in driver.screen
        await driver.press("w")
        assert "shows ann" in driver.screen
        assert "+1" not in driver.screen
        await driver.press("w")
        assert "ben:pastor" in driver.screen
        await driver.press("w", "x")
        assert "managerial" not in driver.screen
        await driver.press("x", "equals_sign")
        assert "shows ann | ben" in driver.screen
        assert any("managerial" in line and "pastor" in line for line in driver.screen.splitlines())
        await driver.press("equals_sign", "f")
        await driver.type("pastoral")
        await driver.press("enter")
        assert [c.coder for c in sitting.reading.codings] == ["ben"]
        await driver.press("f", "enter")
        assert len(sitting.reading.codings) == 2

    drive(sitting, journey)


def test_suggestions_are_seen_only_when_asked_for(study: Project, sitting: Sitting) -> None:
    source = study.source("first")
    span = source.turns[3].span
    reason = Reason("cue", "helps")
    study.propose([Suggestion(Segment(source, span), "role/pastoral", 0.5, "cues", "1", reason, id="c" * 32)])
    sitting.refresh()

    async def journey(driver: Driver) -> None:
        await driver.press("greater_than_sign")
        assert "not shown" in driver.status
        await driver.press("S", "greater_than_sign")
        assert sitting.reading.selection == span
        await driver.press("Q")
        assert "cues, not calibrated: helps" in driver.screen
        await driver.press("enter")
        assert "Esc comes back" in driver.status
        await driver.press("escape")
        assert "suggestions · 1 of 1" in driver.screen
        await driver.press("y")
        assert driver.status == "saved  pastoral accepted · 0 left"
        await driver.press("escape")
        assert len(sitting.reading.codings) == 1

    drive(sitting, journey)
    assert study.seen("ann") == {(sitting.id, source.id, "suggestions")}


def test_dark_turns_light_and_back_everywhere(sitting: Sitting) -> None:
    sitting.code("managerial")

    async def journey(driver: Driver) -> None:
        def grounds() -> set[str]:
            strips = driver.app.screen._compositor.render_strips()
            styles = [segment.style for strip in strips for segment in strip if segment.style and segment.style.bgcolor]
            return {style.bgcolor.name for style in styles if style.bgcolor is not None}

        dark = grounds()
        await driver.press("ctrl+t")
        light = grounds()
        assert len(dark) > 2
        assert not dark & light
        await driver.press("ctrl+t", "down")
        assert not grounds() & light

    drive(sitting, journey)


def test_the_lesson_goes_on_as_its_steps_are_done(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        assert "1/10 ↓" in driver.screen
        await driver.press("m", "escape", "down")
        assert "2/10 Press c" in driver.screen
        await driver.press("c")
        assert "2/10 Press c, then m" in driver.screen, "the code's key is still to come"
        await driver.press("escape", "c", "m")
        assert "3/10 Enter" in driver.screen
        await driver.press("enter", "l")
        assert "5/10 Press a" in driver.screen
        await driver.press("a")
        await driver.type("of my own")
        await driver.press("enter", "u", "m")
        await driver.type("why")
        assert "7/10 m opens" in driver.screen
        await driver.press("escape")
        assert "8/10 t goes" in driver.screen
        await driver.press("t", "R", "escape", "question_mark", "escape")
        assert "That is all you need" in driver.screen

    drive(sitting, journey, tour=Tour())


def test_the_mouse_selects_a_sentence_or_words(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        pane = driver.app.screen.query_one(Transcript)
        shape = pane.shape
        left = shape.number + shape.speaker
        row = pane.wrapped.row(sitting.reading.text.at_number("4.1").start)
        await driver.pilot.click(Transcript, offset=(left + 2, row))
        assert sitting.reading.number == "4.1"
        await driver.pilot.mouse_down(Transcript, offset=(left + 1, row))
        await driver.pilot.mouse_up(Transcript, offset=(left + 9, row))
        await driver.pilot.pause()
        assert sitting.reading.source.quote(sitting.reading.selection) == "Nobody helps"

    drive(sitting, journey)


def test_a_slip_is_corrected_in_place(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("g")
        await driver.type("6.2")
        await driver.press("enter", "c", "m", "T")
        await driver.type(" Yes.")
        await driver.press("escape")
        assert driver.status == "saved  turn 6 corrected"
        assert "Yes." in driver.screen

    drive(sitting, journey)
    assert study.source("first").text.rstrip().endswith("twice now. Yes.")
    assert coded(study) == [("managerial", "We plan the timetable twice now.")]


def test_an_unforeseen_error_ends_it_without_a_word_of_the_transcript(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("timetable")

    monkeypatch.setattr(sitting, "mark", broken)

    async def journey(driver: Driver) -> None:
        await driver.press("asterisk")

    with pytest.raises(RuntimeError):
        drive(sitting, journey)
    printed = capfd.readouterr()
    assert "timetable" not in printed.out + printed.err
    assert "Traceback" not in printed.out + printed.err


def test_an_edited_codebook_file_is_taken_in_while_the_screen_is_open(study: Project, sitting: Sitting) -> None:
    path = study.folder / "codebooks" / "role.yaml"
    path.write_text("qualcode: 1\nname: role\ncodes:\n  - code: managerial\n    key: m\n")
    codebooks.apply(study, str(path), coder="ann", retire=["listening", "pastoral"])
    sitting.take_codes_anew()

    async def journey(driver: Driver) -> None:
        reading = driver.app.screen
        assert isinstance(reading, Reading)
        path.write_text(path.read_text() + "  - code: caring\n    key: p\n")
        reading.look_around()
        assert "taken in" not in driver.status
        reading.look_around()
        assert driver.status == "saved  role.yaml taken in: 1 code added"
        await driver.press("t", "c", "p")
        assert driver.status == "saved  caring · 2.1"
        path.write_text(path.read_text().replace("caring", "care"))
        reading.look_around()
        reading.look_around()
        await driver.pilot.pause()
        assert driver.status == "not taken in: role.yaml no longer has role/caring (1 coding)"
        assert "put it back; or `codebook apply`" in driver.screen.splitlines()[-1]
        await driver.press("u")
        assert driver.status == "saved  undone: caring 2.1 gone"
        assert "help" in driver.screen.splitlines()[-1]

    drive(sitting, journey, size=(90, 24))


def test_a_new_name_is_made_although_its_letters_are_scattered_in_a_code(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("t", "a")
        await driver.type("mngr")
        rows = [line.strip() for line in driver.screen.splitlines()]
        made = next(n for n, line in enumerate(rows) if line.startswith("+ make the code “mngr”"))
        assert rows[made + 1].startswith("role/managerial")
        await driver.press("enter")
        assert driver.status == "saved  new code mngr · 2.1"
        await driver.press("r")
        await driver.type("mngr")
        await driver.press("enter")

    drive(sitting, journey)
    (coding,) = study.codings()
    assert coding.code == "open/mngr"


def test_a_copied_quotation_is_in_a_file_too(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("t", "y", "t", "y")
        assert driver.status == "copied with its attribution · 4.1 · also in exports/copied.md"
        assert "Nobody helps." in driver.app.clipboard

    drive(sitting, journey)
    path = study.folder / "exports" / "copied.md"
    assert [line[:6] for line in path.read_text().split("\n\n")] == ["“I pla", "“Nobod", ""]
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    path.mkdir()
    drive(sitting, journey_without_a_file)


async def journey_without_a_file(driver: Driver) -> None:
    await driver.press("y")
    assert driver.status == "copied with its attribution · 4.1"


def test_drawn_turns_are_counted_shown_and_led_through(study: Project) -> None:
    from qualcode.workflow import sampling_desk

    drawn = sampling_desk.sample(
        study, coder="ann", by="turn", count=3, coders=("ann", "ben"), sources=("first", "second"), seed=3
    )
    places = sorted((unit.source, unit.turn) for unit in drawn.sample.units)
    assert len({source for source, _ in places}) == 2
    sitting = Sitting(Session(study, "ann"))
    sitting.begin(None)

    async def journey(driver: Driver) -> None:
        assert "yours: 3 drawn turns in 2 sources" in driver.status
        assert "drawn turns coded" in driver.screen
        assert "outside of the drawn turns" in driver.screen
        gone = []
        for _ in range(3):
            await driver.press("t", "c", "m")
            assert sitting.reading.turn is not None
            gone.append((sitting.reading.source.id, sitting.reading.turn.n))
            assert "drawn turn 1 of" in driver.screen or "drawn turn 2 of" in driver.screen
        assert sorted(gone) == places
        await driver.press("t")
        assert driver.status.startswith("all that was given to you is coded")
        await driver.press("left_parenthesis")
        assert driver.status.startswith("drawn turn ")
        await driver.press("O")
        await driver.type("to code")
        assert "first" in driver.screen
        assert "second" in driver.screen
        assert "Q1" not in driver.screen

    drive(sitting, journey)


def test_being_done_is_in_the_title_and_its_undoing_is_named(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        assert "· done" not in driver.screen
        await driver.press("D")
        assert driver.status == "saved  first done"
        assert "· done" in driver.screen.splitlines()[0]
        await driver.press("u")
        assert driver.status == "saved  undone: first not done"
        assert "· done" not in driver.screen.splitlines()[0]
        await driver.press("U")
        assert driver.status == "saved  done again: first done"

    drive(sitting, journey)


def test_a_memo_goes_to_the_coding_that_was_chosen(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("t", "L", "c", "m", "escape")
        assert sitting.reading.number == "2.1"
        await driver.press("m")
        assert "memo on the passage · 2.1" in driver.screen
        await driver.press("escape", "tab", "m")
        assert "memo on managerial" in driver.screen
        await driver.type("why")
        await driver.press("escape")

    drive(sitting, journey)
    assert [coding.memo for coding in study.codings()] == ["why"]


def test_a_correction_says_that_leaving_takes_it_in(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("T")
        assert "Esc takes it in, u undoes it" in driver.screen
        await driver.press("escape")
        assert driver.status == "the transcript stays as it was"

    drive(sitting, journey)


def test_a_name_of_many_words_is_not_cut_within_one(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("t", "v", "i")
        line = driver.app.screen.query_one("#line", Input)
        assert line.value == "I plan the timetable. [laughs] Then I listen. A mentor cries"

    drive(sitting, journey)


def test_a_fresh_reading_is_named_in_the_title(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("x")
        assert driver.screen.splitlines()[0].endswith("· ann · codings hidden")

    drive(sitting, journey)
