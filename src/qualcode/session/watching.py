"""Looking after the codebook files while somebody codes: an edit is taken in once the file has come to rest."""

from __future__ import annotations

from pathlib import Path

from qualcode.session.sitting import Sitting
from qualcode.workflow import codebook_edits
from qualcode.workflow.codebook_edits import Edit, Stamp


class Watch:
    """Remembers how the files lay when the sitting began. An editor may write in several steps, so a file that is not
    as it was is taken in at the second look that finds it unchanged.
    """

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self._known = codebook_edits.stamps(sitting.project)
        self._restless: dict[Path, Stamp] = {}
        self._refused: set[Path] = set()

    def look(self) -> Edit | None:
        """Take in one file that was edited and rests; what came of it, or None."""
        now = codebook_edits.stamps(self.sitting.project)
        moved = {path: stamp for path, stamp in now.items() if self._known.get(path) != stamp}
        resting = [path for path, stamp in moved.items() if self._restless.get(path) == stamp]
        self._restless = moved
        for path in resting:
            self._known[path] = moved[path]
            edit = codebook_edits.take_in(self.sitting.project, path, coder=self.sitting.coder)
            if edit is None and path in self._refused:
                edit = Edit(f"{path.name} is as the project has it again")
            (self._refused.add if edit is not None and edit.way_out else self._refused.discard)(path)
            if edit is not None:
                self.sitting.take_codes_anew()
                return edit
        return None
