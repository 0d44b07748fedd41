"""Sets and links of the code at hand: two keys, the same wherever a code is read."""

from __future__ import annotations

from qualcode.errors import UsageError
from qualcode.session import relating
from qualcode.session.desk import leaf
from qualcode.tui.screens.asking import Pick, Picked
from qualcode.tui.screens.frame import Frame


class Relating(Frame):
    """The keys that gather codes and link them."""

    def code_at_hand(self) -> str:
        """The path of the code that is read here. Raises UsageError where there is none."""
        raise UsageError("no code here", "move onto a coding with ] or [")

    def action_sets(self) -> None:
        """Put the code into a set, or take it out."""

        def ask() -> str:
            path = self.code_at_hand()
            offered = relating.sets_offered(self.sitting, path)
            pick = Pick(f"{leaf(path)} in a set", offered, self.palette, noun="set")
            self.app.push_screen(pick, lambda picked: self._gathered(path, picked))
            return f"sets of {leaf(path)}: Enter puts it in, or takes it out where ticked"

        self.attempt(ask)

    def _gathered(self, path: str, picked: Picked | None) -> None:
        if picked is None:
            self.say("left as it was")
        else:
            self.attempt(lambda: relating.turn(self.sitting, path, picked.path or picked.name))

    def action_link(self) -> None:
        """Link the code with another one."""

        def ask() -> str:
            path = self.code_at_hand()
            offered = relating.partners_offered(self.sitting, path)
            pick = Pick(f"link {leaf(path)} with", offered, self.palette, making=False)
            self.app.push_screen(pick, lambda picked: self._partner(path, picked))
            return f"link {leaf(path)} with another code"

        self.attempt(ask)

    def _partner(self, path: str, picked: Picked | None) -> None:
        if picked is None:
            self.say("left as it was")
            return
        other = picked.path
        offered = relating.kinds_offered(self.sitting, path, other)

        def then(kind: Picked | None) -> None:
            if kind is not None:
                self.attempt(lambda: relating.link(self.sitting, path, kind.path or kind.name, other))

        self.app.push_screen(Pick(f"{leaf(path)} … {leaf(other)}", offered, self.palette, noun="link"), then)
