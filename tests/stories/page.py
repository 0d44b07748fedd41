"""A page with commands and what they print: read, matched against what they really print, and written anew.

A block fenced as ``console`` holds commands and their output::

    $ qualcode init study          a command; a line that ends with a backslash goes on in the next, after ``> ``
    project started in study       what it prints on stdout
    2> qualcode: …                 what it prints on stderr, off a terminal
    …                              any number of lines, alone on its line
    [exit 2]                       how it ends, when not with 0

Each command has a shell of its own; `cd FOLDER` and `export NAME=VALUE`, alone on a line, hold for all that follow.

A block whose fence names a file after the language (``text maria.txt``) is that file, written where the commands run.
Two comments may stand anywhere: ``<!-- terminal: 80 -->``, as people see it on a terminal of that many columns, and
``<!-- begins in: example -->``, a copy of the example study instead of an empty folder.

Times and ids differ from run to run. A time stands for any time. An id on the page stands for the id that is really
printed in its place, the same one all along the page, later commands included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

TIME = re.compile(r"\b\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|\+00:00)?)?\b|\b\d\d:\d\d:\d\d\b")
ID = re.compile(r"\b(?:[0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{64})\b")
FENCE = re.compile(r"^(```+)[ ]*([^\n`]*)\n(.*?)^\1[ ]*$", re.MULTILINE | re.DOTALL)
ANY = "…"


@dataclass(frozen=True)
class Command:
    """One command with the lines that the page expects of it, its exit status among them."""

    lines: tuple[str, ...]
    expected: tuple[str, ...]

    @property
    def words(self) -> str:
        """What a shell is given."""
        first, *others = self.lines
        return "\n".join([first.removeprefix("$ "), *(line.removeprefix("> ") for line in others)])


@dataclass
class Page:
    """A page's text, and what is known of its ids: page → real."""

    text: str
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> int | None:
        """How wide the page's terminal is; None off a terminal."""
        found = re.search(r"<!-- terminal: (\d+) -->", self.text)
        return int(found[1]) if found else None

    @property
    def beginning(self) -> str | None:
        """What its folder holds at the beginning; None for nothing."""
        found = re.search(r"<!-- begins in: ([a-z -]+) -->", self.text)
        return found[1] if found else None

    @property
    def commands(self) -> int:
        """How many commands the page runs."""
        return sum(len(commands(body)) for _, kind, body in FENCE.findall(self.text) if kind.strip() == "console")

    def told(self, run: Callable[[str], Sequence[str]], write: Callable[[str, str], None]) -> str:
        """The page with every output that was not as expected replaced by the real one.

        `run` takes a command and returns the lines it prints, `write` takes a file's name and text.
        """

        def renewed(found: re.Match[str]) -> str:
            fence, kind, body = found.groups()
            if kind.strip() == "console":
                return "\n".join([f"{fence}console", *self._renewed(body, run), fence])
            if len(kind.split()) == 2:
                write(kind.split()[1], body)
            return found[0]

        return FENCE.sub(renewed, self.text)

    def _renewed(self, body: str, run: Callable[[str], Sequence[str]]) -> Iterator[str]:
        for command in commands(body):
            got = [line.rstrip() for line in run(ID.sub(lambda found: self.ids.get(found[0], found[0]), command.words))]
            yield from command.lines
            if self._matches(command.expected, got):
                yield from command.expected
            else:
                yield from map(self._with_its_ids, kept_short(command.expected, got))

    def _with_its_ids(self, line: str) -> str:
        """A printed line with the ids that the page has for what it has shown before; a new id stands for itself."""
        there = {real: theirs for theirs, real in self.ids.items()}
        for new in set(ID.findall(line)) - there.keys():
            self.ids |= {new: new, new[:8]: new[:8]}
        return ID.sub(lambda found: there.get(found[0], found[0]), line)

    def _matches(self, expected: Sequence[str], got: Sequence[str]) -> bool:
        """Whether what was printed is what the page says; if so, the ids of both are known to be the same."""
        pairs = aligned(list(map(plain, expected)), list(map(plain, got)))
        if pairs is None or _status(expected) != _status(got):
            return False
        known = dict(self.ids)
        for e, g in pairs:
            for theirs, real in zip(ID.findall(expected[e]), ID.findall(got[g]), strict=True):
                if known.setdefault(theirs, real) != real or known.setdefault(theirs[:8], real[:8]) != real[:8]:
                    return False
        if len(set(known.values())) < len(known):
            return False
        self.ids = known
        return True


def commands(body: str) -> list[Command]:
    """The commands of a console block."""
    found: list[tuple[list[str], list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append(([line], []))
        elif found and not found[-1][1] and found[-1][0][-1].endswith("\\"):
            found[-1][0].append(line)
        elif found:
            found[-1][1].append(line.rstrip())
        else:
            raise ValueError(f'a console block begins with a command, not with "{line}"')
    return [Command(tuple(said), tuple(printed)) for said, printed in found]


def _status(lines: Sequence[str]) -> str:
    """The line that says how a command ended; a cut before it must not swallow it."""
    return lines[-1] if lines and lines[-1].startswith("[exit ") else ""


def plain(line: str) -> str:
    """The line with every time and every id made alike."""
    return ID.sub("<id>", TIME.sub("<a time>", line))


def aligned(expected: Sequence[str], got: Sequence[str]) -> list[tuple[int, int]] | None:
    """Pairs of places of equal lines, `ANY` standing for any number of lines; None when they do not match."""
    runs: list[list[int]] = [[]]
    for e, line in enumerate(expected):
        if line.strip() == ANY:
            runs.append([])
        else:
            runs[-1].append(e)
    pairs: list[tuple[int, int]] = []
    at = 0
    for r, run in enumerate(runs):
        wanted = [expected[e] for e in run]
        last = len(got) - len(run)
        starts = range(at, last + 1) if r else range(min(1, last + 1))
        if r == len(runs) - 1:
            starts = range(last, last + 1) if last >= at and (r or last == 0) else range(0)
        start = next((s for s in starts if list(got[s : s + len(run)]) == wanted), None)
        if start is None:
            return None
        pairs += [(e, start + k) for k, e in enumerate(run)]
        at = start + len(run)
    return pairs


def kept_short(expected: Sequence[str], got: Sequence[str]) -> list[str]:
    """The real output, cut in the middle where the page had cut the old one; how it ended is always said."""
    ended = [_status(got)] if _status(got) else []
    printed = list(got[: len(got) - len(ended)])
    wanted = expected[: len(expected) - bool(_status(expected))]
    cuts = [e for e, line in enumerate(wanted) if line.strip() == ANY]
    if cuts:
        head, tail = cuts[0], len(wanted) - cuts[-1] - 1
        if len(printed) > head + tail:
            printed[head : len(printed) - tail] = [ANY]
    return [*printed, *ended]
