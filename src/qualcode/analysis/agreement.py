"""How far coders agree, set out for people: the facts first, then every code, lowest first, then the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qualcode.analysis.figures import by_code, further, listing, measure_name, overall
from qualcode.model import Agreement, Measure
from qualcode.report import Block, Heading, Note, Paragraph, Report


def agreement_report(agreement: Agreement) -> Report:
    """The figures of an `Agreement`, each with its n and interval; an undefined one prints n/a and its reason.

    Codes are ordered by their first chance-corrected coefficient, lowest first, undefined last.
    """
    blocks: list[Block] = [*_figures("", [("", measure) for measure in agreement.measures])]
    for word in dict.fromkeys(str(row.get("by", "group")) for row in agreement.groups):
        rows = [row for row in agreement.groups if str(row.get("by", "group")) == word]
        blocks += _figures(word, [(str(row.get("group", "")), _measure(row)) for row in rows])
    blocks += _listings(agreement)
    notes = [*agreement.notes, *_interval_notes(agreement.measures), *_reasons(agreement.measures)]
    if notes:
        blocks += [Heading("Notes"), *map(Note, dict.fromkeys(notes))]
    coders = agreement.coders
    return Report(
        title=f"Agreement between {coders[0]} and {coders[1]}" if len(coders) == 2 else "Agreement",
        blocks=tuple(blocks) or (Paragraph("There is nothing to compare yet."),),
        unit=agreement.unit,
        n=sum(agreement.units.values()) if agreement.units else None,
        facts={
            "Coders": ", ".join(coders),
            "Units": ", ".join(f"{count:,} × {kind}" for kind, count in agreement.units.items()),
            "Scope": agreement.scope,
        },
    )


def _figures(word: str, measured: Sequence[tuple[str, Measure]]) -> Iterator[Block]:
    """The tables of one set of figures; `word` is what its groups are groups of, empty for the main figures."""
    of_codes = [(group, measure) for group, measure in measured if measure.code is not None]
    of_all = [(group, measure) for group, measure in measured if measure.code is None]
    tail = f", by {word}" if word else ""
    if of_codes:
        yield Heading(f"Codes, lowest first{tail}")
        yield by_code(of_codes, word)
    if of_all:
        yield Heading(f"Overall{tail}")
        yield overall(of_all, word)
    rest = further(of_codes, word)
    if rest:
        yield Heading(f"Further coefficients{tail}")
        yield rest


def _measure(row: Mapping[str, object]) -> Measure:
    """A row of `Agreement.groups` as the figure it is."""
    known = {name: row[name] for name in ("code", "codebook", "distance", "ci_method", "why_null") if name in row}
    interval, flags = row.get("ci"), row.get("flags")
    value, n = row.get("value"), row.get("n")
    return Measure(
        str(row.get("measure", "")),
        float(value) if isinstance(value, (int, float)) else None,
        n if isinstance(n, int) else 0,
        ci=(float(interval[0]), float(interval[1])) if isinstance(interval, (list, tuple)) else None,
        flags=tuple(map(str, flags)) if isinstance(flags, (list, tuple)) else (),
        **known,  # type: ignore[arg-type]
    )


def _listings(agreement: Agreement) -> list[Block]:
    sections: list[tuple[str, Sequence[Mapping[str, object]]]] = [
        ("Most confused pairs of codes", agreement.pairs),
        ("Coders side by side", agreement.panel),
        ("Sensitivity to the unit and its rules", agreement.sensitivity),
    ]
    return [block for title, rows in sections if rows for block in (Heading(title), listing(rows))]


def _interval_notes(measures: Sequence[Measure]) -> list[str]:
    methods = list(dict.fromkeys(measure.ci_method for measure in measures if measure.ci and measure.ci_method))
    return [f"95 % intervals: {'; '.join(methods)}."] if methods else []


def _reasons(measures: Sequence[Measure]) -> list[str]:
    return [
        f"n/a for {measure.code}, {measure_name(measure)}: {measure.why_null}."
        for measure in measures
        if measure.code is not None and measure.value is None and measure.why_null
    ]
