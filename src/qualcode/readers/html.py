"""Web pages: their paragraphs, lists and tables in order; scripts out, navigation and controls told in notices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qualcode import guards
from qualcode.decoding import Decoded, decode
from qualcode.errors import InputError, LimitExceeded, QualcodeError
from qualcode.model import Bundle, Notice
from qualcode.readers.hypertext import Walk
from qualcode.readers.options import ReadOptions
from qualcode.readers.pages import bound

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_WESTERN = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252"}


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source: paragraphs joined with LF, table cells with tabs; marked speakers of players are labels.

    What a browser shows beside the text (navigation, buttons) and what it hides is in the notices. Raises InputError
    for bytes without text and LimitExceeded for more tags than a page has.
    """
    decoded = _decoded(raw, name, options.encoding)
    if decoded.text.count("<") > guards.XML_ELEMENTS:
        raise LimitExceeded(f"{name} has more than {guards.XML_ELEMENTS:,} tags", "split it, or save its text as .txt")
    walk = Walk()
    walk.through(root_of(decoded.text, name))
    pages = walk.finished()
    return bound(raw, name, pages, [*decoded.notices, *_notices(name, walk, pages.text())], options.speakers)


def _decoded(raw: bytes, name: str, encoding: str | None) -> Decoded:
    """The page as `encoding` says, else as it says itself where that is true, else as any text."""
    found = _CHARSET.search(raw, 0, 4096)
    said = found[1].decode("ascii").lower() if found and not encoding and b"\0" not in raw[:4096] else ""
    if not said:
        return decode(raw, name, encoding)
    try:
        return decode(raw, name, "cp1252" if said in _WESTERN else said)
    except QualcodeError:
        other = decode(raw, name)
    return Decoded(other.text, other.encoding, (*other.notices, Notice(name, "warning", f"the page is not {said}")))


def root_of(text: str, name: str) -> Any:
    """The root element of a page's text. Raises InputError for no page, LimitExceeded for one nested too deeply."""
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", text, count=1), parser=parser, ensure_head_body=True)
    except (etree.LxmlError, ValueError, AssertionError, LookupError) as error:
        raise InputError(f"{name} is no web page that can be read", "save its text as .txt or .docx") from error
    # The parser drops what is nested over 2,048 deep, and says so only here.
    if any(one.type_name == "ERR_RESOURCE_LIMIT" for one in parser.error_log):
        raise LimitExceeded(f"{name} nests too deeply for a web page", "save its text as .txt or .docx")
    return root


def _notices(name: str, walk: Walk, text: str) -> Iterator[Notice]:
    if walk.title and walk.title not in " ".join(text.split()):
        yield Notice(name, "info", f"title of the page, not in the text: {walk.title}")
    for kind, pieces in walk.dropped.items():
        yield Notice(name, "info", f"{kind}, not in the text: {' · '.join(dict.fromkeys(pieces))}")
