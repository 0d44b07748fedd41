"""The same verbs for Python: ``qualcode.open("my-study")`` from a notebook or a script.

A `Study` is one open project. Reading gives `qualcode.model` values; whatever writes needs a coder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.errors import MissingExtra, UsageError
from qualcode.model import (
    Agreement,
    Bundle,
    Case,
    Code,
    Codebook,
    CodeLink,
    CodeSet,
    Coding,
    Memo,
    MemoTarget,
    Role,
    Source,
    Suggestion,
)
from qualcode.report import Report
from qualcode.session import Place, Session
from qualcode.settings import read_settings
from qualcode.slugs import nfc
from qualcode.workflow import projects

if TYPE_CHECKING:
    import pandas

COLUMNS = (
    *("id", "source", "case", "speaker", "turn", "start", "end", "quote", "code"),
    *("coder", "round", "certainty", "anchor", "memo", "at"),
)


def open(folder: str | PathLike[str] = ".", *, coder: str | None = None, as_of: str | None = None) -> Study:
    """Open the project in `folder` or above it. `coder` acts in it (else the project's setting).

    With `as_of` (a time or milestone) it is the project as it was, in memory. Raises NoProject or ProjectError.
    """
    return Study(projects.find(Path(folder)), coder=coder, as_of=as_of)


class Codings(Sequence[Coding]):
    """Codings that were retrieved, with the cases they belong to."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def __len__(self) -> int:
        return len(self.bundle.codings)

    def __getitem__(self, at: Any) -> Any:
        return self.bundle.codings[at]

    def __iter__(self) -> Iterator[Coding]:
        return iter(self.bundle.codings)

    def __repr__(self) -> str:
        return f"<{len(self)} codings>"

    def rows(self) -> list[dict[str, Any]]:
        """One dictionary a coding: `COLUMNS`, then the case's attributes. Offsets count code points."""
        cases = {case.name: case for case in self.bundle.cases}
        found = []
        for coding in self:
            turn, case = coding.segment.turn, cases.get(coding.case or "")
            values = (
                *(coding.id, coding.source.name, coding.case, turn.speaker if turn else None),
                *(turn.n if turn else None, coding.span.start, coding.span.end, coding.segment.quote, coding.code),
                *(coding.coder, coding.round, coding.certainty, coding.anchor, coding.memo, coding.at),
            )
            attributes = {key: value for key, value in (case.attributes if case else {}).items() if key not in COLUMNS}
            found.append({**dict(zip(COLUMNS, values, strict=True)), **attributes})
        return found

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a data frame. Raises MissingExtra without pandas."""
        try:
            import pandas
        except ImportError as error:
            raise MissingExtra("to_pandas()", "pandas") from error
        return pandas.DataFrame(self.rows())


class Study:
    """One open project; use it as a context manager, or `close` it."""

    def __init__(self, folder: Path, *, coder: str | None = None, as_of: str | None = None) -> None:
        self.folder = folder
        self.settings = read_settings(folder)
        named = coder or self.settings.coder
        self.coder = named and nfc(named)
        self._project = projects.open_project(folder, as_of=as_of)

    def close(self) -> None:
        """Close the project."""
        self._project.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Study {self.folder.name}>"

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources."""
        return self._project.sources()

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases."""
        return self._project.cases()

    @property
    def codebooks(self) -> tuple[Codebook, ...]:
        """All codebooks with their codes."""
        return self._project.codebooks()

    @property
    def codes(self) -> tuple[Code, ...]:
        """All codes that are in use."""
        return self._project.codes()

    @property
    def sets(self) -> tuple[CodeSet, ...]:
        """The sets of codes; ``set:NAME`` stands for one wherever codes are named."""
        return self._project.code_sets()

    @property
    def links(self) -> tuple[CodeLink, ...]:
        """The links between codes."""
        return self._project.code_links()

    @property
    def memos(self) -> tuple[Memo, ...]:
        """All memos."""
        return self._project.memos()

    def source(self, word: str) -> Source:
        """The source called `word`: id, name or unique prefix. Raises UnknownSource."""
        return self._project.source(word)

    def retrieve(
        self,
        *codes: str,
        where: Mapping[str, Any] | str | None = None,
        coders: Iterable[str] = (),
        sources: Iterable[str] = (),
    ) -> Codings:
        """The codings of these codes and what is below them; all codings without a code.

        `where` is a query (``"phase=secondary AND NOT coder:ben"``) or attributes (``{"phase": "secondary"}``).
        Raises UnknownCode, UnknownSource and UsageError.
        """
        from qualcode.workflow.retrieving import Choice, retrieve

        asked = where if isinstance(where, str) or where is None else _as_query(where)
        choice = Choice(tuple(sources), codes, tuple(coders), (), asked)
        return Codings(retrieve(self._project, choice))

    def import_files(self, *paths: str | PathLike[str], roles: Mapping[str, Role] | None = None) -> tuple[Source, ...]:
        """Take in files and folders; returns the new sources. Raises InputError when nothing could be read."""
        from qualcode.workflow import importing

        request = importing.Request(tuple(Path(path) for path in paths), roles=roles or {})
        done = importing.import_paths(self._project, request, coder=self.coder)
        return tuple(source for source, _ in done.sources)

    def apply(self, codebook: str | PathLike[str], *, renames: Mapping[str, str] | None = None) -> Codebook:
        """Apply a codebook file, or a bundled codebook by name. Raises CodebookProblems and WouldOrphan."""
        from qualcode.workflow import codebooks

        return codebooks.apply(self._project, str(codebook), coder=self.coder, renames=renames).codebook

    def code(
        self,
        source: str,
        code: str,
        *,
        quote: str | None = None,
        span: tuple[int, int] | None = None,
        turn: int | None = None,
        memo: str | None = None,
    ) -> Coding:
        """Code a passage as this study's coder. Raises NoCoder, AmbiguousQuote, UnknownCode …"""
        return self._session().add(source, Place(quote, span, turn), code, memo=memo)

    def memo(self, text: str, about: MemoTarget | None = None) -> Memo:
        """Write a memo, about the whole project unless a target is given."""
        return self._session().add_memo(about or MemoTarget("project"), text)

    def put_in_set(self, name: str, *codes: str) -> CodeSet:
        """Put codes into a set, which is made when it is new. Raises UnknownCode, and UsageError for no change."""
        from qualcode.workflow import relations

        return relations.put(self._project, name, codes, coder=self.coder)

    def link(self, origin: str, kind: str, target: str) -> CodeLink:
        """Say how one code stands to another: ``link("time", "leads to", "status")``. Raises UsageError."""
        from qualcode.workflow import relations

        return relations.link(self._project, origin, kind, target, coder=self.coder)

    def suggest(self, suggester: str = "cues", codes: Iterable[str] = ()) -> tuple[Suggestion, ...]:
        """Propose codes; returns what waits for a decision."""
        from qualcode.workflow import suggesting

        suggesting.suggest(self._project, suggesting.Request(suggester, tuple(codes)))
        return suggesting.listed(self._project)

    def accept(self, *suggestions: Suggestion) -> tuple[Coding, ...]:
        """Make suggestions codings of this study's coder."""
        return self._session().accept(suggestions)

    def reject(self, *suggestions: Suggestion) -> None:
        """Reject suggestions; they are not proposed again."""
        self._session().reject(suggestions)

    def agreement(self, *coders: str, unit: str | None = None, codes: Iterable[str] = ()) -> Agreement:
        """How far coders agree; see ``docs/agreement.md``."""
        from qualcode.agreement import Request
        from qualcode.workflow import agreeing

        return agreeing.agreement(self._project, Request(coders=coders, unit=unit, codes=tuple(codes)))

    def report(self, name: str, **asked: Any) -> Report:
        """A report by name (``frequencies``, ``quotations``, ``codebook``, ``closed``); options as in its request."""
        from qualcode.analysis.request import Request
        from qualcode.workflow import writing_up

        unknown = [key for key in asked if key not in Request.__dataclass_fields__]
        if unknown:
            known = ", ".join(Request.__dataclass_fields__)
            raise UsageError(f'a report has no option "{unknown[0]}"', f"options: {known}")
        return writing_up.report(self._project, name, Request(**asked))

    def undo(self) -> tuple[str, ...]:
        """Take back the last command of this study's coder here; returns the commands undone. Raises NotUndoable."""
        from qualcode.workflow import teamwork

        return tuple(entry.command for entry in teamwork.turn(self._project, "undo", self.coder).acts)

    def _session(self) -> Session:
        return Session(self._project, self.coder, self.settings.round)


def _as_query(where: Mapping[str, Any]) -> str:
    """Attributes as a query: all of them must hold."""
    return " AND ".join(f"{_quoted(str(key))}={_quoted(str(value))}" for key, value in where.items())


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*") + '"'


__all__ = ["Codings", "Study", "open"]
