"""QualCoder's project (the file data.qda): texts, categories, codes, codings, annotations, cases, attributes, journal.

Its offsets are those of a text widget: code points as long as a text holds no emoji, UTF-16 units after one. Each
coding is compared with the words stored with it.
"""

from __future__ import annotations

from collections.abc import Iterator

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

_OWNED = ("owner", "date", "memo")
_MEDIA = (("code_image", "image"), ("code_av", "audio or video"))


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:  # noqa: ARG001 - every reader is called alike
    """Sources, one codebook, codings, memos and cases of the project. Raises InputError for a damaged one."""
    with opened(raw, name) as database:
        project = Foreign(name, "QualCoder", stem(name))
        _texts(database, project)
        _codes(database, project)
        _codings(database, project)
        _notes(database, project)
        _cases(database, project)
    if any(one.at for one in project.passages):
        project.say("times are kept as QualCoder wrote them, without a time zone, and shown as UTC")
    return bundle_of([project], name)


def _texts(database: Database, project: Foreign) -> None:
    """Sources with a text; pictures, sound and video are said. A memo of the whole project is one too."""
    for record in database.records("project", ("memo", "codername", "date")):
        if text(record["memo"]).strip():
            project.memos.append(ForeignMemo(text(record["memo"]), coder=_owner(text(record["codername"]))))
    for record in database.records("source", ("id", "name", "fulltext", "mediapath", *_OWNED)):
        key, name = str(number(record["id"])), text(record["name"])
        if not text(record["fulltext"]):
            kind = text(record["mediapath"]).strip("/").partition("/")[0] or "file"
            said = f"of kind {kind[:20]}" if kind.startswith(("images", "audio", "video")) else "without a text"
            project.miss(line(name), f"a file {said}, which is not taken over")
            continue
        project.sources.append(ForeignSource(key, name, cleaned(text(record["fulltext"]))))
        project.note(text(record["memo"]), "source", key, _owner(text(record["owner"])), text(record["date"]))


def _owner(name: str) -> str:
    """A coder's name; QualCoder's "default" is nobody's."""
    return "" if name.strip() == "default" else name


def _codes(database: Database, project: Foreign) -> None:
    """Categories are codes above the others; a code's memo is its definition, as QualCoder itself exports it."""
    for record in database.records("code_cat", ("catid", "name", "memo", "supercatid")):
        above = number(record["supercatid"])
        key = None if above is None else f"category {above}"
        mine = f"category {number(record['catid'])}"
        project.codes.append(
            ForeignCode(mine, text(record["name"]), None if key == mine else key, text(record["memo"]))
        )
    for record in database.records("code_name", ("cid", "name", "memo", "catid", "color")):
        above = number(record["catid"])
        key = None if above is None else f"category {above}"
        mine, colour = f"code {number(record['cid'])}", text(record["color"])
        project.codes.append(ForeignCode(mine, text(record["name"]), key, text(record["memo"]), colour))


def _codings(database: Database, project: Foreign) -> None:
    columns = ("ctid", "cid", "fid", "seltext", "pos0", "pos1", *_OWNED)
    for record in database.records("code_text", columns):
        where, selection = f"coding {number(record['ctid'])}", _selection(record)
        if selection is None:
            project.miss(where, "its offsets are no numbers")
            continue
        codes = (f"code {number(record['cid'])}",)
        owner, at = _owner(text(record["owner"])), moment(text(record["date"]))
        project.passages.append(Passage(where, selection, codes, owner, at, text(record["memo"])))
    for table, what in _MEDIA:
        n = sum(1 for _ in database.records(table, ("id",)))
        if n:
            project.miss(table, f"{n} codings of {what} files, which are not taken over")


def _selection(record: Record) -> Selection | None:
    start, end = number(record["pos0"]), number(record["pos1"])
    if start is None or end is None:
        return None
    return Selection(str(number(record["fid"])), start, end, text(record["seltext"]) or None)


def _notes(database: Database, project: Foreign) -> None:
    """Annotations are memos on passages, journal entries memos on the project."""
    for record in database.records("annotation", ("anid", "fid", "pos0", "pos1", "seltext", *_OWNED)):
        selection = _selection(record)
        if selection and text(record["memo"]).strip():
            owner, at = _owner(text(record["owner"])), moment(text(record["date"]))
            memo = ForeignMemo(text(record["memo"]), "segment", "", owner, at, selection)
            project.memos.append(memo)
    for record in database.records("journal", ("name", "jentry", "owner", "date")):
        entry = f"{line(text(record['name']))}\n\n{text(record['jentry'])}".strip()
        if entry:
            owner, at = _owner(text(record["owner"])), moment(text(record["date"]))
            project.memos.append(ForeignMemo(entry, coder=owner, at=at))


def _cases(database: Database, project: Foreign) -> None:
    """Cases with attributes and texts; those of a file go to the case whose text it is, else to one of its name."""
    numeric = {
        text(record["name"])
        for record in database.records("attribute_type", ("name", "valuetype"))
        if text(record["valuetype"]) == "numeric"
    }
    values: dict[tuple[str, str], dict[str, Value]] = {}
    for record in database.records("attribute", ("name", "attr_type", "value", "id")):
        kind, key, name = text(record["attr_type"]), str(number(record["id"])), text(record["name"])
        if text(record["value"]).strip():
            values.setdefault((kind, key), {})[name] = _value(text(record["value"]), name in numeric)
    texts = dict(_texts_of(database, project))
    whole = {key: owner for owner, keys in texts.items() for key in keys}
    for record in database.records("cases", ("caseid", "name", *_OWNED)):
        key = str(number(record["caseid"]))
        attributes = dict(values.get(("case", key), {}))
        for source in texts.get(key, ()):
            attributes = {**values.get(("file", source), {}), **attributes}
        project.cases.append(ForeignCase(key, text(record["name"]), attributes, tuple(texts.get(key, ()))))
        project.note(text(record["memo"]), "case", key, _owner(text(record["owner"])), text(record["date"]))
    for one in list(project.sources):
        if ("file", one.key) in values and one.key not in whole:
            name = stem(one.name) if "." in one.name else one.name
            project.cases.append(ForeignCase(f"file {one.key}", name, values["file", one.key], (one.key,)))


def _texts_of(database: Database, project: Foreign) -> Iterator[tuple[str, list[str]]]:
    """By case: the sources that are its text as a whole; a part of a text belongs to no case here, and is said."""
    sizes = {one.key: len(one.raw.text) for one in project.sources}
    found: dict[str, list[str]] = {}
    parts = 0
    for record in database.records("case_text", ("caseid", "fid", "pos0", "pos1")):
        case, source = str(number(record["caseid"])), str(number(record["fid"]))
        start, end = number(record["pos0"]) or 0, number(record["pos1"]) or 0
        if start <= 0 and (end == 0 or end >= sizes.get(source, 0) - 1):
            found.setdefault(case, []).append(source)
        else:
            parts += 1
    if parts:
        project.say(f"{parts} parts of texts are linked to cases; only whole texts are, here", "warning")
    yield from found.items()


def _value(said: str, numeric: bool) -> Value:
    if not numeric:
        return line(said)
    try:
        value = float(said)
    except ValueError:
        return line(said)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value if abs(value) < 1e300 else line(said)
