"""Files that mean harm: archives that swell or climb, XML and YAML bombs, texts in odd encodings."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from tests.readers.printing import laughing, printed

_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/>'
    b'<Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="%s"/></Relationships>'
)
_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of these members."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return raw.getvalue()


def docx(document: bytes, more: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file around this ``word/document.xml``."""
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELS % b"word/document.xml", "word/document.xml": document}
    return archive({**parts, **(more or {})})


def words(text: bytes, before: bytes = b"") -> bytes:
    """A document of one paragraph; `before` stands before the root element."""
    body = b"<w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body>" % text
    return b'<?xml version="1.0"?>%s<w:document %s>%s</w:document>' % (before, _W, body)


def xlsx(sheet: bytes) -> bytes:
    """A workbook around this sheet."""
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = b'<?xml version="1.0"?><workbook %s xmlns:r="%s"><sheets>' % (main, office)
    book += b'<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
    rels = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    rels += b'<Relationship Id="r1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/></Relationships>' % office
    return archive(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS % b"xl/workbook.xml",
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": rels,
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def odt(text: bytes, before: bytes = b"", more: Mapping[str, bytes] | None = None) -> bytes:
    """An OpenDocument text of one paragraph; `before` stands before the root element of its content."""
    office = b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    office += b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = b"<office:body><office:text><text:p>%s</text:p></office:text></office:body>" % text
    content = b"%s<office:document-content %s>%s</office:document-content>" % (before, office, body)
    return archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content, **(more or {})})


def pdf(packed: bytes) -> bytes:
    """A PDF whose one page is this Flate stream."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, part) for n, part in enumerate(parts, 1))
    return b"%PDF-1.4\n" + body + b"trailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n"


LAUGHS = (
    b"<!DOCTYPE d ["
    + b'<!ENTITY a0 "laugh">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
DEEP = b"<w:p>" * 50_000 + b"</w:p>" * 50_000
BLANKS = bytes(1024) * 1024

FILES: dict[str, bytes] = {
    "swells.docx": docx(words(b"x"), {"word/media/image1.xml": BLANKS * 300}),
    "swells-inside.docx": docx(words(b" " * 90_000_000)),
    "many-members.docx": docx(words(b"x"), {f"word/m{n}.xml": b"" for n in range(3000)}),
    "climbs.docx": docx(words(b"Interviewer: a"), {"../../climbed.txt": b"out", "/tmp/climbed.txt": b"out"}),
    "laughs.docx": docx(words(b"&a9;", LAUGHS)),
    "outside.docx": docx(words(b"&x;", OUTSIDE)),
    "deep.docx": docx(words(b"</w:t></w:r></w:p>" + DEEP + b"<w:p><w:r><w:t>")),
    "no-xml.docx": docx(b"\x00\x01 not xml"),
    "no-document.docx": archive({"word/other.xml": b"<a/>"}),
    "half.docx": docx(words(b"Interviewer: a"))[:300],
    "text.docx": b"Interviewer: a\n\nCoordinator: b\n",
    "laughs.xlsx": xlsx(b'<?xml version="1.0"?>' + LAUGHS + b"<worksheet><sheetData>&a9;</sheetData></worksheet>"),
    "far-away.xlsx": xlsx(
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    ),
    "swells.xlsx": archive({"xl/workbook.xml": BLANKS * 300}),
    "half.xlsx": xlsx(b"<worksheet/>")[:200],
    "swells.odt": odt(b"Interviewer: a", more={"Pictures/1.svg": BLANKS * 300}),
    "swells-inside.odt": odt(b" " * 90_000_000),
    "climbs.odt": odt(b"Interviewer: a", more={"../../climbed.txt": b"out", "/tmp/climbed.txt": b"out"}),
    "laughs.odt": odt(b"&a9;", LAUGHS),
    "outside.odt": odt(b"&x;", OUTSIDE),
    "deep.odt": odt(b"<text:span>" * 50_000 + b"</text:span>" * 50_000),
    "half.odt": odt(b"Interviewer: a")[:200],
    "text.odt": b"Interviewer: a\n\nCoordinator: b\n",
    "laughs.html": LAUGHS + b"<html><body><p>&a9;</p></body></html>",
    "outside.html": OUTSIDE
    + b'<html><body><p>&x; a</p><img src="http://127.0.0.1:9/x"><iframe src="file:///etc/passwd">',
    "deep.html": b"<div>" * 500_000,
    "many-tags.html": b"<b>" * 1_100_000,
    "deep.rtf": b"{\\rtf1 " + b"{" * 2_000_000 + b"words",
    "shut.rtf": b"{\\rtf1 " + b"}" * 2_000_000 + b"words",
    "skips.rtf": b"{\\rtf1 words\\bin2000000000 }{\\pict\\bin-5 }\\u99999999999?\\uc\\f\\u}",
    "halves.rtf": b"{\\rtf1 " + b"\\u-10179?" * 20_000 + b"}",
    "fonts.rtf": b"{\\rtf1{\\fonttbl" + b"\\f1" * 300_000 + b"}words}",
    "half.rtf": b"{\\rtf1",
    "swells.pdf": pdf(zlib.compress(BLANKS * 100)),
    "swells-twice.pdf": pdf(zlib.compress(zlib.compress(BLANKS * 100))).replace(
        b"/FlateDecode", b"[/FlateDecode /FlateDecode]"
    ),
    "picture.pdf": pdf(zlib.compress(BLANKS * 600)).replace(b"/Filter", b"/Subtype /Image /Filter"),
    "laughs.pdf": laughing(),
    "half.pdf": printed(["Interviewer: a", "Coordinator: b"])[:600],
    "text.pdf": b"Interviewer: a\n\nCoordinator: b\n",
    "empty.docx": b"",
    "empty.pdf": b"",
    "empty.xlsx": b"",
    "pdf.txt": b"%PDF-1.7 " + bytes(range(256)) * 40,
    "nul.txt": bytes(5000),
    "noise.txt": bytes(range(256)) * 400,
    "broken.vtt": b"WEBVTT\n\n99:99:99.999 --> 00:00:00.000\n\x00\x1b[2J\n",
}

YAML: dict[str, str] = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "deep": "[" * 100_000,
    "deep braces": "{a: " * 5000,
    "python": "!!python/object/apply:os.system ['touch canary']\n",
    "python code": "qualcode: 1\nname: !!python/name:os.system\ncodes: []\n",
    "merge keys": "base: &b {code: x}\ncodes:\n  - <<: *b\n",
    "twice": "qualcode: 1\nname: a\nname: b\ncodes: []\n",
    "large": "# " + "x" * 1_200_000,
    "binary": "qualcode: 1\nname: !!binary aGVsbG8=\ncodes: []\n",
    "controls": 'qualcode: 1\nname: a\ntitle: "\\e]0;owned\\a"\ncodes: [{code: "x\\e[2Jy"}]\n',
    "a list": "- 1\n- 2\n",
    "a number": "42\n",
    "nothing": "",
    "tabs": "qualcode: 1\n\tname: a\n",
    "not a name": "qualcode: 1\nname: ../../etc\ncodes: [{code: ../x}, {code: /abs}]\n",
}
