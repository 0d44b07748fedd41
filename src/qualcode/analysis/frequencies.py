"""How often each code was applied: counts with their denominators, by group if asked, in one coder's layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode.analysis.attribution import shown
from qualcode.analysis.codes import display, ordered_codebooks, within
from qualcode.analysis.coverage import Scope, cases_in, cases_of, coverage_notes, listing, looked_at, scope
from qualcode.analysis.groups import attribute_named, in_order, percent, small_note, small_shares
from qualcode.analysis.layers import Layer, choose_layer
from qualcode.analysis.request import Count, Request
from qualcode.model import Bundle, Code, Codebook, Coding, Source, Span
from qualcode.report import Cell, Note, Report, Table

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_DEFINITIONS: Mapping[Count, str] = {
    "cases": "a case counts once for a code, however often the code was applied to it; the denominator (of) is the "
    "cases with words in a source that was looked at for the code",
    "sources": "a source counts once for a code; the denominator (of) is the sources looked at for the code",
    "segments": "a segment is a coded passage; two codings of one passage under one code count once",
    "words": "words inside coded passages, each once; the denominator (of) is the words of the sources looked at",
}


@dataclass(frozen=True, slots=True)
class _Group:
    """The sources of one group, of a talk the turns of its people; `name` is empty for all of them.

    `cases` are those whose codings count, None: all codings.
    """

    name: str
    sources: tuple[Source, ...]
    cases: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Tally:
    """The codings that count for a code and its descendants in a group, and the sources looked at for it."""

    codings: tuple[Coding, ...]
    looked: tuple[Source, ...]

    def figure(self, count: Count) -> tuple[int, int | None]:
        """How many, and of how many; segments have no denominator."""
        if count == "cases":
            return len(cases_in(self.codings)), len(cases_of(self.looked))
        if count == "sources":
            return len({coding.source.id for coding in self.codings}), len(self.looked)
        if count == "words":
            return self._words(), sum(len(_WORD.findall(_spoken(source))) for source in self.looked)
        return len({(coding.source.id, coding.span) for coding in self.codings}), None

    def _words(self) -> int:
        spans: dict[str, list[Span]] = {}
        sources = {coding.source.id: coding.source for coding in self.codings}
        for coding in self.codings:
            spans.setdefault(coding.source.id, []).append(coding.span)
        return sum(len(_WORD.findall(sources[key].quote(span))) for key in spans for span in union(spans[key]))


def frequencies(bundle: Bundle, request: Request) -> Report:
    """One row a code; a code with subcodes counts theirs too, each case and segment once.

    The first three figures are the asked count, its denominator and the percentage, then the same for each value of
    `request.by`. Raises UsageError (layer, attribute) and UnknownCode.
    """
    books = ordered_codebooks(bundle, request.codes)
    field = scope(bundle)
    attribute = attribute_named(request.by, field.cases.values()) if request.by else None
    layer = choose_layer(bundle.codings, request.layer, bundle.statuses, request.keep)
    layer = replace(layer, codings=tuple(filter(field.holds, layer.codings)))
    count = request.count or _natural(layer, field, books)
    groups = _groups(field, attribute)
    table = _table(books, layer, groups, count)
    notes = [*_rollup_notes(books, layer), *_group_notes(field, groups, table, count, attribute)]
    notes += [*_loose_note(layer, field, books, count), *coverage_notes(layer, field, books)]
    return Report(
        title=f"Codes counted in {count}" + (f", by {attribute}" if attribute else ""),
        blocks=(table, *map(Note, notes)),
        unit=count,
        n=table.n,
        layer=layer.name,
        facts={"Counted": _DEFINITIONS[count]},
    )


def union(spans: Iterable[Span]) -> list[Span]:
    """The same code points as sorted spans that neither overlap nor touch."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _spoken(source: Source) -> str:
    """The words said or written: the turns without their labels, or all of a text without turns."""
    return "\n".join(source.quote(turn.span) for turn in source.turns) or source.text


def _natural(layer: Layer, scope: Scope, books: Sequence[Codebook]) -> Count:
    looked = [s for s in scope.sources.values() if any((s.id, book.name) in layer.done for book in books)]
    return "cases" if cases_of(looked) else "sources"


def _groups(scope: Scope, attribute: str | None) -> list[_Group]:
    """All sources, then those of each value of the attribute."""
    every = [_Group("", tuple(scope.sources.values()))]
    if attribute is None:
        return every
    valued: dict[str, set[str]] = {}
    for case in scope.cases.values():
        value = shown(case.attributes.get(attribute))
        if value is not None:
            valued.setdefault(value, set()).add(case.name)
    groups = [_of_cases(value, frozenset(valued[value]), scope) for value in in_order(valued)]
    return every + [group for group in groups if group.sources]


def _of_cases(name: str, cases: frozenset[str], scope: Scope) -> _Group:
    parts = (source.narrowed(lambda case: case in cases) for source in scope.sources.values())
    return _Group(name, tuple(part for part in parts if part is not None), cases)


def _table(books: Sequence[Codebook], layer: Layer, groups: Sequence[_Group], count: Count) -> Table:
    codes = [code for book in books for code in book.codes]
    tallies = {(code.path, group.name): _tally(code, layer, group) for code in codes for group in groups}
    sizes = {g.name: max((tallies[c.path, g.name].figure(count)[1] or 0 for c in codes), default=0) for g in groups}
    rows = [
        (code.path, _row_label(code, codes), *_figures([tallies[code.path, group.name] for group in groups], count))
        for code in codes
    ]
    return Table(
        columns=("code", "label", *_columns(groups, count)),
        rows=tuple(rows),
        caption=f"Codes counted in {count}; layer: {layer.name}",
        unit=count,
        small=small_shares(rows) if count in ("cases", "sources") else frozenset(),
        n=sizes[""] if count != "segments" else _segments(tallies[code.path, ""] for code in codes),
    )


def _segments(tallies: Iterable[_Tally]) -> int:
    return len({(coding.source.id, coding.span) for tally in tallies for coding in tally.codings})


def _columns(groups: Sequence[_Group], count: Count) -> Iterator[str]:
    for group in groups:
        prefix = f"{group.name} " if group.name else ""
        yield f"{prefix}{count}"
        if count != "segments":
            yield f"{prefix}of"
            yield f"{prefix}%"
        if not group.name:
            yield from _beside(count)


def _beside(count: Count) -> tuple[Count, ...]:
    """What stands beside the asked count, for all sources together."""
    beside: Mapping[Count, tuple[Count, ...]] = {
        "cases": ("segments", "sources"),
        "sources": ("segments",),
        "words": ("segments",),
        "segments": ("sources",),
    }
    return beside[count]


def _figures(tallies: Sequence[_Tally], count: Count) -> Iterator[Cell]:
    for at, tally in enumerate(tallies):
        n, of = tally.figure(count)
        yield n
        if count != "segments":
            yield of
            yield percent(n, of or 0)
        if at == 0:
            yield from (tally.figure(other)[0] for other in _beside(count))


def _tally(code: Code, layer: Layer, group: _Group) -> _Tally:
    looked = looked_at(layer, group.sources, code)
    ids = {source.id for source in looked}
    coded = tuple(
        c
        for c in layer.codings
        if within(c.code, code.path) and c.source.id in ids and (group.cases is None or c.case in group.cases)
    )
    return _Tally(coded, tuple(looked))


def _row_label(code: Code, codes: Sequence[Code]) -> str:
    parent = any(other.parent == code.path for other in codes)
    return f"{display(code)}, with subcodes" if parent else display(code)


def _rollup_notes(books: Sequence[Codebook], layer: Layer) -> list[str]:
    codes = [code for book in books for code in book.codes]
    parents = [code for code in codes if any(other.parent == code.path for other in codes)]
    if not parents:
        return []
    direct = {code.path: len({(c.source.id, c.span) for c in layer.codings if c.code == code.path}) for code in parents}
    said = ", ".join(f"{path} {n}" for path, n in direct.items())
    return [
        "A code with subcodes counts theirs too, each case, source and segment once, so rows do not add up. "
        f"Segments coded directly: {said}."
    ]


def _group_notes(
    scope: Scope, groups: Sequence[_Group], table: Table, count: Count, attribute: str | None
) -> list[str]:
    notes = small_note(count) if table.small else []
    if attribute is None:
        return notes
    grouped = frozenset().union(*(group.cases or () for group in groups[1:]))
    loose = [source.name for source in scope.sources.values() if not source.cases and count != "cases"]
    several = [name for source in scope.sources.values() if source.by_turn for name in source.cases]
    whole = [source for source in scope.sources.values() if source.case and not source.by_turn]
    without = [source.name for source in whole if source.case not in grouped] + loose
    if without:
        notes.append(f"No {attribute} is recorded for {listing(without, 'source')}: in the first figures only.")
    unsaid = sorted(set(several) - grouped)
    if unsaid:
        notes.append(f"No {attribute} is recorded for {listing(unsaid, 'case')}: in the first figures only.")
    return notes


def _loose_note(layer: Layer, scope: Scope, books: Sequence[Codebook], count: Count) -> list[str]:
    """Sources without a case cannot be counted as cases."""
    if count != "cases":
        return []
    loose = [
        source.name
        for source in scope.sources.values()
        if not source.cases and any((source.id, book.name) in layer.done for book in books)
    ]
    if not loose:
        return []
    return [f"Without a case, so in segments and sources only: {listing(loose, 'source')}."]
