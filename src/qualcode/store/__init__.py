"""KEEP: bundles to SQLite and back. One folder, one ``qualcode.db``, one log that is the truth.

* `schema` – the tables and migrations
* `connection` – pragmas, locks, transactions
* `log` – acts, events, contents; the hash chain and this copy's replica
* `projection` – rows from events
* `retrieval` – values from rows
* `acts` – the verbs of a change
* `history` – undo, redo, milestones, the past
* `merging` – the union of two logs
* `withheld` – a merge that was taken back, and bringing it back
* `sides` – versions nobody replaced, and the sides of a conflict
* `claims` – values that people gave to parts of one thing
* `conflicts`, `persons` – what two people changed apart
* `voices` – what became of a source's speakers
* `crossings` – codings with a code that was given up meanwhile
* `sight` – what stands on something undone
* `revisions` – text versions, and where spans are now
* `blindness` – who was shown what before being done
* `handout` – a blind package for a co-coder
* `backup`, `doctor` – copies, checks
* `files` – originals beside the database
* `reads`, `project` – `Project`, the door
"""

from __future__ import annotations

from qualcode.store.acts import Act
from qualcode.store.blindness import AT_SCREEN, DISAGREEMENTS, SUGGESTIONS, Mark
from qualcode.store.doctor import Check
from qualcode.store.history import Entry
from qualcode.store.merging import Merged
from qualcode.store.project import Project
from qualcode.store.records import Record
from qualcode.store.revisions import Placed
from qualcode.store.sides import Conflict

__all__ = [
    "AT_SCREEN",
    "DISAGREEMENTS",
    "SUGGESTIONS",
    "Act",
    "Check",
    "Conflict",
    "Entry",
    "Mark",
    "Merged",
    "Placed",
    "Project",
    "Record",
]
