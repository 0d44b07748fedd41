"""Review, reading by code, chart and answers, at the keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qualcode.model import Bundle, Code, Codebook, Reason, Segment, Source, Span, Suggestion, Turn
from qualcode.session.acting import Place, Session
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.tui import keys
from qualcode.tui.app import CodingApp
from qualcode.tui.screens.frame import Frame
from qualcode.tui.screens.help import HelpList
from qualcode.tui.widgets.passage import Passage
from qualcode.workflow import codebooks, revising
from tests.session.test_queues import propose
from tests.tui.driving import Driver, drive


@pytest.fixture
def coded(study: Project, sitting: Sitting) -> Sitting:
    for source, turn, code in (("second", 4, "pastoral"), ("first", 2, "pastoral"), ("first", 4, "listening")):
        sitting.session.add(source, Place(turn=turn), code)
    Session(study, "ben").add("first", Place(turn=6), "pastoral")
    sitting.refresh_codes()
    sitting.refresh()
    return sitting


def test_a_code_is_read_across_cases_and_passages_change_in_place(study: Project, coded: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("t", "R")
        assert "role/pastoral · 2 cases · 1 of 4" in driver.screen or "1 of" in driver.screen
        await driver.press("a")
        await driver.type("pastoral")
        await driver.press("enter")
        assert "role/pastoral · 2 cases · 1 of 4" in driver.screen
        assert "first (3)" in driver.screen
        assert "What do you do in a week?" in driver.screen
        await driver.press("asterisk", "m")
        await driver.type("door")
        await driver.press("escape")
        assert "★ ✎" in driver.screen
        await driver.press("r")
        await driver.type("managerial")
        await driver.press("enter")
        assert driver.status == "saved  pastoral → managerial"
        await driver.press("n")
        await driver.type("alone")
        await driver.press("enter")
        assert "new code" in driver.status
        await driver.press("j", "d")
        assert "taken away" in driver.status or "ben's" in driver.status
        await driver.press("u", "enter")
        assert "Esc comes back" in driver.status
        await driver.press("escape", "escape")
        assert coded.reading.source.name == "first"

    drive(coded, journey)
    assert "role/alone" in {code.path for code in study.codes()}


def test_changed_definitions_are_decided_one_by_one(study: Project, coded: Sitting) -> None:
    book = next(book for book in study.codebooks() if book.name == "role")
    changed = tuple(replace(c, definition="Tears only.") if c.key == "p" else c for c in book.codes)
    with study.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("role", "2.0", changed), {})

    async def journey(driver: Driver) -> None:
        await driver.press("Q")
        assert "another definition · 1 of 2" in driver.screen
        assert "it said: Care for people." in driver.screen
        await driver.press("y")
        assert driver.status == "saved  pastoral accepted · 1 left"
        await driver.press("c")
        await driver.type("manag")
        await driver.press("enter")
        assert driver.status == "saved  pastoral → managerial · 0 left"
        await driver.press("u")
        assert "1 of 1" in driver.screen
        await driver.press("tab", "tab")
        assert "nothing here" in driver.screen
        await driver.press("y", "n", "s", "c", "enter", "escape")

    drive(coded, journey)


def test_what_is_undone_and_done_again_shows_in_every_review_queue(study: Project, coded: Sitting) -> None:
    """Suggestions, anchors and definitions are one screen; its rows are those of the project after each turn."""
    propose(study)

    async def journey(driver: Driver) -> None:
        await driver.press("Q")
        while "suggestions" not in driver.screen.splitlines()[0]:
            before = driver.screen
            await driver.press("tab")
            assert driver.screen != before
        for key in ("y", "n", "s"):
            assert "· 1 of 4" in driver.screen
            await driver.press(key)
            assert "· 1 of 3" in driver.screen
            await driver.press("u")
            assert "of 4" in driver.screen
            await driver.press("U")
            assert "of 3" in driver.screen
            await driver.press("u")
            await driver.press(*["k"] * 4)

    drive(coded, journey)
    assert {s.decision for s in study.suggestions()} == {"pending"}


def test_undoing_the_import_of_the_open_source_says_so_and_redo_brings_it_back(
    study: Project, sitting: Sitting
) -> None:
    text = "R: I plan it all.\n"
    turns = (Turn(1, Span(3, len(text) - 1), "R", "respondent"),)
    study.add(Bundle(sources=(Source("e" * 32, "late", "interview", text, turns, sha256="e" * 64),)), coder="ann")
    sitting.open("late")

    async def journey(driver: Driver) -> None:
        await driver.press("u")
        assert driver.status.startswith("saved  undone: 1 source added · this source went with it")
        await driver.press("j")
        await driver.press("U")
        assert driver.status.startswith("saved  done again")
        assert "I plan it all" in driver.screen

    drive(sitting, journey)
    assert "late" in study.source_names().values()


def test_a_summary_is_written_into_a_cell(study: Project, coded: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("G")
        while "first × pastoral" not in driver.screen.splitlines()[0]:
            before = driver.screen
            await driver.press("down")
            assert driver.screen != before
        assert "none yet" in driver.screen
        await driver.press("enter")
        await driver.type("listens")
        await driver.press("escape")
        assert "✎" in driver.screen
        await driver.press("right", "v")
        assert "Esc comes back" in driver.status
        await driver.press("escape", "escape")

    drive(coded, journey)
    assert [(m.about.kind, m.text) for m in study.memos()] == [("case x code", "listens")]


def test_answers_are_coded_together_from_the_grid(study: Project, sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("A")
        assert "What are the benefits? · 1 of 3" in driver.screen
        assert "2× More ideas" in driver.screen
        assert "years: 2" in driver.screen
        await driver.press("c", "p")
        assert driver.status == "saved  pastoral · 2 identical answers"
        await driver.press("f")
        await driver.type("uncoded")
        await driver.press("enter")
        assert "1 of 1" in driver.screen
        await driver.press("a")
        await driver.type("paper")
        await driver.press("enter")
        assert driver.status == "saved  paper"
        await driver.press("f", "enter", "s", "down", "enter", "s", "enter", "tab", "u", "enter", "escape", "escape")

    drive(sitting, journey)
    assert len(study.codings()) == 2


@pytest.mark.parametrize("key", ["Q", "R", "G"])
@pytest.mark.parametrize("size", [(40, 10), (80, 24), (160, 50)])
def test_a_screen_without_anything_on_it_can_be_opened_and_left(
    sitting: Sitting, key: str, size: tuple[int, int]
) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press(key, "j", "k", "enter", "escape", "escape")

    drive(sitting, journey, size=size)


@pytest.mark.parametrize("text", ["", " \n ", "No label here. [laughs]", "\x1b[31mred\x07 \u202eright [/] [b]"])
def test_any_text_can_be_read_and_no_key_ends_the_program(study: Project, sitting: Sitting, text: str) -> None:
    study.add(Bundle(sources=(Source("e" * 32, "odd", "document", text, sha256="e" * 64),)), coder=None)
    sitting.open("odd")
    plain = [key for action in keys.of("read") for key in action.keys if action.name not in ("leave", "theme")]

    async def journey(driver: Driver) -> None:
        for key in plain:
            await driver.press(key, "escape")
            for _ in range(3):
                if driver.app.screen.__class__.__name__ != "Reading":
                    await driver.press("escape")
            if driver.app.broken is not None:
                raise driver.app.broken
            assert driver.app.screen.__class__.__name__ == "Reading", key
        assert "\x1b" not in driver.screen
        assert "\u202e" not in driver.screen

    drive(sitting, journey)


def test_everybody_can_leave(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("q")

    assert drive(sitting, journey).return_value == 0


def test_an_orphan_is_put_where_it_belongs_from_its_row(study: Project, sitting: Sitting) -> None:
    sitting.reading.select(sitting.reading.text.at_number("6.1"))
    sitting.code("managerial")
    revising.revise_turn(study, "first", 6, "Their papers, every Monday.", coder="ann")
    (lost,) = study.codings()
    assert lost.anchor == "orphan"

    async def journey(driver: Driver) -> None:
        await driver.press("Q")
        assert "places to check after a revision · 1 of 1" in driver.screen
        await driver.press("y")
        assert driver.status == "its words are no longer in the text"
        assert "Enter finds it a place" in driver.screen.splitlines()[-1]
        await driver.press("enter")
        assert "was: The forms." in driver.screen
        assert "z puts it here" in driver.status
        await driver.press("full_stop", "z")
        assert driver.status == "this coding belongs to first — O opens it again"
        await driver.press("escape", "enter", "slash")
        await driver.type("papers")
        await driver.press("enter", "z")
        assert driver.status == "saved  managerial now 6.1"
        assert "nothing here" in driver.screen
        assert [(c.id, c.segment.quote) for c in study.codings()] == [(lost.id, "papers")]
        await driver.press("u")
        assert "places to check after a revision · 1 of 1" in driver.screen
        await driver.press("U", "escape")
        assert len(sitting.reading.codings) == 1

    drive(sitting, journey)


def test_answers_are_sorted_by_choosing_how(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("A", "s")
        assert "closed column" in driver.screen
        await driver.type("years")
        await driver.press("enter")
        assert driver.status == "sorted: years"
        rows = [line.split()[0] for line in driver.screen.splitlines()[1:4]]
        assert rows == ["Q1", "Q3", "Q2"]

    drive(sitting, journey)


def test_rows_are_chosen_and_opened_by_the_mouse(coded: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("R")
        await driver.pilot.click("#menu", offset=(5, 1))
        assert "2 of 4" in driver.screen
        await driver.pilot.click("#menu", offset=(5, 1))
        await driver.settled()
        assert "Esc comes back" in driver.status
        await driver.press("escape", "a")
        await driver.pilot.click("#menu", offset=(5, 0))
        await driver.settled()
        assert "managerial · 0 cases" in driver.screen

    drive(coded, journey)


def test_an_empty_queue_says_what_would_stand_there(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("Q")
        for said in ("qualcode suggest", "After a transcript was corrected", "After a code's definition was changed"):
            assert said in driver.screen
            assert "Tab goes to the next queue" in " ".join(driver.screen.split())
            await driver.press("tab")
        assert "Where two coders" in driver.screen

    drive(sitting, journey)


def test_the_words_a_suggestion_rests_on_are_marked(study: Project, sitting: Sitting) -> None:
    source = study.source("first")
    at = source.text.index("cries")
    proposed = Segment(source, source.turns[1].span)
    reason = Reason("cue", 'cue "cries"', ((at, at + 5),))
    study.propose([Suggestion(proposed, "role/pastoral", 0.5, "cues", "1", reason, id="e" * 32)])

    async def journey(driver: Driver) -> None:
        await driver.press("Q")
        passage = driver.app.screen.query_one(Passage)
        marked = [seg.text for strip in passage._lines for seg in strip if seg.style and seg.style.bgcolor
                  and seg.style.bgcolor.name == "#e0c050"]  # fmt: skip
        assert marked == ["cries"]
        assert driver.screen.splitlines()[-1].endswith("Esc back")

    drive(sitting, journey)


def test_every_line_of_help_can_be_read_to_its_end(sitting: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press("question_mark")
        help_ = driver.app.screen.query_one(HelpList)
        said = " ".join(" ".join(f"{key} {does}" for key, does in help_.rows).split())
        assert "o for the other edge, then Enter" in said
        assert max(len(does) for _, does in help_.rows) <= 80 - 20

    drive(sitting, journey)


def test_every_code_key_is_in_sight_while_an_answer_waits_for_one(study: Project, sitting: Sitting) -> None:
    codes = tuple(Code(f"many/code-{letter}", key=letter) for letter in "abcdefghijklnoqrstuvwxyz")
    with study.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("many", "1.0", codes), {})
    sitting.take_codes_anew()

    async def journey(driver: Driver) -> None:
        await driver.press("A", "c")
        for code in codes:
            assert f"{code.key} {code.path.rpartition('/')[2]}" in driver.screen
        assert "More ideas" in driver.screen
        assert "key code with it" in driver.screen.splitlines()[-1]
        await driver.press("z")
        assert driver.status.startswith("saved  code-z")
        assert "b code-b" not in driver.screen

    drive(sitting, journey)


@pytest.mark.parametrize("keys_to", [("A",), ("R",), ("G",), ("Q",), ("Q", "tab", "tab", "tab")])
def test_what_is_written_elsewhere_shows_on_every_screen(
    study: Project, coded: Sitting, keys_to: tuple[str, ...]
) -> None:
    async def journey(driver: Driver) -> None:
        await driver.press(*keys_to)
        frame = driver.app.screen
        assert isinstance(frame, Frame)
        frame.look_around()
        assert "another command" not in driver.status
        with Project.open(study.folder) as other:
            Session(other, "ann").add("survey/Q3", Place(turn=1), "pastoral")
        frame.look_around()
        await driver.settled()
        assert driver.status.startswith("another command changed the project")
        if keys_to == ("A",):
            row = next(line for line in driver.screen.splitlines() if line.startswith(" Q3"))
            assert row.endswith("pastoral")

    drive(coded, journey)


def test_somebody_who_only_looks_is_no_news(study: Project, coded: Sitting) -> None:
    async def journey(driver: Driver) -> None:
        frame = driver.app.screen
        assert isinstance(frame, Frame)
        before, version = driver.status, study.version
        with Project.open(study.folder) as other:
            reader = Sitting(Session(other, "ben"))
            reader.begin("first")
            reader.leave()
        assert study.version != version
        frame.look_around()
        await driver.settled()
        assert driver.status == before

    drive(coded, journey)


def test_a_codebook_file_is_taken_in_on_another_screen_too(study: Project, sitting: Sitting) -> None:
    path = study.folder / "codebooks" / "role.yaml"
    path.write_text("qualcode: 1\nname: role\ncodes:\n  - code: managerial\n    key: m\n")
    codebooks.apply(study, str(path), coder="ann", retire=["listening", "pastoral"])
    sitting.take_codes_anew()

    async def journey(driver: Driver) -> None:
        await driver.press("A")
        frame = driver.app.screen
        assert isinstance(frame, Frame)
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "  - code: late\n    key: z\n", encoding="utf-8")
        frame.look_around()
        frame.look_around()
        await driver.settled()
        assert driver.status == "saved  role.yaml taken in: 1 code added"
        await driver.press("c", "z")
        assert driver.status.startswith("saved  late")

    drive(sitting, journey)


def test_the_terminal_is_given_back_for_a_while(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[bool] = []
    monkeypatch.setattr(CodingApp, "action_suspend_process", lambda _: gone.append(True))

    async def journey(driver: Driver) -> None:
        await driver.press("ctrl+z")
        await driver.press("R", "ctrl+z")

    drive(sitting, journey)
    assert gone == [True, True]
