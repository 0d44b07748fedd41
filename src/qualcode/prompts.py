"""The questions of an interview guide, found again in what the interviewer said: `turn.prompt` of the answers.

Interviewers rephrase, so a question is matched loosely: how many of its words are said, rare ones weighing more, and
how alike the wording is. The order of the guide is preferred and not demanded.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qualcode import guards
from qualcode.errors import InputError
from qualcode.model import Notice, Source, Turn

# Chosen on nine real interviews and nine questions of their published guide, where a turn counted as right when it held
# the question's key word, which is lenient: 72 such turns, 1 without it, 6 missed; at 0.55 68, 0, 11; at 0.45 73, 3, 3.
LEAST = 0.5
# A question out of the guide's order must be so much surer.
OUT_OF_ORDER = 0.15
_LONGEST = 4_000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NUMBER = re.compile(r"(?:[-*•–]\s+|(?:Q|Question\s+)?\d{1,3}\s*[.):]\s*|[a-z]\)\s+)", re.IGNORECASE)
_SMALL_WORDS = """
a an the and or but of to in on at by for with from as is are was were be been do does did have has had can could
would will you your i me my we our it its that this these those there so if any some about tell please what how why
when where who which think feel more like just know want also really okay right first then let us ask
"""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Found:
    """One question: the number of the turn that asks it, and how sure that is (0 to 1); None where it was not found."""

    prompt: str
    turn: int | None = None
    score: float | None = None


def parse(text: str, where: str) -> tuple[str, ...]:
    """The questions of a text (one a line, numbers and bullets taken off, ``#`` for remarks) or of a YAML list.

    Raises InputError where there is none or one comes twice.
    """
    listed = _of_yaml(text, where) if where.lower().endswith((".yaml", ".yml")) else text.split("\n")
    tidied = [" ".join(line.split()) for line in listed]
    asked = [_NUMBER.sub("", line, count=1).strip() for line in tidied if line and not line.startswith("#")]
    asked = [line for line in asked if line]
    twice = [line for line, count in Counter(line.casefold() for line in asked).items() if count > 1]
    if not asked:
        raise InputError(f"{where} holds no question", "write one a line")
    if twice:
        raise InputError(f"{where} has {len(twice)} questions twice", "a question names its answers, so leave one out")
    return tuple(asked)


def _of_yaml(text: str, where: str) -> list[str]:
    import yaml

    guards.check_yaml(text, where)
    try:
        said = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{where} is no YAML that can be read", "write a list of questions") from error
    if isinstance(said, dict):
        said = said.get("prompts", said.get("questions"))
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise InputError(
            f"{where} is no list of questions", "write `- ` and a question in quotation marks on each line"
        )
    return said


def find(source: Source, questions: Sequence[str]) -> tuple[Found, ...]:
    """Where in `source` each question is asked, in the order of `questions`; a turn asks one of them.

    Turns of interviewers are looked at; where none is known, those that end with a question mark.
    """
    turns = _asking(source)
    said = [source.quote(turn.span)[:_LONGEST] for turn in turns]
    scores = _scores(questions, said)
    places = _in_order(scores)
    for q, at in _strays(scores, places):
        places[q] = at
    return tuple(
        Found(question, turns[places[q]].n, round(scores[q][places[q]], 2)) if q in places else Found(question)
        for q, question in enumerate(questions)
    )


def asked(source: Source, found: Sequence[Found]) -> dict[int, str | None]:
    """Turn number → the question it answers: those of others than interviewers, up to the next question found."""
    begins = {one.turn: one.prompt for one in found if one.turn is not None}
    prompt: str | None = None
    told: dict[int, str | None] = {}
    for turn in source.turns:
        prompt = begins.get(turn.n, prompt)
        answers = turn.speaker is not None and turn.role != "interviewer" and turn.n not in begins
        told[turn.n] = prompt if answers else None
    return told


def given(source: Source, found: Sequence[Found]) -> Source:
    """The source with the question of each answer."""
    told = asked(source, found)
    return replace(source, turns=tuple(replace(turn, prompt=told[turn.n]) for turn in source.turns))


def carried(old: Source, new: Source) -> Source:
    """`new`, a corrected `old`, with the questions that `old` has, found anew. Answers to a survey keep theirs."""
    questions = list(dict.fromkeys(turn.prompt for turn in old.turns if turn.prompt))
    return given(new, find(new, questions)) if questions and old.kind != "answers" else new


def notice(source: Source, found: Sequence[Found]) -> Notice:
    """Which questions were found, at which turn and how surely, by their numbers in the guide; and which were not."""
    told = [
        f"{n} at turn {one.turn} ({round(100 * one.score)} %)"
        for n, one in enumerate(found, 1)
        if one.score is not None
    ]
    missing = [str(n) for n, one in enumerate(found, 1) if one.turn is None]
    said = f"questions found: {', '.join(told) or 'none'}"
    lost = f"; not found: {', '.join(missing)}" if missing else ""
    return Notice(source.file or source.name, "warning" if missing else "info", said + lost)


def _asking(source: Source) -> list[Turn]:
    known = [turn for turn in source.turns if turn.role == "interviewer"]
    return known or [
        turn for turn in source.turns if turn.speaker and source.quote(turn.span).rstrip(" \"”’')]").endswith("?")
    ]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _scores(questions: Sequence[str], said: Sequence[str]) -> list[list[float]]:
    """How surely each turn asks each question: the mean of the share of its words said and of the likeness."""
    from rapidfuzz import fuzz

    worded = [_words(question) for question in questions]
    often = Counter(word for words in worded for word in set(words))
    turns = [_words(turn) for turn in said]
    rows = []
    for words in worded:
        weights = {word: _weight(word, often[word], len(questions)) for word in words}
        plain = " ".join(words)
        rows.append(
            [
                0.6 * _share(weights, turn) + 0.4 * _likeness(fuzz, plain, " ".join(turn)) if turn else 0.0
                for turn in turns
            ]
        )
    return rows


def _weight(word: str, count: int, of: int) -> float:
    """Small words weigh a tenth; a word of every question far less than one of this question alone."""
    return (0.1 if word in _SMALL else 1.0) * (0.3 + math.log(of / count))


def _share(weights: dict[str, float], turn: Sequence[str]) -> float:
    """The weight of the question's words that are said; a word counts as said under another ending."""
    spoken = set(turn)
    stems = {word[: max(4, len(word) - 3)] for word in spoken if len(word) > 4}
    said = sum(w for word, w in weights.items() if word in spoken or (len(word) > 4 and word[: max(4, len(word) - 3)] in stems))  # fmt: skip  # noqa: E501
    return said / sum(weights.values())


def _likeness(fuzz: object, question: str, turn: str) -> float:
    """Of the wording: the best part of a longer turn, the whole of a shorter one."""
    whole = len(turn) < len(question)
    return (fuzz.ratio if whole else fuzz.partial_ratio)(question, turn) / 100  # type: ignore[attr-defined,no-any-return]


def _in_order(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """Question → turn of the choice in the guide's order with the greatest sum of scores at or over `LEAST`."""
    rows, columns = len(scores), len(scores[0]) if scores else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for q in range(rows - 1, -1, -1):
        for t in range(columns - 1, -1, -1):
            taken = scores[q][t] + best[q + 1][t + 1] if scores[q][t] >= LEAST else 0.0
            best[q][t] = max(best[q + 1][t], best[q][t + 1], taken)
    places: dict[int, int] = {}
    q = t = 0
    while q < rows and t < columns:
        if best[q][t] == best[q + 1][t]:
            q += 1
        elif best[q][t] == best[q][t + 1]:
            t += 1
        else:
            places[q] = t
            q, t = q + 1, t + 1
    return places


def _strays(scores: Sequence[Sequence[float]], places: dict[int, int]) -> list[tuple[int, int]]:
    """Questions that were asked out of order, the surest first, each at a turn of its own."""
    free = [(score, q, t) for q, row in enumerate(scores) if q not in places for t, score in enumerate(row)]
    taken, found = set(places.values()), dict[int, int]()
    for score, q, t in sorted(free, key=lambda one: (-one[0], one[1], one[2])):
        if score >= LEAST + OUT_OF_ORDER and t not in taken and q not in found:
            found[q] = t
            taken.add(t)
    return list(found.items())
