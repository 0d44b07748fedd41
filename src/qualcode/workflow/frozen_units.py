"""Units fixed beforehand: cut once, kept in the log under a name, and the same for everybody who codes or measures.

They are spans of the texts as they were. Where a text was corrected since they are carried to the present one; a unit
whose place there is doubtful or gone, or that would lie over another, is left out and counted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from qualcode import codebook as codebooks
from qualcode import locating, readers, segmentation, tables
from qualcode.agreement import Request
from qualcode.errors import InputError, QualcodeError, UsageError, nearest
from qualcode.model import CONSENSUS, FROZEN, Bundle, Segment, Source, Span
from qualcode.store import Project, Record

CUT = ("sentence", "paragraph", "turn")


@dataclass(frozen=True, slots=True)
class FrozenUnits:
    """Units by source id, in order and disjoint, in the present texts. `cut` says what they were made from.

    `lost` counts units that a correction of their text left without a certain place.
    """

    key: str
    name: str
    cut: str
    by: str | None
    at: str
    spans: Mapping[str, tuple[Span, ...]]
    lost: int

    @property
    def count(self) -> int:
        """How many units there are."""
        return sum(map(len, self.spans.values()))


def freeze(
    project: Project,
    name: str,
    *,
    coder: str | None,
    unit: str | None = None,
    coded_by: str | None = None,
    codes: Sequence[str] = (),
    file: Path | None = None,
    sources: Sequence[str] = (),
) -> FrozenUnits:
    """Fix units: the program's own `unit`, the passages a coder marked (with some codes), or the rows of a table.

    A table has the columns source and either start and end (code points) or quote. Raises UsageError for a name in
    use, for nothing to fix and for units that overlap, and InputError naming the line of a table.
    """
    if sum(each is not None for each in (unit, coded_by, file)) != 1:
        raise UsageError("what are the units?", "give one of --unit, --coded-by and --file")
    if codes and coded_by is None:
        raise UsageError("--code goes with --coded-by", "name whose passages are meant")
    clean = _name(name, [each.name for each in all_frozen(project)])
    chosen = {project.source_id(word) for word in sources} or None
    texts = {source.id: source for source in project.sources(chosen)}
    if file is not None:
        found, cut = _of_table(project, file, texts), f"from {file.name}"
    elif coded_by is not None:
        found, cut = _of_coder(project, coded_by, codes, texts), _passages(coded_by)
    else:
        found, cut = _of_program(str(unit), texts.values()), str(unit)
    spans = {key: _disjoint(texts[key], kept) for key, kept in found.items() if kept}
    if not spans:
        raise UsageError("there is nothing to fix", "import texts, code the passages, or name other sources")
    key = uuid.uuid4().hex
    with project.act("units freeze", coder) as act:
        text_of = project.text_ids()
        places = {s: {"text": text_of[s], "spans": [[x.start, x.end] for x in kept]} for s, kept in spans.items()}
        act.record("units", key, {"name": clean, "cut": cut, "places": places})
    return next(each for each in all_frozen(project) if each.key == key)


def _name(name: str, taken: Sequence[str]) -> str:
    clean = " ".join(name.split())
    if not clean or "," in clean or len(clean) > 80:
        raise UsageError("that is no name for units", "give a short name without commas")
    if clean in taken:
        raise UsageError(f'there are units called "{clean}" already', "choose another name; frozen units stay")
    return clean


def _of_program(unit: str, texts: Iterable[Source]) -> dict[str, list[Span]]:
    if unit not in CUT:
        near = nearest(unit, CUT)
        raise UsageError(f'no unit "{unit}"', f'did you mean "{near}"?' if near else f"choose {', '.join(CUT)}")
    wanted = next(known for known in segmentation.UNITS if known == unit)
    return {source.id: [segment.span for segment in segmentation.cut(source, wanted)] for source in texts}


def _of_coder(project: Project, coder: str, codes: Sequence[str], texts: Mapping[str, Source]) -> dict[str, list[Span]]:
    """The passages of one coder, once each, whatever they were coded with."""
    people = project.coders()
    if coder not in people:
        near = nearest(coder, people)
        raise UsageError(f'"{coder}" has coded nothing here', f'did you mean "{near}"?' if near else "see `sources`")
    every = project.codes(retired=True)
    stems = [codebooks.lookup(every, word.removesuffix("/*")).path for word in codes]
    found: dict[str, list[Span]] = {}
    for coding in project.codings(sources=set(texts), coders=(coder,)):
        below = any(coding.code == stem or coding.code.startswith(f"{stem}/") for stem in stems)
        if coding.anchor != "orphan" and (below or not stems):
            found.setdefault(coding.segment.source.id, []).append(coding.span)
    return found


def _of_table(project: Project, file: Path, texts: Mapping[str, Source]) -> dict[str, list[Span]]:
    table = tables.read_table(readers.contents(file), file.name, header_rows=1)
    names = [" ".join(name.split()).casefold() for name in table.header]
    at = {name: names.index(name) for name in ("source", "start", "end", "quote") if name in names}
    if "source" not in at or not ({"start", "end"} <= set(at) or "quote" in at):
        raise InputError(
            "the table does not say where units are", "it needs columns source, start, end or source, quote"
        )
    found: dict[str, list[Span]] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        cells: dict[str, str] = {name: row[column].strip() for name, column in at.items()}
        try:
            key = project.source_id(cells["source"])
            if key in texts:
                found.setdefault(key, []).append(_span(texts[key], cells))
        except QualcodeError as error:
            raise InputError(f"line {line}: {error.what}", error.way_out) from error
    return found


def _span(source: Source, cells: dict[str, str]) -> Span:
    """The place a row names. Raises UsageError."""
    if not cells.get("start") and cells.get("quote"):
        return locating.locate(source, cells["quote"]).span
    start, end = cells.get("start", ""), cells.get("end", "")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(source.text)):
        raise UsageError(f"start and end are no place in {source.name}", f"it has {len(source.text)} code points")
    return Span(int(start), int(end))


def _disjoint(source: Source, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, each once. Raises UsageError where two overlap."""
    kept = sorted(set(spans))
    for one, other in pairwise(kept):
        if other.start < one.end:
            raise UsageError(
                f"two units overlap in {source.name}, from {other.start} to {min(one.end, other.end)}",
                "units must lie apart; with --coded-by, choose the passages by --code",
            )
    return tuple(kept)


def all_frozen(project: Project) -> tuple[FrozenUnits, ...]:
    """Every set of frozen units that was not undone, oldest first, carried to the present texts."""
    return tuple(_present(project, record) for record in project.records("units"))


def _present(project: Project, record: Record) -> FrozenUnits:
    body: Mapping[str, Any] = record.body
    there, spans, lost = project.source_names(), {}, 0
    for source, place in body["places"].items():
        if source in there:
            kept, gone = _carried(project, source, place["text"], [Span(*pair) for pair in place["spans"]])
            spans[source], lost = kept, lost + gone
    return FrozenUnits(record.key, str(body["name"]), str(body["cut"]), record.coder, record.at, spans, lost)


def _carried(project: Project, source: str, text: str, spans: Sequence[Span]) -> tuple[tuple[Span, ...], int]:
    """The units with a certain place of their own in the present text, and how many have none."""
    kept: list[Span] = []
    for placed in sorted(project.carried(source, text, spans), key=lambda placed: placed.start):
        if placed.anchor in ("exact", "edited") and (not kept or placed.start >= kept[-1].end):
            kept.append(Span(placed.start, placed.end))
    return tuple(kept), len(spans) - len(kept)


def named(project: Project, word: str) -> FrozenUnits:
    """The units of this name, or whose id begins so. Raises UsageError for none and for several."""
    every = all_frozen(project)
    fitting = [each for each in every if each.name == word] or [each for each in every if each.key.startswith(word)]
    if len(fitting) == 1 and word:
        return fitting[0]
    if len(fitting) > 1 and word:
        ids = " or ".join(each.key[:8] for each in fitting)
        raise UsageError(f'{len(fitting)} sets of units are called "{word}"', f"name one by its id: {ids}")
    near = nearest(word, [each.name for each in every])
    raise UsageError(f'no frozen units "{word}"', f'did you mean "{near}"?' if near else "see `qualcode units`")


def segments(units: FrozenUnits, source: Source) -> list[Segment]:
    """The units of a source."""
    return [Segment(source, span) for span in units.spans.get(source.id, ())]


def applied(project: Project, bundle: Bundle, request: Request) -> tuple[Bundle, tuple[str, ...]]:
    """The bundle without sources that hold none of the frozen units a request is for, and what that means."""
    if request.unit is None or not request.unit.startswith(FROZEN):
        return bundle, ()
    units = named(project, request.unit.removeprefix(FROZEN))
    kept = tuple(source for source in bundle.sources if units.spans.get(source.id))
    ids = {source.id for source in kept}
    codings = tuple(coding for coding in bundle.codings if coding.segment.source.id in ids)
    statuses = tuple(status for status in bundle.statuses if status.source in ids)
    people = [c for c in codings if c.coder != CONSENSUS and (not request.coders or c.coder in request.coders)]
    earlier = sum(c.at is not None and c.at < units.at for c in people if units.cut != _passages(c.coder))
    told = tuple(_told(units, len(bundle.sources) - len(kept), earlier))
    return replace(bundle, sources=kept, codings=codings, statuses=statuses), told


def _passages(coder: str) -> str:
    """What units are made from that are a coder's passages."""
    return f"passages of {coder}"


def _told(units: FrozenUnits, left_out: int, earlier: int) -> Iterator[str]:
    said = f" by {units.by}" if units.by else ""
    n = sum(1 for spans in units.spans.values() if spans)
    yield f'Units frozen {units.at[:10]}{said} as "{units.name}" ({units.cut}): {units.count} in {n} sources.'
    if left_out:
        yield f"{left_out} sources hold none of these units and are left out."
    if units.lost:
        yield f"{units.lost} of these units have no certain place since their text was corrected, and are left out."
    if earlier:
        yield f"{earlier} of the coders' codings there were made before the units were frozen."
