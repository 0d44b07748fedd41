"""Reading and coding: the screen where the weeks go by."""

from __future__ import annotations

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from qualcode.escaping import one_line
from qualcode.model import Coding as Model
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.keys import footer
from qualcode.tui.screens.coding import PLACING, RESIZING, Coding
from qualcode.tui.screens.frame import WAITING, bindings
from qualcode.tui.screens.looking import Looking
from qualcode.tui.screens.moving import Moving
from qualcode.tui.screens.noting import WRITING, Noting
from qualcode.tui.screens.relating import Relating
from qualcode.tui.widgets.bars import Bar, Piece, filled
from qualcode.tui.widgets.codes import CodePanel
from qualcode.tui.widgets.memo import MemoPanel
from qualcode.tui.widgets.transcript import Transcript
from qualcode.tui.wrapping import ending


class Middle(Horizontal):
    """Transcript and codes, side by side."""

    BLANK = True


class Reading(Moving, Coding, Noting, Looking, Relating):
    """One source; the sentence under the cursor is the selection."""

    SCOPE = "read"
    BINDINGS = bindings("read")

    def __init__(self, sitting: Sitting, palette: Palette, *, back: bool = False, placing: Model | None = None) -> None:
        super().__init__(sitting, palette)
        self.back_to_row = back
        self.placing = placing
        self._waiting = False

    def compose(self) -> ComposeResult:
        """Title, question, transcript beside the codes, memo, status, keys."""
        yield Bar(self.palette, id="title", bar=True)
        yield Bar(self.palette, id="question", height=2)
        with Middle(id="middle"):
            yield Transcript(self.sitting, self.palette)
            yield CodePanel(self.sitting, self.palette)
        yield MemoPanel(self.palette)
        if self.coding_app.tour is not None:
            yield Bar(self.palette, id="tour", height=2, bar=True)
        yield from self.bars()

    def on_mount(self) -> None:
        """Begin to read."""
        self.query_one(MemoPanel).display = False
        self.place_panel()
        self.pane.focus()
        self.show_keys()
        self.say(self._greeting())
        self.show_lesson()
        self.call_after_refresh(self.opened)

    def keys_now(self) -> list[tuple[str, str]]:
        """While something is going on, its keys."""
        if self.query_one(MemoPanel).display:
            return WRITING
        if self._waiting:
            return WAITING
        return RESIZING if self.resizing else PLACING if self.placing else footer(self.SCOPE, back=self.back_to_row)

    def on_resize(self) -> None:
        """The code panel gives way on a narrow screen."""
        if self.is_mounted:
            self.place_panel()
            self.moved()

    def show_lesson(self) -> None:
        """What to try now, in the tour; not while a memo is written."""
        tour = self.coding_app.tour
        if tour is not None and not self.query_one(MemoPanel).display:
            lines = filled(tour.line, max(self.app.size.width - 2, 20), 2)
            self.query_one("#tour", Bar).say(*[[(" " + line, self.palette.bar)] for line in lines])

    def _greeting(self) -> str:
        if self.placing is not None:
            return f"where does {leaf(self.placing.code)} belong now? z puts it here, Esc leaves it"
        if self.back_to_row:
            return "Esc comes back to the row"
        if self.sitting.share:
            return f"yours: {self.sitting.share.words} · t goes to the next left · ? all keys"
        if not self.sitting.codes:
            return "no codes yet: a, then a name, makes the first · ? all keys"
        return "↑↓ move · c codes the selected sentence · ? all keys · all is saved at once"

    # -- drawing --------------------------------------------------------------------------------------------------

    def after(self) -> None:
        """Draw the codings anew, and what is said of the place."""
        self.pane.take_codings()
        self.query_one(CodePanel).draw()
        self.moved()

    def opened(self) -> None:
        """Draw another source."""
        self.pane.lay_out()
        self.query_one(CodePanel).draw()
        self._entitle()
        self.moved()

    def moved(self) -> None:
        """Draw the selection where it is, with its question and its codings."""
        self.pane.reveal()
        self._ask()
        self._entitle()
        chosen = self.reading.chosen
        self.query_one(CodePanel).show_code(chosen.code if chosen else None, waiting=self._waiting)

    def _ask(self) -> None:
        """Pin the question on the table, and say what is chosen here."""
        reading, width = self.reading, max(self.app.size.width - 2, 20)
        turn = reading.turn
        asking = turn is not None and turn.role == "interviewer" and not turn.prompt
        question = "" if asking else reading.question
        sign, said = (" ? " if question else "   ", ending(one_line(question), width - 4))
        if self.placing is not None:
            sign, said = " was: ", filled(self.placing.segment.quote, width - 6, 1)[0]
        self.query_one("#question", Bar).say(
            [(sign, self.palette.label), (said, self.palette.asked)], self._chosen_line()
        )

    def _chosen_line(self) -> list[Piece]:
        style = self.palette.quiet
        pieces: list[Piece] = [(f" {self.reading.number} ", self.palette.text)]
        if self.reading.place is not None:
            said = f"{self.reading.share.noun} {self.reading.place} of {len(self.reading.given or ())} "
            pieces.append((said, self.palette.key))
        elif self.reading.given is not None:
            pieces.append((f"outside of the {self.reading.share.noun}s  ", style))
        if self.reading.edge == "start":
            pieces.append(("(beginning moves) ", self.palette.key))
        here, chosen = self.reading.here, self.reading.chosen
        if chosen is None:
            return [*pieces, ("no code here", style)] if not self.reading.layers.hidden else pieces
        code = self.sitting.code_of(chosen.code)
        sure = "" if chosen.certainty is None else f" {chosen.certainty:.0%} sure"
        memo = f" – {chosen.memo}" if chosen.memo else ""
        who = "" if chosen.coder == self.sitting.coder else f"{chosen.coder}: "
        name = self.palette.name(chosen.code, code.colour if code else None)
        pieces += [(f"{who}{leaf(chosen.code)}", name), (sure + memo, style)]
        others = [other for other in here if other.id != chosen.id]
        if others:
            said = ", ".join(dict.fromkeys(leaf(other.code) for other in others[:3]))
            pieces.append((f"   also {said}" + (f" +{len(others) - 3}" if len(others) > 3 else "") + "  (Tab)", style))
        return pieces

    def _entitle(self) -> None:
        reading, ground = self.reading, self.palette.bar
        coded, turns = reading.progress
        noun = "turn" if reading.given is None else reading.share.noun
        turn = reading.turn
        time = f" · {clock(turn.time)}" if turn is not None and turn.time is not None else ""
        round_ = f" · round {self.sitting.session.round}" if self.sitting.session.round > 1 else ""
        look = reading.layers.words
        through = 100 * reading.selection.start // max(len(reading.source.text), 1)
        said = f"{time} · {through} % · {coded} of {turns} {noun}s coded · {self.sitting.coder}{round_}"
        pieces: list[Piece] = [(f" {reading.source.name}", ground), (said, ground)]
        if self.sitting.is_done:
            pieces.append((" · done", self.palette.bar + Style(bold=True)))
        if self.pane.side_by_side:
            look = " | ".join(self.pane.side_by_side)
        if look:
            pieces.append((f" · {look}" if reading.layers.hidden else f" · shows {look}", ground))
        self.query_one("#title", Bar).say(pieces)

    @property
    def busy(self) -> bool:
        """Whether something is going on that must not be disturbed."""
        return bool(self.resizing or self._waiting or self.query_one(MemoPanel).display)

    def renewed(self) -> None:
        """Draw what was written elsewhere."""
        self.opened()

    def code_at_hand(self) -> str:
        """The chosen coding's code."""
        chosen = self.reading.chosen
        return chosen.code if chosen is not None else super().code_at_hand()

    # -- keys while something is going on -------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """After `c` the next key is a code's."""
        if not self._waiting or self.query_one(MemoPanel).display:
            return
        event.stop()
        event.prevent_default()
        self.wait(False)
        if event.key in ("enter", "space", "slash"):
            self.action_pick()
        elif event.key == "escape":
            self.say("no code")
        elif event.character and (code := self.sitting.by_key(event.character)):
            self.attempt(lambda: self.sitting.code(code.path))
        elif event.character and event.character.isdigit() and event.character != "0":
            self.action_recent(int(event.character))
        else:
            self.say(f"no code has the key {event.character or event.key}; Enter after c picks by name", bad=True)

    def wait(self, on: bool) -> None:
        self._waiting = on
        self.show_keys()
        chosen = self.reading.chosen
        panel = self.query_one(CodePanel)
        self.place_panel(waiting=on)
        panel.show_code(chosen.code if chosen else None, waiting=on)
        panel.draw()

    def action_leave(self) -> None:
        """Leave, or back to the row."""
        self.quietly(self.sitting.leave)
        if self.back_to_row:
            self.app.pop_screen()
        else:
            self.app.exit(0)


def clock(seconds: float) -> str:
    """``00:12:31``."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
