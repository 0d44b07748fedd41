"""REFI-QDA codebooks (.qdc), and the codes inside a project: hierarchy, colours, descriptions.

The namespace is not looked at: version 0.4 has another one than 1.0, and some programs write none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode import guards
from qualcode.errors import InputError
from qualcode.model import Bundle
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects.assembly import bundle_of
from qualcode.readers.projects.terms import Foreign, ForeignCode, line
from qualcode.readers.sources import stem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:  # noqa: ARG001 - every reader is called alike
    """One codebook, called like the file. Raises InputError for what is no sound .qdc file."""
    root = guards.parse_xml(raw, name)
    if tag(root) not in ("CodeBook", "Codebook"):
        raise InputError(f"{name} holds no REFI-QDA codebook", "export it again; a whole project ends in .qdpx")
    origin = line(root.get("origin", ""))
    project = Foreign(name, origin or "REFI-QDA", stem(name), own_books=origin.casefold().startswith("qualcode"))
    project.codes, _ = codes_of(root)
    sets = sum(1 for one in root.iter() if tag(one) == "Set")
    if sets:
        project.miss("sets", f"{sets} sets of codes: there is no such thing here, so they are not taken over")
    return bundle_of([project], name)


def codes_of(root: Element) -> tuple[list[ForeignCode], list[Element]]:
    """The codes below ``CodeBook/Codes``, parents first, and their elements."""
    book = root if tag(root) in ("CodeBook", "Codebook") else None
    book = book if book is not None else next((one for one in root if tag(one) in ("CodeBook", "Codebook")), None)
    found: list[ForeignCode] = []
    elements: list[Element] = []
    if book is None:
        return found, elements
    stack: list[tuple[Element, str | None]] = [(one, None) for one in reversed(list(below(book, "Codes")))]
    while stack:
        element, above = stack.pop()
        if tag(element) != "Code":
            continue
        key = element.get("guid", "").strip("{} ").casefold() or f"code {len(found) + 1}"
        found.append(ForeignCode(key, named(element), above, described(element), element.get("color")))
        elements.append(element)
        stack += [(child, key) for child in reversed(list(element))]
    return found, elements


def below(element: Element, group: str) -> Iterator[Element]:
    """The elements inside a group that stands directly below `element`."""
    for one in element:
        if tag(one) == group:
            yield from one


def tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def named(element: Element) -> str:
    """The `name` of an element."""
    return line(element.get("name", ""))


def described(element: Element) -> str:
    """The text of an element's Description."""
    return next(("".join(child.itertext()).strip() for child in element if tag(child) == "Description"), "")
