"""Interviews whose questions have no label: set in bold, in italics, as headings or in a style of their own, numbered,
or quoted, with the answers between them in plain type.

Reports and sheets of information have headings in bold too, so the words decide: most of what is set apart asks, and
somebody speaks of "I" between. Nothing of this is tried in a file with labels.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from qualcode.model import Notice
from qualcode.readers.habits import Candidate, Line

ASKING, ANSWERING = "Interviewer", "Respondent"
_FEWEST = 3
_ASKED = 0.6
# On 20 real transcripts 65 to 100 % of questions speak to somebody, 0 to 5 % are only of the one who asks, and answers
# that say "I" have 45 to 100 % of the letters of all answers.
_ADDRESSED = 0.25  # questions that speak to somebody
_OWN = 0.3  # questions of one who asks about himself, as sheets of information have them ("Do I have to take part?")
_SPOKEN = 0.35  # of the letters of the answers, those of answers that say "I" or "my"
_PROBES = 0.25  # lines between the questions that ask too, as in a guide for interviewers
_SHORT = 3

_NUMBERED = re.compile(r"[ \t]*(?:Q(?:uestion)?[ \t]?)?(?P<n>\d{1,3})[.):]?[ \t]+(?=\S)", re.IGNORECASE)
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+(?=\S)")
_QUOTED = re.compile(r"[ \t]*>[ \t]*(?=[^\s>])")
_STARRED = re.compile(r"[ \t]*(?P<sign>\*{1,3}|_{1,3})(?=[^\s*_])(?:(?!(?P=sign)).)+(?P=sign)[ \t]*")
_MARK = re.compile(r"[?？؟;][\"”’')\]*_ ]*$")
_ENDS = re.compile(r"[.?!…:？。؟][\"”’')\]*_ ]*$")
_ENGLISH = r"i|i['’]\w+|my|mine|myself|me"
_OTHERS = (
    r"ich|mich|mir|mein\w*|je|moi|mon|mes|yo|mi|mis|eu|mim|meus?|minhas?|io|mio|mia|miei|ik|mij|mijn|jag|mig|"
    r"min|jeg|ja|mnie|mój|moja|я|меня|мне|мой|моя"
)
_FIRST = re.compile(rf"\b(?:{_ENGLISH}|{_OTHERS})\b|\bj['’]|[我私僕]|저는|제가|나는|أنا", re.IGNORECASE)
_FIRST_SUBJECT = re.compile(
    r"\b(?:i|i['’]\w+|my|ich|mein\w*|je|mon|mes|yo|mis|eu|meus?|minhas?|io|mio|mia|miei|ik|mijn)\b|\bj['’]", re.I
)
_SECOND = re.compile(
    r"\b(?:you|you['’]\w+|your|yours|yourself|sie|ihnen|ihr\w{0,2}|du|dich|dir|dein\w*|vous|votre|vos|tu|te|toi|ton|ta|tes|"
    r"usted|ustedes|su|sus|tus|le|você|vocês|lhe|seus?|suas?|teus?|tuas?|lei|ti|suoi|suo|voi|je|jij|jouw|uw|u|jullie|"
    r"dig|din|ni|er|вы|вас|вам|ваш\w*|ты|тебя|pan|pani)\b|\bt['’]|[你您]|あなた|당신",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:tell (?:me|us)|describe|explain|talk (?:me|us) through|erzählen|erzähl|beschreiben|racontez|parlez|décrivez|"
    r"cuénteme|cuéntame|hábleme|conte|fale|descreva|mi racconti|vertel)\b",
    re.IGNORECASE,
)

_What = Literal["asked", "answered", "neither"]


@dataclass(frozen=True, slots=True)
class Stress:
    """A paragraph that is set apart from plain type, and how ("in bold")."""

    start: int
    end: int
    how: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Marks of who asks and answers, by what the questions were told, and the ranges that are questions."""

    marks: tuple[Candidate, ...]
    ranges: frozenset[tuple[int, int]]
    how: str
    number: int

    def notice(self, where: str) -> Notice:
        """What was decided about the file called `where`."""
        asking = next(one.label for one in self.marks if one.label)
        said = f'no speakers are named: {self.number} questions {self.how} were taken for those of "{asking}"'
        wrong = f'if not, --speakers "{asking}=none" --speakers "{ANSWERING}=none"'
        return Notice(where, "warning", f'{said}, what stands between them for answers of "{ANSWERING}" ({wrong})')


def asked(
    text: str, lines: Sequence[Line], stressed: Iterable[Stress], found: Iterable[Candidate] = ()
) -> Asked | None:
    """The questions and answers of `text`, or None where it is no such talk.

    `lines` are those that may be said (no notes), `stressed` the paragraphs set apart, in any order, `found` label
    candidates, which tell what a question's own label ("I:") is.
    """
    kinds: dict[str, list[Stress]] = defaultdict(list)
    for one in [*stressed, *_written(text, lines)]:
        kinds[one.how].append(one)
    labels = {one.start: one for one in found if one.form == "colon"}
    for how, ranges in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        if len(ranges) >= _FEWEST and (talk := _talk(text, lines, ranges, labels, how)):
            return talk
    return None


def _written(text: str, lines: Sequence[Line]) -> Iterator[Stress]:
    """What plain text and Markdown set apart: lines between stars, after a quotation's sign, or numbered from 1."""
    expected = 1
    for line in lines:
        starred = _STARRED.fullmatch(text, line.start, line.end)
        if starred:
            yield Stress(line.start, line.end, "in italics" if len(starred["sign"]) == 1 else "in bold")
        elif _QUOTED.match(text, line.start, line.end):
            yield Stress(line.start, line.end, "after >")
        numbered = _NUMBERED.match(text, line.start, line.end)
        if numbered and int(numbered["n"]) == expected and _MARK.search(text, line.start, line.end):
            expected += 1
            yield Stress(line.start, line.end, "with numbers")


def _talk(
    text: str, lines: Sequence[Line], ranges: Sequence[Stress], labels: Mapping[int, Candidate], how: str
) -> Asked | None:
    within = {at for one in ranges for at in range(one.start, one.end + 1) if at == one.start or text[at - 1] == "\n"}
    first = next(
        (n for n, one in enumerate(lines) if one.start in within and _asks(text[one.start : one.end])), len(lines)
    )
    parts = [(what, list(of)) for what, of in groupby(lines[first:], lambda one: _what(text, one, one.start in within))]
    questions = [of for what, of in parts if what == "asked"]
    answers = [of for what, of in parts if what == "answered"]
    if min(len(questions), len(answers)) < _FEWEST or parts[-1][0] == "asked":
        questions = questions[:-1] if parts and parts[-1][0] == "asked" else questions
        if min(len(questions), len(answers)) < _FEWEST:
            return None
    before = sum(one.end - one.start for one in lines[:first])
    if before > _letters(answers) or not _is_talk(text, questions, answers):
        return None
    own = [labels.get(of[0].start) for of in questions]
    named = all(own) and len({one.key for one in own if one}) == 1
    marks = [_mark(text, what, of, labels if named else {}) for what, of in parts]
    kept = frozenset((one.start, one.end) for one in ranges if one.start >= lines[first].start)
    return Asked(tuple(marks), kept, how, len(questions))


def _what(text: str, line: Line, stressed: bool) -> _What:
    if not stressed:
        return "answered"
    words = text[line.start : line.end].strip(" \t*_#>")
    return "asked" if _ENDS.search(words) or len(words.split()) > _SHORT else "neither"


def _asks(said: str) -> bool:
    """Whether words ask: by a mark, or by speaking to somebody ("Tell me about your first day.")."""
    return bool(_MARK.search(said) or _TOLD.search(said) or _SECOND.search(said)) or "?" in said


def _letters(parts: Iterable[Sequence[Line]]) -> int:
    return sum(one.end - one.start for of in parts for one in of)


def _is_talk(text: str, questions: Sequence[Sequence[Line]], answers: Sequence[Sequence[Line]]) -> bool:
    """Whether most questions ask, some speak to somebody, and the answers speak of the one who gives them."""
    asking = [text[of[0].start : of[-1].end] for of in questions]
    many = len(asking)
    if sum(map(_asks, asking)) < _ASKED * many:
        return False
    if sum(bool(_SECOND.search(one) or _TOLD.search(one)) for one in asking) < _ADDRESSED * many:
        return False
    if sum(bool(_FIRST_SUBJECT.search(one)) and not _SECOND.search(one) for one in asking) > _OWN * many:
        return False
    said = [text[line.start : line.end] for of in answers for line in of]
    if sum(bool(_MARK.search(one)) for one in said) > _PROBES * len(said):
        return False
    own = [of for of in answers if _FIRST.search(text, of[0].start, of[-1].end)]
    return _letters(own) >= _SPOKEN * _letters(answers) > 0


def _mark(text: str, what: _What, of: Sequence[Line], labels: Mapping[int, Candidate]) -> Candidate:
    line = of[0]
    if what != "asked":
        return Candidate(line.n, line.start, line.start, ANSWERING if what == "answered" else "", "given")
    labelled = labels.get(line.start)
    if labelled:
        return Candidate(line.n, line.start, labelled.speech, labelled.label, "given", emphasis=labelled.emphasis)
    starred = _STARRED.fullmatch(text, line.start, line.end) if len(of) == 1 else None
    sign = starred["sign"] if starred else ""
    signed = _QUOTED.match(text, line.start, line.end) or _HEADING.match(text, line.start, line.end)
    begins = starred.start("sign") + len(sign) if starred else signed.end() if signed else line.start
    return Candidate(line.n, line.start, begins, ASKING, "given", emphasis=sign)
