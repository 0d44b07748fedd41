"""OpenDocument texts: paragraphs, lists and tables in the order of the body, nothing lost in silence."""

from __future__ import annotations

from qualcode import guards
from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers.odfbody import body, page_margins
from qualcode.readers.options import ReadOptions
from qualcode.readers.pages import bound, margins


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source: paragraphs joined with LF, table cells with tabs, foot- and endnotes at the end.

    Comments, headers and footers are in the notices; tracked deletions are counted there. Raises InputError for
    bytes that are no OpenDocument text, LimitExceeded at the caps of `guards`.
    """
    archive = guards.Archive(raw, name)
    members = set(archive.names())
    if "META-INF/manifest.xml" in members and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise InputError(f"{name} is protected by a password", "save it without one")
    if "content.xml" not in members:
        raise InputError(f"{name} is no OpenDocument text", "open it in its program and save it as .odt or .docx")
    content = guards.parse_xml(archive.read("content.xml"), name)
    styles = guards.parse_xml(archive.read("styles.xml"), name) if "styles.xml" in members else None
    pages = body(content, styles, name)
    return bound(raw, name, pages, margins(name, page_margins(styles)), options.speakers)
