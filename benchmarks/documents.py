"""Reading a printed interview of 60 pages and a long court text, beside getting at their bare text.

    python benchmarks/documents.py [runs]

Every reading is a process of its own: CPU seconds and peak resident memory, medians; the start of Python and the
imports are in them, for both sides alike. The PDF is made here, with heads, page numbers and hyphens; its rival is
pdfium's bare text, that of the court text opening the file and decoding it. Neither finds a paragraph or a speaker. The
court text is left out where the public data set is not beside this checkout.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import textwrap
import zlib
from collections.abc import Iterator
from pathlib import Path

COURT = Path(__file__).resolve().parents[2] / "shared" / "data" / "30_long" / "ferguson_8_volumes_concat.txt"
PAGES, LINES = 60, 44
READ = (
    "import sys; from pathlib import Path; from qualcode.readers import read; "
    "source = read(Path(sys.argv[1])).sources[0]; assert len(source.speakers) > 1; print(len(source.turns))"
)
PDFIUM = (
    "import sys, pypdfium2; document = pypdfium2.PdfDocument(sys.argv[1]); "
    "print(sum(len(page.get_textpage().get_text_range()) for page in document))"
)
DECODE = "import sys; print(len(open(sys.argv[1], 'rb').read().decode('utf-8-sig')))"
TALK = (
    "the trainees talk to each other and we hear new ideas from every course they come on but there are four "
    "handbooks three forms two calendars and nobody to ring when a tutor does not come so it takes an evening a week"
)


def lines() -> Iterator[str]:
    """The wrapped lines of a made-up interview, without end."""
    rng = random.Random(1)
    words = TALK.split()
    while True:
        for speaker in ("Interviewer", "Maya Klein"):
            said = " ".join(rng.choices(words, k=rng.randint(8, 160))).capitalize()
            yield from textwrap.wrap(f"{speaker}: {said}.", 80)
            yield ""


def pdf() -> bytes:
    """Sixty pages of it, 10 points in Courier, under a running head and over a page number."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"]
    running = lines()
    for page in range(1, PAGES + 1):
        placed = [(800, "Transcript of the interview in June"), (30, f"{page}")]
        placed += [(750 - 15 * n, next(running)) for n in range(LINES)]
        drawn = "\n".join(f"BT /F 10 Tf 1 0 0 1 56 {y} Tm ({said}) Tj ET" for y, said in placed if said)
        packed = zlib.compress(drawn.encode())
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (len(objects) + 2)
        )
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(PAGES))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (PAGES, kids)
    raw, places = b"%PDF-1.4\n", b""
    for n, content in enumerate(objects, 1):
        places += b"%010d 00000 n \n" % len(raw)
        raw += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(raw))
    return raw + head + places + trailer


def measured(code: str, path: Path) -> tuple[float, float]:
    """CPU seconds and peak megabytes of one run."""
    process = subprocess.Popen([sys.executable, "-P", "-c", code, str(path)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{path.name} could not be read")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def compare(path: Path, rival: str, code: str, runs: int, seconds: float, megabytes: float) -> bool:
    """Print both sides; whether the goals are met."""
    rows = [(measured(READ, path), measured(code, path)) for _ in range(runs)]
    ours, theirs = (tuple(map(statistics.median, zip(*side, strict=True))) for side in zip(*rows, strict=True))
    print(f"{path.name}\tqualcode\t{ours[0]:.2f}\t{ours[1]:.0f}")
    print(f"{path.name}\t{rival}\t{theirs[0]:.2f}\t{theirs[1]:.0f}")
    print(f"# {ours[0] / theirs[0]:.1f} times the CPU of the rival; goals: {seconds:g} s, {megabytes:g} MB")
    return ours[0] <= seconds and ours[1] <= megabytes


def main() -> int:
    """Print the table; status 1 when a goal is missed."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("file\tprogram\tCPU s\tpeak MB")
    with tempfile.TemporaryDirectory() as place:
        printed = Path(place) / "interview.pdf"
        printed.write_bytes(pdf())
        met = compare(printed, "pypdfium2, bare text", PDFIUM, runs, 1.0, 300.0)
    if COURT.exists():
        met = compare(COURT, "read and decode", DECODE, runs, 3.0, 300.0) and met
    else:
        print(f"# {COURT.name} is not beside this checkout")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
