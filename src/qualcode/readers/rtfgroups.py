"""The groups of an RTF file sorted out: what is body, note, comment, header, deleted or no text at all.

What is left is RTF again, with signs between the words that `rtf` reads as structure; decoding it is striprtf's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from qualcode.errors import LimitExceeded

# Signs are noncharacters of Unicode, which no text holds.
OPEN = {
    "header": "\ufdd0",
    "footer": "\ufdd1",
    "note": "\ufdd2",
    "comment": "\ufdd3",
    "author": "\ufdd4",
    "box": "\ufdd5",
}
CLOSE, PARAGRAPH, CELL, ROW, HEADING = "\ufde0", "\ufde1", "\ufde2", "\ufde3", "\ufde4"
BOLD, PLAIN, DELETED, KEPT = "\ufde5", "\ufde6", "\ufde7", "\ufde8"

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.DOTALL
)
DEEPEST = 1_000
_KINDS = {"footnote": "note", "annotation": "comment", "atnauthor": "author", "shptxt": "box", "dptxbxtext": "box"} | {
    kind + where: kind for kind in ("header", "footer") for where in ("", "l", "r", "f")
}
# Groups that never hold text, whatever is inside them; the others that hold none may hold a text box.
_SEALED = {"colortbl", "filetbl", "info", "listoverridetable", "listtable", "nonesttables", "object", "pict", "rsidtbl",
           "shprslt", "stylesheet", "themedata", "colorschememapping", "datastore", "latentstyles",
           "xmlnstbl"}  # fmt: skip
_RENDERED = {"listtext", "pntext", "fldrslt"}
_SIGNS = {"tab", "emdash", "endash", "emspace", "enspace", "qmspace", "bullet", "lquote", "rquote", "ldblquote",
          "rdblquote", "line"}  # fmt: skip
_PARAGRAPHS = {"par", "sect", "page", "column"}
_STYLE = re.compile(r"\{\\s(\d{1,5})\\[^{}]{0,2000}?[ ](?:heading \d|title|subtitle)[^{};]{0,40};", re.IGNORECASE)
_STYLE_SHEET = 200_000


@dataclass(slots=True)
class _State:
    """What holds inside one group."""

    silent: int = 0  # 1: no text here; 2: nor in any group inside
    bold: bool = False
    deleted: bool = False
    in_table: bool = False
    heading: bool = False
    star: bool = False
    kind: str | None = None


@dataclass
class Flat:
    """The file with its structure in signs, and how it was written. `open_groups`: how many were never closed."""

    encoding: str = "cp1252"
    open_groups: int = 0
    out: list[str] = field(default_factory=list)
    fonts: dict[str, str] = field(default_factory=dict)

    @property
    def rtf(self) -> str:
        """RTF of one group, without any destination but the table of fonts."""
        fonts = "".join(rf"{{\f{font}\fcharset{charset} x;}}" for font, charset in self.fonts.items())
        return rf"{{\rtf1{{\fonttbl{fonts}}}" + "".join(self.out) + "}"


class _Flattener:
    def __init__(self, text: str) -> None:
        self.text = text
        self.flat = Flat()
        self.state = _State()
        self.stack: list[_State] = []
        self.bold = self.deleted = False  # as last written
        self.font = "0"
        self.fonts_at = 0
        sheet = text.find("\\stylesheet")
        self.titles = set(_STYLE.findall(text, sheet, sheet + _STYLE_SHEET)) if sheet >= 0 else set()

    def run(self) -> Flat:
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if found is None:  # no token is empty and every character begins one
                break
            at = found.end()
            word, number, code, sign, brace, plain = found.groups()
            if word == "bin":
                at += max(0, int(number or 0))
            elif word:
                self.word(word, number)
            elif brace == "{":
                self.stack.append(self.state)
                if len(self.stack) > DEEPEST:
                    raise RecursionError
                self.state = replace(self.state, kind=None, star=False)
                self.flat.out.append("{")
            elif brace:
                self.close()
                if not self.stack:
                    break
            elif sign:
                self.sign(sign)
            elif code or plain:
                self.say(rf"\'{code}" if code else _escaped(plain))
        self.flat.open_groups = len(self.stack)
        while self.stack:
            self.close()
        return self.flat

    def close(self) -> None:
        if self.state.kind:
            self.put(CLOSE)
        if self.stack:
            self.state = self.stack.pop()
            self.flat.out.append("}")
        if len(self.stack) < self.fonts_at:
            self.fonts_at = 0

    def put(self, sign: str) -> None:
        self.flat.out.append(rf"{{\uc0\u{ord(sign)} }}")

    def say(self, rtf: str) -> None:
        if self.state.silent:
            return
        if self.state.bold != self.bold:
            self.bold = self.state.bold
            self.put(BOLD if self.bold else PLAIN)
        if self.state.deleted != self.deleted:
            self.deleted = self.state.deleted
            self.put(DELETED if self.deleted else KEPT)
        self.flat.out.append(rtf)

    def sign(self, sign: str) -> None:
        if sign == "*":
            self.state.star = True
        elif sign in "\r\n":
            self.word("par", None)
        elif sign == "\\":
            self.say(r"\'5c")
        elif sign in "{}~_":
            self.say("\\" + sign)

    def word(self, word: str, number: str | None) -> None:
        state = self.state
        if word == "fonttbl":
            state.silent, self.fonts_at = 2, len(self.stack)
        elif self.fonts_at:
            self.font_word(word, number)
        elif word in _KINDS and state.silent < 2:
            state.silent, state.kind = 0, _KINDS[word]
            state.bold = state.deleted = state.in_table = False
            self.put(OPEN[state.kind])
        elif word in _SEALED:
            state.silent = 2
        elif (state.star or word in _quiet()) and word not in _RENDERED:
            state.silent = max(state.silent, 1)
        else:
            self.format(word, number)
        state.star = False

    def font_word(self, word: str, number: str | None) -> None:
        if word == "f":
            self.font = number or "0"
        elif word == "fcharset" and number and number.isdigit():
            self.flat.fonts[self.font] = number

    def format(self, word: str, number: str | None) -> None:
        if word in _PARAGRAPHS:
            self.end_paragraph()
        elif word in _SIGNS:
            self.say(f"\\{word} ")
        elif word in ("cell", "row", "nestcell", "nestrow"):
            self.end_cell(word)
        elif word == "u":
            self.say(f"\\u{_code_point(number)} ")
        elif word in ("uc", "f"):
            self.flat.out.append(f"\\{word}{max(0, int(number or 0))} ")
        elif word in ("ansicpg", "mac", "pc", "pca"):
            self.flat.encoding = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(word, f"cp{number}")
        else:
            self.property(word, number)

    def property(self, word: str, number: str | None) -> None:
        state, on = self.state, number != "0"
        if word == "b":
            state.bold = on
        elif word == "deleted":
            state.deleted = on
        elif word == "plain":
            state.bold = state.deleted = False
        elif word == "pard":
            state.in_table = state.heading = False
        elif word == "intbl":
            state.in_table = True
        elif word == "s":
            state.heading = number in self.titles
        elif word == "outlinelevel":
            state.heading = state.heading or (number or "9") < "9"

    def end_paragraph(self) -> None:
        if self.state.silent:
            return
        if self.state.in_table:
            self.flat.out.append(r"\line ")
            return
        if self.state.heading:
            self.put(HEADING)
        self.put(PARAGRAPH)

    def end_cell(self, word: str) -> None:
        if not self.state.silent or word == "nestrow":  # which stands in a group that holds no text
            if word.startswith("nest"):
                self.flat.out.append(r"{\tab }" if word == "nestcell" else r"{\line }")
            else:
                self.put(CELL if word == "cell" else ROW)


def flattened(raw: bytes, name: str) -> Flat:
    """The RTF of `raw` with structure as signs; raises LimitExceeded for groups that nest over 1,000 deep."""
    flattener = _Flattener(raw.decode("latin-1").replace("\0", ""))
    try:
        return flattener.run()
    except RecursionError as error:
        raise LimitExceeded(f"{name} nests more than {DEEPEST:,} groups", "save it as .docx") from error


def pieces(text: str) -> Iterator[str]:
    """The decoded text cut into words and signs, each sign alone."""
    return (piece for piece in re.split("([\ufdd0-\ufdef])", text) if piece)


def _escaped(plain: str) -> str:
    return re.sub(r"[\x80-\xff]", lambda found: rf"\'{ord(found[0]):02x}", plain)


def _code_point(number: str | None) -> int:
    """The argument of ``\\u``, signed 16 bits or a plain code point; U+FFFD for what is none, or one of our signs."""
    given = int(number) if number else 0xFFFD
    point = given + 0x10000 if given < 0 else given
    return point if 0 < point < 0xFDD0 or 0xFDEF < point <= 0x10FFFF else 0xFFFD


_QUIET: frozenset[str] = frozenset()


def _quiet() -> frozenset[str]:
    """Destinations whose content is no text, as striprtf knows them."""
    global _QUIET
    if not _QUIET:
        from striprtf.striprtf import destinations

        _QUIET = frozenset(destinations) - _RENDERED
    return _QUIET
