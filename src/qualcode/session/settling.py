"""The queue of disagreements: what each coder has at a place, and what holds there, decided one row at a time.

Nothing is chosen beforehand and nobody's codings change: what holds goes into the consensus, as with `adjudicate`. The
queue is read only when it is opened, and the log notes whose layers it showed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import UsageError
from qualcode.model import Disagreement
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting

if TYPE_CHECKING:
    from qualcode.workflow.adjudicating import Decision

TITLE = "disagreements to settle"


@dataclass(frozen=True, slots=True)
class Side:
    """One coder at a place: their codings in words; empty for a coder who read it and coded nothing there."""

    coder: str
    codings: tuple[str, ...]


class Differences:
    """The open places, deferred ones last, and the verbs that settle them.

    Reading them costs what `qualcode disagreements` does. Raises UsageError where there is nothing to compare.
    """

    def __init__(self, sitting: Sitting) -> None:
        from qualcode.agreement import Request
        from qualcode.workflow import adjudicating

        self.sitting = sitting
        found = adjudicating.found(sitting.project, Request())
        self.decisions = dict(found.decisions)
        self.items: list[Disagreement] = sorted(found.open, key=lambda place: place.id in self.decisions)
        self.reasons: dict[str, str] = {}

    def opened(self) -> None:
        """The list is on the screen: the log notes the layers of others that its rows are made of."""
        mine = self.sitting.coder
        pairs = {(place.source.id, name): None for place in self.items for name in place.by_coder if name != mine}
        self.sitting.note_seen(pairs)

    @staticmethod
    def sides(place: Disagreement) -> tuple[Side, ...]:
        """What each coder has there, in the order of the coders; the n-th is taken with key n."""
        from qualcode.analysis.discussion import in_words

        return tuple(
            Side(name, tuple(in_words(place, coding) for coding in made)) for name, made in place.by_coder.items()
        )

    def deferred(self, place: Disagreement) -> Decision | None:
        """Who left it for later and why, if somebody did."""
        return self.decisions.get(place.id)

    @staticmethod
    def kind(place: Disagreement) -> str:
        """How the readings differ, of which codebook, and what agreeing here would change."""
        from qualcode.analysis.discussion import WORDS

        effect = "" if place.effect is None else f" · effect on alpha {place.effect:+.3f}"
        return f"{WORDS[place.kind]} · {place.codebook}{effect}"

    def remarks(self, place: Disagreement) -> str:
        """What was said about it: the reason to be stored, who left it for later, the coders' memos and doubts."""
        from qualcode.analysis.discussion import remarks

        later = self.deferred(place)
        said = [f"why: {self.reasons[place.id]}"] if place.id in self.reasons else []
        if later is not None:
            said.append(f"left for later by {later.by}" + (f": {later.why}" if later.why else ""))
        return " · ".join([*said, *remarks(place)])

    def explain(self, place: Disagreement, why: str) -> str:
        """Hold a reason for this place until it is decided; empty takes it away."""
        kept = " ".join(why.split())
        self.reasons.pop(place.id, None)
        if not kept:
            return "no reason"
        self.reasons[place.id] = kept
        return "the reason is stored with what you decide here"

    # -- deciding -------------------------------------------------------------------------------------------------

    def take(self, place: Disagreement, number: int) -> str:
        """The n-th coder's codings hold, n from 1. Raises UsageError when there is no such coder."""
        names = list(place.by_coder)
        if not 1 <= number <= len(names):
            raise UsageError(f"there is no coder {number} here", f"take 1 to {len(names)}, b both, n neither")
        return self._settle(place, names[number - 1], names[number - 1])

    def both(self, place: Disagreement) -> str:
        """Everyone's codes hold, each where any coder has it."""
        return self._settle(place, "both", "everyone's codes")

    def neither(self, place: Disagreement) -> str:
        """No code holds there."""
        return self._settle(place, "neither", "no code")

    def other(self, place: Disagreement, code: str) -> str:
        """Another code of the same codebook holds for the whole place. Raises UsageError for another codebook's."""
        return self._settle(place, "codes", leaf(code), (code,))

    def defer(self, place: Disagreement) -> str:
        """Leave it open, with the reason; it comes last from now on."""
        from qualcode.workflow import adjudicating

        said = self._settle(place, "defer", "left for later", stays=True)
        self.decisions[place.id] = adjudicating.decisions(self.sitting.project)[place.id]
        return said

    def _settle(
        self, place: Disagreement, side: str, said: str, codes: tuple[str, ...] = (), *, stays: bool = False
    ) -> str:
        from qualcode.workflow import adjudicating

        choice = adjudicating.Choice(side, codes, why=self.reasons.get(place.id, ""))
        done = adjudicating.settle(self.sitting.project, [place.id], choice, coder=self.sitting.coder)
        self.reasons.pop(place.id, None)
        self.items.remove(place)
        if stays:
            self.items.append(place)
        self.sitting.refresh_codes()
        finished = f" · {place.source.name} has its consensus" if done.finished else ""
        return f"saved  {said} · {done.open} left{finished}"
