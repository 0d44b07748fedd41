"""Reading and coding: the screen where the weeks go by."""

from __future__ import annotations

from typing import cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from qualcode.model import Coding, Memo, MemoTarget
from qualcode.session.numbering import Step
from qualcode.session.reading import Kind
from qualcode.session.sitting import Sitting, leaf
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Ask, Choose, Pick, Picked, Writing, edited
from qualcode.tui.screens.frame import Frame, bindings
from qualcode.tui.screens.looking import Looking
from qualcode.tui.widgets.bars import Bar, Piece, ending
from qualcode.tui.widgets.codes import CodePanel
from qualcode.tui.widgets.memo import MemoPanel
from qualcode.tui.widgets.transcript import Transcript

WIDE = 110  # columns from which the code panel is open to begin with
_WAITING = [("key", "code with it"), ("Enter", "pick by name"), ("1…9", "recent"), ("Esc", "no code")]
_RESIZING = [
    ("Shift-→ l", "extend"), ("Shift-← h", "shrink"), ("o", "other edge"), ("Enter", "keep"), ("Esc", "as it was"),
]  # fmt: skip


class Middle(Horizontal):
    """Transcript and codes, side by side."""

    BLANK = True


class Reading(Looking, Frame):
    """One source; the sentence under the cursor is the selection."""

    SCOPE = "read"
    BINDINGS = bindings("read")

    def __init__(self, sitting: Sitting, palette: Palette, *, back: bool = False) -> None:
        super().__init__(sitting, palette)
        self.back_to_row = back
        self._waiting = False
        self._resizing: Coding | None = None
        self._memo: tuple[MemoTarget, Memo | None, str] | None = None

    def compose(self) -> ComposeResult:
        """Title, question, transcript beside the codes, memo, status, keys."""
        yield Bar(self.palette, id="title", ground=self.palette.bar)
        yield Bar(self.palette, id="question", height=2)
        with Middle(id="middle"):
            yield Transcript(self.sitting, self.palette)
            yield CodePanel(self.sitting, self.palette)
        yield MemoPanel(self.palette)
        yield from self.bars()

    def on_mount(self) -> None:
        """Begin to read."""
        self.query_one(CodePanel).display = self.app.size.width >= WIDE
        self.query_one(MemoPanel).display = False
        self.pane.focus()
        self.show_keys()
        self.set_interval(2.0, self._look_for_others)
        self.say(self._greeting())
        self.call_after_refresh(self.opened)

    def _greeting(self) -> str:
        if self.back_to_row:
            return "Esc comes back to the row"
        if not self.sitting.codes:
            return "no codes yet: a, then a name, makes the first · ? all keys"
        return "↑↓ move · c codes the selected sentence · ? all keys · all is saved at once"

    @property
    def pane(self) -> Transcript:
        """The transcript."""
        return self.query_one(Transcript)

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
        self.query_one("#question", Bar).say(
            [(" ? " if question else "   ", self.palette.label), (ending(question, width - 4), self.palette.asked)],
            self._chosen_line(),
        )

    def _chosen_line(self) -> list[Piece]:
        style = self.palette.quiet
        pieces: list[Piece] = [(f" {self.reading.number} ", self.palette.text)]
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
        turn = reading.turn
        time = f" · {clock(turn.time)}" if turn is not None and turn.time is not None else ""
        round_ = f" · round {self.sitting.session.round}" if self.sitting.session.round > 1 else ""
        look = reading.layers.words
        through = 100 * reading.selection.start // max(len(reading.source.text), 1)
        said = f"{time} · {through} % · {coded} of {turns} turns coded · {self.sitting.coder}{round_}"
        pieces: list[Piece] = [(f" {reading.source.name}", ground), (said, ground)]
        if self.pane.side_by_side:
            look = " | ".join(self.pane.side_by_side)
        if look:
            pieces.append((f" · shows {look}", ground))
        self.query_one("#title", Bar).say(pieces)

    def _look_for_others(self) -> None:
        """Take in what another command has written meanwhile."""
        if self.is_current and not self._resizing and self.sitting.changed_elsewhere():
            self.opened()
            self.say("another command changed the project; this is how it stands now")

    # -- keys while something is going on -------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """After `c` the next key is a code's."""
        if not self._waiting or self.query_one(MemoPanel).display:
            return
        event.stop()
        event.prevent_default()
        self._wait(False)
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

    def _wait(self, on: bool) -> None:
        self._waiting = on
        self.show_keys(_WAITING if on else None)
        chosen = self.reading.chosen
        panel = self.query_one(CodePanel)
        if on and not panel.display and self.app.size.width >= 76:
            panel.add_class("lent")  # it lies over the margin, so that no line of the text moves
            panel.display = True
        elif not on and panel.has_class("lent"):
            panel.remove_class("lent")
            panel.display = False
        panel.show_code(chosen.code if chosen else None, waiting=on)
        panel.draw()

    # -- moving and selecting -------------------------------------------------------------------------------------

    def action_move(self, step: str, by: int) -> None:
        """By word, sentence or turn."""
        self.reading.move(cast(Step, step), by)
        self.moved()

    def action_page(self, by: int) -> None:
        """A screen up or down."""
        pane = self.pane
        row = pane.wrapped.row(self.reading.selection.start) + by * max(pane.size.height - 4, 1)
        row = min(max(row, 0), len(pane.wrapped.lines) - 1)
        while 0 < row < len(pane.wrapped.lines) and pane.wrapped.lines[row].turn < 0:
            row += by
        if pane.wrapped.lines:
            line = pane.wrapped.lines[min(max(row, 0), len(pane.wrapped.lines) - 1)]
            found = self.reading.text.around("sentence", max(line.start, 0))
            if found:
                self.reading.select(found)
        self.moved()

    def action_edge(self, by: int) -> None:
        """The beginning or the end of the source."""
        text = self.reading.text
        found = text.around("sentence", 0) if by < 0 else text.before("sentence", len(self.reading.source.text))
        if found:
            self.reading.select(found)
        self.moved()

    def action_go_on(self) -> None:
        """The sentence after the selection; while resizing, keep the new size."""
        if self._resizing is not None:
            coding, self._resizing = self._resizing, None
            self.show_keys()
            self.attempt(lambda: self.sitting.resize(coding))
            return
        if not self.reading.move("sentence", 1):
            self.say("the end of the source: D says that you are done, . opens the next")
        self.moved()

    def action_extend(self, step: str) -> None:
        """Extend the selection."""
        self.reading.extend(cast(Step, step))
        self.moved()

    def action_shrink(self, step: str) -> None:
        """Shrink the selection."""
        if not self.reading.shrink(cast(Step, step)):
            self.say(f"a selection keeps at least a {step}")
        self.moved()

    def action_turn_round(self) -> None:
        """Let the other edge move."""
        self.reading.turn_round()
        self.moved()

    def action_back(self) -> None:
        """Leave what is going on; else back to the sentence, or to the row this was opened from."""
        if self._resizing is not None:
            coding, self._resizing = self._resizing, None
            self.reading.select(coding.span)
            self.show_keys()
            self.say("left as it was")
        elif self.back_to_row:
            self.action_leave()
            return
        else:
            self.reading.reselect()
        self.moved()

    def on_transcript_dragged(self, event: Transcript.Dragged) -> None:
        """The mouse selects: a click a sentence, a drag words."""
        if abs(event.one - event.other) < 2:
            found = self.reading.text.around("sentence", event.one)
            if found:
                self.reading.select(found)
        else:
            self.reading.drag(event.one, event.other)
        self.moved()

    def on_mouse_scroll_down(self) -> None:
        """Read on without moving the selection."""
        self.pane.scroll_relative(y=3, animate=False)

    def on_mouse_scroll_up(self) -> None:
        """Read back without moving the selection."""
        self.pane.scroll_relative(y=-3, animate=False)

    # -- coding ---------------------------------------------------------------------------------------------------

    def action_code(self) -> None:
        """Wait for a code's key."""
        self._wait(True)
        recent = "  ".join(f"{n} {leaf(path)}" for n, path in enumerate(self.sitting.recent[:4], 1))
        self.say(f"code with… {recent}")

    def action_recent(self, number: int) -> None:
        """Code with a recent code."""
        recent = self.sitting.recent
        if number > len(recent):
            self.say(f"there is no recent code {number} yet", bad=True)
            return
        self.attempt(lambda: self.sitting.code(recent[number - 1]))

    def action_pick(self) -> None:
        """Pick a code, or make one."""
        pick = Pick("code the selection with", self.sitting.codes, self.palette, recent=self.sitting.recent)
        self.app.push_screen(pick, self._picked)

    def _picked(self, picked: Picked | None) -> None:
        if picked is not None and picked.path:
            self.attempt(lambda: self.sitting.code(picked.path))
        elif picked is not None:
            self.attempt(lambda: self.sitting.new_code(picked.name))

    def action_in_vivo(self) -> None:
        """Make a code of the selected words."""
        words = " ".join(self.reading.source.quote(self.reading.selection).split()).strip(" .,;:!?…“”\"'")
        pick = Pick("in vivo: a code of these words", self.sitting.codes, self.palette, start=words[:60])
        self.app.push_screen(pick, self._picked)

    def action_mark(self) -> None:
        """Mark the passage."""
        self.attempt(self.sitting.mark)

    def action_choose(self) -> None:
        """Choose among the codings here."""
        if self.reading.choose_next() is None:
            self.say("no coding here; ] goes to the next")
        self.moved()

    def action_recode(self) -> None:
        """Another code for the chosen coding."""

        def chosen() -> str:
            coding = self.sitting.own()
            title = f"instead of {leaf(coding.code)}"
            pick = Pick(title, self.sitting.codes, self.palette, recent=self.sitting.recent, making=False)
            self.app.push_screen(pick, lambda picked: self._recoded(picked))
            return title

        self.attempt(chosen)

    def _recoded(self, picked: Picked | None) -> None:
        if picked is not None and picked.path:
            self.attempt(lambda: self.sitting.recode(picked.path))

    def action_resize(self) -> None:
        """Let the selection be the chosen coding, and wait for its new edges."""

        def begin() -> str:
            coding = self.sitting.own()
            self.reading.select(coding.span)
            self.reading.choose(coding.id)
            self._resizing = coding
            self.show_keys(_RESIZING)
            return f"resizing {leaf(coding.code)}: extend or shrink, o for the other edge, Enter keeps it"

        self.attempt(begin)

    def action_delete(self) -> None:
        """Take the chosen coding away."""
        self.attempt(self.sitting.delete)

    def action_certainty(self) -> None:
        """How sure."""
        self.attempt(self.sitting.more_certain)

    # -- writing --------------------------------------------------------------------------------------------------

    def action_memo(self) -> None:
        """Write about the chosen coding or the passage, with the passage in sight."""
        from qualcode.escaping import safe_text

        self._memo = self.sitting.memo_here()
        _, held, title = self._memo
        self.query_one(MemoPanel).open(title, safe_text(held.text) if held else "")
        self.call_after_refresh(self.pane.reveal)

    def _write(self, text: str) -> bool:
        from qualcode.escaping import safe_text

        if self._memo is None or (self._memo[1] is not None and text == safe_text(self._memo[1].text)):
            return True
        about, held, title = self._memo

        def store() -> str:
            kept = self.sitting.write_memo(about, held, text)
            self._memo = (about, kept, title)
            return f"saved  {title}" if text.strip() else "nothing written"

        return self.attempt(store)

    def on_memo_panel_written(self, event: MemoPanel.Written) -> None:
        """Keep what is written so far."""
        self._write(event.text)

    def on_memo_panel_closed(self, event: MemoPanel.Closed) -> None:
        """Keep it, and go on reading."""
        if self._write(event.text):
            self._memo = None
            self.query_one(MemoPanel).display = False
            self.pane.focus()

    def on_memo_panel_elsewhere(self, event: MemoPanel.Elsewhere) -> None:
        """Write on in $EDITOR."""
        text = edited(self.app, event.text)
        if text is None:
            self.say("no editor: set EDITOR, or write here", bad=True)
            return
        self.query_one(MemoPanel).area.load_text(text)
        self._write(text)

    def action_correct(self) -> None:
        """Correct a slip in this turn."""
        turn = self.reading.turn
        if turn is None:
            return
        words = self.reading.source.quote(turn.span)
        self.app.push_screen(
            Writing(f"correct turn {turn.n}; codings follow", words, lambda text: text, self.palette, once=True),
            lambda text: self._corrected(words, text),
        )

    def _corrected(self, before: str, text: str | None) -> None:
        if text is None or text == before:
            self.say("the transcript stays as it was")
        elif self.attempt(lambda: self.sitting.correct(text)):
            self.opened()

    def action_done(self) -> None:
        """Done with this source."""
        self.attempt(self.sitting.done)

    def action_copy(self) -> None:
        """Copy the quotation."""
        from qualcode.escaping import safe_text

        self.app.copy_to_clipboard(safe_text(self.sitting.quotation()))
        self.say(f"copied with its attribution · {self.reading.number}")

    # -- going somewhere ------------------------------------------------------------------------------------------

    def action_seek(self, kind: str, by: int) -> None:
        """The next coding, mark, suggestion or hit."""
        if kind == "suggestion" and not self.reading.layers.suggestions:
            self.say("suggestions are not shown; S shows them")
            return
        found = self.reading.seek(cast(Kind, kind), by)
        self.say(f"no {kind} here" if found is None else f"{kind} {found[0]} of {found[1]}")
        self.moved()

    def action_search(self) -> None:
        """Look for words."""
        self.app.push_screen(Ask("search in this source", self.palette, self.reading.search), self._searched)

    def _searched(self, words: str | None) -> None:
        if words is None:
            return
        found = self.reading.find(words)
        self.pane.refresh()
        if found and self.reading.selection not in self.reading.hits:
            self.reading.seek("hit", 1)
        self.moved()
        self.say(f"{found} hits; n and N go from one to the next, a or c codes them" if found else "not found")

    def action_go_to(self) -> None:
        """Ask for a place."""
        self.app.push_screen(Ask("go to turn, or turn.sentence", self.palette), self._went)

    def _went(self, word: str | None) -> None:
        if word is not None and word.strip():

            def go() -> str:
                self.reading.select(self.reading.text.at_number(word))
                return self.reading.number

            self.attempt(go)

    def action_uncoded(self) -> None:
        """The next turn without a coding of one's own."""
        if not self.reading.uncoded():
            self.say("every turn is coded; D says that you are done with this source")
        self.moved()

    def action_neighbour(self, by: int) -> None:
        """Another source."""
        if self.attempt(lambda: self.sitting.neighbour(by)):
            self.opened()

    def action_sources(self) -> None:
        """Choose a source."""
        listed = self.sitting.standings()
        rows = [(f"{'✓' if s.done else ' '} {s.name}", f"{s.case}  {s.codings or '–'}") for s in listed]
        ids = [s.id for s in listed]
        at = ids.index(self.reading.source.id) if self.reading.source.id in ids else 0

        def chosen(number: int | None) -> None:
            if number is not None:
                self.sitting.open(ids[number])
                self.opened()
                self.say(self.reading.source.name)

        self.app.push_screen(Choose("source · case · your codings", rows, self.palette, at), chosen)

    def action_leave(self) -> None:
        """Leave, or back to the row."""
        self.sitting.leave()
        if self.back_to_row:
            self.app.pop_screen()
        else:
            self.app.exit(0)


def clock(seconds: float) -> str:
    """``00:12:31``."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
