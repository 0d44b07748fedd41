"""Projects, codebooks and coded tables of other programs, each as a `Bundle`; one module a program or standard.

================  =================================================================================================
`offsets`         what a program's offsets count, found out by where selections begin and end
`terms`           sources, codes, passages, memos and cases in another program's own terms
`assembly`        these → `Bundle`, with everything that was decided said
`database`        a stranger's SQLite file, read without running anything in it
`markup`          HTML to its text, as Taguette counts it
`refi`            REFI-QDA projects (.qdpx); `refi_codes` their codebooks (.qdc)
`taguette`        Taguette databases; `taguette_page` its exported highlights as HTML
`qualcoder`       QualCoder projects
`rqda`            RQDA projects
`maxqda`          codings in MAXQDA's files where they are SQLite
`segments`        tables of coded segments; `codelist` tables of codes
================  =================================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InputError, UnknownFormat
from qualcode.escaping import typed

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.readers.options import ReadOptions

_TABLES = {
    "taguette": {"documents", "highlights", "tags"},
    "qualcoder": {"source", "code_name", "code_text"},
    "rqda": {"source", "freecode", "coding"},
    "maxqda": {"Codings", "Codewords", "Texts"},
}
_REFI = "let the program export a REFI-QDA project (.qdpx), which is read with its texts, codes and codings"
# Formats that are not published; what to do instead, by the beginning of the ending.
_CLOSED = (
    ((".mx", ".mex", ".mtr"), "a MAXQDA file", f"in MAXQDA: {_REFI}"),
    ((".nvp", ".nvpx", ".nvcx"), "an NVivo project", f"in NVivo: {_REFI}"),
    ((".atlproj", ".atlcb", ".hpr"), "an ATLAS.ti project", f"in ATLAS.ti: {_REFI}"),
    ((".qdp", ".ppj", ".wpj"), "a QDA Miner project", f"in QDA Miner: {_REFI}"),
    ((".f4p", ".f4a"), "an f4analyse project", f"in f4analyse: {_REFI}"),
)
_OURS = {"act", "event", "coding"}
_HEAD = 1 << 18  # bytes of a delimited file in which its header stands


def closed_format(suffix: str) -> tuple[str, str] | None:
    """What a file of this ending is and what to do instead, for formats of other programs that are not published."""
    low = suffix.lower()
    for endings, what, way_out in _CLOSED:
        if any(low == ending or (low.startswith(ending) and low[len(ending) :].isdigit()) for ending in endings):
            return what, way_out
    return None


def database_format(raw: bytes, name: str) -> str:
    """The name of the reader for an SQLite file, by its tables. Raises UnknownFormat for another program's."""
    from qualcode.readers.projects.database import opened

    try:
        with opened(raw, name) as found:
            tables = set(found.tables)
    except InputError as error:
        raise UnknownFormat(f"{name} is a damaged database", error.way_out) from error
    for reader, wanted in _TABLES.items():
        if wanted <= tables:
            return reader
    if tables >= _OURS:
        raise UnknownFormat(f"{name} is a project of qualcode", f"take it in with `qualcode merge {typed(name)}`")
    raise UnknownFormat(
        f"{name} is a database, but of none of the programs that are read: Taguette, QualCoder, RQDA, MAXQDA", _REFI
    )


def refuse_open_database(raw: bytes, path: Path) -> None:
    """Raise InputError for an SQLite file whose newest rows are still in a file beside it: they would be lost."""
    if not raw.startswith(b"SQLite format 3\0"):
        return
    for ending, begins in (("-wal", b"7\x7f\x06"), ("-journal", b"\xd9\xd5\x05\xf9")):
        beside = path.with_name(path.name + ending)
        if beside.is_file():
            with beside.open("rb") as file:
                if file.read(8).startswith(begins):
                    raise InputError(
                        f"{path.name} is open in another program, or was left so ({beside.name} lies beside it)",
                        "open and close it there, then import it again",
                    )


def is_highlights(raw: bytes) -> bool:
    """Whether a page is one of highlights that Taguette exported."""
    from qualcode.readers.projects import taguette_page

    return taguette_page.is_page(raw)


def _head(raw: bytes) -> bytes:
    """Enough of a large delimited file to see its header: reading all of it twice took 4 % of an import."""
    if len(raw) <= _HEAD or raw.startswith(b"PK\x03\x04") or b"\0" in raw[:_HEAD]:
        return raw
    return raw[: raw.rfind(b"\n", 0, _HEAD) + 1] or raw


def coded_format(raw: bytes, name: str, options: ReadOptions) -> str | None:
    """The reader for a table of coded segments or of codes; None for other tables, and where a survey is asked for."""
    from qualcode.readers.projects import codelist, segments
    from qualcode.tables import read_table

    if options.survey or options.open or options.closed or options.case:
        return None
    try:
        table = read_table(_head(raw), name, encoding=options.encoding)
    except InputError:
        return None  # the reader of questionnaires will say it
    if segments.is_coded(table):
        return "segments"
    return "codes" if codelist.is_codelist(table) else None
