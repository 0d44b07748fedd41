"""Who asks and who answers: roles guessed from labels, else from behaviour; what kind of talk it is; whose case.

Nothing is guessed in silence: a notice names every speaker, the role and why. An interviewer never becomes a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qualcode.errors import UsageError, nearest
from qualcode.escaping import typed
from qualcode.model import Bundle, Case, Kind, Notice, Role, Source
from qualcode.roles import misspelt, role_of
from qualcode.slugs import spoken

# Behaviour decides only between two. On 21 real interviews the interviewer ended 14 to 100 % of turns with a question
# mark (median 56) and said 12 to 51 % of the words; the respondent 0 to 28 % (median 6).
QUESTIONS = 0.25
QUESTIONS_TIMES = 2.0
WORDS = 0.5
# Fewer questions are as clear when they are rarer still on the other side and the words more uneven.
FEW_QUESTIONS = 0.15
FEW_QUESTIONS_TIMES = 3.0
FEW_WORDS = 0.35
MOST_SAID = 12
MINOR_TURNS = 2
MINOR_WORDS = 0.05

CasesBy = Literal["speakers", "names"]

_NOBODY = re.compile(
    r"\?$|\b(?:unknown|unidentified|unclear|multiple|several|both|all|everyone|video|recording|tape)\b", re.I
)
_LETTERS = re.compile(r"([A-Z]{1,3})[-_ .]?\d*\.?")
_CODED = re.compile(r"[A-Z]{1,5}[-_ ]?[O\d]\d{0,3}")
_SPEAKERLESS = 'no speakers were found, so it is a document (--speakers "NAME=role" names one)'
_TOLD = "as told"
_UNSET = {"none", "unknown", ""}


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one speaker does in one source: turns, words, share of turns that end in a question mark."""

    label: str
    turns: int
    words: int
    questions: float


@dataclass(frozen=True, slots=True)
class _Guess:
    role: Role | None
    why: str


def assign(
    bundle: Bundle,
    roles: Mapping[str, Role | None] = {},
    cases_by: CasesBy | None = None,
    called: Mapping[str, str] = {},
) -> Bundle:
    """`bundle` with roles, kinds and cases of its interviews, and a notice for each.

    `roles` maps labels, in any spelling of case and spaces, to a role (None unsets). A role that a turn has already
    is what the file says. `cases_by` makes the respondents of a talk of several people cases, see `each_a_case`; else
    a notice says how. `called` are the names of sources, by id, where they will not go by their own. Raises UsageError
    for a label that no source has and for an unknown role.
    """
    told = _told(bundle, roles)
    sources, cases, notices = [], {case.name: case for case in bundle.cases}, []
    for source in bundle.sources:
        if source.kind == "answers" or not source.speakers:
            sources.append(source)
            if source.kind != "answers":
                notices.append(Notice(source.file or source.name, "info", _SPEAKERLESS))
            continue
        guesses = _guesses(source, told)
        assigned = _assigned(source, guesses)
        if cases_by is not None:
            assigned = each_a_case(assigned, cases_by, called.get(assigned.id))
        for case in assigned.cases:
            cases.setdefault(case, Case(case, sources=(assigned.name,)))
        sources.append(assigned)
        notices += [_notice(assigned, guesses), *_several(assigned, asked=cases_by is not None)]
    return replace(bundle, sources=tuple(sources), cases=tuple(cases.values()), notices=(*bundle.notices, *notices))


def respondents(source: Source) -> dict[str, str]:
    """The labels whose turns can be somebody's case → the name they stand for, in the order of first turns.

    Those are the respondents; where only who asks is known, everyone else whose label names somebody; nobody where no
    role is known, because one of them may be asking. A person who is named in full once and by initials later has one
    name.
    """
    roles = {turn.speaker: turn.role for turn in source.turns if turn.speaker}
    answering = [label for label, role in roles.items() if role == "respondent"]
    asked = "interviewer" in roles.values()
    others = [label for label, role in roles.items() if role is None and asked and not _NOBODY.search(label)]
    heard = answering or others
    full = _full_names(_voices(source))
    return {label: full.get(label, label) for label in heard}


def each_a_case(source: Source, by: CasesBy, called: str | None = None) -> Source:
    """The source with a case for each of its respondents, where they are two or more; then it has none itself.

    By ``speakers`` a case goes by the names of source and speaker (``group-1/P1``), because P1 of another group is
    somebody else; by ``names`` labels are people's names, the same person in every source. `called` is the source's
    name where it will go by another.
    """
    people = respondents(source)
    if source.kind == "answers" or len(set(people.values())) < 2:
        return source
    named = {label: f"{called or source.name}/{name}" if by == "speakers" else name for label, name in people.items()}
    return replace(
        source, case=None, turns=tuple(replace(turn, case=named.get(turn.speaker or "")) for turn in source.turns)
    )


def _several(source: Source, *, asked: bool) -> list[Notice]:
    """How the respondents of a talk of several people become cases, where they are none; or why not, if asked."""
    people = len(set(respondents(source).values()))
    if asked and not source.cases and source.kind == "focus group":
        said = 'no cases were made, because nobody\'s role is known: say who asks with --speakers "NAME=interviewer"'
        return [Notice(source.file or source.name, "warning", said)]
    if source.cases or people < 2:
        return []
    said = f"{people} respondents, and none is a case yet: import with --cases speakers, or now"
    return [Notice(source.file or source.name, "info", f"{said} `qualcode cases from-speakers {typed(source.name)}`")]


def settled(source: Source) -> Source:
    """The source with the kind and case that its turns' roles, as a person has left them, make it.

    A case stays; one respondent of an interview without one becomes the case of the source's name; where nobody
    answers there is none.
    """
    roles = {turn.speaker: turn.role for turn in source.turns if turn.speaker}
    if source.kind == "answers" or not roles:
        return source
    made = _assigned(source, {label: _Guess(role, _TOLD) for label, role in roles.items()})
    return made if "respondent" in roles.values() else replace(made, case=None)


def _fold(label: str) -> str:
    return spoken(" ".join(label.split()))


def _told(bundle: Bundle, roles: Mapping[str, Role | None]) -> dict[str, Role | None]:
    known = {_fold(label): label for source in bundle.sources for label in source.speakers}
    told: dict[str, Role | None] = {}
    for label, role in roles.items():
        if _fold(label) not in known:
            near = nearest(label, known.values())
            some = ", ".join(list(known.values())[:6]) or "none were found"
            raise UsageError(f'no speaker "{label}"', f'did you mean "{near}"?' if near else f"speakers: {some}")
        told[_fold(label)] = role_named(role)
    return told


def role_named(role: str | None) -> Role | None:
    """The role a person means by "moderator", "interviewee" …; None for "none". Raises UsageError for another word."""
    if role is None or _fold(role) in _UNSET:
        return None
    named = role_of(role)
    if named is None:
        near = nearest(role, ("interviewer", "respondent"))
        raise UsageError(
            f'no role "{role}"', f'did you mean "{near}"?' if near else "choose interviewer, respondent or none"
        )
    return named


def _voices(source: Source) -> list[_Voice]:
    turns: dict[str, list[str]] = {label: [] for label in source.speakers}
    for turn in source.turns:
        if turn.speaker:
            turns[turn.speaker].append(source.quote(turn.span))
    return [
        _Voice(
            label,
            len(said),
            sum(len(text.split()) for text in said),
            sum(text.rstrip(" \"”’')]*_").endswith(("?", "？", "؟")) for text in said) / len(said),
        )
        for label, said in turns.items()
    ]


def _guesses(source: Source, told: Mapping[str, Role | None]) -> dict[str, _Guess]:
    """A role and its reason for every label, in the order of first turns."""
    spelt = _voices(source)
    full = _full_names(spelt)
    voices = _joined(spelt, full)
    found = {one.label: _Guess(told[_fold(one.label)], _TOLD) for one in voices if _fold(one.label) in told}
    said = {turn.speaker: turn.role for turn in source.turns if turn.role}
    found |= {
        one.label: _Guess(said[one.label], "as the file says") for one in voices if one.label in said.keys() - found
    }
    for one in voices:
        found.setdefault(one.label, _by_label(one.label, [other.label for other in voices]))
    open_ones = [one for one in voices if found[one.label].role is None and found[one.label].why != _TOLD]
    found.update(_in_company(voices, open_ones, found))
    for short, name in full.items():
        own = _Guess(told[_fold(name)], _TOLD) if _fold(name) in told else found[short]
        found[name] = replace(own, why=f"{own.why}, as {short}") if own.role and own.why != _TOLD else own
    return {one.label: found[one.label] for one in spelt}


def _full_names(voices: Sequence[_Voice]) -> dict[str, str]:
    """Initials and the full name they stand for, where a transcript names a speaker in full only at first."""
    rare = [one for one in voices if one.turns <= MINOR_TURNS and len(one.label.split()) >= 2]
    initials = {"".join(word[0] for word in re.split(r"[\s-]+", one.label) if word).upper(): one.label for one in rare}
    return {one.label: initials[one.label] for one in voices if one.label in initials and one.turns > MINOR_TURNS}


def _joined(voices: Sequence[_Voice], full: Mapping[str, str]) -> list[_Voice]:
    """Voices without those full names; the few turns under them weigh nothing."""
    names = set(full.values())
    return [one for one in voices if one.label not in names]


def _by_label(label: str, others: Sequence[str]) -> _Guess:
    role = role_of(label) or _by_letter(label, others)
    if role:
        return _Guess(role, "guessed from the label")
    near = misspelt(label)
    return _Guess(near, "guessed from the label, which looks misspelt") if near else _Guess(None, "")


def _by_letter(label: str, others: Sequence[str]) -> Role | None:
    """I, Q, R, P, B, A and M mean a role only beside the letters they are used with."""
    letters = _letter(label)
    if not letters or len(others) < 2:
        return None
    beside = {_letter(other) for other in others if other != label}
    asked = any(role_of(other) == "interviewer" for other in others if other != label)
    if letters in ("I", "Q"):
        return "interviewer"
    if letters == "M":
        return "interviewer" if sum(_letter(other) == "P" for other in others) >= 2 else None
    if letters == "A":
        return "respondent" if "Q" in beside else None
    if letters in ("R", "P", "B", "PT", "TN", "IP"):
        certain = asked or beside & {"I", "Q", "IV", "INT"} or (letters == "P" and len(others) > 2)
        return "respondent" if certain else None
    return None


def _letter(label: str) -> str:
    found = _LETTERS.fullmatch(label.strip())
    return found[1] if found else ""


def _in_company(voices: Sequence[_Voice], unknown: Sequence[_Voice], found: Mapping[str, _Guess]) -> dict[str, _Guess]:
    """Roles for those whose label says nothing: beside a known interviewer, or between two by what they do."""
    named = [one for one in unknown if not _NOBODY.search(one.label)]
    if any(guess.role == "interviewer" for guess in found.values()):
        return _beside_interviewer(voices, named, found)
    if len(voices) == 2 and named:
        return _between_two(voices, named)
    return {}


def _beside_interviewer(
    voices: Sequence[_Voice], named: Sequence[_Voice], found: Mapping[str, _Guess]
) -> dict[str, _Guess]:
    if {"Q", "A"} <= {_letter(one.label) for one in voices}:
        return {}  # a hearing: those with names are lawyers, jurors and the court
    answering = [one for one in voices if found[one.label].role == "respondent"]
    minor = _minor(voices, [*answering, *named])
    main = [one for one in named if one.label not in minor]
    if len(main) + len(answering) >= 2:
        main = list(named)
    why = "the other speaker" if len(main) == 1 else "speaks with an interviewer"
    return {one.label: _Guess("respondent", why) for one in main}


def _minor(voices: Sequence[_Voice], among: Iterable[_Voice]) -> set[str]:
    """Those who only put in a word: at most two turns and under five per cent of the words."""
    words = sum(one.words for one in voices)
    return {one.label for one in among if one.turns <= MINOR_TURNS and one.words < MINOR_WORDS * words}


def _between_two(voices: Sequence[_Voice], named: Sequence[_Voice]) -> dict[str, _Guess]:
    asking, answering = sorted(voices, key=lambda one: -one.questions)
    coded = [one for one in voices if _CODED.fullmatch(one.label)]
    if len(coded) == 1 and coded[0] is answering and asking.questions > answering.questions:
        reasons = ("asks questions of a coded participant", "a participant's code")
    elif _clearly_asks(asking, answering):
        percent = round(100 * asking.questions)
        reasons = (f"{percent} % of turns are questions, fewer words", "answers them")
    else:
        return {}
    guesses = {
        asking.label: _Guess("interviewer", reasons[0]),
        answering.label: _Guess("respondent", reasons[1]),
    }
    labels = {one.label for one in named}
    return {label: guess for label, guess in guesses.items() if label in labels}


def _clearly_asks(one: _Voice, other: _Voice) -> bool:
    share = one.words / max(1, one.words + other.words)
    if min(one.turns, other.turns) < 3:
        return False
    many = one.questions >= QUESTIONS and one.questions >= QUESTIONS_TIMES * other.questions and share < WORDS
    few = one.questions >= FEW_QUESTIONS and one.questions >= FEW_QUESTIONS_TIMES * other.questions
    return many or (few and share <= FEW_WORDS)


def _assigned(source: Source, guesses: Mapping[str, _Guess]) -> Source:
    turns = tuple(replace(turn, role=guesses[turn.speaker].role) if turn.speaker else turn for turn in source.turns)
    spelt = _voices(source)
    voices = _joined(spelt, _full_names(spelt))
    minor = _minor(voices, voices) if len(voices) > 2 else set()
    heard = [one.label for one in voices if one.label not in minor]
    answering = [label for label in heard if guesses[label].role == "respondent"]
    asking = [label for label in guesses if guesses[label].role == "interviewer"]
    unknown = [label for label in heard if guesses[label].role is None]
    group = len(answering) >= 2 if asking else len(heard) >= 3
    kind: Kind = "focus group" if group or (asking and not answering and len(unknown) >= 2) else "interview"
    one_respondent = kind == "interview" and len(answering) == 1 and not unknown
    case = source.case or (source.name if one_respondent and not source.by_turn else None)
    return replace(source, turns=turns, kind=kind, case=case)


def _notice(source: Source, guesses: Mapping[str, _Guess]) -> Notice:
    each = [
        f"{label} ({guess.role}, {guess.why})" if guess.role else f"{label} (role unknown)"
        for label, guess in guesses.items()
    ]
    said = ", ".join(each[:MOST_SAID]) + (f" and {len(each) - MOST_SAID} more" if len(each) > MOST_SAID else "")
    case = f'; {source.kind}, case "{source.case}"' if source.case else f"; {source.kind}"
    case += f", {len(source.cases)} cases" if source.by_turn else ""
    unknown = any(guess.role is None and guess.why != _TOLD for guess in guesses.values())
    hint = '; set roles with --speakers "NAME=interviewer"' if unknown else ""
    return Notice(source.file or source.name, "info", f"speakers: {said}{case}{hint}")
