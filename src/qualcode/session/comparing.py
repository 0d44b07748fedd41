"""Reading by code: every passage of one code, by case, so that each is compared with the others; and the chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qualcode.errors import UsageError
from qualcode.model import Coding, Memo, MemoTarget
from qualcode.session.desk import SET, leaf
from qualcode.session.sitting import Sitting

STAR = "★"  # the text of a memo on a coding that is worth quoting


def visible(sitting: Sitting, codings: Sequence[Coding]) -> list[Coding]:
    """The codings that stand in their text and whose coder this sitting shows."""
    allowed = sitting.layers.coders
    return [c for c in codings if c.anchor != "orphan" and (allowed is None or c.coder in allowed)]


def of_codes(codings: Sequence[Coding], paths: Sequence[str]) -> list[Coding]:
    """The codings of these codes and of those below them."""
    above = tuple(f"{path}/" for path in paths)
    return [coding for coding in codings if f"{coding.code}/".startswith(above)]


class Passages:
    """The passages of one code, or of a set (``set:NAME``), and of the codes below, by case and place."""

    def __init__(self, sitting: Sitting, path: str) -> None:
        self.sitting = sitting
        self.path = path
        self.refresh()

    def refresh(self) -> None:
        """Read them again."""
        project = self.sitting.project
        found = of_codes(visible(self.sitting, project.codings()), self.sitting.standing_for(self.path))
        names = {source: place for place, source in enumerate(project.source_names())}
        order = sorted(found, key=lambda c: (self.case(c), names.get(c.source.id, 0), c.span, c.coder))
        self.rows: list[Coding] = order
        self.by_case = Counter(self.case(coding) for coding in order)
        stars = [m for m in project.memos() if m.about.kind == "coding" and m.text == STAR]
        self._stars: dict[str, Memo] = {m.about.name: m for m in stars if m.coder == self.sitting.coder}

    @staticmethod
    def case(coding: Coding) -> str:
        """Whose words these are: the case, else the source."""
        return coding.case or coding.source.name

    def starred(self, coding: Coding) -> bool:
        """Whether this coder starred it."""
        return coding.id in self._stars

    def shown(self, coding: Coding) -> None:
        """A passage is on the screen: the log notes it when it is another coder's."""
        if coding.coder != self.sitting.coder:
            self.sitting.note_seen([(coding.source.id, coding.coder)])

    def star(self, coding: Coding) -> str:
        """Star it, or take the star away."""
        held = self._stars.get(coding.id)
        text = "" if held else STAR
        self.sitting.session.write_memo(MemoTarget("coding", coding.id), text, held.id if held else None)
        self.refresh()
        return "saved  star taken away" if held else "saved  starred"

    def recode(self, coding: Coding, word: str) -> str:
        """Give it another code."""
        self.sitting.session.recode([coding.id], word)
        self.refresh()
        return f"saved  {leaf(coding.code)} → {leaf(word)}"

    def delete(self, coding: Coding) -> str:
        """Take it away."""
        self.sitting.session.remove([coding.id])
        self.refresh()
        return f"saved  {leaf(coding.code)} taken away"

    def memo(self, coding: Coding, text: str) -> str:
        """Write on the coding."""
        self.sitting.session.set_coding(coding.id, {"memo": text if text.strip() else None})
        self.refresh()
        return "saved  memo"

    def split(self, coding: Coding, name: str) -> str:
        """Make a code of this name beside this one, and give it this passage; undone as one."""
        from qualcode.workflow import codebook_life

        beside = coding.code if self.path.startswith(SET) else self.path
        parent = beside.rpartition("/")[0]
        if coding.coder != self.sitting.coder:
            raise UsageError(f"this coding is {coding.coder}'s", "make the code, and let them recode")
        example = " ".join(coding.segment.quote.split())
        with self.sitting.project.run():
            done = codebook_life.add(
                self.sitting.project, name, coder=self.sitting.coder, under=parent, example=example
            )
            self.sitting.refresh_codes()
            return self.recode(coding, done.codes[0].path).replace("saved ", "saved  new code:", 1)


class Charting:
    """Case by code: how often, and in one's own words. A cell's summary is a memo on case × code."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.only = ""
        self.refresh()

    @property
    def ways(self) -> list[str]:
        """What the chart can be narrowed to: nothing (""), each set (``set:NAME``), each codebook."""
        books = dict.fromkeys(code.codebook for code in self.sitting.codes)
        return ["", *(each.path for each in self.sitting.gathered), *books]

    def narrow(self, only: str) -> str:
        """Chart only the codes of a set or codebook, or all; see `ways`."""
        self.only = only
        self.refresh()
        return f"{len(self.codes)} code{'s' * (len(self.codes) != 1)}" + (
            f" of {only.removeprefix(SET)}" if only else ""
        )

    def refresh(self) -> None:
        """Read everything again. Codes without codings or summaries are left out."""
        project, coder = self.sitting.project, self.sitting.coder
        self.cases = [case for case in project.cases() if case.sources]
        named = {case.name for case in self.cases}
        self.cells: dict[tuple[str, str], list[Coding]] = {}
        for coding in visible(self.sitting, project.codings()):
            case = coding.case
            if case in named:
                self.cells.setdefault((str(case), coding.code), []).append(coding)
        memos = [m for m in project.memos() if m.about.kind == "case x code" and m.coder == coder]
        self._summaries = {(m.about.name, m.about.code): m for m in memos}
        used = {code for _, code in [*self.cells, *self._summaries]}
        offered = [code for code in self.sitting.codes if self._is_wanted(code.path)]
        self.codes = [code for code in offered if code.path in used] or offered

    def _is_wanted(self, path: str) -> bool:
        paths = self.sitting.standing_for(self.only) if self.only else ()
        return not self.only or f"{path}/".startswith(tuple(f"{above}/" for above in paths))

    def quotations(self, case: str, code: str) -> list[Coding]:
        """What was said in a cell, by place."""
        found = self.cells.get((case, code), [])
        self.sitting.note_seen((c.source.id, c.coder) for c in found if c.coder != self.sitting.coder)
        return found

    def count(self, case: str, code: str) -> tuple[int, int]:
        """How many codings of one's own a cell has, and how many of others: two people's are never one number."""
        found = self.cells.get((case, code), [])
        own = sum(coding.coder == self.sitting.coder for coding in found)
        return own, len(found) - own

    def summary(self, case: str, code: str) -> str:
        """This coder's summary of a cell."""
        held = self._summaries.get((case, code))
        return held.text if held else ""

    def write(self, case: str, code: str, text: str) -> str:
        """Store the summary of a cell."""
        held = self._summaries.get((case, code))
        about = MemoTarget("case x code", case, code)
        self.sitting.session.write_memo(about, text, held.id if held else None)
        self.refresh()
        return f"saved  {case} × {leaf(code)}"
