"""Codebooks: a file or a bundled name → load → difference → project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qualcode import codebook as room
from qualcode import readers
from qualcode.errors import CodebookError, InputError, UsageError, WouldOrphan
from qualcode.model import Bundle, Code, Codebook, Notice
from qualcode.readers import ReadOptions
from qualcode.store import Project
from qualcode.workflow import codebook_files as files

# Codebooks of other programs, by ending, and the reader of each.
FOREIGN = {".qdc": "qdc", ".csv": "codes", ".tsv": "codes", ".xlsx": "codes"}


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
    from qualcode.workflow.codebook_life import drop_suggestions

    path = find(word)
    foreign = path.suffix.lower() in FOREIGN
    bundle = _of_another_program(path) if foreign else room.load(path)
    (new,) = bundle.codebooks
    with project.reading() if dry_run else project.writing():
        old = next((book for book in project.codebooks() if book.name == new.name), None)
        difference = room.difference(old, new, renames or {})
        _refuse_orphans(project, difference, _full_paths(retire, difference.removed))
        files.refuse_twins(old or new)
        notices = tuple(notice for notice in bundle.notices if notice.severity != "info")
        notices += _returning(project, difference)
        before = _last_moment(project)
        if not dry_run:
            plan = files.planned(project, old or Codebook(new.name), new, lambda text: text) if foreign else None
            with project.act("codebook apply", coder) as act:
                act.put_codebook(plan.book if plan else new, dict(difference.renamed))
            files.verify_ids(project, difference.old, dict(difference.renamed))
    if not dry_run:
        notices += files.write(project, plan)[1] if plan else files.keep(project, path, old, new)
        notices += drop_suggestions(project) if difference.removed else ()
        notices += _made_before(project, difference, before)
    return Applied(new, difference, notices)


def _of_another_program(path: Path) -> Bundle:
    """The one codebook in a file of another program. Raises CodebookError for any other."""
    try:
        bundle = readers.read(path, ReadOptions(format=FOREIGN[path.suffix.lower()]))
    except InputError as error:
        raise CodebookError(error.what, error.way_out) from error
    if len(bundle.codebooks) != 1:
        raise CodebookError(f"{path.name} holds {len(bundle.codebooks)} codebooks", "take it in with `qualcode import`")
    return replace(bundle, notices=(*bundle.notices, *bundle.missed))


def _last_moment(project: Project) -> str:
    """When the newest act before this one was done."""
    newest = project.history(1)
    return newest[-1].at if newest else ""


def _made_before(project: Project, difference: room.Difference, before: str) -> tuple[Notice, ...]:
    """How many codings carry a code whose meaning has changed, and how to list them."""
    counts = project.coding_counts()
    fields = {path: {change.field for change in changes} for path, changes in difference.changed.items()}
    n = sum(counts.get(path, 0) for path, changed in fields.items() if changed & {"definition", "include", "exclude"})
    if not n:
        return ()
    name = difference.new.name
    earlier = difference.version[0] if difference.version and difference.version[0] else before
    said = f"{n} coding{'s' * (n != 1)} of codes whose definition, include or exclude changed"
    return (Notice(name, "info", f"{said} — list them: `qualcode codebook diff {name}@{earlier} {name}`"),)


def _returning(project: Project, difference: room.Difference) -> tuple[Notice, ...]:
    """Codes that were retired or merged and are in the file again: their codings come back to them."""
    retired = project.versions.retired() if difference.added else {}
    return tuple(
        Notice(
            code.path,
            "warning",
            f"was retired or merged; its {n} coding{'s show' if n != 1 else ' shows'} under it again",
        )
        for code in difference.added
        if (n := retired.get(code.path, 0))
    )


def _full_paths(said: Iterable[str], removed: Iterable[Code]) -> set[str]:
    known = tuple(removed)
    return {room.lookup(known, word).path for word in said}


def _refuse_orphans(project: Project, difference: room.Difference, retire: set[str]) -> None:
    counts = project.coding_counts()
    orphaned = [(code.path, counts[code.path]) for code in difference.removed if counts.get(code.path)]
    left = [(path, n) for path, n in orphaned if path not in retire]
    if left:
        raise WouldOrphan(left)


def add(
    project: Project,
    label: str,
    *,
    coder: str | None,
    under: str | None = None,
    definition: str = "",
    example: str | None = None,
) -> Code:
    """Make a code while reading; see `codebook_life.add`, which also says what became of the file."""
    from qualcode.workflow import codebook_life

    done = codebook_life.add(project, label, coder=coder, under=under, definition=definition, example=example)
    return done.codes[0]


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
