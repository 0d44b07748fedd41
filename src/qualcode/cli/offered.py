"""What help offers where the project's approach is reflexive: readings side by side, no figures of agreement.

Help is drawn before options are read, so this is the project of the environment or of the folder one is in, not one
that ``--project`` names. Options that ask for figures still work when typed.
"""

from __future__ import annotations

import re
from typing import Any

from qualcode.cli.request import Request
from qualcode.errors import QualcodeError

LINES = {"agreement": "Compare readings, side by side"}
"""Lines of the table of contents in a reflexive project."""
ABOUT = """Compare how coders read the same passages, side by side, without a figure.

    All people who share a source are shown; `--coders`, `--source` and `--codes` say whose readings of what.
    """
KEPT = frozenset({"coders", "source", "codes", "scope", "rounds", "as_of", "format", "out"})
"""Options of ``agreement`` that its help shows there, beside those of every command."""


def is_reflexive() -> bool:
    """Whether the project here is reflexive; no where there is none, or where its settings cannot be read.

    The settings are parsed only where they seem to say so: parsing took 30 ms of help's 150.
    """
    request = Request()
    try:
        said = (request.folder() / "qualcode.yaml").read_bytes()
        return re.search(rb"approach[\"']?\s*:\s*[\"']?reflexive", said) is not None and (
            request.settings().study.approach == "reflexive"
        )
    except (OSError, QualcodeError):
        return False


def readings(command: Any, shared: frozenset[str]) -> None:
    """Make the help of ``agreement`` that of readings."""
    command.help = "\n".join(line.strip() for line in ABOUT.splitlines())
    for param in command.params:
        if param.name not in KEPT | shared:
            param.hidden = True
