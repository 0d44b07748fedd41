"""YAML text -> a small tree that knows where each piece stands, with caps kept while it is built.

PyYAML's pure-Python parser supplies the events: its C parser dies on 100,000 nested ``[``. Nothing is resolved, so
every scalar stays what was typed (``no``, ``1:30``, ``2024``); anchors, aliases and tags are refused. The tree is
built with a list, not by recursion. Offsets are code points into the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from qualcode.guards import YAML_DEPTH

if TYPE_CHECKING:
    import yaml

COUNT = 50_000  # keys, values and items; 50,000 take about half a second to parse


@dataclass(slots=True)
class Scalar:
    """A piece of text; `style` is None when it stands plainly, else its quotation mark, ``|`` or ``>``."""

    text: str
    start: int
    end: int
    style: str | None = None

    @property
    def absent(self) -> bool:
        """Whether nothing at all was typed (``label:``)."""
        return self.start == self.end


@dataclass(slots=True)
class SequenceNode:
    """A list; `flow` when written in brackets."""

    start: int
    end: int
    flow: bool
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class MappingNode:
    """Keys and values in file order, duplicates included; `flow` when written in braces."""

    start: int
    end: int
    flow: bool
    pairs: list[tuple[Node, Node]] = field(default_factory=list)


Node: TypeAlias = Scalar | SequenceNode | MappingNode


class Malformed(Exception):
    """The text is no YAML that we take: where (a code point offset), what, and the way out."""

    def __init__(self, at: int, what: str, way_out: str) -> None:
        super().__init__(what)
        self.at = at
        self.what = what
        self.way_out = way_out


class Places:
    """Turns code point offsets into (line, column), both from 1; lines end as editors see them (LF, CRLF, CR)."""

    def __init__(self, text: str) -> None:
        self._bom = text.startswith("\ufeff")
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """The line and column of a code point."""
        line = bisect_right(self._starts, offset)
        unseen = self._bom and line == 1 and offset > 0
        return line, offset - self._starts[line - 1] + 1 - unseen


def parse(text: str) -> Node | None:
    """The tree of the only document in `text`, None when there is none; raises Malformed."""
    import yaml

    _refuse_unprintable(text)
    loader = yaml.BaseLoader(text)
    try:
        return _build(loader)
    except yaml.MarkedYAMLError as error:
        raise _explained(error) from None
    except (ValueError, OverflowError):  # a number or a character code out of range, in an escape or a directive
        raise Malformed(loader.index, "a number here is too large", "put the text in single quotes") from None
    finally:
        loader.dispose()


def _refuse_unprintable(text: str) -> None:
    import yaml.reader

    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if found:
        raise Malformed(
            found.start(),
            f"a character that text cannot hold (U+{ord(found.group()):04X})",
            "delete it, or save the file again as plain UTF-8",
        )


def _build(loader: yaml.BaseLoader) -> Node | None:
    import yaml

    root: Node | None = None
    open_nodes: list[tuple[SequenceNode | MappingNode, list[Node]]] = []
    event: Any
    for count, event in enumerate(iter(loader.get_event, None)):
        start, end = event.start_mark.index, event.end_mark.index
        if count > COUNT:
            raise Malformed(start, f"more than {COUNT:,} entries", "split the codebook in two")
        if isinstance(event, yaml.CollectionEndEvent):
            node: Node = _closed(*open_nodes.pop(), end)
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((_opened(event, len(open_nodes)), []))
            continue
        elif isinstance(event, yaml.NodeEvent):
            node = _scalar(event)
        elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise Malformed(start, "a second document begins here", "keep one codebook in a file")
        else:
            continue
        if open_nodes:
            open_nodes[-1][1].append(node)
        else:
            root = node
    return root


def _opened(event: Any, depth: int) -> SequenceNode | MappingNode:
    import yaml

    _refuse_marks(event)
    start = event.start_mark.index
    if depth >= YAML_DEPTH:
        raise Malformed(start, f"nested deeper than {YAML_DEPTH} levels", "nest less, or quote the brackets")
    kind = SequenceNode if isinstance(event, yaml.SequenceStartEvent) else MappingNode
    return kind(start, start, bool(event.flow_style))


def _closed(node: SequenceNode | MappingNode, inside: list[Node], end: int) -> Node:
    if isinstance(node, SequenceNode):
        node.items = inside
    else:
        node.pairs = list(zip(inside[::2], inside[1::2], strict=True))
    # PyYAML ends a block only where the next token begins, after comments and blank lines
    node.end = end if node.flow or not inside else inside[-1].end
    return node


def _scalar(event: Any) -> Scalar:
    _refuse_marks(event)
    start, end = event.start_mark.index, event.end_mark.index
    text = event.value
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = _paired(text, start)
    return Scalar(text, start, end, event.style or None)


def _paired(text: str, at: int) -> str:
    r"""Joins surrogate pairs, which JSON writes as ``\ud83d\ude00``."""
    try:
        return str(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
    except UnicodeDecodeError:
        raise Malformed(
            at, "half of a character (a lone surrogate)", r"write the character itself, or \U with eight digits"
        ) from None


def _refuse_marks(event: Any) -> None:
    import yaml

    at = event.start_mark.index
    if isinstance(event, yaml.AliasEvent):
        raise Malformed(at, "an alias (*) is not taken here", "put a text that begins with * in quotes")
    if event.anchor is not None:
        raise Malformed(at, "an anchor (&) is not taken here", "put a text that begins with & in quotes")
    if event.tag is not None:
        raise Malformed(at, "a tag (!) is not taken here", "put a text that begins with ! in quotes")


_QUOTE = "put the whole text in quotes"
_EDGE = "the indentation"
# PyYAML's words (looked for in problem and context together) -> what to say; the first that fits is used.
# True: the place to look at is where the thing began, not where the parser gave up.
_SAYINGS: tuple[tuple[str, bool, str, str], ...] = (
    (r"character '\\t' that cannot", False, "a tab where YAML takes only spaces", "indent with spaces"),
    ("that cannot start any token", False, "a text cannot begin with this character", _QUOTE),
    ("quoted scalar.*unexpected end", True, "this quotation mark is never closed", "close it at the end of the text"),
    ("quoted scalar.*document separator", True, "this quotation mark is never closed", "close it before the ---"),
    ("unknown escape|escape sequence of", False, "\\ has a meaning inside double quotes", "use single quotes"),
    ("mapping values are not allowed", False, "a colon and a space inside a text", f"{_QUOTE}, or correct {_EDGE}"),
    ("could not find expected ':'", True, "this line is no `key: value` and no `- item`", f"correct {_EDGE}"),
    ("sequence entries are not allowed", False, "a list item cannot stand here", "begin it on its own line"),
    ("scanning a block scalar", False, "text directly after > or |", "begin it on the next line, or quote it"),
    ("flow sequence", True, "this [ is not closed where it should be", "close it with ], or quote the text"),
    ("flow mapping", True, "this { is not closed where it should be", "close it with }, or quote the text"),
    (r"block end>, but found '(<scalar>|,|\[|\{)'", False, "text after a closing quotation mark or bracket", _QUOTE),
    ("expected <block end>", False, "this does not line up with the lines above", f"correct {_EDGE}"),
    ("scanning an (alias|anchor)", True, "* and & have a meaning at the beginning of a text", _QUOTE),
    ("tag", True, "! has a meaning at the beginning of a text", _QUOTE),
    ("directive|incompatible YAML", True, "% has a meaning at the beginning of a line", "delete the line"),
    ("document start", False, "text after the end of the list or mapping", f"correct {_EDGE}"),
)


def _explained(error: yaml.MarkedYAMLError) -> Malformed:
    said = f"{error.context or ''} {error.problem or ''}"
    here = error.problem_mark or error.context_mark
    for pattern, at_beginning, what, way_out in _SAYINGS:
        if re.search(pattern, said, re.IGNORECASE | re.DOTALL):
            mark = (error.context_mark if at_beginning else None) or here
            return Malformed(mark.index if mark else 0, what, way_out)
    return Malformed(here.index if here else 0, "this cannot be read as YAML", "check quotes, colons and indentation")
