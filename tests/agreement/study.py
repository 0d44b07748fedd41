"""Small studies for the tests of agreement: texts of lettered words, codings given as words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from qualcode.model import (
    Agreement,
    Bundle,
    Code,
    Codebook,
    Coding,
    Kind,
    Measure,
    Role,
    Segment,
    Source,
    Span,
    State,
    Status,
    Turn,
)

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "data" / "agreement_vectors"


def vectors(name: str) -> dict[str, Any]:
    """A file of published figures; the test skips where the folder is absent."""
    path = VECTORS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no {name}.json beside this repository (../shared/data/agreement_vectors)")
    return dict(json.loads(path.read_text("utf-8")))


def interview(name: str, turns: Sequence[tuple[Role | None, str]], kind: Kind = "interview") -> Source:
    """A source of labelled turns, one a line; the labels stay outside the turns' spans."""
    text, made = "", []
    for n, (role, said) in enumerate(turns, 1):
        label = {"interviewer": "I: ", "respondent": "R: ", None: ""}[role]
        start = len(text) + len(label)
        made.append(Turn(n, Span(start, start + len(said)), label.strip(": ") or None, role))
        text += f"{label}{said}\n"
    return Source(f"id-{name}", name, kind, text, tuple(made))


def plain(name: str, text: str, kind: Kind = "interview") -> Source:
    """A source whose text is one turn of unknown role."""
    return Source(f"id-{name}", name, kind, text, (Turn(1, Span(0, len(text))),) if text else ())


def cut(source: Source, unit: str) -> list[Segment]:
    """Turns, or what ends with a full stop inside them."""
    spans = [turn.span for turn in source.turns]
    if unit == "sentence":
        spans = [
            Span(turn.span.start + match.start(), turn.span.start + match.end())
            for turn in source.turns
            for match in re.finditer(r"[^.\s][^.]*\.?", source.quote(turn.span))
        ]
    return [Segment(source, span) for span in spans]


def coded(source: Source, words: str, code: str, coder: str, **more: Any) -> Coding:
    """A coding of the first place where `words` stand."""
    start = source.text.index(words)
    return Coding(Segment(source, Span(start, start + len(words))), code, coder, **more)


def spanned(source: Source, start: int, end: int, code: str, coder: str, **more: Any) -> Coding:
    """A coding by code points."""
    return Coding(Segment(source, Span(start, end)), code, coder, **more)


def done(
    coder: str, *sources: Source, codebook: str = "b", state: State = "done", at: str | None = None
) -> list[Status]:
    """The coder's status in each source."""
    return [Status(source.id, coder, codebook, state, at) for source in sources]


def study(
    sources: Iterable[Source],
    codings: Iterable[Coding],
    codes: Iterable[str | Code] = ("b/x", "b/y"),
    statuses: Iterable[Status] = (),
    **more: Any,
) -> Bundle:
    """A bundle with one codebook for each first segment of `codes`."""
    made = [code if isinstance(code, Code) else Code(code) for code in codes]
    books = tuple(
        Codebook(name, "1.0", tuple(code for code in made if code.codebook == name))
        for name in dict.fromkeys(code.codebook for code in made)
    )
    return Bundle(sources=tuple(sources), codebooks=books, codings=tuple(codings), statuses=tuple(statuses), **more)


def rows(agreement: Agreement, codebook: str | None = None) -> Mapping[tuple[str | None, str, str | None], Measure]:
    """The figures by (code, measure, distance); they must be unique within one codebook."""
    kept = [m for m in agreement.measures if codebook is None or m.codebook == codebook]
    found = {(m.code, m.measure, m.distance): m for m in kept}
    assert len(found) == len(kept)
    return found


def by_unit_alpha(units: Sequence[Sequence[object]]) -> float | None:
    """Nominal alpha by counting pairs one at a time: units of values, None missing. The slow way, for comparison."""
    kept = [[value for value in unit if value is not None] for unit in units]
    kept = [unit for unit in kept if len(unit) > 1]
    values = [value for unit in kept for value in unit]
    n = len(values)
    observed = sum(
        sum(a != b for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j) / (len(unit) - 1) for unit in kept
    )
    expected = sum(a != b for a in values for b in values)
    return None if expected == 0 else 1 - (n - 1) * observed / expected
