"""Report → bytes for people. Every renderer is one function ``render(report) -> bytes``, the same for the same report.

A quotation comes out verbatim once the format's own escaping is undone; only characters that a page must not hold
(controls, overrides of the writing direction) are shown as symbols.
"""

from __future__ import annotations

from qualcode.registry import Registry

RENDERERS = Registry(
    "renderer",
    "qualcode.renderers",
    {
        "csv": "qualcode.renderers.csv:render",
        "docx": "qualcode.renderers.docx:render",
        "html": "qualcode.renderers.html:render",
        "latex": "qualcode.renderers.latex:render",
        "markdown": "qualcode.renderers.markdown:render",
    },
)
