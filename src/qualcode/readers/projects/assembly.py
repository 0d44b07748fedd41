"""From another program's sources, codes, passages and memos to a `Bundle`, with everything that was decided said.

Ids are made of content, so that the same project gives the same sources on every machine, and a later state of it adds
only what is new.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qualcode.errors import InputError, LimitExceeded
from qualcode.model import (
    Bundle,
    Case,
    Code,
    Codebook,
    CodeLink,
    Coder,
    CodeSet,
    Coding,
    Memo,
    MemoTarget,
    Notice,
    Segment,
    Source,
    Span,
    stable_id,
)
from qualcode.readers.projects import offsets
from qualcode.readers.projects.offsets import Selection
from qualcode.readers.projects.terms import Foreign, ForeignCode, ForeignMemo, line, prose
from qualcode.readers.sources import stem
from qualcode.readers.turns import talk
from qualcode.slugs import new_path, slug

CODES = 20_000
MISSES_SAID = 50
_ENDING = re.compile(r"\.(?:txt|docx?|odt|rtf|pdf|html?|md|srt|vtt|csv)$", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def bundle_of(projects: Sequence[Foreign], file: str) -> Bundle:
    """The bundle of a file with these projects. Raises InputError when there is nothing at all to take over."""
    made = [_Assembly(project).bundle() for project in _with_distinct_books(projects)]
    if not any(one.sources or one.cases or one.codebooks or one.memos for one in made):
        empty = sum(len(project.notices) + len(project.missed) for project in projects)
        said = "; what it lists has no text" if empty else ""
        raise InputError(f"{file} holds no texts, codes, cases or notes{said}", "check that the export is whole")
    cases = {case.name: case for one in made for case in one.cases}
    return Bundle(
        sources=tuple(source for one in made for source in one.sources),
        cases=tuple(cases.values()),
        codebooks=tuple(book for one in made for book in one.codebooks),
        codings=tuple(coding for one in made for coding in one.codings),
        memos=tuple(memo for one in made for memo in one.memos),
        coders=tuple({coder.name: coder for one in made for coder in one.coders}.values()),
        notices=tuple(notice for one in made for notice in one.notices),
        missed=tuple(notice for one in made for notice in one.missed),
        sets=tuple(each for one in made for each in one.sets),
        links=tuple(each for one in made for each in one.links),
    )


def _with_distinct_books(projects: Sequence[Foreign]) -> Sequence[Foreign]:
    """Two projects of one name in one file get codebooks of two names."""
    seen: Counter[str] = Counter()
    for project in projects:
        project.name = line(project.name) or stem(project.file)
        seen[slug(project.name)] += 1
        if seen[slug(project.name)] > 1:
            project.name = f"{project.name} {seen[slug(project.name)]}"
    return projects


class _Assembly:
    """The parts of one bundle while they are put together."""

    def __init__(self, project: Foreign) -> None:
        self.project = project
        self.notices: list[Notice] = []
        self.sources: dict[str, Source] = {}
        self.paths: dict[str, str] = {}
        self.raw = {source.key: source.raw for source in project.sources}
        self.rulers: dict[str, offsets.Ruler] = {}
        self.convention = offsets.PLAIN

    def bundle(self) -> Bundle:
        """Everything, in the order in which one thing needs another."""
        project = self.project
        books = self._codebooks()
        cases, case_of = self._cases()
        self._sources(case_of)
        self._find_convention()
        codings = self._codings()
        memos = self._memos()
        names = [*project.coders, *(coding.coder for coding in codings)]
        coders = tuple(Coder(name) for name in dict.fromkeys(map(line, names)) if name)
        notices = (*project.notices, *self.notices)
        return Bundle(
            tuple(self.sources.values()), cases, books, codings, memos, (), coders, (), notices, (), self._misses(),
            self._sets(), self._links(),
        )  # fmt: skip

    # -- codes ----------------------------------------------------------------------------------------------------

    def _codebooks(self) -> tuple[Codebook, ...]:
        """The codes as one codebook called like the project (or several, where qualcode wrote the file)."""
        project = self.project
        if len(project.codes) > CODES:
            raise LimitExceeded(f"{project.file} has more than {CODES:,} codes", "split the project")
        if not project.codes:
            return ()
        ordered = self._ordered()
        books = {code.key: slug(line(code.name)) for code in ordered if project.own_books and code.above is None}
        whole = slug(project.name)
        made: dict[str, list[Code]] = {}
        taken: set[str] = set()
        for code in ordered:
            if code.key in books:
                made.setdefault(books[code.key], [])
                self.paths[code.key] = books[code.key]
                continue
            above = self.paths[code.above] if code.above is not None else whole
            name = line(code.name) or "(no name)"
            path = new_path(above, name, taken)
            taken.add(path)
            self.paths[code.key] = path
            colour = code.colour.lower() if code.colour and _COLOUR.fullmatch(code.colour) else None
            made.setdefault(path.partition("/")[0], []).append(Code(path, name, prose(code.definition), colour=colour))
        title = f"{project.name} ({project.program})"
        return tuple(Codebook(name, codes=tuple(codes), title=title) for name, codes in made.items())

    def _ordered(self) -> list[ForeignCode]:
        """Codes with parents before children; one whose parent is missing, or is itself below it, stands at the top."""
        known = {code.key: code for code in self.project.codes}
        below: dict[str | None, list[ForeignCode]] = {}
        for code in known.values():
            below.setdefault(code.above if code.above in known else None, []).append(code)
        found: dict[str, ForeignCode] = {}

        def walk(start: Iterable[ForeignCode]) -> None:
            stack = list(reversed(list(start)))
            while stack:
                code = stack.pop()
                if code.key not in found:
                    found[code.key] = code
                    stack += reversed(below.get(code.key, []))

        top = below.get(None, [])
        walk(_uprooted(code) for code in top)
        lost = 0
        for code in known.values():
            if code.key not in found:
                lost += 1
                walk([_uprooted(code)])
        orphans = lost + sum(code.above is not None for code in top)
        if orphans:
            self._say(f"{orphans} codes stand under a code that is missing or below them; they were put at the top")
        return list(found.values())

    def _sets(self) -> tuple[CodeSet, ...]:
        """The sets of codes; two of one name are one here."""
        made: dict[str, list[str]] = {}
        for one in self.project.sets:
            paths = [self.paths[key] for key in one.codes if "/" in self.paths.get(key, "")]
            if paths:
                made.setdefault(line(one.name) or "(no name)", []).extend(paths)
        return tuple(CodeSet(name, tuple(dict.fromkeys(paths))) for name, paths in made.items())

    def _links(self) -> tuple[CodeLink, ...]:
        """The links between codes; one without a name says only that they belong together."""
        made = []
        for one in self.project.links:
            origin, target = self.paths.get(one.origin, ""), self.paths.get(one.target, "")
            if "/" in origin and "/" in target and origin != target:
                made.append(CodeLink(origin, line(one.kind) or "belongs with", target))
        return tuple(dict.fromkeys(made))

    # -- cases and sources ----------------------------------------------------------------------------------------

    def _cases(self) -> tuple[tuple[Case, ...], dict[str, str]]:
        """The cases, and by a source's key the one case whose text it is."""
        made: dict[str, Case] = {}
        owners: dict[str, list[str]] = {}
        for case in self.project.cases:
            name = line(case.name) or f"case {len(made) + 1}"
            held = made.get(name)
            attributes = {line(key): value for key, value in case.attributes.items() if line(key)}
            made[name] = Case(name, {**attributes, **(held.attributes if held else {})})
            for key in case.sources:
                owners.setdefault(key, []).append(name)
        shared = sum(len(set(names)) > 1 for names in owners.values())
        if shared:
            self._say(f"{shared} texts belong to several cases, which is not kept: they have no case here", "warning")
        return tuple(made.values()), {key: names[0] for key, names in owners.items() if len(set(names)) == 1}

    def _sources(self, case_of: Mapping[str, str]) -> None:
        """Sources with turns; an empty text is no source, and is said."""
        seen: Counter[str] = Counter()
        for one in self.project.sources:
            file = line(one.name) or f"text {len(self.sources) + 1}"
            if not one.raw.text.replace("\ufffd", "").strip():
                self.project.miss(file, "it has no text, so it is no source here")
                continue
            digest = one.digest or hashlib.sha256(one.raw.text.encode()).hexdigest()
            spoken = talk(one.raw.text, file)
            self.sources[one.key] = Source(
                id=stable_id("source", digest, seen[digest]),
                name=stem(file) if _ENDING.search(file) else file,
                kind=spoken.kind,
                text=one.raw.text,
                turns=spoken.turns,
                case=case_of.get(one.key),
                sha256=digest,
                file=file,
            )
            seen[digest] += 1
            self.notices += spoken.notices

    # -- passages -------------------------------------------------------------------------------------------------

    def _find_convention(self) -> None:
        project = self.project
        picked = list(dict.fromkeys(p.selection for p in project.passages if p.selection.source in self.sources))
        if project.convention is not None:
            self.convention = project.convention
        elif picked:
            found = offsets.detect(self.raw, picked)
            self.convention = found.convention
            advice = "; that is few: compare some codings with the original" if found.doubtful else ""
            self._say(f"{found}{advice}", "warning" if found.doubtful else "info")

    def _span(self, where: str, selection: Selection) -> Span | None:
        """The passage in code points; None, and said, when it is none.

        Where the program stored the words and its offsets hold others, the words decide when they stand in one place.
        """
        source = self.sources.get(selection.source)
        if source is None:
            self.project.miss(where, "its text is not here")
            return None
        ruler = self._ruler(selection.source)
        start, end = ruler.index(selection.start), ruler.index(selection.end)
        if start is None or end is None:
            self.project.miss(where, f"its offsets lie outside the text of {source.name}")
            return None
        if start >= end or not source.text[start:end].strip():
            self.project.miss(where, f"it marks a point of {source.name}, no words")
            return None
        if selection.quote is not None and not offsets.agrees(selection.quote, source.text[start:end]):
            return self._by_words(where, source, selection.quote)
        return Span(start, end)

    def _ruler(self, key: str) -> offsets.Ruler:
        """The ruler of one text. Where the program stored words, a text may be counted otherwise than the others:
        QualCoder, for one, came to clean line ends and marks away only at some version.
        """
        if key not in self.rulers:
            raw, chosen = self.raw[key], self.convention
            mine = [one.selection for one in self.project.passages if one.selection.source == key]
            if any(one.quote is not None for one in mine):
                found = offsets.detect({key: raw}, mine, first=chosen)
                if found.convention != chosen:
                    self._say(f"in {self.sources[key].name}, other than in the rest, {found}")
                chosen = found.convention
            self.rulers[key] = offsets.Ruler(raw, chosen)
        return self.rulers[key]

    def _by_words(self, where: str, source: Source, quote: str) -> Span | None:
        from qualcode import locating

        places = locating.find_tolerantly(source.text, quote) if quote.strip() else ()
        if len(places) == 1:
            message = (
                f"its offsets hold other words than those stored with it; it was put where these are in {source.name}"
            )
            self.notices.append(Notice(f"{self.project.file}: {where}", "warning", message))
            return places[0]
        found = f"stand in {len(places)} places" if places else "are not there"
        self.project.miss(
            where, f"its offsets in {source.name} hold other words than those stored with it, which {found}"
        )
        return None

    def _codings(self) -> tuple[Coding, ...]:
        made: dict[tuple[str, Span, str, str], Coding] = {}
        twins = bare = 0
        for one in self.project.passages:
            known = [self.paths[key] for key in one.codes if "/" in self.paths.get(key, "")]
            if len(known) < len(one.codes):
                self.project.miss(one.where, "its code is not in the codebook")
            if not one.codes:
                bare += 1
            span = self._span(one.where, one.selection) if known else None
            if span is None:
                continue
            source, coder = self.sources[one.selection.source], line(one.coder)
            for path in known:
                identity = (source.id, span, path, coder)
                twins += identity in made
                memo = prose(one.memo or "") or None
                coding = Coding(Segment(source, span), path, coder, at=one.at, origin="import", memo=memo)
                if identity not in made or (memo and not made[identity].memo):
                    made[identity] = coding
        if twins:
            self._say(f"{twins} codings stand there twice (same passage, code and coder) and are one here")
        if bare:
            self._say(f"{bare} passages are marked without any code; they were not taken over", "warning")
        return tuple(made.values())

    # -- memos ----------------------------------------------------------------------------------------------------

    def _memos(self) -> tuple[Memo, ...]:
        made = []
        names = {case.key: line(case.name) for case in self.project.cases}
        for n, memo in enumerate(self.project.memos, 1):
            text = prose(memo.text)
            target = self._target(f"memo {n}", memo, names) if text else None
            if target is not None:
                made.append(Memo(target, text, line(memo.coder), memo.at))
        return tuple(dict.fromkeys(made))

    def _target(self, where: str, memo: ForeignMemo, cases: Mapping[str, str]) -> MemoTarget | None:
        if memo.kind == "segment" and memo.selection is not None:
            span = self._span(where, memo.selection)
            return MemoTarget("segment", self.sources[memo.selection.source].id, span=span) if span else None
        if memo.kind == "source" and memo.key in self.sources:
            return MemoTarget("source", self.sources[memo.key].id)
        if memo.kind == "code" and "/" in self.paths.get(memo.key, ""):
            return MemoTarget("code", code=self.paths[memo.key])
        if memo.kind == "case" and cases.get(memo.key):
            return MemoTarget("case", cases[memo.key])
        return MemoTarget("project")

    def _say(self, message: str, severity: str = "info") -> None:
        self.notices.append(Notice(self.project.file, "warning" if severity == "warning" else "info", message))

    def _misses(self) -> tuple[Notice, ...]:
        """What could not be taken over; of more than fifty of one kind the rest is counted."""
        kinds: Counter[str] = Counter()
        said = []
        for notice in self.project.missed:
            kinds[notice.message] += 1
            if kinds[notice.message] <= MISSES_SAID:
                said.append(notice)
        for message, n in kinds.items():
            if n > MISSES_SAID:
                said.append(Notice(self.project.file, "warning", f"{n - MISSES_SAID} more: {message}"))
        return tuple(said)


def _uprooted(code: ForeignCode) -> ForeignCode:
    return ForeignCode(code.key, code.name, None, code.definition, code.colour)
