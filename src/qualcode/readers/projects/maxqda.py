"""MAXQDA's files where they are SQLite (exchange files .mex, projects of MAXQDA 12 and later): codings as excerpts.

The format is not published. What is used is what public programs use of it: `Codings` (TextID, WordID, Preview,
SegPos1X, SegPos2X), `Codewords` and `Texts` (ID, Name). `Preview` keeps the first 63 characters of a passage, the
positions tell how long it is. How texts, parents of codes, coders and memos are stored is not known, so they are not
read: the journey looks for the words in the transcripts that are here.
"""

from __future__ import annotations

from qualcode.errors import InputError
from qualcode.model import Bundle, Excerpt, Notice
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects.assembly import bundle_of
from qualcode.readers.projects.database import number, opened, text
from qualcode.readers.projects.terms import Foreign, ForeignCode, line
from qualcode.readers.sources import stem

PREVIEW = 63
_WAY_OUT = "for texts, memos and who coded, let MAXQDA export a REFI-QDA project (.qdpx)"


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:  # noqa: ARG001 - every reader is called alike
    """An excerpt for each coding with words and a code. Raises InputError for a file without any."""
    with opened(raw, name) as database:
        codes = {number(row["ID"]): line(text(row["Name"])) for row in database.records("Codewords", ("ID", "Name"))}
        texts = {number(row["ID"]): line(text(row["Name"])) for row in database.records("Texts", ("ID", "Name"))}
        columns = ("ID", "TextID", "WordID", "Preview", "SegPos1X", "SegPos2X")
        excerpts, wordless = [], 0
        for row in database.records("Codings", columns):
            code, quote = codes.get(number(row["WordID"]), ""), text(row["Preview"]).replace("\r\n", "\n")
            start, end = number(row["SegPos1X"]), number(row["SegPos2X"])
            if not code or not quote.strip():
                wordless += 1
                continue
            document = texts.get(number(row["TextID"]), "")
            long = len(quote) >= PREVIEW and start is not None and end is not None
            length = (end or 0) - (start or 0) if long else 0
            where = f"{name}: coding {number(row['ID'])}"
            excerpts.append(Excerpt(where, quote, (code,), document, offset=start, length=max(0, length)))
    if not excerpts:
        raise InputError(f"{name} has no coding of words", "let MAXQDA export a REFI-QDA project (.qdpx)")
    said = f"read as MAXQDA's: {len(excerpts)} codings of {len(codes)} codes in {len(texts)} documents; {_WAY_OUT}"
    notices = [Notice(name, "info", said)]
    if cut := sum(bool(one.length) for one in excerpts):
        said = f"of {cut} passages the file keeps the first {PREVIEW} characters; their ends are counted: check them"
        notices.append(Notice(name, "warning", said))
    if wordless:
        notices.append(Notice(name, "warning", f"{wordless} codings without words or without a code were left out"))
    return Bundle(notices=tuple(notices), excerpts=tuple(excerpts))


def codebook(raw: bytes, name: str) -> Bundle:
    """The codes of the file as a codebook without levels. Raises InputError for a file without any."""
    with opened(raw, name) as database:
        project = Foreign(name, "MAXQDA", stem(name))
        for row in database.records("Codewords", ("ID", "Name")):
            project.codes.append(ForeignCode(str(number(row["ID"])), text(row["Name"])))
    if not project.codes:
        raise InputError(f"{name} has no codes", "let MAXQDA export its codebook as REFI-QDA (.qdc)")
    return bundle_of([project], name)
