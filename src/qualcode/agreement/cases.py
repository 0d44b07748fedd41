"""Cases as units: the sources of a case become one text, so that a code is given to a person, not to a passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from qualcode.model import Bundle, Coding, Segment, Source, Span, Status, Turn

Part = tuple[str, str | None]
"""A source's id, and the case whose words of it are meant."""


def by_case(bundle: Bundle) -> Bundle:
    """`bundle` with the sources of each case joined to one, spans and statuses carried along.

    Of a talk of several people each case gets its own turns. Sources without a case stay as they are. A coder is done
    with a case after looking at all of its sources.
    """
    members: dict[str, list[tuple[Part, Source]]] = defaultdict(list)
    for source in sorted(bundle.sources, key=lambda source: source.id):
        for case in source.cases or (None,):
            members[case or source.id].append(((source.id, case), _theirs(source, case)))
    joined: dict[Part, tuple[Source, int]] = {}
    for name, parts in members.items():
        whole = parts[0][1] if len(parts) == 1 and not parts[0][1].by_turn else _joined(name, [s for _, s in parts])
        at = 0
        for key, part in parts:
            joined[key] = (whole, at)
            at += len(part.text) + 1
    moved = [_moved(coding, *joined[_part(coding)]) for coding in bundle.codings if _part(coding) in joined]
    return replace(
        bundle,
        sources=tuple({whole.id: whole for whole, _ in joined.values()}.values()),
        codings=tuple(moved),
        statuses=tuple(_statuses(bundle, joined)),
    )


def _theirs(source: Source, case: str | None) -> Source:
    return source.narrowed(lambda name: name == case) or source


def _part(coding: Coding) -> Part:
    return coding.source.id, coding.case


def _joined(name: str, sources: list[Source]) -> Source:
    """One source of all texts, a line end between them, turns numbered through."""
    turns: list[Turn] = []
    at = 0
    for source in sources:
        for turn in source.turns or _whole(source):
            span = Span(turn.span.start + at, turn.span.end + at)
            turns.append(replace(turn, n=len(turns) + 1, span=span))
        at += len(source.text) + 1
    text = "\n".join(source.text for source in sources)
    return Source(f"case {name}", name, sources[0].kind, text, tuple(turns), name)


def _whole(source: Source) -> tuple[Turn, ...]:
    """All of a source without turns as one turn."""
    return (Turn(1, Span(0, len(source.text))),) if source.text else ()


def _moved(coding: Coding, whole: Source, at: int) -> Coding:
    span = Span(coding.segment.span.start + at, coding.segment.span.end + at)
    return replace(coding, segment=Segment(whole, span))


def _statuses(bundle: Bundle, joined: dict[Part, tuple[Source, int]]) -> Iterable[Status]:
    """Each coder's status in each joined source: done when all parts were looked at, else in progress.

    Where all parts have codings and none has a status, there is none, so that the case is assumed done and said.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    wholes: dict[str, list[str]] = defaultdict(list)
    for (source, _), (joint, _) in joined.items():
        parts[joint.id].append(source)
        wholes[source].append(joint.id)
    given = {(s.coder, s.codebook, s.source): s for s in bundle.statuses}
    coded = {(c.coder, c.code.partition("/")[0], c.segment.source.id) for c in bundle.codings}
    known = sorted({(coder, book, joint) for coder, book, source in {*given, *coded} for joint in wholes[source]})
    spoken = {(c.coder, c.code.partition("/")[0], joined[_part(c)][0].id) for c in bundle.codings if _part(c) in joined}
    for coder, book, whole in known:
        stated = {source: given.get((coder, book, source)) for source in parts[whole]}
        looked = [
            status.state == "done" if status else (coder, book, source) in coded for source, status in stated.items()
        ]
        times = [status.at for status in stated.values() if status and status.at]
        silent = (coder, book, whole) not in spoken  # who coded others' turns of a talk has read these too
        if any(stated.values()) or not all(looked) or silent:
            yield Status(whole, coder, book, "done" if all(looked) else "in progress", max(times, default=None))
