"""The figures other programs print, as their manuals describe them, for comparison with what they said.

nvivo    Cohen's kappa and per cent agreement of each code in each source, by character; where both coders agree wholly,
         be it that neither used the code, the program says 1. Its figures over sources are means, here weighted by
         length as its manual advises.
maxqda   Every coding of either coder is tried: it agrees when the other has the same code on a stretch whose
         intersection is 90 % or more of their union. Per cent, and Brennan and Prediger's kappa with chance 1 / number
         of codes. Text nobody coded does not count.
atlasti  By character: per cent agreement, Holsti, c-alpha-binary of each code, and of the codebook cu-alpha (Csu).

None of these was held against the programs themselves, which are closed; the manuals' words are what is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from qualcode.agreement.alpha import alpha_nominal
from qualcode.agreement.continuum import Cut
from qualcode.agreement.facts import facts_of
from qualcode.agreement.figures import Doubt
from qualcode.agreement.percent import holsti, pct_unit_mean
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
CLOSED = "Computed as the manual of {} describes it, for comparison only; it was not held against the program itself."


def measure_as(bundle: Bundle, peer: str, *, cut: Cut, request: Request) -> Agreement:
    """The figures of a peer, by character and over all text, with the peer's name before each measure's.

    Raises UsageError for another peer, and where more than two coders are compared as only two can be.
    """
    known_word("program", peer, get_args(Peer))
    asked = replace(request, unit="character", scope="all", measures=(), all=False, weights=())
    study = study_of(bundle, asked, cut)
    sections = study.sections(asked, apart=False)
    found = {"nvivo": _nvivo, "maxqda": _maxqda, "atlasti": _atlasti}[peer]
    for section in sections:
        if peer != "atlasti" and len(section.view.raters) > 2:
            raise UsageError(f"{peer} compares two coders", "name them with --coders A,B")
    rows = [figure for section in sections if section.view.sources for figure in found(study, section)]
    return Agreement(
        unit="character",
        scope="all",
        units={"character": sum(section.view.units for section in sections[:1])},
        coders=tuple(sorted({name for section in sections for name in section.view.raters})),
        measures=tuple(rows),
        notes=(CLOSED.format(peer), *(line.strip() for line in _about(peer))),
        facts=facts_of(study.bundle, asked, study.scope, sections),
    )


def _about(peer: str) -> Iterator[str]:
    """What this module says of a peer."""
    words = " ".join((__doc__ or "").split())
    yield (
        words.partition(f"{peer} ")[2]
        .partition(". " + {"nvivo": "maxqda", "maxqda": "atlasti"}.get(peer, "None"))[0]
        .rstrip(".")
        + "."
    )


def _named(name: str, section: Section, code: str | None, value: float, n: int, why: str = "") -> Measure:
    known = None if np.isnan(value) else float(value)
    return Measure(name, known, n, code, section.codebook, why_null=None if known is not None else why or "undefined")


def _by_source(view: View) -> Sums:
    """Sums with the leading axes (sources, codes), whatever stands in for sources elsewhere."""
    count = len(view.sources)
    return binary_sums(view).each(lambda amounts: regroup(amounts, view.group_source, count))


def _nvivo(_study: Study, section: Section) -> Iterator[Measure]:
    """Kappa and per cent of each code, means over sources weighted by length."""
    sums = _by_source(section.view)
    length = sums.paired
    tables = sums.tables[..., 0, :, :]
    total = np.maximum(tables.sum(axis=(-2, -1)), 1e-12)
    share = tables / total[..., None, None]
    observed = np.trace(share, axis1=-2, axis2=-1)
    expected = (share.sum(axis=-1) * share.sum(axis=-2)).sum(axis=-1)
    room = 1 - expected
    kappa = np.where(room > 1e-12, (observed - expected) / np.where(room > 1e-12, room, 1), 1.0)
    for at, code in enumerate(section.view.codes):
        n = round(float(length[:, at].sum()))
        for name, values in (("nvivo_kappa", kappa), ("nvivo_percent", observed)):
            yield _named(name, section, code, _mean(values[:, at], length[:, at]), n)


def _mean(values: Floats, weight: Floats) -> float:
    total = float(weight.sum())
    return float((values * weight).sum() / total) if total > 0 else float("nan")


def _maxqda(study: Study, section: Section) -> Iterator[Measure]:
    """Per cent and kappa of the codings that find a partner, of each code and of all."""
    ids = {source.id for source in section.view.sources}
    codings = [c for c in study.codings.get(section.codebook, ()) if c.source.id in ids]
    q = len(section.view.codes)
    agreed, tried = 0, 0
    for code in section.view.codes:
        of_code = [coding for coding in codings if coding.code == code]
        hits, n = _partners(of_code), len(of_code)
        agreed, tried = agreed + hits, tried + n
        yield from _shares(section, code, hits, n, q)
    yield from _shares(section, None, agreed, tried, q)


def _partners(codings: Sequence[Coding]) -> int:
    """How many codings of one code another coder has, too."""
    return sum(any(_same(one, other) for other in codings if other.coder != one.coder) for one in codings)


def _same(one: Coding, other: Coding) -> bool:
    if one.source.id != other.source.id:
        return False
    shared = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
    union = max(one.span.end, other.span.end) - min(one.span.start, other.span.start)
    return shared >= OVERLAP * union


def _shares(section: Section, code: str | None, agreed: int, tried: int, codes: int) -> Iterator[Measure]:
    observed = agreed / tried if tried else float("nan")
    chance = 1 / codes if codes else 0.0
    kappa = (observed - chance) / (1 - chance) if chance < 1 else float("nan")
    why = "nobody used this code" if not tried else "with one code only, chance agreement is complete"
    yield _named("maxqda_percent", section, code, observed, tried, why)
    yield _named("maxqda_kappa", section, code, kappa, tried, why)


def _atlasti(_study: Study, section: Section) -> Iterator[Measure]:
    """Per cent, Holsti and c-alpha-binary of each code; cu-alpha of the codebook."""
    sums = _by_source(section.view).each(lambda amounts: np.asarray(amounts.sum(axis=0)))
    functions = {"percent": pct_unit_mean, "holsti": holsti, "alpha_binary": alpha_nominal}
    for at, code in enumerate(section.view.codes):
        one = sums.each(lambda amounts, at=at: np.asarray(amounts[at]))  # type: ignore[misc]
        for name, function in functions.items():
            n = round(float(one.paired))
            yield _named(f"atlasti_{name}", section, code, float(function(one)), n, "nobody used this code")
    doubt = Doubt(section.noun, tuple(source.name for source in section.view.sources))
    for figure in unitizing_figures(section.view, doubt, ("cu_alpha",), section.codebook):
        yield replace(figure, measure="atlasti_cu_alpha", ci=None, ci_method=None)
