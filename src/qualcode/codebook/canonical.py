"""A Codebook -> YAML in one canonical form, which `load` reads back to an equal codebook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from qualcode.codebook.loader import read_text
from qualcode.errors import CodebookError
from qualcode.model import Code, Codebook, Cue

WIDTH = 78  # columns of folded prose
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;()'&/-]*(?<![ -])")
# Words that other YAML readers take for something else than text.
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
# Controls, and what reorders or hides text where the file is printed: bidi overrides and isolates, tags.
_NOT_IN_BLOCKS = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufff8\ufffc\ufffd"
    r"\U00010000-\U000dffff\U000e0080-\U0010ffff]"
)
_NAMED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x85": "\\N"}
_NAMED |= {"\u2028": "\\L", "\u2029": "\\P"}


def dump(codebook: Codebook) -> str:
    """The YAML of a codebook: keys in the order of `fields`, two blanks of indentation, LF.

    The result is read back and compared. Raises CodebookError when the codebook cannot be a file: a path that is no
    slug, a code without its parent, an unknown colour …
    """
    ordered = in_order(codebook)
    head = ["qualcode: 1", f"name: {scalar(codebook.name)}"]
    head += [f"version: {quoted(codebook.version)}"] * bool(codebook.version)
    head += [f"title: {scalar(codebook.title)}"] * bool(codebook.title)
    head += [f"basis: {scalar(codebook.basis)}"] * bool(codebook.basis)
    text = "\n".join([*head, *_code_list(_below(ordered), codebook.name, 0)]) + "\n"
    reading = read_text(text, codebook.name)
    if reading.codebook is None or bare(reading.codebook) != bare(ordered):
        why = reading.problems[0] if reading.codebook is None else _unequal(reading.codebook, ordered)
        raise CodebookError(f"{codebook.name} cannot be written as a file ({why})", "correct that first")
    return text


def bare(codebook: Codebook) -> Codebook:
    """The codebook without what no file holds: ids, birthdays, the file's hash. For comparing."""
    return replace(codebook, sha256="", codes=tuple(replace(code, id="", born=None) for code in codebook.codes))


def in_order(codebook: Codebook) -> Codebook:
    """The codebook with every code directly after its parent's earlier children, as in a file.

    Raises CodebookError for a code whose parent is missing or whose path stands twice.
    """
    below = _below(codebook)
    codes = tuple(_walk(below, codebook.name))
    if len(codes) < len(codebook.codes):
        lost = next(code for code in codebook.codes if not any(code is kept for kept in codes))
        raise CodebookError(f'the code "{lost.path}" has no parent in {codebook.name}', "add the code above it")
    return replace(codebook, codes=codes)


def _below(codebook: Codebook) -> Mapping[str, list[Code]]:
    below: dict[str, list[Code]] = {}
    seen: set[str] = set()
    for code in codebook.codes:
        if code.path in seen:
            raise CodebookError(f'the code "{code.path}" stands twice in {codebook.name}', "rename one")
        seen.add(code.path)
        below.setdefault(code.path.rpartition("/")[0], []).append(code)
    return below


def _walk(below: Mapping[str, list[Code]], parent: str) -> Iterator[Code]:
    for code in below.get(parent, ()):
        yield code
        yield from _walk(below, code.path)


def _unequal(got: Codebook, wanted: Codebook) -> str:
    for one, other in zip(bare(got).codes, bare(wanted).codes, strict=False):
        if one != other:
            return f"{other.path} would come back different"
    return "it would come back different"


def _code_list(below: Mapping[str, list[Code]], parent: str, indent: int) -> list[str]:
    codes = below.get(parent, [])
    if not codes:
        return [" " * indent + "codes: []"] if indent == 0 else []
    lines = [" " * indent + "codes:"]
    for number, code in enumerate(codes):
        lines += [""] * (number > 0 and indent == 0)
        lines += code_lines(code, indent + 2)
        lines += _code_list(below, code.path, indent + 4)
    return lines


def code_lines(code: Code, indent: int) -> list[str]:
    """The lines of one code as a list item whose dash stands after `indent` blanks, without the codes below it."""
    pad = " " * (indent + 2)
    lines = [f"code: {scalar(code.path.rpartition('/')[2])}"]
    lines += [f"label: {scalar(code.label)}"] * bool(code.label)
    lines += _prose("definition", code.definition, indent + 2)
    for key in ("include", "exclude", "examples", "counterexamples"):
        texts: tuple[str, ...] = getattr(code, key)
        lines += [f"{key}:"] * bool(texts) + [f"  - {quoted(text)}" for text in texts]
    lines += ["cues:"] * bool(code.cues) + [f"  - {cue_text(cue)}" for cue in code.cues]
    lines += [f"speakers: [{', '.join(scalar(role) for role in code.speakers)}]"] * bool(code.speakers)
    lines += [f"colour: {quoted(code.colour)}" for _ in (1,) if code.colour]
    lines += [f"key: {quoted(code.key)}" for _ in (1,) if code.key]
    return [" " * indent + f"- {lines[0]}", *(pad + line for line in lines[1:])]


def cue_text(cue: Cue) -> str:
    """One cue as it stands in a list."""
    if cue.kind == "phrase":
        return quoted(cue.text)
    return f"{{{cue.kind}: {_single(cue.text) if cue.kind == 'regex' else scalar(cue.text, flow=True)}}}"


def scalar(text: str, *, flow: bool = False) -> str:
    """`text` as a plain scalar where that is safe for any YAML reader, else in double quotes."""
    safe = _PLAIN.fullmatch(text) and text.casefold() not in _RESERVED and not (flow and "," in text)
    return text if safe else quoted(text)


def quoted(text: str) -> str:
    """`text` in double quotes on one line, everything unusual escaped."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    if not _NOT_IN_BLOCKS.match(char):
        return char
    point = ord(char)
    return f"\\x{point:02X}" if point < 0x100 else f"\\u{point:04X}" if point < 0x10000 else f"\\U{point:08X}"


def _single(text: str) -> str:
    return quoted(text) if "\n" in text or _NOT_IN_BLOCKS.search(text) else "'" + text.replace("'", "''") + "'"


def _prose(key: str, text: str, indent: int) -> list[str]:
    """A definition: folded when it is one long paragraph, literal when it has lines, else a scalar."""
    if not text:
        return []
    if _NOT_IN_BLOCKS.search(text) or any(line != line.strip(" ") for line in text.split("\n")):
        return [f"{key}: {quoted(text)}"]
    if "\n" in text:
        usable = text == text.strip("\n")
        return (
            [f"{key}: |", *(f"  {line}" if line else "" for line in text.split("\n"))]
            if usable
            else [f"{key}: {quoted(text)}"]
        )
    if len(key) + len(text) + indent + 2 <= WIDTH or "  " in text:
        return [f"{key}: {scalar(text)}"]
    return [f"{key}: >", *(f"  {line}" for line in _folded(text, WIDTH - indent - 2))]


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
