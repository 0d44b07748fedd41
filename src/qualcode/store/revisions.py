"""Text versions of a source, and the places of spans in the current one.

A revision names the text it corrects (`base`), the new text, and the blocks that are the same in both. A span is kept
with the text it was chosen in and carried along the way from there to the current text, backwards over a revision that
was undone: so codings that arrive later by a merge follow too, and every replay ends at the same place.

Two people who import one file, or correct one typo, apart have one text under two content ids, because each content has
a salt of its own. Here both go by the id that comes first in the log; see `alike`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from qualcode.alignment import align, gaps
from qualcode.anchors import Block, Carrier
from qualcode.model import Anchor, Span

_ORDER: tuple[Anchor, ...] = ("exact", "edited", "review", "orphan")
SHOWN = 40  # characters of a changed place that tell one revision from another


@dataclass(frozen=True, slots=True)
class Step:
    """One revision: from text `base` to text `text` (content ids, see `alike`). `ref` is its event, ``ACT:K``."""

    ref: str
    base: str
    text: str
    about: str
    sha256: str
    chars: int
    blocks: tuple[Block, ...]
    live: bool


class Placed(NamedTuple):
    """A span in the text `text`; for an orphan that is the last text that had it."""

    start: int
    end: int
    text: str
    anchor: Anchor


_STEPS = """
SELECT act.id || ':' || event.k, event.body, act.id NOT IN (SELECT act FROM undone)
FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND event.kind = 'source.revise' ORDER BY act.lamport, act.id, event.k
"""
_TEXTS = """
SELECT json_extract(event.body, '$.text') FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND event.kind IN ('source.add', 'source.revise') ORDER BY act.lamport, act.id, event.k
"""
_FIRST = """
SELECT json_extract(event.body, '$.text') FROM event JOIN act ON act.id = event.act
WHERE event.target = ? AND event.kind = 'source.add' AND act.id NOT IN (SELECT act FROM undone)
ORDER BY act.lamport DESC, act.id DESC, event.k DESC LIMIT 1
"""


def alike(conn: sqlite3.Connection, source: str) -> dict[str, str]:
    """Content id → the first one of this source, in log order, that holds the same text. Erased ones stand alone."""
    ids = [row[0] for row in conn.execute(_TEXTS, (f"source:{source}",))]
    if len(ids) < 2:
        return {}
    found: dict[str, str] = {}
    first: dict[str, str] = {}
    for key in ids:
        data = _data(conn, key)
        found.setdefault(key, key if data is None else first.setdefault(data, key))
    return found


def _data(conn: sqlite3.Connection, key: str) -> str | None:
    row = conn.execute("SELECT data FROM content WHERE id = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def steps(conn: sqlite3.Connection, source: str) -> tuple[Step, ...]:
    """The revisions of a source in log order, undone ones included."""
    same = alike(conn, source)
    found = []
    for ref, told, live in conn.execute(_STEPS, (f"source:{source}",)):
        body = json.loads(told)
        base, text = (same.get(key, key) for key in (body["base"], body["text"]))
        blocks = tuple(Block(*block) for block in body["blocks"])
        found.append(Step(ref, base, text, body["about"], body["sha256"], body["chars"], blocks, bool(live)))
    return tuple(found)


def first_text(conn: sqlite3.Connection, source: str) -> str | None:
    """The content id of the text as it was imported, or None when the source is not there."""
    row = conn.execute(_FIRST, (f"source:{source}",)).fetchone()
    return None if row is None else alike(conn, source).get(row[0], str(row[0]))


def chain(first: str, found: tuple[Step, ...]) -> tuple[Step, ...]:
    """The live revisions that lead from the first text to the current one.

    Of two live revisions of one text the earlier in the log counts; the other is a conflict until it is settled.
    """
    way: list[Step] = []
    current = first
    for step in found:
        if step.live and step.base == current:
            way.append(step)
            current = step.text
    return tuple(way)


def rivals(first: str, found: tuple[Step, ...]) -> tuple[Step, ...]:
    """Live revisions that do not count because another of the same text does, and says something else."""
    counted = {(step.base, step.text) for step in chain(first, found)}
    return tuple(step for step in found if step.live and (step.base, step.text) not in counted)


def told(conn: sqlite3.Connection, step: Step) -> str:
    """What a revision changed, to tell it from another of the same text: how many places, and the first of them."""
    old, new = _data(conn, step.base), _data(conn, step.text)
    if old is None or new is None:
        return f"{step.chars} characters"
    blocks = _true_blocks(old, new, step.blocks)
    changed = [gap for gap in gaps(align(old, new) if blocks is None else blocks, old, new) if gap.cost]
    if not changed:
        return "changes nothing"
    first = changed[0]
    places = f"{len(changed)} places changed, first" if len(changed) > 1 else "1 place changed,"
    return f"{places} “{_around(old, first.old, first.old_end)}” to “{_around(new, first.new, first.new_end)}”"


def _around(text: str, start: int, end: int) -> str:
    """A stretch with the whole words at its ends; the middle of a long one is left out."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    words = " ".join(text[start:end].split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN // 2]} … {words[-SHOWN // 2 :]}"


class Places:
    """Carries spans to the current texts; remembers alignments while one projection runs.

    `several` are the touched sources that ever had a second text; the texts of the others need not be looked up.
    `contents` are some that are at hand, by id.
    """

    def __init__(
        self, conn: sqlite3.Connection, several: Collection[str] = (), contents: Mapping[str, str] = {}
    ) -> None:
        self.conn = conn
        self.several = several
        self._contents = contents
        self._alike: dict[str, dict[str, str]] = {}
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._carriers: dict[tuple[str, str], Carrier | None] = {}
        self._current: dict[str, str | None] = {}

    def content(self, key: str) -> str | None:
        """The data of a content, None when it was erased."""
        return self._contents.get(key) or _data(self.conn, key)

    def same(self, source: str, text: str) -> str:
        """The content id that stands for this text of the source; see `alike`."""
        if source not in self._alike:
            self._alike[source] = alike(self.conn, source)
        return self._alike[source].get(text, text)

    def steps(self, source: str) -> tuple[Step, ...]:
        """See `steps`."""
        if source not in self._steps:
            self._steps[source] = steps(self.conn, source)
        return self._steps[source]

    def current(self, source: str) -> str | None:
        """The content id of the source's current text, or None when the source is not there."""
        if source not in self._current:
            first = first_text(self.conn, source)
            way = chain(first, self.steps(source)) if first else ()
            self._current[source] = way[-1].text if way else first
        return self._current[source]

    def place(self, source: str, text: str, start: int, end: int) -> Placed:
        """Where the span of `text` is in the source's current text."""
        if text == (self._current.get(source) or self.current(source)):
            return Placed(start, end, text, "exact")
        at = Placed(start, end, self.same(source, text), "exact")
        for here, there in self._way(source, at.text, self.current(source)):
            carrier = self._carrier(source, here, there)
            if carrier is None:
                return Placed(at.start, at.end, at.text, "orphan")
            carried = carrier.carry(Span(at.start, at.end))
            if carried.span is None:
                return Placed(at.start, at.end, at.text, "orphan")
            anchor = max(at.anchor, carried.anchor, key=_ORDER.index)
            at = Placed(carried.span.start, carried.span.end, there, anchor)
        return at

    def turns(self, about: str) -> list[list[Any]]:
        """The turns of a text version, as they are stored."""
        text = _data(self.conn, about)
        return [] if text is None else list(json.loads(text)["turns"])

    def _way(self, source: str, text: str, goal: str | None) -> Iterator[tuple[str, str]]:
        """The shortest way from one text to another over revisions, in either direction; straight where there is none,
        as between two readings of one file."""
        if goal is None or goal == text:
            return
        before: dict[str, str] = {text: text}
        queue = deque([text])
        while queue and goal not in before:
            here = queue.popleft()
            for step in self.steps(source):
                for one, other in ((step.base, step.text), (step.text, step.base)):
                    if one == here and other not in before:
                        before[other] = here
                        queue.append(other)
        way = [goal]
        while way[-1] != text:
            way.append(before.get(way[-1], text))
        way.reverse()
        yield from pairwise(way)

    def _carrier(self, source: str, here: str, there: str) -> Carrier | None:
        if (here, there) not in self._carriers:
            self._carriers[here, there] = self._made(source, here, there)
        return self._carriers[here, there]

    def _made(self, source: str, here: str, there: str) -> Carrier | None:
        old, new = _data(self.conn, here), _data(self.conn, there)
        if old is None or new is None:
            return None
        for step in self.steps(source):
            if (step.base, step.text) == (here, there):
                return Carrier(old, new, _true_blocks(old, new, step.blocks))
            if (step.text, step.base) == (here, there):
                turned = tuple(Block(b.new, b.old, b.length) for b in step.blocks)
                return Carrier(old, new, _true_blocks(old, new, turned))
        return Carrier(old, new)


def _true_blocks(old: str, new: str, blocks: Sequence[Block]) -> Sequence[Block] | None:
    """The blocks when they are in order and hold the same text; None, to align anew, when somebody made them up."""
    old_at = new_at = 0
    for block in blocks:
        if block.old < old_at or block.new < new_at or block.length < 1:
            return None
        old_at, new_at = block.old + block.length, block.new + block.length
        if old[block.old : old_at] != new[block.new : new_at] or old_at > len(old):
            return None
    return blocks
