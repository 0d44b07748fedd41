"""The figures of parts of a study: by source, case, kind, prompt, an attribute of cases or of coders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from qualcode.agreement.figures import Doubt
from qualcode.agreement.measures import OF_A_STUDY
from qualcode.agreement.rated import asked_of_scales, rated_figures
from qualcode.agreement.request import Request
from qualcode.agreement.scoring import (
    as_row,
    code_figures,
    code_names,
    distances_of,
    overall_figures,
    overall_names,
    without_order,
)
from qualcode.agreement.sections import ALL_KINDS, Section, Study, study_of
from qualcode.agreement.sums import Bools
from qualcode.agreement.view import NO_RUNS, View, binary_sums, chance_sums, only, set_sums
from qualcode.errors import UsageError, nearest
from qualcode.model import Bundle, Measure, Source

FIXED = ("source", "case", "kind", "prompt")
OTHERS = ("coder", "code-level", "round")
"""What divides by who coded, how deep, and when: pairs of coders, levels of the codebook, rounds two coders share."""
UNKNOWN = "(not given)"

Label = Callable[[Source, str | None], str]
"""What a source, or the words of one case in it, belong to."""


def group_rows(study: Study, sections: Sequence[Section], request: Request) -> Iterator[dict[str, object]]:
    """Rows of `groups` for everything in `request.by`; raises UsageError for a word that divides nothing."""
    for word in request.by:
        for section in sections:
            for label, view in _parts(study, section, request, word):
                for figure in view_figures(view, section, request):
                    yield {"by": word, "group": label, **as_row(figure)}


def view_figures(view: View, section: Section, request: Request) -> Iterator[Measure]:
    """All figures of a view of a section: every code, then the codebook as a whole."""
    names = tuple(f"block {n + 1}" for n in range(view.groups)) if view.blocked else tuple(s.name for s in view.sources)
    doubt = Doubt(section.noun, names, view.blocked, None, request.all, request.bootstrap, request.seed)
    sums = binary_sums(view)
    whole = chance_sums(view, sums)
    fixed = replace(doubt, fixed=len(whole.paired) - len(sums.paired))
    counted = sums if view.times is None else binary_sums(replace(view, times=None))
    yield from code_figures(view, whole, fixed, code_names(request), section.codebook, counted, OF_A_STUDY)
    yield from rated_figures(view, doubt, asked_of_scales(request.measures, everything=request.all), section.codebook)
    yield from without_order(view, request.measures, section.codebook, view.units)
    sets = set_sums(view, distances_of(request))
    n = None if view.times is None else round(float(set_sums(replace(view, times=None), ()).paired.sum()))
    yield from overall_figures(sums, sets, doubt, overall_names(request), section.codebook, n)


def _parts(study: Study, section: Section, request: Request, word: str) -> Iterator[tuple[str, View]]:
    """Each group's label and view, labels sorted."""
    if word == "prompt":
        yield from _by_prompt(study, section, request)
    elif word == "coder":
        yield from _by_pair(section.view)
    elif word == "code-level":
        yield from _by_level(study, section, request)
    elif word == "round":
        yield from _by_round(study, section, request)
    elif word in FIXED or word in _case_attributes(study.bundle):
        label = _labelled(study.bundle, word)
        several = word not in ("source", "kind") and any(source.by_turn for source in section.view.sources)
        yield from _by_person(study, section, request, label) if several else _by_source(section.view, label)
    elif word in _coder_attributes(study.bundle):
        yield from _by_coder(study.bundle, section, word)
    else:
        known = (*FIXED, *OTHERS, *_case_attributes(study.bundle), *_coder_attributes(study.bundle))
        near = nearest(word, known)
        way_out = f'did you mean "{near}"?' if near else f"known: {', '.join(known)}"
        raise UsageError(f'nothing is called "{word}"', way_out)


def _case_attributes(bundle: Bundle) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for case in bundle.cases for name in case.attributes))


def _coder_attributes(bundle: Bundle) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for coder in bundle.coders for name in coder.attributes))


def _labelled(bundle: Bundle, word: str) -> Label:
    """What a source belongs to under `word`."""
    attributes: Mapping[str, Mapping[str, object]] = {case.name: case.attributes for case in bundle.cases}

    def label(source: Source, case: str | None) -> str:
        if word == "source":
            return source.name
        if word == "kind":
            return source.kind
        if word == "case":
            return case or UNKNOWN
        value = attributes.get(case or "", {}).get(word)
        return UNKNOWN if value is None or value == "" else str(value)

    return label


def _by_source(view: View, label: Label) -> Iterator[tuple[str, View]]:
    """The view's sources in groups. Blocks of an only source stay together."""
    for name in sorted({label(source, source.case) for source in view.sources}):
        part = _labelled_groups(view, label, name)
        yield name, part if view.alone is None else replace(part, alone=_labelled_groups(view.alone, label, name))


def _labelled_groups(view: View, label: Label, name: str) -> View:
    """The view of the sources of one label."""
    return _some_groups(view, np.array([_is(view.sources[n], label, name) for n in view.group_source], bool))


def _is(source: Source, label: Label, name: str) -> bool:
    return label(source, source.case) == name


def _some_groups(view: View, kept: Bools) -> View:
    """The view of some of its groups, numbered anew."""
    number = np.cumsum(kept) - 1
    atoms = kept[view.group]
    chosen = sorted({int(n) for n in view.group_source[kept]})
    again = {source: n for n, source in enumerate(chosen)}
    return replace(
        view,
        sources=tuple(view.sources[n] for n in chosen),
        marks=view.marks[atoms],
        weight=view.weight[atoms],
        group=number[view.group[atoms]],
        looked=view.looked[kept],
        present=view.present[kept],
        runs=NO_RUNS,
        group_source=np.array([again[int(n)] for n in view.group_source[kept]], np.intp),
        times=None if view.times is None else view.times[kept],
        alone=None,
    )


def _by_coder(bundle: Bundle, section: Section, word: str) -> Iterator[tuple[str, View]]:
    """Coders with the same attribute, compared among themselves; a group of one has nothing to compare."""
    values = {coder.name: coder.attributes.get(word) for coder in bundle.coders}
    coder_of = {rater.name: rater.coder for rater in section.panel.raters}
    labels = [values.get(coder_of[name]) for name in section.view.raters]
    for value in sorted({str(label) for label in labels if label is not None}):
        yield value, only(section.view, [n for n, label in enumerate(labels) if str(label) == value])


def _by_pair(view: View) -> Iterator[tuple[str, View]]:
    """Each two coders by themselves."""
    for pair in combinations(range(len(view.raters)), 2):
        yield " and ".join(view.raters[n] for n in pair), only(view, pair)


def _by_level(study: Study, section: Section, request: Request) -> Iterator[tuple[str, View]]:
    """Codes rolled up to each level of the codebook, the most general first."""
    depth = max((path.count("/") for path in study.paths[section.codebook]), default=1)
    for level in range(1, depth + 1):
        found = _alike(study, section, replace(request, level=level))
        yield from ((f"level {level}", view) for view in found)


def _by_round(study: Study, section: Section, request: Request) -> Iterator[tuple[str, View]]:
    """Every round that two coders share."""
    rounds = sorted({coding.round for coding in study.codings.get(section.codebook, ())})
    for n in rounds if len(request.rounds) < 2 else ():
        asked = replace(request, rounds=(n,))
        again = study_of(study.bundle, replace(asked, codes=study.paths[section.codebook]), study.cut)
        yield from ((f"round {n}", view) for view in _alike(again, section, asked) if view.sources)


def _alike(study: Study, section: Section, request: Request) -> list[View]:
    """The view of the section of the same codebook and kind under another request."""
    found = study.sections(request, apart=section.kind != ALL_KINDS)
    return [s.view for s in found if (s.codebook, s.kind) == (section.codebook, section.kind)]


def _by_prompt(study: Study, section: Section, request: Request) -> Iterator[tuple[str, View]]:
    """The turns that answer the same question: the sources again, with those turns alone."""
    asked = {turn.prompt for source in section.view.sources for turn in source.turns if turn.role != "interviewer"}
    for prompt in sorted(word for word in asked if word):
        part = [_answering(source, prompt) for source in section.view.sources]
        for view in _of_turns(study, section, request, [source for source in part if source.turns]):
            yield prompt, view


def _by_person(study: Study, section: Section, request: Request, label: Label) -> Iterator[tuple[str, View]]:
    """The words of each case, or of cases alike: of a talk of several people only their turns."""
    every = section.view.sources
    for name in sorted({label(source, case) for source in every for case in source.cases or (source.case,)}):
        kept = (_saying(source, label, name) for source in every)
        for view in _of_turns(study, section, request, [source for source in kept if source is not None]):
            yield name, view


def _saying(source: Source, label: Label, name: str) -> Source | None:
    return source.narrowed(lambda case: label(source, case) == name)


def _of_turns(study: Study, section: Section, request: Request, sources: Sequence[Source]) -> Iterator[View]:
    """The view of a section again, of these sources with the turns they have left; nobody who asks is among them."""
    narrowed = replace(study, bundle=replace(study.bundle, sources=tuple(sources)), scope="respondents")
    for found in narrowed.sections(request):
        if (found.codebook, found.kind) == (section.codebook, section.kind):
            yield found.view


def _answering(source: Source, prompt: str) -> Source:
    """The source with only the turns that answer `prompt`."""
    return replace(source, turns=tuple(t for t in source.turns if t.prompt == prompt and t.role != "interviewer"))
