"""From the text of a transcript or document to its turns: labels and stamps stay in the text, outside the spans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qualcode import guards
from qualcode.model import Kind, Notice, Span, Turn
from qualcode.readers import stamps
from qualcode.readers.habits import Candidate, Line, candidates, lines_of
from qualcode.readers.questions import Asked, Stress, asked
from qualcode.readers.voices import Cast, cast

# What services and typists write below a transcript: Otter, Rev, Google Meet, Zoom, Discord's exporter, GoTranscript.
_TRAILER = re.compile(
    r"(?:\n\s*(?:(?:transcribed|transcript (?:created|generated)|transcript) by [^\n]*|"
    r"this (?:editable )?transcript was (?:exported|computer)[^\n]*|"
    r"(?:meeting|transcription|recording) ended (?:after|at) [^\n]*|"
    r"(?:[\[(]?[\d:.,]{4,12}[\])]?[ \t]*)?[\[(<*]*"
    r"(?:end of (?:the )?(?:audio|recording|transcript|transcription|interview|tape|session|file)|"
    r"(?:audio|recording|interview|tape|transcript) (?:ends|ended|stops|stopped)|end transcript)[^\n\w]{0,9}|"
    r"[^\n]{1,60} stopped transcription|={10,}\n+exported [^\n]*(?:\n+=+)?))+\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;\"”’')\]]\s*$")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_LINE_END = re.compile(r"\n")
_LONGEST_WRAPPED = 100


@dataclass(frozen=True, slots=True)
class Talk:
    """The turns of one text, what kind of source they make, and what was decided."""

    turns: tuple[Turn, ...]
    kind: Kind
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format knows beyond its text.

    `bold` gives, by a line's start, where its leading bold run ends. `breaks` are ranges that are nobody's turn
    (headings, front matter). `marks` are labels already known, as in a speaker table, and `settled` the ranges where
    no others are looked for. With `by_line` every line is a paragraph. `stressed` are paragraphs set apart from plain
    type, which may be questions. All are code-point offsets.
    """

    bold: Mapping[int, int] | None = None
    breaks: tuple[tuple[int, int], ...] = ()
    marks: tuple[Candidate, ...] = ()
    settled: tuple[tuple[int, int], ...] = ()
    by_line: bool = False
    stressed: tuple[Stress, ...] = ()


_PLAIN = Layout()


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    speaker: str | None = None
    time: float | None = None


def talk(text: str, where: str, layout: Layout = _PLAIN, speakers: Collection[str] = ()) -> Talk:
    """The turns of `text` as read from the file called `where`: an interview where speakers are found, else paragraphs.

    `speakers` are names a person gave: their labels count whatever the rest of the file looks like. Every non-blank
    character ends up in a turn, a label or a stamp; `kind` is "interview" or "document".
    """
    guards.check_lines(text, where)
    lines = lines_of(text)
    if layout.by_line:
        lines = [replace(line, opens=True) for line in lines]
    breaks = _breaks(text, layout.breaks)
    free = list(_outside(lines, sorted([*breaks, *layout.settled])))
    found = list(candidates(text, free, layout.bold or {}))
    heard = cast(text, free, found, where, speakers)
    wrapped = not layout.by_line and is_hard_wrapped(text, lines)
    if (heard is None or heard.alone) and not layout.marks and not wrapped:
        questions = _asked(text, lines, layout, found, heard)
        if questions:
            left = tuple(one for one in breaks if one not in questions.ranges)
            pieces = list(_spoken(text, questions.marks, left, wrapped, alone=False))
            return Talk(_numbered(pieces), "interview", (questions.notice(where),))
    marks = sorted([*layout.marks, *(heard.marks if heard else ())], key=lambda one: one.start)
    if not any(one.label for one in marks):
        pieces = [piece for start, end in _gaps(text, breaks) for piece in _paragraphs(text, start, end, wrapped)]
        pieces += [_Piece(start, end) for start, end in breaks]
        return Talk(_numbered(sorted(pieces, key=lambda piece: piece.start)), "document")
    alone = bool(heard and heard.alone and not layout.marks)
    pieces = list(_spoken(text, marks, breaks, wrapped, alone=alone))
    return Talk(_numbered(pieces), "interview", tuple(_said(where, marks, pieces, heard, alone)))


def _asked(
    text: str, lines: Sequence[Line], layout: Layout, found: Sequence[Candidate], heard: Cast | None
) -> Asked | None:
    """The questions set apart, in a file without labels or whose labels are all at such questions."""
    stressed = {(one.start, one.end) for one in layout.stressed}
    apart = sorted([*(one for one in layout.breaks if one not in stressed), *layout.settled])
    questions = asked(text, list(_outside(lines, apart)), layout.stressed, found)
    if questions and heard and not {one.start for one in heard.marks} <= {start for start, _ in questions.ranges}:
        return None
    return questions


def titles(text: str, headings: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The headings that stand between turns; none of them when they recur, for then they are the speakers' names."""
    names = [stamps.without(text[start:end]).strip(" \t#*:").casefold() for start, end in headings]
    recurring = len(names) - len(set(names))
    return () if recurring >= max(2, 0.3 * len(names)) else tuple(headings)


def _outside(lines: Iterable[Line], ranges: Sequence[tuple[int, int]]) -> Iterator[Line]:
    at = 0
    for line in lines:
        while at < len(ranges) and ranges[at][1] <= line.start:
            at += 1
        if at == len(ranges) or line.start < ranges[at][0]:
            yield line


def _breaks(text: str, given: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    trailer = _TRAILER.search(text, max(0, len(text) - 400))
    found = [*given, (trailer.start() + 1, len(text))] if trailer else list(given)
    whole = (_trimmed(text, _Piece(start, end)) for start, end in found)
    return sorted((piece.start, piece.end) for piece in whole if piece)


def _gaps(text: str, breaks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = 0
    for start, end in breaks:
        yield at, start
        at = end
    yield at, len(text)


def is_hard_wrapped(text: str, lines: Sequence[Line]) -> bool:
    """Whether line ends inside a block are the typewriter's: most lines are full and end in mid-sentence."""
    if not lines or max(line.end - line.start for line in lines) > _LONGEST_WRAPPED:
        return False
    inner = [text[one.start : one.end] for one, after in pairwise(lines) if not after.opens]
    if len(inner) < 2:
        return False
    longest = max(map(len, inner))
    full = sum(len(line) > 0.65 * longest for line in inner)
    open_ends = sum(not _SENTENCE_END.search(line) for line in inner)
    return longest > 30 and open_ends > 0.5 * len(inner) and full > 0.6 * len(inner)


def _paragraphs(text: str, start: int, end: int, wrapped: bool) -> Iterator[_Piece]:
    """Blocks between blank lines where lines are hard-wrapped, else single lines; leading stamps become times."""
    splitter = _BLANK_LINE if wrapped else _LINE_END
    at, late = start, None
    for stop in [*(found.start() for found in splitter.finditer(text, start, end)), end]:
        piece = _trimmed(text, _Piece(at, stop))
        at = stop
        if piece and stamps.LINE.fullmatch(text, piece.start, piece.end):
            late = stamps.seconds(text[piece.start : piece.end])
        elif piece:
            yield piece if piece.time is not None else replace(piece, time=late)
            late = None


def _trimmed(text: str, piece: _Piece) -> _Piece | None:
    """Without surrounding white space and a leading stamp; None when nothing is left. A lone stamp is kept whole."""
    content = text[piece.start : piece.end]
    start = piece.start + len(content) - len(content.lstrip())
    end = start + len(content.strip())
    if start >= end:
        return None
    after, time = stamps.leading(text, start, end)
    after += len(text[after:end]) - len(text[after:end].lstrip())
    if after >= end:
        return _Piece(start, end, piece.speaker, piece.time)
    return _Piece(after, end, piece.speaker, piece.time if piece.time is not None else time)


def _spoken(
    text: str, marks: Sequence[Candidate], breaks: Sequence[tuple[int, int]], wrapped: bool, *, alone: bool
) -> Iterator[_Piece]:
    """Turns in order: unlabelled paragraphs before the first label, then a turn from each label to the next."""
    stops: list[tuple[int, Candidate | tuple[int, int]]] = [(one.start, one) for one in marks]
    stops = sorted([*stops, *((start, (start, end)) for start, end in breaks)], key=lambda stop: stop[0])
    yield from _paragraphs(text, 0, stops[0][0], wrapped)
    speaker: str | None = None
    heard = False
    # A stamp that ends a turn, as f4 writes it, or stands alone before it, is the time at which the next one begins.
    _, late = stamps.trailing(text, 0, len(text[: stops[0][0]].rstrip()))
    for (_, stop), (until, _) in zip(stops, [*stops[1:], (len(text), (0, 0))], strict=True):
        if isinstance(stop, tuple):
            yield _Piece(*stop)
            begins, time, emphasis = stop[1], None, ""
        else:
            speaker, heard = stop.label or None, True
            begins, time, emphasis = stop.speech, stop.time if stop.time is not None else late, stop.emphasis
        ends = _own_end(text, begins, until, wrapped) if alone else until
        piece, late = _speech(text, _Piece(begins, ends, speaker, time), emphasis)
        if piece and (speaker is None or not heard):
            yield from _paragraphs(text, piece.start, piece.end, wrapped)
        elif piece:
            yield piece
        yield from _paragraphs(text, ends, until, wrapped)


def _own_end(text: str, start: int, end: int, wrapped: bool) -> int:
    """Where the paragraph ends in which the label stands."""
    found = (_BLANK_LINE if wrapped else _LINE_END).search(text, start, end)
    return found.start() if found else end


def _speech(text: str, piece: _Piece, emphasis: str) -> tuple[_Piece | None, float | None]:
    """The words between two labels, without stamps and open emphasis at their edges, and a stamp that ends them."""
    trimmed = _trimmed(text, piece)
    if trimmed is None:
        return None, None
    end, late = stamps.trailing(text, trimmed.start, trimmed.end)
    end = trimmed.start + len(text[trimmed.start : end].rstrip())
    if emphasis and text.endswith(emphasis, trimmed.start, end):
        end = trimmed.start + len(text[trimmed.start : end - len(emphasis)].rstrip())
    if end <= trimmed.start:
        return None, late
    if stamps.LINE.fullmatch(text, trimmed.start, end):
        return None, stamps.seconds(text[trimmed.start : end])
    return _Piece(trimmed.start, end, trimmed.speaker, trimmed.time), late


def _numbered(pieces: Iterable[_Piece]) -> tuple[Turn, ...]:
    return tuple(
        Turn(n, Span(piece.start, piece.end), speaker=piece.speaker, time=piece.time)
        for n, piece in enumerate(pieces, 1)
    )


def _said(
    where: str, marks: Sequence[Candidate], pieces: Sequence[_Piece], heard: Cast | None, alone: bool
) -> Iterator[Notice]:
    yield from heard.notices if heard else ()
    silent = _silent(marks, [piece.start for piece in pieces if piece.speaker])
    if silent:
        yield Notice(f"{where}:{silent[0].line}", "info", f"labels without words, which make no turn: {len(silent)}")
    before = sum(1 for piece in pieces if piece.start < marks[0].start)
    if before:
        many = f"{before} paragraphs stand" if before > 1 else "a paragraph stands"
        yield Notice(f"{where}:1", "info", f"{many} before the first speaker: turns without a speaker")
    if alone:
        said = f'only "{marks[0].label}" is labelled: paragraphs without a label are turns without a speaker'
        yield Notice(where, "warning", said)


def _silent(marks: Sequence[Candidate], spoken: Sequence[int]) -> list[Candidate]:
    """Labels after which no turn begins before the next label; both are sorted.

    A label given twice in a row (as Teams does where it is copied) is not counted.
    """
    silent = []
    for at, one in enumerate(marks):
        until = marks[at + 1].start if at + 1 < len(marks) else 1 << 60
        nearest = bisect_left(spoken, one.speech)
        again = at + 1 < len(marks) and (marks[at + 1].label, marks[at + 1].time) == (one.label, one.time)
        if one.label and not again and not (nearest < len(spoken) and spoken[nearest] < until):
            silent.append(one)
    return silent
