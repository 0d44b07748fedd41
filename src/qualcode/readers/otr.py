"""oTranscribe's own file (.otr): JSON around a page of HTML whose time stamps are marked."""

from __future__ import annotations

import json
import re

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers.html import root_of
from qualcode.readers.hypertext import Walk
from qualcode.readers.options import ReadOptions
from qualcode.readers.pages import bound

_HALVES = re.compile("[\0\ud800-\udfff]")
_STAMP = re.compile(r"<span\b[^>]{0,200}\btimestamp\b[^>]{0,200}>([^<]{0,20})</span>(?:&nbsp;|[ \t\u00a0])*")


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source: the paragraphs with their stamps in brackets, as oTranscribe exports them.

    Raises InputError for what is no such file.
    """
    decoded = decode(raw, name, options.encoding)
    try:
        document = json.loads(decoded.text)
    except ValueError as error:
        raise InputError(f"{name} is no JSON that can be read", "export it from oTranscribe as text") from error
    page = document.get("text") if isinstance(document, dict) else None
    if not isinstance(page, str) or not page.strip():
        raise InputError(f"{name} holds no transcript of oTranscribe", "export it from oTranscribe as text")
    guards.check_size(len(page), name, guards.TEXT_BYTES)
    walk = Walk()
    walk.through(root_of(_STAMP.sub(r"[\1] ", _HALVES.sub("\ufffd", page)), name))
    media = document.get("media")
    notices = (
        [Notice(name, "info", f"recording: {' '.join(media.split())}")] if isinstance(media, str) and media else []
    )
    return bound(raw, name, walk.finished(), [*decoded.notices, *notices], options.speakers)
