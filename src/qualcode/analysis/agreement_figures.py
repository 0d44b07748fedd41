"""Figures of agreement: alpha of every code with its interval, and which codes stand for each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qualcode.analysis.agreement_tables import LEADS, lead_value, measure_name
from qualcode.model import Agreement, Measure
from qualcode.report import Figure

MOST = 30
"""So many codes a figure holds: the most confused ones, or those that a codebook has."""


def forest(agreement: Agreement) -> Figure | None:
    """Alpha of every code that has one, codebooks apart and lowest first; None where there is none."""
    codes = [m for m in agreement.measures if m.code is not None and m.measure in LEADS and m.value is not None]
    codes = codes or [m for m in agreement.measures if m.code is not None and m.value is not None]
    codes = [m for m in codes if m.measure == codes[0].measure]
    if not codes:
        return None
    books = list(dict.fromkeys(m.codebook for m in codes))
    ordered = sorted(codes, key=lambda m: (books.index(m.codebook), lead_value([m])))
    data = {
        "labels": tuple(str(m.code) for m in ordered),
        "values": tuple(m.value for m in ordered),
        "low": tuple(m.ci[0] if m.ci else None for m in ordered),
        "high": tuple(m.ci[1] if m.ci else None for m in ordered),
        "n": tuple(_applied(m) for m in ordered),
        "measure": measure_name(ordered[0]),
    }
    return Figure("forest", _caption(agreement, "Agreement on each code", f"{max(m.n for m in ordered):,} units"), data)


def _applied(m: Measure) -> int:
    """Units that carry the code, mean over coders."""
    given = [count for name, count in m.counts.items() if name.startswith("by ")]
    return round(sum(given) / len(given)) if given else 0


def confusions(agreement: Agreement) -> Figure | None:
    """How many units got one code from one coder and the other from another; None where that never happened."""
    pairs: Sequence[Mapping[str, object]] = agreement.pairs
    count: dict[tuple[str, str], int] = {}
    weight: dict[str, int] = {}
    for pair in pairs:
        one, two, n = str(pair["code"]), str(pair["with"]), pair["n"]
        if isinstance(n, int):
            count[one, two] = count[two, one] = count.get((one, two), 0) + n
            weight[one], weight[two] = weight.get(one, 0) + n, weight.get(two, 0) + n
    if not count:
        return None
    codes = sorted(sorted(weight, key=lambda code: -weight[code])[:MOST])
    values = tuple(tuple(None if a == b else count.get((a, b), 0) for b in codes) for a in codes)
    units = ", ".join(f"{n:,} {unit}s" for unit, n in agreement.units.items())
    caption = _caption(agreement, "Units that got the one code from one coder and the other from another", units)
    return Figure("heatmap", caption, {"rows": tuple(codes), "columns": tuple(codes), "values": values})


def _caption(agreement: Agreement, lead: str, units: str) -> str:
    return f"{lead} ({', '.join(agreement.coders)}; {units})"
