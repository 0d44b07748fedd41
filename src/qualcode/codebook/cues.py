"""What a cue looks for, and whether it is there: phrases as whole words in any case, patterns under a timeout."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from qualcode.codebook.fields import PATTERN_LIMIT
from qualcode.codebook.inflections import forms
from qualcode.model import Cue

PATTERN_SECONDS = 0.2  # for one search of one pattern in one short text
REPEATS = 10_000  # the library writes out counted repeats when compiling: 50 in 50 in 50 in 50 took all memory
_COUNTED = re.compile(r"\{\s*(\d*)\s*,?\s*(\d*)\s*\}")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'"})


class SlowPattern(Exception):
    """A pattern that did not answer in time; it counts as no hit and should be rewritten."""


def expand(cue: Cue) -> tuple[str, ...]:
    """The words and phrases a cue stands for: itself, or every form of a lemma; none for a pattern."""
    if cue.kind == "lemma":
        return forms(cue.text)
    return (cue.text,) if cue.kind == "phrase" else ()


@lru_cache(maxsize=4096)
def pattern_problem(pattern: str) -> str | None:
    """Why a pattern cannot be a cue, in words for its author; None when it can."""
    if len(pattern) > PATTERN_LIMIT:
        return f"it is longer than {PATTERN_LIMIT} characters"
    if _repeats(pattern) > REPEATS:
        return f"its repeats in braces multiply to more than {REPEATS:,}"
    import regex

    try:
        compiled = _compiled(pattern)
    except regex.error as error:
        said, _, position = str(error).partition(" at position ")
        return f"{said} at character {int(position.split()[0]) + 1}" if position else said
    except Exception:  # the library lets some of its own signals out (KeyError, ParseError, RecursionError)
        return "it is too complicated"
    try:
        return "it matches the empty text, and so everywhere" if compiled.search("", timeout=PATTERN_SECONDS) else None
    except TimeoutError:
        return "it takes too long"


def _repeats(pattern: str) -> int:
    """The product of all counts in braces: at least what nested repeats would be written out to."""
    product = 1
    for low, high in _COUNTED.findall(pattern):
        if len(low) + len(high) > 12:
            return REPEATS + 1
        product *= max(int(low or 1), int(high or 1), 1)
    return product


def hits(cue: Cue, text: str) -> bool:
    """Whether the cue is in `text`; raises SlowPattern when a pattern takes longer than PATTERN_SECONDS."""
    return searcher(cue)(text)


@lru_cache(maxsize=4096)
def searcher(cue: Cue) -> Callable[[str], bool]:
    """A function that says whether the cue is in a text; typographic apostrophes and straight ones are the same."""
    if cue.kind == "regex":
        return _pattern_searcher(cue.text)
    inner = "|".join(_spaced(phrase) for phrase in sorted(expand(cue), key=len, reverse=True))
    compiled = re.compile(rf"(?<!\w)(?:{inner})(?!\w)", re.IGNORECASE)
    return lambda text: compiled.search(text.translate(_APOSTROPHES)) is not None


def _spaced(phrase: str) -> str:
    return r"\s+".join(re.escape(word) for word in phrase.translate(_APOSTROPHES).split())


def _pattern_searcher(pattern: str) -> Callable[[str], bool]:
    compiled = _compiled(pattern)

    def search(text: str) -> bool:
        try:
            return compiled.search(text.translate(_APOSTROPHES), timeout=PATTERN_SECONDS) is not None
        except TimeoutError:
            raise SlowPattern(pattern) from None

    return search


def _compiled(pattern: str) -> Any:
    import warnings

    import regex

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a pattern that may mean something else in a later version of the library
        return regex.compile(pattern, regex.IGNORECASE)
