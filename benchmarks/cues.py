"""The cue pass beside raw ``nlp.pipe`` of a blank English pipeline: same texts, same run.

Run ``python benchmarks/cues.py [SEGMENTS]``. The ratio is theirs by ours in time: 1.0 means that finding every cue
costs no more than cutting the texts into tokens, and at least 0.80 is the goal. Texts are the turns of the example
study's text transcripts, repeated; cues those of the three bundled codebooks (about 160 phrases and lemmas and 200
patterns).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from qualcode import codebook as codebooks
from qualcode.model import Segment, Source, Span
from qualcode.segmentation import cut
from qualcode.suggesters.cues import CueSuggester

ROOT = Path(__file__).parents[1]
GOAL = 0.80


def turns() -> list[str]:
    """Every line of the example study's plain transcripts."""
    files = sorted((ROOT / "transcripts").glob("*.txt"))
    sources = [Source(path.stem, path.stem, "interview", path.read_text(encoding="utf-8")) for path in files]
    return [segment.quote for source in sources for segment in cut(source, "paragraph")]


def seconds(work: Callable[[], object]) -> float:
    """The CPU seconds of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main(count: int) -> None:
    """Print both times (CPU, alternating runs, medians of five) and their ratio."""
    import spacy

    lines = turns()
    texts = (lines * (count // len(lines) + 1))[:count]
    batch = [Segment(Source(str(i), "", "answers", text), Span(0, len(text))) for i, text in enumerate(texts)]
    files = sorted((ROOT / "codebooks").glob("*.yaml"))
    books = [book for path in files for book in codebooks.load(path).codebooks]
    suggester = CueSuggester(expand=codebooks.expand).fit(books)
    nlp = spacy.blank("en")
    raw, ours = [], []
    for _ in range(5):
        raw.append(seconds(lambda: sum(len(doc) for doc in nlp.pipe(texts))))
        ours.append(seconds(lambda: suggester.score(batch)))
    found = suggester.score(batch)
    theirs, mine = statistics.median(raw), statistics.median(ours)
    print(f"{len(texts):,} segments of {sum(map(len, texts)) / len(texts):.0f} characters, {len(found):,} suggestions")
    print(f"nlp.pipe {theirs:.3f} s   cues {mine:.3f} s   ratio {theirs / mine:.2f} (goal {GOAL})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
