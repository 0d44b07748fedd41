"""The category table of a paper: codes with definitions, rules, an example, and how often each was applied."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.analysis.codes import depth, display, ordered_codebooks, within
from qualcode.analysis.coverage import Scope, coverage_notes, scope
from qualcode.analysis.layers import Layer, readings
from qualcode.analysis.request import Request
from qualcode.model import Bundle, Code, Codebook
from qualcode.report import Block, Cell, Heading, Note, Paragraph, Report, Table

_BASIS = {"literature": "derived from the literature", "data": "developed from the data"}


def codebook(bundle: Bundle, request: Request) -> Report:
    """One table a codebook; counts are segments in the layer, one column a coder where there is no consensus.

    A code with subcodes counts theirs too. Raises UsageError (layer) and UnknownCode.
    """
    books = ordered_codebooks(bundle, request.codes)
    field = scope(bundle)
    layers = readings(bundle.codings, request.layer, bundle.statuses, request.keep)
    blocks = [block for book in books for block in _section(book, layers, field)]
    notes = [note for layer in layers for note in coverage_notes(layer, field, books)]
    if any(code.parent == other.path for book in books for code in book.codes for other in book.codes):
        notes.insert(0, "A code with subcodes counts their segments too, each once.")
    if len(layers) > 1:
        notes.insert(0, "More than one coder, no consensus: each is counted apart, never added up.")
    return Report(
        title="Codebook",
        blocks=(*blocks, *map(Note, dict.fromkeys(notes))),
        unit="segments",
        n=sum(len(book.codes) for book in books),
        layer="; ".join(layer.name for layer in layers),
        facts={"Codes": ", ".join(f"{book.name} {len(book.codes)}" for book in books)},
    )


def _section(book: Codebook, layers: Sequence[Layer], scope: Scope) -> list[Block]:
    heading = [Heading(book.title or book.name)]
    about = [f"Codebook {book.name}", f"version {book.version}" if book.version else "", _BASIS.get(book.basis, "")]
    counts = [f"segments, {layer.name}" for layer in layers] if len(layers) > 1 else ["segments"]
    table = Table(
        columns=("category", "definition", "belongs here", "belongs elsewhere", "example", *counts),
        rows=tuple(_row(code, layers, scope) for code in book.codes),
        caption=f"Categories of {book.name}; segments counted in the layer: {'; '.join(at.name for at in layers)}",
        unit="segments",
    )
    return [*heading, Paragraph(", ".join(part for part in about if part) + "."), table]


def _row(code: Code, layers: Sequence[Layer], scope: Scope) -> tuple[Cell, ...]:
    name = f"{'– ' * (depth(code) - 1)}{display(code)}\n{code.path.partition('/')[2]}"
    rules = ("\n".join(f"• {rule}" for rule in rules) for rules in (code.include, code.exclude))
    example = f"“{code.examples[0]}”" if code.examples else ""
    return (name, " ".join(code.definition.split()), *rules, example, *(_segments(code, at, scope) for at in layers))


def _segments(code: Code, layer: Layer, scope: Scope) -> int:
    return len(
        {(c.source.id, c.span) for c in layer.codings if within(c.code, code.path) and c.source.id in scope.sources}
    )
