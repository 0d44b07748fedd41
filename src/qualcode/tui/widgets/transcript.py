"""The transcript pane: it draws lines, not widgets, and only those that changed.

A line is number, speaker, words, stripes and names. Nothing moves after an act: the pane scrolls only when the
selection leaves it.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple, Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qualcode.escaping import one_line, safe_text
from qualcode.model import Coding, Source, Span
from qualcode.session.desk import leaf
from qualcode.session.numbering import Numbered
from qualcode.session.reading import Reading
from qualcode.session.sitting import Sitting
from qualcode.tui.colours import Palette
from qualcode.tui.wrapping import Line, Wrapped, cells, clipped

LANES = 3  # stripes side by side; what overlaps more deeply is counted, "+2"
TEXT = 72
NARROW = 12


class Layout(NamedTuple):
    """Cells of a line's parts; `margins` has one for each column of codings (two in the compare view)."""

    number: int
    speaker: int
    text: int
    margins: tuple[int, ...]


class Transcript(ScrollView, can_focus=True, inherit_bindings=False):
    """The source being read. It reads the sitting, and posts what the mouse selects."""

    class Dragged(Message):
        """The mouse went from one offset to another."""

        def __init__(self, one: int, other: int, double: bool = False) -> None:
            self.one, self.other, self.double = one, other, double
            super().__init__()

    def __init__(self, sitting: Sitting, palette: Palette) -> None:
        super().__init__(id="transcript")
        self.sitting = sitting
        self.palette = palette
        self.side_by_side: tuple[str, str] | None = None
        self.wrapped = Wrapped(Numbered(Source("", "", "document", "")), 10)  # until the width is known
        self.shape = Layout(5, 0, 10, (0,))
        self._lanes: dict[str, int] = {}
        self._strips: dict[int, Strip] = {}
        self._drawn: Span | None = None
        self._press: int | None = None

    @property
    def reading(self) -> Reading:
        """What is being read."""
        return self.sitting.reading

    # -- laying out -----------------------------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Wrap the source anew, for another source or width; what stood at the top stays there."""
        width = self.size.width or 80
        top = self._top()
        self.shape = self._shape(width)
        same = self.wrapped.text is self.reading.text
        if not same or self.wrapped.width != max(self.shape.text, 10):
            self.wrapped = Wrapped(self.reading.text, self.shape.text)
        self.virtual_size = Size(width, len(self.wrapped.lines))
        self.take_codings()
        if same and top is not None:
            self.scroll_to(y=self.wrapped.row(top), animate=False)
        else:
            self._drawn = None
        self.reveal(far=not same)

    def _top(self) -> int | None:
        """The offset of the first line in sight."""
        rows = self.wrapped.lines[self.scroll_offset.y : self.scroll_offset.y + 2]
        return next((line.start for line in rows if line.turn >= 0), None)

    def _shape(self, width: int) -> Layout:
        turns = self.reading.text.turns
        number = len(str(turns[-1].n if turns else 0)) + 4
        labels = [cells(one_line(name)) for name in self.reading.source.speakers]
        speaker = min(max(labels, default=-1), 6 if width < 100 else 13) + 1
        room = width - number - speaker - 1
        columns = 2 if self.side_by_side else 1
        margin = 8 if room < 56 else 20 if columns == 1 else 30
        text = max(min(TEXT, room - margin), 10)
        left = max(min(room - text, 44 * columns), 0)
        return Layout(number, speaker, text, (left // columns,) * columns)

    def take_codings(self) -> None:
        """Give every coding shown a stripe of its own beside those it overlaps; then draw what is in sight."""
        self._lanes = {}
        for column in self._columns():
            free: list[int] = []
            for coding in column:
                rows = self.wrapped.rows(coding.span.start, coding.span.end)
                lane = next((n for n, last in enumerate(free) if last < rows.start), len(free))
                free[lane : lane + 1] = [rows.stop - 1]
                self._lanes[coding.id] = lane
        self.refresh()

    def _columns(self) -> list[tuple[Coding, ...]]:
        if self.side_by_side is None:
            return [self.reading.codings]
        return [tuple(c for c in self.reading.codings if c.coder == name) for name in self.side_by_side]

    def on_resize(self) -> None:
        """Wrap at the new width."""
        self.lay_out()

    # -- showing the selection ------------------------------------------------------------------------------------

    def reveal(self, *, far: bool = False) -> None:
        """Draw the selection where it is now, and scroll when it is out of sight."""
        rows = self.wrapped.rows(self.reading.selection.start, self.reading.selection.end)
        if self._drawn is not None:
            self._draw_rows(self.wrapped.rows(self._drawn.start, self._drawn.end))
        self._draw_rows(rows)
        self._drawn = self.reading.selection
        self._scroll_to_rows(rows, far)

    def _draw_rows(self, rows: range) -> None:
        for row in rows:
            self._strips.pop(row, None)
        self.refresh_lines(rows.start, len(rows))

    def _scroll_to_rows(self, rows: range, far: bool) -> None:
        height, top = max(self.size.height, 1), self.scroll_offset.y
        at = rows.stop - 1 if self.reading.edge == "end" and len(rows) < height else rows.start
        around = min(2, height // 4)
        if far or not top - height <= at < top + 2 * height or at >= top + height - around:
            target = rows.start - height // 3  # the page stands still while it is read, then turns by most of itself
            if rows.stop - target > height:
                target = at - height + 1 + around if at != rows.start else at - around
        elif at < top + around:
            target = at - height * 2 // 3 if at == rows.start else at - around
        else:
            return
        self.scroll_to(y=max(min(target, len(self.wrapped.lines) - height), 0), animate=False)

    # -- drawing --------------------------------------------------------------------------------------------------

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As any widget; without a region everything is drawn anew."""
        if not regions and repaint:
            self._strips.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight, past Textual's caches as in `Drawn`; they are kept here until they change."""
        whole, top = crop.x == 0 and crop.width == self.size.width, self.scroll_offset.y
        strips = [self._strip(top, y) for y in range(crop.y, crop.bottom)]
        return strips if whole else [strip.crop(crop.x, crop.right) for strip in strips]

    def _strip(self, top: int, y: int) -> Strip:
        row = top + y
        if row not in self._strips:
            if len(self._strips) > 500:
                self._strips.clear()
            self._strips[row] = self.render_line(y)
        return self._strips[row]

    def render_line(self, y: int) -> Strip:
        """One line of the pane."""
        row, width = self.scroll_offset.y + y, self.size.width
        ground = self.palette.text
        if not 0 <= row < len(self.wrapped.lines) or self.wrapped.lines[row].turn < 0:
            return Strip.blank(width, ground)
        line = self.wrapped.lines[row]
        found = self.reading.touching(line.start, line.end)
        parts = [*self._head(line), *self._words(line, found), Segment(" ", ground)]
        for number, room in enumerate(self.shape.margins):
            name = self.side_by_side[number] if self.side_by_side else None
            parts += self._margin(line, [c for c in found if name in (None, c.coder)], room)
        return Strip(parts).adjust_cell_length(width, ground)

    def _head(self, line: Line) -> list[Segment]:
        """Number and speaker."""
        turn = self.reading.text.turns[line.turn]
        pieces = self.reading.text.pieces("sentence", line.turn)
        at = bisect_left(pieces, line.start, key=lambda span: span.start)
        starts = at < len(pieces) and pieces[at].start < line.end
        number = f"{turn.n}.{at + 1}" if starts else ""
        label = one_line(turn.speaker or "") if line.first else ""
        room = self.shape.speaker
        label = clipped(label, max(room - 1, 0))
        given = starts and self.reading.is_given(pieces[at].start, pieces[at].end)
        return [
            Segment(f"{number:>{self.shape.number - 1}} ", self.palette.key if given else self.palette.quiet),
            Segment(label + " " * max(room - cells(label), 0), self.palette.label),
        ]

    def _words(self, line: Line, found: Sequence[Coding]) -> list[Segment]:
        """The text, cut wherever a style changes."""
        reading, chosen = self.reading, self.reading.selection
        hits = self._hits(line)
        proposed = [s.segment.span for s in reading.suggestions if s.segment.span.overlaps(Span(line.start, line.end))]
        spans = [chosen, *hits, *proposed, *(coding.span for coding in found)]
        marks = [memo.about.span for memo in reading.marks if memo.about.span]
        cuts = {line.start, line.end}
        for span in (*spans, *marks):
            cuts.update(at for at in (span.start, span.end) if line.start < at < line.end)
        order = sorted(cuts)
        turn = reading.text.turns[line.turn]
        plain = self.palette.asked if turn.role == "interviewer" else self.palette.text
        parts, used = [], 0
        for one, two in itertools.pairwise(order):
            style = self._style(plain, one, found, hits, proposed, marks)
            text = safe_text(reading.source.text[one:two].replace("\n", " ").replace("\t", " "))
            parts.append(Segment(text, style))
            used += cells(text)
        parts.append(Segment(" " * max(self.shape.text - used, 0), self.palette.text))
        return parts

    def _hits(self, line: Line) -> list[Span]:
        hits = self.reading.hits
        at = bisect_right(hits, line.start, key=lambda span: span.end)
        found = []
        while at < len(hits) and hits[at].start < line.end:
            found.append(hits[at])
            at += 1
        return found

    def _style(
        self, plain: Style, at: int, found: Sequence[Coding], hits: Sequence[Span], proposed: Sequence[Span],
        marks: Sequence[Span],
    ) -> Style:  # fmt: skip
        here = [c for c in found if c.span.start <= at < c.span.end]
        style = plain
        if here:
            top = min(here, key=lambda c: len(c.span))
            style += self.palette.coded(top.code, self._colour(top.code), len(here))
        if any(span.start <= at < span.end for span in proposed):
            style += self.palette.proposed
        if any(span.start <= at < span.end for span in marks):
            style += Style(italic=True)
        if self.reading.selection.start <= at < self.reading.selection.end:
            style += self.palette.selected
        if any(span.start <= at < span.end for span in hits):
            style += self.palette.hit
        return style

    def _colour(self, path: str) -> str | None:
        code = self.sitting.code_of(path)
        return code.colour if code else None

    def _margin(self, line: Line, found: Sequence[Coding], room: int) -> list[Segment]:
        """Stripes of what goes on here, then the names of what begins here."""
        if room < 3:
            return [Segment(" " * room, self.palette.text)]
        lanes: list[Segment] = [Segment(" ", self.palette.text)] * min(LANES, room - 2)
        for coding in found:
            lane = self._lanes.get(coding.id, LANES)
            if lane < len(lanes):
                own = coding.coder == self.sitting.coder
                lanes[lane] = Segment("▎" if own else "┆", self._name_style(coding))
        begins = [coding for coding in found if line.start <= coding.span.start]
        noted = [m for m in self.reading.marks if m.about.span and line.start <= m.about.span.start < line.end]
        names = self._names(begins, room - len(lanes) - 1 - 2 * bool(noted), bool(noted))
        return [*lanes, Segment(" ", self.palette.text), *names]

    def _names(self, begins: Sequence[Coding], room: int, noted: bool) -> list[Segment]:
        parts = [Segment("✎ " if noted else "", self.palette.key)]
        left = room
        for number, coding in enumerate(begins):
            rest = len(begins) - number - 1
            name = self._named(coding)
            keep = left - (3 if rest else 0)
            if keep < 4:
                parts.append(Segment(f"+{rest + 1}"[:left], self.palette.quiet))
                left -= min(len(f"+{rest + 1}"), left)
                break
            name = clipped(name, keep)
            if rest and cells(name) + NARROW > left:
                parts += [Segment(name, self._name_style(coding)), Segment(f" +{rest}", self.palette.quiet)]
                left -= cells(name) + len(f" +{rest}")
                break
            parts += [Segment(name, self._name_style(coding)), Segment(" ", self.palette.text)]
            left -= cells(name) + 1
        return [*parts, Segment(" " * max(left, 0), self.palette.text)]

    def _named(self, coding: Coding) -> str:
        name = one_line(leaf(coding.code))
        if self.side_by_side is None and coding.coder != self.sitting.coder:
            name = f"{one_line(coding.coder)[:3]}:{name}"
        if coding.anchor in ("review", "edited"):
            name = f"{'?' if coding.anchor == 'review' else '~'}{name}"
        return name + ("✎" if coding.memo else "")

    def _name_style(self, coding: Coding) -> Style:
        style = self.palette.name(coding.code, self._colour(coding.code))
        chosen = self.reading.selection.start <= coding.span.start and coding.span.end <= self.reading.selection.end
        return style + Style(bold=True) if chosen else style

    # -- the mouse ------------------------------------------------------------------------------------------------

    def _offset(self, event: events.MouseEvent) -> int | None:
        cell = max(event.x - self.shape.number - self.shape.speaker, 0)
        return self.wrapped.offset(self.scroll_offset.y + event.y, cell)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to select."""
        self._press = self._offset(event)
        self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End selecting: a click takes the sentence, a drag the words it went over."""
        self.release_mouse()
        at = self._offset(event)
        if self._press is not None and at is not None:
            self.post_message(self.Dragged(self._press, at))
        self._press = None
