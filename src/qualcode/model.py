"""The words all rooms speak: frozen values, standard library only.

Offsets are half-open ranges of Unicode code points into a source's text. Names follow REFI-QDA where it has one.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

Role = Literal["interviewer", "respondent"]
Kind = Literal["interview", "focus group", "document", "answers"]
Severity = Literal["info", "warning", "error"]
Anchor = Literal["exact", "edited", "review", "orphan"]
Consent = Literal["analyse", "quote", "archive"]
CONSENSUS = "consensus"
"""The layer that adjudication writes; nobody's name."""
FROZEN = "frozen:"
"""Begins the name of a unit of agreement that was fixed beforehand."""
State = Literal["not started", "in progress", "done"]
Decision = Literal["pending", "accepted", "rejected", "corrected", "skipped"]
CueKind = Literal["phrase", "lemma", "regex"]
ColumnRole = Literal["case", "occasion", "open", "closed", "left out", "empty"]
MemoKind = Literal["project", "source", "segment", "code", "coding", "case", "case x code"]
Value = str | int | float | bool | None


AS_BEFORE = "as in the wave before"  # why a column of a survey is what it is


def stable_id(*parts: str | int) -> str:
    """A 32-digit hexadecimal id that is the same on every replica: SHA-256 of the parts, length-prefixed."""
    said = "".join([f"{len(part)}:{part}" for part in map(str, parts)])
    if said.isascii():  # characters are bytes
        return hashlib.sha256(said.encode()).hexdigest()[:32]
    raw = [str(part).encode("utf-8", "surrogatepass") for part in parts]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(part), part) for part in raw])).hexdigest()[:32]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, ``0 <= start < end``; raises ValueError otherwise."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not {self.start}:{self.end}")

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's turn, a paragraph of a document, or an answer to one question.

    `n` counts from 1. `span` excludes the speaker's label and the time stamp, which stay in the text.
    `time` is seconds from the start of the recording. `prompt` is the question an answer belongs to. `case` is the
    name of the case whose words these are, where the source is not one case's; None: the source's, see
    `Source.case_of`.
    """

    n: int
    span: Span
    speaker: str | None = None
    role: Role | None = None
    prompt: str | None = None
    time: float | None = None
    case: str | None = None


@dataclass(frozen=True)
class Source:
    """One text to be coded. The text has LF line ends and is never normalised after reading.

    `turns` are sorted, disjoint and inside the text. `sha256` is of the original file's bytes. `file` is the
    original file's name, without folders. `case` is the name of the case whose text this is; a talk of several people
    has none and its turns have theirs (`Turn.case`).
    """

    id: str
    name: str
    kind: Kind
    text: str
    turns: tuple[Turn, ...] = ()
    case: str | None = None
    sha256: str = ""
    revision: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        at = 0
        for turn in self.turns:
            if turn.span.start < at or turn.span.end > len(self.text):
                raise ValueError(f"turn {turn.n} overlaps its predecessor or leaves the text")
            at = turn.span.end

    def quote(self, span: Span) -> str:
        """The text of the span; raises ValueError when the span leaves the text."""
        if span.end > len(self.text):
            raise ValueError(f"span {span.start}:{span.end} leaves a text of {len(self.text)} code points")
        return self.text[span.start : span.end]

    @cached_property
    def _starts(self) -> list[int]:
        return [turn.span.start for turn in self.turns]

    def turn_at(self, span: Span) -> Turn | None:
        """The first turn that the span touches, or None."""
        at = bisect_right(self._starts, span.start)
        if at and self.turns[at - 1].span.end > span.start:
            return self.turns[at - 1]
        if at < len(self.turns) and self._starts[at] < span.end:
            return self.turns[at]
        return None

    @property
    def speakers(self) -> tuple[str, ...]:
        """Labels in the order of their first turn."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker))

    @cached_property
    def by_turn(self) -> bool:
        """Whether turns have cases of their own, as the participants of a focus group."""
        return any(turn.case is not None for turn in self.turns)

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """The names of the cases whose words stand here: in the order of their first turn, or the source's own."""
        if not self.by_turn:
            return (self.case,) if self.case else ()
        return tuple(dict.fromkeys(name for turn in self.turns if (name := self.case_of(turn))))

    def case_of(self, turn: Turn) -> str | None:
        """The name of the case whose words a turn is."""
        return self.case if turn.case is None else turn.case

    def cases_in(self, span: Span) -> tuple[str, ...]:
        """The cases whose words the span touches, in order; of a source that is one case's whole, that case."""
        if not self.by_turn:
            return self.cases
        names = []
        for at in range(max(bisect_right(self._starts, span.start) - 1, 0), len(self.turns)):
            turn = self.turns[at]
            if turn.span.start >= span.end:
                break
            if turn.span.overlaps(span) and (name := self.case_of(turn)):
                names.append(name)
        return tuple(dict.fromkeys(names))

    def narrowed(self, keep: Callable[[str | None], bool]) -> Source | None:
        """The source with only the turns whose case (None: nobody's) is kept; None when nothing is left.

        Text and numbers of turns stay as they are. A source that is one case's whole is kept whole, or not.
        """
        if not self.by_turn:
            return self if keep(self.case) else None
        turns = tuple(turn for turn in self.turns if keep(self.case_of(turn)))
        if len(turns) == len(self.turns):
            return self
        return replace(self, turns=turns) if turns else None


@dataclass(frozen=True, slots=True)
class Case:
    """A respondent or participant. `attributes` keeps the order of the sheet it came from."""

    name: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    consent: Consent | None = None
    withdrawn: bool = False
    id: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """A word, phrase or pattern that points to a code."""

    kind: CueKind
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `path` begins with the codebook's name (``role/pastoral``); the id survives renaming.

    `born` is the time (ISO 8601, UTC) the code entered the project; a source finished before is "not looked for".
    """

    path: str
    label: str = ""
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    speakers: tuple[str, ...] = ()
    colour: str | None = None
    key: str | None = None
    id: str = ""
    born: str | None = None

    @property
    def codebook(self) -> str:
        """The first segment of the path."""
        return self.path.partition("/")[0]

    @property
    def parent(self) -> str | None:
        """The path of the code above, or None for a code directly under its codebook."""
        above = self.path.rpartition("/")[0]
        return above if "/" in above else None


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Codes that are looked at together, of whatever codebooks: `codes` are paths, in the order they were put in."""

    name: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeLink:
    """What a coder holds of two codes, read from `origin` to `target` (paths): pastoral *leads to* time."""

    origin: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """A named, versioned list of codes, parents before children."""

    name: str
    version: str = ""
    codes: tuple[Code, ...] = ()
    title: str = ""
    basis: str = ""
    sha256: str = ""

    @property
    def leaves(self) -> tuple[Code, ...]:
        """Codes without children."""
        parents = {code.parent for code in self.codes}
        return tuple(code for code in self.codes if code.path not in parents)


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of a source; the quotation is computed from the text, so it cannot drift."""

    source: Source
    span: Span

    @property
    def quote(self) -> str:
        """The text of the span."""
        return self.source.quote(self.span)

    @property
    def turn(self) -> Turn | None:
        """The first turn the span touches."""
        return self.source.turn_at(self.span)

    @property
    def case(self) -> str | None:
        """The case whose words the segment is: the first it touches, so a question in front of an answer is passed."""
        return next(iter(self.source.cases_in(self.span)), None)

    def __hash__(self) -> int:
        return hash((self.source.id, self.span))


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who codes; a machine only suggests."""

    name: str
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """How far a coder is with one source under one codebook. `source` is the source's id."""

    source: str
    coder: str
    codebook: str
    state: State
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """A coder's application of a code to a segment; unique by (segment, code, coder, round).

    `code` is the code's path. `certainty` runs from 0 to 1. `origin` is ``hand``, ``batch``, ``suggestion:ID`` …
    """

    segment: Segment
    code: str
    coder: str
    round: int = 1
    at: str | None = None
    origin: str = "hand"
    memo: str | None = None
    certainty: float | None = None
    anchor: Anchor = "exact"
    id: str = ""

    @property
    def span(self) -> Span:
        """The segment's span."""
        return self.segment.span

    @property
    def source(self) -> Source:
        """The segment's source."""
        return self.segment.source

    @property
    def case(self) -> str | None:
        """The name of the case whose words these are; see `Segment.case`."""
        return self.segment.case


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is suggested; `evidence` are code-point ranges of the source's text inside the segment."""

    kind: str
    text: str
    evidence: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal; it becomes a `Coding` only through a person. `calibrated`: the score is a probability."""

    segment: Segment
    code: str
    score: float
    suggester: str
    version: str
    reason: Reason
    calibrated: bool = False
    decision: Decision = "pending"
    decided_by: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class MemoTarget:
    """What a memo is about: `kind` and the names it takes (source id, code path, case name, coding id …)."""

    kind: MemoKind
    name: str = ""
    code: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Memo:
    """A note on anything; a framework cell is a memo on case × code."""

    about: MemoTarget
    text: str
    coder: str
    at: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know about data; `where` is ``file:line[:column]`` or a name."""

    where: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A coded passage that names its words and document, not its place, as tables of coded segments do.

    `codes` are names as the other program has them; `document` is empty where the table does not say. `where` is
    ``file:line``. `offset` is where the other program says it begins, in its own count. A `length` above 0 is that of
    the whole passage, of which `quote` is only the beginning, in code points.
    """

    where: str
    quote: str
    codes: tuple[str, ...]
    document: str = ""
    coder: str = ""
    memo: str | None = None
    at: str | None = None
    offset: int | None = None
    length: int = 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """Whatever enters or leaves as data.

    `missed` says what a reader saw and could not take over. A coding without a coder's name is that of whoever
    takes it in.
    """

    sources: tuple[Source, ...] = ()
    cases: tuple[Case, ...] = ()
    codebooks: tuple[Codebook, ...] = ()
    codings: tuple[Coding, ...] = ()
    memos: tuple[Memo, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    coders: tuple[Coder, ...] = ()
    statuses: tuple[Status, ...] = ()
    notices: tuple[Notice, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    missed: tuple[Notice, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    links: tuple[CodeLink, ...] = ()

    def codes(self) -> Iterator[Code]:
        """Every code of every codebook, in codebook order."""
        for codebook in self.codebooks:
            yield from codebook.codes


@dataclass(frozen=True, slots=True)
class SurveyColumn:
    """One column of a questionnaire: its index, what it is and why; `filled` counts the rows with a value there.

    `attribute` is the attribute its answers go to; tick boxes of one question share one, and `option` is theirs.
    """

    at: int
    name: str
    question: str
    role: ColumnRole
    why: str = ""
    filled: int = 0
    attribute: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A questionnaire as its next wave is known by: its name or its header, and what its columns are.

    `identity` goes into the ids of its answers; `headers` are hashes of the header rows of its waves; `rows` counts
    the respondents' rows of this wave. `counted`: a respondent known by a bare number is only this survey's, because
    nobody said that its column names people of the whole project.
    """

    identity: str
    name: str
    headers: tuple[str, ...] = ()
    named: bool = False
    columns: tuple[SurveyColumn, ...] = ()
    rows: int = 0
    file: str = ""
    counted: bool = False


@dataclass(frozen=True, slots=True)
class SurveyBundle(Bundle):
    """What a questionnaire's file holds, and what was decided about its columns."""

    survey: Survey | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of agreement. `value` None means undefined, and `why_null` says why. `n` counts units.

    `code` None is the overall figure of `codebook`; `codebook` None covers all.
    """

    measure: str
    value: float | None
    n: int
    code: str | None = None
    codebook: str | None = None
    distance: str | None = None
    ci: tuple[float, float] | None = None
    ci_method: str | None = None
    why_null: str | None = None
    counts: Mapping[str, int | float] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree: figures with unit, n and interval, and what was left out and why.

    `units` says how many units of which kind were compared; `pairs` are the most confused pairs of codes. `facts`
    are what the sentences of a methods section rest on; see `agreement.facts`. `frozen` are figures kept from before,
    each with its name, when and by whom.
    """

    unit: str
    scope: str
    units: Mapping[str, int]
    coders: tuple[str, ...]
    measures: tuple[Measure, ...]
    pairs: tuple[Mapping[str, object], ...] = ()
    sensitivity: tuple[Mapping[str, object], ...] = ()
    panel: tuple[Mapping[str, object], ...] = ()
    groups: tuple[Mapping[str, object], ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    frozen: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of taking something in: the new sources, how many cases are new, what was passed over and why.

    `act` is the id of the act, None where nothing was new.
    `changed` are the answers that are here with another text, as they came in now; `surveys` the questionnaires read.
    Of another program's project also its codebooks as they are here now, how many codings and memos are new, and
    what of them could not be taken over.
    """

    sources: tuple[Source, ...] = ()
    cases: int = 0
    skipped: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    act: str | None = None
    surveys: tuple[Survey, ...] = ()
    changed: tuple[Source, ...] = ()
    codebooks: tuple[Codebook, ...] = ()
    codings: int = 0
    memos: int = 0
    missed: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place that coders read, alike or not. `span` holds all its codings; `by_coder` has an empty tuple for a
    coder who looked and saw nothing. `effect` is the change in the code's alpha if everyone agreed here.
    """

    source: Source
    span: Span
    kind: Literal["missed", "code", "boundary", "split/merge", "agreed"]
    codebook: str
    codes: tuple[str, ...]
    by_coder: Mapping[str, tuple[Coding, ...]]
    effect: float | None = None
    id: str = ""

    @property
    def quote(self) -> str:
        """The text of the span."""
        return self.source.quote(self.span)

    @property
    def line(self) -> int:
        """The line of the source's text the span begins in, from 1."""
        return self.source.text.count("\n", 0, self.span.start) + 1
