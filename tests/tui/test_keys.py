"""The table of keys: every row is a method, every key one row, and screen, help and documentation say the same."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.keys import _character_to_key

from qualcode.tui import keys
from qualcode.tui.screens.answers import Answers
from qualcode.tui.screens.by_code import ByCode
from qualcode.tui.screens.chart import Chart
from qualcode.tui.screens.frame import Frame, action_word
from qualcode.tui.screens.reading import Reading
from qualcode.tui.screens.review import Review
from qualcode.tui.screens.settling import Settling

SCREENS: dict[str, type[Frame]] = {
    "read": Reading,
    "review": Review,
    "settle": Settling,
    "codes": ByCode,
    "chart": Chart,
    "answers": Answers,
}


def test_every_screen_of_the_table_is_there() -> None:
    assert SCREENS.keys() | {"all"} == keys.SCOPES.keys() == {action.scope for action in keys.ACTIONS}
    assert all(scope == screen.SCOPE for scope, screen in SCREENS.items())


@pytest.mark.parametrize("scope", SCREENS)
def test_every_action_is_a_method_and_every_method_an_action(scope: str) -> None:
    named = {action_word(action.name) for action in keys.of(scope)}
    assert len(named) > 5
    methods = {name.removeprefix("action_") for cls in SCREENS[scope].__mro__ if cls.__module__.startswith("qualcode")
               for name in vars(cls) if name.startswith("action_")}  # fmt: skip
    assert named == methods


@pytest.mark.parametrize("scope", SCREENS)
def test_a_key_does_one_thing_on_a_screen(scope: str) -> None:
    used = Counter(key for action in keys.of(scope) for key in action.keys)
    twice = {key for key, n in used.items() if n > 1}
    assert twice == set()


@pytest.mark.parametrize("scope", SCREENS)
def test_the_bindings_are_the_table(scope: str) -> None:
    bound = {
        key: each.action for key, found in SCREENS[scope]._merge_bindings().key_to_bindings.items() for each in found
    }
    for action in keys.of(scope):
        for key in action.keys:
            assert bound[key] == action.name


def test_keys_are_named_as_the_terminal_names_them() -> None:
    for char in "{}[]'\"<>/.,=?*%":
        name = _character_to_key(char)
        assert keys.shown(name) == char
        assert any(name in action.keys for action in keys.ACTIONS)


def test_every_action_says_what_it_does_and_a_footer_fits_a_narrow_screen() -> None:
    assert all(0 < len(action.does) <= 80 and not action.does.endswith(".") for action in keys.ACTIONS)
    for scope in SCREENS:
        assert [word for _, word in keys.footer(scope)][-2:] == ["help", "quit" if scope == "read" else "back"]
    assert keys.footer("read", back=True)[-1] == ("Esc", "back")


def test_the_documentation_has_the_table_as_it_is() -> None:
    from tests.keys_page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.keys_page"
