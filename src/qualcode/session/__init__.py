"""CODE: one coder's sitting, headless, and what the screen shows of it; no module here knows a terminal.

* `acting` – the acts: code, uncode, recode, resize, memo, done, accept, reject
"""

from __future__ import annotations

from qualcode.session.acting import CONSENSUS, Line, Place, Session

__all__ = ["CONSENSUS", "Line", "Place", "Session"]
