"""``agreement``: how far coders agree, every figure with its unit, n and interval."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from qualcode.cli import choice
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from qualcode.agreement import Request as Asked
    from qualcode.agreement import TableForm
    from qualcode.model import Agreement
    from qualcode.store import Project

Scope = Literal["all", "respondents"]
PROJECT_ONLY = ("unit", "scope", "rounds", "source", "codes", "as_of", "pool", "as", "freeze")
OURS_ONLY = ("unit", "scope", "measure", "by", "level", "bootstrap")
TABLE_ONLY = ("wide", "values", "missing", "weights")
DRAWN = (".png", ".svg")


def agreement(
    request: Request,
    coders: choice.Coders = None,
    source: choice.Sources = None,
    codes: choice.Codes = None,
    unit: Annotated[
        str | None,
        typer.Option(metavar="U", help="character, word, sentence, turn, answer, source, case, frozen:NAME"),
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
    missing: Annotated[
        str | None, typer.Option(metavar="NA,…", help="Cells of the table that say so are no ratings, as empty ones")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="W", help="Also weighted: linear, quadratic, ordinal, radical, ratio …")
    ] = None,
    as_: Annotated[
        Literal["nvivo", "maxqda", "atlasti"] | None,
        typer.Option("--as", help="What this program would print, for comparison"),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="How many units each code needs, instead of figures")] = False,
    share: Annotated[
        list[float] | None,
        typer.Option(metavar="P", help="With --plan and no project: a code's share of units, such as .05"),
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(metavar="X", help="Exit status 1 when an overall alpha is lower")
    ] = None,
    freeze: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Keep these figures, as before a discussion; later ones stand beside them"),
    ] = None,
    as_of: choice.AsOf = None,
    format: Annotated[str | None, typer.Option(metavar="F", help="md, html, docx, csv … (else the terminal)")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it")] = None,
    figure: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw alpha of every code and the confused codes (png or svg) as well"),
    ] = None,
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
    form = _Form(format, out, figure, plan, freeze)
    if share and not plan:
        raise UsageError("--share is for --plan", "see `qualcode agreement --plan --share 0.05`")
    if figure is not None and figure.suffix.lower() not in DRAWN:
        raise UsageError(f"a figure cannot be drawn as {figure.name}", "end its name with .png or .svg")
    if freeze is not None:
        _refuse("figures cannot be frozen with", ("as_of", "as", "plan"), (as_of, as_, plan))
    if as_ is not None:
        _refuse("another program's figures take no", OURS_ONLY, (unit, scope, measure, by, level, bootstrap))
    if share:
        _plan_shares(request, share, form)
        return None
    if from_ is not None:
        _refuse(
            "a table of ratings has no", PROJECT_ONLY, (unit, scope, rounds, source, codes, as_of, pool, as_, freeze)
        )
        table: TableForm = {"wide": wide, "level": level or "nominal", "weights": weights}
        table |= {"values": choice.words(values), "missing": choice.words(missing)}
        return _verdict(_of_table(request, asked, from_, table, form), fail_under)
    _refuse("without --from there is no", TABLE_ONLY, (wide, values, missing, weights))
    sources = tuple(source or ())
    if _compares_readings(request, asked, form, as_, fail_under):
        _readings(request, asked, sources, as_of, form)
        return None
    return _verdict(_of_project(request, asked, sources, as_of, as_, form), fail_under)


class _Form(NamedTuple):
    """In what form the answer is given, and under which name its figures are kept."""

    format: str | None
    out: Path | None
    figure: Path | None
    plan: bool
    freeze: str | None = None

    @property
    def drawn(self) -> Path | None:
        """The file of the figures: as named, or the output's where it ends so."""
        if self.figure is None and self.out is not None and self.out.suffix.lower() in DRAWN:
            return self.out
        return self.figure


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
            raise UsageError(f"{lead} --{name.replace('_', '-')}", "leave it out")


def _compares_readings(request: Request, asked: Asked, form: _Form, peer: str | None, floor: float | None) -> bool:
    """Whether the project is reflexive and no figure was asked for by name."""
    if asked.measures or peer or form.plan or form.drawn or form.freeze or floor is not None:
        return False
    return request.settings().study.approach == "reflexive"


def _readings(request: Request, asked: Asked, sources: tuple[str, ...], as_of: str | None, form: _Form) -> None:
    """Readings side by side, without a figure."""
    from qualcode.analysis.readings import readings_report
    from qualcode.cli import adjudication, shapes, writing
    from qualcode.model import Agreement
    from qualcode.workflow import adjudicating, projects

    with projects.open_project(request.folder(), as_of=as_of) as project:
        found = adjudicating.found(project, asked, sources=sources, agreed=True)
        places = [replace(place, effect=None) for place in found.places]
        report = readings_report(places, found.notes)
        coders = tuple(sorted({name for place in places for name in place.by_coder}))

        def shape() -> dict[str, object]:
            empty = Agreement("", asked.scope or "", {}, coders, (), notes=report.notes)
            return {**shapes.agreement(empty), "readings": [adjudication.shape(place, None) for place in places]}

        writing.hand_over(request, project, "readings", report, form.format, form.out, shape)


def _of_project(
    request: Request, asked: Asked, sources: tuple[str, ...], as_of: str | None, peer: str | None, form: _Form
) -> Agreement:
    from qualcode.workflow import agreeing, projects

    with projects.open_project(request.folder(), as_of=as_of) as project:
        if peer is None:
            by = request.coder_or_none()
            found = agreeing.agreement(project, asked, sources=sources, freeze=form.freeze, by=by)
        else:
            found = agreeing.agreement_as(project, peer, asked, sources=sources)
        _hand_over(request, project, found, form, full=asked.all)
    return found


def _of_table(request: Request, asked: Asked, path: Path, table: TableForm, form: _Form) -> Agreement:
    from qualcode.cli import terminal
    from qualcode.workflow import agreeing

    found, notices = agreeing.of_table(path, asked, **table)
    for notice in notices:
        terminal.tell(request, notice)
    _hand_over(request, None, found, form, full=asked.all)
    return found


def _hand_over(request: Request, project: Project | None, found: Agreement, form: _Form, *, full: bool) -> None:
    """The figures, or the plan they lead to, in the form that was asked for."""
    from qualcode.analysis.agreement import agreement_report
    from qualcode.analysis.planning import plan_report
    from qualcode.cli import shapes, writing
    from qualcode.workflow import agreeing

    if form.plan:
        rows = agreeing.planned(found)
        writing.hand_over(request, project, "plan", plan_report(rows), form.format, form.out, lambda: shapes.plan(rows))
        return
    drawn = form.drawn
    out = None if drawn is form.out else form.out
    page = agreement_report(found, full=full)
    writing.hand_over(request, project, "agreement", page, form.format, out, lambda: shapes.agreement(found))
    if drawn is not None:
        _draw(request, found, drawn)


def _draw(request: Request, found: Agreement, path: Path) -> None:
    """Alpha of every code into the file, the confused codes into one beside it."""
    from qualcode.analysis import agreement_figures
    from qualcode.cli import terminal
    from qualcode.workflow import writing_up

    suffix = path.suffix.lower().lstrip(".")
    figures = {
        path: agreement_figures.forest(found),
        path.with_name(f"{path.stem}-confusions{path.suffix}"): agreement_figures.confusions(found),
    }
    for target, figure in figures.items():
        if figure is not None:
            writing_up.save(None, "", suffix, writing_up.drawn(figure, suffix), target)
            terminal.tell(request, f"written: {target}")
    if not any(figures.values()):
        terminal.tell(request, "no figure was drawn: nothing could be measured")


def _plan_shares(request: Request, shares: list[float], form: _Form) -> None:
    """How many units codes of these shares need, without a project."""
    from qualcode.analysis.planning import plan_report
    from qualcode.cli import shapes, writing
    from qualcode.workflow import agreeing

    rows = agreeing.planned_shares(shares)
    writing.hand_over(request, None, "plan", plan_report(rows), form.format, form.out, lambda: shapes.plan(rows))


def _verdict(found: Agreement, floor: float | None) -> ExitStatus | None:
    """Findings when an overall alpha lies under the floor, or there is none to compare with it."""
    from qualcode.workflow import agreeing

    return ExitStatus.FINDINGS if floor is not None and agreeing.falls_under(found, floor) else None
