"""What is asked of an analysis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from qualcode.model import Coding

Count = Literal["cases", "segments", "sources", "words"]
COUNTS: tuple[Count, ...] = ("cases", "segments", "sources", "words")


@dataclass(frozen=True, slots=True)
class Request:
    """Each analysis takes what concerns it.

    `codes` are full paths, each with its descendants; empty means all. `layer` is ``consensus`` or a coder. `by` is
    a case attribute. `count` None means cases, or sources where there are no cases. `attribution` is a template
    such as ``[{phase} coordinator]``. `context` is code points before and after a quotation. `memos` shows the
    coders' memos beside quotations. `attributes` are the closed items to tabulate, empty means all; `split` parts
    the ticked options of one cell (``;``). `keep` takes the codings that a query wants shown and counted; it changes
    no denominator, which is why the bundle must hold the others too.
    """

    codes: tuple[str, ...] = ()
    layer: str | None = None
    by: str | None = None
    count: Count | None = None
    attribution: str | None = None
    context: int = 0
    memos: bool = False
    attributes: tuple[str, ...] = ()
    split: str | None = None
    keep: Callable[[Coding], bool] | None = None
