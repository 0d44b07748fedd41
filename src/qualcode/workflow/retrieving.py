"""Retrieve: a query, or the options of a command, → the codings it takes with everything around them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from qualcode import codebook as codebooks
from qualcode import query as queries
from qualcode import segmentation
from qualcode.analysis import coverage
from qualcode.errors import UsageError, nearest
from qualcode.model import Bundle, Coding, Memo, MemoTarget, Segment, Source, Span
from qualcode.store import Project
from qualcode.workflow import relations

SET = "set:"  # what stands before a set's name where a code may be named
MEMO_KINDS = ("project", "source", "segment", "code", "coding", "case", "case x code")


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of a command as typed: names of sources, codes and coders, rounds, and a query."""

    sources: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    rounds: tuple[int, ...] = ()
    where: str | None = None


def retrieve(project: Project, choice: Choice) -> Bundle:
    """The chosen sources with all their cases, codebooks and statuses, and of the codings those that are asked for.

    Raises UsageError, UnknownCode or UnknownSource for a name that stands for nothing.
    """
    ids = {project.source_id(word) for word in choice.sources} or None
    _known_coders(project, choice.coders)
    bundle = project.retrieve(sources=ids, coders=() if choice.where else choice.coders, rounds=choice.rounds)
    codings = _of_codes(bundle.codings, full_paths(project, choice.codes))
    if choice.where:
        codings = tuple(c for c in _asked(project, bundle, choice.where, codings) if _by(c, choice.coders))
    return replace(bundle, codings=codings)


def codings(project: Project, choice: Choice) -> tuple[Coding, ...]:
    """The codings that are asked for, by source and place; texts of other sources are not read."""
    if choice.where:
        return retrieve(project, choice).codings
    ids = {project.source_id(word) for word in choice.sources} or None
    _known_coders(project, choice.coders)
    found = project.codings(sources=ids, coders=choice.coders, rounds=choice.rounds)
    return _of_codes(found, full_paths(project, choice.codes))


def scope(project: Project, choice: Choice) -> tuple[Bundle, Callable[[Coding], bool] | None]:
    """What a report looks at, and which codings it keeps of that (None: all).

    Conditions on sources and cases narrow the sources, and of a talk of several people the turns, so denominators
    follow; conditions on codings only choose what is counted or shown: a source without such a coding was looked at
    all the same.
    """
    bundle = retrieve(project, replace(choice, codes=(), where=None))
    if not choice.where:
        return bundle, None
    whole, rest = _resolved(project, bundle, choice.where).split()
    context = queries.QueryContext.of(bundle, lambda source: segmentation.cut(source, "sentence"))
    kept = {s.id: part for s in bundle.sources if (part := _part(s, whole, context)) is not None}
    narrowed = replace(
        bundle,
        sources=tuple(kept.values()),
        codings=tuple(c for c in bundle.codings if c.source.id in kept and _stands(kept[c.source.id], c)),
        statuses=tuple(s for s in bundle.statuses if s.source in kept),
    )
    if str(rest) == str(queries.Query()):
        return narrowed, None
    return narrowed, lambda coding: rest.matches(coding, context)


def _part(source: Source, query: queries.Query, context: queries.QueryContext) -> Source | None:
    """What of a source fulfils the conditions on sources and cases; None for nothing."""
    if not source.by_turn:
        fits = not source.text or query.matches(_anything(source, Span(0, 1)), context)
        return source if fits else None
    first = {source.case_of(turn): turn.span for turn in reversed(source.turns)}
    fitting = {case for case, span in first.items() if query.matches(_anything(source, span), context)}
    return source.narrowed(lambda case: case in fitting)


def _anything(source: Source, span: Span) -> Coding:
    """A coding that stands for its source, or for a case in it, to ask conditions of."""
    return Coding(Segment(source, span), "", "")


def _stands(part: Source, coding: Coding) -> bool:
    """Whether a coding of the whole source is of the part that was kept."""
    return not coding.source.by_turn or coding.case in {part.case_of(turn) for turn in part.turns}


def full_paths(project: Project, words: Sequence[str]) -> tuple[str, ...]:
    """The full paths of codes as a person names them; a codebook's name or ``set:NAME`` stands for all its codes."""
    if not words:
        return ()
    every = project.codes(retired=True)
    books = {book.name for book in project.codebooks()}
    paths: list[str] = []
    for word in words:
        bare = word.removesuffix("/*")
        of_these = of_set(project, word)
        paths += [bare if bare in books else codebooks.lookup(every, bare).path] if of_these is None else of_these
    return tuple(dict.fromkeys(paths))


def of_set(project: Project, word: str) -> tuple[str, ...] | None:
    """The full paths that ``set:NAME`` stands for; None for a word that names no set. Raises UsageError."""
    if not word.casefold().startswith(SET):
        return None
    return relations.named(project.code_sets(), word[len(SET) :]).codes


def of_the_present(bundle: Bundle) -> tuple[Bundle, tuple[str, ...]]:
    """The bundle without the words of cases that withdrew and the codings that touch them, and what was left out."""
    allowed = coverage.scope(bundle)
    if not allowed.withdrawn:
        return bundle, ()
    sources = tuple(allowed.sources[source.id] for source in bundle.sources if source.id in allowed.sources)
    codings = tuple(coding for coding in bundle.codings if allowed.holds(coding))
    return replace(bundle, sources=sources, codings=codings), tuple(coverage.withdrawn_note(allowed))


def in_place(bundle: Bundle) -> tuple[Bundle, tuple[str, ...]]:
    """The bundle without orphaned codings, whose words left their text, and what a reader must know about anchors."""
    kept = tuple(coding for coding in bundle.codings if coding.anchor != "orphan")
    gone = len(bundle.codings) - len(kept)
    waiting = sum(coding.anchor == "review" for coding in kept)
    notes = []
    if gone:
        notes.append(f"Left out: {gone} orphaned codings; a revision took their words out of the text.")
    if waiting:
        notes.append(f"{waiting} codings wait for review after a revision; they stand where they probably belong.")
    return replace(bundle, codings=kept), tuple(notes)


def _of_codes(found: Sequence[Coding], paths: Sequence[str]) -> tuple[Coding, ...]:
    """The codings under the paths or their descendants."""
    if not paths:
        return tuple(found)
    return tuple(c for c in found if any(c.code == path or c.code.startswith(f"{path}/") for path in paths))


def _resolved(project: Project, bundle: Bundle, where: str) -> queries.Query:
    """The query with every name in it resolved and known. Raises UsageError, UnknownCode or UnknownSource."""
    query = queries.resolve_codes(queries.parse(where), [code.path for code in project.codes(retired=True)])
    if query.terms("set"):
        query = queries.resolve_sets(query, {each.name: each.codes for each in project.code_sets()})
    query = queries.resolve_sources(query, bundle.sources)
    queries.check_names(query, "coder", project.coders())
    queries.check_names(query, "case", [case.name for case in bundle.cases])
    queries.check_attributes(query, {key for case in bundle.cases for key in case.attributes})
    return query


def _by(coding: Coding, coders: Collection[str]) -> bool:
    return not coders or coding.coder in coders


def _known_coders(project: Project, coders: Sequence[str]) -> None:
    known = project.coders() if coders else ()
    for name in coders:
        if name not in known:
            near = nearest(name, known)
            hint = f'did you mean "{near}"?' if near else f"coders here: {', '.join(known) or 'none yet'}"
            raise UsageError(f'"{name}" has coded nothing here', hint)


def _asked(project: Project, bundle: Bundle, where: str, found: Sequence[Coding]) -> tuple[Coding, ...]:
    """Those of `found` that fulfil the query."""
    query = _resolved(project, bundle, where)
    context = queries.QueryContext.of(bundle, lambda source: segmentation.cut(source, "sentence"))
    return tuple(coding for coding in found if query.matches(coding, context))


def memos(project: Project, *, kind: str | None = None, coder: str | None = None) -> tuple[Memo, ...]:
    """Memos, and those that codings carry as memos about a coding, in the order they were written."""
    if kind is not None and kind not in MEMO_KINDS:
        near = nearest(kind, MEMO_KINDS)
        raise UsageError(f'no memo is about a "{kind}"', f'did you mean "{near}"?' if near else "see --help")
    carried = [c for c in project.codings() if c.memo]
    theirs = [Memo(MemoTarget("coding", c.id, c.code, c.span), c.memo or "", c.coder, c.at, c.id) for c in carried]
    every = sorted([*project.memos(), *theirs], key=lambda memo: memo.at or "")
    return tuple(m for m in every if kind in (None, m.about.kind) and coder in (None, m.coder))
