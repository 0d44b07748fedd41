"""The reader of pages itself: what it takes for the same, and what it does not."""

from __future__ import annotations

import pytest

from tests.stories.page import Page, aligned, commands, kept_short

STORY = "Say hello.\n\n```console\n$ hello\nGood day.\n```\n"


def told(text: str, *printed: list[str]) -> tuple[str, list[str]]:
    """The page as told when its commands print that, and the commands as they were run."""
    outputs = iter(printed)
    run: list[str] = []

    def shell(words: str) -> list[str]:
        run.append(words)
        return next(outputs)

    return Page(text).told(shell, lambda name, body: run.append(f"{name}: {body}")), run


def test_a_true_page_stays_as_it_is() -> None:
    assert told(STORY, ["Good day."]) == (STORY, ["hello"])


def test_a_false_page_is_told_anew() -> None:
    got, _ = told(STORY, ["Good evening.", "[exit 2]"])
    assert got == STORY.replace("Good day.", "Good evening.\n[exit 2]")


def test_a_silent_command_is_told_as_silent() -> None:
    got, _ = told(STORY, [])
    assert got == STORY.replace("Good day.\n", "")


def test_a_command_goes_on_after_a_backslash() -> None:
    (command,) = commands("$ say \\\n>   hello\nhello\n")
    assert command.words == "say \\\n  hello"
    assert command.expected == ("hello",)


def test_a_quotation_is_output_and_not_a_command_that_goes_on() -> None:
    (command,) = commands("$ cat page.md\n> I would keep it.\n")
    assert (command.words, command.expected) == ("cat page.md", ("> I would keep it.",))


def test_output_before_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with a command"):
        commands("hello\n$ say hello\n")


def test_a_block_with_a_name_is_a_file_and_others_are_not() -> None:
    text = "```text a.txt\nI: Hello\n```\n\n```yaml\ncode: x\n```\n\n" + STORY
    assert told(text, ["Good day."])[1] == ["a.txt: I: Hello\n", "hello"]


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ("a b c", "a b c", True),
        ("a … c", "a c", True),
        ("a … c", "a x y c", True),
        ("a …", "a x y", True),
        ("… c", "x y c", True),
        ("… b …", "a b c", True),
        ("…", "", True),
        ("a … b … c", "a x b y c", True),
        ("a c", "a x c", False),
        ("a …", "x a", False),
        ("… c", "c x", False),
        ("… b …", "a c", False),
        ("a … b … c", "a b", False),
        ("a … a", "a", False),
        ("", "a", False),
        ("a", "", False),
    ],
)
def test_an_ellipsis_stands_for_any_lines(expected: str, got: str, same: bool) -> None:
    assert (aligned(expected.split(), got.split()) is not None) == same


def test_an_ellipsis_never_hides_how_a_command_ended() -> None:
    text = "```console\n$ hello\n…\n```\n"
    assert told(text, ["Good day."])[0] == text
    assert told(text, ["Good day.", "[exit 2]"])[0] != text


def test_times_differ_and_ids_stand_for_the_real_ones() -> None:
    text = "```console\n$ list\n0a1b2c3d  2026-01-01 10:00:00Z\n$ remove 0a1b2c3d\n0a1b2c3d gone\n```\n"
    got, run = told(text, ["9f9f9f9f  2030-12-31 23:59:59Z"], ["9f9f9f9f gone"])
    assert got == text
    assert run == ["list", "remove 9f9f9f9f"]


def test_an_id_that_changes_along_the_page_is_noticed() -> None:
    text = "```console\n$ add\n0a1b2c3d saved\n$ add\n0a1b2c3d saved\n```\n"
    got, _ = told(text, ["9f9f9f9f saved"], ["8e8e8e8e saved"])
    assert got == text.replace("0a1b2c3d saved\n```", "8e8e8e8e saved\n```")


def test_two_ids_that_are_one_are_noticed() -> None:
    text = "```console\n$ add\n0a1b2c3d saved\n$ add\n1a1b2c3d saved\n```\n"
    assert told(text, ["9f9f9f9f saved"], ["9f9f9f9f saved"])[0] == text.replace("1a1b2c3d", "0a1b2c3d")


def test_a_cut_stays_a_cut_when_the_page_is_told_anew() -> None:
    assert kept_short(["a", "…", "z"], ["A", "b", "c", "Z"]) == ["A", "…", "Z"]
    assert kept_short(["a", "…"], ["A", "b", "c"]) == ["A", "…"]
    assert kept_short(["a", "…", "z"], ["A"]) == ["A"]
