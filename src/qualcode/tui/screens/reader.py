"""What the parts of the reading screen share: what is read, where it is drawn, and being drawn anew."""

from __future__ import annotations

from qualcode.model import Coding
from qualcode.session.reading import Reading
from qualcode.tui.screens.frame import Frame
from qualcode.tui.widgets.transcript import Transcript


class Reader(Frame):
    """A screen with a transcript."""

    resizing: Coding | None = None
    placing: Coding | None = None  # an orphan that looks for a place; all keys move as ever, z puts it here
    back_to_row = False

    @property
    def reading(self) -> Reading:
        """What is being read."""
        return self.sitting.reading

    @property
    def pane(self) -> Transcript:
        """The transcript."""
        return self.query_one(Transcript)

    def moved(self) -> None:
        """Draw the selection where it is, with its question and its codings."""

    def opened(self) -> None:
        """Draw another source."""

    def wait(self, on: bool) -> None:
        """Wait for a code's key, or no longer."""
