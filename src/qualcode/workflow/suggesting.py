"""Suggest: segments → a suggester → pending suggestions; a person decides in `session`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from qualcode import codebook as codebooks
from qualcode import segmentation
from qualcode.errors import UnknownId, UsageError
from qualcode.model import Bundle, Code, Codebook, Segment, Source, Suggestion
from qualcode.segmentation import Unit
from qualcode.store import Project
from qualcode.suggesters import SUGGESTERS
from qualcode.workflow import retrieving


@dataclass(frozen=True, slots=True)
class Request:
    """What to suggest with, for which codes, cut how, and how many a unit at most (`top`; None: all)."""

    suggester: str = "cues"
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    unit: Unit | None = None
    top: int | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """How many suggestions are pending now, over how many units, and what the suggester has to say."""

    pending: int
    units: int
    by_code: tuple[tuple[str, int], ...]
    suggester: str
    notices: tuple[str, ...] = ()


def suggest(project: Project, request: Request) -> Proposed:
    """Score every unit in scope and replace the pending suggestions; decided ones stay as they were decided.

    The words of who withdrew are in no scope. A segment its code was already given to is not proposed again. Raises
    UsageError for an unknown suggester or code, and when no code has anything to suggest with.
    """
    if request.top is not None and request.top < 1:
        raise UsageError("--top counts from 1", "leave it out for all")
    suggester_class = SUGGESTERS.load(request.suggester)
    chosen = {project.source_id(word) for word in request.sources} or None
    bundle, _ = retrieving.in_place(project.retrieve(sources=chosen))
    bundle, gone = retrieving.of_the_present(bundle)
    books = _asked(bundle.codebooks, retrieving.full_paths(project, request.codes))
    units = [segment for source in bundle.sources for segment in _units(source, request.unit)]
    suggester = suggester_class(expand=codebooks.expand).fit(books, bundle.codings, units)
    found = _top(_unseen(suggester.score(units), bundle), request.top)
    pending = project.propose(found)
    decided = {known.id for known in project.suggestions() if known.decision != "pending"}
    found = [s for s in found if s.id not in decided]
    return Proposed(
        pending, len(units), _counted(found, books), request.suggester, (*map(str, suggester.notices_), *gone)
    )


def _asked(books: Iterable[Codebook], codes: Sequence[str]) -> tuple[Codebook, ...]:
    """The codebooks with only the codes asked for: by default the leaves, and parents that have cues of their own."""
    found = tuple(books)
    if not any(book.codes for book in found):
        raise UsageError("there are no codes yet", "apply a codebook: `qualcode codebook apply role`")
    wanted = set(codes)
    kept = []
    for book in found:
        chosen = tuple(
            code for code in book.codes if (_under(code, wanted) if wanted else code in book.leaves or code.cues)
        )
        if chosen:
            kept.append(Codebook(book.name, book.version, chosen, book.title, book.basis, book.sha256))
    if not any(code.cues for book in kept for code in book.codes):
        raise UsageError("none of these codes has cues", "add `cues:` to the codebook and apply it again")
    return tuple(kept)


def _under(code: Code, wanted: Collection[str]) -> bool:
    return any(code.path == path or code.path.startswith(f"{path}/") for path in wanted)


def _units(source: Source, unit: Unit | None) -> tuple[Segment, ...]:
    """The source cut into units; interviewers' turns are left out."""
    cut = segmentation.cut(source, unit or ("answer" if source.kind == "answers" else "turn"))
    return tuple(s for s in cut if s.turn is None or s.turn.role != "interviewer")


def _unseen(found: Iterable[Suggestion], bundle: Bundle) -> list[Suggestion]:
    """Without the proposals whose segment already carries the code by anyone."""
    coded: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for coding in bundle.codings:
        coded.setdefault((coding.source.id, coding.code), []).append((coding.span.start, coding.span.end))
    return [
        s
        for s in found
        if not any(
            start < s.segment.span.end and s.segment.span.start < end
            for start, end in coded.get((s.segment.source.id, s.code), ())
        )
    ]


def _top(found: Sequence[Suggestion], top: int | None) -> list[Suggestion]:
    """The best `top` of each unit, in reading order; ties by code path."""
    if top is None:
        return list(found)
    by_unit: dict[tuple[str, int, int], list[Suggestion]] = {}
    for s in found:
        by_unit.setdefault((s.segment.source.id, s.segment.span.start, s.segment.span.end), []).append(s)
    kept = {s.id for unit in by_unit.values() for s in sorted(unit, key=lambda s: (-s.score, s.code))[:top]}
    return [s for s in found if s.id in kept]


def _counted(found: Iterable[Suggestion], books: Iterable[Codebook]) -> tuple[tuple[str, int], ...]:
    counts = {code.path: 0 for book in books for code in book.codes}
    for s in found:
        counts[s.code] += 1
    return tuple(counts.items())


def listed(
    project: Project, *, sources: Sequence[str] = (), codes: Sequence[str] = (), decision: str | None = "pending"
) -> tuple[Suggestion, ...]:
    """Suggestions of some sources and codes, by place; `decision` None means whatever was decided."""
    ids = {project.source_id(word) for word in sources}
    wanted = set(retrieving.full_paths(project, codes))
    return tuple(
        s
        for s in project.suggestions()
        if (not ids or s.segment.source.id in ids)
        and (not wanted or any(s.code == path or s.code.startswith(f"{path}/") for path in wanted))
        and decision in (None, s.decision)
    )


def pending(project: Project, ids: Sequence[str]) -> tuple[Suggestion, ...]:
    """The pending suggestions whose ids begin as given. Raises UnknownId or UsageError."""
    known = listed(project, decision=None)
    found = []
    for word in ids:
        matching = [s for s in known if s.id == word or (len(word) >= 4 and s.id.startswith(word))]
        if len(matching) > 1:
            raise UsageError(f'"{word}" stands for {len(matching)} suggestions', "give more of the id")
        if not matching:
            raise UnknownId(word, way_out="see `qualcode suggestions list` for what is pending")
        if matching[0].decision != "pending":
            said = f"suggestion {word} is {matching[0].decision} already, by {matching[0].decided_by}"
            raise UsageError(said, "`qualcode history` shows the act to undo")
        found.append(matching[0])
    if not found:
        raise UsageError("no suggestion is named", "give ids from `qualcode suggestions list`")
    return tuple({s.id: s for s in found}.values())
