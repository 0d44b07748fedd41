"""Where coders differ, one row a place: the list to talk about.

The spans of one codebook in one source are aligned as gamma aligns them, so that what lies in the same place comes
together whatever its code. Then, first rule that fits:

code         aligned spans have different codes
missed       a coder who looked has nothing here
split/merge  a coder has several spans where another has one of the same code
boundary     the same code, but not the same words
agreed       the same code on the same words
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from qualcode.agreement.alignment import TooManyAlignments, Units, best_alignment, edges
from qualcode.agreement.continuum import Cut, in_scope
from qualcode.agreement.leverage import Leverage, leverage_of
from qualcode.agreement.raters import Panel
from qualcode.agreement.request import Request
from qualcode.agreement.sections import Section, Study, study_of
from qualcode.agreement.sums import Ints
from qualcode.agreement.words import word_spans
from qualcode.model import Bundle, Coding, Disagreement, Source, Span, stable_id

Kind = Literal["missed", "code", "boundary", "split/merge", "agreed"]
KINDS: tuple[Kind, ...] = ("code", "missed", "split/merge", "boundary", "agreed")
"""In the order in which they are looked for, and listed."""
Made = tuple[str, Coding]
"""A rater's name and one of their codings."""


def disagreements(
    bundle: Bundle, *, cut: Cut, request: Request, agreed: bool = False, by_effect: bool = False
) -> tuple[Disagreement, ...]:
    """The places where coders differ, those most alike together: by codes, most frequent first, then by place.

    `agreed` keeps places without a difference. `by_effect` puts first what moves a code's alpha most. Coders, codes,
    rounds, unit and scope are those of `request`, as for `measure`; raises what `measure` raises.
    """
    study = study_of(bundle, request, cut)
    found: list[Disagreement] = []
    for section in study.sections(request):
        leverage = leverage_of(section.view, study, request)
        by_source: dict[str, list[Coding]] = defaultdict(list)
        for coding in study.codings.get(section.codebook, ()):
            by_source[coding.segment.source.id].append(coding)
        for source in section.view.sources:
            made = _in_scope(study, section.panel, source, by_source[source.id])
            found += _places(section, source, made, leverage)
    kept = [place for place in found if agreed or place.kind != "agreed"]
    return tuple(_by_effect(kept) if by_effect else _by_codes(kept))


def _by_effect(places: list[Disagreement]) -> list[Disagreement]:
    """The largest effect first, then by place."""
    return sorted(places, key=lambda p: (-(p.effect or 0.0), p.source.name, p.span, p.codes))


def _by_codes(places: list[Disagreement]) -> list[Disagreement]:
    """Places with the same kind and codes together, the most frequent group first, then by source and place."""
    count = Counter((place.kind, place.codes) for place in places)

    def key(p: Disagreement) -> tuple[object, ...]:
        return -count[p.kind, p.codes], p.codes, KINDS.index(p.kind), p.source.name, p.span, p.id

    return sorted(places, key=key)


def grouped(places: Sequence[Disagreement]) -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """How often each kind with the same codes occurs: (kind, codes, n), most often first."""
    count = Counter((place.kind, place.codes) for place in places)
    return tuple((kind, codes, n) for (kind, codes), n in sorted(count.items(), key=lambda item: (-item[1], item[0])))


def _places(section: Section, source: Source, made: Sequence[Made], leverage: Leverage) -> Iterator[Disagreement]:
    """Every place of one source under one codebook."""
    if not made:
        return
    raters = section.panel.readers(source.id)
    words = word_spans(source.text)
    for group in _with_pieces(made, _aligned(made, raters)):
        yield _place(source, section.codebook, raters, [made[n] for n in group], words, leverage)


def _in_scope(study: Study, panel: Panel, source: Source, codings: Sequence[Coding]) -> list[Made]:
    """Those of a source's codings that lie in scope and were made by someone who looked, by place."""
    names = {(rater.coder, rater.round): rater.name for rater in panel.raters}
    readers = set(panel.readers(source.id))
    regions = in_scope(source, study.scope)
    wanted = set(study.paths[panel.codebook])
    found = []
    for coding in codings:
        name = names.get((coding.coder, coding.round))
        if name not in readers or coding.code not in wanted:
            continue
        span = coding.segment.span
        if len(regions) and ((regions[:, 0] < span.end) & (regions[:, 1] > span.start)).any():
            found.append((str(name), coding))
    return sorted(found, key=lambda one: (one[1].segment.span, one[1].code, one[0], one[1].id))


def _aligned(made: Sequence[Made], raters: Sequence[str]) -> list[list[int]]:
    """Groups of codings in the same place, singles included; all single where there are too many ways."""
    codes = {code: n for n, code in enumerate(sorted({coding.code for _, coding in made}))}
    spans = [coding.segment.span for _, coding in made]
    units = Units(
        start=np.array([span.start for span in spans], np.float64),
        end=np.array([span.end for span in spans], np.float64),
        code=np.array([codes[coding.code] for _, coding in made], np.intp),
        coder=np.array([raters.index(name) for name, _ in made], np.intp),
        text=np.zeros(len(made), np.intp),
    )
    try:
        found = best_alignment(units, [len(raters)], edges(units, [len(raters)])).groups
        groups = [part for group in found for part in _overlapping(sorted(group), spans)]
    except TooManyAlignments:
        groups = []
    taken = {n for group in groups for n in group}
    return [*groups, *([n] for n in range(len(made)) if n not in taken)]


def _overlapping(group: Sequence[int], spans: Sequence[Span]) -> list[list[int]]:
    """A group, in the order of its spans, in parts that hold together: alignment also joins what lies side by side."""
    parts: list[list[int]] = []
    reach = -1
    for n in group:
        if spans[n].start < reach:
            parts[-1].append(n)
        else:
            parts.append([n])
        reach = max(reach, spans[n].end)
    return [part for part in parts if len(part) > 1]


def _with_pieces(made: Sequence[Made], groups: list[list[int]]) -> list[list[int]]:
    """Single codings that lie mostly inside another coder's aligned coding of the same code join its group."""
    whole = [group for group in groups if len(group) > 1]
    by_code: dict[str, list[int]] = defaultdict(list)
    for n, group in enumerate(whole):
        for code in {made[member][1].code for member in group}:
            by_code[code].append(n)
    joined: dict[int, list[int]] = defaultdict(list)
    alone = []
    for (piece,) in (group for group in groups if len(group) == 1):
        likely = by_code[made[piece][1].code]
        home = next((n for n in likely if _is_piece(made, piece, whole[n])), None)
        if home is None:
            alone.append([piece])
        else:
            joined[home].append(piece)
    return [*(sorted([*group, *joined[n]]) for n, group in enumerate(whole)), *alone]


def _is_piece(made: Sequence[Made], piece: int, group: Sequence[int]) -> bool:
    """Whether half of a coding or more is covered by one of a group's of the same code by another coder."""
    name, coding = made[piece]
    span = coding.segment.span
    for other_name, other in (made[n] for n in group):
        shared = min(span.end, other.segment.span.end) - max(span.start, other.segment.span.start)
        if other_name != name and other.code == coding.code and 2 * shared >= len(span):
            return True
    return False


def _place(
    source: Source, codebook: str, raters: Sequence[str], made: Sequence[Made], words: Ints, leverage: Leverage
) -> Disagreement:
    """One row."""
    by_coder = {name: tuple(coding for who, coding in made if who == name) for name in raters}
    spans = [coding.segment.span for _, coding in made]
    codes = tuple(sorted({coding.code for _, coding in made}))
    kind = _kind(by_coder, codes, words)
    effects = [] if kind == "agreed" else [leverage.effect(source, code, _of(made, code)) for code in codes]
    known = [effect for effect in effects if effect is not None]
    return Disagreement(
        source=source,
        span=Span(min(span.start for span in spans), max(span.end for span in spans)),
        kind=kind,
        codebook=codebook,
        codes=codes,
        by_coder=by_coder,
        effect=max(known, default=None),
        id=_id(source, made),
    )


def _of(made: Sequence[Made], code: str) -> list[Span]:
    """Where the code was given."""
    return [coding.segment.span for _, coding in made if coding.code == code]


def _kind(by_coder: Mapping[str, tuple[Coding, ...]], codes: tuple[str, ...], words: Ints) -> Kind:
    """What sort of difference a place is; see the module."""
    if len(codes) > 1:
        return "code"
    if not all(by_coder.values()):
        return "missed"
    if any(len(codings) > 1 for codings in by_coder.values()):
        return "split/merge"
    extents = {_extent(codings[0].segment.span, words) for codings in by_coder.values()}
    return "agreed" if len(extents) == 1 else "boundary"


def _extent(span: Span, words: Ints) -> tuple[int, int]:
    """The first whole word of a span and the one behind its last, so that a stray blank or full stop is no difference.

    A span without a whole word is its own extent, marked by negative numbers.
    """
    first, behind = np.searchsorted(words[:, 0], span.start), np.searchsorted(words[:, 1], span.end, "right")
    return (int(first), int(behind)) if first < behind else (-1 - span.start, -1 - span.end)


def _id(source: Source, made: Sequence[Made]) -> str:
    """The same place has the same id as long as its codings are the same."""
    parts = [f"{name} {coding.code} {coding.segment.span.start}:{coding.segment.span.end}" for name, coding in made]
    return stable_id(source.id, *parts)[:12]
