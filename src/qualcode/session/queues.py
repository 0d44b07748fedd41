"""Review queues: suggestions, places to check after a revision, codings made under another definition.

One key decides a row: accept, reject, correct or skip. Nothing is ticked beforehand, and what was decided is stored
before the next row is shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qualcode.errors import UsageError
from qualcode.model import Coding, Source, Span, Suggestion
from qualcode.session.acting import Place
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting

Name = Literal["suggestions", "anchors", "definitions"]
NAMES: tuple[Name, ...] = ("suggestions", "anchors", "definitions")
TITLES = {
    "suggestions": "suggestions",
    "anchors": "places to check after a revision",
    "definitions": "codings made under another definition",
}


NOTHING = {
    "suggestions": "`qualcode suggest` proposes codes; what is not decided yet waits here.",
    "anchors": "After a transcript was corrected, codings whose words changed wait here to be checked.",
    "definitions": "After a code's definition was changed, your codings made before wait here.",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One row to decide: a place, a code, and why it is here. An orphan's span is in its earlier text."""

    source: Source
    span: Span
    code: str
    why: str
    coding: Coding | None = None
    suggestion: Suggestion | None = None

    @property
    def orphan(self) -> bool:
        """Whether its words are no longer in the text."""
        return self.coding is not None and self.coding.anchor == "orphan"


class Queue:
    """One queue as it stands, and the verbs that decide its rows. Times are counted from when a row is first shown."""

    def __init__(self, sitting: Sitting, name: Name) -> None:
        self.sitting = sitting
        self.name: Name = name
        sitting.refresh_codes()
        self._since = time.monotonic()
        self.items: list[Item] = list(self._found())

    def _found(self) -> Iterator[Item]:
        if self.name == "suggestions":
            return self._suggestions()
        return self._anchors() if self.name == "anchors" else self._definitions()

    def _suggestions(self) -> Iterator[Item]:
        if self.sitting.suggest_when == "off":
            return
        live = {code.path for code in self.sitting.codes}
        for found in self.sitting.project.suggestions():
            if found.decision == "pending" and found.code in live:
                score = f"{found.score:.0%} likely" if found.calibrated else "not calibrated"
                why = f"{found.suggester}, {score}: {found.reason.text}"
                yield Item(found.segment.source, found.segment.span, found.code, why, suggestion=found)

    def _own(self) -> tuple[Coding, ...]:
        return self.sitting.project.codings(coders={self.sitting.coder})

    def _anchors(self) -> Iterator[Item]:
        for coding in self._own():
            if coding.anchor == "review":
                yield Item(coding.source, coding.span, coding.code, "it probably belongs here now", coding)
            elif coding.anchor == "orphan":
                yield Item(
                    coding.source,
                    coding.span,
                    coding.code,
                    "a revision took these words out; Enter finds the coding a new place",
                    coding,
                )

    def _definitions(self) -> Iterator[Item]:
        codes = {code.path: code for code in self.sitting.codes}
        made = self.sitting.project.versions.made(set(codes))
        for coding in self._own():
            code, then = codes.get(coding.code), made.get(coding.id)
            if code is None or then is None or coding.anchor == "orphan":
                continue
            fields = ("definition", "include", "exclude")
            changed = [name for name in fields if getattr(then.wording, name) != getattr(code, name)]
            if changed:
                was = then.wording.definition if "definition" in changed else ""
                why = f"changed since: {', '.join(changed)}" + (f"; it said: {was}" if was else "")
                yield Item(coding.source, coding.span, coding.code, why, coding)

    # -- deciding -------------------------------------------------------------------------------------------------

    def shown(self, item: Item) -> None:
        """A row is on the screen: time runs, and the log notes that a suggestion was seen."""
        self._since = time.monotonic()
        if item.suggestion is not None:
            self.sitting.note_seen([(item.source.id, "suggestions")])

    def _seconds(self) -> float:
        return round(time.monotonic() - self._since, 1)

    def accept(self, item: Item) -> str:
        """The code fits here: the suggestion becomes a coding, the place is confirmed, the coding stands anew."""
        session = self.sitting.session
        if item.suggestion is not None:
            session.accept([item.suggestion], seconds=self._seconds())
        elif item.orphan:
            raise UsageError(
                "its words are no longer in the text", "Enter finds it a place, n takes it away, s leaves it"
            )
        elif self.name == "anchors" and item.coding is not None:
            session.resize(item.coding.id, Place(span=(item.span.start, item.span.end)))
        elif item.coding is not None:
            session.set_coding(item.coding.id, {"code": session.code(item.code).id})
        return self._gone(item, f"saved  {leaf(item.code)} accepted")

    def reject(self, item: Item) -> str:
        """The code does not fit: the suggestion stays rejected, the coding is taken away."""
        if item.suggestion is not None:
            self.sitting.session.reject([item.suggestion], seconds=self._seconds())
        elif item.coding is not None:
            self.sitting.session.remove([item.coding.id])
        return self._gone(item, f"saved  {leaf(item.code)} {'rejected' if item.suggestion else 'taken away'}")

    def correct(self, item: Item, code: str) -> str:
        """The place is right and the code is another."""
        if item.suggestion is not None:
            self.sitting.session.accept([item.suggestion], code=code, seconds=self._seconds())
        elif item.orphan:
            raise UsageError(
                "its words are no longer in the text", "Enter finds it a place, n takes it away, s leaves it"
            )
        elif item.coding is not None:
            self.sitting.session.recode([item.coding.id], code)
        return self._gone(item, f"saved  {leaf(item.code)} → {leaf(code)}")

    def skip(self, item: Item) -> str:
        """Leave it undecided: a suggestion is kept as skipped, a coding stays as it is."""
        if item.suggestion is not None:
            self.sitting.session.skip(item.suggestion, seconds=self._seconds())
            return self._gone(item, "saved  skipped")
        return self._gone(item, "left as it is")

    def _gone(self, item: Item, said: str) -> str:
        self.items.remove(item)
        return f"{said} · {len(self.items)} left"
