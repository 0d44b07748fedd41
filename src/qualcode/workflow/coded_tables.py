"""Tables of coded segments: each passage is looked for in the sources that are here, each code in the codebooks.

Nothing is guessed: words that stand nowhere, or in several places, are listed; a code that is called otherwise here is
listed with what it may be, and ``--map OLD=NEW`` says which it is. Run again, the same table adds what was missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from qualcode import codebook as room
from qualcode import locating
from qualcode.errors import InputError, UsageError
from qualcode.escaping import typed
from qualcode.model import Bundle, Code, Coding, Excerpt, Notice, Segment, Source, Span
from qualcode.slugs import slug
from qualcode.store import Project

# From this likeness (0 to 100) on another name is proposed; below, proposals were as often wrong as right.
NEAR = 80.0
_TELLING = 8  # characters from which words that stand once say where the other program's count is
_MARKED = re.compile(r"\s*[\"“”„«‹‘'](.+)[\"“”»›’']\s*", re.DOTALL)
_SEPARATORS = ("\\", " > ", ">", "::", " / ", "/", "->")


@dataclass
class _Search:
    """What is here to be found, and what was not."""

    sources: tuple[Source, ...]
    codes: tuple[Code, ...]
    mapping: Mapping[str, Code]
    unknown: Counter[str] = field(default_factory=Counter)
    elsewhere: dict[str, str] = field(default_factory=dict)
    missed: list[Notice] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[Span, ...]] = field(default_factory=dict)
    shifts: dict[str, list[tuple[int, tuple[Source, int]]]] = field(default_factory=dict)


def parse_mapping(said: Iterable[str]) -> dict[str, str]:
    """``OLD=NEW`` as given on the command line, split at the last sign. Raises UsageError for a line without one."""
    pairs = {}
    for text in said:
        old, equals, new = (part.strip() for part in text.rpartition("="))
        if not (equals and old and new):
            raise UsageError(f'"{text}" is not OLD=NEW', 'write for example --map "Pastoral care=role/pastoral"')
        pairs[old] = new
    return pairs


def placed(project: Project, bundle: Bundle, where: str, *, coder: str | None, mapping: Mapping[str, str]) -> Bundle:
    """The bundle with its excerpts as codings of this project's sources, and what was not found as missed.

    Raises UsageError for a mapping to no code, InputError when there are no sources to look in.
    """
    sources = project.sources()
    if not sources:
        raise InputError(f"{where} names passages, but there are no sources here", "import the transcripts first")
    codes = project.codes()
    told = {old: room.lookup(codes, new) for old, new in mapping.items()}
    search = _Search(sources, codes, told)
    search.shifts = _shifts(search, bundle.excerpts)
    codings: dict[tuple[object, ...], Coding] = {}
    for excerpt in bundle.excerpts:
        found = _codes(search, excerpt)
        segment = _segment(search, excerpt) if found else None
        for code in found if segment else ():
            assert segment is not None
            coding = Coding(
                segment, code.path, excerpt.coder or coder or "", at=excerpt.at, origin="import", memo=excerpt.memo
            )
            codings.setdefault((segment.source.id, segment.span, code.path, coding.coder), coding)
    notices = [*bundle.notices, *_named_otherwise(search, where)]
    missed = (*bundle.missed, *_unknown(search, where), *search.missed)
    return replace(bundle, codings=tuple(codings.values()), excerpts=(), notices=tuple(notices), missed=missed)


# -- codes --------------------------------------------------------------------------------------------------------


def _codes(search: _Search, excerpt: Excerpt) -> list[Code]:
    found = []
    for name in excerpt.codes:
        code = _code(search, name)
        parts = [part.strip() for part in name.split(",")] if code is None and "," in name else []
        several = [_code(search, part) for part in parts]
        if code is not None:
            found.append(code)
        elif several and all(several):
            found += [one for one in several if one is not None]
        else:
            search.unknown[name] += 1
    return found


def _code(search: _Search, name: str) -> Code | None:
    """The code of exactly this name: as told, by path or its last parts, by label, or by labels from the top."""
    if name in search.mapping:
        return search.mapping[name]
    found = _fitting(search, name)
    return found[0] if len(found) == 1 else None


def _fitting(search: _Search, name: str) -> list[Code]:
    """The codes that the name fits in the first way in which it fits any."""
    ways = (
        [code for code in search.codes if code.path == name],
        [code for code in search.codes if code.path.endswith("/" + name)],
        [code for code in search.codes if code.label == name],
        [code for code in search.codes if _below(code, name)],
    )
    return next((found for found in ways if found), [])


def _below(code: Code, name: str) -> bool:
    r"""Whether ``Parent\Child`` (or with ``>``, ``::``, ``/``) are the last parts of the code's path."""
    for separator in _SEPARATORS:
        parts = [slug(part) for part in name.split(separator) if part.strip()]
        if len(parts) > 1 and code.path.endswith("/" + "/".join(parts)):
            return True
    return False


def _unknown(search: _Search, where: str) -> list[Notice]:
    """A line for every code that is not here under this name, with what it may be."""
    twins = Counter(name.casefold() for name in search.unknown)
    said, foreign = [], 0
    for name, n in search.unknown.most_common():
        several = _fitting(search, name)
        near = _near(search.codes, name)
        rows = f"{n} row{'s' * (n != 1)}"
        twin = "; it is written in several ways here" if twins[name.casefold()] > 1 else ""
        if several:
            fits = ", ".join(code.path for code in several[:4])
            said.append(Notice(where, "warning", f'"{name}" ({rows}) fits {fits} — say which with --map "{name}=CODE"'))
            continue
        if near:
            way = f'if it is {near.path}, say --map "{name}={near.path}"'
        else:
            foreign += 1
            way = f'--map "{name}=CODE", or qualcode codebook add "{name}"'
        said.append(Notice(where, "warning", f'no code "{name}" here ({rows}{twin}) — {way}'))
    if foreign > 1:
        way = f"qualcode import {typed(where)} --format codes"
        said.append(Notice(where, "info", f"all its codes become a codebook of their own with: {way}"))
    return said


def _near(codes: Iterable[Code], name: str) -> Code | None:
    """The code whose label or last part is the same but for case and punctuation, else the most alike one."""
    from rapidfuzz import fuzz

    best, score = None, NEAR
    plain = slug(name)
    for code in codes:
        leaf = code.path.rpartition("/")[2]
        if plain in (leaf, slug(code.label)):
            return code
        likeness = max(fuzz.ratio(plain, leaf), fuzz.ratio(plain, slug(code.label)))
        if likeness > score:
            best, score = code, likeness
    return best


# -- places -------------------------------------------------------------------------------------------------------


def _segment(search: _Search, excerpt: Excerpt) -> Segment | None:
    """The one place of the words, in the document named, else in the only source that holds them."""
    found = _found(search, excerpt)
    if len(found) > 1 and (here := _by_offset(search, excerpt, found)):
        found = [here]
    whole = _whole(*found[0], excerpt.length) if len(found) == 1 else None
    if whole is None:
        search.missed.append(Notice(excerpt.where, "warning", _why(search, excerpt, found)))
        return None
    source = found[0][0]
    if excerpt.document and not _called(search.sources, excerpt.document):
        search.elsewhere[excerpt.document] = source.name
    return Segment(source, whole)


def _why(search: _Search, excerpt: Excerpt, found: list[tuple[Source, Span]]) -> str:
    """Why a passage was not placed."""
    if len(found) == 1:
        return f"it begins at {_listed(found)}, but where it ends is not clear; code it by hand, with --span"
    if found:
        return f"its words stand in {len(found)} places: {_listed(found)}; code it by hand, with --span"
    named = _called(search.sources, excerpt.document)
    home = f"in {named[0].name}" if len(named) == 1 else "in any source here"
    hint = "" if named or not excerpt.document else f' (there is none called "{excerpt.document}")'
    return f"its words are not {home}{hint}"


def _found(search: _Search, excerpt: Excerpt) -> list[tuple[Source, Span]]:
    """Where the words stand, in the document named, else anywhere."""
    among = _called(search.sources, excerpt.document) or search.sources
    return [(source, span) for source in among for span in _places(search, source, excerpt.quote)]


def _whole(source: Source, span: Span, length: int) -> Span | None:
    """The passage of which only the beginning was found; None where it would end inside a word or the text is over."""
    if not length:
        return span
    end = span.start + length
    inside = source.text[end - 1 : end + 1]
    if end < span.end or end > len(source.text) or (len(inside) == 2 and inside.isalnum()):
        return None
    return Span(span.start, span.start + len(source.text[span.start : end].rstrip()))


def _by_offset(search: _Search, excerpt: Excerpt, found: list[tuple[Source, Span]]) -> tuple[Source, Span] | None:
    """Of several places the one that lies as far from the other program's offset as passages before and after do.

    Words that stand once show how that program's count runs beside the text; where the nearest ones on both sides
    agree, the place between them follows.
    """
    if excerpt.offset is None:
        return None
    known = search.shifts.get(excerpt.document, [])
    below = [shift for offset, shift in known if offset <= excerpt.offset][-1:]
    above = [shift for offset, shift in known if offset >= excerpt.offset][:1]
    if not below or below != above:
        return None
    source, shift = below[0]
    return next(((one, span) for one, span in found if (one, span.start - excerpt.offset) == (source, shift)), None)


def _shifts(search: _Search, excerpts: Iterable[Excerpt]) -> dict[str, list[tuple[int, tuple[Source, int]]]]:
    """By document, for passages that stand once: the other program's offset, the source and how far they differ."""
    shifts: dict[str, list[tuple[int, tuple[Source, int]]]] = {}
    for excerpt in excerpts:
        found = _found(search, excerpt) if excerpt.offset is not None and len(excerpt.quote) >= _TELLING else []
        if len(found) == 1 and excerpt.offset is not None:
            source, span = found[0]
            shifts.setdefault(excerpt.document, []).append((excerpt.offset, (source, span.start - excerpt.offset)))
    return {document: sorted(known, key=lambda one: one[0]) for document, known in shifts.items()}


def _listed(found: list[tuple[Source, Span]]) -> str:
    said = [f"{source.name} {span.start}:{span.end}" for source, span in found[:4]]
    return ", ".join(said) + (" …" if len(found) > 4 else "")


def _places(search: _Search, source: Source, quote: str) -> tuple[Span, ...]:
    key = (source.id, quote)
    if key not in search.places:
        exact = locating.find(source.text, quote) or locating.find(source.text, quote.strip())
        search.places[key] = exact or locating.find_tolerantly(source.text, quote) or _unquoted(source, quote)
    return search.places[key]


def _unquoted(source: Source, quote: str) -> tuple[Span, ...]:
    """Where the words stand without the marks that a report put around them."""
    marked = _MARKED.fullmatch(quote)
    return (locating.find(source.text, marked[1]) or locating.find_tolerantly(source.text, marked[1])) if marked else ()


def _called(sources: Iterable[Source], document: str) -> tuple[Source, ...]:
    """The sources a table may mean by a document's name: the same, else the same but for ending, case and marks."""
    if not document:
        return ()
    sources = tuple(sources)
    same = tuple(one for one in sources if document in (one.name, one.file))
    wanted = {slug(document), slug(Path(document).stem)}
    return same or tuple(one for one in sources if slug(one.name) in wanted or slug(Path(one.file).stem) in wanted)


def _named_otherwise(search: _Search, where: str) -> list[Notice]:
    return [
        Notice(where, "info", f'"{document}" was found by its words in {name}')
        for document, name in search.elsewhere.items()
    ]
