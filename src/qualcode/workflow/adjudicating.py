"""Adjudicate: the places where coders differ → what holds there, in a layer of its own, with the reason and the rule.

Nobody's codings change. The layer `consensus` of a source and codebook holds what was agreed anyway and what was
settled; it counts in tables once nothing there is open. What alpha was before is kept with a milestone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode import codebook as room
from qualcode.agreement import Request, disagreements, measure
from qualcode.errors import UnknownId, UsageError, nearest
from qualcode.model import CONSENSUS, Code, Codebook, Coding, Disagreement, Segment, Span, State, Status
from qualcode.session import Place, Session
from qualcode.store import Act, Project, Record
from qualcode.workflow import agreeing, frozen_figures
from qualcode.workflow.codebook_desk import Desk, changing

FROZEN = "before adjudication"
DECIDED = ("both", "neither", "codes", "defer")
"""What a choice may be besides a coder's name: everyone's codes, none, codes of one's own, or later."""
KINDS = ("missed", "code", "boundary", "split/merge")
QUIET = frozenset({"adjudicate", "milestone", "handout", "sample", "seen", "units freeze", "undo", "redo"})
"""Commands after which the coders' figures are what they were."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What holds at a place: `side` is a coder's name or one of `DECIDED`.

    `codes` and `place` go with the side ``codes``; without a place the codes hold for the whole of it. `why` is the
    reason, `rule` a sentence for the codebook, for the code `rule_for` (else the one that holds).
    """

    side: str
    codes: tuple[str, ...] = ()
    place: Place | None = None
    why: str = ""
    rule: str = ""
    rule_for: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a place, and by whom."""

    disagreement: str
    side: str
    codings: tuple[str, ...]
    why: str
    rule: str
    by: str | None
    at: str

    @property
    def settled(self) -> bool:
        """Whether the place is off the list."""
        return self.side != "defer"


@dataclass(frozen=True, slots=True)
class Found:
    """The places where coders differ, and what was decided about some of them, by id."""

    places: tuple[Disagreement, ...]
    decisions: Mapping[str, Decision]
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Disagreement, ...]:
        """The places that nothing was decided about, or that were deferred."""
        return tuple(place for place in self.places if not self.is_settled(place))

    def is_settled(self, place: Disagreement) -> bool:
        """Whether something holds at the place."""
        decision = self.decisions.get(place.id)
        return decision is not None and decision.settled


@dataclass(frozen=True, slots=True)
class Settled:
    """What an adjudication did: the places, what stands in the consensus there now, and how much is still open.

    `frozen` names the milestone that keeps the figures from before, when this adjudication set it.
    """

    places: tuple[Disagreement, ...]
    codings: tuple[Coding, ...]
    open: int
    finished: tuple[tuple[str, str], ...]
    frozen: str | None
    files: tuple[str, ...]


def found(
    project: Project,
    request: Request,
    *,
    sources: Sequence[str] = (),
    kinds: Collection[str] = (),
    by_effect: bool = False,
    agreed: bool = False,
) -> Found:
    """The places where coders differ, of some sources, codes and kinds. Raises UsageError, UnknownCode, UnknownSource.

    `request.codes` only choose from the list: what is aligned with what hangs on all codes of a codebook.
    """
    for kind in kinds:
        if kind not in KINDS:
            near = nearest(kind, KINDS)
            raise UsageError(
                f'no kind "{kind}"', f'did you mean "{near}"?' if near else f"there are: {', '.join(KINDS)}"
            )
    bundle, resolved, told = agreeing.prepared(project, request, sources)
    every = disagreements(
        bundle, cut=agreeing.cut, request=replace(resolved, codes=()), by_effect=by_effect, agreed=agreed
    )
    kept = [place for place in every if _of_codes(place, resolved.codes) and (not kinds or place.kind in kinds)]
    return Found(tuple(kept), decisions(project), told)


def _of_codes(place: Disagreement, codes: Sequence[str]) -> bool:
    stems = [code.removesuffix("/*") for code in codes]
    return not stems or any(code == stem or code.startswith(f"{stem}/") for code in place.codes for stem in stems)


def decisions(project: Project) -> dict[str, Decision]:
    """What was decided, by the id of the place."""
    return {record.key: _decision(record) for record in project.records("adjudication")}


def _decision(record: Record) -> Decision:
    body = record.body
    made = (record.key, str(body["choice"]), tuple(map(str, body["codings"])), record.text)
    return Decision(*made, str(body.get("rule", "")), record.coder, record.at)


def named(places: Sequence[Disagreement], words: Sequence[str]) -> tuple[Disagreement, ...]:
    """The places whose ids begin as given. Raises UnknownId, and UsageError where several do."""
    if not words:
        raise UsageError("no disagreement is named", "give ids from `qualcode disagreements`")
    chosen: dict[str, Disagreement] = {}
    for word in words:
        fitting = [place for place in places if word and place.id.startswith(word)]
        if not fitting:
            raise UnknownId(word)
        if len(fitting) > 1:
            raise UsageError(f'{len(fitting)} disagreements begin with "{word}"', "give more of the id")
        chosen[fitting[0].id] = fitting[0]
    return tuple(chosen.values())


def settle(
    project: Project, words: Sequence[str], choice: Choice, *, coder: str | None, request: Request | None = None
) -> Settled:
    """Decide what holds at the places whose ids are given, all or none; a later decision replaces an earlier one.

    `request` says whose codings are compared where not everyone's are. Raises UsageError, UnknownId and NoCoder.
    """
    session = Session(project, coder)
    adjudicator = session.coder
    everything = found(project, request or Request(), agreed=True)
    places = named([place for place in everything.places if place.kind != "agreed"], words)
    _check(session, choice, places)
    frozen = _frozen(project, adjudicator, request or Request())
    with changing(project, "adjudicate", adjudicator) as desk:
        _add_rule(desk, choice, places)
        with project.act("adjudicate", adjudicator) as act:
            layer = _Layer(session, act, everything.decisions)
            for key in dict.fromkeys((place.source.id, place.codebook) for place in places):
                layer.begin(key, [p for p in everything.places if p.kind == "agreed" and _key(p) == key])
            kept = [coding for place in places for coding in layer.settle(place, choice)]
            states = _states(everything, places, choice)
            for (source, codebook), state in states.items():
                act.set_status(Status(source, CONSENSUS, codebook, state))
    decided = decisions(project)
    still = [p for p in everything.places if p.kind != "agreed" and not Found((), decided).is_settled(p)]
    return Settled(
        places=places,
        codings=tuple(project.coding(key) for key in kept),
        open=len(still),
        finished=tuple(key for key, state in states.items() if state == "done"),
        frozen=frozen,
        files=tuple(desk.files),
    )


def _key(place: Disagreement) -> tuple[str, str]:
    return place.source.id, place.codebook


def _states(everything: Found, places: Sequence[Disagreement], choice: Choice) -> dict[tuple[str, str], State]:
    """How far the consensus is wherever something was decided now."""
    decided = {place.id for place in places}
    states: dict[tuple[str, str], State] = {}
    for key in dict.fromkeys(map(_key, places)):
        here = [place for place in everything.places if place.kind != "agreed" and _key(place) == key]
        left = [p for p in here if (p.id in decided and choice.side == "defer") or not _done(everything, p, decided)]
        states[key] = "in progress" if left else "done"
    return states


def _done(everything: Found, place: Disagreement, decided: Collection[str]) -> bool:
    return place.id in decided or everything.is_settled(place)


def _check(session: Session, choice: Choice, places: Sequence[Disagreement]) -> None:
    """Refuse what cannot hold at one of the places, before anything is written."""
    if choice.side not in DECIDED:
        for place in places:
            if choice.side not in place.by_coder:
                there = ", ".join(place.by_coder)
                raise UsageError(
                    f'"{choice.side}" did not read {place.source.name} at {place.id}',
                    f"choose {there}, both, neither or defer, or give --code",
                )
    if choice.side == "codes" and not choice.codes:
        raise UsageError("no code is given", "name the codes that hold with --code")
    for code in choice.codes:
        for place in places:
            if session.code(code).codebook != place.codebook:
                raise UsageError(
                    f"{session.code(code).path} is no code of {place.codebook}, which {place.id} is about",
                    "adjudicate each codebook with its own codes",
                )
    if choice.place is not None and len(places) > 1:
        raise UsageError("one place cannot hold for several disagreements", "give one id")
    if choice.place is not None:
        session.segment(places[0].source, choice.place)
    if choice.rule:
        _ruled(session, choice, places)


def _ruled(session: Session, choice: Choice, places: Sequence[Disagreement]) -> Code:
    """The code that a rule is for: the one named, else the only one that holds."""
    if choice.rule_for:
        return session.code(choice.rule_for)
    held = {code for place in places for code in _held(choice, place)}
    if len(held) != 1:
        raise UsageError("which code is the rule for?", "name it with --rule-for CODE")
    return session.code(held.pop())


def _held(choice: Choice, place: Disagreement) -> tuple[str, ...]:
    """The codes that hold at a place under a choice."""
    if choice.side == "codes":
        return choice.codes
    if choice.side == "both":
        return place.codes
    return tuple(dict.fromkeys(coding.code for coding in place.by_coder.get(choice.side, ())))


def _add_rule(desk: Desk, choice: Choice, places: Sequence[Disagreement]) -> None:
    """Append the rule to what a code includes; the codebook keeps its history."""
    if not choice.rule:
        return
    named_code = choice.rule_for or next(iter({code for place in places for code in _held(choice, place)}))
    code = desk.code(named_code)
    book: Codebook = desk.books[code.codebook]
    rule = " ".join(choice.rule.split())
    if rule in code.include:
        return
    richer = replace(code, include=(*code.include, rule))
    new = replace(book, codes=tuple(richer if each.id == code.id else each for each in book.codes))
    desk.store(book, new, lambda text: room.add_items(text, code.path, "include", [rule]))


class _Layer:
    """The consensus being written by one act; remembers which of its codings it made."""

    def __init__(self, session: Session, act: Act, decided: Mapping[str, Decision]) -> None:
        self.session = session
        self.act = act
        self.decided = decided
        self.codes = {code.path: code for code in reversed(session.project.codes(retired=True))}
        self.statuses = {(s.source, s.codebook) for s in session.project.statuses() if s.coder == CONSENSUS}

    def begin(self, key: tuple[str, str], agreed: Sequence[Disagreement]) -> None:
        """Take in what all coders of a source agree on, when its first place is settled."""
        if key in self.statuses:
            return
        for place in agreed:
            coding = next(iter(place.by_coder.values()))[0]
            self._add(coding.segment, coding.code, "agreed")

    def settle(self, place: Disagreement, choice: Choice) -> list[str]:
        """Write the decision about one place; returns the ids of the codings that hold there now."""
        earlier = self.decided.get(place.id)
        kept = [self._add(*each, f"adjudication:{place.id}") for each in self._holding(place, choice)]
        shared = {key for d in self.decided.values() if d.disagreement != place.id for key in d.codings}
        for key in earlier.codings if earlier else ():
            if key not in kept and key not in shared:
                self.act.withdraw(key)
        body = {
            "source": place.source.id,
            "codebook": place.codebook,
            "choice": choice.side,
            "codings": kept,
            "rule": _rule_code(self.session, choice, place) if choice.rule else "",
        }
        self.act.record("adjudication", place.id, body, choice.why)
        return kept

    def _holding(self, place: Disagreement, choice: Choice) -> Iterator[tuple[Segment, str]]:
        """Segments and codes that hold."""
        if choice.side == "codes":
            where = Segment(place.source, place.span)
            if choice.place is not None:
                where = self.session.segment(place.source, choice.place)
            yield from ((where, self.session.code(code).path) for code in choice.codes)
        elif choice.side == "both":
            for code in place.codes:
                made = [c.span for codings in place.by_coder.values() for c in codings if c.code == code]
                yield from ((Segment(place.source, span), code) for span in _united(made))
        else:
            yield from ((coding.segment, coding.code) for coding in place.by_coder.get(choice.side, ()))

    def _add(self, segment: Segment, code: str, origin: str) -> str:
        return self.act.add_coding(segment, self.codes[code], origin=origin, consensus=True)


def _rule_code(session: Session, choice: Choice, place: Disagreement) -> str:
    return session.code(choice.rule_for).path if choice.rule_for else next(iter(_held(choice, place)))


def _united(spans: Sequence[Span]) -> list[Span]:
    """Spans joined where they overlap."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _frozen(project: Project, coder: str, request: Request) -> str | None:
    """Keep what the coders' figures are before the first decision, and again when they coded on since the last."""
    freezes = [record for record in project.records("freeze") if record.key.startswith(FROZEN)]
    last = freezes[-1].at if freezes else None
    if last is not None and all(e.command in QUIET or e.at <= last for e in project.history() if not e.undone):
        return None
    asked = replace(request, codes=())
    bundle, resolved, _ = agreeing.prepared(project, asked)
    taken = project.milestones()
    names = (FROZEN if n == 1 else f"{FROZEN} {n}" for n in range(1, len(taken) + 2))
    name = next(name for name in names if name not in taken)
    frozen_figures.freeze(project, measure(bundle, cut=agreeing.cut, request=resolved), name, coder)
    return name
