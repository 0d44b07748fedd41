"""Many patterns over many texts, under a clock, by the `regex` package: `re` cannot be stopped, ``(a+)+$`` hangs it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qualcode.model import Notice
from qualcode.suggesters.plain import plain_pattern
from qualcode.suggesters.required import folded, letters_of, required, runs_of

MILLION = 1_000_000
# Words whose letters were looked up are kept: a text's 40 words then cost 5 µs instead of 20.
MOST_WORDS = 100_000


@dataclass(slots=True, eq=False)
class _Timed:
    """A compiled pattern, who asked for it, and what a text must have for it to run."""

    owner: Hashable
    text: str
    where: str
    compiled: Any
    required: frozenset[str] | None


_Needed = tuple[str, _Timed]


@dataclass(slots=True)
class TimedPatterns:
    """Patterns with owners. `timeout`: seconds each may take for every million code points of a batch (at least once).

    `notices` names the patterns that do not compile or were too slow; these are left out from then on.
    """

    timeout: float
    notices: list[Notice] = field(default_factory=list)
    _always: list[_Timed] = field(default_factory=list)
    _by_string: list[_Needed] = field(default_factory=list)
    _by_letters: dict[str, list[_Needed]] = field(default_factory=dict)
    _by_word: dict[str, tuple[_Needed, ...]] = field(default_factory=dict)

    def add(self, owner: Hashable, pattern: str, where: str) -> None:
        """Take a pattern for `owner`; `where` is what a notice about it says (a code's path)."""
        import regex

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compiled = regex.compile(plain_pattern(pattern), regex.IGNORECASE)
        except (regex.error, ValueError, OverflowError, RecursionError, KeyError):
            self._leave_out(where, pattern, "does not compile")
            return
        needed = required(plain_pattern(pattern))
        timed = _Timed(owner, pattern, where, compiled, needed)
        if needed is None:
            self._always.append(timed)
        for string in needed or ():
            letters = letters_of(string)
            places = self._by_letters.setdefault(letters, []) if letters else self._by_string
            places.append((string, timed))
        self._by_word.clear()

    def find(self, texts: Sequence[str]) -> dict[int, list[tuple[Any, int, int]]]:
        """Text number → (owner, start, end) of every non-empty match; nothing of a pattern that ran out of time."""
        allowed = self.timeout * max(1.0, sum(map(len, texts)) / MILLION)
        left: dict[int, float] = {}
        found: dict[int, list[tuple[_Timed, int, int]]] = {}
        slow: list[_Timed] = []
        for i, text in enumerate(texts):
            for timed in self._candidates(text):
                if timed in slow:
                    continue
                spent = _run(timed, text, left.get(id(timed), allowed), found.setdefault(i, []))
                left[id(timed)] = left.get(id(timed), allowed) - spent
                if left[id(timed)] <= 0:
                    slow.append(timed)
        for timed in slow:
            self._disable(timed)
        return {
            i: kept
            for i, hits in found.items()
            if (kept := [(timed.owner, start, end) for timed, start, end in hits if timed not in slow])
        }

    def _candidates(self, text: str) -> list[_Timed]:
        """The patterns that could match, each once."""
        low = folded(text)
        needed = list(self._by_string)
        for word in set(low.split()):
            needed += self._by_word[word] if word in self._by_word else self._of_word(word)
        candidates = list(self._always)
        for string, timed in needed:
            if string in low and timed not in candidates:
                candidates.append(timed)
        return candidates

    def _of_word(self, word: str) -> tuple[_Needed, ...]:
        """What may be in a text because of one of its words."""
        if len(self._by_word) >= MOST_WORDS:
            self._by_word.clear()
        runs = self._by_letters.keys() & runs_of(word)
        found = self._by_word[word] = tuple(needed for run in sorted(runs) for needed in self._by_letters[run])
        return found

    def _disable(self, timed: _Timed) -> None:
        self._always = [other for other in self._always if other != timed]
        self._by_string = [needed for needed in self._by_string if needed[1] != timed]
        self._by_letters = {
            letters: [needed for needed in found if needed[1] != timed] for letters, found in self._by_letters.items()
        }
        self._by_word.clear()
        self._leave_out(timed.where, timed.text, "is too slow")

    def _leave_out(self, where: str, pattern: str, why: str) -> None:
        shown = pattern if len(pattern) <= 60 else f"{pattern[:59]}…"
        message = f"the cue /{shown}/ {why} and is left out — write it without nested repeats"
        self.notices.append(Notice(where, "warning", message))


def _run(timed: _Timed, text: str, seconds: float, found: list[tuple[_Timed, int, int]]) -> float:
    """Append the matches; returns the seconds spent, more than allowed when the clock ran out."""
    begun = time.perf_counter()
    try:
        for match in timed.compiled.finditer(text, timeout=seconds):
            if match.end() > match.start():
                found.append((timed, match.start(), match.end()))
    except TimeoutError:
        return seconds + 1.0
    return time.perf_counter() - begun
