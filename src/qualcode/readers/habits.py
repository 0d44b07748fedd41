"""How the lines of a transcript name who speaks: one candidate a line, in the forms real tools and typists use.

Each form is told by its shape alone; whether the file really has speakers is judged over all of it in `voices`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qualcode.readers import labels, stamps
from qualcode.readers.examinations import pair_of

Form = Literal["colon", "timed line", "bracket", "tab", "timed", "court", "dash", "line", "bold", "given"]

_EMPHASIS = r"(?:\*{1,3}|_{1,2}|</?(?:b|strong|i|em|u)>)?"
_NUMBERED = r"(?:[\[(]?\d{1,5}[.)\]]?[ \t]++)?"
_UNSURE = r"(?:[ ]?\?{1,2})?"
_LABEL = r"[^\W\d_][^\n:：\[\]\t*<>{}\"“”?!;=]{0,47}?"
_BEFORE = rf"(?:(?P<t1>{stamps.STAMP})[ \t]*+[-–—|,.:]?[ \t]*+)?"
_AFTER = rf"(?:[ \t]*+[-–—|,·]?[ \t]*+(?P<t2>{stamps.STAMP}))?"

_COLON = re.compile(
    rf"[ \t]*+(?:>{{1,3}}[ \t]*+|(?P<bullet>[-–—•*])[ \t]++)?{_NUMBERED}(?P<open>{_EMPHASIS})[ \t]*+"
    rf"{_BEFORE}{_EMPHASIS}[ \t]*+"
    rf"(?:\((?P<label2>{_LABEL})\)|(?P<lead>[\[<])?(?P<label>{_LABEL}{_UNSURE}|\?{{1,3}})(?P<trail>[\]>])?)"
    rf"[ \t\u00a0]*+{_EMPHASIS}{_AFTER}[ \t\u00a0]*+"
    rf"(?:(?<=\d)[:：](?!\d)|(?<!\d)[:：]){_EMPHASIS}(?!//|\d(?!\d?:\d\d))[ \t\u00a0]*+"
    rf"(?:(?P<t3>{stamps.WRAPPED}|{stamps.BARE}(?=\s*$|[ ]*+\t)|\d{{1,2}}:\d{{2}}:\d{{2}}(?!\d))[ \t]*+)?"
)
_TIMED_LINE = re.compile(
    rf"[ \t]*+(?:#{{1,6}}[ \t]++)?{_EMPHASIS}(?:"
    rf"(?P<label>{_LABEL}){_EMPHASIS}[ \t]*+[-–—|,·]?[ \t]*+(?P<t2>{stamps.STAMP}|{stamps.SPELT})|"
    rf"(?P<t1>{stamps.STAMP})[ \t]*+(?:-->|[-–—|,·])?[ \t]*+{_EMPHASIS}(?P<label2>{_LABEL})){_EMPHASIS}[ \t]*+$"
)
_BRACKET = re.compile(
    rf"[ \t]*+{_BEFORE}{_EMPHASIS}\\?[\[<](?P<label>{_LABEL})\\?[\]>]{_EMPHASIS}{_AFTER}(?:[ \t]*+[:：])?(?:[ \t]++|$)"
)
_TAB = re.compile(rf"(?:(?P<t1>{stamps.STAMP})[ ]*+\t)?[ ]*+(?P<label>{_LABEL})[:：]?[ ]*+\t++(?=\S)")
_TIMED = re.compile(
    rf"[ \t]*+{_EMPHASIS}(?P<label>{_LABEL}){_EMPHASIS}[ \t]++(?P<t2>{stamps.STAMP}){_EMPHASIS}[ \t]++(?=\S)"
)
_DASH = re.compile(rf"[ \t]*+(?P<open>{_EMPHASIS})(?P<label>{_LABEL}){_EMPHASIS}[ \t]++(?:--|[-–—])[ \t]++(?=\S)")
_LINE = re.compile(rf"[ \t]*+(?P<open>{_EMPHASIS})(?:#+[ \t]++)?(?P<label>{_LABEL}){_EMPHASIS}[ \t]*+\\?$")
_ANYTHING = re.compile("")
_Form = tuple[Form, re.Pattern[str], re.Pattern[str]]
# The third is what the line must hold for the form to be tried at all: most lines of a transcript are spared the rest.
_FORMS: tuple[_Form, ...] = (
    ("colon", _COLON, re.compile(r"[:：]")),
    ("tab", _TAB, re.compile(r"\t")),
    ("timed line", _TIMED_LINE, re.compile(r"\d:\d|\d second")),
    ("bracket", _BRACKET, re.compile(r"[\[<]")),
    ("timed", _TIMED, re.compile(r"\d:\d")),
    ("dash", _DASH, re.compile(r"\s(?:--|[-–—])\s")),
    ("line", _LINE, _ANYTHING),
)


# Page breaks that PDF converters leave at the beginning of a line, byte order marks and blanks without a width.
_INVISIBLE = "\f\v\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
_INITIALS = 4
_BELOW_BOLD: tuple[Form, ...] = ("timed", "dash", "line")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: 1-based number, half-open code-point range without the line end, and whether a paragraph begins."""

    n: int
    start: int
    end: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may name a speaker.

    `start` is where the label's line begins, `speech` where words may follow; `emphasis` is markup that the label
    opens and the speech has to close. `time` is in seconds. With a `point` it is one of a list, by its bullet.
    """

    line: int
    start: int
    speech: int
    label: str
    form: Form
    time: float | None = None
    opens: bool = True
    empty: bool = False
    emphasised: bool = False
    emphasis: str = ""
    point: bool = False

    @property
    def key(self) -> str:
        """The spelling-blind form of the label."""
        return labels.key(self.label)


def lines_of(text: str) -> list[Line]:
    """The non-blank lines; one opens a paragraph when it is the first or follows a blank line."""
    found, at, blank = [], 0, True
    for n, line in enumerate(text.split("\n"), 1):
        if line.strip():
            found.append(Line(n, at, at + len(line), blank))
            blank = False
        else:
            blank = True
        at += len(line) + 1
    return found


def candidates(text: str, lines: Sequence[Line], bold: Mapping[int, int]) -> Iterator[Candidate]:
    """At most one candidate a line, in order. `bold` gives, by a line's start, where its leading bold run ends."""
    pair = pair_of(text, lines)
    forms = (("court", pair.pattern, _ANYTHING), *_FORMS) if pair else _FORMS
    pending: Line | None = None  # a line that is nothing but a stamp
    above: Line | None = None
    for line in lines:
        if stamps.LINE.fullmatch(text, line.start, line.end):
            pending = line
            continue
        found = _candidate(text, line, bold, forms)
        if found:
            yield _from_initials(text, _with_stamp_lines(text, found, line, pending), above)
        pending, above = None, line


def _with_stamp_lines(text: str, found: Candidate, line: Line, above: Line | None) -> Candidate:
    """A name alone on its line with a stamp alone on the line above or below is as good as one beside it."""
    if found.form != "line":
        return found
    below = text[line.end + 1 : line.end + 40].split("\n")[0]
    beside = [text[above.start : above.end]] if above and above.n == line.n - 1 else []
    if stamps.LINE.fullmatch(below):
        beside.append(below)
    if not beside:
        return found
    return Candidate(
        found.line, found.start, found.speech, found.label, "timed line", stamps.seconds(beside[-1]), line.opens, True
    )


def _from_initials(text: str, found: Candidate, above: Line | None) -> Candidate:
    """The label with the line of initials above it, which stand for the picture where Teams is copied from."""
    if found.form != "timed line" or above is None or above.end - above.start > _INITIALS:
        return found
    initials = "".join(word[0] for word in found.label.split()).upper()
    shown = text[above.start : above.end].strip()
    same = len(shown) > 1 and sorted(shown) == sorted(initials)
    return replace(found, start=above.start, opens=above.opens) if same else found


def _candidate(text: str, line: Line, bold: Mapping[int, int], forms: Sequence[_Form]) -> Candidate | None:
    head = min(line.end, line.start + 160)
    begins = line.start
    while begins < line.end and text[begins] in _INVISIBLE:
        begins += 1
    for form, pattern, needed in forms:
        if not needed.search(text, line.start, head):
            continue
        if form in ("timed line", "line") and line.end - line.start > 80:
            continue
        if form in _BELOW_BOLD and line.start in bold:
            break
        match = pattern.match(text, begins, head)
        if match and (found := _taken(text, line, form, match)):
            return found
    end = bold.get(line.start, 0)
    if line.start < end < line.end and labels.shape(text[line.start : end]):
        return Candidate(line.n, line.start, end, labels.tidy(text[line.start : end]), "bold", None, line.opens)
    return None


def _taken(text: str, line: Line, form: Form, match: re.Match[str]) -> Candidate | None:
    parts = match.groupdict()
    label = labels.tidy(parts.get("label") or parts.get("label2") or "")
    if not labels.shape(label) or ((form == "bracket" or parts.get("label2")) and labels.is_sound(label)):
        return None
    if parts.get("lead") and not parts.get("trail") and text[match.end() : line.end].rstrip().endswith(("]", ">")):
        return None  # a remark: [Interruption: a nurse enters]
    if form == "line" and (labels.is_backchannel(label) or labels.is_title(label) or label[-1] in ".,;:!?…"):
        return None
    opened = parts.get("open") or ""
    stamp = parts.get("t1") or parts.get("t2") or parts.get("t3")
    empty = not text[match.end() : line.end].strip()
    closing = opened.replace("<", "</")
    closed = opened and match[0].rstrip().count(closing) > (closing == opened)
    return Candidate(
        line=line.n,
        start=line.start,
        speech=_visible(text, match.end(), line.end),
        label=label,
        form=form,
        time=stamps.seconds(stamp) if stamp else None,
        opens=line.opens,
        empty=empty,
        emphasised=bool(opened),
        emphasis="" if closed else closing,
        point=_is_point(parts, emphasised=bool(opened)),
    )


def _visible(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _INVISIBLE:
        start += 1
    return start


def _is_point(parts: Mapping[str, str | None], *, emphasised: bool) -> bool:
    """Whether a bullet makes the line a point of a list, as a dash that begins speech or bold does not."""
    bullet = parts.get("bullet")
    return bool(bullet) and bullet not in ("–", "—") and not emphasised
