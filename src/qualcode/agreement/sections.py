"""Which codes, sources and units are compared: one section per codebook and kind of source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qualcode.agreement.continuum import Cut, lay_out
from qualcode.agreement.raters import Panel, by_codebook, panel_of, readers_of
from qualcode.agreement.request import Request
from qualcode.agreement.sums import Floats
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


def noun_of(sources: Sequence[Source], unit: str | None) -> str:
    """What one of the sources is: a case, where the sources of each were joined and each has one."""
    return "case" if unit == "case" and all(source.cases for source in sources) else "source"


def _resampled(sources: Sequence[Source], unit: str | None) -> str:
    if sources and all(source.kind == "answers" for source in sources):
        return "respondent"
    return noun_of(sources, unit)


def cached(cut: Cut) -> Cut:
    """`cut`, asked once per source and unit: several codebooks share their units."""
    found: dict[tuple[object, ...], Sequence[Segment]] = {}

    def once(source: Source, unit: str) -> Sequence[Segment]:
        # A source may come back with some of its turns only, never with other ones under the same first and number.
        key = (source.id, unit, len(source.turns), source.turns[:1])
        if key not in found:
            found[key] = cut(source, unit)
        return found[key]

    return once


@dataclass(frozen=True, slots=True)
class Study:
    """A bundle made ready to be cut: who looked at what, and each codebook's paths and codings."""

    bundle: Bundle
    panels: tuple[Panel, ...]
    paths: Mapping[str, tuple[str, ...]]
    codings: Mapping[str, Sequence[Coding]]
    scope: str
    cut: Cut

    def sections(self, request: Request, *, apart: bool | None = None) -> list[Section]:
        """The sections of every codebook.

        Transcripts and answers stand apart unless one unit or pooling was asked for, or as `apart` says.
        """
        if apart is None:
            apart = keeps_apart(request)
        return [section for panel in self.panels for section in self._of(panel, request, apart=apart)]

    def _of(self, panel: Panel, request: Request, *, apart: bool) -> list[Section]:
        """The sections of one codebook; one that a single coder used gives an empty one, whose figures say why."""
        if not panel.present:
            return []
        shared = set(panel.shared(sorted(source.id for source in self.bundle.sources)))
        sources = sorted((s for s in self.bundle.sources if s.id in shared), key=lambda source: source.id)
        rest = [source for source in self.bundle.sources if len(panel.readers(source.id)) == 1]
        alone = dict(_by_kind(sorted(rest, key=lambda source: source.id), apart=apart))
        return [
            Section(
                panel=panel,
                kind=kind,
                view=self._view(members, panel, request, alone.get(kind, [])),
                main=n == 0,
                noun=_resampled(members, request.unit),
            )
            for n, (kind, members) in enumerate(_by_kind(sources, apart=apart))
        ]

    def _view(self, shared: Sequence[Source], panel: Panel, request: Request, alone: Sequence[Source]) -> View:
        """The sources cut to their units, with the codings of everyone who looked at one of them.

        `alone` are sources that one person looked at; they count for those who are among the others. Where drawn
        sources weigh unequally, those already stand for them.
        """
        raters = sorted({name for source in shared for name in panel.readers(source.id)})
        view = self._of_raters(shared, panel, request, raters)
        if shared and request.weights:
            view = replace(view, times=_times(view, dict(request.weights)))
        weighed = len({weight for _, weight in request.weights}) > 1
        theirs = [source for source in alone if not weighed and panel.readers(source.id)[0] in raters]
        return replace(view, alone=self._of_raters(theirs, panel, request, raters)) if shared and theirs else view

    def _of_raters(self, sources: Sequence[Source], panel: Panel, request: Request, raters: Sequence[str]) -> View:
        column, codes = columns(self.paths[panel.codebook], request.level)
        continuum = lay_out(sources, lambda source: unit_of(source, request.unit), self.scope, self.cut, request.rule)
        codings = self.codings.get(panel.codebook, ())
        return view_of(continuum, sources, panel, raters, codings, column, codes, request.rule)


def study_of(bundle: Bundle, request: Request, cut: Cut) -> Study:
    """The study a request is about; raises UsageError or UnknownCode for a coder or code that is not there."""
    coders = readers_of(bundle, request)
    paths = wanted_paths(bundle, request.codes)
    codings = by_codebook(bundle, coders)
    panels = tuple(panel_of(bundle, book, codings[book], coders, request) for book in paths)
    return Study(bundle, panels, paths, codings, request.scope or default_scope(bundle), cached(cut))


def shared_places(bundle: Bundle, request: Request) -> Iterator[tuple[str, int, str, tuple[str, ...]]]:
    """(codebook, round, source id, coders) wherever two or more coders are compared; nothing for one over rounds.

    Raises UsageError or UnknownCode for a coder or code that is not there.
    """
    coders = readers_of(bundle, request)
    codings = by_codebook(bundle, coders)
    for book in wanted_paths(bundle, request.codes):
        panel = panel_of(bundle, book, codings[book], coders, request)
        if panel.round is not None:
            for source in panel.shared([source.id for source in bundle.sources]):
                yield book, panel.round, source, panel.readers(source)


def _times(view: View, weights: Mapping[str, float]) -> Floats:
    """How much each group's sums weigh: its source's weight (1 where it has none), scaled to a mean of 1 over units."""
    times = np.array([weights.get(view.sources[n].id, 1.0) for n in view.group_source])
    units = view.by_group(view.weight)
    total = float(times @ units)
    return times * (float(units.sum()) / total) if total > 0 else np.ones_like(times)


def keeps_apart(request: Request) -> bool:
    """Whether transcripts and answers get figures of their own."""
    return request.unit is None and not request.pool


def _by_kind(sources: Sequence[Source], *, apart: bool) -> list[tuple[str, list[Source]]]:
    """The sources by kind, transcripts first; one entry without a source when there is none."""
    kinds: dict[str, list[Source]] = {}
    for source in sources:
        kind = ANSWERS if source.kind == "answers" else TRANSCRIPTS
        kinds.setdefault(kind if apart else ALL_KINDS, []).append(source)
    return sorted(kinds.items(), key=lambda kind: kind[0] == ANSWERS) or [(ALL_KINDS, [])]
