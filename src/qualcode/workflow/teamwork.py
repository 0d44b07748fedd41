"""Work together without a server: hand out a blind package, take work in, settle what two people changed apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from qualcode import settings
from qualcode.analysis import coverage
from qualcode.errors import UsageError
from qualcode.model import Notice
from qualcode.store import Conflict, Entry, Merged, Project, files
from qualcode.workflow import codebook_files, speaking, waves


@dataclass(frozen=True, slots=True)
class Received:
    """What a merge brought, and what is to be settled now."""

    merged: Merged
    conflicts: tuple[Conflict, ...]


def merge(project: Project, other: Path, *, dry_run: bool = False) -> Received:
    """Take in a team-mate's project, copy or hand-out. A backup is made first. Raises ProjectError."""
    if not dry_run:
        project.safeguard("before-merge")
    merged = project.merge(other, dry_run=dry_run)
    return Received(merged, () if dry_run else project.conflicts())


def resolve(project: Project, word: str, side: int, *, coder: str | None) -> Conflict:
    """Make one side of a conflict hold, and return the conflict that is settled by it.

    The case of a participant who gets another name by it goes by that name.
    """
    conflict = project.conflict(word)
    with project.run():
        with project.act("resolve", coder) as act:
            act.settle(conflict, side)
        if conflict.kind == "speaker":
            called = {each.text.rpartition(" → ")[2] for each in conflict.sides}
            speaking.cases_follow(project, conflict.target.partition(":")[2], called, "resolve", coder)
    return conflict


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The names of the sources in a package, and what must be known of who withdrew."""

    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()


def hand_out(project: Project, name: str, out: Path, sources: Sequence[str] = ()) -> HandedOut:
    """Write the package for co-coder `name`.

    It holds the texts and the codebooks, and nobody's codings, memos, suggestions or case attributes. Talks of nobody
    but people who withdrew stay at home; raises UsageError where one is named.
    """
    if not name.strip():
        raise UsageError("for whom?", "give --to NAME")
    if out.exists():
        raise UsageError(f"{out.name} exists already", "name another file")
    known = project.source_names()
    named = {project.source_id(word) for word in sources}
    allowed = coverage.scope(project.retrieve(sources=named or None))
    if refused := [known[key] for key in named if key not in allowed.sources]:
        raise UsageError(f"who speaks in {', '.join(refused)} withdrew", "leave it out")
    chosen = set(allowed.sources)
    if not chosen:
        raise UsageError("there is nothing to hand out", "import sources first")
    project.hand_out(out, chosen)
    return HandedOut(tuple(known[key] for key in known if key in chosen), tuple(_of_withdrawn(allowed, known, named)))


def _of_withdrawn(allowed: coverage.Scope, known: Mapping[str, str], named: Collection[str]) -> Iterator[str]:
    home = len(named or known) - len(allowed.sources)
    if home:
        yield f"Left out: {coverage.number(home, 'source')} of people who withdrew."
    for key in allowed.partly:
        yield f"{known[key]} goes out whole, with the words of somebody who withdrew."


def start_from_handout(folder: Path, handout: Path, name: str) -> int:
    """Make a project in `folder` from a hand-out, set up for coder `name` alone; returns how many sources it has."""
    with Project.start(folder) as project:
        try:
            project.receive(handout)
            text = settings.default_text(settled={"coder": name, "blind": "yes"})
            files.write_whole(folder / settings.FILE, text.encode())
            return len(project.source_names())
        except BaseException:
            project.path.unlink()
            raise


@dataclass(frozen=True, slots=True)
class Turned:
    """What an undo or redo did: the acts, or how many acts a merge took back.

    `sight` are how many more (or, with a minus, fewer) codings, memos, statuses and decisions stand on what is not
    there now; they are not lost. `notices` say what became of the files of codebooks and surveys.
    """

    acts: tuple[Entry, ...] = ()
    merge: int = 0
    sight: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def undo(project: Project, coder: str | None, act: str | None = None) -> Turned:
    """Undo an act, or the last thing done here, which may be a merge."""
    if act is None and project.merged_last():
        return Turned(merge=project.undo_merge())
    return turn(project, "undo", coder, act)


def redo(project: Project, coder: str | None, act: str | None = None) -> Turned:
    """Bring back what was undone."""
    return turn(project, "redo", coder, act)


def turn(project: Project, kind: Literal["undo", "redo"], coder: str | None, act: str | None = None) -> Turned:
    """Undo or redo an act, else the last; the files of codebooks and surveys follow. Raises NotUndoable."""
    before, surveys = project.out_of_sight(), project.surveys()
    done = project.undo(coder, act) if kind == "undo" else project.redo(coder, act)
    sight = {noun: n - before[noun] for noun, n in project.out_of_sight().items() if n != before[noun]}
    codebook_files.follow(project, done)
    notices = (*codebook_files.leave(project, done), *waves.follow(project, surveys))
    return Turned(done, sight=sight, notices=notices)


def told(sight: Mapping[str, int]) -> tuple[str, ...]:
    """What went out of sight and what is in sight again, in words."""
    gone = [_counted(n, noun) for noun, n in sight.items() if n > 0]
    back = [_counted(-n, noun) for noun, n in sight.items() if n < 0]
    said = [f"out of sight until that is done again: {', '.join(gone)}"] if gone else []
    return (*said, *([f"in sight again: {', '.join(back)}"] if back else []))


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 'es' if noun == 'status' else 's'}"
