"""The timed cues of .vtt, .srt and .sbv files: every block's words, whatever a meeting tool made of the format.

webvtt-py 0.6 was measured and left: it drops cues with negative times without a word, gives a cue with two voices
to the first of them, and loses notes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from qualcode.readers.sources import Speech

# Where nobody is named, a pause of two seconds or a sentence end after 400 characters begins a new paragraph.
PAUSE_SECONDS = 2.0
PARAGRAPH_CHARACTERS = 400

_CLOCK = r"-?\d{1,4}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,6})?"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-->\s*({_CLOCK})(?:\s.*)?")
_TIMING_SBV = re.compile(rf"({_CLOCK}),({_CLOCK})\s*")
_IDENTIFIER = re.compile(r"\s*(?:\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{20,}(?:/[\d-]+)?)\s*")
_NAMED = re.compile(r'(?:\d+\s+)?"([^"\n]{1,100})"(?:\s*\(\d+\))?')  # Webex: 1 "Ann Hill" (3221225472)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?(?:[ \t]+([^<>]{0,200}))?>")
_TAG = re.compile(
    r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font|span)(?:[.\s][^<>]{0,200})?/?>|<\d[\d:.]*>|\{\\[^{}]{0,100}\}", re.IGNORECASE
)
_WORDS = re.compile(r"^\D*[^\W\d_]{2}\D*$|[^\W\d_]\s\S|\S\s[^\W\d_]")
_TURNS = re.compile(r"[ \t]*(?:>>|&gt;&gt;|[-–—][ \t]*[^\W_])")
_FEWEST_ROLLED = 2
_ROLLED = 0.8
_WORD_TIME = re.compile(r"<\d[\d:.]*>")


@dataclass(frozen=True, slots=True)
class Cue:
    """One timed text: seconds of its start and end, the line of its timing, who speaks if a voice tag says so.

    `turns` says that a dash or chevrons begin it, by which subtitles show that somebody else speaks.
    """

    line: int
    start: float
    end: float
    text: str
    voice: str | None = None
    turns: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """The cues in the order of the file, and what else it holds: notes, words of the header, counts of oddities."""

    cues: tuple[Cue, ...]
    notes: tuple[tuple[int, str], ...] = ()
    negative: int = 0
    repeated: int = 0


@dataclass(slots=True)
class _Block:
    """A timing and the lines under it, which grow while the file is read."""

    line: int
    start: float
    end: float
    lines: list[str]
    voice: str | None = None


def track(text: str) -> Track:
    """The cues of a subtitle file's text; without any when it holds none."""
    blocks, notes = _blocks(text)
    rolling = any(_WORD_TIME.search(line) for block in blocks for line in block.lines) or _rolls(blocks)
    blocks, repeated = _unrolled(blocks) if rolling else (blocks, 0)
    cues = [cue for block in blocks for cue in _voices(block)]
    negative = sum(block.start < 0 for block in blocks)
    return Track(tuple(replace(cue, start=max(0.0, cue.start)) for cue in cues), tuple(notes), negative, repeated)


def _blocks(text: str) -> tuple[list[_Block], list[tuple[int, str]]]:
    blocks: list[_Block] = []
    notes: list[tuple[int, str]] = []
    lines = text.split("\n")
    mode = "header" if lines[0].startswith("WEBVTT") else "between"
    if mode == "header" and (title := lines[0][6:].strip(" \t-–—")):
        notes.append((1, title))
    for at, line in enumerate(lines):
        timing = _TIMING.fullmatch(line) or _TIMING_SBV.fullmatch(line)
        if timing:
            above = _take_identifier(blocks, lines, at)
            named = _NAMED.fullmatch(above)
            notes += [(at, above)] if above and not named else []
            voice = " ".join(named[1].split()) if named else None
            blocks.append(_Block(at + 1, _seconds(timing[1]), _seconds(timing[2]), [], voice))
            mode = "cue"
        elif not line.strip():
            mode = "between"
        elif mode == "between" and re.match(r"(?:NOTE|STYLE|REGION)\b", line):
            mode = line.split()[0]
            if mode == "NOTE" and line[4:].strip():
                notes.append((at + 1, line[4:].strip()))
        elif mode in ("NOTE", "header") and at:
            notes.append((at + 1, line.strip()))
        elif mode in ("cue", "between") and blocks:
            blocks[-1].lines.append(line)
        elif mode == "between" and not _is_identifier(lines, at):
            notes.append((at + 1, line.strip()))
    return blocks, notes


def _is_identifier(lines: list[str], at: int) -> bool:
    """Whether the line stands directly above a timing."""
    return at + 1 < len(lines) and bool(_TIMING.fullmatch(lines[at + 1]) or _TIMING_SBV.fullmatch(lines[at + 1]))


def _take_identifier(blocks: list[_Block], lines: list[str], at: int) -> str:
    """Take the identifier above a timing off the cue before it: any line after a blank, a number or GUID otherwise.

    Returns it when it holds words, which must not be lost.
    """
    above = lines[at - 1].strip() if at else ""
    after_blank = at >= 2 and not lines[at - 2].strip()
    if not above or not (after_blank or _IDENTIFIER.fullmatch(above)):
        return ""
    if blocks and blocks[-1].lines and blocks[-1].lines[-1].strip() == above:
        blocks[-1].lines.pop()
    return above if _WORDS.search(above) else ""


def _seconds(clock: str) -> float:
    """Seconds of ``h:m:s.ms`` or ``m:s.ms``, padded or not, negative with a leading hyphen."""
    total = 0.0
    for part in clock.lstrip("-").replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(-total if clock.startswith("-") else total, 3)


def _rolls(blocks: list[_Block]) -> bool:
    """Whether cues of several lines begin with the last line of the cue before, as rolling captions do.

    Somebody who says one thing again and again has cues of one line.
    """
    plain = [[words for line in block.lines if (words := " ".join(_plain(line).split()))] for block in blocks]
    longer = [(before, one) for before, one in pairwise(plain) if before and len(one) > 1]
    again = sum(one[0] == before[-1] for before, one in longer)
    return again >= _FEWEST_ROLLED and again >= _ROLLED * len(longer)


def _unrolled(blocks: list[_Block]) -> tuple[list[_Block], int]:
    """Rolling captions repeat the line above; keep each once. Told by word-level time tags."""
    kept: list[_Block] = []
    repeated = 0
    before: list[str] = []
    for block in blocks:
        plain = [" ".join(_plain(line).split()) for line in block.lines]
        drop = next((n for n in range(min(len(plain), len(before), 4), 0, -1) if plain[:n] == before[-n:]), 0)
        repeated += drop
        kept.append(replace(block, lines=block.lines[drop:]))
        before = [line for line in plain if line]
    return kept, repeated


def _voices(block: _Block) -> Iterator[Cue]:
    """The block cut at its voice tags, or else at the dashes that begin its lines; its line breaks become spaces."""
    begins = [n for n, line in enumerate(block.lines) if _TURNS.match(line)]
    if begins and not any(_VOICE.search(line) for line in block.lines):
        for start, stop in pairwise([0, *(n for n in begins if n), len(block.lines)]):
            said = " ".join(_plain(" ".join(block.lines[start:stop])).split())
            if said:
                yield Cue(block.line, block.start, block.end, said, block.voice, start in begins)
        return
    content = " ".join(line.strip() for line in block.lines)
    at, voice = 0, block.voice
    for tag in [*_VOICE.finditer(content), None]:
        said = " ".join(_plain(content[at : tag.start() if tag else len(content)]).split())
        if said:
            yield Cue(block.line, block.start, block.end, said, voice)
        if tag:
            at = tag.end()
            voice = " ".join(html.unescape(tag[1] or "").split()) or None


def _plain(content: str) -> str:
    """Without the tags of the format, entities resolved; anything else in angle brackets is the speakers' own."""
    return re.sub("[\u200e\u200f\ufeff]", "", html.unescape(_TAG.sub("", content)))


def speeches(cues: Iterable[Cue]) -> Iterator[Speech]:
    """Cues of one speaker joined by single spaces, in the order of the file."""
    running: Speech | None = None
    end = 0.0
    for cue in cues:
        if running and cue.voice == running.speaker and not _turns(running, cue, end):
            running = replace(running, text=f"{running.text} {cue.text}")
        else:
            if running:
                yield running
            running = Speech(cue.voice, cue.start, cue.text)
        end = cue.end
    if running:
        yield running


def _turns(running: Speech, cue: Cue, end: float) -> bool:
    """Whether somebody else begins where nobody is named: after a pause, or at a dash or chevrons."""
    return running.speaker is None and (cue.turns or _pauses(running, cue.start - end))


def _pauses(running: Speech, pause: float) -> bool:
    full = len(running.text) >= PARAGRAPH_CHARACTERS and running.text.endswith((".", "?", "!", "…"))
    return pause >= PAUSE_SECONDS or full
