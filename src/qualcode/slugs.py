"""From a label to a path segment, the same on every machine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from qualcode.model import stable_id

SEGMENT_LIMIT = 60  # characters of a path segment made from a label
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


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
    return words or f"code-{stable_id('label', nfc(label))[:8]}"


def nfc(name: str) -> str:
    """A name in the one encoding of its accents that is kept (NFC): macOS writes them apart, other systems do not."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def spoken(name: str) -> str:
    """A name as people tell names apart who type them: without case, and however its accents are encoded."""
    return nfc(name).casefold()


def new_path(parent: str, label: str, taken: Collection[str] = ()) -> str:
    """The path of a new code below `parent` (a code's path or a codebook's name); ``-2`` … when already taken."""
    path = f"{parent}/{slug(label)}"
    number = 2
    while path in taken:
        path = f"{parent}/{slug(label)}-{number}"
        number += 1
    return path
