"""Small files in every format, made in code: one short talk, one questionnaire, one sheet of cases."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from html import escape

TALK = (
    ("Interviewer", "So how did you come to the role?"),
    ("Maya", "I was asked by the head. [laughs] Nobody else was in the room."),
    ("Interviewer", "And has it changed since?"),
    ("Maya", "Yes – it's twice the work, and it's half the time."),
)


def plain() -> str:
    """The talk as plain text."""
    return "\n\n".join(f"{speaker}: {words}" for speaker, words in TALK) + "\n"


def markdown() -> str:
    """The talk in Markdown, under a heading."""
    return "# Interview with Maya\n\n" + "\n\n".join(f"**{speaker}:** {words}" for speaker, words in TALK) + "\n"


def vtt() -> str:
    """The talk as a meeting tool's captions."""
    cues = [
        f"{n}\n00:00:{n * 5:02}.000 --> 00:00:{n * 5 + 4:02}.000\n<v {speaker}>{words}</v>"
        for n, (speaker, words) in enumerate(TALK)
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def srt() -> str:
    """The talk as .srt, names inside the cues."""
    cues = [
        f"{n}\n00:00:{n * 5:02},000 --> 00:00:{n * 5 + 4:02},000\n{speaker}: {words}"
        for n, (speaker, words) in enumerate(TALK, 1)
    ]
    return "\n\n".join(cues) + "\n"


def sbv() -> str:
    """The talk as .sbv, names inside the cues."""
    cues = [
        f"0:00:{n * 5:02}.000,0:00:{n * 5 + 4:02}.000\n{speaker}: {words}" for n, (speaker, words) in enumerate(TALK, 1)
    ]
    return "\n\n".join(cues) + "\n"


def rows() -> str:
    """The talk as a table, a row a turn."""
    return "time,speaker,text\n" + "".join(
        f'00:00:{n * 5:02},{speaker},"{words}"\n' for n, (speaker, words) in enumerate(TALK)
    )


QUESTIONNAIRE = """respondent,phase,years,e-mail,What helps you in the role?,Other (please specify)
R01,primary,4,a@example.org,"The head, who comes to every meeting.",
R02,secondary,12,b@example.org,"Two free periods a week,
most weeks.",Coffee
R03,secondary,7,c@example.org,,
R04,primary,007,d@example.org,"=A timetable that somebody else has made, for once.",None
"""

CASES = """case,phase,years
interview-1,primary,4
interview-2,secondary,12
"""


def docx(build: Callable[..., object]) -> bytes:
    """The bytes of a Word document that `build(document)` has filled."""
    from docx import Document

    document = Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def talk_docx() -> bytes:
    """The talk as a Word document."""

    def build(document: object) -> None:
        for speaker, words in TALK:
            paragraph = document.add_paragraph()  # type: ignore[attr-defined]
            paragraph.add_run(f"{speaker}:").bold = True
            paragraph.add_run(f" {words}")

    return docx(build)


def docx_with(body: str, **parts: str) -> bytes:
    """A Word document whose body is this WordprocessingML; `parts` are further parts, by name (footnotes, comments)."""
    return rezipped(docx(lambda _: None), _with_body(body, parts))


_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _with_body(body: str, parts: dict[str, str]) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        whole = members["word/document.xml"].decode()
        whole = re.sub(r"<w:body>.*(<w:sectPr)", lambda m: f"<w:body>{body}{m[1]}", whole, flags=re.DOTALL)
        members["word/document.xml"] = whole.encode()
        for name, content in parts.items():
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
            members[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{_NAMESPACE}">{content}</w:{name}>'.encode()
            override = f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{name}+xml"/></Types>'
            relation = f'<Relationship Id="x{name}" Type="{_RELATION}/{name}" Target="{name}.xml"/></Relationships>'
            members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(b"</Types>", override.encode())
            rels = "word/_rels/document.xml.rels"
            members[rels] = members[rels].replace(b"</Relationships>", relation.encode())

    return change


def rezipped(raw: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """An archive with its members changed in place by `change(members)`."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    change(members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(sheet: Sequence[Sequence[object]], further: str | None = None) -> bytes:
    """A workbook with these cells on its first sheet, and a filled second sheet called `further`."""
    sheets = {"answers": _cells(sheet)} | ({further: _cells([["x"]])} if further else {})
    return workbook(sheets)


def workbook(sheets: dict[str, str], **parts: str) -> bytes:
    """A workbook of these sheets (title → rows as XML); `parts` are further parts, such as sharedStrings."""
    numbered = list(enumerate(sheets.items(), 1))
    listed = "".join(f'<sheet name="{title}" sheetId="{n}" r:id="rId{n}"/>' for n, (title, _) in numbered)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    ) + "".join(f'<Relationship Id="{kind}" Type="{_RELATION}/{kind}" Target="{kind}.xml"/>' for kind in parts)
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATION}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
    }
    for n, (_, rows) in numbered:
        members[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
        )
    members |= {f"xl/{kind}.xml": content for kind, content in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _cells(sheet: Sequence[Sequence[object]]) -> str:
    rows = []
    for n, row in enumerate(sheet, 1):
        cells = "".join(_cell(f"{chr(65 + at)}{n}", value) for at, value in enumerate(row) if value is not None)
        rows.append(f'<row r="{n}">{cells}</row>')
    return "".join(rows)


def _cell(place: str, value: object) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def inner_mangled(raw: bytes, count: int, seed: int) -> Iterator[bytes]:
    """`raw`, an archive, with one of its XML members mangled at a time: a broken zip would hide the rest."""
    import random

    from qualcode.testing import mangled

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels", ".qde", ".txt"))]
    chance = random.Random(seed)
    for n in range(count):
        name = chance.choice(names)

        def change(members: dict[str, bytes], name: str = name, n: int = n) -> None:
            members[name] = list(mangled(members[name], 5, n))[n % 5]

        yield rezipped(raw, change)
