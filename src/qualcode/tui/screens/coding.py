"""Coding while reading: what changes codings."""

from __future__ import annotations

from typing import cast

from qualcode.model import Coding as Model
from qualcode.session import placing
from qualcode.session.desk import leaf
from qualcode.tui.screens.asking import Pick, Picked
from qualcode.tui.screens.frame import Frame
from qualcode.tui.screens.reader import Reader

RESIZING = [
    ("Shift-→ l", "extend"), ("Shift-← h", "shrink"), ("o", "other edge"), ("Enter", "keep"), ("Esc", "as it was"),
]  # fmt: skip


IN_VIVO = 60  # characters of a name made of the words themselves
PLACING = [("↓ /", "find the words"), ("l h L H", "more, less"), ("z", "put it here"), ("Esc", "back to the row")]


class Coding(Reader):
    """The keys that code."""

    def action_code(self) -> None:
        """Wait for a code's key."""
        self.wait(True)
        self.say(self.sitting.waiting_line)

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
        words = " ".join(self.reading.words.split()).strip(" .,;:!?…“”\"'")
        pick = Pick("in vivo: a code of these words", self.sitting.codes, self.palette, start=_named(words))
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
        """Let the selection be the chosen coding, and wait for its new edges; or put an orphan here."""
        if self.placing is not None:
            self._put_here(self.placing)
            return

        def begin() -> str:
            coding = self.sitting.own()
            self.reading.select(coding.span)
            self.reading.choose(coding.id)
            self.resizing = coding
            self.show_keys()
            return f"resizing {leaf(coding.code)}: extend or shrink, o for the other edge, Enter keeps it"

        self.attempt(begin)

    def _put_here(self, orphan: Model) -> None:
        if self.attempt(lambda: placing.put(self.sitting, orphan)):
            said, self.placing = self._said[0], None
            self.action_leave()
            cast(Frame, self.app.screen).say(said)

    def action_delete(self) -> None:
        """Take the chosen coding away."""
        self.attempt(self.sitting.delete)

    def action_certainty(self) -> None:
        """How sure."""
        self.attempt(self.sitting.more_certain)


def _named(words: str) -> str:
    """The words as a name: of many the first ones, none cut in two."""
    return words if len(words) <= IN_VIVO else words[: IN_VIVO + 1].rpartition(" ")[0] or words[:IN_VIVO]
