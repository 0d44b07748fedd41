"""Agreement: everyone's codings and statuses → figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qualcode import codebook as codebooks
from qualcode import segmentation
from qualcode.agreement import Request, measure
from qualcode.errors import UsageError, nearest
from qualcode.model import Agreement, Code, Segment, Source
from qualcode.store import Project
from qualcode.workflow import retrieving


def agreement(project: Project, request: Request, *, sources: Sequence[str] = ()) -> Agreement:
    """Measure how far coders agree. Raises UsageError for unknown coders or codes."""
    ids = {project.source_id(word) for word in sources} or None
    bundle, told = retrieving.in_place(project.retrieve(sources=ids))
    people = project.coders()
    for name in request.coders:
        if name not in people:
            near = nearest(name, people)
            raise UsageError(f'"{name}" has coded nothing here', f'did you mean "{near}"?' if near else "see `sources`")
    every = project.codes(retired=True)
    books = {book.name for book in bundle.codebooks}
    wanted = tuple(_path(word, every, books) for word in request.codes)
    found = measure(bundle, cut=_cut, request=replace(request, codes=wanted))
    return replace(found, notes=(*found.notes, *told))


def _path(word: str, every: Sequence[Code], books: set[str]) -> str:
    """A code's full path; a codebook's name and ``…/*`` stay as they are."""
    bare = word.removesuffix("/*")
    if bare in books:
        return bare
    path = codebooks.lookup(every, bare).path
    return f"{path}/*" if word.endswith("/*") else path


def _cut(source: Source, unit: str) -> Sequence[Segment]:
    return segmentation.cut(source, next(known for known in segmentation.UNITS if known == unit))


def falls_under(found: Agreement, floor: float) -> bool:
    """Whether an overall set-valued alpha (MASI) is below `floor`, or none could be computed."""
    overall = [m for m in found.measures if m.measure == "alpha_set" and m.code is None and m.distance == "masi"]
    values = [m.value for m in overall if m.value is not None]
    return not values or min(values) < floor
