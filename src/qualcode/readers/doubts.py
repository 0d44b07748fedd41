"""What to look at again in a transcript's labels: speakers heard once, look-alikes, and lines that may be labelled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from qualcode.model import Notice
from qualcode.readers import labels
from qualcode.readers.habits import Candidate, Line
from qualcode.roles import role_of

_MOST_SAID = 12
_MOST_COMPARED = 500


def once(marks: Sequence[Candidate], where: str) -> list[Notice]:
    counts = Counter(one.label for one in marks)
    once = [one for one in marks if counts[one.label] == 1]
    if max(counts.values()) < 2 or not once:
        return []
    place = f"{where}:{once[0].line}"
    if len(once) == 1:
        return [Notice(place, "info", f'the speaker "{once[0].label}" has only this one turn')]
    if len(once) > _MOST_SAID:
        return [Notice(place, "info", f"speakers with only one turn: {len(once)}")]
    said = ", ".join(f'"{one.label}" (line {one.line})' for one in once)
    return [Notice(place, "info", f"speakers with only one turn: {said}")]


def like_labels(found: Sequence[Candidate], where: str) -> list[Notice]:
    """Lines that look like a label but were read as text; the words themselves are not repeated."""
    lines = [one.line for one in found]
    if not lines:
        return []
    said = ", ".join(map(str, lines[:8])) + (" …" if len(lines) > 8 else "")
    plural = "lines begin" if len(lines) > 1 else "line begins"
    return [
        Notice(
            f"{where}:{lines[0]}", "info", f"{len(lines)} {plural} like a speaker's label, read as text: line {said}"
        )
    ]


def without_colon(text: str, lines: Sequence[Line], marks: Sequence[Candidate], where: str) -> list[Notice]:
    """Lines that begin with a speaker's role, code or capitals and no colon before a capital: they are read as text."""
    known = {one.label for one in marks}
    names = {name for name in known if role_of(name) or name.isupper() or labels.shape(name) == "code"}
    names = {name for name in names if len(name) > 1}
    if not names:
        return []
    opening = re.compile(rf"[ \t]*(?:{'|'.join(map(re.escape, sorted(names)))})[ \t]+(?=[A-ZÀ-Þ])")
    heard = {one.line for one in marks}
    found = [line.n for line in lines if line.n not in heard and opening.match(text, line.start, line.end)]
    if not found:
        return []
    said = ", ".join(map(str, found[:8])) + (" …" if len(found) > 8 else "")
    what = "a line begins" if len(found) == 1 else f"{len(found)} lines begin"
    told = f"{what} with a speaker's name without its colon, read as text: line {said}"
    return [Notice(f"{where}:{found[0]}", "warning", told)]


def lookalikes(marks: Sequence[Candidate], where: str) -> list[Notice]:
    """Rare labels that look like a misspelling of a frequent one; they stay as they are."""
    counts = Counter(one.label for one in marks)
    first = {one.label: one.line for one in reversed(marks)}
    common = [(label, count) for label, count in counts.most_common(_MOST_SAID) if count >= 3]
    notices = []
    for rare, count in list(counts.items())[:_MOST_COMPARED]:
        for label, many in common:
            if count <= 2 and many >= 3 * count and _misspelt(rare, label):
                said = f'"{rare}" ({count}) may be "{label}" ({many}); kept apart'
                notices.append(Notice(f"{where}:{first[rare]}", "warning", said))
    return notices


def _misspelt(rare: str, common: str) -> bool:
    if len(rare) < 5 or re.sub(r"\D", "", rare) != re.sub(r"\D", "", common):
        return False
    return SequenceMatcher(None, rare.casefold(), common.casefold()).ratio() >= 0.8
