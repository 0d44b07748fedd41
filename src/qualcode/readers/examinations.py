"""Questions and answers told by a letter alone: Q and A of a court, numbered or not, and other languages' pairs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

# Letters that ask and answer side by side: question/answer, réponse, pregunta/respuesta, domanda/risposta,
# Frage/Antwort, interviewer/respondent, вопрос/ответ, ερώτηση/απάντηση. Only Q and A need no full stop.
_PAIRS = ("QA", "QR", "PR", "DR", "FA", "IR", "IP", "IB", "IS", "ВО", "ЕА", "ΕΑ")
_FEWEST = 2
_ALTERNATING = 0.5
_ALTERNATING_STRICTLY = 0.8
_COVERED = 0.5


class _Ranged(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def opens(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Pair:
    """The pattern whose group `label` is the letter at the beginning of a line."""

    pattern: re.Pattern[str]


_BARE = Pair(re.compile(r"[ \t]*+(?:\d{1,2}[ \t]++)?(?P<label>[QA])\.?[ \t]++(?=[^\s:：])"))


def _marked(letters: str, numbered: str) -> Pair:
    return Pair(
        re.compile(
            rf"[ \t]*+(?:\d{{1,5}}[ \t]++)?(?P<label>[{letters}]){numbered}(?:[.)]|\.[ \t]?[-–—])[ \t]++(?=[^\s:：])"
        )
    )


_NUMBERED = Pair(re.compile(r"[ \t]*+(?P<label>[QA])\d{1,3}(?:[.):：]|[ \t]?[-–—])[ \t]*+(?=\S)"))
_STRICT = (_NUMBERED, *(_marked(pair, "") for pair in _PAIRS))


def pair_of(text: str, lines: Sequence[_Ranged]) -> Pair | None:
    """The letters by which question and answer take turns at the beginning of lines; None where none do.

    Bare Q and A must answer each other more often than not; with a number or for other letters, which also count off
    the points of a paper, nearly always, and on half of the lines that begin a paragraph.
    """
    order = _order(text, lines, _BARE)
    if _answered(order, "Q", "A") > _ALTERNATING:
        return _BARE
    opening = sum(line.opens for line in lines)
    for pair in _STRICT:
        order = _order(text, lines, pair)
        if len(set(order)) == 2 and order and len(order) >= _COVERED * opening:
            asking = order[0]
            answering = next(letter for letter in order if letter != asking)
            if _answered(order, asking, answering) >= _ALTERNATING_STRICTLY:
                return pair
    return None


def _order(text: str, lines: Iterable[_Ranged], pair: Pair) -> list[str]:
    return [match["label"] for line in lines if (match := pair.pattern.match(text, line.start, line.end))]


def _answered(order: Sequence[str], asking: str, answering: str) -> float:
    """The share of questions followed by an answer; 0 with fewer than two."""
    after = [second for first, second in pairwise(order) if first == asking]
    return after.count(answering) / len(after) if len(after) >= _FEWEST else 0.0
