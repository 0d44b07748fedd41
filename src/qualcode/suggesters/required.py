"""What a pattern cannot match without: a set of strings of which at least one must be in the text.

Two hundred patterns on one turn cost six times what cutting it into words costs. Nearly all fail, and nearly all
could have been known to fail from the letters in the text. So each pattern is reduced to strings of which it needs
one, each string to four letters in a row, and a pattern runs only where the text has those. A pattern that is not
fully understood has no such set and always runs: the choice loses no match, which a test tries on random patterns.

After R. Cox, "Regular Expression Matching with a Trigram Index" (2012).
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Any

GRAM = 4
# Shorter strings are in too many texts to tell anything.
SHORTEST = 3
# More alternatives than this are cheaper to run than to look for.
MAX_STRINGS = 48
_EMPTY = frozenset({""})
# What the `regex` package and the standard library read differently: POSIX classes, fuzzy counts, set operations.
_FOREIGN = re.compile(r"\[\[|\[:|\{(?!\d+,?\d*\}|,\d+\})|--|&&|\|\||~~|\(\?[A-Za-z-]")

_LETTERS = re.compile(rf"[a-z]{{{GRAM},}}")

Strings = frozenset[str]


def required(pattern: str) -> Strings | None:
    """Casefolded strings, each of at least SHORTEST characters, one of which is in every text that the pattern matches.

    None when there is no such set, or the pattern is not understood. Letters beyond ASCII are never required.
    """
    if _FOREIGN.search(pattern):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parsed(pattern)
    except (re.error, ImportError, OverflowError, RecursionError):
        return None
    exact, needed = _sequence(tree)
    best = _best(needed, exact)
    return _shortest(best) if best is not None else None


def _shortest(strings: Strings) -> Strings:
    """Without the strings that hold another one: who needs ``tutor`` or ``tutors`` needs ``tutor``."""
    return frozenset(one for one in strings if not any(other in one for other in strings if other != one))


def runs_of(text: str) -> frozenset[str]:
    """All runs of GRAM letters a-z that stand together in a casefolded text."""
    words = _LETTERS.findall(text)
    return frozenset([word[i : i + GRAM] for word in words for i in range(len(word) - GRAM + 1)])


def telling_runs(strings: Iterable[str]) -> dict[str, str]:
    """For each string with GRAM letters together, the run of letters by which to look for it.

    The one that fewest of the strings share, and no common word has: cues of a study on mentors all hold ``mentor``.
    """
    runs = {string: found for string in strings if (found := runs_of(string))}
    shared = Counter(run for found in runs.values() for run in found)
    return {string: min(found, key=lambda run: (run in _COMMON, shared[run], run)) for string, found in runs.items()}


def folded(text: str) -> str:
    """The text as `required` strings are written; the Turkish i's, which match ``i``, become ``i``."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").replace("ı", "i").casefold()


_COMMON = runs_of(
    "that have with this they what when them then there their would could about from just know like some were been "
    "your very more over time people think because really which where other going thing those into than only well "
    "also back down year good work come make want need because something every through before after always never"
)


def _parsed(pattern: str) -> Any:
    from re import _parser  # type: ignore[attr-defined]

    return _parser.parse(pattern, re.IGNORECASE)


def _best(*choices: Strings | None) -> Strings | None:
    """The set with few and long strings; one with a string under SHORTEST is none."""
    usable = [c for c in choices if c and min(map(len, c)) >= SHORTEST]
    return max(usable, key=_worth, default=None)


def _worth(strings: Strings) -> tuple[bool, int]:
    shortest = min(map(len, strings))
    return shortest >= GRAM, min(shortest, 6) - len(_shortest(strings))


def _sequence(items: Iterable[Any]) -> tuple[Strings | None, Strings | None]:
    """Of pieces one after another: all strings they can be (None: too many), and a set of strings they need."""
    running: Strings | None = _EMPTY
    whole = True
    needed: Strings | None = None
    for item in items:
        exact, own = _piece(item)
        joined = _joined(running, exact)
        if joined is None:
            needed = _best(needed, running, own)
            whole = False
            running = exact if exact is not None else _EMPTY
        else:
            running = joined
    return (running if whole else None), _best(needed, running)


def _joined(before: Strings | None, after: Strings | None) -> Strings | None:
    if before is None or after is None or len(before) * len(after) > MAX_STRINGS:
        return None
    return frozenset(one + other for one in before for other in after)


def _piece(item: Any) -> tuple[Strings | None, Strings | None]:
    operation, argument = str(item[0]), item[1]
    if operation == "LITERAL":
        letter = chr(argument)
        return (frozenset({letter.casefold()}), None) if letter.isascii() else (None, None)
    if operation in ("AT", "ASSERT", "ASSERT_NOT"):
        return _EMPTY, None
    if operation == "IN":
        return _one_of(argument), None
    if operation == "SUBPATTERN":
        return _sequence(argument[-1])
    if operation == "BRANCH":
        return _branches([_sequence(branch) for branch in argument[1]])
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        return _repeated(*argument)
    return None, None


def _one_of(members: Iterable[Any]) -> Strings | None:
    """A set of letters written out one by one, such as ``[ -]``."""
    letters = [chr(value) if str(kind) == "LITERAL" else "" for kind, value in members]
    if len(letters) > 6 or not all(letter and letter.isascii() for letter in letters):
        return None
    return frozenset(letter.casefold() for letter in letters)


def _branches(found: list[tuple[Strings | None, Strings | None]]) -> tuple[Strings | None, Strings | None]:
    exacts = [exact for exact, _ in found if exact is not None]
    bests = [best for exact, needed in found if (best := _best(needed, exact)) is not None]
    exact = frozenset[str]().union(*exacts) if len(exacts) == len(found) else None
    needed = frozenset[str]().union(*bests) if len(bests) == len(found) else None
    return (exact if exact is not None and len(exact) <= MAX_STRINGS else None), needed


def _repeated(least: Any, most: Any, inner: Any) -> tuple[Strings | None, Strings | None]:
    exact, needed = _sequence(inner)
    if least == most == 1:
        return exact, needed
    if least == 0:
        return (exact | _EMPTY if exact is not None and most == 1 else None), None
    return None, _best(needed, exact)
