"""Figures of agreement as tables: one row a code, one row a codebook, or rows as they come."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from qualcode.model import Measure
from qualcode.report import Cell, Table

NAMES = {
    "ac2_linear": "AC2 (linear)",
    "ac2_quadratic": "AC2 (quadratic)",
    "alpha_interval": "alpha (interval)",
    "alpha_nominal": "alpha",
    "alpha_ordinal": "alpha (ordinal)",
    "alpha_ratio": "alpha (ratio)",
    "alpha_set": "alpha (sets)",
    "bennett_s": "Bennett's S",
    "brennan_prediger": "Brennan–Prediger",
    "cohen_kappa": "Cohen's kappa",
    "conger_kappa": "Conger's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "AC1",
    "holsti": "Holsti",
    "hubert_kappa": "Hubert's kappa",
    "light_kappa": "Light's kappa",
    "negative_agreement": "negative agreement",
    "pct_coincidence": "agreement (coincidences)",
    "pct_pairs_pooled": "agreement (pairs)",
    "pct_unit_mean": "agreement (unit mean)",
    "positive_agreement": "positive agreement",
    "randolph_kappa": "Randolph's kappa",
    "scott_pi": "Scott's pi",
}
LEADS = ("alpha_nominal", "alpha_ordinal", "alpha_interval", "alpha_ratio", "alpha_set")
BESIDE = ("pct_unit_mean", "positive_agreement", "negative_agreement", "gwet_ac1")
DIGITS = 3

Grouped = Sequence[tuple[str, Measure]]
"""Figures with the name of the group they are of; the name is empty where there are no groups."""


def measure_name(measure: Measure) -> str:
    """``alpha (sets), masi``: what a column or row is called."""
    name = NAMES.get(measure.measure, measure.measure.replace("_", " "))
    return f"{name}, {measure.distance}" if measure.distance else name


def by_code(measured: Grouped, word: str) -> Table:
    """One row a code, lowest first: counts, the chance-corrected coefficient with its interval, what stands beside."""
    shown = [(group, measure) for group, measure in measured if _is_main(measure, measured)]
    names = list(dict.fromkeys(measure_name(measure) for _, measure in shown))
    leads = {measure_name(measure) for _, measure in shown if measure.ci and _has_interval(measure, shown)}
    counts = list(dict.fromkeys(name for _, measure in measured for name in measure.counts))
    flagged = any(measure.flags for _, measure in measured)
    rows = []
    for (group, code), found in _rows_of(shown):
        row: list[Cell] = [*([group] if word else []), code, *_counts(found, counts)]
        for name in names:
            row += _value(next((m for m in found if measure_name(m) == name), None), name in leads)
        row.append(max(measure.n for measure in found))
        flags = ", ".join(dict.fromkeys(flag for measure in found for flag in measure.flags))
        rows.append((*row, flags) if flagged else tuple(row))
    figures = [head for name in names for head in ([name, f"{name}: 95 % interval"] if name in leads else [name])]
    heads = [*([word] if word else []), "code", *(count.replace("_", " ") for count in counts), *figures, "units"]
    return _table([*heads, *(["flag"] if flagged else [])], rows)


def further(measured: Grouped, word: str) -> Table | None:
    """The coefficients that the main table has no room for, one row a code; None where there are none."""
    rest = [(group, measure) for group, measure in measured if not _is_main(measure, measured)]
    if not rest:
        return None
    names = list(dict.fromkeys(measure_name(measure) for _, measure in rest))
    rows = []
    for (group, code), found in _rows_of(rest):
        values = {measure_name(measure): measure.value for measure in found}
        rows.append((*([group] if word else []), code, *(values.get(name) for name in names)))
    return _table([*([word] if word else []), "code", *names], rows)


def overall(measured: Grouped, word: str) -> Table:
    """One row a figure over all codes of a codebook."""
    reasons = any(measure.why_null for _, measure in measured)
    rows = [
        (
            *([group] if word else []),
            measure.codebook or "all codebooks",
            measure_name(measure),
            *_value(measure, True),
            measure.n,
            *([measure.why_null or ""] if reasons else []),
        )
        for group, measure in measured
    ]
    heads = ["codebook", "measure", "value", "95 % interval", "units", *(["why n/a"] if reasons else [])]
    return _table([*([word] if word else []), *heads], rows)


def listing(rows: Sequence[Mapping[str, object]]) -> Table:
    """Rows as they come; a column in which nothing stands is left out, a measure is called by its name."""
    names = [
        name
        for name in dict.fromkeys(name for row in rows for name in row)
        if any(row.get(name) not in (None, "", (), []) for row in rows)
    ]
    cells = [tuple(_cell(name, row.get(name)) for name in names) for row in rows]
    return _table([name.replace("_", " ") for name in names], cells)


def _table(heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(tuple(heads), tuple(rows), decimals=(DIGITS,) * len(heads))


def _is_main(measure: Measure, measured: Grouped) -> bool:
    """Whether a figure stands in the main table: the usual ones, or all where none of the usual ones was asked for."""
    usual = (*LEADS, *BESIDE)
    return measure.measure in usual or not any(other.measure in usual for _, other in measured)


def _has_interval(measure: Measure, shown: Grouped) -> bool:
    """Whether a figure's interval is shown: the chance-corrected lead's, or everyone's where there is no lead."""
    return measure.measure in LEADS or not any(other.measure in LEADS for _, other in shown)


def _rows_of(measured: Grouped) -> list[tuple[tuple[str, str], list[Measure]]]:
    """The figures of each group and code; groups as they come, codes lowest first."""
    rows: dict[tuple[str, str], list[Measure]] = {}
    for group, measure in measured:
        rows.setdefault((group, measure.code or ""), []).append(measure)
    places = {group: at for at, group in enumerate(dict.fromkeys(group for group, _ in measured))}
    return sorted(rows.items(), key=lambda item: (places[item[0][0]], _lead_value(item[1])))


def _lead_value(measures: Sequence[Measure]) -> float:
    leads = [measure for name in LEADS for measure in measures if measure.measure == name]
    value = (leads or list(measures))[0].value
    return math.inf if value is None else value


def _counts(measures: Sequence[Measure], names: Sequence[str]) -> list[Cell]:
    known: dict[str, int | float] = {}
    for measure in measures:
        known |= measure.counts
    return [known.get(name) for name in names]


def _value(measure: Measure | None, with_interval: bool) -> list[Cell]:
    value = None if measure is None or measure.value is None else float(measure.value)
    interval = _interval(measure.ci) if measure and measure.ci else None
    return [value, interval] if with_interval else [value]


def _interval(bounds: Sequence[float]) -> str:
    low, high = (round(bound, DIGITS) + 0.0 for bound in bounds)
    return f"{low:.{DIGITS}f} to {high:.{DIGITS}f}"


def _cell(name: str, value: object) -> Cell:
    if name == "measure":
        return NAMES.get(str(value), str(value)) if value is not None else ""
    if value is None:
        return None if name in ("value", "ci") else ""
    if isinstance(value, (int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and all(isinstance(part, (int, float)) for part in value):
            return _interval([float(part) for part in value])
        return ", ".join(str(part) for part in value)
    return str(value)
