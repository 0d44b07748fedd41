"""The root of an XML transcript file, read without ever opening what it refers to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError
from qualcode.readers.options import ReadOptions

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def root_of(raw: bytes, name: str, options: ReadOptions, tag: str, kind: str) -> Element:
    """The root element, which must be `tag`; its DOCTYPE may name a file, which stays unread.

    `options.encoding` overrules what the file declares. Raises InputError and LimitExceeded.
    """
    guards.check_size(len(raw), name)
    if not raw:
        raise InputError(f"{name} is empty", "check that it was saved or downloaded whole")
    if options.encoding:
        raw = _DECLARATION.sub("", decode(raw, name, options.encoding).text).encode("utf-8")
    root = guards.parse_xml(raw, name, outer_dtd=True)
    if root.tag != tag:
        raise InputError(f"{name} is not {kind}", "give --format txt to read it as plain text")
    return root
