"""Tables in documents whose rows are turns: which column speaks, which holds the words, which the time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qualcode.readers import labels, stamps
from qualcode.readers.habits import Candidate, candidates, lines_of
from qualcode.roles import role_of

_HEADER_CELLS = {
    "speaker": {"speaker", "name", "who", "person", "sprecher", "interlocutor", "voice"},
    "time": {"time", "timespan", "timestamp", "timecode", "start", "zeit"},
    "text": {"text", "content", "transcript", "transcription", "speech", "utterance", "words", "dialogue", "talk"},
}
_FEWEST = 4
_LABELLED = 0.5


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


def labelled_column(rows: Sequence[Sequence[str]]) -> int | None:
    """The column whose cells begin with labels ("Maya: …"), in a table that has others beside it for codes or notes."""
    width = max(map(len, rows), default=0)
    if width < 2:
        return None
    columns = [[row[at] for row in rows if at < len(row) and row[at].strip()] for at in range(width)]
    told = [sum(_label(cell) is not None for cell in cells) for cells in columns]
    best = max(range(width), key=lambda at: told[at])
    names = {one.key for cell in columns[best] if (one := _label(cell))}
    most = told[best] >= max(_FEWEST, _LABELLED * len(columns[best]))
    return best if most and 2 <= len(names) <= 0.5 * told[best] + 1 else None


def _label(cell: str) -> Candidate | None:
    return next((one for one in candidates(cell, lines_of(cell)[:1], {}) if one.form == "colon"), None)


def marks_of_cell(row: Sequence[str], place: tuple[int, int], line: int, at: int, speaker: str) -> Iterator[Candidate]:
    """Marks for the speakers of a cell that has its labels itself, and of nobody for the cells beside it.

    Without a label the `speaker` of the row above goes on.
    """
    begins = place[0] + sum(len(cell) + 1 for cell in row[:at])
    cell = row[at] if at < len(row) else ""
    time = next((stamps.seconds(one) for one in row[:at] if stamps.LINE.fullmatch(one.strip())), None)
    found = [one for one in candidates(cell, lines_of(cell), {}) if one.form == "colon"]
    if _label(cell) is None:
        yield Candidate(line, place[0], begins, speaker, "given", time)
    for one in found:
        first = one is found[0] and _label(cell) is not None
        here = place[0] if first else begins + one.start
        known = time if first and one.time is None else one.time
        yield replace(one, line=line, start=here, speech=begins + one.speech, form="given", time=known)
    if any(other.strip() for other in row[at + 1 :]):
        yield Candidate(line, begins + len(cell), begins + len(cell), "", "given")


def _named_columns(first: Sequence[str]) -> Columns | None:
    names = [cell.strip().casefold() for cell in first]
    at = {
        kind: next((i for i, name in enumerate(names) if name in known), None) for kind, known in _HEADER_CELLS.items()
    }
    if at["speaker"] is None or at["text"] is None:
        return None
    return Columns(at["speaker"], at["text"], at["time"], header=True)


def names_follow_words(first: Sequence[str]) -> bool:
    """Whether the cells of a header name a column of words and, after it, one of speakers."""
    named = _named_columns(first)
    return named is not None and named.speaker > named.text


def _mostly(found: Iterable[object]) -> bool:
    answers = [bool(one) for one in found]
    return bool(answers) and sum(answers) >= 0.7 * len(answers)


def _is_speaker_column(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or not all(labels.shape(cell.rstrip(": ")) for cell in filled):
        return False
    counts = Counter(labels.key(cell.rstrip(": ")) for cell in filled)
    return len(counts) >= 2 and len(filled) >= 1.5 * len(counts)


def marks_of_row(
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
