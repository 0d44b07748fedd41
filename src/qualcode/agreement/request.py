"""What a person asks of `measure`: who is compared, in which units, on which codes. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypedDict, get_args

from qualcode.errors import UsageError, nearest
from qualcode.model import CONSENSUS, FROZEN, Source

Unit = Literal["character", "word", "sentence", "paragraph", "turn", "answer", "source", "case"]
Rule = Literal["any", "half", "majority"]
Scope = Literal["all", "respondents"]
Level = Literal["nominal", "ordinal", "interval", "ratio"]

NOT_A_READER = frozenset({CONSENSUS})
"""Coders who are no independent readers: the layer that adjudication writes."""


class TableForm(TypedDict, total=False):
    """How a table of ratings is read; see `table.from_table`."""

    wide: bool
    level: str
    values: Sequence[str]
    weights: str | None
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Request:
    """The words of `qualcode agreement`.

    `coders` empty: all people who share a source. `unit` None: answers for questionnaires, sentences for all else;
    ``frozen:NAME`` takes units that were fixed beforehand.
    `scope` None: respondents where roles are known. `codes` are full paths; ``role/*`` or a codebook's name takes
    all below it. `rounds` empty: the highest two coders share; two rounds and one coder: the same coder again.
    `level` n keeps n path segments below the codebook (children imply their parents). `by` names groups:
    ``source``, ``case``, ``prompt``, ``kind`` or an attribute of cases or coders. `pool` puts interviews and answers
    into one overall figure; an explicit `unit` does so too. `bootstrap` is the number of replicates by source.
    `weights` say by source id how many of the population a drawn source stands for, any multiple of it. `whole` are
    the sources that "n of N" and shares of the text are of, where the bundle holds only some of them or parts.
    """

    coders: tuple[str, ...] = ()
    unit: str | None = None
    rule: str = "any"
    scope: str | None = None
    codes: tuple[str, ...] = ()
    rounds: tuple[int, ...] = ()
    by: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    all: bool = False
    level: int | None = None
    pool: bool = False
    bootstrap: int = 0
    seed: int = 0
    weights: tuple[tuple[str, float], ...] = ()
    whole: tuple[Source, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.unit is None or not self.unit.startswith(FROZEN):
            _known("unit", self.unit, (*get_args(Unit), f"{FROZEN}NAME"))
        _known("rule", self.rule, get_args(Rule))
        _known("scope", self.scope, get_args(Scope))
        if self.level is not None and self.level < 1:
            raise UsageError(f"level {self.level} keeps no code", "levels count from 1, below the codebook's name")
        if len(set(self.rounds)) > 1 and len(set(self.coders)) != 1:
            raise UsageError(
                "several rounds compare one coder with themselves",
                "name the coder with --coders NAME, or give one round",
            )


def _known(noun: str, word: str | None, words: tuple[str, ...]) -> None:
    """Raise UsageError with the nearest word when `word` is not among `words`; None passes."""
    if word is None or word in words:
        return
    near = nearest(word, words)
    raise UsageError(f'no {noun} "{word}"', f'did you mean "{near}"?' if near else f"known: {', '.join(words)}")


def known_word(noun: str, word: str, words: tuple[str, ...]) -> str:
    """`word` when it is among `words`; raises UsageError with the nearest one otherwise."""
    _known(noun, word, words)
    return word
