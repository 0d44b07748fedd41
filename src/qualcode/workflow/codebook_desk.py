"""One change of a codebook in the making: what there is, what may be done, what is stored, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from qualcode import codebook as room
from qualcode.errors import ProjectError, UnknownCode, UsageError
from qualcode.model import Code, Codebook, Notice
from qualcode.store import Project
from qualcode.workflow import codebook_files as files
from qualcode.workflow.codebook_review import dead_mentions


@dataclass(frozen=True, slots=True)
class Done:
    """What a change did: the codes as they are now (retired ones as they were), how many codings are concerned.

    `renamed` are pairs of paths, of the codes below too. `files` are names under the project's folder.
    """

    codes: tuple[Code, ...]
    codings: int = 0
    renamed: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass
class Desk:
    """One change in the making, inside one transaction: what there is, and what is stored."""

    project: Project
    command: str
    coder: str | None
    books: dict[str, Codebook]
    retired: dict[str, int]
    counts: dict[str, int]
    plans: list[files.Plan] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def codes(self) -> tuple[Code, ...]:
        """Every live code."""
        return tuple(code for book in self.books.values() for code in book.codes)

    def code(self, word: str) -> Code:
        """The live code called `word`. Raises UnknownCode, and UsageError when two go by its path."""
        try:
            found = room.lookup(self.codes, word)
        except UnknownCode:
            if word in self.books:
                raise UsageError(f"{word} is a codebook, not a code", "name one of its codes") from None
            raise
        files.refuse_twins(self.books[found.codebook])
        return found

    def parent(self, word: str) -> str:
        """The path of the code, or the name of the codebook, called `word`."""
        return word if word in self.books else room.lookup(self.codes, word).path

    def twins(self, word: str, into: str) -> tuple[Code, Code] | None:
        """The two codes that go by one path, the older first, when it is named twice."""
        path = room.lookup(self.codes, word).path
        same = [code for code in self.codes if code.path == path]
        if len(same) < 2 or room.lookup(self.codes, into).path != path:
            return None
        older, newer, *_ = sorted(same, key=lambda code: (code.born or "", code.id))
        return older, newer

    def refuse_taken(self, *paths: str, unless_unused: bool = False) -> None:
        """Raise UsageError for the path of a code; of a retired one too: its codings would look like the new one's."""
        for path in paths:
            if any(code.path == path for code in self.codes):
                raise UsageError(f'there is a code "{path}" already', "choose another name, or merge the two")
            n = self.retired.get(path)
            if n or (n == 0 and not unless_unused):
                told = f'"{path}" was a code that was retired or merged'
                raise UsageError(f"{told}, with {n} coding{'s' * (n != 1)}" if n else told, "choose another name")

    def refuse_children(self, code: Code) -> None:
        """Raise UsageError when there are codes below `code`."""
        below = [other.path for other in self.codes if within(other.path, code.path) and other.path != code.path]
        if below:
            raise UsageError(f"{code.path} has codes below it: {', '.join(below[:8])}", "move or retire these first")

    def store(
        self,
        old: Codebook,
        new: Codebook,
        edit: Callable[[str], str],
        *,
        renames: Mapping[str, str] | None = None,
        made: Sequence[Code] = (),
        merged: tuple[Code, Code] | None = None,
    ) -> None:
        """Store a change of one codebook. Codes `made` by hand get ids of their own, so that two people's never fuse.

        The acts that takes are undone together.
        """
        plan = files.planned(self.project, old, new, edit)
        self.plans.append(plan)
        for code in made:
            book = next(book for book in self.project.codebooks() if book.name == old.name)
            with self.project.act(self.command, self.coder) as act:
                act.add_code(code, replace(book, sha256=plan.book.sha256))
        if merged:
            with self.project.act(self.command, self.coder) as act:
                act.merge_code(*merged)
        if not made or self._misplaced(old, new, made):
            with self.project.act(self.command, self.coder) as act:
                act.put_codebook(plan.book, renames or {})
            files.verify_ids(self.project, old, renames or {})

    def _misplaced(self, old: Codebook, new: Codebook, made: Sequence[Code]) -> bool:
        """Whether codes that were added at the end belong elsewhere; not asked while two go by one path."""
        paths = [code.path for code in (*old.codes, *made)]
        return len(set(paths)) == len(paths) and paths != [code.path for code in new.codes]

    def done(
        self,
        paths: Sequence[str],
        pairs: Mapping[str, str] | None = None,
        *,
        codings: int | None = None,
        gone: Sequence[str] = (),
    ) -> Done:
        """The outcome, with the codes as they are stored now; `pairs` are paths before and after, `gone` paths left."""
        now = {code.path: code for code in self.project.codes()}
        if codings is None:
            codings = sum(self.counts.get(path, 0) for path in (pairs or {}))
        renamed = tuple((was, path) for was, path in (pairs or {}).items() if was != path)
        notices = (*self.notices, *_mentions(tuple(now.values()), {*gone, *(was for was, _ in renamed)}))
        return Done(tuple(now[path] for path in paths), codings, renamed, tuple(self.files), notices)


@contextmanager
def changing(project: Project, command: str, coder: str | None) -> Iterator[Desk]:
    """A change in one transaction; when it is durable, the files are written."""
    with suppress(ProjectError):
        files.follow(project)
    with project.writing(), project.run():
        books = {book.name: book for book in project.codebooks()}
        desk = Desk(project, command, coder, books, project.versions.retired(), project.coding_counts())
        yield desk
    for plan in desk.plans:
        name, notices = files.write(project, plan)
        desk.files += [name] if name else []
        desk.notices += notices


def within(path: str, above: str) -> bool:
    """Whether a path is `above` or below it."""
    return f"{path}/".startswith(f"{above}/")


def _mentions(codes: Sequence[Code], gone: Collection[str]) -> Iterator[Notice]:
    """Texts that still name a path that is gone: they are a person's words, and stay."""
    found = [each for each in dead_mentions(codes, codes) if each[3] in gone]
    if found:
        places = list(dict.fromkeys(f"{code.path} ({name})" for code, name, *_ in found))
        more = f" and {len(places) - 5} more" if len(places) > 5 else ""
        said = f"{', '.join(places[:5])}{more} still mention{'s' * (len(places) == 1)}"
        paths = ", ".join(sorted({path for *_, path in found}))
        yield Notice("", "info", f"{said} {paths} — see `qualcode codebook test`")
