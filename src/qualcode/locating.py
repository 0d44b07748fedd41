"""Find a quotation in a source: exactly, else tolerantly, never by guess.

Tolerant means that the two differ only in white space, typographic marks (quotation marks, apostrophes, dashes,
ellipses) or the composition of accented letters (NFC, NFD). Case and words must agree. Offsets are code points.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from qualcode.errors import AmbiguousQuote, UsageError
from qualcode.graphemes import splits_grapheme
from qualcode.model import Source, Span, Turn

EXACT = "exact"
SPACE, MARKS, ACCENTS = "white space", "typographic marks", "composition of accents"
KINDS = frozenset({SPACE, MARKS, ACCENTS})

# Below this share of likeness (0 to 100) no place is named as the nearest: "did you mean" would mislead.
NEAR_ENOUGH = 70.0

_SINGLE = "'`´‘’‚‛′ʼ"
_DOUBLE = '"“”„‟″«»'
_DASHES = "-‐‑‒–—―−"
_HIDDEN = "\u00ad\u200b\u2060\ufeff"
_MARKS_BY_NAME = {"single": "'", "double": '"', "dash": "-", "dots": "..."}
# Runs that may be folded. An accent folds with the letter before it, which may be ASCII.
_FOLDABLE = re.compile(
    rf"(?P<space>[\s{_HIDDEN}]+)|(?P<single>[{_SINGLE}])|(?P<double>[{_DOUBLE}])|(?P<dash>[{_DASHES}]+)"
    r"|(?P<dots>…|\.(?:[ \u00a0]?\.){2,})|(?P<letter>[^\x00-\x7f]|[A-Za-z](?=[^\x00-\x7f]))"
)
_EDGES = re.compile(rf"^[\s{_HIDDEN}]+|[\s{_HIDDEN}]+$")
_WORD = re.compile(r"\w+(?:['’ʼ‐‑-]\w+)*")


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quotation stands. `how` is ``exact``, or names what differed: ``white space, typographic marks``."""

    span: Span
    how: str


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded text and the way back: folded offset `at[i]` stands at original offset `origin[i]`.

    Between two entries both run on together, unless ``whole[i]``: that stretch is one piece, not to be entered.
    """

    text: str
    at: tuple[int, ...]
    origin: tuple[int, ...]
    whole: tuple[bool, ...]

    def original(self, offset: int) -> int | None:
        """The original offset of a folded one, or None when it lies inside a folded piece."""
        i = bisect_right(self.at, offset) - 1
        if self.whole[i] and offset != self.at[i]:
            return None
        return self.origin[i] + offset - self.at[i]


def _piece(text: str, match: re.Match[str], kinds: frozenset[str]) -> tuple[int, str] | None:
    """The end of the foldable run at `match` and what it folds to; None when its kind is not asked for."""
    name = str(match.lastgroup)
    if name == "space":
        return (match.end(), " " if match.group().strip(_HIDDEN) else "") if SPACE in kinds else None
    if name in _MARKS_BY_NAME:
        return (match.end(), _MARKS_BY_NAME[name]) if MARKS in kinds else None
    if ACCENTS not in kinds:
        return None
    end = match.end()
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end, unicodedata.normalize("NFD", text[match.start() : end])


def _fold(text: str, kinds: frozenset[str] = KINDS) -> _Folded:
    parts: list[str] = []
    at, origin, whole = [0], [0], [False]
    length = done = 0

    def keep(stretch: str, start: int, as_piece: bool) -> None:
        nonlocal length
        if stretch or as_piece:
            at.append(length)
            origin.append(start)
            whole.append(as_piece)
            parts.append(stretch)
            length += len(stretch)

    for match in _FOLDABLE.finditer(text):
        piece = _piece(text, match, kinds) if match.start() >= done else None
        if piece is None or (piece == (match.end(), match.group()) and len(piece[1]) == 1):
            continue
        keep(text[done : match.start()], done, False)
        keep(piece[1], match.start(), True)
        done = piece[0]
    keep(text[done:], done, False)
    keep("", len(text), True)
    return _Folded("".join(parts), tuple(at), tuple(origin), tuple(whole))


@lru_cache(maxsize=4)
def _folded_source(text: str) -> _Folded:
    """Cached, since a batch asks for many quotations of one source (1 MB folds in about 0.3 s)."""
    return _fold(text)


def plain_text(text: str) -> str:
    """`text` as tolerant search compares it: single spaces, straight marks, decomposed accents; offsets are lost."""
    return _fold(text).text


def _occurrences(text: str, quote: str, start: int, end: int) -> Iterator[int]:
    at = text.find(quote, start, end)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1, end)


def find(text: str, quote: str, within: Span | None = None) -> tuple[Span, ...]:
    """All exact occurrences of `quote` in `text` (inside `within`), overlapping ones too, in order.

    Raises UsageError for an empty or blank quotation.
    """
    _refuse_blank(quote)
    start, end = (within.start, within.end) if within else (0, len(text))
    return tuple(Span(at, at + len(quote)) for at in _occurrences(text, quote, start, end))


def find_tolerantly(text: str, quote: str, within: Span | None = None) -> tuple[Span, ...]:
    """All places of `text` that differ from `quote` at most in white space, typographic marks or accent composition.

    White space at the ends of `quote` is disregarded. Raises UsageError for an empty or blank quotation.
    """
    _refuse_blank(quote)
    folded = _folded_source(text)
    wanted = _fold(_bare(quote)).text
    found: dict[Span, None] = {}
    for at in _occurrences(folded.text, wanted, 0, len(folded.text)):
        start, end = folded.original(at), folded.original(at + len(wanted))
        if start is None or end is None:
            continue
        span = _trimmed(text, start, end)
        if within is None or (within.start <= span.start and span.end <= within.end):
            found[span] = None
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> Span:
    """`start:end` without hidden characters (soft hyphens, zero-width spaces) at its ends."""
    while end - start > 1 and text[start] in _HIDDEN:
        start += 1
    while end - start > 1 and text[end - 1] in _HIDDEN:
        end -= 1
    return Span(start, end)


def locate(source: Source, quote: str, *, turn: int | None = None) -> Located:
    """The one place of `quote` in `source` (in turn number `turn`); ``source.quote(result.span)`` is its real text.

    An exact occurrence wins over tolerant ones; one that would cut a grapheme cluster does not count. Raises
    AmbiguousQuote for several places, UsageError for a blank quotation, an unknown turn, or one found nowhere.
    """
    _refuse_blank(quote)
    within = _turn(source, turn).span if turn is not None else None
    spans = _whole(source.text, find(source.text, quote, within))
    exact = bool(spans)
    if not exact:
        spans = _whole(source.text, find_tolerantly(source.text, quote, within))
    if not spans:
        raise _not_found(source, quote, turn)
    if len(spans) > 1:
        raise AmbiguousQuote(source.name, [_place(source, span) for span in spans], in_turn=turn is not None)
    return Located(spans[0], EXACT if exact else _difference(quote, source.quote(spans[0])))


def words(text: str) -> Iterator[Span]:
    """The spans of words, apostrophes and hyphens inside a word included."""
    for match in _WORD.finditer(text):
        yield Span(match.start(), match.end())


def _bare(quote: str) -> str:
    """`quote` without white space and hidden characters at its ends."""
    return _EDGES.sub("", quote)


def _refuse_blank(quote: str) -> None:
    if not _bare(quote):
        raise UsageError("the quotation is empty", "give the words to look for, or --span START:END")


def _turn(source: Source, number: int) -> Turn:
    found = next((turn for turn in source.turns if turn.n == number), None)
    if found is not None:
        return found
    if not source.turns:
        raise UsageError(f"{source.name} has no turns", "leave --turn out, or give --span START:END")
    numbers = [turn.n for turn in source.turns]
    raise UsageError(f"{source.name} has no turn {number}", f"its turns run from {min(numbers)} to {max(numbers)}")


def _whole(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(s for s in spans if not splits_grapheme(text, s.start) and not splits_grapheme(text, s.end))


def _place(source: Source, span: Span) -> tuple[int | None, int]:
    turn = source.turn_at(span)
    return (turn.n if turn else None, span.start)


def _difference(quote: str, found: str) -> str:
    """The kinds in which the two differ: a kind counts when folding all the others leaves them unequal."""
    bare = _bare(quote)
    kinds = [k for k in (SPACE, MARKS, ACCENTS) if _fold(bare, KINDS - {k}).text != _fold(found, KINDS - {k}).text]
    return ", ".join(kinds) or SPACE


def _not_found(source: Source, quote: str, turn: int | None) -> UsageError:
    elsewhere = find_tolerantly(source.text, quote) if turn is not None else ()
    where = f"turn {turn} of {source.name}" if turn is not None else source.name
    if elsewhere:
        places = list(dict.fromkeys(_spoken(*_place(source, span)) for span in elsewhere))
        more = f" and {len(places) - 8} more" if len(places) > 8 else ""
        return UsageError(f"that quotation is not in {where}", f"it stands in {', '.join(places[:8])}{more}")
    near = nearest_place(source, quote)
    hint = f"the nearest words are in {_spoken(*near)}; " if near else ""
    return UsageError(f"that quotation is not in {where}", f"{hint}copy the words as the transcript has them")


def _spoken(turn: int | None, offset: int) -> str:
    return f"turn {turn}" if turn is not None else f"the text at offset {offset}"


def nearest_place(source: Source, quote: str) -> tuple[int | None, int] | None:
    """The turn number (None without turns) and offset where words most like `quote` stand, or None if nothing is near.

    Likeness is rapidfuzz's partial ratio of the folded texts, weighed down where less text is left than was quoted.
    """
    from rapidfuzz import fuzz

    wanted = _fold(_bare(quote)).text.casefold()
    best, score = None, NEAR_ENOUGH
    for span in _candidates(source, wanted):
        text = _fold(source.quote(span)).text.casefold()
        weight = min(1.0, (len(text) or 1) / len(wanted))
        likeness = weight * fuzz.partial_ratio(wanted, text, score_cutoff=min(100.0, score / weight))
        if likeness > score:
            best, score = span, likeness
    return _place(source, _aligned(source, best, wanted)) if best else None


def _candidates(source: Source, wanted: str) -> list[Span]:
    """The stretches worth measuring: all for a short quotation, else the 20 that share most words with it.

    Partial ratio is bit-parallel up to 64 characters; beyond, 1 MB takes 8.5 s without this choice and 0.5 s with it.
    """
    stretches = list(_stretches(source, len(wanted)))
    if len(wanted) <= 64:
        return stretches
    vocabulary = set(wanted.split())
    shared = [len(vocabulary.intersection(source.quote(span).casefold().split())) for span in stretches]
    return [stretches[i] for i in sorted(range(len(stretches)), key=lambda i: -shared[i])[:20]]


def _aligned(source: Source, stretch: Span, wanted: str) -> Span:
    """The first code point, outside labels where there are turns, at which `wanted` lies best along the stretch."""
    from rapidfuzz import fuzz

    folded = _fold(source.quote(stretch))
    alignment = fuzz.partial_ratio_alignment(wanted, folded.text.casefold())
    at = min(alignment.dest_start, len(folded.text) - 1) if alignment else 0
    start = next((found for i in range(at, -1, -1) if (found := folded.original(i)) is not None), 0)
    place = Span(stretch.start + start, stretch.start + start + 1)
    following = (turn.span for turn in source.turns if turn.span.end > place.start)
    return place if not source.turns or source.turn_at(place) else next(following, place)


def _stretches(source: Source, length: int) -> Iterator[Span]:
    """Each turn (each non-blank line of a text without turns) and what follows it, for the length of a quotation."""
    spans: Iterable[Span] = (turn.span for turn in source.turns)
    if not source.turns:
        spans = (Span(match.start(), match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", source.text))
    for span in spans:
        yield Span(span.start, min(span.end + length, len(source.text)))
