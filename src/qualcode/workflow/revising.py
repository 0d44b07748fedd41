"""Revise: a corrected transcript, or one turn → alignment → every coding exact, edited, to review or orphaned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qualcode import prompts, readers, speakers
from qualcode.anchors import Block, Carried, Carrier, align
from qualcode.errors import UsageError
from qualcode.model import Coding, Source, Span, Turn
from qualcode.readers import ReadOptions
from qualcode.store import Project


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one coding: the quotation before, and after (None for an orphan)."""

    coding: Coding
    carried: Carried
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Revised:
    """A source's old and new version and the outcome of each coding; `applied` is False for a dry run.

    `strangers` are participants of the new version who are nobody's case, though the others are somebody's.
    """

    old: Source
    new: Source
    outcomes: tuple[Outcome, ...]
    applied: bool
    strangers: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many codings are exact, edited, to review and orphaned."""
        counted = Counter(outcome.carried.anchor for outcome in self.outcomes)
        return {anchor: counted[anchor] for anchor in ("exact", "edited", "review", "orphan")}


def revise_from_file(
    project: Project,
    word: str,
    file: Path,
    *,
    coder: str | None,
    options: ReadOptions | None = None,
    dry_run: bool = False,
) -> Revised:
    """Take in a corrected transcript. Its turns are read anew; roles stay with the speakers that keep their labels.

    Raises UsageError when the file holds several sources or the same text.
    """
    old = project.source(word)
    raw = readers.contents(file)
    before = _as_read(project, old)
    names = dict.fromkeys(turn.speaker for turn in before if turn.speaker)
    bundle = readers.read_bytes(raw, file.name, replace(options or ReadOptions(), speakers=tuple(names)))
    if len(bundle.sources) != 1:
        raise UsageError(f"{file.name} holds {len(bundle.sources)} sources", "a revision is of one")
    known = {was.speaker: turn.role for was, turn in zip(before, old.turns, strict=True) if was.speaker and turn.role}
    present = set(bundle.sources[0].speakers)
    bundle = speakers.assign(bundle, {name: role for name, role in known.items() if name in present})
    read = bundle.sources[0]
    new = prompts.carried(old, replace(old, text=read.text, turns=read.turns, sha256=read.sha256))
    return _revise(project, old, new, coder=coder, dry_run=dry_run, original=(file.name, raw))


def revise_turn(
    project: Project,
    word: str,
    number: int,
    text: str,
    *,
    coder: str | None,
    dry_run: bool = False,
) -> Revised:
    """Correct one turn, such as a typo. Raises UsageError for an unknown turn or an empty text."""
    old = project.source(word)
    turn = next((turn for turn in old.turns if turn.n == number), None)
    if turn is None:
        raise UsageError(f"{old.name} has no turn {number}", f"it has turns 1 to {len(old.turns)}")
    said = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not said:
        raise UsageError("a turn cannot become empty", "revise from a file that lacks it")
    span, grown = turn.span, len(said) - len(turn.span)
    whole = old.text[: span.start] + said + old.text[span.end :]
    turns = tuple(_moved(each, span, grown) for each in _as_read(project, old))
    return _revise(project, old, replace(old, text=whole, turns=turns), coder=coder, dry_run=dry_run)


def _as_read(project: Project, source: Source) -> tuple[Turn, ...]:
    """The source's turns under the labels of its file, which later names and roles are given to in every version."""
    read = project.turns_as_read(source.id)
    return tuple(replace(was, prompt=turn.prompt) for was, turn in zip(read, source.turns, strict=True))


def _moved(turn: Turn, corrected: Span, grown: int) -> Turn:
    """The turn in the text in which `corrected` grew."""
    start = turn.span.start + (grown if turn.span.start > corrected.start else 0)
    end = turn.span.end + (grown if turn.span.end >= corrected.end else 0)
    return replace(turn, span=Span(start, end))


def _revise(
    project: Project,
    old: Source,
    new: Source,
    *,
    coder: str | None,
    dry_run: bool,
    original: tuple[str, bytes] | None = None,
) -> Revised:
    if new.text == old.text:
        raise UsageError(f"{old.name} has this text already", "nothing to revise")
    blocks = align(old.text, new.text)
    codings = project.codings(sources={old.id})
    outcomes = _outcomes(old, new, codings, blocks)
    if dry_run:
        return Revised(old, new, outcomes, applied=False)
    project.safeguard("before-revise")
    project.revise(old, new, blocks, coder=coder, original=original)
    return Revised(old, new, outcomes, applied=True, strangers=_strangers(project.source(old.id)))


def _strangers(source: Source) -> tuple[str, ...]:
    """Who speaks in a talk of several cases, does not ask, and is none of them."""
    loose = [t.speaker for t in source.turns if t.speaker and t.role != "interviewer" and not source.case_of(t)]
    return tuple(dict.fromkeys(loose)) if source.by_turn else ()


def _outcomes(old: Source, new: Source, codings: tuple[Coding, ...], blocks: tuple[Block, ...]) -> tuple[Outcome, ...]:
    carrier = Carrier(old.text, new.text, blocks)
    found = []
    for coding in codings:
        was_orphan = coding.source.text != old.text
        carried = Carried(None, "orphan", 0) if was_orphan else carrier.carry(coding.span)
        after = new.quote(carried.span) if carried.span else None
        found.append(Outcome(coding, carried, coding.segment.quote, after))
    return tuple(found)
