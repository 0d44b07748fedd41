"""Reading by code: constant comparison at the keyboard."""

from __future__ import annotations

from qualcode.escaping import one_line
from qualcode.model import Coding, Source, Span
from qualcode.session import relating
from qualcode.session.comparing import Passages
from qualcode.session.desk import SET, leaf
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.screens.asking import Ask, Drawing, Picked, Rows, Writing
from qualcode.tui.screens.frame import bindings
from qualcode.tui.screens.relating import Relating
from qualcode.tui.screens.rows import RowScreen
from qualcode.tui.widgets.bars import filled
from qualcode.tui.widgets.passage import Block, around
from qualcode.tui.wrapping import column


class ByCode(RowScreen, Relating):
    """Every passage of one code, by case."""

    SCOPE = "codes"
    BINDINGS = bindings("codes")

    def __init__(self, sitting: Sitting, palette: Palette, path: str | None) -> None:
        super().__init__(sitting, palette)
        used = [
            code.path for code in sitting.codes if sitting.counts.get(code.path) or sitting.others_counts.get(code.path)
        ]
        self.passages = Passages(sitting, path or (used[0] if used else ""))
        self.wide = True

    @property
    def chosen(self) -> Coding | None:
        """The chosen passage."""
        return self.passages.rows[self.at] if self.at < len(self.passages.rows) else None

    def rows(self) -> Rows:
        """Case and words left; star, memo and coder right."""
        found = self.passages

        def row(at: int) -> tuple[str, str]:
            coding = found.rows[at]
            case = found.case(coding)
            first = at == 0 or found.case(found.rows[at - 1]) != case
            said = f"{case} ({found.by_case[case]})" if first else ""
            signs = ("★ " if found.starred(coding) else "") + ("✎ " if coding.memo else "")
            code = "" if coding.code == found.path else leaf(coding.code) + " "
            words = one_line(coding.segment.quote[:160])
            return f"{column(one_line(said), 22)} {words}", f"{signs}{code}{coding.coder}"

        return Drawing(len(found.rows), row)

    def headline(self) -> str:
        """Which code, in how many cases."""
        n = len(self.passages.by_case)
        return f"{self.passages.path or 'no code yet'} · {n} case{'s' * (n != 1)}"

    def below(self) -> tuple[list[str], list[Block]]:
        """The definition and the memo, then the passage."""
        coding = self.chosen
        if coding is None:
            return [], []
        shown = coding.code if self.passages.path.startswith(SET) else self.passages.path
        code = self.sitting.code_of(shown)
        width = max(self.app.size.width - 2, 20)
        told = [*filled(" · ".join(relating.lines(self.sitting, code.path)), width, 1)] if code else []
        told += filled(f"✎ {coding.memo}", width, self.ABOUT - 1 - len(told)) if coding.memo else []
        lines = [*filled(code.definition if code else "", width, self.ABOUT - len(told)), *filter(None, told)]
        return lines, around(coding.source, coding.span, self.palette, wide=self.wide)

    def place(self) -> tuple[Source, Span] | None:
        """Where the passage is."""
        return (self.chosen.source, self.chosen.span) if self.chosen else None

    def looked(self) -> None:
        """The log notes another's layer."""
        if self.chosen is not None:
            self.passages.shown(self.chosen)

    def renew(self) -> None:
        """Read the passages again."""
        self.passages.refresh()

    def action_pick(self) -> None:
        """Read another code, or a set."""

        def then(picked: Picked) -> None:
            self.passages = Passages(self.sitting, picked.path)
            self.at = 0
            self.draw()

        self.pick("read every passage of", then, sets=True)

    def code_at_hand(self) -> str:
        """The code that is read; of a set, that of the chosen passage."""
        if self.chosen is None:
            return super().code_at_hand()
        return self.chosen.code if self.passages.path.startswith(SET) else self.passages.path

    def action_recode(self) -> None:
        """Give the passage another code."""
        coding = self.chosen
        if coding is not None:
            self.pick(
                f"instead of {leaf(coding.code)}",
                lambda picked: self._recoded(coding, picked.path),
            )

    def _recoded(self, coding: Coding, path: str) -> None:
        self.attempt(lambda: self.passages.recode(coding, path))

    def action_split(self) -> None:
        """A new code beside this one."""
        coding = self.chosen
        if coding is None:
            return

        def named(name: str | None) -> None:
            if name and name.strip():
                self.attempt(lambda: self.passages.split(coding, name))

        self.app.push_screen(Ask(f"split {leaf(self.passages.path)}: name of the new code", self.palette), named)

    def action_delete(self) -> None:
        """Take the coding away."""
        coding = self.chosen
        if coding is not None:
            self.attempt(lambda: self.passages.delete(coding))

    def action_star(self) -> None:
        """Star it."""
        coding = self.chosen
        if coding is not None:
            self.attempt(lambda: self.passages.star(coding))

    def action_context(self) -> None:
        """More or less around it."""
        self.wide = not self.wide
        self.draw()

    def action_memo(self) -> None:
        """Write on this coding."""
        coding = self.chosen
        if coding is None:
            return
        title = f"memo on {leaf(coding.code)}"
        screen = Writing(title, coding.memo or "", lambda text: self.passages.memo(coding, text), self.palette)
        self.app.push_screen(screen, lambda _: self.draw())
