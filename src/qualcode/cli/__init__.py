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
   Another name for it (``participants`` for ``cases``, ``find`` for ``retrieve``) is a row of `ALIASES`.
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
    "init": Entry("qualcode.cli.begin:init", "Start a project", BEGIN),
    "import": Entry("qualcode.cli.begin:import_", "Take in transcripts, documents and survey files", BEGIN),
    "codebook": Entry("", "Check, apply, show and revise codebooks; make codes", BEGIN),
    "codebook check": Entry("qualcode.cli.codebooks:check", "List every problem of a codebook file"),
    "codebook apply": Entry("qualcode.cli.codebooks:apply", "Take a codebook into the project"),
    "codebook show": Entry("qualcode.cli.codebooks:show", "Show the project's codes"),
    "codebook bundled": Entry("qualcode.cli.codebooks:bundled", "List the codebooks that come with qualcode"),
    "codebook add": Entry("qualcode.cli.codebooks:add", "Make a code while reading"),
    "codebook rename": Entry("qualcode.cli.codebook_life:rename", "Give a code another name; its codings follow"),
    "codebook move": Entry("qualcode.cli.codebook_life:move", "Put a code under another one"),
    "codebook merge": Entry("qualcode.cli.codebook_life:merge", "Join two codes, keeping all codings"),
    "codebook split": Entry("qualcode.cli.codebook_life:split", "Make new codes out of one; queue its codings"),
    "codebook retire": Entry("qualcode.cli.codebook_life:retire", "Offer a code no more; its codings stay"),
    "codebook sets": Entry("qualcode.cli.relations:sets", "List the sets of codes"),
    "codebook set": Entry("qualcode.cli.relations:put", "Put codes into a set, or take them out"),
    "codebook links": Entry("qualcode.cli.relations:links", "List the links between codes"),
    "codebook link": Entry("qualcode.cli.relations:link", "Say how one code stands to another"),
    "codebook diff": Entry("qualcode.cli.codebook_life:diff", "What changed, and which codings it concerns"),
    "codebook test": Entry("qualcode.cli.codebook_life:review", "Test a codebook on its own examples"),
    "sources": Entry("qualcode.cli.sources:sources", "List the sources and how far each coder is", READ),
    "sources done": Entry("qualcode.cli.sources:done", "Say that you are done with sources"),
    "sources undo-done": Entry("qualcode.cli.sources:undo_done", "Take `done` back"),
    "show": Entry("qualcode.cli.sources:show", "Show a source with its codings in the margin", READ),
    "speakers": Entry("qualcode.cli.speaking:speakers", "Who speaks in a source; rename and join labels", READ),
    "prompts": Entry("qualcode.cli.speaking:prompts", "Find the questions of the guide in interviews", READ),
    "revise": Entry("qualcode.cli.revising:revise", "Take in a corrected transcript; codings follow", READ),
    "cases": Entry("qualcode.cli.sources:cases", "List respondents and participants", READ),
    "cases set": Entry("qualcode.cli.sources:cases_set", "Set attributes, consent or withdrawal of a case"),
    "cases import": Entry("qualcode.cli.sources:cases_import", "Take attributes from a sheet"),
    "cases from-speakers": Entry(
        "qualcode.cli.sources:cases_from_speakers", "Make each respondent of a focus group a case"
    ),
    "cases link": Entry("qualcode.cli.sources:cases_link", "Say that two cases are one person"),
    "code": Entry("qualcode.cli.code:code", "Read and code at the keyboard, on a screen", READ),
    "coding": Entry("", "Code, uncode, recode and list by command", READ),
    "coding add": Entry("qualcode.cli.coding:add", "Code a passage"),
    "coding remove": Entry("qualcode.cli.coding:remove", "Take codings back"),
    "coding recode": Entry("qualcode.cli.coding:recode", "Give codings another code"),
    "coding resize": Entry("qualcode.cli.coding:resize", "Give a coding another span"),
    "coding list": Entry("qualcode.cli.coding:list_", "List codings"),
    "coding batch": Entry("qualcode.cli.coding:batch", "Code JSON lines from standard input"),
    "memo": Entry("", "Write and list memos", READ),
    "memo add": Entry("qualcode.cli.memos:add", "Write a memo about anything"),
    "memo list": Entry("qualcode.cli.memos:list_", "List memos"),
    "suggest": Entry("qualcode.cli.suggestions:suggest", "Propose codes for what is not coded yet", SUGGEST),
    "suggestions": Entry("", "List, accept, correct and reject suggestions", SUGGEST),
    "suggestions list": Entry("qualcode.cli.suggestions:list_", "List suggestions with their reasons"),
    "suggestions accept": Entry("qualcode.cli.suggestions:accept", "Make suggestions your codings"),
    "suggestions correct": Entry("qualcode.cli.suggestions:correct", "Accept the place, change the code"),
    "suggestions reject": Entry("qualcode.cli.suggestions:reject", "Reject suggestions"),
    "sample": Entry("qualcode.cli.sampling:sample", "Draw what two people code independently", COMPARE),
    "units": Entry("qualcode.cli.units:list_", "Fix units beforehand; list those fixed", COMPARE),
    "units freeze": Entry("qualcode.cli.units:freeze", "Fix units by cut, by passages or from a table"),
    "units show": Entry("qualcode.cli.units:show", "Show frozen units with their places"),
    "handout": Entry("qualcode.cli.team:handout", "Write a blind package for a co-coder", COMPARE),
    "merge": Entry("qualcode.cli.team:merge", "Take in a team-mate's project", COMPARE),
    "resolve": Entry("qualcode.cli.team:resolve", "Settle what two people changed apart", COMPARE),
    "agreement": Entry("qualcode.cli.agreement:agreement", "Measure how far coders agree", COMPARE),
    "disagreements": Entry("qualcode.cli.adjudication:disagreements", "List the places where coders differ", COMPARE),
    "adjudicate": Entry("qualcode.cli.adjudication:adjudicate", "Settle them into a consensus layer", COMPARE),
    "report": Entry("", "Tables: frequencies, closed items, codebook", WRITE),
    "report frequencies": Entry("qualcode.cli.writing:frequencies", "How often each code was applied"),
    "report closed": Entry("qualcode.cli.writing:closed", "Answers to closed items"),
    "report codebook": Entry("qualcode.cli.writing:codebook", "The category table"),
    "export": Entry("", "Quotations, codings, codebook, transcripts", WRITE),
    "export quotations": Entry("qualcode.cli.writing:quotations", "Attributed quotations for the write-up"),
    "export codings": Entry("qualcode.cli.writing:codings", "Codings as data"),
    "export codebook": Entry("qualcode.cli.writing:codebook_file", "A codebook as YAML or a table"),
    "export transcripts": Entry("qualcode.cli.writing:transcripts", "Transcripts with codings in the margin"),
    "history": Entry("qualcode.cli.history:history", "Who did what and when", PROJECT),
    "undo": Entry("qualcode.cli.history:undo", "Take back your last command", PROJECT),
    "redo": Entry("qualcode.cli.history:redo", "Bring back what was undone", PROJECT),
    "milestone": Entry("qualcode.cli.history:milestone", "Name the present state", PROJECT),
    "doctor": Entry("qualcode.cli.safety:doctor", "Check the project", PROJECT),
    "backup": Entry("qualcode.cli.safety:backup", "Copy the database, checked", PROJECT),
    "restore": Entry("qualcode.cli.safety:restore", "Put a backup in place", PROJECT),
    "plugins": Entry("qualcode.cli.plugins:plugins", "What can be read, written, rendered and suggested with", PROJECT),
}

ALIASES: dict[str, str] = {"codebook review": "codebook test", "participants": "cases"}


def run(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit status. Never raises."""
    from qualcode.cli.endings import carried_out

    said: dict[str, object] = {}

    def work() -> object:
        from qualcode.cli.tree import root
        from qualcode.errors import UsageError

        if any("\ud800" <= char <= "\udfff" for word in argv for char in word):
            raise UsageError("an argument is no text in this terminal's encoding", "write it in UTF-8")
        return root().main(list(argv) or ["--help"], prog_name="qualcode", standalone_mode=False, obj=said)

    return carried_out(work, said)
