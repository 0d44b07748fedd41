"""Small screens that ask for one thing: a line, a row of a list, a code, a text."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from qualcode.errors import QualcodeError
from qualcode.escaping import one_line, safe_text
from qualcode.model import Code
from qualcode.session import picking
from qualcode.session.sitting import refused
from qualcode.tui.colours import Palette
from qualcode.tui.widgets.bars import Bar, filled
from qualcode.tui.widgets.drawn import Drawn
from qualcode.tui.widgets.memo import MemoPanel
from qualcode.tui.wrapping import cells, clipped, column

Rows = Sequence[tuple[str, str]]  # what stands left and right in a row of a list


class Drawing(Sequence[tuple[str, str]]):
    """Rows that are made when they come into sight: a queue may hold thousands."""

    def __init__(self, count: int, row: Callable[[int], tuple[str, str]]) -> None:
        self._count, self._row = count, row

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[str, str]]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, str] | Sequence[tuple[str, str]]:
        if isinstance(at, slice):
            return [self._row(n) for n in range(*at.indices(self._count))]
        return self._row(at)


class Menu(Drawn):
    """Rows of which one is chosen; it scrolls to keep it in sight."""

    class Clicked(Message):
        """A row was clicked; `again` says that it was the chosen one."""

        def __init__(self, at: int, again: bool) -> None:
            self.at, self.again = at, again
            super().__init__()

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="menu")
        self.palette = palette
        self.rows: Rows = ()
        self.at = 0

    @property
    def top(self) -> int:
        """The first row in sight."""
        height = max(self.size.height, 1)
        return min(max(self.at - height // 2, 0), max(len(self.rows) - height, 0))

    def on_click(self, event: events.Click) -> None:
        """A click chooses a row."""
        at = self.top + event.y
        if at < len(self.rows):
            self.post_message(self.Clicked(at, at == self.at))

    def show(self, rows: Rows, at: int = 0) -> None:
        """Show these rows."""
        self.rows, self.at = rows, min(max(at, 0), max(len(rows) - 1, 0))
        self.refresh()

    def step(self, by: int) -> None:
        """Choose another row."""
        self.show(self.rows, self.at + by)

    def render_line(self, y: int) -> Strip:
        """One row."""
        row, width = self.top + y, self.size.width
        if row >= len(self.rows):
            return Strip.blank(width, self.palette.text)
        left, right = one_line(self.rows[row][0]), one_line(self.rows[row][1])
        style = self.palette.text + (self.palette.selected if row == self.at else Style())
        right = clipped(right, width // 2)
        left = column(left, max(width - cells(right) - 3, 1))
        strip = Strip([Segment(f" {left} {right}", style)])
        return strip.adjust_cell_length(width, style)


class Ask(ModalScreen[str | None]):
    """One line of text. Esc gives None."""

    def __init__(self, question: str, palette: Palette, start: str = "") -> None:
        super().__init__()
        self.question, self.palette, self.start = question, palette, start

    def compose(self) -> ComposeResult:
        """Question and line."""
        with Vertical(id="ask"):
            yield Bar(self.palette, id="ask-title", bar=True)
            yield Input(self.start, id="line", compact=True)

    def on_mount(self) -> None:
        """Say what is asked."""
        self.query_one(Bar).say([(f" {self.question}", self.palette.bar), ("   Enter · Esc", self.palette.bar)])
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The answer."""
        self.dismiss(event.value)

    def on_key(self, event: events.Key) -> None:
        """Esc asks no longer."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)


@dataclass(frozen=True, slots=True)
class Picked:
    """A code that was picked, or the name of one to be made."""

    path: str = ""
    name: str = ""


class Pick(ModalScreen[Picked | None]):
    """Pick a code by a few letters; a name that is none makes one. Near-duplicates are a hint, never a block."""

    def __init__(
        self, title: str, codes: Sequence[Code], palette: Palette, *, recent: Sequence[str] = (), start: str = "",
        making: bool = True, noun: str = "code",
    ) -> None:  # fmt: skip
        super().__init__()
        self.title_line, self.codes, self.palette = title, codes, palette
        self.recent, self.start, self.making, self.noun = recent, start, making, noun
        self._found: list[Code | None] = []  # in the order shown; None is the code to be made

    def compose(self) -> ComposeResult:
        """Line, list and the meaning of the code chosen."""
        with Vertical(id="pick"):
            yield Bar(self.palette, id="ask-title", bar=True)
            yield Input(self.start, id="line", compact=True)
            yield Menu(self.palette)
            yield Bar(self.palette, id="meaning", height=3)

    def on_mount(self) -> None:
        """Show the codes, recent ones first."""
        more = f" · a new name makes a {self.noun}" if self.making else ""
        ground = self.palette.bar
        self.query_one("#ask-title", Bar).say([(f" {self.title_line}   ↑↓ Enter · Esc{more}", ground)])
        self.query_one(Input).focus()
        self._list(self.start)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._list(event.value)

    def _list(self, typed: str) -> None:
        ranked = picking.rank(typed, self.codes, self.recent)
        self._found = [*ranked]
        name = typed.strip()
        exact = any(name.casefold() in (c.path.rpartition("/")[2], c.path, c.label.casefold()) for c in ranked)
        if self.making and name and not exact:  # before codes that only share some letters with it
            self._found.insert(sum(picking.firm(name, code) for code in ranked), None)
        made = (f"+ make the {self.noun} “{name}”", "new")
        self.query_one(Menu).show([(code.path, code.key or "") if code else made for code in self._found])
        self._explain()

    def _explain(self) -> None:
        """What the chosen code means; of a new name, what it is nearly the same as."""
        menu, bar = self.query_one(Menu), self.query_one("#meaning", Bar)
        style = self.palette.quiet
        code = self._found[menu.at] if menu.at < len(self._found) else None
        near = () if code else picking.alike(self.query_one(Input).value, self.codes)
        if near:
            said = "nearly the same: " + ", ".join(code.path for code in near[:3])
            bar.say([(" " + said, self.palette.refused)])
        elif code is not None:
            lines = filled(code.definition or code.label, max(self.size.width * 3 // 4, 30), 3)
            bar.say(*[[(" " + line, style)] for line in lines])
        else:
            bar.say()

    def on_input_submitted(self) -> None:
        """The code that is chosen, or a new one."""
        at = self.query_one(Menu).at
        if at < len(self._found):
            code = self._found[at]
            self.dismiss(Picked(code.path) if code else Picked(name=self.query_one(Input).value.strip()))

    def on_menu_clicked(self, event: Menu.Clicked) -> None:
        """A click chooses, a second one takes it."""
        if event.again:
            self.on_input_submitted()
            return
        self.query_one(Menu).step(event.at - self.query_one(Menu).at)
        self._explain()

    def on_key(self, event: events.Key) -> None:
        """Up, down, Esc; with Ctrl-N the name is made whatever is like it."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key in ("up", "down", "pageup", "pagedown"):
            event.stop()
            self.query_one(Menu).step({"up": -1, "down": 1, "pageup": -8, "pagedown": 8}[event.key])
            self._explain()


class Choose(ModalScreen[int | None]):
    """Choose a row by moving, or by letters that it holds."""

    def __init__(self, title: str, rows: Rows, palette: Palette, at: int = 0) -> None:
        super().__init__()
        self.title_line, self.rows, self.palette, self.at = title, rows, palette, at
        self._shown = list(range(len(rows)))

    def compose(self) -> ComposeResult:
        """Line and list."""
        with Vertical(id="pick"):
            yield Bar(self.palette, id="ask-title", bar=True)
            yield Input(id="line", compact=True, placeholder="type to narrow")
            yield Menu(self.palette)

    def on_mount(self) -> None:
        """Show all rows."""
        self.query_one("#ask-title", Bar).say([(f" {self.title_line}   ↑↓ Enter · Esc", self.palette.bar)])
        self.query_one(Menu).show(self.rows, self.at)
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        wanted = event.value.casefold()
        self._shown = [n for n, row in enumerate(self.rows) if wanted in " ".join(row).casefold()]
        self.query_one(Menu).show([self.rows[n] for n in self._shown], self.at if not wanted else 0)

    def on_input_submitted(self) -> None:
        """The row."""
        if self._shown:
            self.dismiss(self._shown[self.query_one(Menu).at])

    def on_menu_clicked(self, event: Menu.Clicked) -> None:
        """A click chooses, a second one takes it."""
        if event.again:
            self.on_input_submitted()
        else:
            self.query_one(Menu).step(event.at - self.query_one(Menu).at)

    def on_key(self, event: events.Key) -> None:
        """Up, down, Esc."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key in ("up", "down", "pageup", "pagedown"):
            event.stop()
            self.query_one(Menu).step({"up": -1, "down": 1, "pageup": -10, "pagedown": 10}[event.key])


class Writing(ModalScreen[str | None]):
    """A text to write over the lower part of a screen; `store` keeps it and says so, and Esc closes.

    With `once` nothing is kept before the end: whoever opened it gets the text.
    """

    def __init__(
        self, title: str, text: str, store: Callable[[str], str], palette: Palette, *, once: bool = False
    ) -> None:
        super().__init__()
        self.once = once
        self.title_line, self.text, self.store, self.palette = title, safe_text(text), store, palette

    def compose(self) -> ComposeResult:
        """The panel."""
        yield MemoPanel(self.palette)

    def on_mount(self) -> None:
        """Begin to write."""
        panel = self.query_one(MemoPanel)
        panel.open(self.title_line, self.text)
        if self.once:
            panel.say(self.title_line, "Esc takes it in, u undoes it · Ctrl-E editor")

    def on_memo_panel_written(self, event: MemoPanel.Written) -> None:
        """Keep what is written so far."""
        event.stop()
        if not self.once:
            self._keep(event.text)

    def _keep(self, text: str) -> bool:
        if text == self.text:
            return True
        try:
            said = self.store(text)
        except QualcodeError as error:
            self.query_one(MemoPanel).say(self.title_line, refused(error))
            return False
        self.text = text
        self.query_one(MemoPanel).say(self.title_line, said)
        return True

    def on_memo_panel_closed(self, event: MemoPanel.Closed) -> None:
        """Keep it, and back."""
        event.stop()
        if self.once or self._keep(event.text):
            self.dismiss(event.text)

    def on_memo_panel_elsewhere(self, event: MemoPanel.Elsewhere) -> None:
        """Write on in $EDITOR."""
        event.stop()
        text = edited(self.app, event.text)
        if text is not None:
            self.query_one(MemoPanel).area.load_text(safe_text(text))
            self._keep(text)


def edited(app: App[object], text: str) -> str | None:
    """The text after $EDITOR; None when there is none or it failed. The file is private and goes at once."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        return None
    with tempfile.TemporaryDirectory(prefix="qualcode-") as folder:
        path = Path(folder) / "memo.md"
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                done = subprocess.run([*editor.split(), str(path)], check=False)
        except OSError:
            return None
        return path.read_text(encoding="utf-8", errors="replace").rstrip("\n") if done.returncode == 0 else None
