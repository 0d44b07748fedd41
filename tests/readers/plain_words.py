"""The words of a file by another way than the readers': patterns over archives, html.parser, pdfium's bare text."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from qualcode.model import Bundle

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


EXTRACTIONS: dict[str, Callable[[Path], str]] = {
    ".docx": _docx,
    ".htm": _html,
    ".html": _html,
    ".md": _plain,
    ".odt": _odt,
    ".pdf": _pdf,
    ".txt": _plain,
}


def lost(bundle: Bundle, path: Path) -> list[str]:
    """Words of the file that stand less often in texts and notices together than in the file; sorted.

    Of a PDF a word in a notice may have stood on every page, a range of numbers stands for all of them, and a word
    that was broken at the end of a line is looked for whole.
    """
    plain = EXTRACTIONS[path.suffix.lower()](path).replace("\u00ad", "")
    notices = " ".join(notice.message for notice in bundle.notices)
    text = " ".join(source.text for source in bundle.sources).replace("\u00ad", "")
    kept = Counter(_words(text))
    told = Counter(_words(notices))
    if path.suffix.lower() == ".pdf":
        broken = re.compile(r"([^\W\d_]+)[\ufffe\x02]\s*([^\W\d_]+)")
        plain = broken.sub(lambda one: one[1] + one[2] if one[1] + one[2] in text else f"{one[1]}-{one[2]}", plain)
        ranges = [*_RANGE.findall(notices), *((1, last) for last in _HEADS.findall(notices))]
        numbers = (str(n) for first, last in ranges for n in range(int(first), int(last) + 1))
        told |= Counter(dict.fromkeys([*told, *numbers], len(plain)))
    return sorted(word for word, count in Counter(_words(plain)).items() if count > kept[word] + told[word])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
