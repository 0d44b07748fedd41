"""The words of a file by another way than the readers': patterns over archives and tags, csv, SQL, pdfium's text."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from qualcode.model import Bundle

_JOINED = {".json", ".jsonl", ".srt", ".sbv", ".vtt"}
_WORD = re.compile(r"\w+")
_HEADS = re.compile(r'at the edge of (\d+) pages, not in the text: "[^"]*" to "')
_RANGE = re.compile(r"\b(\d+) to (\d+)\b")


def _plain(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-16", "utf-8-sig") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _docx(path: Path) -> str:
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"word/(?:document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml", name):
                part = archive.read(name).decode()
                part = re.sub(r"<mc:Fallback>.*?</mc:Fallback>", "", part, flags=re.DOTALL)
                part = re.sub(r"</w:p>|<w:(?:br|tab|cr|noBreakHyphen)\b[^>]*/>", "<w:t>\n</w:t>", part)
                found.append(unescape("".join(re.findall(r"<[wm]:t(?: [^>]*)?>([^<]*)</[wm]:t>", part))))
    return "\n".join(found)


def _odt(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        part = archive.read("content.xml").decode()
    part = re.sub(r"<text:tracked-changes>.*?</text:tracked-changes>", "", part, flags=re.DOTALL)
    part = re.sub(r"</text:(?:p|h)>|<text:(?:tab|line-break|s)\b[^>]*/>", "\n", part.partition("<office:body>")[2])
    return unescape(re.sub(r"<[^>]*>", "", part))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.code = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.code += tag in ("script", "style")
        self.said.append("" if tag in ("a", "b", "em", "i", "span", "strong", "sub", "sup", "u") else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in ("script", "style")
        self.said.append("" if tag in ("a", "b", "em", "i", "span", "strong", "sub", "sup", "u") else "\n")

    def handle_data(self, data: str) -> None:
        self.said.append("" if self.code else data)


def _html(path: Path) -> str:
    page = _Page()
    page.feed(_plain(path))
    return "".join(page.said)


def _pdf(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _cues(path: Path) -> str:
    """The lines that are no timing, number, identifier, tag or name of a speaker."""
    said = []
    lines = re.sub(r"(?s)\nSTYLE\n.*?\n(?=\n)", "\n", _plain(path)).splitlines()
    for at, line in enumerate(lines):
        timing = re.match(r"\s*-?\d+:\d+[\d:.,]*(?:\s*-->|,\d)", line)
        above = at + 1 < len(lines) and "-->" in lines[at + 1]
        if not (timing or above or line.startswith("WEBVTT")):
            said.append(unescape(re.sub(r"<[^>]*>", " ", line)).removeprefix("NOTE"))
    return "\n".join(said)


def _records(path: Path) -> str:
    """Every "text" of JSON that stands in a list."""
    found: list[str] = []

    def walk(value: object, listed: bool) -> None:
        if isinstance(value, list):
            for each in value:
                walk(each, True)
        elif isinstance(value, dict):
            found.extend(str(value[key]) for key in ("text",) if listed and isinstance(value.get(key), str))
            for key, each in value.items():
                walk(each, listed and key != "text")

    raw = _plain(path)
    walk([json.loads(line) for line in raw.splitlines() if line] if path.suffix == ".jsonl" else json.loads(raw), False)
    return "\n".join(found)


def _chat(path: Path) -> str:
    """What follows a speaker or a comment's name, without bullets; lines of analysis are no words of the talk."""
    joined = re.sub(r"\n\t", " ", _plain(path))
    found = re.findall(r"^(?:\*\w+|@Comment|%com):\t([^\n]*)", joined, re.MULTILINE)
    return re.sub("\x15[^\x15]*\x15", " ", "\n".join(found))


def _tagged(path: Path) -> str:
    """The bare text of a Transcriber file."""
    return unescape(re.sub(r"<[^>]*>", " ", _plain(path).partition("<Episode")[2]))


def _annotations(path: Path) -> str:
    """What stands on ELAN's tiers that have no parent; the others are named in a notice."""
    tiers = re.findall(r"<TIER\b([^>]*)>(.*?)</TIER>", _plain(path), re.DOTALL)
    top = [body for head, body in tiers if "PARENT_REF" not in head]
    values = [
        value for body in top for value in re.findall(r"<ANNOTATION_VALUE>(.*?)</ANNOTATION_VALUE>", body, re.DOTALL)
    ]
    return unescape("\n".join(values))


def _stored(path: Path) -> str:
    """The texts in another program's database."""
    conn = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master")}
    if "documents" in tables:
        rows = [re.sub(r"<[^>]*>", "\n", html) for (html,) in conn.execute("SELECT contents FROM documents")]
    elif "code_text" in tables:
        rows = [text or "" for (text,) in conn.execute("SELECT fulltext FROM source")]
    else:
        rows = [text for (text,) in conn.execute("SELECT file FROM source WHERE status = 1")]
    conn.close()
    return unescape("\n".join(rows))


def _exchanged(path: Path) -> str:
    """The plain texts in a REFI-QDA project."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.casefold().endswith(".txt")]
        return "\n".join(archive.read(name).decode("utf-8-sig") for name in names)


EXTRACTIONS: dict[str, Callable[[Path], str]] = {
    ".cha": _chat,
    ".docx": _docx,
    ".eaf": _annotations,
    ".htm": _html,
    ".html": _html,
    ".json": _records,
    ".jsonl": _records,
    ".md": _plain,
    ".odt": _odt,
    ".pdf": _pdf,
    ".qda": _stored,
    ".qdpx": _exchanged,
    ".rqda": _stored,
    ".sbv": _cues,
    ".sqlite3": _stored,
    ".srt": _cues,
    ".trs": _tagged,
    ".txt": _plain,
    ".vtt": _cues,
}


def lost(bundle: Bundle, path: Path) -> list[str]:
    """Words of the file that stand less often in texts and notices together than in the file; sorted.

    Of a PDF a word in a notice may have stood on every page, a range of numbers stands for all of them, and a word
    that was broken at the end of a line is looked for whole. Where cues are joined, one label stands for several,
    and of rolling captions every line is there once.
    """
    plain = EXTRACTIONS[path.suffix.lower()](path).replace("\u00ad", "")
    notices = " ".join(notice.message for notice in bundle.notices)
    text = " ".join(source.text for source in bundle.sources).replace("\u00ad", "")
    kept = Counter(_words(text))
    told = Counter(_words(notices))
    if path.suffix.lower() in _JOINED:
        labels = [word for source in bundle.sources for name in source.speakers for word in _words(name)]
        told |= Counter(dict.fromkeys(labels, len(plain)))
        if "repeated lines of rolling captions" in notices:
            told |= Counter(dict.fromkeys(kept, len(plain)))
    if path.suffix.lower() == ".pdf":
        broken = re.compile(r"([^\W\d_]+)[\ufffe\x02]\s*([^\W\d_]+)")
        plain = broken.sub(lambda one: one[1] + one[2] if one[1] + one[2] in text else f"{one[1]}-{one[2]}", plain)
        ranges = [*_RANGE.findall(notices), *((1, last) for last in _HEADS.findall(notices))]
        numbers = (str(n) for first, last in ranges for n in range(int(first), int(last) + 1))
        told |= Counter(dict.fromkeys([*told, *numbers], len(plain)))
    return sorted(word for word, count in Counter(_words(plain)).items() if count > kept[word] + told[word])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def lost_cells(bundle: Bundle, path: Path) -> list[str]:
    """Words of the cells of a table that are in no text, question, case, code, excerpt or notice; sorted.

    The cells of columns that a notice names as left out are not asked for, nor headers where they are no questions.
    """
    rows = _csv(path) if path.suffix.lower() == ".csv" else _xlsx(path)
    notices = [notice.message for notice in bundle.notices]
    header = 0 if getattr(bundle, "survey", None) else 1
    left = {at for row in rows[:3] for at, cell in enumerate(row) if cell and _is_left(cell, notices)}
    kept = {word for text in _told(bundle) for word in _words(text)} | set(_words(" ".join(notices)))
    cells = (cell for row in rows[header:] for at, cell in enumerate(row) if at not in left)
    return sorted({word for cell in cells for word in _words(cell) if not word.isdigit()} - kept)


def _is_left(cell: str, notices: Sequence[str]) -> bool:
    """Whether a notice names the header among the columns left out, in quotes or in a bare list."""
    shown = " ".join(cell.split())
    for notice in notices:
        _, left_out, names = notice.partition("left out: ")
        if left_out and (f'"{shown}"' in names or shown in names.split(", ")):
            return True
    return False


def _told(bundle: Bundle) -> Iterator[str]:
    for source in bundle.sources:
        yield source.text
        yield from (turn.prompt or "" for turn in source.turns)
    for case in bundle.cases:
        yield case.name
        yield from (f"{key} {value}" for key, value in case.attributes.items())
    for book in bundle.codebooks:
        yield from (f"{code.label} {code.definition} {code.colour}" for code in book.codes)
    for one in bundle.excerpts:
        yield f"{one.quote} {' '.join(one.codes)} {one.document} {one.coder} {one.memo} {one.at}"
    yield str(getattr(bundle, "survey", ""))


def _csv(path: Path) -> list[list[str]]:
    text = _plain(path) or path.read_bytes().decode("latin-1")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _xlsx(path: Path) -> list[list[str]]:
    """The strings of the first sheet by place."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as archive:
        shared = []
        if "xl/sharedStrings.xml" in archive.namelist():
            root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in item.iter(f"{space}t")) for item in root]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{space}row"):
        cells: dict[int, str] = {}
        for cell in row:
            letters = re.sub(r"\d", "", cell.get("r", "A"))
            at = sum((ord(letter) - 64) * 26**n for n, letter in enumerate(reversed(letters))) - 1
            value = cell.find(f"{space}v")
            if cell.get("t") == "s" and value is not None:
                cells[at] = shared[int(value.text or 0)]
            elif cell.get("t") == "inlineStr":
                cells[at] = "".join(t.text or "" for t in cell.iter(f"{space}t"))
        rows.append([cells.get(at, "") for at in range(max(cells, default=-1) + 1)])
    return rows
