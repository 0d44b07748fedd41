"""The conditions of a query: frozen nodes that print as they are written and judge one coding at a time."""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, Literal, Protocol

from qualcode.model import Bundle, Case, Coding, Segment, Source, Span, Value
from qualcode.query.patterns import Pattern, as_number

Distance = Literal["turn", "sentence", "overlap"] | int
Operator = Literal["=", "!=", "<", "<=", ">", ">="]
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Node(Protocol):
    """A condition."""

    def matches(self, coding: Coding, context: QueryContext) -> bool:
        """Whether the coding fulfils the condition."""

    def over(self, change: Callable[[Node], Node]) -> Node:
        """The same node with its children changed."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Codings by start, and how far any of the first n reaches: 4 million pairs of one source become thousands."""

    codings: tuple[Coding, ...]
    starts: tuple[int, ...]
    reach: tuple[int, ...]

    @classmethod
    def of(cls, codings: Iterable[Coding]) -> _Found:
        by_start = sorted(codings, key=lambda coding: coding.span)
        reach = accumulate((coding.span.end for coding in by_start), max)
        return cls(tuple(by_start), tuple(coding.span.start for coding in by_start), tuple(reach))

    def between(self, low: int, high: int) -> Iterator[Coding]:
        """Those that touch ``low:high``, or stand right beside it."""
        for i in range(bisect_right(self.starts, high) - 1, -1, -1):
            if self.reach[i] < low:
                return
            if self.codings[i].span.end >= low:
                yield self.codings[i]


@dataclass(frozen=True)
class QueryContext:
    """What a coding alone does not tell: the cases by name, and every coding of each source, by the source's id.

    `sentences` cuts a source into sentences; without it ``near(A, B, sentence)`` cannot be judged.
    """

    cases: Mapping[str, Case] = field(default_factory=dict)
    codings: Mapping[str, tuple[Coding, ...]] = field(default_factory=dict)
    sentences: Callable[[Source], Iterable[Segment]] | None = None
    _found: dict[object, _Found] = field(default_factory=dict, compare=False, repr=False)
    _units: dict[object, tuple[list[int], list[int]]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, bundle: Bundle, sentences: Callable[[Source], Iterable[Segment]] | None = None) -> QueryContext:
        """The context that a bundle's cases and codings give."""
        codings: dict[str, list[Coding]] = {}
        for coding in bundle.codings:
            codings.setdefault(coding.source.id, []).append(coding)
        cases = {case.name: case for case in bundle.cases}
        return cls(cases, {source: tuple(found) for source, found in codings.items()}, sentences)

    def case_of(self, coding: Coding) -> Case | None:
        """The case whose words are coded."""
        name = coding.case
        return self.cases.get(name) if name is not None else None

    def matching(self, node: Node, source: Source) -> _Found:
        """The codings of a source that fulfil a condition; remembered, since `near` asks again and again."""
        key = (node, source.id)
        if key not in self._found:
            codings = self.codings.get(source.id, ())
            self._found[key] = _Found.of(coding for coding in codings if node.matches(coding, self))
        return self._found[key]

    def touched(self, coding: Coding, unit: str) -> range:
        """The indexes of the turns or sentences that the coding shares a character with."""
        key = (unit, coding.source.id)
        if key not in self._units:
            spans = self._spans(coding.source, unit)
            self._units[key] = ([span.start for span in spans], [span.end for span in spans])
        starts, ends = self._units[key]
        return range(bisect_right(ends, coding.span.start), bisect_left(starts, coding.span.end))

    def window(self, coding: Coding, distance: Distance) -> tuple[int, int]:
        """The offsets between which whatever is near the coding must have at least an end."""
        start, end = coding.span.start, coding.span.end
        if isinstance(distance, int):
            return start - distance, end + distance
        if distance != "overlap":
            touched = self.touched(coding, distance)
            starts, ends = self._units[distance, coding.source.id]
            if touched:
                return starts[touched[0]], ends[touched[-1]]
        return start, end

    def _spans(self, source: Source, unit: str) -> list[Span]:
        if unit == "turn":
            return [turn.span for turn in source.turns] or [Span(0, max(len(source.text), 1))]
        if self.sentences is None:
            raise ValueError("this context has no way to cut a source into sentences")
        return [segment.span for segment in self.sentences(source)]


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition at all."""

    def __str__(self) -> str:
        return ""

    def matches(self, coding: Coding, context: QueryContext) -> bool:  # noqa: ARG002
        """Always."""
        return True

    def over(self, change: Callable[[Node], Node]) -> Node:  # noqa: ARG002
        """Itself."""
        return self


def _inside(node: Node, *wider: type) -> str:
    return f"({node})" if isinstance(node, wider) else str(node)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more conditions, on one and the same coding."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join(_inside(part, And, Or) for part in self.parts)

    def matches(self, coding: Coding, context: QueryContext) -> bool:
        """Whether every part does."""
        return all(part.matches(coding, context) for part in self.parts)

    def over(self, change: Callable[[Node], Node]) -> Node:
        """The same with changed parts."""
        return And(tuple(change(part) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more conditions."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(_inside(part, Or) for part in self.parts)

    def matches(self, coding: Coding, context: QueryContext) -> bool:
        """Whether some part does."""
        return any(part.matches(coding, context) for part in self.parts)

    def over(self, change: Callable[[Node], Node]) -> Node:
        """The same with changed parts."""
        return Or(tuple(change(part) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    """The coding does not fulfil the condition."""

    part: Node

    def __str__(self) -> str:
        return f"NOT {_inside(self.part, And, Or)}"

    def matches(self, coding: Coding, context: QueryContext) -> bool:
        """Whether the part does not."""
        return not self.part.matches(coding, context)

    def over(self, change: Callable[[Node], Node]) -> Node:
        """The same with a changed part."""
        return Not(change(self.part))


def _differ(one: Coding, other: Coding) -> bool:
    return one is not other and (one.span != other.span or one != other)


@dataclass(frozen=True, slots=True)
class Near:
    """The coding fulfils one condition, and another coding of its source near it, by anyone, fulfils the other.

    `distance`: both touch one turn, or one sentence; or share a character; or leave a gap of at most so many
    code points between them (0: they overlap or touch).
    """

    left: Node
    right: Node
    distance: Distance = "turn"

    def __str__(self) -> str:
        return f"near({self.left}, {self.right}, {self.distance})"

    def matches(self, coding: Coding, context: QueryContext) -> bool:
        """Whether the coding fulfils one side and a near one the other."""
        low, high = context.window(coding, self.distance)
        for mine, theirs in ((self.left, self.right), (self.right, self.left)):
            if mine.matches(coding, context):
                others = context.matching(theirs, coding.source).between(low, high)
                if any(_differ(coding, other) and self._close(coding, other, context) for other in others):
                    return True
        return False

    def _close(self, one: Coding, other: Coding, context: QueryContext) -> bool:
        if self.distance == "overlap":
            return one.span.overlaps(other.span)
        if isinstance(self.distance, int):
            return max(one.span.start, other.span.start) - min(one.span.end, other.span.end) <= self.distance
        mine, theirs = context.touched(one, self.distance), context.touched(other, self.distance)
        return max(mine.start, theirs.start) < min(mine.stop, theirs.stop)

    def over(self, change: Callable[[Node], Node]) -> Node:
        """The same with changed sides."""
        return replace(self, left=change(self.left), right=change(self.right))


def _source(pattern: Pattern, coding: Coding) -> bool:
    source = coding.source
    named = (name for name in (source.name, source.id, source.file) if name)
    return any(pattern.matches_name(name) for name in named)


def _case(pattern: Pattern, coding: Coding) -> bool:
    name = coding.case
    return name is not None and pattern.matches_name(name)


def _speaker(pattern: Pattern, coding: Coding) -> bool:
    turn = coding.segment.turn
    return turn is not None and turn.speaker is not None and pattern.matches_name(turn.speaker)


def _unresolved(pattern: Pattern, coding: Coding) -> bool:  # noqa: ARG001
    raise ValueError("what codes a set holds is said by `resolve_sets`")


FIELDS: dict[str, Callable[[Pattern, Coding], bool]] = {
    "code": lambda pattern, coding: pattern.matches_code(coding.code),
    "set": _unresolved,
    "coder": lambda pattern, coding: pattern.matches_name(coding.coder),
    "source": _source,
    "case": _case,
    "kind": lambda pattern, coding: pattern.matches_name(coding.source.kind),
    "speaker": _speaker,
    "text": lambda pattern, coding: pattern.found_in(coding.segment.quote),
    "memo": lambda pattern, coding: pattern.found_in(coding.memo or ""),
    "origin": lambda pattern, coding: pattern.matches_name(coding.origin),
    "anchor": lambda pattern, coding: pattern.matches_name(coding.anchor),
}
MEASURES: dict[str, Callable[[Coding], Value]] = {
    "round": lambda coding: coding.round,
    "certainty": lambda coding: coding.certainty,
}
NAMES = (*FIELDS, *MEASURES)


@dataclass(frozen=True, slots=True)
class Term:
    """A field of the coding fits a pattern."""

    field: str
    pattern: Pattern

    def __str__(self) -> str:
        return self.pattern.quoted if self.field == "text" else f"{self.field}:{self.pattern}"

    def matches(self, coding: Coding, context: QueryContext) -> bool:  # noqa: ARG002
        """Whether the coding's own field fits."""
        return FIELDS[self.field](self.pattern, coding)

    def over(self, change: Callable[[Node], Node]) -> Node:  # noqa: ARG002
        """Itself."""
        return self


@dataclass(frozen=True, slots=True)
class Compare:
    """A case's attribute, or the coding's round or certainty, stands in an order to a value.

    An unknown value fulfils no comparison, ``!=`` included: only a known one can differ.
    """

    name: str
    order: Operator
    value: Pattern
    of_case: bool = True

    def __str__(self) -> str:
        name = Pattern.literally(self.name)
        shown = name.quoted if self.of_case and self.name.casefold() in NAMES else str(name)
        return f"{shown}{self.order}{self.value}"

    def matches(self, coding: Coding, context: QueryContext) -> bool:
        """Whether the value is known and in this order."""
        value = self._value(coding, context)
        if value is None or value == "":
            return False
        if self.order in ("=", "!="):
            return self.value.equals(value) == (self.order == "=")
        mine, theirs = as_number(value), self.value.number
        if theirs is not None:
            return mine is not None and ORDERS[self.order](mine, theirs)
        return ORDERS[self.order](str(value).casefold(), self.value.plain.casefold())

    def _value(self, coding: Coding, context: QueryContext) -> Value:
        if not self.of_case:
            return MEASURES[self.name](coding)
        case = context.case_of(coding)
        wanted = self.name.casefold()
        return next((v for name, v in case.attributes.items() if name.casefold() == wanted), None) if case else None

    def over(self, change: Callable[[Node], Node]) -> Node:  # noqa: ARG002
        """Itself."""
        return self
