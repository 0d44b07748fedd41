"""A project in its own program's terms, as the readers fill it in: everything by that program's keys and offsets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from qualcode.model import MemoKind, Notice, Value
from qualcode.readers.projects.offsets import Convention, RawText, Selection

NAME_LIMIT = 200


@dataclass(frozen=True)
class ForeignSource:
    """A text under the key its program knows it by. `digest` is of the original bytes, where they are at hand."""

    key: str
    name: str
    raw: RawText
    digest: str = ""


@dataclass(frozen=True)
class ForeignCode:
    """A code, or a category of codes, under its program's key; `above` is the key of the one it belongs to."""

    key: str
    name: str
    above: str | None = None
    definition: str = ""
    colour: str | None = None


@dataclass(frozen=True)
class Passage:
    """A selection and the keys of its codes. `where` says which one it is, for what cannot be taken over."""

    where: str
    selection: Selection
    codes: tuple[str, ...]
    coder: str = ""
    at: str | None = None
    memo: str | None = None


@dataclass(frozen=True)
class ForeignMemo:
    """A note on a source, code, case (by key; `selection` on a passage) or, without any, on the project."""

    text: str
    kind: MemoKind = "project"
    key: str = ""
    coder: str = ""
    at: str | None = None
    selection: Selection | None = None


@dataclass(frozen=True)
class ForeignCase:
    """A case with its attributes and the keys of its sources."""

    key: str
    name: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignSet:
    """A set of codes, by their keys."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class ForeignLink:
    """A link from one code to another, by their keys; `kind` is what the program calls it."""

    origin: str
    kind: str
    target: str


@dataclass
class Foreign:
    """One project of another program, as its reader fills it. `convention` None: it is to be found out.

    `own_books` says that codes at the top are codebooks, as qualcode itself writes them.
    """

    file: str
    program: str
    name: str
    sources: list[ForeignSource] = field(default_factory=list)
    codes: list[ForeignCode] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    memos: list[ForeignMemo] = field(default_factory=list)
    cases: list[ForeignCase] = field(default_factory=list)
    sets: list[ForeignSet] = field(default_factory=list)
    links: list[ForeignLink] = field(default_factory=list)
    coders: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    missed: list[Notice] = field(default_factory=list)
    convention: Convention | None = None
    own_books: bool = False

    def note(self, words: str, kind: MemoKind, key: str, owner: str, date: str) -> None:
        """A memo on something, unless it is blank; an owner "" is whoever imports."""
        if words.strip():
            self.memos.append(ForeignMemo(words, kind, key, owner, moment(date)))

    def say(self, message: str, severity: str = "info") -> None:
        """Note something about the whole file."""
        self.notices.append(Notice(self.file, "warning" if severity == "warning" else "info", message))

    def miss(self, where: str, message: str) -> None:
        """Note something that is in the file and cannot be taken over."""
        self.missed.append(Notice(f"{self.file}: {where}", "warning", message))


def line(value: str) -> str:
    """A name in one line of at most 200 characters, without control characters."""
    plain = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]+", " ", value)
    return " ".join(plain.split())[:NAME_LIMIT].strip()


def prose(value: str) -> str:
    """A note or definition: LF line ends, no control characters, no white space around it."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufffe\uffff]+", "", plain).strip()


_MOMENTS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%a %b %d %H:%M:%S %Y")


def moment(value: str) -> str | None:
    """A time as the log writes it (ISO 8601, UTC), or None. One without a zone is taken for UTC, as it is shown."""
    said = " ".join(value.split())[:40]
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        for pattern in _MOMENTS:
            try:
                found = datetime.strptime(said, pattern)
                break
            except ValueError:
                continue
        else:
            return None
    try:
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return found.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if found.year >= 1000 else None
