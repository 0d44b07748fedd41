"""Every registered suggester keeps the contract, and the check notices one that does not."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from qualcode.model import Code, Codebook, Coding, Cue, Segment, Source, Span, Suggestion, Turn
from qualcode.suggesters import SUGGESTERS
from qualcode.suggesters.cues import CueSuggester
from qualcode.testing import check_suggester

LINES = (
    "So what changed?",
    "The timetable, mostly. I draw up the timetable in June.",
    "They come to me when they're upset, and I've a chair for that.",
    "Right. And the mentors?",
    "I train the mentors on a Thursday, upset or not.",
)


def material() -> tuple[list[Codebook], list[Segment], list[Coding]]:
    text, turns = "", []
    for n, line in enumerate(LINES, 1):
        text += "X: "
        role = "interviewer" if line.endswith("?") else "respondent"
        turns.append(Turn(n, Span(len(text), len(text) + len(line)), "X", role))  # type: ignore[arg-type]
        text += line + "\n"
    source = Source("s1", "interview-1", "interview", text, tuple(turns))
    codes = (
        Code("role/managerial", "Managerial", "Running it", cues=(Cue("phrase", "timetable"), Cue("lemma", "mentor"))),
        Code("role/pastoral", "Pastoral", "Well-being", cues=(Cue("regex", "upset|crying"),), speakers=("respondent",)),
    )
    segments = [Segment(source, turn.span) for turn in turns]
    codings = [Coding(segments[1], "role/managerial", "ann"), Coding(segments[2], "role/pastoral", "ann")]
    return [Codebook("role", "1.0", codes)], segments, codings


@pytest.mark.parametrize("name", SUGGESTERS.names())
def test_a_registered_suggester_keeps_the_contract(name: str) -> None:
    books, segments, codings = material()
    check_suggester(SUGGESTERS.load(name), books, segments, codings)


class Broken(CueSuggester):
    """Cues, with one promise broken by each subclass."""

    def changed(self, one: Suggestion) -> Suggestion:
        return one

    def score(self, segments: Iterable[Segment]) -> tuple[Suggestion, ...]:
        return tuple(self.changed(one) for one in super().score(segments))


class OutsideEvidence(Broken):
    def changed(self, one: Suggestion) -> Suggestion:
        return replace(one, reason=replace(one.reason, evidence=((0, 1),)))


class ScoreOverOne(Broken):
    def changed(self, one: Suggestion) -> Suggestion:
        return replace(one, score=1.5)


class NoReason(Broken):
    def changed(self, one: Suggestion) -> Suggestion:
        return replace(one, reason=replace(one.reason, text=" "))


class DecidesItself(Broken):
    def changed(self, one: Suggestion) -> Suggestion:
        return replace(one, decision="accepted")


class ByChance(Broken):
    def changed(self, one: Suggestion) -> Suggestion:
        return replace(one, score=random.random())


class SameId(Broken):
    def changed(self, one: Suggestion) -> Suggestion:
        return replace(one, id="x")


class FitReturnsNothing(CueSuggester):
    def fit(self, *args: Any, **options: Any) -> Any:
        super().fit(*args, **options)


class LearnsUnderAnyName(CueSuggester):
    def fit(self, *args: Any, **options: Any) -> Any:
        self.learned = True
        return super().fit(*args, **options)


class LosesAParameter(CueSuggester):
    def __init__(self, *, depth: int = 1) -> None:
        super().__init__()


class TakesAnything(CueSuggester):
    def __init__(self, **options: Any) -> None:
        super().__init__()


class KnowsTheBatch(Broken):
    def score(self, segments: Iterable[Segment]) -> tuple[Suggestion, ...]:
        return super().score(segments)[:1]


@pytest.mark.parametrize(
    ("suggester", "promise"),
    [
        (OutsideEvidence, "evidence must lie inside"),
        (ScoreOverOne, "score must lie"),
        (NoReason, "says why"),
        (DecidesItself, "only a person decides"),
        (ByChance, "scoring twice"),
        (SameId, "ids must differ"),
        (FitReturnsNothing, "fit must return self"),
        (LearnsUnderAnyName, "must end in _"),
        (LosesAParameter, "keep depth under its own name"),
        (TakesAnything, "name each parameter"),
        (KnowsTheBatch, "a batch must give what each segment gives alone"),
    ],
)
def test_the_check_notices_a_broken_promise(suggester: type[CueSuggester], promise: str) -> None:
    books, segments, codings = material()
    with pytest.raises(AssertionError, match=promise):
        check_suggester(suggester, books, segments, codings)
