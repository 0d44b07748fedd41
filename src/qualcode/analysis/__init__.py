"""Bundle → Report: what a researcher reads off the codings. Computes, never prints; one module a report.

Every entry is a function ``(bundle, request) -> Report``. `transcript.transcript(bundle, source)` and
`agreement.agreement_report(agreement)` are reports of one source and of one `Agreement`, and so stand outside the
table.

A bundle given to an analysis holds *all* codings of its sources, because a source counts as looked at when a coder
finished it or coded something in it; what to show of it is `Request.codes`.
"""

from __future__ import annotations

from qualcode.registry import Registry

ANALYSES = Registry(
    "report",
    "qualcode.analyses",
    {
        "closed": "qualcode.analysis.closed:closed",
        "codebook": "qualcode.analysis.codebook:codebook",
        "frequencies": "qualcode.analysis.frequencies:frequencies",
        "quotations": "qualcode.analysis.quotations:quotations",
    },
)
