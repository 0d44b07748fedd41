"""Patterns: text with ``*``, and how the kinds of value are compared with it. Case never matters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from qualcode.locating import plain_text
from qualcode.model import Value
from qualcode.notations import with_comma

_NEEDS_QUOTES = re.compile(r'[\s()",=<>!:\\“”]')
_NUMBER = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*")
_YES = ("yes", "true", "1")
_NO = ("no", "false", "0")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal parts with a ``*`` between each two: ``role/*`` is ``("role/", "")``."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """Every unescaped ``*`` a wildcard; a backslash takes the next character literally."""
        parts = [""]
        chars = iter(text)
        for char in chars:
            if char == "*":
                parts.append("")
            else:
                parts[-1] += next(chars, "\\") if char == "\\" else char
        return cls(tuple(parts))

    @classmethod
    def literally(cls, text: str) -> Pattern:
        """No character of `text` is a wildcard."""
        return cls((text,))

    @property
    def plain(self) -> str:
        """The pattern as a person thinks of it, unquoted and unescaped; for messages."""
        return "*".join(self.parts)

    @property
    def has_wildcard(self) -> bool:
        """Whether the pattern holds a ``*``."""
        return len(self.parts) > 1

    def __str__(self) -> str:
        escaped = "*".join(re.sub(r'([\\*"])', r"\\\1", part) for part in self.parts)
        return f'"{escaped}"' if not escaped or _NEEDS_QUOTES.search(self.plain) else escaped

    @property
    def quoted(self) -> str:
        """Like ``str``, always in quotation marks."""
        text = str(self)
        return text if text.startswith('"') else f'"{text}"'

    def matches_name(self, value: str) -> bool:
        """Whether the whole of a name, or of an attribute's value, fits."""
        return _name(self.parts).fullmatch(_same(value)) is not None

    def matches_code(self, path: str) -> bool:
        """Whether a code's path, or a path above it, ends with this one's parts; a leading ``/`` asks for a full path.

        ``*`` stays within one part of the path.
        """
        return _code(self.parts).search(path.casefold()) is not None

    def found_in(self, text: str) -> bool:
        """Whether the words stand in a text, in any white space, typography and case.

        Whole words only, unless a ``*`` allows for more letters: ``"timetabl*"``.
        """
        return _phrase(self.parts).search(_spoken(text)) is not None

    def equals(self, value: Value) -> bool:
        """Whether an attribute's value fits: as a number where both are numbers, else as a name."""
        if value is None:
            return False
        if isinstance(value, bool):
            return any(self.matches_name(word) for word in (_YES if value else _NO))
        mine, theirs = self.number, as_number(value)
        if mine is not None and theirs is not None:
            return mine == theirs
        return self.matches_name(str(value).strip())

    @property
    def number(self) -> float | None:
        """The pattern as a number, or None when it is none."""
        return None if self.has_wildcard else as_number(self.plain)


def as_number(value: Value) -> float | None:
    """A value as a number, or None; text counts when it is a plain decimal, with a point or certainly a comma."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else with_comma(value.strip())
    return float(value)


def _same(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _spoken(text: str) -> str:
    """The text as `locating` compares it; accents composed again, since a combining accent is no word character."""
    return _same(plain_text(text))


@lru_cache(maxsize=256)
def _name(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(_same(part)) for part in parts), re.DOTALL)


@lru_cache(maxsize=256)
def _code(parts: tuple[str, ...]) -> re.Pattern[str]:
    text = "[^/]*".join(re.escape(part.casefold()) for part in parts)
    anchor = "^" if text.startswith("/") else "(?:^|/)"
    return re.compile(f"{anchor}{text.strip('/')}(?:/|$)")


@lru_cache(maxsize=256)
def _phrase(parts: tuple[str, ...]) -> re.Pattern[str]:
    spoken = [_spoken(part) for part in parts]
    before = r"(?<!\w)" if re.match(r"\w", spoken[0]) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", spoken[-1]) else ""
    return re.compile(before + r"\w*".join(re.escape(part) for part in spoken) + after)
