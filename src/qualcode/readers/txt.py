"""Plain text: transcripts with any speaker habit of `habits`, chat logs, NVivo's tables, and documents."""

from __future__ import annotations

import re

from qualcode.decoding import decode
from qualcode.model import Bundle
from qualcode.readers import messages, table
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import source_of
from qualcode.readers.turns import talk

# The first line of the table that NVivo takes in and gives out, in any order of its columns.
_NVIVO = re.compile(
    r"(?=[^\n]*\bSpeaker\b)(?=[^\n]*\b(?:Content|Text|Transcript)\b)\t?\"?\w[\w \"]*(?:\t\"?\w[\w \"]*){1,9}(?:\n|$)",
    re.I,
)


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source, whose text is the decoded file with LF line ends; raises InputError for bytes that are no text.

    A tab table with columns of speakers and content is put together as a transcript in rows, unless `options.format`
    says that it is text.
    """
    decoded = decode(raw, name, options.encoding)
    text = decoded.text
    if options.format is None and _NVIVO.match(text):
        found = table.cells(raw, name, options)
        if table.talk_columns(found):
            return table.from_table(raw, found)
    log = messages.layout_of(text, name)
    if log:
        layout, notice = log
        return source_of(raw, name, text, talk(text, name, layout), [*decoded.notices, notice])
    return source_of(raw, name, text, talk(text, name, speakers=options.speakers), decoded.notices)
