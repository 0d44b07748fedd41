"""What stands under the keys of a codebook file: each shape of `fields` is read by one function.

All take ``(node, field, findings)``, say what is wrong and return a value of the model in any case, so that the rest
of the file is looked at too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from time import process_time
from typing import Any

from qualcode.codebook.cues import pattern_problem
from qualcode.codebook.fields import BASES, COLOUR, FORMAT, PATTERN_BUDGET, ROLES, SLUG, SYNONYMS, Field, Shape
from qualcode.codebook.findings import Findings, meant, shown
from qualcode.codebook.nodes import MappingNode, Node, Scalar, SequenceNode
from qualcode.codebook.paths import slug
from qualcode.model import Cue


def keys_of(node: MappingNode, table: Mapping[str, Field], findings: Findings, owner: str) -> dict[str, Node]:
    """The known keys of a mapping; unknown, repeated and missing ones become findings."""
    found: dict[str, Node] = {}
    first: dict[str, int] = {}
    for key, value in node.pairs:
        if not isinstance(key, Scalar):
            findings.error(key.start, "a list or mapping cannot be a key", "put texts that begin with [ or { in quotes")
        elif key.text not in table:
            what = f"unknown key {shown(key.text)}"
            findings.error(key.start, what, meant(key.text, table, SYNONYMS))
        elif key.text in first:
            what = f'the key "{key.text}" stands twice (first on line {findings.line(first[key.text])})'
            findings.error(key.start, what, "keep one of them")
        else:
            first[key.text] = key.start
            found[key.text] = value
    for field in table.values():
        if field.required and field.key not in found:
            findings.error(node.start, f"{owner} without `{field.key}`", f"add `{field.key}: …`: {field.says}")
    return found


def values_of(found: Mapping[str, Node], table: Mapping[str, Field], findings: Findings) -> dict[str, Any]:
    """A value for every field of `table` except the lists of codes, empty where the file says nothing."""
    values: dict[str, Any] = {}
    for field in table.values():
        if field.shape in ("codes", "format"):
            continue
        node = found.get(field.key)
        values[field.key] = _EMPTY.get(field.shape, "") if node is None else _READ[field.shape](node, field, findings)
    if "qualcode" in found:
        _format(found["qualcode"], findings)
    return values


def _format(node: Node, findings: Findings) -> None:
    if isinstance(node, Scalar) and node.text.strip() == FORMAT:
        return
    number = shown(node.text) if isinstance(node, Scalar) else "that is not a number"
    findings.error(node.start, f"format {number}; this qualcode reads format {FORMAT}", "write `qualcode: 1`")


def _text(node: Node, field: Field, findings: Findings) -> str:
    if isinstance(node, SequenceNode):
        findings.error(node.start, f"`{field.key}` is one text, not a list", "remove the - or the brackets")
        return ""
    if isinstance(node, MappingNode):
        what = f"`{field.key}` is one text, but a colon in it makes a key"
        findings.error(node.start, what, "put the whole text in quotes")
        return ""
    if node.absent:
        _say_empty(node, field, findings)
    return node.text.rstrip("\n") if node.style in ("|", ">") else node.text


def _say_empty(node: Scalar, field: Field, findings: Findings) -> None:
    rest = findings.text[node.end :].split("\n", 1)[0]
    comment = rest.lstrip().startswith("#")
    if comment and field.shape == "colour":
        findings.error(node.start, f"`{field.key}` is empty, because # begins a comment", "put the colour in quotes")
    elif field.required:
        findings.error(node.start, f"`{field.key}` is empty", field.says)
    else:
        way_out = "what follows # is a comment; put it in quotes" if comment else "fill it in, or delete the line"
        findings.warn(node.start, f"`{field.key}` is empty", way_out)


def _slug(node: Node, field: Field, findings: Findings) -> str:
    before = len(findings)
    text = _text(node, field, findings)
    if len(findings) > before:
        return ""
    if not text.strip():
        findings.error(node.start, f"`{field.key}` is empty", field.says)
        return ""
    if SLUG.fullmatch(text):
        return text
    if "/" in text and field.shape == "slug":
        what, way_out = f"{shown(text)} is a path", "write only its last part; codes nest below `codes:`"
    else:
        what = f"`{field.key}` takes small letters a-z, digits and hyphens, not {shown(text)}"
        way_out = f'write "{slug(text[:200])}" and put the readable name in `{_readable(field)}:`'
    findings.error(node.start, what, way_out)
    return slug(text[:200])


def _readable(field: Field) -> str:
    return "label" if field.shape == "slug" else "title"


def _basis(node: Node, field: Field, findings: Findings) -> str:
    text = _text(node, field, findings)
    if text and text not in BASES:
        findings.warn(node.start, f"unknown basis {shown(text)}", meant(text, BASES))
    return text


def _items(node: Node, field: Field, findings: Findings) -> list[Node]:
    if isinstance(node, SequenceNode):
        return node.items
    if isinstance(node, Scalar) and node.absent:
        _say_empty(node, field, findings)
    else:
        findings.error(node.start, f"`{field.key}` is a list", "begin each item with `- ` on its own line")
    return []


def _item(node: Node, field: Field, findings: Findings) -> str:
    """The text of one item of a list; "" when there is none, which is a finding."""
    if isinstance(node, MappingNode):
        what = f"an item of `{field.key}` is a text, but a colon in it makes a key"
        findings.error(node.start, what, "put the whole text in quotes")
    elif isinstance(node, SequenceNode):
        findings.error(node.start, f"an item of `{field.key}` is a text, not a list", "put a text with [ ] in quotes")
    elif not node.text.strip():
        findings.error(node.start, f"an empty item in `{field.key}`", "fill it in, or delete it")
    else:
        return node.text.rstrip("\n") if node.style in ("|", ">") else node.text
    return ""


def _texts(node: Node, field: Field, findings: Findings) -> tuple[str, ...]:
    texts = (_item(item, field, findings) for item in _items(node, field, findings))
    return tuple(text for text in texts if text)


def _roles(node: Node, field: Field, findings: Findings) -> tuple[str, ...]:
    roles: list[str] = []
    for item in _items(node, field, findings):
        role = _item(item, field, findings)
        if role and role not in ROLES:
            findings.error(item.start, f"unknown speakers {shown(role)}", meant(role, ROLES))
        elif role:
            roles.append(role)
    return tuple(roles)


def _cues(node: Node, field: Field, findings: Findings) -> tuple[Cue, ...]:
    cues: list[Cue] = []
    for item in _items(node, field, findings):
        cue = _cue(item, field, findings)
        if cue in cues:
            findings.warn(item.start, f"the cue {shown(cue.text)} stands twice", "delete one")
        if cue:
            cues.append(cue)
    return tuple(cues)


def _cue(node: Node, field: Field, findings: Findings) -> Cue | None:
    if not isinstance(node, MappingNode):
        text = _item(node, field, findings)
        return Cue("phrase", text) if text else None
    if len(node.pairs) != 1 or not all(isinstance(part, Scalar) for part in node.pairs[0]):
        findings.error(node.start, "a cue is one text, {lemma: …} or {regex: …}", "write one of these for each item")
        return None
    kind, value = node.pairs[0]
    assert isinstance(kind, Scalar)
    if kind.text not in ("lemma", "regex"):
        what = f"unknown kind of cue {shown(kind.text)}"
        findings.error(kind.start, what, f"{meant(kind.text, ('lemma', 'regex'))} A phrase with a colon takes quotes")
        return None
    text = _item(value, field, findings)
    if kind.text == "regex" and text:
        _check_pattern(text, value.start, findings)
    return Cue("regex" if kind.text == "regex" else "lemma", text) if text else None


def _check_pattern(pattern: str, at: int, findings: Findings) -> None:
    """Says why a pattern cannot be used; stops looking when the file's patterns have taken too long together."""
    if findings.pattern_seconds > PATTERN_BUDGET:
        return
    begun = process_time()
    problem = pattern_problem(pattern)
    findings.pattern_seconds += process_time() - begun
    if problem:
        findings.error(at, f"this pattern cannot be used: {problem}", "correct it, or write a plain phrase")
    elif findings.pattern_seconds > PATTERN_BUDGET:
        findings.error(at, f"checking the patterns up to here took over {PATTERN_BUDGET} s", "write simpler ones")


def _colour(node: Node, field: Field, findings: Findings) -> str | None:
    before = len(findings)
    text = _text(node, field, findings)
    if len(findings) == before and not COLOUR.fullmatch(text):
        findings.error(node.start, f"{shown(text)} is no colour", f"write {_six_digits(text)}")
    return text or None


def _six_digits(text: str) -> str:
    digits = text.strip().lstrip("#")
    long = "".join(char * 2 for char in digits) if len(digits) == 3 else digits
    if COLOUR.fullmatch(f"#{long}"):
        return f'"#{long}", in quotes'
    return 'six hexadecimal digits in quotes, like "#4477aa"'


def _key(node: Node, field: Field, findings: Findings) -> str | None:
    before = len(findings)
    text = _text(node, field, findings)
    usable = len(text) == 1 and text.isprintable() and not text.isspace() and not unicodedata.combining(text)
    if len(findings) == before and not usable:
        findings.error(node.start, f"{shown(text)} is no key", "write one letter or digit in quotes")
    return text or None


_EMPTY: Mapping[Shape, Any] = {"texts": (), "cues": (), "roles": (), "colour": None, "key": None}
_READ: Mapping[Shape, Callable[[Node, Field, Findings], Any]] = {
    "name": _slug,
    "slug": _slug,
    "line": _text,
    "text": _text,
    "basis": _basis,
    "texts": _texts,
    "cues": _cues,
    "roles": _roles,
    "colour": _colour,
    "key": _key,
}
