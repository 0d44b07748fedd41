"""The body of a Word document as text with offsets: paragraphs, headings, bold beginnings, tables of speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers import labels, stamps
from qualcode.readers.habits import Candidate
from qualcode.readers.wordml import chosen, local, runs, value
from qualcode.roles import role_of

_HEADER_CELLS = {
    "speaker": {"speaker", "name", "who", "person", "sprecher", "interlocutor", "voice"},
    "time": {"time", "timespan", "timestamp", "timecode", "start", "zeit"},
    "text": {"text", "content", "transcript", "transcription", "speech", "utterance", "words", "dialogue", "talk"},
}


@dataclass
class Pages:
    """The text that grows while the body is walked; offsets are code points of `text()`."""

    lines: list[str] = field(default_factory=list)
    here: int = 0
    line: int = 1
    bold: dict[int, int] = field(default_factory=dict)
    headings: list[tuple[int, int]] = field(default_factory=list)
    marks: list[Candidate] = field(default_factory=list)
    settled: list[tuple[int, int]] = field(default_factory=list)
    deletions: int = 0
    deleted_words: int = 0

    def text(self) -> str:
        """Everything added, joined with LF."""
        return "\n".join(self.lines)

    def add(self, content: str) -> tuple[int, int]:
        """Append a paragraph; its half-open range."""
        start = self.here
        self.lines.append(content)
        self.here += len(content) + 1
        self.line += content.count("\n") + 1
        return start, self.here - 1

    def add_paragraphs(self, element: Any) -> None:
        """Append every paragraph under a note or text box."""
        for inner in element:
            if local(inner) == "p":
                self.add_paragraph(inner, heading=False)
            elif local(inner) == "tbl":
                _table(self, inner)

    def add_paragraph(self, element: Any, *, heading: bool) -> None:
        """Append one paragraph, and after it the text boxes anchored in it."""
        content, bold, boxes = self.content(element)
        start, end = self.add(content)
        if heading and content.strip():
            self.headings.append((start, end))
        if 0 < bold < len(content):
            self.bold[start] = start + bold
        for box in boxes:
            self.add_paragraphs(box)

    def content(self, element: Any) -> tuple[str, int, list[Any]]:
        """A paragraph's text, the length of its bold beginning, and its text boxes."""
        dropped: list[str] = []
        boxes: list[Any] = []
        pieces = list(runs(element, dropped, boxes))
        self.deletions += len(dropped)
        self.deleted_words += sum(len(words.split()) for words in dropped)
        bold = 0
        for text, is_bold in pieces:
            if not is_bold and text.strip():
                break
            bold += len(text)
        return "".join(text for text, _ in pieces), bold, boxes


def body(main: Any, styles: Mapping[str, str]) -> Pages:
    """The text of a document's body; `styles` maps style ids to names."""
    pages = Pages()
    for block in _blocks(next((child for child in main if local(child) == "body"), main)):
        if local(block) == "tbl":
            _table(pages, block)
        else:
            pages.add_paragraph(block, heading=_is_heading(block, styles))
    return pages


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, through content controls and tracked blocks."""
    for child in element:
        name = local(child)
        if name in ("p", "tbl"):
            yield child
        elif name == "AlternateContent":
            yield from _blocks(chosen(child))
        elif name not in ("sectPr", "del", "moveFrom", ""):
            yield from _blocks(child)


def _is_heading(paragraph: Any, styles: Mapping[str, str]) -> bool:
    for properties in paragraph:
        if local(properties) != "pPr":
            continue
        for one in properties:
            given = value(one, "val") or ""
            if local(one) == "pStyle" and styles.get(given, given).casefold().startswith(
                ("heading", "title", "subtitle")
            ):
                return True
    return False


def _table(pages: Pages, table: Any) -> None:
    """Rows as paragraphs, cells joined with tabs; a table of speakers also gives marks."""
    rows = [[_cell(pages, cell) for cell in _cells(row, "tc")] for row in _cells(table, "tr")]
    columns = speaker_columns(rows)
    begins, speaker = pages.here, ""
    for at, row in enumerate(rows):
        line = pages.line
        start, end = pages.add("\t".join(row))
        if columns is None:
            continue
        if (at == 0 and columns.header) or len(row) <= max(columns.speaker, columns.text):
            pages.marks.append(Candidate(line, start, start, "", "given"))
            continue
        speaker = labels.tidy(row[columns.speaker].rstrip(": ")) or speaker
        pages.marks += _marks(row, (start, end), line, speaker, columns)
    if columns:
        pages.marks.append(Candidate(pages.line, pages.here, pages.here, "", "given"))
        pages.settled.append((begins, pages.here))


def _cells(element: Any, wanted: str) -> Iterator[Any]:
    for child in element:
        name = local(child)
        if name == wanted:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _cells(child, wanted)


def _cell(pages: Pages, cell: Any) -> str:
    """The paragraphs of a cell joined with LF; those of a table inside it follow."""
    found = []
    for inner in _blocks(cell):
        if local(inner) == "tbl":
            found += ["\t".join(_cell(pages, one) for one in _cells(row, "tc")) for row in _cells(inner, "tr")]
        else:
            content, _, boxes = pages.content(inner)
            found += [content, *(_cell(pages, box) for box in boxes)]
    return "\n".join(found)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table of talk hold what; `header` says that its first row names them."""

    speaker: int
    text: int
    time: int | None = None
    header: bool = False


def speaker_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of a table whose rows are turns, or None.

    Told by a header ("Speaker", "Text"), or by a column of short recurring labels beside one of longer text.
    """
    widths = Counter(len(row) for row in rows)
    if not rows or widths.most_common(1)[0][0] < 2 or len(rows) < 2:
        return None
    named = _named_columns(rows[0])
    if named:
        return named
    width = widths.most_common(1)[0][0]
    body_rows = [row for row in rows if len(row) == width]
    columns = [[row[at].strip() for row in body_rows] for at in range(width)]
    times = [at for at, cells in enumerate(columns) if _mostly(stamps.LINE.fullmatch(cell) for cell in cells if cell)]
    speakers = [at for at, cells in enumerate(columns) if at not in times and _is_speaker_column(cells)]
    if not speakers:
        return None
    rest = [at for at in range(width) if at not in times and at != speakers[0]]
    if not rest:
        return None
    text = max(rest, key=lambda at: sum(map(len, columns[at])))
    says_role = any(role_of(cell) == "interviewer" for cell in columns[speakers[0]])
    longer = says_role or sum(map(len, columns[text])) > 2 * sum(map(len, columns[speakers[0]]))
    return Columns(speakers[0], text, times[0] if times else None) if longer else None


def _named_columns(first: Sequence[str]) -> Columns | None:
    names = [cell.strip().casefold() for cell in first]
    at = {
        kind: next((i for i, name in enumerate(names) if name in known), None) for kind, known in _HEADER_CELLS.items()
    }
    if at["speaker"] is None or at["text"] is None:
        return None
    return Columns(at["speaker"], at["text"], at["time"], header=True)


def _mostly(found: Iterable[object]) -> bool:
    answers = [bool(one) for one in found]
    return bool(answers) and sum(answers) >= 0.7 * len(answers)


def _is_speaker_column(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or not all(labels.shape(cell.rstrip(": ")) for cell in filled):
        return False
    counts = Counter(labels.key(cell.rstrip(": ")) for cell in filled)
    return len(counts) >= 2 and len(filled) >= 1.5 * len(counts)


def _marks(
    row: Sequence[str], place: tuple[int, int], line: int, speaker: str, columns: Columns
) -> Iterator[Candidate]:
    """A mark for the row's speaker, and one of nobody for what follows the text cell."""
    start, end = place
    begins = start + sum(len(cell) + 1 for cell in row[: columns.text])
    time = stamps.seconds(row[columns.time]) if columns.time is not None and columns.time < len(row) else None
    yield Candidate(line, start, begins, speaker, "given", time)
    after = begins + len(row[columns.text])
    further = [at for at in range(columns.text + 1, len(row)) if row[at].strip()]
    if further:
        only_labels = all(at in (columns.speaker, columns.time) for at in further)
        yield Candidate(line, after, end if only_labels else after, "", "given")
