"""Figures kept from before, as by a first look at them or before disagreements are settled: both are reported later.

They lie in the log with a milestone that brings back everything of then. Neither is ever undone: what was printed
stays printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qualcode.errors import NoCoder, UsageError
from qualcode.model import Agreement, Measure
from qualcode.store import Project, Record

OWN = "The figures here leave the consensus out: they are the coders' own."
LEADS = ("alpha_set", "alpha_nominal", "alpha_ordinal", "alpha_interval")
"""The figures that are kept: of every codebook as a whole, and of each code."""


def freeze(project: Project, found: Agreement, name: str, coder: str | None) -> str:
    """Keep the alphas of `found` under a name, with a milestone; returns the name. Raises NoCoder and UsageError."""
    if not coder:
        raise NoCoder
    clean = " ".join(name.split())
    if not clean or len(clean) > 80:
        raise UsageError("that is no name for frozen figures", "give a short one, such as --freeze first-round")
    kept = [_row(m) for m in found.measures if m.measure in LEADS]
    whole = {m.codebook or "": m.value for m in found.measures if m.code is None and m.distance == "masi"}
    asked: dict[str, Any] = {
        "unit": found.unit,
        "scope": found.scope,
        "coders": list(found.coders),
        "units": dict(found.units),
    }
    asked |= {name: found.facts.get(name) for name in ("codes", "level", "unit_rule", "chosen")}
    project.milestone(clean, coder, {"figures": whole, "asked": asked, "measures": kept})
    return clean


def has_figures(found: Agreement) -> bool:
    """Whether there is anything to freeze."""
    return any(m.measure in LEADS and m.value is not None for m in found.measures)


def _row(m: Measure) -> dict[str, Any]:
    return {
        "code": m.code,
        "codebook": m.codebook,
        "measure": m.measure,
        "distance": m.distance,
        "value": m.value,
        "ci": None if m.ci is None else list(m.ci),
        "ci_method": m.ci_method,
        "n": m.n,
        "why_null": m.why_null,
    }


def frozen(project: Project) -> tuple[Record, ...]:
    """What was frozen, oldest first."""
    return project.records("freeze")


def rows(records: Sequence[Record]) -> Iterator[Mapping[str, object]]:
    """Each freezing with its figures: name, at, by, measures, and what was compared: unit, scope, coders, codes, the
    sources chosen, …
    """
    for record in records:
        asked = record.body.get("asked", {})
        measures = record.body.get("measures") or [
            {"code": None, "codebook": book, "measure": "alpha_set", "distance": "masi", "value": value}
            for book, value in record.body["figures"].items()
        ]
        yield {"name": record.key, "at": record.at, "by": record.coder, **asked, "measures": measures}


def notes(records: Sequence[Record]) -> tuple[str, ...]:
    """What was frozen when, and the milestone that brings all figures of then back."""
    said = [f'Frozen {r.at[:10]} as "{r.key}"; all figures of then: --as-of "{r.key}".' for r in records]
    return (*said, OWN) if said else ()
