"""Collects what is wrong with one codebook file, so that all of it is said at once and in file order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qualcode.codebook.nodes import Places
from qualcode.errors import nearest
from qualcode.escaping import one_line
from qualcode.model import Notice, Severity


def shown(word: str, limit: int = 40) -> str:
    """A word of the file for a message: on one line, in quotation marks, cut at `limit` characters."""
    plain = one_line(word[: limit * 4])
    return f'"{plain if len(plain) <= limit else plain[:limit] + "…"}"'


def meant(word: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """The way out for an unknown word: the nearest known one, else the list of them."""
    known = tuple(known)
    near = (synonyms or {}).get(word.casefold()) or nearest(word[:80], known)
    return f'did you mean "{near}"?' if near in known else f"known here: {', '.join(known)}"


class Findings:
    """Remembers notices by their place in `text`; `name` is the file's name as it was given."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.pattern_seconds = 0.0
        self._places = Places(text)
        self._found: list[tuple[int, int, Notice]] = []

    def __len__(self) -> int:
        return len(self._found)

    def line(self, at: int) -> int:
        """The line (from 1) of a code point offset."""
        return self._places.at(at)[0]

    def add(self, at: int, severity: Severity, what: str, way_out: str = "") -> None:
        """Remembers one thing found at a code point offset."""
        line, column = self._places.at(at)
        message = f"{what} — {way_out}" if way_out else what
        self._found.append((at, len(self._found), Notice(f"{self.name}:{line}:{column}", severity, message)))

    def error(self, at: int, what: str, way_out: str) -> None:
        """Something that keeps the codebook from being used."""
        self.add(at, "error", what, way_out)

    def warn(self, at: int, what: str, way_out: str) -> None:
        """Something that is probably a slip."""
        self.add(at, "warning", what, way_out)

    def notices(self) -> tuple[Notice, ...]:
        """Everything found, in file order."""
        return tuple(notice for _, _, notice in sorted(self._found, key=lambda found: found[:2]))
