"""A registry names without importing, loads one thing, and survives a broken plug-in."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest

from qualcode.errors import PluginError, UsageError
from qualcode.registry import Registry


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    points = [
        EntryPoint("theirs", "collections:OrderedDict", "qualcode.readers"),
        EntryPoint("broken", "no_such_module_anywhere:x", "qualcode.readers"),
        EntryPoint("txt", "collections:deque", "qualcode.readers"),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [p for p in points if p.group == group])
    return Registry("reader", "qualcode.readers", {"txt": "html:escape", "odd": "this_is_not_there:x"})


def test_names_are_the_table_in_order_and_import_nothing(registry: Registry) -> None:
    before = set(sys.modules)
    assert registry.names() == ("txt", "odd")
    assert set(sys.modules) == before


def test_all_names_add_strangers_without_importing_them(registry: Registry) -> None:
    assert registry.all_names() == ("txt", "odd", "theirs", "broken")
    assert "no_such_module_anywhere" not in sys.modules


def test_a_bundled_name_wins_over_a_strangers(registry: Registry) -> None:
    import html

    assert registry.load("txt") is html.escape


def test_a_strangers_own_is_loaded(registry: Registry) -> None:
    from collections import OrderedDict

    assert registry.load("theirs") is OrderedDict


def test_a_broken_plug_in_is_named_and_kept_apart(registry: Registry) -> None:
    with pytest.raises(PluginError, match=r'the plug-in "broken" .* cannot be loaded: ModuleNotFoundError'):
        registry.load("broken")


def test_an_unknown_name_gets_the_nearest_or_the_list(registry: Registry) -> None:
    with pytest.raises(UsageError, match='no reader "thiers" — did you mean "theirs"'):
        registry.load("thiers")
    with pytest.raises(UsageError, match="known: txt, odd, theirs, broken"):
        registry.load("zzzzzz")


def test_the_table_of_the_caller_is_copied() -> None:
    table = {"a": "html:escape"}
    registry = Registry("thing", "qualcode.nothing", table)
    table["b"] = "html:escape"
    assert registry.names() == ("a",)
