"""The block above a transcript that says who, when and where: its "Interviewer: J. Hill" is no turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

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
    step = _step(lines)
    above = 0
    for line in lines[:_MOST_LINES]:
        opens, above = line.n > above + step, line.n
        if line.n <= last:
            continue
        content = text[line.start : line.end].strip()
        head, colon, value = content.partition(":")
        if colon and labels.is_heading(head):
            last, block_open = line.n, True
        elif block_open and not opens and line.n in first and _names_someone(first[line.n], value, counts):
            last = line.n
        elif _is_talk(content, first.get(line.n)):
            break
        block_open = block_open and not (opens and line.n != last)
    return [one for one in found if one.line > last]


def _first_block(text: str, lines: Sequence[Line], first: dict[int, Candidate]) -> int:
    """The last line of the first block of lines if it is a header, else 0.

    A blank line ends the block; else a sentence does, and then the header ends with its last heading, and what it
    names before that must be names.
    """
    block: list[Line] = []
    step = _step(lines)
    for line in lines[:_MOST_LINES]:
        content = text[line.start : line.end].strip()
        if block and line.n > block[-1].n + step:
            break
        if len(content) > 2 * _SHORT or content.endswith((".", "?", "!", "…")):
            return _last_heading(text, block, first)
        block.append(line)
    headings = [line for line in block if _is_heading(text, line)]
    told = sum(line.n in first for line in block)
    return block[-1].n if headings and told and len(block) < len(lines) else 0


def _step(lines: Sequence[Line]) -> int:
    """How far apart the lines of one block are: 2 where a blank line follows every line, as in a printed page."""
    return 2 if all(after.n - line.n > 1 for line, after in pairwise(lines[:_MOST_LINES])) else 1


def _last_heading(text: str, block: Sequence[Line], first: dict[int, Candidate]) -> int:
    last = max((line.n for line in block if _is_heading(text, line)), default=0)
    told = [first[line.n] for line in block if line.n in first and line.n <= last]
    once = len({one.key for one in told}) == len(told)
    names = all(labels.shape(_value(text, line)) in ("name", "code") for line in block if line.n in first)
    return last if once and names else 0


def _is_heading(text: str, line: Line) -> bool:
    head, colon, _ = text[line.start : line.end].strip().partition(":")
    return bool(colon) and labels.is_heading(head)


def _value(text: str, line: Line) -> str:
    return text[line.start : line.end].partition(":")[2].strip()


def _is_talk(content: str, one: Candidate | None) -> bool:
    return (one is not None and one.form in _SURE) or len(content) > _SHORT or content.endswith((".", "?", "!"))


def _names_someone(one: Candidate, value: str, counts: Counter[str]) -> bool:
    if not role_of(one.label) and counts[one.key] > 1:
        return False
    return counts[one.key] == 1 or (labels.shape(value) in ("name", "code") and not labels.is_backchannel(value))
