"""What recurs around the text of printed pages: running heads, page numbers, numbers of lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from qualcode.readers.gutters import Line
from qualcode.roles import role_of

_DIGITS = re.compile(r"\d+")
_PAGE = re.compile(
    r"(?i)(?:page|seite|p\.|pág(?:ina)?\.?)?\s*[-–—\[(]?\s*(\d{1,4})\s*[-–—\])]?(?:\s*(?:/|of|von|de|sur)\s*\d{1,4})?"
)
_NUMBER = re.compile(r"\d{1,5}")
_LEADING = re.compile(r"(\d{1,5})\s+(?=\S)")
_ROUNDS = 4
_SAME_HEIGHT = 8.0
_SHARE = 0.4
_EDGE = 0.1  # of the page's height; margins of an inch, within which heads stand, are .09 of it
_COVERED = 0.6
_FEWEST_NUMBERS = 5
_STEPS = (1, 2, 5, 10)


@dataclass
class Margins:
    """The lines without what recurs, and what that was: heads by their first and last form, with their pages."""

    lines: list[Line]
    heads: list[tuple[str, str, int]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def without_margins(lines: Sequence[Line], pages: int) -> Margins:
    """The lines of `pages` pages without heads, page numbers and line numbers."""
    found = Margins(list(lines))
    _drop_line_numbers(found)
    for bottom in (False, True):
        for _ in range(_ROUNDS):
            if not _peel(found, pages, bottom=bottom):
                break
    return found


def _peel(found: Margins, pages: int, *, bottom: bool) -> bool:
    """Drop what recurs among the outermost lines of the pages; whether there was any."""
    outer: dict[int, Line] = {}
    for line in found.lines:
        if (line.depth > _EDGE) if bottom else (line.depth < 1 - _EDGE):
            continue
        other = outer.get(line.page)
        if other is None or (line.bottom < other.bottom if bottom else line.bottom > other.bottom):
            outer[line.page] = line
    dropped = _page_numbers(found, outer, pages) or _heads(found, outer, pages)
    found.lines = [line for line in found.lines if outer.get(line.page) is not line or line.page not in dropped]
    return bool(dropped)


def _enough(pages: int) -> int:
    """On how many pages something recurs: two fifths, for heads of left and right pages differ and chapters begin."""
    return max(2, -(-int(_SHARE * 10) * pages // 10))


def _page_numbers(found: Margins, outer: dict[int, Line], pages: int) -> set[int]:
    """Pages whose outermost line is a number that goes up with them."""
    numbers = {page: int(match[1]) for page, line in outer.items() if (match := _PAGE.fullmatch(line.text))}
    offsets = Counter(number - page for page, number in numbers.items())
    if not offsets or offsets.most_common(1)[0][1] < _enough(pages):
        return set()
    common = offsets.most_common(1)[0][0]
    taken = {page for page, number in numbers.items() if number - page == common}
    found.pages += [numbers[page] for page in sorted(taken)]
    return taken


def _heads(found: Margins, outer: dict[int, Line], pages: int) -> set[int]:
    """Pages whose outermost line recurs there, at the same height and nowhere else; numbers in it may differ."""
    forms = defaultdict(list)
    for page, line in sorted(outer.items()):
        forms[_form(line)].append((page, line))
    inside = Counter(_form(line) for line in found.lines if outer.get(line.page) is not line)
    taken: set[int] = set()
    for form, where in forms.items():
        heights = sorted(line.bottom for _, line in where)
        middle = heights[len(heights) // 2]
        alike = [(page, line) for page, line in where if abs(line.bottom - middle) < _SAME_HEIGHT]
        if (
            len(alike) < _enough(pages)
            or inside[form] > len(alike) // 10
            or form.endswith((":", "："))
            or role_of(form)
        ):
            continue
        taken |= {page for page, _ in alike}
        found.heads.append((alike[0][1].text, alike[-1][1].text, len(alike)))
    return taken


def _form(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _drop_line_numbers(found: Margins) -> None:
    """Numbers of lines or paragraphs, which stand beside the text or before the words of a line."""
    words = [line for line in found.lines if not _NUMBER.fullmatch(line.text)]
    if not words:
        return
    left = Counter(round(line.rest) for line in words).most_common(1)[0][0]
    beside = [line for line in found.lines if _NUMBER.fullmatch(line.text) and line.right < left]
    counted = set(map(id, _counting(beside)))
    before = [line for line in words if _LEADING.match(line.text) and abs(line.rest - left) < 3 and _stands_off(line)]
    leading = set(map(id, _counting(before)))
    pages = {line.page for line in before}
    every = len(leading) >= _COVERED * sum(line.page in pages for line in words)
    if not every and _step([_first(line) for line in before]) == 1:
        leading = set()  # a numbered list
    if len(counted) + len(leading) < _FEWEST_NUMBERS:
        return
    kept = []
    for line in found.lines:
        if id(line) in counted:
            found.numbers.append(int(line.text))
        elif id(line) in leading:
            number = _LEADING.match(line.text)
            assert number is not None
            found.numbers.append(int(number[1]))
            bold = max(0, line.bold - number.end())
            kept.append(replace(line, text=line.text[number.end() :], left=line.rest, bold=bold))
        else:
            kept.append(line)
    found.lines = kept


def _stands_off(line: Line) -> bool:
    """Whether the number before a line's words is further away from them than a blank."""
    number = _LEADING.match(line.text)
    return number is not None and line.rest - line.left > (0.5 * len(number[1]) + 0.9) * line.height


def _step(numbers: Sequence[int]) -> int:
    steps = Counter(two - one for one, two in pairwise(numbers))
    return steps.most_common(1)[0][0] if steps else 0


def _counting(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines whose numbers count up in equal steps, three or more in a row."""
    run: list[Line] = []
    step = 0
    for line in lines:
        ahead = _first(line) - _first(run[-1]) if run else 0
        if run and ahead in _STEPS and (len(run) == 1 or ahead == step):
            step = ahead
            run.append(line)
            continue
        if len(run) >= 3:
            yield from run
        run = [line]
    if len(run) >= 3:
        yield from run


def _first(line: Line) -> int:
    found = _NUMBER.match(line.text)
    return int(found[0]) if found else -1
