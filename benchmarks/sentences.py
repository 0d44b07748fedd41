"""Sentence splitting beside spaCy's sentencizer: agreement with the hand-made set, and speed on 1 MB of it.

Run ``python benchmarks/sentences.py``. The set (``tests/samples/sentences.txt``) was made together with the rules, so
the first figure is an upper bound for ours; it is dense in hard cases, so spaCy's is lower than on plain prose.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.test_segmentation import document, passages, sentence_ends

from qualcode.segmentation import cut


def f1(ends_of: Callable[[str], set[int]]) -> float:
    """The F1 of inner sentence ends over all passages."""
    pairs = [(ends_of(text), gold) for text, gold in passages()]
    hits = sum(len(got & gold) for got, gold in pairs)
    return 2 * hits / sum(len(got) + len(gold) for got, gold in pairs)


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The CPU seconds of the best of some runs."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    """Print one line a splitter."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 2_000_000
    one = "\n\n".join(text for text, _ in passages()) + "\n\n"
    text = one * (1_000_000 // len(one) + 1)
    print(f"{sum(len(gold) for _, gold in passages())} boundaries by hand; {len(text):,} characters for speed")
    print(f"qualcode    F1 {f1(sentence_ends):.3f}   {seconds(lambda: cut(document(text), 'sentence')):.2f} s")
    theirs = f1(lambda passage: {sentence.end_char for sentence in list(nlp(passage).sents)[:-1]})
    print(f"sentencizer F1 {theirs:.3f}   {seconds(lambda: nlp(text), 1):.2f} s")


if __name__ == "__main__":
    main()
