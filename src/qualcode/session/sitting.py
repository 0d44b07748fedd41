"""A sitting: every act the screen offers, done where the coder is; each returns a line that says what happened.

A line that begins with "saved" is said after the act is on the disk, never before.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from qualcode.errors import QualcodeError, UsageError
from qualcode.model import Coding, Memo, MemoTarget, Span
from qualcode.session.acting import Place
from qualcode.session.desk import RECENT, Desk, leaf
from qualcode.session.reading import Reading
from qualcode.store import AT_SCREEN, Entry

MARK = "(marked)"  # the text of a memo on a passage that says nothing yet
CERTAINTIES = (None, 0.25, 0.5, 0.75, 1.0)


class Sitting(Desk):
    """A coder's sitting at their desk."""

    # -- coding ---------------------------------------------------------------------------------------------------

    def code(self, word: str, *, certainty: float | None = None) -> str:
        """Code the selection; the same coding again takes it away. The selection stays for a second code."""
        reading, code = self.reading, self.session.code(word)
        same = [c for c in reading.every if c.span == reading.selection and c.code == code.path
                and c.coder == self.coder and c.round == self.session.round and c.anchor != "orphan"]  # fmt: skip
        if same:
            return f"{leaf(code.path)} is here already – d takes it away"
        segment = self.session.segment(reading.source, Place(span=(reading.selection.start, reading.selection.end)))
        with self.project.act(AT_SCREEN, self.coder) as act:
            key = act.add_coding(segment, code, round=self.session.round, certainty=certainty)
        self.used(code.path)
        self._after({code.path: 1})
        reading.choose(key)
        return f"saved  {leaf(code.path)} · {reading.number}"

    def used(self, path: str) -> None:
        """Remember a code as recent."""
        self.recent = [path, *(other for other in self.recent if other != path)][:RECENT]

    def _after(self, added: dict[str, int] | None = None) -> None:
        self.reading.show(self._stored(self.reading.source))
        for path, n in (added or {}).items():
            self._counts[path] = self._counts.get(path, 0) + n
        self._version = self.project.version

    def new_code(self, name: str, *, under: str | None = None, apply: bool = True) -> str:
        """Make a code of this name, with the selection as its first example, and code the selection with it."""
        from qualcode.workflow import codebook_life

        quote = self.reading.words if apply else None
        example = " ".join(quote.split()) if quote else None
        with self.project.run():
            done = codebook_life.add(self.project, name, coder=self.coder, under=under, example=example)
            self.refresh_codes()
            path = done.codes[0].path
            return self.code(path).replace("saved ", "saved  new code", 1) if apply else f"saved  new code {path}"

    def own(self) -> Coding:
        """The chosen coding, which must be this coder's. Raises UsageError."""
        own = [coding for coding in self.reading.here if coding.coder == self.coder]
        chosen = self.reading.chosen
        if chosen is not None and chosen.coder == self.coder:
            return chosen
        if not own:
            raise UsageError("no coding of yours here", "move onto one with ] or [")
        return own[0]

    def delete(self) -> str:
        """Take the chosen coding away."""
        coding = self.own()
        with self.project.act("coding remove", self.coder) as act:
            act.remove_coding(coding)
        self._after({coding.code: -1})
        return f"saved  {leaf(coding.code)} taken away · {self.reading.number}"

    def recode(self, word: str) -> str:
        """Give the chosen coding another code."""
        coding, code = self.own(), self.session.code(word)
        with self.project.act("coding recode", self.coder) as act:
            act.set_coding(coding.id, {"code": code.id})
        self.used(code.path)
        self._after({coding.code: -1, code.path: 1})
        self.reading.choose(coding.id)
        return f"saved  {leaf(coding.code)} → {leaf(code.path)}"

    def resize(self, coding: Coding) -> str:
        """Give a coding the selection's span."""
        chosen = self.reading.selection
        segment = self.session.segment(self.reading.source, Place(span=(chosen.start, chosen.end)))
        with self.project.act("coding resize", self.coder) as act:
            act.move_coding(coding, segment)
        self._after()
        self.reading.choose(coding.id)
        return f"saved  {leaf(coding.code)} now {self.reading.number}"

    def more_certain(self) -> str:
        """Go to the next degree of certainty of the chosen coding: not said, 25, 50, 75, 100 %."""
        coding = self.own()
        known = [n for n, value in enumerate(CERTAINTIES) if value == coding.certainty]
        sure = CERTAINTIES[((known[0] if known else 0) + 1) % len(CERTAINTIES)]
        self.session.set_coding(coding.id, {"certainty": sure})
        self._after()
        self.reading.choose(coding.id)
        return f"saved  {leaf(coding.code)} " + ("certainty not said" if sure is None else f"certainty {sure:.0%}")

    # -- marks and memos ------------------------------------------------------------------------------------------

    def mark(self) -> str:
        """Mark the passage without a code, or take its mark away."""
        reading = self.reading
        held = [m for m in reading.marks if m.about.span == reading.selection and m.coder == self.coder]
        if held and held[0].text != MARK:
            return "there is a memo here – m opens it"
        about = MemoTarget("segment", reading.source.id, span=reading.selection)
        self.session.write_memo(about, "" if held else MARK, held[0].id if held else None)
        self.refresh()
        return f"saved  {'mark taken away' if held else 'marked'} · {reading.number}"

    def memo_here(self) -> tuple[MemoTarget, Memo | None, str]:
        """What a memo is about here: the chosen coding of one's own, else the passage; its memo, and in words."""
        reading = self.reading
        chosen = reading.chosen
        meant = chosen is not None and (reading.picked or chosen.span == reading.selection)
        if chosen is not None and meant and chosen.coder == self.coder:
            about = MemoTarget("coding", chosen.id)
            held = Memo(about, chosen.memo, self.coder, id="") if chosen.memo else None
            return about, held, f"memo on {leaf(chosen.code)} · {reading.number}"
        found = [m for m in reading.marks if m.about.span == reading.selection and m.coder == self.coder]
        about = MemoTarget("segment", reading.source.id, span=reading.selection)
        held = replace(found[0], text="" if found[0].text == MARK else found[0].text) if found else None
        return about, held, f"memo on the passage · {reading.number}"

    def journal(self) -> tuple[MemoTarget, Memo | None, str]:
        """Today's entry of the project's journal by this coder."""
        from datetime import UTC, datetime

        today = datetime.now(UTC).strftime("%Y-%m-%d")
        entries = [memo for memo in self.project.memos() if memo.about.kind == "project" and memo.coder == self.coder]
        mine = [memo for memo in entries if (memo.at or "")[:10] == today]
        return MemoTarget("project"), mine[-1] if mine else None, f"project journal · {today}"

    def write_memo(self, about: MemoTarget, held: Memo | None, text: str) -> Memo | None:
        """Store a memo as it stands; returns it as it is now. Unchanged text is no act."""
        if text == (held.text if held else ""):
            return held
        if about.kind == "coding":
            self.session.set_coding(about.name, {"memo": text if text.strip() else None})
            self._after()
            return Memo(about, text, self.coder) if text.strip() else None
        key = self.session.write_memo(about, text, held.id if held else None)
        if about.kind == "segment":
            self.refresh()
        return Memo(about, text, self.coder, id=key) if key else None

    # -- going back, being done -----------------------------------------------------------------------------------

    def undo(self) -> str:
        """Take this coder's last act here back; says what it was."""
        return self._turn("undo")

    def redo(self) -> str:
        """Bring the last undone act back; says what it was."""
        return self._turn("redo")

    def take_codes_anew(self) -> None:
        """The codebooks were changed beside this sitting's own acts."""
        self.session.forget()
        self.refresh_codes()
        self.refresh()

    def _turn(self, kind: Literal["undo", "redo"]) -> str:
        from qualcode.workflow import teamwork

        before = {coding.id: coding for coding in self._stored(self.reading.source)} if self.reading.source.id else {}
        done = teamwork.turn(self.project, kind, self.coder)
        self.session.forget()
        verb = "undone" if kind == "undo" else "done again"
        said = _told(done.acts)
        hidden = "".join(f" · {told}" for told in teamwork.told(done.sight))
        if self.reading.source.id not in self.project.source_names():
            return f"saved  {verb}: {said}{hidden} · this source went with it, redo brings it back"
        source, place = self.project.source(self.reading.source.id), self.reading.selection
        if source.text != self.reading.source.text:
            self.refresh_share()
            self.open(source.id, place)
            self.reading.reselect()
        self.refresh_codes()
        self.refresh()
        after = {coding.id: coding for coding in self.reading.every}
        was_done = self.is_done
        self.take_standing()
        if was_done != self.is_done:
            said = f"{source.name} {'done' if self.is_done else 'not done'}"
        return f"saved  {verb}: {_difference(before, after, self.reading) or said}{hidden}"

    def done(self) -> str:
        """Say that this coder is done with the source under every codebook that has codes, or take that back."""
        source = self.reading.source
        self.take_standing()
        is_done = self.is_done
        books = [book.name for book in self.project.codebooks() if book.codes]
        if not books:
            raise UsageError("there are no codes yet", "make one with n, or apply a codebook")
        with self.project.run():
            for name in books:
                self.session.set_done([source.id], name, "in progress" if is_done else "done")
        self.is_done = not is_done
        return f"saved  {source.name} {'not done' if is_done else 'done'}"

    def correct(self, text: str) -> str:
        """Correct the words of the turn under the cursor; every coding follows. Says what became of them."""
        from qualcode.workflow import revising

        turn = self.reading.turn
        if turn is None:
            raise UsageError("there is no turn here", "move onto one")
        at = self.reading.selection.start
        revised = revising.revise_turn(self.project, self.reading.source.id, turn.n, text, coder=self.coder)
        self.session.forget()
        self.refresh_share()
        self.reading = Reading(self.project.source(self.reading.source.id), self.coder, self.layers, self.share)
        self.refresh()
        self._version = self.project.version  # a revision of one's own is no news
        self.reading.select(Span(at, at + 1))
        self.reading.reselect()
        touched = ", ".join(f"{n} {anchor}" for anchor, n in revised.counts.items() if n and anchor != "exact")
        return f"saved  turn {turn.n} corrected" + (f"; codings: {touched}" if touched else "")

    def quotation(self) -> str:
        """The selected words with who said them, as they would be exported."""
        from qualcode.analysis.attribution import unspecified

        reading = self.reading
        segment = self.session.segment(reading.source, Place(span=(reading.selection.start, reading.selection.end)))
        said = unspecified(Coding(segment, "", self.coder))
        return f"“{' '.join(segment.quote.split())}” {said[:-1]}, {reading.number}]"

    def keep_quotation(self, quotation: str) -> str:
        """Add a copied quotation to ``exports/copied.md``, for terminals without a clipboard; where it is, or "".

        No act and nothing of the project: where it cannot be written, the clipboard has to do.
        """
        path = self.project.folder / "exports" / "copied.md"
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(f"{quotation}\n\n")
        except OSError:
            return ""
        return "exports/copied.md"


def _told(acts: Sequence[Entry]) -> str:
    """What acts changed, each kind of change once with its number."""
    counts: Counter[str] = Counter()
    for act in acts:
        counts.update(dict(act.changes))
    return ", ".join(f"{n} {what}" for what, n in counts.items())


def _difference(before: dict[str, Coding], after: dict[str, Coding], reading: Reading) -> str:
    """What happened to the codings of a source, in words."""

    def named(codings: Sequence[Coding]) -> str:
        said = [f"{leaf(c.code)} {reading.text.number(c.span.start)}" for c in codings[:3]]
        return ", ".join(said) + (f" +{len(codings) - 3}" if len(codings) > 3 else "")

    parts = []
    if gone := [before[key] for key in before.keys() - after.keys()]:
        parts.append(f"{named(gone)} gone")
    if new := [after[key] for key in after.keys() - before.keys()]:
        parts.append(f"{named(new)} back")
    if other := [after[key] for key in after.keys() & before.keys() if not _same(after[key], before[key])]:
        parts.append(f"{named(other)} as it was")
    return "; ".join(parts)


def _same(one: Coding, other: Coding) -> bool:
    fields = ("code", "span", "memo", "certainty", "round")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def refused(error: QualcodeError) -> str:
    """A refusal as one line."""
    return f"{error.what} — {error.way_out}" if error.way_out else error.what
