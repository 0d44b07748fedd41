"""Small files in every format, made in code: one short talk, one questionnaire, one sheet of cases."""

from __future__ import annotations

import io
import json
import re
import sys
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


def otranscribe() -> str:
    """The talk as oTranscribe keeps it."""
    page = "".join(
        f'<p><span class="timestamp" data-timestamp="{n * 5}">00:{n * 5:02}</span>&nbsp;{speaker}: {escape(words)}</p>'
        for n, (speaker, words) in enumerate(TALK)
    )
    return json.dumps({"text": page, "media": "talk.mp3", "media-time": 20.0, "media-source": ""})


def rows() -> str:
    """The talk as a table, a row a turn."""
    return "time,speaker,text\n" + "".join(
        f'00:00:{n * 5:02},{speaker},"{words}"\n' for n, (speaker, words) in enumerate(TALK)
    )


def whisperx() -> str:
    """The talk as JSON of speech recognition with speakers."""
    segments = [
        {"start": n * 5.0, "end": n * 5.0 + 4, "text": f" {words}", "speaker": speaker}
        for n, (speaker, words) in enumerate(TALK)
    ]
    return json.dumps({"segments": segments, "language": "en"})


def chat() -> str:
    """The talk in CHAT, with a line of analysis and times in milliseconds."""
    lines = "".join(
        f"*{speaker[:3].upper()}:\t{words} \x15{n * 5000}_{n * 5000 + 4000}\x15\n%com:\tnone\n"
        for n, (speaker, words) in enumerate(TALK)
    )
    return f"@UTF8\n@Begin\n@Participants:\tINT Investigator, MAY Maya Participant\n{lines}@End\n"


def elan() -> str:
    """The talk in ELAN: a tier a speaker, and a translation beneath."""
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="t{n}" TIME_VALUE="{n * 5000}"/>' for n in range(5))
    tiers = ""
    for who in dict.fromkeys(speaker for speaker, _ in TALK):
        said = "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" TIME_SLOT_REF1="t{n}" TIME_SLOT_REF2="t{n + 1}">'
            f"<ANNOTATION_VALUE>{escape(words)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
            for n, (speaker, words) in enumerate(TALK)
            if speaker == who
        )
        tiers += f'<TIER TIER_ID="{who}" PARTICIPANT="{who}">{said}</TIER>'
    gloss = '<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="g" ANNOTATION_REF="a1"><ANNOTATION_VALUE>ja</ANNOTATION_VALUE>'
    tiers += f'<TIER TIER_ID="gloss" PARENT_REF="Maya">{gloss}</REF_ANNOTATION></ANNOTATION></TIER>'
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>"


def transcriber() -> str:
    """The talk in Transcriber, whose file names a DTD."""
    ids = {who: f"spk{n}" for n, who in enumerate(dict.fromkeys(speaker for speaker, _ in TALK), 1)}
    people = "".join(f'<Speaker id="{key}" name="{who}"/>' for who, key in ids.items())
    said = "".join(
        f'<Turn speaker="{ids[who]}" startTime="{n * 5}" endTime="{n * 5 + 4}"><Sync time="{n * 5}"/>{escape(words)}'
        '<Event desc="cough" type="noise"/></Turn>'
        for n, (who, words) in enumerate(TALK)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE Trans SYSTEM "trans-14.dtd">\n'
    return f"{head}<Trans><Speakers>{people}</Speakers><Episode><Section>{said}</Section></Episode></Trans>"


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


def html() -> str:
    """The talk as a web page."""
    said = "".join(f"<p><b>{speaker}:</b> {escape(words)}</p>" for speaker, words in TALK)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Talk</title></head><body>{said}</body></html>'


def rtf(body: str | None = None) -> bytes:
    """The talk in RTF, or this body in its place."""
    said = "".join(rf"{{\b {speaker}:}} {_rtf_words(words)}\par " for speaker, words in TALK)
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}{\colortbl;\red0\green0\blue0;}"
    return f"{head}{said if body is None else body}}}".encode("latin-1")


def _rtf_words(words: str) -> str:
    return "".join(char if ord(char) < 128 else rf"\u{ord(char)}?" for char in words)


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = ["office", "text", "table", "draw", "style"]


def odt(body: str | None = None, styles: str = "", automatic: str = "", **parts: str) -> bytes:
    """The talk as an OpenDocument text, or this body in its place; `parts` are further files, by name."""
    said = "".join(f"<text:p>{speaker}: {escape(words)}</text:p>" for speaker, words in TALK)
    names = " ".join(f'xmlns:{one}="{_OFFICE}{one}:1.0"' for one in _SPACES)
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/" '
    names += f'xmlns:fo="{_OFFICE}xsl-fo-compatible:1.0"'
    members = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {names}>"
        f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{said if body is None else body}</office:text></office:body>"
        "</office:document-content>",
        "styles.xml": f"<office:document-styles {names}>{styles}</office:document-styles>",
        **parts,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


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


def sav(
    columns: Sequence[tuple[str, str, int, dict[float, str]]], rows: Sequence[Sequence[str | float | None]]
) -> bytes:
    """A small SPSS file. A column is (name, label, width of a text or 0 for a number, value labels)."""
    import struct

    def padded(text: str, width: int) -> bytes:
        raw = text.encode()
        assert len(raw) <= width
        return raw.ljust(width)

    def record(name: str, label: str, width: int) -> bytes:
        shape = (5 if not width else 1) << 16 | (width or 8) << 8
        head = struct.pack("<iiiiii", 2, width, int(bool(label)), 0, shape, shape) + padded(name.upper(), 8)
        said = label.encode()
        return head + (struct.pack("<i", len(said)) + said + b" " * (-len(said) % 4) if label else b"")

    out, at, labelled = b"", 0, []
    for name, label, width, values in columns:
        out += record(name, label, width)
        segments = max(1, -(-width // 8))
        out += b"".join(struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + b" " * 8 for _ in range(segments - 1))
        if values:
            labelled.append((at + 1, values))
        at += segments
    for index, values in labelled:
        out += struct.pack("<ii", 3, len(values))
        for value, label in values.items():
            out += struct.pack("<dB", value, len(label)) + padded(label, (len(label) + 8) // 8 * 8 - 1)
        out += struct.pack("<iii", 4, 1, index)
    out += struct.pack("<iiii", 7, 3, 4, 8) + struct.pack("<8i", 20, 0, 0, -1, 1, 1, 2, 65001)
    out += struct.pack("<iiii", 7, 20, 1, 5) + b"UTF-8" + struct.pack("<ii", 999, 0)
    for row in rows:
        for (_, _, width, _), cell in zip(columns, row, strict=True):
            if width:
                out += padded(str(cell or ""), -(-width // 8) * 8)
            else:
                out += struct.pack("<d", -sys.float_info.max if cell is None else float(cell))
    program = padded("@(#) SPSS DATA FILE written for a test", 60)
    head = struct.pack("<iiiiid", 2, at, 0, 0, len(rows), 100.0) + b"01 Jan 2612:00:00" + b" " * 67
    return b"$FL2" + program + head + out


def questionnaire_sav() -> bytes:
    """Two respondents: a labelled number, a missing one, an open answer with a letter beyond ASCII."""
    columns = [
        ("id", "", 8, {}),
        ("phase", "Phase", 0, {1.0: "primary", 2.0: "secondary"}),
        ("years", "Years in the role", 0, {}),
        ("why", "Why did you take the role?", 80, {}),
    ]
    rows = [("R1", 1.0, 4.0, "Because I was asked to, twice."), ("R2", 2.0, None, "The café head, who comes to us.")]
    return sav(columns, rows)
