"""The places where coders differ, as a sheet to talk about: the passage, each reading, the definitions, room to decide.

Places with the same codes stand together, because one rule may settle them all; a table has one row a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from qualcode.model import Code, Coding, Disagreement, Span
from qualcode.report import Block, Cell, Heading, Note, Paragraph, Quotation, Report, Table

CONTEXT = 80
"""Code points shown before and after a passage."""
WORDS = {
    "code": "same place, other code",
    "missed": "seen by some",
    "split/merge": "in pieces, or as one",
    "boundary": "same code, other words",
    "agreed": "agreed",
}
EFFECT = (
    "The effect of a place is the change in the code's alpha if all coders gave the code there; a boundary that moves "
    "no unit has none."
)


def discussion(
    places: Sequence[Disagreement],
    codes: Mapping[str, Code],
    decided: Mapping[str, str],
    *,
    notes: Sequence[str] = (),
    grouped: bool = True,
    sheet: bool = True,
) -> Report:
    """The places in their order, those with the same kind and codes under one heading when they stand together.

    `codes` by path give labels and definitions; `decided` says in words what was decided about a place, by id.
    `sheet` adds the definitions and lines to write on.
    """
    blocks: list[Block] = []
    for (kind, paths), group in groupby(places, key=lambda place: (place.kind, place.codes)):
        found = list(group)
        if grouped:
            blocks.append(Heading(_heading(kind, paths, len(found))))
            blocks += _definitions(paths, codes) if sheet else []
        for place in found:
            blocks += _place(place, decided.get(place.id), sheet=sheet)
    blocks += [Note(note) for note in (*notes, EFFECT)] if places else [Paragraph(_nothing(notes))]
    return Report(f"{len(places)} place{'s' * (len(places) != 1)} where coders differ", tuple(blocks))


def _nothing(notes: Sequence[str]) -> str:
    return " ".join(("There is nothing to talk about.", *notes))


def _heading(kind: str, codes: Sequence[str], n: int) -> str:
    between = " and ".join(codes) if len(codes) > 1 else codes[0]
    said = f"{n} {'between' if len(codes) > 1 else 'of'} {between}: {WORDS[kind]}"
    return f"{said}; one rule may settle them" if n > 2 else said


def _definitions(paths: Sequence[str], codes: Mapping[str, Code]) -> Iterator[Block]:
    for path in paths:
        code = codes.get(path)
        if code is not None and code.definition:
            yield Paragraph(f"{path}: {' '.join(code.definition.split())}")


def _place(place: Disagreement, decided: str | None, *, sheet: bool) -> Iterator[Block]:
    effect = "" if place.effect is None else f" · effect {place.effect:+.3f}"
    yield Paragraph(f"{place.id} · {place.source.name}:{place.line}{effect}")
    yield from readings_of(place)
    if decided:
        yield Paragraph(f"Decided: {decided}")
    elif sheet:
        yield Paragraph("Decision: ______________________   Because: ______________________________")


def readings_of(place: Disagreement) -> Iterator[Block]:
    """What each coder has at a place, then its words in their context, then memos and doubts."""
    text, span = place.source.text, place.span
    for name, made in place.by_coder.items():
        yield Paragraph(f"{name}: {_reading(place, made)}")
    yield Quotation(
        place.quote,
        before=_before(text, span),
        after=_after(text, span),
        memo="\n".join(remarks(place)) or None,
        source=place.source.name,
        start=span.start,
        end=span.end,
    )


def _reading(place: Disagreement, made: Sequence[Coding]) -> str:
    """What one coder has there; the words where they are not the whole place."""
    if not made:
        return "nothing"
    return ", ".join(in_words(place, coding) for coding in made)


def in_words(place: Disagreement, coding: Coding) -> str:
    """A coding's code, and its words where they are not the whole place."""
    if coding.span == place.span:
        return coding.code
    words = coding.segment.quote.split()
    shown = " ".join(words) if len(words) <= 6 else f"{' '.join(words[:3])} … {' '.join(words[-2:])}"
    return f"{coding.code} on “{shown}”"


def remarks(place: Disagreement) -> Iterator[str]:
    """The coders' memos and doubts about their codings there."""
    for name, made in place.by_coder.items():
        for coding in made:
            if coding.memo:
                yield f"{name}: {coding.memo}"
            if coding.certainty is not None:
                yield f"{name} is {coding.certainty:.0%} certain of {coding.code}"


def _before(text: str, span: Span) -> str:
    start = max(0, span.start - CONTEXT)
    piece = text[start : span.start].rpartition("\n")[2]
    return piece if start == 0 or "\n" in text[start : span.start] else f"… {piece.partition(' ')[2]}"


def _after(text: str, span: Span) -> str:
    end = min(len(text), span.end + CONTEXT)
    piece = text[span.end : end].partition("\n")[0]
    return piece if end == len(text) or "\n" in text[span.end : end] else f"{piece.rpartition(' ')[0]} …"


def discussion_table(places: Sequence[Disagreement], decided: Mapping[str, str]) -> Report:
    """One row a place, with a column a coder and empty ones to fill in: for a spreadsheet."""
    coders = list(dict.fromkeys(name for place in places for name in place.by_coder))
    heads = ("id", "source", "line", "start", "end", "kind", "quote", *coders, "effect", "decision", "because")
    rows: list[tuple[Cell, ...]] = []
    for place in places:
        readings = [_reading(place, place.by_coder[name]) if name in place.by_coder else "" for name in coders]
        where = (place.id, place.source.name, place.line, place.span.start, place.span.end, place.kind, place.quote)
        effect = None if place.effect is None else float(place.effect)
        rows.append((*where, *readings, effect, decided.get(place.id, ""), ""))
    table = Table(heads, tuple(rows), decimals=(3,) * len(heads))
    return Report("Places where coders differ", (table, Note(EFFECT)))
