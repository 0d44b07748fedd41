"""Which of the candidate labels are speakers: judged over the whole file, by recurrence, coverage and kind of label."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qualcode.model import Notice
from qualcode.readers import doubts, labels, stamps, unpunctuated
from qualcode.readers.habits import Candidate, Form, Line
from qualcode.readers.headers import below_header
from qualcode.roles import role_of

# Families of numbered labels that are people even when each of them speaks once; "Step 1", "Step 2" are not.
_PEOPLE = re.compile(
    r"(?:p|r|s|i|m|f|t|k|ps|pt|id|int|sp|st|tn|b|speaker|student|teacher|pupil|child|voice|male|female|man|woman|person|"
    r"girl|boy|parent|mother|father|nurse|patient|sprecher|sprecherin|locuteur|hablante|falante|orador|kind|mentor|tutor|"
    r"trainee|head|guest|user|member|juror|witness)#"
)
_SPOKEN_END = re.compile(r"[.!?…\"”’')\]#>–—-]\s*$")
_HALF_LINE = 30
_SPOKEN = 0.3
_LOWER_COVERAGE = 0.6
# Label lines over lines that open a paragraph. On 18 real transcripts with at least two voices the least was .45,
# and 15 of them were over .85; long answers of several paragraphs are why the bar is lower.
_COVERAGE = {"colon": 0.3, "bracket": 0.3, "line": 0.3, "tab": 0.5, "timed": 0.5, "dash": 0.5, "bold": 0.5}
_FEWEST = {"colon": 3, "bracket": 4, "line": 4, "tab": 4, "timed": 4, "dash": 4, "bold": 4}
_MANY = 8
_ONE_VOICE = 0.9
_POINTS_ASKING = 0.15
_LETTERS = {"R", "P", "I", "B", "IP", "TN"}
_SHORT_TALK = 4
_ASKING = {"i", "q", "iv", "int"}
_ANSWERING = {"p", "r", "a", "b", "ip", "pt", "s"}
_SURE: tuple[Form, ...] = ("timed line", "colon", "court")
_INLINE: tuple[Form, ...] = ("colon", "bracket", "tab", "timed", "bold", "dash")
_UNSURE: tuple[Form, ...] = ("bracket", "tab", "timed", "bold", "line", "dash")


@dataclass(frozen=True, slots=True)
class Cast:
    """The label lines that name speakers, in order, under one spelling each. `alone`: a single voice is labelled."""

    marks: tuple[Candidate, ...]
    notices: tuple[Notice, ...] = ()
    alone: bool = False


def cast(
    text: str, lines: Sequence[Line], found: Sequence[Candidate], where: str, known: Collection[str] = ()
) -> Cast | None:
    """The speakers of the file called `where`, or None when it is no talk. `known` are names a person gave."""
    told = {labels.key(name) for name in known}
    forced = [one for one in found if one.key in told]
    found = below_header(text, lines, _without_by(_without_points(text, lines, found)))
    marks = _court(text, found)
    main = _main_form(text, lines, found)
    if main:
        of_main = _of(found, main)
        strong = _strong(of_main, main) | {one.key for one in marks}
        marks += _admitted(found, main, strong, dense=_is_dense(text, lines, of_main))
    elif marks:
        marks += [one for one in _of(found, "colon") if one.label.isupper()]
    else:
        marks = _exchange(text, lines, found) or unpunctuated.marks(text, lines)
    heard = {one.key for one in marks}
    marks += [one for one in forced if one.key not in heard]
    if not marks:
        return None
    kept = {one.key for one in marks}
    doubtful = [one for one in found if one.form == (main or "colon") and one.key not in kept]
    marks = _one_spelling(sorted(marks, key=lambda one: one.start))
    notices = [*doubts.once(marks, where), *doubts.like_labels(doubtful, where), *doubts.lookalikes(marks, where)]
    notices += doubts.without_colon(text, lines, marks, where) if main == "colon" else []
    return Cast(tuple(marks), tuple(notices), alone=len(kept) == 1 and main in _INLINE)


def _is_dense(text: str, lines: Sequence[Line], found: Sequence[Candidate]) -> bool:
    """Whether nearly every line begins with a label, so that one that comes once is a speaker too."""
    spoken = sum(not stamps.LINE.fullmatch(text, line.start, line.end) for line in lines)
    return len(found) >= 0.8 * spoken


def _exchange(text: str, lines: Sequence[Line], found: Sequence[Candidate]) -> list[Candidate]:
    """The labels of a talk too short for any to recur: one who asks and one who answers, every paragraph labelled.

    They are letters that mean so side by side ("I", "P"), or names, the first of whom asks a question.
    """
    found = _of(found, "colon")
    first = {one.label: one for one in reversed(found)}
    opening = sum(line.opens for line in lines)
    dense = len(found) in (len(lines), opening) and (opening > 1 or len(lines) <= _SHORT_TALK)
    if len(first) != 2 or len(found) > _SHORT_TALK or not dense or found[0].line != lines[0].n:
        return []
    if all(one.label != other.label for one, other in pairwise(found)):
        families = [labels.family(label).strip("#. ") for label in dict.fromkeys(one.label for one in found)]
        asked = text[found[0].speech : found[1].start].rstrip().endswith("?")
        named = asked and all(labels.shape(label) in ("name", "code") for label in first)
        if named or (families[0] in _ASKING and families[1] in _ANSWERING):
            return list(found)
    return []


def _court(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Q and A lines; an "A" after an answer, or in the middle of a sentence, is the article."""
    counts = Counter(one.key for one in found)
    kept: list[Candidate] = []
    last = ""
    for one in found:
        if one.form == "colon" and (counts[one.key] > 1 or one.label.isupper()):
            last = one.label
        if one.form != "court":
            continue
        if one.label == "A" and (last == "A" or not (one.opens or _ends_before(text, one.start))):
            continue
        kept.append(one)
        last = one.label
    return kept


def _ends_before(text: str, start: int) -> bool:
    """Whether the line above ends a sentence, or is too short to have been wrapped in the middle of one."""
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start].rstrip()
    return len(above) < _HALF_LINE or bool(_SPOKEN_END.search(above))


def _without_points(text: str, lines: Sequence[Line], found: Sequence[Candidate]) -> Sequence[Candidate]:
    """`found` without the points of lists, unless these points are the talk: they take turns and somebody asks."""
    points = [one for one in found if one.point]
    if not points:
        return found
    people = sum(count for count in Counter(one.key for one in points).values() if count > 1)
    changes = sum(one.key != other.key for one, other in pairwise(points))
    asked = sum(text[one.speech : line_end(text, one)].rstrip().endswith("?") for one in points)
    asks = any(role_of(one.label) == "interviewer" for one in points) or asked >= _POINTS_ASKING * len(points)
    talk = len(points) >= _FEWEST["dash"] and people >= 0.8 * len(points) >= 0.6 * len(lines)
    return found if talk and asks and changes >= 0.6 * (len(points) - 1) else [one for one in found if not one.point]


def line_end(text: str, one: Candidate) -> int:
    """Where the line ends in which a label stands."""
    found = text.find("\n", one.speech)
    return len(text) if found < 0 else found


def _without_by(marks: Sequence[Candidate]) -> list[Candidate]:
    """ "BY MS. SMITH:" heads an examination; the name is the one that speaks elsewhere."""
    known = {one.key for one in marks}
    return [
        replace(one, label=one.label[3:]) if one.key.startswith("by ") and one.key[3:] in known else one
        for one in marks
    ]


def _main_form(text: str, lines: Sequence[Line], found: Sequence[Candidate]) -> Form | None:
    """The form that most label lines have; a doubtful form only where no sure one holds."""
    for forms in (_SURE[:2], _UNSURE):
        holding = [(len(of), form) for form in forms if (of := _of(found, form)) and _holds(text, lines, of, form)]
        if holding:
            return max(holding)[1]
    return None


def _of(found: Sequence[Candidate], form: Form) -> list[Candidate]:
    return [one for one in found if one.form == form]


def _holds(text: str, lines: Sequence[Line], found: Sequence[Candidate], form: Form) -> bool:
    """Whether the lines of one form make a talk."""
    if form == "timed line":
        return len(found) >= 2
    strong = _strong(found, form)
    total = sum(one.key in strong for one in found)
    coverage = total / _paragraphs(lines, total)
    if form == "line" and not _heads_speech(lines, found, strong):
        return False
    if any(role_of(one.label) == "interviewer" for one in found):
        plausible = len({one.key for one in found})
        if form == "colon":
            return (plausible >= 2 and (len(found) / _paragraphs(lines, len(found)) >= 0.2 or total >= 4)) or total >= 2
        return total >= 2 and coverage >= 0.2
    if len(strong) == 1 and form == "colon":
        return total >= _FEWEST[form] and coverage >= _ONE_VOICE and _is_person(found[0].label)
    if len(strong) < 2 or total < _FEWEST[form]:
        return False
    if _mostly_timed([one for one in found if one.key in strong]):
        return coverage >= _COVERAGE[form] / 2
    if not _sounds_spoken(text, found, strong):
        return False
    lower = sum(labels.shape(one.label) == "other" for one in found if one.key in strong and one.time is None)
    if lower > 0.3 * total and coverage < _LOWER_COVERAGE:
        return False
    return coverage >= _COVERAGE[form] or (form == "colon" and total >= _MANY and coverage >= 0.05)


def _is_person(label: str) -> bool:
    """Whether a label can only be a person's: a role or a participant's code."""
    return role_of(label) is not None or bool(_PEOPLE.fullmatch(labels.family(label))) or label in _LETTERS


def _stripped(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(start, start + len(text[start:end].rstrip())) for start, end in spans]


def _mostly_timed(found: Sequence[Candidate]) -> bool:
    return sum(one.time is not None for one in found) > 0.8 * len(found)


def _heads_speech(lines: Sequence[Line], found: Sequence[Candidate], strong: set[str]) -> bool:
    """Whether names alone on their line open a paragraph and have words below, as a list of names has not.

    Where no line is blank, none opens one; then a role among the names says that it is talk.
    """
    solid = not any(line.opens for line in lines[1:]) and any(role_of(one.label) for one in found if one.key in strong)
    after = {one.n: then.n for one, then in pairwise(lines)}
    names = {one.line for one in found}
    heads = [one for one in found if one.key in strong]
    good = sum(
        (one.opens or solid) and after.get(one.line, 0) not in names and after.get(one.line, 0) > 0 for one in heads
    )
    return good >= 0.8 * len(heads)


def _sounds_spoken(text: str, found: Sequence[Candidate], strong: set[str]) -> bool:
    """Whether what follows the labels ends like sentences; lists of keys and values do not.

    Labels that can only be people ("Speaker 1") and recur need no sentences: recognised speech may have no marks.
    On 24 real transcripts 67 to 100 % of turns end in punctuation; on package metadata and mail headers 0 to 10 %.
    """
    counts = Counter(one.key for one in found if one.key in strong)
    if min(counts.values(), default=0) > 1 and len(counts) > 1:
        people = (
            _PEOPLE.fullmatch(labels.family(one.label)) or role_of(one.label) for one in found if one.key in strong
        )
        if all(people):
            return True
    until = [*(one.start for one in found[1:]), len(text)]
    spans = [(one.speech, end) for one, end in zip(found, until, strict=True) if one.key in strong]
    said = [text[start : stamps.trailing(text, start, end)[0]].rstrip() for start, end in _stripped(text, spans)]
    filled = [words for words in said if words]
    return sum(bool(_SPOKEN_END.search(words[-2:])) for words in filled) >= _SPOKEN * len(filled)


def _paragraphs(lines: Sequence[Line], total: int) -> int:
    opening = sum(line.opens for line in lines)
    return max(1, opening if opening >= total else len(lines))


def _strong(found: Sequence[Candidate], form: Form) -> set[str]:
    """The keys that recur, or that say a role; lower-case ones need three occurrences."""
    counts = Counter(one.key for one in found)
    families: dict[str, list[int]] = defaultdict(list)
    for one_key, count in counts.items():
        families[labels.family(one_key)].append(count)
    timed = form == "timed line" or (len(found) >= 3 and _mostly_timed(found))
    strong = set()
    for one in found:
        kind, count = labels.shape(one.label), counts[one.key]
        if form == "dash" and not (kind in ("role", "code") or one.label.isupper() or one.emphasised):
            continue
        enough = count >= 3 if kind == "other" else count >= 2 or kind == "role"
        family = labels.family(one.label)
        people = _PEOPLE.fullmatch(family) and len(families[family]) > 1
        if enough or people or (timed and one.time is not None):
            strong.add(one.key)
    return strong


def _admitted(found: Sequence[Candidate], main: Form, strong: set[str], *, dense: bool) -> list[Candidate]:
    """Label lines of the main form; of the other sure form only for speakers the main form knows."""
    of_main = _of(found, main)
    manner = _manner([one for one in of_main if one.key in strong])
    dense = dense and not manner.timed
    named = {
        one.key
        for one in of_main
        if dense and (one.opens or not manner.open) and labels.shape(one.label) in ("name", "code")
    }
    told = strong | named
    kept = [one for one in of_main if one.key in told or _convinces_once(one, manner)]
    if main in _SURE:
        other: Form = "colon" if main == "timed line" else "timed line"
        kept += [one for one in found if one.form == other and one.key in strong]
    return kept


@dataclass(frozen=True, slots=True)
class _Manner:
    """How most labels of the established speakers are written, and their families."""

    families: frozenset[str]
    timed: bool
    upper: bool
    emphasised: bool
    open: bool


def _manner(established: Sequence[Candidate]) -> _Manner:
    most = 0.8 * len(established)
    return _Manner(
        families=frozenset(labels.family(one.label) for one in established),
        timed=_mostly_timed(established),
        upper=sum(one.label.isupper() for one in established) > most,
        emphasised=sum(one.emphasised for one in established) > most,
        open=sum(one.opens for one in established) > most,
    )


def _convinces_once(one: Candidate, manner: _Manner) -> bool:
    """Whether a label that does not recur is a speaker among established ones."""
    kind = labels.shape(one.label)
    if not manner.families:
        return False
    if manner.timed:
        return one.time is not None
    if kind in (None, "other"):
        return False
    if one.label.endswith("?"):
        people = {family.rstrip("#") for family in manner.families}
        return one.label.strip("?") == "" or labels.family(one.label.rstrip("? ")).rstrip("#") in people
    if kind == "role" or labels.family(one.label) in manner.families:
        return True
    if one.form == "line":
        return False
    if manner.upper:
        return one.label.isupper()
    if manner.emphasised:
        return one.emphasised
    return len(one.label.split()) >= 2 or (one.opens and manner.open)


def _one_spelling(marks: Sequence[Candidate]) -> list[Candidate]:
    """Every label in its commonest spelling, the first seen on a tie."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for one in marks:
        spellings[one.key][one.label] += 1
    best = {key: counts.most_common(1)[0][0] for key, counts in spellings.items()}
    return [replace(one, label=best[one.key]) for one in marks]
