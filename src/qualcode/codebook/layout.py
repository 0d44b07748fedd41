"""Where the pieces of a codebook file stand in its lines, and how to put lines in or take them out.

Works on the text between node marks, so that every byte outside the change stays. Offsets are code points. Lists in
brackets are not taken apart: that raises InBrackets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qualcode.codebook.nodes import MappingNode, Node, Scalar, SequenceNode
from qualcode.errors import CodebookError, nearest


class InBrackets(CodebookError):
    """The list or code to change is written in brackets or braces on one line."""

    def __init__(self) -> None:
        super().__init__(
            "this part of the file is written in brackets", "write it with one dash a line, then try again"
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One code in the file: its own keys, the list it stands in, and the mapping that has this list under `codes`."""

    node: MappingNode
    siblings: SequenceNode
    owner: MappingNode

    @property
    def index(self) -> int:
        """The place in the list, from 0."""
        return next(n for n, other in enumerate(self.siblings.items) if other is self.node)


def value(node: MappingNode, key: str) -> Node | None:
    """What stands under a key, or None."""
    return next((found for name, found in node.pairs if isinstance(name, Scalar) and name.text == key), None)


def find(root: MappingNode, path: str) -> Item:
    """The item of a code's full path; raises CodebookError with the nearest path."""
    name, *segments = path.split("/")
    here = Item(root, SequenceNode(0, 0, False), root)
    known = value(root, "name")
    wanted = segments if isinstance(known, Scalar) and known.text == name else []
    for segment in wanted:
        codes = value(here.node, "codes")
        items = codes.items if isinstance(codes, SequenceNode) else []
        owner = here.node
        match = next((item for item in items if isinstance(item, MappingNode) and _segment(item) == segment), None)
        if match is None or not isinstance(codes, SequenceNode):
            break
        here = Item(match, codes, owner)
    else:
        if wanted:
            return here
    near = nearest(path[:200], paths(root))
    raise CodebookError(f'no code "{path}" in this file', f'did you mean "{near}"?' if near else "check the path")


def _segment(node: MappingNode) -> str:
    code = value(node, "code")
    return code.text if isinstance(code, Scalar) else ""


def paths(node: MappingNode, above: str = "") -> list[str]:
    """The paths of all codes below a mapping, in file order; for the root, leave `above` out."""
    if not above:
        name = value(node, "name")
        above = name.text if isinstance(name, Scalar) else "?"
    codes = value(node, "codes")
    found = []
    for item in codes.items if isinstance(codes, SequenceNode) else []:
        if isinstance(item, MappingNode):
            path = f"{above}/{_segment(item)}"
            found += [path, *paths(item, path)]
    return found


def column(text: str, at: int) -> int:
    """How many characters stand before `at` on its line."""
    return at - (text.rfind("\n", 0, at) + 1) - (text.startswith("\ufeff") and "\n" not in text[:at])


def line_break(text: str) -> str:
    """The line end of the file: that of its first line."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def end_of(text: str, node: Node, margin: int) -> int:
    """Where the lines of a node end: after its last line and comments below it that stand right of `margin`."""
    at = _line_end(text, len(text[: node.end].rstrip(" \t\r\n")))
    ahead = at
    while ahead < len(text):
        line = text[ahead : _line_end(text, ahead)]
        content = line.lstrip(" ")
        if content.startswith("#") and len(line) - len(content) > margin:
            at = ahead + len(line)
        elif content.strip():
            break
        ahead += len(line)
    return at


def start_of(text: str, item: Item) -> int:
    """Where the lines of a code begin: at its dash, or at the comments directly above it in the same column."""
    dash = column(text, item.siblings.start)
    at = text.rfind("\n", 0, item.node.start) + 1
    while text[at : at + dash + 1] != " " * dash + "-" and at > item.siblings.start:
        at = text.rfind("\n", 0, at - 1) + 1
    while at > 0:
        above = text.rfind("\n", 0, at - 1) + 1
        if not text[above:at].startswith(" " * dash + "#"):
            break
        at = above
    return at


def put(text: str, at: int, lines: list[str]) -> str:
    """The text with whole lines put in at the beginning of a line, or at the end of the text."""
    end = line_break(text)
    before = text[:at] + (end if at and not text[:at].endswith("\n") else "")
    return before + "".join(line + end for line in lines) + text[at:]


def add_child(text: str, owner: MappingNode, lines_at: Callable[[int], list[str]]) -> str:
    """The text with one more code at the end of `owner`'s list; `lines_at` gives its lines for the dash's column."""
    codes = value(owner, "codes")
    if owner.flow or (isinstance(codes, SequenceNode) and codes.flow and codes.items):
        raise InBrackets
    margin = column(text, owner.start)
    if codes is None:
        lines = [" " * margin + "codes:", *lines_at(margin + 2)]
        return put(text, end_of(text, owner.pairs[-1][1], margin), lines)
    if not isinstance(codes, SequenceNode) or not codes.items:
        emptied = text[: codes.start].rstrip(" ") + text[codes.end :]
        at = _line_end(emptied, len(text[: codes.start].rstrip(" ")))
        return put(emptied, at, lines_at(margin + 2))
    dash = column(text, codes.start)
    at = end_of(text, codes.items[-1], dash)
    gap = [""] if _spaced(text, codes, owner) else []
    return put(text, at, gap + lines_at(dash))


def _spaced(text: str, codes: SequenceNode, owner: MappingNode) -> bool:
    """Whether a blank line stands between the last two codes of a list."""
    if len(codes.items) < 2:
        return False
    last = codes.items[-1]
    assert isinstance(last, MappingNode)
    start = start_of(text, Item(last, codes, owner))
    return not text[text.rfind("\n", 0, start - 1) + 1 : start].strip()


def take(text: str, item: Item) -> tuple[str, list[str]]:
    """The text without a code, and the lines taken out (without line ends)."""
    if item.siblings.flow or item.node.flow:
        raise InBrackets
    start = start_of(text, item)
    end = end_of(text, item.node, column(text, item.siblings.start))
    lines = [line.removesuffix("\r") for line in text[start:end].removesuffix("\n").split("\n")]
    if len(item.siblings.items) == 1:
        key = next(key for key, found in item.owner.pairs if found is item.siblings)
        colon = text.index(":", key.end)
        return text[: colon + 1] + " []" + text[colon + 1 : start] + text[end:], lines
    before = text[:start]
    if item.index > 0:
        kept = before.rstrip("\r\n \t")
        before = before[: _line_end(before, len(kept))]
    return before + text[end:], lines


def shifted(lines: list[str], by: int) -> list[str]:
    """The lines moved right, or left as far as they have blanks; empty lines stay empty."""
    if by >= 0:
        return [" " * by + line if line else line for line in lines]
    return [line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines]
