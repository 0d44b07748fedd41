"""A coding whose words a revision took out gets a place again: where to begin to look, and the act itself."""

from __future__ import annotations

from qualcode.errors import UsageError
from qualcode.model import Coding, Source, Span
from qualcode.session.numbering import Numbered
from qualcode.session.sitting import Sitting

LIKE = 75.0  # of 100: from here on words are shown as perhaps the ones; a person decides


def likely(coding: Coding, source: Source) -> Span | None:
    """Where to begin to look in the present text: the most similar words, else the stretch that changed.

    Nothing is stored. On 1.2 million characters it takes 0.25 s.
    """
    from rapidfuzz.fuzz import partial_ratio_alignment

    text = Numbered(source)
    found = partial_ratio_alignment(coding.segment.quote, source.text, score_cutoff=LIKE)
    if found is not None and found.dest_end > found.dest_start:
        first = text.around("word", found.dest_start)
        last = text.before("word", found.dest_end)
        if first and last and first.start < last.end:
            return Span(first.start, last.end)
    return text.around("sentence", _kept_in_proportion(coding.span.start, coding.source.text, source.text))


def _kept_in_proportion(offset: int, old: str, new: str) -> int:
    """Where an offset of the old text is in the new one, if what changed between them was stretched evenly."""
    same = _alike(old, new)
    tail = _alike(old[same:][::-1], new[same:][::-1])
    inside = max(len(old) - same - tail, 1)
    share = min(max(offset - same, 0) / inside, 1.0)
    return min(offset, same) + int(share * (len(new) - same - tail))


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def put(sitting: Sitting, coding: Coding) -> str:
    """Give the coding the selection as its place: the same coding, with its memo and certainty, under its id.

    Raises UsageError when another source is being read.
    """
    if sitting.reading.source.id != coding.source.id:
        name = sitting.project.source_names().get(coding.source.id, coding.source.name)
        raise UsageError(f"this coding belongs to {name}", "O opens it again")
    return sitting.resize(coding)
