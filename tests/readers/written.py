"""What is read from the files in tests/samples/transcripts, as a page that a person can compare with them by eye.

The files are written for these tests after the shapes that tools and typists really use. After a change that is meant
to read one of them otherwise: `python -m tests.readers.written`, and read the difference line by line.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.model import Source
from qualcode.readers import read
from qualcode.speakers import assign

FOLDER = Path(__file__).parents[1] / "samples" / "transcripts"
EXPECTED = FOLDER.with_suffix(".expected")


def files() -> list[Path]:
    """The samples, by name."""
    return sorted(FOLDER.iterdir())


def shown(path: Path) -> str:
    """The file's name and kind, then a line a turn: time, speaker with role, words."""
    source = assign(read(path)).sources[0]
    return "".join([f"#### {path.name}: {source.kind}\n", *(_turn(source, n) for n in range(len(source.turns)))])


def _turn(source: Source, n: int) -> str:
    turn = source.turns[n]
    time = "" if turn.time is None else f"{turn.time:g}"
    who = turn.speaker or "–"
    role = f" ({turn.role})" if turn.role else ""
    return f"{time:>8} | {who}{role} | {source.quote(turn.span).replace(chr(10), ' ⏎ ')}\n"


def expected() -> dict[str, str]:
    """By file name, what `shown` should give."""
    blocks = EXPECTED.read_text(encoding="utf-8").split("#### ")[1:]
    return {block.partition(":")[0]: f"#### {block}".rstrip("\n") + "\n" for block in blocks}


if __name__ == "__main__":
    EXPECTED.write_text("\n".join(shown(path) for path in files()), encoding="utf-8")
