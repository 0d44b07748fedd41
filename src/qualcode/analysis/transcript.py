"""A transcript with its codings in the margin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qualcode.analysis.codes import short_names
from qualcode.analysis.frequencies import union
from qualcode.model import Bundle, Coding, Source, Span, Turn
from qualcode.report import Block, Heading, Margin, Note, Report

_EXCERPT = 4
"""Words of a mark's excerpt: enough to find where a coding begins and ends in a turn."""


def transcript(bundle: Bundle, source: Source) -> Report:
    """One `Margin` a turn, with everybody's codes; the interviewer's turns are dimmed, a question heads its answers.

    A coding of a part of a turn shows how its part begins and ends. Codings that touch no turn are listed last.
    """
    codings = sorted((c for c in bundle.codings if c.source.id == source.id), key=lambda c: (c.span, c.code, c.coder))
    paths = [code.path for code in bundle.codes()] + [coding.code for coding in codings]
    names = short_names(paths)
    turns = source.turns or _whole(source)
    blocks: list[Block] = []
    asked = None
    for turn in turns:
        if turn.prompt and turn.prompt != asked:
            blocks.append(Heading(turn.prompt, 3))
        asked = turn.prompt
        blocks.append(_margin(source, turn, codings, names))
    loose = [coding for coding in codings if not any(coding.span.overlaps(turn.span) for turn in turns)]
    if loose:
        said = "; ".join(f"{_mark(coding, names)} at {coding.span.start}:{coding.span.end}" for coding in loose)
        blocks.append(Note(f"Outside every turn: {said}."))
    coders = tuple(dict.fromkeys(sorted(coding.coder for coding in codings)))
    return Report(
        title=source.name,
        blocks=tuple(blocks),
        unit="turns",
        n=len(turns),
        layer=f"every coder ({', '.join(coders)})" if coders else "nobody has coded this source",
        facts={"Case": ", ".join(source.cases) or "n/a", "Kind": source.kind, "Codings": len(codings)},
    )


def _whole(source: Source) -> tuple[Turn, ...]:
    return (Turn(1, Span(0, len(source.text))),) if source.text else ()


def _margin(source: Source, turn: Turn, codings: Iterable[Coding], names: dict[str, str]) -> Margin:
    here = [coding for coding in codings if coding.span.overlaps(turn.span)]
    parts = [Span(max(c.span.start, turn.span.start), min(c.span.end, turn.span.end)) for c in here]
    return Margin(
        number=str(turn.n),
        speaker=turn.speaker or "",
        text=source.quote(turn.span),
        marks=_marks(source, turn, here, parts, names),
        dimmed=turn.role == "interviewer",
        coded=tuple((span.start - turn.span.start, span.end - turn.span.start) for span in union(parts)),
    )


def _marks(
    source: Source, turn: Turn, codings: Sequence[Coding], parts: Sequence[Span], names: dict[str, str]
) -> tuple[str, ...]:
    marks = []
    for coding, part in zip(codings, parts, strict=True):
        lead = "… " if coding.span.start < turn.span.start else ""
        whole = source.quote(part).strip() == source.quote(turn.span).strip()
        marks.append(lead + _mark(coding, names) + ("" if whole else f" “{_excerpt(source.quote(part))}”"))
    return tuple(dict.fromkeys(marks))


def _mark(coding: Coding, names: dict[str, str]) -> str:
    return f"{names[coding.code]} ({coding.coder})"


def _excerpt(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * _EXCERPT:
        return " ".join(words)
    return f"{' '.join(words[:_EXCERPT])} … {' '.join(words[-_EXCERPT:])}"
