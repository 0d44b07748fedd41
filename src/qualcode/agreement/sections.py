"""Which codes, sources and units are compared: one section per codebook and kind of source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qualcode.agreement.continuum import Cut, lay_out
from qualcode.agreement.raters import Panel
from qualcode.agreement.request import Request
from qualcode.agreement.view import View, columns, view_of
from qualcode.errors import UnknownCode
from qualcode.model import Bundle, Coding, Segment, Source

ALL_KINDS = "all sources"
TRANSCRIPTS = "transcripts"
ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Section:
    """One codebook on sources of one kind. `main` sections fill `measures`, the others `groups`.

    `noun` is what one source is called where sources are resampled.
    """

    panel: Panel
    kind: str
    view: View
    main: bool
    noun: str

    @property
    def codebook(self) -> str:
        """The codebook's name."""
        return self.panel.codebook


def wanted_paths(bundle: Bundle, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The paths to compare by codebook, both sorted: those defined or used, or those `codes` name.

    ``role``, ``role/*`` and ``role/pastoral`` are understood; raises UnknownCode for anything else.
    """
    known = {code.path for code in bundle.codes()} | {coding.code for coding in bundle.codings}
    books = {book.name for book in bundle.codebooks}
    chosen = known if not codes else set().union(*(_matching(code, known, books) for code in codes))
    by_book: dict[str, list[str]] = {}
    for path in sorted(chosen):
        by_book.setdefault(path.partition("/")[0], []).append(path)
    return {book: tuple(paths) for book, paths in sorted(by_book.items())}


def _matching(code: str, known: set[str], books: set[str]) -> set[str]:
    """The known paths that `code` names: itself, or all below ``code/*`` or below a codebook."""
    if code in known:
        return {code}
    stem = code.removesuffix("*").rstrip("/")
    below = {path for path in known if path.startswith(stem + "/") or path == stem}
    if below and (code.endswith("/*") or code in books or "/" not in code):
        return below
    raise UnknownCode(code, known)


def default_scope(bundle: Bundle) -> str:
    """``respondents`` where any source tells an interviewer from the others, else ``all``."""
    known = any(turn.role == "interviewer" for source in bundle.sources for turn in source.turns)
    return "respondents" if known else "all"


def unit_of(source: Source, unit: str | None) -> str:
    """The unit a source is cut to: the one asked for, else answers for questionnaires and sentences for the rest.

    Turn and answer are the same thing in an interview and in a questionnaire.
    """
    answers = source.kind == "answers"
    if unit is None:
        return "answer" if answers else "sentence"
    if unit in ("turn", "answer"):
        return "answer" if answers else "turn"
    return unit


def cached(cut: Cut) -> Cut:
    """`cut`, asked once per source and unit: several codebooks share their units."""
    found: dict[tuple[str, str], Sequence[Segment]] = {}

    def once(source: Source, unit: str) -> Sequence[Segment]:
        if (source.id, unit) not in found:
            found[source.id, unit] = cut(source, unit)
        return found[source.id, unit]

    return once


def sections_of(
    bundle: Bundle,
    panel: Panel,
    codings: Sequence[Coding],
    paths: Sequence[str],
    request: Request,
    scope: str,
    cut: Cut,
) -> list[Section]:
    """The sections of one codebook, with its `codings` and `paths`.

    Transcripts and answers stand apart unless one unit or pooling was asked for.

    A codebook that one coder alone has used gives an empty section, so that its figures say why they are n/a.
    """
    if not panel.present:
        return []
    shared = set(panel.shared(sorted(source.id for source in bundle.sources)))
    sources = sorted((source for source in bundle.sources if source.id in shared), key=lambda source: source.id)
    return [
        Section(
            panel=panel,
            kind=kind,
            view=_view(members, panel, paths, codings, request, scope, cut),
            main=n == 0,
            noun="respondent" if all(source.kind == "answers" for source in members) and members else "source",
        )
        for n, (kind, members) in enumerate(_by_kind(sources, apart=request.unit is None and not request.pool))
    ]


def _by_kind(sources: Sequence[Source], *, apart: bool) -> list[tuple[str, list[Source]]]:
    """The sources by kind, transcripts first; one entry without a source when there is none."""
    kinds: dict[str, list[Source]] = {}
    for source in sources:
        kind = ANSWERS if source.kind == "answers" else TRANSCRIPTS
        kinds.setdefault(kind if apart else ALL_KINDS, []).append(source)
    return sorted(kinds.items(), key=lambda kind: kind[0] == ANSWERS) or [(ALL_KINDS, [])]


def _view(
    sources: Sequence[Source],
    panel: Panel,
    paths: Sequence[str],
    codings: Sequence[Coding],
    request: Request,
    scope: str,
    cut: Cut,
) -> View:
    """The sources cut to their units, with the codings of everyone who looked at one of them."""
    raters = sorted({name for source in sources for name in panel.readers(source.id)})
    column, codes = columns(paths, request.level)
    continuum = lay_out(sources, lambda source: unit_of(source, request.unit), scope, cut, request.rule)
    return view_of(continuum, sources, panel, raters, codings, column, codes, request.rule)
