"""Who speaks in a source: listed, renamed, joined and given a role after import. Texts and codings stay untouched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode import speakers
from qualcode.errors import UsageError, nearest
from qualcode.model import Case, Role, Source
from qualcode.slugs import spoken
from qualcode.store import Project

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Speaker:
    """One label of a source: its role, number of turns and of characters in them. None: turns without a speaker."""

    name: str | None
    role: Role | None
    turns: int
    chars: int


def listed(source: Source) -> tuple[Speaker, ...]:
    """The speakers in the order of their first turn, turns without one last."""
    labels = [*source.speakers, *([None] if any(turn.speaker is None for turn in source.turns) else [])]
    found = []
    for label in labels:
        turns = [turn for turn in source.turns if turn.speaker == label]
        role = next((turn.role for turn in turns if turn.role), None)
        found.append(Speaker(label, role, len(turns), sum(len(turn.span) for turn in turns)))
    return tuple(found)


def rename(project: Project, word: str, old: str, new: str, *, coder: str | None) -> Source:
    """Give a speaker another name. Raises UsageError for an unknown speaker and for a name that another one has."""
    source = project.source(word)
    label = _known(source, old)
    name = " ".join(new.split())
    if not name:
        raise UsageError("a speaker needs a name", "write for example `qualcode speakers S rename P1 Maya`")
    if name in source.speakers:
        if name == label:
            raise UsageError(f'the speaker is called "{name}" already', "nothing to rename")
        raise UsageError(f'{source.name} has a speaker "{name}"', "if they are one, say `merge` instead of `rename`")
    return _changed(project, source, {label: name}, {}, "speakers rename", coder)


def merge(project: Project, word: str, one: str, into: str, *, coder: str | None) -> Source:
    """Make the turns of `one` those of `into`, whose name and role they get. Raises UsageError."""
    source = project.source(word)
    label, name = _known(source, one), _known(source, into)
    if label == name:
        raise UsageError(f'"{name}" cannot be joined with itself', "name two speakers")
    role = next((each.role for each in listed(source) if each.name == name), None)
    return _changed(project, source, {label: name}, {name: role}, "speakers merge", coder)


def set_role(project: Project, word: str, label: str, role: str, *, coder: str | None) -> Source:
    """Say that a speaker is an interviewer, a respondent or neither ("none"). Raises UsageError."""
    source = project.source(word)
    return _changed(project, source, {}, {_known(source, label): speakers.role_named(role)}, "speakers role", coder)


def _known(source: Source, label: str) -> str:
    """The label in the source's spelling; case and spaces are passed over where that is not ambiguous."""
    folded = [each for each in source.speakers if _fold(each) == _fold(label)]
    if label in source.speakers or len(folded) == 1:
        return label if label in source.speakers else folded[0]
    near = nearest(label, source.speakers)
    some = ", ".join(source.speakers[:6]) or "it has none"
    raise UsageError(
        f'{source.name} has no speaker "{label}"', f'did you mean "{near}"?' if near else f"it has: {some}"
    )


def _fold(label: str) -> str:
    return spoken(" ".join(label.split()))


def _changed(
    project: Project,
    source: Source,
    names: Mapping[str, str],
    roles: Mapping[str, Role | None],
    command: str,
    coder: str | None,
) -> Source:
    """Write what changes: names, roles, and the kind and case of the source that follow from them."""
    turns = []
    for turn in source.turns:
        label = names.get(turn.speaker or "", turn.speaker)
        turns.append(replace(turn, speaker=label, role=roles.get(label or "", turn.role)))
    after = speakers.settled(replace(source, turns=tuple(turns)))
    with project.act(command, coder) as act:
        if names:
            act.rename_speakers(source, names)
        if roles or (after.kind, after.case) != (source.kind, source.case):
            act.set_roles(after, roles)
        if after.case and after.case not in {case.name for case in project.cases()}:
            act.add_case(Case(after.case))
    return project.source(source.id)
