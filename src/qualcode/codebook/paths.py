"""Code paths: finding a code by what a person types, and making a path from a label."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from qualcode.errors import UnknownCode, UsageError, nearest
from qualcode.model import Code, stable_id

SEGMENT_LIMIT = 60  # characters of a path segment made from a label
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def code_id(codebook: str, path: str) -> str:
    """The id of a code that came from a file: the same on every replica. `path` is the one it first had."""
    return stable_id("code", codebook, path)


def slug(label: str) -> str:
    """A path segment of a-z, 0-9 and hyphens for any label.

    A label without a single Latin letter or digit gives ``code-`` and eight digits of its hash.
    """
    small = label.casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", small).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(words) > SEGMENT_LIMIT:
        cut = words[: SEGMENT_LIMIT + 1].rpartition("-")[0]
        words = cut or words[:SEGMENT_LIMIT]
    composed = unicodedata.normalize("NFC", label)
    return words or f"code-{stable_id('label', composed)[:8]}"


def new_path(parent: str, label: str, taken: Collection[str] = ()) -> str:
    """The path of a new code below `parent` (a code's path or a codebook's name); ``-2`` … when already taken."""
    path = f"{parent}/{slug(label)}"
    number = 2
    while path in taken:
        path = f"{parent}/{slug(label)}-{number}"
        number += 1
    return path


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
