"""A small YAML file of what each column of a survey is, written at an import and taken by the next wave.

survey: heads
columns:
  "id": case
  "What helps you?": open
  "phase": closed
  "IP address": left out
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, get_args

from qualcode import guards
from qualcode.errors import InputError, nearest
from qualcode.model import ColumnRole, Survey, stable_id

_SEAL = "# as written: "
ROLES: tuple[ColumnRole, ...] = tuple(role for role in get_args(ColumnRole) if role != "empty")


@dataclass(frozen=True, slots=True)
class ColumnFile:
    """Roles by column name, in the file's order, and the survey they belong to, if it says so."""

    file: str = ""
    survey: str | None = None
    roles: tuple[tuple[str, ColumnRole], ...] = ()


def parse(raw: bytes, name: str) -> ColumnFile:
    """The decisions in the bytes of a file called `name`. Raises InputError with its line, LimitExceeded."""
    import yaml

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text", "save it as UTF-8") from error
    guards.check_yaml(text, name)
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        raise InputError(f"{where}: this cannot be read as YAML", "check quotes, colons and indentation") from error
    parts = dict(_entries(node, name)) if node is not None else {}
    strange = next((key for key in parts if key not in ("survey", "columns")), None)
    if strange is not None:
        raise InputError(f'{name}: no entry "{strange}" is known', "it has `survey` and `columns`")
    if "columns" not in parts:
        raise InputError(f"{name} says nothing of columns", "write `columns:` and a line `name: role` for each")
    survey = _word(parts["survey"], name) if "survey" in parts else None
    return ColumnFile(
        name, survey or None, tuple((key, _role(value, name)) for key, value in _entries(parts["columns"], name))
    )


def _entries(node: Any, name: str) -> list[tuple[str, Any]]:
    if node.id != "mapping":
        raise InputError(f"{name}:{node.start_mark.line + 1}: here stand lines `name: role`", "see docs/formats.md")
    found: dict[str, Any] = {}
    for key, value in node.value:
        word = _word(key, name)
        if word in found:
            raise InputError(f'{name}:{key.start_mark.line + 1}: "{word}" stands twice', "keep one of them")
        found[word] = value
    return list(found.items())


def _word(node: Any, name: str) -> str:
    if node.id != "scalar":
        raise InputError(f"{name}:{node.start_mark.line + 1}: one line of text is expected", "see docs/formats.md")
    return " ".join(str(node.value).split())


def _role(node: Any, name: str) -> ColumnRole:
    said = _word(node, name).casefold().replace("_", " ")
    said = {"ignore": "left out", "leave out": "left out", "ignored": "left out"}.get(said, said)
    for role in ROLES:
        if said == role:
            return role
    near = nearest(said, ROLES)
    way_out = f'did you mean "{near}"?' if near else f"choose from {', '.join(ROLES)}"
    raise InputError(f'{name}:{node.start_mark.line + 1}: no role "{said}"', way_out)


def written(survey: Survey) -> str:
    """The file of a survey's columns; empty ones are left out, they are looked at again when they are filled.

    Its last line tells whether somebody has changed it; see `untouched`.
    """
    lines = [
        "# What each column of this survey is: case, occasion, open, closed or left out.",
        "# The project knows this. To change it, edit and give it to `qualcode import FILE --columns`.",
        f"survey: {_quoted(survey.name)}",
        "columns:",
    ]
    lines += [f"  {_quoted(one.name)}: {one.role}" for one in survey.columns if one.role != "empty"]
    text = "\n".join(lines) + "\n"
    return f"{text}{_SEAL}{stable_id('columns', text)[:12]}\n"


def untouched(text: str) -> bool:
    """Whether the file is as it was written."""
    body, seal, digest = text.rpartition(_SEAL)
    return bool(seal) and stable_id("columns", body)[:12] == digest.strip()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")
