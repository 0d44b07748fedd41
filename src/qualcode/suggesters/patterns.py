"""Many patterns over many texts, under a clock, by the `regex` package: `re` cannot be stopped, ``(a+)+$`` hangs it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qualcode.model import Notice
from qualcode.suggesters.plain import plain_pattern
from qualcode.suggesters.required import required

MILLION = 1_000_000


@dataclass(slots=True, eq=False)
class Timed:
    """A compiled pattern, who asked for it, and what a text must have for it to run."""

    owner: Hashable
    text: str
    where: str
    compiled: Any
    required: frozenset[str] | None


@dataclass(slots=True)
class TimedPatterns:
    """Patterns with owners. `timeout`: seconds each may take for every million code points of a batch (at least once).

    `kept` are the patterns in use; `notices` names those that do not compile or were too slow, and are left out.
    """

    timeout: float
    notices: list[Notice] = field(default_factory=list)
    kept: list[Timed] = field(default_factory=list)

    def add(self, owner: Hashable, pattern: str, where: str) -> None:
        """Take a pattern for `owner`; `where` is what a notice about it says (a code's path)."""
        import regex

        written = plain_pattern(pattern)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compiled = regex.compile(written, regex.IGNORECASE)
        except Exception:  # the library lets some of its own signals out (KeyError, ParseError, RecursionError)
            self._leave_out(where, pattern, "does not compile")
            return
        self.kept.append(Timed(owner, pattern, where, compiled, required(written)))

    def find(self, texts: Sequence[str], chosen: Sequence[Sequence[Timed]]) -> dict[int, list[tuple[Any, int, int]]]:
        """Text number → (owner, start, end) of every non-empty match of the patterns chosen for each text.

        Nothing of a pattern that ran out of time, in whichever text.
        """
        allowed = self.timeout * max(1.0, sum(map(len, texts)) / MILLION)
        left = dict.fromkeys(self.kept, allowed)
        found: dict[int, list[tuple[Timed, int, int]]] = {}
        for i, text in enumerate(texts):
            for timed in chosen[i]:
                if left.get(timed, 0.0) > 0:
                    left[timed] -= _run(timed, text, left[timed], found.setdefault(i, []))
        for timed in [timed for timed in self.kept if left[timed] <= 0]:
            self._disable(timed)
        return {
            i: lasting
            for i, hits in found.items()
            if (lasting := [(timed.owner, start, end) for timed, start, end in hits if left[timed] > 0])
        }

    def _disable(self, timed: Timed) -> None:
        self.kept.remove(timed)
        self._leave_out(timed.where, timed.text, "is too slow")

    def _leave_out(self, where: str, pattern: str, why: str) -> None:
        shown = pattern if len(pattern) <= 60 else f"{pattern[:59]}…"
        message = f"the cue /{shown}/ {why} and is left out — write it without nested repeats"
        self.notices.append(Notice(where, "warning", message))


def _run(timed: Timed, text: str, seconds: float, found: list[tuple[Timed, int, int]]) -> float:
    """Append the matches; returns the seconds spent, more than allowed when the clock ran out."""
    begun = time.perf_counter()
    try:
        for match in timed.compiled.finditer(text, timeout=seconds):
            if match.end() > match.start():
                found.append((timed, match.start(), match.end()))
    except TimeoutError:
        return seconds + 1.0
    return time.perf_counter() - begun
