"""What a figure's denominator is: the cases, or sources, that the layer's coder looked at; and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from qualcode.analysis.layers import Layer
from qualcode.model import Bundle, Case, Code, Codebook, Coding, Segment, Source

_MASK = "█"


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be counted: all but the words of withdrawn cases.

    `sources` by id, in the bundle's order, those of its codings included; a talk of several people without the turns
    of who withdrew, and its id in `partly`. `cases` by name.
    """

    sources: dict[str, Source]
    cases: dict[str, Case]
    withdrawn: tuple[str, ...] = field(default=())
    partly: frozenset[str] = frozenset()

    def case(self, coding: Coding) -> Case | None:
        """The case whose words are coded."""
        name = coding.case
        return self.cases.get(name) if name else None

    def holds(self, coding: Coding) -> bool:
        """Whether a coding may be counted and shown: it touches no words of anybody who withdrew."""
        return self.allows(coding.segment)

    def allows(self, segment: Segment) -> bool:
        """The same of a passage."""
        if segment.source.id not in self.sources:
            return False
        return not self.withdrawn or not set(self.withdrawn).intersection(segment.source.cases_in(segment.span))

    def touched(self, coding: Coding) -> list[Case]:
        """Every case whose words a coding touches: one of them may not agree to what the others do."""
        return [self.cases[name] for name in coding.source.cases_in(coding.span) if name in self.cases]


def scope(bundle: Bundle) -> Scope:
    """The countable sources of a bundle."""
    every = {source.id: source for source in bundle.sources}
    for coding in bundle.codings:
        every.setdefault(coding.source.id, coding.source)
    withdrawn = tuple(case.name for case in bundle.cases if case.withdrawn)
    parts = {key: source.narrowed(lambda case: case not in withdrawn) for key, source in every.items()}
    kept = {key: part for key, part in parts.items() if part is not None}
    partly = frozenset(key for key, part in kept.items() if part is not every[key])
    return Scope(kept, {case.name: case for case in bundle.cases}, withdrawn, partly)


def masked(source: Source, part: Source) -> Source:
    """`part`, with the turns that only `source` has made unreadable in its text; every offset stays."""
    kept = {turn.n for turn in part.turns}
    text = list(source.text)
    for turn in source.turns:
        if turn.n not in kept:
            text[turn.span.start : turn.span.end] = [_MASK] * len(turn.span)
    return replace(part, text="".join(text))


def looked_at(layer: Layer, sources: Iterable[Source], code: Code) -> list[Source]:
    """The sources in which the code was looked for."""
    return [source for source in sources if layer.looked_for(source.id, code)]


def cases_of(sources: Iterable[Source]) -> set[str]:
    """The names of the cases whose words stand in these sources."""
    return {case for source in sources for case in source.cases}


def cases_in(codings: Iterable[Coding]) -> set[str]:
    """The names of the cases whose words are coded; a coding counts for one, see `Segment.case`."""
    return {case for coding in codings if (case := coding.case)}


def coverage_notes(layer: Layer, scope: Scope, codebooks: Sequence[Codebook]) -> list[str]:
    """Which sources stand in the denominators on an assumption, and which stay out because they are not finished."""
    books = [book.name for book in codebooks]
    notes = list(layer.notes)
    for book in books:
        assumed = [source.name for key, source in scope.sources.items() if (key, book) in layer.assumed]
        if assumed:
            notes.append(
                f"Assumed done in {book}, because at least one coding stands there and no status was set: "
                f"{listing(assumed, 'source')}."
            )
        halfway = [source.name for key, source in scope.sources.items() if (key, book) in layer.unfinished]
        if halfway:
            notes.append(f"Not finished in {book}, so not counted: {listing(halfway, 'source')}.")
        reached = {place for place in (*layer.done, *layer.unfinished) if place[1] == book}
        unread = [source.name for key, source in scope.sources.items() if (key, book) not in reached]
        if unread:
            notes.append(f"Not looked at in {book}, neither done nor coded: {listing(unread, 'source')}.")
    return notes + withdrawn_note(scope)


def withdrawn_note(scope: Scope) -> list[str]:
    """That withdrawn cases are left out; their names are not repeated."""
    count = len(scope.withdrawn)
    return [f"Left out: {number(count, 'case')} that withdrew."] if count else []


def listing(names: Sequence[str], noun: str, limit: int = 6) -> str:
    """``3 sources (a, b, c)``, with at most `limit` names."""
    more = f", and {len(names) - limit} more" if len(names) > limit else ""
    return f"{number(len(names), noun)} ({', '.join(names[:limit])}{more})"


def number(count: int, noun: str) -> str:
    """``1 case``, ``2 cases``, ``1,200 words``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
