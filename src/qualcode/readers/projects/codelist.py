"""Tables of codes (.csv, .tsv, .xlsx): a code a row, with its definition, as Taguette exports its codebook."""

from __future__ import annotations

import re

from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects import maxqda
from qualcode.readers.projects.assembly import bundle_of
from qualcode.readers.projects.database import MAGIC
from qualcode.readers.projects.segments import Columns, coded_columns
from qualcode.readers.projects.terms import Foreign, ForeignCode, line
from qualcode.readers.sources import stem
from qualcode.tables import CellTable, read_table

_CODE = re.compile(r"codes?|code ?name|tags?|name|label|category")
_DEFINITION = re.compile(r"definition|description|meaning|memo|comment|explanation")
_PARENT = re.compile(r"parent(?: ?code)?|above|category|group")
_BELOW = re.compile(r"\\|::|\s*>\s*")
_COLOUR = re.compile(r"colou?r")


def is_codelist(table: CellTable) -> bool:
    """Whether a table is Taguette's codebook; other lists of codes are read when they are called so."""
    names = [" ".join(name.split()).casefold() for name in table.header]
    return names[:3] == ["tag", "description", "number of highlights"]


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One codebook, called like the file; of a table of coded passages or a file of MAXQDA, the codes in it.

    Raises InputError for a table without a column of codes.
    """
    if raw.startswith(MAGIC):
        return maxqda.codebook(raw, name)
    table = read_table(raw, name, encoding=options.encoding)
    names = [" ".join(title.split()).casefold() for title in table.header]

    def at(pattern: re.Pattern[str], *without: int | None) -> int | None:
        return next((i for i, title in enumerate(names) if pattern.fullmatch(title) and i not in without), None)

    passages = coded_columns(table)
    if passages is not None:
        return _of_passages(table, passages, name)
    code = at(_CODE)
    if code is None:
        raise InputError(f"{name} has no column of codes", "call it `code`, and that of what they mean `definition`")
    definition, parent, colour = at(_DEFINITION, code), at(_PARENT, code), at(_COLOUR, code)
    project = Foreign(name, "Taguette" if is_codelist(table) else "table", stem(name))
    project.notices += table.notices
    seen: set[str] = set()
    for row in table.rows:
        above = line(row[parent]) if parent is not None else ""
        said = row[definition] if definition is not None else ""
        painted = row[colour] if colour is not None else None
        for label in filter(None, map(line, re.split(r"[\n;|]", row[code]))):
            if label not in seen:
                seen.add(label)
                project.codes.append(ForeignCode(label, label, above or None, said, painted))
    return bundle_of([project], name)


def _of_passages(table: CellTable, columns: Columns, name: str) -> Bundle:
    """The codes of a table of coded passages; ``Family\\Aunt`` and ``Family > Aunt`` are a code and one under it.

    A row is a passage: what else it says is not about the code.
    """
    project = Foreign(name, "table", stem(name))
    project.notices += table.notices
    cells = [row[columns.codes] for row in table.rows] if columns.codes is not None else []
    labels = [line(label) for cell in cells for label in re.split(r"[\n;|]", cell)]
    seen: set[tuple[str, ...]] = set()
    for label in filter(None, [*labels, *(line(one) for _, one in columns.applied)]):
        path = tuple(part for part in map(str.strip, _BELOW.split(label)) if part) or (label,)
        for n in range(1, len(path) + 1):
            if path[:n] not in seen:
                seen.add(path[:n])
                above = "\\".join(path[: n - 1]) or None
                project.codes.append(ForeignCode("\\".join(path[:n]), path[n - 1], above))
    return bundle_of([project], name)
