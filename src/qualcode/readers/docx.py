"""Word documents: paragraphs and tables in the order of the body, tracked insertions kept, nothing lost in silence."""

from __future__ import annotations

from qualcode import guards
from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers.options import ReadOptions
from qualcode.readers.pages import Pages, body
from qualcode.readers.sources import source_of
from qualcode.readers.turns import Layout, talk, titles
from qualcode.readers.wordml import Package, Part, package


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source: paragraphs joined with LF, table cells with tabs, foot- and endnotes at the end.

    Comments, headers and footers are in the notices; tracked deletions are counted there. Raises InputError for
    bytes that are no Word document, LimitExceeded at the caps of `guards`.
    """
    del options  # a .docx says its own encoding
    parts = package(raw, name)
    pages = body(parts.main, parts.styles)
    notes = _append_notes(pages, parts.notes)
    text = pages.text()
    if not text.strip():
        raise InputError(f"{name} holds no text", "check that it is not a scan, and was saved whole")
    guards.check_size(len(text), name)
    layout = Layout(
        bold=pages.bold,
        breaks=(*titles(text, pages.headings), *notes),
        marks=tuple(pages.marks),
        settled=(*pages.settled, *notes),
        by_line=True,
    )
    return source_of(raw, name, text, talk(text, name, layout), _notices(name, pages, parts, len(notes)))


def _append_notes(pages: Pages, parts: list[Part]) -> list[tuple[int, int]]:
    """Foot- and endnotes as paragraphs after the body; their ranges."""
    ranges = []
    for part in parts:
        for note in part.items():
            start = pages.here
            pages.add_paragraphs(note)
            if pages.here > start:
                ranges.append((start, pages.here - 1))
    return ranges


def _notices(name: str, pages: Pages, parts: Package, notes: int) -> list[Notice]:
    notices = []
    if pages.deletions:
        said = f"tracked deletions are not in the text: {pages.deletions} with {pages.deleted_words} words"
        notices.append(Notice(name, "warning", said))
    if notes:
        notices.append(Notice(name, "info", f"{notes} foot- or endnotes stand at the end of the text"))
    notices += [Notice(name, "info", f"comment by {author or 'nobody'}: {said}") for author, said in parts.comments()]
    notices += [Notice(name, "info", f"page {kind}, not in the text: {said}") for kind, said in parts.margins()]
    return notices
