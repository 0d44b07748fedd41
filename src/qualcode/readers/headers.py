"""The block above a transcript that says who, when and where: its "Interviewer: J. Hill" is no turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qualcode.readers import labels
from qualcode.readers.habits import Candidate, Line
from qualcode.roles import role_of

_SHORT = 60
_MOST_LINES = 40
_SURE = ("timed line", "colon", "court")


def below_header(text: str, lines: Sequence[Line], found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates below the header: below the first block if it is one, else below the last line of a header's kind.

    A block is a header when it gives a date, place or length and nothing in it is long or ends like a sentence.
    """
    first = {one.line: one for one in found}
    counts = Counter(one.key for one in found)
    last, block_open = _first_block(text, lines, first), False
    for line in lines[:_MOST_LINES]:
        if line.n <= last:
            continue
        content = text[line.start : line.end].strip()
        head, colon, value = content.partition(":")
        if colon and labels.is_heading(head):
            last, block_open = line.n, True
        elif block_open and not line.opens and line.n in first and _names_someone(first[line.n], value, counts):
            last = line.n
        elif _is_talk(content, first.get(line.n)):
            break
        block_open = block_open and not (line.opens and line.n != last)
    return [one for one in found if one.line > last]


def _first_block(text: str, lines: Sequence[Line], first: dict[int, Candidate]) -> int:
    """The last line of the first block of lines if it is a header, else 0."""
    block: list[Line] = []
    for line in lines[:_MOST_LINES]:
        if block and line.opens:
            break
        block.append(line)
    contents = [text[line.start : line.end].strip() for line in block]
    headings = sum(labels.is_heading(content.partition(":")[0]) for content in contents if ":" in content)
    spoken = any(len(content) > 2 * _SHORT or content.endswith((".", "?", "!", "…")) for content in contents)
    told = sum(line.n in first for line in block)
    return block[-1].n if headings and told and not spoken and len(block) < len(lines) else 0


def _is_talk(content: str, one: Candidate | None) -> bool:
    return (one is not None and one.form in _SURE) or len(content) > _SHORT or content.endswith((".", "?", "!"))


def _names_someone(one: Candidate, value: str, counts: Counter[str]) -> bool:
    if not role_of(one.label) and counts[one.key] > 1:
        return False
    return counts[one.key] == 1 or (labels.shape(value) in ("name", "code") and not labels.is_backchannel(value))
