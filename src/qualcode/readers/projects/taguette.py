"""Taguette's database (.sqlite3): documents, tags and highlights; each project in it has a codebook of its own.

Offsets are UTF-8 bytes into the text nodes of the stored HTML, run together. A highlight does not name its coder; the
log of commands does, where it goes back that far, else the project's only member is taken.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from qualcode.model import Bundle
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects.assembly import bundle_of
from qualcode.readers.projects.database import Database, Record, number, opened, text
from qualcode.readers.projects.markup import paragraphs, parted, text_of
from qualcode.readers.projects.offsets import Convention, RawText, Ruler, Selection, cleaned
from qualcode.readers.projects.terms import Foreign, ForeignCode, ForeignMemo, ForeignSource, Passage, moment

_BYTES = Convention("UTF-8 bytes")


@dataclass(frozen=True)
class _Document:
    """A document's text as Taguette counts it, the stored text, and where line ends were put in."""

    ruler: Ruler
    stored: RawText
    put: tuple[int, ...]

    def index(self, offset: int, *, end: bool) -> int | None:
        """The code-point offset in the stored text; an end stays before a line end that was put in there."""
        at = self.ruler.index(offset)
        if at is None:
            return None
        return at + (bisect_left if end else bisect_right)(self.put, at)


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:  # noqa: ARG001 - every reader is called alike
    """Sources, codebooks and codings of all projects in the database. Raises InputError for a damaged one."""
    with opened(raw, name) as database:
        found = list(database.records("projects", ("id", "name", "description")))
        projects = [_project(database, record) for record in found]
    return bundle_of(projects, name)


def _project(database: Database, record: Record) -> Foreign:
    key = number(record["id"])
    project = Foreign(database.name, "Taguette", text(record["name"]), convention=Convention())
    members = [text(r["user_login"]) for r in database.records("project_members", ("project_id", "user_login"))
               if number(r["project_id"]) == key]  # fmt: skip
    project.coders = members
    alone = members[0] if len(members) == 1 else ""
    if text(record["description"]).strip():
        project.memos.append(ForeignMemo(text(record["description"]), coder=alone))
    documents = _documents(database, project, key, alone)
    for tag in database.records("tags", ("id", "project_id", "path", "description")):
        if number(tag["project_id"]) == key:
            project.codes.append(ForeignCode(str(number(tag["id"])), text(tag["path"]), None, text(tag["description"])))
    _highlights(database, project, documents, _who(database, key), alone)
    return project


def _documents(database: Database, project: Foreign, key: int | None, coder: str) -> dict[str, _Document]:
    made = {}
    columns = ("id", "project_id", "name", "description", "contents")
    parted_in = 0
    for record in database.records("documents", columns):
        if number(record["project_id"]) != key:
            continue
        mine = str(number(record["id"]))
        counted, breaks = text_of(text(record["contents"]).replace("\r\n", "\n").replace("\r", "\n"))
        shown, put = parted(counted, breaks)
        stored = cleaned(shown)
        parted_in += len(put)
        lead = RawText(counted)
        made[mine] = _Document(Ruler(lead, _BYTES), stored, put)
        project.sources.append(ForeignSource(mine, text(record["name"]), stored))
        if text(record["description"]).strip():
            project.memos.append(ForeignMemo(text(record["description"]), "source", mine, coder))
    if parted_in:
        project.say(f"{parted_in} line ends were put in where paragraphs would have run into each other")
    return made


def _who(database: Database, key: int | None) -> dict[int, tuple[str, str | None]]:
    """By highlight: who made it and when, as the newest of its additions in the log of commands says."""
    found: dict[int, tuple[str, str | None]] = {}
    for record in database.records("commands", ("project_id", "user_login", "date", "payload")):
        said = text(record["payload"])
        if number(record["project_id"]) != key or '"highlight_add"' not in said:
            continue
        try:
            payload = json.loads(said)
        except (ValueError, RecursionError):
            continue
        if isinstance(payload, dict) and isinstance(mark := payload.get("highlight_id"), int):
            found[mark] = (text(record["user_login"]), moment(text(record["date"])))
    return found


def _highlights(
    database: Database,
    project: Foreign,
    documents: Mapping[str, _Document],
    who: Mapping[int, tuple[str, str | None]],
    alone: str,
) -> None:
    tags: dict[int | None, list[str]] = {}
    for record in database.records("highlight_tags", ("highlight_id", "tag_id")):
        tags.setdefault(number(record["highlight_id"]), []).append(str(number(record["tag_id"])))
    known = {code.key for code in project.codes}
    compared: Counter[str] = Counter()
    for record in database.records("highlights", ("id", "document_id", "start_offset", "end_offset", "snippet")):
        mine, key = str(number(record["document_id"])), number(record["id"])
        if mine not in documents:
            continue
        where = f"highlight {key}"
        start, end = number(record["start_offset"]), number(record["end_offset"])
        document = documents[mine]
        first = document.index(start, end=False) if start is not None else None
        last = document.index(end, end=True) if end is not None else None
        if first is None or last is None or start == end:
            project.miss(where, "its offsets lie outside the text")
            continue
        coder, at = who.get(key, (alone, None)) if key is not None else (alone, None)
        lead = document.stored.marks
        selection = Selection(mine, max(first - lead, 0), max(last - lead, 0), paragraphs(text(record["snippet"])))
        codes = tuple(tag for tag in dict.fromkeys(tags.get(key, ())) if tag in known)
        project.passages.append(Passage(where, selection, codes, coder, at))
        compared["n"] += 1
    if compared["n"]:
        project.say(
            f"offsets count UTF-8 bytes of the text in the stored HTML; {compared['n']} highlights, each compared with "
            "the words stored with it"
        )
