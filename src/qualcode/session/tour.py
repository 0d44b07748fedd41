"""The lesson of `qualcode code --tour`: one thing to try at a time; doing it brings the next."""

from __future__ import annotations

STEPS: tuple[tuple[str, str], ...] = (
    ("move", "↓ goes to the next sentence. The sentence under the cursor is the selection."),
    ("code", "Press c, then m: it is coded as managerial, and saved. The selection stays."),
    ("go_on", "Enter goes on to the next sentence."),
    ("extend", "l extends the selection by a word, L by a sentence; h and H shrink it."),
    ("pick", "Press a, type a name that is no code yet, Enter: the code is made, and the words coded."),
    ("undo", "u takes back what you did last, whatever it was. U does it again."),
    ("memo", "m opens a memo. Write, then Esc; it is saved by itself."),
    ("uncoded", "t goes to the next turn you have not coded."),
    ("by_code", "R reads every passage of one code, by case. Esc comes back."),
    ("help", "? lists every key. Esc closes the list."),
)
STORING = {"code", "pick", "undo", "memo"}
END = "That is all you need. q leaves; what you did here is thrown away with this copy of the study."


class Tour:
    """Where somebody is in the lesson. A step that stores something is done when it is stored, not when it is begun."""

    def __init__(self) -> None:
        self.at = 0
        self._begun = False

    @property
    def line(self) -> str:
        """What to try now."""
        if self.at >= len(STEPS):
            return END
        return f"{self.at + 1}/{len(STEPS)}  {STEPS[self.at][1]}"

    def did(self, action: str) -> bool:
        """Something was begun; whether the lesson goes on."""
        if self.at >= len(STEPS) or STEPS[self.at][0] != action:
            return False
        self._begun = action in STORING
        self.at += not self._begun
        return not self._begun

    def said(self, line: str) -> bool:
        """The status line said something; whether the lesson goes on."""
        done = self._begun and line.startswith("saved")
        if done:
            self._begun = False
            self.at += 1
        return done
