"""A codebook's file in ``codebooks/``: it follows the database while it is the one last applied, else it is left alone.

The database is the truth. A change is stored first, with the hash that the file is going to have; then the file is
written, whole, by rename. Whoever stops in between, or edits the file, leaves a file with another hash, and the next
change says so instead of touching it. What is written over is kept in ``backups/codebooks/`` under its hash: after an
undo the file of that state is put back, as long as the one lying there holds nothing that was never applied.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qualcode import codebook as room
from qualcode.errors import CodebookError, ProjectError, UsageError
from qualcode.guards import YAML_BYTES
from qualcode.model import Codebook, Notice
from qualcode.store import Entry, Project, files

HOME = "codebooks"
IMPORT = "import"  # the command under which codebooks come in with another program's project
OPEN = "open"  # the codebook whose file the tool writes itself, while nobody has edited it
Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A codebook as it will be, with the hash of its file, and the file to write once the change is durable.

    `before` are the bytes the file must still have by then; None: there must be no file. `path` None: no file.
    """

    old: Codebook
    book: Codebook
    path: Path | None = None
    before: bytes | None = None
    after: bytes = b""
    notices: tuple[Notice, ...] = ()


def digest(raw: bytes) -> str:
    """The SHA-256 of a file, as `Codebook.sha256` has it."""
    return hashlib.sha256(raw).hexdigest()


def planned(project: Project, old: Codebook, new: Codebook, edit: Edit) -> Plan:
    """What becomes of the file when `old` becomes `new`; `edit` makes the same change in the file's text.

    The edited text is read again: only when it says what the database will say, the file is written.
    """
    found = _last_applied(project, old)
    if found is not None:
        text = _edited(found[1].decode(), old, new, edit)
        if text is not None:
            return Plan(old, replace(new, sha256=digest(text.encode())), *found, text.encode())
        told = "is written in a way that cannot be changed in place, so it was left as it is"
        return Plan(old, new, notices=(_behind(found[0], told, new),))
    own = old.name == OPEN and all(_is_canonical(raw) for path, raw in _files(project) if path.stem == OPEN)
    return _whole_file(project, old, new) if own or not old.sha256 else _left_alone(project, old, new)


def _edited(text: str, old: Codebook, new: Codebook, edit: Edit) -> str | None:
    """The edited text, or a canonical one for a file that the tool itself wrote; None when neither says `new`."""
    try:
        if _says(text, old) and _says(changed := edit(text), new):
            return changed
    except CodebookError:
        pass
    try:
        return room.dump(new) if _is_canonical(text.encode()) else None
    except CodebookError:
        return None


def _is_canonical(raw: bytes) -> bool:
    """Whether a file is as the tool writes one: there are no comments, and no order of keys, to lose."""
    try:
        text = raw.decode()
        read = room.read_text(text, "").codebook
        return read is not None and room.dump(read) == text
    except (CodebookError, UnicodeDecodeError):
        return False


def _says(text: str, book: Codebook) -> bool:
    """Whether the text reads as this codebook; codes of different parents may stand in any order."""
    read = room.read_text(text, "").codebook
    return read is not None and room.in_order(room.bare(read)) == room.in_order(room.bare(book))


def _whole_file(project: Project, old: Codebook, new: Codebook) -> Plan:
    """A new file for a codebook that has none, and anew for the `open` one, which two people's codes come together in.

    What lies in its place stays, unless its hash is in the log.
    """
    path = project.folder / HOME / f"{new.name}.yaml"
    try:
        after = room.dump(new).encode()
    except CodebookError as error:
        return Plan(old, new, notices=(Notice(new.name, "info", f"no file was written: {error.what}"),))
    before = content(path)
    if before is None and not path.exists():
        return Plan(old, replace(new, sha256=digest(after)), path, None, after)
    if before is not None and digest(before) in project.versions.hashes(new.name):
        return Plan(old, replace(new, sha256=digest(after)), path, before, after)
    told = "holds something that was never applied, so it was left as it is"
    return Plan(old, new, notices=(_behind(path, told, new),))


def _left_alone(project: Project, old: Codebook, new: Codebook) -> Plan:
    known = project.versions.hashes(old.name)
    mine = [path for path, raw in _files(project) if digest(raw) not in known and is_named(raw, old.name)]
    stale = [path for path, raw in _files(project) if digest(raw) in known]
    if mine:
        told = "was changed since it was applied, so it was left as it is"
        return Plan(old, new, notices=(_behind(mine[0], told, new),))
    if stale:
        told = "is not the version that was last applied, so it was left as it is"
        return Plan(old, new, notices=(_behind(stale[0], told, new),))
    return Plan(old, new, notices=(_behind(Path(f"{old.name}.yaml"), "is not there", new),))


def _behind(path: Path, told: str, book: Codebook) -> Notice:
    way = f"the database has the change: see it with `qualcode export codebook {book.name}`"
    return Notice(f"{HOME}/{path.name}", "warning", f"{told} — {way}, and apply the file you want to go on with")


def is_named(raw: bytes, name: str) -> bool:
    """Whether a file says that it is the codebook `name`, though it may have errors."""
    said = re.search(rb"^name:[ \t]*[\"']?([a-z0-9-]+)", raw, re.MULTILINE)
    return said is not None and said[1].decode() == name


# -- files ------------------------------------------------------------------------------------------------------


def content(path: Path) -> bytes | None:
    """The bytes of a file of ours; None for a link, a folder, what cannot be read or is too large for a codebook."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > YAML_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _files(project: Project) -> Iterator[tuple[Path, bytes]]:
    """The codebook files directly in ``codebooks/`` with their bytes, by name."""
    home = project.folder / HOME
    for path in sorted(home.iterdir()) if home.is_dir() else ():
        raw = content(path) if path.suffix in (".yaml", ".yml") else None
        if raw is not None:
            yield path, raw


def _last_applied(project: Project, book: Codebook) -> tuple[Path, bytes] | None:
    """The file whose hash is the one last applied, preferably that called like the codebook."""
    found = [(path, raw) for path, raw in _files(project) if book.sha256 and digest(raw) == book.sha256]
    return min(found, key=lambda one: one[0].stem != book.name, default=None)


def write(project: Project, plan: Plan) -> tuple[str | None, tuple[Notice, ...]]:
    """Write the planned file, after the change is durable; its name under the project's folder, and what to know."""
    if plan.path is None:
        return None, plan.notices
    name = f"{HOME}/{plan.path.name}"
    if content(plan.path) != plan.before or (plan.before is None and plan.path.exists()):
        told = "was changed at this moment, so it was left as it is"
        return None, (*plan.notices, _behind(plan.path, told, plan.book))
    try:
        _put(project, plan.path, plan.before, plan.after)
    except ProjectError as error:
        return None, (*plan.notices, _behind(plan.path, error.what, plan.book))
    return name, plan.notices


def _put(project: Project, path: Path, before: bytes | None, after: bytes) -> None:
    """Write a file whole; the one it replaces is kept under its hash. Raises ProjectError."""
    if before is not None:
        kept = _keeping(project) / f"{digest(before)}-{path.name}"
        if not kept.exists():
            files.write_whole(kept, before)
    files.write_whole(path, after)


def _keeping(project: Project) -> Path:
    home = project.folder / "backups" / HOME
    try:
        for folder in (home.parent, home):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ProjectError(f"cannot make the folder {home.name}: {error.strerror}", "check the folder") from error
    return home


def behind(project: Project, before: Sequence[Codebook]) -> tuple[Notice, ...]:
    """After a merge: the files of the codebooks that it changed; applying one as it lies there would take that back."""
    known = {book.name: book for book in before}
    told = []
    for book in project.codebooks():
        if book == known.get(book.name) or _last_applied(project, book):
            continue
        for path, raw in _files(project):
            if is_named(raw, book.name):
                where = f"{HOME}/{path.name}"
                way = f"`qualcode export codebook {book.name} --out FILE` writes it as it is now, to apply"
                told.append(Notice(where, "warning", f"is behind the codebook that came in — {way}"))
    return tuple(told)


def follow(project: Project, acts: Sequence[Entry] = ()) -> tuple[str, ...]:
    """After an undo or redo of `acts`: put back the file of each codebook's present state, where it was kept.

    Only a file that holds nothing unapplied is replaced, that is one whose hash is in the log, and only after an
    import, which `leave` may have followed, one is put where there is none. Returns the files' names under the
    project's folder.
    """
    done = []
    for book in project.codebooks():
        if not book.sha256 or _last_applied(project, book):
            continue
        home = project.folder / "backups" / HOME
        for kept in sorted(home.glob(f"{book.sha256}-*")) if home.is_dir() else ():
            path = project.folder / HOME / kept.name.removeprefix(f"{book.sha256}-")
            before, after = content(path), content(kept)
            if after is None or digest(after) != book.sha256:
                continue
            gone = _imported(acts) and not path.exists() and not path.is_symlink()
            if gone or (before is not None and digest(before) in project.versions.hashes(book.name)):
                _put(project, path, before, after)
                done.append(f"{HOME}/{path.name}")
    return tuple(done)


def _imported(acts: Sequence[Entry]) -> bool:
    return any(entry.command == IMPORT for entry in acts)


def leave(project: Project, acts: Sequence[Entry]) -> tuple[Notice, ...]:
    """After an undo of `acts`: with another program's project goes the codebook's file that its import wrote.

    One that was edited since, or written by hand, stays; what became of each is said.
    """
    if not _imported(acts):
        return ()
    here = {book.name for book in project.codebooks()}
    told = []
    for path, raw in list(_files(project)):
        name = next((each for each in project.versions.names() if each not in here and is_named(raw, each)), None)
        if name is None:
            continue
        where = f"{HOME}/{path.name}"
        if digest(raw) in project.versions.hashes(name) and _is_canonical(raw):
            files.write_whole(_keeping(project) / f"{digest(raw)}-{path.name}", raw)
            path.unlink()
            told.append(Notice(where, "info", "went with its codebook and comes back with it"))
        else:
            told.append(Notice(where, "warning", "was edited or written by hand, so it stays without its codebook"))
    return tuple(told)


def keep(project: Project, path: Path, old: Codebook | None, new: Codebook) -> tuple[Notice, ...]:
    """Keep an applied file in ``codebooks/``, so that a person has one place to edit; what to know about it.

    A file that lies there is only replaced when it is the one this codebook had before.
    """
    home = project.folder / HOME
    if home.resolve() == path.resolve().parent:
        return ()
    raw = path.read_bytes()
    for target in (home / path.name, home / f"{new.name}.yaml"):
        before = content(target)
        if before == raw:
            return ()
        if (before is None and not target.exists()) or (before and old and digest(before) == old.sha256):
            try:
                _put(project, target, before, raw)
            except ProjectError as error:
                return (Notice(f"{HOME}/{target.name}", "warning", str(error)),)
            return ()
    target = home / path.name
    told = "holds changes that were never applied, so it was left as it is"
    return (Notice(f"{HOME}/{target.name}", "warning", f"{told} — compare: `qualcode codebook diff`"),)


def refuse_twins(book: Codebook) -> None:
    """Raise UsageError when two codes go by one path, as after a merge: a change by path would lose one of them."""
    paths = [code.path for code in book.codes]
    twin = next((path for path in paths if paths.count(path) > 1), None)
    if twin is not None:
        raise UsageError(f"two codes go by {twin}", f"join them first: `qualcode codebook merge {twin} {twin}`")


def verify_ids(project: Project, old: Codebook, renames: Mapping[str, str]) -> None:
    """Inside the transaction of a change: raise ProjectError unless every code of `old` that stayed kept its id.

    Codings hang on the id; a code that came back under another one would have lost them.
    """
    now = {code.path: code.id for book in project.codebooks() if book.name == old.name for code in book.codes}
    for code in old.codes:
        path = renames.get(code.path, code.path)
        if now.get(path, code.id) != code.id:
            way = "run `qualcode doctor`, and report it"
            raise ProjectError(f"{code.path} would have lost its codings; nothing was changed", way)
