"""Changing a codebook file in place: comments, order, quotation marks and line ends stay as they are.

Every function takes the file's text (`text_of`) and returns the new text. The result is read again and compared with
the codebook that was meant; when they differ, CodebookError is raised and there is nothing to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from qualcode.codebook import layout
from qualcode.codebook.canonical import bare, code_lines, cue_text, quoted
from qualcode.codebook.fields import SLUG
from qualcode.codebook.findings import shown
from qualcode.codebook.loader import read_text
from qualcode.codebook.nodes import MappingNode, Scalar, SequenceNode, parse
from qualcode.codebook.paths import new_path, slug
from qualcode.errors import CodebookError, CodebookProblems
from qualcode.model import Code, Codebook, Cue

ADDABLE = ("include", "exclude", "examples", "counterexamples", "cues")


def add_code(text: str, path: str, *, label: str = "", definition: str = "", example: str = "") -> str:
    """Adds a code as the last one below its parent (a code, or the codebook itself)."""
    codebook, root = _read(text)
    parent, _, segment = path.rpartition("/")
    _check_segment(segment)
    _check_free(codebook, path)
    code = Code(path, label=label, definition=definition, examples=(example,) if example else ())
    wanted = _with(codebook, parent, [code])
    return _verified(
        layout.add_child(text, _owner(root, codebook, parent), lambda dash: code_lines(code, dash)), wanted
    )


def rename_code(text: str, old: str, new: str) -> str:
    """Gives a code another last part of its path; the codes below it follow. Mentions in other texts stay."""
    codebook, root = _read(text)
    item = layout.find(root, old)
    _check_segment(new)
    path = f"{old.rpartition('/')[0]}/{new}"
    if path == old:
        return text
    _check_free(codebook, path)
    node = layout.value(item.node, "code")
    assert isinstance(node, Scalar)
    mark = node.style if node.style in ("'", '"') else ""
    wanted = replace(codebook, codes=tuple(_renamed(code, old, path) for code in codebook.codes))
    return _verified(text[: node.start] + mark + new + mark + text[node.end :], wanted)


def move_code(text: str, path: str, parent: str) -> str:
    """Moves a code, with all below it and its comments, to the end of another parent's codes."""
    codebook, root = _read(text)
    item = layout.find(root, path)
    _owner(root, codebook, parent)
    target = f"{parent}/{path.rpartition('/')[2]}"
    if f"{parent}/".startswith(f"{path}/"):
        raise CodebookError(f"{path} cannot be moved below itself", "name another parent")
    if target == path:
        return text
    _check_free(codebook, target)
    moved = [_renamed(code, path, target) for code in codebook.codes if _within(code, path)]
    wanted = _with(_without(codebook, path), parent, moved)
    dash = layout.column(text, item.siblings.start)
    left, lines = layout.take(text, item)
    owner = _owner(_read(left)[1], codebook, parent)
    return _verified(layout.add_child(left, owner, lambda to: layout.shifted(lines, to - dash)), wanted)


def retire_code(text: str, path: str, *, with_children: bool = False) -> str:
    """Takes a code out of the file; refuses to take codes below it along unless `with_children`."""
    codebook, root = _read(text)
    item = layout.find(root, path)
    below = [code.path for code in codebook.codes if _within(code, path)][1:]
    if below and not with_children:
        raise CodebookError(f"{path} has codes below it: {', '.join(below[:8])}", "move or retire these first")
    return _verified(layout.take(text, item)[0], _without(codebook, path))


def merge_code(text: str, path: str, into: str) -> str:
    """Takes a code out of the file and gives its examples and cues, where new, to the code `into`."""
    codebook, root = _read(text)
    layout.find(root, path)
    layout.find(root, into)
    if path == into:
        raise CodebookError(f"{path} cannot be merged into itself", "name two codes")
    old, target = _code(codebook, path), _code(codebook, into)
    text = add_items(text, into, "examples", [text for text in old.examples if text not in target.examples])
    text = add_items(text, into, "cues", [cue for cue in old.cues if cue not in target.cues])
    return retire_code(text, path)


def split_code(text: str, path: str, labels: Sequence[str]) -> str:
    """Adds one new code for each label beside a code, which stays until its codings have found their place."""
    parent = path.rpartition("/")[0]
    layout.find(_read(text)[1], path)
    for label in labels:
        taken = {code.path for code in _read(text)[0].codes}
        text = add_code(text, new_path(parent, label, taken), label=label)
    return text


def add_items(text: str, path: str, field: str, items: Sequence[str | Cue]) -> str:
    """Adds texts to a list of a code, or cues to its cues (a plain text is a phrase)."""
    if field not in ADDABLE:
        raise CodebookError(f"`{field}` is not a list of texts", f"one of {', '.join(ADDABLE)}")
    if not items:
        return text
    codebook, root = _read(text)
    node = layout.find(root, path).node
    code = _code(codebook, path)
    if field == "cues":
        cues = [item if isinstance(item, Cue) else Cue("phrase", item) for item in items]
        changed = replace(code, cues=(*code.cues, *cues))
        said = [cue_text(cue) for cue in cues]
    else:
        texts = [item.text if isinstance(item, Cue) else item for item in items]
        more: dict[str, Any] = {field: (*getattr(code, field), *texts)}
        changed = replace(code, **more)
        said = [quoted(text) for text in texts]
    codes = tuple(changed if other is code else other for other in codebook.codes)
    return _verified(_with_items(text, node, field, said), replace(codebook, codes=codes))


def _with_items(text: str, node: MappingNode, field: str, said: list[str]) -> str:
    """The text with more items in a list of one code: in its brackets, with dashes, or under a new key."""
    found = layout.value(node, field)
    if isinstance(found, SequenceNode) and found.flow:
        at = found.items[-1].end if found.items else found.start + 1
        return text[:at] + (", " if found.items else "") + ", ".join(said) + text[at:]
    if isinstance(found, SequenceNode):
        dash = layout.column(text, found.start)
        return layout.put(text, layout.end_of(text, found, dash), [f"{' ' * dash}- {one}" for one in said])
    if node.flow:
        raise layout.InBrackets
    margin = layout.column(text, node.start)
    lines = [f"{' ' * margin}  - {one}" for one in said]
    if found is not None:
        return layout.put(text, layout.end_of(text, found, margin), lines)
    pairs = [value for key, value in node.pairs if not (isinstance(key, Scalar) and key.text == "codes")]
    return layout.put(text, layout.end_of(text, pairs[-1], margin), [f"{' ' * margin}{field}:", *lines])


def _read(text: str) -> tuple[Codebook, MappingNode]:
    reading = read_text(text, "FILE")
    if reading.codebook is None:
        raise CodebookProblems("FILE", reading.problems)
    root = parse(text)
    assert isinstance(root, MappingNode)
    return reading.codebook, root


def _owner(root: MappingNode, codebook: Codebook, parent: str) -> MappingNode:
    return root if parent == codebook.name else layout.find(root, parent).node


def _verified(text: str, wanted: Codebook) -> str:
    reading = read_text(text, "FILE")
    if reading.codebook is None or bare(reading.codebook) != bare(wanted):
        why = f" ({reading.problems[0].message})" if reading.problems else ""
        raise CodebookError(f"this file is written in a way that cannot be changed in place{why}", "edit it by hand")
    return text


def _check_segment(segment: str) -> None:
    if not SLUG.fullmatch(segment):
        what = f"a code's part of the path takes small letters a-z, digits and hyphens, not {shown(segment)}"
        raise CodebookError(what, f'say "{slug(segment[:200])}"')


def _check_free(codebook: Codebook, path: str) -> None:
    if any(code.path == path for code in codebook.codes):
        raise CodebookError(f"{path} is already a code", "choose another name, or merge the two")


def _code(codebook: Codebook, path: str) -> Code:
    return next(code for code in codebook.codes if code.path == path)


def _within(code: Code, path: str) -> bool:
    return f"{code.path}/".startswith(f"{path}/")


def _renamed(code: Code, old: str, new: str) -> Code:
    return replace(code, path=new + code.path[len(old) :]) if _within(code, old) else code


def _without(codebook: Codebook, path: str) -> Codebook:
    return replace(codebook, codes=tuple(code for code in codebook.codes if not _within(code, path)))


def _with(codebook: Codebook, parent: str, new: Iterable[Code]) -> Codebook:
    """The codebook with codes put after everything below `parent`."""
    last = max((n for n, code in enumerate(codebook.codes) if _within(code, parent)), default=len(codebook.codes) - 1)
    codes = codebook.codes
    return replace(codebook, codes=(*codes[: last + 1], *new, *codes[last + 1 :]))
