"""What a reader must know to read the figures, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qualcode.agreement.continuum import char_share
from qualcode.agreement.raters import Panel, Place
from qualcode.agreement.request import Request
from qualcode.agreement.sections import ALL_KINDS, ANSWERS, Section, noun_of, unit_of
from qualcode.model import Bundle, Measure, Source

NAMED = 5
"""So many places are named; the rest is counted."""

Figures = Sequence[tuple[Section, Sequence[Measure]]]

RULES = {
    "any": "a unit carries a code when at least one whole word of it is coded",
    "half": "a unit carries a code when at least half of its characters are coded",
    "majority": "a unit carries a code when more than half of its characters are coded",
}
PERCENT = (
    "pct_unit_mean of a codebook is the share of pairs of coders who gave a unit exactly the same set of codes, "
    "averaged over units; of a code, who agree whether the unit carries it."
)


def notes(
    bundle: Bundle,
    request: Request,
    scope: str,
    panels: Sequence[Panel],
    sections: Sequence[Section],
    figures: Figures,
) -> tuple[str, ...]:
    """The header facts, then what was left out and why, then how to read the intervals."""
    active, chosen = [panel for panel in panels if panel.present], bool(request.rounds)
    names = {source.id: source.name for source in bundle.sources}
    meant = (line for section, found in figures for line in _interval_line(bundle, section, found, request))
    return (
        *_header(bundle, request, scope, sections),
        *(line for panel in active for line in _panel_lines(panel, names, len(active) > 1, chosen)),
        *_left_out(sections, request),
        *([PERCENT] if any(section.view.sources for section in sections) else []),
        *_joined(_apart(sections)),
        *_joined(meant),
    )


def _header(bundle: Bundle, request: Request, scope: str, sections: Sequence[Section]) -> Iterable[str]:
    """Coders, sources and share of text double-coded, unit and rule, scope, codebook versions."""
    coders = sorted({name for section in sections for name in section.view.raters})
    yield f"Coders: {', '.join(coders)}." if len(coders) > 1 else "Fewer than two coders share a source."
    yield _coverage(request.whole or bundle.sources, scope, sections, request.unit)
    compared = [source for section in sections for source in section.view.sources]
    units = sorted({unit_of(source, request.unit) for source in compared})
    if units:
        rule = "" if units == ["character"] else f"; {RULES[request.rule]}"
        yield f"Unit: {' and '.join(units)}{rule}."
    yield _scope_line(scope, compared, units)
    used = {section.codebook for section in sections}
    versions = [
        f"{b.name} {b.version}".strip() for b in sorted(bundle.codebooks, key=lambda b: b.name) if b.name in used
    ]
    if versions:
        yield f"Codebook{'s' * (len(versions) > 1)}: {', '.join(versions)}."
    if request.codes:
        yield f"Only these codes were compared: {', '.join(sorted(request.codes))}."
    if request.level is not None:
        yield f"Codes are rolled up to level {request.level}: a child implies its parent."


def _coverage(whole: Sequence[Source], scope: str, sections: Sequence[Section], unit: str | None) -> str:
    """How many of all sources, or cases, two coders looked at, and how much of all text in scope that is."""
    by_id = {source.id: source for section in sections for source in section.view.sources}
    shared = [by_id[key] for key in sorted(by_id)]
    share = char_share(shared, whole, scope)
    line = f"Double-coded: {len(shared)} of {len(whole)} {noun_of(whole, unit)}s, {share:.0%} of the text in scope"
    parts = [
        f"{s.codebook} {len(s.view.sources)} {f'{s.noun}s' if s.kind == ALL_KINDS else s.kind}"
        for s in sections
        if len(s.view.sources) != len(shared)
    ]
    return f"{line} ({', '.join(parts)})." if parts else f"{line}."


def _scope_line(scope: str, compared: Sequence[Source], units: Sequence[str]) -> str:
    if scope == "respondents":
        return "Scope: all turns but an interviewer's; sources whose roles are unknown count whole."
    whole = {"character", "word", "source"} & set(units) and any(source.turns for source in compared)
    return f"Scope: all text{', speaker labels included' if whole else ''}."


def _panel_lines(panel: Panel, names: dict[str, str], several: bool, chosen: bool) -> Iterable[str]:
    """What is missing, assumed or left out under one codebook; `chosen` where the round was asked for."""
    lead = f"{panel.codebook}: " if several else ""
    if panel.round is not None and (chosen or panel.round != 1):
        yield f"{lead}round {panel.round} is compared, {'as asked' if chosen else 'the highest two coders share'}."
    if panel.assumed:
        yield f"{lead}assumed done, with codings there but no status: {_places(panel.assumed, names)}."
    if panel.unfinished:
        yield f"{lead}left out, because the coder is not done there: {_places(panel.unfinished, names)}."
    if panel.elsewhere:
        yield f"{lead}left out, coded in another round only: {_places(panel.elsewhere, names)}."
    for code, places in sorted(panel.not_looked_for.items()):
        late = _places(sorted(places), names)
        yield f"{code} was not looked for where it was born after the coder was done: {late}."


def _places(places: Sequence[Place], names: dict[str, str]) -> str:
    """``ann in int-1, int-2; ben in int-1``, at most NAMED sources a coder."""
    by_coder: dict[str, list[str]] = {}
    for coder, source in sorted(places):
        by_coder.setdefault(coder, []).append(names[source])
    return "; ".join(f"{coder} in {_listed(sorted(found))}" for coder, found in by_coder.items())


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _left_out(sections: Sequence[Section], request: Request) -> Iterable[str]:
    """Codings that no unit knows of."""
    outside = _by_codebook((section.codebook, section.view.outside) for section in sections)
    if outside:
        yield f"Outside the scope or between units, and not counted: {outside}."
    unmarked = _by_codebook((section.codebook, section.view.unmarked) for section in sections)
    if unmarked:
        yield f'Too little of any unit under the rule "{request.rule}" to mark one alone: {unmarked}.'


def _by_codebook(counts: Iterable[tuple[str, int]]) -> str:
    """``14 codings of conditions, 8 of role``; empty where there are none."""
    total: dict[str, int] = {}
    for codebook, n in counts:
        total[codebook] = total.get(codebook, 0) + n
    first, *others = [(name, n) for name, n in total.items() if n] or [("", 0)]
    if not first[1]:
        return ""
    more = "".join(f", {n} of {name}" for name, n in others)
    return f"{first[1]} coding{'s' * (first[1] != 1)} of {first[0]}{more}"


def _joined(lines: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Lines that are the same but for what they are about, as one: ``conditions and role: …``."""
    about: dict[str, list[str]] = {}
    for where, line in lines:
        about.setdefault(line, []).append(where)
    for line, names in about.items():
        said = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        yield f"{said}: {line}"


def _apart(sections: Sequence[Section]) -> Iterable[tuple[str, str]]:
    """Which sources the figures are of where interviews and answers are not pooled."""
    for section in sections:
        beside = [s for s in sections if s.panel is section.panel and not s.main]
        if section.main and beside:
            n, m = len(section.view.sources), len(beside[0].view.sources)
            yield (
                section.codebook,
                f"the figures are of {n} {section.kind}; those of {m} respondents' {ANSWERS} stand beside them. The "
                "two are pooled only when one unit, or pooling, is asked for.",
            )


def _interval_line(
    bundle: Bundle, section: Section, figures: Sequence[Measure], request: Request
) -> Iterable[tuple[str, str]]:
    """How far the intervals reach, or why there is none, and what that is about."""
    view = section.view
    if not view.sources:
        return
    where = section.codebook if section.main else f"{section.codebook} ({section.kind})"
    if view.blocked:
        yield (
            where,
            f"one {section.noun} only. Intervals come from {view.groups} contiguous blocks and say nothing about other "
            f"{section.noun}s.",
        )
    elif len(view.sources) == 2:
        yield where, f"no interval is possible with two {section.noun}s{_alone(figures)}."
    else:
        yield where, _meaning(request.whole or bundle.sources, section, drawn=bool(request.weights))


def _meaning(whole: Sequence[Source], section: Section, *, drawn: bool) -> str:
    """The interval in words; where all was double-coded it is no sampling error."""
    n = len(section.view.sources)
    kinds = {source.kind for source in section.view.sources}
    line = f"intervals say where the figure would lie if other {section.noun}s like these {n} had been coded"
    if not drawn and n == sum(source.kind in kinds for source in whole):
        return f"{line}; all of them were double-coded, so they are no sampling error of this study."
    return f"{line}."


def _alone(figures: Sequence[Measure]) -> str:
    """The overall alpha in each of two sources alone."""
    for figure in figures:
        if figure.measure == "alpha_set" and figure.distance == "masi":
            parts = [f"{value:.2f} {key}" for key, value in figure.counts.items() if key.startswith("in ")]
            return f"; alpha (MASI) is {' and '.join(parts)} alone" if parts else ""
    return ""
