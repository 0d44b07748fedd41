"""Many patterns over many texts, under a clock, by the `regex` package: `re` cannot be stopped, ``(a+)+$`` hangs it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qualcode.model import Notice
from qualcode.suggesters.plain import plain_pattern
from qualcode.suggesters.required import folded, grams, rarest_gram, required

MILLION = 1_000_000


@dataclass(slots=True, eq=False)
class _Timed:
    """A compiled pattern, who asked for it, and what a text must have for it to run."""

    owner: Hashable
    text: str
    where: str
    compiled: Any
    required: frozenset[str] | None


@dataclass(slots=True)
class TimedPatterns:
    """Patterns with owners. `timeout`: seconds each may take for every million code points of a batch (at least once).

    `notices` names the patterns that do not compile or were too slow; these are left out from then on.
    """

    timeout: float
    notices: list[Notice] = field(default_factory=list)
    _always: list[_Timed] = field(default_factory=list)
    _by_gram: dict[str, list[tuple[str, _Timed]]] = field(default_factory=dict)

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
            self._by_gram.setdefault(rarest_gram(string), []).append((string, timed))

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
        if not self._by_gram:
            return self._always
        low = folded(text)
        candidates = list(self._always)
        for gram in self._by_gram.keys() & grams(low):
            for string, timed in self._by_gram[gram]:
                if string in low and timed not in candidates:
                    candidates.append(timed)
        return candidates

    def _disable(self, timed: _Timed) -> None:
        self._always = [other for other in self._always if other != timed]
        for gram, entries in self._by_gram.items():
            self._by_gram[gram] = [entry for entry in entries if entry[1] != timed]
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
