"""Layers: whose codings, of which round, code and speaker, a coder looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qualcode.model import Coding


@dataclass(frozen=True, slots=True)
class Layers:
    """What is shown of the codings. None shows all; `codes` are paths that stand for what is below them too.

    `hidden` is for a fresh reading: no coding is shown at all. `called` is what `codes` go by when they are a set.
    """

    coders: frozenset[str] | None = None
    rounds: frozenset[int] | None = None
    codes: tuple[str, ...] | None = None
    speakers: frozenset[str] | None = None
    suggestions: bool = False
    hidden: bool = False
    called: str = ""

    def shows(self, coding: Coding) -> bool:
        """Whether a coding is shown."""
        if self.hidden or (self.coders is not None and coding.coder not in self.coders):
            return False
        if self.rounds is not None and coding.round not in self.rounds:
            return False
        if self.codes is not None and not any(f"{coding.code}/".startswith(f"{path}/") for path in self.codes):
            return False
        if self.speakers is None:
            return True
        turn = coding.segment.turn
        return turn is not None and turn.speaker in self.speakers

    def shown(self, codings: Iterable[Coding]) -> tuple[Coding, ...]:
        """The codings that stand in the text and are shown, in their order."""
        return tuple(coding for coding in codings if coding.anchor != "orphan" and self.shows(coding))

    @property
    def words(self) -> str:
        """What is shown, in a few words; empty for everything."""
        if self.hidden:
            return "codings hidden"
        parts = []
        if self.coders is not None:
            parts.append("+".join(sorted(self.coders)) or "nobody")
        if self.rounds is not None:
            parts.append("round " + ",".join(map(str, sorted(self.rounds))))
        if self.codes is not None:
            parts.append(self.called or " ".join(path.rpartition("/")[2] for path in self.codes))
        if self.speakers is not None:
            parts.append("says " + ",".join(sorted(self.speakers)))
        return " · ".join(parts)
