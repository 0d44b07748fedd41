"""Quotations for the write-up: grouped by code, verbatim, attributed, with where each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qualcode.analysis.attribution import Template, parse, unspecified, values
from qualcode.analysis.codes import depth, display, ordered_codebooks, within
from qualcode.analysis.coverage import Scope, cases_in, cases_of, listing, looked_at, number, scope, withdrawn_note
from qualcode.analysis.layers import Layer, readings
from qualcode.analysis.request import Request
from qualcode.model import Bundle, Case, Code, Codebook, Coding, Span
from qualcode.report import Block, Heading, Note, Paragraph, Quotation, Report

Key = tuple[str, Span]
"""A source's id and a span: two codings with the same key are the same passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage under one code, with everybody who read it so."""

    coding: Coding
    coders: tuple[str, ...]
    memos: tuple[str, ...]


@dataclass(slots=True)
class _Export:
    """What one export needs to know, and what it counts on the way."""

    request: Request
    layers: tuple[Layer, ...]
    scope: Scope
    template: Template | None
    carried: dict[Key, tuple[str, ...]]
    missing: Counter[str] = field(default_factory=Counter)
    withheld: set[Key] = field(default_factory=set)
    unasked: set[str] = field(default_factory=set)
    quoted: set[Key] = field(default_factory=set)
    empty: list[str] = field(default_factory=list)


def quotations(bundle: Bundle, request: Request) -> Report:
    """Every asked coding of the layer as a quotation under its code, codes in codebook order.

    Without `request.layer`, and with two coders but no consensus, all coders' readings stand side by side, each
    named and counted apart. Cases that withdrew, or that agreed to be analysed but not quoted, are not quoted.
    Raises UsageError (template, layer) and UnknownCode.
    """
    books = ordered_codebooks(bundle, request.codes)
    export = _export(bundle, request, books)
    blocks = [block for book in books for block in _section(book, export)]
    notes = _notes(export)
    tail: list[Block] = [Heading("Notes"), *map(Note, notes)] if notes else []
    layer = "; ".join(layer.name for layer in export.layers)
    return Report("Quotations", (*blocks, *tail), "segments", len(export.quoted), layer)


def _export(bundle: Bundle, request: Request, books: Sequence[Codebook]) -> _Export:
    attributes = dict.fromkeys(name for case in bundle.cases for name in case.attributes)
    asked = {code.path for book in books for code in book.codes}
    layers = readings(bundle.codings, request.layer, bundle.statuses, request.keep)
    carried: dict[Key, dict[str, None]] = {}
    for coding in _codings(layers):
        if coding.code in asked:
            carried.setdefault(_key(coding), {})[coding.code] = None
    order = {code.path: at for at, code in enumerate(code for book in books for code in book.codes)}
    return _Export(
        request=request,
        layers=layers,
        scope=scope(bundle),
        template=parse(request.attribution, attributes) if request.attribution else None,
        carried={key: tuple(sorted(codes, key=order.__getitem__)) for key, codes in carried.items()},
    )


def _codings(layers: Iterable[Layer]) -> Iterator[Coding]:
    return (coding for layer in layers for coding in layer.codings)


def _key(coding: Coding) -> Key:
    return coding.source.id, coding.span


def _section(book: Codebook, export: _Export) -> Iterator[Block]:
    yield Heading(book.title or book.name)
    by_code: dict[str, list[Coding]] = {}
    for coding in _codings(export.layers):
        by_code.setdefault(coding.code, []).append(coding)
    for code in book.codes:
        yield Heading(display(code), depth(code) + 1)
        if code.definition:
            yield Paragraph(" ".join(code.definition.split()))
        passages = _passages(by_code.get(code.path, ()), export.scope)
        yield Paragraph(f"{code.path}: {_counts(code, export)}")
        shown = [_quotation(passage, code, export) for passage in passages if _may_quote(passage, export)]
        yield from shown
        children = any(other.path != code.path and within(other.path, code.path) for other in book.codes)
        if not shown and not (children and not passages):
            export.empty.append(code.path)
            yield Paragraph("No quotation.")


def _passages(codings: Iterable[Coding], scope: Scope) -> list[Passage]:
    """The passages of one code in the order of sources and text."""
    together: dict[Key, list[Coding]] = {}
    for coding in codings:
        if scope.holds(coding):
            together.setdefault(_key(coding), []).append(coding)
    order = {key: at for at, key in enumerate(scope.sources)}
    return [
        Passage(
            coding=same[0],
            coders=tuple(dict.fromkeys(coding.coder for coding in same)),
            memos=tuple(dict.fromkeys(coding.memo for coding in same if coding.memo)),
        )
        for _, same in sorted(together.items(), key=lambda item: (order[item[0][0]], item[0][1]))
    ]


def _may_quote(passage: Passage, export: _Export) -> bool:
    """Whether everybody in it agreed to be quoted; consent that was never recorded is said, not refused."""
    coding = passage.coding
    cases = export.scope.touched(coding)
    if any(case.consent == "analyse" for case in cases):
        export.withheld.add(_key(coding))
        return False
    if coding.source.kind != "document":
        unasked = {name for name in coding.source.cases_in(coding.span) if not _consent(name, export.scope)}
        export.unasked |= unasked if coding.source.cases else {coding.source.name}
    return True


def _consent(name: str, scope: Scope) -> str | None:
    case = scope.cases.get(name)
    return case.consent if case else None


def _quotation(passage: Passage, code: Code, export: _Export) -> Quotation:
    coding = passage.coding
    source, span, turn = coding.source, coding.span, coding.segment.turn
    export.quoted.add(_key(coding))
    before, after = _context(coding, export)
    return Quotation(
        text=coding.segment.quote,
        attribution=_attribution(passage, code, export),
        origin=_origin(passage, len(export.layers) > 1),
        codes=export.carried[_key(coding)],
        memo="\n".join(passage.memos) or None if export.request.memos else None,
        before=before,
        after=after,
        code=coding.code,
        label=display(code),
        source=source.name,
        case=coding.case,
        speaker=turn.speaker if turn else None,
        turn=turn.n if turn else None,
        start=span.start,
        end=span.end,
        coder=", ".join(passage.coders),
    )


def _origin(passage: Passage, with_coders: bool) -> str:
    turn = passage.coding.segment.turn
    place = f"{passage.coding.source.name}, turn {turn.n}" if turn else passage.coding.source.name
    return f"{place}, coded by {', '.join(passage.coders)}" if with_coders else place


def _attribution(passage: Passage, code: Code, export: _Export) -> str:
    coding = passage.coding
    if export.template is None:
        return unspecified(coding)
    case: Case | None = export.scope.case(coding)
    known: Mapping[str, str | None] = values(coding, case, code, passage.coders)
    export.missing.update(name for name in export.template.fields if not known.get(name))
    return export.template.fill(known)


def _context(coding: Coding, export: _Export) -> tuple[str, str]:
    """Up to `context` code points before and after, cut at blanks, with an ellipsis where text goes on.

    It ends where the words of somebody begin who did not agree to be quoted.
    """
    width, text, span = export.request.context, coding.source.text, coding.span
    if width <= 0:
        return "", ""
    first, last = _sayable(coding, export.scope)
    before = text[max(span.start - width, first) : span.start]
    after = text[span.end : min(span.end + width, last)]
    if span.start - width > first:
        before = f"… {before.partition(' ')[2] or before}"
    if span.end + width < last:
        after = f"{after.rpartition(' ')[0] or after} …"
    return _worded(before), _worded(after)


def _sayable(coding: Coding, scope: Scope) -> tuple[int, int]:
    """Between which offsets around a passage everybody agreed to be quoted."""
    source, span = coding.source, coding.span
    first, last = 0, len(source.text)
    for turn in source.turns if source.by_turn else ():
        case = scope.cases.get(source.case_of(turn) or "")
        if case is not None and (case.withdrawn or case.consent == "analyse"):
            first = max(first, turn.span.end) if turn.span.end <= span.start else first
            last = min(last, turn.span.start) if turn.span.start >= span.end else last
    return first, last


def _worded(text: str) -> str:
    return text if any(map(str.isalnum, text)) else ""


def _counts(code: Code, export: _Export) -> str:
    """``ann: 4 segments in 3 of 6 cases``, for each layer apart."""
    said = [_count(code, layer, export.scope) for layer in export.layers]
    if len(export.layers) == 1:
        return f"{said[0]}."
    return "; ".join(f"{layer.name} {count}" for layer, count in zip(export.layers, said, strict=True)) + "."


def _count(code: Code, layer: Layer, scope: Scope) -> str:
    coded = [c for c in layer.codings if c.code == code.path and scope.holds(c)]
    looked = looked_at(layer, scope.sources.values(), code)
    total = cases_of(looked)
    found = cases_in(coded)
    segments = number(len({_key(coding) for coding in coded}), "segment")
    loose = {source.id for source in looked if not source.cases}
    hit = {coding.source.id for coding in coded if not coding.source.cases}
    parts = [f"{len(found)} of {number(len(total | found), 'case')}"] if total | found else []
    if loose | hit:
        rest = " without a case" if parts else ""
        parts.append(f"{len(hit)} of {number(len(loose | hit), 'source')}{rest}")
    return f"{segments} in {' and '.join(parts)}" if parts else segments


def _notes(export: _Export) -> list[str]:
    notes = [note for layer in export.layers for note in layer.notes]
    if len(export.layers) > 1:
        notes.append("More than one coder, no consensus: each reading is shown and counted apart, never added up.")
    if export.empty:
        notes.append(f"Without a quotation: {listing(export.empty, 'code', 40)}.")
    for name, count in export.missing.items():
        notes.append(f"n/a stands for {{{name}}} in {number(count, 'attribution')}: no value is recorded.")
    if export.withheld:
        notes.append(
            f"Not quoted: {number(len(export.withheld), 'segment')} of cases that agreed to be analysed but not quoted."
        )
    if export.unasked:
        notes.append(f"Consent to be quoted is not recorded for {listing(sorted(export.unasked), 'case')}.")
    return notes + withdrawn_note(export.scope)
