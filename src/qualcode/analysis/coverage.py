"""What a figure's denominator is: the cases, or sources, that the layer's coder looked at; and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qualcode.analysis.layers import Layer
from qualcode.model import Bundle, Case, Code, Codebook, Source


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources and cases that may be counted: all but those of withdrawn cases.

    `sources` by id, in the bundle's order, those of its codings included; `cases` by name.
    """

    sources: dict[str, Source]
    cases: dict[str, Case]
    withdrawn: tuple[str, ...] = field(default=())

    def case(self, source: Source) -> Case | None:
        """The case whose text the source is."""
        return self.cases.get(source.case) if source.case else None


def scope(bundle: Bundle) -> Scope:
    """The countable sources of a bundle."""
    every = {source.id: source for source in [*bundle.sources, *(coding.source for coding in bundle.codings)]}
    withdrawn = tuple(case.name for case in bundle.cases if case.withdrawn)
    kept = {key: source for key, source in every.items() if source.case not in withdrawn}
    return Scope(kept, {case.name: case for case in bundle.cases}, withdrawn)


def looked_at(layer: Layer, sources: Iterable[Source], code: Code) -> list[Source]:
    """The sources in which the code was looked for."""
    return [source for source in sources if layer.looked_for(source.id, code)]


def cases_of(sources: Iterable[Source]) -> set[str]:
    """The names of the cases whose texts these are."""
    return {source.case for source in sources if source.case}


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
