"""Suggesters: segments → suggestions, each with a score and a reason. A person decides; nothing here stores.

The contract is a scikit-learn component's: every parameter is named in ``__init__`` and kept under its own name,
``fit`` returns self, what was learned ends in ``_``, and a fitted suggester scores any batch of segments by itself.
``qualcode.testing.check_suggester`` checks it. Importing this module imports no library.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from qualcode.model import Codebook, Coding, Notice, Segment, Suggestion
from qualcode.registry import Registry

SUGGESTERS = Registry(
    "suggester",
    "qualcode.suggesters",
    {
        "cues": "qualcode.suggesters.cues:CueSuggester",
    },
)


class Suggester(Protocol):
    """What can be registered under ``qualcode.suggesters``."""

    name: str
    version_: str
    notices_: tuple[Notice, ...]

    def fit(
        self, codebooks: Iterable[Codebook], codings: Iterable[Coding] = (), segments: Iterable[Segment] = ()
    ) -> Suggester:
        """Learn from codebooks, from what people coded, and from texts nobody coded; returns self."""

    def score(self, segments: Iterable[Segment]) -> tuple[Suggestion, ...]:
        """At most one suggestion a segment and code, in the order of the segments, scores between 0 and 1."""
