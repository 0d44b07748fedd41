"""Who coded what: which coder looked at which source under which codebook, and what is missing rather than zero.

Done without a code is zero. Not done is missing. No status but at least one coding there is taken as done, and said.
A code born after a coder was done with a source was not looked for there: missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from qualcode.agreement.request import NOT_A_READER, Request
from qualcode.errors import UsageError, nearest
from qualcode.model import Bundle, Code, Coding, Status

Place = tuple[str, str]
"""A rater's name and a source's id."""


@dataclass(frozen=True, slots=True)
class Rater:
    """One reading to compare: a coder in a round. `name` is the coder's unless one coder is compared over rounds."""

    name: str
    coder: str
    round: int


@dataclass(frozen=True, slots=True)
class Panel:
    """Who looked at what under one codebook. `present` holds the places whose zeros count.

    `assumed` places have codings and no status; `unfinished` ones codings and a status short of done; `elsewhere`
    ones are done, with codings in another round only. `not_looked_for` maps a code's path to places it was born
    too late for.
    """

    codebook: str
    raters: tuple[Rater, ...]
    round: int | None
    present: frozenset[Place]
    assumed: tuple[Place, ...] = ()
    unfinished: tuple[Place, ...] = ()
    elsewhere: tuple[Place, ...] = ()
    not_looked_for: Mapping[str, frozenset[Place]] = field(default_factory=dict)

    def readers(self, source: str) -> tuple[str, ...]:
        """Names of the raters who looked at the source."""
        return tuple(rater.name for rater in self.raters if (rater.name, source) in self.present)

    def shared(self, sources: Iterable[str]) -> tuple[str, ...]:
        """The sources that two or more raters looked at."""
        return tuple(source for source in sources if len(self.readers(source)) > 1)


def readers_of(bundle: Bundle, request: Request) -> tuple[str, ...]:
    """The coders to consider, sorted; raises UsageError for a name that neither codes nor has a status."""
    machines = {coder.name for coder in bundle.coders if coder.attributes.get("kind") == "machine"}
    known = {coding.coder for coding in bundle.codings} | {status.coder for status in bundle.statuses}
    known |= {coder.name for coder in bundle.coders}
    for name in request.coders:
        if name not in known:
            near = nearest(name, known)
            way_out = f'did you mean "{near}"?' if near else f"known: {', '.join(sorted(known)) or 'nobody yet'}"
            raise UsageError(f'no coder "{name}" in this project', way_out)
    if request.coders:
        return tuple(sorted(set(request.coders)))
    return tuple(sorted(known - machines - NOT_A_READER))


def by_codebook(bundle: Bundle, coders: tuple[str, ...]) -> dict[str, list[Coding]]:
    """The codings of `coders` under each codebook."""
    found: dict[str, list[Coding]] = defaultdict(list)
    book_of = {code: code.partition("/")[0] for code in {coding.code for coding in bundle.codings}}
    for coding in bundle.codings:
        if coding.coder in coders:
            found[book_of[coding.code]].append(coding)
    return found


def panel_of(
    bundle: Bundle, codebook: str, codings: Sequence[Coding], coders: tuple[str, ...], request: Request
) -> Panel:
    """Who of `coders` looked at which source under `codebook`, whose `codings` are theirs, in the rounds compared."""
    statuses = {(s.coder, s.source): s for s in bundle.statuses if s.codebook == codebook and s.coder in coders}
    rounds = sorted(set(request.rounds)) or [shared_round(codings, statuses)]
    raters = tuple(
        Rater(coder if len(rounds) == 1 else f"{coder} (round {n})", coder, n) for coder in coders for n in rounds
    )
    return _panel(bundle, codebook, raters, codings, statuses, rounds)


def shared_round(codings: Iterable[Coding], statuses: Mapping[Place, Status]) -> int:
    """The highest round in which two coders meet in a source; 1 when no two do.

    Who is done with a source and coded nothing in it meets others in every round.
    """
    by_place: dict[tuple[str, int], set[str]] = defaultdict(set)
    for coder, n, source in {(c.coder, c.round, c.segment.source.id) for c in codings}:
        by_place[source, n].add(coder)
    somewhere = {(coder, source) for (source, _), names in by_place.items() for coder in names}
    blank: dict[str, set[str]] = defaultdict(set)
    for place, status in statuses.items():
        if status.state == "done" and place not in somewhere:
            blank[place[1]].add(place[0])
    met = [n for (source, n), names in by_place.items() if len(names | blank[source]) > 1]
    return max(met, default=1)


def _panel(
    bundle: Bundle,
    codebook: str,
    raters: tuple[Rater, ...],
    codings: Sequence[Coding],
    statuses: Mapping[Place, Status],
    rounds: list[int],
) -> Panel:
    """Sort every (rater, source) into present, assumed, unfinished and elsewhere."""
    made = {(coding.coder, coding.round, coding.segment.source.id) for coding in codings}
    anywhere = {(coder, source) for coder, _, source in made}
    sorted_out: dict[str, list[Place]] = defaultdict(list)
    for rater in raters:
        for source in sorted(source.id for source in bundle.sources):
            status = statuses.get((rater.coder, source))
            here = (rater.coder, rater.round, source) in made
            verdict = _verdict(status, here=here, anywhere=(rater.coder, source) in anywhere)
            sorted_out[verdict].append((rater.name, source))
    present = frozenset(sorted_out["present"]) | frozenset(sorted_out["assumed"])
    late = _born_late(bundle, codebook, raters, codings, statuses, present)
    return Panel(
        codebook=codebook,
        raters=raters,
        round=rounds[0] if len(rounds) == 1 else None,
        present=present,
        assumed=tuple(sorted_out["assumed"]),
        unfinished=tuple(sorted_out["unfinished"]),
        elsewhere=tuple(sorted_out["elsewhere"]),
        not_looked_for=late,
    )


def _verdict(status: Status | None, *, here: bool, anywhere: bool) -> str:
    """What one coder's zeros in one source and round are worth."""
    if status is None:
        return "assumed" if here else "missing"
    if status.state != "done":
        return "unfinished" if here else "missing"
    if here or not anywhere:
        return "present"
    return "elsewhere"


def _born_late(
    bundle: Bundle,
    codebook: str,
    raters: tuple[Rater, ...],
    codings: Sequence[Coding],
    statuses: Mapping[Place, Status],
    present: frozenset[Place],
) -> dict[str, frozenset[Place]]:
    """Codes born after a coder was done with a source, unless the coder used them there all the same.

    Only a status that says when counts: a coding's time is no sign that the source was finished.
    """
    done = [
        (rater, source, moment)
        for rater in raters
        for (coder, source), status in statuses.items()
        if coder == rater.coder and (rater.name, source) in present and (moment := _moment(status.at))
    ]
    latest = [(code.path, born) for code in _codes_of(bundle, codebook) if (born := _moment(code.born))]
    used = {(c.coder, c.round, c.segment.source.id, c.code) for c in codings} if done and latest else set()
    late: dict[str, set[Place]] = defaultdict(set)
    for path, born in latest:
        for rater, source, moment in done:
            if moment < born and (rater.coder, rater.round, source, path) not in used:
                late[path].add((rater.name, source))
    return {path: frozenset(places) for path, places in late.items()}


def _codes_of(bundle: Bundle, codebook: str) -> list[Code]:
    return [code for book in bundle.codebooks if book.name == codebook for code in book.codes]


def _moment(text: str | None) -> datetime | None:
    """An ISO 8601 time, UTC where it names no zone; None when absent or unreadable."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
