"""``speakers``, ``prompts``, ``show --inaudible``: who speaks, what was asked, what nobody understood."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qualcode.cli import completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Source
    from qualcode.report import Report
    from qualcode.workflow.asking import Asked

_HOW = 'qualcode speakers S · S rename OLD NEW · S merge A INTO · S role NAME "interviewer" · S case NAME CASE'


def speakers(
    request: Request,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The source", autocompletion=completion.sources)],
    verb: Annotated[str | None, typer.Argument(metavar="rename|merge|role|case", help="What to change")] = None,
    one: Annotated[str | None, typer.Argument(metavar="NAME", help="The speaker it is about")] = None,
    other: Annotated[str | None, typer.Argument(metavar="VALUE", help="New name, other speaker, role, or case")] = None,
) -> None:
    """List who speaks in a source, with role, turns, characters and case; rename or join labels; set a role or a case.

    `rename OLD NEW`, `merge A B` (the turns of A become B's), `role NAME interviewer|respondent|none`, `case NAME CASE`
    (whose words they are, `none` for nobody's; all respondents at once: `cases from-speakers`). The text and the
    codings stay as they are, later corrected transcripts follow, and `undo` takes it back.
    """
    from qualcode.store import Project
    from qualcode.workflow import speaking

    verbs = {"rename": speaking.rename, "merge": speaking.merge, "role": speaking.set_role, "case": speaking.give_case}
    with Project.open(request.folder()) as project:
        if verb is None:
            found = project.source(source)
        elif verb not in verbs:
            raise UsageError(f'speakers cannot "{verb}"', "say rename, merge, role or case")
        elif one is None or other is None:
            raise UsageError(f"`speakers S {verb}` needs two more words", _HOW)
        else:
            found = verbs[verb](project, source, one, other, coder=request.coder_or_none())
    terminal.answer(request, lambda: _speakers(found), lambda: _speakers_page(found))


def _speakers(source: Source) -> list[dict[str, Any]]:
    from qualcode.workflow import speaking

    return [
        {"name": each.name, "role": each.role, "turns": each.turns, "chars": each.chars, "case": each.case}
        for each in speaking.listed(source)
    ]


def _speakers_page(source: Source) -> Report:
    from qualcode.cli import pages

    cells = [
        (row["name"] or "(nobody)", row["role"] or "", row["turns"], row["chars"], row["case"] or "")
        for row in _speakers(source)
    ]
    columns = ("speaker", "role", "turns", "characters", *(["case"] if source.by_turn else []))
    case = f', case "{source.case}"' if source.case else ""
    rows = [row[: len(columns)] for row in cells]
    return pages.page(f"{source.name}: {source.kind}{case}", pages.table(columns, rows, right=columns[2:4]))


def prompts(
    request: Request,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The questions asked, one a line, or a YAML list")],
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE…]", help="Only these interviews", autocompletion=completion.sources),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what was found, and change nothing")] = False,
) -> None:
    """Find the questions of the interview guide in what interviewers say; the answers get them as their prompt.

    Questions are matched loosely, the guide's order is preferred. Says for each where it was found and how surely.
    """
    from qualcode.store import Project
    from qualcode.workflow import asking

    with Project.open(request.folder()) as project:
        questions = asking.questions_in(file)
        done = asking.ask(project, questions, sources or (), coder=request.coder_or_none(), dry_run=dry_run)
    terminal.answer(request, lambda: list(map(_asked, done)), lambda: _asked_page(done, questions, dry_run))


def _asked(one: Asked) -> dict[str, Any]:
    found = [{"prompt": each.prompt, "turn": each.turn, "score": each.score} for each in one.found]
    return {"source": one.source.id, "source_name": one.source.name, "answers": one.answers, "prompts": found}


def _asked_page(done: Sequence[Asked], questions: Sequence[str], dry_run: bool) -> Report:
    from qualcode.cli import pages

    rows = [
        (
            one.source.name,
            n,
            "" if each.turn is None else each.turn,
            "" if each.score is None else f"{round(100 * each.score)} %",
            each.prompt,
        )
        for one in done
        for n, each in enumerate(one.found, 1)
    ]
    columns = ("source", "question", "turn", "score", "prompt")
    found = sum(each.turn is not None for one in done for each in one.found)
    verb = "would get" if dry_run else "have"
    answers = sum(one.answers for one in done)
    title = f"{found} of {len(questions) * len(done)} questions found; {answers} turns {verb} one"
    return pages.page(title, pages.table(columns, rows, right=columns[1:4]))


def answer_unheard(request: Request, source: Source) -> None:
    """Answer with the places of a source that were marked as not understood."""
    from qualcode.cli import pages
    from qualcode.readers import unheard

    found = unheard.marks(source)
    rows = [
        {
            "turn": mark.turn,
            "speaker": mark.speaker,
            "time": mark.time,
            "start": mark.span.start,
            "end": mark.span.end,
            "mark": source.quote(mark.span),
        }
        for mark in found
    ]
    columns = ("turn", "speaker", "time", "mark", "start")
    cells = [tuple("" if row[name] is None else row[name] for name in columns) for row in rows]
    title = f"{source.name}: {pages.counted(len(rows), 'place')} marked as not understood"
    terminal.answer(
        request, lambda: rows, lambda: pages.page(title, pages.table(columns, cells, right=("turn", "time")))
    )
