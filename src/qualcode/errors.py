"""Every error that reaches a person, and the exit status it ends with.

The tree (a test keeps this drawing complete)::

    QualcodeError                 BUG        70
    ├── UsageError                USAGE       2
    │   ├── AmbiguousQuote        USAGE       2
    │   ├── NoCoder               USAGE       2
    │   └── NotUndoable           USAGE       2
    ├── InputError                INPUT       3
    │   ├── Undecodable           INPUT       3
    │   ├── UnknownFormat         INPUT       3
    │   └── LimitExceeded         INPUT       3
    ├── CodebookError             CODEBOOK    4
    │   ├── CodebookProblems      CODEBOOK    4
    │   └── WouldOrphan           CODEBOOK    4
    ├── ProjectError              PROJECT     5
    │   ├── NoProject             PROJECT     5
    │   ├── SchemaTooNew          PROJECT     5
    │   └── ProjectBusy           PROJECT     5
    ├── NotKnown                  USAGE       2
    │   ├── UnknownCode           USAGE       2
    │   │   └── RetiredCode       USAGE       2
    │   ├── UnknownSource         USAGE       2
    │   ├── UnknownCase           USAGE       2
    │   └── UnknownId             USAGE       2
    └── PluginError               PLUGIN      6
        └── MissingExtra          PLUGIN      6

An error takes data and builds its sentence. Names and codes may appear in it; transcript text may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import IntEnum


class ExitStatus(IntEnum):
    """What the process returns; documented in ``docs/exit-statuses.md``."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    CODEBOOK = 4
    PROJECT = 5
    PLUGIN = 6
    BUG = 70
    INTERRUPT = 130


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None when nothing is close."""
    by_fold = {k.casefold(): k for k in known}
    found = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


class QualcodeError(Exception):
    """The root: a sentence that says what, a way out, and an exit status."""

    status = ExitStatus.BUG

    def __init__(self, what: str, way_out: str = "") -> None:
        self.what = what
        self.way_out = way_out
        super().__init__(what if not way_out else f"{what} — {way_out}")


class UsageError(QualcodeError):
    """The words of the request do not fit together."""

    status = ExitStatus.USAGE


class AmbiguousQuote(UsageError):
    """A quotation stands in several places of the source (1-based turn numbers and code-point offsets)."""

    def __init__(self, source: str, places: Sequence[tuple[int | None, int]], *, in_turn: bool = False) -> None:
        self.places = tuple(places)
        where = ", ".join(f"turn {n} (offset {at})" if n else f"offset {at}" for n, at in places[:8])
        more = f" and {len(places) - 8} more" if len(places) > 8 else ""
        super().__init__(
            f"that quotation stands in {len(places)} places of {source}: {where}{more}",
            "give more words, or --span START:END" if in_turn else "name one with --turn N, or give --span START:END",
        )


class NoCoder(UsageError):
    """A coder-owned write without a coder."""

    def __init__(self) -> None:
        super().__init__("no coder is named", "give --coder NAME, set QUALCODE_CODER, or `coder:` in qualcode.yaml")


class NotUndoable(UsageError):
    """Nothing to undo, or others' work stands on it."""


class InputError(QualcodeError):
    """A file that cannot be taken in."""

    status = ExitStatus.INPUT


class Undecodable(InputError):
    """Bytes that are no text in any encoding tried."""


class UnknownFormat(InputError):
    """No reader claims the file."""


class LimitExceeded(InputError):
    """A cap of `guards` was reached (size, depth, ratio, count, time)."""


class CodebookError(QualcodeError):
    """A codebook that cannot be used."""

    status = ExitStatus.CODEBOOK


class CodebookProblems(CodebookError):
    """All problems of a codebook file at once; `problems` are `Notice`s with file:line:column."""

    def __init__(self, name: str, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        first, _, remedy = str(self.problems[0] if self.problems else "").partition(" — ")
        import shlex

        every = f"see all with `qualcode codebook check {shlex.quote(name)}`"
        if len(self.problems) > 1:
            super().__init__(f"{first} (and {len(self.problems) - 1} more)", every)
        else:
            super().__init__(first, remedy or every)


class WouldOrphan(CodebookError):
    """Applying a changed codebook would leave codings without their code."""

    def __init__(self, codes: Sequence[tuple[str, int]]) -> None:
        self.codes = tuple(codes)
        said = ", ".join(f"{path} ({n} coding{'s' * (n != 1)})" for path, n in codes)
        super().__init__(f"the new codebook no longer has {said}", "say --rename OLD=NEW or --retire CODE for each")


class ProjectError(QualcodeError):
    """A project folder or database that cannot be used."""

    status = ExitStatus.PROJECT


class NoProject(ProjectError):
    """No project at or above the working folder."""

    def __init__(self, where: str) -> None:
        super().__init__(f"no project in {where} or above it", "start one with `qualcode init`, or give --project DIR")


class SchemaTooNew(ProjectError):
    """The database was written by a newer qualcode."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"this project has schema version {found}, this qualcode knows up to {known}",
            "update qualcode",
        )


class ProjectBusy(ProjectError):
    """Another process kept the write lock longer than we wait."""


class NotKnown(QualcodeError):
    """A name that stands for nothing here, with the nearest one that does."""

    status = ExitStatus.USAGE
    noun = "name"
    listing = ""

    def __init__(self, word: str, known: Iterable[str] = (), *, near: str | None = None, way_out: str = "") -> None:
        self.word = word
        self.near = near or nearest(word, known)
        hint = f'did you mean "{self.near}"?' if self.near else self.listing
        super().__init__(f'no {self.noun} "{word}" in this project', way_out or hint)


class UnknownCode(NotKnown):
    """No code of this path."""

    noun = "code"
    listing = "see `qualcode codebook show`"


class RetiredCode(UnknownCode):
    """A code that takes no new codings."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        QualcodeError.__init__(self, f"the code {path} is retired", "see `qualcode codebook show` for the live ones")


class UnknownSource(NotKnown):
    """No source of this id, name or prefix."""

    noun = "source"
    listing = "see `qualcode sources`"


class UnknownCase(NotKnown):
    """No case of this name."""

    noun = "case"
    listing = "see `qualcode cases`"


class UnknownId(NotKnown):
    """No coding, memo or suggestion of this id."""

    noun = "entry with id"
    listing = "see `qualcode coding list` for ids"


class PluginError(QualcodeError):
    """A plug-in that cannot be loaded."""

    status = ExitStatus.PLUGIN


class MissingExtra(PluginError):
    """A format or suggester whose optional package is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional package", f'pip install "qualcode[{extra}]"')
