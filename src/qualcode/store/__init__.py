"""KEEP: bundles to SQLite and back. One folder, one ``qualcode.db``, one log that is the truth.

* `schema` – the tables and migrations
* `connection` – pragmas, locks, transactions
* `log` – acts, events, contents; the hash chain and this copy's replica
* `projection` – rows from events
* `retrieval` – values from rows
* `acts` – the verbs of a change
* `history` – undo, redo, milestones, the past
* `merging` – the union of two logs
* `files` – originals beside the database
* `reads`, `project` – `Project`, the door
"""

from __future__ import annotations

from qualcode.store.acts import Act
from qualcode.store.project import Project
from qualcode.store.reads import DATABASE

__all__ = ["DATABASE", "Act", "Project"]
