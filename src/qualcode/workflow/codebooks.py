"""Codebooks: a file or a bundled name → load → difference → project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qualcode import codebook as room
from qualcode.errors import CodebookError, UsageError, WouldOrphan
from qualcode.model import Code, Codebook, Notice
from qualcode.store import Project, files


@dataclass(frozen=True, slots=True)
class Applied:
    """A codebook now in the project, what changed, and what a person should know."""

    codebook: Codebook
    difference: room.Difference
    notices: tuple[Notice, ...] = ()


def find(word: str) -> Path:
    """The file called `word`: a path, or the name of a bundled codebook. Raises CodebookError."""
    path = Path(word)
    if path.is_file():
        return path
    if path.suffix in (".yaml", ".yml") or path.is_dir() or len(path.parts) > 1:
        raise CodebookError(f"no codebook file {path.name} there", "name a .yaml file or a bundled codebook")
    return room.bundled_path(word)


def apply(
    project: Project,
    word: str,
    *,
    coder: str | None,
    renames: Mapping[str, str] | None = None,
    retire: Iterable[str] = (),
    dry_run: bool = False,
) -> Applied:
    """Make the codebook in a file, or a bundled one, the project's version of it.

    Raises CodebookProblems for a bad file and WouldOrphan when codings would lose their code.
    """
    path = find(word)
    bundle = room.load(path)
    (new,) = bundle.codebooks
    old = next((book for book in project.codebooks() if book.name == new.name), None)
    difference = room.difference(old, new, renames or {})
    _refuse_orphans(project, difference, _full_paths(retire, difference.removed))
    if not dry_run:
        with project.act("codebook apply", coder) as act:
            act.put_codebook(new, dict(difference.renamed))
        _keep_file(project, path)
    return Applied(new, difference, tuple(notice for notice in bundle.notices if notice.severity != "info"))


def _full_paths(said: Iterable[str], removed: Iterable[Code]) -> set[str]:
    known = tuple(removed)
    return {room.lookup(known, word).path for word in said}


def _refuse_orphans(project: Project, difference: room.Difference, retire: set[str]) -> None:
    counts = project.coding_counts()
    orphaned = [(code.path, counts[code.path]) for code in difference.removed if counts.get(code.path)]
    left = [(path, n) for path, n in orphaned if path not in retire]
    if left:
        raise WouldOrphan(left)


def _keep_file(project: Project, path: Path) -> None:
    """Keep the file in ``codebooks/``, so that a person has one place to edit; one lying there already stays."""
    home = project.folder / "codebooks"
    target = home / path.name
    if home.resolve() not in path.resolve().parents:
        files.write_whole(target, path.read_bytes())


def add(
    project: Project,
    label: str,
    *,
    coder: str | None,
    under: str | None = None,
    definition: str = "",
    example: str | None = None,
) -> Code:
    """Make a code while reading: in the `open` codebook, or under the code or codebook `under`.

    No definition is demanded. Raises UsageError when a code of that path is there already.
    """
    if not label.strip():
        raise UsageError("a code needs a name", 'write for example `qualcode codebook add "helpful colleagues"`')
    known = project.codes()
    books = {book.name: book for book in project.codebooks()}
    parent = under if under in books else room.lookup(known, under).path if under else "open"
    path = room.new_path(parent, label)
    if any(code.path == path for code in known):
        raise UsageError(f'there is a code "{path}" already', "choose another name")
    code = Code(path, label.strip(), definition, examples=(example,) if example else ())
    with project.act("codebook add", coder) as act:
        act.add_code(code, books[code.codebook])
    return next(made for made in project.codes() if made.path == path)


def shown(project: Project, name: str | None) -> tuple[Codebook, ...]:
    """The project's codebooks, or the one called `name`."""
    found = tuple(book for book in project.codebooks() if name in (None, book.name))
    if not found:
        known = ", ".join(book.name for book in project.codebooks())
        raise UsageError(f'no codebook "{name}" in this project', f"there are: {known}")
    return found


def text(project: Project, name: str) -> str:
    """The YAML of one of the project's codebooks, as the database has it."""
    (book,) = shown(project, name)
    return room.dump(replace(book, codes=book.codes))
