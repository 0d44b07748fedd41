"""What a file holds beside the talk (notes, comments, headers), told in few notices and without losing a word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from qualcode.model import Notice

_FIGURES = re.compile(r"\d[\d.,:]*")
_MANY = 3


def asides(name: str, notes: Iterable[tuple[int, str]], what: str = "notes in the file") -> Iterator[Notice]:
    """One notice for all notes, each a line and its words; notes that differ only in figures are counted.

    Old files of Teams have a note of confidence above every cue.
    """
    alike: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line, note in notes:
        alike[_FIGURES.sub("#", note)].append((line, note))
    several = {key: found for key, found in alike.items() if len(found) > _MANY and key != found[0][1]}
    single = sorted(note for key, found in alike.items() if key not in several for note in found)
    if single:
        said = " · ".join(note for _, note in single)
        yield Notice(f"{name}:{single[0][0]}", "info", f"{what}, not in the text: {said}")
    for found in several.values():
        line, first = found[0]
        yield Notice(f"{name}:{line}", "info", f'{what}, not in the text: {len(found)} like "{first}"')
