"""The figures other programs print, as their manuals describe them, for comparison with what they said.

What a manual leaves open is n/a here, with the question that it leaves open; no program was at hand to settle it. Not
found in the vendors' own pages but in accounts of their users, and so less sure: NVivo's two means over sources;
MAXQDA's 90 %, that every coding of either coder is tried, that absence of a code in both is agreement, and that its
kappa counts the codes that were used; which of Krippendorff's texts ATLAS.ti's cu-alpha follows.

NVivo (Coding Comparison query, help of NVivo 9 to 12, help-nv.qsrinternational.com). By character, for each code in
each source: per cent = (coded by both + by neither) / all; kappa = (agreed - EF) / (all - EF) with EF = (A's · B's +
not A's · not B's) / all, which is Cohen's; 1 where both agree wholly, also where neither used the code. Of 1,000
characters 50 coded by both, 100 by A only, 50 by B only: 85 %, EF = 780, kappa = (850 - 780) / (1000 - 780) = .318.
Means over sources are left to a spreadsheet, with equal weight or weighted by size: both are given. On the Mac it
compares by sentence or paragraph, too; what becomes of one that is coded in part is not said, so that is not offered.

MAXQDA (Intercoder Agreement, help of MAXQDA 12 to 24, maxqda.com/help). Three criteria. *Occurrence*: a code stands in
a document for both or for neither. *Frequency*: it stands there equally often. *Segments*: every coding of either coder
is tried, and agrees when the other has the same code on a stretch that overlaps it by 90 % (the default). Text that
nobody coded does not count. Kappa of the segments with the chance of Brennan & Prediger (1981), 1 / number of codes in
the table of results, which are the codes that were used. Of 10 codings with 3 codes 4 find a partner: .4 and
(.4 - 1/3) / (1 - 1/3) = .1. What the 90 % are of is not said; here it is the union of both stretches.

ATLAS.ti (Inter-coder Agreement, manuals 8 to 22, doc.atlasti.com/ManualWin.v9/ICA). By character. Per cent = equal /
all; c-alpha-binary = Krippendorff's nominal alpha, coded or not, over all text. Ten segments, A codes 1 and 2, B codes
2, 3, 6 and 8: 60 % and .095. cu-alpha is cited after Krippendorff (2019), and computed so, with a codebook as the
semantic domain. Holsti is given as 2A / (N1 + N2) without saying what a decision is where coders choose their passages;
Cu-alpha over several domains has no formula there. Both are n/a.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from qualcode.agreement.alpha import alpha_nominal
from qualcode.agreement.continuum import Cut
from qualcode.agreement.facts import facts_of
from qualcode.agreement.figures import Doubt
from qualcode.agreement.percent import pct_unit_mean
from qualcode.agreement.request import Request, known_word
from qualcode.agreement.sections import Section, Study, study_of
from qualcode.agreement.sums import Floats, Sums, regroup
from qualcode.agreement.unitizing import unitizing_figures
from qualcode.agreement.view import View, binary_sums
from qualcode.errors import UsageError
from qualcode.model import Agreement, Bundle, Coding, Measure

Peer = Literal["nvivo", "maxqda", "atlasti"]
OVERLAP = 0.9
"""MAXQDA's default for how much two codings must share."""
UNUSED = "nobody used this code"
HOLSTI = "the manual does not say what a decision is where coders mark passages of their own; see positive_agreement"
CU_ALPHA = "the manual gives no formula over several semantic domains"
ONE_CODE = "with one code only, chance agreement is complete"
ABOUT = {
    "nvivo": (
        "NVivo: by character in each source, Cohen's kappa and (both + neither) / all; 1 where both agree wholly, also "
        "where neither used the code. Means over sources by size, and (…_mean) with equal weight: its manual leaves "
        "that to a spreadsheet.",
    ),
    "maxqda": (
        "MAXQDA: segments agree when the other coder has the same code on 90 % of the union of both; kappa with chance "
        "1 / number of codes used (Brennan & Prediger 1981). Occurrence and frequency compare each code in each "
        "document. The manual does not say what the 90 % are of.",
    ),
    "atlasti": (
        "ATLAS.ti: by character, per cent and c-alpha-binary over all text; cu-alpha after Krippendorff, with each "
        "codebook as a semantic domain.",
    ),
}
CLOSED = "Computed as the manual of {} describes it, for comparison only; it was not held against the program itself."
NAMES = {"nvivo": "NVivo", "maxqda": "MAXQDA", "atlasti": "ATLAS.ti"}


@dataclass(frozen=True, slots=True)
class _Value:
    """A figure, its n, and why it may be undefined."""

    name: str
    value: float
    n: int
    code: str | None = None
    why: str = ""


def measure_as(bundle: Bundle, peer: str, *, cut: Cut, request: Request) -> Agreement:
    """The figures of a peer, by character and over all text, with the peer's name before each measure's.

    NVivo's figures of each source stand under `groups`. Raises UsageError for another peer, and where more than two
    coders are compared as only two can be.
    """
    known_word("program", peer, get_args(Peer))
    asked = replace(request, unit="character", scope="all", measures=(), all=False, weights=())
    study = study_of(bundle, asked, cut)
    sections = [s for s in study.sections(asked, apart=False) if s.view.sources]
    for section in sections:
        if peer != "atlasti" and len(section.view.raters) > 2:
            raise UsageError(f"{NAMES[peer]} compares two coders", "name them with --coders A,B")
    of_peer = {"nvivo": _nvivo, "maxqda": _maxqda, "atlasti": _atlasti}[peer]
    rows = [_row(peer, section, value) for section in sections for value in of_peer(study, section)]
    cu = [f for section in sections if peer == "atlasti" for f in _cu_alpha(section)]
    by_source = [_source_row(s, *found) for s in sections if peer == "nvivo" for found in _nvivo_sources(s.view)]
    return Agreement(
        unit="character",
        scope="all",
        units={"character": sum(section.view.units for section in sections[:1])},
        coders=tuple(sorted({name for section in sections for name in section.view.raters})),
        measures=(*rows, *cu),
        groups=tuple(by_source),
        notes=(CLOSED.format(NAMES[peer]), *ABOUT[peer]),
        facts=facts_of(study.bundle, asked, study.scope, sections),
    )


def _row(peer: str, section: Section, found: _Value) -> Measure:
    known = None if np.isnan(found.value) else float(found.value)
    why = None if known is not None else found.why or "undefined"
    return Measure(f"{peer}_{found.name}", known, found.n, found.code, section.codebook, why_null=why)


def _by_source(view: View) -> Sums:
    """Sums with the leading axes (sources, codes), whatever stands in for sources elsewhere."""
    count = len(view.sources)
    return binary_sums(view).each(lambda amounts: regroup(amounts, view.group_source, count))


def _kappa_and_percent(view: View) -> tuple[Floats, Floats, Floats]:
    """NVivo's kappa and per cent, and the characters compared: (sources, codes) each."""
    sums = _by_source(view)
    tables = sums.tables[..., 0, :, :]
    share = tables / np.maximum(tables.sum(axis=(-2, -1)), 1e-12)[..., None, None]
    observed = np.trace(share, axis1=-2, axis2=-1)
    room = 1 - (share.sum(axis=-1) * share.sum(axis=-2)).sum(axis=-1)
    defined = room > 1e-12
    kappa = np.where(defined, (observed - 1 + room) / np.where(defined, room, 1), 1.0)
    return kappa, observed, sums.paired


def _nvivo(_study: Study, section: Section) -> Iterator[_Value]:
    """Kappa and per cent of each code: means over sources, weighted by length and not."""
    kappa, percent, length = _kappa_and_percent(section.view)
    for at, code in enumerate(section.view.codes):
        n = round(float(length[:, at].sum()))
        equal = (length[:, at] > 0).astype(np.float64)
        for name, values in (("kappa", kappa[:, at]), ("percent", percent[:, at])):
            yield _Value(name, _mean(values, length[:, at]), n, code)
            yield _Value(f"{name}_mean", _mean(values, equal), n, code)


def _nvivo_sources(view: View) -> Iterator[tuple[str, _Value]]:
    """What the program itself prints: a row for each code in each source."""
    kappa, percent, length = _kappa_and_percent(view)
    for s, source in enumerate(view.sources):
        for at, code in enumerate(view.codes):
            if length[s, at] > 0:
                n = round(float(length[s, at]))
                yield source.name, _Value("kappa", float(kappa[s, at]), n, code)
                yield source.name, _Value("percent", float(percent[s, at]), n, code)


def _source_row(section: Section, source: str, found: _Value) -> dict[str, object]:
    about = {"by": "source", "group": source, "code": found.code, "codebook": section.codebook}
    return {**about, "measure": f"nvivo_{found.name}", "distance": None, "value": found.value, "n": found.n}


def _mean(values: Floats, weight: Floats) -> float:
    total = float(weight.sum())
    return float((values * weight).sum() / total) if total > 0 else float("nan")


def _maxqda(study: Study, section: Section) -> Iterator[_Value]:
    """Segments with a partner, and codes that both have in a document, or equally often: of each code and of all."""
    ids = {source.id for source in section.view.sources}
    codings = [c for c in study.codings.get(section.codebook, ()) if c.source.id in ids]
    of_code = {code: [c for c in codings if c.code == code] for code in section.view.codes}
    q = sum(1 for found in of_code.values() if found)
    total: Counter[str] = Counter()
    for code, found in of_code.items():
        counts = _counts(found, section)
        total.update(counts if found else {})
        yield from _shares(code, counts, q)
    yield from _shares(None, total, q)


def _counts(codings: Sequence[Coding], section: Section) -> Counter[str]:
    """Of one code: codings tried, and with a partner; documents, and those where it occurs for both or neither, or
    equally often.
    """
    often = Counter((c.source.id, c.coder) for c in codings)
    people = {rater.name: rater.coder for rater in section.panel.raters if rater.name in section.view.raters}
    pairs = [tuple(often[source.id, coder] for coder in people.values()) for source in section.view.sources]
    return Counter(
        tried=len(codings),
        agreed=sum(any(_same(one, other) for other in codings if other.coder != one.coder) for one in codings),
        documents=len(pairs),
        occurrence=sum(len({n > 0 for n in pair}) == 1 for pair in pairs),
        frequency=sum(len(set(pair)) == 1 for pair in pairs),
    )


def _same(one: Coding, other: Coding) -> bool:
    """Whether two codings of one code share nine tenths of the stretch that either covers."""
    if one.source.id != other.source.id:
        return False
    shared = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
    union = max(one.span.end, other.span.end) - min(one.span.start, other.span.start)
    return shared >= OVERLAP * union


def _shares(code: str | None, counts: Counter[str], codes: int) -> Iterator[_Value]:
    tried = counts["tried"]
    observed = counts["agreed"] / tried if tried else float("nan")
    chance = 1 / codes if codes else 0.0
    kappa = (observed - chance) / (1 - chance) if chance < 1 else float("nan")
    why = ONE_CODE if tried else UNUSED
    yield _Value("percent", observed, tried, code, why)
    yield _Value("kappa", kappa, tried, code, why)
    for name in ("occurrence", "frequency"):
        value = counts[name] / counts["documents"] if tried else float("nan")
        yield _Value(name, value, counts["documents"], code, UNUSED)


def _atlasti(_study: Study, section: Section) -> Iterator[_Value]:
    """Per cent and c-alpha-binary of each code; of all, what the manual leaves open."""
    sums = _by_source(section.view).each(lambda amounts: np.asarray(amounts.sum(axis=0)))
    percent, alpha = pct_unit_mean(sums), alpha_nominal(sums)
    for at, code in enumerate(section.view.codes):
        n = round(float(sums.paired[at]))
        yield _Value("percent", float(percent[at]), n, code)
        yield _Value("holsti", float("nan"), n, code, HOLSTI)
        yield _Value("alpha_binary", float(alpha[at]), n, code, UNUSED)
    yield _Value("cu_alpha_domains", float("nan"), section.view.units, None, CU_ALPHA)


def _cu_alpha(section: Section) -> Iterator[Measure]:
    """cu-alpha of the codebook, taken as one semantic domain."""
    doubt = Doubt(section.noun, tuple(source.name for source in section.view.sources))
    for figure in unitizing_figures(section.view, doubt, ("cu_alpha",), section.codebook):
        yield replace(figure, measure="atlasti_cu_alpha", ci=None, ci_method=None)
