"""Room 1, READ: a file becomes a `Bundle`. One module a format; each reader is ``read(raw, name, options)``.

A reader is pure: bytes in, bundle out, the same on every machine. It decides nothing in silence (notices), raises
only `QualcodeError`, and loses no word: every word of the file ends up in a turn, a label or a notice.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path

from qualcode import guards
from qualcode.errors import InputError, QualcodeError, UnknownFormat
from qualcode.model import Bundle
from qualcode.readers import composing, projects
from qualcode.readers.options import ReadOptions
from qualcode.registry import Registry

Reader = Callable[[bytes, str, ReadOptions], Bundle]

READERS = Registry(
    "reader",
    "qualcode.readers",
    {
        "cases": "qualcode.readers.cases:read",
        "cha": "qualcode.readers.cha:read",
        "codes": "qualcode.readers.projects.codelist:read",
        "docx": "qualcode.readers.docx:read",
        "eaf": "qualcode.readers.eaf:read",
        "highlights": "qualcode.readers.projects.taguette_page:read",
        "html": "qualcode.readers.html:read",
        "markdown": "qualcode.readers.markdown:read",
        "maxqda": "qualcode.readers.projects.maxqda:read",
        "odt": "qualcode.readers.odt:read",
        "otr": "qualcode.readers.otr:read",
        "pdf": "qualcode.readers.pdf:read",
        "qdc": "qualcode.readers.projects.refi_codes:read",
        "qdpx": "qualcode.readers.projects.refi:read",
        "qualcoder": "qualcode.readers.projects.qualcoder:read",
        "rqda": "qualcode.readers.projects.rqda:read",
        "rtf": "qualcode.readers.rtf:read",
        "sav": "qualcode.readers.survey:read",
        "sbv": "qualcode.readers.vtt:read",
        "segments": "qualcode.readers.projects.segments:read",
        "speech": "qualcode.readers.speech:read",
        "srt": "qualcode.readers.vtt:read",
        "survey": "qualcode.readers.survey:read",
        "table": "qualcode.readers.table:read",
        "taguette": "qualcode.readers.projects.taguette:read",
        "trs": "qualcode.readers.trs:read",
        "txt": "qualcode.readers.txt:read",
        "vtt": "qualcode.readers.vtt:read",
    },
)
_SUFFIXES = {
    ".cha": "cha",
    ".csv": "survey",
    ".docx": "docx",
    ".eaf": "eaf",
    ".json": "speech",
    ".jsonl": "speech",
    ".htm": "html",
    ".html": "html",
    ".markdown": "markdown",
    ".md": "markdown",
    ".odt": "odt",
    ".otr": "otr",
    ".pdf": "pdf",
    ".rtf": "rtf",
    ".sav": "sav",
    ".qda": "qualcoder",
    ".qdc": "qdc",
    ".qdpx": "qdpx",
    ".rqda": "rqda",
    ".sbv": "sbv",
    ".sqlite3": "taguette",
    ".srt": "srt",
    ".tab": "survey",
    ".text": "txt",
    ".trs": "trs",
    ".tsv": "survey",
    ".txt": "txt",
    ".vtt": "vtt",
    ".xlsx": "survey",
    ".zsav": "sav",
}
_BEGINNINGS = (
    (rb"^\{\\rtf", "rtf"),
    (rb"(?s)^.{0,1018}%PDF-", "pdf"),
    (rb"^\$FL[23]", "sav"),
    (rb"^WEBVTT", "vtt"),
    (rb"^\s*@(?:UTF8|Begin)\b", "cha"),
    (rb"^\s*(?:<[?!][^>]*>\s*)*<ANNOTATION_DOCUMENT[\s>]", "eaf"),
    (rb"^\s*(?:<[?!][^>]*>\s*)*<Trans[\s>]", "trs"),
)
# Subtitles that somebody saved as .txt.
_SUBTITLES = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:(?P<vtt>WEBVTT\b)|"
    rb"\s*(?:\d+[ \t]*\r?\n)?\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}\s*\r?\n)"
)
_ODT = b"application/vnd.oasis.opendocument.text"
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?>(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_UNREAD = {
    ".doc": "save it as .docx",
    ".wpd": "save it as .docx",
    ".wps": "save it as .docx",
    ".pages": "export it as .docx",
    ".xls": "save it as .xlsx",
    ".xlsb": "save it as .xlsx",
    ".ods": "save it as .xlsx",
    ".numbers": "export it as .xlsx",
    ".zip": "unpack it and import the folder",
    ".rar": "unpack it and import the folder",
    ".7z": "unpack it and import the folder",
}

__all__ = ["READERS", "ReadOptions", "Reader", "contents", "format_of", "read", "read_bytes", "supported", "way_out"]


def supported(path: Path) -> bool:
    """Whether a folder walk takes the file: by its ending, unless it is hidden or a lock file of an office program."""
    name = path.name
    return not name.startswith((".", "~$")) and (path.suffix.lower() in _SUFFIXES or _plug_in(path.suffix) is not None)


def way_out(path: Path) -> str | None:
    """What to do with a file that a folder walk passes over and that may hold words; None where nothing is known."""
    closed = projects.closed_format(path.suffix)
    return closed[1] if closed else _UNREAD.get(path.suffix.lower())


def read(path: Path, options: ReadOptions = ReadOptions()) -> Bundle:  # noqa: B008 - frozen
    """The bundle of one file: read as `options.format`, else by its ending, else by its content.

    Raises InputError when the file cannot be opened or read, UnknownFormat when no reader claims it, UsageError for
    an unknown `options.format`.
    """
    return read_bytes(contents(path), path.name, options)


def read_bytes(raw: bytes, name: str, options: ReadOptions = ReadOptions()) -> Bundle:  # noqa: B008 - frozen
    """Like `read`, for bytes already at hand; `name` is the file's name without folders."""
    chosen = format_of(raw, name, options)
    reader: Reader = READERS.load(chosen)
    try:
        return composing.composed_attributes(reader(raw, name, options))
    except (QualcodeError, KeyboardInterrupt, MemoryError):
        raise
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be read as {chosen}", "save it again and retry") from error


def format_of(raw: bytes, name: str, options: ReadOptions) -> str:
    """The name of the reader that takes the file; raises UnknownFormat when none does."""
    if options.format:
        return options.format
    suffix = Path(name).suffix.lower()
    if raw.startswith(b"SQLite format 3\0"):
        return projects.database_format(raw, name)
    if closed := projects.closed_format(suffix):
        raise UnknownFormat(f"{name} is {closed[0]}, for which there is no reader", closed[1])
    if raw.startswith(_OLD_OFFICE) and (suffix in _SUFFIXES or _plug_in(suffix) is None):
        way = _UNREAD.get(suffix, "open it and save it as .docx or .xlsx, without a password")
        raise UnknownFormat(f"{name} is protected by a password, or an Office file of before 2007", way)
    if options.survey and (suffix in ("", ".txt") or _SUFFIXES.get(suffix) == "survey"):
        return "survey"
    if suffix in (".html", ".htm") and projects.is_highlights(raw):
        return "highlights"
    found = _SUFFIXES.get(suffix) or _plug_in(suffix) or _sniffed(raw, name)
    if found == "txt" and (subtitles := _SUBTITLES.match(raw)):
        return "vtt" if subtitles["vtt"] else "srt"
    return projects.coded_format(raw, name, options) or found if found == "survey" else found


def _plug_in(suffix: str) -> str | None:
    name = suffix.lower().removeprefix(".")
    return name if name and name in READERS.all_names() else None


def contents(path: Path) -> bytes:
    """The bytes of a file, within the caps. Raises InputError when it cannot be opened."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{path.name or path} is a folder", "name a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path.name} is no ordinary file", "copy its content into one")
        guards.check_size(status.st_size, path.name, guards.ARCHIVE_BYTES)
        raw = path.read_bytes()
        projects.refuse_open_database(raw, path)
        return raw
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path}", "check the path") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no path"
        raise InputError(f"{path.name} cannot be opened: {reason}", "check its permissions") from error


def _sniffed(raw: bytes, name: str) -> str:
    """The format by content, for a file whose ending says nothing."""
    found = _in_archive(raw, name) if raw.startswith(b"PK\x03\x04") else None
    if found is not None:
        return found
    if raw.startswith(b"PK\x03\x04"):
        way = _UNREAD.get(Path(name).suffix.lower()) or f"known: {', '.join(READERS.names())}"
        raise UnknownFormat(f"{name} is a zip archive, for which there is no reader", way)
    head = raw[:4096].removeprefix(b"\xef\xbb\xbf")
    found = next((format for start, format in _BEGINNINGS if re.search(start, head)), None)
    if found is None and _HTML.match(head):  # before subtitles, whose arrow ends a comment too
        return "html"
    return found or ("srt" if b" --> " in head else "txt")


def _in_archive(raw: bytes, name: str) -> str | None:
    """The office format that an archive's members tell of."""
    archive = guards.Archive(raw, name)
    members = archive.names()
    if any(member.startswith("word/") for member in members):
        return "docx"
    if any(member.startswith("xl/") for member in members):
        return "survey"
    if any(member.casefold().endswith(".qde") for member in members):
        return "qdpx"
    return "odt" if "mimetype" in members and archive.read("mimetype").startswith(_ODT) else None
