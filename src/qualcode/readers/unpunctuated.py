"""Labels without a colon: ``INT So how …``, ``Anna    Well …``, ``(Anna) Well …``, ``A.K. Well …``.

A sentence begins like that too, so these are looked for only where no other label is found, and only believed when
they begin nearly every paragraph, take turns and somebody asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qualcode.readers import labels
from qualcode.readers.habits import Candidate, Line
from qualcode.roles import role_of

_DENSE = 0.8
_CHANGES = 0.6
_ASKS = 0.25
_FEWEST = 4
_LABEL = r"[^\W\d_][^\n:：\[\](){}\t<>\"“”?!;=]{0,38}?"
_OPENING = re.compile(
    rf"[ \t]*+(?:\((?P<inside>{_LABEL})\)[ \t]+|(?P<apart>{_LABEL})(?:[ ]{{2,}}|;[ \t]+)|"
    r"(?P<initials>(?:[^\W\d_]\.){2,4})[ ]|(?P<word>[^\W\d_]{1,14}[ ]?\d{0,3})[ ](?=[^\s\d]))(?=\S)"
)
_ENGLISH_LETTERS = {"I", "A"}


def marks(text: str, lines: Sequence[Line]) -> list[Candidate]:
    """The labels, or none where the file is no such talk."""
    found = list(_candidates(text, lines))
    counts = Counter(one.key for one in found)
    kept = [one for one in found if counts[one.key] > 1]
    if len(kept) < _FEWEST or len({one.key for one in kept}) < 2:
        return []
    opening = sum(line.opens for line in lines)
    if len(kept) < _DENSE * (opening if opening >= len(kept) else len(lines)):
        return []
    changes = sum(one.key != other.key for one, other in pairwise(kept))
    if changes < _CHANGES * (len(kept) - 1) or not _somebody_asks(text, kept):
        return []
    return kept


def _candidates(text: str, lines: Sequence[Line]) -> Iterator[Candidate]:
    for line in lines:
        found = _OPENING.match(text, line.start, min(line.end, line.start + 80))
        label = labels.tidy(next(filter(None, found.groups()), "")) if found else ""
        if found is None or not _may_be(label, found, text[found.end()]):
            continue
        yield Candidate(line.n, line.start, found.end(), label, "given", opens=line.opens)


def _may_be(label: str, found: re.Match[str], after: str) -> bool:
    """Whether words can be a label: in front of a single blank only capitals, codes and roles, and letters that are
    words too ("I", "A") only before a capital."""
    shape = labels.shape(label)
    if shape in (None, "other") or labels.is_sound(label):
        return False
    if not found["word"]:
        return True
    if label in _ENGLISH_LETTERS and after.islower():
        return False
    return label.isupper() or role_of(label) is not None


def _somebody_asks(text: str, found: Sequence[Candidate]) -> bool:
    if any(role_of(one.label) == "interviewer" for one in found):
        return True
    until = [*(one.start for one in found[1:]), len(text)]
    asked = Counter(
        one.key
        for one, end in zip(found, until, strict=True)
        if text[one.speech : end].rstrip().endswith(("?", "？", "؟"))
    )
    counts = Counter(one.key for one in found)
    return any(asked[key] >= _ASKS * many for key, many in counts.items())
