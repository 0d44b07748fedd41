"""How much has to be double-coded, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qualcode.report import Note, Paragraph, Report, Table

HEADS = {"units_for_0.667": "needed for .667", "units_for_0.800": "needed for .800"}
NOTES = (
    "Needed are so many units, coded by two people, that an alpha of at least .667 or .800 is no accident "
    "(significance .05; Bloch & Kraemer 1989, as used by Krippendorff 2019).",
    "The share is how many of the units carry the code: of those compared so far the mean over coders. Rare codes need "
    "the most; the largest number is what the codebook needs.",
)


def plan_report(rows: Sequence[Mapping[str, object]]) -> Report:
    """The rows of `agreement.plan_rows` or `agreement.units_needed`: shares, units shared now, units needed."""
    title = "Units to double-code"
    if not rows:
        return Report(
            title, (Paragraph("No code has been used by two coders yet, so there is no share to plan from."),)
        )
    names = [name for name in rows[0] if name != "codebook"]
    heads = tuple({"units": "shared now"}.get(name, HEADS.get(name, name)) for name in names)
    cells = tuple(tuple(_cell(row[name]) for name in names) for row in rows)
    return Report(title, (Table(heads, cells, decimals=(3,) * len(heads)), *map(Note, NOTES)))


def _cell(value: object) -> str | int | float | None:
    return value if isinstance(value, str | int | float) else None
