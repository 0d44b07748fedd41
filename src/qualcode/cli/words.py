"""Reading simple parameter values without pydantic.

Typer converts every value, even an absent flag's, with a pydantic adapter: a small command took 228 ms of CPU with it
and takes 97 ms without. Words, numbers, paths and choices among words need no library; anything else stays Typer's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, get_args, get_origin

import typer

from qualcode.errors import nearest

EXPECTED: dict[type, str] = {int: "a whole number", float: "a number", str: "a text", Path: "a path"}


class Words:
    """Converts what was typed for one parameter, once or several times. Raises typer.BadParameter."""

    def __init__(self, read: Callable[[str], object]) -> None:
        self.read = read

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value a command gets: None and nothing stay what they are."""
        several = getattr(param, "multiple", False) or param.nargs == -1
        if value is None:
            return () if several else None
        try:
            return tuple(map(self.read, value)) if several else self.read(value)
        except ValueError as error:
            raise typer.BadParameter(str(error), ctx=ctx, param=param) from None


def read_without_pydantic(params: Iterable[Any]) -> None:
    """Give each simple parameter its own reader; a Typer that keeps its readers elsewhere is left alone."""
    for param in params:
        descriptor = getattr(param, "type_descriptor", None)
        if descriptor is None or not hasattr(param, "_runtime_param"):
            continue
        reader = _reader(descriptor)
        if reader is not None:
            param._runtime_param = Words(reader)


def _reader(descriptor: Any) -> Callable[[str], object] | None:
    info = descriptor.parameter_info
    kind = get_args(descriptor.annotation)[0] if get_origin(descriptor.annotation) is list else descriptor.annotation
    if info.parser is not None or descriptor.is_ranged:
        return None
    if descriptor.is_choice:
        choices = descriptor.choices
        return _choice(choices) if all(type(choice) is str for choice in choices) else None
    if kind is bool:
        return lambda said: said  # a flag: the parser has made it one already
    if kind is Path and (info.exists or info.resolve_path):
        return None
    return _kind(kind) if kind in EXPECTED else None


def _kind(kind: type) -> Callable[[str], object]:
    def read(said: str) -> object:
        try:
            return kind(said)
        except ValueError:
            raise ValueError(f'"{said}" is not {EXPECTED[kind]}') from None

    return read


def _choice(choices: Iterable[str]) -> Callable[[str], object]:
    known = tuple(choices)

    def read(said: str) -> object:
        if said in known:
            return said
        near = nearest(said, known)
        hint = f"did you mean {near}?" if near else f"choose from {', '.join(known)}"
        raise ValueError(f'"{said}" is not one of them; {hint}')

    return read
