"""Draw what two people code independently, keep it in the log, and use it where agreement is measured."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qualcode import sampling
from qualcode.agreement import Request
from qualcode.errors import UsageError, nearest
from qualcode.model import CONSENSUS, Bundle, Source
from qualcode.sampling import Drawn, Sample
from qualcode.store import Project, Record

NOT_GIVEN = "(not given)"


@dataclass(frozen=True, slots=True)
class Kept:
    """A sample with its key in the log, who drew it and when; the key is empty for one that was only tried."""

    sample: Sample
    key: str = ""
    by: str | None = None
    at: str = ""


def sample(
    project: Project,
    *,
    coder: str | None,
    by: str = "source",
    fraction: float | None = None,
    count: int | None = None,
    coders: Sequence[str] = (),
    each: int | None = None,
    stratify: str | None = None,
    seed: int = 0,
    sources: Sequence[str] = (),
    dry_run: bool = False,
) -> Kept:
    """Draw from the project's sources, or from some of them, and keep the draw. Raises UsageError."""
    ids = {project.source_id(word) for word in sources} or None
    if len(set(coders)) < len(coders):
        raise UsageError("a coder is named twice", "name each once")
    bundle = project.retrieve(sources=ids)
    made = sampling.draw(
        bundle.sources,
        by=by,
        fraction=fraction,
        count=count,
        coders=coders,
        each=each,
        strata=None if stratify is None else _strata(bundle, stratify),
        seed=seed,
    )
    if dry_run:
        return Kept(made)
    key = uuid.uuid4().hex
    with project.act("sample", coder) as act:
        act.record("sample", key, _body(made))
    return next(kept for kept in samples(project) if kept.key == key)


def _strata(bundle: Bundle, word: str) -> dict[str, str]:
    """What each source, and each case, is under an attribute, or each source under its kind. Raises UsageError."""
    known = dict.fromkeys(name for case in bundle.cases for name in case.attributes)
    if word == "kind":
        return {source.id: source.kind for source in bundle.sources}
    if word not in known:
        near = nearest(word, [*known, "kind"])
        raise UsageError(f'no attribute "{word}"', f'did you mean "{near}"?' if near else "see `qualcode cases`")
    values = {case.name: case.attributes.get(word) for case in bundle.cases}
    found = {source.id: values.get(source.case or "") for source in bundle.sources}
    found |= {f"case {name}": value for name, value in values.items()}
    return {key: NOT_GIVEN if value in (None, "") else str(value) for key, value in found.items()}


def _body(made: Sample) -> dict[str, Any]:
    units = [[u.source, u.turn, u.stratum, u.probability, list(u.coders)] for u in made.units]
    return {
        "by": made.by,
        "seed": made.seed,
        "coders": list(made.coders),
        "drawn": units,
        "population": made.population,
        "count": made.count,
    }


def samples(project: Project) -> tuple[Kept, ...]:
    """Every draw that was kept and not undone, oldest first."""
    return tuple(_kept(record) for record in project.records("sample"))


def _kept(record: Record) -> Kept:
    body: Mapping[str, Any] = record.body
    units = tuple(Drawn(source, turn, stratum, p, tuple(coders)) for source, turn, stratum, p, coders in body["drawn"])
    made = Sample(body["by"], body["seed"], tuple(body["coders"]), units, body["population"], body["count"])
    return Kept(made, record.key, record.coder, record.at)


def last_for(project: Project, coder: str) -> Kept:
    """The newest draw that gives something to a coder. Raises UsageError."""
    for kept in reversed(samples(project)):
        if kept.sample.of(coder):
            return kept
    raise UsageError(f"nothing was drawn for {coder}", "draw with `qualcode sample --coders …`")


def given(project: Project, coder: str) -> dict[str, frozenset[int] | None]:
    """Source id → the turns that a coder was given to code (None: all of it), by the newest draw that gives them
    something, else by the hand-out that this copy began as; empty when there was no draw.
    """
    units = next((found for kept in reversed(samples(project)) if (found := kept.sample.of(coder))), ())
    pairs = [(unit.source, unit.turn) for unit in units] or project.drawn_for_us
    turns: dict[str, set[int]] = {}
    for source, turn in pairs:
        turns.setdefault(source, set()).update(() if turn is None else (turn,))
    return {source: frozenset(found) or None for source, found in turns.items()}


def applied(project: Project, bundle: Bundle, request: Request) -> tuple[Bundle, Request, tuple[str, ...]]:
    """The bundle and the request with the newest draw taken into account, and what that means.

    Of sources whose turns were drawn only those turns are compared. Sources weigh the inverse of their probability
    when all that two people coded were drawn; where people of one talk were drawn unevenly, a source has no single one.
    """
    kept = in_force(project, bundle, request)
    if kept is None:
        return bundle, request, ()
    newest = kept.sample
    told = [f"Drawn {kept.at[:10]}: {newest.count} of {newest.population} {newest.by}s, seed {newest.seed}."]
    if any(unit.turn for unit in newest.units):
        bundle, request = _only_turns(bundle, newest), replace(request, scope="respondents")
        told.append("Of sources whose turns were drawn, only those turns are compared.")
    weights = {unit.source: 1 / unit.probability for unit in newest.units}
    outside = _double_coded(bundle, request) - set(weights)
    if outside:
        told.append(f"{len(outside)} other sources were coded by two people, so no draw is weighed.")
        return bundle, request, tuple(told)
    if len({(unit.source, unit.probability) for unit in newest.units}) > len(weights):
        told.append("Turns of one source had different probabilities of being drawn, so no draw is weighed.")
        return bundle, request, tuple(told)
    if len(set(weights.values())) > 1:
        told.append(
            "Sources weigh the inverse of their probability of being drawn; gamma and unitizing figures do not."
        )
    return bundle, replace(request, weights=_weights(bundle, request, weights)), tuple(told)


def in_force(project: Project, bundle: Bundle, request: Request) -> Kept | None:
    """The newest draw, where it is about these sources and coders."""
    kept = samples(project)
    present = {source.id for source in bundle.sources}
    if not kept or not present & set(kept[-1].sample.sources):
        return None
    coders = kept[-1].sample.coders
    return kept[-1] if not coders or set(request.coders) <= set(coders) else None


def _weights(bundle: Bundle, request: Request, weights: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """By source id; by case, under the id that the joined text gets too."""
    by_case = {f"case {case}": weights[s.id] for s in bundle.sources if s.id in weights for case in s.cases}
    return tuple(sorted({**weights, **(by_case if request.unit == "case" else {})}.items()))


def _double_coded(bundle: Bundle, request: Request) -> set[str]:
    """The sources that two people coded, or are done with."""
    people = {(c.source.id, c.coder) for c in bundle.codings}
    people |= {(status.source, status.coder) for status in bundle.statuses if status.state == "done"}
    kept = [(s, name) for s, name in people if name != CONSENSUS and name in (request.coders or (name,))]
    counts: dict[str, int] = {}
    for source, _ in kept:
        counts[source] = counts.get(source, 0) + 1
    return {source for source, n in counts.items() if n > 1}


def _only_turns(bundle: Bundle, drawn: Sample) -> Bundle:
    turns: dict[str, set[int]] = {}
    for unit in drawn.units:
        if unit.turn is not None:
            turns.setdefault(unit.source, set()).add(unit.turn)

    def part(source: Source) -> Source:
        chosen = turns.get(source.id)
        if chosen is None:
            return source
        return replace(source, turns=tuple(turn for turn in source.turns if turn.n in chosen))

    return replace(bundle, sources=tuple(part(source) for source in bundle.sources))
