"""Picking a code by a few letters, and noticing that a new name is nearly an old one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from qualcode.model import Code

ALIKE = 0.8  # share of matching letters from which two names are shown as near-duplicates


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
    letters = ".*?".join(map(re.escape, wanted.replace(" ", "")))
    best: int | None = None
    for name in names:
        match = re.search(letters, name)
        if match is not None:
            best = min(best or 10_000, 10 + match.end() - match.start() + match.start())
    return best


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
