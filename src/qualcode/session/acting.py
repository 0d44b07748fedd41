"""One coder's sitting, headless: code, uncode, recode, memo, done, accept, reject. What returned is durable."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from qualcode import codebook as codebooks
from qualcode.errors import NoCoder, NotKnown, QualcodeError, RetiredCode, UnknownCode, UsageError, nearest
from qualcode.model import CONSENSUS, Code, Coding, Memo, MemoTarget, Segment, Source, Span, State, Status, Suggestion
from qualcode.slugs import nfc
from qualcode.store import Project

FIELDS = ("ref", "source", "start", "end", "quote", "turn", "code", "coder", "round", "memo", "certainty")
"""What a line of a batch may say."""
LISTED = ("id", "source_name", "case", "speaker", "origin", "anchor", "at")
"""What a row of ``coding list --json`` says besides; passed over, so that a list can be fed back."""
BULK = 20
"""From so many codings changed at once, a backup is made first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a coding goes: exactly one of `quote` (with `turn` to narrow it), `span` or `turn` alone."""

    quote: str | None = None
    span: tuple[int, int] | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of ``coding batch``, checked and resolved, or the reason why it cannot be taken."""

    ref: Any
    coder: str = ""
    segment: Segment | None = None
    code: Code | None = None
    round: int = 1
    memo: str | None = None
    certainty: float | None = None
    error: str | None = None


class Session:
    """A coder at work on a project in one round. Texts and codes are kept until another process writes."""

    def __init__(self, project: Project, coder: str | None, round: int = 1) -> None:
        self.project = project
        self._coder = coder and nfc(coder)
        self.round = round
        self._sources: dict[str, Source] = {}
        self._codes: tuple[Code, ...] | None = None
        self._words: dict[str, Code] = {}
        self._version = project.version

    @property
    def coder(self) -> str:
        """Who codes; raises NoCoder when nobody is named, UsageError for the name of the consensus layer."""
        if not self._coder:
            raise NoCoder
        if self._coder == CONSENSUS:
            raise UsageError(f'"{CONSENSUS}" is the adjudicated layer, not a coder', "name a person")
        return self._coder

    # -- looking up -------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        version = self.project.version
        if version != self._version:
            self._sources, self._codes, self._version = {}, None, version

    def forget(self) -> None:
        """Read texts and codes again when they are next needed: something changed them beside this session's acts."""
        self._sources, self._codes, self._version = {}, None, self.project.version

    def source(self, word: str) -> Source:
        """The source called `word`; see `Project.source`."""
        if word not in self._sources:
            self._sources[word] = self.project.source(word)
        return self._sources[word]

    def code(self, word: str) -> Code:
        """The live code called `word`: full path, or trailing parts that only one has. Raises UnknownCode."""
        if self._codes is None:
            self._codes, self._words = self.project.codes(), {}
        if word not in self._words:
            self._words[word] = self._looked_up(word)
        return self._words[word]

    def _looked_up(self, word: str) -> Code:
        try:
            return codebooks.lookup(self._codes or (), word)
        except UnknownCode as unknown:
            live = {code.id for code in self._codes or ()}
            gone = [code for code in self.project.codes(retired=True) if code.id not in live]
            try:
                path = codebooks.lookup(gone, word).path
            except QualcodeError:
                raise unknown from None
            raise RetiredCode(path) from None

    def segment(self, source: Source, place: Place) -> Segment:
        """The segment at `place`. Raises UsageError when there is none, AmbiguousQuote when there are several."""
        from qualcode.locating import locate

        if place.span is not None and (place.quote is not None or place.turn is not None):
            raise UsageError("--span stands alone", "give a span, or a quotation with or without its turn")
        if place.quote is not None:
            return Segment(source, locate(source, place.quote, turn=place.turn).span)
        if place.span is not None:
            return Segment(source, _checked_span(source, *place.span))
        if place.turn is None:
            raise UsageError("no place is given", "give --quote TEXT, --span START:END or --turn N")
        return Segment(source, _turn(source, place.turn))

    # -- coding -----------------------------------------------------------------------------------------------

    def add(
        self,
        source: str,
        place: Place,
        code: str,
        *,
        memo: str | None = None,
        certainty: float | None = None,
        origin: str = "hand",
    ) -> Coding:
        """Code the segment at `place` and return the stored coding."""
        self._refresh()
        coder = self.coder
        segment, known = self.segment(self.source(source), place), self.code(code)
        with self.project.act("coding add", coder) as act:
            key = act.add_coding(
                segment, known, round=self.round, origin=origin, memo=memo, certainty=_checked_certainty(certainty)
            )
        return self.project.coding(key)

    def remove(self, ids: Sequence[str]) -> tuple[Coding, ...]:
        """Take codings back, all or none; returns what was removed."""
        found = self._codings(ids)
        self._safeguard("before-remove", len(found))
        with self.project.act("coding remove", self.coder) as act:
            for coding in found:
                act.remove_coding(coding)
        return found

    def recode(self, ids: Sequence[str], code: str) -> tuple[Coding, ...]:
        """Give codings another code, all or none; their ids stay. Returns them as they are now."""
        found, known = self._own(ids), self.code(code)
        self._safeguard("before-recode", len(found))
        with self.project.act("coding recode", self.coder) as act:
            for coding in found:
                act.set_coding(coding.id, {"code": known.id})
        return tuple(self._after(coding) for coding in found)

    def _safeguard(self, reason: str, codings: int) -> None:
        if codings >= BULK:
            self.project.safeguard(reason)

    def _after(self, coding: Coding) -> Coding:
        """The coding as it is stored now; of twins the one that shows."""
        try:
            return self.project.coding(coding.id)
        except NotKnown:
            return coding

    def resize(self, coding_id: str, place: Place) -> Coding:
        """Give a coding another span of its source."""
        (coding,) = self._own([coding_id])
        segment = self.segment(self.project.source(coding.source.id), place)  # an orphan holds the earlier text
        with self.project.act("coding resize", self.coder) as act:
            act.move_coding(coding, segment)
        return self.project.coding(coding.id)

    def _codings(self, ids: Sequence[str]) -> tuple[Coding, ...]:
        if not ids:
            raise UsageError("no coding is named", "give ids from `qualcode coding list`")
        return tuple({c.id: c for c in (self.project.coding(word) for word in ids)}.values())

    def _own(self, ids: Sequence[str]) -> tuple[Coding, ...]:
        found = self._codings(ids)
        for coding in found:
            if coding.coder != self.coder:
                raise UsageError(f"coding {coding.id[:8]} is {coding.coder}'s", f"act as --coder {coding.coder}")
        return found

    # -- batches ----------------------------------------------------------------------------------------------

    def batch(self, lines: Iterable[str], *, origin: str = "batch") -> list[dict[str, Any]]:
        """Code JSON lines in one transaction: ``{"ref", "id"}`` for each that is stored, else ``{"ref", "error"}``.

        A bad line stops no other. The same content twice gives the same id.
        """
        self._refresh()
        checked = [self._line(text) for text in lines]
        answers: list[dict[str, Any]] = [{"ref": line.ref, "error": line.error} for line in checked]
        sound = [at for at, line in enumerate(checked) if line.error is None]
        with self.project.writing():
            for coder, places in groupby(sorted(sound, key=lambda at: checked[at].coder), lambda at: checked[at].coder):
                with self.project.act("coding batch", coder) as act:
                    for at in places:
                        line = checked[at]
                        assert line.segment is not None
                        assert line.code is not None
                        key = act.add_coding(
                            line.segment,
                            line.code,
                            round=line.round,
                            origin=origin,
                            memo=line.memo,
                            certainty=line.certainty,
                        )
                        answers[at] = {"ref": line.ref, "id": key}
        return answers

    def _line(self, text: str) -> Line:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return Line(None, error="not a JSON object — one object a line")
        if not isinstance(said, dict):
            return Line(None, error="not a JSON object — one object a line")
        ref = said.get("ref")
        try:
            return self._resolved(ref, said)
        except QualcodeError as error:
            return Line(ref, error=str(error))
        except (TypeError, ValueError):
            return Line(ref, error="a field has the wrong type — see `qualcode coding batch --help`")

    def _resolved(self, ref: Any, said: Mapping[str, Any]) -> Line:
        for name in ("source", "code"):
            if not isinstance(said.get(name), str):
                raise UsageError(f'"{name}" is missing or no text', "every line needs source, code and a place")
        _refuse_broken_text(said)
        _refuse_strange_keys(said)
        coder = said["coder"] if said.get("coder") is not None else self.coder
        if not isinstance(coder, str) or not coder.strip() or coder == CONSENSUS:
            raise UsageError('"coder" is not the name of a person', "leave it out, or name one")
        number = said["round"] if said.get("round") is not None else self.round
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise UsageError('"round" is not a whole number from 1', "leave it out, or give 1, 2 …")
        memo = said.get("memo")
        if memo is not None and not isinstance(memo, str):
            raise UsageError('"memo" is no text', "leave it out, or give a text")
        segment = self.segment(self.source(said["source"]), _place(said))
        if isinstance(said.get("quote"), str) and "start" in said and segment.quote != said["quote"]:
            raise UsageError("the quotation does not stand at that span", "give one of the two")
        certainty = _checked_certainty(said.get("certainty"))
        return Line(ref, coder, segment, self.code(said["code"]), number, memo, certainty)

    # -- memos and statuses -----------------------------------------------------------------------------------

    def add_memo(self, about: MemoTarget, text: str) -> Memo:
        """Write a memo about something, named as a person names it; returns the stored memo."""
        if not text.strip():
            raise UsageError("an empty memo says nothing", "give its text")
        coder, target = self.coder, self._target(about)
        with self.project.act("memo add", coder) as act:
            key = act.put_memo(target, text)
        return next(memo for memo in self.project.memos() if memo.id == key)

    def write_memo(self, about: MemoTarget, text: str, key: str | None = None) -> str | None:
        """Write a memo, or a new text of memo `key`; an empty text takes it back. Returns its id, None when gone."""
        if not text.strip() and key is None:
            return None
        target = self._target(about)
        with self.project.act("memo write" if text.strip() else "memo remove", self.coder) as act:
            if text.strip():
                return act.put_memo(target, text, key)
            act.remove_memo(str(key))
        return None

    def set_coding(self, coding_id: str, changes: Mapping[str, Any]) -> None:
        """Give one's own coding another `memo` (None takes it away) or `certainty` (None, or 0 to 1)."""
        (coding,) = self._own([coding_id])
        checked = {**changes}
        if "certainty" in checked:
            checked["certainty"] = _checked_certainty(checked["certainty"])
        with self.project.act(f"coding {' '.join(checked)}", self.coder) as act:
            act.set_coding(coding.id, checked)

    def _target(self, about: MemoTarget) -> MemoTarget:
        """The target with ids in place of the names a person gave."""
        match about.kind:
            case "source" | "segment":
                return replace(about, name=self.project.source_id(about.name))
            case "code":
                return replace(about, name="", code=self.code(about.code or about.name).id)
            case "coding":
                return replace(about, name=self.project.coding(about.name).id)
            case "case":
                return replace(about, name=self.project.case(about.name).id)
            case "case x code":
                return replace(about, name=self.project.case(about.name).id, code=self.code(about.code).id)
        return about

    def set_done(self, sources: Sequence[str], codebook: str | None, state: State) -> tuple[Status, ...]:
        """Say for each source that this coder is done (or not) under one codebook, or under all."""
        names = [book.name for book in self.project.codebooks()]
        if codebook is not None and codebook not in names:
            near = nearest(codebook, names)
            raise UsageError(f'no codebook "{codebook}" in this project', f"there are: {near or ', '.join(names)}")
        chosen = [codebook] if codebook else names
        ids = [self.project.source_id(word) for word in sources]
        coder = self.coder
        said = tuple(Status(key, coder, name, state) for key in ids for name in chosen)
        with self.project.act("sources done", coder) as act:
            for status in said:
                act.set_status(status)
        return said

    # -- suggestions ------------------------------------------------------------------------------------------

    def accept(
        self, suggestions: Sequence[Suggestion], *, code: str | None = None, seconds: float | None = None
    ) -> tuple[Coding, ...]:
        """Turn suggestions into codings of this coder; with another `code` they count as corrected.

        `seconds` is how long they were looked at.
        """
        coder = self.coder
        instead = self.code(code) if code else None
        with self.project.act("suggestions correct" if instead else "suggestions accept", coder) as act:
            keys = []
            for suggestion in suggestions:
                proposed = self.code(suggestion.code)
                chosen = instead or proposed
                act.decide(
                    suggestion, proposed, "corrected" if instead and instead != proposed else "accepted", seconds
                )
                keys.append(
                    act.add_coding(suggestion.segment, chosen, round=self.round, origin=f"suggestion:{suggestion.id}")
                )
        return tuple(self.project.coding(key) for key in keys)

    def reject(self, suggestions: Sequence[Suggestion], *, seconds: float | None = None) -> None:
        """Keep the suggestions as rejected; they are not proposed again."""
        with self.project.act("suggestions reject", self.coder) as act:
            for suggestion in suggestions:
                act.decide(suggestion, self.code(suggestion.code), "rejected", seconds)

    def skip(self, suggestion: Suggestion, *, seconds: float | None = None) -> None:
        """Keep that this coder looked and did not decide; the suggestion is not shown again."""
        with self.project.act("suggestions skip", self.coder) as act:
            act.decide(suggestion, self.code(suggestion.code), "skipped", seconds)


def _refuse_broken_text(said: Mapping[str, Any]) -> None:
    """Half a character (a lone surrogate) can be written in JSON and stored nowhere."""
    for name, value in said.items():
        if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            raise UsageError(f'"{name}" holds half a character', "write both halves of a surrogate pair")


def _refuse_strange_keys(said: Mapping[str, Any]) -> None:
    for name in said:
        if name not in FIELDS and name not in LISTED:
            near = nearest(name, FIELDS)
            way_out = f'did you mean "{near}"?' if near else f"a line takes {', '.join(FIELDS)}"
            raise UsageError(f'"{name}" means nothing here', way_out)


def _place(said: Mapping[str, Any]) -> Place:
    span = (said["start"], said["end"]) if "start" in said and "end" in said else None
    quote, turn = said.get("quote"), said.get("turn")
    if quote is not None and not isinstance(quote, str):
        raise UsageError('"quote" is no text', "give the words as they stand in the source")
    whole = [turn] if turn is not None else []
    if any(isinstance(value, bool) or not isinstance(value, int) for value in [*(span or ()), *whole]):
        raise UsageError('"start", "end" and "turn" are whole numbers', "offsets count code points from 0")
    return Place(None if span else quote, span, None if span else turn)


def _checked_span(source: Source, start: int, end: int) -> Span:
    if not 0 <= start < end <= len(source.text):
        raise UsageError(
            f"the span {start}:{end} is not inside {source.name}", f"it has {len(source.text)} code points, from 0"
        )
    from qualcode.graphemes import splits_grapheme

    for offset in (start, end):
        if splits_grapheme(source.text, offset):
            raise UsageError(f"offset {offset} splits a character made of several code points", "move it by one or two")
    if not source.text[start:end].strip():
        raise UsageError(f"the span {start}:{end} holds only white space", "move it onto words")
    return Span(start, end)


def _turn(source: Source, number: int) -> Span:
    for turn in source.turns:
        if turn.n == number:
            return turn.span
    raise UsageError(f"{source.name} has no turn {number}", f"it has turns 1 to {len(source.turns)}")


def _checked_certainty(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise UsageError("a certainty is a number from 0 to 1", "leave it out, or give for example 0.7")
    return float(value)
