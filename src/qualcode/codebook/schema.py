"""The JSON Schema that editors check a codebook with, and the table of keys for the documentation.

Both are generated from `fields`. Editors type ``no`` and ``2024`` as a boolean and a number, where qualcode keeps the
text, so a line of text may be any scalar. Tests keep the copies in ``docs/`` true and say how to renew them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from qualcode.codebook.fields import (
    BASES,
    CODE_FIELDS,
    CODEBOOK_FIELDS,
    COLOUR,
    FORMAT,
    PATTERN_LIMIT,
    ROLES,
    SLUG,
    Field,
    Shape,
)

_SCALAR = {"type": ["string", "number", "boolean"]}
_EMPTY = {"type": "null"}
_CUE = {
    "anyOf": [
        _SCALAR,
        {
            "type": "object",
            "properties": {"lemma": _SCALAR, "regex": {**_SCALAR, "maxLength": PATTERN_LIMIT}},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ]
}
_SHAPES: Mapping[Shape, Mapping[str, Any]] = {
    "format": {"enum": [int(FORMAT), FORMAT]},
    "name": {**_SCALAR, "pattern": f"^{SLUG.pattern}$"},
    "slug": {**_SCALAR, "pattern": f"^{SLUG.pattern}$"},
    "line": {"anyOf": [_SCALAR, _EMPTY]},
    "text": {"anyOf": [_SCALAR, _EMPTY]},
    "basis": {"anyOf": [{"enum": list(BASES)}, _SCALAR, _EMPTY]},
    "texts": {"anyOf": [{"type": "array", "items": _SCALAR}, _EMPTY]},
    "cues": {"anyOf": [{"type": "array", "items": _CUE}, _EMPTY]},
    "roles": {"anyOf": [{"type": "array", "items": {"enum": list(ROLES)}}, _EMPTY]},
    "colour": {"type": "string", "pattern": f"^{COLOUR.pattern}$"},
    "key": {**_SCALAR, "maxLength": 1},
    "codes": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/code"}}, _EMPTY]},
}
_SAID: Mapping[Shape, str] = {
    "format": "1",
    "name": "small letters, digits, hyphens",
    "slug": "small letters, digits, hyphens",
    "line": "text",
    "text": "text",
    "basis": " or ".join(BASES),
    "texts": "list of texts",
    "cues": "list of cues",
    "roles": "list of " + ", ".join(ROLES),
    "colour": "six hexadecimal digits",
    "key": "one character",
    "codes": "list of codes",
}


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a codebook file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "qualcode codebook",
        **_object(CODEBOOK_FIELDS),
        "$defs": {"code": _object(CODE_FIELDS)},
    }


def schema_text() -> str:
    """`schema` as it stands in ``docs/codebook.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def key_table(fields: Mapping[str, Field]) -> str:
    """A Markdown table of keys, as it stands in ``docs/codebook-format.md``."""
    rows = ["| key | takes | what for |", "|---|---|---|"]
    for field in fields.values():
        key = f"`{field.key}`" + (" (required)" if field.required else "")
        rows.append(f"| {key} | {_SAID[field.shape]} | {field.says} |")
    return "\n".join(rows) + "\n"


def _object(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.key: {"description": field.says, **_SHAPES[field.shape]} for field in fields.values()},
        "required": [field.key for field in fields.values() if field.required],
        "additionalProperties": False,
    }
