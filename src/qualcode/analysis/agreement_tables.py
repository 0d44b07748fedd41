"""Figures of agreement as tables that fit a page: by code, by codebook, applications, and rows as they come."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from qualcode.model import Agreement, Measure
from qualcode.report import Align, Cell, Table

NAMES = {
    "alpha_U_1995_2004": "alpha U (1995, 2004)",
    "ac2_linear": "AC2 (linear)",
    "ac2_quadratic": "AC2 (quadratic)",
    "alpha_interval": "alpha (interval)",
    "alpha_nominal": "alpha",
    "alpha_ordinal": "alpha (ordinal)",
    "alpha_ratio": "alpha (ratio)",
    "alpha_set": "alpha (sets)",
    "bar_u_alpha": "|u alpha",
    "bennett_s": "Bennett's S",
    "brennan_prediger": "Brennan–Prediger",
    "cohen_kappa": "Cohen's kappa",
    "conger_kappa": "Conger's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "AC1",
    "holsti": "Holsti",
    "hubert_kappa": "Hubert's kappa",
    "light_kappa": "Light's kappa",
    "negative_agreement": "negative",
    "pct_coincidence": "% (coincidences)",
    "pct_pairs_pooled": "% (pairs)",
    "pct_unit_mean": "% (unit mean)",
    "positive_agreement": "positive",
    "randolph_kappa": "Randolph's kappa",
    "scott_pi": "Scott's pi",
}
LEADS = ("alpha_nominal", "alpha_ordinal", "alpha_interval", "alpha_ratio", "alpha_set")
BESIDE = ("gwet_ac1", "positive_agreement", "negative_agreement", "pct_unit_mean")
SHOWN = (*LEADS, "gwet_ac1", "positive_agreement", "negative_agreement")
DIGITS = 3

Grouped = Sequence[tuple[str, Measure]]
"""Figures with the name of the group they are of; the name is empty where there are no groups."""


def measure_name(measure: Measure) -> str:
    """``alpha (sets), masi``: what a column or row is called."""
    name = NAMES.get(measure.measure, measure.measure.replace("_", " "))
    return f"{name}, {measure.distance}" if measure.distance else name


def short_code(code: str, codebook: str | None) -> str:
    """A code's path without its codebook, which stands above the table."""
    return code.removeprefix(f"{codebook}/") if codebook else code


def by_code(measured: Sequence[Measure]) -> Table:
    """One row a code of a codebook, lowest first: the chance-corrected coefficient with its interval, what stands
    beside, the flags. Units differ only where a code was not looked for everywhere; then each row says its own.
    """
    shown = [m for m in measured if m.measure in SHOWN] or list(measured)
    order = {name: at for at, name in enumerate(SHOWN)}
    names = list(dict.fromkeys(measure_name(m) for m in sorted(shown, key=lambda m: order.get(m.measure, 0))))
    leads = {measure_name(m) for m in shown if m.ci and (m.measure in LEADS or not _has_lead(shown))}
    several = len({m.n for m in shown}) > 1
    flagged = any(_flags([m]) for m in shown)
    rows = []
    for code, found in _rows_of(shown):
        row: list[Cell] = [short_code(code, found[0].codebook)]
        for name in names:
            row += _value(next((m for m in found if measure_name(m) == name), None), name in leads)
        row += [max(m.n for m in found)] if several else []
        rows.append((*row, *([_flags(found)] if flagged else [])))
    heads = [head for name in names for head in ([name, "95 % interval"] if name in leads else [name])]
    tail = [*(["units"] if several else []), *(["flags"] if flagged else [])]
    return _table(["code", *heads, *tail], rows)


def applications(measured: Sequence[Measure]) -> Table | None:
    """One row a code, in the order of `by_code`: units each coder gave it, and how these meet; None without counts."""
    counted = [m for m in measured if m.counts]
    shown = [m for m in counted if m.measure in LEADS] or counted[:0]
    names = [n for n in dict.fromkeys(name for m in shown for name in m.counts) if _is_count(n)]
    if not names:
        return None
    rows = [(short_code(code, found[0].codebook), *_counts(found, names)) for code, found in _rows_of(shown)]
    return _table(["code", *(name.removeprefix("by ") for name in names)], rows)


def _is_count(name: str) -> bool:
    return not name.startswith(("p_below", "codings", "in ", "coverage", "continua", "seed"))


def chances(measured: Sequence[Measure]) -> Table | None:
    """How probable it is that a figure lies below the customary floors; None where nobody asked."""
    rows = [
        (*_of_what(m), *(_number(m.counts.get(f"p_below_{floor}")) for floor in ("0.667", "0.800")))
        for m in measured
        if "p_below_0.667" in m.counts
    ]
    return _table(["codebook", "code", "measure", "below .667", "below .800"], rows) if rows else None


def further(measured: Sequence[Measure]) -> Table | None:
    """The coefficients that the table by code has no room for, one row a coefficient and a column a code."""
    rest = [m for m in measured if m.measure not in SHOWN]
    if not rest or len(rest) == len(measured):
        return None
    names = list(dict.fromkeys(measure_name(m) for m in rest))
    rows = []
    for code, found in _rows_of(rest):
        values = {measure_name(m): m.value for m in found}
        rows.append((short_code(code, found[0].codebook), *(values.get(name) for name in names)))
    return _table(["code", *names], rows)


def is_usual(measured: Grouped) -> bool:
    """Whether these are the figures that a codebook as a whole is reported with."""
    return {m.measure for _, m in measured} == {"alpha_set", "pct_unit_mean"}


def whole(measured: Grouped, word: str, by_turn: ByTurn) -> Table:
    """One row a codebook: alpha of the sets of codes (MASI) with its interval, beside it by turn, and how many units
    have the same codes.
    """
    rows = []
    turn = any(value is not None for value in by_turn.values())
    for group, codebook in dict.fromkeys((group, m.codebook) for group, m in measured):
        here = [m for at, m in measured if (at, m.codebook) == (group, codebook)]
        alpha = next((m for m in here if (m.measure, m.distance) == ("alpha_set", "masi")), None)
        same = next((m for m in here if m.measure == "pct_unit_mean"), None)
        if alpha is None:
            continue
        beside = [by_turn.get((group, codebook), "")] if turn else []
        head = [*([group] if word else []), codebook or "all codes"]
        rows.append((*head, *_value(alpha, True), *beside, same.value if same else None, alpha.n))
    heads = ["codebook", "alpha (MASI)", "95 % interval", *(["by turn"] if turn else []), "same codes", "units"]
    return _table([*([word] if word else []), *heads], rows)


ByTurn = Mapping[tuple[str, str | None], float | None]
"""Overall alpha by turn, by group and codebook."""


def overall(measured: Grouped, word: str) -> Table:
    """One row a figure over all codes of a codebook."""
    reasons = any(m.why_null for _, m in measured)
    rows = [
        (
            *([group] if word else []),
            m.codebook or "all codes",
            measure_name(m),
            *_value(m, True),
            m.n,
            *([m.why_null or ""] if reasons else []),
        )
        for group, m in measured
    ]
    heads = ["codebook", "measure", "value", "95 % interval", "units", *(["why n/a"] if reasons else [])]
    return _table([*([word] if word else []), *heads], rows)


def across(measured: Grouped, word: str) -> Table | None:
    """Alpha of every code (a row) in every group (a column); None when there are no codes, or too many groups."""
    leads = [(group, m) for group, m in measured if m.code is not None and m.measure in LEADS]
    groups = list(dict.fromkeys(group for group, _ in leads))
    if not leads or len(groups) > MOST_GROUPS:
        return None
    values = {(group, m.code): m.value for group, m in leads}
    codes = sorted({str(m.code) for _, m in leads})
    rows = [(code, *(values.get((group, code)) for group in groups)) for code in codes]
    return _table([f"alpha by {word}", *groups], rows)


MOST_GROUPS = 8
"""So many groups stand side by side."""


def listing(rows: Sequence[Mapping[str, object]], names: Iterable[str] | None = None) -> Table:
    """Rows as they come; a column in which nothing stands is left out, a measure is called by its name."""
    kept = [
        name
        for name in (names or dict.fromkeys(name for row in rows for name in row))
        if any(row.get(name) not in (None, "", (), []) for row in rows)
    ]
    cells = [tuple(_cell(name, row.get(name)) for name in kept) for row in rows]
    return _table([name.replace("_", " ") for name in kept], cells)


def same_comparison(freezing: Mapping[str, object], agreement: Agreement) -> bool:
    """Whether frozen figures are of the same unit, scope, coders, codes, level, rule and choice of sources."""
    now = {**agreement.facts, "unit": agreement.unit, "scope": agreement.scope, "coders": list(agreement.coders)}
    names = ("unit", "scope", "coders", "codes", "level", "unit_rule")
    chosen = (freezing.get("chosen") or []) == (now.get("chosen") or [])
    return chosen and all(freezing.get(name) == now.get(name) for name in names)


def before(kept: Sequence[tuple[Mapping[str, object], Measure]], agreement: Agreement) -> Table:
    """Frozen figures, what each was compared by, and the same figure of now: n/a where something else is compared."""
    present = {(m.codebook, m.code, m.measure, m.distance): m.value for m in agreement.measures}
    rows = [
        (
            str(freezing["name"]),
            str(freezing.get("at", ""))[:10],
            " ".join((m.codebook or "", short_code(m.code, m.codebook) if m.code else "")).strip(),
            str(freezing.get("unit", "")),
            m.value,
            _interval(m.ci) if m.ci else None,
            present.get((m.codebook, m.code, m.measure, m.distance)) if same_comparison(freezing, agreement) else None,
        )
        for freezing, m in kept
    ]
    return _table(["frozen as", "at", "of", "unit", "alpha then", "95 % interval", "alpha now"], rows)


def _table(heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    sides = tuple(_side([row[k] for row in rows]) for k in range(len(heads)))
    return Table(tuple(heads), tuple(rows), align=sides, decimals=(DIGITS,) * len(heads))


def _side(cells: Sequence[Cell]) -> Align:
    """Right where numbers stand, even if some cells are empty."""
    filled = [cell for cell in cells if cell is not None and cell != ""]
    return "right" if filled and not any(isinstance(cell, str) for cell in filled) else "left"


def _has_lead(shown: Sequence[Measure]) -> bool:
    return any(m.measure in LEADS for m in shown)


def _rows_of(measured: Sequence[Measure]) -> list[tuple[str, list[Measure]]]:
    """The figures of each code, lowest first by the first chance-corrected one, undefined last."""
    rows: dict[str, list[Measure]] = {}
    for m in measured:
        rows.setdefault(m.code or "", []).append(m)
    return sorted(rows.items(), key=lambda item: lead_value(item[1]))


def lead_value(measures: Sequence[Measure]) -> float:
    """What a code is ordered by; infinite where it is undefined."""
    leads = [m for name in LEADS for m in measures if m.measure == name]
    value = (leads or list(measures))[0].value
    return math.inf if value is None else value


def _flags(measures: Sequence[Measure]) -> str:
    said = dict.fromkeys(flag for m in measures for flag in m.flags if m.measure in LEADS or flag != "no spread")
    return ", ".join(flag for flag in said if flag != "undefined")


def _counts(measures: Sequence[Measure], names: Sequence[str]) -> list[Cell]:
    known: dict[str, int | float] = {}
    for m in measures:
        known |= m.counts
    return [known.get(name) for name in names]


def _of_what(m: Measure) -> tuple[Cell, ...]:
    return m.codebook or "", short_code(m.code or "(all)", m.codebook), measure_name(m)


def _number(value: object) -> Cell:
    return float(value) if isinstance(value, int | float) else None


def _value(m: Measure | None, with_interval: bool) -> list[Cell]:
    """A figure and, if wanted, its interval; blank where there is no such figure, which is not n/a."""
    if m is None:
        return ["", ""] if with_interval else [""]
    value = None if m.value is None else float(m.value)
    interval = _interval(m.ci) if m.ci else None
    return [value, interval] if with_interval else [value]


def _interval(bounds: Sequence[float]) -> str:
    low, high = (round(bound, 2) + 0.0 for bound in bounds)
    return f"{low:.2f} to {high:.2f}"


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
