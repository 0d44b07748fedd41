"""The suggester `cues`: a code is suggested where its codebook's cue words stand.

Phrases and the forms of a lemma by spaCy's `PhraseMatcher` on lower-case tokens of a blank English pipeline (no
model), patterns by the `regex` package under a clock. Works from the first minute, before anybody has coded anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qualcode.model import Code, Codebook, Coding, Cue, Notice, Reason, Segment, Suggestion, stable_id
from qualcode.suggesters.candidates import Candidates
from qualcode.suggesters.patterns import Timed, TimedPatterns
from qualcode.suggesters.plain import Plain, plain
from qualcode.suggesters.required import folded
from qualcode.suggesters.sockets import without_sockets

# Changes whenever the same cues and the same text would give another suggestion.
VERSION = "1"
MOST_NAMED = 6
_NEGATION = re.compile(r"'t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Hit:
    """One place of one cue; offsets are code points of the plain text, then of the segment."""

    start: int
    end: int
    cue: int


def as_written(cue: Cue) -> tuple[str, ...]:
    """The default `expand`: every cue stands for itself only."""
    return (cue.text,)


class CueSuggester:
    """Suggests a code wherever its cues are.

    expand: what a phrase or lemma cue stands for; the codebook room's `expand` gives the forms of a lemma.
    timeout: seconds a pattern may take for each million code points of a batch (and at least that many); a slower
        one is left out from then on and named in `notices_`.

    After `fit`: `codes_` (the codes with cues), `version_` (with a hash of their cues), `notices_`.
    """

    name = "cues"

    def __init__(self, *, expand: Callable[[Cue], tuple[str, ...]] = as_written, timeout: float = 0.5) -> None:
        self.expand = expand
        self.timeout = timeout

    def fit(
        self,
        codebooks: Iterable[Codebook],
        codings: Iterable[Coding] = (),  # noqa: ARG002
        segments: Iterable[Segment] = (),  # noqa: ARG002
    ) -> CueSuggester:
        """Take the cues of all codes; codings and segments teach it nothing. Imports spaCy."""
        self.codes_ = tuple(code for book in codebooks for code in book.codes if code.cues)
        self.version_ = self._version()
        self._owners_: dict[int, list[tuple[int, int]]] = {}
        self._patterns_ = TimedPatterns(self.timeout)
        self._nlp_, self._matcher_ = _blank_english()
        needs: list[tuple[Timed | None, frozenset[str] | None]] = []
        for number, code in enumerate(self.codes_):
            for cue_number, cue in enumerate(code.cues):
                needs += [(None, frozenset({folded(words)})) for words in self._add(code, number, cue_number, cue)]
        needs += [(timed, timed.required) for timed in self._patterns_.kept]
        self._candidates_ = Candidates(needs)
        return self

    @property
    def notices_(self) -> tuple[Notice, ...]:
        """Patterns that do not compile, and since then those that were too slow, by name."""
        return tuple(self._patterns_.notices)

    def score(self, segments: Iterable[Segment]) -> tuple[Suggestion, ...]:
        """A suggestion for each segment and code with a cue in it, in the order of the segments and the codebook.

        The score is n / (n + 1) for n different cues: it orders suggestions and is no probability.
        """
        batch = [(segment, plain(segment.quote)) for segment in segments]
        texts = [text.text for _, text in batch]
        possible = [self._candidates_.of(text) for text in texts]
        by_pattern = self._patterns_.find(texts, [[timed for timed in found if timed] for found in possible])
        found: list[Suggestion] = []
        for i, (segment, text) in enumerate(batch):
            hits = self._phrase_hits(text.text) if None in possible[i] else {}
            for (number, cue), start, end in by_pattern.get(i, ()):
                hits.setdefault(number, []).append(_Hit(start, end, cue))
            found.extend(self._suggested(segment, text, hits))
        return tuple(found)

    def _version(self) -> str:
        parts: list[str] = []
        for code in self.codes_:
            parts += [code.path, *code.speakers, ""]
            parts += [part for cue in code.cues for part in (cue.kind, cue.text, *self._forms(cue), "")]
        return f"{VERSION}-{stable_id(*parts)[:8]}"

    def _forms(self, cue: Cue) -> tuple[str, ...]:
        return () if cue.kind == "regex" else self.expand(cue)

    def _add(self, code: Code, number: int, cue_number: int, cue: Cue) -> Iterator[str]:
        """Take a cue; yields its phrases, in lower case."""
        if cue.kind == "regex":
            self._patterns_.add((number, cue_number), cue.text, code.path)
        for form in self._forms(cue):
            words = plain(form).text.strip().lower()
            if not words:
                continue
            yield words
            owners = self._owners_.setdefault(self._nlp_.vocab.strings.add(words), [])
            if not owners:
                self._matcher_.add(words, [self._nlp_.tokenizer(words)])
            if (number, cue_number) not in owners:
                owners.append((number, cue_number))

    def _phrase_hits(self, text: str) -> dict[int, list[_Hit]]:
        """Hits by code. Tokens closer or wider than in the cue are none (``co- op``), nor is ``can`` of ``can't``."""
        doc = self._nlp_.tokenizer(text)
        hits: dict[int, list[_Hit]] = {}
        for key, first, last in self._matcher_(doc):
            start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
            if text[start:end].lower() == self._nlp_.vocab.strings[key] and not _NEGATION.match(text, end):
                for number, cue in self._owners_[key]:
                    hits.setdefault(number, []).append(_Hit(start, end, cue))
        return hits

    def _suggested(self, segment: Segment, text: Plain, hits: dict[int, list[_Hit]]) -> Iterator[Suggestion]:
        for number in sorted(hits):
            code = self.codes_[number]
            kept = _outermost(hits[number])
            if not may_speak(code, segment):
                continue
            cues = len({hit.cue for hit in kept})
            start, end = segment.span.start, segment.span.end
            yield Suggestion(
                segment=segment,
                code=code.path,
                score=cues / (cues + 1),
                suggester=self.name,
                version=self.version_,
                reason=Reason("cues", _said(text.text, kept), _evidence(start, text, kept)),
                id=stable_id(self.name, segment.source.id, start, end, code.path),
            )


def may_speak(code: Code, segment: Segment) -> bool:
    """Whether the code applies to the segment's speaker: unless `speakers` names other roles. Unknown roles pass."""
    turn = segment.turn
    return not code.speakers or turn is None or turn.role is None or turn.role in code.speakers


def _blank_english() -> tuple[Any, Any]:
    """A blank English pipeline whose tokens are words and single marks, and a matcher on its lower-case tokens.

    The language's own exceptions would hide words: ``cannot`` is two tokens there, ``dept.`` and ``timetable(s`` one.
    """
    with without_sockets():
        import spacy
    from spacy.matcher import PhraseMatcher
    from spacy.tokenizer import Tokenizer

    nlp = spacy.blank("en")
    mark = r"[^\w\s]|_"
    nlp.tokenizer = Tokenizer(
        nlp.vocab,
        prefix_search=re.compile(f"^(?:{mark})").search,
        suffix_search=re.compile(f"(?:{mark})$").search,
        infix_finditer=re.compile(mark).finditer,
    )
    return nlp, PhraseMatcher(nlp.vocab, attr="LOWER")


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    """Hits in reading order, without those inside a longer one: ``mentor`` in ``mentor meeting``."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.cue)):
        if not (kept and hit.end <= kept[-1].end and (hit.start, hit.end) != (kept[-1].start, kept[-1].end)):
            kept.append(hit)
    return kept


def _said(text: str, hits: list[_Hit]) -> str:
    """``cues "timetable" ×2, "mentor meeting"``: the words found, by cue in the order of their first place."""
    words: dict[int, list[str]] = {}
    for hit in hits:
        words.setdefault(hit.cue, []).append(text[hit.start : hit.end].lower())
    named = [_shortened(found[0]) + (f" ×{len(found)}" if len(found) > 1 else "") for found in words.values()]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"cue{'s' * (len(named) > 1)} {', '.join(named[:MOST_NAMED])}{more}"


def _shortened(words: str) -> str:
    return f'"{words}"' if len(words) <= 40 else f'"{words[:39]}…"'


def _evidence(offset: int, text: Plain, hits: list[_Hit]) -> tuple[tuple[int, int], ...]:
    """The hits as ranges of the source's text, in order, each once."""
    ranges = {(offset + text.original(hit.start), offset + text.original(hit.end)) for hit in hits}
    return tuple(sorted(ranges))
