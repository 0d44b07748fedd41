"""Plain text: transcripts with any speaker habit of `habits`, and documents."""

from __future__ import annotations

from qualcode.decoding import decode
from qualcode.model import Bundle
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import source_of
from qualcode.readers.turns import talk


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source, whose text is the decoded file with LF line ends; raises InputError for bytes that are no text."""
    decoded = decode(raw, name, options.encoding)
    return source_of(raw, name, decoded.text, talk(decoded.text, name), decoded.notices)
