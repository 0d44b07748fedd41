"""``agreement``: how far coders agree, every figure with its unit, n and interval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from qualcode.cli import choice
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus

Scope = Literal["all", "respondents"]


def agreement(
    request: Request,
    coders: choice.Coders = None,
    source: choice.Sources = None,
    codes: choice.Codes = None,
    unit: Annotated[
        str | None, typer.Option(metavar="U", help="character, word, sentence, turn, answer, source or case")
    ] = None,
    rule: Annotated[
        str, typer.Option(metavar="R", help="A unit carries a code by any, half or majority of it")
    ] = "any",
    scope: Annotated[Scope | None, typer.Option(help="Whose turns count (else respondents' where known)")] = None,
    rounds: choice.Rounds = None,
    measure: Annotated[list[str] | None, typer.Option(metavar="M", help="Only this figure, such as alpha_set")] = None,
    by: Annotated[
        list[str] | None, typer.Option(metavar="G", help="Also by source, case, prompt, kind or an attribute")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every figure")] = False,
    fail_under: Annotated[
        float | None, typer.Option(metavar="X", help="Exit status 1 when an overall alpha is lower")
    ] = None,
    as_of: choice.AsOf = None,
    format: Annotated[str | None, typer.Option(metavar="F", help="md, html, docx, csv … (else the terminal)")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it")] = None,
) -> ExitStatus | None:
    """Measure how far coders agree, per code and overall.

    By default: all people who share a source, answers for questionnaires and sentences for transcripts, respondents'
    turns where roles are known. What is undefined prints n/a and why.
    """
    from qualcode.agreement import Request as Asked
    from qualcode.analysis.agreement import agreement_report
    from qualcode.cli import shapes, writing
    from qualcode.workflow import agreeing, projects

    asked = Asked(
        coders=choice.words(coders),
        unit=unit,
        rule=rule,
        scope=scope,
        codes=choice.words(codes),
        rounds=choice.numbers(rounds),
        by=choice.words(by),
        measures=choice.words(measure),
        all=all_,
    )
    with projects.open_project(request.folder(), as_of=as_of) as project:
        found = agreeing.agreement(project, asked, sources=tuple(source or ()))
        writing.hand_over(
            request, project, "agreement", agreement_report(found), format, out, lambda: shapes.agreement(found)
        )
    if fail_under is not None and agreeing.falls_under(found, fail_under):
        return ExitStatus.FINDINGS
    return None
