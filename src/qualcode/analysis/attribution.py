"""How a quotation names who said it: a template such as ``[{phase} coordinator]``, filled per coding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualcode.errors import UsageError, nearest
from qualcode.model import Case, Code, Coding, Value

FIELDS = ("case", "code", "coder", "label", "source", "speaker", "turn")
MISSING = "n/a"

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and fields in turn; a field is named by `FIELDS` or is a case attribute."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in order, each once."""
        return tuple(dict.fromkeys(text for text, is_field in self.parts if is_field))

    def fill(self, values: Mapping[str, str | None]) -> str:
        """The text; a field without a value prints as n/a."""
        return "".join((values.get(text) or MISSING) if is_field else text for text, is_field in self.parts)


def parse(text: str, attributes: Iterable[str]) -> Template:
    """A template; ``{{`` and ``}}`` are braces, nothing inside a field is evaluated.

    Attributes match regardless of case; the fixed fields win over attributes of the same name. Raises UsageError
    for a brace without its partner and for a field that nothing here is called.
    """
    known = {name.casefold(): name for name in [*attributes, *FIELDS]}
    parts: list[tuple[str, bool]] = []
    at = 0
    for match in _PART.finditer(text):
        parts.append((text[at : match.start()], False))
        parts.append(_part(match, text, known))
        at = match.end()
    parts.append((text[at:], False))
    return Template(tuple(part for part in parts if part[0]))


def _part(match: re.Match[str], text: str, known: Mapping[str, str]) -> tuple[str, bool]:
    if match.group() in ("{{", "}}"):
        return match.group()[0], False
    if match[1] is None:
        raise UsageError(
            f'the attribution "{text}" has a brace without its partner', "write {field}, or {{ and }} for plain braces"
        )
    name = known.get(match[1].strip().casefold())
    if name is None:
        near = nearest(match[1].strip(), known.values())
        hint = f'did you mean "{{{near}}}"?' if near else f"fields here: {', '.join(sorted(known.values()))}"
        raise UsageError(f'the attribution names "{{{match[1]}}}", which is neither a field nor an attribute', hint)
    return name, True


def values(coding: Coding, case: Case | None, code: Code, coders: Iterable[str]) -> dict[str, str | None]:
    """What the fields of a template stand for at one coding."""
    turn = coding.segment.turn
    known: dict[str, str | None] = {name: shown(value) for name, value in (case.attributes if case else {}).items()}
    return known | {
        "case": coding.case,
        "code": coding.code,
        "coder": ", ".join(coders),
        "label": code.label or code.path.rpartition("/")[2],
        "source": coding.source.name,
        "speaker": turn.speaker if turn else None,
        "turn": str(turn.n) if turn else None,
    }


def shown(value: Value) -> str | None:
    """An attribute's value as text: None and blanks are missing, truth values are yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None or not str(value).strip() else str(value)


def unspecified(coding: Coding) -> str:
    """The attribution where no template was given: the case, else the speaker, else the source."""
    turn = coding.segment.turn
    return f"[{coding.case or (turn.speaker if turn else None) or coding.source.name}]"
