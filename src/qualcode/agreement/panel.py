"""The coders side by side: each pair's alpha, alpha without each of them, and who codes more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from qualcode.agreement.sections import Section
from qualcode.agreement.sets import alpha_set
from qualcode.agreement.view import View, binary_sums, only, set_sums

DISTANCE = "masi"


def panel_rows(section: Section) -> Iterator[dict[str, object]]:
    """Rows of `panel` for one section: pairs, everyone but one (of three or more), and each coder's codings."""
    view, about = section.view, {"codebook": section.codebook, "sources": section.kind}
    everyone = range(len(view.raters))
    for pair in combinations(everyone, 2):
        names = " and ".join(view.raters[n] for n in pair)
        yield {**about, "compared": "pair", "coders": names, **_overall(only(view, pair))}
    for left_out in everyone if len(view.raters) > 2 else ():
        kept = tuple(n for n in everyone if n != left_out)
        yield {**about, "compared": "without", "coders": view.raters[left_out], **_overall(only(view, kept))}
    applied = binary_sums(view).by_coder.sum(axis=(0, 1))
    for n, name in enumerate(view.raters):
        units, codes = round(float(applied[n].sum())), round(float(applied[n, 1]))
        share = codes / units if units else None
        yield {**about, "compared": "coder", "coders": name, "applied": codes, "share": share, "n": units}


def _overall(view: View) -> dict[str, object]:
    """Set-valued alpha of a view, with its n."""
    sums = set_sums(view, (DISTANCE,))
    value = float(alpha_set(sums, DISTANCE)[0])
    n = round(float(sums.paired.sum()))
    return {"measure": "alpha_set", "distance": DISTANCE, "value": None if value != value else value, "n": n}
