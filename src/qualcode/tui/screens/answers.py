"""The survey grid: one answer a row, the question on top, closed columns in sight."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from qualcode.escaping import one_line
from qualcode.model import Source, Span
from qualcode.session.answering import Answer
from qualcode.session.answering import Answers as Grid
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Choose, Drawing, Menu, Picked, Rows
from qualcode.tui.screens.frame import WAITING, bindings
from qualcode.tui.screens.rows import RowScreen
from qualcode.tui.widgets.bars import Bar, filled
from qualcode.tui.widgets.codes import CodePanel
from qualcode.tui.widgets.passage import Block, Passage
from qualcode.tui.wrapping import clipped, column, ending


class Answers(RowScreen):
    """All answers to one question."""

    SCOPE = "answers"
    BINDINGS = bindings("answers")

    def __init__(self, sitting: Sitting, palette: Palette, grid: Grid) -> None:
        super().__init__(sitting, palette)
        self.grid = grid
        self._waiting = False

    @property
    def chosen(self) -> Answer | None:
        """The chosen answer."""
        return self.grid.rows[self.at] if self.at < len(self.grid.rows) else None

    def compose(self) -> ComposeResult:
        """As every screen of rows; the codes' keys come over the list while one is awaited, the answer stays whole."""
        yield Bar(self.palette, id="title", bar=True)
        with Horizontal(id="middle"):
            yield Menu(self.palette)
            yield CodePanel(self.sitting, self.palette)
        yield Bar(self.palette, id="why", height=self.ABOUT)
        yield Passage(self.palette)
        yield from self.bars()

    def on_mount(self) -> None:
        """No codes over the list to begin with."""
        self.query_one(CodePanel).set_class(True, "lent")
        self.query_one(CodePanel).display = False

    @property
    def busy(self) -> bool:
        """Whether a code's key is awaited."""
        return self._waiting

    def rows(self) -> Rows:
        """Case, the column sorted by and the words left; codes right."""
        by = self.grid.order if self.grid.order in self.grid.columns else ""
        longest = max((len(answer.case) for answer in self.grid.rows), default=0)
        room = min(longest, max(self.app.size.width // 6, 10))

        def row(at: int) -> tuple[str, str]:
            answer = self.grid.rows[at]
            twins = self.grid.same[answer.bare]
            value = f"{column(one_line(str(answer.attributes.get(by, ''))), 12)} " if by else ""
            times = f"{twins}× " if twins > 1 else ""
            codes = ", ".join(dict.fromkeys(leaf(coding.code) for coding in self.grid.codings(answer)))
            who = column(ending(one_line(answer.case), room).replace("… ", "…"), room)  # names differ at their end
            return f"{who} {value}{times}{one_line(answer.words[:200])}", clipped(codes, 34)

        return Drawing(len(self.grid.rows), row)

    def headline(self) -> str:
        """The question."""
        only = f" · only {leaf(self.grid.only)}" if self.grid.only else ""
        order = f" · by {self.grid.order}" if self.grid.order != "as it came" else ""
        return f"{self.grid.question}{only}{order}"

    def below(self) -> tuple[list[str], list[Block]]:
        """The closed columns, then question and answer whole."""
        answer = self.chosen
        if answer is None:
            return [], []
        width = max(self.app.size.width - 2, 20)
        closed = " · ".join(f"{name}: {'–' if value is None else value}" for name, value in answer.attributes.items())
        blocks = [
            Block("?", self.grid.question, self.palette.asked),
            Block("", " ", self.palette.text),
            Block(answer.case, answer.words, self.palette.text, (0, len(answer.words))),
            Block("", " ", self.palette.text),
        ]
        people: dict[str, list[str]] = {}
        for coding in self.grid.codings(answer):
            people.setdefault(coding.code, []).append(coding.coder)
        for path, names in people.items():
            code = self.sitting.code_of(path)
            style = self.palette.name(path, code.colour if code else None)
            blocks.append(Block("", f"{leaf(path)} ({', '.join(dict.fromkeys(names))})", style))
        return filled(closed, width, 3), blocks

    def place(self) -> tuple[Source, Span] | None:
        """The answer as a source."""
        return (self.chosen.source, self.chosen.turn.span) if self.chosen else None

    def looked(self) -> None:
        """The log notes another's layer."""
        if self.chosen is not None:
            self.grid.shown(self.chosen)

    def renew(self) -> None:
        """Read the codings again."""
        self.grid.refresh()

    def on_key(self, event: events.Key) -> None:
        """After `c` the next key is a code's."""
        if not self._waiting:
            return
        event.stop()
        event.prevent_default()
        self._wait(False)
        answer = self.chosen
        code = self.sitting.by_key(event.character) if event.character else None
        if event.key in ("enter", "space", "slash"):
            self.action_pick()
        elif answer is not None and code is not None:
            self.attempt(lambda: self.grid.code(answer, code.path))
        elif event.character and event.character.isdigit() and event.character != "0":
            self.action_recent(int(event.character))
        else:
            self.say("no code" if event.key == "escape" else "no code has that key; Enter after c picks by name")

    def action_code(self) -> None:
        """Wait for a code's key."""
        self._wait(True)
        self.say(self.sitting.waiting_line)

    def _wait(self, on: bool) -> None:
        self._waiting = on
        panel = self.query_one(CodePanel)
        panel.display = on
        panel.show_code(None, waiting=on)
        panel.draw()
        self.show_keys()

    def keys_now(self) -> list[tuple[str, str]]:
        """While a code's key is awaited, what may be pressed."""
        return WAITING if self._waiting else super().keys_now()

    def action_recent(self, number: int) -> None:
        """Code with a recent code."""
        answer, recent = self.chosen, self.sitting.recent
        if answer is not None and number <= len(recent):
            self.attempt(lambda: self.grid.code(answer, recent[number - 1]))
        else:
            self.say(f"there is no recent code {number} yet", bad=True)

    def action_pick(self) -> None:
        """Pick a code, or make one."""
        answer = self.chosen
        if answer is None:
            return

        def then(picked: Picked) -> None:
            if picked.path:
                self.attempt(lambda: self.grid.code(answer, picked.path))
            else:
                self.attempt(lambda: self.grid.new_code(answer, picked.name))

        self.pick("code the answer with", then, making=True)

    def action_delete(self) -> None:
        """Take the last code away."""
        answer = self.chosen
        if answer is not None:
            self.attempt(lambda: self.grid.delete(answer))

    def action_question(self) -> None:
        """The next question."""
        self.at = 0
        self.attempt(self.grid.next_question)

    def action_sort(self) -> None:
        """Choose how they are sorted."""
        ways, columns = self.grid.ways, set(self.grid.columns)

        def chosen(number: int | None) -> None:
            if number is not None:
                self.at = 0
                self.attempt(lambda: self.grid.sort(ways[number]))

        rows = [(way, "closed column" if way in columns else "") for way in ways]
        self.app.push_screen(Choose("sort answers", rows, self.palette, ways.index(self.grid.order)), chosen)

    def action_filter(self) -> None:
        """Which answers."""
        sets = self.sitting.gathered
        ways: list[str | None] = [None, "uncoded", *(code.path for code in (*sets, *self.sitting.codes))]
        rows = [("all", ""), ("uncoded", ""), *((each.label, "set") for each in sets)]
        rows += [(leaf(code.path), code.path) for code in self.sitting.codes]

        def chosen(number: int | None) -> None:
            if number is not None:
                self.at = 0
                self.attempt(lambda: self.grid.keep(ways[number]))

        self.app.push_screen(Choose("show answers", rows, self.palette), chosen)
