"""Registries: a literal table of contents per room, open to strangers by entry points.

`names()` imports nothing, so help and completion stay instant; `load(name)` imports one module.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from qualcode.errors import PluginError, UsageError, nearest


class Registry:
    """Name → ``module:object``. `group` is the entry-point group in which strangers register their own."""

    def __init__(self, noun: str, group: str, table: Mapping[str, str]) -> None:
        self.noun = noun
        self.group = group
        self.table = dict(table)

    @cached_property
    def _strangers(self) -> dict[str, Any]:
        from importlib.metadata import entry_points

        return {point.name: point for point in entry_points(group=self.group)}

    def names(self) -> tuple[str, ...]:
        """The bundled names, in table order; imports nothing."""
        return tuple(self.table)

    def all_names(self) -> tuple[str, ...]:
        """Bundled names and those of installed plug-ins; reads entry points, imports none of them."""
        return tuple(dict.fromkeys([*self.table, *self._strangers]))

    def load(self, name: str) -> Any:
        """The object registered under `name`.

        Raises UsageError for an unknown name and PluginError when a plug-in cannot be imported.
        """
        if name in self.table:
            module, _, attribute = self.table[name].partition(":")
            return getattr(import_module(module), attribute)
        if name in self._strangers:
            try:
                return self._strangers[name].load()
            except Exception as error:
                raise PluginError(
                    f'the plug-in "{name}" ({self.group}) cannot be loaded: {type(error).__name__}',
                    "reinstall or remove it; `qualcode plugins` lists all",
                ) from error
        near = nearest(name, self.all_names())
        way_out = f'did you mean "{near}"?' if near else f"known: {', '.join(self.all_names())}"
        raise UsageError(f'no {self.noun} "{name}"', way_out)
