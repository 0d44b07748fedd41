"""RQDA's project (.rqda, SQLite): texts, codes and their categories, codings with owners, memos, cases, attributes.

A code in several categories stands under the first; offsets are characters from 0. Rows whose status is 0 were deleted
there and stay so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qualcode.model import Bundle, Value
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects.assembly import bundle_of
from qualcode.readers.projects.database import Database, Record, number, opened, text
from qualcode.readers.projects.offsets import Selection, cleaned
from qualcode.readers.projects.terms import (
    Foreign,
    ForeignCase,
    ForeignCode,
    ForeignMemo,
    ForeignSource,
    Passage,
    line,
    moment,
)
from qualcode.readers.sources import stem


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:  # noqa: ARG001 - every reader is called alike
    """Sources, one codebook, codings, memos and cases of the project. Raises InputError for a damaged one."""
    with opened(raw, name) as database:
        project = Foreign(name, "RQDA", stem(name))
        _texts(database, project)
        _codes(database, project)
        _codings(database, project)
        _cases(database, project)
        _notes(database, project)
    if any(one.at for one in project.passages):
        project.say("times are kept as RQDA wrote them, without a time zone, and shown as UTC")
    return bundle_of([project], name)


def _live(database: Database, table: str, columns: Sequence[str]) -> Iterator[Record]:
    """Rows that were not deleted; tables without a status keep all."""
    for record in database.records(table, (*columns, "status")):
        if record["status"] is None or number(record["status"]) != 0:
            yield record


def _texts(database: Database, project: Foreign) -> None:
    for record in _live(database, "source", ("id", "name", "file", "memo", "owner", "date")):
        key = str(number(record["id"]))
        project.sources.append(ForeignSource(key, text(record["name"]), cleaned(text(record["file"]))))
        project.note(text(record["memo"]), "source", key, text(record["owner"]), text(record["date"]))
    images = sum(1 for _ in _live(database, "image", ("id",)))
    if images:
        project.miss("image", f"{images} images, which are not taken over")


def _codes(database: Database, project: Foreign) -> None:
    """Categories above codes; a memo on either is its definition."""
    above: dict[int | None, list[int | None]] = {}
    for record in _live(database, "treecode", ("cid", "catid")):
        above.setdefault(number(record["cid"]), []).append(number(record["catid"]))
    for record in _live(database, "codecat", ("name", "catid", "memo")):
        project.codes.append(
            ForeignCode(f"category {number(record['catid'])}", text(record["name"]), None, text(record["memo"]))
        )
    several = 0
    for record in _live(database, "freecode", ("id", "name", "memo", "color")):
        key = number(record["id"])
        categories = above.get(key, [])
        several += len(set(categories)) > 1
        parent = f"category {categories[0]}" if categories else None
        name, definition, colour = text(record["name"]), text(record["memo"]), text(record["color"])
        project.codes.append(ForeignCode(f"code {key}", name, parent, definition, colour))
    if several:
        project.say(f"{several} codes belong to several categories; each stands under the first one", "warning")


def _codings(database: Database, project: Foreign) -> None:
    columns = ("cid", "fid", "seltext", "selfirst", "selend", "owner", "date", "memo")
    for n, record in enumerate(_live(database, "coding", columns), 1):
        start, end = number(record["selfirst"]), number(record["selend"])
        if start is None or end is None:
            project.miss(f"coding {n}", "its offsets are no numbers")
            continue
        selection = Selection(str(number(record["fid"])), start, end, text(record["seltext"]) or None)
        owner, at = text(record["owner"]), moment(text(record["date"]))
        codes = (f"code {number(record['cid'])}",)
        project.passages.append(Passage(f"coding {n}", selection, codes, owner, at, text(record["memo"])))
    second = sum(1 for _ in _live(database, "coding2", ("cid",)))
    if second:
        project.miss("coding2", f"{second} codings of RQDA's second round, which names no round to compare with")
    pictures = sum(1 for _ in _live(database, "imageCoding", ("cid",)))
    if pictures:
        project.miss("imageCoding", f"{pictures} codings of images, which are not taken over")


def _cases(database: Database, project: Foreign) -> None:
    """Cases with their attributes and whole texts; a file's attributes go to its case, else to one of its name."""
    values: dict[tuple[str, str], dict[str, Value]] = {}
    for table, kind, column in (("caseAttr", "case", "caseID"), ("fileAttr", "file", "fileID")):
        for record in _live_values(database, table, column):
            owner = (kind, str(number(record[column])))
            values.setdefault(owner, {})[text(record["variable"])] = line(text(record["value"]))
    texts: dict[str, list[str]] = {}
    sizes = {one.key: len(one.raw.text) for one in project.sources}
    parts = 0
    for record in _live(database, "caselinkage", ("caseid", "fid", "selfirst", "selend")):
        source, start, end = str(number(record["fid"])), number(record["selfirst"]), number(record["selend"])
        if start in (None, 0) and (end is None or end >= sizes.get(source, 0) - 1):
            texts.setdefault(str(number(record["caseid"])), []).append(source)
        else:
            parts += 1
    if parts:
        project.say(f"{parts} parts of texts are linked to cases; only whole texts are, here", "warning")
    for record in _live(database, "cases", ("id", "name", "memo", "owner", "date")):
        key = str(number(record["id"]))
        attributes = dict(values.get(("case", key), {}))
        for source in texts.get(key, ()):
            attributes = {**values.get(("file", source), {}), **attributes}
        project.cases.append(ForeignCase(key, text(record["name"]), attributes, tuple(texts.get(key, ()))))
        project.note(text(record["memo"]), "case", key, text(record["owner"]), text(record["date"]))
    linked = {source for sources in texts.values() for source in sources}
    for one in project.sources:
        if ("file", one.key) in values and one.key not in linked:
            case = ForeignCase(f"file {one.key}", one.name, values["file", one.key], (one.key,))
            project.cases.append(case)


def _live_values(database: Database, table: str, column: str) -> Iterator[Record]:
    """Attribute rows with a value; RQDA leaves their status 0, whatever it means elsewhere."""
    for record in database.records(table, ("variable", "value", column)):
        if text(record["value"]).strip() and text(record["variable"]).strip():
            yield record


def _notes(database: Database, project: Foreign) -> None:
    """Annotations, which mark a point of a text, are memos on it; journal and project memo, on the project."""
    sizes = {one.key: len(one.raw.text) for one in project.sources}
    for record in _live(database, "annotation", ("fid", "position", "annotation", "owner", "date")):
        key, at = str(number(record["fid"])), number(record["position"])
        owner, when = text(record["owner"]), moment(text(record["date"]))
        note = text(record["annotation"])
        if at is not None and 0 <= at < sizes.get(key, 0):
            project.memos.append(ForeignMemo(note, "source", key, owner, when))
        elif note.strip():
            project.memos.append(ForeignMemo(note, coder=owner, at=when))
    for record in _live(database, "journal", ("name", "journal", "owner", "date")):
        entry = f"{line(text(record['name']))}\n\n{text(record['journal'])}".strip()
        if entry:
            project.memos.append(ForeignMemo(entry, "project", "", text(record["owner"]), moment(text(record["date"]))))
    for record in database.records("project", ("memo",)):
        if text(record["memo"]).strip():
            project.memos.append(ForeignMemo(text(record["memo"])))
