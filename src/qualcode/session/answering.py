"""Answers to one question, one a row: identical ones are coded once, and undone once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qualcode.errors import UsageError
from qualcode.model import Coding, Segment, Source, Span, Turn, Value
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting
from qualcode.store import AT_SCREEN


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: who answered what; `bare` are the words as they are compared."""

    source: Source
    turn: Turn
    words: str
    attributes: Mapping[str, Value]
    bare: str

    @property
    def case(self) -> str:
        """Whose answer it is."""
        return self.source.case or self.source.name


def plain(words: str) -> str:
    """What makes two answers identical: their words, whatever the case, white space and the stop at the end."""
    return re.sub(r"\s+", " ", words).strip(" .!").casefold()


class Answers:
    """All answers of the project's questionnaires, one question at a time."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        of = {case.name: case.attributes for case in sitting.project.cases()}
        self._all = [
            (turn.prompt or source.name, _answer(source, turn, of.get(source.case or "", {})))
            for source in sitting.project.sources()
            if source.kind == "answers"
            for turn in source.turns
        ]
        self.questions = list(dict.fromkeys(question for question, _ in self._all))
        if not self.questions:
            raise UsageError("there are no questionnaires here", "import one: `qualcode import survey.csv`")
        self.at = 0
        self.order = "as it came"
        self._last = ""  # the words that were coded last
        self.only: str | None = None  # "uncoded", a code's path, or None for all
        self.refresh()

    @property
    def question(self) -> str:
        """The question on the table."""
        return self.questions[self.at]

    @property
    def columns(self) -> list[str]:
        """The closed columns: attributes of the cases, in the order of the sheet."""
        return list(dict.fromkeys(name for _, answer in self._all for name in answer.attributes))

    def refresh(self) -> None:
        """Read the codings again, and list, filter and sort the answers anew."""
        ids = {answer.source.id for _, answer in self._all}
        known = tuple({answer.source.id: answer.source for _, answer in self._all}.values())
        allowed = self.sitting.layers.coders
        self._codings: dict[str, list[Coding]] = {}
        for coding in self.sitting.project.codings(sources=ids, known=known):
            if coding.anchor != "orphan" and (allowed is None or coding.coder in allowed):
                self._codings.setdefault(coding.source.id, []).append(coding)
        asked = [answer for question, answer in self._all if question == self.question]
        twins: dict[str, int] = {}
        for answer in asked:
            twins[answer.bare] = twins.get(answer.bare, 0) + 1
        self.same = twins
        self.rows = self._sorted([answer for answer in asked if self._wanted(answer)])

    def _wanted(self, answer: Answer) -> bool:
        if self.only is None:
            return True
        codes = {coding.code for coding in self.codings(answer) if coding.coder == self.sitting.coder}
        return not codes if self.only == "uncoded" else not codes.isdisjoint(self.sitting.standing_for(self.only))

    def _sorted(self, rows: list[Answer]) -> list[Answer]:
        if self.order == "like the last coded":
            return sorted(rows, key=lambda answer: -self._likeness(answer))
        if self.order == "length":
            return sorted(rows, key=lambda answer: len(answer.words))
        if self.order == "identical first":
            return sorted(rows, key=lambda a: (-self.same[a.bare], a.bare))
        if self.order != "as it came":
            return sorted(rows, key=lambda answer: _rank(answer.attributes.get(self.order)))
        return rows

    def _likeness(self, answer: Answer) -> float:
        """How alike the words are to those coded last, from 0 to 100."""
        from rapidfuzz.fuzz import token_set_ratio

        return float(token_set_ratio(answer.bare, self._last)) if self._last else 0.0

    @property
    def ways(self) -> list[str]:
        """The ways to sort: as it came, by length, identical ones together, likeness, each closed column."""
        return ["as it came", "length", "identical first", "like the last coded", *self.columns]

    def sort(self, way: str) -> str:
        """Sort in one of `ways`."""
        self.order = way
        self.refresh()
        return f"sorted: {way}"

    def next_question(self) -> str:
        """Turn to the next question."""
        self.at = (self.at + 1) % len(self.questions)
        self.refresh()
        return f"question {self.at + 1} of {len(self.questions)}"

    def keep(self, only: str | None) -> str:
        """Show only uncoded ones, those of one code, or all."""
        self.only = only
        self.refresh()
        return f"{len(self.rows)} answer{'s' * (len(self.rows) != 1)}" + (f", {leaf(only)}" if only else "")

    def codings(self, answer: Answer) -> list[Coding]:
        """The codings shown of an answer."""
        return [c for c in self._codings.get(answer.source.id, []) if c.span.overlaps(answer.turn.span)]

    def shown(self, answer: Answer) -> None:
        """An answer is on the screen: the log notes whose codings stand on it."""
        others = {coding.coder for coding in self.codings(answer)} - {self.sitting.coder}
        self.sitting.note_seen([(answer.source.id, coder) for coder in sorted(others)])

    def code(self, answer: Answer, word: str) -> str:
        """Code an answer and all identical ones, as one act."""
        sitting = self.sitting
        code = sitting.session.code(word)
        same = [a for question, a in self._all if question == self.question and a.bare == answer.bare]
        with sitting.project.act(AT_SCREEN, sitting.coder) as act:
            for each in same:
                segment = Segment(each.source, _trimmed(each.source, each.turn.span))
                act.add_coding(segment, code, round=sitting.session.round)
        sitting.used(code.path)
        self._last = answer.bare
        self.refresh()
        return f"saved  {leaf(code.path)}" + (f" · {len(same)} identical answers" if len(same) > 1 else "")

    def new_code(self, answer: Answer, name: str) -> str:
        """Make a code, with the answer as its first example, and code with it."""
        from qualcode.workflow import codebook_life

        example = " ".join(answer.words.split())
        with self.sitting.project.run():
            done = codebook_life.add(self.sitting.project, name, coder=self.sitting.coder, example=example)
            self.sitting.refresh_codes()
            return self.code(answer, done.codes[0].path)

    def delete(self, answer: Answer) -> str:
        """Take this coder's newest coding of the answer away."""
        own = [coding for coding in self.codings(answer) if coding.coder == self.sitting.coder]
        if not own:
            raise UsageError("no coding of yours here", "c codes the answer")
        last = max(own, key=lambda coding: coding.at or "")
        self.sitting.session.remove([last.id])
        self.refresh()
        return f"saved  {leaf(last.code)} taken away"


def _answer(source: Source, turn: Turn, attributes: Mapping[str, Value]) -> Answer:
    words = source.quote(turn.span)
    return Answer(source, turn, words, attributes, plain(words))


def _trimmed(source: Source, span: Span) -> Span:
    from qualcode.segmentation.paragraphs import trimmed

    return trimmed(source.text, span.start, span.end) or span


def _rank(value: Value) -> tuple[int, float, str]:
    """Numbers by size, then words, then what is missing."""
    if isinstance(value, bool | str):
        return 1, 0.0, str(value).casefold()
    return (2, 0.0, "") if value is None else (0, float(value), "")
