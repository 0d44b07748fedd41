"""A codebook file -> a Codebook, or everything that is wrong with the file, each with its line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeGuard

from qualcode.codebook.fields import CODE_FIELDS, CODEBOOK_FIELDS, EXAMPLES_WANTED
from qualcode.codebook.findings import Findings
from qualcode.codebook.nodes import Malformed, MappingNode, Node, Scalar, SequenceNode, parse
from qualcode.codebook.paths import code_id
from qualcode.codebook.values import keys_of, values_of
from qualcode.errors import CodebookError, CodebookProblems, nearest
from qualcode.guards import YAML_BYTES, said_bytes
from qualcode.model import Bundle, Code, Codebook, Notice

Placed: TypeAlias = tuple[Code, Mapping[str, Node]]  # a code and the nodes its fields stand in


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text gave: the codebook (None when it has errors) and all notices in file order."""

    codebook: Codebook | None
    notices: tuple[Notice, ...]

    @property
    def problems(self) -> tuple[Notice, ...]:
        """The errors among the notices."""
        return tuple(notice for notice in self.notices if notice.severity == "error")


def load(path: Path) -> Bundle:
    """The codebook in a file, with warnings as notices.

    Raises CodebookProblems with every problem at once, CodebookError when the file cannot be read.
    """
    reading = _read(path)
    if reading.codebook is None:
        raise CodebookProblems(str(path), reading.problems)
    return Bundle(codebooks=(reading.codebook,), notices=reading.notices)


def check(path: Path) -> tuple[Notice, ...]:
    """Errors, warnings and hints about a file, in file order; raises CodebookError when it cannot be read."""
    return _read(path).notices


def text_of(path: Path) -> str:
    """The file's text exactly as it stands, line ends and byte order mark included, for edits in place.

    Raises CodebookProblems when it is not UTF-8, CodebookError when it is missing, no file, or too large.
    """
    text, notice = _decoded(_bytes(path), str(path))
    if notice:
        raise CodebookProblems(str(path), (notice,))
    return text


def read_text(text: str, where: str) -> Reading:
    """Reads a codebook from text; `where` is the file's name for notices. Raises nothing on bad text."""
    findings = Findings(text, where)
    codebook = None
    if len(text) > YAML_BYTES:
        findings.error(0, f"larger than {said_bytes(YAML_BYTES)}", "split the codebook in two")
    else:
        try:
            codebook = _codebook(parse(text), findings)
        except Malformed as error:
            findings.error(error.at, error.what, error.way_out)
    notices = findings.notices()
    failed = any(notice.severity == "error" for notice in notices)
    return Reading(None if failed else codebook, notices)


def _read(path: Path) -> Reading:
    text, notice = _decoded(_bytes(path), str(path))
    return Reading(None, (notice,)) if notice else read_text(text, str(path))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > YAML_BYTES:
            raise CodebookError(f"{path} is larger than {said_bytes(YAML_BYTES)}", "split the codebook in two")
        with path.open("rb") as file:
            return file.read(YAML_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise CodebookError(f"cannot read {path} ({reason.lower()})", _other_file(path)) from None


def _other_file(path: Path) -> str:
    try:
        near = nearest(path.name, (other.name for other in path.parent.iterdir() if other.suffix in {".yaml", ".yml"}))
    except (OSError, ValueError):
        near = None
    return f'did you mean "{near}"?' if near else "give a .yaml file that can be read"


def _decoded(raw: bytes, name: str) -> tuple[str, Notice | None]:
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        findings = Findings(before, name)
        findings.error(len(before), "this is not UTF-8", "save the file again as UTF-8 text")
        return "", findings.notices()[0]


def _codebook(root: Node | None, findings: Findings) -> Codebook | None:
    if not _is_codebook(root, findings):
        return None
    found = keys_of(root, CODEBOOK_FIELDS, findings, "a codebook")
    header = values_of(found, CODEBOOK_FIELDS, findings)
    placed: list[Placed] = []
    if "codes" in found:
        _add_codes(found["codes"], header["name"] or "?", placed, findings)
    _repeated_keys(placed, findings)
    _hints(found, placed, findings)
    digest = hashlib.sha256(findings.text.encode("utf-8", "surrogatepass")).hexdigest()
    return Codebook(
        name=header["name"],
        version=header["version"],
        codes=tuple(code for code, _ in placed),
        title=header["title"],
        basis=header["basis"],
        sha256=digest,
    )


def _is_codebook(root: Node | None, findings: Findings) -> TypeGuard[MappingNode]:
    way_out = "a codebook begins with `qualcode: 1`, `name: …` and `codes:`"
    if root is None or (isinstance(root, Scalar) and root.absent):
        findings.error(0, "the file is empty", way_out)
        return False
    keys = {key.text for key, _ in root.pairs if isinstance(key, Scalar)} if isinstance(root, MappingNode) else set()
    if not keys & {"qualcode", "codes"}:
        findings.error(0, "this is no codebook", way_out)
        return False
    return True


def _add_codes(node: Node, parent: str, placed: list[Placed], findings: Findings) -> None:
    """Adds the codes of one list, and those below them, to `placed`."""
    if isinstance(node, Scalar) and node.absent:
        return
    if not isinstance(node, SequenceNode):
        findings.error(node.start, "`codes` must be a list", "begin each code with `- code: …`, or write `codes: []`")
        return
    seen: dict[str, int] = {}
    for item in node.items:
        if not isinstance(item, MappingNode):
            findings.error(item.start, "this is no code", "begin each code with `- code: …`")
            continue
        found = keys_of(item, CODE_FIELDS, findings, "a code")
        values = values_of(found, CODE_FIELDS, findings)
        segment = values.pop("code") or "?"
        if segment in seen and segment != "?":
            what = f'two codes "{segment}" in one list (the first on line {findings.line(seen[segment])})'
            findings.error(found["code"].start, what, "rename one, or merge the two")
        elif segment != "?":
            seen[segment] = found["code"].start
        path = f"{parent}/{segment}"
        placed.append((Code(path=path, id=code_id(path.partition("/")[0], path), **values), found))
        if "codes" in found:
            _add_codes(found["codes"], path, placed, findings)


def _repeated_keys(placed: list[Placed], findings: Findings) -> None:
    first: dict[str, Code] = {}
    for code, found in placed:
        if code.key and code.key in first:
            what = f'the key "{code.key}" already belongs to {first[code.key].path}'
            findings.warn(found["key"].start, what, "choose another character")
        elif code.key:
            first[code.key] = code


def _hints(found: Mapping[str, Node], placed: list[Placed], findings: Findings) -> None:
    if "version" not in found:
        findings.add(0, "info", "no version", 'add `version: "1.0"`, so that later changes can be told apart')
    parents = {code.parent for code, _ in placed}
    for code, here in placed:
        if "code" not in here:
            continue
        at = here["code"].start
        if not code.definition and "definition" not in here:
            findings.warn(at, f"{code.path} has no definition", "say what the code means")
        if code.path in parents:
            continue
        if len(code.examples) < EXAMPLES_WANTED:
            what = f"{code.path} has {len(code.examples)} of the {EXAMPLES_WANTED} examples that suggestions need"
            findings.add(at, "info", what)
        if not code.cues:
            findings.add(at, "info", f"{code.path} has no cues, so none of its passages can be suggested by words")
