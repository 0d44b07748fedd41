"""Word documents: paragraphs and tables in the order of the body, tracked insertions kept, nothing lost in silence."""

from __future__ import annotations

from qualcode.model import Bundle
from qualcode.readers.options import ReadOptions
from qualcode.readers.pages import bound, margins
from qualcode.readers.wordbody import append_notes, body
from qualcode.readers.wordml import package


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source: paragraphs joined with LF, table cells with tabs, foot- and endnotes at the end.

    Comments, headers and footers are in the notices; tracked deletions are counted there. Raises InputError for
    bytes that are no Word document, LimitExceeded at the caps of `guards`.
    """
    parts = package(raw, name)
    pages = body(parts.main, parts.styles)
    for part in parts.notes:
        append_notes(pages, part)
    pages.comments = parts.comments()
    return bound(raw, name, pages, margins(name, parts.margins()), options.speakers)
