"""A source as it is read: turns, and in them paragraphs, sentences and words, cut when somebody looks.

Numbers are turn.sentence (``14.3``): they depend on the text alone, so they are the same on every screen and in print.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from qualcode.errors import UsageError
from qualcode.model import Source, Span, Turn

Step = Literal["word", "sentence", "turn"]
_WORD = re.compile(r"\S+")
_TAIL = ',;:.!?…"”’»'


class Numbered:
    """The turns of a source with what they are made of. Offsets are code points of the source's text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        whole = (Turn(1, Span(0, len(source.text))),) if source.text else ()
        self.turns: tuple[Turn, ...] = source.turns or whole
        self._starts = [turn.span.start for turn in self.turns]
        self._cut: dict[tuple[str, int], tuple[Span, ...]] = {}

    @cached_property
    def wrapped_at(self) -> int | None:
        """The width at which the source's own lines were broken, or None when each line is a paragraph."""
        from qualcode.segmentation.paragraphs import wrap_width

        return wrap_width(self.source.text)

    def turn_at(self, offset: int) -> int:
        """The index in `turns` of the turn that `offset` lies in, else of the one before it, else 0."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def paragraphs(self, index: int) -> tuple[Span, ...]:
        """The paragraphs of a turn; none for a turn of white space."""
        return self._kept("paragraph", index)

    def pieces(self, step: Step, index: int) -> tuple[Span, ...]:
        """The words, the sentences or the whole of a turn, trimmed of white space."""
        return self._kept(step, index)

    def _kept(self, kind: str, index: int) -> tuple[Span, ...]:
        key = (kind, index)
        if index >= len(self.turns):
            return ()
        if key not in self._cut:
            self._cut[key] = tuple(self._cutting(kind, index))
        return self._cut[key]

    def _cutting(self, kind: str, index: int) -> Iterator[Span]:
        from qualcode.segmentation.paragraphs import paragraphs, trimmed
        from qualcode.segmentation.sentences import sentences

        text, turn = self.source.text, self.turns[index]
        stretch = trimmed(text, turn.span.start, turn.span.end)
        if stretch is None:
            return
        if kind == "turn":
            yield stretch
        elif kind == "word":
            for match in _WORD.finditer(text, stretch.start, stretch.end):
                bare = len(match.group().rstrip(_TAIL))
                yield Span(match.start(), match.start() + bare if bare else match.end())
        elif kind == "paragraph":
            yield from paragraphs(text, stretch, self.wrapped_at)
        else:
            for paragraph in self.paragraphs(index):
                yield from sentences(text, paragraph)

    # -- from a place to the next ---------------------------------------------------------------------------------

    def after(self, step: Step, offset: int) -> Span | None:
        """The first piece that ends after `offset`, or None at the end of the source."""
        for index in range(self.turn_at(offset), len(self.turns)):
            pieces = self.pieces(step, index)
            at = bisect_right(pieces, offset, key=lambda span: span.end)
            if at < len(pieces):
                return pieces[at]
        return None

    def before(self, step: Step, offset: int) -> Span | None:
        """The last piece that begins before `offset`, or None at the beginning of the source."""
        for index in range(min(self.turn_at(offset), len(self.turns) - 1), -1, -1):
            pieces = self.pieces(step, index)
            at = bisect_left(pieces, offset, key=lambda span: span.start)
            if at:
                return pieces[at - 1]
        return None

    def around(self, step: Step, offset: int) -> Span | None:
        """The piece that `offset` lies in, else the next one, else the last one."""
        return self.after(step, offset) or self.before(step, offset)

    # -- numbers --------------------------------------------------------------------------------------------------

    def sentence_number(self, offset: int) -> tuple[int, int]:
        """Turn number and sentence number, both from 1, of the sentence that `offset` lies in or comes before."""
        index = self.turn_at(offset)
        ends = [span.end for span in self.pieces("sentence", index)]
        return self.turns[index].n, min(bisect_right(ends, offset), max(len(ends) - 1, 0)) + 1

    def number(self, offset: int) -> str:
        """``14.3`` for an offset."""
        if not self.turns:
            return "0.0"
        turn, sentence = self.sentence_number(offset)
        return f"{turn}.{sentence}"

    def at_number(self, word: str) -> Span:
        """The sentence called ``14.3``, or the first one of turn ``14``. Raises UsageError."""
        match = re.fullmatch(r"\s*(\d{1,9})(?:\.(\d{1,9}))?\s*", word)
        if match is None:
            raise UsageError(f'"{word}" is no place', "write a turn, or turn and sentence: 14.3")
        wanted, sentence = int(match[1]), int(match[2] or 1)
        index = bisect_left(self.turns, wanted, key=lambda turn: turn.n)
        if index == len(self.turns) or self.turns[index].n != wanted:
            raise UsageError(f"there is no turn {wanted}", f"the last one is {self.turns[-1].n if self.turns else 0}")
        pieces = self.pieces("sentence", index)
        if not 1 <= sentence <= len(pieces):
            raise UsageError(f"turn {wanted} has no sentence {sentence}", f"it has {len(pieces)}")
        return pieces[sentence - 1]
