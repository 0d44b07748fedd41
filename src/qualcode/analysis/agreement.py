"""How far coders agree, set out for people: the facts first, then every code, worst first, then the whole."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from qualcode.model import Agreement, Measure
from qualcode.report import Block, Cell, Heading, Note, Paragraph, Report, Table

NAMES = {
    "ac2_linear": "AC2 (linear)",
    "ac2_quadratic": "AC2 (quadratic)",
    "alpha_interval": "alpha (interval)",
    "alpha_nominal": "alpha",
    "alpha_ordinal": "alpha (ordinal)",
    "alpha_ratio": "alpha (ratio)",
    "alpha_set": "alpha (sets)",
    "brennan_prediger": "Brennan–Prediger",
    "cohen_kappa": "Cohen's kappa",
    "conger_kappa": "Conger's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "AC1",
    "holsti": "Holsti",
    "light_kappa": "Light's kappa",
    "negative_agreement": "negative agreement",
    "pct_coincidence": "agreement (coincidences)",
    "pct_pairs_pooled": "agreement (pairs)",
    "pct_unit_mean": "agreement (unit mean)",
    "positive_agreement": "positive agreement",
    "scott_pi": "Scott's pi",
}
_LEADS = ("alpha_nominal", "alpha_ordinal", "alpha_interval", "alpha_ratio", "alpha_set")
_DIGITS = 3


def agreement_report(agreement: Agreement) -> Report:
    """The figures of an `Agreement`, each with its n and interval; an undefined one prints n/a and its reason.

    Codes are ordered by their first chance-corrected coefficient, lowest first, undefined last.
    """
    by_code = [measure for measure in agreement.measures if measure.code is not None]
    overall = [measure for measure in agreement.measures if measure.code is None]
    blocks: list[Block] = []
    if by_code:
        blocks += [Heading("By code, lowest first"), _code_table(by_code)]
    if overall:
        blocks += [Heading("Overall"), _overall_table(overall)]
    blocks += _listings(agreement)
    notes = [*agreement.notes, *_interval_notes(agreement.measures), *_reasons(by_code)]
    if notes:
        blocks += [Heading("Notes"), *map(Note, dict.fromkeys(notes))]
    return Report(
        title="Agreement between " + " and ".join(agreement.coders) if len(agreement.coders) == 2 else "Agreement",
        blocks=tuple(blocks) or (Paragraph("There is nothing to compare yet."),),
        unit=agreement.unit,
        n=sum(agreement.units.values()) if agreement.units else None,
        layer=", ".join(agreement.coders),
        facts={
            "Coders": ", ".join(agreement.coders),
            "Units": ", ".join(f"{count:,} × {kind}" for kind, count in agreement.units.items()),
            "Scope": agreement.scope,
        },
    )


def measure_name(measure: Measure) -> str:
    """``alpha (sets), masi``: what a column or row is called."""
    name = NAMES.get(measure.measure, measure.measure.replace("_", " "))
    return f"{name}, {measure.distance}" if measure.distance else name


def _code_table(measures: Sequence[Measure]) -> Table:
    names = list(dict.fromkeys(measure_name(measure) for measure in measures))
    with_interval = {measure_name(measure) for measure in measures if measure.ci}
    counts = list(dict.fromkeys(name for measure in measures for name in measure.counts))
    flagged = any(measure.flags for measure in measures)
    rows = []
    for code, of_code in sorted(_grouped(measures).items(), key=lambda item: _worst_first(item[1])):
        row: list[Cell] = [code, *_counts(of_code, counts)]
        for name in names:
            row += _value(next((m for m in of_code if measure_name(m) == name), None), name in with_interval)
        row.append(max(measure.n for measure in of_code))
        rows.append((*row, ", ".join(dict.fromkeys(f for m in of_code for f in m.flags))) if flagged else tuple(row))
    figures = [column for name in names for column in ([name, "95 % interval"] if name in with_interval else [name])]
    columns = (
        "code",
        *(count.replace("_", " ") for count in counts),
        *figures,
        "units",
        *(["flag"] if flagged else []),
    )
    return Table(columns, tuple(rows), "Agreement by code", decimals=(_DIGITS,) * len(columns))


def _grouped(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    groups: dict[str, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(measure.code or "", []).append(measure)
    return groups


def _worst_first(measures: Sequence[Measure]) -> float:
    leads = [measure for name in _LEADS for measure in measures if measure.measure == name]
    value = (leads or list(measures))[0].value
    return math.inf if value is None else value


def _counts(measures: Sequence[Measure], names: Sequence[str]) -> list[Cell]:
    known: dict[str, int | float] = {}
    for measure in measures:
        known |= measure.counts
    return [known.get(name) for name in names]


def _value(measure: Measure | None, with_interval: bool) -> list[Cell]:
    """The value, as a float to be printed with three digits, and its interval where the column has one."""
    value = None if measure is None or measure.value is None else float(measure.value)
    return [value, _interval(measure)] if with_interval else [value]


def _interval(measure: Measure | None) -> str | None:
    return f"{measure.ci[0]:.{_DIGITS}f} to {measure.ci[1]:.{_DIGITS}f}" if measure and measure.ci else None


def _overall_table(measures: Sequence[Measure]) -> Table:
    reasons = any(measure.why_null for measure in measures)
    rows = [
        (
            measure.codebook or "all codebooks",
            measure_name(measure),
            *_value(measure, True),
            measure.n,
            *([measure.why_null or ""] if reasons else []),
        )
        for measure in measures
    ]
    columns = ("codebook", "measure", "value", "95 % interval", "units", *(["why n/a"] if reasons else []))
    return Table(columns, tuple(rows), "Agreement over all codes", decimals=(_DIGITS,) * len(columns))


def _listings(agreement: Agreement) -> list[Block]:
    sections: list[tuple[str, Sequence[Mapping[str, object]]]] = [
        ("Most confused pairs of codes", agreement.pairs),
        ("By pairs of coders", agreement.panel),
        ("Sensitivity to the unit and its rules", agreement.sensitivity),
        ("By group", agreement.groups),
    ]
    return [block for title, rows in sections if rows for block in (Heading(title), _listing(title, rows))]


def _listing(title: str, rows: Sequence[Mapping[str, object]]) -> Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = tuple(tuple(_cell(row.get(name)) for name in names) for row in rows)
    return Table(tuple(name.replace("_", " ") for name in names), cells, title, decimals=(_DIGITS,) * len(names))


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, (int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and all(isinstance(part, float) for part in value):
            return f"{value[0]:.{_DIGITS}f} to {value[1]:.{_DIGITS}f}"
        return ", ".join(str(_cell(part)) for part in value)
    return str(value)


def _interval_notes(measures: Sequence[Measure]) -> list[str]:
    methods = list(dict.fromkeys(measure.ci_method for measure in measures if measure.ci and measure.ci_method))
    return [f"Interval: {'; '.join(methods)}."] if methods else []


def _reasons(measures: Sequence[Measure]) -> list[str]:
    return [
        f"n/a for {measure.code}, {measure_name(measure)}: {measure.why_null}."
        for measure in measures
        if measure.value is None and measure.why_null
    ]
