"""Giving a code another label in its file; every other byte stays, as with `edits`."""

from __future__ import annotations

from qualcode.codebook import layout
from qualcode.codebook.canonical import quoted, scalar
from qualcode.codebook.nodes import MappingNode, Scalar, parse
from qualcode.errors import CodebookError


def relabel_code(text: str, path: str, label: str) -> str:
    """The file's text with another label for a code: in the place of the old one, else on a line below `code:`.

    Raises CodebookError for a code that is not there, or whose label is written over several lines.
    """
    root = parse(text)
    assert isinstance(root, MappingNode)
    node = layout.find(root, path).node
    found = layout.value(node, "label")
    if isinstance(found, Scalar) and found.text == label:
        return text
    if isinstance(found, Scalar) and not found.absent:
        if "\n" in text[found.start : found.end]:
            raise CodebookError(f"the label of {path} is written over several lines", "change it by hand")
        said = quoted(label) if found.style or node.flow else scalar(label)
        return text[: found.start] + said + text[found.end :]
    if node.flow:
        raise layout.InBrackets
    code = layout.value(node, "code")
    assert code is not None
    if found is not None:
        raise CodebookError(f"the label of {path} is empty in the file", "change it by hand")
    margin = layout.column(text, node.start)
    return layout.put(text, layout.end_of(text, code, margin), [f"{' ' * margin}label: {scalar(label)}"])
