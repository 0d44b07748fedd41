"""qualcode: a qualitative interview coding toolkit for the terminal. Public names are resolved lazily."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_PUBLIC = {"open": "qualcode.api:open", "Study": "qualcode.api:Study"}
__all__ = ["Study", "__version__", "open"]


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that ``import qualcode`` costs nothing."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'qualcode' has no attribute {name!r}")
    from importlib import import_module

    module, _, attribute = _PUBLIC[name].partition(":")
    return getattr(import_module(module), attribute)
