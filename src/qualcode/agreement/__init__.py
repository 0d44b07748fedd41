"""How far coders agree: codings in, an `Agreement` out.

Read in this order: `request` (what is asked) · `raters` (who looked at what; missing against zero) · `sections` and
`continuum` (sources cut to units) · `view` (what each rater marked) · `sums` (all a coefficient needs, additive) ·
`percent`, `alpha`, `kappa`, `sets`, `weights` (one function a coefficient) · `intervals` · `figures` and `measures`
(names, reasons, flags) · `measuring` and `wording` (all of it together).

Importing this package loads no NumPy; its functions do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qualcode.agreement.request import Request
from qualcode.model import Agreement, Bundle, Segment, Source

__all__ = ["Request", "measure"]


def measure(bundle: Bundle, *, cut: Callable[[Source, str], Sequence[Segment]], request: Request) -> Agreement:
    """How far the coders of `bundle` agree; see `measuring.measure`."""
    from qualcode.agreement.measuring import measure as measured

    return measured(bundle, cut=cut, request=request)
