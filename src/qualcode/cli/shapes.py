"""Values → the JSON shapes of the command line: pure functions, the promised fields first and in their order.

Offsets are half-open code-point ranges of a source's text; a figure that is undefined is null, never NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from qualcode.analysis.attributes import Attribute
    from qualcode.model import (
        Agreement,
        Case,
        Code,
        Codebook,
        CodeLink,
        CodeSet,
        Coding,
        Cue,
        Measure,
        Memo,
        Notice,
        Source,
        Status,
        Suggestion,
        Survey,
        Turn,
    )
    from qualcode.report import Report, Table
    from qualcode.workflow.importing import Imported

Shape: TypeAlias = dict[str, Any]


def jsonable(value: object) -> Any:
    """A value of plain containers as JSON holds it: tuples as lists, keys as text, NaN and infinities as null."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def notice(value: Notice) -> Shape:
    """A notice."""
    return {"where": value.where, "severity": value.severity, "message": value.message}


def turn(value: Turn, whose: Source) -> Shape:
    """A turn of a source; `time` in seconds."""
    return {
        "n": value.n,
        "start": value.span.start,
        "end": value.span.end,
        "speaker": value.speaker,
        "role": value.role,
        "prompt": value.prompt,
        "time": value.time,
        "case": whose.case_of(value),
    }


def _head(value: Source) -> Shape:
    return {
        "id": value.id,
        "name": value.name,
        "kind": value.kind,
        "case": value.case,
        "chars": len(value.text),
        "turns": len(value.turns),
    }


def source(value: Source, codings: int, statuses: Iterable[Status] = ()) -> Shape:
    """A row of `sources`: how many codings of all coders, and each coder's status; others' statuses are passed over."""
    states: dict[str, dict[str, str]] = {}
    for status in statuses:
        if status.source == value.id:
            states.setdefault(status.coder, {})[status.codebook] = status.state
    more = {"status": states, "file": value.file, "cases": list(value.cases)}
    return {**_head(value), "codings": codings, "revision": value.revision, **more}


def shown(value: Source, codings: Iterable[Coding]) -> Shape:
    """A source with its text, turns and codings (`show`)."""
    return {
        "id": value.id,
        "name": value.name,
        "text": value.text,
        "turns": [turn(each, value) for each in value.turns],
        "codings": [coding(each) for each in codings],
        "kind": value.kind,
        "case": value.case,
        "cases": list(value.cases),
        "revision": value.revision,
    }


def imported(done: Imported) -> Shape:
    """What `import` took in; a notice stands with the source of its file, or beside them where it is of several."""
    rows: list[Shape] = [
        {
            **_head(value),
            "speakers": list(value.speakers),
            "notices": [notice(each) for each in own],
            "cases": list(value.cases),
        }
        for value, own in done.sources
    ]
    return {
        "sources": rows,
        "cases": done.cases,
        "skipped": [notice(each) for each in done.skipped],
        "changed": [_head(value) for value in done.changed],
        "notices": [notice(each) for each in done.notices],
        "surveys": [_survey(each) for each in done.surveys],
        "codebooks": [
            {"name": book.name, "version": book.version, "title": book.title, "codes": len(book.codes)}
            for book in done.codebooks
        ],
        "codings": done.codings,
        "memos": done.memos,
        "missed": [notice(each) for each in done.missed],
    }


def _survey(value: Survey) -> Shape:
    columns = [
        {
            "n": one.at + 1,
            "name": one.name,
            "question": one.question,
            "role": one.role,
            "why": one.why,
            "filled": one.filled,
        }
        for one in value.columns
    ]
    return {"name": value.name, "file": value.file, "rows": value.rows, "columns": columns}


def case(value: Case) -> Shape:
    """A case; `sources` are names."""
    return {
        "name": value.name,
        "attributes": jsonable(value.attributes),
        "consent": value.consent,
        "sources": list(value.sources),
        "withdrawn": value.withdrawn,
        "id": value.id,
    }


def attribute(value: Attribute) -> Shape:
    """An attribute with the type of its values."""
    return {"name": value.name, "type": value.type, "n": value.n, "values": value.values}


def cue(value: Cue) -> str | Shape:
    """A cue as it is written in a codebook file: a phrase is a text, the others say what they are."""
    return value.text if value.kind == "phrase" else {value.kind: value.text}


def code(value: Code) -> Shape:
    """A code with its whole definition."""
    return {
        "id": value.id,
        "path": value.path,
        "label": value.label,
        "definition": value.definition,
        "include": list(value.include),
        "exclude": list(value.exclude),
        "examples": list(value.examples),
        "counterexamples": list(value.counterexamples),
        "cues": [cue(each) for each in value.cues],
        "speakers": list(value.speakers),
        "colour": value.colour,
        "key": value.key,
        "born": value.born,
    }


def codebooks(values: Iterable[Codebook]) -> Shape:
    """Codebooks and all their codes (`codebook show`)."""
    books = list(values)
    return {
        "codebooks": [{"name": book.name, "version": book.version, "title": book.title} for book in books],
        "codes": [code(each) for book in books for each in book.codes],
    }


def code_set(value: CodeSet) -> Shape:
    """A row of `codebook sets`."""
    return {"name": value.name, "codes": list(value.codes)}


def code_link(value: CodeLink) -> Shape:
    """A row of `codebook links`."""
    return {"from": value.origin, "kind": value.kind, "to": value.target}


def bundled(value: Codebook) -> Shape:
    """A row of `codebook bundled`."""
    return {"name": value.name, "title": value.title, "codes": len(value.codes), "version": value.version}


def coding(value: Coding) -> Shape:
    """A coding with its quotation, cut from the text here; `turn` is the number of the first turn it touches.

    An orphan keeps the words it was given, and has no place in the text as it is now.
    """
    text, span, at = value.source, value.span, value.segment.turn
    return {
        "id": value.id,
        "source": text.id,
        "source_name": text.name,
        "case": value.case,
        "start": None if value.anchor == "orphan" else span.start,
        "end": None if value.anchor == "orphan" else span.end,
        "quote": text.quote(span),
        "speaker": at.speaker if at else None,
        "turn": at.n if at and value.anchor != "orphan" else None,
        "code": value.code,
        "coder": value.coder,
        "round": value.round,
        "origin": value.origin,
        "anchor": value.anchor,
        "certainty": value.certainty,
        "at": value.at,
        "memo": value.memo,
    }


def suggestion(value: Suggestion) -> Shape:
    """A suggestion with its reason; `score` is a probability where `calibrated`."""
    text, span, at = value.segment.source, value.segment.span, value.segment.turn
    reason = value.reason
    return {
        "id": value.id,
        "source": text.id,
        "start": span.start,
        "end": span.end,
        "quote": text.quote(span),
        "code": value.code,
        "score": jsonable(value.score),
        "calibrated": value.calibrated,
        "suggester": value.suggester,
        "version": value.version,
        "reason": {"kind": reason.kind, "text": reason.text, "evidence": jsonable(reason.evidence)},
        "decision": value.decision,
        "source_name": text.name,
        "turn": at.n if at else None,
        "decided_by": value.decided_by,
    }


def memo(value: Memo) -> Shape:
    """A memo and what it is about."""
    about = value.about
    return {
        "id": value.id,
        "about": {
            "kind": about.kind,
            "name": about.name,
            "code": about.code,
            "start": about.span.start if about.span else None,
            "end": about.span.end if about.span else None,
        },
        "text": value.text,
        "coder": value.coder,
        "at": value.at,
    }


def measure(value: Measure) -> Shape:
    """One figure of agreement; `why_null` only where there is none."""
    row: Shape = {
        "code": value.code,
        "codebook": value.codebook,
        "measure": value.measure,
        "distance": value.distance,
        "value": jsonable(value.value),
        "ci": jsonable(value.ci),
        "ci_method": value.ci_method,
        "n": value.n,
        "counts": jsonable(value.counts),
        "flags": list(value.flags),
    }
    if value.why_null is not None:
        row["why_null"] = value.why_null
    return row


def agreement(value: Agreement) -> Shape:
    """Figures of agreement, one row a (code, codebook, measure, distance)."""
    return {
        "unit": value.unit,
        "scope": value.scope,
        "units": jsonable(value.units),
        "coders": list(value.coders),
        "measures": [measure(each) for each in value.measures],
        "pairs": jsonable(value.pairs),
        "sensitivity": jsonable(value.sensitivity),
        "panel": jsonable(value.panel),
        "groups": jsonable(value.groups),
        "notes": list(value.notes),
        "facts": jsonable(value.facts),
        "frozen": jsonable(value.frozen),
    }


def plan(rows: Iterable[Mapping[str, object]]) -> Shape:
    """How many units each code needs to be double-coded."""
    return {"significance": 0.05, "plan": [jsonable(row) for row in rows]}


def table(value: Table) -> Shape:
    """A table; a cell that prints as n/a is null."""
    return {
        "caption": value.caption,
        "unit": value.unit,
        "n": value.n,
        "columns": list(value.columns),
        "rows": jsonable(value.rows),
    }


QUOTED = (
    *("code", "label", "text", "attribution", "source", "case", "speaker"),
    *("turn", "start", "end", "coder", "origin", "memo"),
)


def quotations(value: Report) -> Shape:
    """The quotations of a report as columns and rows; `text` is called `quote`, as everywhere in JSON."""
    found = [block for block in value.blocks if hasattr(block, "attribution")]
    columns = ["quote" if name == "text" else name for name in QUOTED]
    return {"columns": columns if found else [], "rows": [[getattr(each, name) for name in QUOTED] for each in found]}


def report(value: Report) -> Shape:
    """A report by its first table; `tables` holds all of them when there are several."""
    tables = [table(each) for each in value.tables]
    first = tables[0] if tables else {"unit": "", "n": None, **quotations(value)}
    shape: Shape = {
        "title": value.title,
        "unit": value.unit or first["unit"],
        "n": value.n if value.n is not None else first["n"],
        "layer": value.layer,
        "columns": first["columns"],
        "rows": first["rows"],
        "notes": list(value.notes),
    }
    return {**shape, "tables": tables} if len(tables) > 1 else shape
