"""Code paths: finding a code by what a person types, and making a path from a label."""

from __future__ import annotations

from collections.abc import Iterable

from qualcode.errors import UnknownCode, UsageError, nearest
from qualcode.model import Code, stable_id
from qualcode.slugs import SEGMENT_LIMIT, new_path, slug

__all__ = ["SEGMENT_LIMIT", "code_id", "lookup", "new_path", "slug"]


def code_id(codebook: str, path: str) -> str:
    """The id of a code that came from a file: the same on every replica. `path` is the one it first had."""
    return stable_id("code", codebook, path)


def lookup(codes: Iterable[Code], word: str) -> Code:
    """The code that `word` names: its full path, else its last parts, else its label; case does not matter.

    Raises UsageError when several codes fit and UnknownCode, with the nearest path, when none does.
    """
    codes = tuple(codes)
    wanted = word.strip().strip("/")
    for code in codes:
        if code.path == wanted:
            return code
    folded = wanted.casefold()
    ways = (
        [code for code in codes if code.path.casefold() == folded],
        [code for code in codes if folded and code.path.casefold().endswith("/" + folded)],
        [code for code in codes if folded and code.label.casefold() == folded],
    )
    for found in ways:
        if len(found) == 1:
            return found[0]
        if found:
            raise _ambiguous(word, found)
    raise UnknownCode(word, near=_near(folded, codes))


def _ambiguous(word: str, found: list[Code]) -> UsageError:
    paths = [code.path for code in found]
    named = ", ".join(paths[:8]) + (f" and {len(paths) - 8} more" if len(paths) > 8 else "")
    return UsageError(f'"{word}" fits {len(paths)} codes: {named}', "type more of the path")


def _near(word: str, codes: tuple[Code, ...]) -> str | None:
    by_word: dict[str, str] = {}
    for code in codes:
        for known in (code.label.casefold(), code.path.rpartition("/")[2], code.path):
            by_word[known] = code.path
    found = nearest(word[:200], (known for known in by_word if known))
    return by_word[found] if found else None
