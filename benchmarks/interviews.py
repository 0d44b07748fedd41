"""Real interviews, as far as they are at hand, and segments of them such as people code.

They lie in ``../shared/data``, seen from the repository; sets that are absent are said on stderr and left out.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from revisions import Turn, turns_of

from qualcode.model import Span

DATA = Path(__file__).parents[2] / "shared" / "data"
INTERVIEWS = ("13_*/*.txt", "04_*/fulltext/*.txt", "03_*/*.txt", "09_*/*.csv", "10_*/*.csv")


def long_texts() -> list[str]:
    """Texts of more than a million characters."""
    paths = sorted(DATA.glob("30_*/*concat.txt"))
    if not paths:
        print("skipped: no long text in the folder of data", file=sys.stderr)
    return [path.read_text("utf-8", "replace") for path in paths]


def interviews() -> dict[str, str]:
    """Name → text of the real interviews at hand, each once; says on stderr which sets are absent."""
    found: dict[str, str] = {}
    for pattern in INTERVIEWS:
        paths = sorted(DATA.glob(pattern))
        if not paths:
            print(f"skipped: no {pattern} in the folder of data", file=sys.stderr)
        for path in paths:
            text = _read(path)
            if len(text) > 2000 and text not in found.values():
                found[path.stem] = text
    return found


def _read(path: Path) -> str:
    """A transcript's text with LF line ends; rows of a sheet become ``speaker: words`` or excerpts."""
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    if path.suffix != ".csv":
        return text
    rows = list(csv.DictReader(io.StringIO(text)))
    if rows and "words" in rows[0]:
        return "".join(
            f"{row['speaker'].strip().rstrip(':')}: {row['words'] or ''}\n" for row in rows if row["speaker"]
        )
    return _without_overlaps([row["Coded"] for row in rows if row.get("Coded")])


def _without_overlaps(excerpts: Sequence[str]) -> str:
    """Excerpts, longest first where they overlap: what was coded twice stood in the interview once."""
    runs: set[str] = set()
    kept = []
    for excerpt in sorted(set(excerpts), key=lambda excerpt: (-len(excerpt), excerpt)):
        own = {excerpt[at : at + 20] for at in range(max(1, len(excerpt) - 19))}
        if not own & runs:
            runs |= own
            kept.append(excerpt)
    return "".join(f"{excerpt}\n" for excerpt in excerpts if excerpt in kept and not kept.remove(excerpt))


def segments(text: str, count: int, rng: Random) -> list[Span]:
    """`count` spans of every size: words, clauses, sentences, turns, several turns, from one turn into the next.

    Each once, while the text has others to offer.
    """
    turns = turns_of(text)
    makers = (_some_words, _some_words, _clause, _sentence, _turn, _short_turn, _several_turns, _across)
    found: dict[Span, None] = {}
    for attempt in range(20 * count):
        if len(found) < count:
            span = makers[attempt % len(makers)](text, turns, rng)
            if text[span.start : span.end].strip():
                found[span] = None
    return list(found)


def _words(text: str, turn: Turn) -> list[tuple[int, int]]:
    return [(turn.body + m.start(), turn.body + m.end()) for m in re.finditer(r"\S+", text[turn.body : turn.end])]


def _some_words(text: str, turns: list[Turn], rng: Random) -> Span:
    words = _words(text, rng.choice(turns))
    first = rng.randrange(len(words))
    last = min(len(words) - 1, first + rng.choice([0, 0, 1, 2, 4]))
    return Span(words[first][0], words[last][1])


def _part(text: str, turns: list[Turn], rng: Random, pattern: str) -> Span:
    turn = rng.choice(turns)
    parts = list(re.finditer(pattern, text[turn.body : turn.end]))
    if not parts:
        return _turn(text, turns, rng)
    part = rng.choice(parts)
    return Span(turn.body + part.start(), turn.body + part.end())


def _clause(text: str, turns: list[Turn], rng: Random) -> Span:
    return _part(text, turns, rng, r"[^\s.,;:?!…][^.,;:?!…\n]*")


def _sentence(text: str, turns: list[Turn], rng: Random) -> Span:
    return _part(text, turns, rng, r"[^\s.?!…][^.?!…\n]*[.?!…]*")


def _turn(text: str, turns: list[Turn], rng: Random) -> Span:
    turn = rng.choice(turns)
    words = _words(text, turn)
    return Span(words[0][0], words[-1][1])


def _short_turn(text: str, turns: list[Turn], rng: Random) -> Span:
    short = [turn for turn in turns if turn.end - turn.body < 40]
    return _turn(text, short or turns, rng)


def _several_turns(text: str, turns: list[Turn], rng: Random) -> Span:
    first = rng.randrange(len(turns))
    last = min(len(turns) - 1, first + rng.randint(1, 4))
    return Span(_words(text, turns[first])[0][0], _words(text, turns[last])[-1][1])


def _across(text: str, turns: list[Turn], rng: Random) -> Span:
    first = rng.randrange(len(turns) - 1)
    one, other = _words(text, turns[first]), _words(text, turns[first + 1])
    return Span(rng.choice(one)[0], rng.choice(other)[1])
