"""Work together without a server: hand out a blind package, take work in, settle what two people changed apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from qualcode import settings
from qualcode.analysis import coverage
from qualcode.errors import NotUndoable, UsageError
from qualcode.model import Notice
from qualcode.store import Conflict, Entry, Merged, Project, files
from qualcode.workflow import codebook_files, sampling_desk, speaking, waves

MERGE = "merge"  # what `redo` is told to bring back a merge


@dataclass(frozen=True, slots=True)
class Received:
    """What a merge brought, what is to be settled now, and which codebook files are behind it."""

    merged: Merged
    conflicts: tuple[Conflict, ...]
    notices: tuple[Notice, ...] = ()


def merge(project: Project, other: Path, *, dry_run: bool = False) -> Received:
    """Take in a team-mate's project, copy or hand-out. A backup is made first. Raises ProjectError."""
    if not dry_run:
        project.safeguard("before-merge")
    before = project.codebooks()
    merged = project.merge(other, dry_run=dry_run)
    if dry_run:
        return Received(merged, ())
    return Received(merged, project.conflicts(), codebook_files.behind(project, before))


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


def hand_out(
    project: Project, name: str, out: Path, sources: Sequence[str] = (), *, sampled: bool = False
) -> HandedOut:
    """Write the package for co-coder `name`; with `sampled` of what was drawn for them, and it says which turns.

    It holds the texts and the codebooks, and nobody's codings, memos, suggestions or case attributes. Talks of nobody
    but people who withdrew stay at home; raises UsageError where one is named, and where nothing was drawn.
    """
    if not name.strip():
        raise UsageError("for whom?", "give --to NAME")
    if out.exists():
        raise UsageError(f"{out.name} exists already", "name another file")
    known = project.source_names()
    drawn = sampling_desk.last_for(project, name).sample.of(name) if sampled else ()
    named = {project.source_id(word) for word in (*sources, *(unit.source for unit in drawn))}
    allowed = coverage.scope(project.retrieve(sources=named or None))
    if refused := [known[key] for key in named if key not in allowed.sources]:
        raise UsageError(f"who speaks in {', '.join(refused)} withdrew", "leave it out")
    chosen = set(allowed.sources)
    if not chosen:
        raise UsageError("there is nothing to hand out", "import sources first")
    project.hand_out(out, chosen, [(unit.source, unit.turn) for unit in drawn if unit.source in chosen])
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
    """What an undo or redo did: the acts, or of a merge how many acts left or came.

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
        return _merge_turned(project, project.undo_merge())
    return turn(project, "undo", coder, act)


def redo(project: Project, coder: str | None, act: str | None = None) -> Turned:
    """Bring back what was undone last, a merge too, or the undone `act`, or ``merge``. Raises NotUndoable."""
    if act == MERGE or (act is None and project.merge_taken_back(last=True)):
        return _merge_turned(project, project.redo_merge())
    try:
        return turn(project, "redo", coder, act)
    except NotUndoable as error:
        if act is None and project.merge_taken_back():
            raise NotUndoable(error.what, "`qualcode redo merge` brings back the merge that was undone") from error
        raise


def _merge_turned(project: Project, acts: int) -> Turned:
    codebook_files.follow(project)
    return Turned(merge=acts)


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
