"""The pages of a document as text with offsets, whatever format they come from: lines, headings, tables, notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from qualcode import guards
from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers import labels
from qualcode.readers.habits import Candidate
from qualcode.readers.questions import Stress
from qualcode.readers.sources import source_of
from qualcode.readers.speaker_tables import labelled_column, marks_of_cell, marks_of_row, speaker_columns
from qualcode.readers.turns import Layout, talk, titles


@dataclass
class Pages:
    """The text that grows while a document is walked; offsets are code points of `text()`.

    `deletions` are the tracked ones, each as its words; `comments` are (author, words).
    """

    lines: list[str] = field(default_factory=list)
    here: int = 0
    line: int = 1
    bold: dict[int, int] = field(default_factory=dict)
    headings: list[tuple[int, int]] = field(default_factory=list)
    stressed: list[Stress] = field(default_factory=list)
    marks: list[Candidate] = field(default_factory=list)
    settled: list[tuple[int, int]] = field(default_factory=list)
    notes: list[tuple[int, int]] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    numbered: int = 0

    def text(self) -> str:
        """Everything added, joined with LF."""
        return "\n".join(self.lines)

    def add(self, content: str, bold: int = 0, *, heading: bool = False, looks: Iterable[str] = ()) -> tuple[int, int]:
        """Append a paragraph whose first `bold` characters are bold; its half-open range.

        `looks` are ways in which the whole paragraph is set apart from plain type, other than as a heading.
        """
        start = self.here
        self.lines.append(content)
        self.here += len(content) + 1
        self.line += content.count("\n") + 1
        if heading and content.strip():
            self.headings.append((start, self.here - 1))
        if 0 < bold < len(content):
            self.bold[start] = start + bold
        if content.strip():
            self.stressed += [Stress(start, self.here - 1, look) for look in looks if look]
            if heading:
                self.stressed.append(Stress(start, self.here - 1, "as headings"))
        return start, self.here - 1

    def add_table(self, rows: Sequence[Sequence[str]]) -> None:
        """Append rows as paragraphs, cells joined with tabs; a table of speakers also gives marks."""
        columns = speaker_columns(rows)
        labelled = labelled_column(rows) if columns is None else None
        begins, speaker = self.here, ""
        for at, row in enumerate(rows):
            line = self.line
            start, end = self.add("\t".join(row))
            if labelled is not None:
                found = list(marks_of_cell(row, (start, end), line, labelled, speaker))
                self.marks += found
                speaker = next((one.label for one in reversed(found) if one.label), speaker)
            if columns is None:
                continue
            if (at == 0 and columns.header) or len(row) <= max(columns.speaker, columns.text):
                self.marks.append(Candidate(line, start, start, "", "given"))
                continue
            speaker = labels.tidy(row[columns.speaker].rstrip(": ")) or speaker
            self.marks += marks_of_row(row, (start, end), line, speaker, columns)
        if columns or labelled is not None:
            self.marks.append(Candidate(self.line, self.here, self.here, "", "given"))
            self.settled.append((begins, self.here))

    def add_note(self, paragraphs: Iterable[str]) -> None:
        """Append a foot- or endnote, which is nobody's turn."""
        start = self.here
        for paragraph in paragraphs:
            self.add(paragraph)
        self.close_note(start)

    def close_note(self, start: int) -> None:
        """Make what was appended since `start` a note."""
        if self.here > start:
            self.notes.append((start, self.here - 1))

    def notices(self, name: str) -> Iterator[Notice]:
        """What was dropped, set apart or not written, in the file called `name`."""
        if self.deletions:
            words = sum(len(said.split()) for said in self.deletions)
            said = f"tracked deletions are not in the text: {len(self.deletions)} with {words} words"
            yield Notice(name, "warning", said)
        if self.notes:
            yield Notice(name, "info", f"{len(self.notes)} foot- or endnotes stand at the end of the text")
        if self.numbered:
            said = f"numbers that the program gives to {self.numbered} list paragraphs are not in the text"
            yield Notice(name, "info", said)
        for author, said in self.comments:
            yield Notice(name, "info", f"comment by {author or 'nobody'}: {said}")


def margins(name: str, found: Iterable[tuple[str, str]]) -> list[Notice]:
    """Notices of page headers and footers, given as ("header" or "footer", words): each once, numbers alone not."""
    once = dict.fromkeys((kind, " ".join(said.split())) for kind, said in found)
    told = [(kind, said) for kind, said in once if any(char.isalpha() for char in said)]
    return [Notice(name, "info", f"page {kind}, not in the text: {said}") for kind, said in told]


def bound(
    raw: bytes, name: str, pages: Pages, notices: Sequence[Notice] = (), speakers: Collection[str] = ()
) -> Bundle:
    """The bundle of one source that the pages make; `speakers` are labels that are speakers' whatever it looks like.

    Raises InputError when they are blank and LimitExceeded for more text than the cap of a file.
    """
    text = pages.text()
    if not text.replace("\ufffd", "").strip():
        raise InputError(f"{name} holds no text", "check that it is not a scan, and was saved whole")
    guards.check_size(len(text), name)
    layout = Layout(
        bold=pages.bold,
        breaks=(*titles(text, pages.headings), *pages.notes),
        marks=tuple(pages.marks),
        settled=(*pages.settled, *pages.notes),
        by_line=True,
        stressed=tuple(pages.stressed),
    )
    return source_of(raw, name, text, talk(text, name, layout, speakers), [*pages.notices(name), *notices])
