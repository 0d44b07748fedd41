"""The parts of a Word package and the words of its elements, read by local names behind the caps of `guards`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from qualcode import guards
from qualcode.errors import InputError, QualcodeError

# Elements whose words are no part of the text as it stands.
_SKIPPED = {"pPr", "rPr", "tblPr", "tcPr", "trPr", "sectPr", "tblGrid", "instrText", "delInstrText", "delText", "rt"}
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_DROPPED = {"del", "moveFrom"}
BOLD = "in bold"
_LOOKS = {"b": BOLD, "i": "in italics", "u": "underlined"}


def local(element: Any) -> str:
    """The element's name without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Any, name: str) -> str | None:
    """An attribute by its local name."""
    return next((given for key, given in element.attrib.items() if key.rpartition("}")[2] == name), None)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the package: what it is for (``footnotes``, ``header`` …) and its root element."""

    kind: str
    root: Any

    def items(self) -> Iterator[Any]:
        """Notes or comments, without the separators that Word keeps among them."""
        for item in self.root:
            if local(item) in ("footnote", "endnote", "comment") and value(item, "type") in (None, "normal"):
                yield item


@dataclass(frozen=True, slots=True)
class Package:
    """The document's root element and the parts beside it that hold words."""

    main: Any
    styles: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    @property
    def notes(self) -> list[Part]:
        """Footnotes, then endnotes."""
        return [part for kind in ("footnotes", "endnotes") for part in self.parts if part.kind == kind]

    def comments(self) -> list[tuple[str, str]]:
        """(author, text) of every comment, in order."""
        return [
            (value(item, "author") or "", " ".join(words(item).split()))
            for part in self.parts
            if part.kind == "comments"
            for item in part.items()
        ]

    def margins(self) -> list[tuple[str, str]]:
        """("header" or "footer", text), one for each part."""
        return [(part.kind, words(part.root)) for part in self.parts if part.kind in ("header", "footer")]


def package(raw: bytes, name: str) -> Package:
    """The package in the bytes of a .docx; raises InputError when it is none, LimitExceeded at a cap."""
    archive = guards.Archive(raw, name)
    for member in archive.names():
        if member.lower().endswith((".xml", ".rels")):
            guards.check_xml(archive.read(member), name)
    from docx import Document

    try:
        document = Document(io.BytesIO(raw))
        related = [relation for relation in document.part.rels.values() if not relation.is_external]
        parts = [_part(relation, name) for relation in related]
        styles = {
            value(one, "styleId") or "": _style_name(one) for one in document.styles.element if local(one) == "style"
        }
        return Package(document.element, styles, [part for part in parts if part])
    except QualcodeError:
        raise
    except (
        Exception
    ) as error:  # python-docx raises KeyError, ValueError, AttributeError and lxml's own on mangled parts
        raise InputError(
            f"{name} is no Word document that can be read", "open it in Word and save it as .docx"
        ) from error


def _part(relation: Any, name: str) -> Part | None:
    kind = relation.reltype.rpartition("/")[2]
    if kind not in ("footnotes", "endnotes", "comments", "header", "footer"):
        return None
    return Part(kind, guards.parse_xml(relation.target_part.blob, name))


def _style_name(style: Any) -> str:
    return next((value(child, "val") or "" for child in style if local(child) == "name"), "")


def chosen(element: Any) -> Any:
    """Of an AlternateContent the branch to read: the first that holds words."""
    for branch in element:
        if any(local(inner) == "t" for inner in branch.iter()):
            return branch
    return ()


def runs(element: Any, dropped: list[str] | None = None, boxes: list[Any] | None = None) -> Iterator[tuple[str, str]]:
    """(text, look) for the run content under a paragraph, in reading order.

    Tracked deletions go to `dropped`; text boxes to `boxes`, to be read after the paragraph. The look, "in bold" or
    the like, empty for plain type, is none of the text's business but helps to find labels and questions.
    """
    yield from _runs(element, "", dropped if dropped is not None else [], boxes if boxes is not None else [])


def _runs(element: Any, look: str, dropped: list[str], boxes: list[Any]) -> Iterator[tuple[str, str]]:
    for child in element:
        name = local(child)
        if name == "t":
            yield (child.text or "").replace("\r", "\n").replace("\ufeff", ""), look
        elif name in _BREAKS:
            yield _BREAKS[name], look
        elif name == "sym":
            yield _symbol(child), look
        elif name in _DROPPED:
            if name == "del":
                dropped.append("".join(inner.text or "" for inner in child.iter() if local(inner) in ("delText", "t")))
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "AlternateContent":
            yield from _runs(chosen(child), look, dropped, boxes)
        elif name and name not in _SKIPPED:
            yield from _runs(child, _look(child) if name == "r" else look, dropped, boxes)


def _look(run: Any) -> str:
    given: dict[str, str] = {}
    for child in run:
        if local(child) == "rPr":
            given = {local(one): value(one, "val") or "" for one in child}
    for name, look in _LOOKS.items():
        if given.get(name, "0") not in ("0", "false", "off", "none"):
            return look
    colour = given.get("color", "auto").casefold()
    return f"in the colour {colour}" if colour not in ("", "auto", "000000") else ""


def _symbol(element: Any) -> str:
    try:
        char = chr(int(value(element, "char") or "", 16))
    except (ValueError, OverflowError):
        return "\ufffd"
    return "\ufffd" if char in "\0\r\ufeff" or "\ud800" <= char <= "\udfff" else char


def words(element: Any) -> str:
    """All text under an element, paragraphs separated by spaces."""
    paragraphs = [inner for inner in element.iter() if local(inner) == "p"]
    return " ".join("".join(text for text, _ in runs(paragraph)) for paragraph in paragraphs)
