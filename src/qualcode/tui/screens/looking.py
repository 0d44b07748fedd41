"""What is shown while reading: layers, another coder, two side by side, the code panel; the way to other screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qualcode.model import Span
from qualcode.session.desk import leaf
from qualcode.session.layers import Layers
from qualcode.tui.screens.asking import Choose
from qualcode.tui.screens.frame import Frame
from qualcode.tui.screens.reader import Reader
from qualcode.tui.widgets.codes import CodePanel

WIDE = 110  # columns from which the code panel is open to begin with
NARROW = 76  # columns below which it never opens by itself


class Looking(Reader):
    """The half of the reading screen that changes what is shown and nothing that is stored."""

    panel_wanted: bool | None = None
    _left: tuple[str, Span] | None = None

    def look(self, layers: Layers) -> None:
        """Show these layers."""
        self.attempt(lambda: self.sitting.look_at(layers))

    def action_hide(self) -> None:
        """A fresh reading, or the codings again."""
        self.look(replace(self.reading.layers, hidden=not self.reading.layers.hidden))

    def action_panel(self) -> None:
        """The code panel."""
        self.panel_wanted = not self.query_one(CodePanel).display
        self.place_panel()

    def place_panel(self, *, waiting: bool = False) -> None:
        """Beside the text where there is room for both, else over its margin, so that no line of the text moves."""
        panel, wide = self.query_one(CodePanel), self.app.size.width >= WIDE
        wanted = wide if self.panel_wanted is None else self.panel_wanted
        panel.set_class(not wide or not wanted, "lent")
        panel.display = wanted or (waiting and self.app.size.width >= NARROW)
        panel.draw()

    def action_suggestions(self) -> None:
        """Suggestions in the text."""
        on = not self.reading.layers.suggestions
        if on and self.sitting.suggest_when == "off":
            self.say("suggestions are switched off: `suggest: when: off` in qualcode.yaml", bad=True)
            return
        self.look(replace(self.reading.layers, suggestions=on))
        n = len(self.reading.suggestions)
        self.say(
            f"{n} suggestion{'s' * (n != 1)} here, in italics; > goes to the next, Q decides"
            if on
            else "suggestions are hidden"
        )

    def _others(self) -> list[str]:
        found = {coding.coder for coding in self.reading.every} | {self.sitting.coder}
        return [self.sitting.coder, *sorted(found - {self.sitting.coder})]

    def action_others(self) -> None:
        """One coder after the other, then everybody."""
        people = self._others()
        ring: list[frozenset[str] | None] = [None, *(frozenset({name}) for name in people)]
        at = ring.index(self.reading.layers.coders) if self.reading.layers.coders in ring else 0
        self.look(replace(self.reading.layers, coders=ring[(at + 1) % len(ring)]))

    def action_compare(self) -> None:
        """Two coders side by side, the next pair, then one column again."""
        people = self._others()
        pairs = [(a, b) for n, a in enumerate(people) for b in people[n + 1 :]]
        now = self.pane.side_by_side
        at = pairs.index(now) + 1 if now in pairs else 0
        if not pairs:
            self.say("nobody else has coded this source", bad=True)
            return
        self.pane.side_by_side = pairs[at] if at < len(pairs) else None
        coders = frozenset(pairs[at]) if at < len(pairs) else self._usual()
        self.look(replace(self.reading.layers, coders=coders, hidden=False))
        self.opened()
        self.say(f"{' | '.join(pairs[at])}, side by side" if at < len(pairs) else "one column")

    def _usual(self) -> frozenset[str] | None:
        return frozenset({self.sitting.coder}) if self.sitting.blind else None

    def action_filter(self) -> None:
        """Choose what is shown."""
        rows: list[tuple[str, str]] = [("everything", "")]
        looks: list[Callable[[Layers], Layers]] = [
            lambda now: replace(Layers(coders=self._usual()), suggestions=now.suggestions)
        ]
        every = self.reading.every

        def row(what: str, kind: str, change: Callable[[Layers], Layers]) -> None:
            rows.append((what, kind))
            looks.append(change)

        for name in self._others():
            row(name, "coder", lambda now, name=name: replace(now, coders=frozenset({name})))  # type: ignore[misc]
        for number in sorted({coding.round for coding in every}):
            row(f"round {number}", "round", lambda now, n=number: replace(now, rounds=frozenset({n})))  # type: ignore[misc]
        for name in self.reading.source.speakers:
            row(name, "speaker", lambda now, name=name: replace(now, speakers=frozenset({name})))  # type: ignore[misc]
        for path in dict.fromkeys(coding.code for coding in every):
            row(leaf(path), path, lambda now, path=path: replace(now, codes=(path,), called=""))  # type: ignore[misc]

        for each in self.sitting.sets:
            row(each.name, "set", lambda now, s=each: replace(now, codes=s.codes, called=f"set {s.name}"))  # type: ignore[misc]

        def chosen(number: int | None) -> None:
            if number is not None:
                self.look(looks[number](replace(self.reading.layers, hidden=False)))

        self.app.push_screen(Choose("show only", rows, self.palette), chosen)

    # -- other screens --------------------------------------------------------------------------------------------

    def _go(self, screen: Frame) -> None:
        """Show another screen, and remember where reading was."""
        self._left = (self.reading.source.id, self.reading.selection)
        self.app.push_screen(screen)

    def on_screen_resume(self) -> None:
        """Back from another screen: the same place, with what was done elsewhere."""
        if self._left is None:
            return
        left, self._left = self._left, None
        self.quietly(lambda: self._come_back(*left))

    def _come_back(self, source: str, place: Span) -> None:
        self.sitting.refresh_codes()
        if self.reading.source.id != source:
            self.sitting.open(source, place)
        else:
            self.sitting.refresh()
        self.opened()

    def action_review(self) -> None:
        """Review queues."""
        from qualcode.tui.screens.review import Review

        self._go(Review(self.sitting, self.palette))

    def action_by_code(self) -> None:
        """Every passage of one code."""
        from qualcode.tui.screens.by_code import ByCode

        chosen = self.reading.chosen
        self._go(ByCode(self.sitting, self.palette, chosen.code if chosen else None))

    def action_chart(self) -> None:
        """Case by code."""
        from qualcode.tui.screens.chart import Chart

        self._go(Chart(self.sitting, self.palette))

    def action_answers(self) -> None:
        """All answers to one question."""
        from qualcode.session.answering import Answers as Grid
        from qualcode.tui.screens.answers import Answers

        def show() -> str:
            self._go(Answers(self.sitting, self.palette, Grid(self.sitting)))
            return ""

        self.attempt(show)
