"""``agreement``: how far coders agree, every figure with its unit, n and interval."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from qualcode.cli import choice
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from qualcode.agreement import Request as Asked
    from qualcode.model import Agreement
    from qualcode.store import Project

Scope = Literal["all", "respondents"]
PROJECT_ONLY = ("unit", "rounds", "source", "codes", "as_of", "pool")
TABLE_ONLY = ("wide", "values", "weights")


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
        list[str] | None,
        typer.Option(
            metavar="G", help="Also by source, case, prompt, kind, code-level, round, coder, an attribute or a column"
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every figure")] = False,
    level: Annotated[
        str | None,
        typer.Option(
            metavar="L", help="Roll codes up to level 1, 2 …; of a table: nominal, ordinal, interval or ratio"
        ),
    ] = None,
    pool: Annotated[bool, typer.Option("--pool", help="Interviews and answers in one overall figure")] = False,
    bootstrap: Annotated[
        int, typer.Option(metavar="N", help="Intervals from N draws of sources, not the jackknife")
    ] = 0,
    seed: Annotated[int, typer.Option(metavar="N", help="Of the bootstrap and of gamma's random texts")] = 0,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="A table of ratings (csv, xlsx) and no project: unit, coder, code a row"
        ),
    ] = None,
    wide: Annotated[bool, typer.Option("--wide", help="The table has a unit a row and a coder a column")] = False,
    values: Annotated[
        str | None, typer.Option(metavar="A,B,…", help="All values of the table, used or not; of names, their order")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="W", help="Also weighted: linear, quadratic, ordinal, radical, ratio …")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="How many units each code needs, instead of figures")] = False,
    share: Annotated[
        list[float] | None,
        typer.Option(metavar="P", help="With --plan and no project: a code's share of units, such as .05"),
    ] = None,
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

    `--from FILE` measures anyone's ratings without a project. A long table has the columns unit, coder, code (several
    rows for several codes; an empty code was looked at and has none; no row is not assigned), a `--wide` one a unit a
    row and a coder a column (empty is missing). Columns called source and weight are understood in both.
    """
    from qualcode.agreement import Request as Asked

    asked = Asked(
        coders=choice.words(coders),
        unit=unit,
        rule=rule,
        scope=scope,
        codes=choice.words(codes),
        rounds=choice.numbers(rounds),
        by=choice.words(by),
        measures=_measures(measure, fail_under),
        all=all_,
        level=_rolled_up(level) if from_ is None else None,
        pool=pool,
        bootstrap=_draws(bootstrap),
        seed=seed,
    )
    if share and not plan:
        raise UsageError("--share is for --plan", "see `qualcode agreement --plan --share 0.05`")
    if share:
        _plan_shares(request, share, format, out)
        return None
    if from_ is not None:
        _refuse("a table of ratings has", PROJECT_ONLY, (unit, rounds, source, codes, as_of, pool))
        table = _Table(from_, wide, level or "nominal", choice.words(values), weights)
        found = _of_table(request, asked, table, format, out, plan=plan)
    else:
        _refuse("without --from there is", TABLE_ONLY, (wide, values, weights))
        found = _of_project(request, asked, tuple(source or ()), as_of, format, out, plan=plan)
    return None if plan else _verdict(found, fail_under)


class _Table(NamedTuple):
    """A file of ratings and how to read it."""

    path: Path
    wide: bool
    level: str
    values: tuple[str, ...]
    weights: str | None


def _measures(measure: list[str] | None, fail_under: float | None) -> tuple[str, ...]:
    """The figures asked for; a floor needs the overall alpha too."""
    names = choice.words(measure)
    return (*names, "alpha_set") if names and fail_under is not None and "alpha_set" not in names else names


def _rolled_up(level: str | None) -> int | None:
    if level is None:
        return None
    if not (level.isascii() and level.isdigit()):
        raise UsageError(f'"{level}" is no level of the codebook', "write 1, 2 …; nominal, ordinal … go with --from")
    return int(level)


def _draws(count: int) -> int:
    if not 0 <= count <= 100_000:
        raise UsageError(f"{count} draws cannot be made", "give a number up to 100000, such as --bootstrap 1000")
    return count


def _refuse(lead: str, names: tuple[str, ...], given: tuple[object, ...]) -> None:
    """Refuse the first option that was given and has no meaning here."""
    for name, value in zip(names, given, strict=True):
        if value:
            raise UsageError(f"{lead} no --{name.replace('_', '-')}", "leave it out")


def _of_project(
    request: Request,
    asked: Asked,
    sources: tuple[str, ...],
    as_of: str | None,
    format: str | None,
    out: Path | None,
    *,
    plan: bool,
) -> Agreement:
    from qualcode.workflow import agreeing, projects

    with projects.open_project(request.folder(), as_of=as_of) as project:
        found = agreeing.agreement(project, asked, sources=sources)
        _hand_over(request, project, found, format, out, plan=plan, full=asked.all)
    return found


def _of_table(
    request: Request, asked: Asked, table: _Table, format: str | None, out: Path | None, *, plan: bool
) -> Agreement:
    from qualcode.cli import terminal
    from qualcode.workflow import agreeing

    found, notices = agreeing.of_table(
        table.path, asked, wide=table.wide, level=table.level, values=table.values, weights=table.weights
    )
    for notice in notices:
        terminal.tell(request, notice)
    _hand_over(request, None, found, format, out, plan=plan, full=asked.all)
    return found


def _hand_over(
    request: Request,
    project: Project | None,
    found: Agreement,
    format: str | None,
    out: Path | None,
    *,
    plan: bool,
    full: bool,
) -> None:
    """The figures, or the plan they lead to, in the form that was asked for."""
    from qualcode.analysis.agreement import agreement_report
    from qualcode.analysis.planning import plan_report
    from qualcode.cli import shapes, writing
    from qualcode.workflow import agreeing

    if plan:
        rows = agreeing.planned(found)
        writing.hand_over(request, project, "plan", plan_report(rows), format, out, lambda: shapes.plan(rows))
        return
    page = agreement_report(found, full=full)
    writing.hand_over(request, project, "agreement", page, format, out, lambda: shapes.agreement(found))


def _plan_shares(request: Request, shares: list[float], format: str | None, out: Path | None) -> None:
    """How many units codes of these shares need, without a project."""
    from qualcode.analysis.planning import plan_report
    from qualcode.cli import shapes, writing
    from qualcode.workflow import agreeing

    rows = agreeing.planned_shares(shares)
    writing.hand_over(request, None, "plan", plan_report(rows), format, out, lambda: shapes.plan(rows))


def _verdict(found: Agreement, floor: float | None) -> ExitStatus | None:
    """Findings when an overall alpha lies under the floor, or there is none to compare with it."""
    from qualcode.workflow import agreeing

    return ExitStatus.FINDINGS if floor is not None and agreeing.falls_under(found, floor) else None
