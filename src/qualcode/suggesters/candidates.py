"""Which of many cues could be in a text, by the strings they need; the rest need not be looked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from qualcode.suggesters.required import folded, runs_of, telling_runs

T = TypeVar("T")
# Words whose letters were looked up are kept, so a text of 40 words takes 8 µs to look through instead of 22.
MOST_WORDS = 100_000


class Candidates(Generic[T]):
    """Items by the strings of which each needs one (None: it is always a candidate)."""

    def __init__(self, items: Iterable[tuple[T, frozenset[str] | None]]) -> None:
        every = list(items)
        runs = telling_runs({string for _, strings in every for string in strings or ()})
        self._always = [item for item, strings in every if strings is None]
        self._unrun: list[tuple[str, T]] = []
        self._of_word: _OfWord[T] = _OfWord({})
        for item, strings in every:
            for string in sorted(strings or ()):
                places = self._of_word.by_run.setdefault(runs[string], []) if string in runs else self._unrun
                places.append((string, item))

    def of(self, text: str) -> list[T]:
        """The items that could be in the text, each once."""
        low = folded(text)
        needed = list(self._unrun)
        for found in filter(None, map(self._of_word.__getitem__, set(low.split()))):
            needed += found
        return list(dict.fromkeys([*self._always, *(item for string, item in needed if string in low)]))


class _OfWord(dict[str, tuple[tuple[str, T], ...]]):
    """Word → what may be in a text because of its letters; filled as words are met."""

    def __init__(self, by_run: dict[str, list[tuple[str, T]]]) -> None:
        super().__init__()
        self.by_run = by_run

    def __missing__(self, word: str) -> tuple[tuple[str, T], ...]:
        if len(self) >= MOST_WORDS:
            self.clear()
        found = self[word] = tuple(x for run in self.by_run.keys() & runs_of(word) for x in self.by_run[run])
        return found
