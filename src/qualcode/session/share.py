"""A coder's share: what was drawn for them to code, and the units that were fixed beforehand; led through one by one.

`qualcode sample` draws sources or turns, `qualcode units freeze` fixes units for everybody. With both, the share is the
units that lie in what was drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qualcode.model import Source, Span
from qualcode.store import Project


@dataclass(frozen=True, slots=True)
class Share:
    """`drawn` turns by source id (None: the whole source), `units` spans by source id; both empty: read as you like."""

    drawn: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    units: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.drawn or self.units)

    @property
    def noun(self) -> str:
        """What a place of it is called."""
        return "unit" if self.units else "drawn turn"

    @property
    def words(self) -> str:
        """What it is, in a few words: ``12 drawn turns in 5 sources``."""
        turns = sum(len(chosen or ()) for chosen in self.drawn.values())
        drawn = _counted(len(self.drawn), "drawn source")
        if self.units:
            where = f" in {drawn}" if self.drawn else ""
            return f"the units “{self.name}”{where}"
        return f"{_counted(turns, 'drawn turn')} in {_counted(len(self.drawn), 'source')}" if turns else drawn

    def holds(self, source: str) -> bool:
        """Whether something in the source with this id is in it."""
        return source in (self.drawn or self.units) and (not self.units or bool(self.units.get(source)))

    def places(self, source: Source) -> tuple[Span, ...] | None:
        """What of a source is to be coded, in order; None where that is all of it."""
        if self.drawn and source.id not in self.drawn:
            return ()
        chosen = self.drawn.get(source.id)
        turns = None if chosen is None else tuple(turn.span for turn in source.turns if turn.n in chosen)
        if not self.units:
            return turns
        spans = self.units.get(source.id, ())
        return spans if turns is None else tuple(s for s in spans if any(s.overlaps(turn) for turn in turns))


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' * (n != 1)}"


def share_of(project: Project, coder: str) -> Share:
    """The newest draw that gives a coder something, and the newest units fixed beforehand."""
    from qualcode.workflow import frozen_units, sampling_desk

    fixed = frozen_units.all_frozen(project)
    drawn = sampling_desk.given(project, coder)
    return Share(drawn, fixed[-1].spans if fixed else {}, fixed[-1].name if fixed else "")
