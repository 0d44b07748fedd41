"""Review queues: one key decides a row, and the transcript is one key away."""

from __future__ import annotations

from qualcode.escaping import one_line
from qualcode.model import Source, Span
from qualcode.session.desk import leaf
from qualcode.session.queues import NAMES, NOTHING, TITLES, Item, Name, Queue
from qualcode.session.settling import TITLE
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Choose, Drawing, Picked, Rows
from qualcode.tui.screens.frame import bindings
from qualcode.tui.screens.rows import RowScreen
from qualcode.tui.widgets.bars import filled
from qualcode.tui.widgets.passage import Block, around


class Review(RowScreen):
    """Suggestions, anchors, changed definitions; Tab after the last goes on to the disagreements."""

    SCOPE = "review"
    BINDINGS = bindings("review")

    def __init__(self, sitting: Sitting, palette: Palette, name: Name | None = None) -> None:
        super().__init__(sitting, palette)
        if name is not None:
            self.queue = Queue(sitting, name)
            return
        waiting = [Queue(sitting, name) for name in NAMES]
        self.queue = next((queue for queue in waiting if queue.items), waiting[0])

    @property
    def item(self) -> Item | None:
        """The chosen row."""
        return self.queue.items[self.at] if self.at < len(self.queue.items) else None

    def rows(self) -> Rows:
        """Place and words left, code right."""
        items = self.queue.items

        def row(at: int) -> tuple[str, str]:
            item = items[at]
            words = one_line(item.source.text[item.span.start : min(item.span.end, item.span.start + 160)])
            return f"{item.source.name}  {words}", leaf(item.code)

        return Drawing(len(items), row)

    def headline(self) -> str:
        """Which queue."""
        return TITLES[self.queue.name]

    def below(self) -> tuple[list[str], list[Block]]:
        """The code, why it is here, the passage with its question and the next turn."""
        item = self.item
        if item is None:
            return [], []
        code = self.sitting.code_of(item.code)
        width = max(self.app.size.width - 2, 20)
        meaning = one_line(code.definition) if code else ""
        why = [*filled(item.why, width, 2), *filled(f"{leaf(item.code)}: {meaning}", width, 1)]
        if item.orphan:
            return why, [Block("was", item.source.quote(item.span), self.palette.text)]
        evidence = item.suggestion.reason.evidence if item.suggestion else ()
        return why, around(item.source, item.span, self.palette, evidence=evidence)

    def nothing(self) -> str:
        """What brings rows into this queue."""
        return f"{NOTHING[self.queue.name]} Tab goes to the next queue."

    def place(self) -> tuple[Source, Span] | None:
        """Where the row is."""
        return (self.item.source, self.item.span) if self.item else None

    def looked(self) -> None:
        """Time runs, and the log notes it."""
        if self.item is not None:
            self.queue.shown(self.item)

    def renew(self) -> None:
        """The queue may be shorter now."""
        self.queue = Queue(self.sitting, self.queue.name)

    def action_queue(self) -> None:
        """The next queue. What others coded is not shown to a blind coder who only goes round."""
        at = NAMES.index(self.queue.name) + 1
        if at < len(NAMES):
            self._turn_to(NAMES[at])
        elif self.sitting.blind:
            rows = [("no: the first queue", ""), (f"yes: {TITLE}", "the log notes it")]
            self.app.push_screen(Choose("show what others coded?", rows, self.palette), self._answered)
        else:
            self._settle()

    def _turn_to(self, name: Name) -> None:
        self.queue = Queue(self.sitting, name)
        self.at = 0
        self.say(TITLES[name])
        self.draw()

    def _answered(self, row: int | None) -> None:
        if row == 1:
            self.call_later(self._settle)
        elif row == 0:
            self._turn_to(NAMES[0])

    def _settle(self) -> None:
        from qualcode.tui.screens.settling import Settling

        def show() -> None:
            self.app.switch_screen(Settling(self.sitting, self.palette))

        self.quietly(show)

    def action_visit(self) -> None:
        """Open the transcript there; for an orphan, where its words may be now, to give it a place."""
        item = self.item
        if item is None or item.coding is None or not item.orphan:
            super().action_visit()
            return
        orphan = item.coding

        def show() -> None:
            source = self.sitting.project.source(orphan.source.id)
            self.sitting.open(source.id, likely(orphan, source))
            self.app.push_screen(Reading(self.sitting, self.palette, back=True, placing=orphan))

        from qualcode.session.placing import likely
        from qualcode.tui.screens.reading import Reading

        self.quietly(show)

    def action_accept(self) -> None:
        """Accept."""
        item = self.item
        if item is not None:
            self.attempt(lambda: self.queue.accept(item))

    def action_reject(self) -> None:
        """Reject."""
        item = self.item
        if item is not None:
            self.attempt(lambda: self.queue.reject(item))

    def action_skip(self) -> None:
        """Skip."""
        item = self.item
        if item is not None:
            self.attempt(lambda: self.queue.skip(item))

    def action_correct(self) -> None:
        """The code is another."""
        item = self.item
        if item is None:
            return

        def then(picked: Picked) -> None:
            self.attempt(lambda: self.queue.correct(item, picked.path))

        self.pick(f"instead of {leaf(item.code)}", then)
