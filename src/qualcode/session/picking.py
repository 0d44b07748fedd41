"""Picking a code by a few letters, and noticing that a new name is nearly an old one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from qualcode.model import Code

ALIKE = 0.8  # share of matching letters from which two names are shown as near-duplicates


FIRM = 10  # scores below say that the letters stand together, or are the initials


def firm(typed: str, code: Code) -> bool:
    """Whether the code's name holds what was typed, rather than its letters scattered: ``care`` in ``change-here``."""
    score = _score(typed.casefold().strip(), code)
    return score is not None and score < FIRM


def rank(typed: str, codes: Sequence[Code], recent: Sequence[str] = ()) -> list[Code]:
    """The codes that `typed` may stand for, best first, by leaf, label or path; nothing typed: recent ones first."""
    wanted = typed.casefold().strip()
    order = {path: place for place, path in enumerate(recent)}
    if not wanted:
        return sorted(codes, key=lambda code: order.get(code.path, len(order)))
    scored = [(score, order.get(code.path, len(order)), number, code) for number, code in enumerate(codes)
              if (score := _score(wanted, code)) is not None]  # fmt: skip
    return [code for *_, code in sorted(scored, key=lambda row: row[:3])]


def _score(wanted: str, code: Code) -> int | None:
    """Smaller is better; None when the letters do not even occur in order."""
    leaf = code.path.rpartition("/")[2].casefold()
    names = (leaf, code.label.casefold(), code.path.casefold())
    if wanted in names:
        return 0
    for worth, name in enumerate(names, 1):
        if name.startswith(wanted):
            return worth
    if any(re.search(rf"\b{re.escape(wanted)}", name) for name in names):
        return 5
    if any(wanted in name for name in names):
        return 6
    if len(wanted) > 1 and any("".join(re.findall(r"\b\w", name)) == wanted for name in names):
        return 7
    ends = [end for name in names if (end := _scattered(wanted.replace(" ", ""), name)) is not None]
    return FIRM + min(ends) if ends else None


def _scattered(letters: str, name: str) -> int | None:
    """How much of the name it takes to find the letters in their order; None when they are not there."""
    at = 0
    for letter in letters:
        at = name.find(letter, at) + 1
        if at == 0:
            return None
    return at


def alike(name: str, codes: Iterable[Code]) -> tuple[Code, ...]:
    """Codes whose name is nearly this one: a hint before a new code is made, never a reason to refuse it."""
    said = _bare(name)
    if not said:
        return ()
    found = []
    for code in codes:
        names = {_bare(code.path.rpartition("/")[2]), _bare(code.label)} - {""}
        best = max((SequenceMatcher(None, said, other).ratio() for other in names), default=0.0)
        if best >= ALIKE:
            found.append((-best, code.path, code))
    return tuple(code for *_, code in sorted(found, key=lambda row: row[:2]))


def _bare(name: str) -> str:
    return re.sub(r"[^\w]+", " ", name.casefold()).strip()
