"""The command line: a table of contents, one file a command group, and `terminal` as the only mouth.

How to add a command
--------------------
1. Write a function in the file of its group (``cli/coding.py`` holds ``coding add``, ``coding remove`` …)::

       def add(
           request: Request,
           source: Annotated[str, typer.Option(help="Id, name or the beginning of one", autocompletion=sources)],
           round: Annotated[int, typer.Option(help="Round of coding")] = 1,
       ) -> ExitStatus | None:
           \"\"\"What it does, in one sentence; the next paragraphs are the rest of its help.\"\"\"
           with Project.open(request.folder()) as project:
               found = workflow.code(project, source, coder=request.acting_coder(), round=round)
           terminal.answer(request, lambda: shapes.coding(found), lambda: reports.coded(found))

   The first parameter is the `Request`: the options every command takes, already read (see `cli.request`, where they
   are declared once). The others are Typer parameters, typed ``str``, ``int``, ``float``, ``bool``, ``Path``, a
   ``Literal`` of words, a ``list`` of these, or one of them or None. Import heavy things inside the function.
2. Give it a row in `COMMANDS`, under its full name. A group is a row whose name begins other names; its target is
   what the bare name does (``sources`` lists), or empty. A bare command of a group takes options, no arguments.
3. Speak only through `terminal`: `answer` for results (JSON under ``--json``, else a `Report`), `tell` for messages.
   Raise a `QualcodeError` when the request is broken; return ``ExitStatus.FINDINGS`` when the answer is bad news.

Nothing here imports a command before it is called, so help and completion cost what this table costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Entry(NamedTuple):
    """A command's ``module:function``, its line in the help (at most 60 characters), and its panel there."""

    target: str
    help: str
    panel: str = ""


BEGIN, READ, SUGGEST = "Begin", "Read and code", "Suggestions"
COMPARE, WRITE, PROJECT = "Compare coders", "Write up", "Project"
PANELS = (BEGIN, READ, SUGGEST, COMPARE, WRITE, PROJECT)

COMMANDS: dict[str, Entry] = {
    "plugins": Entry("qualcode.cli.plugins:plugins", "What can be read, written, rendered and suggested with", PROJECT),
}

ALIASES = {
    "find": "retrieve",
    "participants": "cases",
}


def run(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit status. Never raises."""
    from qualcode.cli.endings import carried_out

    said: dict[str, object] = {}

    def work() -> object:
        from qualcode.cli.tree import root

        return root().main(list(argv) or ["--help"], prog_name="qualcode", standalone_mode=False, obj=said)

    return carried_out(work, said)
