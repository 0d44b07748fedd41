"""CODE: one coder's sitting, headless, and what the screen shows of it; no module here knows a terminal.

* `acting` – the acts: code, uncode, recode, resize, memo, done, accept, reject
* `numbering` – turns, sentences and words, and their numbers
* `reading` – one source: what is selected, where the next thing is
* `layers` – whose codings are shown
* `picking` – a code by a few letters
* `desk` – the codes, the sources, the one that is open, whose layers were seen
* `sitting` – every act of the screen, and the line that says what happened
* `queues` – suggestions, anchors and changed definitions to decide
* `settling` – the places where coders differ, and what holds there
* `comparing` – the passages of one code; the chart, case by code
* `answering` – the answers to one question
* `tour` – the lesson
"""

from __future__ import annotations

from qualcode.session.acting import BULK, Line, Place, Session

__all__ = ["BULK", "Line", "Place", "Session"]
