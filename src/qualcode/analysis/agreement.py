"""How far coders agree, set out for people: the facts, the codebook as a whole, every code lowest first, what differs.

Short by default; `full` adds every coefficient, the coders side by side, and what other decisions would have given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qualcode.analysis import agreement_tables as tables
from qualcode.analysis.agreement_methods import methods_paragraph
from qualcode.model import Agreement, Measure
from qualcode.report import Block, Heading, Note, Paragraph, Report

LEAD = ("Coders:", "Double-coded:", "Units:", "Unit:", "Units carry", "Level:", "Scope:", "Codebook:", "Codebooks:")
"""The beginnings of notes that stand above the figures."""
PAIRS = 5
"""So many pairs of codes are shown by default."""
FLAGS = {
    "few": "applied fewer than 20 times",
    "one-sided": "a coder never used it",
    "paradox": "85 % agreement and more although alpha is low, because it is so rare or so common: see docs",
    "concentrated": "without one of the sources there is no figure, hence no interval",
    "no spread": "the same without any source, hence no interval",
    "never together": "no unit was given it by two coders, hence no interval",
}


def agreement_report(agreement: Agreement, *, full: bool = False) -> Report:
    """The figures of an `Agreement`, each with its n and interval; an undefined one prints n/a and its reason."""
    blocks: list[Block] = [Paragraph(note) for note in _lead(agreement)]
    if not agreement.measures or _all_undefined(agreement.measures):
        blocks += _nothing(agreement)
    else:
        blocks += _whole(agreement, full)
        blocks += _before(agreement, full)
        blocks += _codes(agreement, full)
        blocks += _groups(agreement, full)
        blocks += _listings(agreement, full)
    blocks += _notes(agreement, full)
    coders = agreement.coders
    return Report(
        title=f"Agreement between {coders[0]} and {coders[1]}" if len(coders) == 2 else "Agreement",
        blocks=tuple(blocks),
        unit=agreement.unit,
        n=sum(agreement.units.values()) if agreement.units else None,
        facts={"Units": ", ".join(f"{count:,} × {kind}" for kind, count in agreement.units.items())},
    )


def _lead(agreement: Agreement) -> list[str]:
    return [note for note in agreement.notes if note.startswith(LEAD)]


def _all_undefined(measures: Sequence[Measure]) -> bool:
    return all(measure.value is None for measure in measures)


def _nothing(agreement: Agreement) -> Iterator[Block]:
    """One line where there is nothing to compare, instead of a wall of n/a."""
    if not agreement.measures:
        yield Paragraph("There is nothing to compare yet.")
        return
    reasons: dict[str, list[str]] = {}
    for measure in agreement.measures:
        reasons.setdefault(measure.why_null or "", []).append(tables.measure_name(measure))
    for why, names in reasons.items():
        what = "every figure" if len(reasons) == 1 else ", ".join(dict.fromkeys(names))
        yield Paragraph(f"n/a ({what}): {why}.")


def _whole(agreement: Agreement, full: bool) -> Iterator[Block]:
    """The codebooks as a whole, answers beside transcripts."""
    main = [("", m) for m in agreement.measures if m.code is None]
    apart = [(str(row.get("group", "")), _measure(row)) for row in agreement.groups if row.get("by") == "kind"]
    other = [(group, m) for group, m in apart if m.code is None]
    kinds = {str(fact["codebook"]): str(fact["kind"]) for fact in _compared(agreement) if fact["main"]}
    if other:
        main = [(kinds.get(m.codebook or "", ""), m) for _, m in main]
    word, every = "sources" if other else "", [*main, *other]
    if main:
        yield Heading("Overall")
    if main and tables.is_usual(every):
        yield tables.whole(every, word, _by_turn(agreement, grouped=bool(other)))
    if main and (full or not tables.is_usual(every)):
        yield tables.overall(every, word)


def _before(agreement: Agreement, full: bool) -> Iterator[Block]:
    """Figures that were frozen before, beside the present ones: of the codebooks, with `full` of every code."""
    books = {m.codebook for m in agreement.measures}
    every = [(freezing, m) for freezing in agreement.frozen for m in _kept(freezing) if m.codebook in books]
    kept = [(freezing, m) for freezing, m in every if full or m.code is None]
    if kept:
        yield Heading("Frozen before, beside the figures of now")
        yield tables.before(kept, agreement)
        if not all(tables.same_comparison(freezing, agreement) for freezing, _ in kept):
            yield Note(
                "alpha now is n/a beside figures of another unit, rule, scope, choice of sources or codes, or group of "
                "coders"
            )


def _kept(freezing: Mapping[str, object]) -> list[Measure]:
    """The figures of one freezing: alpha of each code, and of sets by MASI."""
    rows = freezing.get("measures")
    found = [_measure(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []
    return [m for m in found if m.distance in (None, "masi")]


def _compared(agreement: Agreement) -> list[Mapping[str, object]]:
    found = agreement.facts.get("compared", ())
    return [fact for fact in found if isinstance(fact, Mapping)] if isinstance(found, list | tuple) else []


def _by_turn(agreement: Agreement, *, grouped: bool) -> dict[tuple[str, str | None], float | None]:
    """Overall alpha by turn, which stands beside that by sentence."""
    found: dict[tuple[str, str | None], float | None] = {}
    for row in agreement.sensitivity:
        plain = row.get("uncoded") == "kept" and row.get("level") is None
        if row.get("unit") in ("turn", "answer and turn") and plain and agreement.unit != "turn":
            value = row.get("value")
            key = str(row.get("sources", "")) if grouped else ""
            found[key, str(row.get("codebook"))] = float(value) if isinstance(value, int | float) else None
    return found


def _codes(agreement: Agreement, full: bool) -> Iterator[Block]:
    """Each codebook's codes, lowest first; codes that nobody used are named in a note."""
    of_codes = [m for m in agreement.measures if m.code is not None]
    for codebook in dict.fromkeys(m.codebook for m in of_codes):
        found = _used([m for m in of_codes if m.codebook == codebook])
        if not found:
            continue
        yield Heading(f"{codebook or 'Codes'}, lowest first")
        yield tables.by_code(found)
        if counted := tables.applications(found):
            yield Heading(f"{codebook or 'Codes'}: units that carry each code")
            yield counted
        if full and (rest := tables.further(found)):
            yield Heading(f"{codebook or 'Codes'}: further coefficients")
            yield rest


def _used(measures: Sequence[Measure]) -> list[Measure]:
    """The figures of codes that have one."""
    known = {
        m.code for m in measures if m.value is not None and m.measure not in ("pct_unit_mean", "negative_agreement")
    }
    return [m for m in measures if m.code in known]


def _groups(agreement: Agreement, full: bool) -> Iterator[Block]:
    """Parts of the study: each codebook as a whole, and alpha of every code side by side."""
    for word in dict.fromkeys(str(row.get("by", "group")) for row in agreement.groups):
        rows = [row for row in agreement.groups if str(row.get("by", "group")) == word]
        measured = [(str(row.get("group", "")), _measure(row)) for row in rows]
        whole = [(group, m) for group, m in measured if m.code is None]
        if whole and word != "kind":
            yield Heading(f"Overall by {word}")
            yield tables.whole(whole, word, {}) if tables.is_usual(whole) else tables.overall(whole, word)
        if (full or word != "kind") and (side := tables.across(measured, word)):
            yield Heading(f"Codes by {word}")
            yield side


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


def _listings(agreement: Agreement, full: bool) -> Iterator[Block]:
    pairs = agreement.pairs if full else agreement.pairs[:PAIRS]
    if pairs:
        yield Heading("Codes that stand for each other most often")
        yield tables.listing(pairs)
    if not full:
        return
    if found := tables.chances(agreement.measures):
        yield Heading("How probably alpha lies below the customary floors")
        yield found
    compared = [row for row in agreement.panel if "value" in row]
    applied = [row for row in agreement.panel if "applied" in row]
    for title, rows, names in (
        ("Coders side by side: alpha", compared, ("compared", "coders", "value", "n")),
        ("Coders side by side: units times codes that each applied", applied, ("coders", "applied", "share", "n")),
        ("What other decisions would have given", agreement.sensitivity, ("unit", "uncoded", "level", "value", "n")),
    ):
        if rows:
            yield Heading(title)
            yield tables.listing(rows, ("codebook", "sources", *names))


def _notes(agreement: Agreement, full: bool) -> Iterator[Block]:
    notes = [note for note in agreement.notes if note not in _lead(agreement)]
    if not _all_undefined(agreement.measures):
        notes += [*_interval_notes(agreement.measures), *_flag_notes(agreement.measures)]
        notes += _reasons(agreement.measures, full=full)
    if notes:
        yield Heading("Notes")
        yield from map(Note, dict.fromkeys(notes))
    if paragraph := methods_paragraph(agreement):
        yield Heading("For the methods section")
        yield Paragraph(paragraph)


def _interval_notes(measures: Sequence[Measure]) -> list[str]:
    methods = list(dict.fromkeys(m.ci_method for m in measures if m.ci and m.ci_method))
    return [f"95 % intervals: {'; '.join(methods)}."] if methods else []


def _flag_notes(measures: Sequence[Measure]) -> list[str]:
    used = dict.fromkeys(
        f for m in _used([m for m in measures if m.code]) if m.measure in tables.LEADS for f in m.flags
    )
    said = [f"{flag}: {FLAGS[flag]}" for flag in used if flag in FLAGS]
    return [f"Flags. {'; '.join(said)}."] if said else []


def _reasons(measures: Sequence[Measure], *, full: bool) -> Iterator[str]:
    """Each reason once, with what is n/a for it; of codes that nobody used only the first is told by default."""
    reasons: dict[str, dict[str, None]] = {}
    kept = {m.code for m in _used([m for m in measures if m.code is not None])}
    for m in measures:
        if m.value is None and m.why_null and m.code is not None:
            name = m.code if m.code not in kept else f"{m.code} ({tables.measure_name(m)})"
            if full or m.code not in kept or m.measure in tables.SHOWN:
                reasons.setdefault(m.why_null, {})[name] = None
    told: set[str] = set()
    for why, names in reasons.items():
        new = [name for name in names if name not in told]
        told.update(new)
        if new:
            yield f"n/a, {why}: {', '.join(new)}."
