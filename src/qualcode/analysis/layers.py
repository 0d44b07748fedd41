"""Whose codings are counted: the consensus where there is one, else the one coder who coded; never a sum.

The choice is made per source and codebook. Two coders without a consensus have to be chosen from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode.errors import UsageError, nearest
from qualcode.model import CONSENSUS, Code, Coding, Status

Place = tuple[str, str]
"""A source's id and a codebook's name."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The codings that are counted, at most one coder's a place, and how far that coder got.

    `done` are the places the coder finished, with the time where it is known; `assumed` of them carry no status
    but at least one coding; `unfinished` places have codings and an explicit status other than done.
    """

    codings: tuple[Coding, ...]
    name: str
    done: Mapping[Place, str | None]
    assumed: frozenset[Place] = frozenset()
    unfinished: frozenset[Place] = frozenset()
    applied: frozenset[tuple[str, str]] = frozenset()
    notes: tuple[str, ...] = ()

    def looked_for(self, source: str, code: Code) -> bool:
        """Whether the code was looked for in the source (an id).

        A source finished before the code was born was not looked at for it, unless the code was applied there.
        """
        place = (source, code.codebook)
        if place not in self.done:
            return False
        at = self.done[place]
        if not code.born or not at or _moment(at) >= _moment(code.born):
            return True
        return (source, code.path) in self.applied


Keep = Callable[[Coding], bool]


def choose_layer(
    codings: Iterable[Coding],
    layer: str | None = None,
    statuses: Iterable[Status] = (),
    keep: Keep | None = None,
) -> Layer:
    """One layer: the named one, else the consensus or the one coder of each source and codebook.

    `keep` thins the layer's codings out once it is clear whose they are and what was looked at.
    Raises UsageError for an unknown name, and where two people coded a source without a consensus.
    """
    field = _Field(codings, statuses)
    picks = field.named(layer) if layer else field.picks()
    torn = [place for place, coders in picks.items() if len(coders) > 1]
    if torn:
        coders = sorted({coder for place in torn for coder in picks[place]})
        sources = len({source for source, _ in torn})
        raise UsageError(
            f"{_series(coders)} coded {'the same source' if sources == 1 else f'the same {sources} sources'}, "
            "and there is no consensus yet; counts never add coders up",
            "choose with " + " or ".join(f"--layer {coder}" for coder in coders),
        )
    return _thinned(field.layer(picks), keep)


def readings(
    codings: Iterable[Coding],
    layer: str | None = None,
    statuses: Iterable[Status] = (),
    keep: Keep | None = None,
) -> tuple[Layer, ...]:
    """Like `choose_layer`, but two coders without a consensus give one layer each instead of an error."""
    field = _Field(codings, statuses)
    picks = field.named(layer) if layer else field.picks()
    if all(len(coders) <= 1 for coders in picks.values()):
        return (_thinned(field.layer(picks), keep),)
    coders = sorted({coder for chosen in picks.values() for coder in chosen})
    each = [field.layer({p: (coder,) for p, chosen in picks.items() if coder in chosen}) for coder in coders]
    return tuple(_thinned(layer, keep) for layer in each)


def _thinned(layer: Layer, keep: Keep | None) -> Layer:
    if keep is None:
        return layer
    kept = tuple(coding for coding in layer.codings if keep(coding))
    note = f"Of {len(layer.codings)} codings in the layer the {len(kept)} that fulfil the query are shown and counted."
    return replace(layer, codings=kept, notes=(*layer.notes, note))


class _Field:
    """Who coded where, and how far each coder got."""

    def __init__(self, codings: Iterable[Coding], statuses: Iterable[Status]) -> None:
        self.codings = tuple(codings)
        self.states = {(status.source, status.codebook, status.coder): status for status in statuses}
        self.coded = {(*_place(coding), coding.coder) for coding in self.codings}
        self.latest: dict[tuple[str, str, str], int] = {}
        for coding in self.codings:
            key = (*_place(coding), coding.coder)
            self.latest[key] = max(coding.round, self.latest.get(key, coding.round))

    def _present(self) -> dict[Place, tuple[str, ...]]:
        done = {key for key, status in self.states.items() if status.state == "done"}
        coders: dict[Place, tuple[str, ...]] = {}
        for source, codebook, coder in sorted(self.coded | done):
            coders[source, codebook] = (*coders.get((source, codebook), ()), coder)
        return coders

    def picks(self) -> dict[Place, tuple[str, ...]]:
        present = self._present().items()
        return {place: self._chosen(place, coders) for place, coders in present}

    def _chosen(self, place: Place, coders: tuple[str, ...]) -> tuple[str, ...]:
        """The consensus where it is finished; one half adjudicated would lack what is still open."""
        status = self.states.get((*place, CONSENSUS))
        if CONSENSUS in coders and (status is None or status.state == "done"):
            return (CONSENSUS,)
        return tuple(coder for coder in coders if coder != CONSENSUS) or coders

    def named(self, layer: str) -> dict[Place, tuple[str, ...]]:
        known = sorted({coder for *_, coder in [*self.coded, *self.states]})
        if layer not in known:
            near = nearest(layer, known)
            hint = f'did you mean "{near}"?' if near else f"layers here: {', '.join(known) or 'none yet'}"
            raise UsageError(f'no layer "{layer}" in what was asked for', hint)
        return {place: (layer,) for place, coders in self._present().items() if layer in coders}

    def layer(self, picks: Mapping[Place, tuple[str, ...]]) -> Layer:
        keys = [(*place, coder) for place, coders in picks.items() for coder in coders]
        kept = set(keys)
        chosen = [coding for coding in self.codings if (*_place(coding), coding.coder) in kept]
        counted = tuple(c for c in chosen if c.round == self.latest[(*_place(c), c.coder)])
        done = {key: self.states[key].at for key in keys if key in self.states and self.states[key].state == "done"}
        assumed = frozenset(key for key in keys if key not in self.states and key in self.coded)
        halfway = frozenset(key for key in keys if key in self.states and key not in done and key in self.coded)
        return Layer(
            codings=counted,
            name=_name(sorted({key[2] for key in keys if key in self.coded or key in done})),
            done={key[:2]: at for key, at in done.items()} | {key[:2]: None for key in assumed},
            assumed=frozenset(key[:2] for key in assumed),
            unfinished=frozenset(key[:2] for key in halfway),
            applied=frozenset((coding.source.id, coding.code) for coding in counted),
            notes=_round_note(len(chosen) - len(counted)),
        )


def _place(coding: Coding) -> Place:
    return coding.source.id, coding.code.partition("/")[0]


def _name(coders: Sequence[str]) -> str:
    people = [coder for coder in coders if coder != CONSENSUS]
    one = people[0] if len(people) == 1 else f"the one coder of each source ({', '.join(people)})"
    if CONSENSUS not in coders:
        return one if people else "nobody has coded"
    return f"consensus where there is one, else {one}" if people else CONSENSUS


def _round_note(earlier: int) -> tuple[str, ...]:
    if not earlier:
        return ()
    return (f"Of a coder's rounds in a source the latest counts; {earlier} earlier codings are left out.",)


def _series(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _moment(stamp: str) -> float:
    """Seconds since 1970 of an ISO 8601 time; one without a zone is read as UTC."""
    from datetime import UTC, datetime

    moment = datetime.fromisoformat(stamp)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
