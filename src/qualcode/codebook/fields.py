"""The codebook format, described once: loader, JSON Schema and documentation all read this table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Shape = Literal["format", "name", "slug", "line", "text", "texts", "cues", "roles", "colour", "key", "basis", "codes"]

FORMAT = "1"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
ROLES = ("respondent", "interviewer")
BASES = ("literature", "data")
PATTERN_LIMIT = 500  # characters of one regex cue
PATTERN_BUDGET = 3  # seconds of CPU for checking all patterns of a file; the bundled 205 take 0.06
EXAMPLES_WANTED = 5  # with fewer a code can hardly be suggested before it has been coded by hand


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the file: what may stand there and what it is for, in one sentence."""

    key: str
    shape: Shape
    says: str
    required: bool = False


CODEBOOK_FIELDS: Mapping[str, Field] = {
    field.key: field
    for field in (
        Field("qualcode", "format", "The number of the file format, 1.", required=True),
        Field("name", "name", "The codebook's short name; every code's path begins with it.", required=True),
        Field("version", "line", "The version of the codebook, in quotes."),
        Field("title", "line", "The title for readers."),
        Field("basis", "basis", "Where the codes come from: literature or data."),
        Field("codes", "codes", "The codes, in the order in which they are shown; [] for none yet.", required=True),
    )
}

CODE_FIELDS: Mapping[str, Field] = {
    field.key: field
    for field in (
        Field("code", "slug", "This code's part of the path: small letters, digits and hyphens.", required=True),
        Field("label", "line", "The name that people read."),
        Field("definition", "text", "What the code means."),
        Field("include", "texts", "What belongs to the code."),
        Field("exclude", "texts", "What does not, and where it goes instead."),
        Field("examples", "texts", "Passages that get the code, at least five."),
        Field("counterexamples", "texts", "Passages that look like it and do not get it."),
        Field("cues", "cues", "Words and phrases that point to the code; {lemma: …} for all forms, {regex: …}."),
        Field("speakers", "roles", "Whose turns the code applies to: respondent, interviewer."),
        Field("colour", "colour", 'Six hexadecimal digits in quotes, "#4477aa".'),
        Field("key", "key", "One character that applies the code in the terminal UI, after c."),
        Field("codes", "codes", "The codes below this one."),
    )
}

# Words that other tools and other spellings use, and what they are called here.
SYNONYMS: Mapping[str, str] = {
    "children": "codes",
    "subcodes": "codes",
    "color": "colour",
    "description": "definition",
    "keywords": "cues",
    "inclusion": "include",
    "exclusion": "exclude",
    "shortcut": "key",
    "id": "code",
    "slug": "code",
    "quotes": "examples",
    "quotations": "examples",
}
