"""A table of every real file that a reader takes, in build/: `python -m tests.readers.real_files [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from qualcode.errors import QualcodeError
from qualcode.readers import ReadOptions, format_of, read, supported
from qualcode.speakers import assign

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


def files(folder: Path = DATA) -> list[Path]:
    """Every file of the folder that a reader takes by its ending, also of readers that come later."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and supported(path)) if folder.is_dir() else []


def row(path: Path, folder: Path) -> list[str]:
    """file, format, characters, turns, speakers, notices."""
    shown = str(path.relative_to(folder))
    form = format_of(path.read_bytes(), path.name, ReadOptions())
    try:
        got = assign(read(path))
    except QualcodeError as error:
        return [shown, form, "", "", "", f"refused: {error}"]
    speakers = list(dict.fromkeys(name for source in got.sources for name in source.speakers))
    return [
        shown,
        form,
        str(sum(len(source.text) for source in got.sources)),
        str(sum(len(source.turns) for source in got.sources)),
        ", ".join(speakers[:6]) + (f" … {len(speakers)}" if len(speakers) > 6 else ""),
        " | ".join(f"{notice.severity}: {notice.message}" for notice in got.notices[:8]),
    ]


def main() -> None:
    """Write the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    head = ["file", "format", "characters", "turns", "speakers", "notices"]
    rows = [head, *(row(path, folder) for path in files(folder))]
    target = ROOT / "build" / "real-files.tsv"
    target.parent.mkdir(exist_ok=True)
    lines = ("\t".join(" ".join(cell.split()) for cell in one) + "\n" for one in rows)
    target.write_text("".join(lines), encoding="utf-8")
    print(f"{len(rows) - 1} files in {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
