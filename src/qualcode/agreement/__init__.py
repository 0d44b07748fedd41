"""How far coders agree: codings in, an `Agreement` out.

Read in this order: `request` (what is asked) · `raters` (who looked at what; missing against zero) · `sections`,
`continuum` and `words` (sources cut to units; `cases` joins those of a person) · `view` (what each rater marked) ·
`sums` (all a coefficient needs, additive) · `percent`, `alpha`, `kappa`, `sets`, `weights` (a function a coefficient) ·
`intervals` · `measures` and `figures` (names, reasons, flags) · `rated` (codes as scales) · `scoring`, `measuring`
and `wording` (all together). Beside it: `sensitivity`, `panel`, `grouping` (other decisions, coders side by side, parts
of a study) · `spans` with `unitizing`, `unitizing_2004`, `boundaries`, `alignment`, `gamma` · `ratings`, `table` and
`table_groups` (anyone's ratings) · `differences` and `leverage` (the list to talk about) · `planning` · `peers` (what
other programs print) · `facts`.

Importing this package loads no NumPy; its functions do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Unpack

from qualcode.agreement.planning import Plan, plan, plan_rows, units_needed
from qualcode.agreement.request import Request, TableForm
from qualcode.model import Agreement, Bundle, Disagreement, Segment, Source

__all__ = [
    "Plan",
    "Request",
    "TableForm",
    "disagreements",
    "from_table",
    "measure",
    "measure_as",
    "plan",
    "plan_rows",
    "shared_places",
    "units_needed",
]


def measure(bundle: Bundle, *, cut: Callable[[Source, str], Sequence[Segment]], request: Request) -> Agreement:
    """How far the coders of `bundle` agree; see `measuring.measure`."""
    from qualcode.agreement.measuring import measure as measured

    return measured(bundle, cut=cut, request=request)


def measure_as(
    bundle: Bundle, peer: str, *, cut: Callable[[Source, str], Sequence[Segment]], request: Request
) -> Agreement:
    """The figures another program prints for `bundle`; see `peers.measure_as`."""
    from qualcode.agreement.peers import measure_as as measured

    return measured(bundle, peer, cut=cut, request=request)


def shared_places(bundle: Bundle, request: Request) -> Iterator[tuple[str, int, str, tuple[str, ...]]]:
    """(codebook, round, source id, coders) of what is compared; see `sections.shared_places`."""
    from qualcode.agreement.sections import shared_places as found

    return found(bundle, request)


def from_table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    request: Request | None = None,
    lines: Sequence[int] = (),
    **form: Unpack[TableForm],
) -> Agreement:
    """Agreement on a table of ratings, header and rows of strings; see `table.from_table`."""
    from qualcode.agreement.table import from_table as measured

    return measured(header, rows, request=request, lines=lines, **form)


def disagreements(
    bundle: Bundle,
    *,
    cut: Callable[[Source, str], Sequence[Segment]],
    request: Request,
    agreed: bool = False,
    by_effect: bool = False,
) -> tuple[Disagreement, ...]:
    """The places where coders differ; see `differences.disagreements`."""
    from qualcode.agreement.differences import disagreements as found

    return found(bundle, cut=cut, request=request, agreed=agreed, by_effect=by_effect)
