"""``plugins``: what the registries hold, bundled and from strangers, without importing any of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from qualcode.cli import terminal
from qualcode.cli.request import Request
from qualcode.report import Report, Table

if TYPE_CHECKING:
    from qualcode.registry import Registry

REGISTRIES = {
    "reader": "qualcode.readers:READERS",
    "suggester": "qualcode.suggesters:SUGGESTERS",
    "writer": "qualcode.writers:WRITERS",
    "renderer": "qualcode.renderers:RENDERERS",
}


def plugins(request: Request) -> None:
    """List what can be read, suggested with, written and rendered, bundled or installed.

    A plug-in is a package with an entry point in `qualcode.readers`, `.suggesters`, `.writers` or `.renderers`.
    """
    rows = [
        {"kind": kind, "name": name, "from": "qualcode" if name in registry.table else "plug-in"}
        for kind, registry in _registries().items()
        for name in registry.all_names()
    ]
    terminal.answer(request, lambda: rows, lambda: _report(rows))


def _registries() -> dict[str, Registry]:
    found = {}
    for kind, target in REGISTRIES.items():
        module, _, attribute = target.partition(":")
        found[kind] = getattr(import_module(module), attribute)
    return found


def _report(rows: list[dict[str, str]]) -> Report:
    table = Table(columns=("kind", "name", "from"), rows=tuple(tuple(row.values()) for row in rows))
    return Report("What is at hand", (table,))
