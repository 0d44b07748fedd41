"""PDF files made in code: words at places, in a font whose letters are all 0.6 of its size wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEFT, TOP, PITCH, SIZE = 72.0, 750.0, 14.0, 11.0
WIDTH = 68  # letters that a line holds between the margins


@dataclass(frozen=True)
class Words:
    """Words whose line begins at `x`, `y` points from the lower left corner."""

    x: float
    y: float
    said: str
    bold: bool = False
    size: float = SIZE


Page = Sequence[Words]


def pdf(pages: Sequence[Page], *, more: bytes = b"", turned: int = 0, notes: bytes = b"") -> bytes:
    """A PDF of these pages. `more` goes into the trailer, `notes` are annotations of the first page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier%s /Encoding /WinAnsiEncoding >>"
    objects += [font % b"", font % b"-Bold"]
    kids = []
    for n, page in enumerate(pages):
        kids.append(len(objects) + 1)
        drawn = b"\n".join(_drawn(words) for words in page)
        extra = b"/Annots [%s] " % notes if notes and not n else b""
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d %s"
            b"/Resources << /Font << /F0 3 0 R /F1 4 0 R >> >> /Contents %d 0 R >>" % (turned, extra, len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return _file(objects, more)


def _drawn(words: Words) -> bytes:
    said = words.said.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F%d %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (words.bold, words.size, words.x, words.y, said)


def _file(objects: Iterable[bytes], more: bytes) -> bytes:
    raw, places = b"%PDF-1.4\n", []
    for n, content in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R %s>>" % (len(places) + 1, more)
    return raw + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1,
        table,
        trailer,
        len(raw),
    )


def lines(said: Iterable[str], x: float = LEFT, top: float = TOP) -> list[Words]:
    """Lines one below the other; an empty one leaves space."""
    return [Words(x, top - n * PITCH, line) for n, line in enumerate(said) if line]


def wrapped(paragraphs: Iterable[str], width: int = WIDTH) -> list[str]:
    """Paragraphs cut into lines as a printer does, with an empty line between them."""
    cut: list[str] = []
    for paragraph in paragraphs:
        cut += [*textwrap.wrap(paragraph, width, break_on_hyphens=False), ""]
    return cut


def printed(paragraphs: Iterable[str], *, a_page: int = 50, head: str = "", number: bool = False) -> bytes:
    """Paragraphs printed over as many pages as they need, under a running head, over a page number."""
    every = wrapped(paragraphs)
    cut = [every[at : at + a_page] for at in range(0, len(every), a_page)]
    pages = []
    for n, part in enumerate(cut, 1):
        edge = [Words(LEFT, 810, head, size=9)] if head else []
        edge += [Words(290, 30, str(n), size=9)] if number else []
        pages.append([*edge, *lines(part)])
    return pdf(pages)


def laughing(levels: int = 12) -> bytes:
    """A page that draws a part that draws a part ten times, and so on: 10 to the power of `levels` words."""
    drawn = b"/Resources << /XObject << /X 5 0 R >> >> /Contents 4 0 R"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>" % drawn
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        page,
        b"<< /Length 5 >>\nstream\n/X Do\nendstream",
    ]
    part = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << %s >> /Length %d >>\nstream\n%s\nendstream"
    )
    for level in range(levels):
        inner = b"/XObject << /X %d 0 R >>" % (level + 6)
        objects.append(part % (inner, 60, b"/X Do " * 10))
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >>"
    words = b"BT /F 10 Tf (laugh) Tj ET"
    return _file([*objects, part % (font, len(words), words)], b"")
