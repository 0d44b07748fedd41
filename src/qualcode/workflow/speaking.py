"""Who speaks in a source: listed, renamed, joined and given a role after import. Texts and codings stay untouched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode import speakers
from qualcode.errors import UsageError, nearest
from qualcode.escaping import typed
from qualcode.model import Notice, Role, Source
from qualcode.slugs import spoken
from qualcode.store import Act, Project

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_ROLE = '`qualcode speakers S role "{}" respondent`'


@dataclass(frozen=True, slots=True)
class Speaker:
    """One label of a source: its role, number of turns and of characters in them, and the case whose words they are.

    The name None stands for turns without a speaker.
    """

    name: str | None
    role: Role | None
    turns: int
    chars: int
    case: str | None = None


def listed(source: Source) -> tuple[Speaker, ...]:
    """The speakers in the order of their first turn, turns without one last."""
    labels = [*source.speakers, *([None] if any(turn.speaker is None for turn in source.turns) else [])]
    found = []
    for label in labels:
        turns = [turn for turn in source.turns if turn.speaker == label]
        role = next((turn.role for turn in turns if turn.role), None)
        case = next((name for turn in turns if (name := source.case_of(turn))), None) if source.by_turn else None
        found.append(Speaker(label, role, len(turns), sum(len(turn.span) for turn in turns), case))
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
    links = _gone_by(project, source, label, f"{source.name}/{name}")
    return _changed(project, source, {label: name}, {}, "speakers rename", coder, links)


def merge(project: Project, word: str, one: str, into: str, *, coder: str | None) -> Source:
    """Make the turns of `one` those of `into`, whose name and role they get. Raises UsageError."""
    source = project.source(word)
    label, name = _known(source, one), _known(source, into)
    if label == name:
        raise UsageError(f'"{name}" cannot be joined with itself', "name two speakers")
    role = next((each.role for each in listed(source) if each.name == name), None)
    cases = {each.name: each.case for each in listed(source)}
    links = _joined(project, source, cases[label], cases[name])
    return _changed(project, source, {label: name}, {name: role}, "speakers merge", coder, links)


def _gone_by(project: Project, source: Source, label: str, name: str) -> dict[str, str]:
    """The case that was named after a speaker goes by the new name, unless somebody is called so already."""
    old = f"{source.name}/{label}"
    held = {each.case for each in listed(source) if each.name == label}
    free = name not in project.case_names()
    return {old: name} if old in held and free else {}


def cases_follow(project: Project, word: str, called: Collection[str], command: str, coder: str | None) -> None:
    """Where a case goes by one of these names that nobody has any more, it goes by what its speaker is called now.

    A case of that name without words is what somebody else made of the same person.
    """
    source = project.source(word)
    idle = {case.name for case in project.cases() if not case.sources}
    links = {}
    for each in listed(source):
        into = f"{source.name}/{each.name}"
        gone = {f"{source.name}/{name}" for name in called if name not in source.speakers}
        if each.case in gone and (into in idle or into not in project.case_names()):
            links[str(each.case)] = into
    if links:
        with project.act(command, coder) as act:
            for one, into in links.items():
                act.link_case(project.case(one).id, project.case_called(into) or act.need_case(into))


def _joined(project: Project, source: Source, one: str | None, into: str | None) -> dict[str, str]:
    """Two labels of one person are one case, where the first has no words elsewhere."""
    if one is None or into is None or one == into:
        return {}
    return {one: into} if project.case(one).sources == (source.name,) else {}


def set_role(project: Project, word: str, label: str, role: str, *, coder: str | None) -> Source:
    """Say that a speaker is an interviewer, a respondent or neither ("none"). Raises UsageError."""
    source = project.source(word)
    return _changed(project, source, {}, {_known(source, label): speakers.role_named(role)}, "speakers role", coder)


def give_case(project: Project, word: str, label: str, case: str, *, coder: str | None) -> Source:
    """Say whose case a speaker is: one that is here, or a new one of this name; "none" for nobody's.

    Raises UsageError for an unknown speaker and for one who asks.
    """
    source = project.source(word)
    name = _known(source, label)
    if any(turn.role == "interviewer" for turn in source.turns if turn.speaker == name):
        raise UsageError(f"{name} asks the questions in {source.name}", f"set a role first: {_ROLE.format(name)}")
    if not case.strip():
        raise UsageError(
            "a case needs a name", f'write for example `qualcode speakers {typed(source.name)} case "{name}" Maya`'
        )
    given: dict[str, str | None] = {name: None}
    with project.act("speakers case", coder) as act:
        if _fold(case) != "none":
            given[name] = project.case_called(case) or act.need_case(" ".join(case.split()))
        _give(project, act, source, given)
    return project.source(source.id)


def from_speakers(
    project: Project, words: Sequence[str] = (), *, by: speakers.CasesBy = "speakers", coder: str | None
) -> tuple[tuple[Source, ...], tuple[Notice, ...]]:
    """Make each respondent of these sources a case, of all focus groups when none is named; one command to undo.

    Returns the sources as they are now, and why one stayed as it is. Raises UsageError when there is none.
    """
    found = [project.source(word) for word in dict.fromkeys(words)]
    found = found or [source for source in project.sources() if source.kind == "focus group"]
    if not found:
        raise UsageError("there is no focus group here", "name sources in which several respondents speak")
    told: list[Notice] = []
    with project.act("cases from-speakers", coder) as act:
        for source in found:
            made = speakers.each_a_case(source, by)
            if made is source:
                told.append(_too_few(source))
                continue
            given = {turn.speaker: turn.case for turn in made.turns if turn.speaker and turn.case}
            kept = _given_by_hand(source)
            given = {label: case for label, case in given.items() if label not in kept}
            _give(
                project,
                act,
                source,
                {label: project.case_called(case) or act.need_case(case) for label, case in given.items()},
            )
            told += [*_kept(source, kept), *_nobodys(made)]
    return tuple(project.source(source.id) for source in found), tuple(told)


def _given_by_hand(source: Source) -> dict[str, str]:
    """Speakers whose case has neither their name nor that of source and speaker: somebody said whose words they are."""
    own = {label: {name, f"{source.name}/{name}"} for label, name in speakers.respondents(source).items()}
    cases = {turn.speaker: turn.case for turn in source.turns if turn.speaker and turn.case and source.by_turn}
    return {label: case for label, case in cases.items() if case not in own.get(label, {case})}


def _kept(source: Source, kept: Mapping[str, str]) -> list[Notice]:
    if not kept:
        return []
    said = ", ".join(f"{label} ({case})" for label, case in list(kept.items())[:6])
    return [Notice(source.name, "info", f"as somebody said before: {said}")]


def _give(project: Project, act: Act, source: Source, cases: Mapping[str, str | None]) -> None:
    """Give speakers cases (ids). Until now all but those who ask were the source's own case, when it has one."""
    others: dict[str, str | None] = {}
    if source.case and not source.by_turn:
        own = project.case(source.case).id
        others = dict.fromkeys(speakers.respondents(source), own)
    act.give_cases(replace(source, case=None), {**others, **cases})


def _too_few(source: Source) -> Notice:
    """Why the speakers of a source are no cases of their own."""
    if any(turn.role for turn in source.turns):
        return Notice(source.name, "warning", "fewer than two respondents, so it stays as it is")
    advice = f"say who asks, then repeat this: `qualcode speakers {typed(source.name)} role NAME interviewer`"
    return Notice(source.name, "warning", f"nobody's role is known, so it stays as it is; {advice}")


def _nobodys(source: Source) -> list[Notice]:
    """Who speaks, does not ask, and is no case."""
    loose = [each.name for each in listed(source) if each.name and not each.case and each.role != "interviewer"]
    if not loose:
        return []
    way = f"if they are participants, `qualcode speakers {typed(source.name)} case NAME CASE`"
    said = f"no case: {', '.join(loose[:6])}; {way}"
    return [Notice(source.name, "info", said)]


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
    links: Mapping[str, str] = {},
) -> Source:
    """Write what changes: names, roles, the kind and case of the source that follow from them, and linked cases."""
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
        if after.case and after.case != source.case:
            act.need_case(after.case)
        for one, into in links.items():
            act.link_case(project.case(one).id, project.case_called(into) or act.need_case(into))
    return project.source(source.id)
