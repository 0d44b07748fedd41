"""Values → reports for the terminal: what the commands that only list and confirm show a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from qualcode.report import Align, Block, Cell, Note, Paragraph, Report, Table

if TYPE_CHECKING:
    from qualcode.model import Code, Codebook, Coding, Memo, Notice, Source, State, Status, Suggestion

QUOTE = 72  # code points of a quotation in a list: one line of 80 columns beside nothing else


def short(text: str, limit: int = QUOTE) -> str:
    """One line of at most `limit` code points."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def middle(text: str, limit: int) -> str:
    """One line of at most `limit` code points that keeps its end: columns of one question differ there."""
    line = " ".join(text.split())
    tail = limit // 2 - 1
    return line if len(line) <= limit else f"{line[: limit - tail - 1].rstrip()}…{line[-tail:].lstrip()}"


def counted(n: int, noun: str) -> str:
    """``1 case``, ``2 cases``."""
    return f"{n} {noun}{'s' * (n != 1)}"


def page(title: str, *blocks: Block) -> Report:
    """A report without figures."""
    return Report(title, blocks)


def said(*lines: str) -> Report:
    """A few sentences."""
    return Report("", tuple(Paragraph(line) for line in lines))


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, right: Iterable[str] = (), caption: str = ""
) -> Table:
    """A table; the columns named in `right` are set to the right."""
    numbers = set(right)
    align: tuple[Align, ...] = tuple("right" if name in numbers else "left" for name in columns)
    return Table(tuple(columns), tuple(tuple(row) for row in rows), caption=caption, align=align)


def notes(values: Iterable[Notice]) -> tuple[Block, ...]:
    """Notices as notes."""
    return tuple(Note(str(value)) for value in values)


def sources(
    values: Sequence[Source],
    codings: Mapping[str, int],
    statuses: Mapping[str, Sequence[Status]],
    books: Iterable[Codebook],
) -> Report:
    """The sources with how far each coder is; `codings` and `statuses` are by the source's id.

    Codebooks without codes are passed over: nobody can be done with them, or not.
    """
    used = {book.name for book in books if book.codes}
    rows = [
        (s.name, s.kind, _whose(s), len(s.turns), codings.get(s.id, 0), _progress(statuses.get(s.id, ()), used))
        for s in values
    ]
    columns = ("source", "kind", "case", "turns", "codings", "status")
    way_on = () if rows else (Note("take some in with `qualcode import FILES`"),)
    return page(counted(len(rows), "source"), table(columns, rows, right=("turns", "codings")), *way_on)


def _whose(source: Source) -> str:
    """The case of a source, or how many it has."""
    return counted(len(source.cases), "case") if len(source.cases) > 1 else "".join(source.cases)


def _progress(statuses: Iterable[Status], books: Collection[str]) -> str:
    """``ann, ben done: conditions, role``, or ``ann, ben done`` when that is all; the equally far together."""
    states: dict[str, dict[State, list[str]]] = {}
    for status in statuses:
        if status.codebook in books and status.state != "not started":
            states.setdefault(status.coder, {}).setdefault(status.state, []).append(status.codebook)
    coders: dict[str, list[str]] = {}
    for coder, theirs in sorted(states.items()):
        said = ", ".join(
            state if len(names) == len(books) else f"{state}: {', '.join(sorted(names))}"
            for state, names in sorted(theirs.items())
        )
        coders.setdefault(said, []).append(coder)
    return "; ".join(f"{', '.join(names)} {said}" for said, names in coders.items())


def codebooks(values: Sequence[Codebook], counts: dict[str, int]) -> Report:
    """The codes of each codebook with how often they were applied, by all coders."""
    blocks = []
    for book in values:
        rows = [
            (_indented(code), code.key or "", counts.get(code.path, 0), short(code.definition)) for code in book.codes
        ]
        caption = f"{book.name} {book.version}".strip() + (f" – {book.title}" if book.title else "")
        blocks.append(table(("code", "key", "codings", "definition"), rows, right=("codings",), caption=caption))
    return page("Codebooks", *blocks)


def _indented(code: Code) -> str:
    return "  " * (code.path.count("/") - 1) + code.path.rpartition("/")[2]


def code(value: Code) -> Report:
    """A code in words."""
    return said(f"{value.path} ({value.label}) added")


def codings(values: Sequence[Coding], done: str = "") -> Report:
    """Codings, one a line; `done` is what was done to them."""
    rows = [
        (
            c.id[:8],
            c.source.name,
            t.n if (t := c.segment.turn) else None,
            c.code,
            c.coder,
            c.round,
            short(c.segment.quote),
        )
        for c in values
    ]
    columns = ("id", "source", "turn", "code", "coder", "round", "quotation")
    return page(f"{counted(len(rows), 'coding')} {done}".rstrip(), table(columns, rows, right=("turn", "round")))


def suggestions(values: Sequence[Suggestion]) -> Report:
    """Suggestions with their reasons and the words around the first piece of evidence.

    What was decided is the title's when it is the same of all, else a column.
    """
    decisions = {s.decision for s in values}
    columns = ["id", "source", "turn", "code", "score", "reason", "words"]
    if len(decisions) > 1:
        columns.insert(5, "decision")
    rows = []
    for s in values:
        turn = s.segment.turn
        cells: dict[str, Cell] = {
            "id": s.id[:8],
            "source": s.segment.source.name,
            "turn": turn.n if turn else None,
            "code": s.code,
            "score": f"{s.score:.2f}",
            "decision": s.decision,
            "reason": s.reason.text,
            "words": _around(s, 60),
        }
        rows.append([cells[name] for name in columns])
    title = " ".join(decisions) if len(decisions) == 1 else ""
    return page(counted(len(rows), f"{title} suggestion".lstrip()), table(columns, rows, right=("turn", "score")))


def _around(suggestion: Suggestion, limit: int) -> str:
    """One line of about `limit` code points of the segment around the first evidence, cut between words."""
    span, quote = suggestion.segment.span, suggestion.segment.quote
    at = suggestion.reason.evidence[0][0] - span.start if suggestion.reason.evidence else 0
    if len(quote) <= limit or at < limit // 2:
        return short(quote, limit)
    start = quote.find(" ", at - limit // 2) + 1
    return "…" + short(quote[start:], limit - 1)


def memos(values: Sequence[Memo], names: dict[str, str]) -> Report:
    """Memos in full; `names` gives sources by id."""
    rows = [(m.id[:8], m.coder, (m.at or "")[:16], about(m, names), m.text) for m in values]
    return page(counted(len(rows), "memo"), table(("id", "coder", "at", "about", "memo"), rows))


def about(memo: Memo, names: dict[str, str]) -> str:
    """What a memo is about, in words."""
    target = memo.about
    match target.kind:
        case "project":
            return "project"
        case "source":
            return f"source {names.get(target.name, f'{target.name[:8]} (undone)')}"
        case "segment":
            place = f" {target.span.start}:{target.span.end}" if target.span else ""
            return f"segment {names.get(target.name, f'{target.name[:8]} (undone)')}{place}"
        case "code":
            return f"code {target.code}"
        case "coding":
            return f"coding {target.name[:8]}"
        case "case":
            return f"case {target.name}"
        case _:
            return f"case {target.name} × {target.code}"
