"""Bundle → bytes for programs. Every writer is one function ``write(bundle) -> bytes``, equal for equal bundles."""

from __future__ import annotations

from qualcode.registry import Registry

WRITERS = Registry(
    "writer",
    "qualcode.writers",
    {
        "csv": "qualcode.writers.csv:write",
        "jsonl": "qualcode.writers.jsonl:write",
    },
)
