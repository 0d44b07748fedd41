"""A codebook as a specification: what changed between two versions and for which codings, and whether it holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from qualcode import codebook as room
from qualcode.errors import CodebookError, NoProject, UsageError, nearest
from qualcode.model import Code, Codebook, Coding, Notice
from qualcode.store import Project
from qualcode.store.versions import Place, Wording
from qualcode.workflow import codebooks

BUNDLED = "bundled"
MEANING = ("definition", "include", "exclude")
_PATH = re.compile(r"(?<![\w/-])[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)+")


# -- two versions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two codebooks: `word` as it was typed.

    `until` is where in the log its version was applied; `past` the project as it was. Neither: it is of the present.
    """

    word: str
    codebook: Codebook
    until: Place | None = None
    past: Project | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A coding made under another wording than the new one, and that wording."""

    coding: Coding
    wording: Wording


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed; `proposals` are likely renames that nobody has stated; `queue` is what to read again."""

    old: Side
    new: Side
    difference: room.Difference
    proposals: tuple[room.Proposal, ...] = ()
    queue: tuple[Queued, ...] = ()


def compare(project: Project | None, old: str, new: str, *, coders: Collection[str] = ()) -> Compared:
    """What changed from `old` to `new`: each a file, a codebook of the project, a bundled one, or NAME@VERSION.

    For the version there may stand ``bundled``, a milestone or a time.

    A code that kept its id under another path was renamed; other likely renames are proposals. The queue holds the
    codings of a code whose definition, include or exclude changed, as far as they were made under another wording
    than the new one: in the order of the log, whatever the clocks said. `coders` narrows it.
    """
    with ExitStack() as stack:
        sides = []
        for word in (old, new):
            sides.append(side(project, word))
            stack.callback(sides[-1].past.close if sides[-1].past else lambda: None)
        one, other = sides
        difference = room.difference(one.codebook, other.codebook, _same_ids(one.codebook, other.codebook))
        there = other.past or project
        queue = _queue(there, difference, other, coders) if there is not None else ()
    return Compared(one, other, difference, room.guess_renames(difference), queue)


def side(project: Project | None, word: str) -> Side:
    """The codebook called `word`. Raises CodebookError, and NoProject for a version outside a project."""
    name, at, version = word.partition("@")
    if Path(word).is_file():
        return Side(word, room.load(Path(word)).codebooks[0])
    if at and version == BUNDLED:
        return Side(word, room.load(room.bundled_path(name)).codebooks[0])
    if at:
        return _version(project, word, name, version)
    books = {book.name: book for book in project.codebooks()} if project is not None else {}
    if word in books:
        return Side(word, books[word])
    if word not in room.bundled() and (near := nearest(word, [*books, *room.bundled()])):
        raise CodebookError(f'no codebook "{word}" here', f'did you mean "{near}"?')
    return Side(word, room.load(codebooks.find(word)).codebooks[0])


def _version(project: Project | None, word: str, name: str, version: str) -> Side:
    if project is None:
        raise NoProject("the working folder")
    codebooks.shown(project, name)
    found = project.versions.at(name, version)
    if found is not None:
        return Side(word, *found)
    known = ", ".join(project.versions.known(name))
    try:
        past = project.as_of(version)
    except UsageError as error:
        what = f'{name} never had a version "{version}", and that is no milestone or time'
        raise UsageError(what, f"its versions: {known}" if known else error.way_out) from None
    book = next((book for book in past.codebooks() if book.name == name), Codebook(name))
    return Side(word, book, past=past)


def _same_ids(old: Codebook, new: Codebook) -> dict[str, str]:
    """Old path → new path of codes that are the same by id, as far as the paths leave no doubt."""
    now = {code.id: code.path for code in new.codes}
    pairs = {code.path: now[code.id] for code in old.codes if now.get(code.id, code.path) != code.path}
    before, after = {code.path for code in old.codes}, {code.path for code in new.codes}
    while True:
        taken = set(pairs.values())
        clear = {
            was: path
            for was, path in pairs.items()
            if (was not in after or was in taken) and (path not in before or path in pairs)
        }
        if len(clear) == len(pairs):
            return pairs
        pairs = clear


def _queue(project: Project, difference: room.Difference, new: Side, coders: Collection[str]) -> tuple[Queued, ...]:
    """The codings made under another wording than the new one, by source and place."""
    meant = {
        path: _wording(next(code for code in new.codebook.codes if code.path == path))
        for path, changes in difference.changed.items()
        if any(change.field in MEANING for change in changes)
    }
    here = _in_project(project, difference, meant)
    made = project.versions.made(set(here))
    concerned = {key: each.wording for key, each in made.items() if new.until is None or each.place < new.until}
    found = (coding for coding in project.codings(coders=coders) if coding.id in concerned)
    return tuple(
        Queued(coding, concerned[coding.id]) for coding in found if concerned[coding.id] != meant[here[coding.code]]
    )


def _in_project(project: Project, difference: room.Difference, meant: Collection[str]) -> dict[str, str]:
    """The project's path of each changed code → its new path: a file may call it what the project does not yet."""
    known = {code.path: code for code in project.codes(retired=True)}
    by_id = {code.id: code.path for code in known.values()}
    was = {new: old for old, new in difference.renamed}
    ids = {code.path: code.id for code in (*difference.old.codes, *difference.new.codes)}
    here = {}
    for path in meant:
        old = was.get(path, path)
        found = by_id.get(ids[path]) or by_id.get(ids[old])
        here[path if path in known else old if old in known else found or path] = path
    return here


def _wording(code: Code) -> Wording:
    return Wording(code.definition, code.include, code.exclude)


# -- one codebook, tested ---------------------------------------------------------------------------------------


def review(project: Project | None, name: str | None = None) -> Mapping[str, tuple[Notice, ...]]:
    """Codebook → what its reviewer should look at, in codebook order; `where` is a code's path.

    `name` is a file, or a codebook of the project; without it, all that have codes.
    """
    if name is not None and (project is None or Path(name).is_file()):
        (book,) = room.load(codebooks.find(name)).codebooks
        return {name: _reviewed(book, book.codes, None)}
    if project is None:
        raise NoProject("the working folder")
    books = [book for book in codebooks.shown(project, name) if book.codes or name]
    counts, every = project.coding_counts(), project.codes()
    return {book.name: _reviewed(book, every, counts) for book in books}


def _reviewed(book: Codebook, every: Sequence[Code], counts: Mapping[str, int] | None) -> tuple[Notice, ...]:
    found = [
        *room.check_examples(book),
        *_dead(book, every),
        *_boundless(book),
        *(_unapplied(book, counts) if counts is not None else ()),
    ]
    order = {code.path: number for number, code in enumerate(book.codes)}
    return tuple(sorted(found, key=lambda notice: order.get(notice.where, -1)))


def dead_mentions(codes: Iterable[Code], known: Iterable[Code]) -> Iterator[tuple[Code, str, int, str]]:
    """Paths in definitions and rules that stand for no code: the code that says so, field, number (from 1), path."""
    paths = {code.path for code in known}
    books = {path.partition("/")[0] for path in paths}
    for code in codes:
        for name in MEANING:
            said = getattr(code, name)
            for number, text in enumerate([said] if isinstance(said, str) else said, 1):
                for match in _PATH.finditer(text):
                    if match[0].partition("/")[0] in books and match[0] not in paths:
                        yield code, name, number, match[0]


def _dead(book: Codebook, every: Sequence[Code]) -> Iterator[Notice]:
    paths = [code.path for code in every]
    for code, name, number, path in dead_mentions(book.codes, (*every, *book.codes)):
        near = nearest(path, paths)
        way = f'did you mean "{near}"?' if near else "name the code it goes to"
        place = name if name == "definition" else f"{name} {number}"
        yield Notice(code.path, "warning", f'{place} points to "{path}", which is no code — {way}')


def _boundless(book: Codebook) -> Iterator[Notice]:
    """Codes that say nothing about where they end."""
    for code in book.leaves:
        alone = not any(other.parent == code.parent for other in book.codes if other is not code)
        if code.definition.strip() and not (alone or code.exclude or code.counterexamples):
            said = "no boundary: neither exclude nor counterexamples — say what it is most easily taken for"
            yield Notice(code.path, "info", said)


def _unapplied(book: Codebook, counts: Mapping[str, int]) -> Iterator[Notice]:
    idle = [code for code in book.leaves if not counts.get(code.path)]
    if idle and not any(counts.get(code.path) for code in book.codes):
        yield Notice(book.name, "info", f"none of its {len(book.codes)} codes was ever applied")
        return
    for code in idle:
        yield Notice(code.path, "info", "never applied — look for it, or ask whether it is needed")
