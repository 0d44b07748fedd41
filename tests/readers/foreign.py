"""Small projects of other programs, made in code: one short talk, coded by Noor and Ivo, as each program keeps it."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape

TEXT = "I: How was the first year?\nP: Long – I had no plan. 🙂 The head helped me.\nI: And now?\nP: Now it is easy.\n"
PLANS, HELP = "I had no plan.", "The head helped me."
MORE = "P: We met on Fridays.\n"


def place(words: str, text: str = TEXT) -> tuple[int, int]:
    """Where words stand, in code points."""
    at = text.index(words)
    return at, at + len(words)


def database(tables: Mapping[str, tuple[str, Iterable[Sequence[object]]]]) -> bytes:
    """The bytes of an SQLite file: by table its columns and rows."""
    conn = sqlite3.connect(":memory:")
    for name, (columns, rows) in tables.items():
        conn.execute(f"CREATE TABLE {name} ({columns})")
        for row in rows:
            conn.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", tuple(row))
    conn.commit()
    raw = conn.serialize()
    conn.close()
    return raw


def qualcoder(codings: Sequence[Sequence[object]] | None = None, text: str = TEXT, second: str = MORE) -> bytes:
    """A QualCoder project; `codings` are (ctid, cid, fid, seltext, pos0, pos1, owner, memo)."""
    if codings is None:
        codings = [
            (1, 1, 1, PLANS, *place(PLANS), "noor", "typical"),
            (2, 2, 1, HELP, *place(HELP), "noor", ""),
            (3, 2, 1, HELP, *place(HELP), "ivo", ""),
        ]
    when = "2024-03-01 10:11:12"
    return database(
        {
            "project": ("memo text, codername text, date text", [("Two years, one school", "noor", when)]),
            "source": (
                "id integer, name text, fulltext text, mediapath text, memo text, owner text, date text",
                [
                    (1, "first.txt", text, "", "read twice", "noor", when),
                    (2, "second.txt", second, "", "", "noor", when),
                    (3, "photo.jpg", "", "/images/photo.jpg", "", "noor", when),
                ],
            ),
            "code_cat": ("catid integer, name text, memo text, supercatid integer", [(1, "Beginnings", "", None)]),
            "code_name": (
                "cid integer, name text, memo text, catid integer, color text",
                [(1, "Planning", "Plans, made or missing", 1, "#AA00BB"), (2, "Support", "", None, "#00FF00")],
            ),
            "code_text": (
                "ctid integer, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, "
                "memo text, date text",
                [(*row, when) for row in codings],
            ),
            "code_image": ("imid integer, id integer", [(1, 3)]),
            "code_av": ("avid integer, id integer", []),
            "annotation": (
                "anid integer, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text",
                [(1, 1, *place("easy"), "says so twice", "ivo", when)],
            ),
            "journal": ("name text, jentry text, owner text, date text", [("Day one", "Began reading", "noor", when)]),
            "cases": (
                "caseid integer, name text, memo text, owner text, date text",
                [(1, "Pia", "quiet", "noor", when)],
            ),
            "case_text": ("caseid integer, fid integer, pos0 integer, pos1 integer", [(1, 1, 0, len(text))]),
            "attribute_type": ("name text, valuetype text", [("years", "numeric"), ("phase", "character")]),
            "attribute": (
                "name text, attr_type text, value text, id integer",
                [("years", "case", "4", 1), ("phase", "file", "primary", 1)],
            ),
        }
    )


def rqda() -> bytes:
    """An RQDA project; a deleted coding among the others."""
    when = "Fri Mar 01 10:11:12 2024"
    return database(
        {
            "source": (
                "name text, id integer, file text, memo text, owner text, date text, status integer",
                [("first", 1, TEXT, None, "noor", when, 1), ("second", 2, MORE, "short", "noor", when, 1)],
            ),
            "freecode": (
                "name text, memo text, owner text, date text, id integer, status integer, color text",
                [("Planning", "Plans", "noor", when, 1, 1, None), ("Support", None, "noor", when, 2, 1, "#00FF00")],
            ),
            "codecat": ("name text, catid integer, memo text, status integer", [("Beginnings", 1, None, 1)]),
            "treecode": ("cid integer, catid integer, status integer", [(1, 1, 1)]),
            "coding": (
                "cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text, "
                "date text, memo text",
                [
                    (1, 1, PLANS, *map(float, place(PLANS)), 1, "noor", when, None),
                    (2, 1, HELP, *map(float, place(HELP)), 1, "ivo", when, "warm"),
                    (2, 1, "now", *map(float, place("now")), 0, "ivo", when, None),
                ],
            ),
            "cases": (
                "name text, memo text, owner text, date text, id integer, status integer",
                [("Pia", None, "noor", when, 1, 1)],
            ),
            "caselinkage": (
                "caseid integer, fid integer, selfirst real, selend real, status integer",
                [(1, 1, 0.0, float(len(TEXT)), 1)],
            ),
            "caseAttr": ("variable text, value text, caseID integer, status integer", [("years", "4", 1, 0)]),
            "journal": (
                "name text, journal text, date text, owner text, status integer",
                [("Day one", "Began", when, "noor", 1)],
            ),
            "project": ("memo text", [("One school",)]),
        }
    )


def maxqda(text: str = TEXT, shift: int = 3) -> bytes:
    """An exchange file of MAXQDA: what public programs read of it. Its count of characters is `shift` ahead."""
    long = text[text.index("How was") : text.index("\nP: Now")]
    passages = [(PLANS, 1), (HELP, 2), ("now", 2), (long, 1)]
    codings = []
    for n, (words, code) in enumerate(passages, 1):
        start, end = place(words, text)
        codings.append((n, 1, code, words[:63], start + shift, end + shift))
    return database(
        {
            "Codings": (
                "ID integer, TextID integer, WordID integer, Preview text, SegPos1X integer, SegPos2X integer",
                codings,
            ),
            "Codewords": ("ID integer, Name text, Color integer", [(1, "Planning", 255), (2, "Support", 0)]),
            "Texts": ("ID integer, Name text", [(1, "first")]),
        }
    )


def html(text: str, glue: str = "\n") -> str:
    """Each line a paragraph, as Taguette keeps a text."""
    return glue.join(f"<p>{escape(line)}</p>" for line in text.strip().split("\n"))


def taguette(*, glue: str = "\n", members: Sequence[str] = ("noor",), log: bool = False) -> bytes:
    """A Taguette database; offsets are UTF-8 bytes. `log`: its commands say that Ivo marked the second highlight."""
    counted = TEXT.strip() if glue else TEXT.strip().replace("\n", "")

    def span(words: str) -> tuple[int, int]:
        at = len(counted[: counted.index(words)].encode())
        return at, at + len(words.encode())

    payload = '{"type": "highlight_add", "highlight_id": 2}'
    return database(
        {
            "projects": ("id integer, name text, description text", [(1, "First Years", "One school")]),
            "project_members": ("project_id integer, user_login text", [(1, name) for name in members]),
            "documents": (
                "id integer, project_id integer, name text, description text, contents text",
                [(1, 1, "first.odt", "read twice", html(TEXT, glue)), (2, 1, "second.odt", "", html(MORE))],
            ),
            "tags": (
                "id integer, project_id integer, path text, description text",
                [(1, 1, "Planning", "Plans, made or missing"), (2, 1, "Support", "")],
            ),
            "highlights": (
                "id integer, document_id integer, start_offset integer, end_offset integer, snippet text",
                [(1, 1, *span(PLANS), f"<p>{PLANS}</p>"), (2, 1, *span(HELP), f"<p>{HELP}</p>"), (3, 1, 0, 2, "I:")],
            ),
            "highlight_tags": ("highlight_id integer, tag_id integer", [(1, 1), (2, 2), (2, 1)]),
            "commands": (
                "id integer, project_id integer, user_login text, date text, payload text",
                [(1, 1, "ivo", "2024-03-01 10:11:12.5", payload)] if log else [],
            ),
        }
    )


QDC = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Elsewhere 2"><Codes>
<Code guid="A1" name="Beginnings" isCodable="true" color="#AA00BB"><Description>How it began</Description>
<Code guid="A2" name="Planning" isCodable="true"/></Code>
<Code guid="A3" name="Support" isCodable="true"/></Codes><Sets/></CodeBook>"""


def selection(n: int, start: int, end: int, codes: str = "A2", user: str = "U1", inside: str = "") -> str:
    """A PlainTextSelection with a coding for each of the codes."""
    codings = "".join(
        f'<Coding guid="K{n}{code}" creatingUser="{user}" creationDateTime="2024-03-01T10:11:12Z">'
        f'<CodeRef targetGUID="{code}"/></Coding>'
        for code in codes.split()
    )
    where = f'startPosition="{start}" endPosition="{end}"'
    return f'<PlainTextSelection guid="S{n}" {where}>{inside}{codings}</PlainTextSelection>'


def qde(selections: str, *, source: str = 'plainTextPath="internal://t1.txt"', rest: str = "", inside: str = "") -> str:
    """A project.qde with one text source."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="First Years" origin="Elsewhere 2">
<Users><User guid="U1" name="noor"/><User guid="U2" name="ivo"/></Users>
<CodeBook><Codes><Code guid="A1" name="Beginnings" isCodable="true" color="#AA00BB"><NoteRef targetGUID="N1"/>
<Code guid="A2" name="Planning" isCodable="true"><Description>Plans, made or missing</Description></Code></Code>
<Code guid="A3" name="Support" isCodable="true"/></Codes></CodeBook>
<Variables><Variable guid="V1" name="years" typeOfVariable="Integer"/></Variables>
<Cases><Case guid="C1" name="Pia"><VariableValue><VariableRef targetGUID="V1"/><IntegerValue>4</IntegerValue>
</VariableValue><SourceRef targetGUID="T1"/></Case></Cases>
<Sources><TextSource guid="T1" name="first.docx" {source}>{inside}{selections}</TextSource>{rest}</Sources>
<Notes><Note guid="N1" name="About" creatingUser="U2"><PlainTextContent>About beginnings</PlainTextContent></Note>
<Note guid="N2" name="Loose" creatingUser="U1"><PlainTextContent>A loose thought</PlainTextContent></Note></Notes>
<Links><Link guid="L1" name="leads to" direction="OneWay" originGUID="A2" targetGUID="A3"/>
<Link guid="L2" name="see" direction="Associative" originGUID="A2" targetGUID="N1"/></Links>
<Sets><Set guid="X1" name="all"/><Set guid="X2" name="Work and help"><MemberCode targetGUID="A2"/>
<MemberCode targetGUID="A3"/><MemberSource targetGUID="T1"/></Set></Sets></Project>"""


def qdpx(text: bytes | None = None, selections: str | None = None, *, project: str = "project.qde",
         sources: str = "sources", **more: str) -> bytes:  # fmt: skip
    """A REFI-QDA project whose one text has these bytes."""
    if selections is None:
        selections = selection(1, *place(PLANS)) + selection(2, *place(HELP), "A3 A1", "U2")
    raw = TEXT.encode() if text is None else text
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(project), qde(selections, **more))
        archive.writestr(zipfile.ZipInfo(f"{sources}/t1.txt"), raw)
    return buffer.getvalue()


SEGMENTS = f"""Document name,Code,Segment,Created by,Comment
first,Beginnings > Planning,"{PLANS}",noor,typical
first,Support,"{HELP}",ivo,
"""
PAGE = f"""<!DOCTYPE html><html><head><meta charset="UTF-8"><title>Taguette highlights: all</title></head><body>
<h1>Taguette highlights: all</h1>
<p>{PLANS}</p>
<p><strong>Document:</strong> first.odt <strong>Tags:</strong> Planning, Support</p><hr>
{HELP}
<p><strong>Document:</strong> first.odt <strong>Tags:</strong> Support</p></body></html>"""
CODES = 'tag,description,number of highlights\nPlanning,"Plans, made or missing",2\nSupport,,1\n'
