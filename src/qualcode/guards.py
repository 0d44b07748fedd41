"""Caps for what comes in: sizes, archives, XML, YAML.

Every breach is a `LimitExceeded` that names the file and the cap; nothing here writes to disk or opens a socket.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, LimitExceeded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MEGABYTE = 1024 * 1024
TEXT_BYTES = 50 * MEGABYTE
# Six times the longest transcript measured (1.5 MB of court text); the worst such file is read in under 10 s.
TEXT_LINES = 200_000
TABLE_CELLS = 5_000_000
RATING_CELLS = 20_000_000  # ratings cannot be measured in parts; a million units by five coders are 7 million
TABLE_COLUMNS = 16_384  # the widest sheet Excel opens; the widest real export at hand has 350
ARCHIVE_BYTES = 64 * MEGABYTE
INFLATED_BYTES = 256 * MEGABYTE
MEMBER_BYTES = 64 * MEGABYTE
MEMBERS = 2_000
RATIO = 200
# Below this much inflated data a high ratio is harmless: 900 kB of equal spreadsheet rows deflate 300 times.
RATIO_FREE_BYTES = MEGABYTE
XML_DEPTH = 200
# lxml needs about 250 bytes an element: a million elements stay under 300 MB, and a 100,000-word interview has 40,000.
XML_ELEMENTS = 1_000_000
YAML_BYTES = MEGABYTE
YAML_DEPTH = 20

_BLOCK = 64 * 1024


def said_bytes(count: int) -> str:
    """`count` bytes as a person says it."""
    return f"{count / MEGABYTE:.0f} MB" if count >= MEGABYTE else f"{count} bytes"


def check_size(size: int, where: str, cap: int = TEXT_BYTES) -> None:
    """Raise LimitExceeded when a file of `size` bytes is larger than `cap`."""
    if size > cap:
        raise LimitExceeded(
            f"{where} is larger than {said_bytes(cap)}", "split it, or leave out what is not to be coded"
        )


def check_lines(text: str, where: str) -> None:
    """Raise LimitExceeded when a text has more than 200,000 lines."""
    if text.count("\n") > TEXT_LINES:
        raise LimitExceeded(
            f"{where} has more than {TEXT_LINES:,} lines", "split it, or leave out what is not to be coded"
        )


class Archive:
    """A zip archive in memory, read by name and streamed with a counter; nothing is extracted to disk.

    Raises InputError for bytes that are no sound archive and LimitExceeded at a cap. The counter runs over all
    reads of one `Archive`.
    """

    def __init__(self, raw: bytes, where: str) -> None:
        import io
        import zipfile

        check_size(len(raw), where, ARCHIVE_BYTES)
        self.where = where
        self._inflated = 0
        self._size = len(raw)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            self._names = tuple(info.filename for info in self._zip.infolist())
        except Exception as error:  # zipfile raises a dozen kinds on mangled bytes, struct.error and OverflowError too
            raise self._damaged() from error
        if len(self._names) > MEMBERS:
            raise LimitExceeded(f"{where} holds more than {MEMBERS} parts", "it is no ordinary office file")

    def _damaged(self) -> InputError:
        return InputError(f"{self.where} is damaged or not the kind of file its name says", "save it again and retry")

    def names(self) -> tuple[str, ...]:
        """The members' names in the order of the directory."""
        return self._names

    def read(self, name: str) -> bytes:
        """The bytes of one member; raises InputError when it is absent, encrypted or damaged."""
        pieces: list[bytes] = []
        got = 0
        try:
            with self._zip.open(name) as member:
                while piece := member.read(_BLOCK):
                    got += len(piece)
                    self._count(len(piece), got)
                    pieces.append(piece)
        except LimitExceeded:
            raise
        except Exception as error:
            raise self._damaged() from error
        return b"".join(pieces)

    def _count(self, piece: int, member: int) -> None:
        self._inflated += piece
        if member > MEMBER_BYTES or self._inflated > INFLATED_BYTES:
            raise LimitExceeded(f"{self.where} unpacks to more than its cap", "it is no ordinary office file")
        if self._inflated > RATIO_FREE_BYTES and self._inflated > RATIO * self._size:
            raise LimitExceeded(f"{self.where} unpacks to over {RATIO} times its size", "it is no ordinary office file")


class _XmlCounter:
    """Expat handlers that refuse a DOCTYPE, too deep nesting and too many elements."""

    def __init__(self, where: str, *, outer_dtd: bool = False) -> None:
        self.where = where
        self.outer_dtd = outer_dtd
        self.depth = 0
        self.elements = 0

    def start(self, _tag: str, _attributes: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > XML_DEPTH:
            raise LimitExceeded(f"{self.where} nests deeper than {XML_DEPTH} XML elements", "it is no ordinary file")
        if self.elements > XML_ELEMENTS:
            raise LimitExceeded(f"{self.where} has more than {XML_ELEMENTS:,} XML elements", "split it")

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def doctype(self, _name: str, _system: str | None, _public: str | None, inner: bool) -> None:
        if self.outer_dtd and not inner:
            return
        raise LimitExceeded(f"{self.where} declares a DOCTYPE, which is not read", "save it again without one")


def check_xml(raw: bytes, where: str, *, outer_dtd: bool = False) -> None:
    """Raise LimitExceeded for a DOCTYPE, depth over 200 or a million elements; InputError for malformed XML.

    Entities other than the five of XML need a DOCTYPE, so none is ever expanded, and nothing is fetched. `outer_dtd`
    lets a DOCTYPE pass that only names a file: expat never opens it, and declarations of its own are refused as ever.
    """
    from xml.parsers import expat

    counter = _XmlCounter(where, outer_dtd=outer_dtd)
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.start
    parser.EndElementHandler = counter.end
    parser.StartDoctypeDeclHandler = counter.doctype
    try:
        parser.Parse(raw, True)
    except LimitExceeded:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InputError(f"{where} holds XML that is not well-formed", "save it again and retry") from error


def parse_xml(raw: bytes, where: str, *, outer_dtd: bool = False) -> Element:
    """The root element of checked XML; raises like `check_xml`."""
    from xml.etree import ElementTree

    check_xml(raw, where, outer_dtd=outer_dtd)
    try:
        return ElementTree.fromstring(raw)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"{where} holds XML that is not well-formed", "save it again and retry") from error


def check_yaml(text: str, where: str) -> None:
    """Raise LimitExceeded for YAML over 1 MB, nested over 20 levels or with aliases, before anything is composed.

    Walks the event stream, which does not recurse: composing 100,000 nested ``[`` ends the process with the C
    loader. Malformed YAML passes: the parser that follows reports it with line and column.
    """
    import yaml

    if len(text.encode("utf-8", "surrogatepass")) > YAML_BYTES:
        raise LimitExceeded(f"{where} is larger than {said_bytes(YAML_BYTES)}", "split it")
    try:
        _walk_yaml(text, where, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeError):
        # The C scanner (22 times as quick) gives up before any event where a flow nests over 1,000 levels, so what
        # it cannot read is walked again by the scanner that will compose it.
        with contextlib.suppress(yaml.YAMLError, UnicodeError):
            _walk_yaml(text, where, yaml.SafeLoader)


def _walk_yaml(text: str, where: str, loader: Any) -> None:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            raise LimitExceeded(f"{where}:{_line(event)}: YAML aliases are not read", "write it out")
        if depth > YAML_DEPTH:
            raise LimitExceeded(f"{where}:{_line(event)}: YAML nests deeper than {YAML_DEPTH} levels", "nest less")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
